"""Paper requests and their ledgers over HTTP (四（三）, 四（五）); never a question."""

from __future__ import annotations

from datetime import datetime

from ninja import Query, Router, Schema

from jiangheng.papers import queries
from jiangheng.papers.models import PaperRequest
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request

router = Router(tags=["papers"])


class PaperRequestOut(Schema):
    """A request for papers of one subject of a plan row."""

    id: int
    number: str
    plan: str
    body: str
    occupation_code: str
    level: int
    subject: str
    candidates: int
    sets_wanted: int
    spare_copies: int
    state: str


class Line(Schema):
    """A line of the ledger; ``letter`` names the set."""

    at: datetime
    kind: str
    letter: str
    copies: int
    first_person: str
    second_person: str
    received_by: str


class LedgerOut(Schema):
    """The ledger of a request; ``gap`` is what is unaccounted for."""

    lines: list[Line]
    issued: int
    used: int
    spare: int
    void: int
    gap: int


def _out(row: PaperRequest) -> PaperRequestOut:
    return out(
        PaperRequestOut,
        row,
        plan=row.plan.number,
        body=row.plan.body.name,
        occupation_code=row.row.occupation_code,
        level=row.row.level,
    )


@router.get("/", response=list[PaperRequestOut])
def requests(request: Request, cursor: Query[Cursor]) -> list[PaperRequestOut]:
    """Requests the caller may see, by id."""
    return page(request, queries.visible_to(request.person), cursor, _out)


@router.get("/{request_id}", response=PaperRequestOut)
def one(request: Request, request_id: int) -> PaperRequestOut:
    """One request."""
    return _out(queries.get(request.person, request_id))


@router.get("/{request_id}/ledger", response=LedgerOut)
def ledger(request: Request, request_id: int) -> LedgerOut:
    """The ledger of one request and its balance."""
    row = queries.get(request.person, request_id)
    state = queries.balance_of(row)
    lines = [out(Line, each, letter=each.paper_set.letter if each.paper_set else "") for each in queries.movements(row)]
    return LedgerOut(
        lines=lines, issued=state.issued, used=state.used, spare=state.spare, void=state.void, gap=state.gap
    )


operations.mount(router, "paper_request", "", PaperRequestOut, _out)
