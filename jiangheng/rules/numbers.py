"""Running numbers of plans, requests, applications, papers, receipts, draws and tickets, by rules in the law."""

from __future__ import annotations

from jiangheng.rules.law import Law


def running_number(rule: str, year: int, serial: int, law: Law) -> str:
    """The number that the rule named ``rule`` (such as ``plan_number_rule``) gives for a year's ``serial``."""
    return _filled(rule, law, year=year, serial=serial)


def _filled(rule: str, law: Law, **parts: int | str) -> str:
    return str(law.value(rule)).format(**parts)


def subject_bits(subjects: tuple[str, ...]) -> int:
    """The subjects of a ticket as decimal digits: theory 1, review 10, skill 100."""
    return sum({"theory": 1, "review": 10, "skill": 100}[subject] for subject in set(subjects))


def ticket_number(
    *, year: int, site: int, batch: int, subjects: tuple[str, ...], room: int, seat: int, law: Law
) -> str:
    """The admission ticket number by ``ticket_number_rule``; ``room`` and ``seat`` count from 1 within the plan.

    ``batch`` counts the plans of one site in a year.
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
