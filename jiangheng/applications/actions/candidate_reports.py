"""The candidate report of 四（四）: opened, reported with its checks, received or returned, corrected with the old value kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from jiangheng.applications import fields, queries
from jiangheng.applications.actions.judging import COLUMNS, Bench
from jiangheng.applications.models import (
    Application,
    CandidateReport,
    CandidateReportLine,
    CandidateReportRevision,
    Correction,
)
from jiangheng.applications.queries import candidate_reports, guards
from jiangheng.bodies import queries as bodies
from jiangheng.catalog import queries as catalog
from jiangheng.files import exports
from jiangheng.journal.actions import action, move, record, send, stale
from jiangheng.journal.queries import one
from jiangheng.people import actions as people
from jiangheng.rules import flows, roster
from jiangheng.rules.applications import candidate_report as rules
from jiangheng.rules.conditions.eligibility import NOT_MET
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Said, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

CHUNK = 500
CORRECTABLE = fields.WRITABLE


@action("candidate_report.open")
def open_candidate_report(*, by: Person, now: datetime, plan_id: int) -> CandidateReport:
    """Begin the candidate report of an accepted plan of the body's own; the one there is where it was begun before (四（四）).

    Refusals: ``record.none`` (404), ``candidate_report.plan`` (409).
    """
    plan = queries.own_plan(by, plan_id)
    found = candidate_reports.of_plan(plan.pk)
    if found is not None:
        return found
    if plan.state not in flows.states("plan", "standing"):
        raise refuse(
            "candidate_report.plan",
            N_("计划还没有受理，不能汇总上报考生信息。"),
            N_("请在计划受理后办理。"),
            clause="四（四）",
        )
    law = values.law(local_day(now))
    deadline = deadlines.candidate_report(plan.exam_on, values.calendar(), law)
    try:
        with transaction.atomic():
            made = CandidateReport.objects.create(
                number=f"HZ{plan.number}",
                plan=plan,
                body_id=plan.body_id,
                template=candidate_reports.TEMPLATE,
                due_on=deadline.last_day,
                created_at=now,
            )
    except IntegrityError:
        return one(CandidateReport.objects.filter(plan_id=plan.pk))
    record(made, after={"number": made.number, "due_on": made.due_on})
    return made


@action("candidate_report.report")
def report(
    *, by: Person, now: datetime, candidate_report_id: int, note: str = "", seen: int | None = None
) -> CandidateReport:
    """Report the accepted candidates to the centre; again for those accepted since (四（四）).

    Refusals: ``candidate_report.faults``, ``candidate_report.words`` (422), ``candidate_report.nothing_new`` (409), ``record.stale`` (409).
    """
    candidate_report = _own(by, candidate_report_id)
    found, checked = candidate_reports.before_report(candidate_report)
    rules.require(checked, note)
    gone, new = candidate_reports.changed(candidate_report, [row.key for row in found])
    revision = candidate_report.revision + 1
    moved = move(
        candidate_report,
        "report",
        note=note,
        seen=seen,
        updates={"revision": revision, "people": len(found), "reported_at": now},
    )
    for start in range(0, len(gone), CHUNK):
        CandidateReportLine.objects.filter(
            candidate_report_id=candidate_report.pk, application_id__in=gone[start : start + CHUNK], until__isnull=True
        ).update(until=revision)
    CandidateReportLine.objects.bulk_create(
        [
            CandidateReportLine(candidate_report_id=candidate_report.pk, application_id=key, since=revision)
            for key in new
        ],
        batch_size=CHUNK,
    )
    _keep(moved, "report", found, by, now, note=note, checked=checked, late=local_day(now) > moved.due_on)
    centre = bodies.centre()
    if centre is not None:
        _tell(moved, centre.pk, N_("考生信息已上报，请接收"))
    return moved


def _keep(
    candidate_report: CandidateReport,
    kind: str,
    found: Iterable[rules.Row],
    by: Person,
    now: datetime,
    *,
    note: str,
    checked: Sequence[rules.Check] = (),
    late: bool = False,
) -> CandidateReportRevision:
    those = list(found)
    made = CandidateReportRevision.objects.create(
        candidate_report=candidate_report,
        number=candidate_report.revision,
        kind=kind,
        people=len(those),
        counts=rules.counts(those),
        checks=[[each.code, each.held, each.severity, each.count] for each in checked],
        digest=rules.digest(those),
        late=late,
        note=note[:1000],
        by_id=by.account_id,
        by_name=by.name,
        at=now,
    )
    record(
        candidate_report,
        after={"revision": candidate_report.revision, "people": made.people, "digest": made.digest, "late": late},
    )
    return made


@action("candidate_report.receive")
def receive(
    *, by: Person, now: datetime, candidate_report_id: int, note: str = "", seen: int | None = None
) -> CandidateReport:
    """The centre receives what was reported or corrected (四（四）)."""
    candidate_report = candidate_reports.get(by, candidate_report_id)
    moved = move(candidate_report, "receive", note=note, seen=seen, updates={"received_at": now})
    _tell(moved, moved.body_id, N_("考生信息已由市鉴定中心接收"))
    return moved


@action("candidate_report.return")
def return_candidate_report(
    *, by: Person, now: datetime, candidate_report_id: int, note: str, seen: int | None = None
) -> CandidateReport:
    """The centre returns what was reported, with its reasons (四（四）)."""
    candidate_report = candidate_reports.get(by, candidate_report_id)
    moved = move(candidate_report, "return", note=note, seen=seen)
    _tell(moved, moved.body_id, N_("考生信息被退回"), note)
    return moved


@action("candidate_report.correct")
def correct(
    *,
    by: Person,
    now: datetime,
    candidate_report_id: int,
    application_id: int,
    values: Mapping[str, str],
    note: str,
    seen: int | None = None,
) -> CandidateReport:
    """Put columns of a reported candidate right; every old value is kept with who, when and why (四（四）).

    Refusals: ``correction.column``, ``correction.invalid`` (422), ``correction.same`` (409), ``application.not_met``
    (409) when the person would no longer qualify, ``record.stale`` (409).
    """
    candidate_report = _own(by, candidate_report_id)
    application = candidate_reports.candidate(candidate_report, application_id)
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
        raise guards.not_met(application)
    moved = move(candidate_report, "correct", note=note, seen=seen, updates={"revision": candidate_report.revision + 1})
    written = Application.objects.filter(pk=application.pk, version=application.version).update(
        version=F("version") + 1, **columns, **{name: getattr(application, name) for name in COLUMNS}
    )
    if written == 0:
        raise stale()
    record(application, note=note, before=before, after=changes)
    Correction.objects.bulk_create(
        Correction(
            candidate_report=moved,
            application=application,
            revision=moved.revision,
            column=column,
            old=before[column],
            new=str(text),
            reason=note[:1000],
            clause="四（四）",
            by_id=by.account_id,
            by_name=by.name,
            at=now,
        )
        for column, text in changes.items()
    )
    _keep(
        moved, "correct", (row for row, _key in candidate_reports.reported(moved, moved.revision)), by, now, note=note
    )
    centre = bodies.centre()
    if centre is not None:
        _tell(moved, centre.pk, N_("已上报的考生信息有更正，请确认"), application.number)
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
    standard = catalog.standard_or_refuse(application.occupation_code, on, application.body_id, application.level)
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


@action("candidate_report.export")
def export(*, by: Person, now: datetime, candidate_report_id: int, revision: int) -> tuple[str, bytes]:
    """The workbook of a revision in the stored template, document numbers in full; each number shown is journalled.

    Returns its file name and bytes. Refusal ``record.none`` (404).
    """
    candidate_report = candidate_reports.get(by, candidate_report_id)
    kept = candidate_reports.revision(candidate_report, revision)
    found = candidate_reports.reported(candidate_report, revision)
    numbers = people.reveal_many(
        by=by,
        now=now,
        identity_ids=[key for _row, key in found],
        reason=f"导出考生信息 {candidate_report.number} 第{revision}版",
        through=("candidate_report", candidate_report.pk),
    )
    template = candidate_reports.template(candidate_report)
    lines = [rules.in_template(template, order, row, numbers[key]) for order, (row, key) in enumerate(found, start=1)]
    agrees = rules.digest(row for row, _key in found) == kept.digest
    record(candidate_report, after={"revision": revision, "people": len(lines), "as_reported": agrees})
    return f"{candidate_report.number}-{revision}.xlsx", exports.workbook(
        candidate_report.number, template.columns, lines
    )


def _own(by: Person, candidate_report_id: int) -> CandidateReport:
    return candidate_reports.get(by, candidate_report_id)


def _tell(candidate_report: CandidateReport, organisation_id: int, subject: str, words: str = "") -> None:
    send(
        key=f"candidate_report:{candidate_report.pk}:{candidate_report.version}:{organisation_id}",
        channel="notice",
        subject=subject,
        body=f"{candidate_report.number} {candidate_report.plan.title}　{words}".strip(),
        to_organisation=organisation_id,
        record=candidate_report,
    )
