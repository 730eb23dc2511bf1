"""Rows are locked in one place, in one order: whoever locks elsewhere can cross with whoever locks there."""

from __future__ import annotations

import ast
from pathlib import Path

import jiangheng

PACKAGE = Path(jiangheng.__file__).parent
LOCKS = {"select_for_update", "nowait", "skip_locked"}
RAW = ("for update", "for no key update", "lock table", "advisory", "lock_timeout")
HOME = PACKAGE / "journal" / "actions" / "locking.py"


def stray(source: str) -> list[int]:
    """The lines on which a program locks rows by itself."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute | ast.keyword) and (getattr(node, "attr", "") or node.arg) in LOCKS)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in LOCKS)
        or (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", "") in {"execute", "executemany", "raw", "RawSQL"}
            and any(word in ast.unparse(node).lower() for word in RAW)
        )
    ]


def test_every_lock_is_taken_by_hold() -> None:
    found = {
        str(path.relative_to(PACKAGE)): lines
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != HOME and (lines := stray(path.read_text()))
    }
    assert found == {}


def test_a_stray_lock_is_found() -> None:
    assert stray("row = Plan.objects.select_for_update().get(pk=1)") == [1]
    assert stray('getattr(rows, "select_for_update")()') == [1]
    assert stray("x = 1\nlock = rows.select_for_update\n") == [2]
    assert stray('cursor.execute("SELECT 1 FROM t FOR UPDATE")') == [1]
    assert stray('cursor.execute("SELECT pg_advisory_lock(1)")') == [1]
    assert stray("[plan] = hold(plan)") == []
    assert stray(HOME.read_text()) != []
