"""The days of the demonstration: an exam Saturday in the past and every statutory step around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from jiangheng.rules.days.local_time import LIUZHOU
from jiangheng.rules.days.workdays import WorkCalendar


def at(day: date, clock: str = "10:00") -> datetime:
    """``day`` at ``clock`` (HH:MM) in Liuzhou."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=LIUZHOU)


@dataclass(frozen=True)
class Timeline:
    """When each step of the batch happens; every day is a working day but the exam's."""

    filed: date
    requested: date
    assigned: date
    taken: date
    judged: date
    planned: date
    plan_accepted: date
    late_plan: date
    charged: date
    paper_requested: date
    ticketed: date
    briefed: date
    exam: date
    marked: date
    confirmed: date
    published: date
    objected: date
    settled: date
    reported: date
    approved: date
    numbered: date
    issued: date
    verified: date
    drawn: date
    inspected: date
    concluded: date


def ahead(calendar: WorkCalendar, exam: date, workdays: int) -> date:
    """The day that leaves exactly ``workdays`` working days before ``exam``."""
    return calendar.before(exam, workdays).date


def later(calendar: WorkCalendar, day: date, workdays: int = 1) -> date:
    """``workdays`` working days after ``day``."""
    return calendar.after(day, workdays).date


def around(exam: date, calendar: WorkCalendar, publicity_workdays: int) -> Timeline:
    """The timeline of a batch examined on ``exam``."""
    marked = later(calendar, exam)
    confirmed = later(calendar, marked)
    published = later(calendar, confirmed)
    publicity_ends = later(calendar, published, publicity_workdays)
    reported = later(calendar, publicity_ends)
    approved = later(calendar, reported, 2)
    numbered = later(calendar, approved)
    issued = later(calendar, numbered)
    drawn = later(calendar, issued)
    inspected = later(calendar, drawn)
    return Timeline(
        filed=ahead(calendar, exam, 60),
        requested=ahead(calendar, exam, 20),
        assigned=ahead(calendar, exam, 19),
        taken=ahead(calendar, exam, 18),
        judged=ahead(calendar, exam, 15),
        planned=ahead(calendar, exam, 13),
        plan_accepted=ahead(calendar, exam, 12),
        late_plan=ahead(calendar, exam, 8),
        charged=ahead(calendar, exam, 10),
        paper_requested=ahead(calendar, exam, 9),
        ticketed=ahead(calendar, exam, 7),
        briefed=ahead(calendar, exam, 1),
        exam=exam,
        marked=marked,
        confirmed=confirmed,
        published=published,
        objected=later(calendar, published, 2),
        settled=later(calendar, published, 3),
        reported=reported,
        approved=approved,
        numbered=numbered,
        issued=issued,
        verified=issued,
        drawn=drawn,
        inspected=inspected,
        concluded=later(calendar, inspected),
    )


def before(today: date, calendar: WorkCalendar, publicity_workdays: int) -> Timeline:
    """The latest batch examined on a Saturday off whose every step lies before ``today``."""
    exam = today - timedelta(days=(today.weekday() - 5) % 7)
    while True:
        if not calendar.day(exam).workday:
            timeline = around(exam, calendar, publicity_workdays)
            if timeline.concluded < today:
                return timeline
        exam -= timedelta(days=7)
