"""Receipts: numbered without gaps in a year, printed again as 补打, voided without losing the number (三（七）)."""

from __future__ import annotations

from datetime import datetime

from jiangheng.fees import queries
from jiangheng.fees.actions.numbering import own_plan_locked
from jiangheng.fees.models import Receipt, ReceiptPrint, ReceiptVoid
from jiangheng.journal.actions import action, record
from jiangheng.journal.actions.numbering import take
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


@action("fee.receipt")
def receipt(*, by: Person, now: datetime, payment_id: int) -> Receipt:
    """The one good receipt of a payment (三（七）), made when first asked for or after the last was voided."""
    payment = queries.payment(by, payment_id)
    plan = own_plan_locked(by, payment.plan_id)
    last = queries.last_receipt(payment.pk)
    if last is not None and not hasattr(last, "voided"):
        return last
    number = take("receipt", now, body=plan.body_id)
    made = Receipt.objects.create(payment=payment, replaces=last, number=number, created_at=now)
    record(
        made,
        after={
            "number": number,
            "payment": payment.reference,
            "plan": plan.number,
            "replaces": last.number if last else "",
        },
    )
    return made


@action("fee.void_receipt")
def void(*, by: Person, now: datetime, receipt_id: int, reason: str) -> ReceiptVoid:
    """Void a receipt with its reason; the number is kept and never given again. Refusals: ``record.none`` (404),
    ``receipt.reason`` (422), ``receipt.voided`` (409).
    """
    found = queries.receipt(by, receipt_id)
    own_plan_locked(by, found.payment.plan_id)
    if not reason.strip():
        raise refuse(
            "receipt.reason",
            N_("作废收据须写明原因。"),
            N_("例如：“付款人名称有误，收回原件后重开”。"),
            clause="三（七）",
            status=422,
        )
    if ReceiptVoid.objects.filter(receipt=found).exists():
        raise refuse("receipt.voided", N_("该收据已作废。"), N_("可为该笔收款重新开具收据。"), clause="三（七）")
    made = ReceiptVoid.objects.create(receipt=found, reason=reason.strip()[:200], created_at=now)
    record(found, note=made.reason, after={"number": found.number})
    return made


@action("fee.print_receipt")
def note_print(*, by: Person, now: datetime, receipt_id: int) -> int:
    """Count a print of a receipt; returns which print this is: 1 is the original, later ones say 补打."""
    found = queries.receipt(by, receipt_id)
    own_plan_locked(by, found.payment.plan_id)
    ReceiptPrint.objects.create(receipt=found, created_at=now)
    count = found.prints.count()
    record(found, after={"print": count})
    return count
