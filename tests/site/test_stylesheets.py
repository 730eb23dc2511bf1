"""The vendored style sheet loses nothing that a page can use, and most of its weight."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from jiangheng.site import stylesheets

ROOT = Path(__file__).resolve().parent.parent.parent
SHEET = (ROOT / "static" / "vendor" / "tabler" / "tabler.min.css").read_text()
CLASSES = sorted(
    {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for given in re.findall(r'class="([^"{]*)"', path.read_text())
        for name in given.split()
    }
)


def selectors(css: str) -> list[str]:
    """Every selector of a sheet, also of those in media blocks, in order."""
    found: list[str] = []
    for prelude, block in stylesheets.rules(css):
        if block is None:
            continue
        if prelude.startswith(stylesheets.NESTING):
            found += selectors(block)
        elif not prelude.startswith("@"):
            found += stylesheets.split(prelude)
    return found


WHOLE, USED = selectors(SHEET), selectors(stylesheets.used(SHEET))


def test_what_is_read_is_the_sheet() -> None:
    """Written again it is the same, but for blanks before a block."""
    again = "".join(
        prelude if block is None else f"{prelude}{{{block}}}" for prelude, block in stylesheets.rules(SHEET)
    )
    assert re.sub(r"\s+", "", again) == re.sub(r"\s+", "", SHEET)


@pytest.mark.parametrize("name", CLASSES)
def test_every_rule_about_a_class_of_a_template_alone_stays(name: str) -> None:
    about = re.compile(rf"\.{re.escape(name)}(?![\w-])")
    alone = [each for each in WHOLE if about.search(each) and len(stylesheets.CLASS.findall(each)) == 1]
    assert [each for each in alone if each not in set(USED)] == []


def test_every_selector_left_out_asks_for_a_class_nobody_can_have() -> None:
    words, begun = stylesheets.spoken()
    for each in set(WHOLE) - set(USED):
        needed = stylesheets.CLASS.findall(re.sub(r"\([^()]*\)|\[[^\]]*\]", "", each))
        assert any(name not in words and not name.startswith(begun) for name in needed), each


def test_the_rules_kept_keep_their_order_and_everything_without_a_class_stays() -> None:
    kept = iter(WHOLE)
    assert all(each in kept for each in USED)
    assert [each for each in WHOLE if "." not in each] == [each for each in USED if "." not in each]


@pytest.mark.parametrize(
    ("selector", "possible"),
    [
        ("body", True),
        (".btn", True),
        (".btn.no-such-class", False),
        ("a:not(.no-such-class)", True),
        (":is(.no-such-class,.btn)", True),
        (".state-anything", True),
        ('[data-x=".no-such-class"]', True),
    ],
)
def test_in_doubt_a_rule_stays(selector: str, possible: bool) -> None:
    assert stylesheets.possible(selector) is possible


def test_a_phone_waits_for_a_quarter_of_it_at_most() -> None:
    assert 4 * len(gzip.compress(stylesheets.used(SHEET).encode())) < len(gzip.compress(SHEET.encode()))
