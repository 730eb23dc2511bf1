"""The public front, home pages, announcements, and what the framework refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.journal.models import Entry, Outgoing
from jiangheng.rules.roles import Person, Role
from jiangheng.site.models import Announcement
from tests import factories

pytestmark = pytest.mark.django_db


def test_front_is_public_and_in_chinese(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert 'lang="zh-Hans"' in page.text
    assert "考生办事指南" in page.text


def test_home_sends_the_anonymous_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/home/")
    assert answer.status_code == 302
    assert answer["Location"] == "/people/sign-in/?next=%2Fhome%2F"


@pytest.mark.parametrize("role", [Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE, Role.EXAMINER])
def test_every_role_has_a_home(role: Role, client_for: Callable[..., Client]) -> None:
    organisation = factories.make_organisation("centre") if role is Role.CENTRE else None
    page = client_for(factories.make_person(role, organisation)).get("/home/")
    assert page.status_code == 200
    assert "最近通知" in page.text


@pytest.mark.parametrize("address", ["/", "/notices/", "/announcements/", "/home/"])
def test_pages_ask_the_same_number_of_questions_for_one_row_and_three(
    address: str, centre: Person, client_for: Callable[..., Client], now: datetime
) -> None:
    clerk, counts = client_for(centre, now), []
    for serial in range(3):
        Announcement.objects.create(title=f"公告{serial}", text="正文", published_on=now.date(), created_at=now)
        Outgoing.objects.create(
            key=f"notice-{serial}",
            channel="notice",
            recipient_organisation_id=centre.organisation_id,
            subject=f"通知{serial}",
            record_kind="plan",
            record_id=serial,
            created_at=now,
            due_at=now,
        )
        clerk.get(address)
        with CaptureQueriesContext(connection) as seen:
            page = clerk.get(address)
        assert page.status_code == 200
        assert (f"通知{serial}" if address == "/home/" else f"公告{serial}") in page.text
        counts.append(len(seen))
    assert counts[0] == counts[2]


def test_centre_publishes_an_announcement_once(
    centre: Person, client: Client, client_for: Callable[..., Client], now: datetime
) -> None:
    clerk = client_for(centre, now)
    form = {"title": "考试安排", "text": "正文", "published_on": "2026-06-01", "_once": "token-1"}
    first = clerk.post("/announcements/new/", form)
    again = clerk.post("/announcements/new/", form)
    made = Announcement.objects.get()
    assert first["Location"] == again["Location"] == f"/notices/{made.pk}/"
    assert Entry.objects.filter(record_kind="announcement", record_id=made.pk).count() == 1
    assert "考试安排" in Client(**{"jiangheng.now": now}).get("/notices/").text


def test_announcement_of_tomorrow_is_not_yet_public(
    centre: Person, client_for: Callable[..., Client], now: datetime
) -> None:
    clerk = client_for(centre, now)
    clerk.post("/announcements/new/", {"title": "明日公告", "text": "正文", "published_on": "2026-06-02"})
    made = Announcement.objects.get()
    reader: Any = Client(**{"jiangheng.now": now})
    assert "明日公告" not in reader.get("/notices/").text
    assert reader.get(f"/notices/{made.pk}/").status_code == 404


def test_only_the_centre_publishes(body: Person, client_for: Callable[..., Client]) -> None:
    answer = client_for(body).post("/announcements/new/", {"title": "x", "text": "y", "published_on": "2026-06-01"})
    assert answer.status_code == 403
    assert not Announcement.objects.exists()
