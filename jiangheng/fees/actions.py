"""Charging, receiving, receipting and giving back (三（七）); rows are only added, so sums always tell the truth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Sum

from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation
from jiangheng.catalog import queries as catalog
from jiangheng.fees import queries
from jiangheng.fees.models import Allocation, Charge, Payment, Receipt, Refund, Series
from jiangheng.journal.actions import action, record, send
from jiangheng.plans.models import Plan
from jiangheng.rules import tariff
from jiangheng.rules.numbers import running_number
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

CHUNK = 500
MOST_FEN = 10**11
METHODS = ("bank", "cash", "pos", "other")


@action("fee.charge")
def charge_all(*, by: Person, now: datetime, plan_id: int) -> int:
    """Charge every accepted application of the body's own plan by the fee table of the day (三（七）); returns how
    many charges are new. A second run charges nobody twice.

    Refusals: ``record.none`` (404), ``plan.over`` (409), ``fee.none`` (409: the centre must enter the table first).
    """
    plan = _locked(by, plan_id)
    if plan.state in ("cancelled", "draft"):
        raise Refusal(
            N_("该计划尚未报送或已取消，不能计费。"),
            code="plan.over",
            clause="三（七）",
            remedy=N_("请在计划报送后再计费。"),
        )
    on = catalog.local_day(now)
    rows = list(Application.objects.filter(plan_id=plan.pk, state="accepted").order_by("id"))
    lines = catalog.fee_lines_on(on, {row.occupation_code for row in rows})
    already = set(Charge.objects.filter(plan_id=plan.pk).values_list("application_id", "item"))
    owed: dict[tuple[str, int, tuple[str, ...]], tuple[tariff.FeeRow, ...]] = {}
    fresh: list[Charge] = []
    for row in rows:
        key = (row.occupation_code, row.level, tuple(row.subjects))
        if key not in owed:
            owed[key] = tariff.charge(lines, row.occupation_code, row.level, key[2], on)
        mine = [line for line in owed[key] if (row.pk, line.item) not in already]
        if not mine:
            continue
        payer = row.sponsor_id if row.sponsor_id != plan.body_id else None
        fresh += [
            Charge(
                application=row,
                plan=plan,
                body_id=plan.body_id,
                payer_organisation_id=payer,
                item=line.item,
                document=line.document,
                label=line.label,
                payee=line.payee,
                amount_fen=line.amount_fen,
                created_at=now,
            )
            for line in mine
        ]
        record(row, by=by, now=now, verb="fee.charge", clause="三（七）",
               after={"items": {line.item: line.amount_fen for line in mine},
                      "document": mine[0].document})  # fmt: skip
    Charge.objects.bulk_create(fresh, batch_size=CHUNK)
    if fresh:
        record(plan, by=by, now=now, verb="fee.charge", clause="三（七）",
               after={"charges": len(fresh), "fen": sum(charge.amount_fen for charge in fresh)})  # fmt: skip
        _tell_payers(plan, fresh, now)
    return len(fresh)


def _locked(by: Person, plan_id: int) -> Plan:
    """The body's own plan, its row locked: two clerks take money one after the other."""
    plan = queries.own_plan(by, plan_id)
    Plan.objects.select_for_update().get(pk=plan.pk)
    return plan


def _tell_payers(plan: Plan, fresh: Sequence[Charge], now: datetime) -> None:
    totals: dict[int, int] = {}
    for charge in fresh:
        if charge.payer_organisation_id:
            totals[charge.payer_organisation_id] = totals.get(charge.payer_organisation_id, 0) + charge.amount_fen
    for organisation_id, fen in totals.items():
        send(
            key=f"charged:{plan.pk}:{organisation_id}:{now.isoformat()}",
            channel="notice",
            now=now,
            subject=N_("认定费待缴"),
            body=f"{plan.number} {plan.title}：{fen // 100}.{fen % 100:02d} 元",
            to_organisation=organisation_id,
            record=plan,
        )


