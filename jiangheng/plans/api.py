"""Requests, plans, their changes and venue pictures over HTTP (三（三）-（五）); the calendar of accepted plans is public."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import File, Form, Header, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from jiangheng.plans import actions, queries
from jiangheng.plans.models import Plan, PlanChange, Request, VenuePhoto
from jiangheng.rules.days.local_time import local_moment
from jiangheng.screens import operations
from jiangheng.screens.attachments import attachment
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request as WebRequest

router = Router(tags=["plans"])
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


class ChangedRowIn(Schema):
    """A row of the plan as it is to be; a row left out keeps its numbers, its hours move with the day."""

    row_id: Key
    headcount: Annotated[int, Field(ge=1, le=10_000)] | None = None
    subjects: list[SubjectIn] = []


class ChangeIn(Schema):
    """What is to change; what is left out stays as it is."""

    reason: str
    exam_on: Day | None = None
    registration_ends_at: datetime | None = None
    venue_id: Key | None = None
    rows: list[ChangedRowIn] = []
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
    deadline_on_provisional: bool
    filed_on: date | None
    filed_on_provisional: bool
    notice_workdays: int | None
    state: str
    version: int
    rows: list[RowOut]


class ChangeOut(Schema):
    """A request to change a plan: what was and what would be."""

    id: int
    plan_id: int
    plan_number: str
    kind: str
    reason: str
    filed_on: date
    filed_on_provisional: bool
    before: dict[str, Any]
    values: dict[str, Any]
    sittings_cancelled: int
    state: str
    version: int


class PhotoOut(Schema):
    """A picture or document of a venue's list."""

    id: int
    caption: str
    file_name: str
    content_type: str
    size: int


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
    deadline_on_provisional: bool
    answer_by: date | None
    answer_by_provisional: bool
    submitted_on: date | None
    submitted_on_provisional: bool
    state: str
    version: int


def _plan(row: Plan) -> PlanOut:
    lines = [out(RowOut, line) for line in row.rows.all()]
    return out(PlanOut, row, body=row.body.name, venue=row.venue.name, rows=lines)


def _request(row: Request) -> RequestOut:
    return out(RequestOut, row, organisation=row.organisation.name, body=row.body.name if row.body else "")


@router.get("/calendar", response=list[PlanOut], auth=None, summary="公开的认定计划")
def calendar(request: WebRequest, cursor: Query[Cursor], first: Day, last: Day) -> list[PlanOut]:
    """Accepted plans examined between two days."""
    return page(request, queries.public().filter(exam_on__range=(first, last)), cursor, _plan)


@router.get("/", response=list[PlanOut], summary="认定计划")
def plans(request: WebRequest, cursor: Query[Cursor], state: str = "") -> list[PlanOut]:
    """Plans the token's organisation sees, by id."""
    rows = queries.visible_to(request.person)
    return page(request, rows.prefetch_related("rows"), cursor, _plan, state=state)


@router.get("/{int:plan_id}", response=PlanOut, summary="一项计划")
def plan(request: WebRequest, plan_id: int) -> PlanOut:
    """One plan."""
    return _plan(queries.get(request.person, plan_id))


@router.post("/", response=PlanOut, summary="编制计划")
def draft(request: WebRequest, given: PlanIn) -> PlanOut:
    """Draft a plan (附件5)."""
    made = actions.draft(by=request.person, now=request.now, **given.model_dump())
    return _plan(made)


def _change(row: PlanChange) -> ChangeOut:
    return out(ChangeOut, row, plan_number=row.plan.number)


def _once(request: WebRequest, key: str) -> str | None:
    """A key of the caller's own that takes effect once; the same key of another organisation is another."""
    return f"api:{request.person.organisation_id}:{key}" if key else None


IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", max_length=80)]


@router.get("/changes", response=list[ChangeOut], summary="计划改期和变更")
def changes(request: WebRequest, cursor: Query[Cursor], state: str = "") -> list[ChangeOut]:
    """Requests to change plans the token's organisation sees, by id."""
    return page(request, queries.changes_visible_to(request.person), cursor, _change, state=state)


@router.get("/changes/{int:change_id}", response=ChangeOut, summary="一件改期或变更申请")
def change(request: WebRequest, change_id: int) -> ChangeOut:
    """One request to change a plan."""
    return _change(queries.change(request.person, change_id))


