"""The assigned body accepts or explains by a day; past it the centre may give the request to another (三（四）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.calendar import jobs as calendar_jobs
from jiangheng.calendar.queries import clocks
from jiangheng.catalog import actions as calendar
from jiangheng.journal.models import Outgoing
from jiangheng.plans import actions, queries
from jiangheng.plans.models import Request
from jiangheng.rules.days.clocks import AMBER, RED
from jiangheng.rules.roles import Person
from jiangheng.site import jobs
from jiangheng.values import queries as values
from tests.factories import moment
from tests.plans.made import EXAM, plan_of, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
# Wednesday; three working days on, the day itself not counted: Monday 2026-09-07.
NOW = moment("2026-09-02 10:00")
LAST, AFTER = moment("2026-09-07 23:00"), moment("2026-09-08 09:00")
Browser = Callable[..., Client]


def assigned(school: Person, centre: Person, body: Person) -> Request:
    request = actions.submit_request(by=school, now=NOW, request_id=request_of(school).pk)
    return actions.assign(
        by=centre, now=NOW, request_id=request.pk, body_id=body.organisation_id or 0, reason="统筹安排"
    )


def running(person: Person, now: object = NOW) -> dict[str, clocks.Running]:
    return {each.open.clock.key: each for each in clocks.running(person, now)}


def test_the_number_of_days_is_a_labelled_default_of_this_system() -> None:
    rule = values.law(NOW.date()).rule("assignment_answer_wd")
    assert (rule.value, rule.unit, rule.clause, rule.instrument) == (3, "工作日", "三（四）", "practice")
    assert "通知未规定" in rule.label


def test_the_body_has_three_working_days_and_is_told_the_day(school: Person, centre: Person, body: Person) -> None:
    request = assigned(school, centre, body)
    assert (request.assigned_on, request.answer_by) == (date(2026, 9, 2), date(2026, 9, 7))
    told = Outgoing.objects.get(recipient_organisation_id=body.organisation_id, subject__contains="指派本机构承接")
    assert "请于2026-09-07前接受或说明不能承接" in told.body
    mine = running(body)["answer"]
    assert (mine.last_day, mine.left, mine.mine, mine.clause) == (date(2026, 9, 7), 3, True, "三（四）")
    assert not running(centre)["answer"].mine
    assert not running(school)["answer"].mine


def test_the_last_day_itself_is_in_time_and_the_day_after_is_the_centres_task(
    school: Person, centre: Person, body: Person
) -> None:
    request = assigned(school, centre, body)
    assert running(body, LAST)["answer"].light == RED
    assert "unanswered" not in running(centre, LAST)
    assert not queries.unanswered(Request.objects.all(), LAST.date()).exists()
    late = running(centre, AFTER)
    assert (late["answer"].left, late["answer"].light) == (-1, RED)
    assert (late["unanswered"].mine, late["unanswered"].light) == (True, AMBER)
    assert "unanswered" not in running(body, AFTER)
    assert "unanswered" not in running(school, AFTER)
    assert list(queries.unanswered(Request.objects.all(), AFTER.date())) == [request]


def test_nothing_happens_by_itself_and_a_late_answer_still_counts(school: Person, centre: Person, body: Person) -> None:
    request = assigned(school, centre, body)
    jobs.daily(AFTER + timedelta(days=30))
    request.refresh_from_db()
    assert (request.state, request.body_id) == ("assigned", body.organisation_id)
    actions.take(by=body, now=AFTER, request_id=request.pk)
    assert "answer" not in running(body, AFTER)
    assert "unanswered" not in running(centre, AFTER)


def test_another_body_gets_its_own_days_and_one_that_declines_none(
    school: Person, centre: Person, body: Person, other_body: Person
) -> None:
    request = assigned(school, centre, body)
    moved = actions.reassign(
        by=centre, now=AFTER, request_id=request.pk, body_id=other_body.organisation_id or 0, reason="到期未答复"
    )
    assert (moved.assigned_on, moved.answer_by) == (date(2026, 9, 8), date(2026, 9, 11))
    assert "answer" not in running(body, AFTER)
    declined = actions.decline(by=other_body, now=AFTER, request_id=request.pk, note="考评员不足")
    assert declined.answer_by is None
    assert "unanswered" not in running(centre, moment("2026-09-30 09:00"))


def test_a_day_off_puts_the_answer_off_and_the_body_hears_of_it(school: Person, centre: Person, body: Person) -> None:
    request = assigned(school, centre, body)
    calendar.set_day(by=centre, now=NOW, day=date(2026, 9, 4), workday=False, name="防汛停工", source="示例文件")
    calendar_jobs.redate(now=NOW)
    request.refresh_from_db()
    assert request.answer_by == date(2026, 9, 8)
    told = Outgoing.objects.get(recipient_organisation_id=body.organisation_id, subject__contains="工作日历变更")
    assert "答复指派（接受或说明）（依据三（四））" in told.body
    assert "由 2026-09-07 改为 2026-09-08" in told.body


def test_pages_show_the_day_the_default_and_the_way_out(
    school: Person, centre: Person, body: Person, client_for: Browser
) -> None:
    request = assigned(school, centre, body)
    address = f"/plans/requests/{request.pk}/"
    page = client_for(body, NOW).get(address).text
    for words in ("最迟答复日", "2026年9月7日", "默认值：认定机构答复指派的时间（通知未规定）"):
        assert words in page
    assert "到期未接受也未说明" not in client_for(centre, LAST).get(address).text
    office = client_for(centre, AFTER)
    late = office.get(address).text
    assert "到期未接受也未说明" in late
    assert f'href="/plans/requests/{request.pk}/assign/"' in late
    desk = office.get(f"{address}assign/").text
    assert "逾期未答复" in desk
    assert "这家机构就是现在承接的机构" in desk, "it is not proposed again"
    assert f'value="{body.organisation_id}"' not in desk
    assert request.number in office.get("/plans/requests/?answer=late").text
    assert request.number not in client_for(centre, NOW).get("/plans/requests/?answer=late").text
    assert "处理逾期未答复的指派" in office.get("/home/").text
    assert "答复指派（接受或说明）" in client_for(body, AFTER).get("/home/").text
    ours = client_for(body, AFTER).get(address).text
    assert "答复期限已过" in ours
    assert "assign/" not in ours
    assert "由市鉴定中心催办或改派" in client_for(school, AFTER).get(address).text
    assert client_for(body, AFTER).get("/plans/requests/?answer=late").status_code == 200


def test_the_centre_accepts_or_returns_a_plan_by_its_own_day(centre: Person, body: Person) -> None:
    plan = actions.submit(by=body, now=NOW, plan_id=plan_of(body).pk)
    mine = running(centre)["acceptance"]
    assert (mine.open.record, mine.last_day, mine.mine) == (plan, date(2026, 9, 7), True)
    assert not running(body)["acceptance"].mine
    actions.accept(by=centre, now=NOW, plan_id=plan.pk)
    assert "acceptance" not in running(centre)


def test_drafts_fall_due_the_nearest_first(body: Person, school: Person) -> None:
    late = plan_of(body, exam_on=date(2026, 11, 14), registration_ends_at=moment("2026-10-20 18:00"))
    soon = plan_of(body)
    assert [each.open.record for each in clocks.running(body, NOW)] == [soon, late]
    request = request_of(school)
    (waiting,) = clocks.running(school, NOW)
    assert (waiting.open.record, waiting.open.event) == (request, EXAM)


def test_lists_ask_as_often_for_one_and_for_three(
    school: Person, centre: Person, body: Person, client_for: Browser
) -> None:
    browser, counts = client_for(centre, AFTER), []
    for _serial in range(3):
        assigned(school, centre, body)
        browser.get("/deadlines/")
        with CaptureQueriesContext(connection) as seen:
            browser.get("/deadlines/")
            browser.get("/plans/requests/?answer=late")
        counts.append(len(seen))
    assert counts[0] == counts[2]
