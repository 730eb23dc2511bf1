"""Whatever is charged, paid, given back, voided and reconciled, the sums balance for every payer, plan and payee."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from jiangheng.applications.models import Application
from jiangheng.catalog.models import FeeLine
from jiangheng.fees import actions, queries
from jiangheng.fees.actions import sandbox
from jiangheng.fees.models import (
    Allocation,
    Charge,
    Match,
    Order,
    Payment,
    Receipt,
    Refund,
    RefundRequest,
    Reversal,
    SandboxTrade,
    StatementLine,
)
from jiangheng.fees.queries import ledger
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import SYSTEM, Person
from tests import factories
from tests.applications import cases
from tests.fees import desk
from tests.fees.desk import sheet

LAWFUL = {
    "order.nothing", "order.noted", "order.payer", "order.expired", "order.paid", "refund.nothing", "refund.pending",
    "refund.over", "flow.state", "payment.reference", "provider.refund", "transfer.live", "transfer.person",
    "transfer.nothing", "receipt.voided", "match.standing", "record.none", "plan.over", "statement.faults",
}  # read as a table  # fmt: skip
NOW: datetime = factories.moment("2026-06-01 10:00")
SERIAL = itertools.count()
pick = st.integers(0, 5)


class Till(RuleBasedStateMachine):
    """Two plans of one body, a school, two candidates; money moves as clerks, payers and the provider please."""

    first: Person
    second: Person
    unit: Person
    people: list[Person]

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.turn = 0
        self.charged: dict[int, int] = {}
        self.reduced: dict[int, int] = {}
        self.received: dict[int, int] = {}
        self.plans = [cases.plan_of(self.first), cases.plan_of(self.first)]
        for plan in self.plans:
            for person in self.people:
                desk.alone(plan, person, NOW, number=f"B{plan.pk}-{person.identity_id}")
            for _ in range(2):
                desk.alone(
                    plan,
                    factories.make_candidate(),
                    NOW,
                    number=f"B{plan.pk}-u{next(SERIAL)}",
                    sponsor_id=self.unit.organisation_id,
                )

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def do(self, call: Any, **given: Any) -> Any:
        try:
            return call(now=NOW, **given)
        except Refusal as refused:
            if refused.code not in LAWFUL:
                raise
            return None

    def reference(self) -> str:
        self.turn += 1
        return f"R{self.turn}"

    @rule(which=pick)
    def charge(self, which: int) -> None:
        self.do(actions.charge_all, by=self.first, plan_id=self.plans[which % 2].pk)

    @rule(which=pick, who=pick, online=st.booleans())
    def order(self, which: int, who: int, online: bool) -> None:
        plan = self.plans[which % 2]
        provider = "sandbox" if online else ""
        if who % 3 == 2:
            self.do(
                actions.open_order,
                by=self.unit,
                plan_id=plan.pk,
                provider=provider,
                payer_organisation_id=self.unit.organisation_id,
            )
            return
        person = self.people[who % 3]
        mine = Application.objects.filter(plan=plan, identity_id=person.identity_id).values_list("pk", flat=True)
        self.do(actions.open_order, by=person, plan_id=plan.pk, application_ids=list(mine), provider=provider)

    @rule(which=pick, step=st.sampled_from(["note", "confirm", "reject", "close", "refresh"]))
    def by_hand(self, which: int, step: str) -> None:
        orders = list(Order.objects.exclude(state="paid").order_by("id"))
        if not orders:
            return
        order = orders[which % len(orders)]
        given: dict[str, Any] = {"by": self.second, "order_id": order.pk}
        if step == "note":
            given.update(by=self.first, method="cash", voucher=self.reference())
        if step == "reject":
            given.update(note="不清")
        self.do(getattr(actions, step), **given)

    @rule(which=pick, kind=st.sampled_from(["paid", "paid", "closed"]), serial=st.integers(1, 2), wrong=st.booleans())
    def called_back(self, which: int, kind: str, serial: int, wrong: bool) -> None:
        orders = list(Order.objects.filter(provider="sandbox").order_by("id"))
        if not orders:
            return
        order = orders[which % len(orders)]
        if kind == "paid" and not wrong:
            SandboxTrade.objects.filter(number=order.number).update(state="paid")
        fen = order.amount_fen + 1 if wrong else None
        headers, body = sandbox.callback(order.number, kind, NOW, amount_fen=fen, serial=serial + 2 * wrong)
        self.do(actions.hear, by=SYSTEM, provider="sandbox", headers=headers, body=body)

    @rule(which=pick, many=st.integers(1, 4), reason=st.sampled_from(["withdrawn", "wrong_payer", "overpaid"]))
    def ask_back(self, which: int, many: int, reason: str) -> None:
        payments = list(Payment.objects.order_by("id"))
        if payments:
            payment = payments[which % len(payments)]
            held = [pk for pk, _fen in queries.held_by(payment.pk)][:many]
            self.do(
                actions.request_refund, by=self.first, payment_id=payment.pk, reason=reason, note="退", charge_ids=held
            )

    @rule(which=pick, step=st.sampled_from(["approve", "refuse_refund", "pay_out", "pay_out"]))
    def give_back(self, which: int, step: str) -> None:
        asked = list(RefundRequest.objects.order_by("id"))
        if asked:
            given = {"pay_out": {"voucher": self.reference()}, "refuse_refund": {"note": "不退"}, "approve": {}}[step]
            self.do(getattr(actions, step), by=self.second, request_id=asked[which % len(asked)].pk, **given)

    @rule(which=pick)
    def leave(self, which: int) -> None:
        rows = list(Application.objects.filter(plan__in=self.plans, state="accepted").order_by("id"))
        if len(rows) > 3:
            left = rows[which % len(rows)]
            Application.objects.filter(pk=left.pk).update(state="withdrawn")
            self.do(actions.reverse, by=self.first, plan_id=left.plan_id)

    @rule(one=pick, other=pick)
    def move_over(self, one: int, other: int) -> None:
        rows = list(Application.objects.filter(plan__in=self.plans).order_by("id"))
        self.do(
            actions.transfer,
            by=self.first,
            from_application_id=rows[one % len(rows)].pk,
            to_application_id=rows[other % len(rows)].pk,
        )

    @rule(which=pick, void=st.booleans())
    def receipt(self, which: int, void: bool) -> None:
        payments = list(Payment.objects.order_by("id"))
        if payments:
            made = self.do(actions.receipt, by=self.first, payment_id=payments[which % len(payments)].pk)
            if void and made:
                self.do(actions.void_receipt, by=self.first, receipt_id=made.pk, reason="错")

    @rule(fen=st.integers(1, 100_000))
    def statement(self, fen: int) -> None:
        row = (self.reference(), "2026-06-01", f"{fen // 100}.{fen % 100:02d}")
        for _ in range(2):
            self.do(actions.import_statement, by=self.first, source="bank", file_name="x", data=sheet(row))

    @rule(which=pick, who=pick)
    def claim(self, which: int, who: int) -> None:
        lines = list(StatementLine.objects.order_by("id"))
        if not lines:
            return
        plan = self.plans[who % 2]
        given: dict[str, Any] = {"payer_organisation_id": self.unit.organisation_id}
        if who % 3 < 2:
            mine = Application.objects.filter(plan=plan, identity_id=self.people[who % 3].identity_id)
            given = {"application_id": mine.values_list("pk", flat=True)[0]}
        made = self.do(
            actions.propose_match,
            by=self.first,
            line_id=lines[which % len(lines)].pk,
            note="依据",
            plan_id=plan.pk,
            **given,
        )
        if made:
            self.do(actions.confirm_match, by=self.second, match_id=made.pk)

    @invariant()
    def every_charge_is_between_nothing_and_its_sum(self) -> None:
        for charge in queries.with_balance(Charge.objects.select_related("reversal")):
            assert 0 <= charge.paid <= charge.amount_fen
            if hasattr(charge, "reversal"):
                assert charge.paid == 0

    @invariant()
    def every_payment_is_settled_credited_or_given_back(self) -> None:
        for payment in Payment.objects.all():
            back = payment.refunds.aggregate(t=Sum("amount_fen"))["t"] or 0
            assert 0 <= back <= payment.amount_fen
            settled = sum(fen for _pk, fen in queries.held_by(payment.pk))
            assert payment.amount_fen == settled + queries.credit_of(payment.pk) + back
            assert queries.credit_of(payment.pk) >= 0

    @invariant()
    def the_sums_balance_for_every_payer_and_plan(self) -> None:
        sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
        allocated: dict[int, int] = defaultdict(int)
        for charge_id, fen in Allocation.objects.values_list("charge_id", "amount_fen"):
            allocated[charge_id] += fen
        reversed_ = set(Reversal.objects.values_list("charge_id", flat=True))
        for charge in Charge.objects.select_related("application"):
            whose = (charge.plan_id, charge.payer_organisation_id or f"p{charge.application.identity_id}")
            row = sums[whose]
            row[0] += charge.amount_fen
            row[1] += charge.amount_fen if charge.pk in reversed_ else 0
            row[2] += 0 if charge.pk in reversed_ else charge.amount_fen - allocated[charge.pk]
        for payment in Payment.objects.all():
            whose = (payment.plan_id, payment.payer_organisation_id or f"p{payment.identity_id}")
            sums[whose][3] += payment.amount_fen
            sums[whose][5] += queries.credit_of(payment.pk)
        for fen, plan, unit, person in Refund.objects.values_list(
            "amount_fen", "payment__plan_id", "payment__payer_organisation_id", "payment__identity_id"
        ):
            sums[plan, unit or f"p{person}"][4] += fen
        payers: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
        for (_plan, payer), row in sums.items():
            payers[payer] = [one + two for one, two in zip(payers[payer], row, strict=True)]
        for charged, reduced, owing, received, refunded, credit in payers.values():
            assert charged - reduced + credit == received - refunded + owing

    @invariant()
    def the_ledger_says_the_same_and_sums_to_nothing(self) -> None:
        book = ledger.entries(self.first)
        sums, accounts = ledger.totals(book), ledger.accounts(book)
        assert sum(accounts.values()) == 0
        assert accounts.get("elsewhere", 0) == sums.moved == 0
        assert (
            accounts.get("owing", 0)
            == sums.owing
            == sum(fen for _row, fen in queries.outstanding(Charge.objects.all()))
        )
        assert (
            accounts.get("credit", 0)
            == -sums.credit
            == -sum(map(queries.credit_of, Payment.objects.values_list("pk", flat=True)))
        )
        assert accounts.get("money", 0) == sums.received - sums.refunded
        assert sums.charged - sums.reduced + sums.credit == sums.received - sums.refunded + sums.owing
        for name, payee in sums.payees.items():
            rows = queries.with_balance(Charge.objects.filter(payee=name, reversal=None))
            assert payee.owing == sum(row.amount_fen - row.paid for row in rows)

    @invariant()
    def the_ledger_of_one_plan_says_what_its_charges_say(self) -> None:
        for plan in self.plans:
            book = ledger.entries(self.first, plan_id=plan.pk)
            sums, accounts = ledger.totals(book), ledger.accounts(book)
            assert sum(accounts.values()) == 0
            assert sums.owing == sum(fen for _row, fen in queries.outstanding(Charge.objects.filter(plan=plan)))
            payments = Payment.objects.filter(plan=plan).values_list("pk", flat=True)
            assert sums.credit == sum(map(queries.credit_of, payments))

    @invariant()
    def numbers_have_no_gap_and_no_twin(self) -> None:
        found = defaultdict(list)  # SJ20260012-000001: each body counts its own receipts
        for number in Receipt.objects.order_by("id").values_list("number", flat=True):
            body, _dash, serial = number.removeprefix("SJ2026").partition("-")
            found[body].append(int(serial))
        assert all(serials == list(range(1, len(serials) + 1)) for serials in found.values())

    @invariant()
    def orders_and_claims_that_are_paid_have_their_money_once(self) -> None:
        paid = set(Order.objects.filter(state="paid").values_list("pk", flat=True))
        booked = list(Payment.objects.exclude(order=None).values_list("order_id", flat=True))
        assert sorted(booked) == sorted(paid)
        claimed = Match.objects.filter(state="confirmed", line__occurrence=1).count()
        assert Payment.objects.filter(order=None).count() == claimed


@pytest.mark.django_db
def test_whatever_happens_the_sums_balance(settings_: None, school: Person, body: Person) -> None:
    cases.catalogue()
    cases.fee_table()
    FeeLine.objects.create(
        document="示范收费表",
        occupation_code="6-31-01-03",
        level=4,
        item="materials",
        payee="site",
        amount_fen=777,
        valid_from="2015-01-01",
        label="示范数据",
    )
    Till.first, Till.second, Till.unit = body, desk.colleague(body), school
    Till.people = [factories.make_candidate(), factories.make_candidate()]
    run_state_machine_as_test(
        Till,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        ),
    )


@pytest.fixture
def settings_(settings: Any) -> None:
    settings.DEMONSTRATION = True
