"""The body proposed for a request: by load, turns, district and people, in the order the law's data names."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from jiangheng.rules.bodies.assignment import CRITERIA, Claim, ranked, reasons
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

ORDER = list(in_force(date(2026, 9, 2)).value("assignment_order"))


def claim(name: str, plans: int = 0, people: int = 0, assigned: int = 0, near: bool = False) -> Claim:
    return Claim(ord(name), name, plans, people, assigned, near)


def test_the_order_is_data_and_names_known_criteria() -> None:
    assert ORDER == ["load", "fairness", "distance", "people"]
    assert set(ORDER) == set(CRITERIA)
    assert in_force(date(2026, 9, 2)).rule("assignment_order").label.startswith("默认值")


def test_each_criterion_decides_only_between_equals() -> None:
    busy, often, far, full, chosen = (
        claim("A", plans=1, near=True),
        claim("B", assigned=1, near=True),
        claim("C"),
        claim("D", near=True, people=30),
        claim("E", near=True),
    )
    for given in itertools.permutations([busy, often, far, full, chosen]):
        assert [each.name for each in ranked(given, ORDER)] == ["E", "D", "C", "B", "A"]
    assert ranked([busy, often], ["fairness", "load"])[0] is busy


def test_equals_fall_to_the_name_never_to_chance() -> None:
    assert [each.name for each in ranked([claim("C"), claim("A"), claim("B")], ORDER)] == ["A", "B", "C"]


def test_the_reasons_say_where_it_is_least_and_where_it_is_not() -> None:
    first, other = claim("A", plans=1, assigned=2), claim("B", plans=1, assigned=0, near=True)
    words = [message % params for message, params in reasons(first, [first, other], ["load", "fairness", "distance"])]
    assert words == [
        "考核日前后一周有1项安排，可承接机构中最少",
        "今年已承接2项指派（最少的为0项）",
        "与考核地点不在同一县区",
    ]
    alone = [message % params for message, params in reasons(first, [first], ["distance"])]
    assert alone == ["可承接的机构只有这一家"]


@pytest.mark.parametrize("wrong", [[], ["load", "load"], ["wealth"], "load"])
def test_the_order_may_be_changed_but_not_into_nonsense(wrong: object) -> None:
    shipped = in_force(date(2026, 9, 2))
    assert shipped.overridden({"assignment_order": ["fairness", "load"]}).value("assignment_order") == [
        "fairness",
        "load",
    ]
    with pytest.raises(Refusal) as refused:
        shipped.overridden({"assignment_order": wrong})
    assert refused.value.status == 422
