"""The law without the centre's own values is read in ``values`` only; no room is named by a string in settings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "jiangheng"
NAMES = {"in_force", "shipped_law"}
MAY = {"values/queries.py", "rules/shipped_law.py", "rules/law.py"}


def readers() -> Iterator[tuple[str, str]]:
    """(file, name) of every use of the shipped law in the program."""
    for path in PROGRAM.rglob("*.py"):
        place = path.relative_to(PROGRAM).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                used = {each.name for each in node.names} | set((node.module or "").split("."))
            elif isinstance(node, ast.Attribute):
                used = {node.attr}
            else:
                continue
            yield from ((place, name) for name in used & NAMES)


def test_only_values_reads_the_shipped_law() -> None:
    found = set(readers())
    assert ("values/queries.py", "in_force") in found, "the guard must see the one reader there is"
    assert {place for place, name in found if name == "in_force"} <= MAY
    assert {place for place, _name in found if not place.startswith("rules/")} == {"values/queries.py"}


def test_the_zone_is_named_once() -> None:
    naming = [
        path.relative_to(PROGRAM).as_posix()
        for path in PROGRAM.rglob("*.py")
        for text in [path.read_text(encoding="utf-8")]
        if "Asia/Shanghai" in text or "timezone(timedelta(" in text or "localdate(" in text or "localtime(" in text
    ]
    assert naming == ["rules/days/local_time.py"]


def test_no_setting_names_a_function_of_a_room_it_may_not_import() -> None:
    settings = (PROGRAM / "site" / "settings.py").read_text(encoding="utf-8")
    assert "LAW_READER" not in settings
