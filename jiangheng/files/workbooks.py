"""Reading a workbook somebody sent: bounded by decompressed size and cells before it is parsed."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import IO
from xml.parsers import expat

import xlrd
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from jiangheng.files.limits import Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roster import letter
from jiangheng.rules.words import gettext_noop as N_

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"xlsx": XLSX, "xls": "application/vnd.ms-excel", "csv": "text/csv"}
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DELIMITERS = ",\t;；"
MACROS = "_VBA_PROJECT".encode("utf-16-le")
PIECE = 1 << 20
MOST_PARTS = 2000
MOST_COLUMNS = 16_384
"""As many as a spreadsheet program itself has."""

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


def check(data: bytes, limits: Limits) -> None:
    """Refuse what is no workbook, carries macros, or would grow past the limits when opened.

    Refusal codes (422): ``workbook.broken``, ``workbook.macros``, ``workbook.bomb``, ``workbook.sheets``,
    ``workbook.cells``, ``workbook.columns``, ``workbook.password``.
    """
    form = form_of(data)
    if form == "xlsx":
        _check_package(data, limits)
        _sheet_count(len(_package(data).sheet_names), limits)
    elif form == "xls":
        if ENCRYPTED in data:
            raise _locked()
        if MACROS in data:
            raise _macros()
        _sheet_count(len(_legacy(data).sheet_names()), limits)
    else:
        _text_rows(data, limits)


def read(source: bytes | IO[bytes], limits: Limits, *, sheet: int = 0, checked: bool = False) -> list[list[Cell]]:
    """The rows of one sheet, top left at A1, so that row ``i`` here is row ``i + 1`` on the sender's screen.

    ``source`` is bytes or a file at its start; CSV may be UTF-8 or GB18030. ``checked`` says that the same
    bytes passed :func:`check` before (a stored upload). Refusals: those of :func:`check`.
    """
    data = source if isinstance(source, bytes) else source.read(limits.workbook_bytes + 1)
    if len(data) > limits.workbook_bytes:
        raise _bomb()
    form = form_of(data)
    if form == "csv":
        return [list(row) for row in _text_rows(data, limits)]
    if form == "xls":
        if not checked:
            check(data, limits)
        return _legacy_rows(_legacy(data), sheet, limits)
    if not checked:
        _check_package(data, limits)
    book = _package(data)
    _sheet_count(len(book.sheet_names), limits)
    if not 0 <= sheet < len(book.sheet_names):
        return []
    try:
        found = book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OverflowError) as error:
        raise _broken() from error
    return [[None if cell == "" else cell for cell in row] for row in found]


def sheet_names(data: bytes) -> list[tuple[str, bool]]:
    """The sheets of a checked xlsx or xls in the order of the tabs, and whether each is visible."""
    if form_of(data) == "xlsx":
        shown = SheetVisibleEnum.Visible
        return [(each.name, each.visible == shown) for each in _package(data).sheets_metadata]
    book = _legacy(data)
    return [(name, book.sheet_visibility(place) == 0) for place, name in enumerate(book.sheet_names())]


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
        raise _broken() from error


class _Extent:
    """Counts the cells of one sheet by what it says, including the empty area that a parser would fill."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.row = self.column = self.bottom = self.right = self.cells = 0
        self.most, self.row_text = limits.cells, ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" or name.endswith(":c"):
            self.cells += 1
            reference = attributes.get("r")
            if reference:
                # Nearly every cell names the row it stands in: only its letters are to be looked up.
                at = len(reference) - len(self.row_text)
                known = COLUMNS.get(reference[:at]) if self.row_text and reference[at:] == self.row_text else None
                if known:
                    self.column = known
                else:
                    (self.row, self.column), self.row_text = place(reference), ""
            else:
                self.column += 1
            if self.column > self.right:
                self.right = self.column
        elif name == "row" or name.endswith(":row"):
            given = attributes.get("r")
            self.row, self.column = int(given or self.row + 1), 0
            self.row_text = str(self.row) if given == str(self.row) else ""
        else:
            return
        if self.row > self.bottom:
            self.bottom = self.row
        if self.right > MOST_COLUMNS:
            raise _too_many_columns()
        if self.cells > self.most or self.bottom * self.right > self.most:
            raise _too_many_cells(self.limits)

    def doctype(self, *_declared: object) -> None:
        raise _broken()


