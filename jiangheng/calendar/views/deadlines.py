"""The page of deadlines, what a change of the calendar would move, and what one moved."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.calendar import queries, redating
from jiangheng.calendar.queries import clocks
from jiangheng.catalog.forms import CalendarDayForm, RemoveDayForm
from jiangheng.rules.days import clocks as rules
from jiangheng.rules.days.clocks import CLOCKS, DayChange
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.days.workdays import LocalDay
from jiangheng.rules.roles import Person, Role
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

PAGE = 50
LIGHTS = (rules.RED, rules.AMBER, rules.GREEN)


@screens.signed_in(*clocks.SEEN_BY)
@require_safe
def deadlines(request: Request) -> HttpResponse:
    """Every clock that runs for this person, the nearest last day first."""
    person: Person = request.person
    now = request.now
    every = clocks.running(person, now)
    asked = {
        "light": request.GET.get("light", ""),
        "clock": request.GET.get("clock", ""),
        "mine": request.GET.get("mine", ""),
    }
    here = [each for each in every if not asked["clock"] or each.open.clock.key == asked["clock"]]
    if asked["mine"]:
        here = [each for each in here if each.mine]
    counts = Counter(each.light for each in here)
    shown = [each for each in here if asked["light"] not in LIGHTS or each.light == asked["light"]]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    law = values.law(local_day(now))
    return render(
        request,
        "calendar/deadlines.html",
        {
            "title": _("期限"),
            "lead": _(
                "在办事项的每一个期限，按工作日计算；剩余不超过 %(red)s 个工作日亮红灯，不超过 %(amber)s 个亮黄灯。"
            )
            % {"red": law.value("light_red_wd"), "amber": law.value("light_amber_wd")},
            "breadcrumb": [(_("期限"), None)],
            "page": page,
            "asked": asked,
            "lights": [
                {"name": light, "tone": tone, "label": label, "count": counts[light], "query": _query(asked, light)}
                for light, tone, label in (
                    (rules.RED, "bad", _("红灯：紧迫或已过")),
                    (rules.AMBER, "waiting", _("黄灯：临近")),
                    (rules.GREEN, "good", _("绿灯：充裕")),
                )
            ],
            "kinds": [(key, CLOCKS[key].label) for key in dict.fromkeys(each.open.clock.key for each in every)],
            "kept": _query(asked, asked["light"]),
            "narrowed": any(asked.values()),
            "owned": person.role is Role.CENTRE,
            "others": any(not each.mine for each in every),
        },
    )


def _query(asked: dict[str, str], light: str) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in {**asked, "light": light}.items() if value})
    return query.urlencode()


@screens.signed_in(Role.CENTRE)
@require_safe
def preview(request: Request) -> HttpResponse:
    """What setting a day, or taking a set day back, would move: shown before the centre confirms."""
    removing = request.GET.get("remove") == "1"
    form = (RemoveDayForm if removing else CalendarDayForm)(request.GET)
    if not form.is_valid():
        return render(
            request,
            "calendar/redating.html",
            {
                "title": _("设定工作日历"),
                "breadcrumb": _crumbs(_("设定某一天")),
                "form": form,
                "groups": screens.grouped(form, None),
            },
            status=422,
        )
    typed = form.cleaned_data
    day = typed["day"]
    was = values.local_rows().get(day)
    change = DayChange(day, was, None if removing else LocalDay(typed["workday"], typed["name"]))
    moves = redating.preview(change, request.now)
    context: dict[str, Any] = {
        "title": _("变更影响"),
        "lead": _("以下为按拟作的变更重新推算后会变动的期限。确认后一分钟内自动改期，并通知有关单位和考生。"),
        "breadcrumb": _crumbs(_("变更影响")),
        "day": day,
        "removing": removing,
        "typed": typed,
        "was": was,
        "moves": moves[:PAGE],
        "more": max(0, len(moves) - PAGE),
        "total": len(moves),
        "owners": len({each.open.owner_id for each in moves if each.open.owner_id}),
        "kinds": [
            (CLOCKS[key].label, count) for key, count in Counter(each.open.clock.key for each in moves).most_common()
        ],
        "today": local_day(request.now),
        "back": f"{reverse('catalog:calendar')}?month={day:%Y-%m}",
    }
    return render(request, "calendar/redating.html", context)


def _crumbs(last: str) -> list[tuple[str, str | None]]:
    return [(_("工作日历"), reverse("catalog:calendar")), (last, None)]


@screens.signed_in(Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)
@require_safe
def redated(request: Request, calendar_change_id: int) -> HttpResponse:
    """What a change of the calendar moved for this person's organisation; everything, for the centre."""
    person: Person = request.person
    change = queries.change(person, calendar_change_id)
    rows = queries.redated_visible_to(person).filter(change=change)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "calendar/redated.html",
        {
            "title": _("日历变更与期限"),
            "breadcrumb": _crumbs(_("日历变更与期限")),
            "change": change,
            "changed": [(date.fromisoformat(day), worked) for day, (_was, worked) in sorted(change.national.items())],
            "page": page,
            "lines": [{"row": row, "label": CLOCKS[row.clock].label, "href": queries.address_of(row)} for row in page],
            "owned": person.role is Role.CENTRE,
        },
    )
