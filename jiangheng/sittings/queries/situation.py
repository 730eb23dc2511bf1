"""A plan's staffing as an arrangement instance (docs/formats.md): who is posted, who may come, who sits where (四（七）)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from jiangheng.people import queries as people
from jiangheng.people.models import StaffCard
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import staffing as rules
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment
from jiangheng.sittings.queries.seating import STANDING
from jiangheng.sittings.queries.staff import EMPLOYER_FIELDS, facts_of, invigilated, people_for, place_of, teams
from jiangheng.sittings.queries.visible import for_plan
from jiangheng.values import queries as values

MOVABLE = flows.states("sitting", "ahead")
KINDS = ("examiner", "senior_examiner", "invigilator", "internal_supervisor")
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a body asks of a proposal.

    ``people``: accounts to choose from; ``keep``: (sitting, account) that stay; ``chief``: a chief in every
    invigilated room; ``supervisors``: internal supervisors in every room.
    """

    people: tuple[int, ...]
    keep: frozenset[Place] = frozenset()
    chief: bool = False
    supervisors: int = 0
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """``instance`` as a document; ``bars``: by (sitting, account, post) what keeps somebody away, in this room's words."""

    sittings: tuple[Sitting, ...]
    staff: tuple[rules.StaffFacts, ...]
    instance: dict[str, Any]
    bars: Mapping[tuple[int, int, str], tuple[rules.StaffFault, ...]] = field(default_factory=dict)


def movable(person: Person, plan: Plan) -> list[Sitting]:
    """The plan's sittings with candidates whose staff may still change, by time."""
    rows = for_plan(person, plan.pk).filter(state__in=MOVABLE).annotate(heads=Count("seats"))
    return list(rows.filter(heads__gt=0).order_by("starts_at", "pk"))


def together(sittings: Sequence[Sitting]) -> list[list[Sitting]]:
    """The sittings by room at a time: those watched by the same people stand together, others alone."""
    groups: dict[str, list[Sitting]] = {}
    for each in sittings:
        groups.setdefault(place_of(each) if invigilated(each) else str(each.pk), []).append(each)
    return list(groups.values())


def pool(person: Person, sittings: Sequence[Sitting]) -> QuerySet[StaffCard]:
    """The cards, valid on some day of the sittings, of everybody who might be posted in them."""
    days = [local_day(each.starts_at) for each in sittings]
    return (
        people.cards_visible_to(person)
        .filter(kind__in=KINDS, valid_from__lte=max(days), valid_to__gte=min(days), account__is_active=True)
        .select_related("account", "employer")
        .order_by("account__name", "account_id", "kind", "number")
    )


def situation(person: Person, plan: Plan, wishes: Wishes, now: datetime) -> Situation:
    """Everything known of a plan's staffing; the plan has sittings whose staff may change."""
    sittings = movable(person, plan)
    rooms = together(sittings)
    head = {each.pk: room[0].pk for room in rooms for each in room}
    first, last = sittings[0], max(each.over_at for each in sittings)
    law = values.law(local_day(now))
    back = int(law.value("max_consecutive_at_body"))
    staff = people_for(sorted(set(wishes.people)), first, back, last)
    by_sitting = facts_of([room[0] for room in rooms])
    posted = list(
        StaffAssignment.objects.filter(sitting__in=[each.pk for each in sittings])
        .select_related("account")
        .order_by("sitting_id", "account_id")
    )
    bars = _bars(staff, by_sitting.values(), law)
    instance = {
        "format": "jiangheng-arrangement/1",
        "seed": wishes.seed,
        "on": local_day(now).isoformat(),
        "rooms": [
            {
                "id": str(room[0].pk),
                "name": room[0].room_name,
                "seats": max(1, len(by_sitting[room[0].pk].candidates)),
            }
            for room in rooms
        ],
        "sittings": [_sitting(room, by_sitting[room[0].pk], wishes) for room in rooms],
        "people": _people(staff, sittings, last),
        **_candidates(sittings, head, {person.id: person.kin for person in staff}),
        "history": [
            {"held_on": on.isoformat(), "people": sorted(map(str, team))}
            for on, team in reversed(teams(first, back))
            if on < local_day(first.starts_at)
        ],
        "standing": {"staff": _standing(posted, head)},
    }
    _add_kin(instance)
    known = {each.id for each in staff}
    duties = {(head[each.sitting_id], each.account_id): _duty(each.post) for each in posted}
    keep = {(head.get(sitting, sitting), account) for sitting, account in wishes.keep}
    instance["locks"] += [
        {"sitting": str(sitting), "person": str(account), "post": duties[sitting, account]}
        for sitting, account in sorted(keep)
        if (sitting, account) in duties and account in known
    ]
    return Situation(tuple(sittings), tuple(staff), instance, bars)


def _duty(post: str) -> str:
    return "internal_supervisor" if post == "internal_supervisor" else "team"


def _standing(posted: Iterable[StaffAssignment], head: Mapping[int, int]) -> list[dict[str, str]]:
    """Who stands where, once a room."""
    rows = {(head[each.sitting_id], each.account_id): each for each in posted}
    return [
        {"sitting": str(sitting), "person": str(account), "name": each.account.name, "post": each.post}
        for (sitting, account), each in rows.items()
    ]


