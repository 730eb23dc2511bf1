"""A fee table as a workbook (三（七）): the template, and what an upload says row by row with every fault."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jiangheng.files.workbooks import Cell, written
from jiangheng.rules import codes
from jiangheng.rules.fees.money import fen
from jiangheng.rules.fees.tariff import ITEMS, PAYEES
from jiangheng.rules.words import gettext_noop as N_

HEADINGS = ("职业编码", "等级", "收费项目", "收款主体", "金额（元）")
LEVEL_WORDS = {"五": 5, "四": 4, "三": 3, "二": 2, "一": 1}
MOST_FEN = 10_000_000
MOST_ROWS = 5000
TOP_ROWS = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the row on the sender's screen, the column, what to mend."""

    row: int
    column: str
    message: str


def parse(
    table: Sequence[Sequence[Cell]], known: Mapping[str, Collection[int]]
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The lines of a fee table as ``add_fee_table`` takes them, each with its ``row``; and every fault.

    ``known`` has the levels of each occupation of the catalogue. An empty payee is the body.
    """
    top = next(
        (
            place
            for place, cells in enumerate(table[:TOP_ROWS])
            if [written(cell).strip() for cell in cells][:5] == list(HEADINGS)
        ),
        None,
    )
    if top is None:
        return [], [Fault(1, HEADINGS[0], N_("没有找到表头，请使用下载的模板，不要改动列名和次序。"))]
    lines: list[dict[str, Any]] = []
    faults: list[Fault] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in enumerate(table[top + 1 :], start=top + 2):
        texts = [written(cell).strip() for cell in cells[:5]] + [""] * (5 - len(cells))
        if not any(texts):
            continue
        if len(lines) >= MOST_ROWS:
            faults.append(Fault(number, HEADINGS[0], N_("一次最多导入5000行，请分成几份。")))
            break
        wrong = len(faults)
        code, level, amount = texts[0], _level(texts[1]), fen(texts[4])
        item, payee = codes.find("fee_item", texts[2]), codes.find("fee_payee", texts[3] or "body")
        if code not in known:
            faults.append(Fault(number, HEADINGS[0], N_("职业编码不在职业目录中。")))
        elif level is not None and level not in known[code]:
            faults.append(Fault(number, HEADINGS[1], N_("该职业不设这个等级。")))
        if level is None:
            faults.append(Fault(number, HEADINGS[1], N_("等级应为1至5，或五级至一级。")))
        if item is None or item.code not in ITEMS:
            faults.append(
                Fault(number, HEADINGS[2], N_("收费项目应为理论知识考核费、技能考核费、耗材费或综合评审费。"))
            )
        if payee is None or payee.code not in PAYEES:
            faults.append(
                Fault(number, HEADINGS[3], N_("收款主体应为认定机构、考核场地或市鉴定中心，空着即认定机构。"))
            )
        if amount is None or not 0 < amount <= MOST_FEN:
            faults.append(Fault(number, HEADINGS[4], N_("金额应大于0、不超过10万元，最多两位小数。")))
        if len(faults) > wrong or item is None or payee is None:
            continue
        key = (code, level, item.code, payee.code)
        if key in seen:
            faults.append(Fault(number, HEADINGS[2], N_("同一职业、等级、项目和收款主体前面已有一行。")))
            continue
        seen[key] = number
        lines.append(
            {
                "row": number,
                "occupation_code": code,
                "level": level,
                "item": item.code,
                "payee": payee.code,
                "amount_fen": amount,
            }
        )
    if not lines and not faults:
        faults.append(Fault(top + 2, HEADINGS[0], N_("表中没有收费标准。")))
    return lines, faults


def _level(text: str) -> int | None:
    if text in {"1", "2", "3", "4", "5"}:
        return int(text)
    return LEVEL_WORDS.get(text[:1]) if text[1:].startswith("级") else None
