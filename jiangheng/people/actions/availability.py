"""When a member of staff cannot come, and how many sittings of one plan they take on (四（七）)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from jiangheng.journal.actions import action, record
from jiangheng.journal.queries import one
from jiangheng.people import queries
from jiangheng.people.models import Absence, Account
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

LONGEST = timedelta(days=366)
MOST = 99


@action("absence.declare")
def declare_absence(
    *, by: Person, now: datetime, begins_at: datetime, ends_at: datetime, note: str = "", account_id: int | None = None
) -> Absence:
    """Say when one cannot come: for oneself, or for somebody whose card one keeps (四（七）).

    Refusals: ``absence.period`` (422), ``absence.known`` (409), ``absence.not_kept`` (403).
    """
    account = _whose(by, account_id)
    if not begins_at < ends_at <= begins_at + LONGEST or ends_at <= now:
        raise refuse(
            "absence.period",
            N_("起止时间不正确：结束应晚于开始和现在，一次不超过一年。"),
            N_("请核对起止时间；整天不能到场的，从零点填到次日零点。"),
            clause="四（七）",
            status=422,
        )
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                account=account,
                begins_at=begins_at,
                ends_at=ends_at,
                note=note.strip()[:200],
                declared_by_id=by.account_id or 0,
                created_at=now,
            )
    except IntegrityError:
        raise refuse("absence.known", N_("这段时间已经登记过。"), N_("不需要重复登记。"), clause="四（七）") from None
    record(absence, after=_facts(absence))
    return absence


@action("absence.withdraw")
def withdraw_absence(*, by: Person, now: datetime, absence_id: int) -> int:
    """Take back a time one had named, when one can come after all; returns the account (四（七）)."""
    absence = one(queries.absences_visible_to(by), pk=absence_id)
    account = _whose(by, absence.account_id)
    record(absence, before=_facts(absence))
    absence.delete()
    return account.pk


@action("workload.set")
def set_workload(*, by: Person, now: datetime, most: int | None, account_id: int | None = None) -> Account:
    """Say how many sittings of one plan a person takes on at most; None for any number (四（七）).

    Refusals: ``workload.number`` (422), ``absence.not_kept`` (403).
    """
    account = _whose(by, account_id)
    if most is not None and not 1 <= most <= MOST:
        raise refuse(
            "workload.number",
            N_("场次数应为1至%(most)s的整数，不限的留空。"),
            N_("请重新填写。"),
            clause="四（七）",
            status=422,
            most=MOST,
        )
    before = account.most_sittings
    if before != most:
        Account.objects.filter(pk=account.pk).update(most_sittings=most)
        record(account, before={"most": before}, after={"most": most})
        account.refresh_from_db()
    return account


def _whose(by: Person, account_id: int | None) -> Account:
    """One's own account, or that of somebody whose card one keeps; the centre's reach is everybody."""
    wanted = by.account_id if account_id is None else account_id
    if wanted is None or (wanted != by.account_id and not queries.cards_kept_by(by).filter(account_id=wanted).exists()):
        raise refuse(
            "absence.not_kept",
            N_("只能登记本人或本单位管理的人员。"),
            N_("请本人登录后在“个人信息”中登记，或联系证卡所属单位。"),
            clause="四（七）",
            status=403,
        )
    return one(Account.objects.all(), pk=wanted)


def _facts(absence: Absence) -> dict[str, object]:
    return {"account": absence.account_id, "begins_at": absence.begins_at, "ends_at": absence.ends_at}
