"""Working days as the notice counts them: 三（三）, 三（四）, 四（六）, 四（八）."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days import deadlines, statutory, workdays
from jiangheng.rules.days.workdays import LocalDay, WorkCalendar
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.shipped_law import in_force

NATIONAL = WorkCalendar()

# exam, plan, arrangement, ticket, what counting Monday to Friday says, and the working days that would leave
WORKED = [
    ("2020-10-17", "2020-09-28", "2020-09-22", "2020-10-12", "2020-10-05", 7),
    ("2025-02-15", "2025-01-27", "2025-01-21", "2025-02-10", "2025-02-03", 9),
    ("2025-10-18", "2025-09-29", "2025-09-23", "2025-10-13", "2025-10-06", 8),
    ("2026-03-07", "2026-02-24", "2026-02-10", "2026-03-02", "2026-02-23", 10),
    ("2026-05-16", "2026-04-30", "2026-04-23", "2026-05-11", "2026-05-04", 9),
    ("2026-10-17", "2026-09-29", "2026-09-21", "2026-10-12", "2026-10-05", 8),
]
POSTED = [
    ("2020-09-29", "2020-10-13"),
    ("2025-01-27", "2025-02-10"),
    ("2025-09-29", "2025-10-13"),
    ("2026-04-29", "2026-05-09"),
]
MAKE_UP_DAYS = [
    *("2020-01-19", "2020-04-26", "2020-05-09", "2020-06-28", "2020-09-27", "2020-10-10"),
    *("2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29"),
    *("2024-10-12", "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("exam", "plan", "arrangement", "ticket", "naive", "left"), WORKED)
def test_the_worked_tables(exam: str, plan: str, arrangement: str, ticket: str, naive: str, left: int) -> None:
    rules = in_force(day(exam))
    assert deadlines.plan_filing(day(exam), NATIONAL, rules).last_day == day(plan)
    assert deadlines.arrangement_request(day(exam), NATIONAL, rules).last_day == day(arrangement)
    assert deadlines.ticket_issue(day(exam), NATIONAL, rules).last_day == day(ticket)
    assert not NATIONAL.day(day(naive)).workday
    assert NATIONAL.between(day(naive), day(exam)) == left


@pytest.mark.parametrize(("posted", "last"), POSTED)
def test_publicity_begins_the_day_after_posting(posted: str, last: str) -> None:
    assert deadlines.publicity(day(posted), NATIONAL, in_force(day(posted))).last_day == day(last)


def test_publicity_may_count_the_day_of_posting_where_the_centre_says_so() -> None:
    rules = in_force(day("2026-04-29")).overridden({"publicity_counts_first_day": True})
    assert deadlines.publicity(day("2026-04-29"), NATIONAL, rules).last_day == day("2026-05-08")


def test_certificates_follow_publicity_on_the_next_working_day() -> None:
    assert NATIONAL.after(day("2026-05-09"), 1).date == day("2026-05-11")


@pytest.mark.parametrize("text", MAKE_UP_DAYS)
def test_make_up_days_are_worked_and_named(text: str) -> None:
    found = NATIONAL.day(day(text))
    assert found.workday
    assert found.name == workdays.MAKE_UP
    assert not found.provisional


@pytest.mark.parametrize(("text", "name"), [("2026-01-01", "元旦"), ("2026-02-17", "春节"), ("2026-10-01", "国庆节")])
def test_holidays_are_named_in_chinese(text: str, name: str) -> None:
    found = NATIONAL.day(day(text))
    assert (found.workday, found.name) == (False, name)


def test_every_holiday_of_the_library_has_a_chinese_name() -> None:
    named = {NATIONAL.day(on).name for on in workdays.constants.holidays}
    assert named <= set(workdays.HOLIDAY_NAMES.values())


def test_guangxi_third_of_the_third_is_a_local_row() -> None:
    on = day("2025-03-31")
    assert NATIONAL.day(on).workday
    local = WorkCalendar(workdays.shipped_rows())
    assert (local.day(on).workday, local.day(on).name) == (False, "广西三月三")
    assert local.before(day("2025-04-12"), 10).date < NATIONAL.before(day("2025-04-12"), 10).date


def test_a_local_row_may_also_make_a_day_worked() -> None:
    saturday = day("2026-06-06")
    assert not NATIONAL.day(saturday).workday
    assert WorkCalendar({saturday: LocalDay(workday=True, name="补班")}).day(saturday).workday


def test_past_the_published_calendar_a_day_is_provisional_and_follows_the_weekday_and_the_holidays_by_law() -> None:
    beyond = workdays.published_until() + timedelta(days=1)
    off = statutory.days_off(beyond.year)
    for ahead in range(365):
        found = NATIONAL.day(beyond + timedelta(days=ahead))
        assert found.provisional
        assert found.workday == (found.date.weekday() < 5 and found.date not in off)
        assert found.name == (off[found.date].name if found.date in off else "")
    exam = beyond + timedelta(days=10)
    assert NATIONAL.before(exam, 10).provisional
    assert deadlines.plan_filing(exam, NATIONAL, in_force(exam)).provisional
    assert not NATIONAL.before(day("2026-06-06"), 10).provisional


# (exam, N, last day): 元旦, 春节 from 除夕, 清明, 5-1/2, 端午, 中秋, 国庆 of a year whose notice is not out
UNPUBLISHED = [
    ("2027-01-09", 10, "2026-12-25"),
    ("2027-02-20", 10, "2027-02-04"),
    ("2027-04-10", 5, "2027-04-02"),
    ("2027-06-12", 5, "2027-06-04"),
    ("2027-09-18", 5, "2027-09-10"),
    ("2027-10-09", 10, "2027-09-24"),
    ("2028-05-06", 5, "2028-04-27"),
]


@pytest.mark.parametrize(("exam", "needed", "last"), UNPUBLISHED)
def test_the_holidays_that_are_law_are_off_before_the_notice_is_out(exam: str, needed: int, last: str) -> None:
    count = NATIONAL.before(day(exam), needed)
    assert (count.date, count.provisional) == (day(last), True)
    assert NATIONAL.between(day(last), day(exam)) == needed
    assert NATIONAL.between(day(last) + timedelta(days=1), day(exam)) == needed - 1
    back = NATIONAL.after(day(last) - timedelta(days=1), needed)
    assert back.date < day(exam) <= NATIONAL.after(back.date, 1).date
    assert count.years == (day(exam).year,)


@given(st.dates(date(2026, 11, 1), date(2027, 3, 31)), st.integers(1, 25))
def test_a_count_over_any_day_of_an_unpublished_year_is_provisional(event: date, needed: int) -> None:
    until = workdays.published_until()
    before, after = NATIONAL.before(event, needed), NATIONAL.after(event, needed)
    assert before.provisional == any(each.date > until for each in before.days)
    assert after.provisional == any(each.date > until for each in after.days)
    assert workdays.counted(before.date, event) == CountedDay(before.date, before.provisional)
    assert workdays.counted(after.date, event) == CountedDay(after.date, after.provisional)


def test_a_provisional_day_says_so_wherever_it_is_written() -> None:
    assert str(CountedDay(day("2026-12-25"), provisional=True)) == "2026-12-25（暂定）"
    assert str(CountedDay(day("2026-12-25"), provisional=False)) == "2026-12-25"


def test_what_a_notice_still_has_to_say_is_known_in_number_only() -> None:
    assert workdays.unpublished((2026, 2027)) == [{"year": 2027, "days": 6}]


def test_a_local_row_past_the_published_calendar_is_certain() -> None:
    beyond = workdays.published_until() + timedelta(days=1)
    assert not WorkCalendar({beyond: LocalDay(workday=False, name="元旦")}).day(beyond).provisional


def test_the_days_before_the_calendar_begins_are_provisional() -> None:
    assert NATIONAL.day(workdays.FIRST - timedelta(days=1)).provisional
    assert not NATIONAL.day(workdays.FIRST).provisional


def test_the_count_lists_every_day_looked_at_oldest_first() -> None:
    count = NATIONAL.before(day("2026-10-17"), 10)
    assert [found.date for found in count.days] == [
        count.date + timedelta(days=ahead) for ahead in range((day("2026-10-17") - count.date).days)
    ]
    assert sum(found.workday for found in count.days) == 10
    after = NATIONAL.after(day("2026-04-29"), 5)
    assert after.days[0].date == day("2026-04-30")
    assert after.days[-1].date == after.date


@pytest.mark.parametrize(
    ("moment", "counts_on"),
    [
        ("2026-06-01 17:30", "2026-06-01"),
        ("2026-06-01 17:30:01", "2026-06-02"),
        ("2026-06-05 18:00", "2026-06-08"),
        ("2026-06-06 09:00", "2026-06-08"),
        ("2026-09-30 17:31", "2026-10-08"),
        ("2026-05-09 10:00", "2026-05-09"),
    ],
)
def test_a_submission_after_hours_counts_on_the_next_working_day(moment: str, counts_on: str) -> None:
    assert NATIONAL.effective(datetime.fromisoformat(moment), time(17, 30)) == day(counts_on)


# an independent reading, one day at a time, straight from the library


def works(on: date) -> bool:
    return chinese_calendar.is_workday(on)


DAYS = st.dates(date(2018, 3, 1), date(2026, 9, 30))


@given(DAYS, st.integers(1, 20))
def test_before_is_the_latest_day_with_that_many_working_days(event: date, needed: int) -> None:
    found = NATIONAL.before(event, needed).date
    candidates = [event - timedelta(days=back) for back in range(1, 60)]
    enough = [
        first
        for first in candidates
        if sum(works(first + timedelta(days=n)) for n in range((event - first).days)) >= needed
    ]
    assert found == max(enough)
    assert NATIONAL.between(found, event) == needed
    assert NATIONAL.between(found + timedelta(days=1), event) < needed


@given(DAYS, st.integers(1, 20), st.booleans())
def test_after_is_the_day_the_last_working_day_is_spent(start: date, needed: int, counts_first: bool) -> None:
    found = NATIONAL.after(start, needed, counts_first_day=counts_first).date
    first = 0 if counts_first else 1
    assert sum(works(start + timedelta(days=n)) for n in range(first, (found - start).days + 1)) == needed
    assert works(found)


@given(DAYS, st.integers(-20, 60))
def test_filing_is_in_time_exactly_when_enough_working_days_are_left(event: date, back: int) -> None:
    filed = event - timedelta(days=back)
    deadline = deadlines.plan_filing(event, NATIONAL, in_force(event))
    given_days = sum(works(filed + timedelta(days=n)) for n in range((event - filed).days))
    if given_days >= 10:
        assert deadlines.check_in_time(deadline, filed, NATIONAL) == given_days
        return
    with pytest.raises(Refusal) as caught:
        deadlines.check_in_time(deadline, filed, NATIONAL)
    refusal = caught.value
    assert (refusal.code, refusal.status, refusal.clause) == ("deadline.late", 422, "三（三）")
    assert refusal.params["given"] == given_days
    assert refusal.params["needed"] == 10
    earliest = day(refusal.params["earliest"])
    assert NATIONAL.between(filed, earliest) >= 10 > NATIONAL.between(filed, earliest - timedelta(days=1))


def test_a_late_filing_is_told_the_days_and_the_remedy() -> None:
    exam = day("2026-10-17")
    with pytest.raises(Refusal) as caught:
        deadlines.check_in_time(deadlines.plan_filing(exam, NATIONAL, in_force(exam)), day("2026-10-05"), NATIONAL)
    assert caught.value.sentence() == (
        "计划报送须在2026-10-17之前至少10个工作日办理，最迟为2026-09-29；按2026-10-05计只有8个工作日，晚了2个工作日。"
    )
    assert caught.value.advice() == "今天办理可安排的最早日期为2026-10-21，请改期后重新提交。"


@pytest.mark.parametrize(
    ("rule", "clause", "needed"),
    [
        (deadlines.plan_filing, "三（三）", 10),
        (deadlines.arrangement_request, "三（四）", 15),
        (deadlines.ticket_issue, "四（六）", 5),
        (deadlines.publicity, "四（八）", 5),
        (deadlines.objection_finish, "四（八）", 7),
        (deadlines.centre_review, "四（八）", 5),
    ],
)
def test_each_deadline_cites_its_clause_and_can_be_told(rule: object, clause: str, needed: int) -> None:
    found = rule(day("2026-06-06"), NATIONAL, in_force(day("2026-06-06")))
    assert (found.clause, found.needed) == (clause, needed)
    assert deadlines.LABELS[found.key]


def test_looking_for_the_earliest_event_gives_up_where_no_day_is_worked() -> None:
    start = day("2026-06-01")
    never = WorkCalendar({start + timedelta(days=ahead): LocalDay(workday=False, name="停") for ahead in range(500)})
    assert deadlines.earliest_event(start, 1, never) == start + timedelta(days=deadlines.SEARCH_DAYS)
