"""The latest filing day of an examination, counted out day by day, for the forms that ask for one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.bodies import queries as bodies
from jiangheng.catalog import queries as catalog
from jiangheng.catalog.forms import DayForm
from jiangheng.plans import checks
from jiangheng.rules.days import deadlines, workdays
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Person, Role
from jiangheng.screens.request import Request
from jiangheng.values import queries as values


@screens.signed_in(Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CENTRE)
@require_safe
def deadline(request: Request, kind: str) -> HttpResponse:
    """A fragment for the form: the last lawful day for the typed day, and whether today is in time."""
    form = DayForm({"on": request.GET.get("exam_on", "")})
    context = counted(request, form.cleaned_data["on"], kind) if form.is_valid() else {}
    return render(request, "plans/_deadline.html", context)


def counted(request: Request, exam_on: date | None, kind: str) -> dict[str, Any]:
    """What the fragment shows of ``kind`` (plan, request) for an examination on ``exam_on``."""
    if exam_on is None:
        return {}
    calendar = values.calendar()
    now = request.now
    law = values.law(local_day(now))
    person: Person = request.person
    if kind == "request":
        found = deadlines.arrangement_request(exam_on, calendar, law)
    else:
        body = bodies.visible_to(person).filter(pk=person.organisation_id or 0).first()
        found = checks.plan_deadline(body.kind if body else "social_body", exam_on, calendar, law)
    day = checks.filed_on(now, calendar, law)
    return {
        "deadline": found,
        "filed_on": workdays.counted(day),
        "in_time": day <= found.last_day,
        "given": max(calendar.between(day, exam_on), 0),
        "earliest": deadlines.earliest_day(day, found.needed, calendar),
        "answer": {"count": found.count, "days": catalog.numbered(found.count)},
    }
