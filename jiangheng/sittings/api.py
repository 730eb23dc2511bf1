"""Sittings, seats and tickets over HTTP (四（六）, 四（七）)."""

from __future__ import annotations

from datetime import datetime

from ninja import Query, Router, Schema

from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request
from jiangheng.sittings import actions, queries
from jiangheng.sittings.models import Seat, Sitting

router = Router(tags=["sittings"])


class SittingOut(Schema):
    """One subject of a plan in one room at one time."""

    id: int
    plan: str
    body: str
    occupation_code: str
    level: int
    subject: str
    room: str
    starts_at: datetime
    ends_at: datetime
    seed: str
    state: str


class SeatOut(Schema):
    """A candidate's place; ``ticket`` is "" before tickets are issued."""

    number: int
    name: str
    ticket: str
    signed_in: bool
    absent: bool
    handed_in: bool


class TicketsIssued(Schema):
    """How many ticket numbers are new."""

    issued: int


def _out(row: Sitting) -> SittingOut:
    return out(
        SittingOut,
        row,
        plan=row.plan.number,
        body=row.plan.body.name,
        occupation_code=row.row.occupation_code,
        level=row.row.level,
        room=row.room_name,
    )


@router.get("/", response=list[SittingOut])
def sittings(request: Request, cursor: Query[Cursor]) -> list[SittingOut]:
    """Sittings the caller may see, by id."""
    return page(request, queries.visible_to(request.person), cursor, _out)


@router.get("/{sitting_id}", response=SittingOut)
def one(request: Request, sitting_id: int) -> SittingOut:
    """One sitting."""
    return _out(queries.get(request.person, sitting_id))


@router.get("/{sitting_id}/seats", response=list[SeatOut])
def seats(request: Request, sitting_id: int, cursor: Query[Cursor]) -> list[SeatOut]:
    """The seats the caller may see in one sitting."""
    sitting = queries.get(request.person, sitting_id)
    return page(request, queries.seats_visible_to(request.person).filter(sitting=sitting), cursor, _seat)


def _seat(row: Seat) -> SeatOut:
    return out(
        SeatOut,
        row,
        name=row.application.name,
        ticket=getattr(getattr(row.application, "ticket", None), "number", ""),
        signed_in=row.signed_in_at is not None,
        handed_in=row.handed_in_at is not None,
    )


@router.post("/plans/{plan_id}/tickets", response=TicketsIssued)
def issue_tickets(request: Request, plan_id: int) -> TicketsIssued:
    """Issue the tickets of a plan."""
    count = actions.issue_tickets(by=request.person, now=request.now, plan_id=plan_id)
    return TicketsIssued(issued=count)


operations.mount(router, "meeting", "/meetings")
operations.mount(router, "sitting", "", SittingOut, _out)
