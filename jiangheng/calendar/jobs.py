"""The worker's part of a changed calendar: every open deadline counted anew, everybody concerned told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from jiangheng.calendar import actions, queries, redating
from jiangheng.calendar.queries import clocks
from jiangheng.calendar.redating import Move
from jiangheng.catalog import actions as calendar
from jiangheng.rules.days.clocks import CLOCKS
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import SYSTEM
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarChange

PEOPLE_AT_ONCE = 200


def watch_calendar(now: datetime) -> None:
    """On every pass: a program that brings another national calendar has every open deadline counted anew."""
    if values.national_news():
        calendar.note_national(by=SYSTEM, now=now)


def redate(*, now: datetime) -> int:
    """The worker's job: every change still waiting, in parts, one organisation at a time; returns how many moved.

    Called again after a failure it does what is left: a day already kept is not moved twice, a notice already
    sent not sent twice.
    """
    changes = values.changes_waiting()
    if not changes:
        return 0
    today = local_day(now)
    law = values.law(today)
    found = redating.moves(clocks.opened(None, today, law), values.calendar_before(changes), values.calendar(), law)
    for owner_id, theirs in _by_owner(found).items():
        actions.redate(by=SYSTEM, now=now, changes=changes, organisation_id=owner_id, moves=theirs)
    _tell_people(changes, now)
    moved = {each.pk: queries.moved_by(each) for each in changes}
    actions.tell_centre(by=SYSTEM, now=now, changes=changes, organisations=queries.centres())
    calendar.finish_changes(by=SYSTEM, now=now, moved=moved)
    return len(found)


def _by_owner(found: Sequence[Move]) -> dict[int | None, list[Move]]:
    grouped: dict[int | None, list[Move]] = defaultdict(list)
    for each in found:
        grouped[each.open.owner_id].append(each)
    return grouped


def _tell_people(changes: Sequence[CalendarChange], now: datetime) -> None:
    """Candidates and the organisations that entered them hear of the end of a public notice, objectors of theirs.

    Read from what was moved, so that a job tried again tells whom it had not reached.
    """
    found = [
        Move(clocks.Open(CLOCKS[row.clock], record, row.title, row.event, None, ""), row.old_day, row.new_day)
        for row, record in queries.moved_for_people(changes[-1])
    ]
    public = {each.open.record.pk: each for each in found if each.open.clock.key == "publicity"}
    people: dict[int, list[Move]] = defaultdict(list)
    sponsors: dict[int, list[Move]] = defaultdict(list)
    for batch_id, account_id, sponsor_id in queries.told_of_results(public):
        if account_id:
            people[account_id].append(public[batch_id])
        if sponsor_id and public[batch_id] not in sponsors[sponsor_id]:
            sponsors[sponsor_id].append(public[batch_id])
    for each in found:
        if each.open.clock.key == "objection" and each.open.record.raised_by_id:
            people[each.open.record.raised_by_id].append(each)
    told = [
        *(("account", key, value) for key, value in people.items()),
        *(("organisation", key, value) for key, value in sponsors.items()),
    ]
    for start in range(0, len(told), PEOPLE_AT_ONCE):
        actions.tell(by=SYSTEM, now=now, changes=changes, told=told[start : start + PEOPLE_AT_ONCE])
