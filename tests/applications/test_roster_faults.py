"""Each kind of fault planted alone in the clean roster of sixty is found, it alone, exactly there (四（四）)."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from jiangheng.applications import return_copy
from jiangheng.files import limits, marking, worksheets
from jiangheng.rules import roster
from jiangheng.rules.conditions.routes import effective, route_set
from jiangheng.rules.shipped_law import in_force
from tests import factories
from tests.applications import cases
from tools import roster_faults

TODAY = date(2026, 11, 24)
LAW = in_force(TODAY)
BOUNDS = limits.of(LAW)
CONTEXT = roster.Context(frozenset({"电工", "6-31-01-03"}), 4, route_set("R2023"), TODAY, LAW)
HEADS = roster.templates()[0].columns
HELD = next(row for row in range(2, 62) if load_workbook(cases.CLEAN).active.cell(row, 11).value == "是")
BARE = next(row for row in range(2, 62) if load_workbook(cases.CLEAN).active.cell(row, 11).value == "否")
LAST = 61

Edit = Callable[[Workbook, Any], None]
Found = list[tuple[int, str, str]]


def at(row: int, column: str, value: Any, **more: Any) -> Edit:
    def edit(_book: Workbook, sheet: Any) -> None:
        sheet.cell(row, HEADS.index(column) + 1).value = value
        for name, other in more.items():
            sheet.cell(row, HEADS.index(name) + 1).value = other

    return edit


def born(day: str, **more: Any) -> Edit:
    """The first person born on another day, with a number to match and nothing said that would not fit the age."""
    number = factories.identity_number(1, born=day, place="450224")
    stated = {"出生日期": f"{day[:4]}-{day[4:6]}-{day[6:]}", "参加工作时间": None, "专业年限": None, "简要经历": None}
    none = {"是否有职业资格证书": "否", "证书等级": None, "证书编号": None, "认定分类": "初次", "申报条件": "2023-4-1"}
    return at(2, "证件号码", number, **stated, **none, **more)


def head(column: str, value: Any) -> Edit:
    return at(1, column, value)


def check(data: bytes) -> roster.Checked:
    rows, sheet = worksheets.roster_sheet(data, BOUNDS)
    return roster.check_sheet(rows, CONTEXT, sheet)


def written(edit: Edit) -> bytes:
    book = load_workbook(cases.CLEAN)
    edit(book, book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def found(edit: Edit) -> Found:
    return [(fault.row, fault.column, fault.code) for fault in check(written(edit)).faults]


def merged(_book: Workbook, sheet: Any) -> None:
    sheet.merge_cells(start_row=5, end_row=6, start_column=30, end_column=30)


def extra(_book: Workbook, _sheet: Any) -> None:
    _book.create_sheet("备用").append(["电话簿"])


def hidden(book: Workbook, _sheet: Any) -> None:
    book.create_sheet("旧表").sheet_state = "hidden"


def second(book: Workbook, _sheet: Any) -> None:
    book.create_sheet("二班").append(list(HEADS))


def behind(book: Workbook, _sheet: Any) -> None:
    book.create_sheet("封面", 0).append(["柳州"])
    book.active = 0


def epoch(book: Workbook, _sheet: Any) -> None:
    book.epoch = CALENDAR_MAC_1904


def above(_book: Workbook, sheet: Any) -> None:
    sheet.insert_rows(1)
    sheet["A1"] = "花名册"


def doubled(_book: Workbook, sheet: Any) -> None:
    sheet.cell(1, 34).value = "姓名"


def dropped(column: str) -> Edit:
    return lambda _book, sheet: sheet.delete_cols(HEADS.index(column) + 1)


def swapped(_book: Workbook, sheet: Any) -> None:
    for row in range(1, LAST + 1):
        one, other = sheet.cell(row, 32), sheet.cell(row, 33)
        one.value, other.value = other.value, one.value


def hide_row(_book: Workbook, sheet: Any) -> None:
    sheet.row_dimensions[9].hidden = True


def hide_column(_book: Workbook, sheet: Any) -> None:
    sheet.column_dimensions["Z"].hidden = True


def note(_book: Workbook, sheet: Any) -> None:
    sheet.cell(LAST + 1, 1).value = "合计：60人"


def error_value(_book: Workbook, sheet: Any) -> None:
    cell = sheet.cell(4, 24)
    cell.value, cell.data_type = "#N/A", "e"


def same_as_above(column: str, row: int, other: int) -> Edit:
    def edit(_book: Workbook, sheet: Any) -> None:
        place = HEADS.index(column) + 1
        sheet.cell(row, place).value = sheet.cell(other, place).value

    return edit


def duplicate_person(_book: Workbook, sheet: Any) -> None:
    for place in range(2, 34):
        sheet.cell(8, place).value = sheet.cell(7, place).value


NEXT_HELD = next(row for row in range(HELD + 1, 62) if load_workbook(cases.CLEAN).active.cell(row, 11).value == "是")
PASSPORT = {"证件号码": "E12345678"}
PLANTED: list[tuple[Edit, Found]] = [
    (behind, [(0, "", "sheet.chosen"), (0, "", "sheet.extra")]),
    (extra, [(0, "", "sheet.extra")]),
    (hidden, [(0, "", "sheet.hidden")]),
    (second, [(0, "", "sheet.roster")]),
    (epoch, [(0, "", "sheet.date1904")]),
    (above, [(2, "", "header.place")]),
    (head("证件号码", "身份证号码"), [(1, "身份证号码", "header.synonym")]),
    (head("证件号码", "证件的号码"), [(1, "证件的号码", "header.renamed")]),
    (doubled, [(1, "姓名", "header.doubled")]),
    (dropped("民族"), [(1, "民族", "header.missing")]),
    (dropped("户籍所在地"), [(1, "户籍所在地", "header.absent")]),
    (lambda _b, s: setattr(s.cell(1, 34), "value", "身高"), [(1, "身高", "header.unknown")]),
    (swapped, [(1, "邮寄地址", "header.reordered")]),
    (hide_row, [(9, "", "row.hidden")]),
    (hide_column, [(1, "户籍所在地", "column.hidden")]),
    (note, [(62, "序号", "row.note")]),
    (at(6, "序号", "示例"), [(6, "序号", "row.example")]),
    (merged, [(5, "通讯地址", "cell.merged")]),
    (at(6, "通讯地址", '="柳州"&"市"'), [(6, "通讯地址", "cell.formula")]),
    (error_value, [(4, "电子邮箱", "cell.error")]),
    (lambda _b, s: setattr(s.cell(7, 36), "value", "见附页"), [(7, "AJ", "cell.outside")]),
    (at(6, "通讯地址", "柳州\x7f市"), [(6, "通讯地址", "text.control")]),
    (at(6, "通讯地址", "柳州\ufffd市"), [(6, "通讯地址", "text.garbled")]),
    (at(6, "通讯地址", "＝1+1"), [(6, "通讯地址", "text.formula")]),
    (at(6, "通讯地址", "路" * 201), [(6, "通讯地址", "text.long")]),
    (at(6, "通讯地址", " 柳州 "), [(6, "通讯地址", "text.spaces")]),
    (at(6, "认定等级", "４"), [(6, "认定等级", "text.fullwidth")]),
    (at(6, "通讯地址", "柳\u200b州"), [(6, "通讯地址", "text.invisible")]),
    (at(6, "证件号码", 450226197212184439), [(6, "证件号码", "number.lost")]),
    *((at(6, column, None), [(6, column, "required")]) for column in roster.templates()[0].required),
    (at(6, "民族", "壮壮"), [(6, "民族", "code.unknown")]),
    (at(6, "参加工作时间", "昨天"), [(6, "参加工作时间", "date.none")]),
    (at(6, "参加工作时间", "99-1-2"), [(6, "参加工作时间", "date.year")]),
    (at(6, "参加工作时间", "1/2/1999"), [(6, "参加工作时间", "date.order")]),
    (at(6, "参加工作时间", "2027-01-02"), [(6, "参加工作时间", "date.future")]),
    (at(6, "参加工作时间", "1899-01-02"), [(6, "参加工作时间", "date.old")]),
    (at(6, "参加工作时间", "2001-02"), [(6, "参加工作时间", "date.month")]),
    (at(6, "参加工作时间", "2001年2月3日"), [(6, "参加工作时间", "date.text")]),
    (at(6, "参加工作时间", 36925), [(6, "参加工作时间", "date.serial")]),
    (at(6, "证件类型", "学生证"), [(6, "证件类型", "identity.kind")]),
    (at(6, "证件号码", "···"), [(6, "证件号码", "identity.blank")]),
    (at(6, "证件号码", "4502261972"), [(6, "证件号码", "identity.shape")]),
    (at(6, "证件号码", "450226197202304439"), [(6, "证件号码", "identity.date")]),
    (at(6, "证件号码", "450226203012184439"), [(6, "证件号码", "identity.future")]),
    (at(6, "证件号码", "450226197212184430"), [(6, "证件号码", "identity.check_digit")]),
    (at(2, "证件号码", "４50224199204116571"), [(2, "证件号码", "identity.normalised")]),
    (at(2, "证件号码", "450224920411657"), [(2, "证件号码", "identity.upgraded")]),
    (duplicate_person, [(8, "证件号码", "identity.duplicate")]),
    (at(2, "性别", "女"), [(2, "性别", "sex.disagrees")]),
    (at(2, "出生日期", "1992-04-12"), [(2, "出生日期", "born.disagrees")]),
    (
        at(2, "证件号码", factories.identity_number(1, born="19920411", place="100224")),
        [(2, "证件号码", "identity.place")],
    ),
    (born("20110411"), [(2, "出生日期", "age.young")]),
    (born("19560411"), [(2, "出生日期", "age.old")]),
    (born("19900411", 考生来源="学校(在校生)"), [(2, "考生来源", "age.student")]),
    (born("20130411", 考生来源="学校(在校生)"), [(2, "考生来源", "age.student")]),
    (at(2, "姓名", "赵3晓"), [(2, "姓名", "name.digits")]),
    (at(2, "姓名", "赵？晓"), [(2, "姓名", "name.character")]),
    (at(2, "姓名", "赵" * 51), [(2, "姓名", "name.long")]),
    (at(2, "姓名", "赵 东晓"), [(2, "姓名", "name.normalised")]),
    (at(2, "姓名", "赵\ue123"), [(2, "姓名", "name.private")]),
    (at(2, "姓名", "张三"), [(2, "姓名", "name.placeholder")]),
    (at(2, "手机号码", "0772-2820000"), [(2, "手机号码", "phone.shape")]),
    (at(2, "手机号码", "１８７００００８３８８"), [(2, "手机号码", "phone.normalised")]),
    (same_as_above("手机号码", 9, 7), [(9, "手机号码", "phone.shared")]),
    (at(2, "电子邮箱", "nobody"), [(2, "电子邮箱", "email.shape")]),
    (at(2, "邮政编码", "5450"), [(2, "邮政编码", "postcode.shape")]),
    (at(2, "证书领取方式", "邮寄"), [(2, "邮寄地址", "delivery.address")]),
    (at(2, "职业工种名称", "焊工"), [(2, "职业工种名称", "occupation.scope")]),
    (at(2, "认定等级", "四极"), [(2, "认定等级", "level.unknown")]),
    (at(BARE, "认定等级", 3, 申报条件="2023-3-1"), [(BARE, "认定等级", "level.other")]),
    (at(2, "申报条件", "2023-9-9"), [(2, "申报条件", "route.unknown")]),
    (at(2, "申报条件", "2018-4-1"), [(2, "申报条件", "route.ruleset")]),
    (at(2, "申报条件", "2023-3-1"), [(2, "申报条件", "route.level")]),
    (at(2, "申报条件", date(2023, 4, 2)), [(2, "申报条件", "route.date")]),
    (at(BARE, "认定分类", "晋级"), [(BARE, "认定分类", "recognition.disagrees")]),
    (at(HELD, "证书编号", None), [(HELD, "证书编号", "certificate.blank")]),
    (at(HELD, "证书等级", None), [(HELD, "证书等级", "certificate.blank")]),
    (at(HELD, "是否有职业资格证书", "否"), [(HELD, "是否有职业资格证书", "certificate.contradiction")]),
    (at(HELD, "证书编号", "桂123"), [(HELD, "证书编号", "certificate.legacy")]),
    (at(HELD, "证书编号", "S000045000018995000386"), [(HELD, "证书编号", "certificate.future")]),
    (at(HELD, "证书等级", "三级"), [(HELD, "证书等级", "certificate.level")]),
    (same_as_above("证书编号", NEXT_HELD, HELD), [(NEXT_HELD, "证书编号", "certificate.duplicate")]),
    (at(HELD, "证书等级", "四级", 证书编号="S000045000018224000386"), [(HELD, "证书等级", "certificate.higher")]),
    (at(HELD, "证书编号", "S000045000018005000386"), [(HELD, "证书编号", "certificate.young")]),
    (at(2, "学历证书编号", "105931203005001234"), [(2, "学历证书编号", "diploma.future")]),
    (at(2, "学历证书编号", "105931199005001234"), [(2, "学历证书编号", "diploma.age")]),
    (at(2, "所在单位", None), [(2, "所在单位", "source.unit")]),
    (at(2, "参加工作时间", "2006-04-11"), [(2, "参加工作时间", "work.too_young")]),
    (at(2, "专业年限", "很久"), [(2, "专业年限", "years.number")]),
    (at(2, "专业年限", 40), [(2, "专业年限", "years.age")]),
    (at(2, "参加工作时间", "2024-04-11"), [(2, "专业年限", "years.began")]),
    (at(2, "简要经历", "2029-04至今 示例单位 电工"), [(2, "简要经历", "experience.future")]),
    (at(2, "简要经历", "2019-04至2018-04 示例单位 电工"), [(2, "简要经历", "experience.order")]),
]


def test_the_clean_roster_has_no_fault_at_all() -> None:
    assert found(lambda _book, _sheet: None) == []


@pytest.mark.parametrize(("edit", "wanted"), PLANTED)
def test_a_planted_fault_is_found_alone_at_its_place(edit: Edit, wanted: Found) -> None:
    assert found(edit) == wanted


SOURCE = {"document": "桂人社发〔2026〕1号（示例）", "clause": "三"}


def test_a_standards_own_overrides_say_which_routes_there_are() -> None:
    added = {"id": "local-4-1", "level": 4, "text": "累计工作满40年。", "evidence": ["work_years"], "cum": 40}
    routes = effective("R2023", [{"remove": "2023-4-2", **SOURCE}, {"add": added, **SOURCE}])
    local = dataclasses.replace(CONTEXT, routes=routes)

    def told(route: str) -> set[str]:
        row = [cell.value for cell in load_workbook(cases.CLEAN).active[HELD]]
        row[HEADS.index("申报条件")] = route
        return {fault.code for fault in roster.check_rows(roster.templates()[0], [row], local)[1]}

    assert told("local-4-1") == set()
    assert told("2023-4-2") == {"route.removed"}
    assert told("2018-4-1") == {"route.ruleset"}
    assert told("local-4-2") == {"route.unknown"}


def test_enough_kinds_are_planted() -> None:
    assert len({code for _edit, wanted in PLANTED for _row, _column, code in wanted}) >= 75


def test_the_copy_keeps_the_book_and_a_mended_one_loses_its_colours() -> None:
    def edit(book: Workbook, sheet: Any) -> None:
        at(2, "姓名", None)(book, sheet)
        sheet.column_dimensions["B"].width = 33
        book.create_sheet("填写说明").append(["说明"])

    def handed_back(data: bytes) -> tuple[bytes, list[roster.RowFault]]:
        rows, sheet = worksheets.roster_sheet(data, BOUNDS)
        faults = roster.check_sheet(rows, CONTEXT, sheet).faults
        stored = [
            {"row": f.row, "column": f.column, "letter": f.letter, "severity": f.severity, "said": f.sentence()}
            for f in faults
        ]
        return return_copy.returned(data, rows, stored, lambda fault: str(fault["said"]), sheet), faults

    first, faults = handed_back(written(edit))
    assert [fault.code for fault in faults] == ["required"]
    book = load_workbook(io.BytesIO(first))
    sheet = book.active
    assert (book.sheetnames[-1], sheet.column_dimensions["B"].width) == ("填写说明", 33)
    assert (sheet["AH1"].value, sheet["G2"].fill.fgColor.rgb) == ("错误说明", marking.RED)
    assert sheet["AH2"].value.startswith("姓名：")
    sheet["G2"] = "赵东晓"
    stream = io.BytesIO()
    book.save(stream)
    second_copy, none = handed_back(stream.getvalue())
    assert none == []
    again = load_workbook(io.BytesIO(second_copy)).active
    assert (again["AH1"].value, again["AH2"].value, again.max_column) == ("错误说明", None, 34)
    assert again["G2"].fill.fgColor.rgb != marking.RED


def test_the_document_of_formats_has_the_table_as_it_is() -> None:
    text = roster_faults.DOCUMENT.read_text(encoding="utf-8")
    assert roster_faults.framed(text) == text
