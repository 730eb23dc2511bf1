"""The pre-exam meeting (四（七）): called, attended by a code that changes, acknowledged, held or called off."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from jiangheng.calendar import feeds
from jiangheng.exam_day import actions as exam_day
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.plans import actions as plans
from jiangheng.rules.examination import meeting
from jiangheng.rules.examination.staffing import POSTS
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings import actions, attending, handbook, queries
from jiangheng.sittings.models import Attendance, Meeting, Sitting
from tests import factories
from tests.asking import refusal
from tests.sittings import stage
from tests.sittings.meetings import AGENDA, AT, LAW, ClientFor, call, staffed, token
from tools import messages

__all__ = ["staffed"]


SECONDS = int(LAW.value("meeting_code_seconds"))
pytestmark = pytest.mark.django_db


def code(found: Meeting, at: datetime = AT) -> str:
    return attending.code(found.pk, meeting.turn(at, LAW))


def hold(body: Person, found: Meeting, **changed: Any) -> Meeting:
    values = {"held_at": AT, "minutes": "明确分工", "now": AT + timedelta(hours=1), **changed}
    return actions.hold_meeting(by=body, meeting_id=found.pk, **values)


@given(st.integers(0, 4 * SECONDS))
def test_a_code_counts_while_shown_and_for_as_long_again(later: int) -> None:
    shown = meeting.turn(AT, LAW)
    counts = shown in meeting.accepted(AT + timedelta(seconds=later), LAW)
    into = int(AT.timestamp()) % SECONDS
    assert counts is (into + later < 2 * SECONDS)


def test_calling_tells_everybody_posted_once_and_keeps_the_agenda(
    staffed: tuple[Sitting, list[Person]], body: Person
) -> None:
    sitting, people = staffed
    found = call(body, sitting, agenda=[" 宣读考场规则 ", "", "岗位分工"])
    assert (found.state, found.agenda, found.place) == ("called", AGENDA, "会议室")
    told = Outgoing.objects.filter(record_kind="meeting", record_id=found.pk)
    assert sorted(told.values_list("recipient_account_id", flat=True)) == sorted(each.account_id for each in people)
    assert all("2026-07-03 15:00 会议室" in each.body for each in told)
    assert Sitting.objects.get(pk=sitting.pk).state == "ticketed"


def test_a_meeting_is_called_once_for_the_future_before_the_first_start_and_by_its_own_body(
    staffed: tuple[Sitting, list[Person]], body: Person, other_body: Person, centre: Person
) -> None:
    sitting, (first, _second) = staffed
    for changed, expected in (
        ({"starts_at": stage.ARRANGED_AT}, "meeting.time"),
        ({"starts_at": sitting.starts_at}, "meeting.time"),
        ({"place": " "}, "meeting.facts"),
        ({"agenda": ["", " "]}, "meeting.facts"),
        ({"agenda": ["议程"] * 31}, "meeting.facts"),
        ({"agenda": ["长" * 201]}, "meeting.facts"),
    ):
        error = refusal(lambda changed=changed: call(body, sitting, **changed))
        assert (error.code, error.status, error.clause) == (expected, 422, "四（七）")
    assert refusal(lambda: call(other_body, sitting)).status == 404
    assert refusal(lambda: call(centre, sitting)).status == 403
    assert refusal(lambda: call(first, sitting)).status == 403
    assert not Meeting.objects.exists()
    call(body, sitting)
    assert refusal(lambda: call(body, sitting)).code == "meeting.stands"
    assert Meeting.objects.count() == 1


def test_without_a_waiting_sitting_there_is_nothing_to_meet_about(body: Person) -> None:
    plan = stage.make_plan(body)
    error = refusal(
        lambda: actions.call_meeting(
            by=body, now=stage.ARRANGED_AT, plan_id=plan.pk, starts_at=AT, place="室", agenda=AGENDA
        )
    )
    assert (error.code, error.status) == ("meeting.nothing", 409)


def test_another_time_or_place_is_told_another_agenda_is_not_and_a_stale_page_changes_nothing(
    staffed: tuple[Sitting, list[Person]], body: Person, other_body: Person
) -> None:
    sitting, people = staffed
    found = call(body, sitting)

    def amend(by: Person = body, **changed: Any) -> Meeting:
        values = {"starts_at": AT, "place": "会议室", "agenda": AGENDA, **changed}
        return actions.amend_meeting(by=by, now=stage.ARRANGED_AT, meeting_id=found.pk, **values)

    amend(agenda=["只有一项"])
    assert Outgoing.objects.filter(subject="考务会议时间地点变更").count() == 0
    amend(place="阶梯教室", seen=1)
    assert Outgoing.objects.filter(subject="考务会议时间地点变更").count() == len(people)
    assert refusal(lambda: amend(place="三号楼", seen=1)).code == "record.stale"
    assert refusal(lambda: amend(other_body)).status == 404
    actions.cancel_meeting(by=body, now=stage.ARRANGED_AT, meeting_id=found.pk, note="改期")
    assert refusal(amend).code == "meeting.over"
    assert Outgoing.objects.filter(subject="考务会议取消").count() == len(people)
    assert call(body, sitting).state == "called"


def test_every_post_has_duties_and_every_duty_its_words() -> None:
    english = {str(message.id) for message in messages.standing("sittings") if message.string}
    assert {each for post in POSTS for each in handbook.duties(post)} <= english
    assert all(handbook.duties(post) for post in POSTS)


def test_a_plan_that_is_given_up_calls_its_meeting_off(
    staffed: tuple[Sitting, list[Person]], body: Person, centre: Person
) -> None:
    sitting, (first, _second) = staffed
    found = call(body, sitting)
    plans.cancel(by=centre, now=stage.ARRANGED_AT, plan_id=sitting.plan_id, note="台风")
    found.refresh_from_db()
    assert found.state == "cancelled"
    assert Entry.objects.get(record_kind="meeting", verb="cancel").note.endswith("台风")
    assert refusal(lambda: actions.attend(by=first, now=AT, token=token(found))).code == "meeting.not_expected"


def test_signing_in_by_scan_or_code_keeps_the_servers_time_and_only_the_first(
    staffed: tuple[Sitting, list[Person]], body: Person
) -> None:
    sitting, (first, second) = staffed
    found = call(body, sitting)
    came = actions.attend(by=first, now=AT, token=token(found))
    assert (came.manner, came.at, came.account_id) == ("scan", AT, first.account_id)
    again = actions.attend(by=first, now=AT + timedelta(days=1), token=token(found))
    assert again.pk == came.pk
    typed = code(found)
    assert actions.attend(by=second, now=AT, code=f" {typed[:3]} {typed[3:]} ").manner == "code"
    assert Attendance.objects.count() == 2
    assert Entry.objects.filter(action="meeting.attend").count() == 2
    assert typed not in json.dumps(list(Entry.objects.values_list("after", "note")), ensure_ascii=False)


def test_a_wrong_an_old_or_a_strangers_code_is_refused_and_nothing_is_kept(
    staffed: tuple[Sitting, list[Person]], body: Person, other_body: Person
) -> None:
    sitting, (first, _second) = staffed
    found = call(body, sitting)
    good = token(found)
    stranger = factories.make_staff("invigilator")
    wrong = f"{(int(code(found)) + 1) % 10**6:06d}"
    if attending.is_code(found.pk, meeting.accepted(AT, LAW), wrong):
        wrong = f"{(int(wrong) + 1) % 10**6:06d}"
    old, opens = AT + timedelta(seconds=2 * SECONDS), meeting.sign_in_opens(AT, LAW)
    early = opens - timedelta(seconds=1)
    late = meeting.sign_in_ends(AT, LAW) + timedelta(seconds=1)
    for by, at, given_, expected, status in (
        (first, AT, {"token": good[:-1] + ("A" if good[-1] != "A" else "B")}, "meeting.token", 422),
        (first, AT, {"token": "1.1"}, "meeting.token", 422),
        (first, AT, {"token": attending.token(found.pk + 99, 1)}, "meeting.token", 422),
        (first, old, {"token": good}, "meeting.expired", 409),
        (first, AT, {"code": wrong}, "meeting.code", 422),
        (first, AT, {"code": ""}, "meeting.code", 422),
        (first, old, {"code": code(found)}, "meeting.code", 422),
        (stranger, AT, {"token": good}, "meeting.not_expected", 403),
        (stranger, AT, {"code": code(found)}, "meeting.code", 422),
        (first, early, {"token": token(found, early)}, "meeting.too_early", 409),
        (first, late, {"token": token(found, late)}, "meeting.too_late", 409),
        (body, AT, {"token": good}, "deed.role", 403),
        (other_body, AT, {"token": good}, "deed.role", 403),
    ):
        error = refusal(lambda by=by, at=at, given_=given_: actions.attend(by=by, now=at, **given_))
        assert (error.code, error.status) == (expected, status)
    assert not Attendance.objects.exists()
    assert actions.attend(by=first, now=opens, token=token(found, opens)).at == opens


def test_after_the_meeting_nobody_signs_in(staffed: tuple[Sitting, list[Person]], body: Person) -> None:
    sitting, (first, second) = staffed
    found = call(body, sitting)
    actions.attend(by=first, now=AT, token=token(found))
    hold(body, found)
    later = AT + timedelta(minutes=90)
    assert refusal(lambda: actions.attend(by=second, now=later, token=token(found, later))).code == "meeting.over"
    assert refusal(lambda: actions.attend(by=second, now=later, code=code(found, later))).code == "meeting.code"


def test_the_body_notes_a_posted_person_by_hand_with_the_reason(
    staffed: tuple[Sitting, list[Person]], body: Person, other_body: Person
) -> None:
    sitting, (first, _second) = staffed
    found = call(body, sitting)

    def note(
        by: Person = body, now: datetime = AT, account: int | None = first.account_id, reason: str = "没带手机"
    ) -> Any:
        return actions.attend_by_hand(by=by, now=now, meeting_id=found.pk, account_id=account, reason=reason)

    assert refusal(lambda: note(reason=" ")).code == "meeting.reason"
    assert refusal(lambda: note(reason="长" * 201)).code == "meeting.reason"
    assert refusal(lambda: note(account=factories.make_staff("invigilator").account_id)).code == "meeting.not_posted"
    assert refusal(lambda: note(now=stage.ARRANGED_AT)).code == "meeting.too_early"
    assert refusal(lambda: note(by=other_body)).status == 404
    kept = note(now=AT + timedelta(hours=5))
    assert (kept.manner, kept.reason, kept.noted_by_id) == ("hand", "没带手机", body.account_id)
    assert note(reason="另一原因").reason == "没带手机"
    assert Entry.objects.get(action="meeting.attend_by_hand").note == "没带手机"
    actions.cancel_meeting(by=body, now=AT, meeting_id=found.pk, note="改期")
    assert refusal(note).code == "meeting.over"


def test_holding_needs_minutes_somebody_there_tickets_and_lawful_staff(
    staffed: tuple[Sitting, list[Person]], body: Person, other_body: Person
) -> None:
    sitting, (first, _second) = staffed
    found = call(body, sitting)
    assert refusal(lambda: hold(body, found)).code == "meeting.minutes"
    actions.attend(by=first, now=AT, token=token(found))
    for changed in ({"minutes": " "}, {"held_at": sitting.starts_at}, {"held_at": AT + timedelta(hours=2)}):
        assert refusal(lambda changed=changed: hold(body, found, **changed)).code == "meeting.minutes"
    assert refusal(lambda: hold(other_body, found)).status == 404
    assert refusal(lambda: hold(body, found, seen=7)).code == "record.stale"
    assert Sitting.objects.get(pk=sitting.pk).state == "ticketed"
    held = hold(body, found, guests=["王局长", " "])
    assert (held.state, held.attendees, held.minutes) == ("held", ["王局长"], "明确分工")
    assert Sitting.objects.get(pk=sitting.pk).state == "briefed"
    assert refusal(lambda: hold(body, found)).code == "meeting.none"
    assert refusal(lambda: actions.cancel_meeting(by=body, now=AT, meeting_id=found.pk, note="误")).status == 409


def test_a_meeting_that_is_called_is_closed_and_not_registered_beside_it(
    staffed: tuple[Sitting, list[Person]], body: Person
) -> None:
    sitting, _people = staffed
    call(body, sitting)
    error = refusal(
        lambda: actions.brief(
            by=body, now=AT, plan_id=sitting.plan_id, held_at=AT, place="室", minutes="分工", attendees=["甲"]
        )
    )
    assert (error.code, error.status) == ("meeting.stands", 409)


def test_a_meeting_registered_afterwards_keeps_posted_names_as_attendance_and_others_as_names(
    staffed: tuple[Sitting, list[Person]], body: Person
) -> None:
    sitting, people = staffed
    names = [each.name for each in people]
    kept = actions.brief(
        by=body, now=AT, plan_id=sitting.plan_id, held_at=AT, place="室", minutes="分工", attendees=[*names, "王局长"]
    )
    assert kept.attendees == ["王局长"]
    assert set(kept.attendance.values_list("account_id", "manner")) == {(each.account_id, "hand") for each in people}


def test_the_reminder_reaches_whoever_has_not_acknowledged_once_a_day(
    staffed: tuple[Sitting, list[Person]], body: Person, other_body: Person
) -> None:
    sitting, (first, second) = staffed
    found = call(body, sitting)

    def remind(now: datetime, by: Person = body) -> int:
        return actions.remind(by=by, now=now, meeting_id=found.pk)

    assert remind(AT) == 0
    sitting.staff.filter(account_id=second.account_id).update(acknowledged_at=None)
    assert remind(AT) == 1
    assert remind(AT + timedelta(hours=1)) == 0
    assert remind(AT + timedelta(days=1)) == 1
    told = Outgoing.objects.filter(subject="请确认考务任务").values_list("recipient_account_id", flat=True)
    assert list(told) == [second.account_id, second.account_id]
    assert first.account_id not in told
    assert refusal(lambda: remind(AT, other_body)).status == 404


def test_who_has_not_acknowledged_opens_nothing_and_who_missed_the_meeting_may(
    body: Person, centre: Person, client_for: ClientFor
) -> None:
    sitting, (first, second) = stage.briefed(body, centre, count=1)
    sitting.staff.update(acknowledged_at=None)
    at = stage.minute(-5)
    number = stage.tickets(sitting)[0]
    for take in (
        lambda: exam_day.unseal(by=first, now=at, sitting_id=sitting.pk),
        lambda: exam_day.open_sitting(by=second, now=stage.STARTS, sitting_id=sitting.pk),
        lambda: exam_day.sign_in(by=first, now=at, sitting_id=sitting.pk, ticket_number=number),
    ):
        error = refusal(take)
        assert (error.code, error.status, error.clause) == ("sitting.not_acknowledged", 409, "四（七）")
    Attendance.objects.all().delete()
    page = client_for(first, at).get(reverse("exam_day:duty", args=[sitting.pk])).content.decode()
    assert "您没有签到参加考务会议" in page
    assert all(task in page for task in handbook.duties("chief"))
    for each in (first, second):
        actions.acknowledge(by=each, now=at, sitting_id=sitting.pk)
    exam_day.unseal(by=first, now=at, sitting_id=sitting.pk)
    assert exam_day.open_sitting(by=second, now=stage.STARTS, sitting_id=sitting.pk).state == "open"


def test_the_bodys_page_shows_the_code_only_in_its_time_and_who_came(
    staffed: tuple[Sitting, list[Person]], body: Person, other_body: Person, centre: Person, client_for: ClientFor
) -> None:
    sitting, (first, _second) = staffed
    found = call(body, sitting)
    page = reverse("sittings:meeting", args=[found.pk])
    before = client_for(body, stage.ARRANGED_AT).get(page).content.decode()
    assert "会议签到二维码" not in before
    actions.attend(by=first, now=AT, token=token(found))
    now = client_for(body, AT).get(page).content.decode()
    digits = code(found)
    assert f"{digits[:3]} {digits[3:]}" in now
    assert "data:image/svg+xml" in now
    assert now.count("未签到") == 1
    seen_by_centre = client_for(centre, AT).get(page).content.decode()
    assert f"{digits[:3]} {digits[3:]}" not in seen_by_centre
    assert client_for(other_body, AT).get(page).status_code == 404
    assert client_for(factories.make_staff("invigilator"), AT).get(page).status_code == 404


def test_scanning_asks_once_signs_in_and_shows_it(
    staffed: tuple[Sitting, list[Person]], body: Person, client_for: ClientFor
) -> None:
    sitting, (first, second) = staffed
    found = call(body, sitting)
    way = reverse("sittings:attend_by_token", args=[token(found)])
    phone = client_for(first, AT)
    assert Client().get(way).status_code == 302
    assert "会议室" in phone.get(way).content.decode()
    assert not Attendance.objects.exists()
    answer = phone.post(way)
    assert answer.headers["Location"] == reverse("sittings:meeting", args=[found.pk])
    assert "已签到" in phone.get(answer.headers["Location"]).content.decode()
    assert phone.get(way).status_code == 302
    other = client_for(second, AT)
    refused_page = other.post(reverse("sittings:attend"), {"code": "000"})
    assert refused_page.status_code == 422
    assert "六位签到码" in refused_page.content.decode()
    assert other.post(reverse("sittings:attend"), {"code": code(found)}).status_code == 302
    late = client_for(second, AT + timedelta(hours=3))
    Attendance.objects.all().delete()
    assert late.post(way).status_code == 409


def test_guessing_codes_is_slowed_down(
    staffed: tuple[Sitting, list[Person]], body: Person, client_for: ClientFor
) -> None:
    sitting, (first, second) = staffed
    found = call(body, sitting)
    phone = client_for(first, AT)
    answers = [phone.post(reverse("sittings:attend"), {"code": "x"}).status_code for _ in range(14)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert client_for(second, AT).post(reverse("sittings:attend"), {"code": code(found)}).status_code == 302


def test_the_forms_call_change_and_close_a_meeting_with_the_agenda_used_last(
    staffed: tuple[Sitting, list[Person]], body: Person, client_for: ClientFor
) -> None:
    sitting, (first, second) = staffed
    desk = client_for(body, stage.ARRANGED_AT)
    new = reverse("sittings:call_meeting", args=[sitting.plan_id])
    assert handbook.texts()["agenda"][0] in desk.get(new).content.decode()
    typed = {"starts_at": "2026-07-03T15:00", "place": "会议室", "agenda": "分工\n应急"}
    assert desk.post(new, {**typed, "agenda": " "}).status_code == 422
    assert desk.post(new, {**typed, "starts_at": "2026-07-05T15:00"}).status_code == 422
    assert desk.post(new, typed).status_code == 302
    found = Meeting.objects.get()
    assert (found.starts_at, found.agenda) == (AT, ["分工", "应急"])
    edit = reverse("sittings:amend_meeting", args=[found.pk])
    assert desk.post(edit, {**typed, "place": "报告厅", "version": "0"}).status_code == 302
    hand = reverse("sittings:by_hand", args=[found.pk, second.account_id])
    room = client_for(body, AT)
    assert room.post(hand, {"reason": ""}).status_code == 422
    assert room.post(hand, {"reason": "没带手机"}).status_code == 302
    assert room.post(reverse("sittings:remind", args=[found.pk])).status_code == 302
    close = reverse("sittings:hold_meeting", args=[found.pk])
    assert "未签到 1 人" in room.get(close).content.decode()
    answer = client_for(body, AT + timedelta(hours=1)).post(
        close, {"held_at": "2026-07-03T15:00", "minutes": "分工", "guests": "王局长", "version": "1"}
    )
    assert answer.status_code == 302
    assert "分工" in desk.get(new).content.decode()
    mine = client_for(first, AT + timedelta(hours=2)).get(reverse("sittings:meeting", args=[found.pk]))
    assert "您没有签到参加这次会议" in mine.content.decode()


def test_the_minutes_tell_when_and_how_everybody_signed_in(staffed: tuple[Sitting, list[Person]], body: Person) -> None:
    sitting, (first, second) = staffed
    found = call(body, sitting)
    actions.attend(by=first, now=AT - timedelta(minutes=3), token=token(found, AT - timedelta(minutes=3)))
    actions.attend_by_hand(by=body, now=AT, meeting_id=found.pk, account_id=second.account_id or 0, reason="手机没电")
    held = hold(body, found, guests=["王局长"])
    written = json.dumps(handbook.minutes(held.plan, held, queries.meetings.expected(held)), ensure_ascii=False)
    for words in ("2026年7月3日 14:57\\n扫码", "机构登记（手机没电）", "王局长", "宣读考场规则", "3人", "主考"):
        assert words in written, words


def test_the_meetings_page_asks_as_often_however_many_come(
    staffed: tuple[Sitting, list[Person]], body: Person, client_for: ClientFor
) -> None:
    sitting, _people = staffed
    found = call(body, sitting)
    client, counts = client_for(body, AT), []
    for many in (1, 3):
        for _ in range(many):
            extra = factories.make_staff("invigilator")
            sitting.staff.create(account_id=extra.account_id, post="invigilator", created_at=stage.ARRANGED_AT)
            actions.attend(by=extra, now=AT, token=token(found))
        client.get(reverse("sittings:meeting", args=[found.pk]))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("sittings:meeting", args=[found.pk])).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_meeting_stands_in_the_calendar_and_the_to_do_of_who_is_posted(
    staffed: tuple[Sitting, list[Person]], body: Person, other_body: Person, client_for: ClientFor
) -> None:
    sitting, (first, _second) = staffed
    found = call(body, sitting)
    way, title = reverse("sittings:meeting", args=[found.pk]), f"考务会议：{sitting.plan.title}"
    for person, seen in (
        (first, True),
        (body, True),
        (other_body, False),
        (factories.make_staff("invigilator"), False),
    ):
        month = client_for(person, stage.ARRANGED_AT).get("/agenda/?month=2026-07").content.decode()
        assert ((title in month), (way in month)) == (seen, seen)
    home = client_for(first, stage.ARRANGED_AT).get(reverse("portal:home")).content.decode()
    assert "待召开的考务会议" in home
    (event,) = [
        each
        for each in Calendar.from_ical(feeds.feed(first, stage.ARRANGED_AT, name="x", site="https://x.example")).walk(
            "VEVENT"
        )
        if each["uid"].startswith("meeting-")
    ]
    assert event.decoded("DTSTART") == AT
    assert "DTEND" not in event
    actions.cancel_meeting(by=body, now=stage.ARRANGED_AT, meeting_id=found.pk, note="改期")
    assert title not in client_for(first, stage.ARRANGED_AT).get("/agenda/?month=2026-07").content.decode()


def test_a_school_and_a_candidate_have_no_business_at_a_meeting(
    staffed: tuple[Sitting, list[Person]], body: Person, school: Person, client_for: ClientFor
) -> None:
    sitting, _people = staffed
    found = call(body, sitting)
    for person in (school, factories.make_person(Role.EXTERNAL_SUPERVISOR)):
        assert client_for(person, AT).get(reverse("sittings:meeting", args=[found.pk])).status_code == 403
