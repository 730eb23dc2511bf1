"""Code tables of the forms (附件4-8 and the data templates): labels, codes and the synonyms people type."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from jiangheng.rules.law import FOLDER


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a table; ``label`` is what pages and exports show."""

    code: str
    label: str
    synonyms: tuple[str, ...] = ()


@cache
def _tables() -> dict[str, tuple[Code, ...]]:
    text = (FOLDER / "codes.toml").read_text(encoding="utf-8")
    return {
        name: tuple(Code(row[0], row[1], tuple(row[2:])) for row in rows) for name, rows in tomllib.loads(text).items()
    }


@cache
def _index(name: str) -> dict[str, Code]:
    index: dict[str, Code] = {}
    for code in table(name):
        for word in (code.code, code.label, *code.synonyms):
            index.setdefault(word, code)
    return index


def table(name: str) -> tuple[Code, ...]:
    """Every value of a table in its own order; KeyError for a table that is not there."""
    return _tables()[name]


def names() -> tuple[str, ...]:
    """The tables there are."""
    return tuple(_tables())


def find(name: str, text: str) -> Code | None:
    """The value meant by a code, a label or a known synonym; None when it is none of them.

    For 民族 a trailing 族 is tolerated.
    """
    word = text.strip()
    found = _index(name).get(word)
    if found is None and name == "ethnicity" and word.endswith("族"):
        found = _index(name).get(word.removesuffix("族"))
    return found


def label(name: str, code: str) -> str:
    """The label of a code, or the code itself where the table has no such value."""
    found = _index(name).get(str(code))
    return found.label if found else str(code)


def keys(name: str) -> tuple[str, ...]:
    """The codes of a table in its own order."""
    return tuple(each.code for each in table(name))


def choices(name: str) -> list[tuple[str, str]]:
    """``(code, label)`` pairs for a form's list."""
    return [(code.code, code.label) for code in table(name)]


def level_name(level: int) -> str:
    """“四级/中级工”, as printed on forms and certificates (人社鉴发〔2021〕1号)."""
    return label("level", str(level))
