"""What a change of the working-day calendar moves: every open deadline counted by the calendar before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from jiangheng.calendar.queries import clocks
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days import clocks as rules
from jiangheng.rules.days.clocks import DayChange
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.days.workdays import WorkCalendar
from jiangheng.rules.law import Law
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarChange


@dataclass(frozen=True, slots=True)
class Move:
    """A deadline and the days it moves from and to."""

    open: clocks.Open
    old: date
    new: date

    @property
    def old_counted(self) -> CountedDay:
        """The day it moves from as it is shown."""
        return self.open.counted(self.old)

    @property
    def new_counted(self) -> CountedDay:
        """The day it moves to as it is shown."""
        return self.open.counted(self.new)


def moves(opened: Iterable[clocks.Open], before: WorkCalendar, after: WorkCalendar, law: Law) -> list[Move]:
    """What a change of calendar moves, the nearest new day first."""
    counted: dict[tuple[WorkCalendar, str, str, date, date | None], date] = {}

    def last_day(each: clocks.Open, calendar: WorkCalendar) -> date:
        # A thousand plans stand on a few dozen days of examination: each is counted once.
        key = (calendar, each.clock.key, each.value, each.event, each.exam_on)
        if key not in counted:
            counted[key] = each.last_day(calendar, law)
        return counted[key]

    found = []
    for each in opened:
        moved = rules.redated(each.clock, each.kept, last_day(each, before), last_day(each, after))
        if moved is not None:
            found.append(Move(each, *moved))
    return sorted(found, key=lambda each: (each.new, each.open.clock.key, each.open.record.pk))


def preview(change: DayChange, now: datetime) -> list[Move]:
    """What ``change`` would move if it were made now."""
    today = local_day(now)
    law, rows = values.law(today), values.local_rows()
    return moves(clocks.opened(None, today, law), WorkCalendar(rows), WorkCalendar(change.after(rows)), law)


def reason(change: CalendarChange) -> str:
    """What was changed, when, by whom and on what ground, as a notice says it."""
    if change.national:
        day = local_day(change.at)
        return f"{change.name}有{len(change.national)}天与原日历不同（{change.source}，{day}起按新日历推算）"
    named = f"{change.day.year}年{change.day.month}月{change.day.day}日"
    if change.is_workday is None:
        what = f"{named}“{change.name}”的本地设定被撤销，恢复全国日历"
    else:
        what = f"{named}“{change.name}”设为{'上班日' if change.is_workday else '休息日'}"
    ground = f"，依据：{change.source}" if change.source and change.is_workday is not None else ""
    return f"{what}（市鉴定中心{change.by_name}于{local_day(change.at)}办理{ground}）"
