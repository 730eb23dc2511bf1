"""What every list page does: search, filter, sort, paging, export, empty; in a constant number of queries."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.rules.roles import Person
from jiangheng.screens import lists
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.screens.pages")]

URL = "/try/plans/"


@pytest.fixture
def clerk(centre: Person, client_for: Callable[..., Client]) -> Client:
    return client_for(centre)


def test_empty_list_says_what_to_do_next(clerk: Client) -> None:
    page = clerk.get(URL).text
    assert "暂时没有记录" in page
    assert "点击“新建计划”填写附件5。" in page
    assert "导出表格" not in page


def test_search_finds_two_characters_and_says_when_nothing_is_found(clerk: Client, body: Person) -> None:
    organisation = factories.make_organisation("social_body")
    factories.make_plan(organisation, title="焊工三级认定")
    factories.make_plan(organisation, title="电工四级认定")
    found = clerk.get(URL, {"q": "焊工"}).text
    assert "焊工三级认定" in found
    assert "电工四级认定" not in found
    assert "共 1 条" in found
    none = clerk.get(URL, {"q": "钳工"}).text
    assert "没有符合条件的记录" in none
    assert "清除条件" in none


@pytest.mark.parametrize("q", ["%", "_", "'", '"><script>', "\\", "😀", "𠮷" * 80])
def test_search_takes_any_text_literally(clerk: Client, q: str) -> None:
    factories.make_plan(factories.make_organisation("social_body"), title="电工四级认定")
    page = clerk.get(URL, {"q": q})
    assert page.status_code == 200
    assert "没有符合条件的记录" in page.text
    assert "<script>" not in page.text.split("</head>")[1]


def test_filters_by_state_and_ignores_an_unknown_value(clerk: Client) -> None:
    organisation = factories.make_organisation("social_body")
    factories.make_plan(organisation, title="草稿计划", state="draft")
    factories.make_plan(organisation, title="受理计划", state="accepted")
    assert "草稿计划" not in clerk.get(URL, {"state": "accepted"}).text
    everything = clerk.get(URL, {"state": "nonsense"}).text
    assert "草稿计划" in everything
    assert "受理计划" in everything


def test_sorts_only_by_offered_columns(clerk: Client) -> None:
    organisation = factories.make_organisation("social_body")
    factories.make_plan(organisation, exam_on="2026-07-04", title="甲计划")
    factories.make_plan(organisation, exam_on="2026-07-03", title="乙计划")
    up = clerk.get(URL, {"sort": "exam_on"}).text
    assert up.index("乙计划") < up.index("甲计划")
    assert 'aria-sort="ascending"' in up
    down = clerk.get(URL, {"sort": "-exam_on"}).text
    assert down.index("甲计划") < down.index("乙计划")
    assert clerk.get(URL, {"sort": "body__credit_code"}).status_code == 200


@pytest.mark.parametrize(
    ("number", "first"),
    [("1", "第45期"), ("3", "第05期"), ("99", "第05期"), ("-1", "第45期"), ("x", "第45期"), ("１", "第45期")],
)
def test_pages_twenty_at_a_time_with_the_total(clerk: Client, number: str, first: str) -> None:
    organisation = factories.make_organisation("social_body")
    for serial in range(1, 46):
        factories.make_plan(organisation, title=f"第{serial:02d}期")
    shown = clerk.get(URL, {"page": number}).text
    assert "共 45 条" in shown
    rows = shown.split("<tbody>")[1]
    assert first in rows.split("</tr>")[0]


@pytest.mark.parametrize("query", [{"q": "电工"}, {}, {"state": "accepted"}])
def test_a_long_list_stops_counting(clerk: Client, monkeypatch: pytest.MonkeyPatch, query: dict[str, str]) -> None:
    monkeypatch.setattr(lists, "COUNT_MOST", 2)
    organisation = factories.make_organisation("social_body")
    factories.make_plan(organisation, title="电工0", state="accepted")
    factories.make_plan(organisation, title="电工1", state="accepted")
    assert "共 2 条以上" not in clerk.get(URL, query).text
    factories.make_plan(organisation, title="电工2", state="accepted")
    page = clerk.get(URL, query).text
    assert "共 2 条以上" in page
    assert page.split("<tbody>")[1].count("</tr>") == 3


def test_export_holds_the_whole_narrowed_list_and_no_formula(clerk: Client) -> None:
    organisation = factories.make_organisation("social_body", name="=HYPERLINK(1)")
    for number in range(25):
        factories.make_plan(organisation, title=f"电工{number}", state="accepted")
    factories.make_plan(organisation, title="焊工", state="draft")
    answer = clerk.get(URL, {"export": "1", "state": "accepted", "page": "2"})
    assert answer["Content-Disposition"].startswith("attachment;")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert sum(1 for cell in cells if cell.value == "已受理") == 25
    assert all(cell.data_type != "f" for cell in cells)


def test_export_refuses_more_than_one_file_holds(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "EXPORT_MOST", 1)
    organisation = factories.make_organisation("social_body")
    factories.make_plan(organisation)
    factories.make_plan(organisation)
    answer = clerk.get(URL, {"export": "1"})
    assert answer.status_code == 422
    assert "不能一次导出" in answer.text


def test_same_queries_for_one_row_and_for_three(clerk: Client) -> None:
    organisation = factories.make_organisation("social_body")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            clerk.get(URL)
        return len(caught)

    factories.make_plan(organisation)
    one = queries()
    factories.make_plan(organisation)
    factories.make_plan(organisation)
    assert queries() == one


def test_a_body_sees_only_its_own(
    body: Person, other_body: Person, client_for: Callable[..., Client], now: datetime
) -> None:
    from jiangheng.bodies.models import Organisation

    factories.make_plan(Organisation.objects.get(pk=body.organisation_id), title="本机构计划")
    factories.make_plan(Organisation.objects.get(pk=other_body.organisation_id), title="别家计划")
    page = client_for(body, now).get(URL).text
    assert "本机构计划" in page
    assert "别家计划" not in page


def test_htmx_gets_the_same_page(clerk: Client) -> None:
    factories.make_plan(factories.make_organisation("social_body"))
    page = clerk.get(URL, headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert 'id="listing"' in page.text
