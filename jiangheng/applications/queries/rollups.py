"""Roll-ups (四（四）): who sees them, the candidates of one as they stood at a revision, what is to be checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from jiangheng.applications.models import Application, Correction, Rollup, RollupLine, RollupRevision
from jiangheng.applications.queries import desk
from jiangheng.bodies import queries as bodies
from jiangheng.journal.queries import one
from jiangheng.plans import queries as plans
from jiangheng.plans.models import Plan
from jiangheng.rules import codes, roster
from jiangheng.rules import rollup as rules
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.values import queries as values

TEMPLATE = "A33"
COUNTED = ("accepted",)


def visible_to(person: Person) -> QuerySet[Rollup]:
    """The centre sees what was reported, a body its own."""
    rows = Rollup.objects.select_related("plan", "body")
    if person.role is Role.SYSTEM:
        return rows
    if person.is_centre:
        return rows.exclude(revision=0)
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(body_id=person.organisation_id)
    return rows.none()


def get(person: Person, rollup_id: int) -> Rollup:
    """One roll-up; Refusal ``record.none`` (404)."""
    return one(visible_to(person), pk=rollup_id)


def of_plan(plan_id: int) -> Rollup | None:
    """The roll-up of a plan, or None."""
    return Rollup.objects.filter(plan_id=plan_id).first()


def open_plans(person: Person) -> list[Plan]:
    """The body's accepted plans that have no roll-up yet, the next examination first."""
    rows = Plan.objects.filter(body_id=person.organisation_id or 0, state="accepted", rollup__isnull=True)
    return list(rows.order_by("exam_on", "id")[:100])


def template(rollup: Rollup) -> roster.Template:
    """The template a roll-up is written in."""
    return next(each for each in roster.templates() if each.id == rollup.template)


def candidates(rollup: Rollup) -> QuerySet[Application]:
    """The accepted candidates of the plan, in the order of the export."""
    return (
        Application.objects.select_related("identity", "sponsor", "body")
        .filter(plan_id=rollup.plan_id, state__in=COUNTED)
        .order_by("occupation_code", "-level", "id")
    )


def rows(rollup: Rollup) -> list[rules.Row]:
    """The candidates as they stand now."""
    return [row_of(each) for each in candidates(rollup).iterator(chunk_size=2000)]


def reported(rollup: Rollup, revision: int) -> list[tuple[rules.Row, int]]:
    """The candidates and their identities as reported at a revision: later corrections are taken back."""
    lines = RollupLine.objects.filter(
        Q(until__isnull=True) | Q(until__gt=revision), rollup_id=rollup.pk, since__lte=revision
    )
    later: dict[int, list[tuple[str, str]]] = defaultdict(list)
    corrected = Correction.objects.filter(rollup_id=rollup.pk, revision__gt=revision).order_by("-id")
    for application_id, column, old in corrected.values_list("application_id", "column", "old"):
        later[application_id].append((column, old))
    found = Application.objects.select_related("identity", "sponsor", "body").filter(
        pk__in=lines.values("application_id")
    )
    ordered = found.order_by("occupation_code", "-level", "id").iterator(chunk_size=2000)
    return [(row_of(each, later.get(each.pk, ())), each.identity_id) for each in ordered]


def row_of(application: Application, later: Iterable[tuple[str, str]] = ()) -> rules.Row:
    """An application as a row of the roll-up."""
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


def checks(rollup: Rollup, found: Sequence[rules.Row]) -> list[rules.Check]:
    """The checks of a roll-up as it stands now, with the filed scope on the day of examination."""
    plan = rollup.plan
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
        template(rollup),
        values.law(plan.exam_on),
        in_scope=frozenset(filed),
        headcounts={key: each.headcount for key, each in lines.items()},
        undecided=undecided,
    )


def unreported(rollup: Rollup) -> int:
    """How many accepted candidates are not in what was last reported."""
    return candidates(rollup).exclude(rollup_lines__rollup_id=rollup.pk, rollup_lines__until__isnull=True).count()


def candidate(rollup: Rollup, application_id: int) -> Application:
    """One reported candidate; Refusal ``record.none`` (404)."""
    rows = Application.objects.select_related("identity", "plan", "request", "sponsor", "body")
    lines = RollupLine.objects.filter(rollup_id=rollup.pk, until__isnull=True)
    return one(rows.filter(pk__in=lines.values("application_id")), pk=application_id)


def standing_lines(rollup: Rollup) -> QuerySet[Application]:
    """The candidates of the last report, for the list a correction starts from."""
    lines = RollupLine.objects.filter(rollup_id=rollup.pk, until__isnull=True)
    return Application.objects.select_related("identity", "sponsor").filter(pk__in=lines.values("application_id"))


def revisions(rollup: Rollup) -> list[RollupRevision]:
    """Every report and correction, newest first."""
    return list(RollupRevision.objects.filter(rollup_id=rollup.pk).order_by("-number"))


def revision(rollup: Rollup, number: int) -> RollupRevision:
    """One revision; Refusal ``record.none`` (404)."""
    return one(RollupRevision.objects.filter(rollup_id=rollup.pk), number=number)


def corrections(rollup: Rollup) -> QuerySet[Correction]:
    """Every corrected column, newest first."""
    return Correction.objects.select_related("application").filter(rollup_id=rollup.pk).order_by("-id")
