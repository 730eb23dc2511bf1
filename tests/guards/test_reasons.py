"""Whoever silences a check says why on the same line."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("jiangheng", "tests", "tools", "bench", "drill")
SILENCED = re.compile(r"# *(type: *ignore|noqa|fmt: *(skip|off))\b")
WITH_REASON = re.compile(
    r"# type: ignore\[[a-z, -]+\]  # \w|# noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \w|# \w.*# fmt: skip$"
)


def test_every_silenced_check_says_why() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if SILENCED.search(line) and not WITH_REASON.search(line)
    ]
    assert bare == []


def test_types_are_read_over_the_program_so_nothing_else_silences_them() -> None:
    outside = [
        str(path.relative_to(ROOT))
        for folder in FOLDERS[1:]
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != Path(__file__) and "# type: ignore" in path.read_text(encoding="utf-8")
    ]
    assert outside == []
