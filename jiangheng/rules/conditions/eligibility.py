"""Who may sit (三（一）): each condition met, not met or not evidenced; the nearest route; the earliest date.

Semantics: whole months; a period counts when its anniversary is on or before ``as_of``; only work after a
certificate's day of issue counts as work after it; overlapping employment is merged; a certificate counts at
exactly the level the route names, in the occupation itself or a related one; 职业资格 and 职业技能等级 count equally.
A certificate without its day of issue is neither held nor missing. Left-over days of several stretches add up.
A fact dated after ``as_of`` counts from its own day on; ``earliest`` is the first day from ``as_of`` on which a
route is met with nothing but time passing: work without a last day goes on, a student is one until the diploma.
A field that is None was not answered and gives *not evidenced*; an empty tuple was answered "none" and gives *not met*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jiangheng.rules.conditions.routes import Route, RouteSet, route_set
from jiangheng.rules.conditions.work_time import Spell, day_of_run, day_worked, longest_run, months_worked, spells
from jiangheng.rules.days.months import add_months as add_months
from jiangheng.rules.days.months import whole_months as whole_months
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

MET, NOT_MET, NOT_EVIDENCED = "met", "not_met", "not_evidenced"

LABELS = {
    "min_age": N_("年龄"),
    "working": N_("从事本职业或相关职业"),
    "cert": N_("原证书等级"),
    "cert_held": N_("持证年限"),
    "after": N_("取得证书后的工作年限"),
    "cum": N_("累计工作年限"),
    "consecutive": N_("连续工作年限"),
    "training": N_("本级正规培训学时"),
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
    """Schooling of a kind (technical_school … master); ``graduated`` is the day of the diploma, None while without.

    ``graduation_unknown``: whether there is a diploma was not answered. A student is one until the diploma's day.
    """

    kind: str
    major_related: bool | None
    enrolled: bool | None = False
    graduated: date | None = None
    evaluated_programme: bool | None = False
    graduation_unknown: bool = False


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


Detail = dict[str, str | int]
Answer = tuple[str, Detail, date | None]


class _Case:
    """A person asked about one occupation on one day."""

    def __init__(self, person: PersonFacts, names: frozenset[str], as_of: date) -> None:
        self.person = person
        self.names = names
        self.as_of = as_of
        self._jobs = [(job.start, job.to) for job in person.employment or () if job.occupation in names]
        self._work: dict[date | None, list[Spell]] = {}

    def work(self, since: date | None = None) -> list[Spell]:
        """Spells of related work from ``since`` on, whether begun by ``as_of`` or known to come."""
        if since not in self._work:
            self._work[since] = spells(self._jobs, since)
        return self._work[since]


def _age(route: Route, case: _Case) -> Answer:
    years = route.min_age or 0
    if case.person.born is None:
        return NOT_EVIDENCED, {"needed": years}, None
    birthday = add_months(case.person.born, years * 12)
    return (
        MET if birthday <= case.as_of else NOT_MET,
        {"needed": years, "have": whole_months(case.person.born, case.as_of) // 12},
        birthday,
    )


def _working(_route: Route, case: _Case) -> Answer:
    if case.person.employment is None:
        return NOT_EVIDENCED, {}, None
    begins = case.work()[0][0] if case.work() else None
    return (MET if begins and begins <= case.as_of else NOT_MET), {}, begins


def _held(route: Route, case: _Case) -> list[HeldCertificate] | None:
    """The certificates of the kind the route names, with those known to be issued after ``as_of``."""
    if case.person.certificates is None:
        return None
    return [held for held in case.person.certificates if held.occupation in case.names and _fits(route, held)]


def _fits(route: Route, held: HeldCertificate) -> bool:
    """Whether level and kind are those the route names, whatever the occupation."""
    kind = held.kind == route.cert_kind if route.cert_kind else held.kind != "pre-technician"
    return kind and (route.cert is None or held.level == route.cert)


def _cert(route: Route, case: _Case) -> Answer:
    held = _held(route, case)
    needed: Detail = {"kind": route.cert_kind} if route.cert_kind else {}
    if route.cert:
        needed["needed"] = route.cert
    if held is None:
        return NOT_EVIDENCED, needed, None
    if any(row.issued is not None and row.issued <= case.as_of for row in held):
        return MET, needed, None
    comes = min((row.issued for row in held if row.issued), default=None)
    if any(row.issued is None for row in held):
        # Without its day nobody knows whether it was issued by ``as_of``: neither held nor missing.
        return NOT_EVIDENCED, {**needed, "open": "issued"}, comes
    other = [row.level for row in case.person.certificates or () if row.occupation in case.names]
    if comes is None and other and not route.cert_kind:
        needed["have"] = min(other)
    elsewhere = [
        row.occupation
        for row in case.person.certificates or ()
        if row.occupation not in case.names and _fits(route, row) and (row.issued is None or row.issued <= case.as_of)
    ]
    if comes is None and "have" not in needed and elsewhere:
        # An occupation's former name counts once it stands in the catalogue: say so instead of a bare no.
        needed["other"] = elsewhere[0]
    return NOT_MET, needed, comes


def _best(answers: Iterable[Answer], otherwise: Answer) -> Answer:
    rank = {MET: 0, NOT_EVIDENCED: 1, NOT_MET: 2}
    known = list(answers)
    if not known:
        return otherwise
    state, detail, _ = min(known, key=lambda answer: (rank[answer[0]], answer[2] or date.max))
    return state, detail, min((answer[2] for answer in known if answer[2] is not None), default=None)


def _come(issued: date | None, case: _Case) -> bool:
    return issued is None or issued <= case.as_of


def _since(case: _Case, years: int, issued: date | None) -> Answer:
    if issued is None or case.person.employment is None:
        return NOT_EVIDENCED if _come(issued, case) else NOT_MET, {"needed": years}, None
    months = months_worked(case.work(issued), case.as_of)
    state = MET if months >= years * 12 and _come(issued, case) else NOT_MET
    return state, {"needed": years, "have_months": months}, day_worked(case.work(issued), years * 12)


def _after(route: Route, case: _Case) -> Answer:
    years, held = route.after or 0, _held(route, case)
    if held is None:
        return NOT_EVIDENCED, {"needed": years}, None
    return _best(
        (_since(case, years, row.issued) for row in held), (NOT_MET, {"needed": years, "have_months": 0}, None)
    )


def _cert_held(route: Route, case: _Case) -> Answer:
    years, held = route.cert_held or 0, _held(route, case)
    if held is None:
        return NOT_EVIDENCED, {"needed": years}, None

    def one(row: HeldCertificate) -> Answer:
        if row.issued is None:
            return NOT_EVIDENCED, {"needed": years}, None
        due = add_months(row.issued, years * 12)
        have = whole_months(row.issued, case.as_of)
        return (MET if due <= case.as_of else NOT_MET), {"needed": years, "have_months": have}, due

    return _best(map(one, held), (NOT_MET, {"needed": years, "have_months": 0}, None))


def _cum(route: Route, case: _Case) -> Answer:
    years = route.cum or 0
    if case.person.employment is None:
        return NOT_EVIDENCED, {"needed": years}, None
    months = months_worked(case.work(), case.as_of)
    detail: Detail = {"needed": years, "have_months": months}
    return (MET if months >= years * 12 else NOT_MET), detail, day_worked(case.work(), years * 12)


def _consecutive(route: Route, case: _Case) -> Answer:
    years = route.consecutive or 0
    needed: Detail = {"needed": years}

    def one(since: date | None) -> Answer:
        if case.person.employment is None:
            return NOT_EVIDENCED if _come(since, case) else NOT_MET, needed, None
        months = longest_run(case.work(since), case.as_of, route.gap_days)
        state = MET if months >= years * 12 and _come(since, case) else NOT_MET
        return state, {**needed, "have_months": months}, day_of_run(case.work(since), years * 12, route.gap_days)

    if route.cert is None and not route.cert_kind:
        return one(None)
    held = _held(route, case)
    if held is None:
        return NOT_EVIDENCED, needed, None
    return _best(
        ((NOT_EVIDENCED, needed, None) if row.issued is None else one(row.issued) for row in held),
        (NOT_MET, {**needed, "have_months": 0}, None),
    )


def _training(route: Route, case: _Case) -> Answer:
    hours, needed = case.person.training_hours, route.training or 0
    if hours is None:
        return NOT_EVIDENCED, {"needed": needed}, None
    return (MET if hours >= needed else NOT_MET), {"needed": needed, "have": hours}, None


def _titles(route: Route, case: _Case) -> list[HeldTitle] | None:
    if case.person.titles is None:
        return None
    return [title for title in case.person.titles if title.grade == route.title and title.matching is not False]


def _title(route: Route, case: _Case) -> Answer:
    titles = _titles(route, case)
    if titles is None:
        return NOT_EVIDENCED, {"needed": route.title}, None

    def one(row: HeldTitle) -> Answer:
        state = NOT_MET if not _come(row.issued, case) else MET if row.matching else NOT_EVIDENCED
        detail: Detail = {"needed": route.title}
        if state == NOT_EVIDENCED:
            detail["open"] = "matching"
        return state, detail, row.issued if row.matching else None

    return _best(map(one, titles), (NOT_MET, {"needed": route.title}, None))


def _after_title(route: Route, case: _Case) -> Answer:
    years, titles = route.after_title or 0, _titles(route, case)
    if titles is None:
        return NOT_EVIDENCED, {"needed": years}, None

    def one(row: HeldTitle) -> Answer:
        state, detail, reached = _since(case, years, row.issued)
        if state == MET and row.matching is None:
            return NOT_EVIDENCED, detail, None
        return state, detail, reached if row.matching else None

    return _best(map(one, titles), (NOT_MET, {"needed": years, "have_months": 0}, None))


def _student(row: Education, on: date) -> bool | None:
    """Whether the person is a student on a day: as they said, until the day of the diploma."""
    return False if row.graduated is not None and row.graduated <= on else row.enrolled


def _edu(route: Route, case: _Case) -> Answer:
    if case.person.education is None:
        return NOT_EVIDENCED, {}, None

    def one(row: Education) -> Answer:
        listed = route.evaluated or row.kind in route.evaluated_edu
        wanted = [("major", route.major, row.major_related), ("evaluated", listed, row.evaluated_programme)]
        closed = next((name for name, asked, given in wanted if asked and given is False), "")
        if closed:
            return NOT_MET, {"kind": row.kind, "open": closed}, None
        unknown = next((name for name, asked, given in wanted if asked and given is None), "")
        student = _student(row, case.as_of) if route.enrolled else False
        comes = None if route.students else row.graduated
        standing = "standing"
        if student is not False and route.final_year is not None:
            # The day of the diploma decides whether this is the final year; without one nobody knows.
            begins = add_months(row.graduated, -route.final_year) if row.graduated else None
            final = None if begins is None else begins <= case.as_of
            if student or final is None:
                standing = "final_year"
            if student and begins:
                comes = begins
            student = False if final is False else student if final else None
        graduate = None if row.graduation_unknown and not route.students else bool(comes and comes <= case.as_of)
        if student or graduate:
            detail: Detail = {"kind": row.kind, "student": int(not graduate)}
            return (NOT_EVIDENCED, {**detail, "open": unknown}, None) if unknown else (MET, detail, case.as_of)
        if student is None or graduate is None:
            return NOT_EVIDENCED, {"kind": row.kind, "open": standing}, None if unknown else comes
        if standing != "final_year":
            standing = "no_student" if route.students else "no_diploma"
        return NOT_MET, {"kind": row.kind, "open": standing}, None if unknown else comes

    return _best((one(row) for row in case.person.education if row.kind in route.edu), (NOT_MET, {}, None))


def _apprentice(_route: Route, case: _Case) -> Answer:
    done = case.person.apprenticeship_completed
    return (NOT_EVIDENCED if done is None else MET if done else NOT_MET), {}, None


_CHECKS: tuple[tuple[str, Callable[[Route], bool], Callable[[Route, _Case], Answer]], ...] = (
    ("min_age", lambda route: route.min_age is not None, _age),
    ("working", lambda route: route.working, _working),
    ("cert", lambda route: route.cert is not None or bool(route.cert_kind), _cert),
    ("cert_held", lambda route: route.cert_held is not None, _cert_held),
    ("after", lambda route: route.after is not None, _after),
    ("cum", lambda route: route.cum is not None, _cum),
    ("consecutive", lambda route: route.consecutive is not None, _consecutive),
    ("training", lambda route: route.training is not None, _training),
    ("title", lambda route: bool(route.title), _title),
    ("after_title", lambda route: route.after_title is not None, _after_title),
    ("edu", lambda route: bool(route.edu), _edu),
    ("apprentice", lambda route: route.apprentice, _apprentice),
)


def check_route(
    route: Route, person: PersonFacts, occupation: Iterable[str], as_of: date
) -> tuple[ConditionResult, ...]:
    """How every condition of one route stands; ``occupation`` names the occupation itself and its related ones."""
    return _checked(route, _Case(person, _names(occupation), as_of))


def _names(occupation: Iterable[str]) -> frozenset[str]:
    return frozenset((occupation,) if isinstance(occupation, str) else occupation)


def _checked(route: Route, case: _Case) -> tuple[ConditionResult, ...]:
    clause = f"{route.text}（{route.basis}）" if route.basis else route.text
    return tuple(
        ConditionResult(route.id, name, clause, *check(route, case)) for name, asked, check in _CHECKS if asked(route)
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
    ``level.none``, ``route.unknown``, ``route.level``.
    """
    routes = _routes(ruleset, level, route_id)
    case = _Case(person, _names(occupation), as_of)
    results = {route.id: _checked(route, case) for route in routes}
    conditions = tuple(condition for route in routes for condition in results[route.id])
    for route in routes:
        if all(condition.state == MET for condition in results[route.id]):
            return Judgement(MET, route.id, conditions, None, as_of)
    days = {route.id: _when(route, results[route.id], case) for route in routes}
    nearest_route = min(routes, key=lambda route: _distance(results[route.id], days[route.id]))
    missing = tuple(condition for condition in results[nearest_route.id] if condition.state != MET)
    open_question = any(all(condition.state != NOT_MET for condition in results[route.id]) for route in routes)
    return Judgement(
        NOT_EVIDENCED if open_question else NOT_MET,
        None,
        conditions,
        Nearest(nearest_route.id, missing, nearest_route.evidence),
        min((day for day in days.values() if day is not None), default=None),
    )


