"""Standard versions and their subjects (三（一）, 三（五）); the clock of a sitting (四（七）)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from jiangheng.rules import codes
from jiangheng.rules.conditions import occupations, routes, standards
from jiangheng.rules.days import sitting_time
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

TODAY = date(2026, 6, 1)
LAW = in_force(TODAY)
CATALOGUE = {row.code: row for row in occupations.catalogue(TODAY)}
LIUZHOU = timezone(timedelta(hours=8))
NINE = datetime(2026, 6, 6, 9, tzinfo=LIUZHOU)
END = NINE + timedelta(minutes=90)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_occupation_has_a_standard_on_every_day(code: str) -> None:
    versions = sorted(standards.versions(code), key=lambda row: row.valid_from)
    assert versions
    for row in versions:
        assert row.occupation_code == code
        assert row.ruleset in routes.route_sets()
        assert row.document
    for earlier, later in pairwise(versions):
        assert earlier.valid_to is not None
        assert later.valid_from - earlier.valid_to == timedelta(days=1)
    assert versions[0].valid_from <= TODAY
    assert versions[-1].valid_to is None


@pytest.mark.parametrize("code", CATALOGUE)
def test_theory_and_skill_at_every_level_and_review_for_the_two_highest(code: str) -> None:
    rows = standards.subjects(code, CATALOGUE[code].levels, LAW)
    for level in map(int, CATALOGUE[code].levels):
        named = {row.subject for row in rows if row.level == level}
        assert named == {"theory", "skill"} | ({"review"} if level <= 2 else set())
    for row in rows:
        assert codes.find("method", row.method)
        assert row.minutes >= {"theory": 90, "skill": 60, "review": 15}[row.subject]


def test_the_electrician_asks_for_equipment_by_heads() -> None:
    rows = standards.subjects("6-31-01-03", "4", LAW)
    assert any(row.equipment for row in rows)
    assert standards.Requirement("台", 2, 5).needed(11) == 6
    assert standards.Requirement("台", 2, 5).needed(0) == 0
    assert standards.Requirement("套", 3, 0).needed(100) == 3


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(-21, "sitting.too_early"), (-20, ""), (0, ""), (30, ""), (31, "sitting.too_late")],
)
def test_candidates_come_in_from_twenty_minutes_before_to_thirty_after(minutes: int, code: str) -> None:
    now = NINE + timedelta(minutes=minutes)
    if not code:
        sitting_time.require_entry(now, NINE, LAW)
        return
    with pytest.raises(Refusal) as caught:
        sitting_time.require_entry(now, NINE, LAW)
    assert (caught.value.code, caught.value.status, caught.value.clause) == (code, 409, "四（七）")
    assert (
        caught.value.sentence()
        == {
            "sitting.too_early": "未到入场时间，08:40起可以办理。",
            "sitting.too_late": "已过迟到入场时限（开考后30分钟），不能入场。",
        }[code]
    )


def test_the_clock_told_is_the_local_one() -> None:
    with pytest.raises(Refusal) as caught:
        sitting_time.require_entry(NINE.astimezone(UTC) - timedelta(hours=1), NINE.astimezone(UTC), LAW)
    assert "08:40" in caught.value.sentence()


def test_a_room_opened_late_keeps_its_full_length() -> None:
    late = NINE + timedelta(minutes=12)
    assert sitting_time.writing_ends(late, NINE, END) == END + timedelta(minutes=12)
    assert sitting_time.writing_ends(NINE, NINE, END, extra_minutes=30) == END + timedelta(minutes=30)


def test_nobody_leaves_in_the_first_half_hour() -> None:
    assert sitting_time.hand_in_opens(NINE - timedelta(minutes=5), NINE, LAW) == NINE + timedelta(minutes=30)
    late = NINE + timedelta(minutes=12)
    assert sitting_time.hand_in_opens(late, NINE, LAW) == late + timedelta(minutes=30)


@pytest.mark.parametrize(("minutes", "may"), [(-1, False), (0, True), (89, True), (90, False)])
def test_a_room_opens_only_in_its_time(minutes: int, may: bool) -> None:
    now = NINE + timedelta(minutes=minutes)
    if may:
        sitting_time.require_opening(now, NINE, END)
        return
    with pytest.raises(Refusal) as caught:
        sitting_time.require_opening(now, NINE, END)
    assert (caught.value.code, caught.value.status) == ("sitting.not_time", 409)
    assert "09:00" in caught.value.sentence()
