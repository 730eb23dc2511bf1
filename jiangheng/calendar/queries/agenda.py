"""What a person's calendar shows: the sittings they see, the examination days of plans, day by day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng.applications.queries import LIVE
from jiangheng.plans import queries as plans
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import LIUZHOU, local_moment
from jiangheng.rules.days.workdays import WorkCalendar
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import display
from jiangheng.sittings import queries as sittings
from jiangheng.sittings.models import Meeting

ON_DUTY = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR)
AT_MEETINGS = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR, Role.BODY)
SHOWN = flows.states("plan", "shown")
SITTING = (
    "plan_id", "plan__number", "plan__title", "plan__body__name", "plan__venue__name", "plan__venue__address",
    "row_id", "row__occupation_name", "row__level", "subject", "starts_at",
)  # read as a table  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happening:
    """A sitting in one or more rooms, a pre-exam meeting (no end), or the examination day of a plan not arranged yet (no times)."""

    key: str
    day: date
    title: str
    body: str
    place: str
    address: str
    href: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar with what happens on it."""

    date: date
    workday: bool
    name: str
    provisional: bool
    inside: bool
    happenings: list[Happening]


def happenings(person: Person, first: date, last: date) -> list[Happening]:
    """What happens from ``first`` to ``last``, both counted, in order; four queries however much there is."""
    begins = datetime.combine(first, datetime.min.time(), LIUZHOU)
    ends = datetime.combine(last + timedelta(days=1), datetime.min.time(), LIUZHOU)
    rows = (
        sittings.visible_to(person)
        .filter(starts_at__gte=begins, starts_at__lt=ends)
        .exclude(state="cancelled")
        .order_by()
        .values(*SITTING)
        .annotate(rooms=Count("id"), one=Min("id"), room=Min("room_name"), until=Max("ends_at"))
    )
    found = [sitting(row, person) for row in rows]
    arranged = {row["plan_id"] for row in rows}
    meetings = meetings_of(person).filter(starts_at__gte=begins, starts_at__lt=ends).exclude(state="cancelled")
    found.extend(meeting(row) for row in meetings)
    alone = plans_of(person).filter(exam_on__range=(first, last)).exclude(pk__in=arranged)
    found.extend(plan_day(plan, person) for plan in alone)
    return sorted(found, key=lambda each: (each.day, each.starts_at is not None, each.starts_at or begins, each.key))


def meetings_of(person: Person) -> QuerySet[Meeting]:
    """The pre-exam meetings in a person's calendar, called off ones too (四（七）)."""
    rows = sittings.meetings_visible_to(person) if person.role in AT_MEETINGS else Meeting.objects.none()
    return rows.select_related("plan__body")


def meeting(row: Meeting) -> Happening:
    """A pre-exam meeting as everybody called to it sees it."""
    starts = local_moment(row.starts_at)
    return Happening(
        key=f"meeting-{row.pk}",
        day=starts.date(),
        title=_("考务会议：%(plan)s") % {"plan": row.plan.title},
        body=row.plan.body.name,
        place=row.place,
        address="",
        href=reverse("sittings:meeting", args=[row.pk]),
        starts_at=starts,
    )


def sitting(row: dict[str, Any], person: Person) -> Happening:
    """The rooms of one subject at one time as ``person`` sees them."""
    starts = local_moment(row["starts_at"])
    one = row["rooms"] == 1
    place = row["plan__venue__name"]
    return Happening(
        key=f"sitting-{row['plan_id']}-{row['row_id']}-{row['subject']}-{starts:%Y%m%d%H%M}",
        day=starts.date(),
        title=f"{row['row__occupation_name']} {display.level(row['row__level'])} {display.subject(row['subject'])}",
        body=row["plan__body__name"],
        place=f"{place} {row['room']}"
        if one
        else _("%(place)s，%(rooms)s 个考场") % {"place": place, "rooms": row["rooms"]},
        address=row["plan__venue__address"],
        href=_sitting_page(row, person, one),
        starts_at=starts,
        ends_at=local_moment(row["until"]),
    )


def _sitting_page(row: dict[str, Any], person: Person, one: bool) -> str:
    if person.role in ON_DUTY:
        return reverse("exam_day:duty", args=[row["one"]])
    if person.role is Role.CANDIDATE:
        return reverse("applications:mine")
    if one:
        return reverse("sittings:detail", args=[row["one"]])
    return reverse("plans:detail", args=[row["plan_id"]])


def plans_of(person: Person) -> QuerySet[Plan]:
    """The plans that stand in the person's calendar."""
    if person.role is Role.CANDIDATE:
        mine = Plan.objects.filter(applications__identity_id=person.identity_id or 0, applications__state__in=LIVE)
        return Plan.objects.filter(pk__in=mine.values("pk"), state__in=plans.PUBLIC_STATES).select_related(
            "body", "venue"
        )
    if person.account_id is None:
        return plans.public().prefetch_related(None)
    if person.role in ON_DUTY:
        return Plan.objects.none()
    return plans.visible_to(person).filter(state__in=SHOWN)


def plan_day(plan: Plan, person: Person) -> Happening:
    """The examination day of a plan nobody has arranged yet."""
    public = person.account_id is None or person.role is Role.CANDIDATE
    return Happening(
        key=f"plan-{plan.pk}",
        day=plan.exam_on,
        title=plan.title,
        body=plan.body.name,
        place=plan.venue.name,
        address=plan.venue.address,
        href=reverse("plans:public" if public else "plans:detail", args=[plan.pk]),
        waiting=plan.state == "submitted",
    )


def days(person: Person, first: date, last: date, calendar: WorkCalendar, *, month: int | None = None) -> list[Day]:
    """Every day from ``first`` to ``last`` with its kind and what happens on it; ``month`` marks those inside it."""
    by_day: dict[date, list[Happening]] = defaultdict(list)
    for each in happenings(person, first, last):
        by_day[each.day].append(each)
    found = []
    for ahead in range((last - first).days + 1):
        kind = calendar.day(first + timedelta(days=ahead))
        inside = month is None or kind.date.month == month
        found.append(Day(kind.date, kind.workday, kind.name, kind.provisional, inside, by_day[kind.date]))
    return found
