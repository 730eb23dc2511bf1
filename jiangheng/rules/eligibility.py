"""Who may sit (三（一）): each condition met, not met or not evidenced; the nearest route; the earliest date.

Semantics: whole months; a period counts when its anniversary is on or before ``as_of``; only work after a
certificate's day of issue counts as work after it; overlapping employment is merged; a certificate counts at
exactly the level the route names, in the occupation itself or a related one; 职业资格 and 职业技能等级 count equally.
A field that is None was not answered and gives *not evidenced*; an empty tuple was answered "none" and gives *not met*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jiangheng.rules.refusal import Refusal
from jiangheng.rules.routes import Route, RouteSet, route_set
from jiangheng.rules.words import gettext_noop as N_

MET, NOT_MET, NOT_EVIDENCED = "met", "not_met", "not_evidenced"

LABELS = {
    "min_age": N_("年龄"),
    "working": N_("从事本职业或相关职业"),
    "cert": N_("原证书等级"),
    "cert_held": N_("持证年限"),
    "after": N_("取得证书后的工作年限"),
    "cum": N_("累计工作年限"),
    "title": N_("职称"),
    "after_title": N_("取得职称后的工作年限"),
    "edu": N_("学历和专业"),
    "apprentice": N_("学徒期满"),
}


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A prior certificate: occupation code or name, level 5-1, kind (skill, vocational, pre-technician), issue day."""

    occupation: str
    level: int
    kind: str = "skill"
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    """Work from a day to a day (both worked); ``to`` None means it goes on."""

    occupation: str
    start: date
    to: date | None = None


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A 职称: junior, middle or senior; ``matching`` whether it corresponds to the occupation."""

    grade: str
    issued: date | None
    matching: bool | None = True


@dataclass(frozen=True, slots=True)
class Education:
    """Schooling of a kind (technical_school … master); ``graduated`` is the day of the diploma."""

    kind: str
    major_related: bool | None
    enrolled: bool = False
    graduated: date | None = None
    evaluated_programme: bool | None = False


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a person; None where the question was not answered."""

    born: date | None = None
    certificates: tuple[HeldCertificate, ...] | None = None
    employment: tuple[Employment, ...] | None = None
    titles: tuple[HeldTitle, ...] | None = None
    education: tuple[Education, ...] | None = None
    apprenticeship_completed: bool | None = None
    training_hours: int | None = None


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition of one route and how it stands; ``detail``: the figures; ``earliest``: when time alone meets it."""

    route: str
    condition: str
    clause: str
    state: str
    detail: dict[str, str | int]
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Nearest:
    """The route with the least missing, what is missing on it, and the evidence that would help."""

    route: str
    missing: tuple[ConditionResult, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer: ``verdict`` met, not_met or not_evidenced; ``route`` the satisfied one."""

    verdict: str
    route: str | None
    conditions: tuple[ConditionResult, ...]
    nearest: Nearest | None
    earliest: date | None

    @property
    def eligible(self) -> bool:
        """True where a route is wholly met."""
        return self.verdict == MET


def add_months(day: date, months: int) -> date:
    """The anniversary ``months`` later; the last day of the month where the day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def whole_months(start: date, end: date) -> int:
    """Whole months from ``start`` to ``end`` (0 where it ends before it begins)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    return max(months, 0)


@dataclass(frozen=True, slots=True)
class _Case:
    """A person asked about one occupation on one day."""

    person: PersonFacts
    matches: Callable[[str], bool]
    as_of: date


def _periods(case: _Case, since: date | None) -> list[tuple[date, date | None]]:
    """Merged spells of related work from ``since`` on, as [start, end); an open end is None."""
    spells = []
    for job in case.person.employment or ():
        if not case.matches(job.occupation):
            continue
        start = max(job.start, since) if since else job.start
        end = None if job.to is None or job.to >= case.as_of else job.to + timedelta(days=1)
        if start <= case.as_of and (end is None or start < end):
            spells.append((start, end))
    merged: list[tuple[date, date | None]] = []
    for start, end in sorted(spells, key=lambda spell: spell[0]):
        if merged and (merged[-1][1] is None or start <= merged[-1][1]):
            last = merged[-1][1]
            merged[-1] = (merged[-1][0], None if last is None or end is None else max(last, end))
        else:
            merged.append((start, end))
    return merged


def _worked(case: _Case, years: int, since: date | None = None) -> tuple[int, date | None]:
    """Months worked since ``since`` up to ``as_of``, and the day on which ``years`` are reached if work goes on."""
    months, reached = 0, None
    for start, end in _periods(case, since):
        if end is None:
            reached = add_months(start, max(years * 12 - months, 0))
        months += whole_months(start, end or case.as_of)
    return months, reached


