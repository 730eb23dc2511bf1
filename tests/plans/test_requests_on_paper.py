"""附件6 and 附件7 as PDF, Word and Excel, said to be this system's layout (三（四）, 三（五）)."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from datetime import date

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from jiangheng.bodies.models import Equipment, Organisation, Venue
from jiangheng.plans import actions, queries
from jiangheng.plans import forms_on_paper as paper
from jiangheng.plans.models import Request, VenueReview
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment
from tests.plans.made import LIST, request_of, taken_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")
Browser = Callable[..., Client]


def pdf_text(made: bytes) -> tuple[str, int, tuple[int, int]]:
    with closing(PdfDocument(made)) as opened:
        text = "".join(page.get_textpage().get_text_bounded() for page in opened)
        width, height = opened[0].get_size()
        return text.replace("\r\n", ""), len(opened), (round(width), round(height))


def word_text(made: bytes) -> str:
    document = Document(io.BytesIO(made))
    return "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)


def sheet_of(made: bytes) -> list[dict[str, object]]:
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(made)).active.iter_rows()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture
def assigned(school: Person, centre: Person, body: Person) -> Request:
    made = request_of(
        school, class_number="=1+1", training_from=date(2026, 8, 1), training_hours=160, contact_name="莫\x0b示例"
    )
    request = actions.submit_request(by=school, now=NOW, request_id=made.pk)
    return actions.assign(
        by=centre, now=NOW, request_id=request.pk, body_id=body.organisation_id or 0, reason="统筹𠮷安排"
    )


@pytest.fixture
def review(school: Person, centre: Person, body: Person) -> VenueReview:
    venue: Venue = factories.make_venue(Organisation.objects.get(pk=school.organisation_id), fixed=False)
    for name, count in LIST:
        Equipment.objects.create(venue=venue, name=name, quantity=count, usable=count)
    Equipment.objects.filter(name="万用表").update(usable=12, verified_until=date(2027, 1, 1))
    request = taken_request(school, centre, body, place="off_site", venue_id=venue.pk)
    made = actions.draft_review(by=school, now=NOW, request_id=request.pk)
    actions.fill_list(
        by=school,
        now=NOW,
        review_id=made.pk,
        rows=[{"section": "tools", "requirement": "游标卡尺", "needed": 10, "available": 10, "detail": "=0-150"}],
    )
    return made


def test_a_request_says_the_same_in_word_and_pdf(assigned: Request) -> None:
    made = paper.request_pdf(assigned, NOW)
    text, pages, size = pdf_text(made)
    word = word_text(paper.request_docx(assigned))
    assert (pages, size) == (1, (595, 842))
    for wanted in (
        assigned.organisation.name,
        assigned.organisation.credit_code,
        "电工中级班",
        "6-31-01-03",
        "四级",
        "60",
        "2026年10月17日",
        "2026年9月21日",
        "本机构固定场地",
        "统筹𠮷安排",
        "指派日期：2026年9月2日",
        "请于2026年9月7日前接受",
        "市鉴定中心",
        "莫示例",
    ):
        assert wanted in word, wanted
        assert wanted in text, wanted
    assert "为本系统版式" in text
    assert made == paper.request_pdf(assigned, NOW)


def test_a_request_as_a_sheet_has_every_column_and_no_formula(assigned: Request) -> None:
    made = paper.request_xlsx(assigned)
    (line,) = sheet_of(made)
    assert tuple(line) == paper.REQUEST_SHEET
    assert (line["班号"], line["人数"], line["培训学时"], line["指派认定机构"]) == ("=1+1", 60, 160, assigned.body.name)
    assert str(line["答复期限"]).startswith("2026-09-07")
    sheet = load_workbook(io.BytesIO(made)).active
    assert next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1").data_type == "s"


def test_drafts_are_marked_and_an_answer_is_shown(school: Person, body: Person, assigned: Request) -> None:
    draft = request_of(school)
    assert "草稿" in Document(io.BytesIO(paper.request_docx(draft))).sections[0].header._element.xml
    taken = actions.take(by=body, now=NOW, request_id=assigned.pk)
    assert "接受指派" in word_text(paper.request_docx(taken))
    assert "草稿" not in Document(io.BytesIO(paper.request_docx(taken))).sections[0].header._element.xml


def test_a_list_groups_its_lines_and_carries_verdicts_and_conclusion(
    school: Person, body: Person, review: VenueReview
) -> None:
    assert "草稿" in Document(io.BytesIO(paper.list_docx(review))).sections[0].header._element.xml
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    verdicts = {item.pk: ("met", "现场查看") for item in queries.items_of(review.pk) if item.requirement != "万用表"}
    short = review.items.get(requirement="万用表")
    actions.judge_review(by=body, now=NOW, review_id=review.pk, verdicts={**verdicts, short.pk: ("rectify", "补3件")})
    found = actions.rectify_review(by=body, now=NOW, review_id=review.pk, note="补足万用表后复核")
    text, pages, size = pdf_text(paper.list_pdf(found, NOW))
    word = word_text(paper.list_docx(found))
    assert pages <= 3
    assert size == (842, 595)
    for wanted in (
        "场地条件",
        "监控录像",
        "设备",
        "万用表",
        "工量具",
        "游标卡尺",
        "管理人员",
        "整改后复核",
        "补足万用表后复核",
        "补3件",
        "2027-01-01",
        "审核日期：2026年9月2日",
        "现场查看",
    ):
        assert wanted in word, wanted
        assert wanted in text, wanted
    assert word.index("场地条件") < word.index("万用表") < word.index("游标卡尺") < word.index("检修人员")
    assert "为本系统版式" in text
    line = next(each for each in sheet_of(paper.list_xlsx(found)) if each["项目名称"] == "万用表")
    assert (line["应有"], line["完好有效"], line["缺额"], line["审核意见"], line["结论"]) == (
        15,
        12,
        3,
        "整改",
        "整改后复核",
    )
    premises = next(each for each in sheet_of(paper.list_xlsx(found)) if each["项目名称"] == "监控录像")
    assert (premises["类别"], premises["应有"], premises["缺额"]) == ("场地条件", None, None)


def test_who_gets_the_forms(
    school: Person, body: Person, other_body: Person, centre: Person, review: VenueReview, client_for: Browser
) -> None:
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    for page in (f"/plans/requests/{review.request_id}/", f"/plans/reviews/{review.pk}/"):
        for suffix, kind in (("pdf", "application/pdf"), ("docx", "wordprocessingml"), ("xlsx", "spreadsheetml")):
            for person in (school, body, centre):
                answer = client_for(person, NOW).get(f"{page}form.{suffix}")
                assert answer.status_code == 200
                assert kind in answer["Content-Type"]
                assert answer["Cache-Control"] == "private, no-store"
            assert f"{page}form.{suffix}" in client_for(school, NOW).get(page).text
            assert client_for(other_body, NOW).get(f"{page}form.{suffix}").status_code == 404
            assert client_for(school, NOW).post(f"{page}form.{suffix}").status_code == 405
        assert client_for(school, NOW).get(f"{page}form.txt").status_code == 404
