"""The holidays of all citizens, fixed by law for every year: 全国年节及纪念日放假办法, article 2.

The yearly notice of the State Council's General Office adds the days off in lieu (article 6) and the bridges of
调休 (article 7); this module knows only how many days in lieu a year has, never which.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from chinese_calendar import get_solar_terms
from lunardate import LunarDate

from jiangheng.rules.law import FOLDER
from jiangheng.rules.shipped_law import instrument

# The tables of the lunar calendar (lunardate) and the formula of the solar terms (chinesecalendar) are good to here.
LAST_LUNAR_YEAR = 2099


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off by law, with the document and the clause that give it."""

    name: str
    instrument: str
    clause: str


@cache
def days_off(year: int) -> Mapping[date, Holiday]:
    """Every day of ``year`` that is off by law; empty before 2000, without the lunar ones after 2099.

    Where two holidays fall on one day it bears the name of the later clause.
    """
    found: dict[date, Holiday] = {}
    for row in _rows():
        document = instrument(row["instrument"])
        last = document.in_force_to or date.max
        if not document.in_force_from <= date(year, 1, 1) <= last:
            continue
        feast = _feast(row, year)
        if feast is None:
            continue
        first = feast - timedelta(days=row.get("days_before", 0))
        for ahead in range(row["days"]):
            found[first + timedelta(days=ahead)] = Holiday(row["name"], row["instrument"], row["clause"])
    return found


def in_lieu(year: int) -> int:
    """How many working days of ``year`` are off in lieu of holidays that fall on a weekend: article 6."""
    return sum(on.weekday() >= 5 for on in days_off(year))


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((FOLDER / "holidays.toml").read_text(encoding="utf-8"))["holiday"])


def _feast(row: Mapping[str, Any], year: int) -> date | None:
    if row["calendar"] == "solar":
        return date(year, row["month"], row["day"])
    if year > LAST_LUNAR_YEAR:
        return None
    if row["calendar"] == "lunar":
        found: date = LunarDate(year, row["month"], row["day"]).to_solar_date()
        return found
    terms: dict[str, date] = {name: on for on, name in get_solar_terms(date(year, 1, 1), date(year, 12, 31))}
    return terms[row["term"]]
