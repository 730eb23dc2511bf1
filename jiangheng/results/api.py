"""Results over the API: the same queries and actions as the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ninja import Query, Router, Schema

from jiangheng.results import actions, queries
from jiangheng.results.models import Result, ResultBatch
from jiangheng.rules.days.counted import told
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, page
from jiangheng.screens.request import Request

router = Router(tags=["results"])


class BatchOut(Schema):
    """A result batch."""

    id: int
    plan_id: int
    plan_number: str
    plan_title: str
    body_name: str
    state: str
    version: int
    published_on: date | None
    publicity_ends_on: date | None
    publicity_ends_on_provisional: bool
    reported_on: date | None
    approved_on: date | None

    @staticmethod
    def resolve_publicity_ends_on_provisional(row: ResultBatch) -> bool:
        """Whether that day may still change with the holiday notice of its year."""
        return bool(told(row, "publicity_ends_on_provisional"))

    @staticmethod
    def resolve_plan_number(row: ResultBatch) -> str:
        """The plan's number."""
        return row.plan.number

    @staticmethod
    def resolve_plan_title(row: ResultBatch) -> str:
        """The plan's title."""
        return row.plan.title

    @staticmethod
    def resolve_body_name(row: ResultBatch) -> str:
        """The body's name."""
        return row.body.name


class ResultOut(Schema):
    """One candidate's result; the identity number is masked."""

    id: int
    application_id: int
    name: str
    ticket: str
    identity_masked: str
    theory: Decimal | None
    skill: Decimal | None
    review: Decimal | None
    absent: list[str]
    voided: list[str]
    passed: bool
    version: int

    @staticmethod
    def resolve_name(row: Result) -> str:
        """The name on the application."""
        return row.application.name

    @staticmethod
    def resolve_ticket(row: Result) -> str:
        """The admission ticket number, or an empty string."""
        return row.application.ticket.number if hasattr(row.application, "ticket") else ""

    @staticmethod
    def resolve_identity_masked(row: Result) -> str:
        """The masked document number."""
        return row.application.identity.number_masked


class MarkIn(Schema):
    """A mark typed or corrected."""

    subject: str
    mark: Decimal | None = None
    absent: bool = False
    reason: str = ""
    seen: int | None = None


@router.get("/batches", response=list[BatchOut])
def batches(request: Request, cursor: Query[Cursor], state: str = "") -> list[BatchOut]:
    """The batches visible to the key's organisation, by id."""
    rows = queries.visible_to(request.person)
    if state:
        rows = rows.filter(state=state)
    return page(request, rows, cursor, BatchOut.from_orm)


@router.get("/batches/{batch_id}", response=BatchOut)
def batch(request: Request, batch_id: int) -> Any:
    """One batch."""
    return queries.get(request.person, batch_id)


@router.get("/batches/{batch_id}/results", response=list[ResultOut])
def results(request: Request, batch_id: int, cursor: Query[Cursor]) -> list[ResultOut]:
    """The results of a batch."""
    person = request.person
    one = queries.get(person, batch_id)
    rows = queries.results_visible_to(person).filter(batch=one)
    return page(request, rows, cursor, ResultOut.from_orm)


@router.post("/results/{result_id}/marks", response=ResultOut)
def enter_mark(request: Request, result_id: int, given: MarkIn) -> Any:
    """Type or correct a mark while the batch is collected."""
    return actions.enter_mark(
        by=request.person,
        now=request.now,
        result_id=result_id,
        **given.model_dump(),
    )


operations.mount(router, "result_batch", "/batches", BatchOut, lambda _request, row: row)
operations.mount(router, "objection", "/objections")