@action("fee.pay")
def pay(
    *,
    by: Person,
    now: datetime,
    plan_id: int,
    amount_fen: int,
    reference: str,
    method: str = "bank",
    paid_on: date | None = None,
    payer_organisation_id: int | None = None,
    application_ids: Sequence[int] = (),
    payer_name: str = "",
) -> Payment:
    """Confirm money received (三（七）) from an organisation for what it owes in the plan, or for named applications.

    The oldest charges are settled first. The same ``reference`` again returns the first payment and adds nothing.
    Refusals: ``record.none`` (404), ``payment.amount``, ``payment.reference_blank``, ``payment.method``,
    ``payment.payer``, ``payment.future`` (422), ``payment.reference`` (409: used for another sum),
    ``payment.over`` (409).
    """
    plan = _locked(by, plan_id)
    mark = reference.strip()[:60]
    day = paid_on or catalog.local_day(now)
    _sound(amount_fen, mark, method, day, now)
    earlier = Payment.objects.filter(body_id=plan.body_id, reference=mark).first()
    if earlier is not None:
        if (earlier.plan_id, earlier.amount_fen, earlier.payer_organisation_id) != (
            plan.pk,
            amount_fen,
            payer_organisation_id,
        ):
            raise Refusal(
                N_("流水号“%(reference)s”已登记过另一笔收款，未重复登记。"),
                code="payment.reference",
                clause="三（七）",
                remedy=N_("请核对银行回单或收款凭证上的流水号；同一笔款不必再次登记。"),
                reference=mark,
            )
        return earlier
    charges = Charge.objects.filter(plan_id=plan.pk)
    if payer_organisation_id is not None:
        charges = charges.filter(payer_organisation_id=payer_organisation_id)
    if application_ids:
        charges = charges.filter(application_id__in=list(application_ids)[:2000])
    elif payer_organisation_id is None:
        raise Refusal(
            N_("请指明是哪个单位或哪名考生缴费。"), code="payment.payer", clause="三（七）", status=422,
            remedy=N_("请选择缴费单位，或选择考生。"),
        )  # fmt: skip
    owed = queries.outstanding(charges)
    total = sum(fen for _charge, fen in owed)
    if amount_fen > total:
        raise Refusal(
            N_("收款%(amount)s元超过应缴余额%(owed)s元，没有登记。"),
            code="payment.over",
            clause="三（七）",
            remedy=N_("请核对金额；多收的款项应退回缴费人，不得超标准收费。"),
            amount=_yuan(amount_fen),
            owed=_yuan(total),
        )
    made = Payment.objects.create(
        body_id=plan.body_id,
        plan=plan,
        payer_organisation_id=payer_organisation_id,
        payer_name=_payer(payer_organisation_id, payer_name, owed)[:120],
        method=method,
        reference=mark,
        amount_fen=amount_fen,
        paid_on=day,
        created_at=now,
    )
    left = amount_fen
    rows = []
    for charge, fen in owed:
        part = min(left, fen)
        if part == 0:
            break
        rows.append(Allocation(payment=made, charge=charge, amount_fen=part, created_at=now))
        left -= part
    Allocation.objects.bulk_create(rows, batch_size=CHUNK)
    record(made, by=by, now=now, clause="三（七）",
           after={"reference": mark, "fen": amount_fen, "method": method, "paid_on": day,
                  "charges": len(rows)})  # fmt: skip
    return made


def _sound(amount_fen: int, reference: str, method: str, day: date, now: datetime) -> None:
    if not 0 < amount_fen <= MOST_FEN:
        raise Refusal(N_("收款金额须大于零。"), code="payment.amount", clause="三（七）", status=422)
    if not reference:
        raise Refusal(
            N_("请填写银行回单或收款凭证的流水号。"), code="payment.reference_blank", clause="三（七）", status=422
        )
    if method not in METHODS:
        raise Refusal(N_("没有这种收款方式。"), code="payment.method", clause="三（七）", status=422)
    if day > catalog.local_day(now):
        raise Refusal(N_("收款日期不能在今天之后。"), code="payment.future", clause="三（七）", status=422)


