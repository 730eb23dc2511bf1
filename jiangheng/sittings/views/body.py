"""Arranging, staffing, tickets and the meeting: pages for bodies, and the lists the centre reads."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.journal.queries import absent
from jiangheng.rules import flows
from jiangheng.rules.days import deadlines, sitting_time
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.examination.staffing import CARDS_FOR, POSTS
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import Column, Filter, display
from jiangheng.screens.attachments import attachment, handed_out
from jiangheng.screens.request import Request
from jiangheng.sittings import actions, forms, queries
from jiangheng.sittings.actions.staffing import StaffRefused
from jiangheng.sittings.models import Seat, Sitting
from jiangheng.sittings.printing_tickets import ticket_pdf
from jiangheng.sittings.views.printed import printed_list, sitting_links
from jiangheng.values import queries as values

ORGANISED = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)


def address(sitting: Sitting) -> str:
    """The page of a sitting."""
    return reverse("sittings:detail", args=[sitting.pk])


def name_of(sitting: Sitting) -> str:
    """A sitting in words: subject, room, start."""
    return f"{display.subject(sitting.subject)} {sitting.room_name} {display.moment(sitting.starts_at)}"


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way from the list of sittings."""
    return ((_("考试场次"), reverse("sittings:list")), *more)


@screens.signed_in(*ORGANISED)
@require_safe
def sittings(request: Request) -> HttpResponse:
    """Sittings of every plan one may see."""
    person = request.person
    mine = person.role is Role.BODY
    return screens.listing(
        request,
        queries.visible_to(person),
        title=_("考试场次"),
        kind="sitting",
        columns=(
            Column("starts_at", _("开考时间"), kind="moment", sort="starts_at", link=address),
            Column(
                "plan",
                _("认定计划"),
                "plan.number",
                sort="plan__number",
                link=(lambda row: reverse("sittings:plan", args=[row.plan_id])) if mine else None,
            ),
            Column("body", _("认定机构"), "plan.body.name"),
            Column("occupation", _("职业"), "row.occupation_name"),
            Column("level", _("等级"), "row.level", kind="level"),
            Column("subject", _("科目"), kind="subject"),
            Column("room_name", _("考场")),
            Column("state", _("状态"), kind="state"),
        ),
        search=("plan__number", "plan__body__name", "room_name", "row__occupation_name"),
        filters=(Filter("subject", _("科目"), tuple(display.SUBJECTS.items()), "subject"),),
        order=("-starts_at", "-id"),
        links=((_("考试实况"), reverse("exam_day:board")),) if person.role in (Role.CENTRE, Role.BODY) else (),
        create=(_("编排考场"), reverse("sittings:plans")) if mine else None,
        empty=_("认定计划受理后，由认定机构编排考场。"),
        export=_("考试场次"),
        breadcrumb=crumbs(),
    )


@screens.signed_in(Role.BODY)
@require_safe
def plans(request: Request) -> HttpResponse:
    """The body's accepted plans, to arrange."""
    return screens.listing(
        request,
        queries.own_plans(request.person),
        title=_("编排考场"),
        columns=(
            Column("number", _("计划编号"), sort="number", link=lambda row: reverse("sittings:plan", args=[row.pk])),
            Column("title", _("计划名称")),
            Column("exam_on", _("考试日期"), kind="date", sort="exam_on"),
            Column("venue", _("考点"), "venue.name"),
        ),
        search=("number", "title"),
        order=("exam_on", "id"),
        empty=_("没有已受理的认定计划。"),
        breadcrumb=crumbs((_("编排考场"), None)),
    )


