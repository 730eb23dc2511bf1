"""Who owes what by the table of the day; bills of sponsors; charges that fall away (三（七）)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from jiangheng.applications.models import Application
from jiangheng.catalog import queries as catalog
from jiangheng.fees import queries
from jiangheng.fees.actions.numbering import CHUNK, lock, own_plan_locked
from jiangheng.fees.models import Allocation, Bill, Charge, Reversal
from jiangheng.journal.actions import action, move, record, send
from jiangheng.journal.actions.numbering import take
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.fees import tariff
from jiangheng.rules.fees.money import yuan
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


@action("fee.charge")
def charge_all(*, by: Person, now: datetime, plan_id: int) -> int:
    """Charge every accepted application of the body's own plan by the fee table in force today (三（七）); returns how
    many charges are new. A second run charges nobody twice, nor does a second application of the same person in the
    plan; a make-up pays its own subjects only.

    Refusals: ``record.none`` (404), ``charge.plan``, ``fee.none`` (the centre must enter the table first),
    ``fee.twice``, ``fee.makeup_blank`` (409).
    """
    plan = own_plan_locked(by, plan_id)
    if plan.state in flows.states("plan", "unfiled"):
        raise refuse(
            "charge.plan", N_("该计划尚未报送或已取消，不能计费。"), N_("请在计划报送后再计费。"), clause="三（七）"
        )
    on = local_day(now)
    rows = list(Application.objects.filter(plan_id=plan.pk, state="accepted").order_by("id"))
    _subjects_named(rows)
    owed = _Tariff(on, rows)
    standing = queries.standing_keys(plan.pk)
    already = set(Charge.objects.filter(plan_id=plan.pk).values_list("application_id", "item", "payee"))
    bills: dict[int, Bill] = {}
    fresh: list[Charge] = []
    for row in rows:
        mine = [
            line
            for line in owed.of(row)
            if (row.pk, line.item, line.payee) not in already
            and (row.identity_id, row.occupation_code, row.level, line.item, line.payee) not in standing
        ]
        if not mine:
            continue
        payer = row.sponsor_id if row.sponsor_id != plan.body_id else None
        if payer is not None and payer not in bills:
            bills[payer] = _bill(plan, payer, by=by, now=now)
        for line in mine:
            standing.add((row.identity_id, row.occupation_code, row.level, line.item, line.payee))
            fresh.append(
                Charge(
                    application=row,
                    plan=plan,
                    body_id=plan.body_id,
                    payer_organisation_id=payer,
                    bill=bills[payer] if payer is not None else None,
                    fee_line_id=line.line_id,
                    item=line.item,
                    document=line.document,
                    label=line.label,
                    payee=line.payee,
                    amount_fen=line.amount_fen,
                    created_at=now,
                )
            )
        record(
            row,
            after={"items": [[line.item, line.payee, line.amount_fen] for line in mine], "document": mine[0].document},
        )
    Charge.objects.bulk_create(fresh, batch_size=CHUNK)
    if fresh:
        record(plan, after={"charges": len(fresh), "fen": sum(charge.amount_fen for charge in fresh)})
        _tell_payers(plan, fresh, bills, now)
    return len(fresh)


class _Tariff:
    """The lines owed per occupation, level and subjects, asked once each."""

    def __init__(self, on: date, rows: Sequence[Application]) -> None:
        self.on = on
        self.lines = catalog.fee_lines_on(on, {row.occupation_code for row in rows})
        self.known: dict[tuple[str, int, tuple[str, ...]], tuple[tariff.FeeRow, ...]] = {}

    def of(self, row: Application) -> tuple[tariff.FeeRow, ...]:
        """What ``row`` owes for its subjects."""
        key = (row.occupation_code, row.level, tuple(row.subjects))
        if key not in self.known:
            self.known[key] = tariff.charge(self.lines, *key, self.on)
        return self.known[key]


def _subjects_named(rows: Sequence[Application]) -> None:
    blank = [row for row in rows if not row.subjects]
    if not blank:
        return
    raise refuse(
        "fee.makeup_blank",
        N_("%(name)s等%(count)s名考生没有写明考核科目，不能计费。"),
        N_("补考只收不合格科目的费用；请先在申请中写明本次考核的科目。"),
        clause="三（七）",
        name=blank[0].name,
        count=len(blank),
    )


def _bill(plan: Plan, payer: int, *, by: Person, now: datetime) -> Bill:
    found = Bill.objects.filter(plan=plan, payer_organisation_id=payer).exclude(state="void").first()
    if found is not None:
        if found.state == "agreed":
            supplement(by=by, now=now, bill_id=found.pk)
        return found
    made = Bill.objects.create(
        number=take("bill", now), plan=plan, body_id=plan.body_id, payer_organisation_id=payer, created_at=now
    )
    record(made, after={"number": made.number, "payer_organisation": payer})
    return made


def _tell_payers(plan: Plan, fresh: Sequence[Charge], bills: dict[int, Bill], now: datetime) -> None:
    totals: dict[int, int] = {}
    for charge in fresh:
        if charge.payer_organisation_id:
            totals[charge.payer_organisation_id] = totals.get(charge.payer_organisation_id, 0) + charge.amount_fen
    for organisation_id, fen in totals.items():
        send(
            key=f"charged:{plan.pk}:{organisation_id}:{now.isoformat()}",
            channel="notice",
            subject=N_("认定费待缴"),
            body=f"{plan.number} {plan.title} {bills[organisation_id].number}：{yuan(fen)} 元",
            to_organisation=organisation_id,
            record=bills[organisation_id],
        )


@action("bill.supplement")
def supplement(*, by: Person, now: datetime, bill_id: int) -> Bill:
    """New charges came onto an agreed bill: the sponsor looks at it again."""
    return move(queries.bill(by, bill_id), "supplement")


@action("bill.agree")
def agree(*, by: Person, now: datetime, bill_id: int, seen: int | None = None) -> Bill:
    """The sponsor finds its bill right (三（七）). Refusal ``bill.payer`` (403) for anybody else."""
    return move(_sponsors(by, bill_id), "agree", seen=seen)


@action("bill.question")
def question(*, by: Person, now: datetime, bill_id: int, note: str, seen: int | None = None) -> Bill:
    """The sponsor asks about its bill, with words; the body is told."""
    moved = move(_sponsors(by, bill_id), "question", note=note, seen=seen)
    send(
        key=f"bill:{moved.pk}:{moved.version}",
        channel="notice",
        subject=N_("团体账单有疑义"),
        body=f"{moved.number}：{note}",
        to_organisation=moved.body_id,
        record=moved,
    )
    return moved


def _sponsors(by: Person, bill_id: int) -> Bill:
    bill = queries.bill(by, bill_id)
    if bill.payer_organisation_id != by.organisation_id:
        raise refuse(
            "bill.payer", N_("账单由缴费单位核对。"), N_("请等待缴费单位核对。"), clause="三（七）", status=403
        )
    return bill


@action("bill.answer")
def answer(*, by: Person, now: datetime, bill_id: int, note: str, seen: int | None = None) -> Bill:
    """The body answers the question, with words; the sponsor looks again."""
    moved = move(_bodys(by, bill_id), "answer", note=note, seen=seen)
    send(
        key=f"bill:{moved.pk}:{moved.version}",
        channel="notice",
        subject=N_("账单疑义已答复"),
        body=f"{moved.number}：{note}",
        to_organisation=moved.payer_organisation_id,
        record=moved,
    )
    return moved


@action("bill.void")
def void_bill(*, by: Person, now: datetime, bill_id: int, note: str, seen: int | None = None) -> Bill:
    """A bill of which nothing stands is voided; its number stays. Refusal ``bill.stands`` (409)."""
    bill = _bodys(by, bill_id)
    lock(bill.plan_id)
    return move(bill, "void", note=note, seen=seen)


def _bodys(by: Person, bill_id: int) -> Bill:
    bill = queries.bill(by, bill_id)
    queries.own_plan(by, bill.plan_id)
    return bill


@action("fee.reverse")
def reverse(*, by: Person, now: datetime, plan_id: int) -> int:
    """Let fall the charges of applications that no longer stand, or of a cancelled plan (三（七）); returns how many.

    Money already paid on them becomes the payer's credit: it is refunded or transferred. Refusal ``record.none``.
    """
    plan = own_plan_locked(by, plan_id)
    charges = Charge.objects.filter(plan=plan, reversal=None).select_related("application")
    if plan.state != "cancelled":
        charges = charges.exclude(application__state="accepted")
    rows = list(charges.order_by("id"))
    reason = "plan_cancelled" if plan.state == "cancelled" else "not_accepted"
    take_off(rows, reason, "", now=now)
    if rows:
        record(plan, after={"charges": len(rows), "fen": sum(row.amount_fen for row in rows)})
    return len(rows)


def take_off(charges: Sequence[Charge], reason: str, note: str, *, now: datetime) -> None:
    """Reverse ``charges`` (of one locked plan): what was paid on them goes back to its payments as credit."""
    released = [
        Allocation(payment_id=payment_id, charge_id=charge_id, amount_fen=-fen, created_at=now)
        for charge_id, payment_id, fen in queries.held(charge.pk for charge in charges)
    ]
    Allocation.objects.bulk_create(released, batch_size=CHUNK)
    Reversal.objects.bulk_create(
        [Reversal(charge=charge, reason=reason, note=note[:200], created_at=now) for charge in charges],
        batch_size=CHUNK,
    )
    for charge in charges:
        record(
            charge,
            verb="fee.reverse",
            note=note,
            after={"fen": charge.amount_fen, "item": charge.item, "reason": reason},
        )


@action("fee.remind")
def remind(*, by: Person, now: datetime, plan_id: int) -> int:
    """Remind everybody who still owes in the body's own plan, once a day each (三（七）); returns how many."""
    plan = queries.own_plan(by, plan_id)
    day = local_day(now).isoformat()
    units, people = queries.payers(plan.pk)
    for organisation_id, _name, fen in units:
        send(
            key=f"arrears:{plan.pk}:unit:{organisation_id}:{day}",
            channel="notice",
            subject=N_("认定费尚未缴清"),
            body=f"{plan.number} {plan.title}：{yuan(fen)} 元",
            to_organisation=organisation_id,
            record=plan,
        )
    accounts = queries.accounts_of(key for key, _name, _fen in people)
    for identity_id, _name, fen in people:
        if identity_id in accounts:
            send(
                key=f"arrears:{plan.pk}:person:{identity_id}:{day}",
                channel="notice",
                subject=N_("认定费尚未缴清"),
                body=f"{plan.number} {plan.title}：{yuan(fen)} 元",
                to_account=accounts[identity_id],
                record=plan,
            )
    told = len(units) + len(accounts)
    record(plan, after={"told": told})
    return told
