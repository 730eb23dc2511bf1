"""Money back: asked for, approved by a second person, paid out; and money moved to a changed application (三（七）)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jiangheng.fees import providers, queries
from jiangheng.fees.actions.charging import take_off
from jiangheng.fees.actions.numbering import CHUNK, lock, own_plan_locked
from jiangheng.fees.models import Allocation, Charge, Payment, Refund, RefundLine, RefundRequest, Transfer
from jiangheng.journal.actions import action, move, record, send
from jiangheng.journal.actions.numbering import take
from jiangheng.rules.fees.money import refund_reasons, settle, yuan
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_


@action("fee.request_refund")
def request_refund(
    *, by: Person, now: datetime, payment_id: int, reason: str, note: str, charge_ids: Sequence[int] = ()
) -> RefundRequest:
    """Ask money of a payment back (三（七）): what it settled of ``charge_ids``, or for ``overpaid`` what settles nothing.

    The sum follows from the choice. Refusals: ``record.none`` (404), ``refund.reason``, ``refund.note`` (422),
    ``refund.nothing``, ``refund.pending`` (409: another request is under way for the same charges).
    """
    payment = queries.payment(by, payment_id)
    lock(payment.plan_id)
    known = refund_reasons().get(reason)
    if known is None:
        raise refuse(
            "refund.reason",
            N_("请从列表中选择退费事由。"),
            N_("退费事由决定退还的比例。"),
            clause="三（七）",
            status=422,
        )
    if not note.strip():
        raise refuse(
            "refund.note",
            N_("退费须写明具体情况。"),
            N_("例如：“考生因病不能参加，已书面申请退费”。"),
            clause=known.clause,
            status=422,
        )
    pending = queries.pending_lines(payment.pk)
    lines: list[tuple[int | None, int]]
    if reason == "overpaid":
        credit = queries.credit_of(payment.pk) - sum(fen for charge_id, fen in pending if charge_id is None)
        lines = [(None, credit)] if credit > 0 else []
    else:
        own = queries.visible_to(by).filter(pk__in=list(charge_ids)[:2000]).values_list("pk", flat=True)
        chosen, taken = set(own), {charge_id for charge_id, _fen in pending}
        if chosen & taken:
            raise refuse(
                "refund.pending", N_("所选费用已有退费申请在办理。"), N_("请等待该申请办结。"), clause=known.clause
            )
        lines = [(pk, fen) for pk, fen in queries.held_by(payment.pk) if pk in chosen]
    if not lines:
        raise refuse(
            "refund.nothing",
            N_("该笔收款中没有可退的金额。"),
            N_("请核对所选费用；已退的款项不能再退。"),
            clause=known.clause,
        )
    made = RefundRequest.objects.create(
        number=take("refund", now),
        payment=payment,
        plan_id=payment.plan_id,
        amount_fen=sum(fen for _pk, fen in lines),
        reason=reason,
        note=note.strip()[:200],
        requested_by=by.account_id,
        created_at=now,
    )
    RefundLine.objects.bulk_create(
        [RefundLine(request=made, charge_id=pk, amount_fen=fen) for pk, fen in lines], batch_size=CHUNK
    )
    record(
        made,
        clause=known.clause,
        note=made.note,
        after={
            "number": made.number,
            "payment": payment.reference,
            "fen": made.amount_fen,
            "reason": reason,
            "charges": len(lines),
        },
    )
    if by.role is not Role.BODY:
        send(
            key=f"refund:{made.pk}:0",
            channel="notice",
            subject=N_("收到退费申请"),
            body=f"{made.number} {yuan(made.amount_fen)} 元",
            to_organisation=payment.body_id,
            record=made,
        )
    return made


def _own(by: Person, request_id: int) -> RefundRequest:
    found = queries.refund_request(by, request_id)
    own_plan_locked(by, found.plan_id)
    found.refresh_from_db()
    return found


@action("refund_request.approve")
def approve(*, by: Person, now: datetime, request_id: int, seen: int | None = None) -> RefundRequest:
    """A second person of the body approves. Refusals: ``record.none`` (404), ``refund.same_person`` (403)."""
    found = _own(by, request_id)
    return move(found, "approve", seen=seen, updates={"approved_by": by.account_id})


@action("refund_request.refuse")
def refuse_refund(*, by: Person, now: datetime, request_id: int, note: str, seen: int | None = None) -> RefundRequest:
    """The body does not give the money back, with words the payer sees."""
    return move(_own(by, request_id), "refuse", note=note, seen=seen)


@action("refund_request.withdraw")
def withdraw(*, by: Person, now: datetime, request_id: int, seen: int | None = None) -> RefundRequest:
    """Whoever asked takes it back. Refusal ``refund.requester`` (403) for anybody else."""
    found = queries.refund_request(by, request_id)
    return move(found, "withdraw", seen=seen)


@action("refund_request.pay_out")
def pay_out(*, by: Person, now: datetime, request_id: int, voucher: str = "", seen: int | None = None) -> RefundRequest:
    """Give the money back (三（七）): through the provider it came by, else by hand with the voucher's number. Where the
    reason says so, the charges fall away; else they are owed again. A second call finds nothing to do.

    Refusals: ``record.none`` (404), ``refund.voucher`` (422), ``refund.over``, ``flow.state``, those of the provider.
    """
    found = _own(by, request_id)
    payment = found.payment
    lines = list(found.lines.order_by("id"))
    holding = dict(queries.held_by(payment.pk))
    credit = queries.credit_of(payment.pk)
    if found.state == "approved" and any(
        line.amount_fen > (holding.get(line.charge_id, 0) if line.charge_id else credit) for line in lines
    ):
        raise refuse(
            "refund.over",
            N_("退款%(amount)s元超过该笔收款现在可退的金额，没有办理。"),
            N_("款项已退或已转用；请不同意该申请后按现状重新申请。"),
            clause="三（七）",
            amount=yuan(found.amount_fen),
        )
    mark = voucher.strip()[:60]
    if found.state == "approved" and payment.provider:
        told = providers.of(payment.provider).refund(
            payment.order.number if payment.order else "", found.number, found.amount_fen, now
        )
        mark = told.trade
    elif found.state == "approved" and not mark:
        raise refuse(
            "refund.voucher",
            N_("请填写退款凭证编号。"),
            N_("填写转账回单或现金退款签收单的编号。"),
            clause="三（七）",
            status=422,
        )
    moved = move(found, "pay_out", seen=seen, updates={"voucher": mark})
    _give_back(moved, payment, lines, now=now)
    return moved


def _give_back(request: RefundRequest, payment: Payment, lines: Sequence[RefundLine], *, now: datetime) -> None:
    made = Refund.objects.create(
        payment=payment,
        request=request,
        voucher=request.voucher,
        amount_fen=request.amount_fen,
        reason=request.note,
        created_at=now,
    )
    Allocation.objects.bulk_create(
        [
            Allocation(
                payment=payment, charge_id=line.charge_id, refund=made, amount_fen=-line.amount_fen, created_at=now
            )
            for line in lines
            if line.charge_id
        ],
        batch_size=CHUNK,
    )
    reason = refund_reasons()[request.reason]
    if reason.cancels:
        ids = [line.charge_id for line in lines if line.charge_id]
        take_off(list(Charge.objects.filter(pk__in=ids, reversal=None)), request.reason, request.note, now=now)
    record(
        made,
        clause=reason.clause,
        note=made.reason,
        after={"request": request.number, "payment": payment.reference, "fen": made.amount_fen, "charges": len(lines)},
    )


@action("fee.transfer")
def transfer(*, by: Person, now: datetime, from_application_id: int, to_application_id: int) -> int:
    """Move what a person paid for an application that is off to what they owe for the one in its place (三（七）);
    returns the fen moved. Both are the same person's and of the same body; the old charges fall away.

    Refusals: ``record.none`` (404), ``transfer.person``, ``transfer.live``, ``transfer.nothing`` (409).
    """
    old = queries.charged_application(by, from_application_id)
    new = queries.charged_application(by, to_application_id)
    for plan_id in sorted({old.plan_id or 0, new.plan_id or 0}):
        own_plan_locked(by, plan_id)
    if old.identity_id != new.identity_id or old.pk == new.pk or old.sponsor_id != new.sponsor_id:
        raise refuse(
            "transfer.person",
            N_("只能在同一人、同一缴费人的两份申请之间转用已缴费用。"),
            N_("不同缴费人之间请先退费，再另行缴费。"),
            clause="三（七）",
        )
    if old.state == "accepted" and old.plan is not None and old.plan.state != "cancelled":
        raise refuse(
            "transfer.live",
            N_("原申请仍然有效，不能转用其费用。"),
            N_("原申请不再参加、或原计划已取消后再办理。"),
            clause="三（七）",
        )
    take_off(list(Charge.objects.filter(application=old, reversal=None)), "withdrawn", "", now=now)
    moved = 0
    for payment in queries.payments_of_application(old.pk):
        room = queries.credit_of(payment.pk) - sum(fen for pk, fen in queries.pending_lines(payment.pk) if pk is None)
        room = min(room, queries.released_of(payment.pk, old.pk))
        owed = [(charge.pk, fen) for charge, fen in queries.outstanding(Charge.objects.filter(application=new))]
        spread = settle(owed, max(room, 0))
        amount = sum(fen for _pk, fen in spread.parts)
        if not amount:
            continue
        Allocation.objects.bulk_create(
            [Allocation(payment=payment, charge_id=pk, amount_fen=fen, created_at=now) for pk, fen in spread.parts]
        )
        made = Transfer.objects.create(
            payment=payment, from_application=old, to_application=new, amount_fen=amount, created_at=now
        )
        record(made, after={"from": old.number, "to": new.number, "fen": amount, "payment": payment.reference})
        moved += amount
    if not moved:
        raise refuse(
            "transfer.nothing",
            N_("原申请没有可转用的已缴费用，或新申请没有欠费。"),
            N_("请核对两份申请的费用。"),
            clause="三（七）",
        )
    return moved
