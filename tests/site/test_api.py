"""The API: one token, one shape of "no", nothing a page would not do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from ninja.throttling import AuthRateThrottle

from jiangheng.people.models import Membership
from jiangheng.rules.roles import Person
from tests.certificates.numbering import numbered
from tests.results.batches import make_batch, plan
from tests.site.keys import api, fresh_counters, key_of

__all__ = ["api", "fresh_counters", "numbered", "plan"]


def test_the_document_declares_every_refusal_and_loads_nothing_from_elsewhere(api: Client, db: None) -> None:
    document = api.get("/api/v1/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            missing = {"401", "403", "404", "409", "422", "429"} - set(operation["responses"])
            assert not missing, (path, method)
    page = api.get("/api/v1/docs").content.decode()
    assert "//cdn" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}])
def test_without_a_valid_key_nothing_opens_even_when_signed_in(
    client_for: Any, centre: Person, now: Any, headers: dict[str, str]
) -> None:
    answer = client_for(centre, now).get("/api/v1/results/batches", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "token.invalid"


def test_an_expired_revoked_or_orphaned_key_is_dead(api: Client, body: Person, now: Any) -> None:
    expired = key_of(body, now, expires_on=date(2026, 5, 31))
    revoked = key_of(body, now, revoked_at=now)
    alive = key_of(body, now)
    assert api.get("/api/v1/results/batches", headers=alive).status_code == 200
    Membership.objects.filter(account_id=body.account_id).update(active=False)
    for headers in (expired, revoked, alive):
        assert api.get("/api/v1/results/batches", headers=headers).status_code == 401


def test_a_key_sees_its_own_organisation_only(
    api: Client, plan: Any, body: Person, other_body: Person, now: Any
) -> None:
    batch = make_batch(plan, "entered")
    mine, theirs = key_of(body, now), key_of(other_body, now)
    assert [row["id"] for row in api.get("/api/v1/results/batches", headers=mine).json()] == [batch.pk]
    assert api.get("/api/v1/results/batches", headers=theirs).json() == []
    answer = api.get(f"/api/v1/results/batches/{batch.pk}", headers=theirs)
    assert (answer.status_code, set(answer.json())) == (
        404,
        {"type", "title", "status", "detail", "code", "clause", "remedy"},
    )
    rows = api.get(f"/api/v1/results/batches/{batch.pk}/results", headers=mine).json()
    assert len(rows) == 3
    assert "*" in rows[0]["identity_masked"]


def test_steps_answer_with_the_same_refusals_as_the_pages(
    api: Client, plan: Any, body: Person, centre: Person, now: Any
) -> None:
    batch = make_batch(plan, "entered", entered_by_id=body.account_id)
    headers = key_of(body, now)
    answer = api.post(
        f"/api/v1/results/batches/{batch.pk}/confirm", {}, content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["clause"]) == (
        403,
        "results.two_persons",
        "四（八）",
    )
    answer = api.post(
        f"/api/v1/results/batches/{batch.pk}/publish", {}, content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "flow.state")
    answer = api.post(
        f"/api/v1/results/batches/{batch.pk}/approve", {}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 403
    assert api.get("/api/v1/results/batches", headers=key_of(centre, now)).json()[0]["state"] == "entered"


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "[]",
        '{"subject": 1}',
        '{"subject": "skill", "mark": "x"}',
        '"\\ud800"',
        '{"subject": "skill", "mark": 1e400}',
    ],
)
def test_a_broken_request_is_a_4xx_in_the_same_shape(api: Client, plan: Any, body: Person, now: Any, sent: str) -> None:
    result = make_batch(plan, "collecting", [(80, None)]).results.get()
    answer = api.post(
        f"/api/v1/results/results/{result.pk}/marks", sent, content_type="application/json", headers=key_of(body, now)
    )
    assert 400 <= answer.status_code < 500
    assert {"code", "detail", "clause", "remedy"} <= set(answer.json())
    assert api.post(
        "/api/v1/results/results/99999999999999999999/marks",
        "{}",
        content_type="application/json",
        headers=key_of(body, now),
    ).status_code in (404, 422)


def test_extra_fields_change_nothing(api: Client, plan: Any, body: Person, now: Any) -> None:
    result = make_batch(plan, "collecting", [(80, None)]).results.get()
    sent = {"subject": "skill", "mark": 59, "passed": True, "batch_id": 1, "version": 77}
    answer = api.post(
        f"/api/v1/results/results/{result.pk}/marks", sent, content_type="application/json", headers=key_of(body, now)
    )
    assert answer.status_code == 200
    result.refresh_from_db()
    assert (result.passed, result.version) == (False, 1)


def test_the_public_check_needs_no_key_and_tells_nothing_apart(api: Client, numbered: Any) -> None:
    def check(**given: str) -> Any:
        return api.post("/api/v1/certificates/check", given, content_type="application/json")

    assert check(number=numbered.number, name=numbered.name).json()["standing"] == "valid"
    wrong = check(number=numbered.number, name="别人")
    absent = check(number=numbered.number[:-1] + "9", name="别人")
    assert (wrong.status_code, wrong.content) == (absent.status_code, absent.content)
    for _ in range(10):
        last = check(number="1", name="韦")
    assert (last.status_code, last.json()["code"]) == (429, "request.too_many")


def test_a_key_that_asks_too_often_is_slowed_down(
    api: Client, body: Person, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuthRateThrottle, "allow_request", lambda _self, _request: False)
    monkeypatch.setattr(AuthRateThrottle, "wait", lambda _self: 3.0)
    answer = api.get("/api/v1/results/batches", headers=key_of(body, now))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 3
    assert answer.json()["code"] == "request.too_many"
