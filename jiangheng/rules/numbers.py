"""Running numbers of plans, requests, applications, papers, receipts, draws and tickets, by rules in the law."""

from __future__ import annotations

from jiangheng.rules.law import Law
from jiangheng.rules.number_rules import SERIES


def unit_of(series: str, body: int | None) -> str:
    """The unit of a series that counts for itself, empty where the year is all; ValueError where none is said or wanted."""
    if (body is not None) != ("body" in SERIES[series]):
        raise ValueError(f"{series} counts by {SERIES[series]}, body {body}")
    return "" if body is None else str(body)


def running_number(rule: str, year: int, serial: int, law: Law, *, body: int | None = None) -> str:
    """The number that the rule named ``rule`` (such as ``plan_number_rule``) gives for a year's ``serial``.

    ``body`` is the organisation it counts for, where the series is per body (``number_rules.SERIES``).
    """
    return _filled(rule, law, year=year, serial=serial, **({} if body is None else {"body": body}))


def _filled(rule: str, law: Law, **parts: int | str) -> str:
    return str(law.value(rule)).format(**parts)


def subject_bits(subjects: tuple[str, ...]) -> int:
    """The subjects of a ticket as decimal digits: theory 1, review 10, skill 100."""
    return sum({"theory": 1, "review": 10, "skill": 100}[subject] for subject in set(subjects))


def ticket_number(
    *, year: int, site: int, batch: int, subjects: tuple[str, ...], room: int, seat: int, law: Law
) -> str:
    """The admission ticket number by ``ticket_number_rule``; ``room`` and ``seat`` count from 1 within the plan.

    ``batch`` counts the plans of a site, all years together.
    """
    return _filled(
        "ticket_number_rule",
        law,
        year=year % 100,
        district=law.value("ticket_district"),
        site=site,
        batch=batch,
        subjects=subject_bits(subjects),
        room=room,
        seat=seat,
    )
