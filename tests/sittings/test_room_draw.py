"""Invigilators drawn to their rooms shortly before the start (四（七）): lawful, once, by the body, told to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.bodies.models import Room
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people.models import Relation
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment
from tests import factories
from tests.asking import refusal
from tests.sittings import stage

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
OPEN = stage.minute(-30)


@pytest.fixture
def rooms(body: Person) -> list[Sitting]:
    """Three machine rooms of one time, two candidates and a chief and an invigilator each, all met."""
    plan = stage.make_plan(body)
    stage.make_applications(plan, 6)
    Room.objects.filter(venue=plan.venue, kind="machine").update(capacity=2)
    first = plan.venue.rooms.filter(kind="machine").first()
    assert first is not None
    for number in (2, 3):
        Room.objects.create(venue=plan.venue, name=f"机房{number}号", kind="machine", capacity=2)
    sittings = stage.arrange(body, plan)
    assert len(sittings) == 3
    for sitting in sittings:
        stage.staff(body, sitting)
    Sitting.objects.filter(plan=plan).update(state="briefed")
    return list(Sitting.objects.filter(plan=plan).order_by("pk"))


def draw(body: Person, sitting: Sitting, at: Any = OPEN, **given: Any) -> dict[int, int]:
    return actions.draw_rooms(by=body, now=at, sitting_id=sitting.pk, **given)


def posts() -> list[tuple[int, int, str]]:
    return list(StaffAssignment.objects.order_by("account_id").values_list("account_id", "sitting_id", "post"))


def test_every_room_keeps_its_number_chiefs_stay_and_each_is_told(body: Person, rooms: list[Sitting]) -> None:
    before = posts()
    found = draw(body, rooms[1], seed="种子")
    after = posts()
    assert Counter(sitting for _a, sitting, _p in before) == Counter(sitting for _a, sitting, _p in after)
    assert [each for each in before if each[2] == "chief"] == [each for each in after if each[2] == "chief"]
    assert {a: s for a, s, p in after if p == "invigilator"} == found
    logged = Entry.objects.get(action="sittings.draw_rooms", record_kind="sitting").after
    assert logged["seed"] == "种子"
    assert sorted(account for those in logged["rooms"].values() for account in those) == sorted(found)
    assert Outgoing.objects.filter(subject="监考考场已随机分派").count() == 3
    error = refusal(lambda: draw(body, rooms[0]))
    assert (error.code, error.status) == ("sitting.drawn", 409)


def test_nobody_is_drawn_to_a_room_where_they_must_stay_away(body: Person, rooms: list[Sitting]) -> None:
    watcher = StaffAssignment.objects.filter(post="invigilator").first()
    assert watcher is not None
    elsewhere = [each for each in rooms if each.pk != rooms[2].pk]
    for sitting in elsewhere:
        seat = Seat.objects.filter(sitting=sitting).first()
        assert seat is not None
        Relation.objects.create(
            account_id=watcher.account_id, identity=seat.application.identity, kind="kin", created_at=stage.ARRANGED_AT
        )
    for seed in "abcde":
        assert draw(body, rooms[0], seed=seed)[watcher.account_id] == rooms[2].pk
        Sitting.objects.update(staff_seed="")
    seat = Seat.objects.filter(sitting=rooms[2]).first()
    assert seat is not None
    Relation.objects.create(
        account_id=watcher.account_id, identity=seat.application.identity, kind="kin", created_at=stage.ARRANGED_AT
    )
    before = posts()
    assert refusal(lambda: draw(body, rooms[0])).code == "sitting.draw_none"
    assert posts() == before


def test_only_in_its_half_hour_by_the_body_itself_and_before_a_seal_is_looked_at(
    body: Person, other_body: Person, centre: Person, rooms: list[Sitting]
) -> None:
    for at in (stage.minute(-31), stage.minute(0), stage.minute(10)):
        assert refusal(lambda at=at: draw(body, rooms[0], at)).code == "sitting.draw_time"
    assert refusal(lambda: draw(other_body, rooms[0])).status == 404
    assert refusal(lambda: draw(centre, rooms[0])).status == 403
    Sitting.objects.filter(pk=rooms[1].pk).update(unsealed_by_id=body.account_id)
    assert refusal(lambda: draw(body, rooms[0])).code == "sitting.draw_rooms"
    Sitting.objects.filter(pk=rooms[1].pk).update(unsealed_by_id=None, state="ticketed")
    assert refusal(lambda: draw(body, rooms[0])).code == "sitting.draw_rooms"


def test_one_room_is_not_drawn(body: Person, centre: Person) -> None:
    sitting, _people = stage.briefed(body, centre)
    assert refusal(lambda: draw(body, sitting)).code == "sitting.draw_rooms"


def test_the_button_is_there_in_its_time(body: Person, rooms: list[Sitting], client_for: ClientFor) -> None:
    page = reverse("sittings:plan", args=[rooms[0].plan_id])
    step = reverse("sittings:draw_rooms", args=[rooms[0].pk])
    early = client_for(body, stage.minute(-60)).get(page).content.decode()
    assert "3 个考场" in early
    assert step not in early
    browser = client_for(body, OPEN)
    assert step in browser.get(page).content.decode()
    assert browser.post(step).status_code == 302
    assert "已分派" in browser.get(page).content.decode()
    assert browser.post(step).status_code == 409
    assert browser.get(step).status_code == 405
    assert client_for(factories.make_staff(), OPEN).post(step).status_code == 403
