"""Local overrides of the application routes are data laid over the shipped table (三（一）)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiangheng.rules.conditions import routes
from jiangheng.rules.conditions.eligibility import MET, NOT_MET, Employment, PersonFacts, judge
from jiangheng.rules.refusal import Refusal

OCCUPATION = "6-31-01-03"
FIVE_YEARS = PersonFacts(employment=(Employment(OCCUPATION, date(2021, 6, 1)),))
AS_OF = date(2026, 6, 1)


def test_no_override_is_the_shipped_set_itself() -> None:
    assert routes.effective("R2023", []) is routes.route_sets()["R2023"]


def test_a_change_moves_the_number_and_names_its_basis() -> None:
    override = {"change": "2023-4-1", "set": {"cum": 6}, "document": "某标准", "clause": "1.9"}
    changed = routes.effective("R2023", [override])
    route = changed.route("2023-4-1")
    assert route is not None
    assert (route.cum, route.basis) == (6, "某标准1.9")
    assert judge(FIVE_YEARS, OCCUPATION, 4, "R2023", AS_OF, route_id="2023-4-1").verdict == MET
    assert judge(FIVE_YEARS, OCCUPATION, 4, changed, AS_OF, route_id="2023-4-1").verdict == NOT_MET
    shipped = routes.route_sets()["R2023"].route("2023-4-1")
    assert shipped is not None
    assert shipped.cum == 5


def test_routes_are_added_removed_and_conditions_dropped_in_order() -> None:
    added = {"id": "X-3-1", "level": 3, "text": "取得本专业硕士学位。", "edu": ["master"], "major": True}
    changed = routes.effective(
        "R2023",
        [
            {"add": added, "document": "企业标准"},
            {"remove": "2023-3-1"},
            {"change": "X-3-1", "set": {"major": False}},
            {"change": "2023-5-2", "set": {"min_age": None}},
        ],
    )
    assert [route.id for route in changed.for_level(3)][-1] == "X-3-1"
    assert changed.route("2023-3-1") is None
    mine, work = changed.route("X-3-1"), changed.route("2023-5-2")
    assert mine is not None
    assert work is not None
    assert (mine.edu, mine.major, mine.basis) == (("master",), False, "企业标准")
    assert work.min_age is None


@pytest.mark.parametrize(
    ("override", "code", "named"),
    [
        ({"change": "2023-9-9", "set": {"cum": 4}}, "override.route", "2023-9-9"),
        ({"remove": "nothing"}, "override.route", "nothing"),
        ({"change": "2023-4-1", "set": {"year": 4}}, "override.field", "year"),
        ({"change": "2023-4-1", "set": {"id": "other"}}, "override.field", "id"),
        ({"change": "2023-4-1", "set": {"cum": "4"}}, "override.value", "cum"),
        ({"change": "2023-4-1", "set": {"cum": True}}, "override.value", "cum"),
        ({"change": "2023-4-1", "set": {"cum": -1}}, "override.value", "-1"),
        ({"change": "2023-4-3", "set": {"edu": ["university"]}}, "override.value", "university"),
        ({"change": "2023-4-3", "set": {"edu": "college"}}, "override.value", "college"),
        ({"change": "2023-4-3", "set": {"text": ""}}, "override.value", "text"),
        ({"change": "2023-4-1", "set": {"level": None}}, "override.value", "level"),
        ({"change": "2023-4-2", "set": {"cert": None}}, "override.needs_level", "after"),
        ({"change": "2023-4-1", "set": {}}, "override.empty", "2023-4-1"),
        ({"change": "2023-4-1"}, "override.shape", "change"),
        ({"change": "2023-4-1", "set": {"cum": 4}, "remove": "2023-4-2"}, "override.shape", "change"),
        ({"remove": "2023-4-1", "reason": "x"}, "override.shape", "change"),
        ({}, "override.shape", "change"),
        ({"add": {"id": "X", "level": 4}}, "override.incomplete", "text"),
        ({"add": {"id": "2023-4-1", "level": 4, "text": "条文。"}}, "override.exists", "2023-4-1"),
    ],
)
def test_what_cannot_be_applied_is_refused_by_name(override: dict[str, Any], code: str, named: str) -> None:
    with pytest.raises(Refusal) as caught:
        routes.effective("R2023", [override])
    assert (caught.value.code, caught.value.status) == (code, 422)
    assert named in caught.value.sentence()


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        routes.effective("R1999", [])
    assert caught.value.code == "ruleset.unknown"


@pytest.mark.parametrize("ruleset", routes.route_sets())
def test_a_set_survives_being_written_down(ruleset: str) -> None:
    shipped = routes.route_sets()[ruleset]
    written = routes.content(shipped)
    assert routes.from_content(written) == shipped
    assert routes.digest(written) == routes.digest(routes.content(routes.from_content(written)))
