"""Changes of a body after filing (一): its name, a site, or giving a filing up; asked by one, decided by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.bodies import queries
from jiangheng.bodies.actions import organisations, premises, standing
from jiangheng.bodies.models import BodyChange, Organisation
from jiangheng.journal.actions import action, move, record, send
from jiangheng.journal.queries import one
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

KINDS = {"name": N_("变更名称"), "site": N_("变更考核场地"), "end": N_("申请注销备案")}


@action("body_change.propose")
def propose_change(
    *,
    by: Person,
    now: datetime,
    organisation_id: int,
    kind: str,
    reason: str,
    effective_on: date,
    document: str = "",
    name: str = "",
    address: str = "",
    venue_id: int | None = None,
    filing_id: int | None = None,
) -> BodyChange:
    """Ask for a new name, a new or moved site (``venue_id`` None adds one), or the end of a filing (一).

    Refusals (422): ``change.kind``, ``change.reason``, ``change.name``, ``change.address``; ``change.same``,
    ``change.waiting`` (409); ``record.none`` (404) for a venue or filing not the body's own.
    """
    organisation = queries.get(by, organisation_id)
    if kind not in KINDS or organisation.kind not in queries.BODY_KINDS:
        raise refuse("change.kind", N_("请选择变更事项。"), N_("名称、考核场地，或注销备案。"), clause="一", status=422)
    if not reason.strip():
        raise refuse(
            "change.reason",
            N_("请说明变更理由。"),
            N_("写明原因，并注明证明文件的名称和文号。"),
            clause="一",
            status=422,
        )
    values, before = _asked(by, organisation, kind, name.strip()[:120], address.strip()[:200], venue_id, filing_id)
    if BodyChange.objects.filter(organisation=organisation, kind=kind, values=values, state="submitted").exists():
        raise refuse(
            "change.waiting", N_("同样的变更申请正在等待审核。"), N_("请等待审核结果，或先撤回原申请。"), clause="一"
        )
    change = BodyChange.objects.create(
        organisation=organisation,
        kind=kind,
        values=values,
        before=before,
        reason=reason.strip()[:1000],
        document=document.strip()[:80],
        effective_on=effective_on,
        proposed_by=by.account_id,
        created_at=now,
    )
    record(
        change,
        note=change.reason,
        before=before,
        after={"kind": kind, **values, "effective_on": effective_on, "document": change.document},
    )
    office = queries.centre()
    if office is not None:
        _tell(change, office.pk, f"{organisation.name}：{KINDS[kind]}", change.reason)
    return change


def _asked(
    by: Person,
    organisation: Organisation,
    kind: str,
    name: str,
    address: str,
    venue_id: int | None,
    filing_id: int | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    if kind == "end":
        filing = one(queries.filings_visible_to(by).filter(organisation=organisation), pk=filing_id or 0)
        if filing.state not in queries.PUBLIC_STATES:
            raise _same()
        return {"filing_id": filing.pk, "number": filing.number}, {"state": filing.state}
    if not name:
        raise refuse("change.name", N_("请填写变更后的名称。"), N_("照登记证书填写全称。"), clause="一", status=422)
    if kind == "name":
        if name == organisation.name:
            raise _same()
        return {"name": name}, {"name": organisation.name}
    if not address:
        raise refuse(
            "change.address",
            N_("请填写考核场地的详细地址。"),
            N_("写到门牌号，会印在准考证上。"),
            clause="一",
            status=422,
        )
    if venue_id is None:
        return {"venue_id": None, "name": name, "address": address}, {}
    venue = one(queries.venues_visible_to(by).filter(organisation=organisation), pk=venue_id)
    if (venue.name, venue.address) == (name, address):
        raise _same()
    return {"venue_id": venue.pk, "name": name, "address": address}, {"name": venue.name, "address": venue.address}


@action("body_change.approve")
def approve_change(*, by: Person, now: datetime, change_id: int, note: str = "", seen: int | None = None) -> BodyChange:
    """Agree and carry the change out in the same breath (一); not by the clerk who asked for it.

    Refusals: ``change.own`` (403), ``change.early`` (409), ``organisation.taken``, ``venue.taken`` (409).
    """
    change = queries.change(by, change_id)
    change = move(change, "approve", note=note, seen=seen)
    _carry_out(change, by, now)
    _tell(change, change.organisation_id, f"{KINDS[change.kind]}：已同意", note)
    return change


def _carry_out(change: BodyChange, by: Person, now: datetime) -> None:
    values = change.values
    if change.kind == "name":
        organisations.amend(
            by=by, now=now, organisation_id=change.organisation_id, note=change.document, name=values["name"]
        )
    elif change.kind == "end":
        standing.revoke(
            by=by,
            now=now,
            filing_id=values["filing_id"],
            note=change.reason,
            on=change.effective_on,
            document=change.document,
        )
    elif values["venue_id"] is None:
        premises.add_venue(
            by=by, now=now, organisation_id=change.organisation_id, name=values["name"], address=values["address"]
        )
    else:
        venue = queries.venue(by, values["venue_id"])
        try:
            with transaction.atomic():
                premises.amend_venue(
                    by=by,
                    now=now,
                    venue_id=venue.pk,
                    name=values["name"],
                    address=values["address"],
                    district_code=venue.district_code,
                    fixed=venue.fixed,
                    tenure=venue.tenure,
                    area_m2=venue.area_m2,
                )
        except IntegrityError:
            raise _same() from None


@action("body_change.refuse")
def refuse_change(*, by: Person, now: datetime, change_id: int, note: str, seen: int | None = None) -> BodyChange:
    """Do not agree, with the reason (一)."""
    change = move(queries.change(by, change_id), "refuse", note=note, seen=seen)
    _tell(change, change.organisation_id, f"{KINDS[change.kind]}：不同意", note)
    return change


@action("body_change.withdraw")
def withdraw_change(
    *, by: Person, now: datetime, change_id: int, note: str = "", seen: int | None = None
) -> BodyChange:
    """Take a request for a change back: the body its own, the centre one it entered itself (一)."""
    change = queries.change(by, change_id)
    return move(change, "withdraw", note=note, seen=seen)


def _tell(change: BodyChange, organisation_id: int, subject: str, body: str) -> None:
    send(
        key=f"body-change-{change.pk}-{change.version}-{organisation_id}",
        channel="notice",
        subject=subject,
        body=body,
        to_organisation=organisation_id,
        record=change,
    )


def _same() -> Refusal:
    return refuse("change.same", N_("变更后与现状相同，或该备案已不能变更。"), N_("请核对后重新填写。"), clause="一")