@screens.signed_in(Role.BODY)
@require_safe
def plan(request: Request, plan_id: int) -> HttpResponse:
    """One plan's examination: what is arranged, ticketed, briefed, and what is next."""
    person = request.person
    record = queries.own_plan(person, plan_id)
    rows = list(queries.for_plan(person, record.pk).exclude(state="cancelled").order_by("starts_at", "pk"))
    standing = {(each.row_id, each.subject) for each in rows if each.state != "draft"}
    today = local_day(request.now)
    first = min((local_day(each.starts_at) for each in rows), default=record.exam_on)
    tickets = queries.tickets_visible_to(person).filter(plan=record).count()
    meetings = list(queries.meetings_visible_to(person).filter(plan=record).exclude(state="cancelled"))
    held = [each for each in meetings if each.state == "held"]
    return render(
        request,
        "sittings/plan.html",
        {
            "title": _("考务：%(plan)s") % {"plan": record.title},
            "lead": f"{record.number} · {display.day(record.exam_on)} · {record.venue.name}",
            "breadcrumb": crumbs((_("编排考场"), reverse("sittings:plans")), (record.number, None)),
            "plan": record,
            "sittings": rows,
            "draws": _draws(rows, request.now),
            "todo": [
                (row, subject["subject"])
                for row in record.rows.all()
                for subject in row.subjects
                if (row.pk, subject["subject"]) not in standing
            ],
            "unseated": queries.unseated(record),
            "deadline": deadlines.ticket_issue(first, values.calendar(), values.law(today)),
            "late": today > deadlines.ticket_issue(first, values.calendar(), values.law(today)).last_day,
            "movable": any(each.state in queries.situation.MOVABLE for each in rows),
            "arranged": any(each.state == "arranged" for each in rows),
            "ticketed": any(each.state == "ticketed" for each in rows),
            "tickets": tickets,
            "printed": printed_list(record.pk, ticketed=bool(tickets), met=bool(held)),
            "exception": queries.exceptions.standing(record),
            "meetings": meetings,
            "held": bool(held),
            "called": next((each for each in meetings if each.state == "called"), None),
        },
    )


def _draws(rows: list[Sitting], now: datetime) -> list[dict[str, Any]]:
    """The times at which invigilators are drawn to several rooms: since when, whether now, whether done."""
    found: dict[tuple[str, datetime], list[Sitting]] = defaultdict(list)
    for row in rows:
        if row.subject == "theory" and row.state not in flows.states("sitting", "unarranged"):
            found[row.subject, row.starts_at].append(row)
    law = values.law(local_day(now))
    return [
        {
            "first": each[0],
            "rooms": len({row.room_id for row in each}),
            "opens": sitting_time.draw_opens(starts_at, law),
            "drawn": any(row.staff_seed for row in each),
            "now": sitting_time.draw_opens(starts_at, law) <= now < starts_at
            and all(r.state == "briefed" for r in each),
        }
        for (_subject, starts_at), each in found.items()
        if len({row.room_id for row in each}) > 1
    ]


@screens.may("sittings.draw_rooms")
@require_POST
def draw_rooms(request: Request, sitting_id: int) -> HttpResponse:
    """Draw the invigilators of one subject and time to their rooms."""
    sitting = queries.get(request.person, sitting_id)
    drawn = actions.draw_rooms(by=request.person, now=request.now, sitting_id=sitting_id)
    screens.done(request, _("已随机分派监考 %(n)s 人，并已通知本人。") % {"n": len(drawn)})
    return HttpResponseRedirect(reverse("sittings:plan", args=[sitting.plan_id]))


@screens.may("sitting.arrange")
@require_http_methods(["GET", "POST"])
def arrange(request: Request, plan_id: int, row_id: int, subject: str) -> HttpResponse:
    """Rooms and times of one subject."""
    person = request.person
    record = queries.own_plan(person, plan_id)
    appointed = _appointed(record, row_id, subject)
    rooms = list(queries.rooms_of(record, subject))
    start = appointed.get("starts_at", "")
    initial = {
        "sessions": start[:16].replace("T", " "),
        "minutes": appointed.get("minutes"),
        "rooms": [str(room.pk) for room in rooms],
    }
    others = queries.rows_to_share(record, row_id, subject)
    form = forms.ArrangeForm(request.POST or None, rooms=rooms, others=others, initial=initial)
    return screens.act(
        request,
        form,
        lambda data: actions.arrange(
            by=person,
            now=request.now,
            plan_id=record.pk,
            row_id=row_id,
            subject=subject,
            room_ids=[int(room) for room in data["rooms"]],
            sessions=data["sessions"],
            minutes=data["minutes"],
            seed=data["seed"],
            leave_out_unpaid=data["leave_out_unpaid"],
            with_rows=[int(each) for each in data["with_rows"]],
        ),
        back=reverse("sittings:plan", args=[record.pk]),
        said=lambda made: _("已编排%(count)s个场次。") % {"count": len(made)},
        title=_("编排%(subject)s") % {"subject": display.subject(subject)},
        submit=_("抽签编排"),
        breadcrumb=crumbs((record.number, reverse("sittings:plan", args=[record.pk])), (_("编排"), None)),
        lead=_("已受理且费用结清的考生按抽签编入座位，相邻座位使用不同套卷；停用座位不用，工位只给指定的职业。"),
        aside=("sittings/_access_arrangements.html", {"needs": queries.needs_told(record, row_id, subject)}),
        once=False,
    )


