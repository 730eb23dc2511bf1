"""A calendar program hears that a sitting was called off or put off: the same name, a higher sequence (RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.calendar import feeds, jobs
from jiangheng.catalog import actions as calendar
from jiangheng.people.models import Identity
from jiangheng.plans import actions as plans
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment, Ticket
from tests import factories
from tests.factories import moment
from tests.sittings.stage import make_applications

pytestmark = pytest.mark.django_db
NOW, LATER = moment("2026-06-01 10:00"), moment("2026-06-02 10:00")
Browser = Callable[..., Client]


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


def plan_of(body: Person, exam_on: str = "2026-07-04", **given: Any) -> Plan:
    given.setdefault("filed_on", date(2026, 5, 20))
    return factories.make_plan(Organisation.objects.get(pk=body.organisation_id), exam_on, **given)


def sitting_of(plan: Plan, starts: str = "2026-07-04 09:00", room: int = 0, at: datetime = NOW) -> Sitting:
    begins = moment(starts)
    rooms = list(plan.venue.rooms.order_by("id"))
    return Sitting.objects.create(
        plan=plan,
        row=plan.rows.get(),
        room=rooms[room],
        room_name=rooms[room].name,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=90),
        created_at=at,
        subject="theory",
        method="machine",
        state="ticketed",
    )


def cancel(*sittings: Sitting, at: datetime = LATER) -> None:
    """As the step leaves them: one version on, at one moment."""
    Sitting.objects.filter(pk__in=[each.pk for each in sittings]).update(
        state="cancelled", version=F("version") + 1, moved_at=at
    )


def events(person: Person, now: datetime = LATER, kind: str = "sitting-") -> dict[str, icalendar.Event]:
    """The events of a feed by UID, as the library reads them back; no UID stands twice."""
    read = icalendar.Calendar.from_ical(feeds.feed(person, now, name="示例", site="http://testserver"))
    found = list(read.walk("VEVENT"))
    assert all(each.errors == [] for each in found)
    by_uid = {str(each["UID"]): each for each in found}
    assert len(by_uid) == len(found)
    return {uid: each for uid, each in by_uid.items() if uid.startswith(kind)}


def only(person: Person, now: datetime = LATER, kind: str = "sitting-") -> icalendar.Event:
    ((_uid, event),) = events(person, now, kind).items()
    return event


def test_a_sitting_called_off_stays_and_says_so(centre: Person, body: Person, client_for: Browser) -> None:
    sitting = sitting_of(plan_of(body))
    before = only(centre)
    assert (before["STATUS"], "已取消" in str(before["SUMMARY"])) == ("CONFIRMED", False)
    cancel(sitting)
    after = only(centre)
    assert str(only(centre, kind="plan-")["STATUS"]) == "CONFIRMED", "the plan stands on its day again"
    assert after["UID"] == before["UID"]
    assert after["STATUS"] == "CANCELLED"
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert str(after["SUMMARY"]).startswith("已取消：")
    assert after.decoded("DTSTART") == before.decoded("DTSTART")
    assert after["TRANSP"] == "TRANSPARENT"
    assert "理论知识考试" not in client_for(centre, NOW).get("/agenda/?month=2026-07").text


def test_a_sitting_arranged_anew_keeps_its_name_and_counts_up(centre: Person, body: Person) -> None:
    plan = plan_of(body)
    first = sitting_of(plan)
    before = only(centre)
    cancel(first)
    off = only(centre)
    sitting_of(plan, "2026-07-18 14:00", at=LATER)
    after = only(centre)
    assert before["UID"] == off["UID"] == after["UID"]
    assert before["SEQUENCE"] < off["SEQUENCE"] < after["SEQUENCE"]
    assert after["STATUS"] == "CONFIRMED"
    assert after.decoded("DTSTART") == moment("2026-07-18 14:00")


def test_a_postponed_plan_keeps_its_name_and_counts_up(centre: Person, body: Person) -> None:
    plan = plan_of(body)
    before = only(body, kind="plan-")
    assert str(before["UID"]).startswith(f"plan-{plan.pk}@")
    change = plans.propose_change(
        by=body,
        now=NOW,
        plan_id=plan.pk,
        reason="设备检修",
        exam_on=date(2026, 7, 18),
        registration_ends_at=moment("2026-06-26 18:00"),
        venue_id=plan.venue_id,
    )
    assert only(body, kind="plan-")["SEQUENCE"] == before["SEQUENCE"], "nothing changes before the centre agrees"
    plans.approve_plan_change(by=centre, now=LATER, change_id=change.pk)
    after = only(body, kind="plan-")
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") == date(2026, 7, 18)


def test_a_plan_given_up_is_called_off_for_those_who_saw_it(centre: Person, body: Person, other_body: Person) -> None:
    plan = plan_of(body)
    plan_of(body, "2026-07-11", state="draft", filed_on=None)
    before = only(centre, kind="plan-")
    plans.cancel(by=centre, now=LATER, plan_id=plan.pk, note="示例")
    for person in (centre, body):
        after = only(person, kind="plan-")
        assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
        assert after["SEQUENCE"] > before["SEQUENCE"]
    assert events(other_body, kind="plan-") == {}


def test_one_of_two_sessions_called_off(centre: Person, body: Person) -> None:
    plan = plan_of(body)
    morning, afternoon = sitting_of(plan), sitting_of(plan, "2026-07-04 14:00")
    before = {uid: each["SEQUENCE"] for uid, each in events(centre).items()}
    cancel(afternoon)
    after = events(centre)
    assert set(after) == set(before)
    assert sorted(each["STATUS"] for each in after.values()) == ["CANCELLED", "CONFIRMED"]
    assert all(after[uid]["SEQUENCE"] > before[uid] for uid in after)
    (gone,) = (each for each in after.values() if each["STATUS"] == "CANCELLED")
    assert gone.decoded("DTSTART") == moment("2026-07-04 14:00")
    cancel(morning, at=LATER + timedelta(hours=1))
    assert [each["STATUS"] for each in events(centre).values()] == ["CANCELLED", "CANCELLED"]


def test_a_room_of_a_session_called_off_leaves_the_session(centre: Person, body: Person) -> None:
    plan = plan_of(body)
    sitting_of(plan)
    spare = sitting_of(plan, room=1)
    before = only(centre)
    cancel(spare)
    after = only(centre)
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CONFIRMED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_fewer_sessions_arranged_anew_leave_the_rest_called_off(centre: Person, body: Person) -> None:
    plan = plan_of(body)
    old = [sitting_of(plan), sitting_of(plan, "2026-07-04 14:00")]
    names = set(events(centre))
    cancel(*old)
    sitting_of(plan, "2026-07-18 09:00", at=LATER)
    after = events(centre, LATER)
    assert set(after) == names
    assert sorted(each["STATUS"] for each in after.values()) == ["CANCELLED", "CONFIRMED"]


def test_the_candidate_hears_of_the_sitting_their_ticket_was_for_and_of_no_other(
    candidate: Person, body: Person
) -> None:
    plan = plan_of(body)
    (application,) = make_applications(plan, 1, paid=False)
    type(application).objects.filter(pk=application.pk).update(identity=Identity.objects.get(pk=candidate.identity_id))
    unseen, seen = sitting_of(plan, "2026-07-04 07:00"), sitting_of(plan)
    Seat.objects.create(sitting=unseen, application=application, number=1)
    cancel(unseen, at=NOW - timedelta(days=2))
    Ticket.objects.create(application=application, plan=plan, number="1", issued_at=NOW)
    Seat.objects.create(sitting=seen, application=application, number=1)
    before = only(candidate)
    assert before["STATUS"] == "CONFIRMED"
    cancel(seen)
    found = events(candidate)
    after = found.pop(str(before["UID"]))
    assert after["STATUS"] == "CANCELLED"
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert found == {}


def test_who_was_on_duty_hears_of_it(body: Person) -> None:
    invigilator = factories.make_staff("invigilator")
    sitting = sitting_of(plan_of(body))
    StaffAssignment.objects.create(
        sitting=sitting, account_id=invigilator.account_id, post="invigilator", created_at=NOW
    )
    assert only(invigilator)["STATUS"] == "CONFIRMED"
    cancel(sitting)
    assert only(invigilator)["STATUS"] == "CANCELLED"
    assert events(factories.make_staff("invigilator")) == {}


def test_a_deadline_moved_by_the_calendar_counts_up(centre: Person, body: Person) -> None:
    plan = plan_of(body, "2026-06-22", state="draft", deadline_on=date(2026, 6, 5))

    def deadline() -> icalendar.Event:
        read = icalendar.Calendar.from_ical(feeds.feed(body, NOW, name="示例", site="http://testserver"))
        (found,) = (each for each in read.walk("VEVENT") if str(each["UID"]).startswith(f"deadline-plan-{plan.pk}@"))
        return found

    before = deadline()
    calendar.set_day(by=centre, now=NOW, day=date(2026, 6, 10), workday=False, name="防汛停工", source="示例文件")
    jobs.redate(now=NOW)
    after = deadline()
    assert (before.decoded("DTSTART"), after.decoded("DTSTART")) == (date(2026, 6, 5), date(2026, 6, 4))
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_the_feed_asks_as_many_questions_for_one_and_three(centre: Person, body: Person) -> None:
    counts = []
    for serial in range(3):
        plan = plan_of(body)
        sitting_of(plan, f"2026-07-0{serial + 1} 09:00")
        cancel(sitting_of(plan, f"2026-07-0{serial + 1} 14:00"))
        plan_of(body, "2026-07-05")
        plan_of(body, "2026-07-06", state="cancelled")
        with CaptureQueriesContext(connection) as seen:
            events(centre)
        counts.append(len(seen))
    assert counts[0] == counts[2]
