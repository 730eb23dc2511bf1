"""The story of a record, notices, and the delivery queue: who reads them, and what they tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from jiangheng.screens import record_kinds
from tests import factories
from tests.screens import pages

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.screens.pages")]


@pytest.fixture
def plan(body: Person, centre: Person, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan of ``body``, sent back by the centre."""
    monkeypatch.setitem(
        record_kinds.RECORD_KINDS,
        "plan",
        record_kinds.RecordKind("plan", "认定计划", "tests.screens.pages.everyone", "detail", owners=("body_id",)),
    )
    made = factories.make_plan(Organisation.objects.get(pk=body.organisation_id), state="submitted")
    pages.send_back(by=centre, now=now, plan_id=made.pk, note="场地与备案不一致")
    return made


def test_a_story_names_who_when_what_and_under_which_clause(
    body: Person, plan: Plan, client_for: Callable[..., Client]
) -> None:
    page = client_for(body).get(f"/journal/story/plan/{plan.pk}/").text
    for told in ("2026-06-01 10:00", "退回", "待受理", "已退回", "市鉴定中心", "依据 三（三）", "场地与备案不一致"):
        assert told in page


def test_a_story_is_for_the_centre_the_owner_and_nobody_else(
    centre: Person,
    body: Person,
    other_body: Person,
    school: Person,
    candidate: Person,
    plan: Plan,
    client_for: Callable[..., Client],
) -> None:
    address = f"/journal/story/plan/{plan.pk}/"
    assert client_for(centre).get(address).status_code == 200
    assert client_for(body).get(address).status_code == 200
    for person in (other_body, school, candidate, factories.make_staff("examiner")):
        answer = client_for(person).get(address)
        assert answer.status_code == 404
        assert "场地与备案不一致" not in answer.text
    assert Client().get(address).status_code == 302


def test_the_detail_page_tells_its_story_only_to_those(
    body: Person, candidate: Person, plan: Plan, client_for: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "visible_to", pages.everyone)
    assert "场地与备案不一致" in client_for(body).get(f"/try/plans/{plan.pk}/").text
    assert "场地与备案不一致" not in client_for(candidate).get(f"/try/plans/{plan.pk}/").text


def test_an_unannounced_inspection_is_not_in_the_story_its_body_reads(
    centre: Person, body: Person, plan: Plan, client_for: Callable[..., Client], now: datetime
) -> None:
    pages.note_inspection(by=centre, now=now, plan_id=plan.pk)
    address = f"/journal/story/plan/{plan.pk}/"
    assert "抽中本批次" in client_for(centre).get(address).text
    assert "抽中本批次" not in client_for(body).get(address).text


@pytest.mark.parametrize("kind", ["nothing", "session", "entry", "../plan"])
def test_an_unknown_kind_has_no_story(centre: Person, client_for: Callable[..., Client], kind: str) -> None:
    assert client_for(centre).get(f"/journal/story/{kind}/1/").status_code == 404


def test_a_story_takes_the_same_queries_however_long(
    centre: Person, plan: Plan, client_for: Callable[..., Client], now: datetime
) -> None:
    clerk = client_for(centre)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert clerk.get(f"/journal/story/plan/{plan.pk}/").status_code == 200
        return len(caught)

    one = queries()
    for _ in range(2):
        Plan.objects.filter(pk=plan.pk).update(state="submitted")
        pages.send_back(by=centre, now=now, plan_id=plan.pk, note="再次退回")
    assert Entry.objects.count() == 3
    assert queries() == one


def _notice(person: Person, now: datetime, key: str = "n") -> Outgoing:
    return Outgoing.objects.create(
        key=key,
        channel="notice",
        recipient_account_id=person.account_id,
        subject=f"通知{key}",
        created_at=now,
        due_at=now,
    )


def test_notices_are_shown_counted_and_marked_as_read(
    candidate: Person, centre: Person, client_for: Callable[..., Client], now: datetime
) -> None:
    row = _notice(candidate, now)
    browser = client_for(candidate)
    page = browser.get("/journal/notices/").text
    assert "通知n" in page
    assert "1 条未读" in page
    assert "通知n" not in client_for(centre).get("/journal/notices/").text
    answer = browser.post("/journal/notices/read/", {"newest": row.pk}, follow=True)
    assert "已将 1 条通知标为已读。" in answer.text
    row.refresh_from_db()
    assert row.read_at is not None
    assert browser.post("/journal/notices/read/", {"newest": "x"}).status_code == 302


def test_only_the_centre_sees_the_delivery_queue_and_tries_again(
    centre: Person, body: Person, client_for: Callable[..., Client], now: datetime
) -> None:
    row = _notice(body, now)
    Outgoing.objects.filter(pk=row.pk).update(failed_at=now, last_error="连接超时", attempts=5)
    assert client_for(body).get("/journal/outgoing/").status_code == 403
    clerk = client_for(centre, now)
    page = clerk.get("/journal/outgoing/", {"standing": "failed"}).text
    assert "连接超时" in page
    again = f"/journal/outgoing/{row.pk}/retry/"
    assert again in page
    assert client_for(body).post(again).status_code == 403
    assert clerk.get(again).status_code == 200
    assert clerk.post(again).status_code == 302
    row.refresh_from_db()
    assert (row.failed_at, row.attempts, row.due_at) == (None, 0, now)
    assert clerk.post(again).status_code == 409
    assert Entry.objects.filter(action="outgoing.retry").count() == 1
    assert clerk.get("/journal/outgoing/999/retry/").status_code == 404
