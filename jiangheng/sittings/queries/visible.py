"""Who sees which sitting, seat, ticket and record."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet

from jiangheng.journal.queries import one
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings.models import Meeting, Seat, Sitting, StaffAssignment, Ticket

Of = TypeVar("Of", bound=Model)
STAFF = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR)
TOLD = flows.states("sitting", "told")


def visible_to(person: Person) -> QuerySet[Sitting]:
    """The centre sees every sitting but drafts, a body its own, a sponsor those of its requests, staff where they
    are posted, a candidate where they sit once tickets are issued.
    """
    rows = Sitting.objects.select_related("plan", "plan__body", "row", "room")
    if person.role is Role.SYSTEM:
        return rows
    if person.role is Role.CENTRE:
        return rows.exclude(state="draft")
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(plan__body_id=person.organisation_id)
    if person.role in (Role.SCHOOL, Role.EMPLOYER) and person.organisation_id is not None:
        return rows.filter(plan__request__organisation_id=person.organisation_id).exclude(state="draft")
    if person.role in STAFF and person.account_id is not None:
        posted = StaffAssignment.objects.filter(account_id=person.account_id)
        return rows.filter(pk__in=posted.values("sitting_id")).exclude(state="draft")
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        seated = Seat.objects.filter(application__identity_id=person.identity_id)
        return rows.filter(pk__in=seated.values("sitting_id"), state__in=TOLD)
    return rows.none()


def called_off(person: Person) -> QuerySet[Sitting]:
    """Cancelled sittings a person saw before: those visible to them, for a candidate those they held a ticket for."""
    rows = visible_to(person)
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        told = Seat.objects.filter(
            application__identity_id=person.identity_id, application__ticket__issued_at__lte=F("sitting__moved_at")
        )
        rows = Sitting.objects.select_related("plan", "plan__body", "row", "room").filter(
            pk__in=told.values("sitting_id")
        )
    return rows.filter(state="cancelled")


def get(person: Person, sitting_id: int) -> Sitting:
    """One sitting; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(visible_to(person), pk=sitting_id)


def for_plan(person: Person, plan_id: int) -> QuerySet[Sitting]:
    """The visible sittings of one plan."""
    return visible_to(person).filter(plan_id=plan_id)


def side_by_side(sitting: Sitting) -> QuerySet[Sitting]:
    """The rooms in which a subject of a plan is sat at one time, the sitting's own among them."""
    rows = Sitting.objects.filter(plan_id=sitting.plan_id, subject=sitting.subject, starts_at=sitting.starts_at)
    return rows.exclude(state__in=flows.states("sitting", "unarranged")).order_by("pk")


def seats_visible_to(person: Person) -> QuerySet[Seat]:
    """The seats of visible sittings; a candidate only their own."""
    rows = Seat.objects.select_related("sitting", "sitting__plan", "application", "application__ticket")
    if person.role is Role.CANDIDATE:
        if person.identity_id is None:
            return rows.none()
        return rows.filter(application__identity_id=person.identity_id, sitting__state__in=TOLD)
    return rows.filter(sitting__in=visible_to(person).order_by().values("pk"))


def tickets_visible_to(person: Person) -> QuerySet[Ticket]:
    """The centre sees every ticket, a body its own plans', a sponsor those it entered, a candidate their own."""
    rows = Ticket.objects.select_related("plan", "plan__body", "plan__venue", "application", "application__identity")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(plan__body_id=person.organisation_id)
    if person.role in (Role.SCHOOL, Role.EMPLOYER) and person.organisation_id is not None:
        return rows.filter(application__sponsor_id=person.organisation_id)
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return rows.filter(application__identity_id=person.identity_id)
    return rows.none()


def ticket_of(person: Person, application_id: int) -> Ticket:
    """The ticket of one application; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(tickets_visible_to(person), application_id=application_id)


def mine(person: Person) -> QuerySet[StaffAssignment]:
    """Where the person is posted, next first (四（七）)."""
    if person.account_id is None:
        return StaffAssignment.objects.none()
    return (
        StaffAssignment.objects.filter(account_id=person.account_id)
        .exclude(sitting__state__in=flows.states("sitting", "unarranged"))
        .select_related("sitting", "sitting__plan", "sitting__plan__venue", "sitting__row", "sitting__room")
        .order_by("sitting__starts_at", "sitting_id")
    )


def of_own_plans(person: Person, rows: QuerySet[Of]) -> QuerySet[Of]:
    """Records of plans: the centre and the worker see every one, a body those of its own plans."""
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(plan__body_id=person.organisation_id)
    return rows.none()


def meetings_visible_to(person: Person) -> QuerySet[Meeting]:
    """The pre-exam meetings of the plans whose sittings the person sees."""
    return Meeting.objects.filter(plan__in=visible_to(person).order_by().values("plan_id")).select_related("plan")


def own_plan(person: Person, plan_id: int) -> Plan:
    """A plan of the person's own body; Refusal ``record.none`` (404) otherwise."""
    rows = Plan.objects.select_related("body", "venue", "request")
    return one(rows.filter(body_id=person.organisation_id or 0), pk=plan_id)


def own_plans(person: Person) -> QuerySet[Plan]:
    """The body's plans whose sittings may be arranged, nearest first."""
    rows = Plan.objects.filter(Q(state__in=flows.FLOWS["plan"].live), body_id=person.organisation_id or 0)
    return rows.select_related("venue").prefetch_related("rows").order_by("exam_on", "id")