def _appointed(record: Any, row_id: int, subject: str) -> dict[str, Any]:
    row = record.rows.filter(pk=row_id).first()
    found = next((each for each in row.subjects if each["subject"] == subject), None) if row else None
    if found is None or subject not in display.SUBJECTS:
        raise absent()
    return dict(found)


@screens.signed_in(*ORGANISED)
@require_safe
def detail(request: Request, sitting_id: int) -> HttpResponse:
    """One sitting: seats, staff, what happened."""
    person = request.person
    sitting = queries.get(person, sitting_id)
    seats = list(queries.seats_of(sitting))
    staff = list(queries.shown_staff(sitting))
    mine = person.role is Role.BODY
    shared = list(queries.sharing(sitting).select_related("row"))
    sections: list[tuple[Any, str, dict[str, Any]]] = [
        (_("座次"), "sittings/_seats.html", _seat_map(sitting, seats, person)),
        (_("考务人员"), "sittings/_staff.html", {"staff": [(each, display.word(POSTS[each.post])) for each in staff]}),
    ]
    day = queries.day_facts([sitting.pk])[sitting.pk]
    if day.record is not None:
        sections.append((_("考场记录"), "sittings/_record.html", {"record": day.record}))
    if day.incidents:
        sections.append((_("考场情况"), "sittings/_incidents.html", {"incidents": day.incidents}))
    links: list[tuple[Any, str]] = []
    if mine or person.role is Role.CENTRE:
        links += sitting_links(sitting)
    if mine:
        links.append((_("本计划考务"), reverse("sittings:plan", args=[sitting.plan_id])))
        if sitting.state in flows.states("sitting", "ahead"):
            links.append((_("安排人员"), reverse("sittings:staff", args=[sitting.pk])))
    return screens.detail(
        request,
        sitting,
        title=name_of(sitting),
        facts=(
            (_("认定计划"), f"{sitting.plan.number} {sitting.plan.title}"),
            (_("认定机构"), sitting.plan.body.name),
            (_("职业与等级"), f"{sitting.row.occupation_name} {display.level(sitting.row.level)}"),
            (_("考试时间"), f"{display.moment(sitting.starts_at)}—{local_moment(sitting.ends_at):%H:%M}"),
            (_("合用考场"), [f"{each.row.occupation_name} {display.level(each.row.level)}" for each in shared]),
            (_("考生"), len(seats), "number"),
            (_("抽签种子"), sitting.seed),
            (_("实际开考"), sitting.opened_at, "moment"),
            (_("结束"), sitting.closed_at, "moment"),
        ),
        sections=sections,
        threads=(("sitting", sitting.pk),),
        breadcrumb=crumbs((name_of(sitting), None)),
        actions=links,
    )


def _seat_map(sitting: Sitting, seats: list[Seat], person: Person) -> dict[str, Any]:
    """The seats as the room stands, empty ones in their place; what candidates need only for the body and the centre."""
    held = {seat.number: seat for seat in seats}
    others = {number: name for (_sitting, number), name in queries.beside([sitting]).items()}
    last = max([*held, *others], default=0)
    return {
        "cells": [(number, held.get(number), others.get(number, "")) for number in range(1, last + 1)],
        "per_row": sitting.per_row,
        "shows_needs": person.role in (Role.BODY, Role.CENTRE),
        "accessible": set(sitting.room.accessible),
    }


