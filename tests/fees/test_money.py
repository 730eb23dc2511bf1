"""Charges, payments, receipts, refunds (三（七）): rows are only added, the sums always balance (11, 13, 14)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiangheng.applications import actions as applications
from jiangheng.applications import queries as entered
from jiangheng.fees import actions, queries
from jiangheng.fees.models import Allocation, Charge, Payment, Receipt, Refund
from jiangheng.plans.models import Plan
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases

FEN = 43000


def batch(school: Person, body: Person, now: datetime, people: int = 5) -> Plan:
    """A plan with ``people`` accepted applications entered by the school."""
    request = cases.request_of(school, body)
    plan = cases.plan_of(body, request=request)
    roster = applications.import_roster(by=school, now=now, upload=cases.many(people), request_id=request.pk)
    assert roster.imported == people
    applications.judge_all(by=body, now=now, plan_id=plan.pk)
    return plan


@pytest.fixture
def plan(school: Person, body: Person, now: datetime) -> Plan:
    cases.catalogue()
    cases.fee_table()
    return batch(school, body, now)


def refusal(call: Callable[..., Any], **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(**given)
    return caught.value


def paid(body: Person, plan: Plan, now: datetime, fen: int, reference: str = "R1", **given: Any) -> Payment:
    payer = given.pop("payer", None) or plan.request.organisation_id
    return actions.pay(
        by=body, now=now, plan_id=plan.pk, amount_fen=fen, reference=reference, payer_organisation_id=payer, **given
    )


def test_everyone_accepted_is_charged_once_by_the_table_of_the_day(body: Person, plan: Plan, now: datetime) -> None:
    assert actions.charge_all(by=body, now=now, plan_id=plan.pk) == 15
    assert actions.charge_all(by=body, now=now, plan_id=plan.pk) == 0
    assert queries.balance_of_plan(plan.pk) == queries.Balance(5 * FEN, 0)
    assert set(Charge.objects.values_list("payer_organisation_id", "label")) == {
        (plan.request.organisation_id, "示范数据")
    }


def test_without_a_fee_table_nobody_is_charged(school: Person, body: Person, now: datetime) -> None:
    cases.catalogue()
    plan = batch(school, body, now)
    found = refusal(actions.charge_all, by=body, now=now, plan_id=plan.pk)
    assert (found.code, found.clause) == ("fee.none", "三（七）")
    assert "市鉴定中心" in found.advice()
    assert Charge.objects.count() == 0


def test_a_payment_settles_the_oldest_charges_first(body: Person, plan: Plan, now: datetime) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    ids = list(entered.of_plan(plan.pk).values_list("pk", flat=True))
    paid(body, plan, now, 2 * FEN + 100)
    assert queries.settled(ids) == set(ids[:2])
    assert queries.balances(ids)[ids[2]] == queries.Balance(FEN, 100)
    assert [row.owed for row in queries.arrears(body).order_by("id")] == [FEN - 100, FEN, FEN]
    paid(body, plan, now, 3 * FEN - 100, "R2")
    assert queries.settled(ids) == set(ids)
    assert queries.arrears(body).count() == 0


def test_overpaying_and_bad_input_are_refused(body: Person, plan: Plan, now: datetime) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    assert refusal(paid, body=body, plan=plan, now=now, fen=5 * FEN + 1).code == "payment.over"
    assert refusal(paid, body=body, plan=plan, now=now, fen=0).code == "payment.amount"
    assert refusal(paid, body=body, plan=plan, now=now, fen=-1).code == "payment.amount"
    assert refusal(paid, body=body, plan=plan, now=now, fen=1, reference=" ").code == "payment.reference_blank"
    assert refusal(paid, body=body, plan=plan, now=now, fen=1, method="gift").code == "payment.method"
    assert refusal(paid, body=body, plan=plan, now=now, fen=1, paid_on=date(2026, 6, 2)).code == "payment.future"
    assert refusal(actions.pay, by=body, now=now, plan_id=plan.pk, amount_fen=1, reference="x").code == "payment.payer"
    assert Payment.objects.count() == 0


def test_the_same_reference_is_the_same_payment(body: Person, plan: Plan, now: datetime) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    first = paid(body, plan, now, FEN)
    assert paid(body, plan, now, FEN) == first
    assert refusal(paid, body=body, plan=plan, now=now, fen=2 * FEN).code == "payment.reference"
    assert queries.balance_of_plan(plan.pk).paid == FEN


def test_a_receipt_is_numbered_once(body: Person, plan: Plan, now: datetime) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payments = [paid(body, plan, now, FEN, f"R{n}") for n in range(2)]
    numbers = [actions.receipt(by=body, now=now, payment_id=each.pk).number for each in (*payments, *payments)]
    assert numbers == ["SJ2026000001", "SJ2026000002"] * 2


def test_a_refund_opens_the_charge_again(body: Person, plan: Plan, now: datetime) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payment = paid(body, plan, now, 5 * FEN)
    ids = list(entered.of_plan(plan.pk).values_list("pk", flat=True))
    assert (
        refusal(actions.refund, by=body, now=now, payment_id=payment.pk, amount_fen=1, reason=" ").code
        == "refund.reason"
    )
    actions.refund(by=body, now=now, payment_id=payment.pk, amount_fen=FEN, reason="因病", application_ids=[ids[1]])
    assert queries.settled(ids) == set(ids) - {ids[1]}
    over = refusal(
        actions.refund, by=body, now=now, payment_id=payment.pk, amount_fen=1, reason="再退", application_ids=[ids[1]]
    )
    assert over.code == "refund.over"
    assert queries.left_of(payment.pk) == 4 * FEN


def test_wrong_role_and_organisation_are_refused(
    school: Person, body: Person, other_body: Person, centre: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payment = paid(body, plan, now, FEN)
    assert refusal(actions.charge_all, by=other_body, now=now, plan_id=plan.pk).status == 404
    assert refusal(actions.charge_all, by=school, now=now, plan_id=plan.pk).status == 403
    assert refusal(actions.charge_all, by=centre, now=now, plan_id=plan.pk).status == 403
    assert refusal(paid, body=other_body, plan=plan, now=now, fen=1).status == 404
    assert refusal(actions.receipt, by=other_body, now=now, payment_id=payment.pk).status == 404
    assert (
        refusal(actions.refund, by=other_body, now=now, payment_id=payment.pk, amount_fen=1, reason="x").status == 404
    )


def test_money_is_seen_only_by_those_it_concerns(
    school: Person, body: Person, other_body: Person, centre: Person, candidate: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    paid(body, plan, now, FEN)
    stranger = factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))
    seen = {person: (queries.visible_to(person).count(), queries.payments_visible_to(person).count())
            for person in (body, school, centre, other_body, candidate, stranger)}  # fmt: skip
    assert [seen[person] for person in (body, school, centre)] == [(15, 1)] * 3
    assert [seen[person] for person in (other_body, candidate, stranger)] == [(0, 0)] * 3


@pytest.mark.parametrize("model", [Charge, Payment, Allocation, Receipt, Refund])
def test_the_database_refuses_to_change_or_remove_money(model: Any, body: Person, plan: Plan, now: datetime) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payment = paid(body, plan, now, FEN)
    actions.receipt(by=body, now=now, payment_id=payment.pk)
    actions.refund(by=body, now=now, payment_id=payment.pk, amount_fen=100, reason="多收")
    row = model.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(created_at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete(model.objects.db)
    assert model.objects.filter(pk=row.pk).exists()


STEPS = st.lists(
    st.tuples(st.sampled_from(["pay", "refund", "again"]), st.integers(1, 3 * FEN), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_paid_and_given_back_the_sums_balance(
    body: Person, plan: Plan, now: datetime, steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        actions.charge_all(by=body, now=now, plan_id=plan.pk)
        ids = list(entered.of_plan(plan.pk).values_list("pk", flat=True))
        payments: list[Payment] = []
        for turn, (verb, fen, which) in enumerate(steps):
            try:
                if verb == "pay":
                    payments.append(paid(body, plan, now, fen, f"P{turn}"))
                elif payments and verb == "refund":
                    chosen = payments[which % len(payments)]
                    actions.refund(by=body, now=now, payment_id=chosen.pk, amount_fen=fen, reason="退")
                elif payments:
                    chosen = payments[which % len(payments)]
                    assert paid(body, plan, now, chosen.amount_fen, chosen.reference) == chosen
            except Refusal as refused:
                if refused.code not in ("payment.over", "refund.over"):
                    raise
            _balanced(plan, ids)
        transaction.set_rollback(True)


def _balanced(plan: Plan, ids: list[int]) -> None:
    received = sum(Payment.objects.filter(plan=plan).values_list("amount_fen", flat=True))
    returned = sum(Refund.objects.filter(payment__plan=plan).values_list("amount_fen", flat=True))
    balance = queries.balance_of_plan(plan.pk)
    assert balance.paid == received - returned
    assert 0 <= balance.paid <= balance.charged
    for charge in queries.with_balance(Charge.objects.filter(plan=plan)):
        assert 0 <= charge.paid <= charge.amount_fen  # type: ignore[attr-defined]
    for payment in Payment.objects.filter(plan=plan):
        back = payment.refunds.aggregate(total=Sum("amount_fen"))["total"] or 0
        assert queries.left_of(payment.pk) == payment.amount_fen - back >= 0
    assert sum(each.owed for each in queries.balances(ids).values()) == balance.owed


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_never_take_more_than_is_owed(school: Person, body: Person, now: datetime) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=1)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    answers: list[str] = []

    def clerk(reference: str) -> None:
        try:
            paid(body, plan, now, FEN, reference)
            answers.append("paid")
        except Refusal as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(f"C{n % 4}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) == ["paid", "payment.over"]
    assert queries.balance_of_plan(plan.pk) == queries.Balance(FEN, FEN)
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_receipts_asked_for_at_once_have_no_gap_and_no_twin(school: Person, body: Person, now: datetime) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=8)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payments = [paid(body, plan, now, FEN, f"R{n}") for n in range(8)]

    def clerk(payment: Payment) -> None:
        actions.receipt(by=body, now=now, payment_id=payment.pk)
        connections.close_all()

    threads = [threading.Thread(target=clerk, args=(payment,)) for payment in (*payments, *payments)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [f"SJ2026{n:06d}" for n in range(1, 9)]
