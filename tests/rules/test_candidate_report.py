"""四（四）: the sums of a membership_list-up, its checks with bad rows, the digest, what stood before a correction, the template."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules import roster
from jiangheng.rules.applications import candidate_report
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

LAW = in_force(date(2026, 6, 1))
A33 = next(each for each in roster.templates() if each.id == "A33")
LINE = ("6-31-01-03", "", 4)
GOOD = candidate_report.Row(
    key=1,
    number="BM1",
    occupation_code="6-31-01-03",
    occupation="电工",
    job="",
    level=4,
    route="2023-4-1",
    source="roster",
    exam_type="new",
    sex="男",
    born=date(1990, 1, 1),
    photo=True,
    values=dict.fromkeys(A33.required, "有") | {"性别": "男", "出生日期": "1990-01-01", "考生来源": "企业"},
)


def found(*rows: candidate_report.Row, headcount: int = 60, undecided: int = 0) -> dict[str, candidate_report.Check]:
    checks = candidate_report.checks(
        rows, A33, LAW, in_scope=frozenset([LINE]), headcounts={LINE: headcount}, undecided=undecided
    )
    return {each.code: each for each in checks}


def test_a_good_row_passes_every_check() -> None:
    assert all(each.held for each in found(GOOD).values())


@pytest.mark.parametrize(
    ("row", "code", "severity"),
    [
        (replace(GOOD, values={**GOOD.values, "民族": " "}), "complete", candidate_report.ERROR),
        (replace(GOOD, values={**GOOD.values, "性别": "女"}), "identity", candidate_report.ERROR),
        (replace(GOOD, values={**GOOD.values, "出生日期": "1990-01-02"}), "identity", candidate_report.ERROR),
        (replace(GOOD, level=3), "scope", candidate_report.ERROR),
        (replace(GOOD, photo=False), "photo", candidate_report.WARNING),
    ],
)
def test_a_bad_row_is_named(row: candidate_report.Row, code: str, severity: str) -> None:
    check = found(row)[code]
    assert (check.held, check.severity, check.count) == (False, severity, 1)
    assert check.details[0].startswith("BM1")


def test_nobody_too_many_and_undecided_are_said() -> None:
    assert not found()["people"].held
    assert not found(GOOD, headcount=0)["headcount"].held
    assert found(GOOD, undecided=2)["undecided"].count == 2


def test_errors_stop_and_warnings_ask_for_words() -> None:
    broken = list(found(replace(GOOD, level=3)).values())
    with pytest.raises(Refusal) as caught:
        candidate_report.require(broken, "说明")
    assert caught.value.code == "candidate_report.faults"
    warned = list(found(GOOD, undecided=1).values())
    with pytest.raises(Refusal) as caught:
        candidate_report.require(warned, "  ")
    assert caught.value.code == "candidate_report.words"
    candidate_report.require(warned, "尚有1人待补正")
    candidate_report.require(list(found(GOOD).values()), "")


people = st.lists(
    st.builds(
        lambda level, sex, exam, route, source: replace(
            GOOD, level=level, sex=sex, exam_type=exam, route=route, values={**GOOD.values, "考生来源": source}
        ),
        st.sampled_from([5, 4, 3]),
        st.sampled_from(["男", "女"]),
        st.sampled_from(["new", "makeup"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["企业", "社会", ""]),
    ),
    max_size=40,
)


@given(people)
def test_every_sum_balances(rows: list[candidate_report.Row]) -> None:
    counted = candidate_report.counts(rows)
    assert sum(each["people"] for each in counted) == len(rows)
    for each in counted:
        total = each["people"]
        assert each["men"] + each["women"] == each["new"] + each["makeup"] == total
        assert sum(each["routes"].values()) == sum(each["sources"].values()) == total
    assert len({(each["code"], each["level"]) for each in counted}) == len(counted)


def test_the_digest_changes_with_any_value_and_with_the_order() -> None:
    other = replace(GOOD, number="BM2")
    whole = candidate_report.digest([GOOD, other])
    assert whole == candidate_report.digest([GOOD, other])
    assert whole != candidate_report.digest([other, GOOD])
    assert whole != candidate_report.digest([replace(GOOD, values={**GOOD.values, "民族": "汉"}), other])


def test_later_corrections_are_taken_back_to_the_oldest_value() -> None:
    now = {"民族": "壮", "专业": "电气"}
    assert candidate_report.undone(now, [("民族", "苗"), ("民族", "汉")]) == {"民族": "汉", "专业": "电气"}


def test_the_order_of_columns_is_the_templates() -> None:
    for template in roster.templates():
        line = candidate_report.in_template(template, 7, GOOD, "450203199001010017")
        assert len(line) == len(template.columns)
        number = "证件号码" if "证件号码" in template.columns else "身份证号"
        assert line[template.columns.index(number)] == "450203199001010017"
