"""Every clock of an open record: what it waits for, whose task it is, how its last day is counted, how urgent it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jiangheng.rules.days import deadlines
from jiangheng.rules.days.deadlines import Deadline
from jiangheng.rules.days.workdays import LocalDay, WorkCalendar
from jiangheng.rules.flows.table import BODY, CANDIDATE, CENTRE, EMPLOYER, SCHOOL
from jiangheng.rules.law import Law
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_

GREEN, AMBER, RED = "green", "amber", "red"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock runs while a record of ``kind`` stands in one of ``states``; ``doers`` are those it waits for.

    ``value`` is the law's number of working days ("" where the day is set by hand), counted back from the event
    where ``back``, else on from it. ``field`` is the column its last day is kept in ("" where it is always counted
    anew). ``only_later``: the day was told to the public, so a change of calendar may put it off but not bring it
    forward. ``by_hand``: somebody sets the day. ``period``: nothing is late when it ends, the next step merely becomes possible.
    """

    key: str
    label: str
    kind: str
    states: tuple[str, ...]
    doers: tuple[Role, ...]
    value: str
    back: bool
    event: str
    field: str = ""
    only_later: bool = False
    by_hand: bool = False
    period: bool = False


FILED, ASSIGNED, ANSWER_BY = N_("报送日期"), N_("指派日期"), N_("答复截止日")
HANDED_IN = N_("申请提交日")
EXAM, POSTED = N_("考核日期"), N_("公示发布日")
RECEIVED, REPORTED = N_("异议登记日"), N_("成绩上报日")
CLOCKS: dict[str, Clock] = {
    clock.key: clock
    for clock in (
        Clock(
            "request",
            N_("提交安排申请"),
            "request",
            ("draft", "returned"),
            (SCHOOL, EMPLOYER),
            "arrangement_lead_wd",
            back=True,
            event=EXAM,
            field="deadline_on",
        ),
        Clock(
            "plan",
            N_("报送认定计划"),
            "plan",
            ("draft", "returned"),
            (BODY,),
            "plan_lead_wd",
            back=True,
            event=EXAM,
            field="deadline_on",
        ),
        Clock(
            "assignment",
            N_("指派认定机构"),
            "request",
            ("submitted",),
            (CENTRE,),
            "assign_wd",
            back=False,
            event=HANDED_IN,
        ),
        Clock(
            "answer",
            N_("答复指派（接受或说明）"),
            "request",
            ("assigned",),
            (BODY,),
            "assignment_answer_wd",
            back=False,
            event=ASSIGNED,
            field="answer_by",
        ),
        # The centre's own line once the body's day is past: it may give the request to another, nothing happens by itself.
        Clock(
            "unanswered",
            N_("处理逾期未答复的指派"),
            "request",
            ("assigned",),
            (CENTRE,),
            "",
            back=False,
            event=ANSWER_BY,
            period=True,
        ),
        Clock(
            "acceptance",
            N_("受理或退回计划"),
            "plan",
            ("submitted",),
            (CENTRE,),
            "plan_accept_wd",
            back=False,
            event=FILED,
        ),
        Clock(
            "plan_of_request",
            N_("为已接受的申请报送计划"),
            "request",
            ("taken",),
            (BODY,),
            "plan_lead_wd",
            back=True,
            event=EXAM,
        ),
        Clock(
            "registration",
            N_("提交报名申请"),
            "application",
            ("draft", "returned"),
            (CANDIDATE, SCHOOL, EMPLOYER),
            "",
            back=True,
            event=N_("报名截止日"),
            by_hand=True,
        ),
        Clock(
            "candidate_report",
            N_("上报考生信息"),
            "candidate_report",
            ("draft", "returned"),
            (BODY,),
            "candidate_report_lead_wd",
            back=True,
            event=EXAM,
            field="due_on",
        ),
        Clock(
            "bill",
            N_("缴清团体账单"),
            "bill",
            ("issued", "questioned", "agreed"),
            (SCHOOL, EMPLOYER),
            "fee_lead_wd",
            back=True,
            event=EXAM,
        ),
        Clock(
            "fee",
            N_("缴清认定费"),
            "application",
            ("accepted",),
            (CANDIDATE,),
            "fee_lead_wd",
            back=True,
            event=EXAM,
        ),
        Clock(
            "ticket",
            N_("完成编排并核发准考证"),
            "plan",
            ("accepted",),
            (BODY,),
            "ticket_lead_wd",
            back=True,
            event=EXAM,
        ),
        Clock(
            "publicity",
            N_("成绩公示期满"),
            "result_batch",
            ("published",),
            (BODY,),
            "publicity_wd",
            back=False,
            event=POSTED,
            field="publicity_ends_on",
            only_later=True,
            period=True,
        ),
        Clock(
            "objection_look",
            N_("异议受理核查"),
            "objection",
            ("received",),
            (BODY, CENTRE),
            "complaint_first_look_wd",
            back=False,
            event=RECEIVED,
        ),
        Clock(
            "objection",
            N_("异议办结"),
            "objection",
            ("received", "examining"),
            (BODY, CENTRE),
            "complaint_finish_wd",
            back=False,
            event=RECEIVED,
            field="due_on",
        ),
        Clock(
            "review",
            N_("审核成绩"),
            "result_batch",
            ("reported",),
            (CENTRE,),
            "centre_review_wd",
            back=False,
            event=REPORTED,
        ),
        Clock(
            "correction",
            N_("补正成绩"),
            "result_batch",
            ("returned",),
            (BODY,),
            "body_fix_wd",
            back=False,
            event=N_("退回日"),
        ),
        Clock(
            "inspection",
            N_("公开检查结果"),
            "inspection",
            ("concluded",),
            (CENTRE,),
            "publish_inspection_wd",
            back=False,
            event=N_("检查日期"),
        ),
    )
}


