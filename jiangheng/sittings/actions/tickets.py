"""Admission tickets: at least five working days ahead, numbered, printed, each candidate's own (四（六）)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from jiangheng.applications.queries import access_arrangements
from jiangheng.files import actions as files
from jiangheng.files.models import StoredFile
from jiangheng.journal.actions import action, move_many, record, send
from jiangheng.plans import checks
from jiangheng.plans.models import Plan
from jiangheng.rules import numbers
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination.access_arrangements import ACCESS, EXTRA
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries
from jiangheng.sittings.models import Seat, Sitting, Ticket
from jiangheng.sittings.printing_tickets import ticket_pdf
from jiangheng.values import queries as values

CHUNK = 500
NAMES_SHOWN = 10
NUMBER_LONGEST = 30


@action("sitting.issue_tickets")
def issue_tickets(*, by: Person, now: datetime, plan_id: int) -> int:
    """Issue the tickets of every arranged sitting of a plan; returns how many are new (四（六）).

    Refusals: ``deadline.late`` (422) later than five working days before the first sitting, unless the centre
    granted an exception that still runs; ``tickets.none_arranged``, ``tickets.needs_open``, ``tickets.needs_unmet``, ``tickets.number`` (409).
    """
    plan = queries.own_plan(by, plan_id)
    sittings = list(queries.for_plan(by, plan.pk).filter(state="arranged").order_by("starts_at", "pk"))
    if not sittings:
        raise refuse(
            "tickets.none_arranged", N_("没有已编排、等待核发准考证的场次。"), N_("请先编排考场。"), clause="四（六）"
        )
    for row, day in {(each.row, local_day(each.starts_at)) for each in sittings}:
        checks.require_filed(plan, now, row=row, day=day)
    _needs_met(sittings)
    today = local_day(now)
    law, calendar = values.law(today), values.calendar()
    first = local_day(sittings[0].starts_at)
    exception = queries.exceptions.standing(plan)
    if exception is None or today > exception.until:
        deadlines.check_in_time(deadlines.ticket_issue(first, calendar, law), today, calendar)
    everywhere = list(Sitting.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True))
    room_numbers = {pk: place for place, pk in enumerate(everywhere, start=1)}
    holders = set(Ticket.objects.filter(plan=plan).values_list("application_id", flat=True))
    seats: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    rows = Seat.objects.filter(sitting__in=[each.pk for each in sittings]).order_by("sitting__starts_at", "sitting_id")
    for application, sitting, number, subject in rows.values_list(
        "application_id", "sitting_id", "number", "sitting__subject"
    ):
        seats[application].append((sitting, number, subject))
    batch = _batch(plan)
    fresh = [
        Ticket(
            application_id=application,
            plan=plan,
            number=numbers.ticket_number(
                year=first.year,
                site=plan.body_id,
                batch=batch,
                subjects=tuple(subject for _sitting, _number, subject in places),
                room=room_numbers[places[0][0]],
                seat=places[0][1],
                law=law,
            ),
            issued_at=now,
        )
        for application, places in sorted(seats.items())
        if application not in holders
    ]
    _numbers_free(fresh)
    Ticket.objects.bulk_create(fresh, batch_size=CHUNK)
    move_many(sittings, "issue_tickets")
    record(
        plan,
        after={
            "tickets": len(fresh),
            "sittings": len(sittings),
            **({"exception_until": exception.until, "exception": exception.pk} if exception else {}),
        },
    )
    send(
        key=f"plan:{plan.pk}:tickets:{now.isoformat()}",
        channel="notice",
        subject=N_("准考证已核发"),
        body=plan.title,
        to_organisation=plan.request.organisation_id if plan.request else plan.body_id,
        record=plan,
    )
    return len(fresh)


def _numbers_free(fresh: Sequence[Ticket]) -> None:
    """Numbers under a rule that changed meanwhile are as long as they may be, and nobody else's."""
    made = [each.number for each in fresh]
    taken = [number for number, often in Counter(made).items() if often > 1 or len(number) > NUMBER_LONGEST]
    for start in range(0, len(made), CHUNK):
        rows = Ticket.objects.filter(number__in=made[start : start + CHUNK])
        taken += rows.values_list("number", flat=True)
    if taken:
        raise refuse(
            "tickets.number",
            N_("按现行规则编出的准考证号%(number)s与已有的号码相同或超过30位，没有核发。"),
            N_("请市鉴定中心在“依据与参数”中核对准考证号规则后再核发。"),
            clause="四（六）",
            number=sorted(taken)[0],
        )


def _needs_met(sittings: Sequence[Sitting]) -> None:
    """Every need is decided, and those confirmed are met by the seats drawn (四（六）): tickets make them stand."""
    seats = list(
        Seat.objects.filter(sitting__in=[each.pk for each in sittings]).select_related("application", "sitting__room")
    )
    asked = access_arrangements.undecided({seat.application_id for seat in seats})
    granted = access_arrangements.granted({seat.application_id for seat in seats})
    unmet = {
        seat.application.name
        for seat in seats
        for kind in granted.get(seat.application_id, ())
        if (kind == ACCESS and seat.number not in seat.sitting.room.accessible)
        or (kind == EXTRA and not seat.extra_minutes)
    }
    open_ = {seat.application.name for seat in seats if seat.application_id in asked}
    if open_:
        raise refuse(
            "tickets.needs_open",
            N_("有%(count)s名考生的特殊需要尚未核实：%(names)s。"),
            N_("请先在“个人申请—特殊需要”中核实；确认的须重新编排，准考证核发后不再改动。"),
            clause="四（六）",
            count=len(open_),
            names="、".join(sorted(open_)[:NAMES_SHOWN]),
        )
    if unmet:
        raise refuse(
            "tickets.needs_unmet",
            N_("有%(count)s名考生的特殊需要是编排之后确认的，座位或时间还没有安排：%(names)s。"),
            N_("请重新编排该科目后再核发准考证。"),
            clause="四（六）",
            count=len(unmet),
            names="、".join(sorted(unmet)[:NAMES_SHOWN]),
        )


def _batch(plan: Plan) -> int:
    """The place of a plan among the body's plans, so that numbers of two plans never meet."""
    return Plan.objects.filter(body_id=plan.body_id, pk__lte=plan.pk).count()


@action("sittings.print_tickets")
def print_tickets(*, by: Person, now: datetime, plan_id: int) -> StoredFile:
    """All tickets of a plan in one PDF, kept in the body's files (四（六）). Refusal ``tickets.none`` (409)."""
    plan = queries.own_plan(by, plan_id)
    tickets = queries.tickets_visible_to(by).filter(plan=plan).select_related("application__photo").order_by("number")
    if not tickets:
        raise no_tickets()
    data = ticket_pdf(plan, tickets, now)
    return files.store_bytes(
        by=by,
        now=now,
        data=data,
        name=f"{plan.number}-准考证.pdf",
        content_type="application/pdf",
        purpose="tickets",
        organisation_id=plan.body_id,
    )


def no_tickets() -> Refusal:
    """Nothing to print yet; ``tickets.none`` (409)."""
    return refuse("tickets.none", N_("还没有核发准考证。"), N_("请先核发准考证。"), clause="四（六）")
