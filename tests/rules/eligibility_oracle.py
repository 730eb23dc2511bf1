"""A second, slow and plain reading of the tables of application routes, sharing nothing with the engine but its facts.

Months are counted one by one: each whole month of work is a day on which it was completed. What holds on a day is
read from the facts of that day alone; the earliest day is found by trying one day after another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any

DAY = timedelta(days=1)
HORIZON = date(2044, 1, 1)
MET, NOT_MET, OPEN = "met", "not_met", "not_evidenced"

TECHNICAL = {"technical_school", "senior_technical_school", "technician_college", "pre_technician_class"}
SENIOR = {"senior_technical_school", "technician_college", "pre_technician_class"}
COLLEGE = {"higher_vocational", "college", "bachelor", "master"}
VOCATIONAL = {"secondary_vocational", "higher_vocational"}

# One row a route, in the order and the words of the tables.
TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "R2018": {
        "2018-5-1": {"level": 5, "y_cum": 1},
        "2018-5-2": {"level": 5, "apprentice": True},
        "2018-4-1": {"level": 4, "cert": 5, "y_after": 4},
        "2018-4-2": {"level": 4, "y_cum": 6},
        "2018-4-3a": {"level": 4, "edu": TECHNICAL, "major": True, "enrolled": True, "final": 12},
        "2018-4-3b": {"level": 4, "edu": VOCATIONAL, "major": True, "enrolled": True, "final": 12, "evaluated": VOCATIONAL},
        "2018-3-1": {"level": 3, "cert": 4, "y_after": 5},
        "2018-3-2a": {"level": 3, "cert": 4, "edu": SENIOR, "enrolled": True, "final": 12},
        "2018-3-2b": {
            "level": 3, "cert": 4, "edu": {"higher_vocational"}, "major": True, "enrolled": True, "final": 12,
            "evaluated": {"higher_vocational"},
        },
        "2018-3-3": {"level": 3, "cert": 4, "y_after": 2, "edu": COLLEGE, "major": True},
        "2018-2-1": {"level": 2, "cert": 3, "y_after": 4},
        "2018-2-2a": {"level": 2, "cert": 3, "y_cum": 3, "edu": SENIOR},
        "2018-2-2b": {
            "level": 2, "cert": "pre-technician", "y_cum": 2, "edu": {"technician_college", "pre_technician_class"},
        },
        "2018-1-1": {"level": 1, "cert": 2, "y_after": 4},
    },
    "R2023": {
        "2023-5-1": {"level": 5, "min_age": 16},
        "2023-5-2": {"level": 5, "min_age": 16, "working": True},
        "2023-4-1": {"level": 4, "y_cum": 5},
        "2023-4-2": {"level": 4, "cert": 5, "y_after": 3},
        "2023-4-3": {"level": 4, "edu": TECHNICAL | VOCATIONAL | COLLEGE, "major": True, "enrolled": True},
        "2023-3-1": {"level": 3, "y_cum": 10},
        "2023-3-2": {"level": 3, "cert": 4, "y_after": 4},
        "2023-3-3": {"level": 3, "title": "junior", "y_title": 1},
        "2023-3-4": {"level": 3, "edu": SENIOR, "major": True, "enrolled": True},
        "2023-3-5": {"level": 3, "cert": 4, "edu": COLLEGE, "major": True, "enrolled": True},
        "2023-3-6": {"level": 3, "edu": COLLEGE, "major": True, "enrolled": True, "evaluated": COLLEGE},
        "2023-2-1": {"level": 2, "cert": 3, "y_after": 5},
        "2023-2-2": {"level": 2, "cert": 3, "y_after": 1, "title": "junior", "y_title": 5},
        "2023-2-3": {"level": 2, "title": "middle", "y_title": 1},
        "2023-2-4": {"level": 2, "cert": 3, "y_cum": 2, "edu": SENIOR},
        "2023-2-5": {"level": 2, "cert": 3, "held": 2, "edu": {"pre_technician_class"}, "only_students": True},
        "2023-1-1": {"level": 1, "cert": 2, "y_after": 5},
        "2023-1-2": {"level": 1, "cert": 2, "y_after": 1, "title": "middle", "y_title": 5},
        "2023-1-3": {"level": 1, "title": "senior", "y_title": 1},
    },
    "R-legacy": {
        "L-5-1": {"level": 5, "y_run": 2},
        "L-5-2": {"level": 5, "training": 400},
        "L-5-3": {"level": 5, "apprentice": True},
        "L-4-1": {"level": 4, "cert": 5, "y_run_after": 3, "training": 350},
        "L-4-2": {"level": 4, "cert": 5, "y_run_after": 5},
        "L-4-3": {"level": 4, "y_run": 8},
        "L-4-4": {"level": 4, "edu": TECHNICAL | VOCATIONAL, "major": True, "evaluated": VOCATIONAL},
        "L-3-1": {"level": 3, "cert": 4, "y_run_after": 4, "training": 250},
        "L-3-2": {"level": 3, "cert": 4, "y_run_after": 7},
        "L-3-3": {
            "level": 3, "edu": {"senior_technical_school", "higher_vocational"}, "major": True,
            "evaluated": {"higher_vocational"},
        },
        "L-3-4": {"level": 3, "cert": 4, "y_run_after": 2, "edu": COLLEGE, "major": True},
        "L-2-1": {"level": 2, "cert": 3, "y_run_after": 5, "training": 150},
        "L-2-2": {"level": 2, "cert": 3, "y_run_after": 8},
        "L-2-3": {"level": 2, "cert": 3, "y_run_after": 2, "edu": {"senior_technical_school"}},
        "L-1-1": {"level": 1, "cert": 2, "y_run_after": 3, "training": 100},
        "L-1-2": {"level": 1, "cert": 2, "y_run_after": 5},
    },
}  # read as a table  # fmt: skip


def anniversary(start: date, months: int) -> date:
    """The day ``months`` later, or the last day of that month where it is shorter."""
    month = start.month + months
    year = start.year + (month - 1) // 12
    month = (month - 1) % 12 + 1
    for day in range(start.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError(start)


def stretches(person: Any, occupation: Iterable[str], since: date | None) -> list[tuple[date, date]]:
    """Unbroken stretches of work: any two that overlap or touch are made one until none do."""
    found = []
    for job in person.employment or ():
        if job.occupation in occupation:
            start = job.start if since is None else max(job.start, since)
            end = HORIZON if job.to is None else job.to + DAY
            if start < end:
                found.append((start, end))
    joined = True
    while joined:
        joined = False
        for one in found:
            other = next((each for each in found if each is not one and one[0] <= each[0] <= one[1]), None)
            if other is not None:
                found.remove(one)
                found.remove(other)
                found.append((one[0], max(one[1], other[1])))
                joined = True
                break
    return found


def completed(start: date, end: date) -> Iterator[date]:
    """The day on which each whole month of one stretch is completed."""
    months = 1
    while anniversary(start, months) <= end:
        yield anniversary(start, months)
        months += 1


class Person:
    """The facts of a person asked about one occupation, with the months of work already counted out."""

    def __init__(self, facts: Any, occupation: Iterable[str]) -> None:
        self.facts = facts
        self.occupation = tuple(occupation)
        self._months: dict[date | None, list[list[date]]] = {}
        self._stretches: dict[date | None, list[tuple[date, date]]] = {}

    def months(self, since: date | None) -> list[list[date]]:
        """For each stretch of work since a day, the days on which its months were completed."""
        if since not in self._months:
            self._months[since] = [list(completed(*each)) for each in self.stretches(since)]
        return self._months[since]

    def stretches(self, since: date | None) -> list[tuple[date, date]]:
        """The stretches of work since a day, in the order of ``months``."""
        if since not in self._stretches:
            self._stretches[since] = stretches(self.facts, self.occupation, since)
        return self._stretches[since]

    def cumulative(self, since: date | None, on: date) -> int:
        return sum(bisect_right(stretch, on) for stretch in self.months(since)) + self.odd_days(since, on) // 30

    def odd_days(self, since: date | None, on: date) -> int:
        """Days of a month begun and not completed, of all stretches together; of a month of 31 days the first 29."""
        total = 0
        for (start, end), done in zip(self.stretches(since), self.months(since), strict=True):
            if start <= on:
                number = bisect_right(done, on)
                total += min((min(end, on) - (done[number - 1] if number else start)).days, 29)
        return total

    def thirtieths(self, since: date | None) -> Iterator[date]:
        """The days on which a month begun may be filled up by the odd days of stretches that ended before."""
        for (start, _end), done in zip(self.stretches(since), self.months(since), strict=True):
            before = self.odd_days(since, start)
            for begun in (start, *done):
                yield begun + timedelta(days=30 - before % 30)

    def unbroken(self, since: date | None, on: date) -> int:
        return max((bisect_right(stretch, on) for stretch in self.months(since)), default=0)

    @cached_property
    def days_of_change(self) -> list[date]:
        """Every day on which anything about the person may change; between two of them nothing does."""
        facts = self.facts
        days: set[date] = set()
        dated = [row.issued for row in (*(facts.certificates or ()), *(facts.titles or ())) if row.issued]
        for since in (None, *dated):
            days.update(day for stretch in self.months(since) for day in stretch)
            days.update(self.thirtieths(since))
        for job in facts.employment or ():
            days.add(job.start)
        for day in dated:
            days.update({day, anniversary(day, 24)})
        for school in facts.education or ():
            if school.graduated:
                days.update({school.graduated, anniversary(school.graduated, -12)})
        if facts.born:
            days.add(anniversary(facts.born, 16 * 12))
        return sorted(day for day in days if day < HORIZON)


def worst(states: Iterable[str]) -> str:
    given = list(states)
    return NOT_MET if NOT_MET in given else OPEN if OPEN in given else MET


def best(states: Iterable[str]) -> str:
    given = list(states)
    return MET if MET in given else OPEN if OPEN in given else NOT_MET


def yes(answer: bool | None) -> str:
    return OPEN if answer is None else MET if answer else NOT_MET


def conditions(row: dict[str, Any], person: Person, on: date) -> dict[str, str]:
    """How each condition of one row of the table stands on a day."""
    facts = person.facts
    states: dict[str, str] = {}

    def years(count: Any, since: date | None, needed: int) -> str:
        return OPEN if facts.employment is None else yes(count(since, on) >= 12 * needed)

    if "min_age" in row:
        states["min_age"] = yes(facts.born and anniversary(facts.born, 12 * row["min_age"]) <= on)
    if "working" in row:
        jobs = facts.employment
        states["working"] = yes(
            jobs if jobs is None else any(job.occupation in person.occupation and job.start <= on for job in jobs)
        )
    if "cert" in row:
        states |= certificate_conditions(row, person, on, years)
    if "y_cum" in row:
        states["cum"] = years(person.cumulative, None, row["y_cum"])
    if "y_run" in row:
        states["consecutive"] = years(person.unbroken, None, row["y_run"])
    if "training" in row:
        states["training"] = yes(
            facts.training_hours if facts.training_hours is None else facts.training_hours >= row["training"]
        )
    if "title" in row:
        held = (
            None
            if facts.titles is None
            else [
                title
                for title in facts.titles
                if title.grade == row["title"] and (title.issued is None or title.issued <= on)
            ]
        )
        states["title"] = OPEN if held is None else best(yes(title.matching) for title in held)
        states["after_title"] = (
            OPEN
            if held is None
            else best(
                worst(
                    [
                        yes(title.matching),
                        OPEN if title.issued is None else years(person.cumulative, title.issued, row["y_title"]),
                    ]
                )
                for title in held
            )
        )
    if "edu" in row:
        states["edu"] = (
            OPEN
            if facts.education is None
            else best(schooling(row, school, on) for school in facts.education if school.kind in row["edu"])
        )
    if "apprentice" in row:
        states["apprentice"] = yes(facts.apprenticeship_completed)
    return states


def certificate_conditions(row: dict[str, Any], person: Person, on: date, years: Any) -> dict[str, str]:
    names = {"y_after": "after", "y_run_after": "consecutive", "held": "cert_held"}
    asked = {name: row[key] for key, name in names.items() if key in row}
    if person.facts.certificates is None:
        return {"cert": OPEN, **dict.fromkeys(asked, OPEN)}
    good = []
    for held in person.facts.certificates:
        if held.occupation not in person.occupation or (held.issued is not None and held.issued > on):
            continue
        if row["cert"] == "pre-technician":
            right = held.kind == "pre-technician"
        else:
            right = held.level == row["cert"] and held.kind in ("skill", "vocational")
        if right:
            good.append(held.issued)
    states = {"cert": best(OPEN if day is None else MET for day in good)}
    for name, needed in asked.items():
        if name == "cert_held":
            each = [OPEN if day is None else yes(anniversary(day, 12 * needed) <= on) for day in good]
        else:
            count = person.cumulative if name == "after" else person.unbroken
            each = [OPEN if day is None else years(count, day, needed) for day in good]
        states[name] = best(each)
    return states


def schooling(row: dict[str, Any], school: Any, on: date) -> str:
    graduated = school.graduated is not None and school.graduated <= on
    ways = []
    if not row.get("only_students"):
        ways.append(OPEN if school.graduation_unknown else yes(graduated))
    if row.get("enrolled") or row.get("only_students"):
        student = NOT_MET if graduated else yes(school.enrolled)
        if "final" in row:
            due = school.graduated
            student = worst([student, OPEN if due is None else yes(anniversary(due, -row["final"]) <= on)])
        ways.append(student)
    asked = [best(ways)]
    if row.get("major"):
        asked.append(yes(school.major_related))
    if school.kind in row.get("evaluated", ()):
        asked.append(yes(school.evaluated_programme))
    return worst(asked)


def read(ruleset: str, level: int, person: Person, on: date) -> dict[str, dict[str, str]]:
    """Route by route, how each condition stands."""
    return {name: conditions(row, person, on) for name, row in TABLE[ruleset].items() if row["level"] == level}


def satisfied(states: dict[str, dict[str, str]]) -> str | None:
    """The first route of which every condition is met."""
    return next((name for name, given in states.items() if worst(given.values()) == MET), None)


def verdict(states: dict[str, dict[str, str]]) -> str:
    """met, not_met or not_evidenced over all routes."""
    return best(worst(given.values()) for given in states.values())


def earliest(ruleset: str, level: int, person: Person, on: date) -> date | None:
    """The first day from ``on`` on which some route is met, trying every day on which anything changes."""
    if satisfied(read(ruleset, level, person, on)):
        return on
    for day in person.days_of_change:
        if day > on and satisfied(read(ruleset, level, person, day)):
            return day
    return None