def _routes(ruleset: str | RouteSet, level: int, route_id: str | None) -> Sequence[Route]:
    found = route_set(ruleset) if isinstance(ruleset, str) else ruleset
    if route_id is None:
        if not found.for_level(level):
            raise refuse(
                "level.none",
                N_("该申报条件没有%(level)s级的条款。"),
                N_("请核对职业标准所设等级。"),
                clause="三（一）",
                status=422,
                level=level,
            )
        return found.for_level(level)
    route = found.route(route_id)
    if route is None:
        raise refuse(
            "route.unknown",
            N_("申报条件“%(route)s”不在本标准适用的条件之列。"),
            N_("请从该等级的申报条件中选择一项。"),
            clause="三（一）",
            status=422,
            route=route_id,
        )
    if route.level != level:
        raise refuse(
            "route.level",
            N_("申报条件“%(route)s”属于其他等级。"),
            N_("请从所申报等级的申报条件中选择一项。"),
            clause="三（一）",
            status=422,
            route=route_id,
        )
    return (route,)


def _when(route: Route, results: Sequence[ConditionResult], case: _Case) -> date | None:
    """The first day a route would be met by time alone, or None where time alone will not do."""
    days = [condition.earliest for condition in results if condition.state != MET]
    if any(day is None for day in days):
        return None
    found = max(day for day in days if day is not None)
    # Being a student ends with the diploma: the day may come too late for a route that only students have.
    if route.students and _edu(route, _Case(case.person, case.names, found))[0] != MET:
        return None
    return found


def _distance(results: Sequence[ConditionResult], day: date | None) -> tuple[int, int, date]:
    states = [condition.state for condition in results]
    hopeless = sum(condition.state == NOT_MET and condition.earliest is None for condition in results)
    return (hopeless, states.count(NOT_MET) + states.count(NOT_EVIDENCED), day or date.max)