def place(reference: str) -> tuple[int, int]:
    """``"C12"`` as (12, 3)."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :] or 0), _column(letters)


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    column = 0
    for char in letters.upper():
        column = column * 26 + ord(char) - 64
    return column


COLUMNS = {letter(number): number + 1 for number in range(702)}
"""The columns A to ZZ by their letters."""


def _check_package(data: bytes, limits: Limits) -> None:
    """Unpack every part in small pieces, counting, before any spreadsheet program touches it."""
    left = limits.unpacked_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise _broken()
            if len(names) > MOST_PARTS or len(set(names)) != len(names):
                raise _broken()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise _macros()
            if sum(part.file_size for part in package.infolist()) > limits.unpacked_bytes:
                raise _bomb()
            for part in package.infolist():
                left -= _scan(package, part, left, limits)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, RuntimeError) as error:
        raise _broken() from error
    except (EOFError, OSError, ValueError, OverflowError) as error:
        raise _broken() from error


def _scan(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """Bytes unpacked from one part; XML is read through for entities and for the extent of its cells."""
    is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
    extent = _Extent(limits)
    reader = expat.ParserCreate()
    reader.StartElementHandler = extent.start
    reader.StartDoctypeDeclHandler = extent.doctype
    size = 0
    with package.open(part) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > left:
                raise _bomb()
            if part.filename == "[Content_Types].xml" and b"macroEnabled" in piece:
                raise _macros()
            if is_xml:
                reader.Parse(piece, False)  # noqa: FBT003  (positional only)
    if is_xml:
        reader.Parse(b"", True)  # noqa: FBT003
    return size


def _legacy(data: bytes) -> xlrd.Book:
    try:
        return xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=io.StringIO())
    except Exception as error:  # the parser raises whatever its own arithmetic trips over
        if "encrypted" in str(error).lower():
            raise _locked() from error
        raise _broken() from error


def _legacy_rows(book: xlrd.Book, sheet: int, limits: Limits) -> list[list[Cell]]:
    if not 0 <= sheet < book.nsheets:
        return []
    try:
        page = book.sheet_by_index(sheet)
        lengths = [page.row_len(row) for row in range(page.nrows)]
        if sum(lengths) > limits.cells:
            raise _too_many_cells(limits)
        width = max(lengths, default=0)
        rows = [[_legacy_cell(page.cell(row, column), book.datemode) for column in range(lengths[row])]
                for row in range(page.nrows)]  # fmt: skip
    except Refusal:
        raise
    except Exception as error:  # the parser raises whatever its own arithmetic trips over
        raise _broken() from error
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


def _text_rows(data: bytes, limits: Limits) -> list[list[str | None]]:
    """The rows of a CSV in UTF-8 (with or without mark), UTF-16 with mark, or GB18030."""
    text = _decoded(data)
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows: list[list[str | None]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False):
            if len(row) > MOST_COLUMNS:
                raise _too_many_columns()
            cells += max(len(row), 1)
            if cells > limits.cells:
                raise _too_many_cells(limits)
            rows.append([cell or None for cell in row])
    except csv.Error as error:
        raise _broken() from error
    return rows


def _decoded(data: bytes) -> str:
    encodings: Sequence[str] = ("utf-8-sig", "gb18030")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _broken()


def _sheet_count(count: int, limits: Limits) -> None:
    if count > limits.sheets:
        raise refuse(
            "workbook.sheets",
            N_("工作簿有 %(count)s 张表，超过上限 %(limit)s 张。"),
            N_("请只保留需要上传的表，另存后重新上传。"),
            status=422,
            count=count,
            limit=limits.sheets,
        )


def _too_many_cells(limits: Limits) -> Refusal:
    return refuse(
        "workbook.cells",
        N_("表格范围超过 %(limit)s 个单元格，没有读取。"),
        N_("请删除数据以外的空白行列和格式（选中后“删除”而非“清除内容”），或分批上传。"),
        status=422,
        limit=limits.cells,
    )


def _too_many_columns() -> Refusal:
    return refuse(
        "workbook.columns",
        N_("表格超过%(limit)s列，没有读取。"),
        N_("请把内容填入模板的各列，一名考生一行，另存后重新上传。"),
        status=422,
        limit=MOST_COLUMNS,
    )


def _bomb() -> Refusal:
    return refuse(
        "workbook.bomb",
        N_("文件展开后过大，没有读取。"),
        N_("请将数据复制到新建的工作簿中，另存为 xlsx 后重新上传。"),
        status=422,
    )


def _broken() -> Refusal:
    return refuse(
        "workbook.broken",
        N_("文件不是可读取的工作簿，可能已损坏、加密或只是改了扩展名。"),
        N_("请用 Excel 或 WPS 打开后“另存为”xlsx 格式（不设密码），再重新上传。"),
        status=422,
    )


def _locked() -> Refusal:
    return refuse(
        "workbook.password",
        N_("工作簿设有打开密码，不能读取。"),
        N_("请在 Excel 或 WPS 中取消打开密码，另存后重新上传。"),
        status=422,
    )


def _macros() -> Refusal:
    return refuse(
        "workbook.macros", N_("工作簿含有宏，不予接收。"), N_("请另存为不含宏的 xlsx 格式后重新上传。"), status=422
    )
