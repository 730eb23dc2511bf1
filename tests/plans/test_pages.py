"""The pages of requests, reviews and plans, as their people use them; the worked tables as pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.plans import actions
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment
from tests.plans.made import plan_form, plan_of, request_of, taken_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")
Browser = Callable[..., Client]


def test_a_school_asks_and_the_centre_assigns(
    school: Person, centre: Person, body: Person, client_for: Browser
) -> None:
    at_school, at_centre, at_body = (client_for(each, NOW) for each in (school, centre, body))
    form = {
        "class_name": "电工中级班",
        "occupation_code": "6-31-01-03",
        "level": "4",
        "headcount": "60",
        "exam_on": "2026-10-17",
        "place": "body",
        "venue_id": "",
    }
    answer = at_school.post("/plans/requests/new/", {**form, "_once": "a1"}, follow=True)
    request = Request.objects.get()
    assert answer.redirect_chain[-1][0] == f"/plans/requests/{request.pk}/"
    assert "2026年9月21日" in answer.content.decode()
    at_school.post("/plans/requests/new/", {**form, "_once": "a1"})
    assert Request.objects.count() == 1
    at_school.post(f"/plans/requests/{request.pk}/submit/", {"_seen": "0"})
    page = at_centre.get(f"/plans/requests/{request.pk}/assign/").content.decode()
    assert "考核日前后一周已有 0 项安排、0 名考生" in page
    assert "可承接的机构只有这一家" in page
    answer = at_centre.post(
        f"/plans/requests/{request.pk}/assign/", {"body_id": body.organisation_id, "reason": "负荷最低", "_seen": "1"}
    )
    assert answer.status_code == 302
    assert at_body.get("/plans/requests/").content.decode().count(request.number) >= 1
    assert at_body.post(f"/plans/requests/{request.pk}/take/", {"_seen": "2"}).status_code == 302
    page = at_body.get(f"/plans/requests/{request.pk}/").content.decode()
    assert f"/plans/new/?request={request.pk}" in page
    assert at_body.get(f"/plans/new/?request={request.pk}").status_code == 200
    assert at_school.get(f"/plans/requests/{request.pk}/assign/").status_code == 403


def test_a_body_files_and_the_centre_accepts(body: Person, centre: Person, client_for: Browser) -> None:
    venue = factories.make_venue(Organisation.objects.get(pk=body.organisation_id))
    at_body, at_centre = client_for(body, NOW), client_for(centre, NOW)
    answer = at_body.post("/plans/new/", plan_form(venue.pk))
    plan = Plan.objects.get()
    assert answer.headers["Location"] == f"/plans/{plan.pk}/"
    page = at_body.get(f"/plans/{plan.pk}/").content.decode()
    assert page.count("已满足") == 8
    assert at_body.post(f"/plans/{plan.pk}/submit/", {"_seen": "0"}).status_code == 302
    assert at_body.post(f"/plans/{plan.pk}/submit/", {"_seen": "0"}).status_code == 409
    page = at_centre.get(f"/plans/{plan.pk}/").content.decode()
    assert "受理期限" in page
    assert "2026年9月7日" in page, "three working days after Wednesday 2026-09-02"
    assert at_centre.post(f"/plans/{plan.pk}/accept/", {"_seen": "1"}).status_code == 302
    assert "受理期限" not in at_centre.get(f"/plans/{plan.pk}/").content.decode()
    assert at_centre.get(f"/plans/{plan.pk}/").status_code == 200
    public = Client(**{"jiangheng.now": NOW})
    assert plan.title in public.get("/plans/calendar/").content.decode()
    assert "正在报名" in public.get(f"/plans/calendar/{plan.pk}/").content.decode()
    assert public.get("/plans/calendar/?month=2026-11").content.decode().count(plan.title) == 0
    assert public.get(f"/plans/{plan.pk}/").status_code == 302


def test_a_row_is_added_without_scripts_and_keeps_what_was_typed(body: Person, client_for: Browser) -> None:
    venue = factories.make_venue(Organisation.objects.get(pk=body.organisation_id))
    answer = client_for(body, NOW).post("/plans/new/", plan_form(venue.pk, add_row="1", title="秋季第一批"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="秋季第一批"' in page
    assert 'name="rows-1-occupation_code"' in page
    assert 'value="60"' in page
    assert not Plan.objects.exists()


def test_wrong_input_shows_the_form_again(body: Person, client_for: Browser) -> None:
    venue = factories.make_venue(Organisation.objects.get(pk=body.organisation_id))
    browser = client_for(body, NOW)
    for wrong in (
        {"exam_on": ""},
        {"exam_on": "0001-01-01"},
        {"rows-0-headcount": "0"},
        {"venue_id": "999999"},
        {"rows-TOTAL_FORMS": "x"},
        {"rows-0-theory_at": "25:00"},
    ):
        answer = browser.post("/plans/new/", plan_form(venue.pk, **wrong))
        assert answer.status_code == 422, wrong
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("exam", "plan_by", "request_by"),
    [
        ("2020-10-17", "2020年9月28日", "2020年9月22日"),
        ("2025-02-15", "2025年1月27日", "2025年1月21日"),
        ("2025-10-18", "2025年9月29日", "2025年9月23日"),
        ("2026-03-07", "2026年2月24日", "2026年2月10日"),
        ("2026-05-16", "2026年4月30日", "2026年4月23日"),
        ("2026-10-17", "2026年9月29日", "2026年9月21日"),
    ],
)
def test_the_worked_table_while_typing(
    body: Person, school: Person, client_for: Browser, exam: str, plan_by: str, request_by: str
) -> None:
    early = moment("2020-01-06 09:00")
    page = client_for(body, early).get("/plans/deadline/plan/", {"exam_on": exam}).content.decode()
    assert f"<strong>{plan_by}</strong>" in page
    assert "第 10 个工作日" in page
    assert "第 11 个工作日" not in page
    page = client_for(school, early).get("/plans/deadline/request/", {"exam_on": exam}).content.decode()
    assert f"<strong>{request_by}</strong>" in page


def test_late_by_one_day_on_the_page(body: Person, client_for: Browser) -> None:
    plan = plan_of(body)
    browser = client_for(body, moment("2026-09-30 09:00"))
    page = browser.get(f"/plans/{plan.pk}/").content.decode()
    assert "按2026-09-30计只有9个工作日，晚了1个工作日" in page
    answer = browser.post(f"/plans/{plan.pk}/submit/", {"_seen": "0"})
    assert answer.status_code == 422
    assert "最迟为2026-09-29" in answer.content.decode()
    assert Plan.objects.get(pk=plan.pk).state == "draft"


def test_a_provisional_day_says_so(body: Person, client_for: Browser) -> None:
    page = client_for(body, NOW).get("/plans/deadline/plan/", {"exam_on": "2031-05-17"}).content.decode()
    assert "尚未公布" in page


def test_the_review_page_shows_the_shortfall(school: Person, centre: Person, body: Person, client_for: Browser) -> None:
    venue = factories.make_venue(Organisation.objects.get(pk=school.organisation_id), fixed=False)
    request = taken_request(school, centre, body, place="off_site", venue_id=venue.pk)
    at_school, at_body = client_for(school, NOW), client_for(body, NOW)
    assert "填写场地设施设备清单" in at_school.get(f"/plans/requests/{request.pk}/").content.decode()
    answer = at_school.post(f"/plans/requests/{request.pk}/review/", follow=True)
    assert "有 7 项未达到标准要求数量" in answer.content.decode()
    review = request.venue_reviews.get()
    assert at_school.post(f"/plans/reviews/{review.pk}/submit/", {"_seen": "0"}).status_code == 302
    page = at_body.get(f"/plans/reviews/{review.pk}/").content.decode()
    assert 'name="lines-0-verdict"' in page
    assert at_body.post(f"/plans/reviews/{review.pk}/approve/", {"_seen": "1"}).status_code == 422
    item = review.items.first()
    lines = {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "1",
        "lines-0-item_id": item.pk,
        "lines-0-verdict": "rectify",
        "lines-0-remark": "请补足",
    }
    assert at_body.post(f"/plans/reviews/{review.pk}/judge/", lines).status_code == 302
    item.refresh_from_db()
    assert (item.verdict, item.remark) == ("rectify", "请补足")


def queries_of(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_lists_ask_as_often_for_three_rows_as_for_one(
    school: Person, body: Person, centre: Person, client_for: Browser
) -> None:
    def more() -> None:
        plan = actions.submit(by=body, now=NOW, plan_id=plan_of(body, open_to_public=True).pk)
        actions.accept(by=centre, now=NOW, plan_id=plan.pk)
        actions.submit_request(by=school, now=NOW, request_id=request_of(school).pk)

    pages = (
        (client_for(body, NOW), "/plans/"),
        (client_for(centre, NOW), "/plans/"),
        (client_for(centre, NOW), "/plans/requests/"),
        (client_for(school, NOW), "/plans/requests/"),
        (Client(**{"jiangheng.now": NOW}), "/plans/calendar/"),
    )
    more()
    once = [queries_of(*page) for page in pages]
    more()
    more()
    assert [queries_of(*page) for page in pages] == once


def test_a_copy_is_made_from_the_last(body: Person, client_for: Browser) -> None:
    plan = plan_of(body)
    browser = client_for(body, NOW)
    assert browser.get("/plans/copy-last/").headers["Location"] == f"/plans/{plan.pk}/copy/"
    browser.post(f"/plans/{plan.pk}/copy/", {"exam_on": "2026-11-14", "_once": "c1"})
    browser.post(f"/plans/{plan.pk}/copy/", {"exam_on": "2026-11-14", "_once": "c1"})
    assert list(Plan.objects.order_by("id").values_list("exam_on", flat=True)) == [
        date(2026, 10, 17),
        date(2026, 11, 14),
    ]


def test_strangers_learn_nothing(other_body: Person, body: Person, school: Person, client_for: Browser) -> None:
    plan, request = plan_of(body), request_of(school)
    browser = client_for(other_body, NOW)
    for address in (
        f"/plans/{plan.pk}/",
        f"/plans/{plan.pk}/change/",
        f"/plans/{plan.pk}/submit/",
        f"/plans/requests/{request.pk}/",
        f"/plans/requests/{request.pk}/take/",
    ):
        assert browser.get(address).status_code == 404, address
