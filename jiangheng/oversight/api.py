"""Inspections and draws over the API."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Query, Router, Schema

from jiangheng.oversight import queries
from jiangheng.oversight.models import Draw, Inspection
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request

router = Router(tags=["oversight"])


class InspectionOut(Schema):
    """An inspection."""

    id: int
    body_id: int
    body_name: str
    draw_id: int | None
    plan_id: int | None
    state: str
    version: int
    inspected_on: date | None
    conclusion: str
    rectify_by: date | None
    published_on: date | None


class DrawOut(Schema):
    """A draw; rosters and outcome are on its public check once disclosed."""

    id: int
    number: str
    title: str
    basis: str
    snapshot_hash: str
    seed_source: str
    bodies_wanted: int
    inspectors_per_body: int
    algorithm: str
    frozen_at: datetime
    drawn_at: datetime | None


def _inspection(row: Inspection) -> InspectionOut:
    return out(InspectionOut, row, body_name=row.body.name)


def _draw(row: Draw) -> DrawOut:
    return out(DrawOut, row)


@router.get("/inspections", response=list[InspectionOut])
def inspections(request: Request, cursor: Query[Cursor], state: str = "") -> list[InspectionOut]:
    """The inspections visible to the key's organisation, by id."""
    return page(request, queries.visible_to(request.person), cursor, _inspection, state=state)


@router.get("/inspections/{inspection_id}", response=InspectionOut)
def inspection(request: Request, inspection_id: int) -> InspectionOut:
    """One inspection."""
    return _inspection(queries.get(request.person, inspection_id))


@router.get("/draws", response=list[DrawOut])
def draws(request: Request, cursor: Query[Cursor]) -> list[DrawOut]:
    """Every draw with its published hash."""
    return page(request, queries.draws_visible_to(request.person), cursor, _draw)


operations.mount(router, "inspection", "/inspections", InspectionOut, _inspection)
