"""What a spreadsheet shows beside its values and no reader of values sees: comments, struck-through text."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

STRIKE = re.compile(rb"<(?:\w+:)?strike[\s/>]")
ANCHORS = ("oneCellAnchor", "twoCellAnchor", "absoluteAnchor")


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one sheet, rows and columns from 1: what comments say by cell, the cell formats and shared texts that are struck
    through, and whether cells may hold pictures of their own.
    """

    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    struck_formats: frozenset[str] = frozenset()
    struck_texts: frozenset[str] = frozenset()
    pictures_in_cells: bool = False


def marks(package: zipfile.ZipFile, part: str, place: Any) -> Marks:
    """The marks of the worksheet ``part`` of a checked xlsx; ``place`` reads a cell's reference."""
    names = set(package.namelist())
    comments: dict[tuple[int, int], str] = {}
    for target in targets(package, part, names).values():
        kind = posixpath.basename(target).lower()
        if "comment" in kind and kind.endswith(".xml"):
            for reference, text in _comments(package.read(target)):
                comments.setdefault(place(reference), text)
    formats = _struck_formats(package.read("xl/styles.xml")) if "xl/styles.xml" in names else frozenset()
    texts = _struck_texts(package.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else frozenset()
    in_cells = any(name.lower().startswith("xl/richdata/richvaluerel") for name in names)
    return Marks(comments, formats, texts, in_cells)


def targets(package: zipfile.ZipFile, part: str, names: set[str]) -> dict[str, str]:
    """The parts a part refers to, by the number of the reference; what lies outside the package is left out."""
    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    root = root_of(package.read(links)) if links in names else None
    written, found = {name.lower(): name for name in names}, dict[str, str]()
    for each in root if root is not None else ():
        target = str(each.get("Target") or "").replace("\\", "/")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if each.get("TargetMode") != "External" and whole.lower() in written:
            found[each.get("Id") or ""] = written[whole.lower()]
    return found


def root_of(content: bytes) -> Any:
    """The root of a part's XML; None where it cannot be read."""
    from lxml import etree

    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.LxmlError:
        return None


def _comments(content: bytes) -> Iterator[tuple[str, str]]:
    root = root_of(content)
    for comment in root.iter("{*}comment", "{*}threadedComment") if root is not None else ():
        text = " ".join("".join(comment.itertext()).split())
        if text and comment.get("ref"):
            yield comment.get("ref"), text


def _struck_formats(content: bytes) -> frozenset[str]:
    """The numbers of the cell formats whose font is struck through."""
    root = root_of(content) if STRIKE.search(content) else None
    fonts, formats = (None, None) if root is None else (root.find("{*}fonts"), root.find("{*}cellXfs"))
    if fonts is None or formats is None:
        return frozenset()
    struck = {str(at) for at, font in enumerate(fonts) if _is_struck(font)}
    return frozenset(str(at) for at, each in enumerate(formats) if each.get("fontId", "0") in struck)


def _struck_texts(content: bytes) -> frozenset[str]:
    """The numbers of the shared texts of which some letters are struck through."""
    root = root_of(content) if STRIKE.search(content) else None
    return frozenset(
        str(at)
        for at, text in enumerate(root.iterchildren("{*}si") if root is not None else ())
        if any(_is_struck(run) for run in text.iter("{*}rPr"))
    )


def _is_struck(font: Any) -> bool:
    found = font.find("{*}strike")
    return found is not None and found.get("val", "1") not in ("0", "false")
