"""Cases of eligibility as plain JSON values: read strictly, judged, answered (三（一）).

A part of ``person`` that is missing or null was not answered; an empty list answers "none". Anything misspelt, of the
wrong kind or out of place is a ``Fault`` naming the case and the field: a typing error must never pass for an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jiangheng.rules.conditions import occupations, standards
from jiangheng.rules.conditions.eligibility import (
    MET,
    ConditionResult,
    Education,
    Employment,
    HeldCertificate,
    HeldTitle,
    Judgement,
    PersonFacts,
    judge,
)
from jiangheng.rules.conditions.eligibility_words import EVIDENCE, HELPS, sentence
from jiangheng.rules.conditions.routes import CERTIFICATE_KINDS, GRADES, SCHOOLS, RouteSet, route_set, route_sets
from jiangheng.rules.words import gettext_noop as N_

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
Translate = Callable[[str], str]


class Fault(ValueError):
    """A case that cannot be judged: which one, which field, and why."""

    def __init__(self, case: str, field: str, message: str, **params: Any) -> None:
        self.case = case
        self.field = field
        self.message = message
        self.params = params
        super().__init__(self.sentence())

    def sentence(self, translate: Translate = lambda text: text) -> str:
        """The case, the field and the reason in one sentence."""
        places = {"case": self.case, "field": self.field or "-", "why": translate(self.message) % self.params}
        return translate(N_("案例 %(case)s，字段 %(field)s：%(why)s")) % places


@dataclass(frozen=True, slots=True)
class Case:
    """One question: a person, an occupation with its related ones, a level, the routes and the day."""

    id: str | int
    person: PersonFacts
    names: frozenset[str]
    level: int
    routes: RouteSet
    as_of: date


def read(given: Any) -> tuple[list[Case], list[Fault]]:
    """Every case that can be judged, and one fault for each that cannot."""
    if not isinstance(given, list):
        return [], [Fault("-", "", N_("文件的最外层应是案例的列表。"))]
    cases: list[Case] = []
    faults: list[Fault] = []
    seen: set[Any] = set()
    for number, row in enumerate(given, 1):
        try:
            case = _case(row, number)
            if case.id in seen:
                raise Fault(str(case.id), "id", N_("编号重复，每个案例须有自己的编号。"))
            seen.add(case.id)
            cases.append(case)
        except Fault as fault:
            faults.append(fault)
    return cases, faults


def answer(case: Case, translate: Translate = lambda text: text) -> tuple[Judgement, dict[str, Any]]:
    """The judgement on a case, and the same as plain JSON values with sentences in the language of ``translate``."""
    found = judge(case.person, case.names, case.level, case.routes, case.as_of)
    nearest = None
    if found.nearest is not None:
        nearest = {
            "route": found.nearest.route,
            "missing": [
                {**_condition(row, translate), "evidence": _evidence(row, translate)} for row in found.nearest.missing
            ],
        }
    return found, {
        "id": case.id,
        "eligible": found.eligible,
        "route": found.route,
        "conditions": [_condition(row, translate) for row in found.conditions],
        "nearest": nearest,
        "earliest": found.earliest.isoformat() if found.earliest else None,
    }


def _condition(row: ConditionResult, translate: Translate) -> dict[str, Any]:
    return {
        "route": row.route,
        "condition": row.condition,
        "clause": row.clause,
        "state": row.state,
        "detail": sentence(row.condition, row.state, row.detail, translate),
    }


def _evidence(row: ConditionResult, translate: Translate) -> str | None:
    kind = HELPS.get(row.condition)
    return translate(EVIDENCE[kind]) if kind and row.state != MET else None


class _Fields:
    """The fields of one object, each taken once; what is left over was not asked for."""

    def __init__(self, case: str, path: str, given: Any, known: Sequence[str]) -> None:
        self.case = case
        self.path = path
        if not isinstance(given, Mapping):
            raise Fault(case, path, N_("应是一个对象（{…}）。"))
        self.given = given
        for name in given:
            if name not in known:
                raise Fault(case, self.at(str(name)), N_("没有这个字段；可用的有：%(known)s。"), known="、".join(known))

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def fault(self, name: str, message: str, **params: Any) -> Fault:
        return Fault(self.case, self.at(name), message, **params)

    def has(self, name: str) -> bool:
        return name in self.given

    def day(self, name: str, *, needed: bool = False) -> date | None:
        value = self.given.get(name)
        if value is None:
            if needed:
                raise self.fault(name, N_("必须写明日期。"))
            return None
        try:
            found = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
        except ValueError:
            found = None
        if found is None or not FIRST <= found <= LAST:
            raise self.fault(name, N_("“%(value)s”不是有效日期，请写成 2026-11-24 的样子。"), value=value)
        return found

    def yes_no(self, name: str) -> bool | None:
        value = self.given.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.fault(name, N_("应是 true、false 或 null。"))
        return value

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        value = self.given.get(name)
        if value not in allowed or not isinstance(value, str):
            raise self.fault(name, N_("应是以下之一：%(allowed)s。"), allowed="、".join(allowed))
        return value

    def words(self, name: str) -> str:
        value = self.given.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(name, N_("必须写明。"))
        return value.strip()

    def level(self) -> int:
        value = self.given.get("level")
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 5:
            raise self.fault("level", N_("等级应是 1 至 5 的整数（5 为五级/初级工，1 为一级/高级技师）。"))
        return value

    def rows(self, name: str, known: Sequence[str]) -> list[_Fields] | None:
        value = self.given.get(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise self.fault(name, N_("应是列表；没有的写空列表 []，未回答的写 null 或不写。"))
        return [_Fields(self.case, f"{self.at(name)}[{place}]", row, known) for place, row in enumerate(value)]


CASE = ("id", "occupation", "level", "ruleset", "on", "as_of", "person")
PERSON = ("born", "certificates", "employment", "titles", "education", "apprenticeship", "training_hours")


def _case(row: Any, number: int) -> Case:
    identifier = row.get("id") if isinstance(row, Mapping) else None
    named = isinstance(identifier, str | int) and not isinstance(identifier, bool) and str(identifier).strip()
    label = str(identifier) if named else f"#{number}"
    fields = _Fields(label, "", row, CASE)
    if not named or not isinstance(identifier, str | int):
        raise fields.fault("id", N_("每个案例须有编号（文字或整数）。"))
    occupation = fields.words("occupation")
    level = fields.level()
    as_of = fields.day("as_of", needed=True)
    if as_of is None:
        raise fields.fault("as_of", N_("必须写明日期。"))
    routes, names = _law(fields, occupation, level)
    if not isinstance(row.get("person"), Mapping):
        raise fields.fault("person", N_("须写明人员情况（对象）；什么都未回答的写 {}。"))
    person = _person(_Fields(label, "person", row["person"], PERSON))
    return Case(identifier, person, names, level, routes, as_of)


@cache
def _catalogue() -> tuple[occupations.OccupationRow, ...]:
    return occupations.catalogue(LAST)


def _law(fields: _Fields, occupation: str, level: int) -> tuple[RouteSet, frozenset[str]]:
    """The routes asked for, or those of the standard in force on ``on``, and what counts as related work."""
    on, given = fields.day("on"), fields.given.get("ruleset")
    if given is not None and given not in list(route_sets()):
        raise fields.fault("ruleset", N_("应是以下之一：%(allowed)s。"), allowed="、".join(route_sets()))
    if given is None and on is None:
        raise fields.fault("ruleset", N_("须写明适用的申报条件（ruleset），或以哪一天有效的职业标准为准（on）。"))
    row = next((each for each in _catalogue() if occupation in (each.code, each.name)), None)
    versions = standards.versions(row.code if row else occupation)
    ruleset = given
    if on is not None:
        if row is None:
            raise fields.fault("occupation", N_("职业目录中没有“%(job)s”；可改写 ruleset。"), job=occupation)
        version = next(
            (
                each
                for each in reversed(versions)
                if each.valid_from <= on and not (each.valid_to and each.valid_to < on)
            ),
            None,
        )
        if version is None:
            raise fields.fault("on", N_("该职业在 %(day)s 没有有效的职业标准。"), day=on.isoformat())
        if given is not None and given != version.ruleset:
            raise fields.fault(
                "ruleset",
                N_("与 on 不一致：%(day)s 有效的标准适用 %(ruleset)s。请只写其一。"),
                day=on.isoformat(),
                ruleset=version.ruleset,
            )
        ruleset = version.ruleset
    if row is not None and str(level) not in row.levels:
        raise fields.fault("level", N_("职业“%(job)s”不设该等级。"), job=row.name)
    related = {name for each in versions for name in each.related_occupations}
    own = {row.code, row.name, *row.jobs} if row else {occupation}
    codes = {each.code for each in _catalogue() if each.name in related}
    return route_set(str(ruleset)), frozenset(own | related | codes)


def _person(fields: _Fields) -> PersonFacts:
    certificates = fields.rows("certificates", ("occupation", "level", "kind", "issued"))
    employment = fields.rows("employment", ("occupation", "from", "to"))
    titles = fields.rows("titles", ("grade", "issued", "matching"))
    education = fields.rows("education", ("kind", "major_related", "enrolled", "graduated", "evaluated_programme"))
    completed = None
    if fields.given.get("apprenticeship") is not None:
        place = _Fields(fields.case, fields.at("apprenticeship"), fields.given["apprenticeship"], ("completed",))
        completed = place.yes_no("completed")
    hours = fields.given.get("training_hours")
    if isinstance(hours, float) and hours.is_integer():
        hours = int(hours)
    if hours is not None and (not isinstance(hours, int) or isinstance(hours, bool) or not 0 <= hours <= 100_000):
        raise fields.fault("training_hours", N_("学时应是不小于 0 的整数。"))
    return PersonFacts(
        born=fields.day("born"),
        certificates=None if certificates is None else tuple(map(_certificate, certificates)),
        employment=None if employment is None else tuple(map(_job, employment)),
        titles=None
        if titles is None
        else tuple(HeldTitle(row.choice("grade", GRADES), row.day("issued"), row.yes_no("matching")) for row in titles),
        education=None if education is None else tuple(map(_school, education)),
        apprenticeship_completed=completed,
        training_hours=hours,
    )


def _certificate(row: _Fields) -> HeldCertificate:
    kind = row.choice("kind", CERTIFICATE_KINDS)
    level = 0 if kind == "pre-technician" and row.given.get("level") is None else row.level()
    return HeldCertificate(row.words("occupation"), level, kind, row.day("issued"))


def _job(row: _Fields) -> Employment:
    start, to = row.day("from", needed=True), row.day("to")
    if start is None or not row.has("to"):
        raise row.fault("to", N_("须写明最后一日；仍在从事的写 null。"))
    if to is not None and to < start:
        raise row.fault("to", N_("最后一日早于第一日（from）。"))
    return Employment(row.words("occupation"), start, to)


def _school(row: _Fields) -> Education:
    return Education(
        kind=row.choice("kind", SCHOOLS),
        major_related=row.yes_no("major_related"),
        enrolled=row.yes_no("enrolled"),
        graduated=row.day("graduated"),
        evaluated_programme=row.yes_no("evaluated_programme"),
        graduation_unknown=not row.has("graduated"),
    )
