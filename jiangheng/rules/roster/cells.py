"""One cell as text, with what must be said of it: lost digits, stray spaces, invisible or control characters."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from jiangheng.rules.roster.dates import as_day

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MOBILE_ABROAD = re.compile(r"\s*[+＋]86[\s\d０-９-]+")
DASHES = " \t\r\n\u00a0　-－—–"
SPACES = " \t\r\n\u00a0　"
LONG_NUMBERS = ("证件号码", "证书编号", "学历证书编号")
NARROW = ("认定等级", "申报条件", "证书等级", "证书编号", "专业年限", "邮政编码", "学历证书编号", "电子邮箱")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{2}")
FREE = "简要经历"
LONGEST = {FREE: 2000}
LONGEST_CELL = 200
LARGEST_EXACT = 1e15

Said = tuple[str, dict[str, str | int]]


def text_of(column: str, cell: Any) -> tuple[str, list[Said]]:
    """The cell's text as kept, with codes of faults (and their values); an unusable cell is empty text."""
    if not isinstance(cell, str):
        return _typed(column, cell)
    if cell.isalnum() and len(cell) <= LONGEST_CELL and _plain(column, cell):
        return cell, []
    said: list[Said] = []
    text = cell
    if not text.isprintable():
        if any(_unfit(char) for char in text):
            return "", [("text.control", {})]
        seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
        if seen != text:
            text = seen
            said.append(("text.invisible", {}))
    if "\ufffd" in text or "锟斤拷" in text:
        return "", [("text.garbled", {})]
    if not text.strip(DASHES):
        return "", []
    if text.lstrip(" 　").startswith(FORMULA) and column != FREE and not MOBILE_ABROAD.fullmatch(text):
        return "", [("text.formula", {})]
    stripped = text.strip(SPACES)
    if stripped != text and column not in ("姓名", "手机号码", "证件号码"):
        said.append(("text.spaces", {}))
    text = stripped if column != "姓名" else text
    if column in NARROW and not text.isascii():
        narrow = "".join(unicodedata.normalize("NFKC", char) if "！" <= char <= "～" else char for char in text)
        if narrow != text and column not in ("证书等级",):
            said.append(("text.fullwidth", {}))
        text = narrow
    if column in LONG_NUMBERS and SCIENTIFIC.fullmatch(text):
        return "", [("number.lost", {})]
    if len(text) > LONGEST.get(column, LONGEST_CELL):
        return "", [("text.long", {"longest": LONGEST.get(column, LONGEST_CELL)})]
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
        return as_day(cell), []
    if isinstance(cell, bool):
        return "是" if cell else "否", []
    if isinstance(cell, int | float):
        if column in LONG_NUMBERS and abs(cell) >= LARGEST_EXACT:
            return "", [("number.lost", {})]
        return str(int(cell)) if float(cell).is_integer() else str(cell), []
    return str(cell), []


def _unfit(char: str) -> bool:
    category = unicodedata.category(char)
    return category in ("Cs", "Cn") or (category == "Cc" and char not in "\t\n\r")
