"""What is put right about a pre-exam meeting: an attendance noted by mistake, somebody posted after the call (四（七）)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jiangheng.journal.models import Entry, Outgoing
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions
from jiangheng.sittings.models import Attendance, Sitting
from tests import factories
from tests.asking import refusal
from tests.sittings import stage
from tests.sittings.meetings import AT, ClientFor, call, staffed, token

pytestmark = pytest.mark.django_db
__all__ = ["staffed"]


def test_an_attendance_noted_by_mistake_is_taken_back_and_one_s_own_is_not(
    body: Person, other_body: Person, staffed: tuple[Sitting, list[Person]], client_for: ClientFor
) -> None:
    sitting, (first, second) = staffed
    found = call(body, sitting)
    account = first.account_id or 0
    actions.attend_by_hand(by=body, now=AT, meeting_id=found.pk, account_id=account, reason="手机没电")
    page = reverse("sittings:withdraw_attendance", args=[found.pk, account])
    assert client_for(other_body, AT).post(page).status_code == 404
    assert page in client_for(body, AT).get(reverse("sittings:meeting", args=[found.pk])).content.decode()
    assert client_for(body, AT).post(page).status_code == 302
    assert not Attendance.objects.exists()
    entry = Entry.objects.get(action="meeting.withdraw_attendance", record_kind="meeting")
    assert (entry.before["account"], entry.before["reason"]) == (account, "手机没电")
    actions.attend(by=second, now=AT, token=token(found))
    take_back = {"by": body, "now": AT, "meeting_id": found.pk}
    error = refusal(lambda: actions.withdraw_attendance(account_id=second.account_id or 0, **take_back))
    assert error.code == "meeting.not_by_hand"
    assert refusal(lambda: actions.withdraw_attendance(account_id=account, **take_back)).code == "meeting.not_by_hand"


def test_somebody_posted_after_the_call_is_told_of_the_meeting_once(
    body: Person, staffed: tuple[Sitting, list[Person]]
) -> None:
    sitting, (first, second) = staffed
    call(body, sitting)
    late = factories.make_staff("invigilator")
    posts = [
        {"account_id": each.account_id, "post": post}
        for each, post in ((first, "chief"), (second, "invigilator"), (late, "invigilator"))
    ]
    actions.assign_staff(by=body, now=stage.ARRANGED_AT, sitting_id=sitting.pk, posts=posts)
    told = Outgoing.objects.filter(subject="考务会议通知")
    assert {each.recipient_account_id for each in told} == {first.account_id, second.account_id, late.account_id}
    assert "会议室" in told.get(recipient_account_id=late.account_id).body
    assert told.count() == 3
