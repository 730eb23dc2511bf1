"""The pages of sittings: a whole examination by hand, and what must not be seen or changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiangheng.bodies.models import Organisation
from jiangheng.exam_day.models import Answer, PracticalMark
from jiangheng.papers.models import PaperSet
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment, Ticket
from tests import factories
from tests.sittings import stage

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
NOW = stage.ARRANGED_AT


EXAM_DAY = frozenset(
    {
        "acknowledge", "board", "close", "desk", "desk_queue", "duty", "evidence", "extra", "hand_in", "incident", "marks",
        "mine", "open", "paper", "record", "room", "save", "sign", "state", "unseal",
    }
)  # read as a table  # fmt: skip


def page_of(name: str) -> str:
    """The page of that name, of the day or of the arranging before it."""
    return f"{'exam_day' if name in EXAM_DAY else 'sittings'}:{name}"


def at(client: Client, moment: Any) -> Client:
    client.defaults["jiangheng.now"] = moment
    return client


def post(client: Client, name: str, key: int, **data: Any) -> int:
    step = name in ("open", "close", "sign")
    address = reverse("sittings:step", args=[key, name]) if step else reverse(page_of(name), args=[key])
    return client.post(address, data).status_code


def test_a_body_arranges_tickets_staffs_and_meets_by_hand(body: Person, centre: Person, client_for: ClientFor) -> None:
    plan = stage.make_plan(body)
    applications = stage.make_applications(plan, 3)
    stage.issue_papers(body, centre, plan)
    client = client_for(body, NOW)
    address = reverse("sittings:arrange", args=[plan.pk, plan.rows.get().pk, "theory"])
    assert client.get(address).status_code == 200
    room = plan.venue.rooms.get(kind="machine").pk
    assert client.post(address, {"rooms": [room], "sessions": "明天上午", "minutes": 90}).status_code == 422
    assert client.post(address, {"rooms": [room], "sessions": "2026-07-04 09:00", "minutes": 90}).status_code == 302
    assert client.get(address.replace("theory", "review")).status_code == 404
    sitting = Sitting.objects.get()
    people = [factories.make_staff("invigilator") for _ in range(2)]
    one = {f"post_{people[0].account_id}": "chief", "_seen": sitting.version}
    answer = client.post(reverse("sittings:staff", args=[sitting.pk]), one)
    assert answer.status_code == 422
    assert "至少需要监考2人" in answer.content.decode()
    assert not StaffAssignment.objects.exists()
    both = {**one, f"post_{people[1].account_id}": "invigilator"}
    assert post(client, "staff", sitting.pk, **{**both, "_seen": 99}) == 409
    assert post(client, "staff", sitting.pk, **both) == 302
    assert post(client, "issue_tickets", plan.pk) == 302
    assert Ticket.objects.count() == 3
    assert post(at(client, stage.minute(-60 * 24)), "issue_tickets", plan.pk) == 409
    made = client.post(reverse("sittings:print_tickets", args=[plan.pk]))
    assert b"".join(made.streaming_content).startswith(b"%PDF")
    at(client, stage.MEETING)
    meeting = {"held_at": "2026-07-03T15:00", "place": "会议室", "minutes": "分工", "attendees": "甲\n乙"}
    assert post(client, "brief", plan.pk, **{**meeting, "attendees": ""}) == 422
    assert post(client, "brief", plan.pk, **meeting) == 302
    for name, key in (("detail", sitting.pk), ("plan", plan.pk), ("staff", sitting.pk)):
        assert client.get(reverse(page_of(name), args=[key])).status_code == 200
    mine = client_for(stage.candidate_of(applications[0]), NOW)
    assert mine.get(reverse("sittings:ticket", args=[applications[0].pk])).content.startswith(b"%PDF")
    assert mine.get(reverse("sittings:ticket", args=[applications[1].pk])).status_code == 404


def test_staff_run_a_theory_room_from_their_phones_and_a_candidate_without_account_answers(
    body: Person, centre: Person, client_for: ClientFor
) -> None:
    sitting, (first, second) = stage.briefed(body, centre, count=2)
    chief, helper = client_for(first, stage.minute(-10)), client_for(second, stage.STARTS)
    assert chief.get(reverse("exam_day:mine")).status_code == 200
    assert post(chief, "unseal", sitting.pk) == 302
    one, other = stage.tickets(sitting)
    assert post(chief, "desk", sitting.pk, ticket_number="nobody", deed="in") == 404
    assert post(chief, "desk", sitting.pk, ticket_number=one, deed="in") == 302
    assert post(chief, "desk", sitting.pk, ticket_number=other, deed="absent") == 302
    assert post(helper, "open", sitting.pk) == 302
    code = Sitting.objects.get(pk=sitting.pk).room_code
    assert code in at(chief, stage.minute(1)).get(reverse("exam_day:duty", args=[sitting.pk])).content.decode()
    assert (
        code
        not in client_for(body, stage.minute(1)).get(reverse("sittings:detail", args=[sitting.pk])).content.decode()
    )

    candidate = at(Client(), stage.minute(2))
    assert candidate.get(reverse("exam_day:paper")).status_code == 302
    seat = Seat.objects.get(sitting=sitting, application__ticket__number=one)
    typed = {"ticket_number": one, "tail": seat.application.identity.number_tail, "code": code}
    assert candidate.post(reverse("exam_day:room"), {**typed, "code": "1"}).status_code == 403
    assert candidate.post(reverse("exam_day:room"), typed).status_code == 302
    page = candidate.get(reverse("exam_day:paper"))
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "ETag" not in page
    content = PaperSet.objects.get(pk=seat.paper_set_id).content
    assert content[0]["stem"] in page.content.decode()
    plain = {"form_key": "one", "was_1": "", "base_1": "0", "q_1": "A", "was_2": "", "base_2": "0"}
    assert candidate.post(reverse("exam_day:save"), plain).status_code == 302
    assert candidate.post(reverse("exam_day:save"), plain).status_code == 302
    stale = candidate.post(reverse("exam_day:save"), {**plain, "form_key": "two", "q_1": "B"})
    assert stale.status_code == 409
    assert "第 1 题已在别处改为 A，您提交的 B 没有覆盖" in stale.content.decode()
    answer = save(candidate, [{"question": 2, "value": "B", "base": 0, "key": "k"}])
    assert (answer.status_code, answer.json()["results"][0]["status"]) == (200, "saved")
    assert answer.json()["seconds_left"] == 88 * 60
    assert candidate.get(reverse("exam_day:state")).json()["answers"] == {"1": ["A", 1], "2": ["B", 1]}
    assert candidate.post(reverse("exam_day:hand_in")).status_code == 409
    at(candidate, stage.minute(31))
    assert candidate.get(reverse("exam_day:hand_in")).status_code == 200
    assert candidate.post(reverse("exam_day:hand_in")).status_code == 200
    assert save(candidate, [{"question": 2, "value": "C", "base": 1, "key": "k2"}]).status_code == 409
    at(chief, stage.minute(32)), at(helper, stage.minute(32))
    assert post(chief, "incident", sitting.pk, text="键盘更换", kind="equipment", seat=seat.pk, tier="") == 302
    assert post(chief, "close", sitting.pk) == 302
    assert post(chief, "record", sitting.pk, papers_received=2, papers_returned=2) == 302
    assert post(chief, "sign", sitting.pk) == 409
    assert post(helper, "sign", sitting.pk) == 302
    for name in ("duty", "desk"):
        assert helper.get(reverse(page_of(name), args=[sitting.pk])).status_code == 200
    assert dict(Answer.objects.values_list("question", "value")) == {1: "A", 2: "B"}


def save(client: Client, answers: Any) -> Any:
    return client.post(reverse("exam_day:save"), json.dumps({"answers": answers}), content_type="application/json")


@pytest.mark.parametrize(
    "sent",
    [
        "[]",
        "{}",
        '{"answers": 1}',
        '{"answers": [1]}',
        '{"answers": [{"question": "x"}]}',
        '{"answers": [{"question": 1e99, "value": "A", "base": 0, "key": "k"}]}',
        "[" * 100000,
    ],
)
def test_a_broken_save_is_a_sentence_not_a_failure(body: Person, centre: Person, sent: str) -> None:
    sitting, _people = stage.opened(body, centre, count=1)
    client = at(Client(), stage.minute(2))
    seat = Seat.objects.get(sitting=sitting)
    sitting.refresh_from_db()
    client.post(
        reverse("exam_day:room"),
        {
            "ticket_number": stage.tickets(sitting)[0],
            "tail": seat.application.identity.number_tail,
            "code": sitting.room_code,
        },
    )
    answer = client.post(reverse("exam_day:save"), sent, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == "room.answer"


def test_extra_fields_are_ignored(body: Person, centre: Person) -> None:
    sitting, _people = stage.opened(body, centre, count=1)
    client, seat = at(Client(), stage.minute(2)), Seat.objects.get(sitting=sitting)
    sitting.refresh_from_db()
    entry = {
        "ticket_number": stage.tickets(sitting)[0],
        "tail": seat.application.identity.number_tail,
        "code": sitting.room_code,
    }
    client.post(reverse("exam_day:room"), {**entry, "extra_minutes": 60, "absent": "1"})
    save(client, [{"question": 1, "value": "A", "base": 0, "key": "k", "revision": 9, "mark": 100, "seat": 999}])
    seat.refresh_from_db()
    assert (seat.extra_minutes, seat.absent, Answer.objects.get().revision) == (0, False, 1)


def test_nobody_reads_a_question_before_the_sitting_opens(body: Person, centre: Person, client_for: ClientFor) -> None:
    sitting, people = stage.briefed(body, centre, count=1)
    stems = [row["stem"] for row in PaperSet.objects.first().content]
    candidate = stage.candidate_of(Seat.objects.get(sitting=sitting).application)
    pages = [reverse("sittings:list"), reverse("exam_day:mine"), reverse("exam_day:paper"), reverse("exam_day:state")]
    pages += [reverse(page_of(name), args=[sitting.pk]) for name in ("detail", "duty", "desk", "staff", "marks")]
    for person in (body, centre, candidate, *people):
        client = client_for(person, stage.minute(-10))
        for address in pages:
            answer = client.get(address)
            text = answer.content.decode() + str(dict(answer.headers))
            assert answer.status_code < 500
            assert not [stem for stem in stems if stem in text]


def test_examiners_mark_on_a_phone_and_a_wrong_mark_keeps_what_was_typed(
    body: Person, centre: Person, client_for: ClientFor
) -> None:
    sitting, people = stage.opened(body, centre, count=1, subject="skill")
    seat, now = Seat.objects.get(sitting=sitting), stage.minute(30, stage.SKILL_STARTS)
    client = client_for(people[0], now)
    wrong = client.post(reverse("exam_day:marks", args=[sitting.pk]), {"seat": seat.pk, "mark": "八十", "revision": 0})
    assert wrong.status_code == 422
    assert 'value="八十"' in wrong.content.decode()
    assert post(client, "marks", sitting.pk, seat=seat.pk, mark="80", revision=0) == 302
    assert post(client, "marks", sitting.pk, seat=seat.pk, mark="81.5", revision=1) == 422
    assert post(client, "marks", sitting.pk, seat=seat.pk, mark="81.5", revision=1, reason="加总错误") == 302
    other = client_for(people[1], now).get(reverse("exam_day:marks", args=[sitting.pk])).content.decode()
    # a mark with a point in it: no ticket, number or form token can look like it by chance
    assert "81.5" in client.get(reverse("exam_day:marks", args=[sitting.pk])).content.decode()
    assert "81.5" not in other.split("seat-")[1].split("</section>")[0].replace(Ticket.objects.get().number, "")
    assert PracticalMark.objects.count() == 2


@pytest.mark.parametrize("name", ["list", "plans"])
def test_a_list_costs_the_same_queries_for_one_row_and_three(name: str, body: Person, client_for: ClientFor) -> None:
    client, counts = client_for(body, NOW), []
    for many in (1, 2):
        for _ in range(many):
            own = Organisation.objects.get(pk=body.organisation_id)
            plan = stage.make_plan(body, venue=factories.make_venue(own))
            stage.make_applications(plan, 1)
            stage.arrange(body, plan)
        client.get(reverse(page_of(name)))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(page_of(name))).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["detail", "duty", "desk"])
def test_a_sitting_costs_the_same_queries_for_one_candidate_and_three(
    name: str, body: Person, centre: Person, client_for: ClientFor
) -> None:
    counts = []
    for many in (1, 3):
        organisation = factories.make_organisation("social_body")
        factories.make_filing(organisation)
        owner = factories.make_person(body.role, organisation)
        sitting, people = stage.briefed(owner, centre, count=many) if many == 1 else _again(owner, centre, many)
        client = client_for(owner if name == "detail" else people[0], stage.minute(-5))
        address = reverse(page_of(name), args=[sitting.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def _again(owner: Person, centre: Person, many: int) -> tuple[Sitting, list[Person]]:
    plan = stage.make_plan(owner)
    stage.make_applications(plan, many)
    (sitting,) = stage.arrange(owner, plan)
    people = stage.staff(owner, sitting)
    from jiangheng.sittings import actions

    actions.issue_tickets(by=owner, now=NOW, plan_id=plan.pk)
    actions.brief(
        by=owner,
        now=stage.MEETING,
        plan_id=plan.pk,
        held_at=stage.MEETING,
        place="室",
        minutes="分工",
        attendees=["甲"],
    )
    return Sitting.objects.get(pk=sitting.pk), people


def test_strangers_are_sent_away(
    body: Person, other_body: Person, school: Person, centre: Person, client_for: ClientFor
) -> None:
    sitting, _people = stage.briefed(body, centre, count=1)
    stranger = factories.make_staff("invigilator")
    detail, duty = reverse("sittings:detail", args=[sitting.pk]), reverse("exam_day:duty", args=[sitting.pk])
    assert Client().get(detail).status_code == 302
    assert client_for(other_body, NOW).get(detail).status_code == 404
    assert client_for(school, NOW).get(detail).status_code == 404
    assert client_for(centre, NOW).get(detail).status_code == 200
    assert client_for(stranger, NOW).get(duty).status_code == 404
    assert client_for(other_body, NOW).get(reverse("sittings:plan", args=[sitting.plan_id])).status_code == 404
    assert (
        client_for(other_body, NOW).post(reverse("sittings:issue_tickets", args=[sitting.plan_id])).status_code == 404
    )
    assert client_for(centre, NOW).get(reverse("sittings:staff", args=[sitting.pk])).status_code == 403
