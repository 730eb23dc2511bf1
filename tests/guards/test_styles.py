"""A room's style sheet never gives another look to a class of the shell that stands on its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
SHELL = STATIC / "shell" / "shell.css"
ROOMS = sorted(each for each in STATIC.glob("*/*.css") if each.parent.name not in ("shell", "vendor"))


def alone(css: str) -> set[str]:
    """The classes that a sheet styles by themselves, wherever they stand."""
    return set(re.findall(r"(?:^|[},]\s*|\n\s*)\.([\w-]+)(?=\s*[,{])", re.sub(r"/\*.*?\*/", "", css, flags=re.S)))


def test_a_class_styled_by_itself_is_found() -> None:
    assert alone(".a { b: c; } .line, .d { e: f; }\n.g .h { i: j; } /* .k { } */") == {"a", "line", "d"}


@pytest.mark.parametrize("sheet", ROOMS, ids=lambda each: each.name)
def test_a_room_leaves_the_shell_s_classes_alone(sheet: Path) -> None:
    assert alone(sheet.read_text()) & alone(SHELL.read_text()) == set()
