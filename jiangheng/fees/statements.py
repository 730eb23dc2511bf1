"""Reading a bank's or provider's statement (三（七）): columns by their headings, every fault at its row and column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from jiangheng.files.workbooks import Cell, is_number, written
from jiangheng.rules.fees.money import MOST_FEN, fen
from jiangheng.rules.words import gettext_noop as N_

CREDITS = ("贷方发生额", "贷方金额", "贷方", "收入金额", "收入", "存入金额", "存入", "转入金额", "进账金额", "入账金额")
"""Columns of money that came in, beside which another holds what went out."""
HEADINGS: dict[str, tuple[str, ...]] = {
    "流水号": ("交易流水号", "流水编号", "交易流水", "凭证号", "交易单号", "支付宝交易号", "微信支付业务单号", "微信订单号",
               "业务流水号", "账务流水号", "主机流水号", "柜员流水号", "交易编号", "交易号", "凭证编号", "商户订单号"),
    "日期": ("交易日期", "记账日期", "入账日期", "完成时间", "记账时间", "入账时间", "发生时间", "交易时间", "付款时间", "交易日"),
    "金额（元）": ("商家实收", *CREDITS, "金额", "交易金额", "发生额", "收支金额", "应结订单金额", "订单金额"),
    "付款人": ("对方户名", "付款人名称", "付款方", "对方账户名称", "对方账户名", "对方名称", "付款人户名", "付款方户名",
               "交易对方", "对方单位名称", "对方账户", "用户标识"),
    "摘要": ("附言", "备注", "用途", "交易摘要", "商品名称", "商品说明", "交易附言", "业务类型"),
}  # read as a table  # fmt: skip
"""The template's own heading, then those of banks and providers known, the best first."""
DIRECTIONS = ("收/支", "收支", "收支标志", "收支方向", "借贷标志", "借贷方向", "借贷", "资金流向", "收支类型")
OUT = ("支", "借", "出", "D", "不计")
NOTHING = {"", "0", "0.0", "0.00", "-", "—", "--", "/"}
NEEDED = ("流水号", "日期", "金额（元）")
TOP_ROWS = 30
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})")
UNIT = re.compile(r"\((人民币|单位)?:?\s*[+-]?(元|RMB|CNY|¥)?\)$|[:：*]$")
TOTAL = re.compile(r"(本页|本日|当日|本月|本年|借方|贷方|收入|支出)?(合计|总计|小计|累计|共计|汇总)")
SUMMARY = ("总交易单数", "总笔数", "交易笔数合计")
"""Headings of the totals that end a provider's bill: nothing below them is a line."""
NOTE = re.compile(
    r"[#\-=—]{1}|第\d+页|共\d+[页笔]|(打印|查询|导出|制表|下载|起始|终止)(日期|时间)|(期初|期末|账户)余额|备注[:：]|说明[:：]"
)
LARGEST_EXACT = 1e15
LONGEST = 60
DRESS = "\t\r\n \u00a0\u3000\u200b\ufeff`'’‘"
"""What banks put round a number so that a spreadsheet keeps it as text."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the row on the sender's screen, the column's heading, what to mend, with its ``values``."""

    row: int
    column: str
    message: str
    values: dict[str, str] = field(default_factory=dict)

    def sentence(self, translate: object = None) -> str:
        """The message in the language of ``translate``."""
        text = str(translate(self.message)) if callable(translate) else self.message
        return text % self.values if self.values else text


@dataclass(frozen=True, slots=True)
class Row:
    """One line of money that came in."""

    row: int
    reference: str
    day: date
    amount_fen: int
    payer: str
    note: str


