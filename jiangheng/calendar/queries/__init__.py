"""The deadlines a change of the calendar moved, and calendar feeds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from jiangheng.bodies.models import Organisation
from jiangheng.calendar.models import Feed, RedatedDeadline
from jiangheng.journal import queries as journal
from jiangheng.people import queries as people
from jiangheng.people.models import Membership
from jiangheng.results.models import Objection, Result, ResultBatch
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import record_kinds
from jiangheng.values.models import CalendarChange

ORGANISED = (Role.BODY, Role.SCHOOL, Role.EMPLOYER)


def redated_visible_to(person: Person) -> QuerySet[RedatedDeadline]:
    """The centre sees every deadline that was moved, an organisation its own."""
    rows = RedatedDeadline.objects.select_related("organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role in ORGANISED and person.organisation_id is not None:
        return rows.filter(organisation_id=person.organisation_id)
    return rows.none()


def changes_visible_to(person: Person) -> QuerySet[CalendarChange]:
    """The centre sees every change of the calendar, an organisation those that moved a deadline of its own."""
    rows = CalendarChange.objects.all()
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    theirs = redated_visible_to(person).filter(change_id=OuterRef("pk")).order_by()
    return rows.filter(Exists(theirs))


def change(person: Person, change_id: int) -> CalendarChange:
    """One change of the calendar; Refusal ``record.none`` (404)."""
    return journal.one(changes_visible_to(person), pk=change_id)


def moved_by(change: CalendarChange) -> int:
    """How many deadlines a change moved so far."""
    return RedatedDeadline.objects.filter(change=change).count()


def moved_for_people(change: CalendarChange) -> list[tuple[RedatedDeadline, ResultBatch | Objection]]:
    """What a change moved that persons are to hear of, public notices and objections, each with its record."""
    rows = list(RedatedDeadline.objects.filter(change=change, clock__in=("publicity", "objection")))
    batches = ResultBatch.objects.in_bulk([row.record_id for row in rows if row.clock == "publicity"])
    objections = Objection.objects.in_bulk([row.record_id for row in rows if row.clock == "objection"])
    return [(row, batches[row.record_id] if row.clock == "publicity" else objections[row.record_id]) for row in rows]


def centres() -> list[Organisation]:
    """The organisations of the centre, to be told what its change moved."""
    return list(Organisation.objects.filter(kind="centre"))


def told_of_results(batch_ids: Iterable[int]) -> Iterable[tuple[int, int | None, int | None]]:
    """(batch, candidate's account, organisation that entered them) of every result, for notices only."""
    rows = Result.objects.filter(batch_id__in=list(batch_ids)).order_by("pk")
    return rows.values_list("batch_id", "application__identity__account", "application__sponsor_id")


def address_of(row: RedatedDeadline) -> str:
    """The page of the record whose deadline was moved."""
    return record_kinds.address(row.record_kind, row.record_id) or ""


def feed_of(person: Person) -> Feed | None:
    """The person's own feed in the role they act in, stopped or not; None where there never was one."""
    return Feed.objects.filter(membership__in=own_membership(person)).first()


def own_membership(person: Person) -> QuerySet[Membership]:
    """The membership the person acts in."""
    rows = Membership.objects.filter(account_id=person.account_id or 0, role=person.role, active=True)
    if person.organisation_id is None:
        return rows.filter(organisation=None)
    return rows.filter(organisation_id=person.organisation_id)


def person_by_feed(secret: str) -> tuple[Person, str]:
    """Who a feed's secret address speaks for, and their language; Refusal ``record.none`` (404) for any other.

    An ended membership or a closed account ends its feed too.
    """
    rows = Feed.objects.select_related("membership__account")
    found = journal.one(
        rows,
        digest=hashlib.sha256(secret.encode(errors="replace")).hexdigest(),
        revoked_at=None,
        membership__active=True,
        membership__account__is_active=True,
    )
    return people.person_of(found.membership), found.membership.account.language
