"""Arranging, tickets, staff and the meeting (四（六）, 四（七）)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jiangheng.bodies.models import Room
from jiangheng.people.models import Relation, StaffCard
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions, queries
from jiangheng.sittings.actions.staffing import StaffRefused
from jiangheng.sittings.models import Seat, Sitting, Ticket
from tests import factories
from tests.asking import refusal
from tests.sittings import stage

pytestmark = pytest.mark.django_db
NOW = stage.ARRANGED_AT


def places(sitting: Sitting) -> list[tuple[int, int]]:
    return list(Seat.objects.filter(sitting=sitting).order_by("number").values_list("number", "application_id"))


def test_seats_fall_by_a_lottery_that_can_be_drawn_again(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 12)
    (sitting,) = stage.arrange(body, plan)
    first = places(sitting)
    assert sitting.seed == "抽签"
    actions.rearrange(by=body, now=NOW, sitting_id=sitting.pk)
    (again,) = stage.arrange(body, plan)
    assert places(again) == first
    actions.rearrange(by=body, now=NOW, sitting_id=again.pk)
    (other,) = stage.arrange(body, plan, seed="另一粒")
    assert places(other) != first
    assert Counter(Sitting.objects.values_list("state", flat=True)) == {"cancelled": 2, "arranged": 1}
    assert Seat.objects.count() == 12


def test_neighbours_never_hold_the_same_set(body: Person, centre: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 14)
    stage.issue_papers(body, centre, plan, candidates=14)
    (sitting,) = stage.arrange(body, plan)
    held = dict(Seat.objects.filter(sitting=sitting).values_list("number", "paper_set_id"))
    per_row = sitting.per_row
    assert set(held) == set(range(1, 15))
    for number, paper in held.items():
        assert paper is not None
        if number % per_row:
            assert held.get(number + 1) != paper
        assert held.get(number + per_row) != paper


def test_rooms_and_sessions_fill_in_order_and_a_lack_of_seats_is_refused_by_number(body: Person) -> None:
    plan = stage.make_plan(body)
    Room.objects.filter(venue=plan.venue, kind="machine").update(capacity=4)
    stage.make_applications(plan, 6)
    error = refusal(lambda: stage.arrange(body, plan))
    assert (error.code, error.params["short"]) == ("seating.capacity", 2)
    assert not Sitting.objects.exists()
    sittings = stage.arrange(body, plan, sessions=[stage.STARTS, stage.minute(120)])
    assert [Seat.objects.filter(sitting=each).count() for each in sittings] == [4, 2]


def test_unpaid_candidates_are_named_and_left_out_only_when_asked(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 2)
    (unpaid,) = stage.make_applications(plan, 1, paid=False)
    error = refusal(lambda: stage.arrange(body, plan))
    assert (error.code, error.clause, error.params["names"]) == ("sitting.unpaid", "三（七）", unpaid.name)
    (sitting,) = stage.arrange(body, plan, leave_out_unpaid=True)
    assert unpaid.pk not in {application for _number, application in places(sitting)}
    assert queries.unseated(plan) == 1


def test_only_accepted_applications_that_take_the_subject_are_seated(body: Person) -> None:
    plan = stage.make_plan(body)
    (one,) = stage.make_applications(plan, 1)
    stage.make_applications(plan, 1, state="submitted")
    stage.make_applications(plan, 1, subjects=["skill"])
    (sitting,) = stage.arrange(body, plan)
    assert [application for _number, application in places(sitting)] == [one.pk]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"room_ids": []}, "sitting.rooms"),
        ({"room_ids": [999999]}, "sitting.rooms"),
        ({"minutes": 0}, "sitting.times"),
        ({"sessions": [factories.moment("2026-07-03 09:00")]}, "sitting.times"),
        ({"sessions": [stage.STARTS, stage.minute(30)]}, "sitting.times"),
        ({"subject": "review"}, "sitting.subject"),
    ],
)
def test_what_does_not_fit_the_plan_is_refused(body: Person, given: dict[str, Any], code: str) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 1)
    subject = given.pop("subject", "theory")
    given.setdefault("room_ids", [room.pk for room in queries.rooms_of(plan, "theory")])
    assert refusal(lambda: stage.arrange(body, plan, subject, **given)).code == code


def test_wrong_body_wrong_state_twice_and_nobody(body: Person, other_body: Person, centre: Person) -> None:
    plan = stage.make_plan(body)
    assert refusal(lambda: stage.arrange(body, plan)).code == "sitting.nobody"
    stage.make_applications(plan, 1)
    assert refusal(lambda: stage.arrange(other_body, plan)).status == 404
    assert refusal(lambda: stage.arrange(centre, plan)).status == 403
    (sitting,) = stage.arrange(body, plan)
    assert refusal(lambda: stage.arrange(body, plan)).code == "sitting.arranged"
    assert refusal(lambda: actions.rearrange(by=other_body, now=NOW, sitting_id=sitting.pk)).status == 404
    assert refusal(lambda: actions.cancel(by=body, now=NOW, sitting_id=sitting.pk, note="")).code == "flow.reason"
    draft = stage.make_plan(body, state="submitted")
    assert refusal(lambda: stage.arrange(body, draft)).code == "sitting.plan_state"


def test_a_room_and_a_person_are_in_one_place_at_a_time(body: Person) -> None:
    plan = stage.make_plan(body)
    (application,) = stage.make_applications(plan, 1)
    stage.arrange(body, plan)
    same_venue = stage.make_plan(body, venue=plan.venue)
    stage.make_applications(same_venue, 1)
    assert refusal(lambda: stage.arrange(body, same_venue)).code == "sitting.room_busy"
    elsewhere = stage.make_plan(body, venue=factories.make_venue(plan.body))
    stage.make_applications(elsewhere, 1, identity_id=application.identity_id)
    from jiangheng.applications.models import Application

    Application.objects.filter(plan=elsewhere).update(identity_id=application.identity_id)
    assert refusal(lambda: stage.arrange(body, elsewhere)).code == "sitting.person_busy"


def test_tickets_are_issued_five_working_days_ahead_or_refused_with_the_clause(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 3)
    stage.arrange(body, plan)
    late = factories.moment("2026-06-30 09:00")
    error = refusal(lambda: actions.issue_tickets(by=body, now=late, plan_id=plan.pk))
    assert (error.code, error.clause, error.params["last_day"]) == ("deadline.late", "四（六）", "2026-06-29")
    assert not Ticket.objects.exists()
    assert actions.issue_tickets(by=body, now=factories.moment("2026-06-29 09:00"), plan_id=plan.pk) == 3
    assert refusal(lambda: actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)).code == "tickets.none_arranged"


def test_ticket_numbers_differ_over_rooms_subjects_and_plans(body: Person) -> None:
    for day in ("2026-07-04", "2026-07-11"):
        plan = stage.make_plan(body, exam_on=day)
        Room.objects.filter(venue=plan.venue, kind="machine").update(capacity=3)
        Room.objects.get_or_create(venue=plan.venue, name="机房二", defaults={"kind": "machine", "capacity": 3})
        stage.make_applications(plan, 5)
        stage.arrange(body, plan)
        stage.arrange(body, plan, "skill")
        assert actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk) == 5
    assert Ticket.objects.values("number").distinct().count() == 10
    assert {number[11:14] for number in Ticket.objects.values_list("number", flat=True)} == {"101"}


def test_a_candidate_reads_only_the_own_ticket(body: Person, other_body: Person, centre: Person) -> None:
    plan = stage.make_plan(body)
    one, other = stage.make_applications(plan, 2)
    stage.arrange(body, plan)
    actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)
    person = stage.candidate_of(one)
    assert queries.ticket_of(person, one.pk).application_id == one.pk
    assert refusal(lambda: queries.ticket_of(person, other.pk)).status == 404
    assert refusal(lambda: queries.ticket_of(other_body, one.pk)).status == 404
    assert queries.seats_visible_to(person).count() == 1
    assert queries.visible_to(person).count() == 1
    file = actions.print_tickets(by=body, now=NOW, plan_id=plan.pk)
    assert file.content_type == "application/pdf"
    assert refusal(lambda: actions.print_tickets(by=other_body, now=NOW, plan_id=plan.pk)).status == 404


def post(body: Person, sitting: Sitting, people: list[Person], posts: list[str]) -> Any:
    pairs = zip(people, posts, strict=True)
    return actions.assign_staff(
        by=body,
        now=NOW,
        sitting_id=sitting.pk,
        posts=[{"account_id": each.account_id, "post": name} for each, name in pairs],
    )


def faults(call: Callable[[], Any]) -> set[str]:
    error = refusal(call)
    assert isinstance(error, StaffRefused)
    return {each.code for each in error.faults}


def test_every_broken_staffing_rule_is_listed_at_once(body: Person) -> None:
    plan = stage.make_plan(body)
    (application,) = stage.make_applications(plan, 1)
    (skill,) = stage.arrange(body, plan, "skill")
    expired = factories.make_staff("examiner", valid_to=date(2026, 7, 1))
    wrong = factories.make_staff("invigilator")
    kin = factories.make_staff("examiner")
    Relation.objects.create(account_id=kin.account_id, identity=application.identity, kind="kin", created_at=NOW)
    found = faults(
        lambda: post(
            body,
            skill,
            [expired, wrong, kin, factories.make_staff()],
            ["examiner_lead", "examiner", "examiner", "examiner"],
        )
    )
    assert found == {"staff.expired", "staff.card", "recusal.kin", "staff.odd"}
    assert faults(lambda: post(body, skill, [factories.make_staff()], ["examiner"])) == {"staff.examiners"}
    assert faults(lambda: post(body, skill, [], [])) == {"staff.examiners", "staff.odd"}


def test_a_theory_room_needs_one_invigilator_for_fifteen_and_two_at_least(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 31)
    (theory,) = stage.arrange(body, plan)
    people = [factories.make_staff("invigilator") for _ in range(3)]
    assert faults(lambda: post(body, theory, people[:2], ["chief", "invigilator"])) == {"staff.invigilators"}
    post(body, theory, people, ["chief", "invigilator", "invigilator"])


def test_nobody_is_posted_in_two_places_at_once_or_twice_in_one(body: Person, other_body: Person) -> None:
    sittings = []
    for owner in (body, other_body):
        plan = stage.make_plan(owner)
        stage.make_applications(plan, 1)
        sittings += stage.arrange(owner, plan)
    people = [factories.make_staff("invigilator") for _ in range(2)]
    post(body, sittings[0], people, ["chief", "invigilator"])
    assert faults(lambda: post(other_body, sittings[1], people, ["chief", "invigilator"])) == {"staff.two_places"}
    assert refusal(lambda: post(body, sittings[0], [people[0]] * 2, ["chief", "invigilator"])).code == "sitting.posts"
    assert refusal(lambda: post(body, sittings[0], people, ["chief", "doorman"])).code == "sitting.posts"


def test_the_sending_school_and_a_shared_employer_stand_back(body: Person, school: Person) -> None:
    from jiangheng.bodies.models import Organisation

    plan = stage.make_plan(body)
    stage.make_applications(plan, 1, sponsor_id=school.organisation_id, form={"工作单位": "示例电器厂"})
    (theory,) = stage.arrange(body, plan)
    sent = factories.make_staff("invigilator", employer=Organisation.objects.get(pk=school.organisation_id))
    mate = factories.make_staff("invigilator", employer_name="示例电器厂")
    assert faults(lambda: post(body, theory, [sent, mate], ["chief", "invigilator"])) == {
        "recusal.school",
        "recusal.employer",
    }


def test_examiners_rotate_after_three_consecutive_plans_of_a_body(body: Person) -> None:
    people = [factories.make_staff() for _ in range(3)]
    posts = ["examiner_lead", "examiner", "examiner"]
    for day in ("2026-07-04", "2026-07-11", "2026-07-18"):
        plan = stage.make_plan(body, exam_on=day)
        stage.make_applications(plan, 1)
        (skill,) = stage.arrange(body, plan, "skill")
        post(body, skill, people, posts)
    plan = stage.make_plan(body, exam_on="2026-07-25")
    stage.make_applications(plan, 1)
    (skill,) = stage.arrange(body, plan, "skill")
    assert faults(lambda: post(body, skill, people, posts)) == {"staff.rotation"}


def test_the_meeting_waits_for_tickets_and_lawful_staff(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 1)
    (theory,) = stage.arrange(body, plan)

    def brief(**given: Any) -> Any:
        values = {"held_at": stage.MEETING, "place": "会议室", "minutes": "分工", "attendees": ["李示例"], **given}
        return actions.brief(by=body, now=stage.MEETING, plan_id=plan.pk, **values)

    assert refusal(brief).code == "meeting.none"
    actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)
    assert refusal(brief).code == "meeting.unstaffed"
    stage.staff(body, theory)
    for given in ({"minutes": " "}, {"attendees": []}, {"held_at": stage.minute(1)}):
        assert refusal(lambda given=given: brief(**given)).code == "meeting.minutes"
    brief()
    assert Sitting.objects.get(pk=theory.pk).state == "briefed"


def test_whoever_s_document_was_not_seen_cannot_be_posted(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 2)
    (sitting,) = stage.arrange(body, plan, "skill")
    people = [factories.make_staff("examiner") for _ in range(3)]
    StaffCard.objects.filter(account_id=people[0].account_id).update(identity=None)
    posts = ["examiner_lead", "examiner", "examiner"]
    assert faults(lambda: post(body, sitting, people, posts)) == {"staff.identity"}
    StaffCard.objects.filter(account_id=people[0].account_id).update(identity=factories.make_identity())
    post(body, sitting, people, posts)


def test_nobody_examines_themselves(body: Person) -> None:
    plan = stage.make_plan(body)
    applications = stage.make_applications(plan, 2)
    (sitting,) = stage.arrange(body, plan, "skill")
    people = [factories.make_staff("examiner") for _ in range(3)]
    StaffCard.objects.filter(account_id=people[1].account_id).update(identity=applications[0].identity)
    posts = ["examiner_lead", "examiner", "examiner"]
    assert faults(lambda: post(body, sitting, people, posts)) == {"recusal.kin"}
