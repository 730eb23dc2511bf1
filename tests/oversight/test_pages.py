"""Pages of quality supervision: the centre draws, the inspector writes on a phone, everyone checks."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.oversight import actions, checklist
from jiangheng.oversight.models import Draw, Inspection
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.oversight.draws import SAID, drawn, frozen, inspection, inspector_of, make_bodies, supervisors

__all__ = ["frozen", "inspection", "supervisors"]


def test_the_centre_freezes_and_draws_by_hand(
    client_for: Any, centre: Person, supervisors: list[Person], now: Any
) -> None:
    first, *_rest = make_bodies(3)
    office = client_for(centre, now)
    assert office.get("/oversight/draws/new/").status_code == 200
    given = {**SAID, "excluded": f"{first.name}：上月已检查", "_once": "a"}
    assert office.post("/oversight/draws/new/", {**given, "excluded": "没有的机构：理由"}).status_code == 422
    assert office.post("/oversight/draws/new/", {**given, "excluded": first.name}).status_code == 422
    assert office.post("/oversight/draws/new/", given).status_code == 302
    one = Draw.objects.get()
    assert one.snapshot_hash in office.get(f"/oversight/draws/{one.pk}/").content.decode()
    assert office.post(f"/oversight/draws/{one.pk}/draw/", {"seed": "1", "witnesses": "韦"}).status_code == 409
    later = client_for(centre, now + timedelta(days=1))
    assert later.post(f"/oversight/draws/{one.pk}/draw/", {"seed": "0312345", "witnesses": "韦"}).status_code == 302
    assert "复算一致" in later.get(f"/oversight/draws/{one.pk}/").content.decode()
    assert later.get("/oversight/draws/").status_code == 200


def test_the_public_sees_the_hash_at_once_and_the_rest_when_no_one_can_be_warned(
    frozen: Draw, centre: Person, now: Any
) -> None:
    visitor = Client(**{"jiangheng.now": now})
    before = visitor.get(f"/oversight/draws/{frozen.pk}/").content.decode()
    assert frozen.snapshot_hash in before
    drawn(frozen, centre, now)
    between = visitor.get(f"/oversight/draws/{frozen.pk}/").content.decode()
    for row in frozen.bodies_roster:
        assert row["name"] not in between
    assert "0312345" not in between
    assert visitor.get(f"/oversight/draws/{frozen.pk}/check/").status_code == 403
    for each in Inspection.objects.all():
        actions.start(by=inspector_of(each), now=now, inspection_id=each.pk)
    data = visitor.get(f"/oversight/draws/{frozen.pk}/check/").json()
    text = json.dumps(data["rosters"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == data["snapshot_hash"]
    assert data["recomputed"] == data["outcome"]
    assert data["holds"] is True


def sheet(bad: str = "", **more: str) -> dict[str, str]:
    filled = {f"ok_{item.id}": "no" if item.id == bad else "yes" for item in checklist.items()}
    return {**filled, **({f"remark_{bad}": "缺一台"} if bad else {}), **more}


def test_from_the_phone_to_publication(client_for: Any, inspection: Inspection, centre: Person, now: Any) -> None:
    pk = inspection.pk
    phone = client_for(inspector_of(inspection), now)
    assert phone.get("/oversight/inspections/").status_code == 200
    assert phone.get(f"/oversight/inspections/{pk}/").status_code == 200
    assert phone.get(f"/oversight/inspections/{pk}/start/").status_code == 200
    assert phone.post(f"/oversight/inspections/{pk}/start/", {"_seen": 0, "plan_id": ""}).status_code == 302
    path = f"/oversight/inspections/{pk}/sheet/"
    assert phone.get(path).status_code == 200
    assert phone.post(path, {"ok_layout": "yes", "summary": "草稿", "_seen": 1, "save": "1"}).status_code == 302
    assert "checked" in phone.get(path).content.decode()
    assert phone.post(path, {"ok_layout": "yes", "_seen": 2, "submit": "1"}).status_code == 422
    stale = phone.post(path, sheet("equipment", _seen="1", submit="1", summary="现场所见"))
    assert stale.status_code == 409
    assert "现场所见" in stale.content.decode()
    assert phone.post(path, sheet("equipment", _seen="2", submit="1")).status_code == 302
    office = client_for(centre, now)
    assert "缺一台" in office.get(f"/oversight/inspections/{pk}/").content.decode()
    body = factories.make_person(Role.BODY, Organisation.objects.get(pk=inspection.body_id))
    clerk = client_for(body, now)
    assert "缺一台" not in clerk.get(f"/oversight/inspections/{pk}/").content.decode()
    assert office.get(f"/oversight/inspections/{pk}/rectify/").status_code == 200
    assert (
        office.post(
            f"/oversight/inspections/{pk}/rectify/", {"_seen": 3, "note": "补齐", "rectify_by": "2026-07-01"}
        ).status_code
        == 302
    )
    assert "缺一台" in clerk.get(f"/oversight/inspections/{pk}/").content.decode()
    assert clerk.get(f"/oversight/inspections/{pk}/answer/").status_code == 200
    assert clerk.post(f"/oversight/inspections/{pk}/answer/", {"text": "已补", "_seen": 4}).status_code == 302
    assert office.get(f"/oversight/inspections/{pk}/conclude/").status_code == 200
    assert office.post(f"/oversight/inspections/{pk}/conclude/", {"_seen": 5, "conclusion": "none"}).status_code == 422
    assert (
        office.post(f"/oversight/inspections/{pk}/conclude/", {"_seen": 5, "conclusion": "rectified"}).status_code
        == 302
    )
    visitor = Client(**{"jiangheng.now": now})
    assert visitor.get(f"/oversight/published/{pk}/").status_code == 404
    assert office.post(f"/oversight/inspections/{pk}/publish/", {"_seen": 6}).status_code == 302
    assert "缺一台" in visitor.get(f"/oversight/published/{pk}/").content.decode()
    assert inspection.body.name in visitor.get("/oversight/").content.decode()


def test_others_are_kept_out(client_for: Any, inspection: Inspection, other_body: Person, now: Any) -> None:
    assert client_for(other_body, now).get(f"/oversight/inspections/{inspection.pk}/").status_code == 404
    assert client_for(other_body, now).get("/oversight/draws/").status_code == 403
    assert client_for(other_body, now).get("/oversight/draws/new/").status_code == 403
    assert Client().get("/oversight/inspections/").status_code == 302
    stranger = factories.make_staff("external_supervisor")
    assert client_for(stranger, now).get(f"/oversight/inspections/{inspection.pk}/sheet/").status_code == 404


@pytest.mark.parametrize("path", ["/oversight/draws/", "/oversight/inspections/", "/oversight/"])
def test_lists_ask_the_same_number_of_questions_however_long(
    client_for: Any, centre: Person, supervisors: list[Person], now: Any, path: str
) -> None:
    make_bodies(6)
    client, counts = client_for(centre, now), []
    for more in (1, 2):
        for _ in range(more):
            one = actions.freeze(by=centre, now=now, **SAID, bodies_wanted=more)
            drawn(one, centre, now)
        Inspection.objects.update(state="published")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
