"""广西三月三 as shipped: 初三 and 初四, a day that falls on a weekend taken on the next working day (law/calendar.toml)."""

from __future__ import annotations

from datetime import date, timedelta

from lunardate import LunarDate

from jiangheng.rules.days.workdays import WorkCalendar, shipped_rows


def days_off(year: int) -> list[date]:
    """The days off of a year by the comment in law/calendar.toml."""
    third = LunarDate(year, 3, 3).to_solar_date()
    national, found = WorkCalendar(), []
    for feast in (third, third + timedelta(days=1)):
        day = feast
        while not national.day(day).workday or day in found:
            day += timedelta(days=1)
        found.append(day)
    return sorted(found)


def test_the_rows_of_every_shipped_year_agree_with_their_own_comment() -> None:
    rows = shipped_rows()
    years = {day.year for day in rows}
    assert years == {2025, 2026}
    assert sorted(rows) == [day for year in sorted(years) for day in days_off(year)]
    assert not any(row.workday for row in rows.values())
    assert sorted(rows)[-2:] == [date(2026, 4, 20), date(2026, 4, 21)]
