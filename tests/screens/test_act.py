"""The page of one deed: what is typed is kept when refused, said and led on when done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from jiangheng.journal.models import Entry
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.screens.pages")]

TYPED = {"title": "新名称", "source": "own", "agreed": "on"}


@pytest.fixture
def plan(db: None) -> Plan:
    body = factories.make_organisation("social_body")
    factories.make_filing(body)
    return factories.make_plan(body, state="submitted")


@pytest.fixture
def clerk(centre: Person, client_for: Callable[..., Client], now: datetime) -> Client:
    return client_for(centre, now)


def test_opening_the_page_does_nothing(clerk: Client, plan: Plan) -> None:
    answer = clerk.get(f"/try/plans/{plan.pk}/edit/")
    assert answer.status_code == 200
    assert 'name="_once"' in answer.text
    assert not Entry.objects.filter(record_kind="plan").exists()


def test_a_deed_done_is_said_on_the_page_it_leads_to(clerk: Client, plan: Plan) -> None:
    answer = clerk.post(f"/try/plans/{plan.pk}/edit/", TYPED, follow=True)
    assert answer.redirect_chain == [(f"/try/plans/{plan.pk}/", 302)]
    assert "“新名称”已保存。" in answer.text
    plan.refresh_from_db()
    assert plan.title == "新名称"


def test_what_a_reader_tidied_is_said_beside_it(clerk: Client, plan: Plan) -> None:
    answer = clerk.post(f"/try/plans/{plan.pk}/edit/", {**TYPED, "exam_on": "２０２６－０４－１８"}, follow=True)
    assert "首场考试日期已按“2026-04-18”读取" in answer.text
    assert "“新名称”已保存。" in answer.text


def test_a_refused_deed_shows_clause_and_remedy_and_keeps_what_was_typed(clerk: Client, plan: Plan) -> None:
    answer = clerk.post(f"/try/plans/{plan.pk}/edit/", {**TYPED, "title": "禁用", "exam_on": "2026-04-18"})
    assert answer.status_code == 422
    assert "计划名称不能使用“禁”。" in answer.text
    assert "三（三）" in answer.text
    assert "请换一个名称。" in answer.text
    assert 'value="禁用"' in answer.text
    assert 'value="2026-04-18"' in answer.text
    assert not Entry.objects.filter(record_kind="plan").exists()


def test_a_field_at_fault_is_told_before_the_deed_is_tried(clerk: Client, plan: Plan) -> None:
    answer = clerk.post(f"/try/plans/{plan.pk}/edit/", {**TYPED, "title": "禁" * 21})
    assert answer.status_code == 422
    assert "计划名称不能使用“禁”。" not in answer.text
    assert "禁" * 21 in answer.text


def test_a_fragment_is_led_on_by_a_header_and_told_a_refusal_beside_its_form(clerk: Client, plan: Plan) -> None:
    refused = clerk.post(f"/try/plans/{plan.pk}/edit/", {**TYPED, "title": "禁用"}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#messages")
    assert "请换一个名称。" in refused.text
    assert "<form" not in refused.text
    done = clerk.post(f"/try/plans/{plan.pk}/edit/", TYPED, headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (204, f"/try/plans/{plan.pk}/")
