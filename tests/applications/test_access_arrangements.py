"""Needs in the examination: asked, confirmed by the body, seen by nobody else (四（六）)."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.applications import actions
from jiangheng.applications.models import AccessArrangement, Application
from jiangheng.applications.queries import access_arrangements
from jiangheng.bodies.models import Organisation
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.rules.examination.access_arrangements import extra_minutes
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.rules.shipped_law import in_force
from jiangheng.sittings.models import Ticket
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
Browser = Callable[..., Client]


def application_of(candidate: Person, body: Person, **given: Any) -> Application:
    plan = factories.make_plan(Organisation.objects.get(pk=body.organisation_id))
    row = plan.rows.get()
    return Application.objects.create(
        identity_id=candidate.identity_id,
        plan=plan,
        body_id=plan.body_id,
        number=f"BM{plan.pk:06d}",
        name="韦示例",
        occupation_code=row.occupation_code,
        occupation_name=row.occupation_name,
        level=row.level,
        subjects=["theory", "skill"],
        created_at=NOW,
        **{"state": "submitted", "source": "person", **given},
    )


def pdf() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made)
    return made.getvalue()


def refused(code: str, status: int, call: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    assert (caught.value.code, caught.value.status) == (code, status)
    return caught.value


def asked(by: Person, application: Application, **given: Any) -> list[AccessArrangement]:
    values = {"kinds": ["access", "extra"], "reason": "使用轮椅", **given}
    return actions.ask_access_arrangement(by=by, now=NOW, application_id=application.pk, **values)


def test_the_candidate_asks_and_the_body_confirms_or_refuses_with_a_reason(candidate: Person, body: Person) -> None:
    application = application_of(candidate, body)
    access, extra = asked(candidate, application)
    assert access_arrangements.undecided([application.pk]) == {application.pk: {"access", "extra"}}
    refused("flow.reason", 422, lambda: actions.refuse_access_arrangement(by=body, now=NOW, arrangement_id=extra.pk))
    actions.refuse_access_arrangement(by=body, now=NOW, arrangement_id=extra.pk, note="请补交证明")
    actions.grant_access_arrangement(by=body, now=NOW, arrangement_id=access.pk, seen=0)
    assert access_arrangements.granted([application.pk]) == {application.pk: {"access"}}
    assert access_arrangements.undecided([application.pk]) == {}
    notices = Outgoing.objects.filter(recipient_account_id=candidate.account_id)
    assert {each.subject for each in notices} == {"特殊需要已确认", "特殊需要不予安排"}
    assert "请补交证明" in notices.get(subject="特殊需要不予安排").body
    refused("flow.state", 409, lambda: actions.grant_access_arrangement(by=body, now=NOW, arrangement_id=access.pk))
    (again,) = asked(candidate, application, kinds=["extra"])
    actions.grant_access_arrangement(by=body, now=NOW, arrangement_id=again.pk)
    assert access_arrangements.granted([application.pk]) == {application.pk: {"access", "extra"}}
    actions.refuse_access_arrangement(by=body, now=NOW, arrangement_id=again.pk, note="核实有误")
    assert access_arrangements.granted([application.pk]) == {application.pk: {"access"}}
    verbs = (
        Entry.objects.filter(record_kind="access_arrangement")
        .exclude(to_state="")
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert list(verbs) == ["refuse", "grant", "grant", "refuse"]


def test_why_somebody_needs_it_stays_out_of_the_journal(candidate: Person, body: Person) -> None:
    asked(candidate, application_of(candidate, body))
    for entry in Entry.objects.filter(record_kind="access_arrangement"):
        assert "轮椅" not in json.dumps([entry.before, entry.after, entry.note], ensure_ascii=False)
        assert (entry.batch_kind, entry.batch_id) == ("", None), "not in the plan's story, which others read"


def test_the_body_may_ask_for_a_candidate_of_a_roster_and_the_school_may_not(
    candidate: Person, body: Person, other_body: Person, school: Person, centre: Person
) -> None:
    application = application_of(candidate, body, source="roster", sponsor_id=school.organisation_id)
    refused("deed.role", 403, lambda: asked(school, application))
    refused("deed.role", 403, lambda: asked(centre, application))
    refused("record.none", 404, lambda: asked(other_body, application))
    assert len(asked(body, application)) == 2


def test_who_sees_a_need(candidate: Person, body: Person, other_body: Person, school: Person, centre: Person) -> None:
    application = application_of(candidate, body, sponsor_id=school.organisation_id)
    asked(candidate, application)
    stranger = factories.make_candidate()
    found = {
        name: access_arrangements.visible_to(person).count()
        for name, person in (
            ("candidate", candidate),
            ("body", body),
            ("centre", centre),
            ("other body", other_body),
            ("school", school),
            ("stranger", stranger),
        )
    }
    assert found == {"candidate": 2, "body": 2, "centre": 2, "other body": 0, "school": 0, "stranger": 0}
    need = AccessArrangement.objects.all()[0]
    refused(
        "record.none", 404, lambda: actions.grant_access_arrangement(by=other_body, now=NOW, arrangement_id=need.pk)
    )
    refused("deed.role", 403, lambda: actions.grant_access_arrangement(by=candidate, now=NOW, arrangement_id=need.pk))
    refused(
        "record.none", 404, lambda: actions.withdraw_access_arrangement(by=stranger, now=NOW, arrangement_id=need.pk)
    )
    Application.objects.filter(pk=application.pk).update(state="draft")
    assert access_arrangements.visible_to(body).count() == access_arrangements.visible_to(centre).count() == 0
    assert access_arrangements.visible_to(candidate).count() == 2


def test_a_body_that_entered_somebody_for_another_does_not_decide(
    candidate: Person, body: Person, other_body: Person
) -> None:
    application = application_of(candidate, body, sponsor_id=other_body.organisation_id)
    refused("access_arrangement.not_yours", 403, lambda: asked(other_body, application))


@pytest.mark.parametrize(
    ("given", "code", "status"),
    [
        ({"kinds": []}, "access_arrangement.kind", 422),
        ({"kinds": ["access", "lift"]}, "access_arrangement.kind", 422),
        ({"reason": "  "}, "access_arrangement.reason", 422),
    ],
)
def test_what_is_missing_is_named(
    candidate: Person, body: Person, given: dict[str, Any], code: str, status: int
) -> None:
    application = application_of(candidate, body)
    refused(code, status, lambda: asked(candidate, application, **given))
    assert not AccessArrangement.objects.exists()


def test_once_each_and_never_for_an_application_that_is_over(candidate: Person, body: Person) -> None:
    application = application_of(candidate, body)
    asked(candidate, application, kinds=["access"])
    refused("access_arrangement.twice", 409, lambda: asked(candidate, application))
    assert AccessArrangement.objects.count() == 1, "nothing half done"
    Application.objects.filter(pk=application.pk).update(state="not_accepted")
    refused("access_arrangement.state", 409, lambda: asked(candidate, application, kinds=["extra"]))


def test_after_the_tickets_nothing_changes_any_more(candidate: Person, body: Person) -> None:
    application = application_of(candidate, body, state="accepted")
    (need,) = asked(candidate, application, kinds=["access"])
    Ticket.objects.create(application=application, plan=application.plan, number="1", issued_at=NOW)
    refused("access_arrangement.ticketed", 409, lambda: asked(candidate, application, kinds=["extra"]))
    refused(
        "access_arrangement.ticketed",
        409,
        lambda: actions.grant_access_arrangement(by=body, now=NOW, arrangement_id=need.pk),
    )
    refused(
        "access_arrangement.ticketed",
        409,
        lambda: actions.withdraw_access_arrangement(by=candidate, now=NOW, arrangement_id=need.pk),
    )


def test_a_page_opened_before_somebody_was_faster_changes_nothing(candidate: Person, body: Person) -> None:
    (need,) = asked(candidate, application_of(candidate, body), kinds=["access"])
    actions.withdraw_access_arrangement(by=candidate, now=NOW, arrangement_id=need.pk, seen=0)
    refused(
        "record.stale", 409, lambda: actions.grant_access_arrangement(by=body, now=NOW, arrangement_id=need.pk, seen=0)
    )


def test_extra_minutes_are_a_share_of_the_length_that_the_centre_sets() -> None:
    values = in_force(date(2026, 6, 1))
    rule = values.rule("extra_time_percent")
    assert (rule.value, rule.is_default, rule.instrument) == (30, True, "practice")
    assert [extra_minutes(length, values) for length in (90, 120, 91)] == [27, 36, 28]
    assert extra_minutes(90, values.overridden({"extra_time_percent": 50})) == 45
    for wrong in (0, 101):
        with pytest.raises(Refusal):
            values.overridden({"extra_time_percent": wrong})


def test_from_the_candidates_page_to_the_bodys_decision(
    candidate: Person, body: Person, school: Person, client_for: Browser
) -> None:
    application = application_of(candidate, body, sponsor_id=school.organisation_id)
    own, desk = client_for(candidate, NOW), client_for(body, NOW)
    home, ask = f"/applications/{application.pk}/", f"/applications/{application.pk}/needs/"
    assert ask in own.get(home).content.decode()
    assert own.post(ask, {"reason": "使用轮椅"}).status_code == 422
    answer = own.post(ask, {"kinds": ["access"], "reason": "使用轮椅", "file": SimpleUploadedFile("证明.exe", b"MZ")})
    assert answer.status_code in (415, 422)
    assert not AccessArrangement.objects.exists()
    answer = own.post(
        ask, {"kinds": ["access", "extra"], "reason": "使用轮椅", "file": SimpleUploadedFile("证明.pdf", pdf())}
    )
    assert answer.status_code == 302
    access, _extra = AccessArrangement.objects.order_by("id")
    assert "待核实" in own.get(home).content.decode()
    page = desk.get("/applications/needs/?state=asked").content.decode()
    assert page.count("韦示例") >= 2
    assert desk.get(f"/applications/needs/{access.pk}/proof/").status_code == 200
    assert client_for(school, NOW).get(f"/applications/needs/{access.pk}/proof/").status_code == 403
    assert "使用轮椅" not in client_for(school, NOW).get(home).content.decode()
    assert desk.post(f"/applications/needs/{access.pk}/grant/", {"_seen": "0"}).status_code == 302
    assert "已确认" in own.get(home).content.decode()
    assert own.post(f"/applications/needs/{access.pk}/withdraw/", {"_seen": "1"}).status_code == 302
    assert own.get(f"/applications/needs/{access.pk}/lift/").status_code == 404


def test_the_list_asks_as_often_for_three_as_for_one(body: Person, client_for: Browser) -> None:
    browser, counts = client_for(body, NOW), []
    for more in (1, 2):
        for _ in range(more):
            asked(body, application_of(factories.make_candidate(), body), kinds=["access"])
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/applications/needs/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
