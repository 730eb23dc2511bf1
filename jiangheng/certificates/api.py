"""Certificates over the API: lists, one certificate, issuing, and the public check."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Query, Router, Schema

from jiangheng.certificates import actions, queries
from jiangheng.certificates.models import Certificate
from jiangheng.rules.days.local_time import local_day
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request
from jiangheng.screens.throttle import limit as slow_down
from jiangheng.values import queries as values

router = Router(tags=["certificates"])


class CertificateOut(Schema):
    """A certificate; the identity number is masked."""

    id: int
    number: str
    name: str
    identity_masked: str
    occupation_code: str
    occupation_name: str
    job: str
    level: int
    body_name: str
    issued_on: date
    state: str
    version: int
    provincial_reported_on: date | None
    national_visible_on: date | None
    revoked_on: date | None


class CheckIn(Schema):
    """Number and name, or the number with the token of the printed code."""

    number: str
    name: str = ""
    token: str = ""


class CheckOut(Schema):
    """valid, revoked or unknown; a wrong name and an unknown number answer the same."""

    standing: str
    as_of: str
    certificate: CertificateOut | None = None


class TouchedOut(Schema):
    """How many certificates a deed touched."""

    count: int


def _certificate(row: Certificate) -> CertificateOut:
    return out(CertificateOut, row)


@router.get("/", response=list[CertificateOut])
def certificates(request: Request, cursor: Query[Cursor], state: str = "") -> list[CertificateOut]:
    """The certificates visible to the key's organisation, by id."""
    return page(request, queries.visible_to(request.person), cursor, _certificate, state=state)


@router.post("/check", response=CheckOut, auth=None)
def check(request: Request, given: CheckIn) -> Any:
    """Check a certificate without signing in."""
    now = request.now
    slow_down(request, "verify", f"{values.law(local_day(now)).value('verify_per_minute')}/m")
    found = queries.by_token(given.number, given.token) if given.token else queries.checked(given.number, given.name)
    standing = "unknown" if found is None else "revoked" if found.state == "revoked" else "valid"
    return {"standing": standing, "as_of": now.isoformat(), "certificate": found and _certificate(found)}


@router.get("/{certificate_id}", response=CertificateOut)
def certificate(request: Request, certificate_id: int) -> CertificateOut:
    """One certificate."""
    return _certificate(queries.get(request.person, certificate_id))


@router.post("/plans/{plan_id}/number", response=TouchedOut)
def number(request: Request, plan_id: int) -> Any:
    """Number everyone of a plan who passed; a second call numbers nobody again."""
    return {"count": len(actions.number_batch(by=request.person, now=request.now, plan_id=plan_id))}


@router.post("/plans/{plan_id}/issue", response=TouchedOut)
def issue_batch(request: Request, plan_id: int) -> Any:
    """Issue all numbered certificates of a plan."""
    return {"count": actions.issue_batch(by=request.person, now=request.now, plan_id=plan_id)}


operations.mount(router, "certificate", "", CertificateOut, _certificate)
