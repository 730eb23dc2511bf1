"""Many at once (三（七）): callbacks, confirmations, refunds, receipts; one of each stands, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connections

from jiangheng.fees import actions, queries
from jiangheng.fees.actions import sandbox
from jiangheng.fees.models import Charge, Order, Payment, Receipt, Refund
from jiangheng.plans.models import Plan
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import SYSTEM, Person
from tests.applications import cases
from tests.fees import desk
from tests.fees.desk import FEN

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[str]:
    """What each call answered: "done" or its refusal's code."""
    answers: list[str] = []

    def one(call: Callable[[], Any]) -> None:
        try:
            call()
            answers.append("done")
        except Refusal as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(calls)
    return sorted(answers)


@pytest.fixture
def plan(school: Person, body: Person, now: datetime) -> Plan:
    cases.catalogue()
    cases.fee_table()
    plan = desk.batch(school, body, now, people=4)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    return plan


def test_a_callback_heard_eight_times_at_once_books_once(
    body: Person, plan: Plan, now: datetime, settings: Any
) -> None:
    settings.DEMONSTRATION = True
    person, application = desk.candidate_of(plan, now)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    order = actions.open_order(
        by=person, now=now, plan_id=plan.pk, application_ids=[application.pk], provider="sandbox"
    )

    def heard(serial: int) -> Callable[[], Any]:
        headers, told = sandbox.callback(order.number, "paid", now, serial=serial)
        return lambda: actions.hear(by=SYSTEM, now=now, provider="sandbox", headers=headers, body=told)

    assert at_once([heard(n % 4) for n in range(8)]) == ["done"] * 8
    assert Payment.objects.count() == 1
    assert queries.settled([application.pk]) == {application.pk}


def test_two_clerks_and_two_orders_at_once_take_the_money_once(
    school: Person, body: Person, plan: Plan, now: datetime
) -> None:
    unit = school.organisation_id
    calls = [
        lambda who=who: actions.open_order(by=who, now=now, plan_id=plan.pk, payer_organisation_id=unit)
        for who in (school, body) * 3
    ]
    assert at_once(calls) == ["done"] * 6
    order = Order.objects.get()
    actions.note(by=body, now=now, order_id=order.pk, method="cash", voucher="H1")
    second = desk.colleague(body)
    answers = at_once([lambda: actions.confirm(by=second, now=now, order_id=order.pk)] * 6)
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "flow.state", "record.stale"}
    assert desk.balance(plan.pk) == queries.Balance(4 * FEN, 4 * FEN)
    assert Payment.objects.count() == 1


def test_a_refund_asked_and_paid_at_once_goes_out_once(school: Person, body: Person, plan: Plan, now: datetime) -> None:
    second = desk.colleague(body)
    payment = desk.paid(body, second, plan, now, unit=school.organisation_id)
    ids = list(Charge.objects.values_list("pk", flat=True))
    asked = at_once(
        [
            lambda: actions.request_refund(
                by=body, now=now, payment_id=payment.pk, reason="withdrawn", note="因病", charge_ids=ids
            )
        ]
        * 4
    )
    assert asked == ["done", "refund.pending", "refund.pending", "refund.pending"]
    request = payment.refund_requests.get()
    actions.approve(by=second, now=now, request_id=request.pk)
    paid = at_once([lambda: actions.pay_out(by=second, now=now, request_id=request.pk, voucher="T1")] * 4)
    assert paid.count("done") == 1
    assert set(paid) <= {"done", "flow.state", "record.stale"}
    assert Refund.objects.count() == 1
    assert (queries.left_of(payment.pk), queries.credit_of(payment.pk)) == (0, 0)


def test_receipts_asked_for_at_once_have_no_gap_and_no_twin(
    school: Person, body: Person, plan: Plan, now: datetime
) -> None:
    second = desk.colleague(body)
    people = list(queries.arrears(body).order_by("id").values_list("pk", flat=True))
    payments = [
        desk.paid(body, second, plan, now, f"R{pk}", unit=school.organisation_id, people=(pk,)) for pk in people
    ]
    calls = [lambda pk=each.pk: actions.receipt(by=body, now=now, payment_id=pk) for each in payments * 3]
    assert at_once(calls) == ["done"] * 12
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [
        f"SJ2026{plan.body_id:04d}-{n:06d}" for n in range(1, 5)
    ]
