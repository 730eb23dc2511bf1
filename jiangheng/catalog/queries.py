"""What is known of occupations, standards and fees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from jiangheng.bodies import queries as bodies
from jiangheng.catalog import fee_workbook
from jiangheng.catalog.models import (
    FeeLine,
    Occupation,
    RuleSnapshot,
    StandardVersion,
    Subject,
)
from jiangheng.files import worksheets
from jiangheng.files.limits import at as limits_at
from jiangheng.journal.queries import one
from jiangheng.rules import flows
from jiangheng.rules.conditions.overrides import route_id_of
from jiangheng.rules.conditions.routes import RouteSet, effective
from jiangheng.rules.conditions.routes import digest as content_digest
from jiangheng.rules.conditions.standard_versions import Snapshot, SubjectLine
from jiangheng.rules.days.workdays import Count
from jiangheng.rules.fees.tariff import FeeRow
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

LAW_STATES = flows.FLOWS["standard"].live
MOST_EDITIONS = 6


def numbered(count: Count) -> list[dict[str, object]]:
    """Every day of a count with its place among the working days counted (None for days passed over)."""
    days: list[dict[str, object]] = []
    place = 0
    for day in count.days:
        place += day.workday
        days.append({"day": day, "place": place if day.workday else None})
    return days


def occupations() -> QuerySet[Occupation]:
    """Every occupation of the catalogue; it is public."""
    return Occupation.objects.order_by("code")


def occupation(code: str) -> Occupation | None:
    """The occupation of that code in its newest edition, or None."""
    return Occupation.objects.filter(code=code).order_by("-edition").first()


def occupation_by_id(occupation_id: int) -> Occupation:
    """One occupation; Refusal ``record.none`` (404)."""
    return one(Occupation.objects.all(), pk=occupation_id)


def occupation_choices() -> list[tuple[str, str]]:
    """(code, "code name") of every occupation, for a form's list."""
    return [(code, f"{code} {name}") for code, name in Occupation.objects.order_by("code").values_list("code", "name")]


def require_occupation(code: str, job: str = "", level: int | None = None) -> Occupation:
    """The occupation; Refusal ``occupation.none``, ``occupation.job`` or ``occupation.level`` (422)."""
    found = occupation(code)
    if found is None:
        raise refuse(
            "occupation.none",
            N_("职业目录中没有编码为%(occupation)s的职业。"),
            N_("请从职业目录中选择职业。"),
            clause="一",
            status=422,
            occupation=code,
        )
    if job and job not in found.jobs:
        raise refuse(
            "occupation.job",
            N_("职业“%(occupation)s”没有工种“%(job)s”。"),
            N_("请从目录所列工种中选择；没有工种的留空。"),
            clause="一",
            status=422,
            occupation=found.name,
            job=job,
        )
    if level is not None and str(level) not in found.levels:
        raise refuse(
            "occupation.level",
            N_("职业“%(occupation)s”不设%(level)s级。"),
            N_("请按职业标准所设等级选择。"),
            clause="一",
            status=422,
            occupation=found.name,
            level=level,
        )
    return found


def lineage(occupation: Occupation) -> tuple[Occupation, ...]:
    """The occupations of earlier editions this one was renumbered from, newest first; their certificates count too."""
    found: list[Occupation] = []
    while occupation.replaces is not None and len(found) < MOST_EDITIONS:
        occupation = occupation.replaces
        found.append(occupation)
    return tuple(found)


def successors(occupation_id: int) -> list[Occupation]:
    """The occupations of later editions this one was renumbered to."""
    return list(Occupation.objects.filter(replaces_id=occupation_id).order_by("code"))


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


def standards(occupation_id: int) -> QuerySet[StandardVersion]:
    """Every published version of an occupation's national standard with its subjects, newest first."""
    return (
        StandardVersion.objects.filter(occupation_id=occupation_id, state__in=LAW_STATES, owner=None)
        .prefetch_related("subjects")
        .order_by("-valid_from", "-id")
    )


def standard_on(
    occupation_code: str, day: date, body_id: int | None = None, level: int | None = None
) -> StandardVersion | None:
    """The standard of an occupation in force on ``day``, or None.

    For the plans and candidates of a body: its own 企业评价规范 where one is published and filed for the level on that day
    (一), else the national one. Nobody else's own standard is ever an answer.
    """
    rows = (
        StandardVersion.objects.select_related("occupation")
        .filter(_in_force(day), occupation__code=occupation_code, state__in=LAW_STATES)
        .order_by("-valid_from", "-id")
    )
    if body_id is None:
        return rows.filter(owner=None).first()
    both = list(rows.filter(Q(owner=None) | Q(owner_id=body_id)))
    own = next((row for row in both if row.owner_id is not None), None)
    if own is not None:
        filed = bodies.own_standard_levels(body_id, occupation_code, day)
        if str(level) in filed if level is not None else filed:
            return own
    return next((row for row in both if row.owner_id is None), None)


def standard_or_refuse(
    occupation_code: str, on: date, body_id: int | None = None, level: int | None = None, *, status: int = 409
) -> StandardVersion:
    """``standard_on``; Refusal ``standard.none`` (409, a reader is told 404) names who must enter it."""
    found = standard_on(occupation_code, on, body_id, level)
    if found is None:
        raise refuse(
            "standard.none",
            N_("%(on)s没有职业%(occupation)s的现行标准，不能判断申报条件。"),
            N_("请市鉴定中心先在职业目录中登记该职业的现行国家职业标准。"),
            clause="三（一）",
            status=status,
            on=on.isoformat(),
            occupation=occupation_code,
        )
    return found