def _bars(
    staff: Iterable[rules.StaffFacts], sittings: Collection[rules.SittingFacts], law: Any
) -> dict[tuple[int, int, str], tuple[rules.StaffFault, ...]]:
    found = {}
    for person in staff:
        for sitting in sittings:
            watched = sitting.subject == "theory" or sitting.by_machine
            for post in ("invigilator" if watched else "examiner", "internal_supervisor"):
                why = rules.bars(sitting, person, post, law)
                if why:
                    found[sitting.id, person.id, post] = tuple(why)
    return found


def _sitting(room: Sequence[Sitting], known: rules.SittingFacts, wishes: Wishes) -> dict[str, Any]:
    row = room[0]
    exams = sorted({(each.row.occupation_code, each.row.level) for each in room})
    return {
        "id": str(row.pk),
        "room": str(row.pk),
        "subject": known.subject,
        "exams": [{"occupation": code, "level": level} for code, level in exams],
        "starts_at": row.starts_at.isoformat(),
        "ends_at": max(each.over_at for each in room).isoformat(),
        "by_machine": known.by_machine,
        "candidates_per_examiner": known.candidates_per_examiner,
        "chief": wishes.chief and invigilated(row),
        "supervisors": wishes.supervisors,
    }


def _people(staff: Sequence[rules.StaffFacts], sittings: Sequence[Sitting], last: datetime) -> list[dict[str, Any]]:
    """The staff with their cards; where they serve already, or have said they cannot come, they are away."""
    away: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    served: dict[int, int] = defaultdict(int)
    elsewhere = (
        StaffAssignment.objects.filter(account_id__in=[each.id for each in staff], sitting__state__in=STANDING)
        .exclude(sitting__in=[each.pk for each in sittings])
        .select_related("sitting")
    )
    begins = sittings[0].starts_at
    late = Q(sitting__ends_at__gt=begins) | Q(sitting__busy_until__gt=begins)
    for each in elsewhere.filter(late, sitting__starts_at__lt=last):
        away[each.account_id].append((each.sitting.starts_at, each.sitting.over_at))
    for account in elsewhere.filter(sitting__plan_id=sittings[0].plan_id).values_list("account_id", flat=True):
        served[account] += 1
    rows = []
    for person in staff:
        left = None if person.most is None else person.most - served[person.id]
        whole = (
            [(sittings[0].starts_at - timedelta(days=1), last + timedelta(days=1))]
            if left is not None and left < 1
            else []
        )
        rows.append(
            {
                "id": str(person.id),
                "name": person.name,
                "employer": person.employer_name,
                "cards": [
                    {
                        "kind": card.kind,
                        "occupation": card.occupation_code,
                        "valid_from": card.valid_from.isoformat(),
                        "valid_to": card.valid_to.isoformat(),
                    }
                    for card in person.cards
                    if card.kind in KINDS and card.valid_from <= card.valid_to
                ],
                "kin": sorted(person.kin),
                "away": [
                    {"from": begins.isoformat(), "to": ends.isoformat()}
                    for begins, ends in sorted({*person.away, *away[person.id], *whole})
                ],
                "most_sittings": None if left is None or left < 1 else left,
                "taught": sorted(map(str, person.taught)),
            }
        )
    return rows


def _candidates(
    sittings: Sequence[Sitting], head: Mapping[int, int], kin: Mapping[int, frozenset[int]]
) -> dict[str, Any]:
    """The candidates, each locked to the sittings where they have a seat; whose kin they are is noted by identity."""
    wanted = frozenset().union(*kin.values()) if kin else frozenset()
    rows = Seat.objects.filter(sitting__in=[each.pk for each in sittings]).select_related(
        "sitting__row",
        "application__identity",
        "application__sponsor",
        "application__request__organisation",
    )
    candidates: dict[str, dict[str, Any]] = {}
    locks = []
    for seat in rows.order_by("application_id", "sitting_id"):
        application = seat.application
        form = application.form or {}
        request = application.request
        school = request.organisation if request else application.sponsor
        row = candidates.setdefault(
            str(application.pk),
            {
                "id": str(application.pk),
                "occupation": seat.sitting.row.occupation_code,
                "level": seat.sitting.row.level,
                "subjects": [],
                "employer": next((str(form[name]).strip() for name in EMPLOYER_FIELDS if form.get(name)), ""),
                "school": school.name if school else "",
                "class": str(school.pk) if school else "",
                "identity": application.identity_id if application.identity_id in wanted else None,
            },
        )
        row["subjects"].append(seat.sitting.subject)
        locks.append({"sitting": str(head[seat.sitting_id]), "candidate": str(application.pk)})
    return {"candidates": list(candidates.values()), "locks": locks}


def _add_kin(instance: dict[str, Any]) -> None:
    """Kin are named by the candidates they sit as; identities stay out of the document."""
    by_identity: dict[int, list[str]] = defaultdict(list)
    for row in instance["candidates"]:
        identity = row.pop("identity")
        if identity is not None:
            by_identity[identity].append(row["id"])
    for row in instance["people"]:
        row["kin"] = sorted(name for identity in row["kin"] for name in by_identity[identity])
