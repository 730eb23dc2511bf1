"""二: own students and own staff: lists taken in whole or not at all, and what they decide on the day of examination."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from jiangheng.bodies.models import Organisation
from jiangheng.files import exports
from jiangheng.people import actions, queries
from jiangheng.people.models import Affiliation, Identity
from jiangheng.rules.bodies import clientele, membership_lists
from jiangheng.rules.bodies.clientele import Belonging
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.shipped_law import in_force
from tests import factories
from tests.asking import refused
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
DAY = date(2026, 7, 4)
LAW = in_force(DAY)


@pytest.fixture
def school_body(db: None) -> Person:
    """A clerk of a technical school."""
    organisation = factories.make_organisation("technical_school")
    factories.make_filing(organisation, service_objects="own_students")
    return factories.make_person(Role.BODY, organisation)


@pytest.fixture
def factory(db: None) -> Person:
    """A clerk of an unfiled employer."""
    return factories.make_person(Role.EMPLOYER, factories.make_organisation("employer"))


def student(serial: int, **given: Any) -> dict[str, Any]:
    return {
        "姓名": "韦示例",
        "证件类型": "居民身份证",
        "证件号码": factories.identity_number(serial, "20080101"),
        "班级": "2401班",
        "专业": "电气自动化",
        "入学日期": date(2024, 9, 1),
        "预计毕业日期": "2027-07-01",
        **given,
    }


def worker(serial: int, **given: Any) -> dict[str, Any]:
    return {
        "姓名": "覃示例",
        "证件类型": "身份证",
        "证件号码": factories.identity_number(serial),
        "与本单位关系": "在职",
        "部门": "总装车间",
        **given,
    }


def book(kind: str, *rows: dict[str, Any]) -> SimpleUploadedFile:
    which = membership_lists.membership_lists()[kind]
    data = exports.workbook(which.title, which.columns, [[row.get(name) for name in which.columns] for row in rows])
    return SimpleUploadedFile("名单.xlsx", data)


def taken(by: Person, kind: str, *rows: dict[str, Any]) -> Any:
    return actions.import_membership_list(by=by, now=NOW, upload=book(kind, *rows))


def test_a_list_is_added_to_and_brought_up_to_date_and_nothing_twice(school_body: Person) -> None:
    first = taken(school_body, "student", student(1), student(2))
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    again = taken(school_body, "student", student(1), student(2, 班级="2402班"))
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)
    assert set(Affiliation.objects.values_list("class_name", flat=True)) == {"2401班", "2402班"}
    assert Affiliation.objects.filter(relation="student").count() == 2


@pytest.mark.parametrize(
    ("code", "column", "given"),
    [
        ("missing", "姓名", {"姓名": ""}),
        ("missing", "预计毕业日期", {"预计毕业日期": ""}),
        ("identity.check_digit", "证件号码", {"证件号码": "450203200801010019"}),
        ("identity.kind", "证件类型", {"证件类型": "会员卡"}),
        ("day", "入学日期", {"入学日期": "秋天"}),
        ("period", "离校日期", {"入学日期": "2027-09-01"}),
        ("sex", "性别", {"性别": "未知"}),
        ("long", "班级", {"班级": "班" * 61}),
    ],
)
def test_each_fault_names_its_cell_and_nobody_is_taken_in(
    school_body: Person, code: str, column: str, given: dict[str, Any]
) -> None:
    with pytest.raises(actions.RollFaults) as caught:
        taken(school_body, "student", student(1), student(2, **given))
    assert (code, 3, column) in [(fault.code, fault.row, fault.column) for fault in caught.value.faults]
    assert all(fault.remedy for fault in caught.value.faults)
    assert Affiliation.objects.count() == 0
    assert Identity.objects.count() == 0


def test_relations_and_doubles_and_other_names(factory: Person) -> None:
    with pytest.raises(actions.RollFaults) as caught:
        taken(factory, "staff", worker(1, 与本单位关系="朋友"), worker(1))
    assert {(fault.row, fault.code) for fault in caught.value.faults} == {(2, "relation"), (3, "twice")}
    done = taken(factory, "staff", worker(1, 与本单位关系="劳务派遣", 派遣或外包单位="示例人力公司"), worker(2))
    assert done.new == 2
    with pytest.raises(actions.RollFaults) as caught:
        taken(factory, "staff", worker(1, 姓名="别名"), worker(3))
    assert [(fault.row, fault.code) for fault in caught.value.faults] == [(2, "identity.name_differs")]
    assert Affiliation.objects.count() == 2


def test_who_keeps_which_list(body: Person, school: Person, factory: Person, school_body: Person) -> None:
    assert refused("membership_list.kind", lambda: taken(body, "student", student(1))).status == 403
    refused("deed.role", lambda: taken(school, "student", student(1)))
    refused("membership_list.heading", lambda: taken(factory, "student", student(1)))
    refused("membership_list.empty", lambda: taken(factory, "staff"))
    taken(school_body, "student", student(1))
    row = Affiliation.objects.get()
    given = {"graduates_on": date(2027, 7, 1)}
    refused(
        "record.none", lambda: actions.change_entry(by=factory, now=NOW, affiliation_id=row.pk, relation="employed")
    )
    refused(
        "membership_list.period",
        lambda: actions.change_entry(by=school_body, now=NOW, affiliation_id=row.pk, since=date(2028, 1, 1), **given),
    )
    actions.change_entry(by=school_body, now=NOW, affiliation_id=row.pk, until=date(2026, 6, 30), **given)
    found = queries.belonging(row.organisation_id, row.identity_id)
    assert found == Belonging("student", None, date(2026, 6, 30), date(2027, 7, 1))
    claim = actions.Claim("居民身份证", student(1)["证件号码"], "韦示例")
    refused("membership_list.listed", lambda: actions.enter(by=school_body, now=NOW, claim=claim, **given))


def asked(kind: str, belonging: Belonging | None = None, day: date = DAY, **given: Any) -> str:
    found = clientele.refusal(kind, "示例单位", given.pop("values", {}), day=day, law=LAW, belonging=belonging, **given)
    if found is not None:
        assert (found.clause, found.status) == ("二", 409)
    return found.code if found else ""


@pytest.mark.parametrize(
    ("kind", "belonging", "day", "code"),
    [
        ("social_body", None, DAY, ""),
        ("technical_school", Belonging("student", graduates_on=DAY), DAY, ""),
        ("technical_school", Belonging("student", graduates_on=date(2026, 7, 3)), DAY, "service.graduated"),
        ("technical_school", Belonging("student", date(2026, 7, 5)), DAY, "service.left"),
        ("technical_school", Belonging("student", until=date(2026, 7, 3)), DAY, "service.left"),
        ("technical_school", Belonging("student", until=DAY), DAY, ""),
        ("technical_school", None, DAY, "service.not_listed"),
        ("employer_body", Belonging("employed"), DAY, ""),
        ("employer_body", Belonging("dispatched"), DAY, ""),
        ("employer_body", Belonging("affiliated"), DAY, ""),
        ("employer", Belonging("intern"), DAY, ""),
        ("employer_body", Belonging("friend"), DAY, "service.relation"),
        ("employer", None, DAY, "service.not_listed"),
        ("training_school", None, DAY, ""),
    ],
)
def test_the_list_decides_on_the_day_of_examination(
    kind: str, belonging: Belonging | None, day: date, code: str
) -> None:
    assert asked(kind, belonging, day, kept=True) == code


def test_without_a_list_the_columns_decide() -> None:
    own = {"所在单位": "示例单位", "考生来源": "学校(在校生)"}
    assert asked("technical_school", values=own) == ""
    assert asked("technical_school", values={**own, "考生来源": "企业"}) == "service.students"
    assert asked("employer_body", values={"所在单位": "别的单位"}) == "service.staff"
    required = LAW.overridden({"own_membership_list_required": True})
    found = clientele.refusal("employer_body", "示例单位", {"所在单位": "示例单位"}, day=DAY, law=required)
    assert found is not None
    assert found.code == "service.not_listed"


def test_which_relations_count_is_the_centres_to_set() -> None:
    strict = LAW.overridden({"staff_relations": ["employed"]})
    found = clientele.refusal(
        "employer_body", "x", {}, day=DAY, law=strict, kept=True, belonging=Belonging("dispatched")
    )
    assert found is not None
    assert "劳务派遣" in found.sentence()
    with pytest.raises(Refusal):
        clientele.open_to_individuals("employer_body")


def test_pages_of_a_list(
    school_body: Person, body: Person, other_body: Person, client_for: Callable[..., Client]
) -> None:
    browser = client_for(school_body, NOW)
    heading = load_workbook(io.BytesIO(browser.get("/people/roll/template/").content)).active
    assert heading is not None
    assert [cell.value for cell in heading[1]] == list(membership_lists.membership_lists()["student"].columns)
    answer = browser.post("/people/roll/import/", {"file": book("student", student(1), student(2, 姓名=""))})
    assert answer.status_code == 422
    assert "“姓名”没有填写。" in answer.content.decode()
    assert browser.post("/people/roll/import/", {"file": book("student", student(1))}).status_code == 302
    page = browser.get("/people/roll/?q=2401").content.decode()
    assert "韦示例" in page
    assert student(1)["证件号码"] not in page
    form = {
        "kind": "居民身份证",
        "number": student(5)["证件号码"],
        "name": "韦示例",
        "class_name": "1",
        "programme": "电工",
        "graduates_on": "2027-07-01",
    }
    assert browser.post("/people/roll/new/", form).status_code == 302
    row = Affiliation.objects.order_by("id").last()
    assert row is not None
    assert browser.post(f"/people/roll/{row.pk}/", {**form, "until": "2026-05-31"}).status_code == 302
    assert "已离开" in browser.get("/people/roll/?standing=left").content.decode()
    assert client_for(body, NOW).get("/people/roll/").status_code == 403
    with CaptureQueriesContext(connection) as once:
        browser.get("/people/roll/")
    taken(school_body, "student", student(7), student(8))
    with CaptureQueriesContext(connection) as more:
        browser.get("/people/roll/")
    assert len(once) == len(more)
    assert Organisation.objects.filter(affiliations__isnull=False).distinct().count() == 1
