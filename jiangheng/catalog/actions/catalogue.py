"""Loading the catalogue, keeping local calendar rows, the centre's own defaults and the fee tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from jiangheng.catalog import queries
from jiangheng.catalog.actions.calendar import day_changed
from jiangheng.catalog.models import FeeLine, Occupation, StandardVersion, Subject
from jiangheng.journal.actions import action, record
from jiangheng.journal.actions.locking import hold
from jiangheng.rules.conditions import occupations as shipped_occupations
from jiangheng.rules.conditions import standards
from jiangheng.rules.days.clocks import DayChange
from jiangheng.rules.days.local_time import LIUZHOU, local_day
from jiangheng.rules.days.workdays import LocalDay
from jiangheng.rules.fees import tariff
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarDay, Parameter

MOST_FEN = 10_000_000


@action("catalogue.load")
def load_catalogue(*, by: Person, now: datetime) -> dict[str, int]:
    """Bring in what the shipped data has and the catalogue lacks; a second run adds nothing (一, 三（七）).

    Returns how many rows of each kind were added.
    """
    today = local_day(now)
    days = _load_days(by, now)
    added = {
        "occupations": _load_occupations(today),
        "standards": _load_standards(today),
        "fee_lines": _load_fees(),
        "local_days": days,
    }
    if any(added.values()):
        newest = Occupation.objects.order_by("-id").first()
        if newest is not None:
            record(newest, after=added)
    return added


def _load_occupations(today: date) -> int:
    known = set(Occupation.objects.values_list("code", "edition"))
    rows = [
        Occupation(
            code=row.code,
            edition=row.edition,
            name=row.name,
            jobs=list(row.jobs),
            levels=row.levels,
            source=row.source,
            label=row.label,
        )
        for row in shipped_occupations.catalogue(today)
        if (row.code, row.edition) not in known
    ]
    Occupation.objects.bulk_create(rows)
    return len(rows)


def _load_standards(today: date) -> int:
    known = set(StandardVersion.objects.values_list("occupation__code", "document"))
    ours = {occupation.code: occupation for occupation in Occupation.objects.order_by("edition")}
    added, law = 0, values.law(today)
    for row in shipped_occupations.catalogue(today):
        for version in standards.versions(row.code):
            if (row.code, version.document) in known:
                continue
            standard = StandardVersion.objects.create(
                occupation=ours[row.code],
                document=version.document,
                ruleset=version.ruleset,
                valid_from=version.valid_from,
                valid_to=version.valid_to,
                related_occupations=list(version.related_occupations),
                related_majors=list(version.related_majors),
                label=version.label,
                state="published",
            )
            Subject.objects.bulk_create(
                Subject(
                    standard=standard,
                    level=subject.level,
                    subject=subject.subject,
                    method=subject.method,
                    minutes=subject.minutes,
                    required_equipment=[
                        {"name": each.name, "quantity": each.quantity, "per": each.per} for each in subject.equipment
                    ],
                )
                for subject in standards.subjects(row.code, row.levels, law)
            )
            added += 1
    return added


def _load_fees() -> int:
    known = set(FeeLine.objects.values_list("document", flat=True))
    rows = [
        FeeLine(
            document=row.document,
            occupation_code=row.occupation_code,
            level=row.level,
            item=row.item,
            payee=row.payee,
            amount_fen=row.amount_fen,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            label=row.label,
        )
        for row in tariff.demonstration_table()
        if row.document not in known
    ]
    FeeLine.objects.bulk_create(rows)
    return len(rows)


def _load_days(by: Person, now: datetime) -> int:
    """The shipped local rows, once: a row the centre took back stays away, those of a new release come.

    They count before they are loaded (``values.local_rows``), so a first load moves no deadline.
    """
    first = not CalendarDay.objects.exists()
    rows = values.not_loaded()
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    if not first:
        for row in rows:
            day_changed(
                by,
                now,
                DayChange(row.day, None, LocalDay(bool(row.workday), row.name)),
                name=row.name,
                source=row.source,
            )
    return len(rows)


@action("parameter.set")
def set_parameter(*, by: Person, now: datetime, key: str, value: Any, valid_from: date, reason: str) -> Parameter:
    """Set the centre's own value for a labelled default from a day on; what the notice fixes cannot be changed.

    Refusals (422): those of ``Law.overridden``, ``parameter.reason``, ``parameter.past``.
    """
    if not reason.strip():
        raise refuse("parameter.reason", N_("修改参数须写明依据。"), N_("请填写文件名称、文号或会议决定。"), status=422)
    if valid_from < local_day(now):
        raise refuse(
            "parameter.past",
            N_("生效日期%(day)s早于今天，不能追溯修改。"),
            N_("请填写今天或以后的日期，已办理的事项仍按当时的参数。"),
            status=422,
            day=valid_from.isoformat(),
        )
    found = values.law(valid_from)
    found.overridden({key: value})
    before = found.value(key)
    row = Parameter.objects.filter(key=key, valid_from=valid_from).first()
    if row is None:
        row = Parameter(key=key, valid_from=valid_from)
    row.value, row.reason = value, reason.strip()[:200]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise refuse(
            "parameter.taken", N_("这个参数刚刚被他人修改，本次操作未生效。"), N_("请刷新页面核对后再修改。")
        ) from None
    record(
        row,
        clause=found.rule(key).clause,
        note=row.reason,
        before={"key": key, "value": before},
        after={"key": key, "value": value, "valid_from": valid_from},
    )
    return row


@action("fee_table.add")
def add_fee_table(
    *,
    by: Person,
    now: datetime,
    document: str,
    valid_from: date,
    valid_to: date | None = None,
    label: str = "",
    replace: bool = False,
    lines: Sequence[Mapping[str, Any]],
) -> list[FeeLine]:
    """Enter lines of a fee document in force from a day (三（七）): occupation_code, level, item, amount_fen, payee.

    A line still open ends the day before where it is a demonstration one or ``replace`` says so; what was charged by it
    stays as it was. Refusals: ``fee.document``, ``fee.period``, ``fee.lines``, ``fee.line_twice``, ``fee.item``, ``fee.payee``,
    ``fee.amount``, those of ``require_occupation`` (422); ``fee.overlap``, ``fee.in_use`` (409).
    """
    document = document.strip()
    if not document:
        raise refuse(
            "fee.document", N_("请填写收费文件名称和文号。"), N_("收费须有文件依据。"), clause="三（七）", status=422
        )
    if valid_to is not None and valid_to < valid_from:
        raise refuse("fee.period", N_("终止日期早于施行日期。"), N_("请核对起止日期。"), clause="三（七）", status=422)
    if not lines:
        raise refuse(
            "fee.lines",
            N_("请至少填写一行收费标准。"),
            N_("请填写职业、等级、项目和金额。"),
            clause="三（七）",
            status=422,
        )
    rows = [_fee_line(each, document, valid_from, valid_to, label) for each in lines]
    keys = [(row.occupation_code, row.level, row.item, row.payee) for row in rows]
    if len(set(keys)) != len(keys):
        raise refuse(
            "fee.line_twice",
            N_("同一职业、等级、项目填写了两行。"),
            N_("请合并或删除重复的行。"),
            clause="三（七）",
            status=422,
        )
    for row in rows:
        _give_way_or_refuse(row, replace)
    FeeLine.objects.bulk_create(rows)
    saved = list(FeeLine.objects.filter(document=document, valid_from=valid_from).order_by("id"))
    for row in saved[-len(rows) :]:
        record(
            row,
            note=document,
            after={
                "occupation_code": row.occupation_code,
                "level": row.level,
                "item": row.item,
                "payee": row.payee,
                "amount_fen": row.amount_fen,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
            },
        )
    return saved[-len(rows) :]


def _fee_line(given: Mapping[str, Any], document: str, valid_from: date, valid_to: date | None, label: str) -> FeeLine:
    level, amount = int(given["level"]), int(given["amount_fen"])
    queries.require_occupation(str(given["occupation_code"]), level=level)
    if given["item"] not in tariff.ITEMS:
        raise refuse(
            "fee.item", N_("收费项目不在项目表内。"), N_("请从列表中选择收费项目。"), clause="三（七）", status=422
        )
    payee = str(given.get("payee") or "body")
    if payee not in tariff.PAYEES:
        raise refuse(
            "fee.payee", N_("收款主体不在表内。"), N_("请从列表中选择收款主体。"), clause="三（七）", status=422
        )
    if not 0 < amount <= MOST_FEN:
        raise refuse(
            "fee.amount",
            N_("金额须大于0且不超过10万元。"),
            N_("请核对金额和单位（元）。"),
            clause="三（七）",
            status=422,
        )
    return FeeLine(
        document=document[:120],
        occupation_code=str(given["occupation_code"]),
        level=level,
        item=str(given["item"]),
        payee=payee,
        amount_fen=amount,
        valid_from=valid_from,
        valid_to=valid_to,
        label=label.strip()[:60],
    )


def _give_way_or_refuse(row: FeeLine, replace: bool) -> None:
    same = FeeLine.objects.filter(occupation_code=row.occupation_code, level=row.level, item=row.item, payee=row.payee)
    clashing = same.filter(Q(valid_to=None) | Q(valid_to__gte=row.valid_from))
    if row.valid_to is not None:
        clashing = clashing.filter(valid_from__lte=row.valid_to)
    for other in hold(clashing):
        if (
            (replace or (other.label and not row.label))
            and other.valid_to is None
            and other.valid_from < row.valid_from
        ):
            _not_used_since(other, row.valid_from)
            FeeLine.objects.filter(pk=other.pk).update(valid_to=row.valid_from - timedelta(days=1))
            continue
        raise refuse(
            "fee.overlap",
            N_("%(occupation)s %(level)s级该项目自%(start)s起已有收费标准（%(document)s），期间重叠。"),
            N_("请调整施行日期；需要替换时先让原标准在前一天终止。"),
            clause="三（七）",
            occupation=row.occupation_code,
            level=row.level,
            start=other.valid_from.isoformat(),
            document=other.document,
        )


def _not_used_since(line: FeeLine, day: date) -> None:
    """What was charged by a table is never changed afterwards: the new table begins on a day not yet charged."""
    used: Any = line.charges  # the rows of a room above; only asked whether there are any
    if used.filter(created_at__gte=datetime.combine(day, time(), tzinfo=LIUZHOU)).exists():
        raise refuse(
            "fee.in_use",
            N_("%(occupation)s %(level)s级的现行标准（%(document)s）在%(start)s及以后已用于计费，不能自该日起替换。"),
            N_("已计费的标准不再改动；请将施行日期改在最近一次计费之后。"),
            clause="三（七）",
            occupation=line.occupation_code,
            level=line.level,
            document=line.document,
            start=day.isoformat(),
        )


@action("fee_table.import")
def import_fee_table(
    *,
    by: Person,
    now: datetime,
    data: bytes,
    document: str,
    valid_from: date,
    valid_to: date | None = None,
    replace: bool = False,
) -> list[FeeLine]:
    """Enter a whole workbook as one fee table, or nothing where a row has a fault (三（七）).

    Refusals: those of ``workbooks.clean`` and of ``add_fee_table``; ``fee.rows`` (422: how many faults, the first).
    """
    lines, faults = queries.read_fee_workbook(data, now)
    if faults:
        raise refuse(
            "fee.rows",
            N_("收费标准表有%(count)s处错误，没有导入任何一行。第%(row)s行“%(column)s”：%(fault)s"),
            N_("请按提示改正后重新上传整份表。"),
            clause="三（七）",
            status=422,
            count=len(faults),
            row=faults[0].row,
            column=faults[0].column,
            fault=faults[0].message,
        )
    return add_fee_table(
        by=by, now=now, document=document, valid_from=valid_from, valid_to=valid_to, replace=replace, lines=lines
    )
