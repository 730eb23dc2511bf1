"""The pages of the register, filings, premises and the public directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Filing, Organisation
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
Browser = Callable[..., Client]


def filing_form(**given: Any) -> dict[str, Any]:
    return {
        "valid_from": "2026-01-01",
        "valid_to": "2028-12-31",
        "scopes-TOTAL_FORMS": "2",
        "scopes-INITIAL_FORMS": "0",
        "scopes-0-occupation_code": "6-31-01-03",
        "scopes-0-levels": ["5", "4"],
        "scopes-1-occupation_code": "6-18-01-01",
        "scopes-1-levels": ["3"],
        **given,
    }


def test_the_centre_registers_files_and_suspends(centre: Person, client_for: Browser) -> None:
    browser = client_for(centre, NOW)
    form = {"name": "示例评价中心", "kind": "social_body", "credit_code": factories.credit_code(9001), "_once": "r1"}
    assert browser.post("/bodies/register/", {**form, "credit_code": "123"}).status_code == 422
    assert browser.post("/bodies/register/", form).status_code == 302
    organisation = Organisation.objects.get(name="示例评价中心")
    assert browser.post("/bodies/register/", form).headers["Location"] == f"/bodies/{organisation.pk}/"
    answer = browser.post(f"/bodies/{organisation.pk}/filings/new/", filing_form())
    filing = Filing.objects.get()
    assert answer.headers["Location"] == f"/bodies/filings/{filing.pk}/"
    assert [row.levels for row in filing.scopes.all()] == ["3", "54"]
    step = f"/bodies/filings/{filing.pk}"
    assert browser.post(f"{step}/submit/", {"_seen": "0"}).status_code == 302
    assert browser.post(f"{step}/file/", {"_seen": "1"}).status_code == 422
    assert browser.post(f"{step}/file/", {"_seen": "1", "number": "柳备1号"}).status_code == 302
    assert browser.post(f"{step}/suspend/", {"_seen": "2"}).status_code == 422
    assert browser.post(f"{step}/suspend/", {"_seen": "2", "note": "督导发现问题"}).status_code == 302
    page = Client(**{"jiangheng.now": NOW}).get("/bodies/directory/").content.decode()
    assert "示例评价中心" in page
    assert "暂停" in page


def test_rows_grow_without_scripts(body: Person, client_for: Browser) -> None:
    answer = client_for(body, NOW).post(
        f"/bodies/{body.organisation_id}/filings/new/", filing_form(add_row="1", number="柳备9号")
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="scopes-2-occupation_code"' in page
    assert 'value="柳备9号"' in page
    assert page.count("checked") == 3
    assert Filing.objects.count() == 1


def test_a_wrong_row_answers_422_and_saves_nothing(body: Person, client_for: Browser) -> None:
    browser = client_for(body, NOW)
    for wrong in (
        {"scopes-1-levels": []},
        {"scopes-1-occupation_code": "x"},
        {"scopes-1-occupation_code": "6-31-01-03"},
        {"valid_to": "2020-01-01"},
        {"valid_from": "9999-12-31"},
    ):
        answer = browser.post(f"/bodies/{body.organisation_id}/filings/new/", filing_form(**wrong))
        assert answer.status_code == 422, wrong
    assert Filing.objects.count() == 1


def test_premises_by_hand(body: Person, client_for: Browser) -> None:
    browser = client_for(body, NOW)
    own = body.organisation_id
    browser.post(f"/bodies/{own}/venues/new/", {"name": "实训楼", "address": "示例路1号", "fixed": "0"})
    venue = Organisation.objects.get(pk=own).venues.get()
    assert venue.fixed is False
    room = {"name": "机房一", "kind": "machine", "capacity": "40", "spare": "2", "cctv": "on"}
    assert browser.post(f"/bodies/venues/{venue.pk}/rooms/new/", room).status_code == 302
    assert browser.post(f"/bodies/venues/{venue.pk}/rooms/new/", room).status_code == 409
    piece = {"name": "万用表", "quantity": "10", "usable": "9"}
    assert browser.post(f"/bodies/venues/{venue.pk}/equipment/new/", piece).status_code == 302
    page = browser.get(f"/bodies/venues/{venue.pk}/").content.decode()
    assert "机房一" in page
    assert "万用表" in page
    room_id = venue.rooms.get().pk
    assert browser.post(f"/bodies/rooms/{room_id}/", {**room, "capacity": "30"}).status_code == 302
    assert venue.rooms.get().capacity == 30
    assert browser.get(f"/bodies/equipment/{venue.equipment.get().pk}/").status_code == 200


def test_who_opens_what(
    body: Person, other_body: Person, school: Person, candidate: Person, client_for: Browser
) -> None:
    own, filing = body.organisation_id, Filing.objects.get(organisation_id=body.organisation_id)
    expected = (
        (body, 200, 200),
        (other_body, 404, 404),
        (school, 404, 403),
        (candidate, 403, 403),
    )
    for person, of_organisation, of_filing in expected:
        browser = client_for(person, NOW)
        assert browser.get(f"/bodies/{own}/").status_code == of_organisation, person.role
        assert browser.get(f"/bodies/filings/{filing.pk}/").status_code == of_filing, person.role
    assert Client().get(f"/bodies/{own}/").status_code == 302
    assert Client().get(f"/bodies/directory/{own}/").status_code == 200
    assert Client().get(f"/bodies/directory/{school.organisation_id}/").status_code == 404
    assert client_for(school, NOW).get("/bodies/").headers["Location"] == f"/bodies/{school.organisation_id}/"


def test_lists_ask_as_often_for_three_rows_as_for_one(centre: Person, body: Person, client_for: Browser) -> None:
    pages = [
        (client_for(centre, NOW), "/bodies/"),
        (client_for(centre, NOW), "/bodies/organisations/"),
        (Client(), "/bodies/directory/?level=4"),
    ]

    def counts() -> list[int]:
        found = []
        for browser, address in pages:
            browser.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(address).status_code == 200
            found.append(len(seen))
        return found

    once = counts()
    for _ in range(2):
        factories.make_filing(factories.make_organisation("social_body"))
    assert counts() == once
