"""Every table and every key of ``law/*.toml`` has a reader outside ``law/``: what nobody reads is no law."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parents[2] / "jiangheng"
LAW = sorted((PROGRAM / "law").glob("*.toml"))
# Names of values in words for the pages, and the strings of the message tool: they show a value, they do not act on it.
ONLY_NAMES = {"catalog/labels.py", "catalog/views/value_wording.py"}
# Said for whoever reads the file; no page or rule needs it.
FOR_READERS = {"note", "checked"}


def _texts(path: Path) -> Iterator[str]:
    """Every text in a module; the changing parts of a formatted one stand as a dot pattern."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values)
        elif isinstance(node, ast.Attribute):
            yield re.escape(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            yield re.escape(node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield re.escape(node.target.id)


@cache
def read() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Every text and name of the program outside ``law/``: plain ones, and patterns of formatted ones and of globs."""
    found: set[str] = set()
    for path in PROGRAM.rglob("*.py"):
        place = path.relative_to(PROGRAM).as_posix()
        if not place.startswith("law/") and "/migrations/" not in place and place not in ONLY_NAMES:
            found |= {text for text in _texts(path) if len(text) < 80}
    plain = frozenset(re.sub(r"\\(.)", r"\1", text) for text in found if r"\w+" not in text)
    found = {text.replace(r"\*", r"\w+") for text in found}
    formatted = tuple(re.compile(text) for text in found if r"\w+" in text and len(text.replace(r"\w+", "")) > 3)
    return plain, formatted


def is_read(key: str) -> bool:
    plain, formatted = read()
    return key in plain or any(pattern.fullmatch(key) for pattern in formatted)


def keys_of(value: Any) -> Iterator[str]:
    """The names of the columns of a table, at every depth; what stands under a free key is no column."""
    if isinstance(value, list):
        for each in value:
            yield from keys_of(each)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if re.fullmatch(r"[a-z_]+", name):
                yield name
                yield from keys_of(inner)


def test_every_value_of_the_law_is_read() -> None:
    rows = tomllib.loads((PROGRAM / "law" / "rules.toml").read_text(encoding="utf-8"))["rule"]
    keys = {row["key"] for row in rows}
    assert len(keys) > 110
    assert {key for key in keys if not is_read(key)} == set()


@pytest.mark.parametrize("path", LAW, ids=lambda path: path.name)
def test_every_file_and_column_of_the_law_is_read(path: Path) -> None:
    assert is_read(path.name), "no module opens this file"
    columns = set(keys_of(tomllib.loads(path.read_text(encoding="utf-8")))) - FOR_READERS
    assert columns
    assert {name for name in columns if not is_read(name)} == set()
