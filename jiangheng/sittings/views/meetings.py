"""The pre-exam meeting: the body's page with code and attendance, and signing in on one's own phone (四（七）)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.examination import meeting as rules
from jiangheng.rules.examination.staffing import POSTS
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import display
from jiangheng.screens.request import Request
from jiangheng.screens.throttle import limit
from jiangheng.sittings import actions, attending, forms, handbook, queries
from jiangheng.sittings.actions.meetings import MANNERS
from jiangheng.sittings.models import Meeting
from jiangheng.sittings.queries.meetings import Expected
from jiangheng.values import queries as values

POSTED = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR)
TRIES = "12/m"


def crumbs(meeting: Meeting, last: str = "") -> tuple[tuple[Any, str | None], ...]:
    """The way to a meeting and to what is done with it."""
    way: list[tuple[Any, str | None]] = [
        (_("考试场次"), reverse("sittings:list")),
        (meeting.plan.number, reverse("sittings:plan", args=[meeting.plan_id])),
        (_("考务会议"), address(meeting) if last else None),
    ]
    return (*way, (last, None)) if last else tuple(way)


def address(meeting: Meeting) -> str:
    """The page of a meeting."""
    return reverse("sittings:meeting", args=[meeting.pk])


@never_cache
@screens.signed_in(Role.CENTRE, Role.BODY, *POSTED)
@require_safe
def meeting(request: Request, meeting_id: int) -> HttpResponse:
    """A meeting: to its body with the code and who came, renewing itself; to who is posted, with their own attendance."""
    person: Person = request.person
    found = queries.meetings.get(person, meeting_id)
    if person.role in POSTED:
        return _own(request, found)
    law = values.law(local_day(request.now))
    people = queries.meetings.expected(found)
    used = {post for each in people for post in each.posts}
    return render(
        request,
        "sittings/meeting.html",
        {
            "title": _("考务会议"),
            "lead": f"{found.plan.number} · {found.plan.title}",
            "breadcrumb": crumbs(found)
            if person.role is Role.BODY
            else ((found.plan.number, reverse("plans:detail", args=[found.plan_id])), (_("考务会议"), None)),
            "meeting": found,
            "own": person.role is Role.BODY,
            "code": _code(request.now, found, law) if person.role is Role.BODY else None,
            "opens": rules.sign_in_opens(found.starts_at, law),
            "people": [_row(each) for each in people],
            "came": sum(each.came is not None for each in people),
            "missing": sum(each.came is None for each in people),
            "waiting": sum(each.waiting > 0 for each in people),
            "tasks": _tasks(used),
            "at": request.now,
            "marking": found.state == "called" and rules.sign_in_opens(found.starts_at, law) <= request.now,
        },
    )


def _code(now: datetime, found: Meeting, law: Law) -> dict[str, Any] | None:
    """The code shown now as digits and picture, or None outside the time of signing in."""
    if found.state != "called":
        return None
    if not rules.sign_in_opens(found.starts_at, law) <= now <= rules.sign_in_ends(found.starts_at, law):
        return None
    turn = rules.turn(now, law)
    way = reverse("sittings:attend_by_token", args=[attending.token(found.pk, turn)])
    picture = segno.make(f"{settings.PUBLIC_URL.rstrip('/')}{way}", error="m", micro=False)
    digits = attending.code(found.pk, turn)
    return {
        "digits": f"{digits[:3]} {digits[3:]}",
        "picture": str(picture.svg_data_uri(scale=8, border=3, light="#fff")),
    }


def _row(each: Expected) -> dict[str, Any]:
    return {
        "person": each,
        "posts": display.text([display.word(POSTS[post]) for post in each.posts]),
        "manner": display.word(MANNERS[each.came.manner]) if each.came else "",
    }


def _tasks(posts: set[str]) -> list[tuple[str, list[str]]]:
    return [(display.word(POSTS[post]), tasks_of(post)) for post in POSTS if post in posts]


def _own(request: Request, found: Meeting, refusal: Refusal | None = None) -> HttpResponse:
    """A meeting as somebody posted sees it."""
    person: Person = request.person
    law = values.law(local_day(request.now))
    came = queries.meetings.attended(found, person.account_id)
    posts = queries.meetings.posted(found.plan_id).filter(account_id=person.account_id or 0)
    opens, ends = rules.sign_in_opens(found.starts_at, law), rules.sign_in_ends(found.starts_at, law)
    return render(
        request,
        "sittings/meeting_own.html",
        {
            "title": _("考务会议"),
            "lead": found.plan.title,
            "breadcrumb": ((_("我的考务"), reverse("exam_day:mine")), (_("考务会议"), None)),
            "meeting": found,
            "came": came,
            "manner": display.word(MANNERS[came.manner]) if came else "",
            "opens": opens,
            "signing": found.state == "called" and came is None and opens <= request.now <= ends,
            "early": found.state == "called" and request.now < opens,
            "posts": [(each, display.word(POSTS[each.post])) for each in posts],
            "refusal": refusal,
        },
        status=refusal.status if refusal else 200,
    )


@never_cache
@screens.may("meeting.attend")
@require_http_methods(["GET", "POST"])
def attend(request: Request, token: str = "") -> HttpResponse:
    """Sign in at a meeting: the page behind the QR code asks once and keeps the time; or the code is typed."""
    person = request.person
    typed = request.POST.get("code", "")[:20]
    if request.method == "POST":
        limit(request, f"meeting-{person.account_id}", TRIES)

    def show(refusal: Refusal | None) -> HttpResponse:
        scanned = attending.read(token)
        found = queries.meetings_visible_to(person).filter(pk=scanned[0]).first() if scanned else None
        if found is not None and queries.meetings.attended(found, person.account_id):
            return HttpResponseRedirect(address(found))
        return render(
            request,
            "sittings/attend.html",
            {
                "title": _("会议签到"),
                "breadcrumb": ((_("我的考务"), reverse("exam_day:mine")), (_("会议签到"), None)),
                "meeting": found,
                "scanned": bool(token) and refusal is None,
                "refusal": refusal,
                "typed": typed,
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        None,
        lambda _typed: actions.attend(by=person, now=request.now, token=token, code=typed),
        back=lambda came: address(came.meeting),
        said=_("签到成功。"),
        show=show,
    )


@screens.may("meeting.call")
@require_http_methods(["GET", "POST"])
def call(request: Request, plan_id: int) -> HttpResponse:
    """Call the meeting of a plan."""
    person = request.person
    plan = queries.own_plan(person, plan_id)
    agenda = queries.meetings.last_agenda(person) or handbook.texts()["agenda"]
    form = forms.MeetingForm(request.POST or None, initial={"agenda": "\n".join(agenda)})
    return screens.act(
        request,
        form,
        lambda typed: actions.call_meeting(
            by=person, now=request.now, plan_id=plan.pk, once=screens.once(request), **typed
        ),
        back=address,
        said=_("已通知召开考务会议，各岗位人员已收到通知。"),
        title=_("通知召开考务会议"),
        submit=_("通知各岗位人员"),
        breadcrumb=(
            (_("考试场次"), reverse("sittings:list")),
            (plan.number, reverse("sittings:plan", args=[plan.pk])),
            (_("考务会议"), None),
        ),
        lead=_("考前召开考务会议，明确分工和工作要求。开会时，到会人员用手机扫描会议页面的二维码签到。"),
    )


@screens.may("meeting.amend")
@require_http_methods(["GET", "POST"])
def amend(request: Request, meeting_id: int) -> HttpResponse:
    """Another time, place or agenda."""
    person = request.person
    found = queries.meetings.get(person, meeting_id)
    start = local_moment(found.starts_at)
    initial = {"starts_at": start, "place": found.place, "agenda": "\n".join(found.agenda)}
    form = forms.MeetingForm(request.POST or None, initial=initial)
    return screens.act(
        request,
        form,
        lambda typed: actions.amend_meeting(
            by=person, now=request.now, meeting_id=found.pk, seen=screens.seen(request), **typed
        ),
        back=address(found),
        said=_("会议安排已变更；时间或地点有变的，已通知各岗位人员。"),
        title=_("变更考务会议"),
        submit=_("保存"),
        breadcrumb=crumbs(found, _("变更")),
        once=False,
        version=found.version,
    )


@screens.may("meeting.cancel")
@require_http_methods(["GET", "POST"])
def hold(request: Request, meeting_id: int) -> HttpResponse:
    """Close a meeting with its minutes."""
    person = request.person
    found = queries.meetings.get(person, meeting_id)
    form = forms.HoldForm(request.POST or None, initial={"held_at": local_moment(found.starts_at)})
    people = queries.meetings.expected(found)
    return screens.act(
        request,
        form,
        lambda typed: actions.hold_meeting(
            by=person, now=request.now, meeting_id=found.pk, seen=screens.seen(request), **typed
        ),
        back=address(found),
        said=_("考务会议已登记，各场次可以按时开考。"),
        title=_("结束会议并登记"),
        submit=_("登记"),
        breadcrumb=crumbs(found, _("登记")),
        lead=_("登记后停止签到，已核发准考证的场次才能开考。"),
        once=False,
        version=found.version,
        aside=(
            "sittings/_came.html",
            {
                "came": [each.name for each in people if each.came is not None],
                "missing": [each.name for each in people if each.came is None],
            },
        ),
    )


@screens.may("meeting.remind")
@require_POST
def remind(request: Request, meeting_id: int) -> HttpResponse:
    """Remind whoever has not acknowledged."""
    told = actions.remind(by=request.person, now=request.now, meeting_id=meeting_id)
    screens.done(
        request, _("已提醒%(n)s人确认任务。") % {"n": told} if told else _("今天都已提醒过，或没有待确认的人。")
    )
    return HttpResponseRedirect(reverse("sittings:meeting", args=[meeting_id]))


@screens.may("meeting.withdraw_attendance")
@require_POST
def withdraw(request: Request, meeting_id: int, account_id: int) -> HttpResponse:
    """Take back an attendance noted by mistake."""
    actions.withdraw_attendance(by=request.person, now=request.now, meeting_id=meeting_id, account_id=account_id)
    screens.done(request, _("已撤销登记。"))
    return HttpResponseRedirect(reverse("sittings:meeting", args=[meeting_id]))


@screens.may("meeting.attend_by_hand")
@require_http_methods(["GET", "POST"])
def by_hand(request: Request, meeting_id: int, account_id: int) -> HttpResponse:
    """Note somebody's attendance with the reason."""
    person = request.person
    found = queries.meetings.get(person, meeting_id)
    row = next((each for each in queries.meetings.expected(found) if each.account_id == account_id), None)
    form = forms.ByHandForm(request.POST or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.attend_by_hand(
            by=person, now=request.now, meeting_id=found.pk, account_id=account_id, **typed
        ),
        back=address(found),
        said=_("已登记参会。"),
        title=_("登记参会：%(name)s") % {"name": row.name if row else "—"},
        submit=_("登记参会"),
        breadcrumb=crumbs(found, _("登记参会")),
        once=False,
    )


def tasks_of(post: str) -> list[str]:
    """What a post has to do, in the reader's language."""
    return [display.word(each) for each in handbook.duties(post)]
