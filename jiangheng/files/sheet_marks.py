"""What a spreadsheet shows beside its values and no reader of values sees: pictures, comments, struck-through text."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_TOLD = 5000
STRIKE = re.compile(rb"<(?:\w+:)?strike[\s/>]")
ANCHORS = ("oneCellAnchor", "twoCellAnchor", "absoluteAnchor")


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one sheet, rows and columns from 1: where pictures lie over cells, what comments say by cell, the cell formats
    and shared texts that are struck through, and whether cells may hold pictures of their own.
    """

    pictures: tuple[tuple[int, int], ...] = ()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    struck_formats: frozenset[str] = frozenset()
    struck_texts: frozenset[str] = frozenset()
    pictures_in_cells: bool = False


def marks(package: zipfile.ZipFile, part: str, place: Any) -> Marks:
    """The marks of the worksheet ``part`` of a checked xlsx; ``place`` reads a cell's reference."""
    names = set(package.namelist())
    pictures: list[tuple[int, int]] = []
    comments: dict[tuple[int, int], str] = {}
    for target in _linked(package, part, names):
        kind = posixpath.basename(target).lower()
        if kind.startswith("drawing") and kind.endswith(".xml"):
            pictures += _pictures(package.read(target))
        elif "comment" in kind and kind.endswith(".xml"):
            for reference, text in _comments(package.read(target)):
                comments.setdefault(place(reference), text)
    formats = _struck_formats(package.read("xl/styles.xml")) if "xl/styles.xml" in names else frozenset()
    texts = _struck_texts(package.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else frozenset()
    in_cells = any(name.lower().startswith("xl/richdata/richvaluerel") for name in names)
    return Marks(tuple(pictures[:MOST_TOLD]), comments, formats, texts, in_cells)


def _linked(package: zipfile.ZipFile, part: str, names: set[str]) -> Iterator[str]:
    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    if links not in names:
        return
    for tag in re.findall(rb"<(?:\w+:)?Relationship [^>]*>", package.read(links)):
        found = re.search(rb"Target\s*=\s*[\"']([^\"']+)", tag)
        target = found[1].decode("utf-8", "replace") if found else ""
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if whole in names:
            yield whole


def _root(content: bytes) -> Any:
    from lxml import etree

    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.LxmlError:
        return None


def _pictures(content: bytes) -> Iterator[tuple[int, int]]:
    """The cell at the top left corner of every picture of a drawing."""
    root = _root(content)
    for anchor in root if root is not None else ():
        if not isinstance(anchor.tag, str) or anchor.tag.rpartition("}")[2] not in ANCHORS:
            continue
        count = sum(1 for _ in anchor.iter("{*}blip"))
        begins = anchor.find("{*}from")
        at = (0, 0) if begins is None else (int(begins.findtext("{*}row") or 0), int(begins.findtext("{*}col") or 0))
        yield from [(at[0] + 1, at[1] + 1)] * count


def _comments(content: bytes) -> Iterator[tuple[str, str]]:
    root = _root(content)
    for comment in root.iter("{*}comment", "{*}threadedComment") if root is not None else ():
        text = " ".join("".join(comment.itertext()).split())
        if text and comment.get("ref"):
            yield comment.get("ref"), text


def _struck_formats(content: bytes) -> frozenset[str]:
    """The numbers of the cell formats whose font is struck through."""
    root = _root(content) if STRIKE.search(content) else None
    fonts, formats = (None, None) if root is None else (root.find("{*}fonts"), root.find("{*}cellXfs"))
    if fonts is None or formats is None:
        return frozenset()
    struck = {str(at) for at, font in enumerate(fonts) if _is_struck(font)}
    return frozenset(str(at) for at, each in enumerate(formats) if each.get("fontId", "0") in struck)


def _struck_texts(content: bytes) -> frozenset[str]:
    """The numbers of the shared texts of which some letters are struck through."""
    root = _root(content) if STRIKE.search(content) else None
    return frozenset(
        str(at)
        for at, text in enumerate(root.iterchildren("{*}si") if root is not None else ())
        if any(_is_struck(run) for run in text.iter("{*}rPr"))
    )


def _is_struck(font: Any) -> bool:
    found = font.find("{*}strike")
    return found is not None and found.get("val", "1") not in ("0", "false")
