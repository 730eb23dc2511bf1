"""The working-day calendar: the centre's local rows, another national calendar, and what follows for deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.journal.actions import action, record, send
from jiangheng.journal.actions.locking import hold
from jiangheng.rules.days import workdays
from jiangheng.rules.days.clocks import DayChange
from jiangheng.rules.days.workdays import LocalDay
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarChange, CalendarDay, NationalCalendar

AHEAD = timedelta(days=1)


@action("calendar.set_day")
def set_day(*, by: Person, now: datetime, day: date, workday: bool, name: str, source: str = "") -> CalendarDay:
    """Enter or change a local row of the working-day calendar, such as 广西三月三.

    Refusals (422): ``calendar.name``, ``calendar.same`` where the row would say what the calendar says anyway.
    """
    name, source = name.strip(), source.strip()
    if not name:
        raise refuse("calendar.name", N_("请填写这一天的名称。"), N_("例如“广西三月三”“防汛停工”。"), status=422)
    national = workdays.WorkCalendar().day(day)
    if national.workday == workday and not national.provisional:
        raise refuse(
            "calendar.same",
            N_("%(day)s在全国日历中已是这样安排，无需另设。"),
            N_("只需录入与全国日历不同的日期；要恢复全国安排，请撤销该日的设定。"),
            status=422,
            day=day.isoformat(),
        )
    existing = next(iter(hold(CalendarDay.objects.filter(day=day))), None)
    before = _day_facts(existing) if existing else {}
    was = values.local_rows().get(day)
    if existing is None:
        existing = CalendarDay(day=day)
    existing.workday, existing.name, existing.source = workday, name[:60], source[:200]
    try:
        with transaction.atomic():
            existing.save()
    except IntegrityError:
        raise _day_taken(day) from None
    record(existing, note=source, before=before, after=_day_facts(existing))
    day_changed(
        by, now, DayChange(day, was, LocalDay(workday, existing.name)), name=existing.name, source=existing.source
    )
    return existing


def day_changed(by: Person, now: datetime, change: DayChange, *, name: str, source: str) -> None:
    """Note that a day became worked or not, and have every open deadline counted anew ahead of all that waits."""
    national = workdays.WorkCalendar().day(change.day).workday
    was, is_now = (row.workday if row else national for row in (change.was, change.now))
    if was == is_now:
        return
    made = CalendarChange.objects.create(
        day=change.day,
        was_workday=change.was.workday if change.was else None,
        was_name=change.was.name if change.was else "",
        is_workday=change.now.workday if change.now else None,
        name=name,
        source=source,
        by_name=by.name,
        at=now,
    )
    _count_anew(made, now)


def _count_anew(change: CalendarChange, now: datetime) -> None:
    send(
        key=f"calendar.redate:{change.pk}",
        channel="job",
        subject=N_("重新推算期限"),
        payload={"job": "calendar.redate"},
        record=change,
        due_at=now - AHEAD,
    )


@action("calendar.note_national")
def note_national(*, by: Person, now: datetime) -> CalendarChange | None:
    """The program brings another national calendar: note it, and have every open deadline counted anew.

    The first calendar an installation notes changes nothing; neither does one that only reaches further.
    """
    known = next(iter(hold(NationalCalendar.objects.all())), None)
    shipped, until = values.national_shipped(), workdays.published_until()
    if known is not None and (known.until, known.days) == (until, shipped):
        return None
    NationalCalendar.objects.create(until=until, days=shipped, noted_at=now)
    if known is None:
        return None
    changed = {
        day: [was, is_now]
        for day in sorted({*known.days, *shipped})
        for was, is_now in [(_worked(day, known.until, known.days), _worked(day, until, shipped))]
        if was != is_now
    }
    if not changed:
        return None
    years = "、".join(sorted({day[:4] for day in changed}))
    made = CalendarChange.objects.create(
        day=date.fromisoformat(min(changed)),
        national=changed,
        name=f"全国节假日安排（{years}年）",
        source="国务院办公厅放假安排，随程序更新载入",
        by_name=by.name,
        at=now,
    )
    record(made, after={"until": until, "days": changed})
    _count_anew(made, now)
    return made


def _worked(day: str, until: date, named: Mapping[str, bool]) -> bool:
    """Whether a national calendar that reaches ``until`` and names these days against the weekday works ``day``."""
    on = date.fromisoformat(day)
    return named.get(day, workdays.by_weekday(on) if on <= until else workdays.by_statute(on))


def _day_facts(row: CalendarDay) -> dict[str, Any]:
    return {"day": row.day, "workday": row.workday, "name": row.name, "source": row.source}


def _day_taken(day: date) -> Refusal:
    return refuse(
        "calendar.taken",
        N_("%(day)s刚刚被他人设定，本次操作未生效。"),
        N_("请刷新日历页核对后再设定。"),
        day=day.isoformat(),
    )


@action("calendar.remove_day")
def remove_day(*, by: Person, now: datetime, day: date) -> None:
    """Take a local row back, so that the national calendar holds again. Refusal ``calendar.none`` (404).

    A shipped row is kept as one taken back: deleted, it would be loaded anew.
    """
    row = next(iter(hold(CalendarDay.objects.filter(day=day))), None)
    was = values.local_rows().get(day)
    if was is None:
        raise refuse(
            "calendar.none",
            N_("%(day)s没有本地设定。"),
            N_("请刷新日历页查看当前设定。"),
            status=404,
            day=day.isoformat(),
        )
    shipped = day in workdays.shipped_rows()
    if row is None:
        row = CalendarDay.objects.create(day=day, workday=was.workday, name=was.name)
    record(row, before=_day_facts(row))
    if shipped:
        CalendarDay.objects.filter(pk=row.pk).update(workday=None)
    else:
        CalendarDay.objects.filter(pk=row.pk).delete()
    day_changed(by, now, DayChange(day, was, None), name=row.name, source=row.source)


@action("calendar.finish")
def finish_changes(*, by: Person, now: datetime, moved: Mapping[int, int]) -> None:
    """Every open deadline was counted anew for these changes; ``moved`` is how many moved, by change."""
    for change in CalendarChange.objects.filter(pk__in=moved, finished_at=None):
        CalendarChange.objects.filter(pk=change.pk).update(finished_at=now, moved=moved[change.pk])
        record(change, after={"day": change.day, "moved": moved[change.pk]})
