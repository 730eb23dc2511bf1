"""Invigilators drawn to the rooms of one subject at one time, shortly before it starts (四（七）)."""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import datetime

from django.db.models import F

from jiangheng.journal.actions import action, record, send
from jiangheng.journal.actions.locking import hold
from jiangheng.rules.days import sitting_time
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import staffing
from jiangheng.rules.examination.room_draw import allot
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries
from jiangheng.sittings.actions.arranging import _own
from jiangheng.sittings.models import Sitting, StaffAssignment
from jiangheng.sittings.queries import situation
from jiangheng.values import queries as values

DRAWN = "invigilator"


@action("sittings.draw_rooms")
def draw_rooms(*, by: Person, now: datetime, sitting_id: int, seed: str = "") -> dict[int, int]:
    """Draw the invigilators posted to all rooms of a sitting's subject and time to those rooms anew (四（七）).

    Every room keeps as many as it had; nobody comes to a room where they must stay away; chiefs stay. A room shared by
    several rows is drawn to once. Answers account to sitting, the first of those in the room. The seed and the outcome
    are journalled. Refusals: ``sitting.draw_time``, ``sitting.draw_rooms`` (one room only, not met yet, or a seal
    already looked at), ``sitting.drawn``, ``sitting.draw_none`` (409).
    """
    one = _own(by, sitting_id)
    rooms = hold(queries.side_by_side(one))
    law = values.law(local_day(now))
    sitting_time.require_draw(now, one.starts_at, law)
    if any(each.staff_seed for each in rooms):
        raise refuse(
            "sitting.drawn",
            N_("本时段的监考已经随机分派，不能再次分派。"),
            N_("确需调换的，请在“安排人员”中调整并在考场记录中说明。"),
            clause="四（七）",
        )
    shared = {group[0].pk: group for group in situation.together(rooms)}
    head = {each.pk: first for first, group in shared.items() for each in group}
    posted: dict[int, list[StaffAssignment]] = defaultdict(list)
    for row in StaffAssignment.objects.filter(sitting__in=rooms, post=DRAWN).order_by("account_id", "sitting_id"):
        posted[row.account_id].append(row)
    stood = {account: head[theirs[0].sitting_id] for account, theirs in posted.items()}
    ready = all(each.state == "briefed" and each.unsealed_by_id is None for each in rooms)
    if len(set(stood.values())) < 2 or not ready:
        raise refuse(
            "sitting.draw_rooms",
            N_("只有两个以上考场、考务会议已召开、尚未查验封条的，才能随机分派监考。"),
            N_("请核对场次和考务会议的登记。"),
            clause="四（七）",
        )
    seed = seed or secrets.token_hex(16)
    facts = {first: queries.facts(group[0]) for first, group in shared.items()}
    people = queries.people_for(list(posted), one, 0)
    barred = {
        (person.id, room) for person in people for room in facts if staffing.bars(facts[room], person, DRAWN, law)
    }
    places = {room: sum(each == room for each in stood.values()) for room in sorted(facts)}
    found = allot({room: count for room, count in places.items() if count}, [each.id for each in people], barred, seed)
    if found is None:
        raise refuse(
            "sitting.draw_none",
            N_("按回避等规定，没有可行的分派。"),
            N_("请在“安排人员”中更换须回避的监考人员后重新分派。"),
            clause="四（七）",
        )
    names = {each.pk: each.room_name for each in rooms}
    for account, theirs in posted.items():
        if found[account] != stood[account]:
            _move(theirs, shared[found[account]])
        send(
            key=f"sitting:{one.pk}:drawn:{account}",
            channel="notice",
            subject=N_("监考考场已随机分派"),
            body=f"{one.plan.title} {names[found[account]]}",
            to_account=account,
            record=one,
        )
    Sitting.objects.filter(pk__in=head).update(staff_seed=seed, version=F("version") + 1)
    record(
        one,
        after={
            "seed": seed,
            "rooms": {names[room]: sorted(a for a, r in found.items() if r == room) for room in facts},
        },
    )
    return found


def _move(theirs: list[StaffAssignment], room: list[Sitting]) -> None:
    """One person's posts to the sittings of another room, which may be more or fewer."""
    for old, new in zip(theirs, room, strict=False):
        StaffAssignment.objects.filter(pk=old.pk).update(sitting_id=new.pk)
    StaffAssignment.objects.filter(pk__in=[each.pk for each in theirs[len(room) :]]).delete()
    like = theirs[0]
    StaffAssignment.objects.bulk_create(
        StaffAssignment(
            sitting=each,
            account_id=like.account_id,
            card_id=like.card_id,
            post=like.post,
            acknowledged_at=like.acknowledged_at,
            created_at=like.created_at,
        )
        for each in room[len(theirs) :]
    )
