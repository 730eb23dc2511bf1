"""Reading a bank's or provider's statement (三（七）): columns by their headings, every fault at its row and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiangheng.files.workbooks import Cell, written
from jiangheng.rules.fees.money import MOST_FEN, fen
from jiangheng.rules.words import gettext_noop as N_

HEADINGS: dict[str, tuple[str, ...]] = {
    "流水号": ("交易流水号", "凭证号", "交易单号", "商户订单号"),
    "日期": ("交易日期", "记账日期", "入账日期", "交易时间"),
    "金额（元）": ("金额", "交易金额", "贷方发生额", "收入金额", "金额(元)"),
    "付款人": ("对方户名", "付款人名称", "付款方"),
    "摘要": ("附言", "备注", "用途"),
}
CREDIT_SIDE = {"贷方发生额", "收入金额"}
NOTHING = {"", "0", "0.0", "0.00", "-", "—"}
NEEDED = ("流水号", "日期", "金额（元）")
TOP_ROWS = 10
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the row on the sender's screen, the column's heading, what to mend."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of money that came in."""

    row: int
    reference: str
    day: date
    amount_fen: int
    payer: str
    note: str


def parse(table: Sequence[Sequence[Cell]], today: date) -> tuple[list[Row], list[Fault]]:
    """The lines of a statement and every fault; empty rows, totals and, in a credit column, rows of money that went out are
    passed over.
    """
    found = _heading(table)
    if found is None:
        return [], [Fault(1, "流水号", N_("没有找到表头，请使用模板：流水号、日期、金额（元）、付款人、摘要。"))]
    top, places = found
    rows: list[Row] = []
    faults: list[Fault] = []
    credit_side = written(table[top][places["金额（元）"]]).strip() in CREDIT_SIDE
    for number, cells in enumerate(table[top + 1 :], start=top + 2):
        texts = {name: written(cells[place]).strip() if place < len(cells) else "" for name, place in places.items()}
        if not any(texts.values()) or texts["流水号"] in ("合计", "总计"):
            continue
        if credit_side and texts["金额（元）"] in NOTHING:
            continue
        day, amount = _day(cells[places["日期"]] if places["日期"] < len(cells) else None), fen(texts["金额（元）"])
        wrong = len(faults)
        if not texts["流水号"] or len(texts["流水号"]) > 60:
            faults.append(Fault(number, "流水号", N_("流水号未填写或超过60个字符。")))
        if day is None:
            faults.append(Fault(number, "日期", N_("日期无法识别，请写成2026-06-01。")))
        elif day > today:
            faults.append(Fault(number, "日期", N_("日期在今天之后，请核对。")))
        if amount is None or not 0 < amount <= MOST_FEN:
            faults.append(Fault(number, "金额（元）", N_("金额应为大于零、最多两位小数的数。")))
        if len(faults) == wrong and day is not None and amount is not None:
            rows.append(
                Row(number, texts["流水号"], day, amount, texts.get("付款人", "")[:120], texts.get("摘要", "")[:200])
            )
    return rows, faults


def _heading(table: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]] | None:
    for top, cells in enumerate(table[:TOP_ROWS]):
        names = [written(cell).strip() for cell in cells]
        places = {
            name: next(place for place, text in enumerate(names) if text in (name, *others))
            for name, others in HEADINGS.items()
            if any(text in (name, *others) for text in names)
        }
        if all(name in places for name in NEEDED):
            return top, places
    return None


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = DAY.match(written(cell).strip())
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None
