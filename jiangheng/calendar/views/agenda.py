"""The calendar of sittings by month and week, and its feed for calendar programs."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.bodies.forms import FIRST_DAY, LAST_DAY
from jiangheng.calendar import actions, feeds, queries
from jiangheng.calendar.queries import agenda
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.days.workdays import published
from jiangheng.rules.roles import LABELS, Person, Role
from jiangheng.screens.request import Request
from jiangheng.screens.throttle import limit
from jiangheng.values import queries as values

FEED_RATE = "60/m"
IN_A_CELL = 3


@require_safe
def calendar(request: Request) -> HttpResponse:
    """A month (?month=2026-12) or a week (?week=2026-W50) of what this person may see; this month where none is asked."""
    person: Person = request.person
    today = local_day(request.now)
    week = _asked_week(request.GET.get("week", ""))
    if week is not None:
        first, last, inside = week, week + timedelta(days=6), None
        heading = {"from": first, "to": last}
        around = [_week(first - timedelta(days=7)), _week(first + timedelta(days=7))]
        other = f"?month={(first + timedelta(days=3)):%Y-%m}"
    else:
        month = _asked_month(request.GET.get("month", ""), today)
        weeks = months.Calendar().monthdatescalendar(month.year, month.month)
        first, last, inside = weeks[0][0], weeks[-1][-1], month.month
        heading = {"month": month}
        around = [_month(month - timedelta(days=1)), _month(month + timedelta(days=31))]
        other = _week(today if (today.year, today.month) == (month.year, month.month) else month)
    days = agenda.days(person, first, last, values.calendar(), month=inside)
    return render(
        request,
        "calendar/agenda.html",
        {
            "title": _("考试日历"),
            "lead": _lead(person),
            "breadcrumb": [(_("考试日历"), None)],
            "by_week": week is not None,
            "heading": heading,
            "previous": around[0],
            "next": around[1],
            "other": other,
            "now_here": _week(today) if week is not None else f"?month={today:%Y-%m}",
            "here": week is None and f"{heading['month']:%Y-%m}",
            "week_names": list(WEEKDAYS_ABBR.values()),
            "days": [_cell(day, whole=week is not None) for day in days],
            "today": today,
            "nothing": not any(day.happenings for day in days if day.inside),
            "unpublished": sorted({day.date.year for day in days if day.inside and not published(day.date)}),
        },
    )


def _cell(day: agenda.Day, *, whole: bool) -> dict[str, Any]:
    """A day's square; past the third happening of a month's square the rest is a way to the week."""
    most = len(day.happenings) if whole or len(day.happenings) <= IN_A_CELL + 1 else IN_A_CELL
    return {
        "day": day,
        "shown": day.happenings[:most],
        "more": len(day.happenings) - most,
        "week": _week(day.date),
    }


def _lead(person: Person) -> str:
    if person.account_id is None:
        return str(_("已受理的认定计划按考核日期排列，点击查看报名和考核安排。"))
    if person.role is Role.CANDIDATE:
        return str(_("您已报名的考核和已核发准考证的场次。"))
    if person.role in agenda.ON_DUTY:
        return str(_("您被安排考务任务的场次。"))
    return str(_("您可查看的考试场次；尚未编排场次的认定计划显示在考核日当天。"))


def _asked_month(typed: str, today: date) -> date:
    try:
        asked = date.fromisoformat(f"{typed}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if FIRST_DAY <= asked <= LAST_DAY else today.replace(day=1)


def _asked_week(typed: str) -> date | None:
    try:
        asked = date.fromisoformat(f"{typed}-1") if "W" in typed else None
    except ValueError:
        return None
    return asked if asked and FIRST_DAY <= asked <= LAST_DAY else None


def _month(day: date) -> str:
    return f"?month={day:%Y-%m}" if FIRST_DAY <= day.replace(day=1) <= LAST_DAY else ""


def _week(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"?week={year}-W{week:02d}" if FIRST_DAY <= day <= LAST_DAY else ""


@screens.signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: Request) -> HttpResponse:
    """The person's own feed: whether there is one, and a new secret address, shown this once."""
    person: Person = request.person
    address = ""
    if request.method == "POST":
        _feed, secret = actions.renew_feed(by=person, now=request.now)
        address = request.build_absolute_uri(reverse("calendar:ics", args=[secret]))
    return render(
        request,
        "calendar/feed.html",
        {
            "title": _("日历订阅"),
            "lead": _("在手机或电脑的日历软件中订阅，考试场次和由您办理的期限会自动更新。"),
            "breadcrumb": [(_("考试日历"), reverse("calendar:agenda")), (_("日历订阅"), None)],
            "feed": queries.feed_of(person),
            "address": address,
            "webcal": "webcal" + address.removeprefix("https").removeprefix("http") if address else "",
        },
    )


@screens.signed_in()
@require_POST
def revoke(request: Request) -> HttpResponse:
    """Stop the person's feed; its address answers nobody from now on."""
    actions.revoke_feed(by=request.person, now=request.now)
    screens.done(request, _("订阅地址已停用。"))
    return redirect("calendar:feed")


@require_safe
def ics(request: Request, secret: str) -> HttpResponse:
    """The feed itself, for calendar programs: whoever has the secret address reads it, nobody signs in."""
    limit(request, "feed", FEED_RATE)
    person, language = queries.person_by_feed(secret)
    with translation.override(language or "zh-hans"):
        content = feeds.feed(
            person,
            request.now,
            name=_("匠衡考试日历（%(role)s）") % {"role": screens.display.word(LABELS[person.role])},
            site=request.build_absolute_uri("/").rstrip("/"),
        )
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="jiangheng.ics"',
            "Cache-Control": "private, max-age=900",
            "X-Robots-Tag": "noindex",
        },
    )