def _age(route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    years = route.min_age or 0
    if case.person.born is None:
        return NOT_EVIDENCED, {"needed": years}, None
    birthday = add_months(case.person.born, years * 12)
    return (
        MET if birthday <= case.as_of else NOT_MET,
        {"needed": years, "have": whole_months(case.person.born, case.as_of) // 12},
        birthday,
    )


def _working(_route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    if case.person.employment is None:
        return NOT_EVIDENCED, {}, None
    return (MET if _periods(case, None) else NOT_MET), {}, None


def _held(route: Route, case: _Case) -> list[HeldCertificate] | None:
    if case.person.certificates is None:
        return None
    return [
        held
        for held in case.person.certificates
        if case.matches(held.occupation)
        and (
            held.kind == route.cert_kind
            if route.cert_kind
            else held.level == route.cert and held.kind != "pre-technician"
        )
        and (held.issued is None or held.issued <= case.as_of)
    ]


def _cert(route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    held = _held(route, case)
    needed: dict[str, str | int] = {"needed": route.cert_kind or route.cert or 0}
    if held is None:
        return NOT_EVIDENCED, needed, None
    return (MET if held else NOT_MET), needed, None


def _best(
    answers: Iterable[tuple[str, dict[str, str | int], date | None]],
    otherwise: tuple[str, dict[str, str | int], date | None],
) -> tuple[str, dict[str, str | int], date | None]:
    rank = {MET: 0, NOT_EVIDENCED: 1, NOT_MET: 2}
    known = list(answers)
    if not known:
        return otherwise
    state, detail, _ = min(known, key=lambda answer: (rank[answer[0]], answer[2] or date.max))
    return state, detail, min((answer[2] for answer in known if answer[2] is not None), default=None)


def _since(case: _Case, years: int, issued: date | None) -> tuple[str, dict[str, str | int], date | None]:
    if issued is None or case.person.employment is None:
        return NOT_EVIDENCED, {"needed": years}, None
    months, reached = _worked(case, years, issued)
    return (MET if months >= years * 12 else NOT_MET), {"needed": years, "have_months": months}, reached


def _after(route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    years, held = route.after or 0, _held(route, case)
    if held is None:
        return NOT_EVIDENCED, {"needed": years}, None
    return _best(
        (_since(case, years, row.issued) for row in held), (NOT_MET, {"needed": years, "have_months": 0}, None)
    )


def _cert_held(route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    years, held = route.cert_held or 0, _held(route, case)
    if held is None:
        return NOT_EVIDENCED, {"needed": years}, None

    def one(row: HeldCertificate) -> tuple[str, dict[str, str | int], date | None]:
        if row.issued is None:
            return NOT_EVIDENCED, {"needed": years}, None
        due = add_months(row.issued, years * 12)
        return (MET if due <= case.as_of else NOT_MET), {"needed": years}, due

    return _best(map(one, held), (NOT_MET, {"needed": years}, None))


def _cum(route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    years = route.cum or 0
    if case.person.employment is None:
        return NOT_EVIDENCED, {"needed": years}, None
    months, reached = _worked(case, years)
    return (MET if months >= years * 12 else NOT_MET), {"needed": years, "have_months": months}, reached


def _titles(route: Route, case: _Case) -> list[HeldTitle] | None:
    if case.person.titles is None:
        return None
    return [
        title
        for title in case.person.titles
        if title.grade == route.title
        and title.matching is not False
        and (title.issued is None or title.issued <= case.as_of)
    ]


def _title(route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    titles = _titles(route, case)
    if titles is None:
        return NOT_EVIDENCED, {"needed": route.title}, None
    if any(title.matching for title in titles):
        return MET, {"needed": route.title}, None
    return (NOT_EVIDENCED if titles else NOT_MET), {"needed": route.title}, None


def _after_title(route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    years, titles = route.after_title or 0, _titles(route, case)
    if titles is None:
        return NOT_EVIDENCED, {"needed": years}, None

    def one(row: HeldTitle) -> tuple[str, dict[str, str | int], date | None]:
        state, detail, reached = _since(case, years, row.issued)
        if state == MET and row.matching is None:
            return NOT_EVIDENCED, detail, None
        return state, detail, reached if row.matching else None

    return _best(map(one, titles), (NOT_MET, {"needed": years, "have_months": 0}, None))


def _edu(route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    if case.person.education is None:
        return NOT_EVIDENCED, {}, None

    def one(row: Education) -> tuple[str, dict[str, str | int], date | None]:
        wanted = [(route.major, row.major_related), (route.evaluated, row.evaluated_programme)]
        if any(asked and given is False for asked, given in wanted):
            return NOT_MET, {"kind": row.kind}, None
        unknown = any(asked and given is None for asked, given in wanted)
        diploma = None if route.students else row.graduated
        graduated = diploma is not None and diploma <= case.as_of
        if graduated or (route.enrolled and row.enrolled):
            return (NOT_EVIDENCED if unknown else MET), {"kind": row.kind}, None
        return NOT_MET, {"kind": row.kind}, None if unknown else diploma

    return _best((one(row) for row in case.person.education if row.kind in route.edu), (NOT_MET, {}, None))


def _apprentice(_route: Route, case: _Case) -> tuple[str, dict[str, str | int], date | None]:
    done = case.person.apprenticeship_completed
    return (NOT_EVIDENCED if done is None else MET if done else NOT_MET), {}, None


_CHECKS: tuple[
    tuple[str, Callable[[Route], bool], Callable[[Route, _Case], tuple[str, dict[str, str | int], date | None]]], ...
] = (
    ("min_age", lambda route: route.min_age is not None, _age),
    ("working", lambda route: route.working, _working),
    ("cert", lambda route: route.cert is not None or bool(route.cert_kind), _cert),
    ("cert_held", lambda route: route.cert_held is not None, _cert_held),
    ("after", lambda route: route.after is not None, _after),
    ("cum", lambda route: route.cum is not None, _cum),
    ("title", lambda route: bool(route.title), _title),
    ("after_title", lambda route: route.after_title is not None, _after_title),
    ("edu", lambda route: bool(route.edu), _edu),
    ("apprentice", lambda route: route.apprentice, _apprentice),
)


def check_route(
    route: Route, person: PersonFacts, occupation: Iterable[str], as_of: date
) -> tuple[ConditionResult, ...]:
    """How every condition of one route stands; ``occupation`` names the occupation itself and its related ones."""
    wanted = frozenset((occupation,) if isinstance(occupation, str) else occupation)
    case = _Case(person, wanted.__contains__, as_of)
    return tuple(
        ConditionResult(route.id, name, route.text, *check(route, case))
        for name, asked, check in _CHECKS
        if asked(route)
    )


def judge(
    person: PersonFacts,
    occupation: Iterable[str],
    level: int,
    ruleset: str | RouteSet,
    as_of: date,
    *,
    route_id: str | None = None,
) -> Judgement:
    """Judge a person for ``level``: by the route they chose, or by every route of the level.

    ``occupation``: codes and names that count as 本职业或相关职业. Refusal codes (422): ``ruleset.unknown``,
    ``route.unknown``, ``route.level``.
    """
    routes = _routes(ruleset, level, route_id)
    names = frozenset((occupation,) if isinstance(occupation, str) else occupation)
    results = {route.id: check_route(route, person, names, as_of) for route in routes}
    conditions = tuple(condition for route in routes for condition in results[route.id])
    for route in routes:
        if all(condition.state == MET for condition in results[route.id]):
            return Judgement(MET, route.id, conditions, None, as_of)
    nearest_route = min(routes, key=lambda route: _distance(results[route.id]))
    missing = tuple(condition for condition in results[nearest_route.id] if condition.state != MET)
    open_question = any(all(condition.state != NOT_MET for condition in results[route.id]) for route in routes)
    days = [day for route in routes if (day := _when(results[route.id])) is not None]
    return Judgement(
        NOT_EVIDENCED if open_question else NOT_MET,
        None,
        conditions,
        Nearest(nearest_route.id, missing, nearest_route.evidence),
        min(days, default=None),
    )


def _routes(ruleset: str | RouteSet, level: int, route_id: str | None) -> Sequence[Route]:
    found = route_set(ruleset) if isinstance(ruleset, str) else ruleset
    if route_id is None:
        return found.for_level(level)
    route = found.route(route_id)
    if route is None:
        raise Refusal(
            N_("申报条件“%(route)s”不在本标准适用的条件之列。"),
            code="route.unknown",
            clause="三（一）",
            remedy=N_("请从该等级的申报条件中选择一项。"),
            status=422,
            route=route_id,
        )
    if route.level != level:
        raise Refusal(
            N_("申报条件“%(route)s”属于其他等级。"),
            code="route.level",
            clause="三（一）",
            remedy=N_("请从所申报等级的申报条件中选择一项。"),
            status=422,
            route=route_id,
        )
    return (route,)


def _when(results: Sequence[ConditionResult]) -> date | None:
    """The day a route would be met by time alone, or None where time alone will not do."""
    days = [condition.earliest for condition in results if condition.state != MET]
    return None if any(day is None for day in days) else max((day for day in days if day), default=None)


def _distance(results: Sequence[ConditionResult]) -> tuple[int, int, date]:
    states = [condition.state for condition in results]
    hopeless = sum(condition.state == NOT_MET and condition.earliest is None for condition in results)
    return (hopeless, states.count(NOT_MET) + states.count(NOT_EVIDENCED), _when(results) or date.max)
