"""Invigilators drawn to the rooms of one subject at one time, shortly before it starts (四（七）)."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import F

from jiangheng.catalog import queries as catalog
from jiangheng.journal.actions import action, record, send
from jiangheng.rules import sitting_time, staffing
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.rules.room_draw import allot
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries
from jiangheng.sittings.actions.arranging import _own
from jiangheng.sittings.models import Sitting, StaffAssignment

DRAWN = "invigilator"


@action("sittings.draw_rooms")
def draw_rooms(*, by: Person, now: datetime, sitting_id: int, seed: str = "") -> dict[int, int]:
    """Draw the invigilators posted to all rooms of a sitting's subject and time to those rooms anew (四（七）).

    Every room keeps as many as it had; nobody comes to a room where they must stay away; chiefs stay. Answers account
    to sitting. The seed and the outcome are journalled. Refusals: ``sitting.draw_time``, ``sitting.draw_rooms`` (one
    room only, not met yet, or a seal already looked at), ``sitting.draw_shared``, ``sitting.drawn``, ``sitting.draw_none`` (409).
    """
    one = _own(by, sitting_id)
    rooms = list(queries.side_by_side(one).select_for_update())
    law = catalog.law(catalog.local_day(now))
    sitting_time.require_draw(now, one.starts_at, law)
    if any(each.staff_seed for each in rooms):
        raise Refusal(
            N_("本时段的监考已经随机分派，不能再次分派。"),
            code="sitting.drawn",
            clause="四（七）",
            remedy=N_("确需调换的，请在“安排人员”中调整并在考场记录中说明。"),
        )
    if len({each.room_id for each in rooms}) < len(rooms):
        raise Refusal(
            N_("有考场由几个职业、等级合用，监考由机构安排，不随机分派。"),
            code="sitting.draw_shared",
            clause="四（七）",
            remedy=N_("请在“安排人员”中核对各考场的监考人员；须随机分派的，编排时不合用考场。"),
        )
    posted = list(StaffAssignment.objects.filter(sitting__in=rooms, post=DRAWN).order_by("account_id"))
    ready = all(each.state == "briefed" and each.unsealed_by_id is None for each in rooms)
    if len({each.sitting_id for each in posted}) < 2 or not ready:
        raise Refusal(
            N_("只有两个以上考场、考务会议已召开、尚未查验封条的，才能随机分派监考。"),
            code="sitting.draw_rooms",
            clause="四（七）",
            remedy=N_("请核对场次和考务会议的登记。"),
        )
    seed = seed or secrets.token_hex(16)
    facts = {each.pk: queries.facts(each) for each in rooms}
    people = queries.people_for([each.account_id for each in posted], one, 0)
    barred = {
        (person.id, room) for person in people for room in facts if staffing.bars(facts[room], person, DRAWN, law)
    }
    places = {room: sum(each.sitting_id == room for each in posted) for room in sorted(facts)}
    found = allot({room: count for room, count in places.items() if count}, [each.id for each in people], barred, seed)
    if found is None:
        raise Refusal(
            N_("按回避等规定，没有可行的分派。"),
            code="sitting.draw_none",
            clause="四（七）",
            remedy=N_("请在“安排人员”中更换须回避的监考人员后重新分派。"),
        )
    names = {each.pk: each.room_name for each in rooms}
    for each in posted:
        if found[each.account_id] != each.sitting_id:
            StaffAssignment.objects.filter(pk=each.pk).update(sitting_id=found[each.account_id])
        send(
            key=f"sitting:{one.pk}:drawn:{each.account_id}",
            channel="notice",
            now=now,
            subject=N_("监考考场已随机分派"),
            body=f"{one.plan.title} {names[found[each.account_id]]}",
            to_account=each.account_id,
            record=one,
        )
    Sitting.objects.filter(pk__in=facts).update(staff_seed=seed, version=F("version") + 1)
    record(
        one, by=by, now=now, verb="sittings.draw_rooms", clause="四（七）",
        after={"seed": seed, "rooms": {names[room]: sorted(a for a, r in found.items() if r == room) for room in facts}},
    )  # fmt: skip
    return found
