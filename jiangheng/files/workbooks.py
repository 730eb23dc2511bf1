"""Reading a workbook somebody sent: bounded by decompressed size and cells before it is parsed."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any

import xlrd
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from jiangheng.files import packages, strangers, text_tables, web_tables
from jiangheng.files import table_refusals as refusals
from jiangheng.files.limits import Limits
from jiangheng.files.packages import place
from jiangheng.rules.refusal import Refusal

__all__ = ["Cell", "clean", "form_of", "is_number", "is_table", "place", "read", "sheet_names", "written"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"xlsx": XLSX, "xls": "application/vnd.ms-excel", "csv": "text/csv"}
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MACROS = "_VBA_PROJECT".encode("utf-16-le")

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A cell as stored: ``str`` is a text cell; ``int`` or ``float`` is a numeric cell, which cannot hold an
18-digit number without losing digits; None is empty."""


def form_of(data: bytes) -> str:
    """``xlsx``, ``xls`` or ``csv`` by the opening bytes."""
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    return "csv"


def is_table(data: bytes) -> bool:
    """Whether ``data`` opens as a table of a form read here, broken ones among them."""
    if web_tables.form_of(data):
        return True
    if strangers.stranger(data) is not None:
        return False
    return form_of(data) != "csv" or text_tables.decoded(data) is not None


def clean(data: bytes, limits: Limits) -> bytes:
    """The workbook byte for byte, or saved anew where spreadsheet programs open it all the same: see ``packages``.

    A web page or XML under the name of a workbook comes back as xlsx. Refused is what is no workbook, carries macros
    or would grow past the limits when opened. Refusal codes (422): ``workbook.broken``, ``workbook.macros``,
    ``workbook.bomb``, ``workbook.sheets``, ``workbook.cells``, ``workbook.columns``, ``workbook.password``,
    ``workbook.quote``, ``workbook.page``; ``upload.kind`` (415) for a file of another kind.
    """
    if len(data) > limits.workbook_bytes:
        raise refusals.bomb()
    if web_tables.form_of(data):
        data = web_tables.saved(data, limits)
    form = form_of(data)
    if form == "xlsx":
        data = packages.clean(data, limits)
        refusals.sheet_count(len(_package(data).sheet_names), limits)
    elif form == "xls":
        if ENCRYPTED in data:
            raise refusals.locked()
        if MACROS in data:
            raise refusals.macros()
        refusals.sheet_count(len(_legacy(data).sheet_names()), limits)
    else:
        text_tables.rows(data, limits)
    return data


def read(
    source: bytes | IO[bytes],
    limits: Limits,
    *,
    sheet: int = 0,
    checked: bool = False,
    is_heading: Callable[[Sequence[Sequence[Any]]], bool] | None = None,
) -> list[list[Cell]]:
    """The rows of one sheet, top left at A1, so that row ``i`` here is row ``i + 1`` on the sender's screen.

    ``source`` is bytes or a file at its start; rows with nothing in them at the bottom are left out. ``checked`` says
    that the same bytes came out of :func:`clean` before (a stored upload); ``is_heading`` helps to tell the delimiter
    of a text (``text_tables.rows``). Refusals: those of :func:`clean`.
    """
    data = source if isinstance(source, bytes) else source.read(limits.workbook_bytes + 1)
    if not checked:
        data = clean(data, limits)
    form = form_of(data)
    if form == "csv":
        return _trimmed([list(row) for row in text_tables.rows(data, limits, is_heading)])
    if form == "xls":
        return _trimmed(_legacy_rows(_legacy(data), sheet, limits))
    book = _package(data)
    refusals.sheet_count(len(book.sheet_names), limits)
    if not 0 <= sheet < len(book.sheet_names):
        return []
    try:
        found = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OverflowError) as error:
        raise refusals.broken() from error
    return _trimmed([[None if cell == "" else cell for cell in row] for row in found])


def _trimmed(rows: list[list[Cell]]) -> list[list[Cell]]:
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    return rows


def sheet_names(data: bytes) -> list[tuple[str, bool]]:
    """The sheets of a checked xlsx or xls in the order of the tabs, and whether each is visible."""
    if form_of(data) == "xlsx":
        shown = SheetVisibleEnum.Visible
        return [(each.name, each.visible == shown) for each in _package(data).sheets_metadata]
    book, found = _legacy(data), []
    for number, name in enumerate(book.sheet_names()):
        found.append((name, _legacy_sheet(book, number).visibility == 0))
        book.unload_sheet(number)
    return found


def written(cell: Cell) -> str:
    """A cell as a person would read it: whole numbers without ``.0``, dates as 2026-06-01, empty as ``""``."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return str(cell)


def is_number(cell: Cell) -> bool:
    """Whether the sender's program kept this cell as a number, so that a long one has lost digits."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _package(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, ValueError, OSError) as error:
        raise refusals.broken() from error


def _legacy(data: bytes) -> xlrd.Book:
    try:
        return xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=io.StringIO())
    except Exception as error:  # the parser raises whatever its own arithmetic trips over
        if "encrypted" in str(error).lower():
            raise refusals.locked() from error
        raise refusals.broken() from error


def _legacy_sheet(book: xlrd.Book, number: int) -> xlrd.sheet.Sheet:
    try:
        return book.sheet_by_index(number)
    except Exception as error:  # the parser raises whatever its own arithmetic trips over
        raise refusals.broken() from error


def _legacy_rows(book: xlrd.Book, sheet: int, limits: Limits) -> list[list[Cell]]:
    if not 0 <= sheet < book.nsheets:
        return []
    page = _legacy_sheet(book, sheet)
    try:
        lengths = [page.row_len(row) for row in range(page.nrows)]
        if sum(lengths) > limits.cells:
            raise refusals.too_many_cells(limits, f"A{page.nrows}")
        width = max(lengths, default=0)
        rows = [
            [_legacy_cell(page.cell(row, column), book.datemode) for column in range(lengths[row])]
            for row in range(page.nrows)
        ]
    except Refusal:
        raise
    except Exception as error:  # the parser raises whatever its own arithmetic trips over
        raise refusals.broken() from error
    return [row + [None] * (width - len(row)) for row in rows]


def _legacy_cell(cell: xlrd.sheet.Cell, datemode: int) -> Cell:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return None
    if cell.ctype == xlrd.XL_CELL_DATE:
        moment: datetime = xlrd.xldate_as_datetime(cell.value, datemode)
        return moment.date() if moment.time() == time() else moment
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    value: Cell = cell.value
    return None if value == "" else value
