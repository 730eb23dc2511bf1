"""One request from the school to an accepted plan, with everything that may stand in its way (三（三）-三（六）)."""

from __future__ import annotations

from datetime import date

import pytest

from jiangheng.bodies import actions as bodies
from jiangheng.bodies.models import Equipment, Filing, Organisation
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.plans import actions, queries
from jiangheng.plans.queries import desk
from jiangheng.rules.roles import PUBLIC, Person, Role
from tests import factories
from tests.asking import refused
from tests.factories import moment
from tests.plans.made import PLAN_BY, REQUEST_BY, plan_given, plan_of, request_of, taken_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def test_from_the_request_to_the_accepted_plan(school: Person, centre: Person, body: Person) -> None:
    now = moment("2026-09-02 10:00")
    request = taken_request(school, centre, body)
    assert request.number == "AP202600001"
    assert (request.submitted_on, request.deadline_on) == (date(2026, 9, 2), date.fromisoformat(REQUEST_BY))
    plan = plan_of(body, request_id=request.pk, venue_id=request.venue_id)
    assert [each["subject"] for each in queries.rows_of(plan.pk)[0].subjects] == ["theory", "skill"]
    plan = actions.submit(by=body, now=now, plan_id=plan.pk)
    assert (plan.number, plan.state, plan.filed_on) == ("JH202600001", "submitted", date(2026, 9, 2))
    assert plan.deadline_on == date.fromisoformat(PLAN_BY)
    assert plan.notice_workdays == 29
    assert len(plan.law_version) == 64
    plan = actions.accept(by=centre, now=now, plan_id=plan.pk)
    assert plan.state == "accepted"
    told = set(Outgoing.objects.values_list("recipient_organisation_id", "subject"))
    assert (school.organisation_id, f"认定计划{plan.number}已受理") in told
    assert (body.organisation_id, f"市鉴定中心指派本机构承接安排申请{request.number}") in told
    assert queries.get(school, plan.pk) == plan
    assert Entry.objects.filter(record_kind="plan", verb="accept", clause="三（三）").count() == 1


@pytest.mark.parametrize(
    ("exam", "last", "late"),
    [
        ("2026-10-17", "2026-09-29", "2026-09-30"),
        ("2026-05-16", "2026-04-30", "2026-05-06"),
        ("2026-03-07", "2026-02-24", "2026-02-25"),
        ("2025-10-18", "2025-09-29", "2025-09-30"),
        ("2025-02-15", "2025-01-27", "2025-02-05"),
    ],
)
def test_a_plan_is_refused_from_the_day_after_the_last(
    body: Person, centre: Person, exam: str, last: str, late: str
) -> None:
    day = date.fromisoformat(exam)
    plan = plan_of(body, exam_on=day, registration_ends_at=moment(f"{last} 18:00"), now=moment("2025-01-02 10:00"))
    found = refused("deadline.late", lambda: actions.submit(by=body, now=moment(f"{late} 09:00"), plan_id=plan.pk))
    assert found.clause == "三（三）"
    assert (found.params["given"], found.params["needed"], found.params["late"]) == (9, 10, 1)
    assert found.params["last_day"] == last
    assert found.params["earliest"] in found.advice()
    assert actions.submit(by=body, now=moment(f"{last} 09:00"), plan_id=plan.pk).notice_workdays == 10


def test_after_half_past_five_counts_as_the_next_working_day(body: Person) -> None:
    plan = plan_of(body)
    refused("deadline.late", lambda: actions.submit(by=body, now=moment(f"{PLAN_BY} 17:30:01"), plan_id=plan.pk))
    assert actions.submit(by=body, now=moment(f"{PLAN_BY} 17:30"), plan_id=plan.pk).state == "submitted"


def test_a_request_is_late_by_exactly_one_day(school: Person) -> None:
    request = request_of(school)
    found = refused(
        "deadline.late",
        lambda: actions.submit_request(by=school, now=moment("2026-09-22 09:00"), request_id=request.pk),
    )
    assert (found.clause, found.params["late"], found.params["last_day"]) == ("三（四）", 1, REQUEST_BY)
    moved = actions.submit_request(by=school, now=moment("2026-09-20 23:00"), request_id=request.pk)
    assert moved.submitted_on == date.fromisoformat(REQUEST_BY), "Sunday 2026-09-20 is a make-up day, but after hours"


