"""打印资料: what is printed of a plan and of a sitting, packs with their progress, and the centre's ticket exceptions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.rules import flows
from jiangheng.rules.days import deadlines, sitting_time
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import display
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request
from jiangheng.sittings import actions, forms, printing, queries
from jiangheng.sittings.actions.packing import NAMES
from jiangheng.sittings.actions.staffing import on_duty
from jiangheng.sittings.models import Sitting
from jiangheng.values import queries as values

PRINTERS = (Role.CENTRE, Role.BODY)
POSTED = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR)
WORD = "handbook-word"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    return ((_("考试场次"), reverse("sittings:list")), *more)


def printed_list(plan_id: int, *, ticketed: bool, met: bool) -> list[dict[str, Any]]:
    """The documents of a plan with their addresses, or what each still waits for."""
    rows = []
    for name, document in printing.DOCUMENTS.items():
        waits = ""
        if document.ticketed and not ticketed:
            waits = _("核发准考证后可打印")
        elif name == "minutes" and not met:
            waits = _("登记考务会议后可打印")
        rows.append(
            {
                "name": name,
                "label": display.word(document.label),
                "url": reverse("sittings:plan_document", args=[plan_id, name]),
                "word": reverse("sittings:plan_document", args=[plan_id, WORD]) if name == "handbook" else "",
                "waits": waits,
            }
        )
    return rows


def sitting_links(sitting: Sitting) -> list[tuple[Any, str]]:
    """The documents of one sitting that may be printed in its state."""
    if sitting.state in flows.states("sitting", "unarranged"):
        return []
    return [*own_links(sitting), (_("打印资料"), reverse("sittings:documents", args=[sitting.plan_id]))]


def own_links(sitting: Sitting) -> list[tuple[Any, str]]:
    """The documents of one sitting, those with ticket numbers once these are issued."""
    ready = sitting.state != "arranged"
    return [
        (display.word(document.label), reverse("sittings:sitting_document", args=[sitting.pk, name]))
        for name, document in printing.DOCUMENTS.items()
        if document.of_sitting and (ready or not document.ticketed)
    ]


@screens.signed_in(*PRINTERS)
@require_safe
def documents(request: Request, plan_id: int) -> HttpResponse:
    """Everything printed of a plan, with the packs made of it."""
    person = request.person
    plan = queries.printed.printable(person, plan_id)
    tickets = queries.tickets_visible_to(person).filter(plan=plan).count()
    met = bool(queries.printed.meetings(plan))
    return render(
        request,
        "sittings/documents.html",
        {
            "title": _("打印资料：%(plan)s") % {"plan": plan.title},
            "lead": f"{plan.number} · {plan.body.name} · {display.day(plan.exam_on)}",
            "breadcrumb": _crumbs((plan.number, _plan_address(person, plan.pk)), (_("打印资料"), None)),
            "plan": plan,
            "printed": printed_list(plan.pk, ticketed=bool(tickets), met=met),
            "tickets": tickets,
            "centre": person.role is Role.CENTRE,
            "exceptions": queries.exceptions.of_plan(plan.pk),
            "packs": [
                {"row": each, "name": display.word(NAMES[each.what])}
                for each in queries.packs.visible_to(person).filter(plan=plan)[:10]
            ],
        },
    )


def _plan_address(person: Any, plan_id: int) -> str | None:
    return (
        reverse("sittings:plan", args=[plan_id])
        if person.role is Role.BODY
        else reverse("plans:detail", args=[plan_id])
    )


def _known(name: str, *, of_sitting: bool = False) -> str:
    document = printing.DOCUMENTS.get(name)
    if document is None or (of_sitting and not document.of_sitting):
        raise Http404
    return document.label


@screens.signed_in(*PRINTERS)
@require_safe
def plan_document(request: Request, plan_id: int, name: str) -> HttpResponse:
    """One kind of document for every sitting of a plan, identity numbers masked."""
    person, now = request.person, request.now
    plan = queries.printed.printable(person, plan_id)
    sheets = queries.printed.sheets(person, plan)
    if name == WORD:
        label = printing.DOCUMENTS["handbook"].label
        return handed_out(printing.word(plan, sheets, now), f"{plan.number}-{label}.docx", WORD_TYPE)
    label = _known(name)
    return handed_out(printing.pdf(plan, sheets, name, now), f"{plan.number}-{label}.pdf", "application/pdf")


@screens.signed_in(*PRINTERS, *POSTED)
@require_safe
def sitting_document(request: Request, sitting_id: int, name: str) -> HttpResponse:
    """One kind of document of one sitting, to its body, the centre, and from the day before to who is on duty there."""
    person, now = request.person, request.now
    sitting = queries.get(person, sitting_id)
    label = _known(name, of_sitting=True)
    if person.role in POSTED:
        on_duty(person, sitting)
        today = local_day(now)
        exam_on = local_day(sitting.starts_at)
        sitting_time.require_staff_prints(today, exam_on, sitting.state, values.law(today))
        plan = sitting.plan
    else:
        plan = queries.printed.printable(person, sitting.plan_id)
    made = printing.pdf(plan, queries.printed.sheets(person, plan, sitting.pk), name, now)
    return handed_out(made, f"{plan.number}-{sitting.room_name}-{label}.pdf", "application/pdf")


@screens.may("sittings.print_full")
@require_POST
def sign_in_full(request: Request, plan_id: int) -> HttpResponse:
    """The sign-in book with full identity numbers; every one shown is journalled."""
    made = actions.print_full(by=request.person, now=request.now, plan_id=plan_id)
    return handed_out(made, f"{plan_id}-{printing.DOCUMENTS['sign-in'].label}.pdf", "application/pdf")


@screens.may("sittings.pack")
@require_POST
def pack(request: Request, plan_id: int) -> HttpResponse:
    """Ask for a pack; its page shows how far it is."""
    row = actions.pack(
        by=request.person,
        now=request.now,
        plan_id=plan_id,
        what=request.POST.get("what", "")[:10],
    )
    return HttpResponseRedirect(reverse("sittings:pack_detail", args=[row.pk]))


@screens.signed_in(*PRINTERS)
@require_safe
def pack_detail(request: Request, pack_id: int) -> HttpResponse:
    """How far a pack is, and its file once it stands."""
    person = request.person
    row = queries.packs.get(person, pack_id)
    back = reverse("sittings:documents", args=[row.plan_id])
    return render(
        request,
        "sittings/pack.html",
        {
            "title": display.word(NAMES[row.what]),
            "lead": f"{row.plan.number} · {row.plan.title}",
            "breadcrumb": _crumbs(
                (row.plan.number, _plan_address(person, row.plan_id)), (_("打印资料"), back), (str(row.pk), None)
            ),
            "pack": row,
            "running": row.finished_at is None,
            "share": min(100, row.done * 100 // max(row.total, 1)),
            "back": back,
        },
    )


@screens.may("sittings.grant_exception")
@require_http_methods(["GET", "POST"])
def exception(request: Request, plan_id: int) -> HttpResponse:
    """The centre lets tickets be issued later, in words, with instrument and clause; it is published at once."""
    person, now = request.person, request.now
    plan = queries.printed.printable(person, plan_id)
    form = forms.ExceptionForm(request.POST or None)
    lawful = deadlines.ticket_issue(plan.exam_on, values.calendar(), values.law(local_day(now)))
    return screens.act(
        request,
        form,
        lambda typed: actions.grant_exception(by=person, now=now, plan_id=plan.pk, **typed),
        back=reverse("sittings:documents", args=[plan.pk]),
        said=_("例外已记录，并在计划的公开页面公布。"),
        title=_("准考证核发时限例外"),
        submit=_("同意并公布"),
        breadcrumb=_crumbs((plan.number, reverse("sittings:documents", args=[plan.pk])), (_("例外"), None)),
        lead=_(
            "按四（六），准考证最迟应于%(day)s核发。确有特殊情况的，写明理由、依据文件和条款，同意延至一个确定的日期；内容将在计划的公开页面公布。"
        )
        % {"day": display.day(lawful.counted)},
        once=False,
    )
