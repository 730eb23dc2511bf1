"""Paying online (三（七）): signed callbacks once, in any order, of the right sum; the sandbox only in a demonstration."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.applications.models import Application
from jiangheng.fees import actions, providers, queries
from jiangheng.fees.actions import sandbox
from jiangheng.fees.models import Callback, Charge, Order, Payment, Refund
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import SYSTEM, Person
from tests.applications import cases
from tests.asking import refusal
from tests.fees import desk
from tests.fees.desk import FEN


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def second(body: Person) -> Person:
    return desk.colleague(body)


@pytest.fixture
def owing(body: Person, now: datetime) -> tuple[Person, Application, Plan]:
    """A candidate who owes the whole fee."""
    cases.catalogue()
    cases.fee_table()
    plan = cases.plan_of(body)
    person, application = desk.candidate_of(plan, now)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    return person, application, plan


@pytest.fixture
def order(owing: tuple[Person, Application, Plan], now: datetime) -> Order:
    person, application, plan = owing
    return actions.open_order(by=person, now=now, plan_id=plan.pk, application_ids=[application.pk], provider="sandbox")


def told(order: Order, now: datetime, kind: str = "paid", **given: Any) -> Callback:
    headers, body = sandbox.callback(order.number, kind, now, **given)
    return actions.hear(by=SYSTEM, now=now, provider="sandbox", headers=headers, body=body)


def test_a_candidate_pays_and_the_money_is_booked_once(
    owing: tuple[Person, Application, Plan], order: Order, now: datetime
) -> None:
    person, application, plan = owing
    assert (order.amount_fen, order.pay_address) == (FEN, reverse("fees:sandbox", args=[order.number]))
    heard = actions.sandbox_pay(by=person, now=now, number=order.number)
    assert heard.outcome == "settled"
    assert queries.settled([application.pk]) == {application.pk}
    assert actions.sandbox_pay(by=person, now=now, number=order.number) == heard
    assert told(order, now, serial=2).outcome == "already"
    assert Payment.objects.count() == 1
    assert (
        refusal(
            actions.open_order,
            by=person,
            now=now,
            plan_id=plan.pk,
            application_ids=[application.pk],
            provider="sandbox",
        ).code
        == "order.nothing"
    )


def test_a_wrong_sum_books_nothing(order: Order, now: datetime) -> None:
    assert told(order, now, amount_fen=FEN - 1).outcome == "amount_differs"
    assert Payment.objects.count() == 0
    assert told(order, now, serial=2).outcome == "settled"


def test_callbacks_may_come_in_any_order(owing: tuple[Person, Application, Plan], order: Order, now: datetime) -> None:
    assert told(order, now, "closed").outcome == "closed"
    assert told(order, now).outcome == "settled"
    assert told(order, now, "closed", serial=2).outcome == "passed_over"
    assert queries.order(owing[0], order.pk).state == "paid"


def test_money_that_comes_after_the_charge_was_paid_by_hand_is_credit_and_goes_back(
    owing: tuple[Person, Application, Plan], order: Order, body: Person, second: Person, now: datetime
) -> None:
    _person, application, plan = owing
    desk.paid(body, second, plan, now, "H1", people=(application.pk,), method="cash")
    assert told(order, now).outcome == "settled"
    late = Payment.objects.get(order=order)
    assert queries.credit_of(late.pk) == FEN
    asked = actions.request_refund(by=body, now=now, payment_id=late.pk, reason="overpaid", note="重复缴费")
    actions.approve(by=second, now=now, request_id=asked.pk)
    refused = refusal(actions.pay_out, by=second, now=now, request_id=asked.pk)
    assert refused.code == "provider.refund"
    assert not Refund.objects.exists()


def test_forged_replayed_late_and_malformed_callbacks_are_refused(order: Order, now: datetime) -> None:
    headers, body = sandbox.callback(order.number, "paid", now)

    def code(given: dict[str, str], text: bytes, moment: datetime = now) -> str:
        return refusal(actions.hear, by=SYSTEM, now=moment, provider="sandbox", headers=given, body=text).code

    assert code({}, body) == "callback.signature"
    assert code({**headers, providers.SIGNATURE: "0" * 64}, body) == "callback.signature"
    assert code({**headers, providers.SIGNATURE: "签名"}, body) == "callback.signature"
    assert code(headers, body.replace(b'"paid"', b'"void"')) == "callback.signature"
    assert code({**headers, providers.TIMESTAMP: str(int(now.timestamp()) + 1)}, body) == "callback.signature"
    assert code(headers, body, now + timedelta(minutes=6)) == "callback.stale"
    secret = sandbox.Sandbox().secret()
    for text in (
        b"[]",
        b"{",
        b'{"event": 1}',
        json.dumps({"event": "e", "kind": "paid", "number": "n", "trade": "t", "amount_fen": True}).encode(),
    ):
        stamp = headers[providers.TIMESTAMP]
        signed = {providers.TIMESTAMP: stamp, providers.SIGNATURE: providers.sign(secret, stamp, text)}
        assert code(signed, text) == "callback.shape"
    assert Callback.objects.count() == 0


def test_an_order_nobody_knows_is_written_down_and_books_nothing(order: Order, now: datetime) -> None:
    headers, body = sandbox.callback("JF2026999999", "paid", now, amount_fen=1)
    heard = actions.hear(by=SYSTEM, now=now, provider="sandbox", headers=headers, body=body)
    assert heard.outcome == "unknown"
    assert Payment.objects.count() == 0


def test_the_address_of_callbacks(order: Order, now: datetime) -> None:
    browser = Client(**{"jiangheng.now": now}, enforce_csrf_checks=True)
    headers, body = sandbox.callback(order.number, "paid", now)
    where = reverse("fees:callback", args=["sandbox"])
    for _ in range(2):
        answer = browser.post(where, body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"outcome": "settled"})
    assert browser.post(where, body, content_type="application/json").status_code == 403
    assert (
        browser.post(reverse("fees:callback", args=["wechat"]), body, content_type="application/json").status_code
        == 404
    )
    assert browser.get(where).status_code == 405
    assert browser.post(where, {"a": "b"}).status_code == 415
    assert browser.post(where, "x" * (providers.MOST_BODY + 1), content_type="application/json").status_code == 413
    assert Payment.objects.count() == 1


def test_the_sandbox_works_in_a_demonstration_only(
    owing: tuple[Person, Application, Plan], order: Order, settings: Any, now: datetime
) -> None:
    person, _application, _plan = owing
    headers, body = sandbox.callback(order.number, "paid", now)
    settings.DEMONSTRATION = False
    assert providers.names() == []
    for call, given in (
        (actions.hear, {"by": SYSTEM, "provider": "sandbox", "headers": headers, "body": body}),
        (actions.sandbox_pay, {"by": person, "number": order.number}),
    ):
        assert refusal(call, now=now, **given).code == "provider.none"
    assert Payment.objects.count() == 0


def test_an_order_runs_out_and_a_new_one_takes_its_place(
    owing: tuple[Person, Application, Plan], order: Order, now: datetime
) -> None:
    person, application, plan = owing
    later = now + timedelta(minutes=31)
    assert refusal(actions.sandbox_pay, by=person, now=later, number=order.number).code == "order.expired"
    again = actions.open_order(
        by=person, now=later, plan_id=plan.pk, application_ids=[application.pk], provider="sandbox"
    )
    assert again.pk != order.pk
    order.refresh_from_db()
    assert order.state == "closed"


def test_a_lost_callback_is_made_good_by_asking(
    owing: tuple[Person, Application, Plan], order: Order, now: datetime
) -> None:
    from jiangheng.fees.models import SandboxTrade

    SandboxTrade.objects.update(state="paid")
    assert actions.refresh(by=owing[0], now=now, order_id=order.pk).state == "paid"
    assert actions.refresh(by=owing[0], now=now, order_id=order.pk).state == "paid"
    assert Payment.objects.count() == 1


def test_a_refund_goes_back_the_way_it_came(
    owing: tuple[Person, Application, Plan], order: Order, body: Person, now: datetime
) -> None:
    person = owing[0]
    actions.sandbox_pay(by=person, now=now, number=order.number)
    payment = Payment.objects.get()
    asked = actions.request_refund(
        by=person,
        now=now,
        payment_id=payment.pk,
        reason="withdrawn",
        note="因病",
        charge_ids=list(Charge.objects.values_list("pk", flat=True)),
    )
    actions.approve(by=body, now=now, request_id=asked.pk)
    done = actions.pay_out(by=body, now=now, request_id=asked.pk)
    assert done.voucher == f"YST{asked.number}"
    assert (queries.left_of(payment.pk), queries.credit_of(payment.pk)) == (0, 0)


def test_nobody_pays_anothers_order(order: Order, body: Person, candidate: Person, now: datetime) -> None:
    for stranger in (body, candidate):
        assert refusal(actions.sandbox_pay, by=stranger, now=now, number=order.number).status == 404
