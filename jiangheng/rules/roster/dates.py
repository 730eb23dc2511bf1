"""Dates as people write them: as text in many ways, as cells, as the bare number behind a cell."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

SERIALS = (15_000, 60_000)
"""Day numbers of the 1900 system taken for dates (1941 to 2064)."""
EPOCH = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)


def read_date(text: str) -> date | None:
    """A day written as 1990-01-31, 1990/1/31, 1990.1.31, 1990年1月31日, 19900131 or (first of the month) 1990-01."""
    return _read(text)[0]


def _read(text: str) -> tuple[date | None, bool]:
    narrow = unicodedata.normalize("NFKC", text.strip())
    found = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})日?|月)?", narrow) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", narrow
    )
    if not found:
        return None, False
    year, month, day = found.groups()
    try:
        return date(int(year), int(month), int(day or 1)), day is None
    except ValueError:
        return None, False


def told(text: str, *, number: bool = False, date1904: bool = False) -> tuple[date | None, str]:
    """The day, with the code of what must be said of how it is written ("" where nothing)."""
    day, month_only = _read(text)
    if day is not None:
        return day, "date.month" if month_only else "" if day.isoformat() == text else "date.text"
    narrow = unicodedata.normalize("NFKC", text)
    if number and re.fullmatch(r"\d{1,5}", narrow):
        days = int(narrow)
        if date1904 and SERIALS[0] - 1462 <= days <= SERIALS[1] - 1462:
            return EPOCH_1904 + timedelta(days), "date.serial"
        if not date1904 and SERIALS[0] <= days <= SERIALS[1]:
            return EPOCH + timedelta(days), "date.serial"
    if re.fullmatch(r"\d{2}[-/.年]\d{1,2}([-/.月]\d{1,2}日?|月)?", narrow):
        return None, "date.year"
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", narrow):
        return None, "date.order"
    return None, "date.none"


def as_day(cell: date | datetime) -> str:
    """A date cell's day."""
    return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
