"""A whole worksheet of candidates (四（四）): its headings, what its program did to the cells, and every row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiangheng.rules.readers.identity import index_key
from jiangheng.rules.roster.kinds import WHOLE, RowFault, fault
from jiangheng.rules.roster.row import EXAMPLES, CheckedRow, Context, Frame, RowCheck
from jiangheng.rules.roster.templates import Layout, Template, lay_out, letter, repeats

NOTE = re.compile(
    r"(合\s*计|总\s*计|小\s*计|共\s*计|共?\s*\d+\s*人|备\s*注|注\s*[:：]|说\s*明|填表|制表|审核人?|经办|联系人|负责人|单位[（(]?盖?章|盖章|日期[:：])"
)
NOTE_CELLS = 4
TICK = 500
LONGEST_TOLD = 40
GUIDES = ("填写说明", "说明", "可选值")
"""Sheets of the template itself, not worth a word."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a spreadsheet program keeps beside the values; rows and columns from 1.

    ``place`` is the sheet's from 0; ``merged`` are (top, left, bottom, right); ``others`` are the book's other sheets: name, whether visible, whether
    it holds anything, whether it is a roster too. ``pictures`` are the cells pictures belong to, ``readable`` those of them whose
    picture the workbook itself holds, ``in_cells`` those that hold one as their value, ``unseen`` counts pictures whose place is not
    known; ``struck`` are cells with text struck through.
    """

    name: str = ""
    place: int = 0
    first: bool = True
    date1904: bool = False
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: Sequence[tuple[int, int]] = ()
    hidden_columns: Sequence[tuple[int, int]] = ()
    others: Sequence[tuple[str, bool, bool, bool]] = ()
    pictures: Sequence[tuple[int, int]] = ()
    readable: frozenset[tuple[int, int]] = frozenset()
    in_cells: frozenset[tuple[int, int]] = frozenset()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    struck: Sequence[tuple[int, int]] = ()
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook after the check."""

    layout: Layout
    rows: list[CheckedRow]
    faults: list[RowFault]


def check_sheet(
    rows: Sequence[Sequence[Any]],
    context: Context,
    sheet: Sheet | None = None,
    *,
    progress: Callable[[int], None] | None = None,
) -> Checked:
    """Check a worksheet from its first row on; refusals are those of :func:`lay_out`.

    ``progress`` is told the number of rows done, now and then.
    """
    sheet = sheet or Sheet()
    layout = lay_out(rows)
    faults = [*_of_book(sheet), *layout.faults]
    spoilt: dict[int, set[int]] = {}
    notes = {number for number, cells in enumerate(rows[layout.row :], start=layout.row + 1) if _is_note(cells, layout)}
    own = {str(cell) for cell in rows[layout.row - 1] if cell is not None}
    for number, cells in enumerate(rows[layout.row :], start=layout.row + 1):
        # Reading a row as headings is dear; no other candidate holds two of the sheet's own headings.
        again = repeats(cells, layout) if sum(cell in own for cell in cells if isinstance(cell, str)) > 1 else None
        if again is not None:
            notes.add(number)
            faults.append(fault(number, "", "header.repeated" if again else "header.other"))
    headings = {each.row for each in faults if each.code in ("header.repeated", "header.other")}
    for row, column in sheet.in_cells:
        spoilt.setdefault(row, set()).add(column - 1)
    faults += _of_marks(sheet, layout, notes)
    faults += _of_cells(sheet, layout, notes, len(rows), spoilt)
    frame = _frame(layout, sheet)
    data = ((number, rows[number - 1]) for number in range(layout.row + 1, len(rows) + 1) if number not in notes)
    for number in sorted(notes - headings):
        faults.append(
            fault(
                number,
                layout.written[min(layout.places, key=layout.places.__getitem__)],
                "row.note",
                letter=letter(min(layout.places.values())),
            )
        )
    checked, more = _check(data, frame, context, spoilt, layout, progress)
    faults += _of_pictures(sheet, layout, {each.row for each in checked if each.identity is not None})
    return Checked(layout, checked, sorted([*faults, *more], key=lambda each: each.row))


