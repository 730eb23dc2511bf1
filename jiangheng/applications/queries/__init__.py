"""Which applications and rosters a person may see, what may be applied for, and how an application stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from jiangheng.applications.models import Application, Proof, Roster
from jiangheng.catalog import queries as catalog
from jiangheng.catalog.models import StandardVersion
from jiangheng.journal.models import Entry
from jiangheng.journal.queries import one
from jiangheng.plans.models import Plan, PlanRow, Request
from jiangheng.rules import flows
from jiangheng.rules.applications import review
from jiangheng.rules.conditions.routes import RouteSet
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Person, Role

LIVE = flows.FLOWS["application"].live
CHUNK = 500
MOST_BATCHES = 200
OPEN_PLAN = flows.states("plan", "open")
OPEN_REQUEST = flows.states("request", "open")


def visible_to(person: Person) -> QuerySet[Application]:
    """The centre sees all handed in, a body its own plans' and assigned requests', a sponsor whom it entered,
    a candidate their own; drafts only those who write them.
    """
    rows = _whole()
    if person.role is Role.SYSTEM:
        return rows
    if person.is_centre:
        return rows.exclude(state="draft")
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return rows.filter(identity_id=person.identity_id)
    if person.organisation_id is None:
        return rows.none()
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        return rows.filter(sponsor_id=person.organisation_id)
    if person.role is Role.BODY:
        return rows.filter(pk__in=_keys_of_body(person.organisation_id))
    return rows.none()


def waiting(person: Person, states: Sequence[str]) -> QuerySet[Application]:
    """Those of ``visible_to`` in one of ``states``; asked of each part of what a body sees, before they are put together."""
    if person.role is Role.BODY and person.organisation_id is not None:
        return Application.objects.filter(pk__in=_keys_of_body(person.organisation_id, state__in=states))
    return visible_to(person).filter(state__in=states)


def get(person: Person, application_id: int) -> Application:
    """One application; Refusal ``record.none`` (404)."""
    if person.role is Role.BODY and person.organisation_id is not None:
        # With one row in hand the parts are asked of it, rather than the row of them all.
        entered, planned, asked = _of_body(person.organisation_id)
        return one(_whole().filter(entered | planned | asked), pk=application_id)
    return one(visible_to(person), pk=application_id)


def _keys_of_body(organisation_id: int, **narrowed: Any) -> QuerySet[Application, Any]:
    """A union, since each part has its index and an OR of them would read every row."""
    rows = Application.objects.order_by().filter(**narrowed)
    keys = [rows.filter(part).values("pk") for part in _of_body(organisation_id)]
    return keys[0].union(*keys[1:], all=True)


def _whole() -> QuerySet[Application]:
    return Application.objects.select_related("identity", "plan", "request", "body", "sponsor")


def _of_body(organisation_id: int) -> tuple[Q, Q, Q]:
    """What a body sees: whom it entered, its plans' applications, and those of requests it is to plan."""
    handed_in = ~Q(state="draft")
    assigned = Request.objects.filter(body_id=organisation_id, state__in=flows.states("request", "assigned"))
    return (
        Q(sponsor_id=organisation_id),
        Q(body_id=organisation_id) & handed_in,
        Q(request_id__in=assigned.values("pk"), plan=None) & handed_in,
    )


def rosters_visible_to(person: Person) -> QuerySet[Roster]:
    """The centre sees every roster, an organisation those it handed in, a body those of its plans and requests."""
    rows = Roster.objects.select_related("organisation", "request", "plan", "file")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.organisation_id is None or person.role not in (Role.BODY, Role.SCHOOL, Role.EMPLOYER):
        return rows.none()
    mine = Q(organisation_id=person.organisation_id)
    if person.role is Role.BODY:
        mine |= Q(
            request__body_id=person.organisation_id,
            request__state__in=flows.states("request", "assigned"),
            imported__gt=0,
        )
    return rows.filter(mine)