def versions_visible_to(person: Person) -> QuerySet[StandardVersion]:
    """Published national versions are everybody's, an employer's own that employer's; the rest is the centre's."""
    rows = StandardVersion.objects.select_related("occupation", "owner")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    mine = Q(owner_id=person.organisation_id) if person.organisation_id is not None else Q(pk__in=[])
    return rows.filter(Q(owner=None) | mine, state__in=LAW_STATES)


def version(person: Person, standard_id: int) -> StandardVersion:
    """One version; Refusal ``record.none`` (404)."""
    return one(versions_visible_to(person), pk=standard_id)


def open_version(occupation_id: int, owner_id: int | None = None) -> StandardVersion | None:
    """The draft under way for an occupation (of an employer's own standard where one is named), or None."""
    return StandardVersion.objects.filter(
        occupation_id=occupation_id, owner_id=owner_id, state__in=flows.states("standard", "unpublished")
    ).first()


def published(occupation_code: str, owner_id: int | None = None) -> list[StandardVersion]:
    """Every published version of an occupation code (of one owner's own standard), oldest first."""
    rows = StandardVersion.objects.filter(occupation__code=occupation_code, owner_id=owner_id, state__in=LAW_STATES)
    return list(rows.order_by("valid_from", "id"))


def before(found: StandardVersion) -> StandardVersion | None:
    """The version a reader compares this one with: the one it follows in force, else the one it was copied from."""
    earlier = (
        StandardVersion.objects.select_related("occupation")
        .prefetch_related("subjects")
        .filter(
            occupation__code=found.occupation.code,
            owner_id=found.owner_id,
            state__in=LAW_STATES,
            valid_from__lt=found.valid_from,
        )
        .exclude(pk=found.pk)
        .order_by("-valid_from", "-id")
        .first()
    )
    return earlier or found.copied_from


def routes_of(found: StandardVersion) -> RouteSet:
    """The routes of a version: its route set with the version's own overrides (三（一）)."""
    return effective(found.ruleset, found.route_overrides)


def rules_kept(digest: str) -> dict[str, Any] | None:
    """The snapshot of that digest; None where there is none or where its content no longer bears its digest."""
    found = RuleSnapshot.objects.filter(digest=digest).first()
    return found.content if found is not None and content_digest(found.content) == digest else None


def snapshot(found: StandardVersion) -> Snapshot:
    """All that a version says, for comparing it with another."""
    return Snapshot(
        document=found.document,
        ruleset=found.ruleset,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        related_occupations=tuple(found.related_occupations),
        related_majors=tuple(found.related_majors),
        subjects=tuple(
            SubjectLine(
                level=row.level,
                subject=row.subject,
                method=row.method,
                minutes=row.minutes,
                ratio=row.candidates_per_examiner,
                equipment=tuple(equipment_words(row.required_equipment)),
            )
            for row in found.subjects.all()
        ),
        routes=routes_of(found),
        sources={
            route_id_of(each): (str(each.get("document", "")), str(each.get("clause", "")))
            for each in found.route_overrides
        },
    )


def equipment_words(pieces: Iterable[Mapping[str, Any]]) -> list[str]:
    """Required equipment as the editor writes it, a line each: 名称，数量，每几人 (0 for a fixed number)."""
    return [f"{each['name']}，{each['quantity']}，{each['per']}" for each in pieces]


def subjects_for(occupation_code: str, level: int, day: date, body_id: int | None = None) -> list[Subject]:
    """The subjects examined at ``level`` by the standard in force on ``day`` for a body: theory, skill, then review."""
    standard = standard_on(occupation_code, day, body_id, level)
    if standard is None:
        return []
    order = ("theory", "skill", "review")
    rows = Subject.objects.filter(standard=standard, level=level)
    return sorted(rows, key=lambda row: order.index(row.subject) if row.subject in order else len(order))


def fee_table() -> QuerySet[FeeLine]:
    """Every line of every fee table; the tables are public."""
    return FeeLine.objects.order_by("occupation_code", "-level", "item", "-valid_from")


def fee_lines(occupation_code: str, level: int, on: date) -> tuple[FeeRow, ...]:
    """The fee lines in force on ``on`` for an occupation and level, as the tariff rules read them (三（七）)."""
    return _fee_rows(FeeLine.objects.filter(_in_force(on), occupation_code=occupation_code, level=level))


def fee_lines_on(on: date, occupation_codes: Iterable[str] | None = None) -> tuple[FeeRow, ...]:
    """Every fee line in force on ``on``, of these occupations where named."""
    rows = FeeLine.objects.filter(_in_force(on))
    if occupation_codes is not None:
        rows = rows.filter(occupation_code__in=list(occupation_codes))
    return _fee_rows(rows)


def _fee_rows(rows: QuerySet[FeeLine]) -> tuple[FeeRow, ...]:
    return tuple(
        FeeRow(
            document=row.document,
            occupation_code=row.occupation_code,
            level=row.level,
            item=row.item,
            payee=row.payee,
            amount_fen=row.amount_fen,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            label=row.label,
            line_id=row.pk,
        )
        for row in rows.order_by("occupation_code", "-level", "item")
    )


def read_fee_workbook(data: bytes, now: datetime) -> tuple[list[dict[str, Any]], list[fee_workbook.Fault]]:
    """A fee table's workbook as lines and faults (三（七）); Refusals of ``workbooks.read``."""
    known: dict[str, set[int]] = {}
    for code, levels in Occupation.objects.values_list("code", "levels"):
        known.setdefault(code, set()).update(int(level) for level in levels)
    return fee_workbook.parse(worksheets.as_written(data, limits_at(now)), known)
