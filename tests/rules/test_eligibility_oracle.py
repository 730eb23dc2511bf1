"""The engine and the slow reading of the tables agree on 10,000 invented people (三（一）)."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from jiangheng.rules.conditions.eligibility import (
    Education,
    Employment,
    HeldCertificate,
    HeldTitle,
    PersonFacts,
    judge,
)
from tests import counts
from tests.rules import eligibility_oracle as oracle

OWN, RELATED, OTHER = "6-31-01-03", "6-31-01-04", "4-03-02-01"
OCCUPATION = (OWN, RELATED)
PEOPLE, BATCHES = 10_000, 10
SCHOOLS = sorted(oracle.TECHNICAL | oracle.VOCATIONAL | oracle.COLLEGE)
DAYS_OF_JUDGEMENT = [
    date(2026, 6, 1),
    date(2026, 11, 24),
    date(2024, 2, 29),
    date(2025, 2, 28),
    date(2026, 3, 31),
    date(2026, 4, 30),
    date(2026, 1, 1),
    date(2025, 12, 31),
]


class Inventor:
    """People whose dates lie where counting goes wrong: month ends, leap days, anniversaries and their neighbours."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.as_of = date(2026, 6, 1)
        self.seen: list[date] = []

    def day(self, first: int = 2008, last: int = 2029) -> date:
        chance = self.chance
        kind = chance.random()
        if kind < 0.2:
            year, month = chance.randint(first, last), chance.randint(1, 12)
            found = oracle.anniversary(date(year, month, 1), 1) - timedelta(days=1)
        elif kind < 0.5:
            years = chance.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 10])
            found = oracle.anniversary(self.as_of, -12 * years) + timedelta(days=chance.randint(-1, 1))
        elif kind < 0.65 and self.seen:
            found = chance.choice(self.seen) + timedelta(days=chance.randint(-1, 1))
        else:
            found = date(first, 1, 1) + timedelta(days=chance.randrange((last - first + 1) * 365))
        found = min(found, date(2030, 1, 31))
        self.seen.append(found)
        return found

    def maybe(self, value: Any, unknown: float = 0.08) -> Any:
        return None if self.chance.random() < unknown else value

    def some(self, most: int) -> range:
        return range(self.chance.randint(0, most))

    def jobs(self) -> tuple[Employment, ...]:
        chance, found = self.chance, []
        for _ in self.some(4):
            start = self.day()
            if found and chance.random() < 0.3 and found[-1].to:
                start = min(found[-1].to, date(2030, 1, 31)) + timedelta(days=chance.randint(0, 2))
            to = None
            if chance.random() < 0.6:
                months = 12 * chance.choice([1, 2, 3, 4, 5, 8, 10]) if chance.random() < 0.6 else chance.randint(0, 90)
                to = max(oracle.anniversary(start, months) + timedelta(days=chance.randint(-2, 1)), start)
                self.seen.append(to)
            found.append(Employment(chance.choice([OWN, OWN, RELATED, OTHER]), start, to))
        return tuple(found)

    def certificate(self) -> HeldCertificate:
        chance = self.chance
        return HeldCertificate(
            chance.choice([OWN, OWN, RELATED, OTHER]),
            chance.randint(1, 5),
            chance.choice(["skill", "skill", "vocational", "pre-technician"]),
            self.maybe(self.day()),
        )

    def title(self) -> HeldTitle:
        grade = self.chance.choice(["junior", "middle", "senior"])
        return HeldTitle(grade, self.maybe(self.day()), self.chance.choice([True, True, False, None]))

    def school(self) -> Education:
        chance = self.chance
        graduated = self.day(2012) if chance.random() < 0.6 else None
        return Education(
            chance.choice(SCHOOLS),
            chance.choice([True, True, False, None]),
            chance.choice([True, False, None]),
            graduated,
            chance.choice([True, False, None]),
            graduation_unknown=graduated is None and chance.random() < 0.3,
        )

    def student(self, person: PersonFacts) -> PersonFacts:
        """The same, near the end of a pre-technician class, with the certificate held for about two years by then."""
        chance = self.chance
        graduated = oracle.anniversary(self.as_of, chance.randint(0, 24)) + timedelta(days=chance.randint(-1, 1))
        issued = oracle.anniversary(graduated, -24) + timedelta(days=chance.randint(-30, 30))
        school = Education("pre_technician_class", major_related=True, enrolled=True, graduated=graduated)
        held = (HeldCertificate(OWN, 3, "skill", issued),)
        return replace(person, certificates=held, education=(school,), titles=())

    def person(self) -> PersonFacts:
        self.as_of, self.seen = self.chance.choice(DAYS_OF_JUDGEMENT), []
        found = self.anybody()
        return self.student(found) if self.chance.random() < 0.1 else found

    def anybody(self) -> PersonFacts:
        born = date(2008, 2, 29) if self.chance.random() < 0.1 else self.day(1960, 2014)
        return PersonFacts(
            born=self.maybe(born),
            employment=self.maybe(self.jobs()),
            certificates=self.maybe(tuple(self.certificate() for _ in self.some(3))),
            titles=self.maybe(tuple(self.title() for _ in self.some(2))),
            education=self.maybe(tuple(self.school() for _ in self.some(2))),
            apprenticeship_completed=self.chance.choice([True, False, False, None]),
            training_hours=self.maybe(self.chance.choice([0, 99, 100, 150, 249, 250, 350, 400]), 0.2),
        )


