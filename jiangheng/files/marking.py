"""Colouring cells of somebody's own xlsx and adding one last column, with everything else of the book kept as it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from xml.parsers import expat
from xml.sax.saxutils import escape

from lxml import etree

from jiangheng.files import workbooks
from jiangheng.files.worksheets import part_of

RED, YELLOW = "FFF8CBAD", "FFFFE699"
COLOURS = {"error": RED, "warning": YELLOW}
LAST_COLUMN = 16_384
WIDTH = 60
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Unmarkable(Exception):
    """The book cannot be marked in place: it is to be written anew."""


def marked(
    data: bytes, place: int, marks: Mapping[tuple[int, int], str], notes: Mapping[int, str], old: int | None = None
) -> bytes:
    """The checked xlsx ``data`` with cells of the sheet at ``place`` coloured and ``notes`` by row in a last column.

    ``marks`` are "error" or "warning" by (row, column) from 1; ``old`` is the column of an earlier note, which is
    taken out, as is every colour this function gave before. Raises :class:`Unmarkable`.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part, names = part_of(package, place), package.namelist()
        if part not in names or "xl/styles.xml" not in names:
            raise Unmarkable
        styles = _Styles(package.read("xl/styles.xml"))
        sheet = _Marker(_utf8(package.read(part)), styles, marks, notes, old).done()
        changed = {part: sheet, "xl/styles.xml": styles.written()}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for each in package.infolist():
                made.writestr(each, changed.get(each.filename) or package.read(each), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _utf8(content: bytes) -> bytes:
    head = content[:200]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or (b"encoding" in head and not re.search(rb"utf-8", head, re.I)):
        raise Unmarkable
    return content.removeprefix(b"\xef\xbb\xbf")


class _Styles:
    """The book's cell formats, with a coloured twin of each that is asked for."""

    def __init__(self, content: bytes) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        self.root = etree.fromstring(content, parser)
        self.fills, self.formats = self.root.find(f"{MAIN}fills"), self.root.find(f"{MAIN}cellXfs")
        if self.fills is None or self.formats is None or not len(self.formats):
            raise Unmarkable
        self.ours = {
            at
            for at, fill in enumerate(self.fills)
            if any(colour.get("rgb") in (RED, YELLOW) for colour in fill.iter(f"{MAIN}fgColor"))
        }
        self.fill_of = {kind: self._fill(colour) for kind, colour in COLOURS.items()}
        self.painted = {str(at) for at, each in enumerate(self.formats) if int(each.get("fillId", 0)) in self.ours}
        self.twins: dict[tuple[str, str], str] = {}

    def _fill(self, colour: str) -> int:
        fill = etree.SubElement(self.fills, f"{MAIN}fill")
        pattern = etree.SubElement(fill, f"{MAIN}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{MAIN}fgColor", rgb=colour)
        return len(self.fills) - 1

    def twin(self, style: str, kind: str) -> str:
        """The format ``style`` in the colour of ``kind``; kind "" without our colours; "note" wraps its text."""
        key = (style, kind)
        if key not in self.twins:
            if not int(style or 0) < len(self.formats):
                raise Unmarkable
            made = deepcopy(self.formats[int(style or 0)])
            made.set("fillId", str(self.fill_of.get(kind, 0)))
            made.set("applyFill", "1")
            if kind == "note":
                for each in made.findall(f"{MAIN}alignment"):
                    made.remove(each)
                made.insert(0, etree.Element(f"{MAIN}alignment", wrapText="1", vertical="top"))
                made.set("applyAlignment", "1")
            self.formats.append(made)
            self.twins[key] = str(len(self.formats) - 1)
        return self.twins[key]

    def written(self) -> bytes:
        for each in (self.fills, self.formats):
            each.set("count", str(len(each)))
        return bytes(etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True))


