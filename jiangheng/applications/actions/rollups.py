"""The roll-up of 四（四）: opened, reported with its checks, received or returned, corrected with the old value kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from jiangheng.applications import fields, queries
from jiangheng.applications.actions.judging import COLUMNS, Bench
from jiangheng.applications.actions.review import not_met
from jiangheng.applications.models import Application, Correction, Rollup, RollupLine, RollupRevision
from jiangheng.applications.queries import rollups
from jiangheng.bodies import queries as bodies
from jiangheng.catalog import queries as catalog
from jiangheng.files import exports
from jiangheng.journal.actions import action, move, record, send, stale
from jiangheng.journal.queries import one
from jiangheng.people import actions as people
from jiangheng.rules import deadlines, roster
from jiangheng.rules import rollup as rules
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.eligibility import NOT_MET
from jiangheng.rules.refusal import Refusal, Said, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

CHUNK = 500
CORRECTABLE = fields.WRITABLE


@action("rollup.open")
def open_rollup(*, by: Person, now: datetime, plan_id: int) -> Rollup:
    """Begin the roll-up of an accepted plan of the body's own; the one there is where it was begun before (四（四）).

    Refusals: ``record.none`` (404), ``rollup.plan`` (409).
    """
    plan = queries.own_plan(by, plan_id)
    found = rollups.of_plan(plan.pk)
    if found is not None:
        return found
    if plan.state not in ("accepted", "completed"):
        raise refuse(
            "rollup.plan", N_("计划还没有受理，不能汇总上报考生信息。"), N_("请在计划受理后办理。"), clause="四（四）"
        )
    law = values.law(local_day(now))
    deadline = deadlines.rollup(plan.exam_on, values.calendar(), law)
    try:
        with transaction.atomic():
            made = Rollup.objects.create(
                number=f"HZ{plan.number}", plan=plan, body_id=plan.body_id, template=rollups.TEMPLATE,
                due_on=deadline.last_day, created_at=now,
            )  # fmt: skip
    except IntegrityError:
        return one(Rollup.objects.filter(plan_id=plan.pk))
    record(made, by=by, now=now, clause="四（四）", after={"number": made.number, "due_on": made.due_on})
    return made


@action("rollup.report")
def report(*, by: Person, now: datetime, rollup_id: int, note: str = "", seen: int | None = None) -> Rollup:
    """Report the accepted candidates to the centre; again for those accepted since (四（四）).

    Refusals: ``rollup.faults``, ``rollup.words`` (422), ``rollup.nothing_new`` (409), ``record.stale`` (409).
    """
    rollup = _own(by, rollup_id)
    found = rollups.rows(rollup)
    checked = rollups.checks(rollup, found)
    rules.require(checked, note)
    gone, new = _changed(rollup, [row.key for row in found])
    if rollup.state == "received" and not gone and not new:
        raise nothing_new()
    revision = rollup.revision + 1
    moved = move(
        rollup, "report", by=by, now=now, note=note, seen=seen,
        updates={"revision": revision, "people": len(found), "reported_at": now},
    )  # fmt: skip
    for start in range(0, len(gone), CHUNK):
        RollupLine.objects.filter(
            rollup_id=rollup.pk, application_id__in=gone[start : start + CHUNK], until__isnull=True
        ).update(until=revision)
    RollupLine.objects.bulk_create(
        [RollupLine(rollup_id=rollup.pk, application_id=key, since=revision) for key in new], batch_size=CHUNK
    )
    _keep(moved, "report", found, by, now, note=note, checked=checked, late=local_day(now) > moved.due_on)
    centre = bodies.centre()
    if centre is not None:
        _tell(moved, centre.pk, N_("考生信息已上报，请接收"), now)
    return moved


def nothing_new() -> Refusal:
    """There is nobody to report beside those already received."""
    return refuse(
        "rollup.nothing_new",
        N_("上次上报后没有新受理的考生，无需补充上报。"),
        N_("考生信息有误的，请办理更正。"),
        clause="四（四）",
    )


def _changed(rollup: Rollup, keys: Sequence[int]) -> tuple[list[int], list[int]]:
    """Which candidates are no longer accepted, and which are new since the last report."""
    standing = set(
        RollupLine.objects.filter(rollup_id=rollup.pk, until__isnull=True).values_list("application_id", flat=True)
    )
    wanted = set(keys)
    return sorted(standing - wanted), [key for key in keys if key not in standing]


def _keep(
    rollup: Rollup, kind: str, found: Iterable[rules.Row], by: Person, now: datetime, *, note: str,
    checked: Sequence[rules.Check] = (), late: bool = False,
) -> RollupRevision:  # fmt: skip
    those = list(found)
    made = RollupRevision.objects.create(
        rollup=rollup, number=rollup.revision, kind=kind, people=len(those), counts=rules.counts(those),
        checks=[[each.code, each.held, each.severity, each.count] for each in checked],
        digest=rules.digest(those), late=late, note=note[:1000], by_id=by.account_id, by_name=by.name, at=now,
    )  # fmt: skip
    record(
        rollup, by=by, now=now, verb=f"rollup.{'report' if kind == 'report' else 'correct'}", clause="四（四）",
        after={"revision": rollup.revision, "people": made.people, "digest": made.digest, "late": late},
    )  # fmt: skip
    return made


@action("rollup.receive")
def receive(*, by: Person, now: datetime, rollup_id: int, note: str = "", seen: int | None = None) -> Rollup:
    """The centre receives what was reported or corrected (四（四）)."""
    rollup = rollups.get(by, rollup_id)
    moved = move(rollup, "receive", by=by, now=now, note=note, seen=seen, updates={"received_at": now})
    _tell(moved, moved.body_id, N_("考生信息已由市鉴定中心接收"), now)
    return moved


@action("rollup.return")
def return_rollup(*, by: Person, now: datetime, rollup_id: int, note: str, seen: int | None = None) -> Rollup:
    """The centre returns what was reported, with its reasons (四（四）)."""
    rollup = rollups.get(by, rollup_id)
    moved = move(rollup, "return", by=by, now=now, note=note, seen=seen)
    _tell(moved, moved.body_id, N_("考生信息被退回"), now, note)
    return moved


@action("rollup.correct")
def correct(
    *,
    by: Person,
    now: datetime,
    rollup_id: int,
    application_id: int,
    values: Mapping[str, str],
    note: str,
    seen: int | None = None,
) -> Rollup:
    """Put columns of a reported candidate right; every old value is kept with who, when and why (四（四）).

    Refusals: ``correction.column``, ``correction.invalid`` (422), ``correction.same`` (409), ``application.not_met``
    (409) when the person would no longer qualify, ``record.stale`` (409).
    """
    rollup = _own(by, rollup_id)
    application = rollups.candidate(rollup, application_id)
    changes = _changes(application, values)
    fresh = _checked(application, changes, now)
    changes = {column: fresh.get(column, text) for column, text in changes.items()}
    before = {column: str(application.form.get(column) or "") for column in changes}
    application.form = {**application.form, **changes}
    columns: dict[str, Any] = {"form": application.form}
    if "手机号码" in changes:
        columns["phone"] = str(changes["手机号码"])[:20]
    if "申报条件" in changes:
        columns["route"] = application.route = str(changes["申报条件"])[:20]
    Bench(now).judge(application)
    if application.verdict == NOT_MET:
        raise not_met(application)
    moved = move(rollup, "correct", by=by, now=now, note=note, seen=seen, updates={"revision": rollup.revision + 1})
    written = Application.objects.filter(pk=application.pk, version=application.version).update(
        version=F("version") + 1, **columns, **{name: getattr(application, name) for name in COLUMNS}
    )
    if written == 0:
        raise stale()
    record(application, by=by, now=now, verb="rollup.correct", clause="四（四）", note=note, before=before,
           after=changes)  # fmt: skip
    Correction.objects.bulk_create(
        Correction(
            rollup=moved, application=application, revision=moved.revision, column=column, old=before[column],
            new=str(text), reason=note[:1000], clause="四（四）", by_id=by.account_id, by_name=by.name, at=now,
        )
        for column, text in changes.items()
    )  # fmt: skip
    _keep(moved, "correct", (row for row, _key in rollups.reported(moved, moved.revision)), by, now, note=note)
    centre = bodies.centre()
    if centre is not None:
        _tell(moved, centre.pk, N_("已上报的考生信息有更正，请确认"), now, application.number)
    return moved


def _changes(application: Application, values: Mapping[str, str]) -> dict[str, Any]:
    foreign = [column for column in values if column not in CORRECTABLE]
    if foreign:
        raise refuse(
            "correction.column",
            N_("“%(column)s”不能在这里更正。"),
            N_("姓名和证件号码有误的，请按正确证件重新报名，并向市鉴定中心说明。"),
            clause="四（四）",
            status=422,
            column=foreign[0][:40],
        )
    changes = {
        column: text.strip()
        for column, text in values.items()
        if text.strip() != str(application.form.get(column) or "")
    }
    if not changes:
        raise refuse(
            "correction.same", N_("没有改动，未办理更正。"), N_("请改正有误的栏目后再提交。"), clause="四（四）"
        )
    return changes


def _checked(application: Application, changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The corrected columns in their kept writing; refuses the first that is wrong."""
    on = queries.as_of(application, now)
    standard = catalog.standard_or_refuse(application.occupation_code, on)
    routes = catalog.routes_of(standard)
    context = roster.Context(frozenset(), application.level, routes, local_day(now), values.law(on))
    form = {**application.form, **changes}
    cells = [form.get(column, "") for column in fields.FORM.columns]
    checked, found = roster.check_rows(fields.FORM, [cells], context, first_row=1)
    for fault in found:
        if fault.severity == roster.ERROR and fault.column in changes:
            raise refuse(
                "correction.invalid",
                N_("更正的“%(column)s”填写不正确：%(fault)s"),
                N_("请改正“%(column)s”后再提交。"),
                clause="四（四）",
                status=422,
                column=fault.column,
                fault=Said(fault.message, fault.params),
            )
    return {column: text for column, text in checked[0].values.items() if column in changes} if checked else {}


