"""Changes of plans and pictures of venues over HTTP, refused as the pages refuse them (三（三）, 三（五）)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.people import actions as people
from jiangheng.plans import actions
from jiangheng.plans.models import Plan, PlanChange, VenuePhoto, VenueReview
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment
from tests.plans.made import picture, plan_of, taken_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-10 10:00")


class Caller:
    """Calls as an organisation's token."""

    def __init__(self, person: Person | None) -> None:
        self.headers: dict[str, str] = {}
        if person is not None:
            _token, secret = people.create_token(by=person, now=NOW, name="接口")
            self.headers = {"Authorization": f"Bearer {secret}"}
        self.client = Client(**{"jiangheng.now": NOW})

    def get(self, address: str) -> Any:
        return self.client.get(f"/api/v1/plans{address}", headers=self.headers)

    def post(self, address: str, body: Any, key: str = "") -> Any:
        more = {"Idempotency-Key": key} if key else {}
        return self.client.post(
            f"/api/v1/plans{address}", body, content_type="application/json", headers={**self.headers, **more}
        )

    def upload(self, address: str, key: str = "", **given: Any) -> Any:
        more = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"/api/v1/plans{address}", given, headers={**self.headers, **more})

    def delete(self, address: str) -> Any:
        return self.client.delete(f"/api/v1/plans{address}", headers=self.headers)


@pytest.fixture
def plan(body: Person, centre: Person) -> Plan:
    filed = actions.submit(by=body, now=moment("2026-09-02 10:00"), plan_id=plan_of(body).pk)
    return actions.accept(by=centre, now=moment("2026-09-02 10:00"), plan_id=filed.pk)


@pytest.fixture
def review(school: Person, centre: Person, body: Person) -> VenueReview:
    venue = factories.make_venue(Organisation.objects.get(pk=school.organisation_id), fixed=False)
    request = taken_request(school, centre, body, place="off_site", venue_id=venue.pk)
    return actions.draft_review(by=school, now=NOW, request_id=request.pk)


POSTPONED = {"reason": "设备检修", "exam_on": "2026-10-24"}


def test_a_plan_is_postponed_from_asking_to_agreeing(
    body: Person, centre: Person, other_body: Person, plan: Plan
) -> None:
    ours, office, others = Caller(body), Caller(centre), Caller(other_body)
    made = ours.post(f"/{plan.pk}/changes", POSTPONED)
    assert made.status_code == 200, made.content
    change = made.json()
    assert (change["kind"], change["state"], change["plan_number"]) == ("postpone", "submitted", plan.number)
    assert (change["before"]["exam_on"], change["values"]["exam_on"]) == ("2026-10-17", "2026-10-24")
    assert change["values"]["venue_id"] == plan.venue_id, "what is left out stays"
    row = str(plan.rows.get().pk)
    assert change["values"]["rows"][row]["subjects"][0]["starts_at"].startswith("2026-10-24")
    address = f"/changes/{change['id']}"
    assert [each["id"] for each in ours.get("/changes").json()] == [change["id"]]
    assert ours.get("/changes?state=approved").json() == []
    assert others.get(address).status_code == 404
    assert others.get("/changes").json() == []
    assert Caller(None).get(address).status_code == 401
    assert ours.post(f"{address}/approve", {}).status_code == 403
    assert others.post(f"{address}/withdraw", {}).status_code == 404
    assert office.post(f"{address}/approve", {"seen": 7}).status_code == 409
    assert office.post(f"{address}/refuse", {}).json()["code"] == "flow.reason"
    agreed = office.post(f"{address}/approve", {"seen": 0})
    assert agreed.json()["state"] == "approved"
    plan.refresh_from_db()
    assert plan.exam_on == date(2026, 10, 24)
    assert office.post(f"{address}/approve", {}).json()["code"] == "flow.state"


def test_numbers_and_hours_of_a_row(body: Person, plan: Plan) -> None:
    row = plan.rows.get()
    subjects = [{**each, "starts_at": each["starts_at"].replace("T09:", "T10:")} for each in row.subjects]
    given = {"reason": "考场调整", "rows": [{"row_id": row.pk, "headcount": 55, "subjects": subjects}]}
    change = Caller(body).post(f"/{plan.pk}/changes", given).json()
    assert change["kind"] == "change"
    assert change["values"]["rows"][str(row.pk)]["headcount"] == 55
    assert change["values"]["rows"][str(row.pk)]["subjects"] == subjects


