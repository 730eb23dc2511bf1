"""A release that brings another year of the national calendar re-dates what is open, with nobody saving a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.calendar import jobs
from jiangheng.calendar.models import RedatedDeadline
from jiangheng.catalog import actions as calendar
from jiangheng.catalog.models import Occupation
from jiangheng.command import main
from jiangheng.journal import delivery
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.plans.models import Plan
from jiangheng.results.models import ResultBatch
from jiangheng.rules.days import workdays
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import SYSTEM, Person
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarChange, CalendarDay, NationalCalendar
from tests import factories
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2025-12-01 10:00")
# Before the release 2026 is counted by weekdays without the holidays that are law (除夕 02-16 to 初三 02-19): ten working
# days before Saturday 2026-02-28 begin on Tuesday 02-10.
# The release knows the Spring Festival (02-15 to 02-23) and the worked Saturdays 02-14 and 02-28.
EXAM, BEFORE, AFTER = "2026-02-28", date(2026, 2, 10), date(2026, 2, 9)
Browser = Callable[..., Client]


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Installs a release whose national calendar ends with a year."""

    def install(year: int) -> None:
        monkeypatch.setattr(workdays, "published_until", lambda: date(year, 12, 31))

    install(2025)
    return install


def draft_plan(body: Person, exam_on: str = EXAM, kept: date = BEFORE) -> Plan:
    return factories.make_plan(
        Organisation.objects.get(pk=body.organisation_id), exam_on, state="draft", deadline_on=kept
    )


def worker(now: object = NOW) -> None:
    """One pass as the command makes it."""
    jobs.watch_calendar(now)
    delivery.run_once(now)


def test_the_worked_example_by_both_calendars(release: Callable[[int], None]) -> None:
    assert workdays.WorkCalendar().before(date(2026, 2, 28), 10).date == BEFORE
    release(2026)
    assert workdays.WorkCalendar().before(date(2026, 2, 28), 10).date == AFTER


def test_the_next_pass_of_the_worker_moves_what_is_open_and_tells_why(
    centre: Person, body: Person, other_body: Person, release: Callable[[int], None]
) -> None:
    plan, spring = draft_plan(body), draft_plan(other_body, "2025-12-20", date(2025, 12, 8))
    worker()
    assert not CalendarChange.objects.exists(), "the first calendar an installation knows changes nothing"
    release(2026)
    for serial in range(30):
        Outgoing.objects.create(
            key=f"waiting{serial}", channel="notice", created_at=NOW, due_at=NOW - timedelta(hours=1)
        )
    worker(NOW + timedelta(seconds=60))
    plan.refresh_from_db()
    spring.refresh_from_db()
    assert (plan.deadline_on, spring.deadline_on) == (AFTER, date(2025, 12, 8))
    change = CalendarChange.objects.get()
    assert change.name == "全国节假日安排（2026年）"
    assert change.national["2026-02-20"] == [True, False]
    assert "2026-02-16" not in change.national, "a holiday by law was off before the notice"
    assert change.national["2026-02-14"] == [False, True]
    assert (change.moved, change.finished_at) == (1, NOW + timedelta(seconds=60))
    told = Outgoing.objects.get(channel="notice", recipient_organisation_id=body.organisation_id)
    assert "由 2026-02-10 改为 2026-02-09" in told.body
    assert "国务院办公厅放假安排，随程序更新载入" in told.body
    assert not Outgoing.objects.filter(channel="notice", recipient_organisation_id=other_body.organisation_id).exists()
    assert Outgoing.objects.filter(channel="notice", recipient_organisation_id=centre.organisation_id).count() == 1
    assert Entry.objects.filter(action="calendar.note_national").count() == 1


def test_once_and_no_more(body: Person, release: Callable[[int], None]) -> None:
    draft_plan(body)
    worker()
    release(2026)
    for _serial in range(3):
        worker()
    assert CalendarChange.objects.count() == 1
    assert NationalCalendar.objects.count() == 2
    assert RedatedDeadline.objects.count() == 1


def test_a_quiet_pass_asks_one_question(body: Person, release: Callable[[int], None]) -> None:
    draft_plan(body)
    worker()
    with CaptureQueriesContext(connection) as seen:
        jobs.watch_calendar(NOW)
    assert len(seen) == 1


