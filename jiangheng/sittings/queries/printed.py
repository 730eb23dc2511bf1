"""What is printed of a plan: its sittings with seats, staff, records and incidents (四（六）, 四（七）)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiangheng.journal.queries import one
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings.day import day_facts
from jiangheng.sittings.models import Meeting, Seat, Sitting, StaffAssignment
from jiangheng.sittings.queries.seating import CHUNK, STANDING, beside
from jiangheng.sittings.queries.visible import visible_to


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sitting with everything printed of it, seats by number; ``others`` are the room's seats taken by other rows."""

    sitting: Sitting
    seats: tuple[Seat, ...]
    staff: tuple[StaffAssignment, ...]
    record: Any
    incidents: tuple[Any, ...]
    others: dict[int, str] = field(default_factory=dict)


def printable(person: Person, plan_id: int) -> Plan:
    """A plan whose papers the person may print: the centre, or the plan's own body; Refusal ``record.none`` (404)."""
    rows = Plan.objects.select_related("body", "venue", "request", "request__organisation")
    if person.role is Role.CENTRE:
        return one(rows.filter(sittings__state__in=STANDING).distinct(), pk=plan_id)
    return one(rows.filter(body_id=person.organisation_id or 0), pk=plan_id)


def sheets(person: Person, plan: Plan, sitting_id: int | None = None) -> list[Sheet]:
    """The standing sittings of a plan (or the one named) in order of time and room, in a fixed number of queries."""
    rows = visible_to(person).filter(plan=plan, state__in=STANDING)
    if sitting_id is not None:
        rows = rows.filter(pk=sitting_id)
    sittings = list(rows.order_by("starts_at", "room_name", "pk"))
    wanted = [each.pk for each in sittings]
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in (
        Seat.objects.filter(sitting__in=wanted)
        .select_related(
            "application", "application__ticket", "application__identity", "application__photo", "paper_set"
        )
        .defer("paper_set__content")
        .order_by("sitting_id", "number")
    ):
        seats[seat.sitting_id].append(seat)
    staff: dict[int, list[StaffAssignment]] = defaultdict(list)
    for post in StaffAssignment.objects.filter(sitting__in=wanted).select_related("account", "card").order_by("id"):
        staff[post.sitting_id].append(post)
    facts = day_facts(wanted)
    taken = beside(sittings)
    return [
        Sheet(
            sitting=each,
            seats=tuple(seats[each.pk]),
            staff=tuple(staff[each.pk]),
            record=facts[each.pk].record,
            incidents=facts[each.pk].incidents,
            others={number: name for (sitting_pk, number), name in taken.items() if sitting_pk == each.pk},
        )
        for each in sittings
    ]


def meetings(plan: Plan) -> list[Meeting]:
    """The pre-exam meetings held for a plan, oldest first."""
    return list(Meeting.objects.filter(plan=plan, state="held").order_by("held_at", "pk"))


def ticketed_seats(plan: Plan, applications: Sequence[int]) -> Iterator[Seat]:
    """The seats of a plan that stand on these candidates' tickets, each candidate's in order of time."""
    for start in range(0, len(applications), CHUNK):
        yield from (
            Seat.objects.filter(application_id__in=applications[start : start + CHUNK], sitting__plan=plan)
            .exclude(sitting__state="cancelled")
            .select_related("sitting")
            .order_by("sitting__starts_at", "sitting_id")
        )
