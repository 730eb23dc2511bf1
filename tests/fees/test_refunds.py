"""Money back (三（七）): asked for, approved by another, paid out once and never more than was paid; transfers."""

from __future__ import annotations

from datetime import datetime

import pytest

from jiangheng.applications.models import Application
from jiangheng.fees import actions, queries
from jiangheng.fees.models import Charge, Payment, Refund, Reversal, Transfer
from jiangheng.plans.models import Plan
from jiangheng.rules.fees.money import refund_reasons
from jiangheng.rules.roles import Person
from tests import factories
from tests.applications import cases
from tests.asking import refusal
from tests.fees import desk
from tests.fees.desk import FEN
from tools import messages


@pytest.fixture
def second(body: Person) -> Person:
    return desk.colleague(body)


@pytest.fixture
def plan(school: Person, body: Person, now: datetime) -> Plan:
    cases.catalogue()
    cases.fee_table()
    plan = desk.batch(school, body, now, people=3)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    return plan


@pytest.fixture
def payment(school: Person, body: Person, second: Person, plan: Plan, now: datetime) -> Payment:
    return desk.paid(body, second, plan, now, unit=school.organisation_id)


def charges(number: int = 0) -> list[int]:
    """The charges of the ``number``-th application."""
    application = Application.objects.order_by("id")[number]
    return list(application.charges.values_list("pk", flat=True))


def test_a_refund_needs_two_people_and_takes_the_charge_with_it(
    school: Person, body: Person, second: Person, plan: Plan, payment: Payment, now: datetime
) -> None:
    asked = actions.request_refund(
        by=school, now=now, payment_id=payment.pk, reason="withdrawn", note="因病", charge_ids=charges()
    )
    assert (asked.number, asked.amount_fen) == ("TF202600001", FEN)
    own = actions.request_refund(
        by=body, now=now, payment_id=payment.pk, reason="wrong_payer", note="应由本人缴", charge_ids=charges(1)
    )
    assert refusal(actions.approve, by=body, now=now, request_id=own.pk).code == "refund.same_person"
    assert refusal(actions.approve, by=school, now=now, request_id=asked.pk).status == 403
    assert refusal(actions.pay_out, by=second, now=now, request_id=asked.pk, voucher="T1").code == "flow.state"
    actions.approve(by=body, now=now, request_id=asked.pk)
    assert refusal(actions.pay_out, by=body, now=now, request_id=asked.pk).code == "refund.voucher"
    actions.pay_out(by=second, now=now, request_id=asked.pk, voucher="T1")
    assert refusal(actions.pay_out, by=second, now=now, request_id=asked.pk, voucher="T1").code == "flow.state"
    assert desk.balance(plan.pk) == queries.Balance(2 * FEN, 2 * FEN)
    assert Reversal.objects.filter(charge__in=charges()).count() == 3
    actions.approve(by=second, now=now, request_id=own.pk)
    actions.pay_out(by=second, now=now, request_id=own.pk, voucher="T2")
    assert desk.balance(plan.pk) == queries.Balance(2 * FEN, FEN)
    assert queries.left_of(payment.pk) == FEN
    assert actions.charge_all(by=body, now=now, plan_id=plan.pk) == 0


def test_never_more_than_was_paid(body: Person, second: Person, plan: Plan, payment: Payment, now: datetime) -> None:
    desk.given_back(body, second, payment, now, charges())
    again = refusal(
        actions.request_refund,
        by=body,
        now=now,
        payment_id=payment.pk,
        reason="withdrawn",
        note="再退",
        charge_ids=charges(),
    )
    assert again.code == "refund.nothing"
    actions.request_refund(
        by=body, now=now, payment_id=payment.pk, reason="withdrawn", note="因病", charge_ids=charges(1)
    )
    assert (
        refusal(
            actions.request_refund,
            by=body,
            now=now,
            payment_id=payment.pk,
            reason="withdrawn",
            note="因病",
            charge_ids=charges(1),
        ).code
        == "refund.pending"
    )
    assert (
        refusal(actions.request_refund, by=body, now=now, payment_id=payment.pk, reason="overpaid", note="多缴").code
        == "refund.nothing"
    )
    assert sum(Refund.objects.values_list("amount_fen", flat=True)) == FEN


def test_bad_input_and_strangers(
    other_body: Person, school: Person, body: Person, second: Person, payment: Payment, now: datetime
) -> None:
    typed = {"payment_id": payment.pk, "now": now, "charge_ids": charges()}
    assert refusal(actions.request_refund, by=body, reason="because", note="x", **typed).code == "refund.reason"
    assert refusal(actions.request_refund, by=body, reason="withdrawn", note=" ", **typed).code == "refund.note"
    made = actions.request_refund(by=school, reason="withdrawn", note="因病", **typed)
    assert refusal(actions.approve, by=other_body, now=now, request_id=made.pk).status == 404
    assert refusal(actions.withdraw, by=body, now=now, request_id=made.pk).code == "refund.requester"
    assert refusal(actions.refuse_refund, by=body, now=now, request_id=made.pk, note="").code == "flow.reason"
    stale = refusal(actions.approve, by=body, now=now, request_id=made.pk, seen=made.version + 1)
    assert stale.code == "record.stale"
    actions.withdraw(by=school, now=now, request_id=made.pk)
    assert queries.left_of(payment.pk) == 3 * FEN


def test_every_reason_has_its_clause_and_note() -> None:
    shown = {word for reason in refund_reasons().values() for word in (reason.label, reason.note)}
    assert shown <= {str(message.id) for message in messages.standing("fees") if message.string}
    for reason in refund_reasons().values():
        assert reason.clause.startswith("三")
        assert reason.note


def test_money_follows_a_person_to_the_application_that_takes_the_place(
    body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    person, old = desk.candidate_of(plan, now)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payment = desk.paid(body, second, plan, now, "P1", people=(old.pk,))
    other = cases.plan_of(body)
    new = desk.alone(other, person, now, number="BMNEW1")
    stranger = desk.alone(other, factories.make_candidate(), now, number="BMNEW2")
    actions.charge_all(by=body, now=now, plan_id=other.pk)
    ends = {"from_application_id": old.pk, "to_application_id": new.pk}
    assert refusal(actions.transfer, by=body, now=now, **ends).code == "transfer.live"
    Application.objects.filter(pk=old.pk).update(state="withdrawn")
    assert (
        refusal(actions.transfer, by=body, now=now, from_application_id=old.pk, to_application_id=stranger.pk).code
        == "transfer.person"
    )
    assert actions.transfer(by=body, now=now, **ends) == FEN
    assert queries.settled([old.pk, new.pk]) == {new.pk}
    assert refusal(actions.transfer, by=body, now=now, **ends).code == "transfer.nothing"
    assert queries.credit_of(payment.pk) == 0
    assert Transfer.objects.get().amount_fen == FEN
    desk.given_back(
        body, second, payment, now, list(Charge.objects.filter(application=new).values_list("pk", flat=True))
    )
    assert queries.left_of(payment.pk) == 0
