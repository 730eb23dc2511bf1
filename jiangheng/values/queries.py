"""The law and the calendar in force, as every room reads them: what is shipped, with the centre's own rows on top."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import DatabaseError
from django.db.models import QuerySet

from jiangheng.rules.days import workdays
from jiangheng.rules.days.clocks import DayChange
from jiangheng.rules.days.workdays import LocalDay, WorkCalendar
from jiangheng.rules.law import Law
from jiangheng.rules.shipped_law import in_force
from jiangheng.values.models import CalendarChange, CalendarDay, NationalCalendar, Parameter
from jiangheng.values.remembering import recall

SHIPPED = "默认值：按农历推算，遇周末补休，待自治区当年通知"


def law(on: date) -> Law:
    """The law in force on ``on`` with the centre's own values for labelled defaults."""
    return recall(on, lambda: _law(on))


def _law(on: date) -> Law:
    found = in_force(on)
    values: dict[str, object] = {}
    for row in Parameter.objects.filter(valid_from__lte=on).order_by("valid_from"):
        values[row.key] = row.value
    known = {rule.key: rule for rule in found.rules()}
    fitting = {
        key: value for key, value in values.items() if key in known and known[key].is_default and known[key].fits(value)
    }
    return found.overridden(fitting) if fitting else found


def law_or_shipped(on: date) -> Law:
    """``law`` for a command that must answer before there is a database: then the law as shipped."""
    try:
        return law(on)
    except DatabaseError:
        return in_force(on)


def parameters() -> QuerySet[Parameter]:
    """The centre's own values, newest first within a key."""
    return Parameter.objects.order_by("key", "-valid_from")


def calendar() -> WorkCalendar:
    """The national working-day calendar with the local rows on top."""
    return recall("calendar", lambda: WorkCalendar(local_rows()))


def calendar_or_shipped() -> WorkCalendar:
    """``calendar`` for a command that must answer before there is a database: then with the shipped rows."""
    try:
        return calendar()
    except DatabaseError:
        return WorkCalendar(workdays.shipped_rows())


def local_rows() -> dict[date, LocalDay]:
    """The days that differ here from the national calendar: the shipped rows, and the centre's in their place."""
    rows = dict(workdays.shipped_rows())
    for day, workday, name in CalendarDay.objects.values_list("day", "workday", "name"):
        if workday is None:
            rows.pop(day, None)
        else:
            rows[day] = LocalDay(workday, name)
    return rows


def local_days() -> list[CalendarDay]:
    """Every local row that counts, with its source; those shipped and not loaded yet are unsaved."""
    return [*CalendarDay.objects.filter(workday__isnull=False), *not_loaded()]


def not_loaded() -> list[CalendarDay]:
    """The shipped rows the table knows nothing of, neither kept nor taken back; unsaved."""
    known = set(CalendarDay.objects.values_list("day", flat=True))
    return [
        CalendarDay(day=day, workday=row.workday, name=row.name, source=SHIPPED)
        for day, row in workdays.shipped_rows().items()
        if day not in known
    ]


def changes_waiting() -> list[CalendarChange]:
    """Changes of the calendar after which the open deadlines were not all counted anew yet, oldest first."""
    return list(CalendarChange.objects.filter(finished_at=None).order_by("id"))


def calendar_before(changes: Iterable[CalendarChange]) -> WorkCalendar:
    """The calendar as it was before these changes, which are the newest ones, oldest first."""
    rows, national = local_rows(), {}
    for change in reversed(list(changes)):
        if change.national:
            was = {date.fromisoformat(day): LocalDay(worked, "") for day, (worked, _now) in change.national.items()}
            national.update(was)
        else:
            rows = day_change(change).before(rows)
    return WorkCalendar({**national, **rows})


def day_change(change: CalendarChange) -> DayChange:
    """A change as the rules see it."""
    was = None if change.was_workday is None else LocalDay(change.was_workday, change.was_name)
    now = None if change.is_workday is None else LocalDay(change.is_workday, change.name)
    return DayChange(change.day, was, now)


def national_known() -> NationalCalendar | None:
    """The national calendar the worker noted last."""
    return NationalCalendar.objects.first()


def national_news() -> bool:
    """Whether the program now brings another national calendar than the one noted last."""
    known = national_known()
    return known is None or (known.until, known.days) != (workdays.published_until(), national_shipped())


def national_shipped() -> dict[str, bool]:
    """The national calendar of the program, as it is noted."""
    return {day.isoformat(): worked for day, worked in workdays.national_days().items()}
