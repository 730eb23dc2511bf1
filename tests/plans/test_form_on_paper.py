"""附件5 as PDF, Word and Excel, with the columns of the form; the columns typed and refused (三（三）)."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from jiangheng.bodies.models import Organisation
from jiangheng.plans import actions, printing
from jiangheng.plans.models import Plan
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment
from tests.plans.made import plan_form, plan_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")
Browser = Callable[..., Client]
ROW: dict[str, Any] = {
    "occupation_code": "6-31-01-03",
    "level": 4,
    "headcount": 60,
    "makeup": 12,
    "assessment": "qualification",
    "examiner_lead": "韦𠮷示例",
    "invigilators": 4,
    "supervisor": "=1+1",
}


def submitted(body: Person, **given: Any) -> Plan:
    return actions.submit(by=body, now=NOW, plan_id=plan_of(body, rows=[ROW], contact_name="莫\x0b示例", **given).pk)


def test_word_and_pdf_say_the_same(body: Person) -> None:
    plan = submitted(body)
    document = Document(io.BytesIO(printing.docx(plan)))
    word = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    made = printing.pdf(plan, NOW)
    with closing(PdfDocument(made)) as opened:
        assert [round(side) for side in opened[0].get_size()] == [842, 595]
        assert len(opened) == 1
        text = "".join(page.get_textpage().get_text_bounded() for page in opened).replace("\r\n", "")
    for wanted in (
        "电工",
        "6-31-01-03",
        "2026-10-17 09:00",
        "工位20个",
        "新考48",
        "补考12",
        "韦𠮷示例",
        "2026年9月2日",
        "29",
        "社会培训评价组织",
        f"备{plan.body_id}",
        "市鉴定中心意见",
        "职业资格评价",
    ):
        assert wanted in word, wanted
        assert wanted in text, wanted
    assert made == printing.pdf(plan, NOW)
    assert document.sections[0].page_width > document.sections[0].page_height
    assert "草稿" not in document.sections[0].header._element.xml
    draft = plan_of(body)
    assert "草稿" in Document(io.BytesIO(printing.docx(draft))).sections[0].header._element.xml


def test_the_sheet_has_every_column_and_no_formula(body: Person) -> None:
    plan = submitted(body)
    sheet = load_workbook(io.BytesIO(printing.xlsx(plan))).active
    head, line = ([cell.value for cell in row] for row in sheet.iter_rows())
    found = dict(zip(head, line, strict=True))
    assert tuple(head) == printing.SHEET
    assert (found["计划人数（合计）"], found["新考人数"], found["补考人数"]) == (60, 48, 12)
    assert (found["工位数"], found["距考工作日数"], found["理论考试方式"]) == (20, 29, "机考")
    assert found["内部督导员"] == "=1+1"
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1")
    assert cell.data_type == "s"
    assert str(found["报送日期"]).startswith("2026-09-02")


def test_fifty_rows_run_over_pages(body: Person) -> None:
    organisation = Organisation.objects.get(pk=body.organisation_id)
    plan = factories.make_plan(organisation)
    first = plan.rows.get()
    for place in range(49):
        first.pk = None
        first.job = f"方向{place}"
        first.save()
    with closing(PdfDocument(printing.pdf(plan, NOW))) as opened:
        text = "".join(page.get_textpage().get_text_bounded() for page in opened)
        assert len(opened) > 1
    assert "方向48" in text


def test_who_gets_the_form(body: Person, other_body: Person, centre: Person, client_for: Browser) -> None:
    plan = submitted(body)
    for suffix, kind in (("pdf", "application/pdf"), ("docx", "wordprocessingml"), ("xlsx", "spreadsheetml")):
        address = f"/plans/{plan.pk}/form.{suffix}"
        answer = client_for(centre, NOW).get(address)
        assert answer.status_code == 200
        assert kind in answer["Content-Type"]
        assert answer["Cache-Control"] == "private, no-store"
        assert address in client_for(body, NOW).get(f"/plans/{plan.pk}/").content.decode()
        assert client_for(other_body, NOW).get(address).status_code == 404
        assert client_for(body, NOW).post(address).status_code == 405


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"makeup": 61}, "plan.makeup"),
        ({"makeup": -1}, "plan.makeup"),
        ({"assessment": "x"}, "plan.assessment"),
        ({"invigilators": -1}, "plan.invigilators"),
    ],
)
def test_what_is_foreseen_is_checked(body: Person, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        plan_of(body, rows=[{**ROW, **wrong}])
    assert (caught.value.code, caught.value.status) == (code, 422)
    assert not Plan.objects.exists()


def test_the_columns_are_typed_kept_and_copied(body: Person, client_for: Browser) -> None:
    venue = factories.make_venue(Organisation.objects.get(pk=body.organisation_id))
    browser = client_for(body, NOW)
    more = {
        "rows-0-makeup": "5",
        "rows-0-assessment": "level",
        "rows-0-examiner_lead": "覃示例",
        "rows-0-invigilators": "4",
        "rows-0-supervisor": "蓝示例",
    }
    browser.post("/plans/new/", plan_form(venue.pk, **more))
    plan = Plan.objects.get()
    assert 'value="覃示例"' in browser.get(f"/plans/{plan.pk}/change/").content.decode()
    browser.post(f"/plans/{plan.pk}/copy/", {"exam_on": "2026-11-14", "_once": "c1"})
    copied = Plan.objects.exclude(pk=plan.pk).get().rows.get()
    assert (copied.makeup, copied.invigilators, copied.examiner_lead, copied.supervisor) == (5, 4, "覃示例", "蓝示例")
