"""The pages of occupations, calendar, calculator, law and fees; the worked tables as pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.catalog import actions
from jiangheng.catalog.models import FeeLine, Occupation
from jiangheng.rules.roles import Person
from jiangheng.values.models import CalendarDay, Parameter
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
Browser = Callable[..., Client]


def asked(direction: str, day: str, workdays: int) -> str:
    answer = Client().get("/catalog/workday/", {"direction": direction, "day": day, "workdays": workdays})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("exam", "ten", "fifteen", "five"),
    [
        ("2020-10-17", "2020年9月28日", "2020年9月22日", "2020年10月12日"),
        ("2025-02-15", "2025年1月27日", "2025年1月21日", "2025年2月10日"),
        ("2025-10-18", "2025年9月29日", "2025年9月23日", "2025年10月13日"),
        ("2026-03-07", "2026年2月24日", "2026年2月10日", "2026年3月2日"),
        ("2026-05-16", "2026年4月30日", "2026年4月23日", "2026年5月11日"),
        ("2026-10-17", "2026年9月29日", "2026年9月21日", "2026年10月12日"),
    ],
)
def test_so_many_working_days_before(exam: str, ten: str, fifteen: str, five: str) -> None:
    for workdays, day in ((10, ten), (15, fifteen), (5, five)):
        page = asked("before", exam, workdays)
        assert f'<p class="answer-day">{day}</p>' in page
        assert f"第 {workdays} 个工作日" in page


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        ("2020-09-29", "2020年10月13日"),
        ("2025-01-27", "2025年2月10日"),
        ("2025-09-29", "2025年10月13日"),
        ("2026-04-29", "2026年5月9日"),
    ],
)
def test_five_working_days_of_publicity(posted: str, last: str) -> None:
    assert f'<p class="answer-day">{last}</p>' in asked("after", posted, 5)


def test_a_day_beyond_the_published_calendar_is_provisional() -> None:
    assert "尚未公布" in asked("before", "2031-05-17", 10)
    assert "尚未公布" not in asked("before", "2026-05-16", 10)
    page = Client(**{"jiangheng.now": NOW}).get("/catalog/calendar/?month=2031-05").content.decode()
    assert "2031年的放假安排尚未公布" in page
    assert "法定节假日已计入" in page
    page = Client(**{"jiangheng.now": NOW}).get("/catalog/calendar/?month=2026-05").content.decode()
    assert "尚未公布" not in page


def test_new_years_day_is_off_before_the_notice_is_out() -> None:
    page = asked("before", "2027-01-09", 10)
    assert '<p class="answer-day">2026年12月25日（暂定）</p>' in page
    assert "元旦" in page
    assert "调休和6天补假的日期待公布" in page


def test_wrong_questions_are_answered_in_words() -> None:
    for wrong in (
        {"day": "x"},
        {"day": "2026-05-16", "workdays": "100000"},
        {"day": "0001-01-01", "workdays": "5"},
        {"day": "2026-05-16", "workdays": "5", "direction": "sideways"},
    ):
        assert Client().get("/catalog/workday/", {"direction": "before", "workdays": "10", **wrong}).status_code == 422


def test_the_centre_keeps_local_days(centre: Person, body: Person, client_for: Browser) -> None:
    browser = client_for(centre, NOW)
    day = {"day": "2026-10-15", "workday": "0", "name": "防汛停工"}
    assert browser.post("/catalog/calendar/set/", day).headers["Location"] == "/catalog/calendar/?month=2026-10"
    page = browser.get("/catalog/calendar/?month=2026-10").content.decode()
    assert page.count("防汛停工") == 2
    assert browser.post("/catalog/calendar/set/", {**day, "day": "2026-10-01"}).status_code == 422
    assert browser.post("/catalog/calendar/set/", {"day": "x"}).status_code == 422
    assert client_for(body, NOW).post("/catalog/calendar/set/", day).status_code == 403
    assert browser.post("/catalog/calendar/remove/", {"day": "2026-10-15"}).status_code == 302
    assert not CalendarDay.objects.exists()
    assert browser.get("/catalog/calendar/?month=99").status_code == 200


def test_the_law_of_a_day_and_the_centre_s_own_value(centre: Person, body: Person, client_for: Browser) -> None:
    browser = client_for(centre, NOW)
    page = browser.get("/catalog/law/?on=2026-06-01").content.decode()
    assert "认定计划提前报送" in page
    assert "10 工作日" in page
    assert "plan_lead_wd</" not in page
    assert browser.get("/catalog/law/?on=0001-01-01").status_code == 422
    form = {"value": "20", "valid_from": "2026-07-01", "reason": "柳鉴〔2026〕1号"}
    assert browser.post("/catalog/law/invigilator_ratio/", form).status_code == 302
    assert Parameter.objects.get().value == 20
    assert "本中心设定" in browser.get("/catalog/law/?on=2026-07-01").content.decode()
    assert "本中心设定" not in browser.get("/catalog/law/?on=2026-06-30").content.decode()
    assert browser.post("/catalog/law/plan_lead_wd/", {**form, "value": "5"}).status_code == 422
    assert browser.get("/catalog/law/nothing/").status_code == 404
    assert client_for(body, NOW).post("/catalog/law/invigilator_ratio/", form).status_code == 403


def test_a_number_rule_that_cannot_work_is_refused_with_two_numbers_and_what_was_typed(
    centre: Person, client_for: Browser
) -> None:
    browser = client_for(centre, NOW)
    form = {"value": "YJ{year}{serial}", "valid_from": "2026-07-01", "reason": "柳鉴〔2026〕1号"}
    for language, words in (("zh-hans", "看不出各项到哪一位为止"), ("en", "nobody sees where each part ends")):
        answer = browser.post("/catalog/law/paper_number_rule/", form, headers={"accept-language": language})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert "YJ20261" in page
        assert "YJ202611" in page
        assert 'value="YJ{year}{serial}"' in page
    assert not Parameter.objects.exists()
    form["value"] = "YJ{year}-{serial}号"
    assert browser.post("/catalog/law/paper_number_rule/", form).status_code == 302
    assert "YJ2026-1号" in browser.get("/catalog/law/?on=2026-07-01").content.decode()


def test_occupations_and_their_conditions_are_public(centre: Person) -> None:
    actions.load_catalogue(by=centre, now=NOW)
    browser = Client(**{"jiangheng.now": NOW})
    assert "电工" in browser.get("/catalog/occupations/?q=电工").content.decode()
    found = Occupation.objects.get(code="6-31-01-03")
    page = browser.get(f"/catalog/occupations/{found.pk}/").content.decode()
    assert "累计从事本职业或相关职业工作满5年" in page
    assert "2023-4-3" in page
    assert "电工技能实训考核台" in page


def test_the_centre_enters_fees_in_yuan(centre: Person, body: Person, client_for: Browser) -> None:
    actions.load_catalogue(by=centre, now=NOW)
    browser = client_for(centre, NOW)
    form = {
        "document": "示例收费文件1号",
        "valid_from": "2026-07-01",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-occupation_code": "6-31-01-03",
        "lines-0-level": "4",
        "lines-0-item": "theory",
        "lines-0-amount": "60.50",
    }
    assert browser.post("/catalog/fees/new/", {**form, "add_row": "1"}).status_code == 200
    assert browser.post("/catalog/fees/new/", {**form, "lines-0-amount": "-1"}).status_code == 422
    assert browser.post("/catalog/fees/new/", form).status_code == 302
    assert FeeLine.objects.get(document="示例收费文件1号").amount_fen == 6050
    assert browser.post("/catalog/fees/new/", form).status_code == 409
    assert client_for(body, NOW).get("/catalog/fees/new/").status_code == 403
    assert "¥60.50" in Client().get("/catalog/fees/?q=示例收费").content.decode()


def test_lists_ask_as_often_for_many_rows_as_for_one(centre: Person) -> None:
    actions.load_catalogue(by=centre, now=NOW)
    found = []
    for narrow, wide in (
        ("/catalog/occupations/?q=健康管理师", "/catalog/occupations/?q=工"),
        ("/catalog/fees/?q=6-20&level=5&item=theory", "/catalog/fees/?q=6"),
    ):
        counts = []
        for address in (narrow, wide):
            Client().get(address)
            with CaptureQueriesContext(connection) as seen:
                assert Client().get(address).status_code == 200
            counts.append(len(seen))
        found.append(counts)
    assert all(one == many for one, many in found), found
