"""Workbooks the platform hands out: every text stays text, exactly as stored."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days.local_time import local_moment

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
BAD_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LARGEST_NUMBER = 10**15
LONGEST_TEXT = 32_767


def workbook(title: str, headings: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """An xlsx of one sheet: bold frozen ``headings``, then ``rows``.

    Numbers, days and moments keep their kind (moments in Liuzhou time); a provisional day and all else is a text cell that no
    spreadsheet program reads as a formula and that comes back unchanged.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(BAD_IN_TITLE.sub(" ", str(title))[:31].strip() or "Sheet1")
    sheet.freeze_panes = "A2"
    for position, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = max(10, min(40, 2.4 * len(str(heading)) + 4))
    bold = Font(bold=True)
    top = [_cell(sheet, str(heading)) for heading in headings]
    for each in top:
        each.font = bold
    sheet.append(top)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def cell(sheet: Any, value: object) -> Any:
    """One such cell of a write-only sheet, for rooms that colour their own; None for an empty one."""
    return _cell(sheet, value)


def _cell(sheet: Any, value: object) -> Any:
    if value is None or value == "":
        return None
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, CountedDay) and not value.provisional:
        value = value.day
    if isinstance(value, bool):
        return WriteOnlyCell(sheet, "是" if value else "否")
    if isinstance(value, int | float | Decimal) and -LARGEST_NUMBER < value < LARGEST_NUMBER:
        return WriteOnlyCell(sheet, value)
    if isinstance(value, datetime):
        local = local_moment(value) if value.tzinfo else value
        cell = WriteOnlyCell(sheet, local.replace(tzinfo=None))
        cell.number_format = "yyyy-mm-dd hh:mm"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    return _text(sheet, str(value))


def _text(sheet: Any, text: str) -> Any:
    """A text cell. The type is set after the value: the library would make ``=1+1`` a formula.

    The quote mark (a cell style, not a character) keeps it text when somebody edits it later.
    """
    from openpyxl.cell import WriteOnlyCell

    clean = ESCAPED.sub("_x005F_", UNWRITABLE.sub("\ufffd", text))[:LONGEST_TEXT]
    cell = WriteOnlyCell(sheet, clean)
    cell.value = clean
    cell.data_type = "s"
    cell.number_format = "@"
    if clean.startswith(FORMULA_STARTS):
        cell.quotePrefix = True
    return cell