@action("rollup.export")
def export(*, by: Person, now: datetime, rollup_id: int, revision: int) -> tuple[str, bytes]:
    """The workbook of a revision in the stored template, document numbers in full; each number shown is journalled.

    Returns its file name and bytes. Refusal ``record.none`` (404).
    """
    rollup = rollups.get(by, rollup_id)
    kept = rollups.revision(rollup, revision)
    found = rollups.reported(rollup, revision)
    numbers = people.reveal_many(
        by=by, now=now, identity_ids=[key for _row, key in found], reason=f"导出考生信息 {rollup.number} 第{revision}版",
        through=("rollup", rollup.pk),
    )  # fmt: skip
    template = rollups.template(rollup)
    lines = [rules.in_template(template, order, row, numbers[key]) for order, (row, key) in enumerate(found, start=1)]
    agrees = rules.digest(row for row, _key in found) == kept.digest
    record(
        rollup, by=by, now=now, verb="rollup.export", clause="四（四）",
        after={"revision": revision, "people": len(lines), "as_reported": agrees},
    )  # fmt: skip
    return f"{rollup.number}-{revision}.xlsx", exports.workbook(rollup.number, template.columns, lines)


def _own(by: Person, rollup_id: int) -> Rollup:
    return rollups.get(by, rollup_id)


def _tell(rollup: Rollup, organisation_id: int, subject: str, now: datetime, words: str = "") -> None:
    send(
        key=f"rollup:{rollup.pk}:{rollup.version}:{organisation_id}",
        channel="notice",
        now=now,
        subject=subject,
        body=f"{rollup.number} {rollup.plan.title}　{words}".strip(),
        to_organisation=organisation_id,
        record=rollup,
    )
