"""One request from the school to an accepted plan, with everything that may stand in its way (三（三）-三（六）)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiangheng.bodies import actions as bodies
from jiangheng.bodies.models import Equipment, Filing, Organisation
from jiangheng.catalog import actions as catalog
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.plans import actions, queries
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db

# Saturday 2026-07-04: the last day for a request is 06-12 (端午节 06-19 to 06-21), for a plan 06-19's eve 06-18.
EXAM = date(2026, 7, 4)


@pytest.fixture(autouse=True)
def catalogue(centre: Person) -> None:
    catalog.load_catalogue(by=centre, now=moment("2026-01-05 09:00"))


def request_of(school: Person, **given: Any) -> Request:
    venue = factories.make_venue(Organisation.objects.get(pk=school.organisation_id))
    return actions.draft_request(
        by=school,
        **{
            "now": moment("2026-06-01 10:00"),
            "class_name": "电工中级班",
            "occupation_code": "6-31-01-03",
            "level": 4,
            "headcount": 60,
            "exam_on": EXAM,
            "place": "own",
            "venue_id": venue.pk,
            **given,
        },
    )


def plan_of(body: Person, **given: Any) -> Plan:
    if "venue_id" not in given:
        given["venue_id"] = factories.make_venue(Organisation.objects.get(pk=body.organisation_id)).pk
    return actions.draft(
        by=body,
        **{
            "now": moment("2026-06-01 10:00"),
            "exam_on": EXAM,
            "registration_ends_at": moment("2026-06-26 18:00"),
            "candidate_source": "public",
            "paper_source": "bank",
            "rows": [{"occupation_code": "6-31-01-03", "level": 4, "headcount": 60}],
            **given,
        },
    )


def test_from_the_request_to_the_accepted_plan(school: Person, centre: Person, body: Person) -> None:
    now = moment("2026-06-02 10:00")
    request = request_of(school)
    assert request.number == "AP202600001"
    actions.submit_request(by=school, now=now, request_id=request.pk)
    actions.assign(by=centre, now=now, request_id=request.pk, body_id=body.organisation_id, reason="负荷最低")
    actions.take(by=body, now=now, request_id=request.pk)
    plan = plan_of(body, request_id=request.pk, venue_id=request.venue_id)
    assert [each["subject"] for each in queries.rows_of(plan.pk)[0].subjects] == ["theory", "skill"]
    plan = actions.submit(by=body, now=now, plan_id=plan.pk)
    assert (plan.state, plan.filed_on, plan.notice_workdays) == ("submitted", date(2026, 6, 2), 23)
    assert plan.number == "JH202600001"
    assert len(plan.law_version) == 64
    plan = actions.accept(by=centre, now=now, plan_id=plan.pk)
    assert plan.state == "accepted"
    told = set(Outgoing.objects.values_list("recipient_organisation_id", "subject"))
    assert (school.organisation_id, f"认定计划{plan.number}已受理") in told
    assert (body.organisation_id, f"市鉴定中心指派本机构承接安排申请{request.number}") in told
    assert queries.get(school, plan.pk) == plan
    assert Entry.objects.filter(record_kind="plan", verb="accept", clause="三（三）").count() == 1
