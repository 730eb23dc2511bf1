"""The self-check (三（一）): answers given by month, read as facts; the level asked about, or the highest one possible.

Reading: a month stands for its careful end. A birthday and a certificate's day of issue are the last day of their
month; work begins on the first day of its month and ends on the last. A question left unanswered is None and so
*not evidenced*, never a "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.conditions.claims import CLASSES, GRADES, NO_TITLE, OF_TECHNICAL_SCHOOLS, SCHOOLING
from jiangheng.rules.conditions.eligibility import (
    MET,
    Education,
    Employment,
    HeldCertificate,
    HeldTitle,
    Judgement,
    PersonFacts,
    add_months,
    judge,
)
from jiangheng.rules.conditions.routes import Route

LEVELS = tuple(sorted(int(code) for code in codes.keys("level")))


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate in the occupation or a related one: its level and month of issue (None: not remembered)."""

    level: int
    issued: date | None


@dataclass(frozen=True, slots=True)
class Worked:
    """Work in the occupation or a related one, by months; ``to`` None goes on."""

    start: date
    to: date | None


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered; None or "" where nothing was. Days stand for their months."""

    born: date | None = None
    held: tuple[Held, ...] | None = None
    worked: tuple[Worked, ...] | None = None
    education: str = ""
    school_class: str = ""
    studying: bool | None = None
    graduated: date | None = None
    related: bool | None = None
    title: str = ""
    title_on: date | None = None
    title_matching: bool | None = None
    apprentice: bool | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """How one level stands."""

    level: int
    judgement: Judgement


def facts(answers: Answers, occupation: str) -> PersonFacts:
    """The answers as the eligibility engine reads a person; ``occupation`` is the code asked about."""
    return PersonFacts(
        born=month_end(answers.born),
        certificates=None
        if answers.held is None
        else tuple(HeldCertificate(occupation, each.level, issued=month_end(each.issued)) for each in answers.held),
        employment=None
        if answers.worked is None
        else tuple(Employment(occupation, each.start.replace(day=1), month_end(each.to)) for each in answers.worked),
        titles=_titles(answers),
        education=_education(answers),
        apprenticeship_completed=answers.apprentice,
        training_hours=answers.hours,
    )


def ladder(
    person: PersonFacts, names: Iterable[str], levels: Sequence[int], ruleset: Any, as_of: date
) -> tuple[Rung, ...]:
    """Every level judged by every route, the highest first."""
    wanted = frozenset(names)
    return tuple(Rung(level, judge(person, wanted, level, ruleset, as_of)) for level in LEVELS if level in levels)


def highest(rungs: Sequence[Rung]) -> Rung | None:
    """The highest level all conditions of which are met, or None."""
    return next((rung for rung in rungs if rung.judgement.verdict == MET), None)


def answering(rungs: Sequence[Rung], level: int | None) -> Rung:
    """The rung to answer with: the level asked about; else the highest met; else the lowest there is."""
    if level is not None:
        return next(rung for rung in rungs if rung.level == level)
    return highest(rungs) or rungs[-1]


def asked(routes: Iterable[Route]) -> frozenset[str]:
    """The questions that can change the answer under these routes: born, work, held, school, title, apprentice, hours."""
    wanted: set[str] = set()
    for route in routes:
        wanted |= {
            name
            for name, present in (
                ("born", route.min_age is not None),
                (
                    "work",
                    bool(
                        route.working
                        or route.cum is not None
                        or route.after is not None
                        or route.after_title is not None
                        or route.consecutive is not None
                    ),
                ),
                ("held", route.cert is not None or bool(route.cert_kind)),
                ("school", bool(route.edu)),
                ("title", bool(route.title)),
                ("apprentice", route.apprentice),
                ("hours", route.training is not None),
            )
            if present
        }
    return frozenset(wanted)


def years(worked: Sequence[Worked], today: date) -> int:
    """Whole years of the merged spells up to ``today``, for 专业年限."""
    months = {
        month
        for spell in worked
        for month in range(
            spell.start.year * 12 + spell.start.month,
            (spell.to or today).year * 12 + (spell.to or today).month + (1 if spell.to else 0),
        )
    }
    return len(months) // 12


def month_end(month: date | None) -> date | None:
    """The last day of a month given by any of its days: the careful reading of "issued in"."""
    return None if month is None else add_months(month.replace(day=1), 1) - timedelta(days=1)


def _titles(answers: Answers) -> tuple[HeldTitle, ...] | None:
    if answers.title == NO_TITLE:
        return ()
    grade = GRADES.get(answers.title)
    return None if grade is None else (HeldTitle(grade, month_end(answers.title_on), answers.title_matching),)


def _education(answers: Answers) -> tuple[Education, ...] | None:
    stated = codes.find("education", answers.education) if answers.education else None
    if stated is None:
        return None
    kind = SCHOOLING.get(stated.code)
    if kind is None:
        return ()
    if stated.code in OF_TECHNICAL_SCHOOLS:
        kind = CLASSES.get(answers.school_class, kind)
    if not answers.studying and answers.graduated is None:
        return None
    return (Education(kind, answers.related, bool(answers.studying), month_end(answers.graduated), None),)
