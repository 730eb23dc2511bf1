"""Workbooks handed back: the empty template; the sender's own rows with the cells at fault coloured, explained."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from jiangheng.files import exports
from jiangheng.rules.roster import Template

RED, YELLOW = PatternFill("solid", fgColor="F8CBAD"), PatternFill("solid", fgColor="FFE699")
EXPLAINED = "错误说明"


def template_workbook(template: Template) -> bytes:
    """The heading row alone, all columns as text."""
    return exports.workbook(template.name, template.columns, ())


def returned(
    rows: Sequence[Sequence[Any]], faults: Sequence[Mapping[str, Any]], sentence: Callable[[Mapping[str, Any]], str]
) -> bytes:
    """The rows as sent with a last column 错误说明; cells at fault red, those with a warning yellow."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    heading = [str(cell or "") for cell in rows[0]] if rows else []
    width = len(heading)
    places = {name.strip().lstrip("*＊"): place for place, name in enumerate(heading)}
    told: dict[int, list[Mapping[str, Any]]] = {}
    for fault in faults:
        told.setdefault(int(fault["row"]), []).append(fault)
    for place in range(width):
        sheet.column_dimensions[get_column_letter(place + 1)].width = 16
    sheet.column_dimensions[get_column_letter(width + 1)].width = 60
    for number, row in enumerate(rows, start=1):
        cells = [
            exports.cell(sheet, value) or WriteOnlyCell(sheet, None) for value in (*row, *[None] * (width - len(row)))
        ]
        mine = told.get(number, [])
        for fault in mine:
            at = places.get(str(fault["column"]), width)
            if at < len(cells):
                red = fault["severity"] == "error"
                if red or cells[at].fill.fgColor.rgb != RED.fgColor.rgb:
                    cells[at].fill = RED if red else YELLOW
        note = EXPLAINED if number == 1 else "；".join(f"{fault['column']}：{sentence(fault)}" for fault in mine)
        last = exports.cell(sheet, note) or WriteOnlyCell(sheet, None)
        last.alignment = Alignment(wrap_text=True, vertical="top")
        if number == 1:
            for cell in (*cells, last):
                cell.font = Font(bold=True)
        sheet.append([*cells, last])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
