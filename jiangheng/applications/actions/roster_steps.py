"""A roster in two steps (四（四）): checked and shown first, entered once somebody has confirmed; large ones by the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jiangheng.applications import queries
from jiangheng.applications.actions import photos as pictures
from jiangheng.applications.actions import rosters
from jiangheng.applications.actions.rosters import Batch, Faulty, Found, Previewed
from jiangheng.applications.models import Roster
from jiangheng.files.limits import KIB
from jiangheng.journal.actions import action, move, record, send
from jiangheng.people import queries as people
from jiangheng.rules import flows
from jiangheng.rules import roster as rules
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import SYSTEM, Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

UNDER_WAY = flows.states("roster", "under_way")
ENDED = ("record.stale", "flow.state")


class Stopped(Exception):
    """The roster is no longer in the state the worker began with: somebody cancelled it."""


@action("roster.import")
def import_roster(
    *,
    by: Person,
    now: datetime,
    upload: Any,
    request_id: int | None = None,
    plan_id: int | None = None,
    mode: str = "add",
) -> Roster:
    """Take a workbook in for a school's or employer's request or a body's plan; returns the Roster with its faults.

    ``mode``: "add" keeps what is there and tells of rows that differ, "cover" overwrites them, "skip" passes over
    them. With any fault of severity error ``imported`` is 0 and nobody is entered; warnings never stop it. Handing
    the same file in again changes nothing. Refusals: those of ``files.actions.store`` and ``files.workbooks.read``,
    ``roster.template``, ``roster.empty``, ``roster.rows``, ``roster.mode`` (422), ``record.none`` (404),
    ``application.closed``, ``application.duplicate``, ``standard.none`` (409).
    """
    batch = rosters.batch_of(by, now, request_id, plan_id)
    made = rosters.begin(by=by, now=now, batch=batch, upload=upload, mode=mode)
    found = rosters.read(made, batch, now)
    ended = rosters.finish(by=by, now=now, roster=made, found=found, batch=batch)
    _take_pictures(ended, found, by, now)
    return ended


@action("roster.check")
def check(
    *,
    by: Person,
    now: datetime,
    upload: Any,
    request_id: int | None = None,
    plan_id: int | None = None,
    mode: str = "add",
    photos: Any | None = None,
) -> Roster:
    """Keep a workbook and tell what importing it would do; nobody is entered before ``confirm`` (四（四）).

    A small one is checked here, a large one by the worker. ``photos`` is an archive of the candidates' photos. Refusals:
    those of ``import_roster`` and ``photos.receive``.
    """
    batch = rosters.batch_of(by, now, request_id, plan_id)
    made = rosters.begin(by=by, now=now, batch=batch, upload=upload, mode=mode)
    record(made, after={"mode": mode, "sha256": made.file.sha256})
    if photos is not None:
        pictures.receive(by=by, now=now, roster_id=made.pk, upload=photos)
    _go(made, by, now)
    return made


@action("roster.confirm")
def confirm(*, by: Person, now: datetime, roster_id: int, seen: int | None = None) -> Roster:
    """Enter everybody of a checked roster (四（四）); it is checked again first, for others may have been entered since.

    Refusals: ``record.none`` (404), ``record.stale`` (409), those of ``import_roster``.
    """
    roster = queries.own_roster(by, roster_id)
    rosters.batch_of(by, now, roster.request_id, roster.plan_id)
    move(roster, "confirm", seen=seen, updates={"asked_by_id": by.account_id, "done": 0, "total": 0})
    _go(roster, by, now)
    return roster


@action("roster.cancel")
def cancel(*, by: Person, now: datetime, roster_id: int, seen: int | None = None) -> Roster:
    """Give a roster up before it is entered (四（四）); the worker stops at its next look. ``record.stale`` (409)."""
    return move(queries.own_roster(by, roster_id), "cancel", seen=seen)


@action("roster.progress")
def progress(*, by: Person, now: datetime, roster: Roster, done: int, total: int) -> None:
    """Note how far the check has come; raises ``Stopped`` where the roster has moved on meanwhile."""
    rows = Roster.objects.filter(pk=roster.pk, state=roster.state, version=roster.version)
    if rows.update(done=done, total=total) == 0:
        raise Stopped


@action("roster.pass")
def tell(*, by: Person, now: datetime, roster: Roster, found: Found, batch: Batch) -> Roster:
    """Keep what a check found and what importing would do (四（四）); with any error the roster is faulty."""
    faults, summary = list(found.faults), dict[str, int]()
    if not rosters.errors_of(faults):
        try:
            rosters.enter_roster(
                by=by, now=now, roster=roster, batch=batch, rows=found.rows, mode=roster.mode, dry=True
            )
        except Previewed as seen:
            summary = seen.summary
            faults += seen.faults
        except Faulty as late:
            faults += late.faults
    kept = rosters.told(found, faults, now)
    move(roster, "fail" if rosters.errors_of(faults) else "pass")
    Roster.objects.filter(pk=roster.pk).update(**kept, summary=summary, template=found.template)
    roster.refresh_from_db()
    record(roster, after={"rows": kept["rows"], **kept["counts"], **summary})
    return roster


@action("roster.fail")
def stop(*, by: Person, now: datetime, roster: Roster, why: Refusal) -> None:
    """End a roster that cannot be gone on with, for the reason given; nobody is entered (四（四）)."""
    params = {name: value for name, value in why.params.items() if isinstance(value, str | int)}
    fault = rules.RowFault(rules.WHOLE, "", rules.ERROR, why.code, why.message, params)
    kept = rosters.told(Found("", (), []), [fault], now)
    move(roster, "fail")
    Roster.objects.filter(pk=roster.pk).update(counts=kept["counts"], faults=kept["faults"], summary={})


def _go(roster: Roster, by: Person, now: datetime) -> None:
    """At once where the workbook is small, else by the worker."""
    at_once = int(values.law(local_day(now)).value("roster_at_once_kb")) * KIB
    if roster.file.size <= at_once:
        batch = rosters.batch_of(by, now, roster.request_id, roster.plan_id)
        go_on(by=by, now=now, roster=roster, found=rosters.read(roster, batch, now), batch=batch)
        return
    send(
        key=f"roster:{roster.pk}:{roster.version}",
        channel="job",
        subject="applications.roster",
        payload={"job": "applications.roster", "roster_id": roster.pk, "version": roster.version},
        record=roster,
    )


@action("roster.go_on")
def go_on(*, by: Person, now: datetime, roster: Roster, found: Found, batch: Batch) -> None:
    """Enter what was confirmed, tell of what was not, and see to photos that came with it (四（四）)."""
    ending = rosters.finish if roster.state == "entering" else tell
    ended = ending(by=by, now=now, roster=roster, found=found, batch=batch)
    _take_pictures(ended, found, by, now)
    pictures.resume(ended, by, now)


def _take_pictures(roster: Roster, found: Found, by: Person, now: datetime) -> None:
    if found.pictured is not None:
        people = {row.row: row.identity.number for row in found.rows if row.identity is not None}
        pictures.from_workbook(by=by, now=now, roster=roster, place=found.pictured, people=people)


def run(*, now: datetime, roster_id: int, version: int) -> None:
    """The worker's job ``applications.roster``; does nothing where the roster has moved on since it was queued."""
    roster = queries.rosters_visible_to(SYSTEM).filter(pk=roster_id, version=version, state__in=UNDER_WAY).first()
    if roster is None:
        return
    by = people.acting_as(roster.asked_by_id, roster.asked_role, roster.organisation_id)
    try:
        if by is None:
            raise _nobody()
        batch = rosters.batch_of(by, now, roster.request_id, roster.plan_id)
        found = rosters.read(
            roster, batch, now, lambda done, total: progress(by=by, now=now, roster=roster, done=done, total=total)
        )
        go_on(by=by, now=now, roster=roster, found=found, batch=batch)
    except Stopped:
        return
    except Refusal as refusal:
        if refusal.code not in ENDED:
            stop(by=SYSTEM, now=now, roster=roster, why=refusal)


def _nobody() -> Refusal:
    return refuse(
        "roster.nobody",
        N_("上传人的账号已停用或不再代表本单位，没有继续办理。"),
        N_("请由本单位现任人员重新上传。"),
        clause="四（四）",
    )
