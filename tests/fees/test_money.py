"""Charges, orders, payments, receipts (三（七）): rows are only added, two people confirm what came by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jiangheng.applications import queries as entered
from jiangheng.applications.models import Application
from jiangheng.catalog.models import FeeLine
from jiangheng.fees import actions, queries
from jiangheng.fees.models import (
    Allocation,
    Bill,
    Charge,
    Order,
    OrderLine,
    Payment,
    Receipt,
    ReceiptPrint,
    ReceiptVoid,
    Refund,
    RefundLine,
    Reversal,
)
from jiangheng.plans.models import Plan
from jiangheng.rules.fees.money import fen, yuan
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases
from tests.asking import refusal
from tests.fees import desk
from tests.fees.desk import FEN


@pytest.fixture
def plan(school: Person, body: Person, now: datetime) -> Plan:
    cases.catalogue()
    cases.fee_table()
    return desk.batch(school, body, now)


@pytest.fixture
def second(body: Person) -> Person:
    return desk.colleague(body)


def test_everyone_accepted_is_charged_once_by_the_table_of_the_day(body: Person, plan: Plan, now: datetime) -> None:
    assert actions.charge_all(by=body, now=now, plan_id=plan.pk) == 15
    assert actions.charge_all(by=body, now=now, plan_id=plan.pk) == 0
    assert desk.balance(plan.pk) == queries.Balance(5 * FEN, 0)
    assert set(Charge.objects.values_list("payer_organisation_id", "label")) == {
        (plan.request.organisation_id, "示范数据")
    }
    assert {row.fee_line_id for row in Charge.objects.all()} == set(FeeLine.objects.values_list("pk", flat=True))


def test_without_a_fee_table_nobody_is_charged(school: Person, body: Person, now: datetime) -> None:
    cases.catalogue()
    plan = desk.batch(school, body, now)
    found = refusal(actions.charge_all, by=body, now=now, plan_id=plan.pk)
    assert (found.code, found.clause) == ("fee.none", "三（七）")
    assert "市鉴定中心" in found.advice()
    assert Charge.objects.count() == 0


def test_an_item_with_two_payees_is_charged_to_each(body: Person, plan: Plan, now: datetime) -> None:
    FeeLine.objects.create(
        document="示范收费表",
        occupation_code="6-31-01-03",
        level=4,
        item="skill",
        payee="site",
        amount_fen=1500,
        valid_from=date(2015, 1, 1),
        label="示范数据",
    )
    assert actions.charge_all(by=body, now=now, plan_id=plan.pk) == 20
    assert desk.balance(plan.pk).charged == 5 * (FEN + 1500)


def test_a_make_up_pays_the_failed_subject_only_and_never_twice(body: Person, plan: Plan, now: datetime) -> None:
    person = factories.make_candidate()
    made = desk.alone(plan, person, now, exam_type="makeup", subjects=["theory"])
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    assert [(row.item, row.amount_fen) for row in made.charges.all()] == [("theory", 4000)]
    Application.objects.filter(pk=made.pk).update(state="withdrawn")
    again = desk.alone(plan, person, now, exam_type="makeup", subjects=["theory"])
    assert actions.charge_all(by=body, now=now, plan_id=plan.pk) == 0
    actions.reverse(by=body, now=now, plan_id=plan.pk)
    assert actions.charge_all(by=body, now=now, plan_id=plan.pk) == 1
    assert again.charges.count() == 1


def test_a_make_up_without_subjects_is_not_charged(body: Person, plan: Plan, now: datetime) -> None:
    desk.alone(plan, factories.make_candidate(), now, exam_type="makeup", subjects=[])
    assert refusal(actions.charge_all, by=body, now=now, plan_id=plan.pk).code == "fee.makeup_blank"
    assert Charge.objects.count() == 0


def test_a_sponsor_gets_one_bill_per_batch_and_may_question_it(
    school: Person, body: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    bill = queries.bill(school, Bill.objects.get().pk)
    assert (bill.number, bill.charged, bill.people) == ("ZD202600001", 5 * FEN, 5)
    assert refusal(actions.agree, by=body, now=now, bill_id=bill.pk).code == "bill.payer"
    assert refusal(actions.question, by=school, now=now, bill_id=bill.pk, note="").code == "flow.reason"
    actions.question(by=school, now=now, bill_id=bill.pk, note="人数不符")
    actions.answer(by=body, now=now, bill_id=bill.pk, note="已核对花名册")
    actions.agree(by=school, now=now, bill_id=bill.pk)
    desk.alone(plan, factories.make_candidate(), now, sponsor_id=school.organisation_id)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    assert Bill.objects.get().state == "issued"
    assert Charge.objects.filter(bill=bill).count() == 18
    assert refusal(actions.void_bill, by=body, now=now, bill_id=bill.pk, note="作废").code == "bill.stands"


def test_money_by_hand_is_noted_by_one_and_confirmed_by_another(
    school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    unit = school.organisation_id
    order = actions.open_order(by=school, now=now, plan_id=plan.pk, payer_organisation_id=unit)
    assert order.amount_fen == 5 * FEN
    assert actions.open_order(by=school, now=now, plan_id=plan.pk, payer_organisation_id=unit) == order
    actions.note(by=body, now=now, order_id=order.pk, method="transfer", voucher="H1", paid_on=date(2026, 5, 30))
    assert refusal(actions.confirm, by=body, now=now, order_id=order.pk).code == "payment.same_person"
    assert refusal(actions.open_order, by=school, now=now, plan_id=plan.pk, payer_organisation_id=unit).code == (
        "order.noted"
    )
    actions.reject(by=second, now=now, order_id=order.pk, note="回单不清")
    actions.note(by=body, now=now, order_id=order.pk, method="transfer", voucher="H2")
    assert desk.balance(plan.pk).paid == 0
    actions.confirm(by=second, now=now, order_id=order.pk)
    assert desk.balance(plan.pk) == queries.Balance(5 * FEN, 5 * FEN)
    assert refusal(actions.confirm, by=second, now=now, order_id=order.pk).code == "flow.state"
    assert refusal(actions.open_order, by=school, now=now, plan_id=plan.pk, payer_organisation_id=unit).code == (
        "order.nothing"
    )
    assert Payment.objects.count() == 1


def test_a_part_of_the_people_may_be_paid_for(
    school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    ids = list(entered.of_plan(plan.pk).values_list("pk", flat=True))
    desk.paid(body, second, plan, now, unit=school.organisation_id, people=tuple(ids[:2]))
    assert queries.settled(ids) == set(ids[:2])
    assert [row.owed for row in queries.arrears(body).order_by("id")] == [FEN, FEN, FEN]
    desk.paid(body, second, plan, now, "R2", unit=school.organisation_id)
    assert queries.settled(ids) == set(ids)
    assert queries.arrears(body).count() == 0


def test_bad_input_is_refused_and_nothing_is_booked(
    school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    assert refusal(actions.open_order, by=body, now=now, plan_id=plan.pk).code == "order.payer"
    unit = school.organisation_id
    order = actions.open_order(by=body, now=now, plan_id=plan.pk, payer_organisation_id=unit)

    def note(**given: Any) -> str:
        typed = {"method": "cash", "voucher": "H1", **given}
        return refusal(actions.note, by=body, now=now, order_id=order.pk, **typed).code

    assert note(voucher=" ") == "payment.voucher_blank"
    assert note(method="gift") == "payment.method"
    assert note(method="online") == "payment.method"
    assert note(paid_on=date(2026, 6, 2)) == "payment.future"
    assert refusal(actions.confirm, by=second, now=now, order_id=order.pk).code == "flow.state"
    assert Payment.objects.count() == 0


def test_the_same_voucher_is_never_booked_twice(
    school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    person, _made = desk.candidate_of(plan, now)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    desk.paid(body, second, plan, now, "H1", unit=school.organisation_id)
    mine = actions.open_order(
        by=person, now=now, plan_id=plan.pk, application_ids=[Application.objects.latest("pk").pk]
    )
    assert refusal(actions.note, by=body, now=now, order_id=mine.pk, method="cash", voucher="H1").code == (
        "payment.reference"
    )


def test_a_receipt_is_numbered_once_voided_with_its_number_and_printed_again(
    school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    ids = list(entered.of_plan(plan.pk).values_list("pk", flat=True))
    unit = school.organisation_id
    payments = [desk.paid(body, second, plan, now, f"R{n}", unit=unit, people=(ids[n],)) for n in range(2)]
    numbers = [actions.receipt(by=body, now=now, payment_id=each.pk).number for each in (*payments, *payments)]
    series = f"SJ2026{plan.body_id:04d}-"
    assert numbers == [f"{series}000001", f"{series}000002"] * 2
    first = Receipt.objects.get(number=f"{series}000001")
    assert refusal(actions.void_receipt, by=body, now=now, receipt_id=first.pk, reason="").code == "receipt.reason"
    actions.void_receipt(by=body, now=now, receipt_id=first.pk, reason="付款人名称有误")
    assert refusal(actions.void_receipt, by=body, now=now, receipt_id=first.pk, reason="再").code == "receipt.voided"
    again = actions.receipt(by=body, now=now, payment_id=payments[0].pk)
    assert (again.number, again.replaces) == (f"{series}000003", first)
    assert [actions.note_print(by=body, now=now, receipt_id=again.pk) for _ in range(3)] == [1, 2, 3]


def test_wrong_role_and_organisation_are_refused(
    school: Person, body: Person, second: Person, other_body: Person, centre: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    unit = school.organisation_id
    payment = desk.paid(body, second, plan, now, unit=unit)
    order = payment.order
    assert order is not None
    assert refusal(actions.charge_all, by=other_body, now=now, plan_id=plan.pk).status == 404
    assert refusal(actions.charge_all, by=school, now=now, plan_id=plan.pk).status == 403
    assert refusal(actions.charge_all, by=centre, now=now, plan_id=plan.pk).status == 403
    for stranger in (other_body, factories.make_candidate()):
        found = refusal(actions.open_order, by=stranger, now=now, plan_id=plan.pk, payer_organisation_id=unit)
        assert found.status == 404
    given: dict[str, Any] = {"by": other_body, "now": now}
    assert refusal(actions.note, order_id=order.pk, method="cash", voucher="x", **given).status == 404
    assert refusal(actions.confirm, order_id=order.pk, **given).status == 404
    assert refusal(actions.receipt, payment_id=payment.pk, **given).status == 404
    assert refusal(actions.request_refund, payment_id=payment.pk, reason="withdrawn", note="x", **given).status == 404
    assert refusal(actions.note, by=school, now=now, order_id=order.pk, method="cash", voucher="x").status == 403


def test_money_is_seen_only_by_those_it_concerns(
    school: Person,
    body: Person,
    second: Person,
    other_body: Person,
    centre: Person,
    candidate: Person,
    plan: Plan,
    now: datetime,
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    desk.paid(body, second, plan, now, unit=school.organisation_id)
    stranger = factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))
    looks = (
        queries.visible_to,
        queries.payments_visible_to,
        queries.orders_visible_to,
        queries.bills_visible_to,
    )
    seen = {
        person: tuple(look(person).count() for look in looks)
        for person in (body, school, centre, other_body, candidate, stranger)
    }
    assert [seen[person] for person in (body, school, centre)] == [(15, 1, 1, 1)] * 3
    assert [seen[person] for person in (other_body, candidate, stranger)] == [(0, 0, 0, 0)] * 3


GROWING = (
    Charge, Payment, Allocation, Receipt, Refund, Reversal, OrderLine, RefundLine, ReceiptVoid, ReceiptPrint,
)  # read as a table  # fmt: skip


@pytest.mark.parametrize("model", GROWING)
def test_the_database_refuses_to_change_or_remove_money(
    model: Any, school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payment = desk.paid(body, second, plan, now, unit=school.organisation_id)
    receipt = actions.receipt(by=body, now=now, payment_id=payment.pk)
    actions.note_print(by=body, now=now, receipt_id=receipt.pk)
    actions.void_receipt(by=body, now=now, receipt_id=receipt.pk, reason="错")
    desk.given_back(body, second, payment, now, [Charge.objects.all()[0].pk])
    row = model.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(id=row.pk + 1000)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete(model.objects.db)
    assert model.objects.filter(pk=row.pk).exists()


def test_a_cancelled_plan_owes_nothing_and_what_was_paid_is_credit(
    school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    assert actions.reverse(by=body, now=now, plan_id=plan.pk) == 0
    payment = desk.paid(body, second, plan, now, unit=school.organisation_id)
    Plan.objects.filter(pk=plan.pk).update(state="cancelled")
    assert actions.reverse(by=body, now=now, plan_id=plan.pk) == 15
    assert desk.balance(plan.pk) == queries.Balance(0, 0)
    assert queries.credit_of(payment.pk) == 5 * FEN
    assert queries.settled(entered.of_plan(plan.pk).values_list("pk", flat=True)) == set()
    actions.void_bill(by=body, now=now, bill_id=Bill.objects.get().pk, note="计划取消")
    assert Order.objects.get().state == "paid"


def test_who_owes_is_reminded_once_a_day(school: Person, body: Person, plan: Plan, now: datetime) -> None:
    from jiangheng.journal.models import Outgoing

    desk.candidate_of(plan, now)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    before = Outgoing.objects.count()
    assert actions.remind(by=body, now=now, plan_id=plan.pk) == 2
    actions.remind(by=body, now=now, plan_id=plan.pk)
    assert Outgoing.objects.count() == before + 2
    assert refusal(actions.remind, by=school, now=now, plan_id=plan.pk).status == 403


@pytest.mark.parametrize(
    ("text", "found"),
    [("35", 3500), ("1,234.5", 123450), ("￥０．０５", 5), ("12元", 1200), ("-3.00", -300),
     ("1.005", None), ("", None), ("1e3", None), ("五元", None), ("1.", None)],
)  # read as a table  # fmt: skip
def test_amounts_as_people_write_them(text: str, found: int | None) -> None:
    assert fen(text) == found
    if found is not None:
        assert fen(yuan(found)) == found
