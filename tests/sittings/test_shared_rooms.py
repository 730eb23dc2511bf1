"""Several occupations and levels of a plan in one room: one lottery, sittings of their own (四（六）, 四（七）)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jiangheng.applications.models import Application
from jiangheng.bodies.models import Room
from jiangheng.plans.models import Plan, PlanRow
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions, printing, queries
from jiangheng.sittings.actions.staffing import StaffRefused
from jiangheng.sittings.models import Seat, Sitting
from jiangheng.sittings.queries.situation import Wishes
from tests import factories
from tests.asking import refused
from tests.sittings import stage

pytestmark = pytest.mark.django_db
NOW = stage.ARRANGED_AT
Browser = Callable[..., Client]


@pytest.fixture
def plan(body: Person) -> Plan:
    """A plan for 电工 四级 and 五级, five and four candidates."""
    made = stage.make_plan(body)
    stage.make_applications(made, 5)
    first = made.rows.get()
    second = PlanRow.objects.create(
        plan=made,
        occupation_code=first.occupation_code,
        occupation_name=first.occupation_name,
        level=5,
        headcount=60,
        subjects=first.subjects,
    )
    for application in _more(made, first, 4):
        Application.objects.filter(pk=application.pk).update(level=second.level)
    return made


def _more(plan: Plan, row: PlanRow, count: int) -> list[Application]:
    made = []
    for _ in range(count):
        identity = factories.make_identity()
        application = Application.objects.create(
            identity=identity,
            plan=plan,
            body_id=plan.body_id,
            number=f"BM{identity.pk:08d}",
            source="person",
            name=f"考生{identity.pk}",
            occupation_code=row.occupation_code,
            occupation_name=row.occupation_name,
            level=row.level,
            subjects=["theory", "skill"],
            state="accepted",
            created_at=NOW,
        )
        stage.settle(application)
        made.append(application)
    return made


def rows(plan: Plan) -> tuple[PlanRow, PlanRow]:
    four, five = plan.rows.order_by("-level")[1], plan.rows.order_by("-level")[0]
    return four, five


def arrange(body: Person, plan: Plan, subject: str = "theory", **given: Any) -> list[Sitting]:
    four, five = rows(plan)
    rooms = [room.pk for room in queries.rooms_of(plan, subject)]
    values = {"room_ids": rooms, "seed": "抽签", "row_id": four.pk, "with_rows": [five.pk], **given}
    return actions.arrange(by=body, now=NOW, plan_id=plan.pk, subject=subject, **values)


def test_rows_share_a_room_on_different_seats(body: Person, plan: Plan) -> None:
    sittings = arrange(body, plan)
    assert {(each.row_id, each.room_name, each.starts_at) for each in sittings} == {
        (row.pk, "机房一", stage.STARTS) for row in rows(plan)
    }
    numbers = list(Seat.objects.values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, 10))
    by_level = {each.row.level: Seat.objects.filter(sitting=each).count() for each in sittings}
    assert by_level == {4: 5, 5: 4}
    for seat in Seat.objects.select_related("sitting__row", "application"):
        assert seat.application.level == seat.sitting.row.level


def test_the_same_seed_draws_the_same_seats_and_rearranging_opens_them_all(body: Person, plan: Plan) -> None:
    first = arrange(body, plan)
    held = dict(Seat.objects.values_list("application_id", "number"))
    opened = actions.rearrange(by=body, now=NOW, sitting_id=first[1].pk)
    assert {each.pk for each in opened} == {each.pk for each in first}
    arrange(body, plan)
    assert dict(Seat.objects.values_list("application_id", "number")) == held
    assert Sitting.objects.filter(state="cancelled").count() == 2


def test_a_row_arranged_by_itself_finds_the_room_taken(body: Person, plan: Plan) -> None:
    four, five = rows(plan)
    arrange(body, plan, row_id=four.pk, with_rows=[])
    refused("sitting.room_busy", lambda: arrange(body, plan, row_id=five.pk, with_rows=[]))
    refused("sitting.arranged", lambda: arrange(body, plan, row_id=five.pk, with_rows=[four.pk]))


def test_rows_of_another_length_or_way_and_one_person_twice_are_refused(body: Person, plan: Plan) -> None:
    four, five = rows(plan)
    longer = [{**each, "minutes": 120} for each in five.subjects]
    PlanRow.objects.filter(pk=five.pk).update(subjects=longer)
    refused("sitting.rows_differ", lambda: arrange(body, plan))
    assert len(arrange(body, plan, minutes=90)) == 2
    actions.rearrange(by=body, now=NOW, sitting_id=Sitting.objects.filter(state="arranged")[0].pk)
    PlanRow.objects.filter(pk=five.pk).update(subjects=four.subjects)
    one, other = Application.objects.get(level=4, pk=_first(4)), Application.objects.get(pk=_first(5))
    Application.objects.filter(pk=other.pk).update(identity=one.identity)
    assert refused("sitting.person_busy", lambda: arrange(body, plan)).params["names"]
    refused("sitting.subject", lambda: arrange(body, plan, with_rows=[999999]))


def _first(level: int) -> int:
    return Application.objects.filter(level=level).order_by("pk").values_list("pk", flat=True)[0]


def test_invigilators_watch_the_whole_room_and_may_be_posted_to_all_of_it(body: Person, plan: Plan) -> None:
    _more(plan, rows(plan)[0], 12)
    one, other = arrange(body, plan)
    assert len(queries.facts(one).candidates) == len(queries.facts(other).candidates) == 21
    people = [factories.make_staff("invigilator") for _ in range(2)]
    posts = [
        {"account_id": each.account_id, "post": post}
        for each, post in zip(people, ("chief", "invigilator"), strict=True)
    ]
    for sitting in (one, other):
        actions.assign_staff(by=body, now=NOW, sitting_id=sitting.pk, posts=posts)
    _more(plan, rows(plan)[0], 12)
    actions.rearrange(by=body, now=NOW, sitting_id=one.pk)
    one, other = arrange(body, plan)
    with pytest.raises(StaffRefused) as caught:
        actions.assign_staff(by=body, now=NOW, sitting_id=other.pk, posts=posts)
    assert [each.code for each in caught.value.faults] == ["staff.invigilators"]


def test_a_shared_room_is_drawn_to_once_and_all_of_it(body: Person, plan: Plan, client_for: Browser) -> None:
    """Five and four candidates in rooms of four, three and two: two rows share a room, another has one row alone."""
    first = plan.venue.rooms.filter(kind="machine").get()
    Room.objects.filter(pk=first.pk).update(capacity=6)
    Room.objects.create(venue=plan.venue, name="机房二", kind="machine", capacity=3)
    sittings = arrange(body, plan)
    by_room: dict[str, list[Sitting]] = {}
    for each in sittings:
        by_room.setdefault(each.room_name, []).append(each)
    assert sorted(map(len, by_room.values())) == [1, 2]
    team = [int(factories.make_staff("invigilator").account_id or 0) for _ in range(4)]
    for place, room in enumerate(by_room.values()):
        posts = [{"account_id": each, "post": "invigilator"} for each in team[2 * place : 2 * place + 2]]
        for each in room:
            actions.assign_staff(by=body, now=NOW, sitting_id=each.pk, posts=posts)
    Sitting.objects.filter(plan=plan).update(state="briefed")
    assert "随机分派监考" in client_for(body, NOW).get(f"/sittings/plans/{plan.pk}/").content.decode()
    for seed in ("甲", "乙", "丙", "丁"):
        Sitting.objects.filter(plan=plan).update(staff_seed="")
        found = actions.draw_rooms(by=body, now=stage.minute(-20), sitting_id=sittings[0].pk, seed=seed)
        assert set(found) == set(team)
        posted = {
            name: [{each.account_id for each in queries.shown_staff(one)} for one in room]
            for name, room in by_room.items()
        }
        assert all(len(each) == 2 for rooms in posted.values() for each in rooms)
        assert all(each == rooms[0] for rooms in posted.values() for each in rooms)
        assert set().union(*(rooms[0] for rooms in posted.values())) == set(team)


def test_an_examiner_is_in_one_team_at_a_time(body: Person, plan: Plan) -> None:
    one, other = arrange(body, plan, "skill")
    team = [factories.make_staff("examiner") for _ in range(3)]
    posts = [
        {"account_id": each.account_id, "post": post}
        for each, post in zip(team, ("examiner_lead", "examiner", "examiner"), strict=True)
    ]
    actions.assign_staff(by=body, now=NOW, sitting_id=one.pk, posts=posts)
    with pytest.raises(StaffRefused) as caught:
        actions.assign_staff(by=body, now=NOW, sitting_id=other.pk, posts=posts)
    assert {each.code for each in caught.value.faults} == {"staff.two_places"}


def test_tickets_differ_and_maps_show_who_else_sits_in_the_room(body: Person, plan: Plan, client_for: Browser) -> None:
    one, other = arrange(body, plan)
    assert actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk) == 9
    sheets = queries.printed.sheets(body, plan)
    for sheet in sheets:
        drawn = printing._seat_map(sheet)["seats"]
        assert [each["number"] for each in drawn][: len(drawn)] == list(range(1, len(drawn) + 1))
        assert set(sheet.others) == set(range(1, 10)) - {seat.number for seat in sheet.seats}
    page = client_for(body, NOW).get(f"/sittings/{one.pk}/").content.decode()
    assert "合用考场" in page
    assert "空座" not in page
    assert {each.pk for each in queries.sharing(one)} == {other.pk}


def test_the_page_offers_the_rows_still_to_be_arranged(body: Person, plan: Plan, client_for: Browser) -> None:
    four, five = rows(plan)
    browser, room = client_for(body, NOW), Room.objects.get(venue=plan.venue, kind="machine")
    address = f"/sittings/plans/{plan.pk}/rows/{four.pk}/theory/"
    assert "合用考场的其他职业、等级" in browser.get(address).content.decode()
    typed = {"rooms": [str(room.pk)], "sessions": "2026-07-04 09:00", "minutes": "90"}
    assert browser.post(address, {**typed, "with_rows": ["999999"]}).status_code == 422
    assert browser.post(address, {**typed, "with_rows": [str(five.pk)]}).status_code == 302
    assert Sitting.objects.filter(state="arranged").count() == 2


def test_without_other_rows_nothing_is_offered(body: Person, client_for: Browser) -> None:
    plan = stage.make_plan(body)
    page = client_for(body, NOW).get(f"/sittings/plans/{plan.pk}/rows/{plan.rows.get().pk}/theory/")
    assert "合用考场" not in page.content.decode()


def test_a_proposal_staffs_a_shared_room_once(body: Person, plan: Plan) -> None:
    sittings = arrange(body, plan)
    team = [int(factories.make_staff("invigilator").account_id or 0) for _ in range(3)]
    proposal = actions.propose_staff(
        by=body, now=NOW, plan_id=plan.pk, wishes=Wishes(tuple(team), chief=True, seed="种子")
    )
    assert proposal.status == "arranged"
    assert len(proposal.instance["sittings"]) == 1
    assert len(proposal.instance["candidates"]) == 9
    assert len(proposal.answer["staff"]) == 2
    changed = actions.adopt_staff(by=body, now=NOW, proposal_id=proposal.pk)
    assert {each.pk for each in changed} == {each.pk for each in sittings}
    posted = [sorted(queries.shown_staff(each).values_list("account_id", "post")) for each in sittings]
    assert posted[0] == posted[1]
    again = actions.propose_staff(
        by=body, now=NOW, plan_id=plan.pk, wishes=Wishes(tuple(team), chief=True, seed="别的")
    )
    assert again.answer["changes"] == {"removed": [], "added": [], "moved": [], "proved_least": True}
