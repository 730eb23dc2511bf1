"""Fees (三（七）) and marks (四（八）)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.examination import scoring
from jiangheng.rules.fees import tariff
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

TODAY = date(2026, 6, 1)
LAW = in_force(TODAY)
TABLE = tariff.demonstration_table()
ELECTRICIAN = "6-31-01-03"
# the published table of another city, in yuan: theory, skill, materials, review, total
SAMPLE = {
    ("6-18-01-01", 5): (35, 140, 100, 0, 275),
    ("6-18-01-01", 2): (50, 290, 160, 320, 820),
    ("6-31-01-03", 5): (35, 160, 150, 0, 345),
    ("6-31-01-03", 4): (40, 210, 180, 0, 430),
    ("6-31-01-03", 3): (45, 260, 230, 0, 535),
    ("6-31-01-03", 1): (50, 310, 210, 420, 990),
    ("4-12-01-01", 3): (45, 290, 165, 0, 500),
    ("6-20-01-01", 4): (40, 190, 100, 0, 330),
}


@pytest.mark.parametrize(("occupation", "level"), SAMPLE)
def test_all_subjects_of_the_demonstration_table(occupation: str, level: int) -> None:
    *parts, total = SAMPLE[occupation, level]
    subjects = ["theory", "skill"] + (["review"] if level <= 2 else [])
    owed = tariff.charge(TABLE, occupation, level, subjects, TODAY)
    assert [line.amount_fen for line in owed] == [part * 100 for part in parts if part]
    assert sum(line.amount_fen for line in owed) == total * 100
    assert all(isinstance(line.amount_fen, int) for line in owed)


def test_the_demonstration_says_so_and_is_nobody_s_real_table() -> None:
    assert {line.label for line in TABLE} == {"示范数据"}
    assert {line.document for line in TABLE} == {"示范收费表（演示用，非正式标准）"}


def test_a_make_up_pays_the_failed_subject_only() -> None:
    assert [line.item for line in tariff.charge(TABLE, ELECTRICIAN, 4, ["theory"], TODAY)] == ["theory"]
    assert [line.item for line in tariff.charge(TABLE, ELECTRICIAN, 4, ["skill"], TODAY)] == ["skill", "materials"]
    assert tariff.charge(TABLE, ELECTRICIAN, 4, [], TODAY) == ()


@pytest.mark.parametrize(
    ("occupation", "level", "subjects", "on"),
    [
        ("4-03-02-01", 4, ["theory"], TODAY),
        (ELECTRICIAN, 4, ["review"], TODAY),
        (ELECTRICIAN, 4, ["theory"], date(2000, 1, 1)),
    ],
)
def test_no_fee_row_no_charge(occupation: str, level: int, subjects: list[str], on: date) -> None:
    with pytest.raises(Refusal) as caught:
        tariff.charge(TABLE, occupation, level, subjects, on)
    assert (caught.value.code, caught.value.status, caught.value.clause) == ("fee.none", 409, "三（七）")


def test_a_row_counts_on_its_days_only() -> None:
    (old,) = tariff.charge(TABLE, ELECTRICIAN, 4, ["theory"], TODAY)
    old = replace(old, valid_to=date(2026, 5, 31))
    new = replace(old, amount_fen=5000, valid_from=date(2026, 6, 1), valid_to=None)
    assert tariff.charge([old, new], ELECTRICIAN, 4, ["theory"], date(2026, 5, 31)) == (old,)
    assert tariff.charge([old, new], ELECTRICIAN, 4, ["theory"], date(2026, 6, 1)) == (new,)


def test_two_rows_for_one_item_would_charge_twice() -> None:
    (row,) = tariff.charge(TABLE, ELECTRICIAN, 4, ["theory"], TODAY)
    with pytest.raises(Refusal) as caught:
        tariff.charge([row, replace(row, amount_fen=1)], ELECTRICIAN, 4, ["theory"], TODAY)
    assert (caught.value.code, caught.value.status) == ("fee.twice", 409)
    assert len(tariff.charge([row, replace(row, payee="centre")], ELECTRICIAN, 4, ["theory"], TODAY)) == 2


MARKS = st.integers(0, 200).map(lambda half: Decimal(half) / 2)


@given(MARKS)
def test_a_mark_is_kept_exactly(mark: Decimal) -> None:
    assert scoring.check_mark(mark, LAW) == mark
    assert scoring.check_mark(f" {mark} ", LAW) == mark
    assert scoring.subject_passed(mark, LAW) == (mark >= 60)


@pytest.mark.parametrize(
    "text", ["", "-1", "-0.5", "100.5", "101", "60.3", "NaN", "Infinity", "sNaN", "六十", "1e3", "60%"]
)
def test_a_mark_out_of_range_or_step(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        scoring.check_mark(text, LAW)
    assert (caught.value.code, caught.value.status, caught.value.clause) == ("mark.invalid", 422, "四（八）")


def test_absence_does_not_pass() -> None:
    assert not scoring.subject_passed(None, LAW)


@given(st.dictionaries(st.sampled_from(["theory", "skill", "review"]), st.none() | MARKS), st.booleans())
def test_each_required_subject_must_reach_sixty(marks: dict[str, Decimal | None], review: bool) -> None:
    required = ["theory", "skill", *(["review"] if review else [])]
    found = scoring.outcome(marks, required, LAW)
    failed = [subject for subject in required if marks.get(subject) is None or marks[subject] < 60]
    assert list(found.failed) == failed
    assert found.passed == (not failed)
    assert list(found.makeup) == (failed if 0 < len(failed) < len(required) else [])


def test_a_high_mark_does_not_make_up_for_a_low_one() -> None:
    found = scoring.outcome({"theory": Decimal(100), "skill": Decimal("59.5")}, ["theory", "skill"], LAW)
    assert (found.passed, found.failed, found.makeup) == (False, ("skill",), ("skill",))


def test_nothing_required_is_no_pass() -> None:
    assert not scoring.outcome({}, [], LAW).passed


@pytest.mark.parametrize(
    ("marks", "mean"),
    [
        (["80", "81", "82"], "81"),
        (["80", "80", "81"], "80.5"),  # 80.33…
        (["80", "80", "80.5"], "80"),  # 80.17
        (["80", "80.5", "80.25"], "80.5"),  # 80.25 lies half-way: up
        (["0", "0", "0"], "0"),
        (["100", "100", "100", "100", "100"], "100"),
        (["59.5", "60", "60"], "60"),  # 59.83
    ],
)
def test_the_mean_of_the_examiners_rounds_half_up(marks: Sequence[str], mean: str) -> None:
    assert scoring.examiners_mark([Decimal(mark) for mark in marks], LAW) == Decimal(mean)


@given(st.lists(MARKS, min_size=3, max_size=9).filter(lambda marks: len(marks) % 2 == 1))
def test_the_mean_lies_between_the_marks(marks: list[Decimal]) -> None:
    mean = scoring.examiners_mark(marks, LAW)
    assert min(marks) <= mean <= max(marks)
    assert abs(mean * len(marks) - sum(marks)) <= Decimal("0.25") * len(marks)
    assert scoring.examiners_mark(list(reversed(marks)), LAW) == mean


@pytest.mark.parametrize("count", [0, 1, 2, 4, 6])
def test_too_few_or_an_even_number_of_examiners(count: int) -> None:
    with pytest.raises(Refusal) as caught:
        scoring.examiners_mark([Decimal(80)] * count, LAW)
    assert (caught.value.code, caught.value.status, caught.value.clause) == ("mark.examiners", 409, "四（七）")


def test_an_even_number_where_the_centre_allows_it() -> None:
    rules = LAW.overridden({"skill_examiner_odd": False})
    assert scoring.examiners_mark([Decimal(80)] * 4, rules) == 80


PAPER = [{"answer": "A", "points": 1}, {"answer": "BD", "points": 2}, {"answer": "T", "points": 1}]


@pytest.mark.parametrize(
    ("answers", "mark"),
    [
        ({1: "A", 2: "BD", 3: "T"}, "100"),
        ({1: "A", 2: "DB", 3: "T"}, "100"),
        ({1: "A", 2: "B", 3: "T"}, "50"),
        ({2: "BD"}, "50"),
        ({1: "B", 2: "ABD", 3: "F"}, "0"),
        ({}, "0"),
        ({9: "A"}, "0"),
    ],
)
def test_the_machine_mark(answers: dict[int, str], mark: str) -> None:
    assert scoring.theory_mark(answers, PAPER, LAW) == Decimal(mark)


def test_a_paper_without_points_gives_nothing() -> None:
    assert scoring.theory_mark({1: "A"}, [], LAW) == 0


def test_the_machine_mark_is_rounded_to_the_step() -> None:
    thirds = [{"answer": "A", "points": 1}] * 3
    assert scoring.theory_mark({1: "A"}, thirds, LAW) == Decimal("33.5")
