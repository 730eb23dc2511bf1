"""The centre's desk: proposal with reasons, conflicts, departing from it, answering, giving it to another (三（四）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people.models import Relation
from jiangheng.plans import actions
from jiangheng.plans.models import Request
from jiangheng.plans.queries import desk
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.asking import refused
from tests.factories import moment
from tests.plans.made import plan_of, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")
TODAY = date(2026, 9, 2)
Browser = Callable[..., Client]


def handed_in(school: Person, **given: object) -> Request:
    return actions.submit_request(by=school, now=NOW, request_id=request_of(school, **given).pk)


def assign(centre: Person, request: Request, body: Person, reason: str = "") -> Request:
    return actions.assign(by=centre, now=NOW, request_id=request.pk, body_id=body.organisation_id or 0, reason=reason)


def another(name: str, **given: object) -> Person:
    organisation = factories.make_organisation("social_body", name=name, **given)
    factories.make_filing(organisation)
    return factories.make_person(Role.BODY, organisation)


def test_the_least_loaded_is_proposed_then_whose_turn_it_is_then_the_nearest(school: Person, centre: Person) -> None:
    near, far = another("甲评价", district_code="450203"), another("乙评价", district_code="450205")
    first = handed_in(school)
    names = [each.body.name for each in desk.choices_for(first, TODAY)]
    assert names == ["甲评价", "乙评价"], "the applicant is in 450203"
    assign(centre, first, near)
    second = handed_in(school)
    choices = desk.choices_for(second, TODAY)
    assert [(each.body.name, each.claim.plans_near, each.claim.people_near) for each in choices] == [
        ("乙评价", 0, 0),
        ("甲评价", 1, 60),
    ]
    later = handed_in(school, exam_on=date(2026, 12, 12))
    choices = desk.choices_for(later, TODAY)
    assert [(each.body.name, each.claim.plans_near, each.claim.assigned) for each in choices] == [
        ("乙评价", 0, 0),
        ("甲评价", 0, 1),
    ]
    assert choices[0].proposed
    assert not choices[1].proposed
    assert far.organisation_id == choices[0].body.pk


def test_departing_from_the_proposal_needs_a_reason_and_both_are_kept(school: Person, centre: Person) -> None:
    another("甲评价", district_code="450203")
    far = another("乙评价", district_code="450205")
    request = handed_in(school)
    found = refused("request.reason", lambda: assign(centre, request, far))
    assert (found.status, found.params["proposed"], found.clause) == (422, "甲评价", "三（四）")
    assert Request.objects.get(pk=request.pk).state == "submitted"
    request = assign(centre, request, far, "甲评价当日设备检修")
    assert request.proposal["name"] == "甲评价"
    assert request.assignment_reason == "甲评价当日设备检修"
    entry = Entry.objects.get(record_kind="request", record_id=request.pk, verb="assign")
    assert entry.after["proposal"]["name"] == "甲评价"
    assert entry.note == "甲评价当日设备检修"


def test_who_trained_the_class_does_not_examine_it(school: Person, centre: Person, body: Person) -> None:
    request = handed_in(school, trainer_id=body.organisation_id)
    found = refused("request.taught", lambda: assign(centre, request, body, "就近"))
    assert found.clause == "三（四）"
    said = handed_in(school)
    organisation = Organisation.objects.get(pk=body.organisation_id)
    identity = factories.make_identity()
    application = Application.objects.create(
        number="BM1",
        identity=identity,
        name=identity.name,
        request=said,
        body=organisation,
        state="submitted",
        occupation_code="6-31-01-03",
        occupation_name="电工",
        level=4,
        form={"培训机构": organisation.name},
        created_at=NOW,
    )
    found = refused("request.trained", lambda: assign(centre, said, body, "就近"))
    assert found.params["people"] == 1
    application.state = "withdrawn"
    application.save()
    assert assign(centre, said, body).state == "assigned"
    for wrong in (school.organisation_id, 10**6):
        refused("request.trainer", lambda wrong=wrong: request_of(school, trainer_id=wrong))


def test_staff_who_taught_at_the_applicant_are_counted(school: Person, body: Person) -> None:
    for kind in ("taught", "colleague"):
        Relation.objects.create(
            account_id=body.account_id, organisation_id=school.organisation_id, kind=kind, created_at=NOW
        )
    assert [each.recusing for each in desk.choices_for(handed_in(school), TODAY)] == [1]


def test_an_assignment_goes_to_another_body(school: Person, centre: Person, body: Person, other_body: Person) -> None:
    request = handed_in(school)
    assign(centre, request, body, "统筹安排")

    def again(to: Person, reason: str) -> Request:
        return actions.reassign(
            by=centre, now=NOW, request_id=request.pk, body_id=to.organisation_id or 0, reason=reason
        )

    refused("request.same_body", lambda: again(body, "统筹安排"))
    with pytest.raises(Refusal) as silent:
        again(other_body, " ")
    assert silent.value.code in ("flow.reason", "request.reason")
    assert silent.value.status == 422
    actions.take(by=body, now=NOW, request_id=request.pk)
    plan = plan_of(body, request_id=request.pk, venue_id=request.venue_id)
    refused("request.planned", lambda: again(other_body, "机构考评员不足"))
    actions.cancel(by=body, now=NOW, plan_id=plan.pk, note="改派")
    moved = again(other_body, "机构考评员不足")
    assert (moved.state, moved.body_id) == ("assigned", other_body.organisation_id)
    assert Outgoing.objects.filter(
        recipient_organisation_id=body.organisation_id, subject__contains="已改派其他机构"
    ).exists()
    refused("record.none", lambda: actions.take(by=body, now=NOW, request_id=request.pk))
    refused("deed.role", lambda: actions.reassign(by=school, now=NOW, request_id=request.pk, body_id=1))
    assert actions.take(by=other_body, now=NOW, request_id=request.pk).state == "taken"


def test_the_desk_page(school: Person, centre: Person, client_for: Browser) -> None:
    another("甲评价", district_code="450203")
    far = another("乙评价", district_code="450205")
    another("丙评价", owner_group="同一举办者")
    Organisation.objects.filter(pk=school.organisation_id).update(owner_group="同一举办者")
    request = handed_in(school)
    browser = client_for(centre, NOW)
    address = f"/plans/requests/{request.pk}/assign/"
    page = browser.get(address).content.decode()
    assert "建议理由：" in page
    assert "（机构在柳北区）" in page
    assert "属同一举办者" in page
    given = {"body_id": far.organisation_id, "reason": "", "_seen": request.version}
    answer = browser.post(address, given)
    assert answer.status_code == 422
    assert "指派的机构不是建议的甲评价" in answer.content.decode()
    assert browser.post(address, {**given, "reason": "甲评价停电"}).status_code == 302
    page = browser.get(f"/plans/requests/{request.pk}/").content.decode()
    assert "当时的建议" in page
    assert "甲评价（" in page
    assert "改派认定机构" in browser.get(address).content.decode()
    assert "当时的建议" not in client_for(school, NOW).get(f"/plans/requests/{request.pk}/").content.decode()


def test_the_desk_asks_about_as_often_for_many_bodies(school: Person, centre: Person, client_for: Browser) -> None:
    request = handed_in(school)
    browser = client_for(centre, NOW)
    address = f"/plans/requests/{request.pk}/assign/"

    def asked() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address).status_code == 200
        return len(seen)

    another("甲评价")
    once = asked()
    for name in ("乙评价", "丙评价", "丁评价"):
        another(name)
    assert asked() == once
