"""The same queries and actions over HTTP: rosters in, applications out, decisions; nobody else's (12, 14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from jiangheng.applications import actions
from jiangheng.applications.models import Application
from jiangheng.fees import actions as fees
from jiangheng.people import actions as people
from jiangheng.rules.roles import Person
from tests.applications import cases
from tests.fees import desk

Key = Callable[[Person], dict[str, str]]


@pytest.fixture
def key(now: datetime) -> Key:
    def made(person: Person) -> dict[str, str]:
        _token, secret = people.create_token(by=person, now=now, name="接口")
        return {"Authorization": f"Bearer {secret}"}

    return made


def test_a_roster_goes_in_and_applications_come_out(school: Person, body: Person, now: datetime, key: Key) -> None:
    cases.catalogue()
    cases.fee_table()
    request = cases.request_of(school, body)
    client = Client(**{"jiangheng.now": now})
    told = client.post(
        "/api/v1/applications/rosters", {"request_id": request.pk, "file": cases.upload()}, headers=key(school)
    ).json()
    assert (told["rows"], told["imported"], told["faults"]) == (60, 60, [])
    faulty = client.post(
        "/api/v1/applications/rosters",
        {"request_id": request.pk, "file": cases.upload(cases.FAULTY)},
        headers=key(school),
    ).json()
    assert faulty["imported"] == 0
    assert {"row": 3, "column": "证件号码"}.items() <= faulty["faults"][0].items()
    rows = client.get("/api/v1/applications/?state=submitted", headers=key(body)).json()
    assert len(rows) == 60
    first = rows[0]
    assert "*" in first["document"]
    answer = client.post(
        f"/api/v1/applications/{first['id']}/accept",
        {"note": "", "seen": first["version"], "state": "withdrawn", "verdict": "met"},
        content_type="application/json",
        headers=key(body),
    )
    assert answer.json()["state"] == "accepted"
    detail = client.get(f"/api/v1/applications/{first['id']}", headers=key(school)).json()
    assert detail["judgement"]["ruleset"] == "R2023"
    plan = cases.plan_of(body, request=request)
    actions.judge_all(by=body, now=now, plan_id=plan.pk)
    fees.charge_all(by=body, now=now, plan_id=plan.pk)
    owed = client.get(f"/api/v1/fees/charges?plan_id={plan.pk}", headers=key(body)).json()
    rest = client.get(f"/api/v1/fees/charges?plan_id={plan.pk}&after={owed[-1]['id']}", headers=key(body)).json()
    assert len(owed) + len(rest) == 57 * 3
    typed = {"plan_id": plan.pk, "voucher": "A1", "payer_organisation_id": school.organisation_id}
    noted = client.post("/api/v1/fees/orders", typed, content_type="application/json", headers=key(body)).json()
    assert (noted["amount_fen"], noted["state"]) == (57 * 43000, "noted")
    where = f"/api/v1/fees/orders/{noted['id']}/confirm"
    assert client.post(where, headers=key(body)).status_code == 403
    assert client.post(where, headers=key(desk.colleague(body))).json()["state"] == "paid"
    assert len(client.get("/api/v1/fees/payments", headers=key(school)).json()) == 1


def test_strangers_get_nothing(school: Person, other_body: Person, now: datetime, key: Key) -> None:
    cases.catalogue()
    actions.import_roster(by=school, now=now, upload=cases.upload(), request_id=cases.request_of(school).pk)
    client = Client(**{"jiangheng.now": now})
    assert client.get("/api/v1/applications/", headers=key(other_body)).json() == []
    one = Application.objects.first()
    assert one is not None
    answer = client.get(f"/api/v1/applications/{one.pk}", headers=key(other_body))
    assert (answer.status_code, answer.json()["code"]) == (404, "record.none")
    assert client.get("/api/v1/applications/").status_code == 401
