"""Organisations, filings and the public directory over HTTP (一)."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router, Schema

from jiangheng.bodies import queries
from jiangheng.bodies.models import Filing, Organisation
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request

router = Router(tags=["bodies"])


class ScopeOut(Schema):
    """A filed occupation with its levels, highest number first, such as "543"."""

    occupation_code: str
    occupation_name: str
    job: str
    levels: str
    standard: str
    own_standard: bool
    valid_from: date
    valid_to: date


class StandingOut(Schema):
    """A time in which a filing does not count: suspended, rectifying, ended or replaced; until null while it lasts."""

    kind: str
    since: date
    until: date | None
    due: date | None


class FilingOut(Schema):
    """A filing with its rows."""

    id: int
    organisation_id: int
    organisation: str
    number: str
    batch: str
    service_objects: str
    valid_from: date
    valid_to: date
    state: str
    version: int
    scopes: list[ScopeOut]
    standings: list[StandingOut]


class BodyOut(Schema):
    """A body of the public directory."""

    id: int
    name: str
    kind: str
    credit_code: str
    district_code: str
    address: str
    contact_phone: str
    is_fictional: bool
    filings: list[FilingOut]


def _filing(row: Filing) -> FilingOut:
    return out(
        FilingOut,
        row,
        organisation=row.organisation.name,
        scopes=[out(ScopeOut, scope) for scope in row.scopes.all()],
        standings=[out(StandingOut, each) for each in row.standings.all()],
    )


def _body(row: Organisation) -> BodyOut:
    return out(
        BodyOut,
        row,
        filings=[_filing(filing) for filing in row.public_filings],  # type: ignore[attr-defined]  # set by the prefetch of the directory
    )


@router.get("/directory", response=list[BodyOut], auth=None, summary="认定机构目录")
def directory(
    request: Request,
    cursor: Query[Cursor],
    q: str = "",
    occupation: str = "",
    level: str = "",
    district: str = "",
    kind: str = "",
    on: date | None = None,
) -> list[BodyOut]:
    """The public directory; ``on`` leaves what counts on that day."""
    asked = {"q": q[:60], "occupation": occupation[:60], "level": level, "district": district, "kind": kind}
    return page(request, queries.directory(**asked, on=on), cursor, _body)


@router.get("/directory/{int:organisation_id}", response=BodyOut, auth=None, summary="目录中的一家机构")
def entry(request: Request, organisation_id: int) -> BodyOut:  # noqa: ARG001 - an operation is given its request
    """One body of the directory."""
    return _body(queries.directory_entry(organisation_id))


@router.get("/filings", response=list[FilingOut], summary="机构备案")
def filings(request: Request, cursor: Query[Cursor], state: str = "") -> list[FilingOut]:
    """Filings the token's organisation sees, by id."""
    rows = queries.filings_visible_to(request.person)
    return page(request, rows.prefetch_related("scopes", "standings"), cursor, _filing, state=state)


@router.get("/filings/{int:filing_id}", response=FilingOut, summary="一份备案")
def filing(request: Request, filing_id: int) -> FilingOut:
    """One filing."""
    return _filing(queries.filing(request.person, filing_id))


operations.mount(router, "filing", "/filings", FilingOut, _filing)
operations.mount(router, "body_change", "/changes")