def check_rows(
    template: Template, rows: Sequence[Sequence[Any]], context: Context, *, first_row: int = 2
) -> tuple[list[CheckedRow], list[RowFault]]:
    """Check rows of cells in the template's own order (str, int, float, date, None); blank rows are passed over."""
    places = {name: place for place, name in enumerate(template.columns)}
    layout = Layout(template, first_row - 1, places, {name: name for name in places}, (), len(places))
    return _check(enumerate(rows, start=first_row), _frame(layout, Sheet()), context, {}, layout, None)


def _frame(layout: Layout, sheet: Sheet) -> Frame:
    same = layout.template.same_as

    def name_of(column: str) -> str:
        return same.get(column, column)

    return Frame(
        columns=tuple((name_of(column), place) for column, place in layout.places.items()),
        labels={name_of(column): text for column, text in layout.written.items()},
        letters={name_of(column): letter(place) for column, place in layout.places.items()},
        required=tuple(name_of(column) for column in layout.template.required),
        absent=frozenset(name_of(column) for column in layout.absent),
        date1904=sheet.date1904,
    )


def _check(
    data: Iterable[tuple[int, Sequence[Any]]],
    frame: Frame,
    context: Context,
    spoilt: Mapping[int, set[int]],
    layout: Layout,
    progress: Callable[[int], None] | None,
) -> tuple[list[CheckedRow], list[RowFault]]:
    checked: list[CheckedRow] = []
    faults: list[RowFault] = []
    seen = _Seen()
    known = {place: name for name, place in frame.columns}
    for done, (number, cells) in enumerate(data, start=1):
        if progress is not None and done % TICK == 0:
            progress(done)
        filled = [place for place, cell in enumerate(cells) if cell is not None and str(cell).strip()]
        bad = spoilt.get(number)
        if not filled and not bad:
            continue
        example = _example(cells, known)
        if example is not None:
            faults.append(fault(number, frame.labels[known[example]], "row.example", letter=letter(example)))
            continue
        row = RowCheck(
            number,
            cells,
            frame,
            context,
            frozenset(known[place] for place in bad if place in known) if bad else frozenset(),
        )
        row.check()
        if filled and filled[-1] >= layout.width:
            row.faults += [
                fault(number, letter(place), "cell.outside", letter=letter(place))
                for place in filled
                if place >= layout.width
            ][:5]
        seen.look(row)
        faults += row.faults
        checked.append(CheckedRow(number, row.values, row.identity))
    return checked, faults


class _Seen:
    """What may stand in one row only."""

    def __init__(self) -> None:
        self.people: dict[str, int] = {}
        self.phones: dict[str, int] = {}
        self.certificates: dict[str, int] = {}
        self.serials: dict[str, int] = {}

    def look(self, row: RowCheck) -> None:
        if row.identity is not None:
            told = row.identity
            first = self.people.setdefault(index_key(told.kind, told.number, told.country), row.number)
            if first != row.number:
                row.fault("证件号码", "identity.duplicate", other=first)
                return
        for column, held, code in (
            ("手机号码", self.phones, "phone.shared"),
            ("证书编号", self.certificates, "certificate.duplicate"),
            ("序号", self.serials, "serial.duplicate"),
        ):
            text = row.values.get(column)
            if text and column not in row.told:
                first = held.setdefault(text, row.number)
                if first != row.number:
                    row.fault(column, code, other=first)


def _example(cells: Sequence[Any], known: Mapping[int, str]) -> int | None:
    for place in range(min(len(cells), 12)):
        if known.get(place) in ("序号", "姓名") and str(cells[place] or "").strip(" （）()【】：:") in EXAMPLES:
            return place
    return None


def _is_note(cells: Sequence[Any], layout: Layout) -> bool:
    """A row without name and number, with little in it, that reads like a total or a note."""
    number = layout.places.get("证件号码", layout.places.get("身份证号", -1))
    for place in (layout.places.get("姓名", -1), number):
        if 0 <= place < len(cells) and str(cells[place] or "").strip() and not NOTE.match(str(cells[place]).strip()):
            return False
    filled = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    return 0 < len(filled) <= NOTE_CELLS and any(NOTE.match(text) for text in filled)


