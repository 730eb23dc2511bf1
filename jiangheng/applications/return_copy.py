"""Workbooks handed back: the empty template; the sender's own rows with the cells at fault coloured, explained."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jiangheng.files import exports, marking, workbooks
from jiangheng.rules.roster import EXPLAINED, Sheet, Template, is_roster
from jiangheng.rules.roster.templates import DEEPEST, plain

RED, YELLOW = "F8CBAD", "FFE699"


def template_workbook(template: Template) -> bytes:
    """The heading row alone, all columns as text."""
    return exports.workbook(template.name, template.columns, ())


def returned(
    data: bytes,
    rows: Sequence[Sequence[Any]],
    faults: Sequence[Mapping[str, Any]],
    sentence: Callable[[Mapping[str, Any]], str],
    sheet: Sheet,
) -> bytes:
    """The sender's own workbook with a last column 错误说明; cells at fault red, those with a warning yellow.

    An xlsx keeps everything else as it was; an xls or csv comes back as an xlsx of its rows.
    """
    head = next((at for at, row in enumerate(rows[:DEEPEST]) if is_roster([row])), 0) + 1
    heading = [str(cell or "") for cell in rows[head - 1]] if rows else []
    old = next((at for at, text in enumerate(heading, start=1) if plain(text).startswith(EXPLAINED)), None)
    places = {text.strip().lstrip("*＊"): at for at, text in enumerate(heading, start=1)}
    marks: dict[tuple[int, int], str] = {}
    told: dict[int, list[str]] = {}
    for fault in faults:
        row, column = int(fault["row"]) or head, str(fault["column"])
        at = _column(str(fault.get("letter") or "")) or places.get(column, 0)
        if at and int(fault["row"]) and marks.get((row, at)) != "error":
            marks[row, at] = str(fault["severity"])
        said = f"{column}：{sentence(fault)}" if column else sentence(fault)
        told.setdefault(row, []).append(said)
    notes = {row: "；".join(said) for row, said in told.items()}
    notes[head] = EXPLAINED + (f"\n{notes[head]}" if head in notes else "")
    if workbooks.form_of(data) == "xlsx":
        try:
            return marking.marked(data, sheet.place, marks, notes, old)
        except marking.Unmarkable:
            pass
    return _anew(rows, marks, notes, head, old)


def _column(letters: str) -> int:
    return workbooks.place(letters + "1")[1] if letters.isascii() and letters.isalpha() else 0


def _anew(
    rows: Sequence[Sequence[Any]],
    marks: Mapping[tuple[int, int], str],
    notes: Mapping[int, str],
    head: int,
    old: int | None,
) -> bytes:
    """The rows alone in a new workbook."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    red, yellow = PatternFill("solid", fgColor=RED), PatternFill("solid", fgColor=YELLOW)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = f"A{head + 1}"
    width = max((len(row) for row in rows), default=0)
    last = old if old == width else width + 1
    for place in range(1, last):
        sheet.column_dimensions[get_column_letter(place)].width = 16
    sheet.column_dimensions[get_column_letter(last)].width = 60
    for number, row in enumerate(rows, start=1):
        values = [*row, *[None] * (last - 1 - len(row))][: last - 1]
        cells = [
            exports.cell(sheet, None if at == old else value) or WriteOnlyCell(sheet, None)
            for at, value in enumerate(values, start=1)
        ]
        for at, cell in enumerate(cells, start=1):
            if (number, at) in marks:
                cell.fill = red if marks[number, at] == "error" else yellow
        note = exports.cell(sheet, notes.get(number, "")) or WriteOnlyCell(sheet, None)
        note.alignment = Alignment(wrap_text=True, vertical="top")
        if number == head:
            for cell in (*cells, note):
                cell.font = Font(bold=True)
        sheet.append([*cells, note])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
