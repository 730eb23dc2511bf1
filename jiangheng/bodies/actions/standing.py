"""What becomes of a filing once in force (四（九）): stopped, put right, let go on, replaced, ended, each with its day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from jiangheng.bodies import queries
from jiangheng.bodies.models import Filing, Standing
from jiangheng.journal.actions import action, move, record, send
from jiangheng.journal.queries import one
from jiangheng.rules.bodies import scopes
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

HALTING = (scopes.SUSPENDED, scopes.RECTIFYING)


@action("filing.suspend")
def suspend(
    *,
    by: Person,
    now: datetime,
    filing_id: int,
    note: str,
    on: date | None = None,
    document: str = "",
    seen: int | None = None,
) -> Filing:
    """Stop a body's recognition work from ``on`` (today) until lifted (四（九）); every later step asks again.

    Refusals: ``filing.on`` (422); those of the transition table.
    """
    filing, since = _begun(by, now, filing_id, on)
    return _halted(filing, "suspend", scopes.SUSPENDED, since, None, document, now=now, note=note, seen=seen)


@action("filing.rectify")
def rectify(
    *,
    by: Person,
    now: datetime,
    filing_id: int,
    note: str,
    on: date | None = None,
    due: date | None = None,
    document: str = "",
    seen: int | None = None,
) -> Filing:
    """Order a body to put things right by ``due`` (四（九）). Refusals: ``filing.on``, ``filing.due`` (422)."""
    filing, since = _begun(by, now, filing_id, on)
    if due is not None and due < since:
        raise refuse(
            "filing.due",
            N_("整改期限早于整改起始日期。"),
            N_("请填写起始日期当天或之后的期限。"),
            clause="四（九）",
            status=422,
        )
    return _halted(filing, "rectify", scopes.RECTIFYING, since, due, document, now=now, note=note, seen=seen)


@action("filing.report")
def report(*, by: Person, now: datetime, filing_id: int, note: str, seen: int | None = None) -> Filing:
    """The body says what it has put right (四（九）); it stays stopped until the centre has looked and lifted it."""
    filing = one(queries.filings_visible_to(by).filter(organisation_id=by.organisation_id or 0), pk=filing_id)
    filing = move(filing, "report", note=note, seen=seen)
    office = queries.centre()
    if office is not None:
        send(
            key=f"filing-{filing.pk}-{filing.version}",
            channel="notice",
            subject=f"{filing.organisation.name}报送了整改情况",
            body=note,
            to_organisation=office.pk,
            record=filing,
        )
    return filing


@action("filing.resume")
def resume(
    *,
    by: Person,
    now: datetime,
    filing_id: int,
    note: str,
    on: date | None = None,
    document: str = "",
    seen: int | None = None,
) -> Filing:
    """Let a body work again from ``on`` (today) (四（九）). Refusals: ``filing.on``, ``filing.lifted_early`` (422)."""
    filing, lifted = _begun(by, now, filing_id, on)
    opened = filing.standings.filter(until=None, kind__in=HALTING).order_by("since", "id").last()
    if opened is not None and lifted < opened.since:
        raise refuse(
            "filing.lifted_early",
            N_("恢复日期早于暂停（整改）的起始日期%(day)s。"),
            N_("请填写起始日期当天或之后的日期。"),
            clause="四（九）",
            status=422,
            day=opened.since.isoformat(),
        )
    filing = move(filing, "resume", note=note, seen=seen, updates={})
    _close(filing, lifted)
    record(filing, after={"lifted": lifted, "document": document.strip()[:80]})
    tell(filing, "机构备案已恢复", _words(lifted, None, document, note))
    return filing


@action("filing.revoke")
def revoke(
    *,
    by: Person,
    now: datetime,
    filing_id: int,
    note: str,
    on: date | None = None,
    document: str = "",
    seen: int | None = None,
) -> Filing:
    """End a filing for good from ``on`` (today) (四（九）). Refusals: ``filing.on`` (422)."""
    filing, since = _begun(by, now, filing_id, on)
    filing = move(filing, "revoke", note=note, seen=seen)
    _note(filing, scopes.ENDED, since, None, document, note, now)
    tell(filing, "机构备案已注销", _words(since, None, document, note))
    return filing


@action("filing.replace")
def replace(*, by: Person, now: datetime, filing_id: int, successor: Filing) -> Filing:
    """A renewal or change in force takes the place of the filing it succeeds, from its own first day on (一）."""
    filing = queries.filing(by, filing_id)
    if filing.state != "active":
        raise refuse(
            "filing.predecessor",
            N_("原备案%(number)s目前不是有效状态，续期（变更）备案不能生效。"),
            N_("请先恢复或注销原备案。"),
            clause="四（九）",
            number=filing.number,
        )
    filing = move(filing, "replace", note=f"自{successor.valid_from}起由{successor.number}取代")
    _note(filing, scopes.REPLACED, successor.valid_from, None, successor.number, "", now)
    return filing


def _begun(by: Person, now: datetime, filing_id: int, on: date | None) -> tuple[Filing, date]:
    filing = queries.filing(by, filing_id)
    day = on or local_day(now)
    if day < filing.valid_from:
        raise refuse(
            "filing.on",
            N_("生效日期早于备案起始日期%(day)s。"),
            N_("请填写备案有效期内的日期。"),
            clause="四（九）",
            status=422,
            day=filing.valid_from.isoformat(),
        )
    return filing, day


def _halted(
    filing: Filing,
    verb: str,
    kind: str,
    since: date,
    due: date | None,
    document: str,
    *,
    now: datetime,
    note: str,
    seen: int | None,
) -> Filing:
    filing = move(filing, verb, note=note, seen=seen)
    _close(filing, since)
    _note(filing, kind, since, due, document, note, now)
    subject = "机构备案已暂停，不得开展认定" if kind == scopes.SUSPENDED else "机构备案责令整改"
    tell(filing, subject, _words(since, due, document, note))
    return filing


def _close(filing: Filing, from_day: date) -> None:
    """What was open ends the day before; one begun later than that never counted."""
    filing.standings.filter(until=None, kind__in=HALTING).update(until=from_day - timedelta(days=1))


def _note(filing: Filing, kind: str, since: date, due: date | None, document: str, reason: str, now: datetime) -> None:
    values = {"kind": kind, "since": since, "due": due, "document": document.strip()[:80]}
    Standing.objects.create(filing=filing, reason=reason, created_at=now, **values)
    record(filing, after=values)


def _words(since: date, due: date | None, document: str, note: str) -> str:
    parts = [
        f"自{since}起",
        f"整改期限{due}" if due else "",
        f"依据{document.strip()}" if document.strip() else "",
        note,
    ]
    return "，".join(part for part in parts if part)


def tell(filing: Filing, subject: str, body: str) -> None:
    """A notice to the body about its filing."""
    send(
        key=f"filing-{filing.pk}-{filing.version}",
        channel="notice",
        subject=subject,
        body=body,
        to_organisation=filing.organisation_id,
        record=filing,
    )