def test_a_filed_employer_arranges_for_itself_until_tickets_are_due(centre: Person) -> None:
    organisation = factories.make_organisation("employer_body")
    factories.make_filing(organisation, service_objects="own_staff")
    employer = factories.make_person(Role.BODY, organisation)
    plan = plan_of(employer, candidate_source="own_staff", registration_ends_at=moment("2026-09-30 18:00"))
    assert plan.deadline_on == date(2026, 10, 12)
    refused("deadline.late", lambda: actions.submit(by=employer, now=moment("2026-10-13 09:00"), plan_id=plan.pk))
    assert actions.submit(by=employer, now=moment("2026-10-12 09:00"), plan_id=plan.pk).state == "submitted"


def test_a_body_serves_whom_its_kind_serves(centre: Person) -> None:
    organisation = factories.make_organisation("technical_school")
    factories.make_filing(organisation, service_objects="own_students")
    technical = factories.make_person(Role.BODY, organisation)
    plan = plan_of(technical, candidate_source="own_students", open_to_public=True)
    found = refused(
        "plan.service", lambda: actions.submit(by=technical, now=moment("2026-09-02 10:00"), plan_id=plan.pk)
    )
    assert found.clause == "二"


def test_outside_the_scope_says_what_the_scope_is(body: Person) -> None:
    plan = plan_of(body, rows=[{"occupation_code": "6-31-01-03", "level": 2, "headcount": 10}])
    found = refused("scope.level", lambda: actions.submit(by=body, now=moment("2026-09-02 10:00"), plan_id=plan.pk))
    assert found.clause == "一"
    assert "电工（5、4、3级" in found.sentence()


def test_a_suspension_bites_at_the_next_step(school: Person, centre: Person, body: Person) -> None:
    now = moment("2026-09-02 10:00")
    filing = Filing.objects.get(organisation_id=body.organisation_id)
    plan = plan_of(body)
    actions.submit(by=body, now=now, plan_id=plan.pk)
    waiting = request_of(school)
    actions.submit_request(by=school, now=now, request_id=waiting.pk)
    actions.assign(by=centre, now=now, request_id=waiting.pk, body_id=body.organisation_id or 0)
    bodies.suspend(by=centre, now=now, filing_id=filing.pk, note="督导发现问题")
    refused("scope.suspended", lambda: actions.accept(by=centre, now=now, plan_id=plan.pk))
    refused("scope.suspended", lambda: actions.take(by=body, now=now, request_id=waiting.pk))
    bodies.resume(by=centre, now=now, filing_id=filing.pk, note="整改合格")
    assert actions.accept(by=centre, now=now, plan_id=plan.pk).state == "accepted"
    assert actions.take(by=body, now=now, request_id=waiting.pk).state == "taken"


def test_a_sister_body_is_never_assigned(school: Person, centre: Person, body: Person) -> None:
    Organisation.objects.filter(pk__in=[school.organisation_id, body.organisation_id]).update(owner_group="示例集团")
    now = moment("2026-09-02 10:00")
    request = request_of(school)
    actions.submit_request(by=school, now=now, request_id=request.pk)
    found = refused(
        "request.conflict",
        lambda: actions.assign(by=centre, now=now, request_id=request.pk, body_id=body.organisation_id or 0),
    )
    assert found.clause == "三（四）"
    shown = {each.body.pk: each.refusal for each in desk.choices_for(request, date(2026, 9, 2))}
    assert shown[body.organisation_id or 0].code == "request.conflict"


def test_only_social_bodies_are_assigned(school: Person, centre: Person) -> None:
    technical = factories.make_organisation("technical_school")
    factories.make_filing(technical, service_objects="own_students")
    now = moment("2026-09-02 10:00")
    request = request_of(school)
    actions.submit_request(by=school, now=now, request_id=request.pk)
    refused("request.service", lambda: actions.assign(by=centre, now=now, request_id=request.pk, body_id=technical.pk))