@router.post("/{int:plan_id}/changes", response=ChangeOut, summary="申请改期或变更")
def propose(request: WebRequest, plan_id: int, given: ChangeIn, idempotency_key: IdempotencyKey = "") -> ChangeOut:
    """Ask for another day, place, hours or numbers; nothing changes until the centre agrees (三（三）)."""
    person = request.person
    standing = queries.get(person, plan_id)
    rows = {
        line.row_id: {
            **({"headcount": line.headcount} if line.headcount is not None else {}),
            **({"subjects": _moments(line.subjects)} if line.subjects else {}),
        }
        for line in given.rows
    }
    made = actions.propose_change(
        by=person,
        now=request.now,
        plan_id=plan_id,
        reason=given.reason,
        exam_on=given.exam_on or standing.exam_on,
        registration_ends_at=given.registration_ends_at or standing.registration_ends_at,
        venue_id=given.venue_id or standing.venue_id,
        rows=rows,
        seen=given.seen,
        once=_once(request, idempotency_key),
    )
    return _change(made)


def _moments(subjects: list[SubjectIn]) -> list[dict[str, Any]]:
    return [{**each.model_dump(), "starts_at": local_moment(each.starts_at).isoformat()} for each in subjects]


def _photo(row: VenuePhoto) -> PhotoOut:
    file = row.file
    return out(PhotoOut, row, file_name=file.original_name, content_type=file.content_type, size=file.size)


@router.get("/reviews/{int:review_id}/photos", response=list[PhotoOut], summary="场地照片")
def photos(request: WebRequest, review_id: int, cursor: Query[Cursor]) -> list[PhotoOut]:
    """The pictures handed in with a venue's list (附件7)."""
    found = queries.review(request.person, review_id)
    return page(request, queries.photos_of(found.pk), cursor, _photo)


@router.get("/reviews/{int:review_id}/photos/{int:photo_id}", summary="一张场地照片")
def photo(request: WebRequest, review_id: int, photo_id: int) -> Any:
    """The picture itself, as an attachment."""
    found = queries.review(request.person, review_id)
    return attachment(queries.photo(found.pk, photo_id).file)


@router.post("/reviews/{int:review_id}/photos", response=PhotoOut, summary="上传场地照片")
def attach(
    request: WebRequest,
    review_id: int,
    file: File[UploadedFile],
    caption: Form[str] = "",
    idempotency_key: IdempotencyKey = "",
) -> PhotoOut:
    """Add a picture while the list is with the applicant (三（五）)."""
    made = actions.attach_photo(
        by=request.person,
        now=request.now,
        review_id=review_id,
        upload=file,
        caption=caption,
        once=_once(request, idempotency_key),
    )
    return _photo(made)


@router.delete("/reviews/{int:review_id}/photos/{int:photo_id}", response={204: None}, summary="移除场地照片")
def detach(request: WebRequest, review_id: int, photo_id: int) -> tuple[int, None]:
    """Take a picture off the list again (三（五）)."""
    actions.detach_photo(by=request.person, now=request.now, review_id=review_id, photo_id=photo_id)
    return 204, None


@router.get("/requests", response=list[RequestOut], summary="安排申请")
def requests(request: WebRequest, cursor: Query[Cursor], state: str = "") -> list[RequestOut]:
    """Requests the token's organisation sees, by id."""
    return page(request, queries.requests_visible_to(request.person), cursor, _request, state=state)


@router.get("/requests/{int:request_id}", response=RequestOut, summary="一份安排申请")
def request_one(request: WebRequest, request_id: int) -> RequestOut:
    """One request."""
    return _request(queries.request(request.person, request_id))


@router.post("/requests", response=RequestOut, summary="填写安排申请")
def draft_request(request: WebRequest, given: RequestIn) -> RequestOut:
    """Draft a request (附件6)."""
    made = actions.draft_request(by=request.person, now=request.now, **given.model_dump())
    return _request(made)


operations.mount(router, "plan_change", "/changes", ChangeOut, _change)
operations.mount(router, "request", "/requests", RequestOut, _request)
operations.mount(router, "venue_review", "/reviews")
operations.mount(router, "plan", "", PlanOut, _plan)
