"""Pages of money by role: charged, paid, receipted, given back; the amount in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiangheng.applications.models import Application
from jiangheng.fees import actions, printing
from jiangheng.fees.models import Charge, Payment, Receipt, Refund
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases
from tests.fees.test_money import FEN, batch

SignIn = Callable[..., Client]


def url(name: str, *args: object) -> str:
    return reverse(f"fees:{name}", args=args)


def test_a_clerk_charges_takes_money_prints_and_gives_back(
    school: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    cases.catalogue()
    plan = batch(school, body, now, people=2)
    browser = client_for(body, now)
    refused = browser.post(url("charge", plan.pk))
    assert refused.status_code == 409
    assert "收费标准" in refused.content.decode()
    cases.fee_table()
    assert browser.post(url("charge", plan.pk)).status_code == 302
    assert "860.00" in browser.get(url("list")).content.decode()
    assert "示范数据" in browser.get(url("plan", plan.pk)).content.decode()
    unit = f"unit-{school.organisation_id}"
    typed = {"payer": unit, "amount": "900", "reference": "H1", "method": "bank", "paid_on": "2026-06-01"}
    over = browser.post(url("pay", plan.pk), {**typed, "_once": "1"})
    assert over.status_code == 409
    assert "超过应缴余额860.00元" in over.content.decode()
    assert browser.post(url("pay", plan.pk), {**typed, "amount": "1.005"}).status_code == 422
    assert browser.post(url("pay", plan.pk), {**typed, "amount": "860.00", "_once": "2"}).status_code == 302
    payment = Payment.objects.get()
    assert browser.post(url("issue", payment.pk)).status_code == 302
    receipt = Receipt.objects.get()
    pdf = client_for(school, now).get(url("receipt", receipt.pk))
    assert pdf.content.startswith(b"%PDF")
    assert browser.post(url("refund", payment.pk), {"amount": "10", "reason": "多收"}).status_code == 302
    assert Refund.objects.get().amount_fen == 1000
    page = browser.get(url("payment", payment.pk)).content.decode()
    assert "¥850.00" in page
    assert "多收" in page
    assert "¥10.00" in browser.get(url("arrears") + f"?plan={plan.pk}").content.decode()


def test_a_candidate_sees_their_own_charge_only(
    school: Person, body: Person, candidate: Person, now: datetime, client_for: SignIn
) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=2)
    own = cases.submitted(candidate, plan, now)
    from jiangheng.applications import actions as applications

    applications.accept(by=body, now=now, application_id=own.pk)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    assert Charge.objects.filter(application=own, payer_organisation=None).count() == 3
    page = client_for(candidate, now).get(url("list")).content.decode()
    assert page.count("示范收费表") == 3
    assert page.count("本人") == 3


def test_no_way_across(school: Person, body: Person, other_body: Person, now: datetime, client_for: SignIn) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=1)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payment = actions.pay(
        by=body, now=now, plan_id=plan.pk, amount_fen=FEN, reference="H1", payer_organisation_id=school.organisation_id
    )
    receipt = actions.receipt(by=body, now=now, payment_id=payment.pk)
    stranger = factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))
    for person in (other_body, stranger):
        browser = client_for(person, now)
        for page in (url("plan", plan.pk), url("payment", payment.pk), url("receipt", receipt.pk)):
            assert browser.get(page).status_code == 404
    browser = client_for(other_body, now)
    assert browser.post(url("charge", plan.pk)).status_code == 404
    assert browser.post(url("pay", plan.pk)).status_code == 404
    assert browser.post(url("refund", payment.pk), {"amount": "1", "reason": "x"}).status_code == 404
    assert client_for(school, now).post(url("charge", plan.pk)).status_code == 403


@pytest.mark.parametrize("page", ["list", "payments", "arrears"])
def test_each_list_asks_as_much_at_three_rows_as_at_one(
    page: str, school: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    cases.catalogue()
    cases.fee_table()
    browser = client_for(body, now)

    def add() -> None:
        plan = batch(school, body, now, people=1)
        Application.objects.filter(plan=plan).update(state="accepted")
        actions.charge_all(by=body, now=now, plan_id=plan.pk)
        payment = actions.pay(
            by=body, now=now, plan_id=plan.pk, amount_fen=FEN // 2, reference=f"H{plan.pk}",
            payer_organisation_id=school.organisation_id,
        )  # fmt: skip
        actions.receipt(by=body, now=now, payment_id=payment.pk)

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(url(page)).status_code == 200
        return len(caught)

    add()
    statements()
    one = statements()
    add()
    add()
    assert statements() == one


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (13005, "壹佰叁拾元零伍分"),
        (780000, "柒仟捌佰元整"),
        (1000100, "壹万零壹元整"),
        (100000000, "壹佰万元整"),
        (10000000000, "壹亿元整"),
        (10001000010, "壹亿零壹万元壹角整"),
        (123456789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
    ],
)
def test_an_amount_in_words(fen: int, words: str) -> None:
    assert printing.in_words(fen) == words