def roster(person: Person, roster_id: int) -> Roster:
    """One roster; Refusal ``record.none`` (404)."""
    return one(rosters_visible_to(person), pk=roster_id)


def own_roster(person: Person, roster_id: int) -> Roster:
    """A roster the person's own organisation handed in; Refusal ``record.none`` (404) otherwise."""
    rows = rosters_visible_to(person).filter(organisation_id=person.organisation_id or 0)
    return one(rows, pk=roster_id)


def of_roster_batch(roster: Roster) -> QuerySet[Application]:
    """The live applications its sender has in the batch of a roster, with person and photo."""
    batch = Q(request_id=roster.request_id) if roster.request_id else Q(plan_id=roster.plan_id)
    rows = Application.objects.select_related("identity", "photo").order_by("id")
    return rows.filter(batch, sponsor_id=roster.organisation_id, state__in=LIVE)


def own_plan(person: Person, plan_id: int) -> Plan:
    """A plan of the person's own body; Refusal ``record.none`` (404) otherwise."""
    rows = Plan.objects.select_related("body", "request")
    return one(rows.filter(body_id=person.organisation_id or 0), pk=plan_id)


def own_request(person: Person, request_id: int) -> Request:
    """A request handed in by the person's own organisation; Refusal ``record.none`` (404) otherwise."""
    rows = Request.objects.select_related("organisation", "body")
    return one(rows.filter(organisation_id=person.organisation_id or 0), pk=request_id)


def assigned_request(person: Person, request_id: int) -> Request:
    """A request assigned to the person's own body; Refusal ``record.none`` (404) otherwise."""
    rows = Request.objects.select_related("organisation", "body")
    return one(
        rows.filter(body_id=person.organisation_id or 0, state__in=flows.states("request", "assigned")), pk=request_id
    )


def plan_of(request: Request) -> Plan | None:
    """The plan a request became, or None."""
    return Plan.objects.select_related("body").filter(request_id=request.pk).exclude(state="cancelled").first()


def open_rows(now: datetime) -> QuerySet[PlanRow]:
    """What an individual may apply for now: rows of accepted public plans of social bodies (三（二）)."""
    return (
        PlanRow.objects.select_related("plan__body", "plan__venue")
        .filter(
            plan__state__in=flows.FLOWS["plan"].live,
            plan__open_to_public=True,
            plan__registration_ends_at__gte=now,
            plan__body__kind="social_body",
        )
        .order_by("plan__registration_ends_at", "id")
    )


def open_row(now: datetime, row_id: int) -> PlanRow:
    """One such row; Refusal ``record.none`` (404)."""
    return one(open_rows(now), pk=row_id)


def roster_targets(person: Person, now: datetime) -> tuple[list[Request], list[Plan]]:
    """The requests and plans this organisation may hand a roster in for, newest first."""
    organisation = person.organisation_id or 0
    if person.role is Role.BODY:
        plans = Plan.objects.filter(body_id=organisation, state__in=OPEN_PLAN, registration_ends_at__gte=now)
        return [], list(plans.order_by("-id")[:200])
    requests = Request.objects.filter(organisation_id=organisation, state__in=OPEN_REQUEST)
    return list(requests.order_by("-id")[:200]), []


@dataclass(frozen=True, slots=True)
class Line:
    """What an application is for, whether it comes from a plan's row or from a request."""

    occupation_code: str
    occupation_name: str
    job: str
    level: int
    subjects: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        """The names a form may call it by."""
        return frozenset(word for word in (self.occupation_name, self.job, self.occupation_code) if word)


def lines_of_plan(plan: Plan) -> list[Line]:
    """The occupations and levels of a plan."""
    return [line_of_row(row) for row in PlanRow.objects.filter(plan_id=plan.pk)]


def line_of_row(row: PlanRow) -> Line:
    """A plan's row as a line."""
    subjects = tuple(each["subject"] for each in row.subjects if each.get("subject"))
    return Line(row.occupation_code, row.occupation_name, row.job, row.level, subjects)