def test_asked_twice_it_is_asked_once(body: Person, other_body: Person, plan: Plan) -> None:
    ours = Caller(body)
    made = ours.post(f"/{plan.pk}/changes", POSTPONED, key="k1").json()
    again = ours.post(f"/{plan.pk}/changes", POSTPONED, key="k1")
    assert (again.status_code, again.json()["code"]) == (409, "once.done")
    assert (again.json()["kind"], again.json()["id"]) == ("plan_change", made["id"])
    assert ours.post(f"/{plan.pk}/changes", POSTPONED, key="k2").json()["code"] == "plan_change.waiting"
    assert Caller(other_body).post(f"/{plan.pk}/changes", POSTPONED, key="k1").status_code == 404
    assert PlanChange.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": ""}, "plan_change.reason"),
        ({"exam_on": None}, "plan_change.same"),
        ({"exam_on": "2026-09-14"}, "deadline.late"),
        ({"exam_on": "0001-01-01"}, "request.invalid"),
        ({"venue_id": 10**30}, "request.invalid"),
        ({"venue_id": 999_999}, "record.none"),
        ({"rows": [{"row_id": 1, "headcount": 0}]}, "request.invalid"),
        ({"rows": None}, "request.invalid"),
        ({"seen": 99}, "record.stale"),
    ],
)
def test_a_wrong_change_is_answered_in_words(body: Person, plan: Plan, wrong: dict[str, Any], code: str) -> None:
    answer = Caller(body).post(f"/{plan.pk}/changes", {**POSTPONED, **wrong})
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code
    assert not PlanChange.objects.exists()


def test_pictures_are_added_listed_fetched_and_taken_off(
    school: Person, body: Person, other_body: Person, review: VenueReview
) -> None:
    ours, address = Caller(school), f"/reviews/{review.pk}/photos"
    made = ours.upload(address, file=picture(), caption="机房全景", key="p1")
    assert made.status_code == 200, made.content
    assert (made.json()["caption"], made.json()["content_type"]) == ("机房全景", "image/jpeg")
    again = ours.upload(address, file=picture(), caption="机房全景", key="p1")
    assert (again.status_code, again.json()["code"]) == (409, "once.done")
    assert ours.get(address).json() == [made.json()]
    assert Caller(body).get(address).status_code == 404, "a draft is the applicant's own"
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    assert Caller(body).get(address).json() == [made.json()]
    fetched = Caller(body).get(f"{address}/{made.json()['id']}")
    assert (fetched.status_code, fetched["Content-Type"]) == (200, "image/jpeg")
    assert fetched["Content-Disposition"].startswith("attachment")
    assert len(b"".join(fetched.streaming_content)) == made.json()["size"]
    for stranger in (Caller(other_body), Caller(None)):
        assert stranger.get(address).status_code in (401, 404)
        assert stranger.get(f"{address}/{made.json()['id']}").status_code in (401, 404)
    assert Caller(body).upload(address, file=picture()).status_code == 403
    assert Caller(body).delete(f"{address}/{made.json()['id']}").status_code == 403
    assert ours.delete(f"{address}/{made.json()['id']}").status_code == 409
    actions.rectify_review(by=body, now=NOW, review_id=review.pk, note="补拍")
    assert ours.delete(f"{address}/{made.json()['id']}").status_code == 204
    assert ours.delete(f"{address}/{made.json()['id']}").status_code == 404
    assert not VenuePhoto.objects.exists()


def test_a_list_handed_in_takes_no_pictures_and_a_wrong_file_none_at_all(school: Person, review: VenueReview) -> None:
    ours, address = Caller(school), f"/reviews/{review.pk}/photos"
    bad = picture()
    bad.seek(0)
    bad.file.truncate(10)
    assert ours.upload(address, file=bad).status_code in (415, 422)
    assert ours.upload(address).json()["code"] == "request.invalid"
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    assert ours.upload(address, file=picture()).json()["code"] == "review.sent"
    assert not VenuePhoto.objects.exists()


def test_the_document_names_the_steps(body: Person) -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    for path, method in (
        ("/api/v1/plans/{plan_id}/changes", "post"),
        ("/api/v1/plans/changes/{change_id}/approve", "post"),
        ("/api/v1/plans/reviews/{review_id}/photos", "post"),
        ("/api/v1/plans/reviews/{review_id}/photos/{photo_id}", "delete"),
    ):
        operation = paths[path][method]
        assert operation["summary"]
        assert "409" in operation["responses"]
    names = {each["name"] for each in paths["/api/v1/plans/{plan_id}/changes"]["post"]["parameters"]}
    assert "Idempotency-Key" in names


def test_lists_ask_as_often_for_one_and_for_three(body: Person, centre: Person) -> None:
    ours, counts = Caller(body), []
    for _serial in range(3):
        filed = actions.submit(by=body, now=moment("2026-09-02 10:00"), plan_id=plan_of(body).pk)
        actions.accept(by=centre, now=moment("2026-09-02 10:00"), plan_id=filed.pk)
        ours.post(f"/{filed.pk}/changes", POSTPONED)
        with CaptureQueriesContext(connection) as seen:
            assert ours.get("/changes").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[2]
