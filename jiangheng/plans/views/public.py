"""The public calendar of plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng.bodies.forms import FIRST_DAY, LAST_DAY
from jiangheng.catalog import queries as catalog
from jiangheng.plans import queries
from jiangheng.rules import codes, flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.screens.display import LEVELS
from jiangheng.screens.request import Request

PAGE = 20


def _month(text: str) -> date | None:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


@require_safe
def calendar(request: Request) -> HttpResponse:
    """Accepted plans by day of examination, from today on or of a chosen month; every search is an address."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "month", "occupation", "level", "open")}
    today = local_day(request.now)
    rows = queries.public()
    month = _month(asked["month"])
    rows = (
        rows.filter(exam_on__year=month.year, exam_on__month=month.month)
        if month is not None
        else rows.filter(exam_on__gte=today)
    )
    if asked["q"]:
        rows = rows.filter(body__name__icontains=asked["q"])
    if asked["occupation"]:
        rows = rows.filter(rows__occupation_code=asked["occupation"]).distinct()
    if asked["level"] in set("12345"):
        rows = rows.filter(rows__level=asked["level"]).distinct()
    now: datetime = request.now
    if asked["open"]:
        rows = rows.filter(pk__in=queries.open_for_registration(now).values("pk"))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "plans/calendar.html",
        {
            "title": _("认定计划"),
            "lead": _("已受理的职业技能等级认定计划，按考核日期排列。"),
            "asked": asked,
            "narrowed": any(asked.values()),
            "page": page,
            "plans": [_shown(plan, now) for plan in page.object_list],
            "kept": kept.urlencode(),
            "occupations": catalog.occupation_choices(),
            "levels": LEVELS.items(),
        },
    )


def _shown(plan: Any, now: datetime) -> dict[str, Any]:
    return {
        "plan": plan,
        "open": plan.state in flows.FLOWS["plan"].live
        and plan.open_to_public
        and plan.body.kind == "social_body"
        and plan.registration_ends_at >= now,
    }


@require_safe
def public_plan(request: Request, plan_id: int) -> HttpResponse:
    """One public plan: what is examined, when and where, and how to apply."""
    plan = queries.public_plan(plan_id)
    lines = [
        {
            "row": row,
            "subjects": [
                {
                    "subject": each["subject"],
                    "method": _(codes.label("method", each["method"])),
                    "starts_at": datetime.fromisoformat(each["starts_at"]),
                    "minutes": each["minutes"],
                }
                for each in row.subjects
            ],
        }
        for row in plan.rows.all()
    ]
    context = {
        **_shown(plan, request.now),
        "title": plan.title,
        "lines": lines,
        "breadcrumb": ((_("认定计划"), reverse("plans:calendar")), (plan.title, None)),
    }
    return render(request, "plans/public.html", context)
