"""The worksheet of candidates in a workbook, with what its program keeps beside the values."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.parsers import expat

import xlrd

from jiangheng.files import sheet_marks, sheet_pictures, workbooks
from jiangheng.files.limits import Limits
from jiangheng.files.workbooks import Cell
from jiangheng.rules.readers.text import FORMULA
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roster import Sheet, is_roster
from jiangheng.rules.words import gettext_noop as N_

OF_INTEREST = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b"hidden=", b't="e"', b"t='e'", b"mergeCell ", b" vm=")
MOST_TOLD = 20_000
"""Formulas, errors and merged ranges that are gathered; a book with more is at fault all the same."""
LOOKED_AT = 15
FEWEST_HEADINGS = 3
LEGACY_FORMATS_UP_TO = 8 << 20

Rows = list[list[Cell]]


def roster_sheet(data: bytes, limits: Limits, *, checked: bool = False) -> tuple[Rows, Sheet]:
    """The first visible sheet that reads as a roster (else the first visible one) and its :class:`Sheet`.

    ``checked`` says that the same bytes came out of ``workbooks.clean`` before. Refusals: those of ``workbooks.read``.
    """
    if not checked:
        data = workbooks.clean(data, limits)
    form = workbooks.form_of(data)
    if form == "csv":
        rows = workbooks.read(data, limits, checked=True, is_heading=is_roster)
        return rows, Sheet(**_with_pictures_as_text(rows, {}))
    names = workbooks.sheet_names(data)
    shown = [place for place, (_name, visible) in enumerate(names) if visible] or [0]
    place, rows = shown[0], workbooks.read(data, limits, sheet=shown[0], checked=True)
    others: dict[int, Rows] = {}
    if not is_roster(rows):
        for other in shown[1:]:
            found = workbooks.read(data, limits, sheet=other, checked=True)
            others[other] = found[:LOOKED_AT]
            if is_roster(found):
                others[place] = rows[:LOOKED_AT]
                place, rows = other, found
                break
    told = []
    for other, (name, visible) in enumerate(names):
        if other == place:
            continue
        head = others.get(other) or workbooks.read(data, limits, sheet=other, checked=True)[:LOOKED_AT]
        told.append((name, visible, any(cell is not None for row in head for cell in row), is_roster(head)))
    kept = _package_facts(data, place) if form == "xlsx" else _legacy_facts(data, place)
    kept = _with_pictures_as_text(rows, kept)
    return rows, Sheet(name=names[place][0], place=place, first=place == 0, others=tuple(told), **kept)


def _with_pictures_as_text(rows: Rows, kept: dict[str, Any]) -> dict[str, Any]:
    """The facts of a sheet, with the cells that held a picture before a program saved its call as text."""
    texts = {
        (row, column)
        for row, cells in enumerate(rows, start=1)
        for column, cell in enumerate(cells, start=1)
        if isinstance(cell, str) and "DISPIMG(" in cell
    }
    if not texts:
        return kept
    return {
        **kept,
        "pictures": tuple(sorted({*kept.get("pictures", ()), *texts})),
        "in_cells": frozenset(kept.get("in_cells", ())) | texts,
    }


def as_written(data: bytes, limits: Limits) -> Rows:
    """The first visible sheet that holds anything, with every formula as ``FORMULA`` in place of the value last calculated, so
    that nobody takes it for one.

    Refusals: those of ``workbooks.read``; ``workbook.sheet`` (422) where another visible sheet has the same headings.
    """
    data = workbooks.clean(data, limits)
    form = workbooks.form_of(data)
    if form == "csv":
        return workbooks.read(data, limits, checked=True)
    names = workbooks.sheet_names(data)
    shown = [place for place, (_name, visible) in enumerate(names) if visible] or [0]
    sheets = {place: workbooks.read(data, limits, sheet=place, checked=True) for place in shown}
    place = next((each for each in shown if sheets[each]), shown[0])
    heading = _heading(sheets[place])
    for other in shown:
        if other != place and heading and heading <= _heading(sheets[other]):
            raise refuse(
                "workbook.sheet",
                N_("工作表“%(sheet)s”与“%(read)s”的表头相同，只能读取一张表，都没有读取。"),
                N_("请把各表的内容并入一张表，或分成几份文件依次上传。"),
                status=422,
                sheet=names[other][0][:31],
                read=names[place][0][:31],
            )
    rows = sheets[place]
    if form == "xlsx":
        for row, column in _package_facts(data, place)["formulas"]:
            if row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = FORMULA
    return rows


def _heading(rows: Rows) -> set[str]:
    """The texts of the first row within the top of a sheet that looks like its heading: three texts and more."""
    for row in rows[:LOOKED_AT]:
        texts = {cell.strip() for cell in row if isinstance(cell, str) and cell.strip()}
        if len(texts) >= FEWEST_HEADINGS:
            return texts
    return set()


def part_of(package: zipfile.ZipFile, place: int) -> str:
    """The part that holds the sheet at ``place``, in the order of the tabs."""
    book, links = package.read("xl/workbook.xml"), package.read("xl/_rels/workbook.xml.rels")
    wanted = [_attribute(tag, rb"[\w]+:id") for tag in re.findall(rb"<(?:\w+:)?sheet [^>]*>", book)]
    targets = {
        _attribute(tag, rb"Id"): _attribute(tag, rb"Target")
        for tag in re.findall(rb"<(?:\w+:)?Relationship [^>]*>", links)
    }
    target = targets.get(wanted[place], "") if place < len(wanted) else ""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"\s*=\s*[\"']([^\"']*)", tag)
    return found[1].decode("utf-8", "replace") if found else ""


def pictures(data: bytes, place: int) -> list[sheet_pictures.Picture]:
    """The pictures of the sheet at ``place`` of a checked xlsx."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return sheet_pictures.of_sheet(package, part_of(package, place), workbooks.place)


