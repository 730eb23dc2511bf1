"""A table as text (CSV and its kin): its encoding, its delimiter and its quotation marks, told by the text itself."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence

from jiangheng.files import table_refusals as refusals
from jiangheng.files.limits import Limits

DELIMITERS = ",\t;|；，"
LOOKED_AT = 40
"""Rows from the top among which the heading is looked for."""
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
FEW = 200
"""One letter in so many may be spoilt before a text is no longer taken for UTF-8."""

Row = list[str | None]


def rows(data: bytes, limits: Limits, is_heading: Callable[[Sequence[Row]], bool] | None = None) -> list[Row]:
    """The rows of a text in UTF-8 (with or without mark), UTF-16, UTF-32 or GB18030; empty cells are None.

    The delimiter is the one by which a row is a heading (``is_heading``, asked with rows from the top), else the one
    that cuts the most rows alike. Refusals: ``workbook.quote``, ``workbook.cells``, ``workbook.columns``,
    ``workbook.broken`` (422).
    """
    text = decoded(data)
    if text is None:
        raise refusals.broken()
    delimiter = _delimiter(text, is_heading)
    try:
        return _cut(text, delimiter, limits, strict=True)
    except csv.Error:
        # Letters after a closing mark are read as spreadsheet programs do, as long as no cell runs into the next line.
        return _cut(text, delimiter, limits, strict=False)


def _cut(text: str, delimiter: str, limits: Limits, *, strict: bool) -> list[Row]:
    found: list[Row] = []
    cells, began = 0, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    try:
        for row in reader:
            if len(row) > refusals.MOST_COLUMNS:
                raise refusals.too_many_columns()
            cells += max(len(row), 1)
            if cells > limits.cells:
                raise refusals.too_many_cells(limits, f"A{len(found) + 1}")
            if reader.line_num > began and (not strict or _swallowed(row, delimiter, found)):
                raise refusals.quote(began)
            found.append([cell or None for cell in row])
            began = reader.line_num + 1
    except csv.Error as error:
        if "expected after" in str(error):
            raise
        raise refusals.quote(began) from None
    return found


def decoded(data: bytes) -> str | None:
    """The text, or None where ``data`` is none."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _fit(data, encoding)
    if b"\x00" in data:
        return _unmarked(data)
    marked = data.startswith(b"\xef\xbb\xbf")
    for encoding in ("utf-8-sig",) if marked else ("utf-8-sig", "gb18030"):
        text = _fit(data, encoding)
        if text is not None and encoding == "utf-8-sig":
            return text
        # A few spoilt bytes in a text of UTF-8 would make it GB18030 of quite other characters, without a word.
        spoilt = data.decode("utf-8-sig", "replace")
        if marked or 0 < spoilt.count("\ufffd") * FEW < sum(char > "\x7f" for char in spoilt):
            return spoilt if "\x00" not in spoilt else None
        if text is not None:
            return text
    return None


def _fit(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if "\x00" not in text else None


def _unmarked(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of what is not Chinese is nothing."""
    if len(data) % 2:
        return None
    odd, even = data[1::2].count(0), data[::2].count(0)
    if min(odd, even) * 10 > max(odd, even):
        return None
    return _fit(data, "utf-16-le" if odd > even else "utf-16-be")


def _delimiter(text: str, is_heading: Callable[[Sequence[Row]], bool] | None) -> str:
    named = text.partition("\n")[0]
    named = named.strip("\r\ufeff\" '")
    if named.lower().startswith("sep=") and len(named) == len("sep=") + 1:
        return named[-1]
    head = text[: 1 << 18]
    cut = {mark: _top(head, mark) for mark in DELIMITERS}
    if is_heading is not None:
        for mark, top in cut.items():
            if any(len(row) > 1 and is_heading([row]) for row in top):
                return mark
    return max(DELIMITERS, key=lambda mark: _alike(cut[mark]))


def _top(text: str, delimiter: str) -> list[Row]:
    top: list[Row] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            top.append([cell or None for cell in row])
            if len(top) == LOOKED_AT:
                break
    except csv.Error:
        pass
    return top


def _alike(top: list[Row]) -> tuple[int, int]:
    """How well a delimiter cuts: columns times rows of the commonest width, and the widest row."""
    widths = Counter(len(row) for row in top if len(row) > 1)
    best = max(((width - 1) * count for width, count in widths.items()), default=0)
    return best, max(widths, default=0)


def _swallowed(row: list[str], delimiter: str, before: list[Row]) -> bool:
    """Whether a cell over several lines holds a whole row: a mark opened in one row was closed by one of the next."""
    width = max((len(each) for each in before[:LOOKED_AT]), default=len(row))
    return width > 2 and any(
        line.count(delimiter) >= width - 1 for cell in row if "\n" in cell for line in cell.split("\n")[1:]
    )
