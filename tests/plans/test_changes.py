"""An accepted plan postponed, changed and given up, each by its own clock, with everybody it concerns told (三（三）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from jiangheng.applications.models import Application
from jiangheng.bodies import actions as bodies
from jiangheng.bodies.models import Filing, Organisation, Room
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people.models import Account
from jiangheng.plans import actions, queries
from jiangheng.plans.models import Plan, PlanChange
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Sitting, StaffAssignment
from tests import factories
from tests.asking import refused
from tests.factories import moment
from tests.plans.made import EXAM, plan_of, taken_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")
LATER = date(2026, 10, 24)
Browser = Callable[..., Client]


def accepted_plan(body: Person, centre: Person, **given: Any) -> Plan:
    plan = actions.submit(by=body, now=NOW, plan_id=plan_of(body, **given).pk)
    return actions.accept(by=centre, now=NOW, plan_id=plan.pk)


def ask(body: Person, plan: Plan, now: str = "2026-09-10 10:00", **given: Any) -> PlanChange:
    return actions.propose_change(
        by=body,
        now=moment(now),
        plan_id=plan.pk,
        **{
            "reason": "设备检修",
            "exam_on": LATER,
            "registration_ends_at": plan.registration_ends_at,
            "venue_id": plan.venue_id,
            **given,
        },
    )


def registered(plan: Plan, state: str = "accepted") -> Application:
    """Somebody with an account whose application stands in ``state``."""
    person = factories.make_candidate()
    return Application.objects.create(
        number=f"BM{person.identity_id:07d}",
        identity_id=person.identity_id or 0,
        name=person.name,
        plan=plan,
        body=plan.body,
        occupation_code="6-31-01-03",
        occupation_name="电工",
        level=4,
        subjects=["theory", "skill"],
        state=state,
        created_at=NOW,
    )


def seated(plan: Plan, state: str = "ticketed") -> Sitting:
    row = plan.rows.get()
    return Sitting.objects.create(
        plan=plan,
        row=row,
        subject="theory",
        method="machine",
        room=Room.objects.filter(venue=plan.venue)[0],
        room_name="机房一",
        starts_at=moment("2026-10-17 09:00"),
        ends_at=moment("2026-10-17 10:30"),
        state=state,
        created_at=NOW,
    )


def test_a_plan_is_postponed_with_everything_that_hangs_on_it(school: Person, centre: Person, body: Person) -> None:
    wanted = taken_request(school, centre, body)
    plan = accepted_plan(body, centre, request_id=wanted.pk, venue_id=wanted.venue_id)
    candidate, gone = registered(plan), registered(plan, "withdrawn")
    sitting = seated(plan)
    invigilator = factories.make_staff("invigilator")
    StaffAssignment.objects.create(
        sitting=sitting, account_id=invigilator.account_id, post="invigilator", created_at=NOW
    )
    change = ask(body, plan)
    assert (change.kind, change.state, change.filed_on) == ("postpone", "submitted", date(2026, 9, 10))
    plan.refresh_from_db()
    assert plan.exam_on == EXAM, "until the centre agrees the plan stands"
    assert Sitting.objects.get(pk=sitting.pk).state == "ticketed"
    actions.approve_plan_change(by=centre, now=moment("2026-09-11 10:00"), change_id=change.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.exam_on, plan.filed_on) == ("accepted", LATER, date(2026, 9, 10))
    assert (plan.deadline_on, plan.notice_workdays) == (date(2026, 10, 12), 28)
    assert [each["starts_at"] for each in plan.rows.get().subjects] == [
        "2026-10-24T09:00:00+08:00",
        "2026-10-24T14:00:00+08:00",
    ]
    sitting.refresh_from_db()
    change.refresh_from_db()
    assert (sitting.state, change.sittings_cancelled) == ("cancelled", 1)
    told = Outgoing.objects.filter(subject__contains="改期")
    parties = set(told.values_list("recipient_organisation_id", flat=True))
    assert {body.organisation_id, school.organisation_id} <= parties
    people = set(told.values_list("recipient_account_id", flat=True))
    assert Account.objects.get(identity=candidate.identity).pk in people
    assert Account.objects.get(identity=gone.identity).pk not in people
    notice = told.get(recipient_account_id=Account.objects.get(identity=candidate.identity).pk)
    assert "2026-10-17" in notice.body
    assert "2026-10-24" in notice.body
    assert Outgoing.objects.filter(recipient_account_id=invigilator.account_id, subject__contains="取消").exists()
    entry = Entry.objects.get(record_kind="plan", record_id=plan.pk, verb="plan_change.approve")
    assert (entry.before["exam_on"], entry.after["exam_on"]) == ("2026-10-17", "2026-10-24")
    assert entry.before["rows"] != entry.after["rows"]


@pytest.mark.parametrize(
    ("exam_on", "now", "last_day"),
    [
        (date(2026, 10, 17), "2026-10-15 09:00", "2026-10-14"),
        (date(2026, 11, 14), "2026-10-15 09:00", "2026-10-14"),
        (date(2026, 9, 19), "2026-09-10 09:00", "2026-09-07"),
    ],
    ids=["place", "postpone", "a new day too near"],
)
def test_each_change_is_refused_from_the_day_after_its_last(
    body: Person, centre: Person, exam_on: date, now: str, last_day: str
) -> None:
    plan = accepted_plan(body, centre)
    elsewhere = factories.make_venue(Organisation.objects.get(pk=body.organisation_id))
    early = plan.registration_ends_at if exam_on > date(2026, 9, 25) else moment("2026-09-12 18:00")
    found = refused(
        "deadline.late",
        lambda: ask(body, plan, now, exam_on=exam_on, venue_id=elsewhere.pk, registration_ends_at=early),
    )
    assert found.params["last_day"] == last_day
    assert found.clause == "三（三）"
    assert not PlanChange.objects.exists()


def test_the_last_day_itself_is_in_time(body: Person, centre: Person) -> None:
    plan = accepted_plan(body, centre)
    elsewhere = factories.make_venue(Organisation.objects.get(pk=body.organisation_id))
    change = ask(body, plan, "2026-10-14 17:30", exam_on=EXAM, venue_id=elsewhere.pk)
    assert change.kind == "change"
    again = accepted_plan(body, centre)
    assert ask(body, again, "2026-10-14 17:30", exam_on=date(2026, 11, 14)).kind == "postpone"


def test_what_is_asked_for_is_checked_like_a_plan(body: Person, other_body: Person, centre: Person) -> None:
    plan = accepted_plan(body, centre)
    row = plan.rows.get()
    foreign = factories.make_venue(Organisation.objects.get(pk=other_body.organisation_id))
    refused("record.none", lambda: ask(body, plan, venue_id=foreign.pk))
    refused("plan.capacity", lambda: ask(body, plan, rows={row.pk: {"headcount": 61}}))
    refused("plan_change.headcount", lambda: ask(body, plan, rows={row.pk: {"headcount": 0}}))
    refused("plan_change.same", lambda: ask(body, plan, exam_on=EXAM))
    refused("plan_change.reason", lambda: ask(body, plan, reason=" "))
    refused("plan.registration", lambda: ask(body, plan, registration_ends_at=moment("2026-10-30 18:00")))
    refused("scope.period", lambda: ask(body, plan, exam_on=date(2030, 1, 12)))
    refused("plan.first_day", lambda: ask(body, plan, rows={row.pk: {"headcount": 60, "subjects": row.subjects}}))
    refused("record.stale", lambda: ask(body, plan, seen=plan.version + 1))
    for _each in range(2):
        registered(plan)
    found = refused("plan_change.headcount", lambda: ask(body, plan, rows={row.pk: {"headcount": 1}}))
    assert found.params["accepted"] == 2
    assert not PlanChange.objects.exists()


def test_who_may_ask_and_who_decides(body: Person, other_body: Person, centre: Person, school: Person) -> None:
    draft = plan_of(body)
    refused("plan_change.state", lambda: ask(body, draft))
    plan = accepted_plan(body, centre)
    refused("record.none", lambda: ask(other_body, plan))
    refused("deed.role", lambda: ask(centre, plan))
    change = ask(body, plan)
    refused("plan_change.waiting", lambda: ask(body, plan))
    refused("deed.role", lambda: actions.approve_plan_change(by=body, now=NOW, change_id=change.pk))
    refused("record.none", lambda: actions.withdraw_plan_change(by=other_body, now=NOW, change_id=change.pk))
    refused("flow.reason", lambda: actions.refuse_plan_change(by=centre, now=NOW, change_id=change.pk, note=" "))
    refused("record.stale", lambda: actions.approve_plan_change(by=centre, now=NOW, change_id=change.pk, seen=4))
    actions.refuse_plan_change(by=centre, now=NOW, change_id=change.pk, note="场地可用，不必改期")
    assert Outgoing.objects.filter(
        recipient_organisation_id=body.organisation_id, subject__contains="未获同意"
    ).exists()
    assert Plan.objects.get(pk=plan.pk).exam_on == EXAM
    again = ask(body, plan)
    actions.withdraw_plan_change(by=body, now=NOW, change_id=again.pk)
    refused("flow.state", lambda: actions.approve_plan_change(by=centre, now=NOW, change_id=again.pk))
    assert queries.changes_visible_to(school).count() == 0


def test_what_turned_up_meanwhile_stops_the_agreement(body: Person, centre: Person) -> None:
    plan = accepted_plan(body, centre)
    change = ask(body, plan)
    refused(
        "plan_change.day_reached",
        lambda: actions.approve_plan_change(by=centre, now=moment("2026-10-17 08:00"), change_id=change.pk),
    )
    filing = Filing.objects.get(organisation_id=body.organisation_id)
    bodies.suspend(by=centre, now=NOW, filing_id=filing.pk, note="督导发现问题")
    refused("scope.suspended", lambda: actions.approve_plan_change(by=centre, now=NOW, change_id=change.pk))
    change.refresh_from_db()
    assert change.state == "submitted"
    assert Plan.objects.get(pk=plan.pk).exam_on == EXAM
    bodies.resume(by=centre, now=NOW, filing_id=filing.pk, note="整改合格")
    seated(plan, "open")
    refused("plan.begun", lambda: actions.approve_plan_change(by=centre, now=NOW, change_id=change.pk))


def test_more_people_leave_the_seats_as_they_are(body: Person, centre: Person) -> None:
    rows = [{"occupation_code": "6-31-01-03", "level": 4, "headcount": 30}]
    plan = accepted_plan(body, centre, rows=rows)
    sitting = seated(plan)
    change = ask(body, plan, exam_on=EXAM, rows={plan.rows.get().pk: {"headcount": 40}})
    actions.approve_plan_change(by=centre, now=NOW, change_id=change.pk)
    assert plan.rows.get().headcount == 40
    sitting.refresh_from_db()
    assert sitting.state == "ticketed"


def test_giving_a_plan_up_has_its_own_clock_and_calls_everything_off(body: Person, centre: Person) -> None:
    plan = accepted_plan(body, centre)
    candidate, sitting, change = registered(plan), seated(plan), ask(body, plan)
    late = moment("2026-10-15 09:00")
    found = refused("deadline.late", lambda: actions.cancel(by=body, now=late, plan_id=plan.pk, note="停电"))
    assert "市鉴定中心办理" in found.advice()
    actions.cancel(by=centre, now=late, plan_id=plan.pk, note="停电")
    sitting.refresh_from_db()
    change.refresh_from_db()
    assert (sitting.state, change.state) == ("cancelled", "withdrawn")
    account = Account.objects.get(identity=candidate.identity)
    assert Outgoing.objects.filter(recipient_account_id=account.pk, subject__contains="已取消").count() == 1
    held = accepted_plan(body, centre)
    seated(held, "recorded")
    refused("plan.begun", lambda: actions.cancel(by=centre, now=late, plan_id=held.pk, note="停电"))


def change_form(plan: Plan, **given: Any) -> dict[str, Any]:
    return {
        "exam_on": "2026-10-24",
        "registration_ends_on": "2026-09-25",
        "venue_id": plan.venue_id,
        "reason": "设备检修",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "1",
        "rows-0-row_id": plan.rows.get().pk,
        "rows-0-headcount": "60",
        "rows-0-theory_at": "09:30",
        "rows-0-skill_on": "",
        "rows-0-skill_at": "14:00",
        "_seen": plan.version,
        **given,
    }


def test_the_pages_of_a_change(body: Person, centre: Person, other_body: Person, client_for: Browser) -> None:
    plan = accepted_plan(body, centre)
    at_body, at_centre = client_for(body, NOW), client_for(centre, NOW)
    assert f"/plans/{plan.pk}/propose/" in at_body.get(f"/plans/{plan.pk}/").content.decode()
    assert f"/plans/{plan.pk}/propose/" not in at_centre.get(f"/plans/{plan.pk}/").content.decode()
    page = at_body.get(f"/plans/{plan.pk}/propose/").content.decode()
    assert "最迟 2026年10月14日 申请" in page
    for wrong in ({"exam_on": ""}, {"venue_id": "999999"}, {"rows-0-headcount": "x"}, {"reason": ""}):
        assert at_body.post(f"/plans/{plan.pk}/propose/", change_form(plan, **wrong)).status_code == 422, wrong
    answer = at_body.post(f"/plans/{plan.pk}/propose/", change_form(plan))
    change = PlanChange.objects.get()
    assert answer.headers["Location"] == f"/plans/changes/{change.pk}/"
    assert at_body.post(f"/plans/{plan.pk}/propose/", change_form(plan)).status_code == 409
    page = at_centre.get(f"/plans/changes/{change.pk}/").content.decode()
    assert "2026年10月24日" in page
    assert f"/plans/changes/{change.pk}/approve/" in page
    assert plan.number in at_centre.get("/plans/changes/?state=submitted").content.decode()
    assert at_centre.post(f"/plans/changes/{change.pk}/refuse/", {"_seen": "0", "note": ""}).status_code == 422
    assert at_centre.post(f"/plans/changes/{change.pk}/approve/", {"_seen": "0"}).status_code == 302
    assert at_centre.post(f"/plans/changes/{change.pk}/approve/", {"_seen": "0"}).status_code == 409
    assert "改期：2026-10-17 → 2026-10-24" in at_body.get(f"/plans/{plan.pk}/").content.decode()
    plan.refresh_from_db()
    assert plan.rows.get().subjects[0]["starts_at"] == "2026-10-24T09:30:00+08:00"
    stranger = client_for(other_body, NOW)
    for address in (
        f"/plans/{plan.pk}/propose/",
        f"/plans/changes/{change.pk}/",
        f"/plans/changes/{change.pk}/withdraw/",
    ):
        assert stranger.get(address).status_code == 404, address