BEFORE_THE_PLAN = {"assignment": deadlines.assignment, "answer": deadlines.assignment_answer}
"""Clocks that leave the plan its own last day: they are counted with the day of the examination."""


def deadline(
    clock: Clock, event: date, calendar: WorkCalendar, law: Law, *, value: str = "", exam_on: date | None = None
) -> Deadline:
    """The last day of ``clock`` for ``event``; ``value`` where another number of days holds for the record.

    ``exam_on`` is asked for by the clocks of ``BEFORE_THE_PLAN``; without it they run their own days out.
    """
    if exam_on is not None and clock.key in BEFORE_THE_PLAN:
        return BEFORE_THE_PLAN[clock.key](event, exam_on, calendar, law)
    return deadlines.counted(value or clock.value, event, calendar, law, back=clock.back)


def workdays_left(today: date, last_day: date, calendar: WorkCalendar) -> int:
    """Working days after today up to the last day; 0 on the last day itself, negative working days once it is past."""
    if today <= last_day:
        return calendar.between(today + timedelta(days=1), last_day + timedelta(days=1))
    return -max(calendar.between(last_day + timedelta(days=1), today + timedelta(days=1)), 1)


def light(clock: Clock, today: date, last_day: date, left: int, law: Law) -> str:
    """Green, amber or red by the working days left; a period that is over is amber: the next step waits."""
    if clock.period and today > last_day:
        return AMBER
    if today > last_day or left <= law.value("light_red_wd"):
        return RED
    return AMBER if left <= law.value("light_amber_wd") else GREEN


@dataclass(frozen=True, slots=True)
class DayChange:
    """A local row of the calendar entered, changed or taken back: None where the national calendar holds."""

    day: date
    was: LocalDay | None
    now: LocalDay | None

    def before(self, rows: Mapping[date, LocalDay]) -> dict[date, LocalDay]:
        """The local rows as they were before this change."""
        return _with(rows, self.day, self.was)

    def after(self, rows: Mapping[date, LocalDay]) -> dict[date, LocalDay]:
        """The local rows as they are after this change."""
        return _with(rows, self.day, self.now)


def _with(rows: Mapping[date, LocalDay], day: date, row: LocalDay | None) -> dict[date, LocalDay]:
    found = dict(rows)
    if row is None:
        found.pop(day, None)
    else:
        found[day] = row
    return found


def redated(clock: Clock, kept: date | None, before: date, after: date) -> tuple[date, date] | None:
    """(old, new) last day when a change of calendar moves it from ``before`` to ``after``; None when it stands.

    ``kept`` is the day kept with the record, which may already be the new one.
    """
    if before == after:
        return None
    old = kept or before
    new = max(old, after) if clock.only_later else after
    return None if old == new else (old, new)
