"""One cell as text, with what must be said of it: lost digits, stray spaces, marks, invisible or control characters."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from jiangheng.rules.readers.text import CONTROL, narrow, undress
from jiangheng.rules.readers.text import line as undressed_line

FORMULA = ("=", "＝")
"""What a text that a program wrote for a formula begins with. Nothing is carried out here; where text goes out to a
spreadsheet, the export sees to it."""
DASHES = " \t\r\n\u00a0　-－—–"
LONG_NUMBERS = ("证件号码", "证书编号", "学历证书编号")
READ = ("姓名", "手机号码", "证件号码", "证书编号", "出生日期", "参加工作时间")
"""Columns with a reader of their own, which takes the dress off and says so."""
NARROW = ("认定等级", "申报条件", "证书等级", "专业年限", "邮政编码", "学历证书编号", "电子邮箱")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{2}")
ERROR_TEXT = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!|CONNECT!|GETTING_DATA|#+)",
    re.IGNORECASE,
)
"""What a spreadsheet writes into a text export where a formula failed or a column was too narrow."""
FREE = "简要经历"
LONGEST = {FREE: 2000}
LONGEST_CELL = 200
LARGEST_EXACT = 1e15
SAID = {"invisible": "text.invisible", "kept_as_text": "text.mark", "spaces": "text.spaces", "line_end": "text.spaces"}

Said = tuple[str, dict[str, str | int]]


def text_of(column: str, cell: Any) -> tuple[str, list[Said]]:
    """The cell's text as kept, with codes of faults (and their values); an unusable cell is empty text."""
    if not isinstance(cell, str):
        return _typed(column, cell)
    if cell.isalnum() and len(cell) <= LONGEST_CELL and _plain(column, cell):
        return cell, []
    if CONTROL.search(cell):
        return "", [("text.control", {})]
    if "\ufffd" in cell or "锟斤拷" in cell:
        return "", [("text.garbled", {})]
    text, tidied = undressed_line(cell) if column == FREE else undress(cell)
    if not text.strip(DASHES):
        return "", []
    if ERROR_TEXT.fullmatch(text):
        return "", [("cell.error", {"text": text[:10]})]
    if column in LONG_NUMBERS and SCIENTIFIC.fullmatch(text):
        return "", [("number.lost", {})]
    if len(text) > LONGEST.get(column, LONGEST_CELL):
        return "", [("text.long", {"longest": LONGEST.get(column, LONGEST_CELL)})]
    if column in READ:
        return cell, []
    said: list[Said] = [(code, {}) for code in dict.fromkeys(SAID[each] for each in tidied)]
    if text.startswith(FORMULA) and column != FREE:
        said.append(("text.formula", {}))
    if column in NARROW:
        text, wide = narrow(text)
        if wide and column != "证书等级":
            said.append(("text.fullwidth", {}))
    return text, said


def _plain(column: str, letters: str) -> bool:
    """Whether letters and digits alone need no second look: most cells do not, and there are millions."""
    if letters.isascii():
        return column not in LONG_NUMBERS or ("e" not in letters and "E" not in letters)
    return column not in NARROW and column not in LONG_NUMBERS and "锟" not in letters


def _typed(column: str, cell: Any) -> tuple[str, list[Said]]:
    if cell is None:
        return "", []
    if isinstance(cell, datetime | date):
        if column == "申报条件":
            text = f"{cell.year}-{cell.month}-{cell.day}"
            return text, [("route.date", {"text": text})]
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat(), []
    if isinstance(cell, bool):
        return "是" if cell else "否", []
    if isinstance(cell, int | float):
        if column in LONG_NUMBERS and abs(cell) >= LARGEST_EXACT:
            return "", [("number.lost", {})]
        return str(int(cell)) if float(cell).is_integer() else str(cell), []
    return str(cell), []
