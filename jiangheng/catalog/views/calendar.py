"""The working-day calendar, its local rows and the calculator anybody may use."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.bodies.forms import FIRST_DAY, LAST_DAY
from jiangheng.catalog import actions, queries
from jiangheng.catalog.forms import CalendarDayForm, CountForm, RemoveDayForm
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.days.workdays import published
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.request import Request
from jiangheng.values import queries as values


@require_safe
def calendar(request: Request) -> HttpResponse:
    """A month of working days and days off, each with its reason."""
    return _month(request, CalendarDayForm())


@screens.may("calendar.set_day")
@require_POST
def set_day(request: Request) -> HttpResponse:
    """Enter a local row."""
    form = CalendarDayForm(request.POST)
    return screens.act(
        request,
        form,
        lambda typed: actions.set_day(by=request.person, now=request.now, **typed),
        back=lambda _made: f"{reverse('catalog:calendar')}?month={form.cleaned_data['day']:%Y-%m}",
        said=_("工作日历已更新。"),
        show=lambda refusal: _month(request, form, refusal),
    )


@screens.may("calendar.remove_day")
@require_POST
def remove_day(request: Request) -> HttpResponse:
    """Take a local row back."""
    form = RemoveDayForm(request.POST)
    if not form.is_valid():
        raise refuse(
            "calendar.day", N_("没有说明要撤销哪一天的设定。"), N_("请在工作日历页使用“撤销”按钮。"), status=422
        )
    day = form.cleaned_data["day"]
    actions.remove_day(by=request.person, now=request.now, day=day)
    screens.done(request, _("已撤销本地设定，恢复全国日历安排。"))
    return redirect(f"{reverse('catalog:calendar')}?month={day:%Y-%m}")


def _asked_month(request: Request) -> date:
    today = local_day(request.now)
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if FIRST_DAY <= asked <= LAST_DAY else today.replace(day=1)


def _month(request: Request, form: CalendarDayForm, refusal: Refusal | None = None) -> HttpResponse:
    first = _asked_month(request)
    today = local_day(request.now)
    work = values.calendar()
    local = {row.day: row for row in values.local_days()}
    weeks = [
        [{"day": work.day(day), "inside": day.month == first.month, "local": local.get(day)} for day in week]
        for week in months.Calendar().monthdatescalendar(first.year, first.month)
    ]
    inside: list[Any] = [each["day"] for week in weeks for each in week if each["inside"]]
    editing = request.person.role is Role.CENTRE
    return render(
        request,
        "catalog/calendar.html",
        {
            "title": _("工作日历"),
            "lead": _("“工作日”按国务院办公厅节假日安排计算，含调休上班日；本地节假日由市鉴定中心录入。"),
            "first": first,
            "week_names": list(WEEKDAYS_ABBR.values()),
            "weeks": weeks,
            "today": today,
            "workdays": sum(day.workday for day in inside),
            "unpublished": () if published(first) else (first.year,),
            "previous": _neighbour(first, -1),
            "next": _neighbour(first, 1),
            "local_rows": [row for day, row in sorted(local.items()) if day >= first.replace(month=1)][:40],
            "editing": editing,
            "form": form,
            "groups": screens.grouped(form, None),
            "refusal": refusal,
        },
        status=refusal.status if refusal else 422 if form.is_bound and form.errors else 200,
    )


def _neighbour(first: date, step: int) -> str:
    month = first.year * 12 + first.month - 1 + step
    found = date(month // 12, month % 12 + 1, 1)
    return f"{found:%Y-%m}" if FIRST_DAY <= found <= LAST_DAY else ""


@require_http_methods(["GET", "HEAD"])
def workday(request: Request) -> HttpResponse:
    """“N个工作日前”与“公示N个工作日”: the day, and every day that was counted or passed over."""
    asked = any(name in request.GET for name in CountForm.base_fields)
    form = CountForm(request.GET if asked else None)
    answer: dict[str, Any] = {}
    if asked and form.is_valid():
        typed = form.cleaned_data
        work = values.calendar()
        if typed["direction"] == "before":
            count = work.before(typed["day"], typed["workdays"])
        else:
            count = work.after(typed["day"], typed["workdays"])
        answer = {"count": count, "days": queries.numbered(count), **typed}
    context = {
        "title": _("工作日推算"),
        "lead": _("报送计划、申请安排、核发准考证和公示的期限都这样推算。"),
        "form": form,
        "groups": screens.grouped(form, None),
        "answer": answer,
        "breadcrumb": ((_("工作日历"), reverse("catalog:calendar")), (_("工作日推算"), None)),
    }
    return render(request, "catalog/workday.html", context, status=422 if asked and not answer else 200)