@pytest.mark.parametrize("batch", counts.tenth(range(BATCHES)))  # all in a drill
def test_ten_thousand_people_are_read_alike(batch: int) -> None:
    inventor = Inventor(f"batch {batch}")
    counted: Counter[str] = Counter()
    for _ in range(PEOPLE // BATCHES):
        facts = inventor.person()
        as_of = inventor.as_of
        person = oracle.Person(facts, OCCUPATION)
        for ruleset in oracle.TABLE:
            level = inventor.chance.randint(1, 5)
            found = judge(facts, OCCUPATION, level, ruleset, as_of)
            expected = oracle.read(ruleset, level, person, as_of)
            stood: dict[str, dict[str, str]] = {}
            for row in found.conditions:
                stood.setdefault(row.route, {})[row.condition] = row.state
            told = (ruleset, level, as_of, facts)
            assert stood == expected, told
            assert found.route == oracle.satisfied(expected), told
            assert found.verdict == oracle.verdict(expected), told
            assert found.eligible == (found.route is not None), told
            assert found.earliest == oracle.earliest(ruleset, level, person, as_of), told
            counted[found.verdict] += 1
            counted["later"] += found.earliest is not None and not found.eligible
    assert all(counted[name] > 100 for name in ("met", "not_met", "not_evidenced", "later")), counted


def test_every_day_before_the_earliest_is_too_early() -> None:
    inventor = Inventor("day by day")
    tried = 0
    while tried < 40:
        facts, as_of = inventor.person(), inventor.as_of
        for ruleset in oracle.TABLE:
            level = inventor.chance.randint(1, 5)
            found = judge(facts, OCCUPATION, level, ruleset, as_of)
            if found.eligible or found.earliest is None or (found.earliest - as_of).days > 1500:
                continue
            tried += 1
            day = as_of
            while day < found.earliest:
                assert not judge(facts, OCCUPATION, level, ruleset, day).eligible, (ruleset, level, day, facts)
                day += timedelta(days=1)
            assert judge(facts, OCCUPATION, level, ruleset, day).eligible, (ruleset, level, day, facts)


def test_where_no_date_is_given_no_day_ever_comes() -> None:
    inventor = Inventor("never")
    tried = 0
    while tried < 40:
        facts, as_of = inventor.person(), inventor.as_of
        for ruleset in oracle.TABLE:
            level = inventor.chance.randint(1, 5)
            if judge(facts, OCCUPATION, level, ruleset, as_of).earliest is None:
                tried += 1
                for months in range(1, 18 * 12):
                    assert not judge(facts, OCCUPATION, level, ruleset, oracle.anniversary(as_of, months)).eligible
