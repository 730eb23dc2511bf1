"""Tables old systems hand out under the name of a workbook: a web page, its single-file form, Excel's XML of 2003."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from jiangheng.files import table_refusals as refusals
from jiangheng.files import text_tables
from jiangheng.files.limits import Limits
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

HEAD = 1 << 16
XML_BOOK = "urn:schemas-microsoft-com:office:spreadsheet"
PAGE, ARCHIVE, BOOK = "page", "archive", "book"
WIDEST_SPAN = 200
Rows = list[list[Any]]


def form_of(data: bytes) -> str:
    """``page`` (HTML with a table), ``archive`` (MHTML), ``book`` (XML of Excel 2003); empty for anything else."""
    head = data[:HEAD]
    if head.startswith((b"PK", b"\xd0\xcf")):
        return ""
    text = text_tables.decoded(head[: len(head) // 4 * 4]) or head.decode("latin-1")
    text = text.lstrip("\ufeff \t\r\n")
    low = text.lower()
    if low.startswith("mime-version:") and "multipart/related" in low:
        return ARCHIVE
    if not re.match(r"<(!|\?|[a-z])", low):
        return ""
    if XML_BOOK in text and re.search(r"<(\w+:)?workbook[\s>]", low) and "<html" not in low:
        return BOOK
    return PAGE if re.search(r"<table[\s>]", low) or (b"<table" in data.lower() and "<svg" not in low) else ""


def saved(data: bytes, limits: Limits) -> bytes:
    """The same tables as an xlsx, text as text.

    Refusals: ``workbook.page`` (422) where no table can be read, ``workbook.cells``, ``workbook.sheets``,
    ``workbook.broken``.
    """
    form = form_of(data)
    sheets = _book(data) if form == BOOK else [("Sheet1", _page(_html(data, form)))]
    refusals.sheet_count(len(sheets), limits)
    if not any(rows for _name, rows in sheets):
        raise _no_table()
    cells = 0
    for _name, rows in sheets:
        for number, row in enumerate(rows, start=1):
            cells += len(row)
            if len(row) > refusals.MOST_COLUMNS:
                raise refusals.too_many_columns()
            if cells > limits.cells:
                raise refusals.too_many_cells(limits, f"A{number}")
    return _written(sheets)


def _written(sheets: list[tuple[str, Rows]]) -> bytes:
    from openpyxl import Workbook

    from jiangheng.files import exports

    book = Workbook(write_only=True)
    for name, rows in sheets:
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "", name)[:31] or None)
        for row in rows:
            sheet.append([exports.cell(sheet, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _html(data: bytes, form: str) -> str:
    """The page's text; of a single-file page the part that holds the most tables."""
    if form != ARCHIVE:
        text = text_tables.decoded(data)
        if text is None:
            raise refusals.broken()
        return text
    import email
    import email.policy

    pages = []
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            text = text_tables.decoded(content) if isinstance(content, bytes) else None
            pages.append(text or "")
    if not pages:
        raise _no_table()
    return max(pages, key=lambda text: text.lower().count("<tr"))


def _page(text: str) -> Rows:
    """The rows of all tables of a page one after another; a cell over several stands at its top left one."""
    from lxml import etree
    from lxml.html import HTMLParser

    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        page = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise refusals.broken() from error
    rows: Rows = []
    for table in page.iter("table") if page is not None else ():
        if next(table.iterdescendants("table"), None) is None:
            rows += _table(table)
    return rows


def _table(table: Any) -> Iterator[list[Any]]:
    below: dict[int, int] = {}
    for line in table.iter("tr"):
        row: list[Any] = []

        def skip(row: list[Any] = row) -> None:
            while below.get(len(row), 0) > 0:
                below[len(row)] -= 1
                row.append(None)

        for cell in line.iterchildren("td", "th"):
            skip()
            wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
            for at in range(wide):
                if tall > 1:
                    below[len(row)] = tall - 1
                row.append(_text(cell) if at == 0 else None)
        skip()
        yield row


def _span(cell: Any, name: str) -> int:
    given = str(cell.get(name) or "1").strip()
    return min(int(given), WIDEST_SPAN) or 1 if given.isdecimal() else 1


def _text(cell: Any) -> str | None:
    for line in cell.iter("br"):
        line.tail = "\n" + (line.tail or "")
    lines = "".join(cell.itertext()).split("\n")
    return "\n".join(filter(None, (" ".join(re.split(r"[ \t\r\xa0]+", line)).strip() for line in lines))) or None


def _book(data: bytes) -> list[tuple[str, Rows]]:
    """The sheets of an XML workbook of 2003."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.LxmlError, ValueError) as error:
        raise refusals.broken() from error
    if root.getroottree().docinfo.doctype:
        raise refusals.broken()
    of = "{" + XML_BOOK + "}"
    sheets = []
    for sheet in root.iter(of + "Worksheet"):
        rows: Rows = []
        for line in sheet.iter(of + "Row"):
            rows += [[] for _ in range(_index(line, of) - len(rows) - 1)]
            row: list[Any] = []
            for cell in line.iterchildren(of + "Cell"):
                row += [None] * (_index(cell, of) - len(row) - 1)
                row.append(_value(cell.find(of + "Data"), of, formula=cell.get(of + "Formula")))
                row += [None] * min(int(cell.get(of + "MergeAcross") or 0), WIDEST_SPAN)
            rows.append(row)
        sheets.append((str(sheet.get(of + "Name") or ""), rows))
    return sheets


def _index(item: Any, of: str) -> int:
    given = str(item.get(of + "Index") or "0")
    index = int(given) if given.isdecimal() else 0
    if index > 1_048_576:
        raise refusals.broken()
    return index


def _value(held: Any, of: str, *, formula: str | None) -> Any:
    if formula:
        return "="
    if held is None:
        return None
    text, kind = "".join(held.itertext()), held.get(of + "Type")
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00")
    return text or None


def _no_table() -> Refusal:
    return refuse(
        "workbook.page",
        N_("这个文件是网页，里面没有可读取的表格。"),
        N_("请用 Excel 或 WPS 打开这个网页文件，另存为 xlsx 后重新上传。"),
        status=422,
    )
