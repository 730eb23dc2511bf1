"""The templates of a roster (law/roster_templates.toml) and a workbook's own headings read against them (四（四）)."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jiangheng.rules.law import FOLDER
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roster.kinds import RowFault, fault
from jiangheng.rules.words import gettext_noop as N_

EXPLAINED = "错误说明"
"""The column added to the copy handed back; passed over when the copy is handed in again."""

DEEPEST = 15
"""Rows from the top in which the headings are looked for."""

FEWEST = 4
"""Headings that must be known before a row is taken for the heading row."""


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook's columns in order, which of them are required, and what the form calls a differently named one.

    ``also`` are other ways people write a heading, by the template's own.
    """

    id: str
    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    same_as: Mapping[str, str]
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)


@cache
def templates() -> tuple[Template, ...]:
    """The templates shipped in ``law/roster_templates.toml``."""
    data = tomllib.loads((FOLDER / "roster_templates.toml").read_text(encoding="utf-8"))
    return tuple(
        Template(
            row["id"],
            row["name"],
            tuple(row["columns"]),
            tuple(row["required"]),
            row.get("same_as", {}),
            {name: ways for name, ways in data["also"].items() if name in row["columns"]},
        )
        for row in data["template"]
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a workbook has the template's columns: ``places`` by template column from 0, ``written`` as headed.

    ``row`` is the heading's row from 1; ``absent`` are columns the workbook does not have.
    """

    template: Template
    row: int
    places: Mapping[str, int]
    written: Mapping[str, str]
    faults: tuple[RowFault, ...]
    width: int

    @property
    def absent(self) -> frozenset[str]:
        """Template columns the workbook does not have."""
        return frozenset(self.template.columns) - frozenset(self.places)


def plain(heading: object) -> str:
    """A heading without marks, spaces and line breaks, brackets in one form."""
    return re.sub(r"[\s*＊]", "", unicodedata.normalize("NFKC", str(heading or "")))


HINT = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>|《[^《》]*》)")
MARKED = re.compile(r"^(?:[(\[]?\d{1,2}[)\].、])+|(?:必填|选填|必填项|选填项)$|[:：*＊]+$")


def known(heading: object, names: Mapping[str, Any]) -> str:
    """The way of writing among ``names`` a heading is, hints in brackets, numbering and 必填 left out; "" where none."""
    text = plain(heading)
    if text in names:
        return text
    bare = MARKED.sub("", HINT.sub("", text))
    return bare if bare in names else ""


def letter(place: int) -> str:
    """The letter of a column counted from 0: A, B … Z, AA."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def _names(template: Template) -> dict[str, tuple[str, bool]]:
    """Every way of writing a heading: the template's column, and whether it is the template's own way."""
    names = {plain(way): (name, False) for name, ways in template.also.items() for way in ways}
    names.update({plain(name): (name, True) for name in template.columns})
    return names


def is_roster(rows: Sequence[Sequence[object]]) -> bool:
    """Whether the first rows hold a heading row of some template."""
    return _heading(rows) is not None


def _heading(rows: Sequence[Sequence[object]]) -> tuple[Template, int] | None:
    best: tuple[tuple[int, int, int], Template, int] | None = None
    for template in templates():
        names = _names(template)
        for at, row in enumerate(rows[:DEEPEST]):
            found = [names[text] for cell in row if (text := known(cell, names))]
            rank = (sum(own for _name, own in found), len({name for name, _own in found}), -at)
            if len({name for name, _own in found}) >= FEWEST and (best is None or rank > best[0]):
                best = (rank, template, at)
    return None if best is None else (best[1], best[2])


def lay_out(rows: Sequence[Sequence[object]]) -> Layout:
    """The template a workbook follows, where its columns are, and every fault of its headings.

    Refusal ``roster.template`` (422) where the first rows hold no headings of any template.
    """
    found = _heading(rows)
    if found is None:
        raise _unknown(rows)
    template, at = found
    return _read_headings(template, at, rows[at])


def _read_headings(template: Template, at: int, heading: Sequence[object]) -> Layout:
    row, names = at + 1, _names(template)
    places: dict[str, int] = {}
    written: dict[str, str] = {}
    strange: dict[int, str] = {}
    faults = [fault(row, "", "header.place", at=row)] if at else []
    for place, cell in enumerate(heading):
        text = str(cell or "").strip()
        if not plain(text) or plain(text).startswith(EXPLAINED):
            continue
        way = known(text, names)
        name, own = names.get(way, ("", False))
        if not name:
            strange[place] = text
        elif name in places:
            faults.append(fault(row, text, "header.doubled", letter=letter(place), other=letter(places[name])))
        else:
            places[name], written[name] = place, text.strip("*＊ ")
            if way != plain(text):
                faults.append(fault(row, text, "header.hint", letter=letter(place), wanted=name))
            elif not own:
                faults.append(fault(row, text, "header.synonym", letter=letter(place), wanted=name))
    missing = [name for name in template.columns if name not in places]
    for place, text in strange.items():
        wanted = _meant(text, place, missing, template)
        if wanted:
            missing.remove(wanted)
            places[wanted], written[wanted] = place, text
            faults.append(fault(row, text[:20], "header.renamed", letter=letter(place), wanted=wanted))
        else:
            faults.append(fault(row, text[:20], "header.unknown", letter=letter(place)))
    for name in missing:
        code = "header.missing" if name in template.required else "header.absent"
        faults.append(fault(row, name, code, wanted=name))
    in_order = sorted(places, key=lambda name: places[name])
    wanted_order = [name for name in template.columns if name in places]
    for name, wanted in zip(in_order, wanted_order, strict=True):
        if name != wanted:
            faults.append(fault(row, written[name], "header.reordered", letter=letter(places[name])))
            break
    width = max(place for place, cell in enumerate(heading) if plain(cell)) + 1
    return Layout(template, row, places, written, tuple(faults), width)


def _meant(text: str, place: int, missing: Sequence[str], template: Template) -> str:
    """The missing column an unknown heading most likely is: one written much alike, or the one missing at its place."""
    if not missing:
        return ""
    near = difflib.get_close_matches(plain(text), [plain(name) for name in missing], 1, 0.6)
    if near:
        return next(name for name in missing if plain(name) == near[0])
    stands = template.columns[place] if place < len(template.columns) else ""
    return stands if stands in missing else ""


def _unknown(rows: Sequence[Sequence[object]]) -> Refusal:
    names = {name for template in templates() for name in _names(template)}
    got = max((sum(bool(known(cell, dict.fromkeys(names))) for cell in row) for row in rows[:DEEPEST]), default=0)
    return refuse(
        "roster.template",
        N_("前%(deepest)s行里找不到花名册的表头，只认出%(got)s个列名。"),
        N_("请下载模板，保留表头，把内容填入模板后重新上传。"),
        clause="四（四）",
        status=422,
        deepest=DEEPEST,
        got=got,
    )


def repeats(cells: Sequence[object], layout: Layout) -> bool | None:
    """Whether a row below is the headings again: True in their order, False in another one, None where it is none."""
    names = _names(layout.template)
    found = {place: names[way][0] for place, cell in enumerate(cells) if (way := known(cell, names))}
    if len(set(found.values())) < FEWEST:
        return None
    return all(layout.places.get(name) == place for place, name in found.items())