@dataclass(slots=True)
class Reading:
    """A statement read: its lines, every fault, and the rows passed over (totals, notes, money that went out)."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)


def parse(table: Sequence[Sequence[Cell]], today: date) -> tuple[list[Row], list[Fault]]:
    """The lines of a statement and every fault; see :func:`read`."""
    found = read(table, today)
    return found.rows, found.faults


def read(table: Sequence[Sequence[Cell]], today: date) -> Reading:
    """The lines of a statement, every fault, and what was passed over: totals in any column, notes, headings repeated on
    the next page and, where a column or a mark tells it, money that went out.
    """
    heading = _heading(table)
    if heading is None:
        return Reading(faults=[_no_heading(table)])
    top, places = heading
    names = [_plain(written(cell)) for cell in table[top]]
    amount_name = names[places["金额（元）"]]
    direction = next((names.index(name) for name in map(_plain, DIRECTIONS) if name in names), None)
    found = Reading()
    for number, cells in enumerate(table[top + 1 :], start=top + 2):
        texts = {name: _tidy(cells[place]) if place < len(cells) else "" for name, place in places.items()}
        filled = [text for cell in cells if (text := _tidy(cell))]
        if not filled:
            continue
        if any(_plain(text).startswith(SUMMARY) for text in filled):
            found.passed_over += range(number, len(table) + 1)
            break
        amount = fen(texts["金额（元）"].lstrip("+"))
        if (
            _is_no_line(cells, filled, names, texts)
            or (amount_name in CREDITS and texts["金额（元）"] in NOTHING)
            or (direction is not None and direction < len(cells) and _tidy(cells[direction]).startswith(OUT))
            or (amount is not None and amount < 0 and amount_name not in ("金额", *CREDITS))
        ):
            found.passed_over.append(number)
            continue
        _line(found, number, cells, places, texts, amount, today)
    return found


def _line(
    found: Reading,
    number: int,
    cells: Sequence[Cell],
    places: dict[str, int],
    texts: dict[str, str],
    amount: int | None,
    today: date,
) -> None:
    day = _day(cells[places["日期"]] if places["日期"] < len(cells) else None)
    faults: list[Fault] = []
    given = cells[places["流水号"]] if places["流水号"] < len(cells) else None
    if not texts["流水号"] or len(texts["流水号"]) > LONGEST:
        faults.append(Fault(number, "流水号", N_("流水号未填写或超过60个字符。")))
    elif _has_lost_digits(given, texts["流水号"]):
        faults.append(
            Fault(number, "流水号", N_("流水号是数值格式，末尾数字已丢失；请把整列设为文本后按原件重新填写。"))
        )
    if day is None:
        faults.append(Fault(number, "日期", N_("日期无法识别，请写成2026-06-01。")))
    elif day > today:
        faults.append(Fault(number, "日期", N_("日期在今天之后，请核对。")))
    if amount is None or not 0 < amount <= MOST_FEN:
        faults.append(Fault(number, "金额（元）", N_("金额应为大于零、最多两位小数的数。")))
    if not faults and day is not None and amount is not None:
        payer, note = texts.get("付款人", "")[:120], texts.get("摘要", "")[:200]
        found.rows.append(Row(number, texts["流水号"], day, amount, payer, note))
    found.faults += faults


def _is_no_line(cells: Sequence[Cell], filled: Sequence[str], names: Sequence[str], texts: dict[str, str]) -> bool:
    """Whether a row is a total, a note or the heading again: nothing that holds a day and a reference is."""
    if texts["流水号"] in ("合计", "总计"):
        return True
    if [_plain(written(cell)) for cell in cells[: len(names)]] == list(names):
        return True
    if _day(texts["日期"]) is not None and texts["流水号"]:
        return False
    if any(TOTAL.match(_plain(text)) for text in filled):
        return True
    return len(filled) <= 2 and not texts["金额（元）"] and any(NOTE.match(text) for text in filled)


def _has_lost_digits(cell: Cell, text: str) -> bool:
    number = float(cell) if is_number(cell) and isinstance(cell, int | float) else 0.0
    return abs(number) >= LARGEST_EXACT or re.fullmatch(r"\d(\.\d+)?[eE]\+?\d{2}", text) is not None


def _heading(table: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]] | None:
    for top, cells in enumerate(table[:TOP_ROWS]):
        names = [_plain(written(cell)) for cell in cells]
        places = _places(names)
        if all(name in places for name in NEEDED):
            return top, places
    return None


def _places(names: Sequence[str]) -> dict[str, int]:
    """Where the columns are, each by the best of its headings that is there; no column serves for two."""
    places: dict[str, int] = {}
    for column, others in HEADINGS.items():
        for way in map(_plain, (column, *others)):
            at = next((at for at, name in enumerate(names) if name == way and at not in places.values()), None)
            if at is not None:
                places[column] = at
                break
    return places


def _no_heading(table: Sequence[Sequence[Cell]]) -> Fault:
    best: dict[str, int] = max(
        (_places([_plain(written(cell)) for cell in cells]) for cells in table[:TOP_ROWS]), key=len, default={}
    )
    missing = [name for name in NEEDED if name not in best]
    return Fault(
        1,
        missing[0] if best else "流水号",
        N_("没有找到表头，缺少%(missing)s；认得的列名：%(known)s。请改用其中的列名，或使用模板。"),
        {
            "missing": "、".join(missing),
            "known": "；".join("、".join((name, *HEADINGS[name])) for name in missing),
        },
    )


def _plain(text: str) -> str:
    """A heading without dress, spaces and its unit in brackets, full-width brackets as half-width ones."""
    found = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).strip(DRESS))
    return UNIT.sub("", found)


def _tidy(cell: Cell) -> str:
    """A cell's text without what an exporting system put round it."""
    text = written(cell).strip(DRESS)
    guarded = re.fullmatch(r'="([^"]*)"', text)
    return (guarded[1] if guarded else text).strip(DRESS)


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = DAY.match(_tidy(cell))
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None
