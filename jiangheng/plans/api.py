"""Requests and plans over HTTP (三（三）, 三（四）); the calendar of accepted plans is public."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jiangheng.plans import actions, queries
from jiangheng.plans.models import Plan, Request

router = Router(tags=["plans"])
PAGE = 100
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
Key = Annotated[int, Field(ge=1, le=2**62)]


class SubjectIn(Schema):
    """A subject with its method, start and length."""

    subject: Literal["theory", "skill", "review"]
    method: str
    starts_at: datetime
    minutes: int


class RowIn(Schema):
    """One occupation and level; without subjects those of the standard are taken."""

    occupation_code: str
    job: str = ""
    level: Annotated[int, Field(ge=1, le=5)]
    headcount: Annotated[int, Field(ge=1, le=10_000)]
    makeup: Annotated[int, Field(ge=0, le=10_000)] = 0
    assessment: Literal["level", "qualification"] = "level"
    examiner_lead: str = ""
    invigilators: Annotated[int, Field(ge=0, le=10_000)] | None = None
    supervisor: str = ""
    subjects: list[SubjectIn] = []


class PlanIn(Schema):
    """附件5."""

    title: str = ""
    exam_on: Day
    registration_ends_at: datetime
    candidate_source: str
    paper_source: str
    venue_id: Key
    contact_name: str = ""
    contact_phone: str = ""
    open_to_public: bool = False
    request_id: Key | None = None
    rows: list[RowIn]


class RequestIn(Schema):
    """附件6."""

    class_name: str
    class_number: str = ""
    training_from: Day | None = None
    training_to: Day | None = None
    training_hours: int | None = None
    occupation_code: str
    job: str = ""
    level: Annotated[int, Field(ge=1, le=5)]
    headcount: Annotated[int, Field(ge=1, le=10_000)]
    exam_on: Day
    alternative_on: Day | None = None
    place: Literal["own", "off_site", "body"]
    venue_id: Key | None = None
    trainer_id: Key | None = None
    contact_name: str = ""
    contact_phone: str = ""


class StepIn(Schema):
    """Words of a step and the version it was taken on."""

    note: str = ""
    seen: int | None = None


class RowOut(Schema):
    """One occupation and level of a plan."""

    occupation_code: str
    occupation_name: str
    job: str
    level: int
    headcount: int
    subjects: list[dict[str, Any]]


class PlanOut(Schema):
    """A plan."""

    id: int
    number: str
    title: str
    body: str
    venue: str
    exam_on: date
    registration_ends_at: datetime
    open_to_public: bool
    deadline_on: date | None
    filed_on: date | None
    notice_workdays: int | None
    state: str
    version: int
    rows: list[RowOut]


class RequestOut(Schema):
    """A request."""

    id: int
    number: str
    organisation: str
    body: str
    class_name: str
    occupation_code: str
    occupation_name: str
    job: str
    level: int
    headcount: int
    exam_on: date
    deadline_on: date | None
    submitted_on: date | None
    state: str
    version: int


def _plan(row: Plan) -> PlanOut:
    own = {name: getattr(row, name) for name in PlanOut.model_fields if name not in ("id", "body", "venue", "rows")}
    lines = [RowOut(**{name: getattr(line, name) for name in RowOut.model_fields}) for line in row.rows.all()]
    return PlanOut(id=row.pk, body=row.body.name, venue=row.venue.name, rows=lines, **own)


def _request(row: Request) -> RequestOut:
    own = {name: getattr(row, name) for name in RequestOut.model_fields if name not in ("id", "organisation", "body")}
    return RequestOut(id=row.pk, organisation=row.organisation.name, body=row.body.name if row.body else "", **own)


@router.get("/calendar", response=list[PlanOut], auth=None, summary="公开的认定计划")
def calendar(request: HttpRequest, first: Day, last: Day) -> list[PlanOut]:  # noqa: ARG001
    """Accepted plans examined between two days."""
    return [_plan(row) for row in queries.public().filter(exam_on__range=(first, last))[:PAGE]]


@router.get("/", response=list[PlanOut], summary="认定计划")
def plans(request: HttpRequest, state: str = "", after: int = 0) -> list[PlanOut]:
    """Plans the token's organisation sees, by id; ``after`` is the last id of the page before."""
    rows = queries.visible_to(request.person).filter(pk__gt=after)  # type: ignore[attr-defined]
    if state:
        rows = rows.filter(state=state)
    return [_plan(row) for row in rows.prefetch_related("rows").order_by("id")[:PAGE]]


@router.get("/{int:plan_id}", response=PlanOut, summary="一项计划")
def plan(request: HttpRequest, plan_id: int) -> PlanOut:
    """One plan."""
    return _plan(queries.get(request.person, plan_id))  # type: ignore[attr-defined]


@router.post("/", response=PlanOut, summary="编制计划")
def draft(request: HttpRequest, given: PlanIn) -> PlanOut:
    """Draft a plan (附件5)."""
    made = actions.draft(by=request.person, now=request.now, **given.model_dump())  # type: ignore[attr-defined]
    return _plan(made)


PLAN_STEPS = {
    "submit": actions.submit,
    "accept": actions.accept,
    "return": actions.return_plan,
    "cancel": actions.cancel,
    "complete": actions.complete,
}
REQUEST_STEPS = {
    "submit": actions.submit_request,
    "return": actions.return_request,
    "take": actions.take,
    "decline": actions.decline,
    "cancel": actions.cancel_request,
}


@router.post("/{int:plan_id}/{verb}", response=PlanOut, summary="办理计划")
def plan_step(
    request: HttpRequest,
    plan_id: int,
    verb: Literal["submit", "accept", "return", "cancel", "complete"],
    given: StepIn,
) -> PlanOut:
    """Take a step of a plan; a late filing is refused with the days given and needed."""
    row = PLAN_STEPS[verb](
        by=request.person,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        plan_id=plan_id,
        note=given.note,
        seen=given.seen,
    )
    return _plan(row)


@router.get("/requests", response=list[RequestOut], summary="安排申请")
def requests(request: HttpRequest, state: str = "", after: int = 0) -> list[RequestOut]:
    """Requests the token's organisation sees, by id."""
    rows = queries.requests_visible_to(request.person).filter(pk__gt=after)  # type: ignore[attr-defined]
    if state:
        rows = rows.filter(state=state)
    return [_request(row) for row in rows.order_by("id")[:PAGE]]


@router.get("/requests/{int:request_id}", response=RequestOut, summary="一份安排申请")
def request_one(request: HttpRequest, request_id: int) -> RequestOut:
    """One request."""
    return _request(queries.request(request.person, request_id))  # type: ignore[attr-defined]


@router.post("/requests", response=RequestOut, summary="填写安排申请")
def draft_request(request: HttpRequest, given: RequestIn) -> RequestOut:
    """Draft a request (附件6)."""
    made = actions.draft_request(by=request.person, now=request.now, **given.model_dump())  # type: ignore[attr-defined]
    return _request(made)


@router.post("/requests/{int:request_id}/{verb}", response=RequestOut, summary="办理安排申请")
def request_step(
    request: HttpRequest,
    request_id: int,
    verb: Literal["submit", "return", "take", "decline", "cancel"],
    given: StepIn,
) -> RequestOut:
    """Take a step of a request; the centre assigns on its page."""
    row = REQUEST_STEPS[verb](
        by=request.person,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        request_id=request_id,
        note=given.note,
        seen=given.seen,
    )
    return _request(row)
