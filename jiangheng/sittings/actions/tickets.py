"""Admission tickets: at least five working days ahead, numbered, printed, each candidate's own (四（六）)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jiangheng.catalog import queries as catalog
from jiangheng.files import actions as files
from jiangheng.files import printing
from jiangheng.files import queries as stored
from jiangheng.files.models import StoredFile
from jiangheng.journal.actions import action, move_many, record, send
from jiangheng.plans import checks
from jiangheng.plans.models import Plan
from jiangheng.rules import codes, deadlines, numbers
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries
from jiangheng.sittings.models import Seat, Sitting, Ticket

CHUNK = 500
LIUZHOU = ZoneInfo("Asia/Shanghai")
TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "tickets.typ"
RESULTS_URL = "http://jndj.osta.org.cn"
WEEKDAYS = "一二三四五六日"
SUBJECT_WORDS = {"theory": "理论知识考试", "skill": "技能考核", "review": "综合评审"}


@action("sitting.issue_tickets")
def issue_tickets(*, by: Person, now: datetime, plan_id: int) -> int:
    """Issue the tickets of every arranged sitting of a plan; returns how many are new (四（六）).

    Refusals: ``deadline.late`` (422) later than five working days before the first sitting; ``tickets.none`` (409).
    """
    plan = queries.own_plan(by, plan_id)
    sittings = list(queries.for_plan(by, plan.pk).filter(state="arranged").order_by("starts_at", "pk"))
    if not sittings:
        raise Refusal(
            N_("没有已编排、等待核发准考证的场次。"),
            code="tickets.none",
            clause="四（六）",
            remedy=N_("请先编排考场。"),
        )
    for row, day in {(each.row, catalog.local_day(each.starts_at)) for each in sittings}:
        checks.require_filed(plan, now, row=row, day=day)
    today = catalog.local_day(now)
    law, calendar = catalog.law(today), catalog.calendar()
    first = catalog.local_day(sittings[0].starts_at)
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
    Ticket.objects.bulk_create(fresh, batch_size=CHUNK)
    move_many(sittings, "issue_tickets", by=by, now=now)
    record(
        plan,
        by=by,
        now=now,
        verb="sitting.issue_tickets",
        clause="四（六）",
        after={"tickets": len(fresh), "sittings": len(sittings)},
    )
    send(
        key=f"plan:{plan.pk}:tickets:{now.isoformat()}",
        channel="notice",
        now=now,
        subject=N_("准考证已核发"),
        body=plan.title,
        to_organisation=plan.request.organisation_id if plan.request else plan.body_id,
        record=plan,
    )
    return len(fresh)


def _batch(plan: Plan) -> int:
    """The place of a plan among the body's plans, so that numbers of two plans never meet."""
    return Plan.objects.filter(body_id=plan.body_id, pk__lte=plan.pk).count()


@action("sittings.print_tickets")
def print_tickets(*, by: Person, now: datetime, plan_id: int) -> StoredFile:
    """All tickets of a plan in one PDF, kept in the body's files (四（六）). Refusal ``tickets.none`` (409)."""
    plan = queries.own_plan(by, plan_id)
    tickets = queries.tickets_visible_to(by).filter(plan=plan).select_related("application__photo").order_by("number")
    if not tickets:
        raise Refusal(
            N_("还没有核发准考证。"),
            code="tickets.none",
            clause="四（六）",
            remedy=N_("请先核发准考证。"),
        )
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


def ticket_pdf(plan: Plan, tickets: Iterable[Ticket], now: datetime) -> bytes:
    """The tickets as one PDF, a page each; the caller has checked who may have them."""
    seats: dict[int, list[dict[str, str]]] = defaultdict(list)
    rows = list(tickets)
    for start in range(0, len(rows), CHUNK):
        wanted = [each.application_id for each in rows[start : start + CHUNK]]
        found = Seat.objects.filter(application_id__in=wanted, sitting__plan=plan).exclude(sitting__state="cancelled")
        for seat in found.select_related("sitting").order_by("sitting__starts_at", "sitting_id"):
            seats[seat.application_id].append(
                {
                    "subject": SUBJECT_WORDS[seat.sitting.subject],
                    "time": _period(seat.sitting.starts_at, seat.sitting.ends_at),
                    "room": seat.sitting.room_name,
                    "seat": str(seat.number),
                }
            )
    law = catalog.law(catalog.local_day(now))
    images: dict[str, bytes] = {}
    pages = [_page(plan, ticket, seats[ticket.application_id], images) for ticket in rows]
    data: dict[str, Any] = {
        "body": plan.body.name,
        "plan": plan.number,
        "results_url": RESULTS_URL,
        "contact": plan.contact_phone,
        "watermark": "演示样张" if plan.body.is_fictional else "",
        "rules": [
            "凭本准考证和有效身份证件原件进入考场，按座位号就座，证件置于桌面左上角备查。",
            f"开考前{law.value('early_entry_min')}分钟开始入场，开考{law.value('late_limit_min')}分钟后不得入场。",
            f"理论知识考试开考{law.value('min_submit_min')}分钟后方可交卷离场。",
            "除规定的考试用具外，手机、手表等电子设备和资料一律关闭并存放在指定位置。",
            "考试结束信号发出后立即停止作答，经监考人员允许后离开。",
        ],
        "tickets": pages,
    }
    return printing.render_batches(TEMPLATE, data, "tickets", images, made_at=now)


def _page(plan: Plan, ticket: Ticket, sessions: list[dict[str, str]], images: dict[str, bytes]) -> dict[str, Any]:
    application = ticket.application
    qr = f"{ticket.number}.svg"
    images[qr] = printing.qr_svg(ticket.number)
    photo = ""
    if application.photo is not None:
        photo = f"p{application.pk}.jpg"
        images[photo] = stored.one_inch(application.photo)
    return {
        "name": application.name,
        "sex": application.identity.sex,
        "identity_kind": application.identity.kind,
        "identity_number": application.identity.number_masked,
        "number": ticket.number,
        "occupation": application.occupation_name,
        "job": application.job,
        "level": codes.level_name(application.level),
        "site": plan.venue.name,
        "address": plan.venue.address,
        "photo": photo,
        "qr": qr,
        "sessions": sessions,
    }


def _period(starts_at: datetime, ends_at: datetime) -> str:
    starts, ends = starts_at.astimezone(LIUZHOU), ends_at.astimezone(LIUZHOU)
    return f"{starts.year}年{starts.month}月{starts.day}日（周{WEEKDAYS[starts.weekday()]}）{starts:%H:%M}—{ends:%H:%M}"
