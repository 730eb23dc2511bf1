"""Applications and rosters over HTTP (三（一）, 四（四）); document numbers stay masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from jiangheng.applications import actions, queries
from jiangheng.applications.models import Application, Roster
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request

router = Router(tags=["applications"])
A = TypeVar("A", bound="ApplicationOut")


class ApplicationOut(Schema):
    """An application as lists show it."""

    id: int
    number: str
    name: str
    document: str
    occupation_code: str
    occupation_name: str
    job: str
    level: int
    route: str
    plan: str
    sponsor: str
    verdict: str
    state: str
    version: int


class DetailOut(ApplicationOut):
    """An application with its form and why it was judged so."""

    form: dict[str, Any]
    judgement: dict[str, Any]
    submitted_at: datetime | None


class FaultOut(Schema):
    """A fault of a roster at a row and column."""

    row: int
    column: str
    severity: str
    code: str
    message: str


class RosterOut(Schema):
    """What a roster brought."""

    id: int
    rows: int
    imported: int
    summary: dict[str, int]
    faults: list[FaultOut]


def _written(schema: type[A], row: Application) -> A:
    return out(
        schema,
        row,
        document=row.identity.number_masked,
        plan=row.plan.number if row.plan else "",
        sponsor=row.sponsor.name if row.sponsor else "",
    )


def _application(row: Application) -> ApplicationOut:
    return _written(ApplicationOut, row)


def _roster(made: Roster) -> RosterOut:
    faults = [
        FaultOut(
            row=each["row"],
            column=each["column"],
            severity=each["severity"],
            code=each["code"],
            message=each["message"] % each["params"] if each["params"] else each["message"],
        )
        for each in made.faults
    ]
    return out(RosterOut, made, faults=faults)


@router.get("/", response=list[ApplicationOut], summary="个人申请")
def applications(request: Request, cursor: Query[Cursor], state: str = "") -> list[ApplicationOut]:
    """Applications the token's organisation sees, by id."""
    return page(request, queries.visible_to(request.person), cursor, _application, state=state)


@router.get("/{int:application_id}", response=DetailOut, summary="一份申请")
def application(request: Request, application_id: int) -> DetailOut:
    """One application."""
    return _written(DetailOut, queries.get(request.person, application_id))


@router.post("/rosters", response=RosterOut, summary="导入花名册")
def import_roster(
    request: Request,
    file: File[UploadedFile],
    request_id: Form[int | None] = None,
    plan_id: Form[int | None] = None,
    mode: Form[str] = "add",
) -> RosterOut:
    """Hand a roster in for a request or a plan; with any error nobody is entered."""
    made = actions.import_roster(
        by=request.person,
        now=request.now,
        upload=file,
        request_id=request_id,
        plan_id=plan_id,
        mode=mode,
    )
    return _roster(made)


@router.get("/rosters/{int:roster_id}", response=RosterOut, summary="花名册检查结果")
def roster(request: Request, roster_id: int) -> RosterOut:
    """What a roster brought."""
    return _roster(queries.roster(request.person, roster_id))


operations.mount(router, "roster", "/rosters", RosterOut, _roster)
operations.mount(router, "access_arrangement", "/needs")
operations.mount(router, "candidate_report", "/candidate_reports")
operations.mount(router, "application", "", ApplicationOut, _application)