def _package_facts(data: bytes, place: int) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        book = package.read("xl/workbook.xml")
        date1904 = bool(re.search(rb"date1904\s*=\s*[\"'](1|true)", book))
        part = part_of(package, place)
        content = package.read(part) if part in package.namelist() else b""
        marks = sheet_marks.marks(package, part, workbooks.place)
        pictures = sheet_pictures.of_sheet(package, part, workbooks.place)
    reader = _Reader(marks)
    if marks.struck_formats or marks.struck_texts or any(mark in content for mark in OF_INTEREST):
        reader.read(content)
    return {
        "pictures": tuple(sorted({*((each.row, each.column) for each in pictures), *reader.pictures})),
        "readable": frozenset((each.row, each.column) for each in pictures if each.part),
        "in_cells": frozenset(reader.pictures),
        "comments": marks.comments,
        "struck": tuple(reader.struck),
        "date1904": date1904,
        "formulas": reader.formulas,
        "errors": reader.errors,
        "merged": tuple(reader.merged),
        "hidden_rows": _ranges(reader.hidden_rows),
        "hidden_columns": tuple(reader.hidden_columns),
    }


class _Reader:
    """Gathers the facts of one worksheet part."""

    def __init__(self, marks: sheet_marks.Marks) -> None:
        self.marks = marks
        self.pictures: set[tuple[int, int]] = set()
        self.struck: list[tuple[int, int]] = []
        self.shared = self.formula = self.rich = False
        self.formulas: dict[tuple[int, int], str] = {}
        self.errors: dict[tuple[int, int], str] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[tuple[int, int]] = []
        self.row = self.column = 0
        self.error = False
        self.text: list[str] = []

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.Parse(content, True)  # noqa: FBT003 - positional only

    def start(self, name: str, given: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self.row, self.column = workbooks.place(given["r"]) if given.get("r") else (self.row, self.column + 1)
            self.error, self.text = given.get("t") == "e", []
            self.rich = self.error and "vm" in given and self.marks.pictures_in_cells
            self.shared = given.get("t") == "s" and bool(self.marks.struck_texts)
            if given.get("s") in self.marks.struck_formats:
                self.struck.append((self.row, self.column))
        elif tag == "row":
            self.row, self.column = int(given.get("r") or self.row + 1), 0
            if given.get("hidden") in ("1", "true"):
                self.hidden_rows.append(self.row)
        elif tag == "f" and len(self.formulas) < MOST_TOLD:
            self.formulas[self.row, self.column] = "="
            self.formula, self.text = True, []
        elif tag == "mergeCell" and len(self.merged) < MOST_TOLD:
            first, _colon, last = given.get("ref", "A1").partition(":")
            (top, left), (bottom, right) = workbooks.place(first), workbooks.place(last or first)
            self.merged.append((top, left, bottom, right))
        elif tag == "col" and given.get("hidden") in ("1", "true"):
            self.hidden_columns.append((int(given.get("min", 1)), min(int(given.get("max", 1)), 16384)))

    def characters(self, text: str) -> None:
        if self.error or self.shared or self.formula:
            self.text.append(text)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        here = self.row, self.column
        if tag == "f" and self.formula:
            if "DISPIMG(" in "".join(self.text).upper():
                self.pictures.add(here)
            self.formula, self.text = False, []
        elif tag == "v" and self.shared:
            if "".join(self.text) in self.marks.struck_texts:
                self.struck.append(here)
            self.shared = False
        elif tag == "c" and self.error:
            if self.rich:
                self.pictures.add(here)
            elif len(self.errors) < MOST_TOLD:
                self.errors[here] = "".join(self.text).strip()[:10] or "#"
            self.error = False


def _ranges(rows: Sequence[int]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return tuple(found)


def _legacy_facts(data: bytes, place: int) -> dict[str, Any]:
    """The same of an old xls; its formulas cannot be told from values, and very large ones are read for values only."""
    if len(data) > LEGACY_FORMATS_UP_TO:
        return {}
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO())
        page = book.sheet_by_index(place)
    except Exception:  # noqa: BLE001 - the parser raises whatever its own arithmetic trips over; the values were read
        return {}
    errors = {
        (row + 1, column + 1): str(xlrd.error_text_from_code.get(page.cell_value(row, column), "#"))
        for row in range(page.nrows)
        for column in range(page.row_len(row))
        if page.cell_type(row, column) == xlrd.XL_CELL_ERROR
    }
    return {
        "date1904": book.datemode == 1,
        "errors": errors,
        "merged": tuple((top + 1, left + 1, bottom, right) for top, bottom, left, right in page.merged_cells),
        "hidden_rows": _ranges(sorted(row + 1 for row, info in page.rowinfo_map.items() if info.hidden)),
        "hidden_columns": tuple((column + 1, column + 1) for column, info in page.colinfo_map.items() if info.hidden),
        "comments": {
            (row + 1, column + 1): " ".join(note.text.split())
            for (row, column), note in page.cell_note_map.items()
            if note.text.strip()
        },
        "struck": tuple(
            (row + 1, column + 1)
            for row in range(page.nrows)
            for column in range(page.row_len(row))
            if _legacy_struck(book, page, row, column)
        ),
        "unseen": data.count(b"\xff\xd8\xff\xe0") + data.count(b"\x89PNG\r\n\x1a\n"),
    }


def _legacy_struck(book: xlrd.Book, page: xlrd.sheet.Sheet, row: int, column: int) -> bool:
    if page.cell_type(row, column) in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return False
    fonts = [book.xf_list[page.cell_xf_index(row, column)].font_index]
    fonts += [font for _at, font in page.rich_text_runlist_map.get((row, column), ())]
    return any(book.font_list[font].struck_out for font in fonts if font < len(book.font_list))
