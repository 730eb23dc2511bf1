"""Whole months and spells of work (三（一）, 申报条件): anniversaries, merged spells, unbroken runs.

A spell is ``[start, end)``; work that goes on ends on ``FOREVER``. A month counts when its anniversary is reached:
where the month has no such day, its last day stands in (31 January and one month is 28 or 29 February).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from jiangheng.rules.days.months import FOREVER, add_months, whole_months

Spell = tuple[date, date]
ONE_DAY = timedelta(days=1)
MONTH = 30  # days left over from several spells that make one month (decision 0033)


def spells(jobs: Iterable[tuple[date, date | None]], since: date | None = None) -> list[Spell]:
    """Jobs (first and last day, both worked) from ``since`` on, overlapping and touching ones merged, in order."""
    given = []
    for first, last in jobs:
        start = max(first, since) if since else first
        end = FOREVER if last is None or last >= FOREVER - ONE_DAY else last + ONE_DAY
        if start < end:
            given.append((start, end))
    merged: list[Spell] = []
    for start, end in sorted(given):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _left_over(start: date, end: date) -> int:
    """Days of a spell beyond its whole months; at most 29, so that no month of 31 days counts before its anniversary."""
    return min((end - add_months(start, whole_months(start, end))).days, MONTH - 1)


def months_worked(work: Sequence[Spell], on: date) -> int:
    """Whole months of the sum of all spells up to ``on``: those of every spell, and one for every 30 days left over."""
    begun = [(start, min(end, on)) for start, end in work if start <= on]
    days = sum(_left_over(start, end) for start, end in begun)
    return sum(whole_months(start, end) for start, end in begun) + days // MONTH


def day_worked(work: Sequence[Spell], months: int) -> date | None:
    """The first day on which ``months`` have been worked, or None where the spells never reach them."""
    whole = days = 0
    for start, end in work:
        left = months - whole - days // MONTH
        due = add_months(start, left)
        lacking = MONTH - days % MONTH
        if left > 0 and lacking < MONTH and due < FOREVER:
            # The days left over from earlier spells may complete the last month before its anniversary.
            due = min(due, add_months(start, left - 1) + timedelta(days=lacking))
        if due <= end and due < FOREVER:
            return due
        whole += whole_months(start, end)
        days += _left_over(start, end)
    return None


def runs(work: Sequence[Spell], gap_days: int) -> list[list[Spell]]:
    """Spells grouped into runs in which no gap is longer than ``gap_days``; a tolerated gap does not break the run."""
    groups: list[list[Spell]] = []
    for spell in work:
        if groups and (spell[0] - groups[-1][-1][1]).days <= gap_days:
            groups[-1].append(spell)
        else:
            groups.append([spell])
    return groups


def longest_run(work: Sequence[Spell], on: date, gap_days: int = 0) -> int:
    """Whole months of the longest run up to ``on``, from its first day to its last."""
    begun = [(start, min(end, on)) for start, end in work if start <= on]
    return max((whole_months(run[0][0], run[-1][1]) for run in runs(begun, gap_days)), default=0)


def day_of_run(work: Sequence[Spell], months: int, gap_days: int = 0) -> date | None:
    """The first day on which some run has lasted ``months``, or None where none ever does."""
    days = []
    for run in runs(work, gap_days):
        due = add_months(run[0][0], months)
        reached = next((max(due, start) for start, end in run if due <= end), None)
        if reached is not None and reached < FOREVER:
            days.append(reached)
    return min(days, default=None)
