"""Results over the API: the same queries and actions as the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ninja import Query, Router, Schema

from jiangheng.results import actions, queries
from jiangheng.results.models import Result, ResultBatch
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
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


def _batch(row: ResultBatch) -> BatchOut:
    return out(BatchOut, row, plan_number=row.plan.number, plan_title=row.plan.title, body_name=row.body.name)


def _result(row: Result) -> ResultOut:
    return out(
        ResultOut,
        row,
        name=row.application.name,
        ticket=row.application.ticket.number if hasattr(row.application, "ticket") else "",
        identity_masked=row.application.identity.number_masked,
    )


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
    return page(request, queries.visible_to(request.person), cursor, _batch, state=state)


@router.get("/batches/{batch_id}", response=BatchOut)
def batch(request: Request, batch_id: int) -> BatchOut:
    """One batch."""
    return _batch(queries.get(request.person, batch_id))


@router.get("/batches/{batch_id}/results", response=list[ResultOut])
def results(request: Request, batch_id: int, cursor: Query[Cursor]) -> list[ResultOut]:
    """The results of a batch."""
    person = request.person
    one = queries.get(person, batch_id)
    return page(request, queries.results_visible_to(person).filter(batch=one), cursor, _result)


@router.post("/results/{result_id}/marks", response=ResultOut)
def enter_mark(request: Request, result_id: int, given: MarkIn) -> ResultOut:
    """Type or correct a mark while the batch is collected."""
    made = actions.enter_mark(by=request.person, now=request.now, result_id=result_id, **given.model_dump())
    return _result(made)


operations.mount(router, "result_batch", "/batches", BatchOut, _batch)
operations.mount(router, "objection", "/objections")