class _Marker:
    """Copies the worksheet's bytes, changing only the tags and places it must."""

    def __init__(
        self,
        content: bytes,
        styles: _Styles,
        marks: Mapping[tuple[int, int], str],
        notes: Mapping[int, str],
        old: int | None,
    ) -> None:
        self.content, self.styles, self.notes, self.old = content, styles, notes, old
        self.by_row: dict[int, dict[int, str]] = {}
        for (row, column), kind in marks.items():
            self.by_row.setdefault(row, {})[column] = kind
        used = {
            workbooks.place(text.decode() + "1")[1]
            for text in set(re.findall(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]+)\d", content))
        }
        self.column = max({1, *used} - {old}) + 1
        if self.column > LAST_COLUMN:
            raise Unmarkable
        self.pieces: list[bytes] = []
        self.copied = 0
        self.row = self.at = 0
        self.waiting: list[int] = []
        self.dropping = False
        self.prefix = ""
        self.cell: tuple[int, int, int, str, str] = (0, 0, 0, "", "")
        self.formula: list[str] | None = None
        self.in_formula = False

    def done(self) -> bytes:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        try:
            self.parser.Parse(self.content, True)  # noqa: FBT003 - positional only
        except expat.ExpatError as error:
            raise Unmarkable from error
        self.pieces.append(self.content[self.copied :])
        return self._framed(b"".join(self.pieces))

    def start(self, name: str, given: dict[str, str]) -> None:
        prefix, _colon, tag = name.rpartition(":")
        here = self.parser.CurrentByteIndex
        if tag == "row":
            self.prefix = f"{prefix}:" if prefix else ""
            self.row, self.at = int(given.get("r") or self.row + 1), 0
            self.waiting = sorted(self.by_row.get(self.row, ()))
            if "spans" in given and self.row in self.notes:
                tag_end = self._tag_end(here)
                self._replace(here, tag_end, re.sub(rb"\s+spans=\"[^\"]*\"", b"", self.content[here:tag_end]))
        elif tag == "c":
            self.at = workbooks.place(given["r"])[1] if given.get("r") else self.at + 1
            while self.waiting and self.waiting[0] < self.at:
                self._insert(here, self._blank(self.waiting.pop(0)))
            if self.at == self.old:
                self.dropping = True
                self._replace(here, here, b"")
                return
            kind = ""
            if self.waiting and self.waiting[0] == self.at:
                kind = self.by_row[self.row][self.waiting.pop(0)]
            style = given.get("s", "0")
            self.cell, self.formula = (here, len(self.pieces), self.copied, style, kind), None
            if kind or style in self.styles.painted:
                tag_end = self._tag_end(here)
                text = re.sub(rb"\s+s=\"[^\"]*\"", b"", self.content[here:tag_end])
                head = text.index(name.encode()) + len(name.encode())
                chosen = f' s="{self.styles.twin(style, kind)}"'.encode()
                self._replace(here, tag_end, text[:head] + chosen + text[head:])

        elif tag == "f" and not self.dropping:
            self.formula, self.in_formula = [], True

    def characters(self, text: str) -> None:
        if self.in_formula and self.formula is not None:
            self.formula.append(text)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        here = self.parser.CurrentByteIndex
        if tag == "f":
            self.in_formula = False
        elif tag == "c" and self.formula is not None and not self.dropping:
            self._as_text("=" + "".join(self.formula), self._tag_end(here))
        elif tag == "c" and self.dropping:
            self.dropping = False
            self.copied = self._tag_end(here)
        elif tag == "row":
            extra = b"".join(self._blank(column) for column in self.waiting)
            note = self.notes.get(self.row)
            if note:
                extra += self._text(self.column, note, self.styles.twin("0", "note"))
            if extra and self.content[here : here + 2] == b"</":
                self._insert(here, extra)
            elif extra:
                tag_end = self._tag_end(here)
                opened = re.sub(rb"\s*/>$", b">", self.content[here:tag_end])
                self._replace(here, tag_end, opened + extra + f"</{name}>".encode())

    def _as_text(self, formula: str, cell_end: int) -> None:
        """The formula cell just read, as the text of its formula: nothing in a file we hand out is live."""
        here, pieces, copied, style, kind = self.cell
        del self.pieces[pieces:]
        self.copied, self.formula = copied, None
        chosen = self.styles.twin(style, kind) if kind or style in self.styles.painted else style
        self._replace(here, cell_end, self._text(self.at, formula, chosen))

    def _text(self, column: int, text: str, style: str) -> bytes:
        p, safe = self.prefix, escape(UNFIT.sub("\ufffd", text))
        return (
            f'<{p}c r="{_letters(column)}{self.row}" s="{style}" t="inlineStr">'
            f'<{p}is><{p}t xml:space="preserve">{safe}</{p}t></{p}is></{p}c>'
        ).encode()

    def _blank(self, column: int) -> bytes:
        style = self.styles.twin("0", self.by_row[self.row][column])
        return f'<{self.prefix}c r="{_letters(column)}{self.row}" s="{style}"/>'.encode()

    def _tag_end(self, here: int) -> int:
        return self.content.index(b">", here) + 1

    def _insert(self, here: int, extra: bytes) -> None:
        self._replace(here, here, extra)

    def _replace(self, here: int, there: int, by: bytes) -> None:
        if here >= self.copied:
            self.pieces.append(self.content[self.copied : here])
        self.pieces.append(by)
        self.copied = max(there, here, self.copied)

    def _framed(self, content: bytes) -> bytes:
        """The declared range and the width of the new column."""
        letters = _letters(self.column).encode()
        content = re.sub(
            rb"(<(?:\w+:)?dimension ref=\"[A-Z]+\d+:)[A-Z]+(\d+\")", rb"\g<1>" + letters + rb"\g<2>", content, count=1
        )
        p = self.prefix.encode()
        col = b'<%scol min="%d" max="%d" width="%d" customWidth="1"/>' % (p, self.column, self.column, WIDTH)
        if b"</" + p + b"cols>" in content:
            taken = [int(last) for last in re.findall(rb"<(?:\w+:)?col\b[^>]*?\bmax=\"(\d+)\"", content)]
            if max(taken, default=0) < self.column:
                content = content.replace(b"</" + p + b"cols>", col + b"</" + p + b"cols>", 1)
            return content
        return content.replace(b"<" + p + b"sheetData>", b"<%scols>%s</%scols><%ssheetData>" % (p, col, p, p), 1)


def _letters(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))
