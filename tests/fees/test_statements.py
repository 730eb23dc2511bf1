"""Statements (三（七）): whole or not at all, once, every fault at its row; lines claimed by two people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from jiangheng.fees import actions, queries, statements
from jiangheng.fees.models import Payment, Statement, StatementLine
from jiangheng.plans.models import Plan
from jiangheng.rules.fees.reconciling import KINDS
from jiangheng.rules.roles import Person
from tests.applications import cases
from tests.asking import refusal
from tests.fees import desk
from tests.fees.desk import FEN, HEADINGS, sheet


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


def taken(body: Person, now: datetime, *rows: Sequence[Any], source: str = "bank") -> Statement:
    return actions.import_statement(by=body, now=now, source=source, file_name="对账单.xlsx", data=sheet(*rows))


def words(body: Person, statement: Statement) -> list[str]:
    return [each.kind for each in queries.findings(queries.statement(body, statement.pk))]


def test_each_line_and_each_payment_gets_its_word(
    school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    people = list(queries.arrears(body).order_by("id").values_list("pk", flat=True))
    for number, pk in enumerate(people, start=1):
        desk.paid(body, second, plan, now, f"H{number}", unit=school.organisation_id, people=(pk,))
    made = taken(
        body,
        now,
        ("H1", "2026-06-01", "430.00", "示例培训学校", ""),
        ("H2", date(2026, 6, 1), 420, "示例培训学校", ""),
        ("H9", "2026/5/31", "￥1,000.00", "不知名", ""),
        ("H1", "2026-06-01", "430.00", "示例培训学校", ""),
    )
    assert words(body, made) == ["matched", "amount_differs", "unknown", "duplicate", "missing"]
    assert set(words(body, made)) <= set(KINDS)


def test_the_same_statement_again_adds_nothing(body: Person, plan: Plan, now: datetime) -> None:
    rows = [("H1", "2026-06-01", "1.00", "", ""), ("H1", "2026-06-01", "1.00", "", "")]
    assert (taken(body, now, *rows).added, taken(body, now, *rows).added) == (2, 0)
    assert taken(body, now, *rows, ("H2", "2026-06-01", "5", "", "")).added == 1
    assert StatementLine.objects.count() == 3
    assert (
        refusal(
            actions.import_statement,
            by=body,
            now=now,
            source="bank",
            file_name="x",
            data=sheet(("H1", "2026-06-01", "2")),
        ).code
        == "statement.faults"
    )


def test_a_fault_keeps_everything_out(body: Person, now: datetime) -> None:
    rows = [
        ("H1", "2026-06-01", "1.00"),
        ("", "2026-06-01", "1"),
        ("H3", "昨天", "1"),
        ("H4", "2026-06-02", "1"),
        ("H5", "2026-02-30", "1"),
        ("H6", "2026-06-01", "一元"),
        ("H7", "2026-06-01", "0"),
        ("H8", "2026-06-01", "-1"),
        ("H9", "2026-06-01", "1.001"),
    ]
    found = refusal(actions.import_statement, by=body, now=now, source="bank", file_name="x", data=sheet(*rows))
    assert (found.code, found.status, found.params["count"]) == ("statement.faults", 422, 8)
    assert StatementLine.objects.count() == Statement.objects.count() == 0
    _rows, faults = statements.parse([HEADINGS, *rows], date(2026, 6, 1))
    assert [(each.row, each.column) for each in faults] == [
        (3, "流水号"),
        (4, "日期"),
        (5, "日期"),
        (6, "日期"),
        (7, "金额（元）"),
        (8, "金额（元）"),
        (9, "金额（元）"),
        (10, "金额（元）"),
    ]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", "姓名,金额\n甲,1\n".encode(), sheet()])
def test_what_is_no_statement_is_refused(data: bytes, body: Person, now: datetime) -> None:
    found = refusal(actions.import_statement, by=body, now=now, source="bank", file_name="x", data=data)
    assert 400 <= found.status < 500
    assert Statement.objects.count() == 0


def test_other_banks_headings_and_csv_are_read(body: Person, now: datetime) -> None:
    text = "某银行交易明细\n交易日期,凭证号,贷方发生额,对方户名,附言\n20260601,B1,12.30,某校,认定费\n20260601,B2,,水电公司,付款\n,,,,\n,合计,12.30,,\n"
    made = actions.import_statement(by=body, now=now, source="bank", file_name="明细.csv", data=text.encode("gb18030"))
    line = made.lines.get()
    assert (line.reference, line.day, line.amount_fen, line.payer) == ("B1", date(2026, 6, 1), 1230, "某校")


def test_unknown_money_is_claimed_by_two_people_and_the_rest_is_credit(
    school: Person, body: Person, second: Person, other_body: Person, plan: Plan, now: datetime
) -> None:
    made = taken(body, now, ("H9", "2026-06-01", "1300.00", "某校", ""))
    line = made.lines.get()
    given = {"line_id": line.pk, "now": now}
    whose = {"plan_id": plan.pk, "payer_organisation_id": school.organisation_id}
    assert refusal(actions.propose_match, by=body, note="x", **given).code == "match.payer"
    assert refusal(actions.propose_match, by=body, note=" ", **given, **whose).code == "match.note"
    assert refusal(actions.propose_match, by=other_body, note="x", **given, **whose).status == 404
    match = actions.propose_match(by=body, note="单位来函", **given, **whose)
    assert refusal(actions.propose_match, by=second, note="x", **given, **whose).code == "match.standing"
    assert refusal(actions.confirm_match, by=body, now=now, match_id=match.pk).code == "match.same_person"
    actions.confirm_match(by=second, now=now, match_id=match.pk)
    payment = Payment.objects.get()
    assert desk.balance(plan.pk) == queries.Balance(3 * FEN, 3 * FEN)
    assert queries.credit_of(payment.pk) == 130000 - 3 * FEN
    assert words(body, made) == ["claimed"]
    assert refusal(actions.confirm_match, by=second, now=now, match_id=match.pk).code == "flow.state"


def test_a_refused_claim_leaves_the_line_open(
    school: Person, body: Person, second: Person, plan: Plan, now: datetime
) -> None:
    made = taken(body, now, ("H9", "2026-06-01", "430.00", "", ""))
    line = made.lines.get()
    for _ in range(2):
        match = actions.propose_match(
            by=body,
            now=now,
            line_id=line.pk,
            note="依据",
            plan_id=plan.pk,
            payer_organisation_id=school.organisation_id,
        )
        actions.refuse_match(by=second, now=now, match_id=match.pk, note="不是该单位")
    assert words(body, made) == ["unknown"]
    assert Payment.objects.count() == 0


def test_statements_are_seen_by_their_body_and_the_centre(
    school: Person, body: Person, other_body: Person, centre: Person, candidate: Person, now: datetime
) -> None:
    taken(body, now, ("H1", "2026-06-01", "1.00"))
    seen = [queries.statements_visible_to(person).count() for person in (body, centre, other_body, school, candidate)]
    assert seen == [1, 1, 0, 0, 0]


TODAY = date(2026, 11, 28)


def read(*rows: Sequence[Any]) -> tuple[list[tuple[int, str, int]], list[tuple[int, str]], list[int]]:
    found = statements.read(rows, TODAY)
    lines = [(each.row, each.reference, each.amount_fen) for each in found.rows]
    return lines, [(each.row, each.column) for each in found.faults], found.passed_over


@pytest.mark.parametrize(
    ("rows", "lines", "passed"),
    [
        (  # a bank: totals in the first column, tabs and marks round numbers, what went out in a column of its own
            [("示例银行",), ("交易日期", "交易流水号", "借方发生额", "贷方发生额", "对方户名"),
             ("2026-11-20", "20261120\t", "", "1,430.00", "甲校"), ("20261122", "'20261122", "50.00", "", ""),
             ("合计", "", "50.00", "1,430.00", ""), ("打印日期：2026-11-28", "", "", "", "")],
            [(3, "20261120", 143000)], [4, 5, 6],
        ),
        (  # a mark tells which way
            [("记账日期", "流水号", "借贷标志", "发生额"), ("2026-11-20", "A1", "贷", "￥430"), ("2026-11-20", "A2", "借", "20")],
            [(2, "A1", 43000)], [3],
        ),
        (  # a sign tells which way
            [("交易时间", "交易流水", "交易金额（元）"), ("2026-11-20 10:00", "A1", "+430.00"), ("2026-11-20 10:00", "A2", "-5.00")],
            [(2, "A1", 43000)], [3],
        ),
        (  # Alipay for merchants
            [("#支付宝业务明细查询",), ("#账号：[2088]",),
             ("支付宝交易号\t", "商户订单号\t", "完成时间 ", "订单金额（元） ", "商家实收（元） "),
             ("2026112022\t", "JF1\t", "2026-11-20 10:00:05 ", "430.00 ", "429.00 "), ("#交易合计：1笔",)],
            [(4, "2026112022", 42900)], [5],
        ),
        (  # WeChat Pay: the totals have a heading of their own
            [("交易时间", "微信订单号", "商户订单号", "应结订单金额"), ("`2026-11-20 10:00:00", "`42000", "`JF1", "`430.00"),
             ("总交易单数", "应结订单总金额"), ("`1", "`430.00")],
            [(2, "42000", 43000)], [3, 4],
        ),
        (  # a heading on every printed page
            [HEADINGS, ("H1", "2026-11-20", "1"), HEADINGS, ("H2", "2026-11-20", "2"), ("", "", "3.00", "", "本页小计")],
            [(2, "H1", 100), (4, "H2", 200)], [3, 5],
        ),
    ],
    ids=["bank", "mark", "sign", "alipay", "wechat", "pages"],
)  # read as a table  # fmt: skip
def test_the_layouts_of_banks_and_providers_are_read(
    rows: list[tuple[str, ...]], lines: list[tuple[int, str, int]], passed: list[int]
) -> None:
    assert read(*rows) == (lines, [], passed)


def test_a_payment_for_a_total_is_a_payment() -> None:
    assert read(HEADINGS, ("H1", "2026-11-20", "1", "合计贸易公司", "合计款"))[0] == [(2, "H1", 100)]


def test_a_reference_kept_as_a_number_has_lost_digits() -> None:
    rows = [
        (2.0261120000123456e18, "2026-11-20", "1"),
        ("2.02611E+18", "2026-11-20", "1"),
        (20261120.0, "2026-11-20", 1),
    ]
    assert read(HEADINGS, *rows) == ([(4, "20261120", 100)], [(2, "流水号"), (3, "流水号")], [])


def test_an_unknown_layout_is_told_which_headings_are_known() -> None:
    (fault,) = statements.read([("时点", "贷方发生额", "序列"), ("2026-11-20", "1", "2")], TODAY).faults
    assert all(word in fault.sentence() for word in ("流水号", "支付宝交易号", "日期", "记账日期"))
    assert "贷方发生额" not in fault.sentence()


def test_every_fault_stands_on_the_page(body: Person, client_for: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = sheet(("", "2026-06-01", "1"), ("H2", "昨天", "1"), ("H3", "2026-06-01", "零"))
    upload = SimpleUploadedFile("对账单.xlsx", data)
    page = client_for(body).post("/fees/statements/new/", {"source": "bank", "file": upload}).content.decode()
    assert [f">{row}</td>" in page for row in (2, 3, 4)] == [True] * 3
    assert all(word in page for word in ("流水号未填写", "日期无法识别", "金额应为大于零"))


@pytest.mark.django_db
def test_the_command_tells_lines_and_faults(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    import json

    from jiangheng.command.main import main

    path = tmp_path / "x.xlsx"
    path.write_bytes(sheet(("H1", "2026-06-01", "430"), ("合计", "", "430")))
    assert main(["fees", "statement", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert ([each["amount_fen"] for each in told["lines"]], told["faults"], told["passed_over"]) == ([43000], [], [3])
    path.write_bytes(sheet(("", "2026-06-01", "430")))
    assert main(["fees", "statement", str(path), "--json"]) == 1