def _of_book(sheet: Sheet) -> list[RowFault]:
    found = []
    if not sheet.first:
        found.append(fault(WHOLE, "", "sheet.chosen", sheet=sheet.name))
    if sheet.date1904:
        found.append(fault(WHOLE, "", "sheet.date1904"))
    for name, visible, filled, roster in sheet.others:
        if roster:
            found.append(fault(WHOLE, "", "sheet.roster", sheet=name))
        elif not visible:
            found.append(fault(WHOLE, "", "sheet.hidden", sheet=name))
        elif filled and name not in GUIDES:
            found.append(fault(WHOLE, "", "sheet.extra", sheet=name))
    return found


def _of_cells(sheet: Sheet, layout: Layout, notes: set[int], depth: int, spoilt: dict[int, set[int]]) -> list[RowFault]:
    """Formulas, error values, merged and hidden cells; adds to ``spoilt`` what cannot be read, by row and place."""
    heads = {place: layout.written[name] for name, place in layout.places.items()}
    found: list[RowFault] = []

    def spoil(row: int, place: int) -> None:
        spoilt.setdefault(row, set()).add(place)

    for row, column in sorted(sheet.formulas.keys() - sheet.in_cells):
        if row > layout.row and row not in notes and column - 1 in heads:
            spoil(row, column - 1)
            found.append(fault(row, heads[column - 1], "cell.formula", letter=letter(column - 1)))
    for (row, column), text in sorted(sheet.errors.items()):
        if row > layout.row and (row, column) not in sheet.formulas and row not in notes and column - 1 in heads:
            spoil(row, column - 1)
            found.append(fault(row, heads[column - 1], "cell.error", letter=letter(column - 1), text=text[:10]))
    for top, left, bottom, right in sheet.merged:
        if bottom < layout.row or top in notes or left - 1 not in heads:
            continue
        found.append(
            fault(
                top,
                heads[left - 1],
                "cell.merged",
                letter=letter(left - 1),
                to=f"{letter(right - 1)}{bottom}",
                first=top,
                last=bottom,
            )
        )
        for row in range(max(top, layout.row + 1), min(bottom, depth) + 1):
            for column in range(left, min(right, layout.width) + 1):
                if (row, column) != (top, left):
                    spoil(row, column - 1)
    for first, last in sheet.hidden_rows:
        begin, end = max(first, layout.row + 1), min(last, depth)
        if begin <= end:
            found.append(fault(begin, "", "row.hidden", first=begin, last=end))
    for first, last in sheet.hidden_columns:
        found += [
            fault(layout.row, heads[place], "column.hidden", letter=letter(place))
            for place in range(first - 1, min(last, layout.width))
            if place in heads
        ]
    return found


def _of_marks(sheet: Sheet, layout: Layout, notes: set[int]) -> list[RowFault]:
    """What the sheet shows beside its values: comments, which are not read, and text struck through, which is."""
    heads = {place: layout.written[name] for name, place in layout.places.items()}
    found: list[RowFault] = []
    for (row, column), text in sorted(sheet.comments.items()):
        if row > layout.row and row not in notes:
            said = text if len(text) <= LONGEST_TOLD else text[: LONGEST_TOLD - 1] + "…"
            found.append(fault(row, heads.get(column - 1, ""), "cell.comment", letter=letter(column - 1), text=said))
    rows: set[int] = set()
    for row, column in sorted(sheet.struck):
        if row > layout.row and row not in notes and row not in rows and column - 1 in heads:
            rows.add(row)
            found.append(fault(row, heads[column - 1], "row.struck", letter=letter(column - 1)))
    return found


def _of_pictures(sheet: Sheet, layout: Layout, people: set[int]) -> list[RowFault]:
    """Pictures in the row of somebody, which are taken as photos, and those of which nobody knows whose they are (三（二）4)."""
    heads = {place: layout.written[name] for name, place in layout.places.items()}
    pictures = [at for at in sheet.pictures if at[0] > layout.row]
    taken = [at for at in pictures if at in sheet.readable and at[0] in people]
    found: list[RowFault] = []
    for code, those in (("sheet.photos", taken), ("sheet.pictures", [at for at in pictures if at not in taken])):
        if those:
            row, column = min(those)
            found.append(fault(row, heads.get(column - 1, ""), code, letter=letter(column - 1), count=len(those)))
    if sheet.unseen and not pictures:
        found.append(fault(WHOLE, "", "sheet.pictures", count=sheet.unseen))
    return found