def test_a_day_the_centre_set_outranks_the_release(
    centre: Person, body: Person, release: Callable[[int], None]
) -> None:
    calendar.set_day(by=centre, now=NOW, day=date(2026, 2, 24), workday=False, name="防汛停工", source="示例文件")
    plan = draft_plan(body)
    worker()
    plan.refresh_from_db()
    before = values.calendar().before(date(2026, 2, 28), 10).date
    assert plan.deadline_on == before
    release(2026)
    worker()
    plan.refresh_from_db()
    assert plan.deadline_on == values.calendar().before(date(2026, 2, 28), 10).date
    assert values.calendar().day(date(2026, 2, 24)).name == "防汛停工"
    moved = RedatedDeadline.objects.order_by("id").last()
    assert moved is not None
    assert (moved.old_day, moved.new_day) == (before, plan.deadline_on)


def test_a_release_and_a_day_set_in_one_breath_are_told_as_one_move(
    centre: Person, body: Person, release: Callable[[int], None]
) -> None:
    plan = draft_plan(body)
    worker()
    release(2026)
    jobs.watch_calendar(NOW)
    calendar.set_day(by=centre, now=NOW, day=date(2026, 2, 26), workday=False, name="防汛停工", source="示例文件")
    delivery.run_once(NOW)
    plan.refresh_from_db()
    assert plan.deadline_on == date(2026, 2, 6)
    (told,) = Outgoing.objects.filter(channel="notice", recipient_organisation_id=body.organisation_id)
    assert "由 2026-02-10 改为 2026-02-06" in told.body
    assert "全国节假日安排" in told.body
    assert "防汛停工" in told.body


def test_a_public_notice_is_put_off_but_not_brought_forward(body: Person, release: Callable[[int], None]) -> None:
    worker()
    plan = factories.make_plan(Organisation.objects.get(pk=body.organisation_id), "2026-01-24", state="completed")
    batch = ResultBatch.objects.create(
        plan=plan,
        body=plan.body,
        state="published",
        published_on=date(2026, 2, 11),
        publicity_ends_on=date(2026, 2, 18),
        created_at=NOW,
    )
    release(2026)
    worker(moment("2026-02-12 10:00"))
    batch.refresh_from_db()
    assert batch.publicity_ends_on == date(2026, 2, 25)


def test_a_release_without_news_and_one_that_only_reaches_further(
    body: Person, release: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = draft_plan(body)
    worker()
    same = workdays.national_days()
    monkeypatch.setattr(workdays, "national_days", lambda: same)
    release(2026)
    worker()
    assert NationalCalendar.objects.count() == 2
    plan.refresh_from_db()
    assert plan.deadline_on == BEFORE
    assert not CalendarChange.objects.exists()


def test_nobody_but_the_worker_notes_it(centre: Person, body: Person) -> None:
    for person in (centre, body):
        with pytest.raises(Refusal) as refused:
            calendar.note_national(by=person, now=NOW)
        assert refused.value.status == 403
    assert calendar.note_national(by=SYSTEM, now=NOW) is None


def test_the_command_looks_before_it_delivers(
    body: Person, release: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker()
    seen: list[str] = []
    monkeypatch.setattr(jobs, "watch_calendar", lambda _now: seen.append("looked"))
    monkeypatch.setattr(delivery, "run_once", lambda _now: seen.append("delivered") or 0)
    assert main.main(["worker", "--once"]) == 0
    assert seen == ["looked", "delivered"]


def test_the_page_of_a_change_shows_the_days(
    centre: Person, body: Person, other_body: Person, release: Callable[[int], None], client_for: Browser
) -> None:
    plan = draft_plan(body)
    worker()
    release(2026)
    worker()
    address = f"/calendar-change/{CalendarChange.objects.get().pk}/"
    page = client_for(body, NOW).get(address).text
    for words in ("全国节假日安排（2026年）", "天与原日历不同", "2026年2月20日", plan.number, "2026-02-09"):
        assert words in page
    assert client_for(other_body, NOW).get(address).status_code == 404


def test_new_local_days_of_a_release_move_deadlines_too(
    centre: Person, body: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar.load_catalogue(by=centre, now=NOW)
    assert not CalendarChange.objects.exists(), "the first load of an installation moves nothing"
    CalendarDay.objects.filter(day__year=2026).delete()
    assert Occupation.objects.exists()
    plan = draft_plan(body, "2026-04-25", date(2026, 4, 13))
    calendar.load_catalogue(by=centre, now=NOW)
    delivery.run_once(NOW)
    plan.refresh_from_db()
    assert plan.deadline_on == values.calendar().before(date(2026, 4, 25), 10).date != date(2026, 4, 13)
