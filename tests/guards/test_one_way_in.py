"""Writes happen only in actions.py, every action names who and when, and every deed is in a table."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import jiangheng
from jiangheng.journal import actions as journal
from jiangheng.rules import deeds, flows

PACKAGE = Path(jiangheng.__file__).parent
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/models.py"))
WRITES = {
    "save", "delete", "create", "update", "bulk_create", "bulk_update",
    "get_or_create", "update_or_create", "raw", "_raw_delete",
}  # read as a table  # fmt: skip
ALLOWED = {
    "actions.py": "the one way in",
    "migrations": "schema and data moves",
    "delivery.py": "the worker marks what it has delivered",
    "printing.py": "no tables: writes bytes",
}


def _is_table_write(node: ast.Call) -> bool:
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in WRITES:
        return False
    owner = ast.unparse(function.value)
    return (
        ".objects" in owner
        or "_base_manager" in owner
        or ".filter(" in owner
        or function.attr in {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    )


def _sources() -> list[Path]:
    return [
        path
        for path in PACKAGE.rglob("*.py")
        if not any(part == name or path.name == name for name in ALLOWED for part in path.parts)
        and "actions" not in path.parts
    ]


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_table_is_written_outside_actions(path: Path) -> None:
    tree = ast.parse(path.read_text())
    offences = [
        f"{path.name}:{node.lineno} {ast.unparse(node.func)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _is_table_write(node)
        # a form's or a file's own save, and a signed-in session's, touch no table of ours
        and not ast.unparse(node.func).startswith(
            # nor does a table's own ``save``, said with what else it does: who calls it is looked at where they call
            ("request.session", "image.", "picture.", "workbook.", "book.", "pdf.", "super().")
        )
    ]
    assert offences == []


def _load_actions() -> None:
    import importlib

    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("actions*.py")) + sorted((PACKAGE / room).glob("actions/*.py")):
            importlib.import_module(".".join(("jiangheng", *path.relative_to(PACKAGE).with_suffix("").parts)))


def test_every_action_takes_who_and_when_by_keyword() -> None:
    _load_actions()
    assert len(journal.ACTIONS) > 60
    for name, perform in journal.ACTIONS.items():
        signature = inspect.signature(inspect.unwrap(perform))
        kinds = {parameter.name: parameter.kind for parameter in signature.parameters.values()}
        assert kinds.get("by") is inspect.Parameter.KEYWORD_ONLY, name
        assert kinds.get("now") is inspect.Parameter.KEYWORD_ONLY, name
        assert set(kinds.values()) <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}, name
        assert (inspect.getdoc(inspect.unwrap(perform)) or "").strip(), f"{name} has no docstring"


def test_every_transition_has_its_action_and_every_deed_too() -> None:
    _load_actions()
    wanted = {f"{kind}.{step.verb}" for kind, table in flows.FLOWS.items() for step in table.transitions}
    wanted |= set(deeds.DEEDS)
    assert wanted - set(journal.ACTIONS) == set()


def test_every_room_has_real_content() -> None:
    for room in ROOMS:
        lines = sum(len(path.read_text().splitlines()) for path in (PACKAGE / room).glob("*.py"))
        assert lines > 150, room


def test_no_file_is_longer_than_500_lines() -> None:
    root = PACKAGE.parent
    long = {
        str(path.relative_to(root)): count
        for folder in ("jiangheng", "tests", "bench", "tools", "templates")
        for path in (root / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js"} and (count := len(path.read_text().splitlines())) > 500
    }
    assert long == {}


def test_forbidden_drawer_names_are_not_used() -> None:
    drawers = {"utils", "helpers", "manager", "misc", "common", "base", "util", "helper"}
    assert [str(path) for path in PACKAGE.rglob("*.py") if path.stem in drawers] == []
