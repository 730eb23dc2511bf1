"""Who may sit (三（一）): the two route tables, and an independent, slow reading of them on random people."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules import eligibility, routes
from jiangheng.rules.eligibility import (
    MET,
    NOT_EVIDENCED,
    NOT_MET,
    Education,
    Employment,
    HeldCertificate,
    HeldTitle,
    PersonFacts,
    judge,
)
from jiangheng.rules.refusal import Refusal

ELECTRICIAN, RELATED, OTHER = "6-31-01-03", "6-31-01-04", "4-03-02-01"
OCCUPATION = (ELECTRICIAN, RELATED)
AS_OF = date(2026, 6, 1)

# the tables, typed again from the templates themselves
TECHNICAL = {"technical_school", "senior_technical_school", "technician_college", "pre_technician_class"}
COLLEGE = {"higher_vocational", "college", "bachelor", "master"}
TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "R2018": {
        "2018-5-1": {"level": 5, "years": 1},
        "2018-5-2": {"level": 5, "apprentice": True},
        "2018-4-1": {"level": 4, "cert": 5, "years_after": 4},
        "2018-4-2": {"level": 4, "years": 6},
        "2018-4-3a": {"level": 4, "edu": TECHNICAL - {"pre_technician_class"}, "major": True, "student": True},
        "2018-4-3b": {
            "level": 4, "edu": {"secondary_vocational", "higher_vocational"},
            "major": True, "student": True, "evaluated": True,
        },
        "2018-3-1": {"level": 3, "cert": 4, "years_after": 5},
        "2018-3-2a": {
            "level": 3, "cert": 4, "edu": {"senior_technical_school", "technician_college"}, "student": True,
        },
        "2018-3-2b": {
            "level": 3, "cert": 4, "edu": {"higher_vocational"}, "major": True, "student": True, "evaluated": True,
        },
        "2018-3-3": {"level": 3, "cert": 4, "years_after": 2, "edu": COLLEGE, "major": True},
        "2018-2-1": {"level": 2, "cert": 3, "years_after": 4},
        "2018-2-2a": {"level": 2, "cert": 3, "years": 3, "edu": {"senior_technical_school", "technician_college"}},
        "2018-2-2b": {"level": 2, "pre_technician": True, "years": 2, "edu": {"technician_college"}},
        "2018-1-1": {"level": 1, "cert": 2, "years_after": 4},
    },
    "R2023": {
        "2023-5-1": {"level": 5, "age": 16},
        "2023-5-2": {"level": 5, "age": 16, "working": True},
        "2023-4-1": {"level": 4, "years": 5},
        "2023-4-2": {"level": 4, "cert": 5, "years_after": 3},
        "2023-4-3": {
            "level": 4, "edu": TECHNICAL | COLLEGE | {"secondary_vocational"}, "major": True, "student": True,
        },
        "2023-3-1": {"level": 3, "years": 10},
        "2023-3-2": {"level": 3, "cert": 4, "years_after": 4},
        "2023-3-3": {"level": 3, "title": "junior", "years_title": 1},
        "2023-3-4": {"level": 3, "edu": TECHNICAL - {"technical_school"}, "major": True, "student": True},
        "2023-3-5": {"level": 3, "cert": 4, "edu": COLLEGE, "major": True, "student": True},
        "2023-3-6": {"level": 3, "edu": COLLEGE, "major": True, "student": True, "evaluated": True},
        "2023-2-1": {"level": 2, "cert": 3, "years_after": 5},
        "2023-2-2": {"level": 2, "cert": 3, "years_after": 1, "title": "junior", "years_title": 5},
        "2023-2-3": {"level": 2, "title": "middle", "years_title": 1},
        "2023-2-4": {"level": 2, "cert": 3, "years": 2, "edu": {"senior_technical_school", "technician_college"}},
        "2023-2-5": {
            "level": 2, "cert": 3, "held": 2, "edu": {"pre_technician_class"}, "student": True, "only_student": True,
        },
        "2023-1-1": {"level": 1, "cert": 2, "years_after": 5},
        "2023-1-2": {"level": 1, "cert": 2, "years_after": 1, "title": "middle", "years_title": 5},
        "2023-1-3": {"level": 1, "title": "senior", "years_title": 1},
    },
}  # fmt: skip


# the slow reading: a set of days worked, split into runs, anniversaries tried one by one


def anniversary(start: date, months: int) -> date:
    month = start.month + months
    year = start.year + (month - 1) // 12
    month = (month - 1) % 12 + 1
    for day in range(start.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError(start)


@cache
def months_worked(person: PersonFacts, since: date, as_of: date) -> int:
    days = set()
    for job in person.employment or ():
        if job.occupation in OCCUPATION:
            day = max(job.start, since)
            while day < as_of and (job.to is None or day <= job.to):
                days.add(day)
                day += timedelta(days=1)
    months = 0
    for first in sorted(day for day in days if day - timedelta(days=1) not in days):
        end = first
        while end in days:
            end += timedelta(days=1)
        count = 0
        while anniversary(first, count + 1) <= end:
            count += 1
        months += count
    return months


def worst(states: Iterable[str]) -> str:
    states = list(states)
    return NOT_MET if NOT_MET in states else NOT_EVIDENCED if NOT_EVIDENCED in states else MET


def best(states: Iterable[str]) -> str:
    states = list(states)
    return MET if MET in states else NOT_EVIDENCED if NOT_EVIDENCED in states else NOT_MET


def yes(answer: bool | None) -> str:
    return NOT_EVIDENCED if answer is None else MET if answer else NOT_MET


def read_route(row: dict[str, Any], person: PersonFacts, as_of: date) -> str:
    def years_since(day: date | None, years: int) -> str:
        if day is None or person.employment is None:
            return NOT_EVIDENCED
        return yes(months_worked(person, day, as_of) >= 12 * years)

    states = []
    if "age" in row:
        born = person.born
        states.append(NOT_EVIDENCED if born is None else yes(anniversary(born, 12 * row["age"]) <= as_of))
    if "working" in row:
        jobs = person.employment
        states.append(
            NOT_EVIDENCED if jobs is None else yes(any(j.start <= as_of and j.occupation in OCCUPATION for j in jobs))
        )
    if "years" in row:
        states.append(years_since(date(1900, 1, 1), row["years"]))
    if "cert" in row or "pre_technician" in row:
        if person.certificates is None:
            states.append(NOT_EVIDENCED)
        else:
            good = [
                held
                for held in person.certificates
                if held.occupation in OCCUPATION
                and (held.issued is None or held.issued <= as_of)
                and (
                    held.kind == "pre-technician"
                    if "pre_technician" in row
                    else held.level == row["cert"] and held.kind in ("skill", "vocational")
                )
            ]
            states.append(yes(bool(good)))
            if "years_after" in row:
                states.append(best(years_since(held.issued, row["years_after"]) for held in good))
            if "held" in row:
                states.append(
                    best(
                        yes(None if held.issued is None else anniversary(held.issued, 12 * row["held"]) <= as_of)
                        for held in good
                    )
                )
    if "title" in row:
        if person.titles is None:
            states.append(NOT_EVIDENCED)
        else:
            graded = [t for t in person.titles if t.grade == row["title"] and (t.issued is None or t.issued <= as_of)]
            states.append(best(worst([yes(t.matching), years_since(t.issued, row["years_title"])]) for t in graded))
    if "edu" in row:
        if person.education is None:
            states.append(NOT_EVIDENCED)
        else:
            found = []
            for school in person.education:
                if school.kind not in row["edu"]:
                    continue
                there = bool(row.get("student") and school.enrolled) or bool(
                    not row.get("only_student") and school.graduated and school.graduated <= as_of
                )
                asked = [yes(there)]
                if row.get("major"):
                    asked.append(yes(school.major_related))
                if row.get("evaluated"):
                    asked.append(yes(school.evaluated_programme))
                found.append(worst(asked))
            states.append(best(found))
    if "apprentice" in row:
        states.append(yes(person.apprenticeship_completed))
    return worst(states)


def read(ruleset: str, level: int, person: PersonFacts, as_of: date) -> str:
    return best(read_route(row, person, as_of) for row in TABLE[ruleset].values() if row["level"] == level)


def random_person(chance: random.Random) -> PersonFacts:
    def day(first: int = 2005, last: int = 2026) -> date:
        return date(first, 1, 1) + timedelta(
            days=chance.randrange((min(date(last, 12, 31), AS_OF) - date(first, 1, 1)).days)
        )

    def maybe(value: Any, unknown: float = 0.1) -> Any:
        return None if chance.random() < unknown else value

    def some(most: int) -> range:
        return range(chance.randrange(most + 1))

    def job() -> Employment:
        start = day()
        to = (
            None if chance.random() < 0.5 else min(start + timedelta(days=chance.randrange(3000)), AS_OF - timedelta(1))
        )
        return Employment(chance.choice([ELECTRICIAN, ELECTRICIAN, RELATED, OTHER]), start, to and max(to, start))

    def school() -> Education:
        enrolled = chance.random() < 0.4
        return Education(
            chance.choice(sorted(TECHNICAL | COLLEGE | {"secondary_vocational"})),
            chance.choice([True, True, False, None]),
            enrolled,
            None if enrolled else maybe(day(2005, 2026), 0.2),
            chance.choice([True, False, None]),
        )

    return PersonFacts(
        born=maybe(day(1965, 2012)),
        certificates=maybe(
            tuple(
                HeldCertificate(
                    chance.choice([ELECTRICIAN, RELATED, OTHER]),
                    chance.randrange(1, 6),
                    chance.choice(["skill", "vocational", "pre-technician"]),
                    maybe(day()),
                )
                for _ in some(3)
            )
        ),
        employment=maybe(tuple(job() for _ in some(4))),
        titles=maybe(
            tuple(
                HeldTitle(
                    chance.choice(["junior", "middle", "senior"]),
                    maybe(day()),
                    chance.choice([True, True, False, None]),
                )
                for _ in some(2)
            )
        ),
        education=maybe(tuple(school() for _ in some(2))),
        apprenticeship_completed=chance.choice([True, False, None]),
    )


@pytest.mark.parametrize("ruleset", TABLE)
def test_the_engine_agrees_with_the_slow_reading(ruleset: str) -> None:
    chance = random.Random(f"people {ruleset}")
    verdicts = {MET: 0, NOT_MET: 0, NOT_EVIDENCED: 0}
    for _ in range(200):
        person = random_person(chance)
        for level in (5, 4, 3, 2, 1):
            found = judge(person, OCCUPATION, level, ruleset, AS_OF)
            assert found.verdict == read(ruleset, level, person, AS_OF), (level, person)
            verdicts[found.verdict] += 1
            for identifier, row in TABLE[ruleset].items():
                if row["level"] == level:
                    alone = judge(person, OCCUPATION, level, ruleset, AS_OF, route_id=identifier)
                    assert alone.verdict == read_route(row, person, AS_OF), (identifier, person)
    assert all(count > 50 for count in verdicts.values())


@pytest.mark.parametrize("ruleset", TABLE)
def test_the_earliest_date_is_the_first_day_on_which_the_person_qualifies(ruleset: str) -> None:
    chance = random.Random(f"earliest {ruleset}")
    seen = 0
    for _ in range(300):
        person = random_person(chance)
        for level in (5, 4, 3, 2, 1):
            found = judge(person, OCCUPATION, level, ruleset, AS_OF)
            if found.eligible:
                assert found.earliest == AS_OF
            elif found.earliest is not None:
                seen += 1
                assert found.earliest > AS_OF
                assert judge(person, OCCUPATION, level, ruleset, found.earliest).eligible
                assert not judge(person, OCCUPATION, level, ruleset, found.earliest - timedelta(days=1)).eligible
    assert seen > 15


@pytest.mark.parametrize("ruleset", TABLE)
def test_every_route_of_the_table_is_shipped_with_its_text(ruleset: str) -> None:
    shipped = routes.route_sets()[ruleset]
    assert [route.id for route in shipped.routes] == sorted(
        TABLE[ruleset], key=lambda name: (-TABLE[ruleset][name]["level"], name)
    )
    for route in shipped.routes:
        assert route.level == TABLE[ruleset][route.id]["level"]
        assert route.text.endswith("。")
        assert route.evidence or route.id == "2023-5-1"
        assert shipped.route(route.id) is route
    assert shipped.instrument == f"route-template-{ruleset[1:]}"


@given(st.dates(date(1990, 1, 1), date(2020, 12, 31)), st.integers(0, 240), st.integers(-40, 40))
def test_whole_months_end_on_the_anniversary(start: date, months: int, days: int) -> None:
    end = eligibility.add_months(start, months) + timedelta(days=days)
    count = eligibility.whole_months(start, end)
    assert anniversary(start, count) <= end or (count == 0 and end < start)
    assert anniversary(start, count + 1) > end


def verdict(
    person: PersonFacts, level: int, as_of: date = AS_OF, route: str | None = None, ruleset: str = "R2023"
) -> str:
    return judge(person, OCCUPATION, level, ruleset, as_of, route_id=route).verdict


def worked(*spells: tuple[str, str | None], occupation: str = ELECTRICIAN) -> tuple[Employment, ...]:
    return tuple(
        Employment(occupation, date.fromisoformat(start), date.fromisoformat(to) if to else None)
        for start, to in spells
    )


def test_a_period_counts_on_its_anniversary_and_not_the_day_before() -> None:
    person = PersonFacts(employment=worked(("2021-06-01", None)))
    assert verdict(person, 4, date(2026, 6, 1), "2023-4-1") == MET
    assert verdict(person, 4, date(2026, 5, 31), "2023-4-1") == NOT_MET


def test_overlapping_employment_counts_once() -> None:
    person = PersonFacts(employment=worked(("2021-06-01", "2024-05-31"), ("2022-01-01", "2024-05-31")))
    assert verdict(person, 4, route="2023-4-1") == NOT_MET
    joined = PersonFacts(employment=worked(("2021-06-01", "2024-05-31"), ("2024-06-01", None)))
    assert verdict(joined, 4, route="2023-4-1") == MET


def test_only_work_after_the_certificate_counts_after_it() -> None:
    person = PersonFacts(
        certificates=(HeldCertificate(ELECTRICIAN, 5, "skill", date(2024, 1, 1)),),
        employment=worked(("2010-01-01", None)),
    )
    found = judge(person, OCCUPATION, 4, "R2023", AS_OF, route_id="2023-4-2")
    assert found.verdict == NOT_MET
    assert found.earliest == date(2027, 1, 1)
    assert found.nearest is not None
    assert [(row.condition, row.detail) for row in found.nearest.missing] == [
        ("after", {"needed": 3, "have_months": 29})
    ]
    assert found.nearest.evidence == ("certificate", "work_years")


def test_both_kinds_of_certificate_count_alike_but_not_another_occupation() -> None:
    held = HeldCertificate(RELATED, 5, "vocational", date(2020, 1, 1))
    person = PersonFacts(certificates=(held,), employment=worked(("2020-01-01", None)))
    assert verdict(person, 4, route="2023-4-2") == MET
    other = replace(person, certificates=(replace(held, occupation=OTHER),))
    assert verdict(other, 4, route="2023-4-2") == NOT_MET


def test_the_prior_certificate_is_one_level_lower() -> None:
    held = HeldCertificate(ELECTRICIAN, 4, "skill", date(2010, 1, 1))
    person = PersonFacts(certificates=(held,), employment=worked(("2010-01-01", None)))
    assert verdict(person, 2, route="2023-2-1") == NOT_MET
    assert verdict(person, 3, route="2023-3-2") == MET


def test_a_student_qualifies_before_the_diploma_where_the_route_says_so() -> None:
    student = PersonFacts(education=(Education("college", major_related=True, enrolled=True),))
    assert verdict(student, 4, route="2023-4-3") == MET
    held = replace(student, certificates=(HeldCertificate(ELECTRICIAN, 4, "skill", date(2025, 1, 1)),))
    assert verdict(held, 3, route="2018-3-3", ruleset="R2018") == NOT_MET


def test_a_diploma_to_come_gives_the_earliest_date() -> None:
    person = PersonFacts(education=(Education("college", major_related=True, graduated=date(2026, 7, 1)),))
    assert judge(person, OCCUPATION, 4, "R2023", AS_OF, route_id="2023-4-3").earliest == date(2026, 7, 1)


def test_a_graduate_of_the_pre_technician_class_is_no_longer_its_student() -> None:
    held = (HeldCertificate(ELECTRICIAN, 3, "skill", date(2020, 1, 1)),)
    student = PersonFacts(
        certificates=held, education=(Education("pre_technician_class", major_related=True, enrolled=True),)
    )
    graduate = PersonFacts(
        certificates=held,
        education=(Education("pre_technician_class", major_related=True, graduated=date(2025, 7, 1)),),
    )
    assert verdict(student, 2, route="2023-2-5") == MET
    assert verdict(graduate, 2, route="2023-2-5") == NOT_MET


def test_an_unproven_match_of_a_title_stays_open() -> None:
    titles = (
        HeldTitle("junior", date(2026, 5, 1), matching=True),
        HeldTitle("junior", date(2010, 1, 1), matching=None),
    )
    person = PersonFacts(titles=titles, employment=worked(("2009-01-01", None)))
    assert verdict(person, 3, route="2023-3-3") == NOT_EVIDENCED


def test_what_was_not_answered_is_not_a_no() -> None:
    found = judge(PersonFacts(), OCCUPATION, 4, "R2023", AS_OF)
    assert found.verdict == NOT_EVIDENCED
    assert not found.eligible
    assert {row.state for row in found.conditions} == {NOT_EVIDENCED}
    assert found.nearest is not None


def test_an_answer_of_none_is_a_no() -> None:
    nobody = PersonFacts(date(2015, 1, 1), (), (), (), (), apprenticeship_completed=False)
    for ruleset, rows in TABLE.items():
        for level in {row["level"] for row in rows.values()}:
            assert judge(nobody, OCCUPATION, level, ruleset, AS_OF).verdict == NOT_MET
    assert judge(nobody, OCCUPATION, 5, "R2023", AS_OF).earliest == date(2031, 1, 1)


def test_every_condition_has_a_word_and_quotes_its_route() -> None:
    for ruleset in TABLE:
        for level in (5, 4, 3, 2, 1):
            for row in judge(PersonFacts(), OCCUPATION, level, ruleset, AS_OF).conditions:
                assert eligibility.LABELS[row.condition]
                route = routes.route_sets()[ruleset].route(row.route)
                assert route is not None
                assert row.clause == route.text


def test_one_occupation_may_be_named_alone() -> None:
    person = PersonFacts(employment=worked(("2010-01-01", None)))
    assert judge(person, ELECTRICIAN, 4, "R2023", AS_OF).eligible
    route = routes.route_sets()["R2023"].route("2023-4-1")
    assert route is not None
    assert eligibility.check_route(route, person, ELECTRICIAN, AS_OF)[0].state == MET


@pytest.mark.parametrize(
    ("ruleset", "route", "code"),
    [("R1999", None, "ruleset.unknown"), ("R2023", "2023-9-9", "route.unknown"), ("R2023", "2023-3-1", "route.level")],
)
def test_refusals(ruleset: str, route: str | None, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        judge(PersonFacts(), OCCUPATION, 4, ruleset, AS_OF, route_id=route)
    assert (caught.value.code, caught.value.status, caught.value.clause) == (code, 422, "三（一）")
    assert caught.value.sentence()
