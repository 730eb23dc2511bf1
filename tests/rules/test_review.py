"""三（一）: when an application is clean, what is marked as a fact, what is said to a candidate, who may decide."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from jiangheng.rules.applications import review
from jiangheng.rules.conditions.eligibility import MET, NOT_EVIDENCED, NOT_MET
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

ON = date(2026, 6, 1)
LAW = in_force(ON)


@pytest.mark.parametrize(
    ("verdict", "marks", "missing"),
    list(product((MET, NOT_MET, NOT_EVIDENCED, ""), ((), ("same_phone",)), ((), ("work_years",)))),
)
def test_only_met_unmarked_and_complete_is_clean(
    verdict: str, marks: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    found = review.standing(verdict, marks, missing)
    assert (found.name == review.CLEAN) == (verdict == MET and not marks and not missing)
    assert bool(found.why) == (found.name != review.CLEAN)
    assert (found.name == review.FLAGGED) == bool(marks)


def marks(**given: object) -> list[str]:
    facts = review.Facts(**{"born": date(1990, 1, 1), "as_of": ON, **given})
    return [each.kind for each in review.flags(facts, LAW)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"same_phone": 1}, []),
        ({"same_phone": 2}, ["same_phone"]),
        ({"same_address": 3}, []),
        ({"same_address": 4}, ["same_address"]),
        ({"same_proof": 1}, ["same_proof"]),
        ({"born": date(2010, 6, 2)}, ["too_young"]),
        ({"born": date(2010, 6, 1)}, []),
        ({"born": date(1966, 6, 1)}, ["retired"]),
        ({"born": date(1966, 6, 2)}, []),
        ({"noted": (("elsewhere", ""),)}, ["elsewhere"]),
        ({"noted": (("makeup", "JH1"), ("certified", ""))}, ["makeup", "certified"]),
        ({"noted": (("legacy_number", ""),)}, ["legacy_number"]),
        ({"held_number": "桂劳 8801"}, ["legacy_number"]),
        ({"held_number": "S000045000018225000386"}, []),
        ({"born": None}, []),
    ],
)
def test_a_mark_stands_exactly_from_its_figure_on(given: dict[str, object], expected: list[str]) -> None:
    assert marks(**given) == expected


def test_every_mark_is_said_as_a_fact_with_what_it_often_means() -> None:
    assert set(review.FLAGS) == set(review.OFTEN_MEANS)
    for said in review.FLAGS.values():
        assert not {"造假", "违规", "嫌疑", "作弊"} & {said[start : start + 2] for start in range(len(said))}


def test_reasons_name_a_clause_of_the_notice_and_what_to_do() -> None:
    assert {each.kind for each in review.reasons()} == {"return", "refuse"}
    for each in review.reasons():
        assert LAW.clause(each.clause).text
        assert each.mend
        assert each.clause in each.words


def test_the_words_said_are_the_reasons_then_own_words() -> None:
    words = review.words_of("return", ["photo", "photo", "form"], " 请在周五前补齐 ")
    lines = words.split("\n")
    assert lines[0].startswith("照片不符合要求（三（二））：")
    assert (len(lines), lines[-1]) == (3, "请在周五前补齐")
    assert review.words_of("return", [], " ") == ""


def test_a_reason_outside_the_list_or_of_the_other_kind_is_refused() -> None:
    for kind, given in (("return", "不喜欢"), ("return", "not_met"), ("refuse", "photo")):
        with pytest.raises(Refusal) as caught:
            review.words_of(kind, [given], "")
        assert (caught.value.code, caught.value.status) == ("review.reason", 422)


def test_the_second_review_is_another_persons() -> None:
    review.second_reviewer(1, 2)
    review.second_reviewer(None, 2)
    with pytest.raises(Refusal) as caught:
        review.second_reviewer(2, 2)
    assert (caught.value.code, caught.value.clause) == ("review.same_person", "三（一）")


def test_an_address_is_compared_without_its_spelling() -> None:
    assert review.same_address_key("广西 柳州市示例路１号") == review.same_address_key("广西柳州市，示例路1号")
    assert review.same_address_key("  ") == ""


def test_undoing_ends_after_the_minutes_of_the_law() -> None:
    at = datetime(2026, 6, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert review.undo_until(at, LAW) - at == timedelta(minutes=LAW.value("review_undo_minutes"))


def test_missing_proofs_are_asked_of_individuals_only() -> None:
    assert review.missing_proofs("person", ("work_years",), ("identity",), photo=False) == ["work_years", "photo"]
    assert review.missing_proofs("roster", ("work_years",), (), photo=False) == []
