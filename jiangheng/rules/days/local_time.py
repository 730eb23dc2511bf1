"""The one place that knows where the clocks stand: 柳州, on Beijing time."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LIUZHOU = ZoneInfo("Asia/Shanghai")


def local_moment(moment: datetime) -> datetime:
    """An aware moment as Liuzhou's clocks show it."""
    return moment.astimezone(LIUZHOU)


def local_day(moment: datetime) -> date:
    """The day in Liuzhou of an aware moment."""
    return local_moment(moment).date()
