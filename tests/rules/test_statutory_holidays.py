"""全国年节及纪念日放假办法: the days off every year has, against another library and the notices already out."""

from __future__ import annotations

from datetime import date

import chinese_calendar
import holidays
import pytest

from jiangheng.rules.days import statutory
from jiangheng.rules.shipped_law import in_force

# Days off the State Council gave once, by a decision of its own: 抗战胜利70周年, the longer 春节 of 2020.
ONCE = {date(2015, 9, 3), date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)}
NAMES = {
    "New Year's Day": "元旦",
    "Chinese New Year's Eve": "春节",
    "Chinese New Year (Spring Festival)": "春节",
    "Tomb-Sweeping Day": "清明节",
    "Labor Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-Autumn Festival": "中秋节",
    "National Day": "国庆节",
}


def second_opinion(year: int) -> dict[date, str]:
    """The holidays of the other library without days in lieu, which it guesses."""
    found = holidays.country_holidays("CN", years=year, language="en_US")
    return {on: name for on, name in found.items() if "observed" not in name and "Day off" not in name}


@pytest.mark.parametrize("year", range(2000, 2100))
def test_a_second_opinion_agrees_on_every_day_of_a_century(year: int) -> None:
    other = {on: name for on, name in second_opinion(year).items() if on not in ONCE}
    ours = statutory.days_off(year)
    assert set(ours) == set(other)
    for on, name in other.items():
        assert ours[on].name in {NAMES[each] for each in name.split("; ")}, on


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_notice_already_out_gave_these_days_off(year: int) -> None:
    assert not [on for on in statutory.days_off(year) if chinese_calendar.is_workday(on)]


@pytest.mark.parametrize(
    ("year", "days", "instrument"),
    [
        (2003, 10, "state-council-1999-270"),
        (2008, 11, "state-council-2007-513"),
        (2014, 11, "state-council-2013-644"),
        (2024, 11, "state-council-2013-644"),
        (2025, 13, "state-council-2024-795"),
        (2027, 13, "state-council-2024-795"),
    ],
)
def test_each_day_names_its_document_and_clause(year: int, days: int, instrument: str) -> None:
    found = statutory.days_off(year)
    assert len(found) == days
    assert {each.instrument for each in found.values()} == {instrument}
    assert all(each.clause.startswith("第二条第（") for each in found.values())
    assert in_force(date(year, 1, 1)).instrument(instrument).title.startswith("全国年节及纪念日放假办法")


def test_the_days_of_2027() -> None:
    assert [(f"{on:%m-%d}", each.name) for on, each in statutory.days_off(2027).items()] == [
        ("01-01", "元旦"),
        ("02-05", "春节"),
        ("02-06", "春节"),
        ("02-07", "春节"),
        ("02-08", "春节"),
        ("04-05", "清明节"),
        ("05-01", "劳动节"),
        ("05-02", "劳动节"),
        ("06-09", "端午节"),
        ("09-15", "中秋节"),
        ("10-01", "国庆节"),
        ("10-02", "国庆节"),
        ("10-03", "国庆节"),
    ]


def test_the_eve_of_the_new_year_was_no_day_off_from_2014_to_2024() -> None:
    assert date(2024, 2, 9) not in statutory.days_off(2024)
    assert date(2013, 2, 9) in statutory.days_off(2013)
    assert date(2025, 1, 28) in statutory.days_off(2025)


@pytest.mark.parametrize(("year", "days"), [(2025, 1), (2026, 3), (2027, 6), (2028, 3)])
def test_days_in_lieu_are_known_in_number(year: int, days: int) -> None:
    assert statutory.in_lieu(year) == days


def test_past_the_tables_of_the_moon_only_the_fixed_days_are_known() -> None:
    assert {f"{on:%m-%d}" for on in statutory.days_off(2100)} == {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}
