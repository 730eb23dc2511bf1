"""MembershipList-ups (四（四）): who sees them, the candidates of one as they stood at a revision, what is to be checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from jiangheng.applications.models import (
    Application,
    CandidateReport,
    CandidateReportLine,
    CandidateReportRevision,
    Correction,
)
from jiangheng.applications.queries import desk
from jiangheng.bodies import queries as bodies
from jiangheng.journal.queries import one
from jiangheng.plans import queries as plans
from jiangheng.plans.models import Plan
from jiangheng.rules import codes, flows, roster
from jiangheng.rules.applications import candidate_report as rules
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.values import queries as values

TEMPLATE = "A33"
COUNTED = ("accepted",)


def visible_to(person: Person) -> QuerySet[CandidateReport]:
    """The centre sees what was reported, a body its own."""
    rows = CandidateReport.objects.select_related("plan", "body")
    if person.role is Role.SYSTEM:
        return rows
    if person.is_centre:
        return rows.exclude(revision=0)
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(body_id=person.organisation_id)
    return rows.none()


def get(person: Person, candidate_report_id: int) -> CandidateReport:
    """One candidate report; Refusal ``record.none`` (404)."""
    return one(visible_to(person), pk=candidate_report_id)


def of_plan(plan_id: int) -> CandidateReport | None:
    """The candidate report of a plan, or None."""
    return CandidateReport.objects.filter(plan_id=plan_id).first()


def open_plans(person: Person) -> list[Plan]:
    """The body's accepted plans that have no candidate report yet, the next examination first."""
    rows = Plan.objects.filter(
        body_id=person.organisation_id or 0, state__in=flows.FLOWS["plan"].live, candidate_report__isnull=True
    )
    return list(rows.order_by("exam_on", "id")[:100])


def template(candidate_report: CandidateReport) -> roster.Template:
    """The template a candidate report is written in."""
    return next(each for each in roster.templates() if each.id == candidate_report.template)


def candidates(candidate_report: CandidateReport) -> QuerySet[Application]:
    """The accepted candidates of the plan, in the order of the export."""
    return (
        Application.objects.select_related("identity", "sponsor", "body")
        .filter(plan_id=candidate_report.plan_id, state__in=COUNTED)
        .order_by("occupation_code", "-level", "id")
    )


def rows(candidate_report: CandidateReport) -> list[rules.Row]:
    """The candidates as they stand now."""
    return [row_of(each) for each in candidates(candidate_report).iterator(chunk_size=2000)]


def reported(candidate_report: CandidateReport, revision: int) -> list[tuple[rules.Row, int]]:
    """The candidates and their identities as reported at a revision: later corrections are taken back."""
    lines = CandidateReportLine.objects.filter(
        Q(until__isnull=True) | Q(until__gt=revision), candidate_report_id=candidate_report.pk, since__lte=revision
    )
    later: dict[int, list[tuple[str, str]]] = defaultdict(list)
    corrected = Correction.objects.filter(candidate_report_id=candidate_report.pk, revision__gt=revision).order_by(
        "-id"
    )
    for application_id, column, old in corrected.values_list("application_id", "column", "old"):
        later[application_id].append((column, old))
    found = Application.objects.select_related("identity", "sponsor", "body").filter(
        pk__in=lines.values("application_id")
    )
    ordered = found.order_by("occupation_code", "-level", "id").iterator(chunk_size=2000)
    return [(row_of(each, later.get(each.pk, ())), each.identity_id) for each in ordered]


def row_of(application: Application, later: Iterable[tuple[str, str]] = ()) -> rules.Row:
    """An application as a row of the candidate report."""
    identity = application.identity
    form = rules.undone(application.form, later)
    sender = application.sponsor or application.body
    route = str(form.get("申报条件") or application.route)
    values: dict[str, Any] = {
        "报名单位": sender.name if sender else "",
        "证件类型": identity.kind,
        "性别": identity.sex,
        "出生日期": identity.born.isoformat() if identity.born else "",
        **{column: text for column, text in form.items() if text not in (None, "")},
        "姓名": application.name,
        "职业工种名称": application.job or application.occupation_name,
        "认定等级": application.level,
        "申报条件": route,
        "考试类型": codes.label("exam_type", application.exam_type),
    }
    return rules.Row(
        key=application.pk,
        number=application.number,
        occupation_code=application.occupation_code,
        occupation=application.occupation_name,
        job=application.job,
        level=application.level,
        route=route,
        source=application.source,
        exam_type=application.exam_type,
        sex=identity.sex,
        born=identity.born,
        photo=application.photo_id is not None,
        values=values,
    )


