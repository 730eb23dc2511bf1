"""What a calendar program is told: sittings and examination days, called off ones too, each under a lasting name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum

from jiangheng.applications.queries import LIVE
from jiangheng.calendar.models import RedatedDeadline
from jiangheng.calendar.queries import agenda
from jiangheng.calendar.queries.agenda import Happening
from jiangheng.calendar.queries.clocks import Running
from jiangheng.plans import queries as plans
from jiangheng.plans.models import Plan
from jiangheng.rules.days.local_time import LIUZHOU
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings import queries as sittings
from jiangheng.sittings.models import Sitting

Group = tuple[int, int, str]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A happening under its lasting name; ``sequence`` grows with every change of it (RFC 5545, 3.8.7.4)."""

    happening: Happening
    uid: str
    sequence: int
    off: bool = False


def told(person: Person, first: date, last: date) -> list[Told]:
    """What happens from ``first`` to ``last`` or was to happen and was called off; as many queries however much it is."""
    live, off = _sessions(person, first, last)
    arranged = {row["plan_id"] for row in live}
    revisions = _revisions(arranged | {row["plan_id"] for row in off})
    own = f"-{person.role.value}" if person.role in (*agenda.ON_DUTY, Role.CANDIDATE) else ""
    found = [
        Told(
            agenda.sitting(row, person),
            f"sitting-{'-'.join(map(str, group))}-{place}{own}",
            row["plan__version"] + revisions[group],
            gone,
        )
        for group, place, row, gone in _named(live, off)
    ]
    days = agenda.plans_of(person).filter(exam_on__range=(first, last)).exclude(pk__in=arranged)
    given_up = _given_up(person).filter(exam_on__range=(first, last)).exclude(pk__in={row["plan_id"] for row in off})
    for rows, gone in ((days, False), (given_up, True)):
        found.extend(Told(agenda.plan_day(plan, person), f"plan-{plan.pk}", plan.version, gone) for plan in rows)
    begins, ends = _span(first, last)
    found.extend(
        Told(agenda.meeting(row), f"meeting-{row.pk}", row.version, row.state == "cancelled")
        for row in agenda.meetings_of(person).filter(starts_at__gte=begins, starts_at__lt=ends)
    )
    return sorted(found, key=lambda each: (each.happening.day, each.uid))


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments between which the days from ``first`` to ``last`` lie."""
    begins = datetime.combine(first, datetime.min.time(), LIUZHOU)
    return begins, datetime.combine(last + timedelta(days=1), datetime.min.time(), LIUZHOU)


def _sessions(person: Person, first: date, last: date) -> tuple[list[Row], list[Row]]:
    """Rooms of one subject at one time as one row, standing and called off, of every plan sat in the span."""
    begins, ends = _span(first, last)
    standing, called_off = sittings.visible_to(person).exclude(state="cancelled"), sittings.called_off(person)
    near = {
        plan_id
        for rows in (standing, called_off)
        for plan_id in rows.filter(starts_at__gte=begins, starts_at__lt=ends)
        .order_by()
        .values_list("plan_id", flat=True)
    }
    return _grouped(standing, near), _grouped(called_off, near, "moved_at")


def _grouped(rows: QuerySet[Sitting], near: Iterable[int], *more: str) -> list[Row]:
    grouped = rows.filter(plan_id__in=near).order_by().values(*agenda.SITTING, "plan__version", *more)
    return list(
        grouped.annotate(
            rooms=Count("id"), one=Min("id"), room=Min("room_name"), until=Max("ends_at"), made=Min("created_at")
        )
    )


def _revisions(plan_ids: Iterable[int]) -> dict[Group, int]:
    """How often anything of a subject was arranged or moved on; only ever grows, for sittings are never deleted."""
    rows = Sitting.objects.filter(plan_id__in=plan_ids).order_by().values_list("plan_id", "row_id", "subject")
    counted = rows.annotate(changes=Sum("version") + Count("id"))
    return {(plan, row, subject): changes for plan, row, subject, changes in counted}


def _named(live: Sequence[Row], off: Sequence[Row]) -> Iterable[tuple[Group, int, Row, bool]]:
    """Each session with its place among those of its subject, by which it is known.

    Sessions arranged anew take the places of those called off before; of the latter only the places nobody took are
    left to be told as called off.
    """
    groups: dict[Group, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for which, rows in enumerate((live, off)):
        for row in sorted(rows, key=lambda row: row["starts_at"]):
            groups[row["plan_id"], row["row_id"], row["subject"]][which].append(row)
    for group, (standing, called_off) in groups.items():
        yield from ((group, place, row, False) for place, row in enumerate(standing))
        taken, now_at = len(standing), {row["starts_at"] for row in standing}
        for moved_at in sorted({row["moved_at"] for row in called_off}, reverse=True):
            then = [row for row in standing if row["made"] < moved_at]
            then += [row for row in called_off if row["made"] < moved_at <= row["moved_at"]]
            were = len({row["starts_at"] for row in then})
            gone = [row for row in called_off if row["moved_at"] == moved_at and row["starts_at"] not in now_at]
            if were > taken:
                left = zip(range(taken, were), gone[taken - were :], strict=False)
                yield from ((group, place, row, True) for place, row in left)
                taken = were


def _given_up(person: Person) -> QuerySet[Plan]:
    """Plans once handed in and cancelled since, that stood in the person's calendar."""
    rows = Plan.objects.filter(state="cancelled", filed_on__isnull=False).select_related("body", "venue")
    if person.role is Role.CANDIDATE:
        mine = rows.filter(applications__identity_id=person.identity_id or 0, applications__state__in=LIVE)
        return rows.filter(pk__in=mine.values("pk"))
    if person.role in agenda.ON_DUTY:
        return rows.none()
    return plans.visible_to(person).filter(state="cancelled", filed_on__isnull=False)


def redated_times(running: Iterable[Running]) -> dict[tuple[str, int], int]:
    """How often a change of the calendar moved each of these deadlines, by clock and record."""
    rows = RedatedDeadline.objects.filter(record_id__in={each.open.record.pk for each in running}).order_by()
    counted = rows.values_list("clock", "record_id").annotate(times=Count("pk"))
    return {(clock, record_id): times for clock, record_id, times in counted}
