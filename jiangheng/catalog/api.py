"""Occupations, working days and fees over HTTP; public, as their pages are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from jiangheng.catalog import queries
from jiangheng.catalog.models import StandardVersion
from jiangheng.rules.conditions.overrides import of_route, spelled
from jiangheng.rules.roles import PUBLIC
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

router = Router(tags=["catalog"])
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class OccupationOut(Schema):
    """An occupation of the national catalogue."""

    code: str
    name: str
    edition: str
    jobs: list[str]
    levels: str
    label: str


class DayOut(Schema):
    """One day of a count; ``place`` is its place among the working days, null when passed over."""

    date: date
    workday: bool
    name: str
    provisional: bool
    place: int | None


class WorkdaysOut(Schema):
    """The day a count ends on and every day looked at; provisional where no calendar is published."""

    date: date
    provisional: bool
    days: list[DayOut]


class FeeOut(Schema):
    """A fee line in force; the amount in fen."""

    document: str
    occupation_code: str
    level: int
    item: str
    payee: str
    amount_fen: int
    valid_from: date
    valid_to: date | None
    label: str


@router.get("/occupations", response=list[OccupationOut], auth=None, summary="职业目录")
def occupations(request: Request, cursor: Query[Cursor]) -> list[OccupationOut]:
    """Every occupation, by id."""
    return page(request, queries.occupations(), cursor, lambda row: out(OccupationOut, row))


class SubjectOut(Schema):
    """A subject at a level; ``candidates_per_examiner`` is null where the parameter holds."""

    level: int
    subject: str
    method: str
    minutes: int
    candidates_per_examiner: int | None


class RouteOut(Schema):
    """A route with its wording, its conditions as data, and the document of a local override ("" for the template)."""

    id: str
    level: int
    text: str
    evidence: list[str]
    conditions: dict[str, Any]
    document: str
    clause: str


class StandardOut(Schema):
    """A published standard version; ``valid_to`` is null while it holds until further notice, ``owner_id`` for a national one."""

    id: int
    occupation_code: str
    occupation: str
    edition: str
    document: str
    ruleset: str
    valid_from: date
    valid_to: date | None
    label: str
    owner_id: int | None


class StandardDetailOut(StandardOut):
    """A version with all it says."""

    former_codes: list[str]
    related_occupations: list[str]
    related_majors: list[str]
    subjects: list[SubjectOut]
    routes: list[RouteOut]


def _named(row: StandardVersion) -> dict[str, str]:
    found = row.occupation
    return {"occupation_code": found.code, "occupation": found.name, "edition": found.edition}


def _standard(row: StandardVersion) -> StandardOut:
    return out(StandardOut, row, **_named(row))


def _whole(row: StandardVersion, level: int | None = None) -> StandardDetailOut:
    subjects = [each for each in row.subjects.all() if level in (None, each.level)]
    routes = [each for each in queries.routes_of(row).routes if level in (None, each.level)]
    return out(
        StandardDetailOut,
        row,
        **_named(row),
        former_codes=[each.code for each in queries.lineage(row.occupation)],
        subjects=[out(SubjectOut, each) for each in subjects],
        routes=[
            RouteOut(
                id=each.id,
                level=each.level,
                text=each.text,
                evidence=list(each.evidence),
                conditions={
                    name: value
                    for name, value in spelled(each).items()
                    if name not in ("id", "level", "text", "evidence")
                },
                document=(of_route(row.route_overrides, each.id) or {}).get("document", ""),
                clause=(of_route(row.route_overrides, each.id) or {}).get("clause", ""),
            )
            for each in routes
        ],
    )


@router.get("/standards", response=list[StandardOut], auth=None, summary="职业标准")
def standards(request: Request, cursor: Query[Cursor], occupation_code: str = "") -> list[StandardOut]:
    """Published standard versions, by id."""
    rows = queries.versions_visible_to(PUBLIC)
    if occupation_code:
        rows = rows.filter(occupation__code=occupation_code)
    return page(request, rows, cursor, _standard)


@router.get("/standards/{standard_id}", response=StandardDetailOut, auth=None, summary="职业标准详情")
def standard(request: Request, standard_id: int) -> StandardDetailOut:  # noqa: ARG001 - an operation is given its request
    """One published version with its subjects and routes (三（一）)."""
    return _whole(queries.version(PUBLIC, standard_id))


@router.get("/own-standards", response=list[StandardDetailOut], summary="本单位企业评价规范")
def own_standards(request: Request, cursor: Query[Cursor]) -> list[StandardDetailOut]:
    """The 企业评价规范 of the token's own organisation with their subjects and routes, by id; nobody else's are shown (一)."""
    rows = queries.versions_visible_to(request.person).filter(owner_id=request.person.organisation_id or 0)
    return page(request, rows.prefetch_related("subjects"), cursor, _whole)


@router.get("/rules", response=StandardDetailOut, auth=None, summary="某日适用规则")
def rules(
    request: Request,  # noqa: ARG001 - an operation is given its request
    occupation_code: str,
    level: Annotated[int, Field(ge=1, le=5)],
    on: Day,
) -> StandardDetailOut:
    """The version, subjects and routes that apply to an occupation and level on a day (三（一）)."""
    found = queries.standard_or_refuse(occupation_code, on, status=404)
    return _whole(found, level)


@router.get("/workday", response=WorkdaysOut, auth=None, summary="工作日推算")
def workday(
    request: Request,  # noqa: ARG001 - an operation is given its request
    direction: Literal["before", "after"],
    day: Day,
    workdays: Annotated[int, Field(ge=1, le=250)],
) -> WorkdaysOut:
    """“N个工作日前” (before) and “公示N个工作日” (after), with the day-by-day count."""
    calendar = values.calendar()
    count = calendar.before(day, workdays) if direction == "before" else calendar.after(day, workdays)
    days: list[DayOut] = []
    place = 0
    for each in count.days:
        place += each.workday
        days.append(
            DayOut(
                date=each.date,
                workday=each.workday,
                name=each.name,
                provisional=each.provisional,
                place=place if each.workday else None,
            )
        )
    return WorkdaysOut(date=count.date, provisional=count.provisional, days=days)


@router.get("/fees", response=list[FeeOut], auth=None, summary="收费标准")
def fees(request: Request, occupation_code: str, level: int, on: Day) -> list[FeeOut]:  # noqa: ARG001 - an operation is given its request
    """The fee lines of an occupation and level in force on a day (三（七）)."""
    return [out(FeeOut, row) for row in queries.fee_lines(occupation_code, level, on)]


operations.mount(router, "standard", "/standards")
