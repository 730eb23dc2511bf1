"""The sittings of a day with their counts, room records, incidents and their evidence (四（七）)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jiangheng.exam_day.models import Incident, IncidentEvidence, RoomRecord
from jiangheng.files.models import StoredFile
from jiangheng.journal.queries import one
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import LIUZHOU
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings.day import DayFacts
from jiangheng.sittings.models import Seat, Sitting
from jiangheng.sittings.queries import get, visible_to


def on_day(person: Person, day: date) -> QuerySet[Sitting]:
    """The visible sittings of a day, with ``expected``, ``present``, ``away``, ``handed`` seats and ``noted`` incidents."""
    begins = datetime.combine(day, time(), LIUZHOU)
    seats = Seat.objects.filter(sitting=OuterRef("pk")).order_by().values("sitting")
    counted = {
        "expected": Q(),
        "present": Q(signed_in_at__isnull=False),
        "away": Q(absent=True),
        "handed": Q(handed_in_at__isnull=False),
    }
    incidents = Incident.objects.filter(sitting=OuterRef("pk")).order_by().values("sitting").annotate(n=Count("pk"))
    return (
        visible_to(person)
        .filter(starts_at__gte=begins, starts_at__lt=begins + timedelta(days=1))
        .exclude(state__in=flows.states("sitting", "unarranged"))
        .annotate(
            **{
                name: Coalesce(Subquery(seats.filter(which).annotate(n=Count("pk")).values("n")), 0)
                for name, which in counted.items()
            },
            noted=Coalesce(Subquery(incidents.values("n")), 0),
        )
        .order_by("starts_at", "plan_id", "room_name", "pk")
    )


def record_of(sitting: Sitting) -> RoomRecord | None:
    """The room record of a sitting, or None while nobody signed it."""
    return RoomRecord.objects.select_related("first_signer", "second_signer").filter(sitting=sitting).first()


def incidents_of(sitting: Sitting) -> QuerySet[Incident]:
    """What was noted in a sitting, oldest first, with its evidence."""
    rows = Incident.objects.filter(sitting=sitting).select_related("seat", "seat__application", "reporter")
    return rows.prefetch_related("evidence__file")


def evidence(person: Person, sitting_id: int, evidence_id: int) -> StoredFile:
    """A file of an incident to whoever sees the sitting, but to no candidate; Refusal ``record.none`` (404)."""
    rows = IncidentEvidence.objects.select_related("file").filter(incident__sitting=get(person, sitting_id))
    return one(rows if person.role is not Role.CANDIDATE else rows.none(), pk=evidence_id).file


def day_facts(sitting_ids: Sequence[int]) -> Mapping[int, DayFacts]:
    """Record and incidents of each of these sittings, in a fixed number of queries; for its page and its papers."""
    signers = RoomRecord.objects.filter(sitting__in=sitting_ids).select_related("first_signer", "second_signer")
    records = {each.sitting_id: each for each in signers}
    noted = Incident.objects.filter(sitting__in=sitting_ids).prefetch_related("evidence__file")
    incidents: dict[int, list[Incident]] = defaultdict(list)
    for incident in noted.select_related("seat", "seat__application", "seat__application__ticket", "reporter"):
        incidents[incident.sitting_id].append(incident)
    return {pk: DayFacts(records.get(pk), tuple(incidents[pk])) for pk in sitting_ids}
