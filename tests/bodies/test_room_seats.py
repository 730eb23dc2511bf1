"""The seats of a room: entered, previewed, seen, refused (三（五）)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jiangheng.bodies import actions, queries
from jiangheng.bodies.models import Organisation, Room
from jiangheng.journal.models import Entry
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
Browser = Callable[..., Client]


def room_of(person: Person, **given: Any) -> Room:
    venue = actions.add_venue(
        by=person, now=NOW, organisation_id=person.organisation_id or 0, name="实训楼", address="示例路1号"
    )
    return actions.add_room(
        by=person, now=NOW, venue_id=venue.pk, **{"name": "实操一", "kind": "skill", "capacity": 12, **given}
    )


def test_seats_are_entered_and_journalled_with_before_and_after(body: Person) -> None:
    room = room_of(body)
    assert queries.seat_plan(room).usable() == tuple(range(1, 13))
    actions.lay_out_room(
        by=body, now=NOW, room_id=room.pk, per_row=4, accessible="1,2", closed="12", stations="5-8：6-31-01-03"
    )
    room.refresh_from_db()
    plan = queries.seat_plan(room)
    assert (plan.per_row, plan.accessible, plan.closed) == (4, (1, 2), (12,))
    assert plan.usable("6-18-01-01") == (1, 2, 3, 4, 9, 10, 11)
    entry = Entry.objects.get(action="room.lay_out")
    assert (entry.clause, entry.before["per_row"], entry.after["closed"]) == ("三（五）", 6, [12])


def test_only_the_owner_and_the_centre_enter_them(
    body: Person, other_body: Person, school: Person, centre: Person
) -> None:
    room = room_of(body)
    schools = Room.objects.create(
        venue=factories.make_venue(Organisation.objects.get(pk=school.organisation_id)),
        name="甲",
        kind="theory",
        capacity=9,
    )
    for person, which, code, status in (
        (other_body, room, "record.none", 404),
        (school, room, "record.none", 404),
        (body, schools, "venue.not_yours", 403),
    ):
        with pytest.raises(Refusal) as caught:
            actions.lay_out_room(by=person, now=NOW, room_id=which.pk, per_row=3)
        assert (caught.value.code, caught.value.status) == (code, status)
    actions.lay_out_room(by=centre, now=NOW, room_id=room.pk, per_row=3)
    room.refresh_from_db()
    assert room.per_row == 3


def test_a_room_cannot_shrink_below_a_seat_its_plan_names(body: Person) -> None:
    room = room_of(body)
    actions.lay_out_room(by=body, now=NOW, room_id=room.pk, per_row=4, closed="12")
    given = {"by": body, "now": NOW, "room_id": room.pk, "name": room.name, "kind": room.kind}
    with pytest.raises(Refusal) as caught:
        actions.amend_room(**given, capacity=11)
    assert (caught.value.code, caught.value.params["seat"]) == ("room.seats_named", 12)
    actions.lay_out_room(by=body, now=NOW, room_id=room.pk, per_row=4)
    assert actions.amend_room(**given, capacity=11).capacity == 11


def test_the_page_previews_before_it_keeps(body: Person, client_for: Browser) -> None:
    room, browser = room_of(body), client_for(body, NOW)
    address = f"/bodies/rooms/{room.pk}/seats/"
    assert f'href="{address}"' in browser.get(f"/bodies/venues/{room.venue_id}/").content.decode()
    typed = {"per_row": "4", "accessible": "1-2", "closed": "12", "stations": "5：6-31-01-03"}
    page = browser.post(address, {**typed, "preview": "1"}).content.decode()
    assert "尚未保存" in page
    assert "plan-of-4" in page
    assert "停用 1 座，无障碍 2 座" in page
    room.refresh_from_db()
    assert (room.per_row, room.closed) == (6, []), "a preview keeps nothing"
    assert browser.post(address, typed).status_code == 302
    page = browser.get(address).content.decode()
    assert "尚未保存" not in page
    assert 'value="1-2"' in page
    assert "6-31-01-03" in page


def test_wrong_input_answers_422_with_the_reason_and_keeps_what_was_typed(body: Person, client_for: Browser) -> None:
    room, browser = room_of(body), client_for(body, NOW)
    address = f"/bodies/rooms/{room.pk}/seats/"
    for typed, said in (
        ({"per_row": "4", "closed": "13"}, "超出本考场的座位号"),
        ({"per_row": "0"}, "每行座位数"),
        ({"per_row": "4", "closed": "13", "preview": "1"}, "超出本考场的座位号"),
        ({"per_row": "x"}, "每行座位数"),
    ):
        answer = browser.post(address, typed)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    room.refresh_from_db()
    assert (room.per_row, room.closed) == (6, [])


def test_a_sponsors_room_is_shown_to_a_body_without_the_form(body: Person, school: Person, client_for: Browser) -> None:
    room = room_of(school)
    browser = client_for(body, NOW)
    page = browser.get(f"/bodies/rooms/{room.pk}/seats/").content.decode()
    assert "共 12 座" in page
    assert 'name="per_row"' not in page
    assert browser.post(f"/bodies/rooms/{room.pk}/seats/", {"per_row": "4"}).status_code == 403
