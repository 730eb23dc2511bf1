"""What an application still lacks before it may be handed in, what its route asks for, and where it stands twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jiangheng.applications import fields, queries
from jiangheng.applications.models import Application
from jiangheng.catalog import queries as catalog
from jiangheng.catalog.models import StandardVersion
from jiangheng.rules import flows, roster
from jiangheng.rules.applications import review
from jiangheng.rules.conditions import claims
from jiangheng.rules.conditions.eligibility import ConditionResult, add_months
from jiangheng.rules.conditions.routes import Route
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.law import Law
from jiangheng.rules.readers import certificate_numbers
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

PHOTO = "photo"
ELSEWHERE, CERTIFIED, MAKEUP = "elsewhere", "certified", "makeup"
TWICE = {
    ELSEWHERE: N_("您在另一批次已有相同职业、相同等级的申请（%(number)s）。"),
    CERTIFIED: N_("您已取得相同职业、相同等级的证书（%(number)s）。"),
    MAKEUP: N_("您在另一批次（%(number)s）已有科目合格，%(until)s前可以只补考未合格科目，不必重新报名。"),
}
"""What the applicant is told where the same occupation and level is found a second time (三（一）)."""

WHAT_NEXT = {
    ELSEWHERE: N_("只参加一个批次的，请撤回另一份；确要改到本批次的，请向认定机构说明。"),
    CERTIFIED: N_("一般不需要重复认定；确有需要的，可以继续提交，由认定机构核对后决定。"),
    MAKEUP: N_("请先联系原认定机构安排补考；仍要全部重考的，可以继续提交，由认定机构核对后决定。"),
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """Faults by column, kinds of proof still missing, and the form in its kept writing."""

    faults: tuple[roster.RowFault, ...]
    warnings: tuple[roster.RowFault, ...]
    missing: tuple[str, ...]
    form: Mapping[str, Any]

    @property
    def complete(self) -> bool:
        """Nothing stands in the way."""
        return not self.faults and not self.missing


@dataclass(frozen=True, slots=True)
class Wanted:
    """A proof on the checklist: its kind, whether the route asks for it, how many files there are."""

    kind: str
    needed: bool
    held: int


@dataclass(frozen=True, slots=True)
class Twice:
    """Another place the same person stands in for the same occupation and level; ``until`` is the make-up's last day.

    ``number`` is told to the person; ``public`` is all the body may be told, for the other batch may be another's.
    """

    kind: str
    number: str
    public: str = ""
    until: date | None = None


def report(application: Application, now: datetime) -> Readiness:
    """Everything at fault or missing at once (附件4, 三（二）); Refusal ``standard.none`` (409)."""
    on = queries.as_of(application, now)
    standard = catalog.standard_or_refuse(application.occupation_code, on, application.body_id, application.level)
    routes = queries.route_set(standard)
    context = roster.Context(frozenset(), application.level, routes, local_day(now), values.law(on))
    cells = [application.form.get(column, "") for column in fields.FORM.columns]
    checked, found = roster.check_rows(fields.FORM, [cells], context, first_row=1)
    return Readiness(
        tuple(fault for fault in found if fault.severity == roster.ERROR),
        tuple(fault for fault in found if fault.severity != roster.ERROR),
        tuple(_missing(application, standard)),
        {**application.form, **(checked[0].values if checked else {})},
    )


def _missing(application: Application, standard: StandardVersion) -> list[str]:
    route = queries.route_set(standard).route(application.route)
    held = application.proofs.values_list("kind", flat=True)
    photo = application.photo_id is not None
    return review.missing_proofs(application.source, route.evidence if route else (), held, photo=photo)


def checklist(application: Application, standard: StandardVersion) -> list[Wanted]:
    """The proofs the chosen route asks for and the photo, then what else was handed in (三（二）)."""
    held: dict[str, int] = {}
    for kind in application.proofs.values_list("kind", flat=True):
        held[kind] = held.get(kind, 0) + 1
    asks = application.source == "person"
    route = queries.route_set(standard).route(application.route)
    wanted = dict.fromkeys(["identity", *(route.evidence if route else ())])
    rows = [Wanted(kind, asks, held.get(kind, 0)) for kind in wanted]
    rows.append(Wanted(PHOTO, asks, 1 if application.photo_id else 0))
    return rows + [Wanted(kind, needed=False, held=held.get(kind, 0)) for kind in fields.PROOFS if kind not in wanted]


def routes(application: Application, now: datetime) -> tuple[Route, ...]:
    """The routes one may choose from; none where no standard is in force."""
    standard = catalog.standard_on(
        application.occupation_code, queries.as_of(application, now), application.body_id, application.level
    )
    return queries.route_set(standard).for_level(application.level) if standard else ()


def by_route(application: Application, now: datetime) -> dict[str, list[ConditionResult]]:
    """How every route stands by what is filled in so far; empty where no standard is in force."""
    on = queries.as_of(application, now)
    standard = catalog.standard_on(application.occupation_code, on, application.body_id, application.level)
    if standard is None:
        return {}
    reading = claims.read(
        application.form,
        occupation=application.occupation_name,
        related_majors=tuple(standard.related_majors),
        claimed_on=local_day(now),
        law=values.law(on),
    )
    words = frozenset(word for word in (application.occupation_name, application.job) if word)
    names = queries.names_of(standard, words)
    judged = claims.assess(reading, names, application.level, queries.route_set(standard), on).judgement
    found: dict[str, list[ConditionResult]] = {}
    for each in judged.conditions:
        found.setdefault(each.route, []).append(each)
    return found


def number_told(application: Application, law: Law) -> tuple[str, Mapping[str, Any]] | None:
    """What the typed certificate number says, as a sentence and its places; None where none was typed."""
    number = str(application.form.get("证书编号") or "").strip()
    return certificate_numbers.told(certificate_numbers.parse(number, law)) if number else None


def twice(application: Application, now: datetime) -> list[Twice]:
    """Where the same person already stands for the same occupation and level: another live batch, a certificate that
    is good, a make-up that is still open.
    """
    same = queries.same_again(application)
    found = [
        Twice(ELSEWHERE, number, plan if state == "accepted" else "")
        for number, plan, state in same.filter(state__in=queries.LIVE, certificates=None, result=None)
        .exclude(plan__state__in=flows.states("plan", "over"))
        .values_list("number", "plan__number", "plan__state")
    ]
    good = same.filter(certificates__state__in=flows.FLOWS["certificate"].live).values_list(
        "certificates__number", flat=True
    )
    found += [Twice(CERTIFIED, number, number) for number in good]
    return found + _makeups(same.filter(state="accepted", certificates=None), now)


def _makeups(rows: Any, now: datetime) -> list[Twice]:
    today = local_day(now)
    law = values.law(today)
    months, least, most = int(law.value("subject_valid_months")), law.value("pass_mark"), int(law.value("makeup_times"))
    found: list[Twice] = []
    # Whoever sat again as often as the law allows is not sent to another make-up.
    if review.makeups_used(list(rows.order_by("plan__exam_on", "id").values_list("exam_type", flat=True))) >= most:
        return found
    marked = rows.filter(result__passed=False, exam_type="new", plan__isnull=False).values_list(
        "number", "plan__exam_on", "subjects", "result__theory", "result__skill", "result__review"
    )
    for number, sat_on, subjects, *marks in marked:
        until = add_months(sat_on, months)
        passed = [mark is not None and mark >= least for mark in _of(subjects, marks)]
        if until >= today and any(passed) and not all(passed):
            found.append(Twice(MAKEUP, number, "", until))
    return found


def _of(subjects: Sequence[str], marks: Sequence[Any]) -> list[Any]:
    named = dict(zip(("theory", "skill", "review"), marks, strict=True))
    return [named[subject] for subject in subjects if subject in named]
