"""The calendar of sittings by role, by month and week, and the feed calendar programs subscribe to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.calendar import actions
from jiangheng.calendar.models import Feed
from jiangheng.journal.models import Entry
from jiangheng.people.models import Account, Identity, Membership
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment
from tests import factories
from tests.factories import moment
from tests.sittings.stage import make_applications

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
Browser = Callable[..., Client]
MONTH, WEEK = "/agenda/?month=2026-07", "/agenda/?week=2026-W27"


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


def plan_of(body: Person, exam_on: str = "2026-07-04", **given: Any) -> Plan:
    return factories.make_plan(Organisation.objects.get(pk=body.organisation_id), exam_on, **given)


def sitting_of(plan: Plan, starts: str = "2026-07-04 09:00", room: int = 0, **given: Any) -> Sitting:
    begins = moment(starts)
    rooms = list(plan.venue.rooms.order_by("id"))
    return Sitting.objects.create(
        plan=plan,
        row=plan.rows.get(),
        room=rooms[room],
        room_name=rooms[room].name,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=90),
        created_at=NOW,
        **{"subject": "theory", "method": "machine", "state": "ticketed", **given},
    )


def page(browser: Client, address: str = MONTH) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.text


def test_a_month_and_a_week_show_sittings_with_time_and_place(body: Person, client_for: Browser) -> None:
    sitting = sitting_of(plan_of(body))
    for address in (MONTH, WEEK):
        text = page(client_for(body, NOW), address)
        assert f'href="/sittings/{sitting.pk}/"' in text
        assert "09:00" in text
        assert "电工 四级/中级工 理论知识考试" in text
        assert sitting.plan.venue.name in text
    assert "电工 四级" not in page(client_for(body, NOW), "/agenda/?month=2026-08")
    assert "本月没有您可查看的考试安排" in page(client_for(body, NOW), "/agenda/?month=2026-08")
    assert "本周没有您可查看的考试安排" in page(client_for(body, NOW), "/agenda/?week=2026-W40")


def test_rooms_of_one_subject_at_one_time_are_one_line(body: Person, client_for: Browser) -> None:
    plan = plan_of(body)
    sitting_of(plan)
    sitting_of(plan, room=1)
    text = page(client_for(body, NOW), WEEK)
    assert text.count("理论知识考试") == 1
    assert "2 个考场" in text
    assert f'href="/plans/{plan.pk}/"' in text


def test_a_plan_without_sittings_stands_on_its_day(body: Person, centre: Person, client_for: Browser) -> None:
    accepted, waiting = plan_of(body), plan_of(body, "2026-07-11", state="submitted", title="待受理的计划")
    text = page(client_for(centre, NOW))
    assert accepted.title in text
    assert waiting.title in text
    assert "待受理" in text
    sitting_of(accepted)
    assert f'href="/plans/{accepted.pk}/"' not in page(client_for(centre, NOW)), "its sittings stand for it"


def test_each_sees_their_own(
    centre: Person, body: Person, other_body: Person, school: Person, candidate: Person, client_for: Browser
) -> None:
    request = Request.objects.create(
        number="AP1",
        organisation_id=school.organisation_id or 0,
        class_name="班",
        occupation_code="6-31-01-03",
        occupation_name="电工",
        level=4,
        headcount=1,
        exam_on=date(2026, 7, 4),
        place="own",
        state="taken",
        created_at=NOW,
    )
    plan = plan_of(body, request=request)
    sitting = sitting_of(plan)
    words = "理论知识考试"
    for person in (centre, body, school):
        assert words in page(client_for(person, NOW))
    assert words not in page(client_for(other_body, NOW))
    assert words not in page(Client(**{"jiangheng.now": NOW}))
    examiner, idle = factories.make_staff("invigilator"), factories.make_staff("invigilator")
    StaffAssignment.objects.create(sitting=sitting, account_id=examiner.account_id, post="invigilator", created_at=NOW)
    assert f'href="/sittings/{sitting.pk}/duty/"' in page(client_for(examiner, NOW))
    assert words not in page(client_for(idle, NOW))
    (application,) = make_applications(plan, 1, paid=False)
    assert words not in page(client_for(candidate, NOW))
    application.identity = Identity.objects.get(pk=candidate.identity_id)
    application.save()
    assert f'href="/plans/calendar/{plan.pk}/"' in page(client_for(candidate, NOW))
    Seat.objects.create(sitting=sitting, application=application, number=1)
    assert words in page(client_for(candidate, NOW))


def test_the_public_sees_accepted_plans_only(body: Person) -> None:
    accepted = plan_of(body, title="公开的计划")
    for state in ("draft", "submitted", "returned", "cancelled"):
        plan_of(body, state=state, title="未公开的计划")
    sitting_of(accepted)
    text = page(Client(**{"jiangheng.now": NOW}))
    assert "公开的计划" in text
    assert "未公开的计划" not in text
    assert "订阅到我的日历" not in text


def test_drafts_and_cancelled_sittings_are_not_shown_to_the_centre(
    centre: Person, body: Person, client_for: Browser
) -> None:
    plan = plan_of(body)
    sitting_of(plan, state="draft")
    sitting_of(plan, "2026-07-04 14:00", state="cancelled")
    assert "理论知识考试" not in page(client_for(centre, NOW))


def test_holidays_and_make_up_days_are_marked(body: Person, client_for: Browser) -> None:
    text = page(client_for(body, NOW), "/agenda/?month=2026-10")
    assert "国庆节" in text
    assert "调休上班" in text
    assert "尚未公布" not in text
    assert "尚未公布" in page(client_for(body, NOW), "/agenda/?month=2031-10")


@pytest.mark.parametrize(
    "query", ["", "month=2026-13", "month=x", "month=0001-01", "week=2026-W60", "week=W", "week=", "month=9999-12"]
)
def test_any_question_has_an_answer(query: str, body: Person, client_for: Browser) -> None:
    assert "<h2>2026年6月</h2>" in page(client_for(body, NOW), f"/agenda/?{query}")


def test_a_crowded_day_leads_to_its_week(body: Person, client_for: Browser) -> None:
    plan = plan_of(body)
    for hour in range(8, 14):
        sitting_of(plan, f"2026-07-04 {hour:02d}:00")
    assert "另有 3 场" in page(client_for(body, NOW))
    assert 'href="?week=2026-W27"' in page(client_for(body, NOW))
    assert page(client_for(body, NOW), WEEK).count("理论知识考试") == 6


@pytest.mark.parametrize("address", [MONTH, WEEK])
def test_the_calendar_asks_as_many_questions_for_one_and_three(
    address: str, centre: Person, body: Person, client_for: Browser
) -> None:
    browser, counts = client_for(centre, NOW), []
    for serial in range(3):
        sitting_of(plan_of(body), f"2026-07-0{serial + 1} 09:00")
        plan_of(body, "2026-07-05")
        browser.get(address)
        with CaptureQueriesContext(connection) as seen:
            browser.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[2]


def subscribe(person: Person, browser: Client) -> str:
    text = browser.post("/agenda/feed/").text
    start = text.index("http://testserver/agenda/feed/")
    return text[start + len("http://testserver") : text.index(".ics", start) + 4]


def read(address: str, now: datetime = NOW) -> icalendar.Calendar:
    answer = Client(**{"jiangheng.now": now}).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content)


def test_a_feed_tells_a_calendar_program_what_the_page_shows(body: Person, client_for: Browser) -> None:
    sitting_of(plan_of(body))
    plan_of(body, "2026-06-22", state="draft", deadline_on=date(2026, 6, 5))
    calendar = read(subscribe(body, client_for(body, NOW)))
    assert calendar["VERSION"] == "2.0"
    assert calendar["METHOD"] == "PUBLISH"
    events = {str(each["UID"]): each for each in calendar.walk("VEVENT")}
    (sitting,) = [each for uid, each in events.items() if uid.startswith("sitting-")]
    assert str(sitting["SUMMARY"]) == "电工 四级/中级工 理论知识考试"
    assert sitting.decoded("DTSTART") == moment("2026-07-04 09:00")
    assert sitting.decoded("DTEND") == moment("2026-07-04 10:30")
    assert "示例路1号" in str(sitting["LOCATION"])
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    (deadline,) = [each for uid, each in events.items() if uid.startswith("deadline-plan-")]
    assert deadline.decoded("DTSTART") == date(2026, 6, 5)
    assert "报送认定计划" in str(deadline["SUMMARY"])
    assert deadline["TRANSP"] == "TRANSPARENT"


def test_every_line_of_a_feed_is_folded_and_every_event_complete(body: Person, client_for: Browser) -> None:
    sitting_of(plan_of(body, title="示例" * 50))
    answer = Client(**{"jiangheng.now": NOW}).get(subscribe(body, client_for(body, NOW)))
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT"):
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)
        assert event.errors == []


def test_a_feed_holds_no_identity_number(candidate: Person, body: Person, client_for: Browser) -> None:
    plan = plan_of(body)
    (application,) = make_applications(plan, 1, paid=False)
    identity = Identity.objects.get(pk=candidate.identity_id)
    type(application).objects.filter(pk=application.pk).update(identity=identity)
    Seat.objects.create(sitting=sitting_of(plan), application=application, number=1)
    content = Client(**{"jiangheng.now": NOW}).get(subscribe(candidate, client_for(candidate, NOW))).content.decode()
    assert "BEGIN:VEVENT" in content
    assert identity.number_tail not in content
    assert identity.number_masked not in content
    assert application.name not in content


def test_a_renewed_address_ends_the_old_one_and_only_a_digest_is_kept(body: Person, client_for: Browser) -> None:
    browser = client_for(body, NOW)
    first = subscribe(body, browser)
    second = subscribe(body, browser)
    assert first != second
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    feed = Feed.objects.get()
    secret = second.removeprefix("/agenda/feed/").removesuffix(".ics")
    assert len(secret) >= 43
    assert secret not in feed.digest
    assert secret not in browser.get("/agenda/feed/").text, "shown once"
    assert not any(secret in f"{each.before}{each.after}{each.note}" for each in Entry.objects.all())


def test_a_stopped_feed_and_an_ended_membership_answer_nobody(body: Person, client_for: Browser) -> None:
    browser = client_for(body, NOW)
    address = subscribe(body, browser)
    assert browser.post("/agenda/feed/stop/").status_code == 302
    assert Client().get(address).status_code == 404
    assert browser.post("/agenda/feed/stop/").status_code == 409
    address = subscribe(body, browser)
    Membership.objects.update(active=False)
    assert Client().get(address).status_code == 404
    Membership.objects.update(active=True)
    Account.objects.update(is_active=False)
    assert Client().get(address).status_code == 404


def test_a_feed_is_of_one_role(body: Person, client_for: Browser) -> None:
    sitting_of(plan_of(body))
    other = factories.make_person(Role.INVIGILATOR, account=Account.objects.get(pk=body.account_id))
    address = subscribe(other, client_for(other, NOW))
    assert read(address).walk("VEVENT") == []


def test_a_feed_is_asked_for_so_often_and_no_more(body: Person, client_for: Browser, within_a_minute: None) -> None:
    address = subscribe(body, client_for(body, NOW))
    codes = {Client().get(address).status_code for _ in range(61)}
    assert codes == {200, 429}


def test_the_feed_page_asks_for_sign_in_and_the_public_has_none(body: Person) -> None:
    assert Client().get("/agenda/feed/").status_code == 302
    assert Client().get("/agenda/feed/nobody.ics").status_code == 404
    with pytest.raises(Refusal):
        actions.renew_feed(by=Person(None, "公众", Role.PUBLIC), now=NOW)


def test_the_profile_leads_to_the_feed(body: Person, client_for: Browser) -> None:
    assert 'href="/agenda/feed/"' in client_for(body, NOW).get("/people/profile/").text
