"""Tables are opened only by actions and queries; other files may name a row's type, not ask its table."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import jiangheng

PACKAGE = Path(jiangheng.__file__).parent
OPENERS = {"objects", "_base_manager", "_default_manager"}
MAY_OPEN = {
    "actions": "the only writes",
    "queries": "the only reads",
    "migrations": "schema and data moves",
    "delivery": "the worker claims outgoing rows",
    "demonstration": "finds what it has already played",
}


def _opens(node: ast.AST) -> bool:
    # A table's class is written with a capital; `pdf.objects` is no table.
    if not isinstance(node, ast.Attribute) or node.attr not in OPENERS:
        return False
    owner = ast.unparse(node.value).rpartition(".")[2]
    return node.attr != "objects" or owner[:1].isupper()


def _closed_files() -> list[Path]:
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not MAY_OPEN.keys() & {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts}
    ]


@pytest.mark.parametrize("path", _closed_files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_asks_no_table(path: Path) -> None:
    opened = [
        f"{path.name}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if _opens(node)
    ]
    assert opened == []
