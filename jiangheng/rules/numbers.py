"""Running numbers of plans, requests, applications, papers, receipts, draws and tickets, by rules in the law."""

from __future__ import annotations

from jiangheng.rules.law import Law

SERIES: dict[str, tuple[str, ...]] = {
    # Registers of the centre, a few deeds a day: one row a year, so that the register of a year shows at a glance
    # that nothing is missing.
    "plan": ("year",),
    "request": ("year",),
    "paper": ("year",),
    "draw": ("year",),
    # One per collective bill or refund, by hand, in a deed that ends at once.
    "bill": ("year",),
    "refund": ("year",),
    # A city applies and pays within the same hours, and a roster holds its row while thousands are judged: with one
    # row a year everybody would wait for the slowest. A body's receipts are its own, without gaps (三（七）).
    "application": ("year", "body"),
    "payment_order": ("year", "body"),
    "receipt": ("year", "body"),
}
"""What each series of running numbers counts by: whatever is named here begins at 1 for each of its values.

Certificates count by prefix, year and level as 人社鉴发〔2019〕2号 says; tickets are not counted but say where one sits.
"""


def unit_of(series: str, body: int | None) -> str:
    """The unit of a series that counts for itself, empty where the year is all; ValueError where none is said or wanted."""
    if (body is not None) != ("body" in SERIES[series]):
        raise ValueError(f"{series} counts by {SERIES[series]}, body {body}")
    return "" if body is None else str(body)


def running_number(rule: str, year: int, serial: int, law: Law, *, body: int | None = None) -> str:
    """The number that the rule named ``rule`` (such as ``plan_number_rule``) gives for a year's ``serial``.

    ``body`` is the organisation it counts for, where the series is per body (:data:`SERIES`).
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
