"""The same requests and plans over HTTP, by an organisation's key."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jiangheng.bodies.models import Organisation
from jiangheng.people import actions as people
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment
from tests.plans.made import plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")


@pytest.fixture
def call() -> Any:
    """``call(person, method, address, body)``: an API call as ``person``."""

    def ask(person: Person | None, method: str, address: str, body: Any = None) -> Any:
        key: dict[str, str] = {}
        if person is not None:
            _token, secret = people.create_token(by=person, now=NOW, name="接口")
            key = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        client = Client(**{"jiangheng.now": NOW})
        if method == "get":
            return client.get(f"/api/v1{address}", **key)
        return client.post(f"/api/v1{address}", body, content_type="application/json", **key)

    return ask


def plan_body(venue: int, **given: Any) -> dict[str, Any]:
    return {
        "exam_on": "2026-10-17",
        "registration_ends_at": "2026-09-25T18:00:00+08:00",
        "candidate_source": "public",
        "paper_source": "bank",
        "venue_id": venue,
        "rows": [{"occupation_code": "6-31-01-03", "level": 4, "headcount": 60}],
        **given,
    }


def test_a_plan_from_draft_to_accepted(body: Person, centre: Person, other_body: Person, call: Any) -> None:
    venue = factories.make_venue(Organisation.objects.get(pk=body.organisation_id))
    made = call(body, "post", "/plans/", plan_body(venue.pk))
    assert made.status_code == 200, made.content
    plan_id = made.json()["id"]
    assert made.json()["deadline_on"] == "2026-09-29"
    assert call(other_body, "get", f"/plans/{plan_id}").status_code == 404
    assert call(centre, "get", f"/plans/{plan_id}").status_code == 404
    assert call(None, "get", f"/plans/{plan_id}").status_code == 401
    assert call(body, "post", f"/plans/{plan_id}/submit", {"seen": 5}).status_code == 409
    assert call(body, "post", f"/plans/{plan_id}/submit", {"seen": 0}).json()["filed_on"] == "2026-09-02"
    assert call(body, "post", f"/plans/{plan_id}/accept", {}).status_code == 403
    assert call(centre, "post", f"/plans/{plan_id}/accept", {}).json()["state"] == "accepted"
    shown = call(None, "get", "/plans/calendar?first=2026-10-01&last=2026-10-31")
    assert [row["id"] for row in shown.json()] == [plan_id]


def test_wrong_shapes_are_answered_in_words(body: Person, call: Any) -> None:
    for wrong in (
        {"exam_on": "0001-01-01"},
        {"venue_id": 10**30},
        {"rows": []},
        {"rows": [{"level": 9}]},
        {"candidate_source": "x"},
        {"rows": None},
    ):
        assert call(body, "post", "/plans/", plan_body(1, **wrong)).status_code in (404, 422), wrong
    assert call(body, "post", "/plans/", plan_body(999_999)).status_code == 404
    assert not Plan.objects.exists()


def test_a_late_filing_names_the_days(body: Person, call: Any) -> None:
    plan = plan_of(body, exam_on=moment("2026-09-12 00:00").date(), registration_ends_at=moment("2026-09-05 18:00"))
    answer = call(body, "post", f"/plans/{plan.pk}/submit", {})
    assert answer.status_code == 422
    assert answer.json()["code"] == "deadline.late"
    assert answer.json()["clause"] == "三（三）"
    assert "只有8个工作日" in answer.json()["detail"]


def test_the_directory_and_the_calculator_need_no_key(body: Person, call: Any) -> None:
    listed = call(None, "get", "/bodies/directory?occupation=电工&level=4").json()
    assert [row["id"] for row in listed] == [body.organisation_id]
    assert listed[0]["filings"][0]["scopes"][0]["levels"] == "543"
    count = call(None, "get", "/catalog/workday?direction=before&day=2026-10-17&workdays=10").json()
    assert (count["date"], count["days"][-1]["place"]) == ("2026-09-29", 10)
    assert call(None, "get", "/catalog/workday?direction=before&day=0001-01-01&workdays=10").status_code == 422
    assert len(call(None, "get", "/catalog/fees?occupation_code=6-31-01-03&level=4&on=2026-06-01").json()) == 3
