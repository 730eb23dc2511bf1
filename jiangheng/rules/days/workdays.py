"""Working days: the State Council's calendar by a maintained library, local rows on top, the rest provisional.

Source: the yearly notices of the State Council's General Office; for a year whose notice is not out the holidays that
are law (``days.statutory``) and Monday to Friday; local rows entered by the centre.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
from chinese_calendar import constants

from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days import statutory
from jiangheng.rules.law import FOLDER
from jiangheng.rules.words import gettext_noop as N_

FIRST = date(2004, 1, 1)
HOLIDAY_NAMES = {
    "New Year's Day": N_("元旦"),
    "Spring Festival": N_("春节"),
    "Tomb-sweeping Day": N_("清明节"),
    "Labour Day": N_("劳动节"),
    "Dragon Boat Festival": N_("端午节"),
    "National Day": N_("国庆节"),
    "Mid-autumn Festival": N_("中秋节"),
    "Anti-Fascist 70th Day": N_("抗战胜利纪念日"),
}
MAKE_UP = N_("调休上班")
UNPUBLISHED = N_(
    "%(year)s年的放假安排尚未公布或未收录：法定节假日已计入，调休和%(days)s天补假的日期待公布，公布后可能变化"
)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A row that outranks the national calendar on its day."""

    workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day: is it worked, what is it called, and is that only provisional (no calendar published yet)."""

    date: date
    workday: bool
    name: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Count:
    """The day a count ends on, and every day that was looked at, oldest first."""

    date: date
    provisional: bool
    days: tuple[Day, ...]

    @property
    def counted(self) -> CountedDay:
        """The day with whether it is provisional."""
        return CountedDay(self.date, self.provisional)

    @property
    def years(self) -> tuple[int, ...]:
        """The years counted over whose notice is not out."""
        return tuple(sorted({each.date.year for each in self.days if not published(each.date)}))


@cache
def published_until() -> date:
    """The last day of the last year the national calendar is published for."""
    return date(max(constants.holidays).year, 12, 31)


def published(on: date) -> bool:
    """Whether the notice of the year of ``on`` is known to this program."""
    return FIRST <= on <= published_until()


def provisional(first: date, last: date) -> bool:
    """Whether a day from ``first`` to ``last``, both counted, is of a year whose notice is not known."""
    return not (published(first) and published(last))


def counted(day: date, event: date | None = None) -> CountedDay:
    """A day kept with a record as it is shown: counted back from ``event``, which is not counted, or on to itself."""
    return CountedDay(day, provisional(day, max(day, event - timedelta(days=1)) if event else day))


def unpublished(years: Iterable[int]) -> list[dict[str, int]]:
    """For each year without a notice what ``UNPUBLISHED`` says of it: the year, and its days off in lieu by law."""
    return [{"year": year, "days": statutory.in_lieu(year)} for year in years if not published(date(year, 12, 31))]


def by_weekday(on: date) -> bool:
    """Whether ``on`` is a weekday, and so worked in a published year that does not name it."""
    return on.weekday() < 5


def by_statute(on: date) -> bool:
    """Whether ``on`` is worked as long as no notice says otherwise: a weekday that is no holiday by law."""
    return by_weekday(on) and on not in statutory.days_off(on.year)


def national_days() -> dict[date, bool]:
    """The days the national calendar of this program works or does not work against the weekday."""
    until = published_until()
    named = {*constants.holidays, *constants.workdays}
    worked = {on: chinese_calendar.is_workday(on) for on in named if FIRST <= on <= until}
    return {on: workday for on, workday in sorted(worked.items()) if workday != by_weekday(on)}


@cache
def shipped_rows() -> dict[date, LocalDay]:
    """The labelled local rows of ``law/calendar.toml``: 广西三月三."""
    rows = tomllib.loads((FOLDER / "calendar.toml").read_text(encoding="utf-8"))["day"]
    return {row["date"]: LocalDay(row["workday"], row["name"]) for row in rows}


class WorkCalendar:
    """The working-day calendar of one place."""

    def __init__(self, local_rows: Mapping[date, LocalDay] | None = None) -> None:
        """``local_rows`` are days that differ from the national calendar here."""
        self._local = dict(local_rows or {})

    def day(self, on: date) -> Day:
        """What kind of day ``on`` is."""
        local = self._local.get(on)
        if local is not None:
            return Day(on, local.workday, local.name, provisional=False)
        if not published(on):
            holiday = statutory.days_off(on.year).get(on)
            return Day(on, by_statute(on), holiday.name if holiday else "", provisional=True)
        workday = chinese_calendar.is_workday(on)
        name = ""
        if on in constants.holidays:
            name = HOLIDAY_NAMES.get(constants.holidays[on], constants.holidays[on])
        elif on in constants.workdays:
            name = MAKE_UP
        return Day(on, workday, name, provisional=False)

    def before(self, event: date, workdays: int) -> Count:
        """“N个工作日前”: the latest day with N working days from it (counted) up to ``event`` (not counted)."""
        days: list[Day] = []
        on, counted = event, 0
        while counted < workdays:
            on -= timedelta(days=1)
            days.append(self.day(on))
            counted += days[-1].workday
        days.reverse()
        return Count(on, not all(published(day.date) for day in days), tuple(days))

    def after(self, start: date, workdays: int, *, counts_first_day: bool = False) -> Count:
        """“公示N个工作日”: the last of N working days beginning the day after ``start``, or on it where set."""
        days: list[Day] = []
        on, counted = start - timedelta(days=1) if counts_first_day else start, 0
        while counted < workdays:
            on += timedelta(days=1)
            days.append(self.day(on))
            counted += days[-1].workday
        return Count(on, not all(published(day.date) for day in days), tuple(days))

    def between(self, filed: date, event: date) -> int:
        """Working days of notice given by filing on ``filed`` for ``event``: [filed, event)."""
        return sum(self.day(filed + timedelta(days=ahead)).workday for ahead in range((event - filed).days))

    def effective(self, moment: datetime, cutoff: time) -> date:
        """The day a submission at local ``moment`` counts on: the next working day if late or on a day off."""
        on = moment.date()
        if moment.time() > cutoff:
            on += timedelta(days=1)
        while not self.day(on).workday:
            on += timedelta(days=1)
        return on
