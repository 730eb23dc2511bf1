"""An xlsx as a package of parts: bounded before it is parsed, and saved clean where only a strict parser stumbles."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from functools import lru_cache
from xml.parsers import expat

from jiangheng.files import table_refusals as refusals
from jiangheng.files.limits import Limits
from jiangheng.rules.roster import letter

PIECE = 1 << 20
MOST_PARTS = 2000
TYPES, BOOK, LINKS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
KNOWN = {name.lower(): name for name in (TYPES, BOOK, LINKS, "_rels/.rels", "xl/sharedStrings.xml", "xl/styles.xml")}
NOT_READ = ("docprops/", "customxml/", "xl/printersettings/")
"""Parts no reader here opens, where XML a spreadsheet program never looks at may be at fault."""
PLAIN_TYPES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, RuntimeError, EOFError, OSError,
          ValueError, OverflowError, KeyError)  # read as a table  # fmt: skip


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


def clean(data: bytes, limits: Limits) -> bytes:
    """The package, unpacked in small pieces and counted before any spreadsheet program touches it.

    Comes back byte for byte, or saved anew where its parts are named with backslashes, a leading slash or in other
    letters than their references, or the list of types is missing: what Excel opens all the same.
    """
    left = limits.unpacked_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            names = [_canonical(part.filename) for part in parts]
            if not any(name.lower().startswith("xl/") for name in names):
                raise refusals.broken()
            if len(names) > MOST_PARTS or len({name.lower() for name in names}) != len(names):
                raise refusals.broken()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise refusals.macros()
            if sum(part.file_size for part in parts) > limits.unpacked_bytes:
                raise refusals.bomb()
            for part, name in zip(parts, names, strict=True):
                left -= _scan(package, part, name, left, limits)
            named = _as_referred(package, parts, names)
            same = all(part.filename == name for part, name in zip(parts, named, strict=True))
            return data if same and TYPES in named and not _slashed(package, parts) else _anew(package, parts, named)
    except BROKEN as error:
        raise refusals.broken() from error


def _canonical(name: str) -> str:
    tidy = name.replace("\\", "/").lstrip("/").removeprefix("./")
    return KNOWN.get(tidy.lower(), tidy)


def _as_referred(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], names: list[str]) -> list[str]:
    """The names of the parts in the letters of the references to them; the book itself always ``xl/workbook.xml``."""
    book = _target(package, parts, names)
    if book and BOOK not in names and book.startswith("xl/"):
        moved = {book.lower(): BOOK, f"xl/_rels/{book[3:]}.rels".lower(): LINKS}
        names = [moved.get(name.lower(), name) for name in names]
    if LINKS not in names:
        return names
    links = package.read(parts[names.index(LINKS)])
    wanted = {}
    for found in re.findall(rb"Target\s*=\s*[\"']([^\"']+)", links):
        target = found.decode("utf-8", "replace").replace("\\", "/")
        whole = target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"
        wanted[whole.lower()] = whole
    return [wanted.get(name.lower(), name) for name in names]


def _target(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], names: list[str]) -> str:
    """The part the package itself calls its document."""
    if "_rels/.rels" not in names:
        return ""
    links = package.read(parts[names.index("_rels/.rels")])
    for tag in re.findall(rb"<(?:\w+:)?Relationship [^>]*>", links):
        target = re.search(rb"Target\s*=\s*[\"']([^\"']+)", tag)
        if b"/officeDocument" in tag and b"/relationships/officeDocument" in tag and target:
            return target[1].decode("utf-8", "replace").replace("\\", "/").lstrip("/")
    return ""


def _slashed(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bool:
    return any(
        re.search(rb"Target\s*=\s*[\"'][^\"':]*\\", package.read(part))
        for part in parts
        if part.filename.lower().endswith(".rels")
    )


def _anew(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], names: list[str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        if TYPES not in names:
            made.writestr(TYPES, PLAIN_TYPES)
        for part, name in zip(parts, names, strict=True):
            if part.is_dir() or name.endswith("/"):
                continue
            content = package.read(part)
            if name.endswith(".rels"):
                content = re.sub(
                    rb"(Target\s*=\s*[\"'])([^\"':]*)",
                    lambda found: found[1] + found[2].replace(b"\\", b"/"),
                    content,
                )
            made.writestr(name, content)
    return written.getvalue()


class _Extent:
    """Counts the cells of one sheet, and how far those that hold something reach: a parser fills that area.

    A cell with a colour and nothing in it takes no room, wherever it stands.
    """

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
            if self.column > refusals.MOST_COLUMNS:
                raise refusals.too_many_columns()
            if self.cells > self.most:
                raise refusals.too_many_cells(self.limits, self.here())
        elif name == "v" or name == "is" or name.endswith((":v", ":is")):
            self.filled()
        elif name == "row" or name.endswith(":row"):
            given = attributes.get("r")
            self.row, self.column = int(given or self.row + 1), 0
            self.row_text = str(self.row) if given == str(self.row) else ""

    def filled(self) -> None:
        if self.column > self.right:
            self.right = self.column
        if self.row > self.bottom:
            self.bottom = self.row
        if self.bottom * self.right > self.most:
            raise refusals.too_many_cells(self.limits, self.here())

    def here(self) -> str:
        return f"{letter(max(self.column, 1) - 1)}{self.row}"

    def doctype(self, *_declared: object) -> None:
        raise refusals.broken()


def _scan(package: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, left: int, limits: Limits) -> int:
    """Bytes unpacked from one part; XML is read through for entities and for the extent of its cells."""
    is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
    extent = _Extent(limits)
    reader = expat.ParserCreate()
    reader.StartElementHandler = extent.start
    reader.StartDoctypeDeclHandler = extent.doctype
    size = 0
    with package.open(part) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > left:
                raise refusals.bomb()
            if name == TYPES and b"macroEnabled" in piece:
                raise refusals.macros()
            if is_xml:
                is_xml = _parsed(reader, piece, name)
    if is_xml:
        _parsed(reader, b"", name)
    return size


def _parsed(reader: expat.XMLParserType, piece: bytes, name: str) -> bool:
    """Whether to read on; a fault of a part nobody reads is passed over."""
    try:
        reader.Parse(piece, not piece)
    except expat.ExpatError:
        if not name.lower().startswith(NOT_READ):
            raise
        return False
    return True
