"""Two people at once: one plan accepted once, one assignment taken once, numbers without gap or double."""

from __future__ import annotations

from typing import Any

import pytest

from jiangheng.catalog import actions as catalog
from jiangheng.journal.models import Entry
from jiangheng.plans import actions
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.roles import Role
from tests import factories
from tests.asking import at_once
from tests.factories import moment
from tests.plans.made import plan_of, request_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = moment("2026-09-02 10:00")


def people() -> tuple[Any, Any, Any, Any]:
    office = factories.make_organisation("centre")
    clerks = [factories.make_person(Role.CENTRE, office) for _ in range(2)]
    organisation = factories.make_organisation("social_body")
    factories.make_filing(organisation)
    hands = [factories.make_person(Role.BODY, organisation) for _ in range(2)]
    school = factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))
    catalog.load_catalogue(by=clerks[0], now=moment("2026-01-05 09:00"))
    return clerks, hands, school, organisation


def test_two_clerks_accept_the_same_plan() -> None:
    clerks, hands, _school, _organisation = people()
    plan = plan_of(hands[0])
    actions.submit(by=hands[0], now=NOW, plan_id=plan.pk)
    answers = at_once(*(lambda clerk=clerk: actions.accept(by=clerk, now=NOW, plan_id=plan.pk) for clerk in clerks))
    assert sum(isinstance(each, Plan) for each in answers) == 1
    assert next(each for each in answers if isinstance(each, str)) in ("record.stale", "flow.state")
    assert Entry.objects.filter(record_kind="plan", record_id=plan.pk, verb="accept").count() == 1


def test_two_hands_of_a_body_take_and_decline_at_once() -> None:
    clerks, hands, school, organisation = people()
    request = request_of(school)
    actions.submit_request(by=school, now=NOW, request_id=request.pk)
    actions.assign(by=clerks[0], now=NOW, request_id=request.pk, body_id=organisation.pk)
    answers = at_once(
        lambda: actions.take(by=hands[0], now=NOW, request_id=request.pk),
        lambda: actions.decline(by=hands[1], now=NOW, request_id=request.pk, note="考评员不足"),
    )
    assert sum(isinstance(each, Request) for each in answers) == 1
    assert Entry.objects.filter(record_kind="request", record_id=request.pk, verb__in=["take", "decline"]).count() == 1


def test_two_clerks_assign_different_bodies() -> None:
    clerks, _hands, school, organisation = people()
    other = factories.make_organisation("social_body")
    factories.make_filing(other)
    request = request_of(school)
    actions.submit_request(by=school, now=NOW, request_id=request.pk)
    answers = at_once(
        lambda: actions.assign(by=clerks[0], now=NOW, request_id=request.pk, body_id=organisation.pk),
        lambda: actions.assign(by=clerks[1], now=NOW, request_id=request.pk, body_id=other.pk),
    )
    assert sum(isinstance(each, Request) for each in answers) == 1
    assert Request.objects.get(pk=request.pk).state == "assigned"


def test_numbers_run_on_without_gap_or_double() -> None:
    _clerks, hands, _school, organisation = people()
    venue = factories.make_venue(organisation)
    at_once(*(lambda: plan_of(hands[0], venue_id=venue.pk) for _ in range(6)))
    numbers = sorted(Plan.objects.values_list("number", flat=True))
    assert numbers == [f"JH2026{serial:05d}" for serial in range(1, 7)]
