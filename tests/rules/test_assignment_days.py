"""Assigning and answering fall between the request's last day and the plan's (三（三）, 三（四）)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jiangheng.rules.days import deadlines
from jiangheng.rules.days.workdays import WorkCalendar, shipped_rows
from jiangheng.rules.shipped_law import in_force

CALENDAR = WorkCalendar(shipped_rows())
EXAMS = st.dates(date(2020, 3, 1), date(2026, 12, 31))


def test_a_request_of_the_last_day_leaves_the_centre_one_day_and_the_body_three() -> None:
    exam, law = date(2026, 5, 10), in_force(date(2026, 4, 1))
    filed = deadlines.arrangement_request(exam, CALENDAR, law).last_day
    assign = deadlines.assignment(filed, exam, CALENDAR, law)
    answer = deadlines.assignment_answer(assign.last_day, exam, CALENDAR, law)
    plan = deadlines.plan_filing(exam, CALENDAR, law).last_day
    assert (filed, assign.last_day, answer.last_day, plan) == (
        date(2026, 4, 14),
        date(2026, 4, 15),
        date(2026, 4, 22),
        date(2026, 4, 23),
    )
    assert (assign.needed, answer.needed, assign.clause, answer.clause) == (1, 3, "三（四）", "三（四）")


@given(exam=EXAMS, assign=st.integers(1, 10), answering=st.integers(1, 10), early=st.integers(0, 60))
def test_whoever_acts_on_the_last_day_leaves_the_plan_its_own(
    exam: date, assign: int, answering: int, early: int
) -> None:
    law = in_force(exam).overridden({"assign_wd": assign, "assignment_answer_wd": answering})
    filed = deadlines.arrangement_request(exam, CALENDAR, law).last_day - timedelta(days=early)
    assigned = deadlines.assignment(filed, exam, CALENDAR, law)
    answered = deadlines.assignment_answer(assigned.last_day, exam, CALENDAR, law)
    plan = deadlines.plan_filing(exam, CALENDAR, law).last_day
    assert filed < assigned.last_day < answered.last_day < plan
    assert assigned.needed <= assign
    assert answered.needed <= answering
    assert assigned.count.date == assigned.last_day
    free = CALENDAR.after(filed, assign).date
    assert assigned.last_day == free or assigned.needed < assign


@given(exam=EXAMS, late=st.integers(0, 30))
def test_whoever_is_late_still_has_one_working_day(exam: date, late: int) -> None:
    law = in_force(exam)
    day = deadlines.plan_filing(exam, CALENDAR, law).last_day + timedelta(days=late)
    for found in (
        deadlines.assignment(day, exam, CALENDAR, law),
        deadlines.assignment_answer(day, exam, CALENDAR, law),
    ):
        assert (found.needed, found.last_day) == (1, CALENDAR.after(day, 1).date)
