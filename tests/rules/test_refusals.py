"""A refusal is said in one place, with a sentence of its own, what helps, and places that are filled."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from jiangheng.rules.refusal import Said, refuse
from tools import refusals

PROGRAM = Path(refusals.PROGRAM)
ALL = refusals.refusals()
PLACE = re.compile(r"%\((\w+)\)s")


def test_a_code_is_refused_in_one_place_and_has_one_sentence() -> None:
    often = Counter(each.code for each in ALL)
    assert [(each.code, each.where) for each in ALL if often[each.code] > 1] == []
    assert len(ALL) > 600


def test_codes_are_plain_identifiers_of_a_matter() -> None:
    assert [each.code for each in ALL if not re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)?", each.code)] == []


def test_every_refusal_says_what_would_help() -> None:
    assert [(each.code, each.where) for each in ALL if not any(each.remedies)] == []


@pytest.mark.parametrize("status", sorted({each.status for each in ALL}))
def test_a_refusal_is_the_askers_matter(status: str) -> None:
    assert status == "…" or all(400 <= int(each) < 500 for each in status.split(" / "))


def test_refusals_are_made_by_one_function() -> None:
    made = re.compile(r"(?<!\w)Refusal\(")
    classes = re.compile(r"class \w+\(Refusal\)")
    found = [
        str(path)
        for path in PROGRAM.rglob("*.py")
        if path.name != "refusal.py" and made.search(classes.sub("", path.read_text()))
    ]
    assert found == []


def test_the_page_lists_every_code_with_its_english() -> None:
    page = refusals.PAGE.read_text()
    words = refusals.english()
    assert [each.code for each in ALL if f"`{each.code}`" not in page] == []
    assert [each.code for each in ALL if each.sentence not in words] == []


def test_places_are_filled_in_the_readers_language_inner_sentences_too() -> None:
    english = {"甲%(what)s": "A %(what)s", "乙%(n)s": "B %(n)s"}
    found = refuse("some.code", "甲%(what)s", "乙%(n)s", what=Said("乙%(n)s", {"n": 3}), n=4)
    assert found.sentence() == "甲乙3"
    assert found.sentence(lambda text: english.get(text, text)) == "A B 3"
    assert found.advice(lambda text: english.get(text, text)) == "B 4"
    assert (found.code, found.status, found.clause) == ("some.code", 409, "")


def test_a_rules_refusal_may_be_given_better_advice() -> None:
    found = refuse("some.code", "差%(n)s", "请增加", clause="四（六）", status=422, n=2)
    better = found.advising("请加选%(room)s", room="甲")
    assert (better.code, better.sentence(), better.advice(), better.clause, better.status) == (
        "some.code",
        "差2",
        "请加选甲",
        "四（六）",
        422,
    )