def line_of_request(request: Request, on: date) -> Line:
    """A request as a line; its subjects are those of the standard."""
    subjects = tuple(row.subject for row in catalog.subjects_for(request.occupation_code, request.level, on)) or (
        ("theory", "skill") if request.level >= 3 else ("theory", "skill", "review")
    )
    return Line(request.occupation_code, request.occupation_name, request.job, request.level, subjects)


def day_of_request(request: Request, now: datetime) -> date:
    """The day an application under a request is judged for: the last day the request may be handed in, else today."""
    return request.deadline_on or local_day(now)


def row_of(application: Application) -> PlanRow | None:
    """The plan row an application is for; None where it is for a request's."""
    if application.plan_id is None:
        return None
    rows = PlanRow.objects.filter(
        plan_id=application.plan_id, occupation_code=application.occupation_code, level=application.level
    )
    return rows.filter(job=application.job).first() or rows.first()


def as_of(application: Application, now: datetime) -> date:
    """The day an application is judged for: the plan's registration deadline, else that of its request."""
    if application.plan is not None:
        return local_day(application.plan.registration_ends_at)
    if application.request is not None:
        return day_of_request(application.request, now)
    return local_day(now)


def route_set(found: StandardVersion) -> RouteSet:
    """The routes of a standard version, its own overrides among them."""
    return catalog.routes_of(found)


def names_of(found: StandardVersion, line_names: Iterable[str] = ()) -> frozenset[str]:
    """Codes and names that count as 本职业或相关职业 under a standard; those of earlier editions count as its own."""
    itself = (found.occupation, *catalog.lineage(found.occupation))
    own = (word for each in itself for word in (each.code, each.name, *each.jobs))
    return frozenset([*own, *found.related_occupations, *line_names])


def live_by_identity(
    identity_ids: Iterable[int], *, plan_id: int | None, request_id: int | None
) -> dict[tuple[int, str, int], Application]:
    """The live applications of these people in one plan or request, by identity, occupation and level."""
    batch = Q(pk__in=[])
    if plan_id:
        batch |= Q(plan_id=plan_id)
    if request_id:
        batch |= Q(request_id=request_id)
    found: dict[tuple[int, str, int], Application] = {}
    for chunk in _chunks(sorted(set(identity_ids))):
        for row in Application.objects.filter(batch, identity_id__in=chunk, state__in=LIVE):
            found[row.identity_id, row.occupation_code, row.level] = row
    return found


def elsewhere(
    identity_ids: Iterable[int], *, occupation_code: str, level: int, plan_id: int | None, request_id: int | None
) -> dict[int, str]:
    """Who has a live application for the same occupation and level in another batch, with that plan's public number.

    Nothing else of the other batch is told: it may belong to another organisation.
    """
    rows = Application.objects.filter(
        occupation_code=occupation_code, level=level, state__in=flows.states("application", "handed_in")
    )
    if plan_id:
        rows = rows.exclude(Q(plan_id=plan_id, plan_id__isnull=False))
    if request_id:
        rows = rows.exclude(Q(request_id=request_id, request_id__isnull=False))
    found: dict[int, str] = {}
    for chunk in _chunks(sorted(set(identity_ids))):
        for identity_id, number, state in rows.filter(identity_id__in=chunk).values_list(
            "identity_id", "plan__number", "plan__state"
        ):
            found[identity_id] = number if state in flows.states("plan", "standing") else ""
    return found


def same_again(application: Application) -> QuerySet[Application]:
    """The same person's other applications for the same occupation and level; for telling them, and for marks."""
    return (
        Application.objects.filter(
            identity_id=application.identity_id, occupation_code=application.occupation_code, level=application.level
        )
        .exclude(pk=application.pk)
        .order_by("id")
    )


def sat_before(application: Application) -> list[str]:
    """The exam types under which the person was accepted for the same occupation and level, the earliest exam first."""
    rows = same_again(application).filter(state="accepted").exclude(plan__state="cancelled")
    return list(rows.order_by("plan__exam_on", "id").values_list("exam_type", flat=True))


