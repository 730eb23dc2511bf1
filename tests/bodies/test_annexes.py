"""一: 附件1-3 in and out of Excel: every fault at its row and column, a preview, nothing half-written, nothing twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from jiangheng.bodies import actions, queries
from jiangheng.bodies.models import AnnexImport, Filing, Organisation, Scope, Venue
from jiangheng.files import exports
from jiangheng.journal.models import Entry
from jiangheng.rules.bodies import annexes as rules
from jiangheng.rules.roles import Person
from tests import factories
from tests.asking import refused
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
CODE, OTHER = factories.credit_code(8001), factories.credit_code(8002)
ROW: dict[str, Any] = {
    "序号": 1, "机构名称": "示例评价中心", "统一社会信用代码": CODE, "所在县区": "鱼峰区", "机构地址": "示例路1号",
    "联系人": "韦示例", "联系电话": "0772-0000000", "备案文号": "柳备〔2026〕1号", "备案批次": "第一批",
    "备案起始日期": date(2026, 1, 1), "备案截止日期": "2028-12-31", "服务对象": "全社会技能人员",
    "职业名称": "电工", "职业编码": "6-31-01-03", "工种": "—", "认定等级": "5、4、3", "考点名称": "实训楼",
    "考点地址": "示例路1号", "证书编号前缀": "S000045000018",
}  # read as a table  # fmt: skip
BODY = rules.BODY


def book(*rows: dict[str, Any], annex: str = "2") -> SimpleUploadedFile:
    which = rules.annex(annex)
    data = exports.workbook(which.title, which.columns, [[row.get(name) for name in which.columns] for row in rows])
    return SimpleUploadedFile("附件2.xlsx", data)


def looked(centre: Person, *rows: dict[str, Any], annex: str = "2") -> AnnexImport:
    return actions.check_annex(by=centre, now=NOW, annex=annex, upload=book(*rows, annex=annex))


def taken(centre: Person, *rows: dict[str, Any]) -> AnnexImport:
    return actions.confirm_annex(by=centre, now=NOW, import_id=looked(centre, *rows).pk)


def test_nothing_is_written_before_it_is_confirmed(centre: Person) -> None:
    second = {
        **dict.fromkeys(BODY),
        "职业名称": "车工",
        "职业编码": "6-18-01-01",
        "工种": "数控车床",
        "认定等级": "五级至三级",
    }
    made = looked(centre, ROW, second)
    assert made.faults == []
    assert made.summary == {"new": 2, "changed": 0, "unchanged": 0}
    assert not Organisation.objects.filter(credit_code=CODE).exists()
    actions.confirm_annex(by=centre, now=NOW, import_id=made.pk)
    body = Organisation.objects.get(credit_code=CODE)
    assert (body.kind, body.district_code, body.certificate_prefix) == ("social_body", "450203", "S000045000018")
    filing = Filing.objects.get(organisation=body)
    assert (filing.state, filing.service_objects, filing.batch) == ("active", "public", "第一批")
    assert [(row.occupation_name, row.job, row.levels) for row in filing.scopes.all()] == [
        ("车工", "数控车床", "543"),
        ("电工", "", "543"),
    ]
    assert Venue.objects.get(organisation=body).name == "实训楼"
    assert queries.scope_on(body.pk, "6-31-01-03", "", 4, date(2026, 6, 1)) is not None
    refused("annex.confirmed", lambda: actions.confirm_annex(by=centre, now=NOW, import_id=made.pk))


def test_the_same_annex_again_changes_nothing(centre: Person) -> None:
    taken(centre, ROW)
    entries = Entry.objects.exclude(action__startswith="annex").exclude(action="file.store").count()
    again = taken(centre, ROW)
    assert again.summary == {"new": 0, "changed": 0, "unchanged": 1}
    assert Entry.objects.exclude(action__startswith="annex").exclude(action="file.store").count() == entries
    assert (Organisation.objects.filter(credit_code=CODE).count(), Filing.objects.count(), Scope.objects.count()) == (
        1,
        1,
        1,
    )


def test_a_change_is_shown_before_and_after(centre: Person) -> None:
    taken(centre, ROW)
    made = looked(
        centre,
        {
            **ROW,
            "机构名称": "示例新名评价中心",
            "认定等级": "四级",
            "备案截止日期": "2029-12-31",
            "考点地址": "示例路9号",
        },
    )
    (line,) = made.preview
    assert (line["status"], {each["column"] for each in line["changes"]}) == (
        "changed",
        {"机构名称", "认定等级", "备案截止日期", "行截止日期", "考点地址"},
    )
    actions.confirm_annex(by=centre, now=NOW, import_id=made.pk)
    scope = Scope.objects.get()
    assert (scope.levels, scope.valid_to) == ("4", date(2029, 12, 31))
    assert Venue.objects.get().address == "示例路9号"


def test_an_expired_first_batch_is_taken_in_as_it_is(centre: Person) -> None:
    taken(centre, {**ROW, "备案起始日期": "2020年10月1日", "备案截止日期": "20230930"})
    body = Organisation.objects.get(credit_code=CODE)
    assert queries.scope_on(body.pk, "6-31-01-03", "", 4, date(2023, 9, 30)) is not None
    assert (
        refused("scope.period", lambda: queries.require_scope(body.pk, "6-31-01-03", "", 4, date(2023, 10, 1))).params[
            "until"
        ]
        == "2023-09-30"
    )


@pytest.mark.parametrize(
    ("code", "column", "given"),
    [
        ("missing", "机构名称", {"机构名称": ""}), ("missing", "备案文号", {"备案文号": None}),
        ("credit_code", "统一社会信用代码", {"统一社会信用代码": "52450200MJ0000001X"}),
        ("district", "所在县区", {"所在县区": "青秀区"}), ("prefix", "证书编号前缀", {"证书编号前缀": "X123"}),
        ("day", "备案起始日期", {"备案起始日期": "去年"}), ("day", "备案截止日期", {"备案截止日期": "2026-02-30"}),
        ("period", "备案截止日期", {"备案截止日期": "2025-12-31"}), ("service", "服务对象", {"服务对象": "本校学生"}),
        ("occupation", "职业编码", {"职业编码": "9-99-99-99"}), ("occupation_name", "职业名称", {"职业名称": "焊工"}),
        ("job", "工种", {"工种": "网商"}), ("levels", "认定等级", {"认定等级": "很高"}),
        ("levels_beyond", "认定等级", {"职业名称": "健康管理师", "职业编码": "4-14-02-02", "认定等级": "5、3"}),
        ("row_period", "行起始日期", {"行起始日期": "2025-01-01"}), ("site", "考点地址", {"考点地址": ""}),
        ("site", "考点名称", {"考点名称": ""}), ("long", "备案批次", {"备案批次": "批" * 41}),
    ],
)  # read as a table  # fmt: skip
def test_each_fault_names_its_cell_and_how_to_mend_it(
    centre: Person, code: str, column: str, given: dict[str, Any]
) -> None:
    made = looked(centre, {**ROW, **given})
    found = [(fault["code"], fault["row"], fault["column"]) for fault in made.faults]
    assert (code, 2, column) in found
    assert all(fault["remedy"] and fault["message"] and fault["letter"] for fault in made.faults)
    assert made.preview == []
    refused("annex.faults", lambda: actions.confirm_annex(by=centre, now=NOW, import_id=made.pk))
    assert not Organisation.objects.filter(credit_code=CODE).exists()


def test_faults_of_rows_together_come_at_once(centre: Person) -> None:
    made = looked(
        centre,
        ROW,
        {**ROW, "联系人": "别人"},
        {**ROW, "统一社会信用代码": OTHER},
        {**ROW, "认定等级": "九级", "工种": "x"},
    )
    assert {(fault["row"], fault["code"]) for fault in made.faults} >= {
        (3, "differs"),
        (3, "twice"),
        (4, "shared"),
        (5, "levels"),
        (5, "job"),
    }


def test_what_the_register_says_against_a_row(centre: Person, body: Person, school: Person) -> None:
    held = Organisation.objects.get(pk=body.organisation_id)
    trainer = Organisation.objects.get(pk=school.organisation_id)
    made = looked(centre, {**ROW, "机构名称": held.name, "证书编号前缀": held.certificate_prefix})
    assert {(fault["code"], fault["column"]) for fault in made.faults} == {
        ("taken", "机构名称"),
        ("taken", "证书编号前缀"),
    }
    made = looked(
        centre, {**ROW, "机构名称": trainer.name, "统一社会信用代码": trainer.credit_code, "证书编号前缀": ""}
    )
    assert {fault["code"] for fault in made.faults} == {"kind"}
    filing = Filing.objects.get(organisation=held)
    actions.revoke(by=centre, now=NOW, filing_id=filing.pk, note="注销")
    made = looked(
        centre,
        {
            **ROW,
            "机构名称": held.name,
            "统一社会信用代码": held.credit_code,
            "证书编号前缀": "",
            "备案文号": filing.number,
        },
    )
    assert {fault["code"] for fault in made.faults} == {"filing_state"}


def test_a_preview_gone_stale_writes_nothing(centre: Person) -> None:
    taken(centre, ROW)
    made = looked(centre, {**ROW, "认定等级": "5"})
    Scope.objects.update(levels="54")
    refused("annex.stale", lambda: actions.confirm_annex(by=centre, now=NOW, import_id=made.pk))
    made.refresh_from_db()
    assert made.confirmed_at is None
    assert Scope.objects.get().levels == "54"


def test_headings_formulas_and_empty_books(centre: Person) -> None:
    which = rules.annex("2")
    sheet = Workbook()
    page = sheet.active
    assert page is not None
    page.append(["附件2"])
    page.append([f"*{name}" for name in which.columns])
    page.append([{**ROW, "认定等级": "=5+4"}.get(name) for name in which.columns])
    page.merge_cells("B3:B3")
    data = io.BytesIO()
    sheet.save(data)
    made = actions.check_annex(by=centre, now=NOW, annex="2", upload=SimpleUploadedFile("a.xlsx", data.getvalue()))
    assert [(fault["row"], fault["code"], fault["letter"]) for fault in made.faults] == [(3, "formula", "P")]
    refused("annex.empty", lambda: looked(centre))
    wrong = SimpleUploadedFile("b.xlsx", exports.workbook("x", (*which.columns[:3], "县"), [[1, 2, 3, 4]]))
    found = refused("annex.heading", lambda: actions.check_annex(by=centre, now=NOW, annex="2", upload=wrong))
    assert "D列应为“所在县区”，实为“县”" in found.sentence()
    refused("annex.none", lambda: looked(centre, ROW, annex="2") and rules.annex("9"))


def test_only_the_centre(body: Person, centre: Person) -> None:
    refused("deed.role", lambda: looked(body, ROW))
    made = looked(centre, ROW)
    refused("deed.role", lambda: actions.confirm_annex(by=body, now=NOW, import_id=made.pk))


def test_what_goes_out_comes_in_unchanged(
    centre: Person, body: Person, other_body: Person, client_for: Callable[..., Client]
) -> None:
    factories.make_venue(Organisation.objects.get(pk=body.organisation_id))
    browser = client_for(centre, NOW)
    empty = load_workbook(io.BytesIO(browser.get("/bodies/annexes/template/1/").content)).active
    assert empty is not None
    assert [cell.value for cell in empty[1]] == list(rules.annex("1").columns)
    data = browser.get("/bodies/annexes/export/2/").content
    answer = browser.post("/bodies/annexes/", {"annex": "2", "file": SimpleUploadedFile("现有.xlsx", data)})
    made = AnnexImport.objects.get()
    assert answer.headers["Location"] == f"/bodies/annexes/{made.pk}/"
    assert (made.faults, made.summary) == ([], {"new": 0, "changed": 0, "unchanged": 2})
    assert "确认导入" in browser.get(answer.headers["Location"]).content.decode()
    assert browser.post(f"/bodies/annexes/{made.pk}/confirm/").status_code == 302
    assert browser.post(f"/bodies/annexes/{made.pk}/confirm/").status_code == 409
    faulty = browser.post("/bodies/annexes/", {"annex": "2", "file": book({**ROW, "认定等级": "很高"})}, follow=True)
    page = faulty.content.decode()
    assert "看不懂等级“很高”" in page
    assert "请写成“5、4、3”" in page
    assert (
        browser.post("/bodies/annexes/", {"annex": "2", "file": SimpleUploadedFile("x.xlsx", b"no")}).status_code == 422
    )


def test_further_sites_of_one_row_come_in_and_go_out_again(centre: Person, client_for: Callable[..., Client]) -> None:
    second = {**ROW, "考点名称": "分校区", "考点地址": "示例路2号"}
    assert [fault["code"] for fault in looked(centre, ROW, ROW).faults] == ["twice"]
    assert [fault["code"] for fault in looked(centre, ROW, {**second, "认定等级": "5"}).faults] == ["twice"]
    taken(centre, ROW, second)
    filing = Filing.objects.get(number=ROW["备案文号"])
    assert filing.scopes.count() == 1
    assert set(filing.organisation.venues.values_list("name", flat=True)) == {"实训楼", "分校区"}
    data = client_for(centre, NOW).get("/bodies/annexes/export/2/").content
    again = actions.check_annex(by=centre, now=NOW, annex="2", upload=SimpleUploadedFile("现有.xlsx", data))
    assert (again.faults, again.summary) == ([], {"new": 0, "changed": 0, "unchanged": 2})


@pytest.mark.parametrize(
    ("text", "levels"),
    [("5、4、3", "543"), ("543", "543"), ("五级、四级", "54"), ("5-3", "543"), ("三级至五级", "543"), ("高级工", "3"),
     ("３，４", "43"), ("5.0", "5"), ("六级", None), ("", None), ("5-9", None)],
)  # read as a table  # fmt: skip
def test_levels_as_people_write_them(text: str, levels: str | None) -> None:
    assert rules.levels_of(text) == levels
