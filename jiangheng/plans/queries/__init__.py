"""Requests, venue reviews and plans: who sees which, the public calendar, and whose answer is overdue."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from jiangheng.journal.queries import one
from jiangheng.plans.models import Plan, PlanChange, PlanRow, Request, VenuePhoto, VenueReview, VenueReviewItem
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

PUBLIC_STATES = flows.states("plan", "standing")
SPONSORS = (Role.SCHOOL, Role.EMPLOYER)
ASSIGNED = flows.states("request", "assigned")
SECTIONS = {
    "premises": N_("场地条件"),
    "equipment": N_("设备"),
    "tools": N_("工量具"),
    "consumables": N_("耗材"),
    "management": N_("管理人员"),
}
COUNTED = ("equipment", "tools", "consumables")


def visible_to(person: Person) -> QuerySet[Plan]:
    """The centre sees plans handed in, a body its own, a sponsor those of its requests, supervisors the accepted."""
    rows = Plan.objects.select_related("body", "venue", "request__organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows.exclude(state="draft")
    if person.role is Role.EXTERNAL_SUPERVISOR:
        return rows.filter(state__in=PUBLIC_STATES)
    if person.organisation_id is None:
        return rows.none()
    if person.role is Role.BODY:
        return rows.filter(body_id=person.organisation_id)
    if person.role in SPONSORS:
        return rows.filter(request__organisation_id=person.organisation_id).exclude(state="draft")
    return rows.none()


def get(person: Person, plan_id: int) -> Plan:
    """One plan; Refusal ``record.none`` (404)."""
    return one(visible_to(person), pk=plan_id)


def rows_of(plan_id: int) -> list[PlanRow]:
    """The occupations and levels of a plan."""
    return list(PlanRow.objects.filter(plan_id=plan_id).order_by("id"))


def changes_visible_to(person: Person) -> QuerySet[PlanChange]:
    """The requests to change plans the person sees."""
    return PlanChange.objects.filter(plan__in=visible_to(person)).select_related("plan__body", "plan__venue")


def change(person: Person, change_id: int) -> PlanChange:
    """One request to change a plan; Refusal ``record.none`` (404)."""
    return one(changes_visible_to(person), pk=change_id)


def public() -> QuerySet[Plan]:
    """Plans anybody may see: accepted or completed."""
    return (
        Plan.objects.filter(state__in=PUBLIC_STATES)
        .select_related("body", "venue")
        .prefetch_related("rows")
        .order_by("exam_on", "id")
    )


def public_plan(plan_id: int) -> Plan:
    """One public plan; Refusal ``record.none`` (404)."""
    return one(public(), pk=plan_id)


def open_for_registration(now: datetime) -> QuerySet[Plan]:
    """Public plans of social bodies still taking individual names at ``now`` (三（二）)."""
    return public().filter(
        state="accepted", open_to_public=True, registration_ends_at__gte=now, body__kind="social_body"
    )


def last_plan(body_id: int) -> Plan | None:
    """The body's newest plan, to copy from."""
    return Plan.objects.filter(body_id=body_id).exclude(state="cancelled").order_by("-id").first()


def plan_of_request(request_id: int) -> Plan | None:
    """The standing plan a request became, or None."""
    return Plan.objects.filter(request_id=request_id).select_related("body").first()


def sponsor_of(request_id: int) -> int | None:
    """The key of the organisation behind a request, for notices to it."""
    return Request.objects.filter(pk=request_id).values_list("organisation_id", flat=True).first()


def requests_visible_to(person: Person) -> QuerySet[Request]:
    """The centre sees every request handed in, a sponsor its own, a body those assigned to it."""
    rows = Request.objects.select_related("organisation", "body", "venue", "plan", "trainer")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows.exclude(state="draft")
    if person.organisation_id is None:
        return rows.none()
    if person.role in SPONSORS:
        return rows.filter(organisation_id=person.organisation_id)
    if person.role is Role.BODY:
        return rows.filter(body_id=person.organisation_id, state__in=ASSIGNED)
    return rows.none()


def request(person: Person, request_id: int) -> Request:
    """One request; Refusal ``record.none`` (404)."""
    return one(requests_visible_to(person), pk=request_id)


def waiting_since(request: Request) -> date:
    """The day from which a request handed in waits to be assigned: that of its filing, or of the body that declined."""
    filed = request.submitted_on or request.exam_on
    return max(filed, local_day(request.moved_at)) if request.moved_at else filed


def unanswered(rows: QuerySet[Request], today: date) -> QuerySet[Request]:
    """Those whose assigned body let its day pass without accepting or explaining (三（四）)."""
    return rows.filter(state="assigned", answer_by__lt=today)


def reviews_visible_to(person: Person) -> QuerySet[VenueReview]:
    """The centre sees every list handed in, a sponsor its own, a body those put to it (三（五）)."""
    rows = VenueReview.objects.select_related("request__organisation", "venue__organisation", "body").order_by("-id")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows.exclude(state="draft")
    if person.organisation_id is None:
        return rows.none()
    if person.role in SPONSORS:
        return rows.filter(request__organisation_id=person.organisation_id)
    if person.role is Role.BODY:
        return rows.filter(body_id=person.organisation_id).exclude(state="draft")
    return rows.none()


def review(person: Person, review_id: int) -> VenueReview:
    """One venue review; Refusal ``record.none`` (404)."""
    return one(reviews_visible_to(person), pk=review_id)


def items_of(review_id: int) -> list[VenueReviewItem]:
    """The lines of a venue's list, section by section."""
    rows = VenueReviewItem.objects.filter(review_id=review_id).order_by("id")
    return sorted(rows, key=lambda item: (list(SECTIONS).index(item.section), item.pk))


def photos_of(review_id: int) -> QuerySet[VenuePhoto]:
    """The pictures handed in with a venue's list."""
    return VenuePhoto.objects.filter(review_id=review_id).select_related("file").order_by("id")


def photo(review_id: int, photo_id: int) -> VenuePhoto:
    """One picture of a list; Refusal ``record.none`` (404)."""
    return one(VenuePhoto.objects.filter(review_id=review_id).select_related("file"), pk=photo_id)


def approved_reviews(wanted: Request, venue_id: int, body_id: int, on: date) -> QuerySet[VenueReview]:
    """The body's approvals of a venue that may serve ``wanted`` on ``on``: its own, or one for the same work still valid.

    Whether the equipment still suffices is measured by the caller (三（五）).
    """
    same = Q(
        request__occupation_code=wanted.occupation_code,
        request__job=wanted.job,
        request__level=wanted.level,
        valid_until__gte=on,
    )
    own = Q(request_id=wanted.pk) & (Q(valid_until=None) | Q(valid_until__gte=on))
    return VenueReview.objects.filter(own | same, venue_id=venue_id, body_id=body_id, state="approved").order_by("-id")
