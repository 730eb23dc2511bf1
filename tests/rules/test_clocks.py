"""Every clock of an open record: its last day, its light, and what a change of the calendar makes of it."""

from __future__ import annotations

from datetime import date

import pytest

from jiangheng.rules import flows
from jiangheng.rules.days import clocks
from jiangheng.rules.days.clocks import AMBER, CLOCKS, GREEN, RED, DayChange
from jiangheng.rules.days.workdays import LocalDay, WorkCalendar
from jiangheng.rules.deeds import DEEDS
from jiangheng.rules.roles import Role
from jiangheng.rules.shipped_law import in_force

LAW = in_force(date(2026, 6, 1))
NATIONAL = WorkCalendar()
FLOOD = LocalDay(workday=False, name="防汛停工")


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=lambda clock: clock.key)
def test_a_clock_runs_in_real_states_by_a_real_value_and_waits_for_somebody(clock: clocks.Clock) -> None:
    table = flows.FLOWS[clock.kind]
    assert {table.state(name).name for name in clock.states} == set(clock.states)
    assert not clock.value or LAW.rule(clock.value).unit == "工作日"
    assert clock.doers
    acting = {role for step in table.transitions if set(step.sources) & set(clock.states) for role in step.roles}
    if clock.value == "fee_lead_wd":
        acting |= set(DEEDS["fee.order"].roles)  # paid with an order of payment, which moves no application
    assert set(clock.doers) & (acting | {Role.BODY}), "nobody it waits for may take a step"


@pytest.mark.parametrize(
    ("key", "event", "last"),
    [
        ("plan", date(2026, 10, 17), date(2026, 9, 29)),
        ("request", date(2026, 10, 17), date(2026, 9, 21)),
        ("ticket", date(2026, 10, 17), date(2026, 10, 12)),
        ("publicity", date(2026, 4, 29), date(2026, 5, 9)),
        ("publicity", date(2025, 9, 29), date(2025, 10, 13)),
    ],
)
def test_the_last_day_is_the_law_s(key: str, event: date, last: date) -> None:
    assert clocks.deadline(CLOCKS[key], event, NATIONAL, LAW).last_day == last


def test_working_days_left_pass_over_days_off() -> None:
    # 2026-09-29 Tuesday; 国庆 from 2026-10-01 to 10-07; 10-10 Saturday is worked.
    assert clocks.workdays_left(date(2026, 9, 29), date(2026, 9, 29), NATIONAL) == 0
    assert clocks.workdays_left(date(2026, 9, 29), date(2026, 10, 8), NATIONAL) == 2
    assert clocks.workdays_left(date(2026, 10, 9), date(2026, 10, 10), NATIONAL) == 1
    assert clocks.workdays_left(date(2026, 10, 8), date(2026, 9, 29), NATIONAL) == -2


def test_a_last_day_that_is_past_is_past_even_when_only_days_off_lie_between() -> None:
    assert clocks.workdays_left(date(2026, 10, 2), date(2026, 9, 30), NATIONAL) == -1


def test_lights_by_working_days_left() -> None:
    def light(today: date, key: str = "plan", last: date = date(2026, 6, 12)) -> str:
        left = clocks.workdays_left(today, last, NATIONAL)
        return clocks.light(CLOCKS[key], today, last, left, LAW)

    assert light(date(2026, 6, 4)) == GREEN  # six left
    assert light(date(2026, 6, 5)) == AMBER  # five
    assert light(date(2026, 6, 9)) == AMBER  # three
    assert light(date(2026, 6, 10)) == RED  # two
    assert light(date(2026, 6, 12)) == RED
    assert light(date(2026, 6, 15)) == RED
    assert light(date(2026, 6, 15), "publicity") == AMBER, "a period that is over asks for the next step only"


def test_the_thresholds_are_defaults_the_centre_may_change() -> None:
    own = LAW.overridden({"light_red_wd": 4, "light_amber_wd": 8})
    assert clocks.light(CLOCKS["plan"], date(2026, 6, 8), date(2026, 6, 12), 4, own) == RED
    assert clocks.light(CLOCKS["plan"], date(2026, 6, 1), date(2026, 6, 11), 8, own) == AMBER


def test_a_change_of_a_day_can_be_made_and_undone_on_the_rows() -> None:
    rows = {date(2026, 4, 20): LocalDay(workday=False, name="广西三月三")}
    entered = DayChange(date(2026, 6, 10), None, FLOOD)
    assert entered.after(rows) == {**rows, date(2026, 6, 10): FLOOD}
    assert entered.before(entered.after(rows)) == rows
    taken_back = DayChange(date(2026, 4, 20), rows[date(2026, 4, 20)], None)
    assert taken_back.after(rows) == {}
    assert taken_back.before({}) == rows


def test_a_holiday_brings_a_filing_day_forward_and_puts_a_period_off() -> None:
    flooded = WorkCalendar({date(2026, 6, 10): FLOOD})
    plan, publicity = CLOCKS["plan"], CLOCKS["publicity"]
    exam, posted = date(2026, 6, 22), date(2026, 6, 8)
    before, after = (clocks.deadline(plan, exam, each, LAW).last_day for each in (NATIONAL, flooded))
    assert (before, after) == (date(2026, 6, 5), date(2026, 6, 4))
    assert clocks.redated(plan, before, before, after) == (before, after)
    ends, later = (clocks.deadline(publicity, posted, each, LAW).last_day for each in (NATIONAL, flooded))
    assert (ends, later) == (date(2026, 6, 15), date(2026, 6, 16))
    assert clocks.redated(publicity, ends, ends, later) == (ends, later)


def test_what_was_told_to_the_public_is_not_brought_forward() -> None:
    day = date(2026, 6, 16), date(2026, 6, 15)
    assert clocks.redated(CLOCKS["publicity"], day[0], *day) is None
    assert clocks.redated(CLOCKS["objection"], day[0], *day) == day


def test_a_day_already_moved_is_not_moved_again() -> None:
    before, after = date(2026, 6, 5), date(2026, 6, 4)
    assert clocks.redated(CLOCKS["plan"], after, before, after) is None
    assert clocks.redated(CLOCKS["plan"], date(2026, 6, 3), before, before) is None
    assert clocks.redated(CLOCKS["ticket"], None, before, after) == (before, after)