def of_request(request_id: int, states: Sequence[str] = LIVE) -> QuerySet[Application]:
    """The applications entered under a request."""
    return Application.objects.filter(request_id=request_id, state__in=states).order_by("id")


def of_plan(plan_id: int, states: Sequence[str] = ("accepted",)) -> QuerySet[Application]:
    """The applications of a plan in these states, for the rooms that examine them."""
    return (
        Application.objects.select_related("identity", "photo", "sponsor")
        .filter(plan_id=plan_id, state__in=states)
        .order_by("id")
    )


def of_batch(batch: Plan | Request) -> QuerySet[Application]:
    """All handed in for a plan or request, for the body it belongs to; the caller has got the batch as its own."""
    rows = Application.objects.select_related("identity").exclude(state="draft")
    return rows.filter(plan=batch) if isinstance(batch, Plan) else rows.filter(request=batch)


def counts(rows: QuerySet[Application]) -> dict[str, int]:
    """How many applications stand in each state."""
    found: Mapping[str, int] = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return dict(found)


def clean(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Those waiting that may go through in bulk, as ``rules.review.standing`` found when they were handed in (三（一）)."""
    return rows.filter(state="submitted", standing=review.CLEAN)


def proofs(application: Application) -> list[Proof]:
    """An application's proofs with their files."""
    return list(application.proofs.select_related("file"))


def changeable(person: Person, application: Application) -> bool:
    """Whether this person may still write the form: their own draft, or one returned for correction."""
    if application.state not in flows.states("application", "editable"):
        return False
    if person.role is Role.CANDIDATE:
        return application.identity_id == person.identity_id
    return application.sponsor_id is not None and application.sponsor_id == person.organisation_id


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def last_reasons(application_ids: Sequence[int]) -> dict[int, str]:
    """The words of the latest return or refusal of each application."""
    rows = Entry.objects.filter(
        record_kind="application", record_id__in=list(application_ids), verb__in=("return", "refuse")
    ).order_by("id")
    return {record_id: note for record_id, note in rows.values_list("record_id", "note") if record_id is not None}


def rows_of(plan_ids: Sequence[int]) -> list[PlanRow]:
    """The rows of some plans, for a form's list."""
    return list(PlanRow.objects.select_related("plan").filter(plan_id__in=list(plan_ids)).order_by("-plan_id", "id"))


def proof(application: Application, proof_id: int) -> Proof:
    """One proof of an application; Refusal ``record.none`` (404)."""
    return one(Proof.objects.select_related("file").filter(application_id=application.pk), pk=proof_id)


@dataclass(frozen=True, slots=True)
class Queue:
    """A batch with how many of its applications wait and how many were handed in."""

    batch: Plan | Request
    waiting: int
    total: int


def batches(person: Person) -> list[Queue]:
    """The body's own plans and the assigned requests not yet planned, with how many wait and how many applied."""
    plans = Plan.objects.filter(body_id=person.organisation_id or 0).exclude(state="cancelled")
    requests = Request.objects.filter(
        body_id=person.organisation_id or 0, state__in=flows.states("request", "assigned"), plan__isnull=True
    )
    return [
        *_counted("plan_id", plans.order_by("-id")[:MOST_BATCHES]),
        *_counted("request_id", requests.order_by("-id")[:MOST_BATCHES]),
    ]


def _counted(field: str, batches: Iterable[Plan | Request]) -> list[Queue]:
    """Each batch with its counts, taken after the newest are chosen: joined before, every batch would be counted."""
    chosen = list(batches)
    rows = Application.objects.filter(**{f"{field}__in": [each.pk for each in chosen]}).order_by()
    waiting, total = (
        Count("pk", filter=Q(state="submitted")),
        Count("pk", filter=~Q(state__in=flows.states("application", "unsent"))),
    )
    found = {key: counts for key, *counts in rows.values_list(field).annotate(waiting=waiting, total=total)}
    return [Queue(each, *found.get(each.pk, (0, 0))) for each in chosen]
