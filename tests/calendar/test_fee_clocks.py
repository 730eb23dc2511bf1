"""What is owed before an examination runs as a clock of the one who pays it (三（七）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from jiangheng.calendar import jobs
from jiangheng.calendar.queries import clocks
from jiangheng.catalog import actions as calendar
from jiangheng.fees import actions
from jiangheng.fees.models import Bill
from jiangheng.journal.models import Outgoing
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from jiangheng.values import queries as values
from tests.applications import cases
from tests.factories import moment
from tests.fees import desk

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture
def now() -> datetime:
    return moment("2026-06-01 10:00")


@pytest.fixture
def plan(school: Person, body: Person, now: datetime) -> Plan:
    cases.catalogue()
    cases.fee_table()
    plan = desk.batch(school, body, now)
    Plan.objects.filter(pk=plan.pk).update(exam_on=date(2026, 6, 27), state="accepted")
    return plan


def due(person: Person, now: datetime) -> dict[str, clocks.Running]:
    return {each.open.clock.key: each for each in clocks.running(person, now)}


def test_the_term_is_a_labelled_default_of_this_system(now: datetime) -> None:
    rule = values.law(now.date()).rule("fee_lead_wd")
    assert (rule.value, rule.clause, rule.instrument) == (5, "三（七）", "practice")
    assert rule.label.startswith("默认值")


def test_a_bill_runs_until_it_is_paid(
    school: Person, body: Person, other_body: Person, centre: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    mine = due(school, now)["bill"]
    # Saturday 2026-06-27: the five working days before it are 22 to 26 June; 19 June is a holiday.
    assert (mine.last_day, mine.mine, mine.clause) == (date(2026, 6, 22), True, "三（七）")
    assert mine.open.address == f"/fees/bills/{Bill.objects.get().pk}/"
    assert not due(body, now)["bill"].mine
    assert not due(centre, now)["bill"].mine
    assert "bill" not in due(other_body, now)
    desk.paid(body, desk.colleague(body), plan, now, unit=school.organisation_id)
    assert "bill" not in due(school, now)
    assert "bill" not in due(centre, now)


def test_a_plan_called_off_asks_nobody_to_pay(school: Person, body: Person, plan: Plan, now: datetime) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    Plan.objects.filter(pk=plan.pk).update(state="cancelled")
    assert "bill" not in due(school, now)


def test_a_candidate_who_pays_alone_sees_the_day_and_a_sponsored_one_does_not(
    school: Person, body: Person, plan: Plan, now: datetime
) -> None:
    plan.refresh_from_db()
    alone, application = desk.candidate_of(plan, now)
    sponsored, entered = desk.candidate_of(plan, now)
    type(entered).objects.filter(pk=entered.pk).update(sponsor_id=school.organisation_id)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    mine = due(alone, now)["fee"]
    assert (mine.open.record, mine.last_day, mine.mine) == (application, date(2026, 6, 22), True)
    assert "fee" not in due(sponsored, now)
    assert "fee" not in due(body, now)
    desk.paid(body, desk.colleague(body), plan, now, people=(application.pk,))
    assert "fee" not in due(alone, now)


def test_a_day_off_moves_the_day_and_the_payer_hears_of_it(
    school: Person, body: Person, centre: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    calendar.set_day(by=centre, now=now, day=date(2026, 6, 24), workday=False, name="防汛停工", source="示例文件")
    jobs.redate(now=now)
    told = Outgoing.objects.get(recipient_organisation_id=school.organisation_id, subject__contains="工作日历变更")
    assert "缴清团体账单（依据三（七））" in told.body
    assert "由 2026-06-22 改为 2026-06-18" in told.body


def test_pages_show_it(school: Person, body: Person, plan: Plan, now: datetime, client_for: Browser) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    browser = client_for(school, now)
    assert "缴清团体账单" in browser.get("/deadlines/").text
    assert "缴清团体账单" in browser.get("/home/").text
    page = browser.get(f"/fees/bills/{Bill.objects.get().pk}/").text
    assert "缴费期限（默认值）" in page
    assert "2026年6月22日" in page
