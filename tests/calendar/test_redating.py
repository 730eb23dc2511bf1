"""A day set as a holiday or a working day moves every open deadline, and those affected hear from where to where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.calendar import actions, jobs
from jiangheng.calendar.models import RedatedDeadline
from jiangheng.calendar.queries import clocks
from jiangheng.catalog import actions as calendar
from jiangheng.journal import delivery
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people.models import Identity
from jiangheng.plans.models import Plan
from jiangheng.results.models import Objection, Result, ResultBatch
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.values.models import CalendarChange
from tests import factories
from tests.factories import moment
from tests.results.batches import make_application

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
FLOOD = date(2026, 6, 10)
Browser = Callable[..., Client]


def flood(centre: Person, day: date = FLOOD, now: Any = NOW) -> None:
    calendar.set_day(by=centre, now=now, day=day, workday=False, name="防汛停工", source="示例文件")


def draft_plan(body: Person, exam_on: str = "2026-06-22", **given: Any) -> Plan:
    return factories.make_plan(
        Organisation.objects.get(pk=body.organisation_id),
        exam_on,
        **{"state": "draft", "deadline_on": date(2026, 6, 5), **given},
    )


def published(body: Person) -> ResultBatch:
    plan = factories.make_plan(Organisation.objects.get(pk=body.organisation_id), "2026-05-23", state="completed")
    return ResultBatch.objects.create(
        plan=plan,
        body=plan.body,
        state="published",
        published_on=date(2026, 6, 8),
        publicity_ends_on=date(2026, 6, 15),
        created_at=NOW,
    )


def notices(organisation_id: int | None) -> list[Outgoing]:
    return list(Outgoing.objects.filter(channel="notice", recipient_organisation_id=organisation_id).order_by("id"))


def test_the_worker_moves_the_kept_days_at_once_ahead_of_whatever_waits(centre: Person, body: Person) -> None:
    plan = draft_plan(body)
    for serial in range(30):
        Outgoing.objects.create(
            key=f"waiting{serial}", channel="notice", created_at=NOW, due_at=NOW - timedelta(hours=1)
        )
    flood(centre)
    delivery.run_once(NOW)
    plan.refresh_from_db()
    assert plan.deadline_on == date(2026, 6, 4)
    change = CalendarChange.objects.get()
    assert (change.finished_at, change.moved) == (NOW, 1)
    entry = Entry.objects.get(action="calendar.redate", record_kind="plan", record_id=plan.pk)
    assert (entry.before, entry.after) == ({"deadline_on": "2026-06-05"}, {"deadline_on": "2026-06-04"})
    assert "防汛停工" in entry.note


def test_those_affected_hear_once_what_moved_from_where_to_where_and_why(
    centre: Person, body: Person, other_body: Person
) -> None:
    first, second = draft_plan(body), draft_plan(body, "2026-06-23", deadline_on=date(2026, 6, 8))
    ticketing = factories.make_plan(Organisation.objects.get(pk=body.organisation_id), "2026-06-13")
    flood(centre)
    jobs.redate(now=NOW)
    (notice,) = notices(body.organisation_id)
    for words in (
        "3 项期限改期",
        "2026年6月10日“防汛停工”设为休息日",
        centre.name,
        "依据：示例文件",
    ):
        assert words in notice.subject + notice.body
    assert f"报送认定计划（依据三（三））：{first.number} {first.title}，由 2026-06-05 改为 2026-06-04" in notice.body
    assert f"{second.number} {second.title}，由 2026-06-08 改为 2026-06-05" in notice.body
    assert (
        f"核发准考证（依据四（六））：{ticketing.number} {ticketing.title}，由 2026-06-08 改为 2026-06-05"
        in notice.body
    )
    assert notices(other_body.organisation_id) == []
    (told,) = notices(centre.organisation_id)
    assert "3 项期限改期" in told.subject
    assert "报送认定计划：2 项" in told.body
    assert "已通知 1 家单位" in told.body


def test_a_second_run_moves_and_tells_nothing_more(centre: Person, body: Person) -> None:
    plan = draft_plan(body)
    flood(centre)
    assert jobs.redate(now=NOW) == 1
    before = (Outgoing.objects.count(), Entry.objects.count(), RedatedDeadline.objects.count())
    assert jobs.redate(now=NOW) == 0
    assert before == (Outgoing.objects.count(), Entry.objects.count(), RedatedDeadline.objects.count())
    # A worker that died before noting the end begins again.
    CalendarChange.objects.update(finished_at=None)
    jobs.redate(now=NOW)
    assert len(notices(body.organisation_id)) == 1
    plan.refresh_from_db()
    assert plan.deadline_on == date(2026, 6, 4)


def test_an_organisation_that_failed_is_done_when_the_job_is_tried_again(
    centre: Person, body: Person, other_body: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = [draft_plan(body), draft_plan(other_body)]
    flood(centre)
    tell, last = actions._tell, max(body.organisation_id or 0, other_body.organisation_id or 0)

    def failing(*given: Any, **named: Any) -> None:
        if named.get("to_organisation") == last:
            raise RuntimeError("gone")
        tell(*given, **named)

    monkeypatch.setattr(actions, "_tell", failing)
    with pytest.raises(RuntimeError):
        jobs.redate(now=NOW)
    days = {plan.body_id: Plan.objects.get(pk=plan.pk).deadline_on for plan in plans}
    assert days[last] == date(2026, 6, 5), "its days are not moved without its being told"
    monkeypatch.setattr(actions, "_tell", tell)
    jobs.redate(now=NOW)
    assert {Plan.objects.get(pk=plan.pk).deadline_on for plan in plans} == {date(2026, 6, 4)}
    assert len(notices(body.organisation_id)) == len(notices(other_body.organisation_id)) == 1


def test_taking_the_day_back_brings_filing_days_back(centre: Person, body: Person) -> None:
    plan = draft_plan(body)
    flood(centre)
    jobs.redate(now=NOW)
    calendar.remove_day(by=centre, now=NOW, day=FLOOD)
    jobs.redate(now=NOW)
    plan.refresh_from_db()
    assert plan.deadline_on == date(2026, 6, 5)
    assert "本地设定被撤销，恢复全国日历" in notices(body.organisation_id)[-1].body


def test_two_changes_in_one_breath_are_counted_together(centre: Person, body: Person) -> None:
    plan = draft_plan(body)
    flood(centre)
    flood(centre, date(2026, 6, 11))
    jobs.redate(now=NOW)
    plan.refresh_from_db()
    assert plan.deadline_on == date(2026, 6, 3)
    (notice,) = notices(body.organisation_id)
    assert "6月10日" in notice.body
    assert "6月11日" in notice.body
    assert "由 2026-06-05 改为 2026-06-03" in notice.body


def test_a_make_up_working_day_moves_too(centre: Person, body: Person) -> None:
    plan = draft_plan(body)
    calendar.set_day(by=centre, now=NOW, day=date(2026, 6, 13), workday=True, name="补班")
    jobs.redate(now=NOW)
    plan.refresh_from_db()
    assert plan.deadline_on == date(2026, 6, 8)
    assert "设为上班日" in notices(body.organisation_id)[0].body


def test_another_name_for_a_day_off_moves_nothing(centre: Person, body: Person) -> None:
    draft_plan(body)
    flood(centre)
    jobs.redate(now=NOW)
    calendar.set_day(by=centre, now=NOW, day=FLOOD, workday=False, name="抗洪停工")
    assert CalendarChange.objects.count() == 1


def test_public_notice_is_put_off_but_never_brought_forward_and_candidates_hear_of_it(
    centre: Person, body: Person, school: Person
) -> None:
    batch = published(body)
    person = factories.make_candidate()
    Result.objects.create(
        batch=batch,
        application=make_application(
            batch.plan, identity=Identity.objects.get(pk=person.identity_id), sponsor_id=school.organisation_id
        ),
    )
    flood(centre)
    jobs.redate(now=NOW)
    batch.refresh_from_db()
    assert batch.publicity_ends_on == date(2026, 6, 16)
    told = Outgoing.objects.get(channel="notice", recipient_account_id=person.account_id)
    assert "由 2026-06-15 改为 2026-06-16" in told.body
    assert told.record_kind == "result_batch"
    assert len(notices(school.organisation_id)) == 1
    calendar.remove_day(by=centre, now=NOW, day=FLOOD)
    jobs.redate(now=NOW)
    batch.refresh_from_db()
    assert batch.publicity_ends_on == date(2026, 6, 16), "what the public was told is not brought forward"


def test_who_raised_an_objection_hears_of_its_new_day(centre: Person, body: Person, candidate: Person) -> None:
    objection = Objection.objects.create(
        batch=published(body),
        raised_by_id=candidate.account_id,
        name="示例",
        contact="0772",
        text="示例",
        received_at=moment("2026-06-08 10:00"),
        due_on=date(2026, 6, 17),
    )
    flood(centre)
    jobs.redate(now=NOW)
    objection.refresh_from_db()
    assert objection.due_on == date(2026, 6, 18)
    assert Outgoing.objects.filter(recipient_account_id=candidate.account_id).count() == 1


def test_people_a_broken_run_did_not_reach_are_told_by_the_next(
    centre: Person, body: Person, candidate: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = published(body)
    application = make_application(batch.plan, identity=Identity.objects.get(pk=candidate.identity_id))
    Result.objects.create(batch=batch, application=application)
    flood(centre)
    tell = actions.tell

    def gone(**_given: Any) -> None:
        raise RuntimeError("gone")

    monkeypatch.setattr(actions, "tell", gone)
    with pytest.raises(RuntimeError):
        jobs.redate(now=NOW)
    monkeypatch.setattr(actions, "tell", tell)
    jobs.redate(now=NOW)
    assert Outgoing.objects.filter(recipient_account_id=candidate.account_id).count() == 1
    assert len(notices(body.organisation_id)) == 1


@pytest.mark.parametrize("state", ["submitted", "accepted", "completed", "cancelled"])
def test_a_plan_handed_in_keeps_the_day_it_was_judged_by(state: str, centre: Person, body: Person) -> None:
    plan = draft_plan(body, state=state)
    flood(centre)
    jobs.redate(now=NOW)
    plan.refresh_from_db()
    assert plan.deadline_on == date(2026, 6, 5)


def test_a_new_day_that_is_past_already_says_so(centre: Person, body: Person) -> None:
    draft_plan(body)
    late = moment("2026-06-05 09:00")
    flood(centre, now=late)
    jobs.redate(now=late)
    assert "新的日期已过" in notices(body.organisation_id)[0].body


def test_nobody_but_the_worker_moves_deadlines(centre: Person, body: Person) -> None:
    for person in (centre, body):
        with pytest.raises(Refusal) as refused:
            actions.redate(by=person, now=NOW, changes=[], organisation_id=None, moves=[])
        assert refused.value.status == 403


def test_the_centre_sees_what_would_move_before_it_confirms(centre: Person, body: Person, client_for: Browser) -> None:
    plan = draft_plan(body)
    browser = client_for(centre, NOW)
    asked = {"day": "2026-06-10", "workday": "0", "name": "防汛停工", "source": "示例文件"}
    page = browser.get("/calendar-change/", asked).text
    assert plan.number in page
    assert "2026-06-05" in page
    assert "2026-06-04" in page
    assert "1 项，涉及 1 家单位" in page
    assert not CalendarChange.objects.exists()
    plan.refresh_from_db()
    assert plan.deadline_on == date(2026, 6, 5)
    assert browser.post("/catalog/calendar/set/", asked).status_code == 302
    assert CalendarChange.objects.count() == 1
    back = browser.get("/calendar-change/", {"remove": "1", "day": "2026-06-10"}).text
    assert "确认撤销" in back


def test_wrong_questions_and_wrong_people_are_refused(centre: Person, body: Person, client_for: Browser) -> None:
    for wrong in (
        {},
        {"day": "x", "workday": "0", "name": "甲"},
        {"day": "2026-06-10", "workday": "0"},
        {"remove": "1"},
        {"remove": "1", "day": "昨天"},
    ):
        assert client_for(centre, NOW).get("/calendar-change/", wrong).status_code == 422
    assert client_for(body, NOW).get("/calendar-change/?day=2026-06-10").status_code == 403
    assert Client().get("/calendar-change/").status_code == 302


def test_each_organisation_reads_what_moved_for_it_and_no_more(
    centre: Person, body: Person, other_body: Person, school: Person, client_for: Browser
) -> None:
    mine, theirs = draft_plan(body), draft_plan(other_body)
    flood(centre)
    jobs.redate(now=NOW)
    address = f"/calendar-change/{CalendarChange.objects.get().pk}/"
    page = client_for(body, NOW).get(address).text
    assert mine.number in page
    assert theirs.number not in page
    office = client_for(centre, NOW).get(address).text
    assert mine.number in office
    assert theirs.number in office
    assert client_for(school, NOW).get(address).status_code == 404
    assert f'href="{address}"' in client_for(body, NOW).get("/journal/notices/").text


def test_a_page_of_deadlines_by_role(
    centre: Person, body: Person, other_body: Person, candidate: Person, client_for: Browser
) -> None:
    plan = draft_plan(body)
    batch = published(body)
    page = client_for(body, NOW).get("/deadlines/").text
    for words in (plan.number, batch.plan.number, "还有 4 个工作日", "2026-06-05", "报送认定计划", "三（三）"):
        assert words in page
    assert plan.number not in client_for(centre, NOW).get("/deadlines/").text, "a draft is its body's own"
    assert batch.plan.number in client_for(centre, NOW).get("/deadlines/").text
    assert "目前没有在走的期限" in client_for(other_body, NOW).get("/deadlines/").text
    assert "目前没有在走的期限" in client_for(candidate, NOW).get("/deadlines/").text
    assert client_for(factories.make_staff(), NOW).get("/deadlines/").status_code == 403


def test_the_page_is_narrowed_by_light_and_matter(body: Person, client_for: Browser) -> None:
    near, far = draft_plan(body), draft_plan(body, "2026-08-22", deadline_on=date(2026, 8, 10))
    browser = client_for(body, NOW)
    amber = browser.get("/deadlines/?light=amber").text
    assert near.number in amber
    assert far.number not in amber
    green = browser.get("/deadlines/?light=green&clock=plan&mine=1").text
    assert far.number in green
    assert near.number not in green
    assert "没有符合条件的期限" in browser.get("/deadlines/?clock=nothing").text
    assert browser.get("/deadlines/?page=x&light=purple").status_code == 200


def test_home_has_a_line_for_every_clock_that_waits_for_me(body: Person, centre: Person, client_for: Browser) -> None:
    draft_plan(body)
    batch = published(body)
    ResultBatch.objects.filter(pk=batch.pk).update(state="reported", reported_on=date(2026, 5, 29))
    mine = client_for(body, NOW).get("/home/").text
    assert "报送认定计划" in mine
    assert "2026-06-05" in mine
    office = client_for(centre, NOW).get("/home/").text
    assert "审核成绩" in office
    assert "/deadlines/?clock=review" in office


@pytest.mark.parametrize("address", ["/deadlines/", "/home/"])
def test_pages_ask_as_many_questions_for_one_plan_and_for_three(
    address: str, body: Person, client_for: Browser
) -> None:
    browser, counts = client_for(body, NOW), []
    for _serial in range(3):
        draft_plan(body)
        factories.make_plan(Organisation.objects.get(pk=body.organisation_id), "2026-07-04")
        browser.get(address)
        with CaptureQueriesContext(connection) as seen:
            browser.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[2]


def test_preview_asks_as_many_questions_for_one_plan_and_for_three(
    centre: Person, body: Person, client_for: Browser
) -> None:
    browser, counts = client_for(centre, NOW), []
    for _serial in range(3):
        draft_plan(body)
        with CaptureQueriesContext(connection) as seen:
            browser.get("/calendar-change/", {"day": "2026-06-10", "workday": "0", "name": "防汛停工"})
        counts.append(len(seen))
    assert counts[0] == counts[2]


def test_every_role_but_staff_sees_its_own_clocks_only(school: Person, body: Person) -> None:
    draft_plan(body)
    assert clocks.running(school, NOW) == []
    assert clocks.running(Person(None, "公众", Role.PUBLIC), NOW) == []
    assert [each.open.clock.key for each in clocks.running(body, NOW)] == ["plan"]
