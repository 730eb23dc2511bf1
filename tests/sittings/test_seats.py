"""Seats as the room stands and as candidates need them, from arranging to the ticket (四（六）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jiangheng.applications import actions as applying
from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation, Room
from jiangheng.catalog import actions as catalog
from jiangheng.papers import actions as papers
from jiangheng.plans.models import Plan
from jiangheng.rules.days import sitting_time
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions, printing, printing_tickets, queries
from jiangheng.sittings.models import Seat, Sitting, Ticket
from tests import factories
from tests.sittings import stage

pytestmark = pytest.mark.django_db
NOW = stage.ARRANGED_AT
Browser = Callable[..., Client]


def refused(code: str, call: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.clause == "四（六）"
    return caught.value


def room_of(plan: Plan, kind: str = "machine", **given: Any) -> Room:
    Room.objects.filter(venue=plan.venue, kind=kind).update(**given)
    return Room.objects.get(venue=plan.venue, kind=kind)


def needing(body: Person, application: Application, *kinds: str, decided: bool = True) -> None:
    made = applying.ask_access_arrangement(
        by=body, now=NOW, application_id=application.pk, kinds=kinds, reason="使用轮椅"
    )
    for each in made if decided else []:
        applying.grant_access_arrangement(by=body, now=NOW, arrangement_id=each.pk)


def numbers(sitting: Sitting) -> dict[int, int]:
    return dict(Seat.objects.filter(sitting=sitting).values_list("application_id", "number"))


def test_who_needs_access_gets_it_and_a_seat_out_of_use_stays_empty(body: Person, centre: Person) -> None:
    plan = stage.make_plan(body)
    room_of(plan, capacity=10, per_row=4, accessible=[9, 10], closed=[1, 6])
    people = stage.make_applications(plan, 6)
    stage.issue_papers(body, centre, plan, candidates=6)
    needing(body, people[3], "access")
    (sitting,) = stage.arrange(body, plan)
    held = numbers(sitting)
    assert held[people[3].pk] in (9, 10)
    assert sitting.per_row == 4
    assert sorted(set(held.values()) - {held[people[3].pk]}) == [2, 3, 4, 5, 7]
    sets = dict(Seat.objects.filter(sitting=sitting).values_list("number", "paper_set_id"))
    for number, paper in sets.items():
        if number % 4:
            assert sets.get(number + 1) != paper
        assert sets.get(number + 4) != paper
    actions.rearrange(by=body, now=NOW, sitting_id=sitting.pk)
    (again,) = stage.arrange(body, plan)
    assert numbers(again) == held, "the same seed draws the same seats"


def test_accessible_seats_that_are_short_are_counted_and_the_rooms_that_have_them_named(body: Person) -> None:
    plan = stage.make_plan(body)
    room = room_of(plan, accessible=[1])
    Room.objects.create(venue=plan.venue, name="机房二", kind="machine", capacity=5, accessible=[1, 2])
    people = stage.make_applications(plan, 3)
    for each in people[:2]:
        needing(body, each, "access")
    error = refused("seating.access", lambda: stage.arrange(body, plan, room_ids=[room.pk]))
    assert (error.params["need"], error.params["have"], error.params["short"]) == (2, 1, 1)
    assert error.advice() == "请加选有无障碍座位的考场：机房二。"
    assert not Sitting.objects.exists()
    assert len(stage.arrange(body, plan)) == 2


def test_a_workstation_only_serves_its_occupations(body: Person) -> None:
    plan = stage.make_plan(body)
    code = plan.rows.get().occupation_code
    room_of(plan, "skill", capacity=4, stations={"1": ["6-18-01-01"], "2": [code]})
    stage.make_applications(plan, 3)
    (sitting,) = stage.arrange(body, plan, "skill")
    assert set(numbers(sitting).values()) == {2, 3, 4}
    actions.rearrange(by=body, now=NOW, sitting_id=sitting.pk)
    stage.make_applications(plan, 1)
    error = refused("seating.stations", lambda: stage.arrange(body, plan, "skill"))
    assert (error.params["occupation"], error.params["short"]) == (code, 1)


def test_with_a_single_set_the_written_examination_keeps_neighbours_apart(body: Person, centre: Person) -> None:
    plan = stage.make_plan(body)
    room_of(plan, capacity=6, per_row=3)
    stage.make_applications(plan, 3)
    request = stage.request_papers(body, plan, candidates=3, sets_wanted=1)
    papers.submit(by=body, now=NOW, request_id=request.pk)
    (sitting,) = stage.arrange(body, plan)
    assert set(numbers(sitting).values()) == {1, 3, 5}, "no two side by side, before the set is even drawn"
    assert not Seat.objects.exclude(paper_set=None).exists()
    actions.rearrange(by=body, now=NOW, sitting_id=sitting.pk)
    stage.make_applications(plan, 1)
    error = refused("seating.apart", lambda: stage.arrange(body, plan))
    assert error.params["short"] == 1
    assert "两套以上" in error.advice()


def test_more_time_is_kept_with_the_seat_and_holds_the_room_until_it_is_over(body: Person, centre: Person) -> None:
    plan = stage.make_plan(body)
    people = stage.make_applications(plan, 2)
    needing(body, people[0], "extra")
    (sitting,) = stage.arrange(body, plan)
    length = int((sitting.ends_at - sitting.starts_at).total_seconds() // 60)
    extra = -(-length * 30 // 100)
    minutes = dict(Seat.objects.filter(sitting=sitting).values_list("application_id", "extra_minutes"))
    assert minutes == {people[0].pk: extra, people[1].pk: 0}
    sitting.refresh_from_db()
    assert sitting.busy_until == sitting.ends_at + timedelta(minutes=extra)
    assert sitting_time.writing_ends(sitting.starts_at, sitting.starts_at, sitting.ends_at, extra) == sitting.busy_until
    other = stage.make_plan(body, venue=plan.venue)
    stage.make_applications(other, 1)
    early = [sitting.ends_at + timedelta(minutes=extra - 1)]
    refused("sitting.room_busy", lambda: stage.arrange(body, other, sessions=early))
    assert stage.arrange(body, other, sessions=[sitting.busy_until])


def test_sessions_leave_the_time_that_somebody_has_more(body: Person) -> None:
    plan = stage.make_plan(body)
    room_of(plan, capacity=2)
    people = stage.make_applications(plan, 3)
    needing(body, people[0], "extra")
    error = refused(
        "sitting.extra_time",
        lambda: stage.arrange(body, plan, minutes=90, sessions=[stage.STARTS, stage.minute(100)]),
    )
    assert (error.params["extra"], error.params["gap"]) == (27, 10)
    assert len(stage.arrange(body, plan, minutes=90, sessions=[stage.STARTS, stage.minute(117)])) == 2


def test_a_candidate_with_more_time_is_not_called_elsewhere_before_it_is_over(body: Person) -> None:
    plan = stage.make_plan(body)
    slow, quick = stage.make_applications(plan, 2)
    needing(body, slow, "extra")
    (sitting,) = stage.arrange(body, plan)
    starts, ends = sitting.ends_at, sitting.ends_at + timedelta(minutes=60)
    assert queries.already_seated([slow.identity_id, quick.identity_id], starts, ends) == [slow.name]


def test_needs_are_decided_before_arranging(body: Person) -> None:
    plan = stage.make_plan(body)
    (one,) = stage.make_applications(plan, 1)
    needing(body, one, "access", decided=False)
    error = refused("sitting.needs_open", lambda: stage.arrange(body, plan))
    assert error.params["names"] == one.name


def test_tickets_wait_until_needs_are_decided_and_met(body: Person) -> None:
    plan = stage.make_plan(body)
    room_of(plan, accessible=[5])
    (one,) = stage.make_applications(plan, 1)
    (sitting,) = stage.arrange(body, plan)
    (need,) = applying.ask_access_arrangement(
        by=body, now=NOW, application_id=one.pk, kinds=["access"], reason="使用轮椅"
    )

    def issue() -> int:
        return actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)

    refused("tickets.needs_open", issue)
    applying.grant_access_arrangement(by=body, now=NOW, arrangement_id=need.pk)
    refused("tickets.needs_unmet", issue)
    actions.rearrange(by=body, now=NOW, sitting_id=sitting.pk)
    (sitting,) = stage.arrange(body, plan)
    assert numbers(sitting) == {one.pk: 5}
    assert issue() == 1


def test_a_ticketed_arrangement_stands_and_its_number_with_it(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 1)
    (sitting,) = stage.arrange(body, plan)
    actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)
    number = Ticket.objects.get().number
    with pytest.raises(Refusal) as caught:
        actions.rearrange(by=body, now=NOW, sitting_id=sitting.pk)
    assert caught.value.code == "flow.state"
    refused("sitting.arranged", lambda: stage.arrange(body, plan))
    sitting.refresh_from_db()
    actions.cancel(by=body, now=NOW, sitting_id=sitting.pk, note="设备故障")
    stage.arrange(body, plan, seed="另一粒")
    assert actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk) == 0
    assert Ticket.objects.get().number == number, "whoever holds a ticket keeps its number"


def test_numbers_follow_the_rule_the_centre_set_and_never_meet_another(body: Person, centre: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 2)
    stage.arrange(body, plan)
    catalog.set_parameter(
        by=centre,
        now=NOW,
        key="ticket_number_rule",
        value="Z{site:03d}{batch:03d}{room:03d}{seat:03d}",
        valid_from=NOW.date(),
        reason="示例",
    )
    actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)
    site = f"Z{plan.body_id:03d}001"
    assert set(Ticket.objects.values_list("number", flat=True)) == {f"{site}001001", f"{site}001002"}
    other = stage.make_plan(body, exam_on="2026-07-11")
    (one,) = stage.make_applications(other, 1)
    stage.arrange(body, other, sessions=[factories.moment("2026-07-11 09:00")])
    Ticket.objects.filter(number=f"{site}001001").update(number=f"Z{plan.body_id:03d}002001001")
    refused("tickets.number", lambda: actions.issue_tickets(by=body, now=NOW, plan_id=other.pk))
    assert not Ticket.objects.filter(application=one).exists()


def test_the_ticket_tells_its_holder_their_own_end(body: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = stage.make_plan(body)
    slow, quick = stage.make_applications(plan, 2)
    needing(body, slow, "extra")
    (sitting,) = stage.arrange(body, plan, minutes=90)
    actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)
    given: dict[str, Any] = {}
    monkeypatch.setattr(
        printing_tickets.printing, "render_batches", lambda _file, data, *_more, **_named: given.update(data) or b""
    )
    printing_tickets.ticket_pdf(plan, Ticket.objects.select_related("application__identity", "application__photo"), NOW)
    times = {each["name"]: each["sessions"][0]["time"] for each in given["tickets"]}
    assert times[slow.name].endswith("10:57")
    assert times[quick.name].endswith("10:30")
    assert sitting.ends_at == stage.minute(90)


def test_the_map_shows_the_room_as_it_stands(body: Person, client_for: Browser, school: Person) -> None:
    plan = stage.make_plan(body)
    room = room_of(plan, capacity=6, per_row=3, closed=[2], accessible=[3])
    people = stage.make_applications(plan, 3)
    needing(body, people[0], "access", "extra")
    (sitting,) = stage.arrange(body, plan)
    Room.objects.filter(pk=room.pk).update(per_row=5)
    (sheet,) = queries.printed.sheets(body, plan)
    drawn = printing._seat_map(sheet)
    assert drawn["per_row"] == 3, "as the seats stood when they were drawn"
    assert [(each["number"], bool(each["name"])) for each in drawn["seats"]] == [
        (1, True),
        (2, False),
        (3, True),
        (4, True),
    ]
    page = client_for(body, NOW).get(f"/sittings/{sitting.pk}/").content.decode()
    assert "seats-of-3" in page
    assert "空座" in page
    assert "无障碍座位" in page
    assert "延长" in page
    hidden = client_for(factories.make_person(school.role, Organisation.objects.get(pk=school.organisation_id)), NOW)
    assert hidden.get(f"/sittings/{sitting.pk}/").status_code == 404


def test_the_page_says_what_is_short_and_what_would_help(body: Person, client_for: Browser) -> None:
    plan = stage.make_plan(body)
    people = stage.make_applications(plan, 2)
    needing(body, people[0], "access")
    answer = client_for(body, NOW).post(
        f"/sittings/plans/{plan.pk}/rows/{plan.rows.get().pk}/theory/",
        {"rooms": [str(room_of(plan).pk)], "sessions": "2026-07-04 09:00", "minutes": "90"},
    )
    assert answer.status_code == 409
    assert "无障碍座位不足" in answer.content.decode()
