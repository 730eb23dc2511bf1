"""What is run on one engine only is what was meant to be: nothing that races, triggers or acts slips out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import engines

TESTS = Path(__file__).resolve().parent.parent
NAMED = sorted(path for path in TESTS.glob("*/test_*.py") if engines.NAMED.fullmatch(path.name))


@pytest.mark.parametrize(
    ("file", "fixtures", "names", "transactional", "page"),
    [
        ("test_pages.py", (), (), False, True),
        ("test_api_changes.py", (), (), False, True),
        ("test_standard_pages.py", (), (), False, True),
        ("test_refunds.py", ("client_for", "db"), (), False, True),
        ("test_entry.py", ("db",), ("Client", "get"), False, True),
        ("test_refunds.py", ("db", "body"), ("actions",), False, False),
        ("test_capital.py", ("db",), (), False, False),
        ("test_pages.py", ("client",), (), True, False),
    ],
)
def test_a_page_is_told_by_its_door(
    file: str, fixtures: tuple[str, ...], names: tuple[str, ...], transactional: bool, page: bool
) -> None:
    assert engines.is_page(file, fixtures, names, transactional=transactional) is page


@pytest.mark.parametrize("path", NAMED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_race_and_no_trigger_hides_among_the_pages(path: Path) -> None:
    """Where the engines differ both are asked: such a test stands in a file that is not named for pages."""
    wanted = re.findall(r"\b(threading|concurrent|IntegrityError|DatabaseError|append.only)\b", path.read_text())
    assert wanted == [] or "transaction=True" in path.read_text()


def test_the_mark_is_put_by_the_rule_and_by_nobody_else() -> None:
    by_hand = [path for path in TESTS.glob("*/*.py") if "mark.pages" in path.read_text() and path != Path(__file__)]
    assert by_hand == []
