"""What tests share stands beside them, in no test module."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_no_module_takes_anything_from_a_test_module() -> None:
    found = [
        f"{path.relative_to(TESTS)}:{node.lineno}"
        for path in sorted(TESTS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom | ast.Import)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
        + ([f"{node.module}.{each.name}" for each in node.names] if isinstance(node, ast.ImportFrom) else [])
        if any(part.startswith("test_") for part in name.split(".")) and name.startswith("tests")
    ]
    assert found == []
