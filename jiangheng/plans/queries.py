"""Requests, venue reviews and plans: who sees which, the public calendar, and what falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Organisation, Scope
from jiangheng.journal.queries import one
from jiangheng.plans.models import Plan, PlanChange, PlanRow, Request, VenueReview, VenueReviewItem
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

PUBLIC_STATES = ("accepted", "completed")
SPONSORS = (Role.SCHOOL, Role.EMPLOYER)
ASSIGNED = ("assigned", "taken")
NEAR = timedelta(days=7)


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


def falling_due(person: Person) -> QuerySet[Plan]:
    """The person's plans not yet handed in, the nearest latest filing day first (三（三）)."""
    return (
        visible_to(person)
        .filter(state__in=("draft", "returned"), deadline_on__isnull=False)
        .order_by("deadline_on", "id")
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
    rows = Request.objects.select_related("organisation", "body", "venue", "plan")
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


def requests_falling_due(person: Person) -> QuerySet[Request]:
    """The person's requests not yet handed in, the nearest latest day first (三（四）)."""
    return (
        requests_visible_to(person)
        .filter(state__in=("draft", "returned"), deadline_on__isnull=False)
        .order_by("deadline_on", "id")
    )


def taken_without_plan(body_id: int) -> QuerySet[Request]:
    """Requests a body has taken and made no plan of yet."""
    return (
        Request.objects.filter(body_id=body_id, state="taken", plan=None)
        .select_related("organisation", "venue")
        .order_by("exam_on", "id")
    )


def reviews_visible_to(person: Person) -> QuerySet[VenueReview]:
    """The centre sees every list handed in, a sponsor its own, a body those put to it (三（五）)."""
    rows = VenueReview.objects.select_related("request__organisation", "venue__organisation", "body")
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
    """The lines of a venue's list."""
    return list(VenueReviewItem.objects.filter(review_id=review_id).order_by("id"))


def reviews_of(request_id: int) -> QuerySet[VenueReview]:
    """The venue reviews of a request, newest first."""
    return VenueReview.objects.filter(request_id=request_id).select_related("venue", "body").order_by("-id")


def approved_review(request_id: int | None, venue_id: int, body_id: int) -> VenueReview | None:
    """The body's approval of a venue for a request, or None (三（五）)."""
    if request_id is None:
        return None
    return VenueReview.objects.filter(
        request_id=request_id, venue_id=venue_id, body_id=body_id, state="approved"
    ).first()


@dataclass(frozen=True, slots=True)
class Choice:
    """A body that might be assigned: its filed scope, its load near the day, and what stands against it."""

    body: Organisation
    scope: str
    load: int
    refusal: Refusal | None


def conflict(body: Organisation, sponsor: Organisation) -> Refusal | None:
    """Why ``body`` may not examine ``sponsor``'s class: it is the same organisation or of the same owner (三（四）)."""
    if body.pk != sponsor.pk and not (body.owner_group and body.owner_group == sponsor.owner_group):
        return None
    reason = N_("为同一单位") if body.pk == sponsor.pk else N_("属同一举办者")
    return Refusal(
        N_("%(body)s与申请单位%(sponsor)s%(reason)s，存在利益冲突，不能指派。"),
        code="request.conflict",
        clause="三（四）",
        remedy=N_("请指派与申请单位没有隶属或关联关系的认定机构。"),
        body=body.name,
        sponsor=sponsor.name,
        reason=reason,
    )


def choices_for(wanted: Request, today: date | None = None) -> list[Choice]:
    """Every social body with what speaks for and against assigning it, assignable and least loaded first (三（四）)."""
    rows = list(Organisation.objects.filter(kind="social_body").order_by("name"))
    outside = bodies.scope_refusals(
        rows, wanted.occupation_code, wanted.job, wanted.level, wanted.exam_on, acting_on=today
    )
    scopes: dict[int, list[Scope]] = {}
    for scope in Scope.objects.select_related("filing").filter(
        filing__organisation__in=rows, filing__state="active", occupation_code=wanted.occupation_code
    ):
        scopes.setdefault(scope.filing.organisation_id, []).append(scope)
    loads = load_near(wanted.exam_on, leaving_out=wanted.pk)
    found = [
        Choice(
            body=row,
            scope=bodies.scope_words(scopes.get(row.pk, [])),
            load=loads.get(row.pk, 0),
            refusal=_against(row, wanted, outside[row.pk]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.refusal is not None, each.load, each.body.name))


def _against(body: Organisation, wanted: Request, outside: Refusal | None) -> Refusal | None:
    if outside is not None:
        return outside
    if body.pk in wanted.declined_by:
        return Refusal(
            N_("该机构已说明不能承接本次申请。"),
            code="request.declined_before",
            clause="三（四）",
            remedy=N_("请指派其他机构。"),
        )
    return conflict(body, wanted.organisation)


def load_near(day: date, *, leaving_out: int = 0) -> dict[int, int]:
    """How many plans and assigned requests each body has within a week of ``day``, by body."""
    span = (day - NEAR, day + NEAR)
    plans = (
        Plan.objects.filter(exam_on__range=span, state__in=("submitted", "accepted"))
        .values_list("body_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    waiting = (
        Request.objects.filter(exam_on__range=span, state__in=ASSIGNED, body__isnull=False)
        .filter(Q(plan=None) | Q(plan__state__in=("draft", "returned")))
        .exclude(pk=leaving_out)
        .values_list("body_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    loads: dict[int, int] = {}
    for body_id, count in [*plans, *waiting]:
        loads[body_id] = loads.get(body_id, 0) + count
    return loads
