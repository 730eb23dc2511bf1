"""The pictures of one worksheet with the cells they belong to: lying over them, or held by them as their value."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jiangheng.files import sheet_marks

MOST = 5000
WPS_PICTURES, WPS_LINKS = "xl/cellimages.xml", "xl/_rels/cellimages.xml.rels"
RICH_LINKS = "xl/richData/richValueRel.xml"
EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
KEPT_IN = ("xl/drawings/", WPS_PICTURES, "xl/richdata/")
DISPIMG = re.compile(r'DISPIMG\(\s*"([^"]+)"', re.IGNORECASE)
COUNT = re.compile(r"[0-9]{1,7}")
EMU_A_POINT = 12_700
USUAL_HEIGHT = 15.0
"""Points of a row that says nothing of its height."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at ``row`` and ``column`` (from 1): the ``part`` of the package that holds it, "" where it lies outside."""

    row: int
    column: int
    part: str


def of_sheet(package: zipfile.ZipFile, part: str, place: Any) -> list[Picture]:
    """Every picture of the worksheet ``part`` of a checked xlsx; ``place`` reads a cell's reference."""
    names = set(package.namelist())
    if part not in names or not any(name.lower().startswith(KEPT_IN) for name in names):
        return []
    root = sheet_marks.root_of(package.read(part))
    if root is None:
        return []
    heights = _heights(root)
    found: list[Picture] = []
    for target in sheet_marks.targets(package, part, names).values():
        kind = posixpath.basename(target).lower()
        if kind.startswith("drawing") and kind.endswith(".xml"):
            found += _drawn(package, target, names, heights)
    return (found + list(_in_cells(package, root, names, place)))[:MOST]


def _heights(root: Any) -> dict[int, float]:
    """Heights of rows from 0 in points; -1 holds that of the rows that say nothing."""
    usual = root.find("{*}sheetFormatPr")
    heights = {-1: _number(usual.get("defaultRowHeight") if usual is not None else None) or USUAL_HEIGHT}
    for row in root.iter("{*}row"):
        number = _whole(row.get("r"))
        if row.get("ht") and number:
            heights[number - 1] = _number(row.get("ht")) or heights[-1]
    return heights


def _whole(text: str | None) -> int | None:
    """A count as a package writes it; None where it says none that a sheet could have."""
    return int(text) if text and COUNT.fullmatch(text) else None


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0


def _drawn(package: zipfile.ZipFile, part: str, names: set[str], heights: Mapping[int, float]) -> Iterator[Picture]:
    root = sheet_marks.root_of(package.read(part))
    targets = sheet_marks.targets(package, part, names)
    for anchor in root if root is not None else ():
        if not isinstance(anchor.tag, str) or anchor.tag.rpartition("}")[2] not in sheet_marks.ANCHORS:
            continue
        begins = anchor.find("{*}from")
        row, column = _corner(begins, heights) if begins is not None else (0, 0)
        for blip in anchor.iter("{*}blip"):
            yield Picture(row + 1, column + 1, targets.get(blip.get(EMBED) or "", ""))


def _corner(begins: Any, heights: Mapping[int, float]) -> tuple[int, int]:
    """The cell a picture is meant for: a hand drops it a little too high, so an edge in the lower half is the next row's."""
    row, column = (_whole(begins.findtext(f"{{*}}{name}")) or 0 for name in ("row", "col"))
    offset = _number(begins.findtext("{*}rowOff"))
    height = heights.get(row, heights[-1]) * EMU_A_POINT
    return (row + 1 if offset > height / 2 else row), column


def _in_cells(package: zipfile.ZipFile, root: Any, names: set[str], place: Any) -> Iterator[Picture]:
    """Pictures that are the value of a cell: DISPIMG of WPS, rich values of Office."""
    wps, rich = _wps(package, names), _rich(package, names)
    if not wps and not rich:
        return
    for cell in root.iter("{*}c"):
        if not cell.get("r"):
            continue
        row, column = place(cell.get("r"))
        named = DISPIMG.search("".join(cell.itertext()))
        if named and wps.get(named[1]):
            yield Picture(row, column, wps[named[1]])
        elif part := rich.get(_whole(cell.get("vm")) or 0):
            yield Picture(row, column, part)


def _wps(package: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """Part by the name that DISPIMG calls."""
    root = sheet_marks.root_of(package.read(WPS_PICTURES)) if WPS_PICTURES in names else None
    targets = sheet_marks.targets(package, WPS_PICTURES, names)
    found: dict[str, str] = {}
    for picture in root.iter("{*}pic") if root is not None else ():
        called, blip = next(picture.iter("{*}cNvPr"), None), next(picture.iter("{*}blip"), None)
        if called is not None and blip is not None:
            found[called.get("name") or ""] = targets.get(blip.get(EMBED) or "", "")
    return found


def _rich(package: zipfile.ZipFile, names: set[str]) -> dict[int, str]:
    """Part by a cell's ``vm`` (from 1): cell metadata, rich value, its link, the link's target (ECMA-376, [MS-XLSX] 2.6.201)."""
    needed = ("xl/metadata.xml", "xl/richData/rdrichvalue.xml", RICH_LINKS)
    if not names.issuperset(needed):
        return {}
    metadata, values, links = (sheet_marks.root_of(package.read(name)) for name in needed)
    if metadata is None or values is None or links is None:
        return {}
    targets = sheet_marks.targets(package, RICH_LINKS, names)
    parts = [targets.get(each.get(RELATION) or "", "") for each in links.iter("{*}rel")]
    indexes = [_whole(each.get("i")) or 0 for each in metadata.iter("{*}rvb")]
    rich = [[value.text or "" for value in each.iter("{*}v")] for each in values.iter("{*}rv")]
    cells = metadata.find("{*}valueMetadata")
    found: dict[int, str] = {}
    for at, cell in enumerate(cells.iter("{*}rc") if cells is not None else (), start=1):
        which = _whole(cell.get("v")) or 0
        value = rich[indexes[which]] if which < len(indexes) and indexes[which] < len(rich) else []
        link = _whole(value[0]) if value else None
        if link is not None and link < len(parts):
            found[at] = parts[link]
    return found
