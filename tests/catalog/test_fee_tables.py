"""Fee tables from a workbook (三（七）): whole or not at all, dated, never changed once used."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from jiangheng.catalog import actions, queries
from jiangheng.catalog.fee_workbook import HEADINGS
from jiangheng.catalog.models import FeeLine
from jiangheng.fees import actions as fees
from jiangheng.files.exports import workbook
from jiangheng.rules.roles import Person
from tests.applications import cases
from tests.asking import refusal
from tests.fees import desk

GOOD = (
    ("6-31-01-03", "四级", "理论知识考核费", "认定机构", "1.00"),
    ("6-31-01-03", 4, "技能考核费", "", 2),
    ("6-31-01-03", "4", "耗材费", "考核场地", "3.5"),
)


def sheet(*rows: Sequence[Any]) -> bytes:
    return workbook("收费标准", HEADINGS, rows)


def entered(by: Person, now: datetime, *rows: Sequence[Any], **given: Any) -> list[FeeLine]:
    values = {"document": "示例收费文件2号", "valid_from": date(2026, 7, 1), **given}
    return actions.import_fee_table(by=by, now=now, data=sheet(*rows), **values)


def test_a_workbook_becomes_a_dated_table(centre: Person, now: datetime) -> None:
    cases.catalogue()
    entered(centre, now, *GOOD)
    lines = queries.fee_lines("6-31-01-03", 4, date(2026, 7, 1))
    assert {(row.item, row.payee, row.amount_fen) for row in lines} == {
        ("theory", "body", 100),
        ("skill", "body", 200),
        ("materials", "site", 350),
    }
    assert queries.fee_lines("6-31-01-03", 4, date(2026, 6, 30)) == ()


def test_every_fault_is_told_and_nothing_is_entered(centre: Person, now: datetime) -> None:
    cases.catalogue()
    rows = [
        GOOD[0],
        ("6-99-99-99", 4, "理论知识考核费", "", 1),
        ("6-31-01-03", "六级", "技能考核费", "", 1),
        ("6-31-01-03", 4, "茶水费", "", 1),
        ("6-31-01-03", 4, "技能考核费", "某公司", 1),
        ("6-31-01-03", 4, "技能考核费", "", "1.005"),
        ("6-31-01-03", 4, "技能考核费", "", -1),
        GOOD[0],
    ]
    _lines, faults = queries.read_fee_workbook(sheet(*rows), now)
    assert [(each.row, each.column) for each in faults] == [
        (3, "职业编码"),
        (4, "等级"),
        (5, "收费项目"),
        (6, "收款主体"),
        (7, "金额（元）"),
        (8, "金额（元）"),
        (9, "收费项目"),
    ]
    found = refusal(lambda: entered(centre, now, *rows))
    assert (found.code, found.status, found.params["count"]) == ("fee.rows", 422, 7)
    assert not FeeLine.objects.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", "甲,乙\n1,2\n".encode(), sheet()])
def test_what_is_no_fee_table_is_refused(data: bytes, centre: Person, now: datetime) -> None:
    given = {"document": "x", "valid_from": date(2026, 7, 1)}
    found = refusal(lambda: actions.import_fee_table(by=centre, now=now, data=data, **given))
    assert 400 <= found.status < 500


def test_only_the_centre_enters_tables(body: Person, now: datetime) -> None:
    assert refusal(lambda: entered(body, now, *GOOD)).status == 403


def test_a_new_table_replaces_the_old_from_its_day_and_never_what_was_charged(
    centre: Person, school: Person, body: Person, now: datetime
) -> None:
    cases.catalogue()
    entered(centre, now, *GOOD, valid_from=date(2026, 1, 1))
    plan = desk.batch(school, body, now, people=1)
    fees.charge_all(by=body, now=now, plan_id=plan.pk)
    assert refusal(lambda: entered(centre, now, *GOOD, document="3号")).code == "fee.overlap"
    used = refusal(lambda: entered(centre, now, *GOOD, document="3号", valid_from=date(2026, 6, 1), replace=True))
    assert used.code == "fee.in_use"
    dearer = [(*row[:4], 9) for row in GOOD]
    entered(centre, now, *dearer, document="3号", valid_from=date(2026, 6, 2), replace=True)
    for day, total in ((date(2026, 6, 1), 650), (date(2026, 6, 2), 2700)):
        assert sum(row.amount_fen for row in queries.fee_lines("6-31-01-03", 4, day)) == total
    assert sum(plan.charges.values_list("amount_fen", flat=True)) == 650


def test_the_database_keeps_a_line_as_it_was_entered(centre: Person, now: datetime) -> None:
    cases.catalogue()
    line = entered(centre, now, *GOOD)[0]
    rows = FeeLine.objects.filter(pk=line.pk)
    for change in ({"amount_fen": 1}, {"document": "x"}, {"valid_from": date(2020, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    rows.update(valid_to=date(2026, 12, 31))
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(valid_to=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db)


def test_the_centre_looks_before_it_enters(
    centre: Person, body: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    cases.catalogue()
    browser = client_for(centre, now)
    template = browser.get(reverse("catalog:fee_template"))
    assert template.content.startswith(b"PK")
    typed = {"document": "示例收费文件2号", "valid_from": "2026-07-01"}

    def handed_in(*rows: Sequence[Any]) -> str:
        file = io.BytesIO(sheet(*rows))
        file.name = "标准.xlsx"
        answer = browser.post(reverse("catalog:fee_import"), {**typed, "file": file})
        assert answer.status_code == 302
        return str(answer["Location"])

    faulty = browser.get(handed_in(("6-99-99-99", 4, "理论知识考核费", "", 1))).content.decode()
    assert "没有导入任何一行" in faulty
    where = handed_in(*GOOD)
    assert "¥3.50" in browser.get(where).content.decode()
    assert not FeeLine.objects.exists()
    page = where.partition("?")[0]
    assert browser.post(page, {**typed, "_once": "1"}).status_code == 302
    assert FeeLine.objects.count() == 3
    assert browser.post(page, {**typed, "_once": "2"}).status_code == 409
    assert client_for(body, now).get(reverse("catalog:fee_import")).status_code == 403