def _payer(organisation_id: int | None, name: str, owed: Sequence[tuple[Charge, int]]) -> str:
    if organisation_id is not None:
        return Organisation.objects.get(pk=organisation_id).name
    if name.strip():
        return name.strip()
    ids = {charge.application_id for charge, _fen in owed}
    names = list(Application.objects.filter(pk__in=ids).order_by("id").values_list("name", flat=True)[:3])
    return "、".join(names) + ("等" if len(ids) > 3 else "")


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@action("fee.receipt")
def receipt(*, by: Person, now: datetime, payment_id: int) -> Receipt:
    """The one numbered receipt of a payment (三（七）), made when first asked for; the number is never given twice."""
    payment = queries.payment(by, payment_id)
    plan = _locked(by, payment.plan_id)
    found = Receipt.objects.filter(payment_id=payment.pk).first()
    if found is not None:
        return found
    today = catalog.local_day(now)
    Series.objects.get_or_create(year=today.year)
    Series.objects.filter(year=today.year).update(last=F("last") + 1)
    serial = Series.objects.get(year=today.year).last
    number = running_number("receipt_number_rule", today.year, serial, catalog.law(today))
    with transaction.atomic():
        made = Receipt.objects.create(payment=payment, number=number, created_at=now)
    record(
        made,
        by=by,
        now=now,
        clause="三（七）",
        after={"number": number, "payment": payment.reference, "plan": plan.number},
    )
    return made


@action("fee.refund")
def refund(
    *,
    by: Person,
    now: datetime,
    payment_id: int,
    amount_fen: int,
    reason: str,
    application_ids: Sequence[int] = (),
) -> Refund:
    """Give money of a payment back, with its reason (三（七）); the charges named, else the newest, open again.

    Refusals: ``record.none`` (404), ``refund.reason``, ``payment.amount`` (422), ``refund.over`` (409).
    """
    payment = queries.payment(by, payment_id)
    _locked(by, payment.plan_id)
    if not reason.strip():
        raise Refusal(
            N_("退款须写明原因。"), code="refund.reason", clause="三（七）", status=422,
            remedy=N_("例如：“考生因病不能参加，已书面申请退费”。"),
        )  # fmt: skip
    if not 0 < amount_fen <= MOST_FEN:
        raise Refusal(N_("退款金额须大于零。"), code="payment.amount", clause="三（七）", status=422)
    allocations = Allocation.objects.filter(payment_id=payment.pk)
    if application_ids:
        allocations = allocations.filter(charge__application_id__in=list(application_ids)[:2000])
    held = [
        (charge_id, fen)
        for charge_id, fen in allocations.order_by()
        .values_list("charge_id")
        .annotate(fen=Sum("amount_fen"))
        .order_by("-charge_id")
        if fen > 0
    ]
    total = sum(fen for _charge, fen in held)
    if amount_fen > total:
        raise Refusal(
            N_("退款%(amount)s元超过该笔收款可退的%(left)s元，没有登记。"),
            code="refund.over",
            clause="三（七）",
            remedy=N_("请核对金额和所选考生。"),
            amount=_yuan(amount_fen),
            left=_yuan(total),
        )
    made = Refund.objects.create(payment=payment, amount_fen=amount_fen, reason=reason.strip()[:200], created_at=now)
    left, rows = amount_fen, []
    for charge_id, fen in held:
        part = min(left, fen)
        if part == 0:
            break
        rows.append(Allocation(payment=payment, charge_id=charge_id, refund=made, amount_fen=-part, created_at=now))
        left -= part
    Allocation.objects.bulk_create(rows, batch_size=CHUNK)
    record(made, by=by, now=now, clause="三（七）", note=made.reason,
           after={"payment": payment.reference, "fen": amount_fen, "charges": len(rows)})  # fmt: skip
    return made