def checks(candidate_report: CandidateReport, found: Sequence[rules.Row]) -> list[rules.Check]:
    """The checks of a candidate report as it stands now, with the filed scope on the day of examination."""
    plan = candidate_report.plan
    lines = {(each.occupation_code, each.job, each.level): each for each in plans.rows_of(plan.pk)}
    filed = set()
    for code, job, level in lines:
        try:
            bodies.require_scope(plan.body_id, code, job, level, plan.exam_on)
        except Refusal:
            continue
        filed.add((code, job, level))
    undecided = Application.objects.filter(plan_id=plan.pk, state__in=(*desk.WAITING, "returned")).count()
    return rules.checks(
        found,
        template(candidate_report),
        values.law(plan.exam_on),
        in_scope=frozenset(filed),
        headcounts={key: each.headcount for key, each in lines.items()},
        undecided=undecided,
    )


def before_report(candidate_report: CandidateReport) -> tuple[list[rules.Row], list[rules.Check]]:
    """The accepted candidates with what is looked at before reporting them.

    Read once per candidate report in hand: its page shows the list and offers the step, and both are one answer.
    """
    known: tuple[list[rules.Row], list[rules.Check]] | None = vars(candidate_report).get("_before_report")
    if known is None:
        found = rows(candidate_report)
        known = (found, checks(candidate_report, found))
        vars(candidate_report)["_before_report"] = known
    return known


def changed(candidate_report: CandidateReport, keys: Sequence[int]) -> tuple[list[int], list[int]]:
    """Which candidates are no longer accepted, and which are new since the last report."""
    standing = set(
        CandidateReportLine.objects.filter(candidate_report_id=candidate_report.pk, until__isnull=True).values_list(
            "application_id", flat=True
        )
    )
    wanted = set(keys)
    return sorted(standing - wanted), [key for key in keys if key not in standing]


def unreported(candidate_report: CandidateReport) -> int:
    """How many accepted candidates are not in what was last reported."""
    return (
        candidates(candidate_report)
        .exclude(
            candidate_report_lines__candidate_report_id=candidate_report.pk, candidate_report_lines__until__isnull=True
        )
        .count()
    )


def candidate(candidate_report: CandidateReport, application_id: int) -> Application:
    """One reported candidate; Refusal ``record.none`` (404)."""
    rows = Application.objects.select_related("identity", "plan", "request", "sponsor", "body")
    lines = CandidateReportLine.objects.filter(candidate_report_id=candidate_report.pk, until__isnull=True)
    return one(rows.filter(pk__in=lines.values("application_id")), pk=application_id)


def standing_lines(candidate_report: CandidateReport) -> QuerySet[Application]:
    """The candidates of the last report, for the list a correction starts from."""
    lines = CandidateReportLine.objects.filter(candidate_report_id=candidate_report.pk, until__isnull=True)
    return Application.objects.select_related("identity", "sponsor").filter(pk__in=lines.values("application_id"))


def revisions(candidate_report: CandidateReport) -> list[CandidateReportRevision]:
    """Every report and correction, newest first."""
    return list(CandidateReportRevision.objects.filter(candidate_report_id=candidate_report.pk).order_by("-number"))


def revision(candidate_report: CandidateReport, number: int) -> CandidateReportRevision:
    """One revision; Refusal ``record.none`` (404)."""
    return one(CandidateReportRevision.objects.filter(candidate_report_id=candidate_report.pk), number=number)


def corrections(candidate_report: CandidateReport) -> QuerySet[Correction]:
    """Every corrected column, newest first."""
    return (
        Correction.objects.select_related("application").filter(candidate_report_id=candidate_report.pk).order_by("-id")
    )
