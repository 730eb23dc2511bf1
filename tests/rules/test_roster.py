"""Rosters (四（四）): every fault at once, at its row and column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules import roster
from jiangheng.rules.conditions.routes import route_set
from jiangheng.rules.days.months import add_months
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roster import (
    ERROR,
    WARNING,
    CheckedRow,
    Context,
    RowFault,
    Sheet,
    Template,
    check_rows,
    check_sheet,
    lay_out,
)
from jiangheng.rules.shipped_law import in_force

TODAY = date(2026, 11, 24)
A33, B20 = roster.templates()
CONTEXT = Context(
    scope=frozenset({"电工", "6-31-01-03"}),
    level=4,
    routes=route_set("R2023"),
    today=TODAY,
    law=in_force(TODAY),
    sender="示例职业培训学校",
)
GOOD: dict[str, Any] = {
    "序号": 1,
    "职业工种名称": "电工",
    "认定等级": 4,
    "申报条件": "2023-4-2",
    "证件类型": "居民身份证",
    "证件号码": "450224199204116571",
    "姓名": "赵东晓",
    "性别": "男",
    "出生日期": "1992-04-11",
    "手机号码": "18700008388",
    "是否有职业资格证书": "是",
    "证书等级": "五级/初级工",
    "证书编号": "S000045000018225000386",
    "文化程度": "中等专业学校",
    "所在省（市）区": "广西壮族自治区",
    "考生来源": "企业",
    "所在单位": "示例物业服务有限公司",
    "报名单位": "示例职业培训学校",
    "认定分类": "晋级",
    "考试类型": "新考",
    "民族": "壮",
    "参加工作时间": "2012-04-11",
    "专业年限": 9,
    "证书领取方式": "自取",
}
# the same person's second document, for rows that must differ
OTHER_ID = "45022619730228293X"


def cells(template: Template = A33, **changes: Any) -> list[Any]:
    values = GOOD | changes
    return [values.get(template.same_as.get(name, name)) for name in template.columns]


def check(
    *rows: list[Any], template: Template = A33, context: Context = CONTEXT
) -> tuple[list[CheckedRow], list[RowFault]]:
    return check_rows(template, rows, context)


def faults_of(**changes: Any) -> list[tuple[str, str, str]]:
    return [(fault.column, fault.severity, fault.code) for fault in check(cells(**changes))[1]]


def test_a_good_row_is_kept_as_read() -> None:
    rows, faults = check(cells())
    assert faults == []
    (row,) = rows
    assert row.row == 2
    assert row.identity is not None
    assert row.identity.number == "450224199204116571"
    assert row.values["认定等级"] == "4"
    assert row.values["民族"] == "壮"
    assert row.values["专业年限"] == "9"


ONE_FAULT = [
    ({"证件号码": "450226197212184430"}, "证件号码", ERROR, "identity.check_digit"),
    ({"证件号码": "450226197202304439"}, "证件号码", ERROR, "identity.date"),
    ({"证件号码": "45022619721218"}, "证件号码", ERROR, "identity.shape"),
    ({"证件号码": 450224199204116571}, "证件号码", ERROR, "number.lost"),
    ({"证件号码": 4.50224199204117e17}, "证件号码", ERROR, "number.lost"),
    ({"证件类型": "学生证"}, "证件类型", ERROR, "identity.kind"),
    ({"证件号码": ""}, "证件号码", ERROR, "required"),
    ({"性别": "女"}, "性别", ERROR, "sex.disagrees"),
    ({"性别": "中"}, "性别", ERROR, "code.unknown"),
    ({"出生日期": "1992-04-12"}, "出生日期", ERROR, "born.disagrees"),
    ({"出生日期": "1999-02-30"}, "出生日期", ERROR, "date.none"),
    ({"出生日期": "四月"}, "出生日期", ERROR, "date.none"),
    ({"参加工作时间": "2030-01-01"}, "参加工作时间", ERROR, "date.future"),
    ({"手机号码": "１８７００００８３８８"}, "手机号码", WARNING, "phone.normalised"),
    ({"手机号码": "187 0000 8388"}, "手机号码", WARNING, "phone.normalised"),
    ({"手机号码": "+8618700008388"}, "手机号码", WARNING, "phone.normalised"),
    ({"手机号码": "0772-2820000"}, "手机号码", ERROR, "phone.shape"),
    ({"手机号码": ""}, "手机号码", ERROR, "required"),
    ({"认定等级": "四极"}, "认定等级", ERROR, "level.unknown"),
    ({"认定等级": 7}, "认定等级", ERROR, "level.unknown"),
    ({"认定等级": ""}, "认定等级", ERROR, "required"),
    ({"申报条件": "2023-3-1"}, "申报条件", ERROR, "route.level"),
    ({"申报条件": "2023-9-9"}, "申报条件", ERROR, "route.unknown"),
    ({"申报条件": None}, "申报条件", ERROR, "required"),
    ({"民族": "闽南"}, "民族", ERROR, "code.unknown"),
    ({"文化程度": "幼儿园"}, "文化程度", ERROR, "code.unknown"),
    ({"所在省（市）区": "火星"}, "所在省（市）区", ERROR, "code.unknown"),
    ({"考生来源": "火星"}, "考生来源", ERROR, "code.unknown"),
    ({"认定分类": "再次"}, "认定分类", ERROR, "code.unknown"),
    ({"考试类型": "重考"}, "考试类型", ERROR, "code.unknown"),
    ({"政治面貌": "无"}, "政治面貌", ERROR, "code.unknown"),
    ({"证书领取方式": "传真"}, "证书领取方式", ERROR, "code.unknown"),
    ({"姓名": None}, "姓名", ERROR, "required"),
    ({"姓名": "赵3"}, "姓名", ERROR, "name.digits"),
    ({"姓名": "赵？晓"}, "姓名", ERROR, "name.character"),
    ({"姓名": "赵" * 51}, "姓名", ERROR, "name.long"),
    ({"姓名": "阿依•古丽"}, "姓名", WARNING, "name.normalised"),
    ({"姓名": "赵 东晓"}, "姓名", WARNING, "name.normalised"),
    ({"姓名": "赵\x00"}, "姓名", ERROR, "text.control"),
    ({"证书编号": None}, "证书编号", ERROR, "certificate.blank"),
    ({"证书等级": None}, "证书等级", ERROR, "certificate.blank"),
    ({"证书等级": "八级"}, "证书等级", ERROR, "level.unknown"),
    ({"证书等级": "三级"}, "证书等级", ERROR, "certificate.level"),
    ({"证书编号": "Y0041GD0000012603001001"}, "证书编号", WARNING, "certificate.legacy"),
    ({"证书编号": "S000045000018995000386"}, "证书编号", ERROR, "certificate.future"),
    ({"职业工种名称": "电焊工程师"}, "职业工种名称", ERROR, "occupation.scope"),
    ({"参加工作时间": "1992-04-11"}, "参加工作时间", ERROR, "work.too_young"),
    ({"通讯地址": '=HYPERLINK("http://example.invalid")'}, "通讯地址", WARNING, "text.formula"),
    ({"通讯地址": "＝1+1"}, "通讯地址", WARNING, "text.formula"),
    ({"电子邮箱": "nobody"}, "电子邮箱", ERROR, "email.shape"),
    ({"通讯地址": "路" * 201}, "通讯地址", ERROR, "text.long"),
    ({"通讯地址": "路\ud800"}, "通讯地址", ERROR, "text.control"),
    ({"专业年限": 60}, "专业年限", ERROR, "years.age"),
    ({"专业年限": 61}, "专业年限", ERROR, "years.number"),
    ({"专业年限": "很久"}, "专业年限", ERROR, "years.number"),
    ({"专业年限": "nan"}, "专业年限", ERROR, "years.number"),
    ({"参加工作时间": "2022-04-11"}, "专业年限", WARNING, "years.began"),
    ({"证件类型": "港澳台居民居住证"}, "证件类型", WARNING, "identity.corrected"),
    ({"证件号码": "'450224199204116571"}, "证件号码", WARNING, "identity.normalised"),
    ({"证件号码": "\t450224199204116571"}, "证件号码", WARNING, "identity.normalised"),
    ({"证件号码": '="450224199204116571"'}, "证件号码", WARNING, "identity.normalised"),
    ({"证件号码": "身份证号：450224199204116571"}, "证件号码", WARNING, "identity.normalised"),
    ({"证件号码": "H12345678"}, "证件号码", ERROR, "identity.other_kind"),
    ({"姓名": "赵东晓\n"}, "姓名", WARNING, "name.normalised"),
    ({"姓名": "赵东晓_x000D_"}, "姓名", WARNING, "name.normalised"),
    ({"姓名": "阿依。古丽"}, "姓名", WARNING, "name.normalised"),
    ({"姓名": "阿依-古丽"}, "姓名", ERROR, "name.dot"),
    ({"姓名": "Zhao Dongxiao"}, "姓名", ERROR, "name.latin"),
    ({"姓名": "赵\U000323b0"}, "姓名", ERROR, "name.character"),
    ({"证书编号": "S000045000018225000000"}, "证书编号", ERROR, "certificate.impossible"),
    ({"证书编号": "S000099000018225000386"}, "证书编号", ERROR, "certificate.impossible"),
    ({"证书编号": "S000045000018155000386"}, "证书编号", WARNING, "certificate.doubtful"),
    ({"证书编号": "证书编号：S0000-45000018225000386"}, "证书编号", WARNING, "certificate.normalised"),
    ({"参加工作时间": 2012.1}, "参加工作时间", ERROR, "date.october"),
    ({"参加工作时间": "2012-04-11 00:00:00"}, "参加工作时间", WARNING, "date.text"),
    ({"参加工作时间": "11-Apr-2012"}, "参加工作时间", WARNING, "date.text"),
    ({"参加工作时间": "201204"}, "参加工作时间", WARNING, "date.month"),
    ({"参加工作时间": "2012-04-10T16:00:00Z"}, "参加工作时间", ERROR, "date.time"),
    ({"参加工作时间": "2012"}, "参加工作时间", ERROR, "date.day"),
    ({"手机号码": "+852 9123 4567"}, "手机号码", ERROR, "phone.abroad"),
    ({"手机号码": "008618700008388"}, "手机号码", WARNING, "phone.normalised"),
    ({"职业工种名称": "电 工"}, "职业工种名称", WARNING, "occupation.spaces"),
    ({"所在单位": "#N/A"}, "所在单位", ERROR, "cell.error"),
    ({"所在单位": "'示例物业服务有限公司"}, "所在单位", WARNING, "text.mark"),
    ({"文化程度": "中等专业 学校"}, "文化程度", WARNING, "text.spaces"),
    ({"简要经历": "1990-01至今 示例厂 电工"}, "简要经历", ERROR, "experience.birth"),
    ({"文化程度": "大学本科", "学历证书编号": "1034520150512"}, "学历证书编号", WARNING, "diploma.length"),
]


@pytest.mark.parametrize(("changes", "column", "severity", "code"), ONE_FAULT)
def test_each_fault_is_told_alone_at_its_column(changes: dict[str, Any], column: str, severity: str, code: str) -> None:
    (fault,) = check(cells(**changes))[1]
    assert (fault.row, fault.column, fault.severity, fault.code) == (2, column, severity, code)
    assert fault.sentence().endswith("。")
    assert "%(" not in fault.sentence()


def test_a_text_like_a_formula_is_kept_as_it_stands() -> None:
    rows, faults = check(cells(通讯地址="=1+1", 电子邮箱="=A1", 简要经历="=2010年"))
    assert rows[0].values["通讯地址"] == "=1+1"
    assert {(each.column, each.severity, each.code) for each in faults} == {
        ("电子邮箱", WARNING, "text.formula"),
        ("电子邮箱", ERROR, "email.shape"),
        ("通讯地址", WARNING, "text.formula"),
    }


def test_many_kinds_of_fault_are_known() -> None:
    assert len({code for *_rest, code in ONE_FAULT}) >= 30


def test_all_faults_of_a_row_are_told_together() -> None:
    found = faults_of(姓名=None, 民族="闽南", 手机号码="1", 认定等级="四极")
    assert {code for _column, _severity, code in found} == {"required", "code.unknown", "phone.shape", "level.unknown"}


def test_a_certificate_denied_but_numbered_is_a_contradiction() -> None:
    assert faults_of(是否有职业资格证书="否") == [("是否有职业资格证书", ERROR, "certificate.contradiction")]
    assert faults_of(是否有职业资格证书="否", 证书等级=None, 证书编号=None, 认定分类="初次") == []


def test_a_level_other_than_the_one_applied_for() -> None:
    assert faults_of(认定等级="三级") == [("认定等级", ERROR, "level.other"), ("申报条件", ERROR, "route.level")]


def test_without_a_level_for_the_whole_roster_each_row_has_its_own() -> None:
    context = Context(CONTEXT.scope, None, CONTEXT.routes, TODAY, CONTEXT.law)
    assert check(cells(认定等级="三级", 申报条件="2023-3-1"), context=context)[1] == []
    codes = [fault.code for fault in check(cells(认定等级="三级"), context=context)[1]]
    assert codes == ["route.level"]


def test_a_duplicate_names_the_row_it_repeats() -> None:
    _rows, faults = check(cells(), cells(姓名="马洋红"))
    (fault,) = faults
    assert (fault.row, fault.column, fault.code, fault.params) == (3, "证件号码", "identity.duplicate", {"other": 2})


def test_fifteen_and_eighteen_digits_are_the_same_person() -> None:
    fifteen = "450224920411657"
    codes = [fault.code for fault in check(cells(), cells(证件号码=fifteen))[1]]
    assert codes == ["identity.upgraded", "identity.duplicate"]


def test_an_unknown_place_is_a_warning() -> None:
    assert faults_of(证件号码="000000199204110019") in (
        [("证件号码", WARNING, "identity.place")],
        [("证件号码", ERROR, "identity.check_digit")],
    )


def test_other_documents_need_sex_and_birthday() -> None:
    found = faults_of(证件类型="护照", 证件号码="E12345678", 性别=None, 出生日期=None)
    assert found == [("性别", ERROR, "required"), ("出生日期", ERROR, "required")]
    assert faults_of(证件类型="护照", 证件号码="E12345678") == []


def test_sex_and_birthday_are_filled_in_from_the_number() -> None:
    rows, faults = check(cells(性别=None, 出生日期=None))
    assert faults == []
    assert (rows[0].values["性别"], rows[0].values["出生日期"]) == ("男", "1992-04-11")


def test_blank_rows_are_passed_over_and_numbers_kept() -> None:
    rows, faults = check([None] * 33, ["  "] * 33, cells())
    assert [row.row for row in rows] == [4]
    assert faults == []


def test_a_short_row_is_read_as_blank_cells() -> None:
    rows, faults = check(cells()[:7])
    assert rows[0].values["手机号码"] == ""
    assert ("手机号码", "required") in [(fault.column, fault.code) for fault in faults]


def test_cells_of_every_type_are_read() -> None:
    rows, faults = check(
        cells(
            出生日期=date(1992, 4, 11),
            参加工作时间=datetime(2012, 4, 11),  # noqa: DTZ001 - a cell of a workbook has no zone
            手机号码=18700008388.0,
            专业年限=9.5,
            是否有职业资格证书=True,
        )
    )
    assert faults == []
    assert rows[0].values["参加工作时间"] == "2012-04-11"
    assert rows[0].values["专业年限"] == "9.5"
    assert rows[0].values["手机号码"] == "18700008388"
    assert faults_of(是否有职业资格证书=False, 证书等级=None, 证书编号=None, 认定分类="初次") == []


@pytest.mark.parametrize("dash", ["-", "--", "—", "——", "－", " - "])
def test_a_dash_means_blank(dash: str) -> None:
    rows, faults = check(cells(通讯地址=dash))
    assert faults == []
    assert rows[0].values["通讯地址"] == ""


def test_a_row_of_another_level_is_told_once_when_its_route_is_of_that_level() -> None:
    assert faults_of(认定等级="三级", 申报条件="2023-3-1") == [("认定等级", ERROR, "level.other")]


def test_a_history_may_begin_with_a_dash() -> None:
    assert faults_of(简要经历="-2012至今 电工") == []


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=30), st.integers(), st.floats(), st.dates(), st.booleans()), max_size=40
    )
)
def test_whatever_stands_in_the_cells_is_answered(row: list[Any]) -> None:
    _rows, faults = check(row)
    for fault in faults:
        # what stands beside the table is named by its cell alone
        assert fault.column in A33.columns or (fault.code == "cell.outside" and fault.column == fault.letter)
        assert fault.sentence()


def test_the_twenty_column_template_is_told_apart_and_read() -> None:
    assert lay_out([[f"*{name}" if name in B20.required else name for name in B20.columns]]).template is B20
    assert lay_out([[*A33.columns, None, ""]]).template is A33
    row = cells(B20, 通讯地址="广西柳州市示例路1号")
    rows, faults = check(row, template=B20)
    assert faults == []
    assert rows[0].values["证件号码"] == "450224199204116571"
    row[B20.columns.index("身份证号")] = "1"
    assert [fault.column for fault in check(row, template=B20)[1]] == ["身份证号"]


def test_the_templates_have_their_columns() -> None:
    assert (len(A33.columns), len(B20.columns)) == (33, 20)
    assert (A33.columns[0], A33.columns[6]) == ("序号", "姓名")
    assert len(A33.required) == 15
    assert set(A33.required) <= set(A33.columns)


@pytest.mark.parametrize("heading", [[], ["随便"], ["姓名", "电话", "地址"]])
def test_a_sheet_without_headings_of_a_template_is_refused(heading: list[str]) -> None:
    with pytest.raises(Refusal) as caught:
        lay_out([heading])
    refusal = caught.value
    assert (refusal.code, refusal.status, refusal.clause) == ("roster.template", 422, "四（四）")
    assert "模板" in refusal.advice()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1990-01-31", date(1990, 1, 31)),
        ("1990/1/31", date(1990, 1, 31)),
        ("1990.1.31", date(1990, 1, 31)),
        ("1990年1月31日", date(1990, 1, 31)),
        ("19900131", date(1990, 1, 31)),
        ("１９９０－０１－３１", date(1990, 1, 31)),
        ("1990-01", date(1990, 1, 1)),
        ("1990年1月", date(1990, 1, 1)),
        ("1990-02-30", None),
        ("90-1-1", None),
        ("", None),
        ("32874", None),
    ],
)
def test_dates_as_people_write_them(text: str, day: date | None) -> None:
    assert roster.read_date(text) == day


def test_the_leap_day_comes_of_age_on_the_last_of_february() -> None:
    assert add_months(date(2004, 2, 29), 16 * 12) == date(2020, 2, 29)
    assert add_months(date(2004, 2, 29), 17 * 12) == date(2021, 2, 28)


@pytest.mark.parametrize("text", ["+86号门市部", "-1层配电房班组", "@柳州电工工作室"])
def test_what_is_no_formula_is_kept_on_the_way_in(text: str) -> None:
    rows, faults = check(cells(所在单位=text))
    assert faults == []
    assert rows[0].values["所在单位"] == text


@pytest.mark.parametrize(("column", "text"), [("民族", "壮哥"), ("政治面貌", "民革"), ("性别", "火星")])
def test_no_value_is_offered_for_another_by_its_letters_alone(column: str, text: str) -> None:
    (fault,) = check(cells(**{column: text}))[1]
    assert fault.code == "code.unknown"
    assert "最接近" not in fault.sentence()


def test_a_running_number_used_twice_is_a_warning() -> None:
    other = {
        "证件号码": OTHER_ID,
        "性别": "男",
        "出生日期": "1973-02-28",
        "手机号码": "18700008389",
        "证书编号": "S000045000018225000387",
    }
    assert [(fault.row, fault.code) for fault in check(cells(), cells(**other))[1]] == [(3, "serial.duplicate")]
    assert check(cells(), cells(**other, 序号=2))[1] == []


def test_one_number_under_two_kinds_of_document_is_one_person() -> None:
    codes = [fault.code for fault in check(cells(), cells(证件类型="护照", 序号=2))[1]]
    assert codes == ["identity.corrected", "identity.duplicate"]


JUDGED = replace(CONTEXT, judged_on=TODAY)
NO_CERTIFICATE: dict[str, Any] = {"是否有职业资格证书": "否", "证书等级": None, "证书编号": None, "认定分类": "初次"}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, []),
        ({**NO_CERTIFICATE, "专业年限": 4}, [("是否有职业资格证书", "route.facts")]),
        ({**NO_CERTIFICATE, "申报条件": "2023-4-1", "专业年限": 3}, [("专业年限", "route.facts")]),
        ({**NO_CERTIFICATE, "申报条件": "2023-4-1", "专业年限": 9}, []),
        ({**NO_CERTIFICATE, "专业年限": 9}, [("申报条件", "route.other")]),
        ({"证书编号": "S000045000018265000386", "专业年限": 4}, [("证书编号", "route.facts")]),
    ],
)
def test_the_route_claimed_is_held_against_the_rows_own_facts(
    changes: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    faults = check(cells(**changes), context=JUDGED)[1]
    assert [(fault.column, fault.code) for fault in faults] == wanted
    for fault in faults:
        assert fault.severity == WARNING
        assert "%(" not in fault.sentence()
        assert changes.get("申报条件", "2023-4-2") in fault.sentence()
    assert check(cells(**changes))[1] == []


def test_years_that_only_want_months_are_left_to_the_review() -> None:
    changes = {**NO_CERTIFICATE, "申报条件": "2023-4-1", "专业年限": 4, "参加工作时间": "2022-02-07"}
    assert check(cells(**changes), context=JUDGED)[1] == []
    later = {**changes, "参加工作时间": "2021-11-01"}
    assert [fault.code for fault in check(cells(**later), context=JUDGED)[1]] == ["route.facts"]


def headed(*rows: list[Any], **names: str) -> list[list[Any]]:
    return [[names.get(column, column) for column in A33.columns], *rows]


def test_headings_with_hints_are_understood_and_warned_of() -> None:
    found = check_sheet(
        headed(
            cells(), 姓名="姓名（必填）", 证件号码="证件号码\n(18位)", 文化程度="文化程度【下拉选择】", 性别="3.性别"
        ),
        CONTEXT,
    )
    assert {fault.code for fault in found.faults} == {"header.hint"}
    assert len(found.faults) == 4
    assert found.rows[0].values["姓名"] == "赵东晓"


def test_headings_repeated_in_mid_sheet_are_one_finding() -> None:
    other = {
        "证件号码": OTHER_ID,
        "性别": "男",
        "出生日期": "1973-02-28",
        "手机号码": "18700008389",
        "证书编号": "S000045000018225000387",
        "序号": 2,
    }
    rows = headed(cells(), list(A33.columns), cells(**other))
    found = check_sheet(rows, CONTEXT)
    assert [(fault.row, fault.code, fault.severity) for fault in found.faults] == [(3, "header.repeated", WARNING)]
    assert [row.row for row in found.rows] == [2, 4]
    rows[2] = [A33.columns[1], A33.columns[0], *A33.columns[2:]]
    assert [(fault.row, fault.code) for fault in check_sheet(rows, CONTEXT).faults] == [(3, "header.other")]


def test_a_merged_region_names_all_its_rows() -> None:
    place = A33.columns.index("所在单位") + 1
    sheet = Sheet(merged=[(2, place, 4, place)])
    rows = headed(cells(), [None] * 33, [None] * 33)
    (fault,) = [each for each in check_sheet(rows, CONTEXT, sheet).faults if each.code == "cell.merged"]
    assert (fault.row, fault.params["first"], fault.params["last"]) == (2, 2, 4)
    assert "第2至4行" in fault.sentence()
