"""Putting a standard version into force (三（一）): handed in by one person of the centre, published by another."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from jiangheng.catalog import guards, queries
from jiangheng.catalog.actions.standards import CLAUSE
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.journal.actions import action, move, record, send
from jiangheng.journal.actions.locking import hold
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


@action("standard.submit")
def submit(*, by: Person, now: datetime, standard_id: int, seen: int | None = None) -> StandardVersion:
    """Hand a draft in for publishing by a second person (三（一）).

    Refusals: ``standard.document``, those of ``rules.overrides.check``, ``rules.standard_versions.check_complete``
    and ``place``; ``flow.state``, ``record.stale`` (409).
    """
    found = queries.version(by, standard_id)
    move(found, "submit", seen=seen, updates={"submitted_by_id": by.account_id})
    send(
        key=f"standard.submit:{found.pk}:{found.version}",
        channel="notice",
        to_organisation=by.organisation_id,
        subject=f"职业标准待发布：{found.occupation.name}",
        body=f"“{found.document}”已提交，请另一名工作人员核对差异后发布。",
        record=found,
    )
    return found


@action("standard.return")
def return_(*, by: Person, now: datetime, standard_id: int, note: str, seen: int | None = None) -> StandardVersion:
    """Give a version back for correction, with reasons (三（一）)."""
    return move(queries.version(by, standard_id), "return", note=note, seen=seen)


@action("standard.publish")
def publish(
    *, by: Person, now: datetime, standard_id: int, seen: int | None = None, valid_from: date | None = None
) -> StandardVersion:
    """Publish a version from a day on; the one in force before ends the day before (三（一）).

    The publisher is not who wrote or handed it in. Refusals: ``standard.same_person`` (403); those of ``submit``.
    """
    found = queries.version(by, standard_id)
    # One hand at a time per occupation: two versions are never placed without seeing each other.
    hold(Occupation.objects.filter(code=found.occupation.code))
    start = valid_from or found.valid_from
    replaced = guards.place(found, start, local_day(now))
    values: dict[str, object] = {"valid_from": start, "published_at": now}
    if replaced is not None:
        values |= {"took_over_id": replaced.pk, "took_over_end": replaced.valid_to}
    move(found, "publish", seen=seen, updates=values)
    if found.owner_id is not None:
        send(
            key=f"standard.publish:{found.pk}",
            channel="notice",
            to_organisation=found.owner_id,
            subject=f"企业评价规范已登记：{found.occupation.name}",
            body=f"“{found.document}”自{start}起用于本单位的认定计划和考生；其他机构不能使用。",
            record=found,
        )
    if replaced is not None:
        supersede(by=by, now=now, standard_id=replaced.pk, last_day=start - timedelta(days=1))
    return found


@action("standard.supersede")
def supersede(*, by: Person, now: datetime, standard_id: int, last_day: date) -> StandardVersion:
    """End a published version on the day before its successor; its content stays as it was (三（一）).

    Refusal ``standard.end`` (422) where it would end before it began.
    """
    found = queries.version(by, standard_id)
    if last_day < found.valid_from:
        raise _ends_early()
    if found.state == "superseded":
        before = found.valid_to
        StandardVersion.objects.filter(pk=found.pk).update(valid_to=last_day)
        record(found, before={"valid_to": before}, after={"valid_to": last_day})
        found.refresh_from_db()
        return found
    return move(found, "supersede", updates={"valid_to": last_day})


@action("standard.end")
def end(
    *, by: Person, now: datetime, standard_id: int, last_day: date, note: str, seen: int | None = None
) -> StandardVersion:
    """End a published version that no other follows, from a day still to come or today on (三（一）).

    What was decided until then stays; nobody is assessed by it on a later day. Refusals (422): ``standard.end``
    before it began, ``standard.end_past`` before today; ``flow.state``, ``record.stale`` (409).
    """
    found = queries.version(by, standard_id)
    today = local_day(now)
    if last_day < found.valid_from:
        raise _ends_early()
    if last_day < today:
        raise refuse(
            "standard.end_past",
            N_("终止日期%(day)s早于今天，会改变已经适用的日期。"),
            N_("请填写今天或以后的日期；以前的申请仍按当时的标准。"),
            clause=CLAUSE,
            status=422,
            day=last_day.isoformat(),
        )
    return move(found, "end", note=note, seen=seen, updates={"valid_to": last_day})


def _ends_early() -> Refusal:
    return refuse(
        "standard.end",
        N_("终止日期早于施行日期。"),
        N_("请填写施行日期当日或以后的日期；由后续版本接替的，请核对后续版本的施行日期。"),
        clause=CLAUSE,
        status=422,
    )


@action("standard.withdraw")
def withdraw(*, by: Person, now: datetime, standard_id: int, note: str, seen: int | None = None) -> StandardVersion:
    """Take back a draft, or a published version that is not yet in force; what it ended holds again (三（一）).

    Refusal ``standard.in_force`` (409) once its day has come.
    """
    found = queries.version(by, standard_id)
    was_published = found.state == "published"
    move(found, "withdraw", note=note, seen=seen)
    if was_published and found.took_over_id:
        reinstate(by=by, now=now, standard_id=found.took_over_id, last_day=found.took_over_end)
    return found


@action("standard.reinstate")
def reinstate(*, by: Person, now: datetime, standard_id: int, last_day: date | None) -> StandardVersion:
    """Have a version hold as long as before its successor, which was withdrawn before its day (三（一）)."""
    return move(queries.version(by, standard_id), "reinstate", updates={"valid_to": last_day})
