"""Whole months and anniversaries (三（一）, 申报条件): where the month has no such day, its last day stands in.

31 January and one month is 28 or 29 February.
"""

from __future__ import annotations

from datetime import date

FOREVER = date.max


def last_day(year: int, month: int) -> int:
    """The number of the month's last day."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def add_months(day: date, months: int) -> date:
    """The anniversary ``months`` later; the last day of the month where the day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > FOREVER.year:
        return FOREVER
    return date(year, month + 1, min(day.day, last_day(year, month + 1)))


def whole_months(start: date, end: date) -> int:
    """Whole months from ``start`` to ``end`` (0 where it ends before it begins)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if start.day > end.day and end.day != last_day(end.year, end.month):
        months -= 1
    return max(months, 0)
