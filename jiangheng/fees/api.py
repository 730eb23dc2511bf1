"""Charges and payments over HTTP (三（七）); amounts in fen."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from jiangheng.fees import actions, queries
from jiangheng.fees.models import Payment

router = Router(tags=["fees"])
PAGE = 200


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


class PaymentIn(Schema):
    """Money received, as a clerk confirms it."""

    plan_id: int
    amount_fen: int
    reference: str
    method: str = "bank"
    paid_on: date | None = None
    payer_organisation_id: int | None = None
    application_ids: list[int] = []


def _payment(row: Payment) -> PaymentOut:
    return PaymentOut(
        id=row.pk,
        plan=row.plan.number,
        payer=row.payer_name,
        reference=row.reference,
        amount_fen=row.amount_fen,
        paid_on=row.paid_on,
    )


@router.get("/charges", response=list[ChargeOut], summary="费用明细")
def charges(request: HttpRequest, plan_id: int | None = None, after: int = 0) -> list[ChargeOut]:
    """Charges the token's organisation sees, by id; ``after`` is the last id of the page before."""
    rows = queries.visible_to(request.person).filter(pk__gt=after)  # type: ignore[attr-defined]
    if plan_id is not None:
        rows = rows.filter(plan_id=plan_id)
    return [
        ChargeOut(
            id=row.pk,
            application=row.application.number,
            plan=row.plan.number,
            item=row.item,
            document=row.document,
            label=row.label,
            amount_fen=row.amount_fen,
            paid_fen=row.paid,  # type: ignore[attr-defined]
        )
        for row in queries.with_balance(rows).order_by("id")[:PAGE]
    ]


@router.get("/payments", response=list[PaymentOut], summary="收款记录")
def payments(request: HttpRequest, after: int = 0) -> list[PaymentOut]:
    """Payments the token's organisation sees, by id."""
    rows = queries.payments_visible_to(request.person).filter(pk__gt=after)  # type: ignore[attr-defined]
    return [_payment(row) for row in rows.order_by("id")[:PAGE]]


@router.post("/payments", response=PaymentOut, summary="登记收款")
def pay(request: HttpRequest, given: PaymentIn) -> PaymentOut:
    """Confirm money received; the same reference again answers the first payment."""
    made = actions.pay(
        by=request.person,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        plan_id=given.plan_id,
        amount_fen=given.amount_fen,
        reference=given.reference,
        method=given.method,
        paid_on=given.paid_on,
        payer_organisation_id=given.payer_organisation_id,
        application_ids=given.application_ids,
    )
    return _payment(made)
