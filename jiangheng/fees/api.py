"""Charges and payments over HTTP (三（七）); amounts in fen."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router, Schema

from jiangheng.fees import actions, queries
from jiangheng.fees.models import Charge, Order, Payment
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request

router = Router(tags=["fees"])


class ChargeOut(Schema):
    """What one applicant owes for one item, and what was paid on it."""

    id: int
    application: str
    plan: str
    item: str
    document: str
    label: str
    amount_fen: int
    paid_fen: int


class PaymentOut(Schema):
    """Money received."""

    id: int
    plan: str
    payer: str
    reference: str
    amount_fen: int
    paid_on: date


class NoteIn(Schema):
    """Money that came in by hand, as a clerk notes it; the sum is what the payer owes."""

    plan_id: int
    voucher: str
    method: str = "transfer"
    paid_on: date | None = None
    payer_organisation_id: int | None = None
    application_ids: list[int] = []


class OrderOut(Schema):
    """An order: what a payer set out to pay, and how it stands."""

    id: int
    number: str
    plan: str
    payer: str
    amount_fen: int
    state: str


def _order(row: Order) -> OrderOut:
    return out(OrderOut, row, plan=row.plan.number, payer=row.payer_name)


def _payment(row: Payment) -> PaymentOut:
    return out(PaymentOut, row, plan=row.plan.number, payer=row.payer_name)


@router.get("/charges", response=list[ChargeOut], summary="费用明细")
def charges(request: Request, cursor: Query[Cursor], plan_id: int | None = None) -> list[ChargeOut]:
    """Charges the token's organisation sees, by id."""
    rows = queries.visible_to(request.person)
    if plan_id is not None:
        rows = rows.filter(plan_id=plan_id)
    return page(request, queries.with_balance(rows), cursor, _charge)


def _charge(row: Charge) -> ChargeOut:
    return out(
        ChargeOut,
        row,
        application=row.application.number,
        plan=row.plan.number,
        paid_fen=row.paid,  # type: ignore[attr-defined]  # annotated by with_balance
    )


@router.get("/payments", response=list[PaymentOut], summary="收款记录")
def payments(request: Request, cursor: Query[Cursor]) -> list[PaymentOut]:
    """Payments the token's organisation sees, by id."""
    return page(request, queries.payments_visible_to(request.person), cursor, _payment)


@router.get("/orders", response=list[OrderOut], summary="缴费单")
def orders(request: Request, cursor: Query[Cursor]) -> list[OrderOut]:
    """Orders the token's organisation sees, by id."""
    return page(request, queries.orders_visible_to(request.person), cursor, _order)


@router.post("/orders", response=OrderOut, summary="登记到账")
def note(request: Request, given: NoteIn) -> OrderOut:
    """Note money that came in by hand; a second person confirms it."""
    made = actions.note_payment(
        by=request.person,
        now=request.now,
        plan_id=given.plan_id,
        method=given.method,
        voucher=given.voucher,
        paid_on=given.paid_on,
        payer_organisation_id=given.payer_organisation_id,
        application_ids=given.application_ids,
    )
    return _order(made)


operations.mount(router, "payment_order", "/orders", OrderOut, _order)
operations.mount(router, "bill", "/bills")
operations.mount(router, "refund_request", "/refunds")
operations.mount(router, "statement_match", "/matches")