def test_a_body_that_declined_is_not_asked_again(
    school: Person, centre: Person, body: Person, other_body: Person
) -> None:
    now = moment("2026-09-02 10:00")
    request = request_of(school)
    actions.submit_request(by=school, now=now, request_id=request.pk)
    actions.assign(by=centre, now=now, request_id=request.pk, body_id=body.organisation_id or 0)
    refused("flow.reason", lambda: actions.decline(by=body, now=now, request_id=request.pk, note=" "))
    actions.decline(by=body, now=now, request_id=request.pk, note="考评员不足")
    refused("record.none", lambda: actions.take(by=body, now=now, request_id=request.pk))
    refused(
        "request.declined_before",
        lambda: actions.assign(by=centre, now=now, request_id=request.pk, body_id=body.organisation_id or 0),
    )
    actions.assign(by=centre, now=now, request_id=request.pk, body_id=other_body.organisation_id or 0)
    assert actions.take(by=other_body, now=now, request_id=request.pk).state == "taken"


def test_an_off_site_venue_is_measured_and_reviewed_first(school: Person, centre: Person, body: Person) -> None:
    now = moment("2026-09-02 10:00")
    venue = factories.make_venue(Organisation.objects.get(pk=school.organisation_id), fixed=False)
    request = taken_request(school, centre, body, place="off_site", venue_id=venue.pk)
    plan = plan_of(body, request_id=request.pk, venue_id=venue.pk)
    found = refused("plan.venue_review", lambda: actions.submit(by=body, now=now, plan_id=plan.pk))
    assert found.clause == "三（五）"
    for name, count in (("考试用计算机", 30), ("不间断电源", 1), ("电工技能实训考核台", 14), ("万用表", 20)):
        Equipment.objects.create(venue=venue, name=name, quantity=count, usable=count)
    review = actions.draft_review(by=school, now=now, request_id=request.pk)
    refused("review.twice", lambda: actions.draft_review(by=school, now=now, request_id=request.pk))
    actions.submit_review(by=school, now=now, review_id=review.pk)
    short = {item.requirement: item.needed - item.available for item in queries.items_of(review.pk)}
    assert short["电工技能实训考核台"] == 1, "60 candidates at one bench for every four need 15"
    assert short["考试用计算机"] == 0
    found = refused("review.short", lambda: actions.approve_review(by=body, now=now, review_id=review.pk))
    assert "电工技能实训考核台缺1" in found.sentence()
    bench = next(item for item in queries.items_of(review.pk) if item.requirement == "电工技能实训考核台")
    refused(
        "review.short",
        lambda: actions.judge_review(by=body, now=now, review_id=review.pk, verdicts={bench.pk: ("met", "")}),
    )
    actions.rectify_review(by=body, now=now, review_id=review.pk, note="请补足设备")
    Equipment.objects.filter(venue=venue, name="电工技能实训考核台").update(quantity=15, usable=15)
    for name, count in (("三相异步电动机", 15), ("兆欧表", 6), ("灭火器", 4)):
        Equipment.objects.create(venue=venue, name=name, quantity=count, usable=count)
    actions.submit_review(by=school, now=now, review_id=review.pk)
    found = refused("review.unjudged", lambda: actions.approve_review(by=body, now=now, review_id=review.pk))
    assert "兆欧表" in found.sentence()
    verdicts = {item.pk: ("met", "") for item in queries.items_of(review.pk)}
    actions.judge_review(by=body, now=now, review_id=review.pk, verdicts=verdicts)
    assert actions.approve_review(by=body, now=now, review_id=review.pk).state == "approved"
    assert actions.submit(by=body, now=now, plan_id=plan.pk).state == "submitted"


def test_capacity_and_foreign_venues(body: Person, school: Person) -> None:
    now = moment("2026-09-02 10:00")
    plan = plan_of(body, rows=[{"occupation_code": "6-31-01-03", "level": 4, "headcount": 61}])
    found = refused("plan.capacity", lambda: actions.submit(by=body, now=now, plan_id=plan.pk))
    assert (found.params["people"], found.params["seats"]) == (61, 20)
    foreign = factories.make_venue(Organisation.objects.get(pk=school.organisation_id))
    plan = plan_of(body, venue_id=foreign.pk)
    refused("plan.venue_foreign", lambda: actions.submit(by=body, now=now, plan_id=plan.pk))


