"""Who may be seated where, and the seat behind a ticket or a room session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiangheng.applications.models import Application
from jiangheng.applications.queries import access_arrangements
from jiangheng.bodies.models import Room
from jiangheng.journal.queries import one
from jiangheng.people import queries as people
from jiangheng.plans.models import Plan, PlanRow
from jiangheng.rules import flows
from jiangheng.rules.examination.access_arrangements import ACCESS, EXTRA
from jiangheng.rules.readers import id_reader
from jiangheng.sittings.models import Seat, Sitting

STANDING = flows.states("sitting", "standing")
ROOM_KINDS = {"theory": ("machine", "theory"), "skill": ("skill",), "review": ("theory", "skill", "machine")}
CHUNK = 500


def eligible(row: PlanRow, subject: str) -> list[tuple[int, str, int]]:
    """The accepted applications of a plan row that take a subject: (id, name, identity), in the order received."""
    rows = Application.objects.filter(
        plan_id=row.plan_id,
        state="accepted",
        occupation_code=row.occupation_code,
        job=row.job,
        level=row.level,
    ).order_by("id")
    return [
        (pk, name, identity)
        for pk, name, identity, subjects in rows.values_list("pk", "name", "identity_id", "subjects")
        if not subjects or subject in subjects
    ]


def beside(sittings: Sequence[Sitting]) -> dict[tuple[int, int], str]:
    """Seats taken in the same room at the same time by another row: (sitting, seat number) to its occupation."""
    rows = Seat.objects.filter(
        sitting__plan__in={each.plan_id for each in sittings},
        sitting__state__in=STANDING,
        sitting__room__in={each.room_id for each in sittings},
    ).values_list("sitting_id", "sitting__room_id", "sitting__starts_at", "number", "sitting__row__occupation_name")
    at: dict[tuple[int, datetime], list[tuple[int, int, str]]] = defaultdict(list)
    for sitting, room, starts, number, name in rows:
        at[room, starts].append((sitting, number, name))
    return {
        (each.pk, number): name
        for each in sittings
        for sitting, number, name in at[each.room_id, each.starts_at]
        if sitting != each.pk
    }


def needs_told(plan: Plan, row_id: int, subject: str) -> dict[str, int]:
    """How many of those to be seated need what, and how many of their needs are not decided."""
    wanted = [pk for pk, _name, _identity in eligible(plan.rows.get(pk=row_id), subject)]
    granted = access_arrangements.granted(wanted).values()
    return {
        "access": sum(ACCESS in kinds for kinds in granted),
        "extra": sum(EXTRA in kinds for kinds in granted),
        "asked": len(access_arrangements.undecided(wanted)),
    }


def already_seated(identities: Iterable[int], starts_at: datetime, ends_at: datetime) -> list[str]:
    """Names of people who already sit elsewhere at that time."""
    wanted = list(identities)
    names: list[str] = []
    for start in range(0, len(wanted), CHUNK):
        names += (
            Seat.objects.filter(
                application__identity_id__in=wanted[start : start + CHUNK],
                sitting__state__in=STANDING,
                sitting__starts_at__lt=ends_at,
            )
            .filter(Q(sitting__ends_at__gt=starts_at) | Q(extra_minutes__gt=0, sitting__busy_until__gt=starts_at))
            .values_list("application__name", flat=True)
        )
    return sorted(names)


def rooms_of(plan: Plan, subject: str) -> QuerySet[Room]:
    """The rooms of a plan's venue that suit a subject."""
    return Room.objects.filter(venue_id=plan.venue_id, kind__in=ROOM_KINDS[subject]).order_by("name", "id")


def room_clashes(room_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> QuerySet[Sitting]:
    """Sittings that hold one of the rooms at that time, until the last candidate with more time is done."""
    rows = Sitting.objects.filter(room_id__in=list(room_ids), state__in=STANDING, starts_at__lt=ends_at)
    return rows.filter(Q(ends_at__gt=starts_at) | Q(busy_until__gt=starts_at))


def rows_to_share(plan: Plan, row_id: int, subject: str) -> list[PlanRow]:
    """The other rows of a plan with the subject still to be arranged."""
    done = set(plan.sittings.filter(subject=subject, state__in=STANDING).values_list("row_id", flat=True))
    return [
        row
        for row in plan.rows.exclude(pk=row_id).order_by("pk")
        if row.pk not in done and any(each.get("subject") == subject for each in row.subjects)
    ]


def sharing(sitting: Sitting) -> QuerySet[Sitting]:
    """The other standing sittings in the same room at the same time: rows of the plan arranged together."""
    rows = Sitting.objects.filter(plan_id=sitting.plan_id, room_id=sitting.room_id, starts_at=sitting.starts_at)
    return rows.filter(state__in=STANDING, subject=sitting.subject).exclude(pk=sitting.pk).order_by("pk")


def drawn_together(sitting: Sitting) -> list[Sitting]:
    """The sittings of a row and subject in the same state, with every row that shares a room with one of them."""
    alike = Sitting.objects.filter(plan_id=sitting.plan_id, subject=sitting.subject, state=sitting.state)
    every = list(alike.order_by("pk"))
    rows, before = {sitting.row_id}, 0
    while len(rows) > before:
        before = len(rows)
        places = {(each.room_id, each.starts_at) for each in every if each.row_id in rows}
        rows |= {each.row_id for each in every if (each.room_id, each.starts_at) in places}
    return [each for each in every if each.row_id in rows]


def unseated(plan: Plan) -> int:
    """How many accepted applications of a plan have no seat in any standing sitting."""
    seated = Seat.objects.filter(application_id=OuterRef("pk"), sitting__state__in=STANDING)
    return Application.objects.filter(plan=plan, state="accepted").filter(~Exists(seated)).count()


def seats_of(sitting: Sitting) -> QuerySet[Seat]:
    """The seats of a sitting by number, with candidate and ticket; without the questions of their sets."""
    return (
        Seat.objects.filter(sitting=sitting)
        .select_related(
            "application", "application__ticket", "application__identity", "application__photo", "paper_set"
        )
        .defer("paper_set__content")
        .order_by("number")
    )


def seat_by_number(sitting: Sitting, number: str) -> Seat:
    """The seat of a ticket or document number in one sitting, alone or in a card reader's line; Refusal ``record.none`` (404)."""
    given = number.strip()
    seat = seats_of(sitting).filter(application__ticket__number=given).first()
    if seat is not None:
        return seat
    indexes = [index for each in id_reader.numbers(given) for index in people.indexes_of(each)]
    return one(seats_of(sitting), application__identity__number_index__in=indexes)
