"""What a form or a roster row says of a person, read as facts for the eligibility engine; whom a body may serve (二).

How each column is read:

- 证件号码, 出生日期: the birthday.
- 是否有职业资格证书: 否 answers "none"; 是 with 证书等级 and 证书编号 is a certificate of that level. The day of issue
  is 原证书发证日期 where given; else only the year in the number is known, so the careful reading takes its last
  day and the kind one its first. A number of no known shape, or none, leaves the question open. The occupation is
  原职业(工种), or, where the form has no such column, the one applied for: the route chosen says "本职业或相关职业".
- 专业年限: years in the occupation counted back from the day of the claim, going on since. The careful reading never
  begins before 参加工作时间. 0 answers "none". Without 专业年限 the spells in 简要经历 (“2012-04至今 单位 职业”) count,
  each in the occupation named last. 参加工作时间 alone does not say in which occupation.
- 文化程度 with 考生来源 of a school is a student enrolled; with 学历证书编号 or 毕业时间 a graduate; with neither the
  diploma is an open question. 专业 counts as related when the standard lists it, else it is open.
- 毕业或在读 and 就读班级 (高级工班, 预备技师班) only the form has; 在读 is a student enrolled, whatever 考生来源 says.
- 现职称, 职称取得日期, 学徒期满, 培训学时: only the form has them; a roster leaves them open.

A claim handed in with the signed commitment counts as evidence declared; what is blank is never taken as "no".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.conditions import experience
from jiangheng.rules.conditions.eligibility import (
    MET,
    NOT_EVIDENCED,
    NOT_MET,
    ConditionResult,
    Education,
    Employment,
    HeldCertificate,
    HeldTitle,
    Judgement,
    Nearest,
    PersonFacts,
    add_months,
    judge,
)
from jiangheng.rules.conditions.routes import RouteSet
from jiangheng.rules.law import Law
from jiangheng.rules.readers import certificate_numbers

STUDENT_SOURCES = frozenset({"4", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30"})
SCHOOLING = {
    "11": "master",
    "14": "master",
    "20": "bachelor",
    "30": "college",
    "41": "secondary_vocational",
    "44": "secondary_vocational",
    "47": "technical_school",
    "48": "senior_technical_school",
    "49": "technician_college",
}
OF_TECHNICAL_SCHOOLS = frozenset({"47", "48", "49"})
CLASSES = {"高级工班": "senior_technical_school", "预备技师（技师）班": "pre_technician_class"}
ENROLLED = "在读"
GRADES = {"初级": "junior", "中级": "middle", "高级": "senior"}
NO_TITLE = "无"
SPELL = re.compile(
    r"(\d{4})[-./年](\d{1,2})月?\s*(?:至今|(?:至|—|－|-|~|～)\s*(今|(\d{4})[-./年](\d{1,2})月?))\s+([^\n;；,，]+)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of a form under the careful and under the kind reading; they differ only where the form is vague."""

    careful: PersonFacts
    kind: PersonFacts


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judgement on the route chosen; ``other_route`` is another one wholly met when the chosen one is not."""

    judgement: Judgement
    other_route: str | None = None

    @property
    def verdict(self) -> str:
        """met, not_met or not_evidenced; a wrong choice of route is looked at by hand, never refused outright."""
        return NOT_EVIDENCED if self.other_route else self.judgement.verdict


def read(
    values: Mapping[str, Any], *, occupation: str, related_majors: Sequence[str], claimed_on: date, law: Law
) -> Reading:
    """Read the columns of a form; ``occupation`` is the one applied for, ``claimed_on`` the day they were handed in."""
    careful, kind = (
        PersonFacts(
            born=_day(values.get("出生日期")),
            certificates=_certificates(values, occupation, claimed_on, law, careful=careful),
            employment=_employment(values, occupation, claimed_on, careful=careful),
            titles=_titles(values),
            education=_education(values, related_majors, claimed_on),
            apprenticeship_completed=_yes_no(values.get("学徒期满")),
            training_hours=_hours(values.get("培训学时")),
        )
        for careful in (True, False)
    )
    return Reading(careful, kind)


def assess(
    reading: Reading, occupation: Iterable[str], level: int, ruleset: str | RouteSet, as_of: date, *, route: str = ""
) -> Assessment:
    """Judge a reading by the route chosen, or by every route where none is; refusals are those of ``judge``."""
    names = frozenset(occupation)
    chosen = _judged(reading, names, level, ruleset, as_of, route or None)
    if chosen.verdict == MET or not route:
        return Assessment(chosen)
    any_route = judge(reading.careful, names, level, ruleset, as_of)
    return Assessment(chosen, any_route.route if any_route.verdict == MET else None)


def _judged(
    reading: Reading, names: frozenset[str], level: int, ruleset: str | RouteSet, as_of: date, route: str | None
) -> Judgement:
    careful = judge(reading.careful, names, level, ruleset, as_of, route_id=route)
    if careful.verdict == MET or reading.careful == reading.kind:
        return careful
    kind = judge(reading.kind, names, level, ruleset, as_of, route_id=route)
    if kind.verdict != MET:
        return kind
    # Only the vagueness of the form stands between "met" and "not met": that is an open question, not a no.
    conditions = tuple(_open(each, other) for each, other in zip(careful.conditions, kind.conditions, strict=True))
    near = careful.nearest
    missing = tuple(each for each in conditions if near and each.route == near.route and each.state != MET)
    nearest = Nearest(near.route, missing, near.evidence) if near else None
    return Judgement(NOT_EVIDENCED, None, conditions, nearest, careful.earliest)


def _open(careful: ConditionResult, kind: ConditionResult) -> ConditionResult:
    return replace(careful, state=NOT_EVIDENCED) if careful.state == NOT_MET and kind.state == MET else careful


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _yes_no(value: Any) -> bool | None:
    found = codes.find("yes_no", str(value)) if value else None
    return None if found is None else found.code == "1"


def _certificates(
    values: Mapping[str, Any], occupation: str, claimed_on: date, law: Law, *, careful: bool
) -> tuple[HeldCertificate, ...] | None:
    number = str(values.get("证书编号") or "")
    held = _yes_no(values.get("是否有职业资格证书"))
    if held is False:
        return ()
    if held is None and not number:
        return None
    parsed = certificate_numbers.parse(number, law)
    stated = codes.find("level", str(values.get("证书等级") or ""))
    level = int(stated.code) if stated else parsed.level
    issued = _day(values.get("原证书发证日期"))
    if level is None or (parsed.scheme == "legacy" and issued is None and careful):
        return None
    if issued is None and parsed.year:
        issued = (
            min(certificate_numbers.latest_issue(parsed) or claimed_on, claimed_on)
            if careful
            else date(parsed.year, 1, 1)
        )
    return (HeldCertificate(str(values.get("原职业(工种)") or occupation), level, issued=issued),)


def _employment(
    values: Mapping[str, Any], occupation: str, claimed_on: date, *, careful: bool
) -> tuple[Employment, ...] | None:
    years = _number(values.get("专业年限"))
    began = _day(values.get("参加工作时间"))
    if years == 0:
        return ()
    if years is not None:
        start = add_months(claimed_on, -round(years * 12))
        return (Employment(occupation, max(start, began) if careful and began else start),)
    spells = tuple(_spells(str(values.get("简要经历") or "")))
    return spells or None


def _number(value: Any) -> float | None:
    try:
        return float(value) if value not in (None, "") else None
    except (TypeError, ValueError):
        return None


def _hours(value: Any) -> int | None:
    hours = _number(value)
    return int(hours) if hours is not None and 0 <= hours <= 100_000 else None


def _spells(text: str) -> Iterable[Employment]:
    for found in SPELL.finditer(unicodedata.normalize("NFKC", text)):
        year, month, _end, to_year, to_month, words = found.groups()
        try:
            start = date(int(year), int(month), 1)
            to = add_months(date(int(to_year), int(to_month), 1), 1) if to_year else None
        except ValueError:
            continue
        named = experience.without_witness(words).split()
        if named:
            yield Employment(named[-1], start, to)


def _titles(values: Mapping[str, Any]) -> tuple[HeldTitle, ...] | None:
    stated = str(values.get("现职称") or "")
    if stated == NO_TITLE:
        return ()
    grade = GRADES.get(stated)
    if grade is None:
        return None
    return (HeldTitle(grade, _day(values.get("职称取得日期")), _yes_no(values.get("职称专业对应"))),)


def _education(
    values: Mapping[str, Any], related_majors: Sequence[str], claimed_on: date
) -> tuple[Education, ...] | None:
    stated = codes.find("education", str(values.get("文化程度") or ""))
    if stated is None:
        return None
    kind = SCHOOLING.get(stated.code)
    if kind is None:
        return ()
    source = codes.find("candidate_source", str(values.get("考生来源") or ""))
    kind = CLASSES.get(str(values.get("就读班级") or ""), kind) if stated.code in OF_TECHNICAL_SCHOOLS else kind
    studying = str(values.get("毕业或在读") or "")
    enrolled = studying == ENROLLED or (not studying and source is not None and source.code in STUDENT_SOURCES)
    graduated = _day(values.get("毕业时间")) or (claimed_on if values.get("学历证书编号") else None)
    if not enrolled and graduated is None:
        return None
    major = str(values.get("专业") or "").strip()
    related = True if major and major in related_majors else _yes_no(values.get("专业对应"))
    return (Education(kind, related, enrolled, graduated, None),)
