"""When staff cannot come and how much they take on: said by themselves or by who keeps their card (四（七）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.journal.models import Entry
from jiangheng.people import actions, queries
from jiangheng.people.models import Absence, Account, StaffCard
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def code(take: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        take()
    return caught.value.code


@pytest.fixture
def examiner(body: Person) -> Person:
    """An examiner whose card the body keeps."""
    made = factories.make_staff("examiner")
    StaffCard.objects.filter(account_id=made.account_id).update(employer_id=body.organisation_id)
    return made


def test_one_says_when_one_cannot_come_and_takes_it_back(examiner: Person, now: datetime) -> None:
    absence = actions.declare_absence(by=examiner, now=now, begins_at=now + DAY, ends_at=now + 2 * DAY, note="出差")
    entry = Entry.objects.get(action="absence.declare")
    assert (entry.after["account"], "出差" in str(entry.after)) == (examiner.account_id, False)
    assert list(queries.absences_visible_to(examiner)) == [absence]
    assert actions.withdraw_absence(by=examiner, now=now, absence_id=absence.pk) == examiner.account_id
    assert not Absence.objects.exists()
    assert Entry.objects.filter(action="absence.withdraw").count() == 1


@pytest.mark.parametrize(
    ("begins", "ends"), [(2, 1), (1, 1), (-3, -1), (1, 400)], ids=["backwards", "empty", "over", "too long"]
)
def test_a_time_that_cannot_be_is_refused(examiner: Person, now: datetime, begins: int, ends: int) -> None:
    given = {"begins_at": now + begins * DAY, "ends_at": now + ends * DAY}
    assert code(lambda: actions.declare_absence(by=examiner, now=now, **given)) == "absence.period"
    assert not Absence.objects.exists()


def test_the_same_time_stands_once(examiner: Person, now: datetime) -> None:
    given = {"by": examiner, "now": now, "begins_at": now + DAY, "ends_at": now + 2 * DAY}
    actions.declare_absence(**given)
    assert code(lambda: actions.declare_absence(**given)) == "absence.known"


def test_who_keeps_the_card_may_say_it_and_nobody_else(
    examiner: Person, body: Person, other_body: Person, centre: Person, school: Person, now: datetime
) -> None:
    given = {"now": now, "begins_at": now + DAY, "account_id": examiner.account_id}
    absence = actions.declare_absence(by=body, ends_at=now + 2 * DAY, **given)
    assert absence.declared_by_id == body.account_id
    actions.declare_absence(by=centre, ends_at=now + 3 * DAY, **given)
    assert code(lambda: actions.declare_absence(by=other_body, ends_at=now + 4 * DAY, **given)) == "absence.not_kept"
    assert code(lambda: actions.declare_absence(by=school, ends_at=now + 4 * DAY, **given)) == "deed.role"
    withdraw = {"now": now, "absence_id": absence.pk}
    assert code(lambda: actions.withdraw_absence(by=other_body, **withdraw)) == "record.none"
    other = factories.make_staff("invigilator")
    assert code(lambda: actions.withdraw_absence(by=other, **withdraw)) == "record.none"


def test_the_limit_of_sittings_is_a_whole_number_or_none(examiner: Person, other_body: Person, now: datetime) -> None:
    assert actions.set_workload(by=examiner, now=now, most=2).most_sittings == 2
    assert actions.set_workload(by=examiner, now=now, most=None).most_sittings is None
    for wrong in (0, -1, 100):
        assert code(lambda wrong=wrong: actions.set_workload(by=examiner, now=now, most=wrong)) == "workload.number"
    theirs = {"by": other_body, "now": now, "account_id": examiner.account_id}
    assert code(lambda: actions.set_workload(most=1, **theirs)) == "absence.not_kept"
    assert Entry.objects.filter(action="workload.set").count() == 2


def test_planners_learn_that_somebody_is_away_but_not_why(examiner: Person, now: datetime) -> None:
    actions.declare_absence(by=examiner, now=now, begins_at=now + DAY, ends_at=now + 2 * DAY, note="就医")
    seen = queries.absences_of([examiner.account_id], now, now + 3 * DAY)
    assert [each.begins_at for each in seen] == [now + DAY]
    assert "note" in seen[0].get_deferred_fields()
    assert not queries.absences_of([examiner.account_id], now + 2 * DAY, now + 3 * DAY)


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(client: Client, examiner: Person) -> None:
    account = Account.objects.get(pk=examiner.account_id)
    client.force_login(account)
    page = reverse("people:availability")
    assert "没有登记" in client.get(page).content.decode()
    wrong = client.post(page, {"what": "absence", "begins_at": "2099-01-02T08:00", "ends_at": "2099-01-01T08:00"})
    assert wrong.status_code == 422
    assert "2099-01-02T08:00" in wrong.content.decode()
    missing = client.post(page, {"what": "absence", "begins_at": "", "ends_at": "x"})
    assert missing.status_code == 422
    assert client.post(page, {"what": "workload", "most": "0"}).status_code == 422
    saved = client.post(page, {"what": "absence", "begins_at": "2099-01-01T08:00", "ends_at": "2099-01-02T08:00"})
    assert saved.status_code == 302
    assert client.post(page, {"what": "workload", "most": "3"}).status_code == 302
    assert Account.objects.get(pk=account.pk).most_sittings == 3
    assert "撤销" in client.get(page).content.decode()
    absence = Absence.objects.get()
    assert client.post(reverse("people:absence_withdraw", args=[absence.pk])).status_code == 302
    assert not Absence.objects.exists()


def test_the_body_says_it_on_the_page_of_the_card(client: Client, body: Person, examiner: Person) -> None:
    client.force_login(Account.objects.get(pk=body.account_id))
    card = StaffCard.objects.get(account_id=examiner.account_id)
    page = reverse("people:card_availability", args=[card.pk])
    given = {"what": "absence", "begins_at": "2099-01-01T08:00", "ends_at": "2099-01-02T08:00", "note": "请假"}
    assert client.post(page, given).status_code == 302
    absence = Absence.objects.get()
    assert (absence.account_id, absence.note) == (examiner.account_id, "请假")
    answer = client.post(reverse("people:absence_withdraw", args=[absence.pk]))
    assert answer.headers["Location"] == page