def test_stale_state_role_and_organisation(body: Person, other_body: Person, centre: Person, school: Person) -> None:
    now = moment("2026-09-02 10:00")
    plan = plan_of(body)
    refused("record.none", lambda: actions.submit(by=other_body, now=now, plan_id=plan.pk))
    refused("record.none", lambda: actions.accept(by=centre, now=now, plan_id=plan.pk))
    refused("deed.role", lambda: actions.accept(by=body, now=now, plan_id=plan.pk))
    refused("record.stale", lambda: actions.submit(by=body, now=now, plan_id=plan.pk, seen=7))
    actions.submit(by=body, now=now, plan_id=plan.pk, seen=0)
    refused("plan.fixed", lambda: plan_change(body, plan.pk))
    refused("flow.state", lambda: actions.submit(by=body, now=now, plan_id=plan.pk))
    refused("flow.reason", lambda: actions.return_plan(by=centre, now=now, plan_id=plan.pk, note=""))
    actions.return_plan(by=centre, now=now, plan_id=plan.pk, note="人数有误")
    assert plan_change(body, plan.pk).exam_on == date(2026, 10, 24)
    refused("record.stale", lambda: plan_change(body, plan.pk, seen=0))


def plan_change(body: Person, plan_id: int, seen: int | None = None) -> object:
    plan = queries.get(body, plan_id)
    return actions.change(
        by=body,
        now=moment("2026-09-03 10:00"),
        plan_id=plan_id,
        given=plan_given(
            exam_on=date(2026, 10, 24),
            venue_id=plan.venue_id,
            rows=[{"occupation_code": "6-31-01-03", "level": 4, "headcount": 30}],
        ),
        seen=seen,
    )


def test_nothing_is_half_written_when_a_row_is_wrong(body: Person) -> None:
    before = Entry.objects.count()
    rows = [{"occupation_code": "6-31-01-03", "level": 4, "headcount": 30}] * 2
    refused("plan.twice", lambda: plan_of(body, rows=rows))
    refused("occupation.none", lambda: plan_of(body, rows=[{"occupation_code": "9-99", "level": 4, "headcount": 1}]))
    assert queries.visible_to(body).count() == 0
    assert Entry.objects.count() == before


def test_a_copy_moves_every_hour_with_the_day(body: Person) -> None:
    plan = plan_of(body)
    made = actions.copy(by=body, now=moment("2026-09-02 10:00"), plan_id=plan.pk, exam_on=date(2026, 11, 14))
    starts = [each["starts_at"] for each in queries.rows_of(made.pk)[0].subjects]
    assert starts == ["2026-11-14T09:00:00+08:00", "2026-11-14T14:00:00+08:00"]
    assert (made.state, made.request_id, made.number) == ("draft", None, "JH202600002")


def test_completing_waits_for_the_day_and_cancelling_frees_the_request(
    school: Person, centre: Person, body: Person
) -> None:
    now = moment("2026-09-02 10:00")
    request = taken_request(school, centre, body)
    plan = plan_of(body, request_id=request.pk)
    actions.submit(by=body, now=now, plan_id=plan.pk)
    actions.accept(by=centre, now=now, plan_id=plan.pk)
    refused("plan.not_held", lambda: actions.complete(by=centre, now=now, plan_id=plan.pk))
    refused(
        "plan.day_reached",
        lambda: actions.cancel(by=body, now=moment("2026-10-17 08:00"), plan_id=plan.pk, note="停电"),
    )
    actions.cancel(by=body, now=now, plan_id=plan.pk, note="场地停电")
    again = plan_of(body, request_id=request.pk)
    assert again.request_id == request.pk
    assert Outgoing.objects.filter(
        recipient_organisation_id=school.organisation_id, subject__contains="已取消"
    ).exists()


def test_who_sees_which_plan(
    school: Person, centre: Person, body: Person, other_body: Person, candidate: Person
) -> None:
    draft = plan_of(body)
    assert queries.visible_to(body).filter(pk=draft.pk).exists()
    for person in (centre, school, other_body, candidate, PUBLIC):
        assert not queries.visible_to(person).filter(pk=draft.pk).exists(), person.role
    assert not queries.public().exists()
    now = moment("2026-09-02 10:00")
    plan = actions.submit(by=body, now=now, plan_id=plan_of(body, open_to_public=True).pk)
    assert not queries.public().exists()
    actions.accept(by=centre, now=now, plan_id=plan.pk)
    assert list(queries.public()) == [plan]
    assert list(queries.open_for_registration(now)) == [plan]
    assert not queries.open_for_registration(moment("2026-09-25 18:01")).exists()
    supervisor = factories.make_staff("external_supervisor")
    assert list(queries.visible_to(supervisor)) == [plan]
