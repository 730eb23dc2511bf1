"""Pages of money by role: charged, paid, receipted, given back; the amount in words."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiangheng.applications.models import Application
from jiangheng.fees import actions, printing, queries
from jiangheng.fees.models import Bill, Charge, Match, Order, Payment, Receipt, RefundRequest, Statement
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases
from tests.fees.desk import FEN, alone, batch, colleague, paid, sheet

SignIn = Callable[..., Client]


def url(name: str, *args: object) -> str:
    return reverse(f"fees:{name}", args=args)


def test_a_clerk_charges_notes_money_a_second_confirms_prints_and_gives_back(
    school: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    cases.catalogue()
    plan = batch(school, body, now, people=2)
    browser, other = client_for(body, now), client_for(colleague(body), now)
    refused = browser.post(url("charge", plan.pk))
    assert refused.status_code == 409
    assert "收费标准" in refused.content.decode()
    cases.fee_table()
    assert browser.post(url("charge", plan.pk)).status_code == 302
    assert "860.00" in browser.get(url("list")).content.decode()
    page = browser.get(url("plan", plan.pk)).content.decode()
    assert "示范数据" in page
    assert "按收款主体" in page
    typed = {"payer": f"unit-{school.organisation_id}", "method": "transfer", "voucher": "H1", "paid_on": "2026-06-01"}
    assert browser.post(url("pay", plan.pk), {**typed, "paid_on": "2026-06-02", "_once": "0"}).status_code == 422
    assert browser.post(url("pay", plan.pk), {**typed, "payer": "unit-0"}).status_code == 422
    assert browser.post(url("pay", plan.pk), {**typed, "_once": "1"}).status_code == 302
    order = Order.objects.get()
    assert "等待" not in browser.get(url("order", order.pk)).content.decode()
    assert browser.post(url("order_step", order.pk, "confirm"), {"_version": order.version}).status_code == 403
    assert other.get(url("order_step", order.pk, "confirm")).status_code == 200
    assert other.post(url("order_step", order.pk, "confirm"), {}).status_code == 302
    payment = Payment.objects.get()
    assert payment.amount_fen == 2 * FEN
    assert browser.post(url("issue", payment.pk)).status_code == 302
    receipt = Receipt.objects.get()
    for _ in range(2):
        assert browser.post(url("receipt_print", receipt.pk)).content.startswith(b"%PDF")
    assert receipt.prints.count() == 2
    assert client_for(school, now).get(url("receipt", receipt.pk)).content.startswith(b"%PDF")
    charge = Charge.objects.order_by("id")[0]
    ask = {"reason": "withdrawn", "note": "因病", "charges": [charge.pk]}
    assert browser.post(url("refund", payment.pk), {**ask, "_once": "2"}).status_code == 422
    theirs = "-".join(str(pk) for pk in charge.application.charges.order_by("id").values_list("pk", flat=True))
    assert f'value="{theirs}"' in browser.get(url("refund", payment.pk)).content.decode()
    assert browser.post(url("refund", payment.pk) + "?by=item", {**ask, "_once": "3"}).status_code == 302
    request = RefundRequest.objects.get()
    assert browser.post(url("refund_step", request.pk, "approve")).status_code == 403
    assert other.post(url("refund_step", request.pk, "approve")).status_code == 302
    assert other.post(url("refund_step", request.pk, "pay_out"), {"voucher": ""}).status_code == 422
    assert other.post(url("refund_step", request.pk, "pay_out"), {"voucher": "T1"}).status_code == 302
    page = browser.get(url("payment", payment.pk)).content.decode()
    assert f"¥{(2 * FEN - charge.amount_fen) / 100:.2f}" in page
    assert "因病" in page
    void = browser.post(url("receipt_void", receipt.pk), {"reason": "名称有误"})
    assert void.status_code == 302
    assert "已作废" in browser.get(url("payment", payment.pk)).content.decode()
    ledger = browser.get(url("ledger") + f"?plan={plan.pk}").content.decode()
    assert "退款合计" in ledger
    assert browser.get(url("ledger") + "?export=1").content.startswith(b"PK")
    assert browser.get(url("ledger") + "?plan=x&first=yesterday").status_code == 200


def test_a_candidate_pays_on_the_phone_and_sees_their_own_only(
    school: Person, body: Person, candidate: Person, now: datetime, client_for: SignIn, settings: Any
) -> None:
    settings.DEMONSTRATION = True
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=2)
    alone(plan, candidate, now)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    browser = client_for(candidate, now)
    page = browser.get(url("list")).content.decode()
    assert page.count("示范收费表") == 3
    assert "430.00" in page
    made = browser.post(url("pay", plan.pk), {"way": "sandbox"})
    order = Order.objects.get()
    assert made["Location"] == url("order", order.pk)
    assert "演示支付，不产生真实扣款" in browser.get(url("order", order.pk)).content.decode()
    shown = browser.get(url("sandbox", order.number)).content.decode()
    assert "不产生真实扣款" in shown
    assert browser.post(url("sandbox", order.number)).status_code == 302
    assert Payment.objects.get().amount_fen == FEN
    assert "已入账" in browser.get(url("order", order.pk)).content.decode()
    assert client_for(school, now).get(url("order", order.pk)).status_code == 404
    assert client_for(factories.make_candidate(), now).get(url("sandbox", order.number)).status_code == 404
    settings.DEMONSTRATION = False
    assert browser.get(url("sandbox", order.number)).status_code == 404


def test_a_sponsor_reads_and_answers_its_bill(school: Person, body: Person, now: datetime, client_for: SignIn) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=2)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    bill = Bill.objects.get()
    browser = client_for(school, now)
    assert bill.number in browser.get(url("bills")).content.decode()
    assert "860.00" in browser.get(url("bill", bill.pk)).content.decode()
    assert browser.post(url("bill_step", bill.pk, "question"), {"note": ""}).status_code == 422
    assert browser.post(url("bill_step", bill.pk, "question"), {"note": "人数不符"}).status_code == 302
    assert client_for(body, now).post(url("bill_step", bill.pk, "answer"), {"note": "已核"}).status_code == 302
    assert browser.post(url("bill_step", bill.pk, "agree")).status_code == 302
    assert browser.post(url("pay", plan.pk), {"way": ""}).status_code == 302
    assert Order.objects.get().payer_organisation_id == school.organisation_id


def test_a_bills_paper_has_its_sums_and_its_people(
    school: Person, body: Person, other_body: Person, now: datetime, client_for: SignIn
) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=3)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    first, last = plan.applications.order_by("id")[0], plan.applications.order_by("id")[2]
    paid(body, colleague(body), plan, now, unit=school.organisation_id, people=(first.pk,))
    Application.objects.filter(pk=last.pk).update(state="withdrawn")
    actions.reverse(by=body, now=now, plan_id=plan.pk)
    bill = Bill.objects.get()
    found = queries.bill(school, bill.pk)
    assert (found.people, found.charged, found.paid, found.owed) == (2, 2 * FEN, FEN, FEN)
    assert sum(line["fen"] for line in queries.lines_of_bill(bill.pk)) == 2 * FEN
    answer = client_for(school, now).get(url("bill_paper", bill.pk))
    assert bill.number in unquote(answer["Content-Disposition"])
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    for words in ("付款通知单", bill.number, "860.00", "430.00", "肆佰叁拾元整", first.name, "示范数据", "不是收据"):
        assert words in text
    assert last.number not in text
    assert client_for(other_body, now).get(url("bill_paper", bill.pk)).status_code == 404
    assert client_for(factories.make_candidate(), now).get(url("bill_paper", bill.pk)).status_code == 403


def test_who_owes_nothing_is_not_asked_to_pay(school: Person, body: Person, now: datetime, client_for: SignIn) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=1)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    paid(body, colleague(body), plan, now, unit=school.organisation_id)
    answer = client_for(school, now).get(url("pay", plan.pk))
    assert answer.status_code == 409
    assert "没有需要缴纳的费用" in answer.content.decode()


def test_a_second_transfer_of_who_has_paid_is_claimed_by_number(
    body: Person, other_body: Person, now: datetime, client_for: SignIn
) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = cases.plan_of(body)
    application = alone(plan, factories.make_candidate(), now)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    second = colleague(body)
    paid(body, second, plan, now, people=(application.pk,))
    statement = actions.import_statement(
        by=body, now=now, source="bank", file_name="x", data=sheet(("H2", "2026-06-01", "430.00", "某人", ""))
    )
    browser, line = client_for(body, now), statement.lines.get()
    assert "报名序号" in browser.get(url("claim", line.pk)).content.decode()
    for typed in ({}, {"number": "没有"}):
        assert browser.post(url("claim", line.pk), {"note": "重复汇款", **typed}).status_code == 422
    given = {"note": "重复汇款", "number": application.number, "_once": "7"}
    assert client_for(other_body, now).post(url("claim", line.pk), given).status_code == 404
    assert browser.post(url("claim", line.pk), given).status_code == 302
    actions.confirm_match(by=second, now=now, match_id=Match.objects.get().pk)
    payment = Payment.objects.get(reference="H2")
    assert (payment.identity_id, queries.credit_of(payment.pk)) == (application.identity_id, FEN)


def test_a_statement_is_taken_in_claimed_and_confirmed(
    school: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=1)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    browser, other = client_for(body, now), client_for(colleague(body), now)
    assert browser.get(url("statement_template")).content.startswith(b"PK")

    def handed_in(*row: Any) -> Any:
        file = io.BytesIO(sheet(row))
        file.name = "对账单.xlsx"
        return browser.post(url("statement_upload"), {"source": "bank", "file": file})

    wrong = handed_in("H1", "昨天", "1.00", "", "")
    assert wrong.status_code == 422
    assert "没有导入任何一行" in wrong.content.decode()
    assert handed_in("H1", "2026-06-01", "430.00", "某校", "").status_code == 302
    statement = Statement.objects.get()
    assert "账面没有" in browser.get(url("statement", statement.pk)).content.decode()
    line = statement.lines.get()
    payer = f"{plan.pk}-unit-{school.organisation_id}"
    assert browser.post(url("claim", line.pk), {"payer": "1-unit-0", "note": "来函"}).status_code == 422
    assert browser.post(url("claim", line.pk), {"payer": payer, "note": "来函", "_once": "4"}).status_code == 302
    match = Match.objects.get()
    assert browser.post(url("match_step", match.pk, "confirm")).status_code == 403
    assert other.post(url("match_step", match.pk, "confirm")).status_code == 302
    assert "已认领" in browser.get(url("statement", statement.pk)).content.decode()
    assert Payment.objects.get().amount_fen == FEN
    assert client_for(school, now).get(url("statements")).status_code == 403


def test_no_way_across(school: Person, body: Person, other_body: Person, now: datetime, client_for: SignIn) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = batch(school, body, now, people=1)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    payment = paid(body, colleague(body), plan, now, unit=school.organisation_id)
    receipt = actions.receipt(by=body, now=now, payment_id=payment.pk)
    bill = Bill.objects.get()
    order = Order.objects.get()
    stranger = factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))
    pages = (
        url("plan", plan.pk),
        url("payment", payment.pk),
        url("receipt", receipt.pk),
        url("bill", bill.pk),
        url("order", order.pk),
        url("refund", payment.pk),
    )
    for person in (other_body, stranger):
        browser = client_for(person, now)
        assert [browser.get(page).status_code for page in pages] == [404] * len(pages)
    browser = client_for(other_body, now)
    for page in (
        url("charge", plan.pk),
        url("pay", plan.pk),
        url("reverse", plan.pk),
        url("remind", plan.pk),
        url("receipt_void", receipt.pk),
        url("receipt_print", receipt.pk),
        url("order_step", order.pk, "confirm"),
    ):
        assert browser.post(page).status_code == 404
    assert client_for(school, now).post(url("charge", plan.pk)).status_code == 403


@pytest.mark.parametrize("page", ["list", "payments", "arrears", "bills", "orders", "refunds", "ledger"])
def test_each_list_asks_as_much_at_three_rows_as_at_one(
    page: str, school: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    cases.catalogue()
    cases.fee_table()
    browser, second = client_for(body, now), colleague(body)

    def add() -> None:
        plan = batch(school, body, now, people=2)
        Application.objects.filter(plan=plan).update(state="accepted")
        actions.charge_all(by=body, now=now, plan_id=plan.pk)
        payment = paid(
            body,
            second,
            plan,
            now,
            f"H{plan.pk}",
            unit=school.organisation_id,
            people=(plan.applications.order_by("id")[0].pk,),
        )
        actions.request_refund(
            by=body,
            now=now,
            payment_id=payment.pk,
            reason="withdrawn",
            note="因病",
            charge_ids=[plan.charges.all()[0].pk],
        )
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


def test_a_transfer_without_a_place_says_so(school: Person, body: Person, now: datetime, client_for: SignIn) -> None:
    cases.catalogue()
    cases.fee_table()
    plan = cases.plan_of(body)
    person = factories.make_candidate()
    old = alone(plan, person, now)
    actions.charge_all(by=body, now=now, plan_id=plan.pk)
    browser, address = client_for(body, now), f"/fees/applications/{old.pk}/transfer/"
    assert "没有已计费的其他申请可以转入" in browser.get(address).text
    assert browser.post(address, {"to": ""}).status_code == 422
    again = alone(cases.plan_of(body), person, now)
    actions.charge_all(by=body, now=now, plan_id=again.plan_id)
    page = browser.get(address).text
    assert again.number in page
    assert "请选择申请" in page
    assert "没有已计费的其他申请可以转入" not in page