@screens.may("sittings.assign_staff")
@require_http_methods(["GET", "POST"])
def staff(request: Request, sitting_id: int) -> HttpResponse:
    """Who stands where; every broken rule is listed and nothing is kept until none is."""
    person = request.person
    sitting = queries.get(person, sitting_id)
    chosen = {each.account_id: each.post for each in queries.shown_staff(sitting)}
    if request.method == "POST":
        chosen = {
            int(name[5:]): value
            for name, value in request.POST.items()
            if name.startswith("post_")
            and value in POSTS
            and name[5:].isascii()
            and name[5:].isdigit()
            and len(name) < 20
        }

    def show(refusal: Refusal | None) -> HttpResponse:
        people = _people(queries.candidates_for_staff(person, sitting), sitting, chosen)
        return render(
            request,
            "sittings/staff.html",
            {
                "title": _("安排考务人员"),
                "lead": name_of(sitting),
                "breadcrumb": crumbs((name_of(sitting), address(sitting)), (_("安排人员"), None)),
                "sitting": sitting,
                "seats": queries.seats_of(sitting).count(),
                "people": people,
                "refusal": refusal,
                "faults": [display.word(each.message) % each.params for each in refusal.faults]
                if isinstance(refusal, StaffRefused)
                else [],
                "version": sitting.version,
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        None,
        lambda _typed: actions.assign_staff(
            by=person,
            now=request.now,
            sitting_id=sitting.pk,
            posts=[{"account_id": account, "post": post} for account, post in chosen.items()],
            seen=screens.seen(request),
        ),
        back=address(sitting),
        said=_("人员已安排，并已通知本人确认。"),
        show=show,
    )


def _people(cards: Any, sitting: Sitting, chosen: dict[int, str]) -> list[dict[str, Any]]:
    """The people to choose from, those chosen first, each with the posts their cards allow."""
    people: dict[int, dict[str, Any]] = {}
    for card in cards:
        if "examiner" in card.kind and card.occupation_code not in ("", sitting.row.occupation_code):
            continue
        row = people.setdefault(
            card.account_id,
            {
                "id": card.account_id,
                "name": card.account.name,
                "cards": [],
                "posts": [],
                "post": chosen.get(card.account_id, ""),
                "employer": card.employer.name if card.employer else card.employer_name,
            },
        )
        row["cards"].append(card.number)
        row["posts"] += [(post, display.word(POSTS[post])) for post, kinds in CARDS_FOR.items() if card.kind in kinds]
    return sorted(people.values(), key=lambda row: (not row["post"], row["name"], row["id"]))


@screens.may("sitting.issue_tickets")
@require_POST
def issue_tickets(request: Request, plan_id: int) -> HttpResponse:
    """Issue the tickets of a plan."""
    count = actions.issue_tickets(by=request.person, now=request.now, plan_id=plan_id)
    screens.done(request, _("已核发准考证，新编准考证号%(count)s个。") % {"count": count})
    return HttpResponseRedirect(reverse("sittings:plan", args=[plan_id]))


@screens.may("sittings.print_tickets")
@require_POST
def print_tickets(request: Request, plan_id: int) -> FileResponse:
    """All tickets of a plan in one file."""
    return attachment(actions.print_tickets(by=request.person, now=request.now, plan_id=plan_id))


@screens.signed_in(*ORGANISED, Role.CANDIDATE)
@require_safe
def ticket(request: Request, application_id: int) -> HttpResponse:
    """One candidate's own ticket."""
    found = queries.ticket_of(request.person, application_id)
    made = ticket_pdf(found.plan, [found], request.now)
    return handed_out(made, f"ticket-{found.number}.pdf", "application/pdf")


@screens.may("sitting.brief")
@require_http_methods(["GET", "POST"])
def brief(request: Request, plan_id: int) -> HttpResponse:
    """The meeting before the examination."""
    person = request.person
    record = queries.own_plan(person, plan_id)
    form = forms.BriefForm(request.POST or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.brief(by=person, now=request.now, plan_id=record.pk, once=screens.once(request), **typed),
        back=reverse("sittings:plan", args=[record.pk]),
        said=_("考务会议已登记，各场次可以按时开考。"),
        title=_("登记考务会议"),
        submit=_("登记"),
        breadcrumb=crumbs((record.number, reverse("sittings:plan", args=[record.pk])), (_("考务会议"), None)),
        lead=_("考前召开考务会议，明确分工和工作要求。登记后，各场次才能开考。"),
    )
