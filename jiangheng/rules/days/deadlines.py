"""The notice's deadlines, each with its last lawful day and its count (三（三）, 三（四）, 四（六）, 四（八）)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days import workdays
from jiangheng.rules.days.workdays import Count, WorkCalendar
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

SEARCH_DAYS = 400
EARLIEST = N_("今天办理可安排的最早日期为%(earliest)s，请改期后重新提交。")
LABELS = {
    "plan_lead_wd": N_("计划报送"),
    "arrangement_lead_wd": N_("安排申请"),
    "postpone_notice_wd": N_("计划改期"),
    "change_notice_wd": N_("计划变更"),
    "cancel_notice_wd": N_("计划取消"),
    "plan_accept_wd": N_("计划受理"),
    "fee_lead_wd": N_("缴清认定费"),
    "assign_wd": N_("指派认定机构"),
    "assignment_answer_wd": N_("答复指派"),
    "ticket_lead_wd": N_("准考证核发"),
    "candidate_report_lead_wd": N_("考生信息上报"),
    "publicity_wd": N_("成绩公示"),
    "complaint_finish_wd": N_("异议办结"),
    "centre_review_wd": N_("中心审核"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """``last_day`` is the last lawful day (before an event) or the last day of a period (after one)."""

    key: str
    event: date
    last_day: date
    needed: int
    clause: str
    count: Count

    @property
    def provisional(self) -> bool:
        """True where a day of the count has no published calendar yet."""
        return self.count.provisional

    @property
    def counted(self) -> CountedDay:
        """The last day with whether it is provisional, as it is shown."""
        return self.count.counted


def _before(key: str, event: date, calendar: WorkCalendar, law: Law) -> Deadline:
    needed = law.value(key)
    count = calendar.before(event, needed)
    return Deadline(key, event, count.date, needed, law.rule(key).clause, count)


def _after(key: str, event: date, calendar: WorkCalendar, law: Law) -> Deadline:
    needed = law.value(key)
    count = calendar.after(
        event, needed, counts_first_day=key == "publicity_wd" and law.value("publicity_counts_first_day")
    )
    return Deadline(key, event, count.date, needed, law.rule(key).clause, count)


def counted(key: str, event: date, calendar: WorkCalendar, law: Law, *, back: bool) -> Deadline:
    """The last day of the law's number ``key`` of working days, counted back from ``event`` or on from it."""
    return _before(key, event, calendar, law) if back else _after(key, event, calendar, law)


def plan_filing(exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day to file a plan (附件5) for an examination on ``exam_on``: 三（三）."""
    return _before("plan_lead_wd", exam_on, calendar, law)


def arrangement_request(exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day to ask for an arrangement (附件6): 三（四）."""
    return _before("arrangement_lead_wd", exam_on, calendar, law)


def plan_postponed(exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day to ask for another day than ``exam_on`` (default; 三（三） names none)."""
    return _before("postpone_notice_wd", exam_on, calendar, law)


def plan_changed(exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day to ask for another place, hour or number of people on ``exam_on`` (default)."""
    return _before("change_notice_wd", exam_on, calendar, law)


def plan_cancelled(exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day for a body to give an accepted plan up (default)."""
    return _before("cancel_notice_wd", exam_on, calendar, law)


def plan_acceptance(filed_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The day by which the centre accepts or returns a plan (default)."""
    return _after("plan_accept_wd", filed_on, calendar, law)


def assignment(handed_in_on: date, exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The day by which the centre assigns a body (default; 三（四） names none).

    Early enough for the body to have its own days to answer and the plan its last day (三（三）).
    """
    answer = _last_answer(exam_on, calendar, law).day
    latest = workdays.counted(calendar.before(answer, int(law.value("assignment_answer_wd"))).date, exam_on)
    return _no_later(_after("assign_wd", handed_in_on, calendar, law), latest, calendar)


def assignment_answer(assigned_on: date, exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The day by which an assigned body accepts or explains (default; 三（四） names none): before the plan's last day."""
    answer = _after("assignment_answer_wd", assigned_on, calendar, law)
    return _no_later(answer, _last_answer(exam_on, calendar, law), calendar)


def _last_answer(exam_on: date, calendar: WorkCalendar, law: Law) -> CountedDay:
    """The working day before the plan's last day: whoever accepts then can still file the plan in time."""
    return workdays.counted(calendar.before(plan_filing(exam_on, calendar, law).last_day, 1).date, exam_on)


def _no_later(deadline: Deadline, latest: CountedDay, calendar: WorkCalendar) -> Deadline:
    """``deadline`` brought forward to ``latest``, but never below one working day to act in; as provisional as both."""
    days = max(calendar.between(deadline.event + timedelta(days=1), latest.day + timedelta(days=1)), 1)
    count = deadline.count if days >= deadline.needed else calendar.after(deadline.event, days)
    count = replace(count, provisional=count.provisional or latest.provisional)
    return replace(deadline, last_day=count.date, needed=min(days, deadline.needed), count=count)


def ticket_issue(exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day to finish arranging and issue tickets: 四（六）."""
    return _before("ticket_lead_wd", exam_on, calendar, law)


def fees_paid(exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day to pay the fee of an examination (default; 三（七） says only: before the work begins)."""
    return _before("fee_lead_wd", exam_on, calendar, law)


def candidate_report(exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day to report the candidates of a plan (default; 四（四） names no day)."""
    return _before("candidate_report_lead_wd", exam_on, calendar, law)


def publicity(posted_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day of the public notice posted on ``posted_on``: 四（八）."""
    return _after("publicity_wd", posted_on, calendar, law)


def objection_finish(received_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The day by which an objection is to be settled (default borrowed from practice)."""
    return _after("complaint_finish_wd", received_on, calendar, law)


def centre_review(reported_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The day by which the centre reviews reported results (default borrowed from practice)."""
    return _after("centre_review_wd", reported_on, calendar, law)


def earliest_event(filed_on: date, needed: int, calendar: WorkCalendar) -> date:
    """The first day an event may lie on for a filing on ``filed_on`` that needs ``needed`` working days."""
    event, given = filed_on, 0
    for _ in range(SEARCH_DAYS):
        if given >= needed:
            break
        given += calendar.day(event).workday
        event += timedelta(days=1)
    return event


def earliest_day(filed_on: date, needed: int, calendar: WorkCalendar) -> CountedDay:
    """``earliest_event`` as it is shown."""
    event = earliest_event(filed_on, needed, calendar)
    return CountedDay(event, workdays.provisional(filed_on, max(filed_on, event - timedelta(days=1))))


def check_in_time(deadline: Deadline, filed_on: date, calendar: WorkCalendar, *, remedy: str = EARLIEST) -> int:
    """The working days of notice given; Refusal ``deadline.late`` (422) when they are fewer than needed."""
    given = calendar.between(filed_on, deadline.event)
    if filed_on <= deadline.last_day:
        return given
    raise refuse(
        "deadline.late",
        N_(
            "%(what)s须在%(event)s之前至少%(needed)s个工作日办理，最迟为%(last_day)s；"
            "按%(filed)s计只有%(given)s个工作日，晚了%(late)s个工作日。"
        ),
        remedy,
        clause=deadline.clause,
        status=422,
        what=LABELS[deadline.key],
        event=deadline.event.isoformat(),
        needed=deadline.needed,
        last_day=deadline.counted.place(),
        filed=filed_on.isoformat(),
        given=given,
        late=max(deadline.needed - given, 1),
        earliest=earliest_day(filed_on, deadline.needed, calendar).place(),
    )
