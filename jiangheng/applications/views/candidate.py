"""A candidate's pages, made for a phone: open plans, a new application, their own applications."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiangheng import screens
from jiangheng.applications import actions, queries
from jiangheng.applications.actions import save as keep
from jiangheng.applications.models import Application
from jiangheng.applications.views import selfcheck, wording
from jiangheng.rules import flows
from jiangheng.rules.roles import Role
from jiangheng.screens import display
from jiangheng.screens.request import Request


@screens.signed_in(Role.CANDIDATE)
@require_safe
def apply(request: Request) -> HttpResponse:
    """What may be applied for now (三（二）)."""
    rows = queries.open_rows(request.now)
    level, word = request.GET.get("level", ""), request.GET.get("q", "").strip()[:30]
    if level in "54321" and level:
        rows = rows.filter(level=int(level))
    if word:
        rows = rows.filter(occupation_name__icontains=word)
    return render(
        request,
        "applications/apply.html",
        {
            "title": _("选择认定计划"),
            "lead": _("以下计划正在接受个人报名。"),
            "rows": rows[:100],
            "level": level,
            "q": word,
            "levels": [(each, display.level(each)) for each in (5, 4, 3, 2, 1)],
            "once": screens.token(request),
            "carried": bool(selfcheck.carried(request)),
        },
    )


@screens.signed_in(Role.CANDIDATE)
@require_POST
def start(request: Request, row_id: int) -> HttpResponse:
    """Begin an application for an open row, with the answers of the self-check where they were taken along."""
    person, now = request.person, request.now
    application = actions.apply_draft(by=person, now=now, plan_row_id=row_id, once=screens.once(request))
    answer = HttpResponseRedirect(reverse("applications:part", args=[application.pk, "person"]))
    taken = selfcheck.carried(request)
    if taken:
        _take_over(request, application, taken)
        selfcheck.forget(answer)
    return answer


def _take_over(request: Request, application: Application, taken: dict[str, object]) -> None:
    columns = taken.get("columns")
    if taken.get("occupation") != application.occupation_code or not isinstance(columns, dict):
        return
    values = dict(columns)
    if taken.get("level") != application.level:
        values.pop("申报条件", None)
    keep(
        by=request.person,
        now=request.now,
        application_id=application.pk,
        values=values,
    )
    screens.done(request, _("已带入自查时的回答，请逐项核对；年月已按月末填写，请改成证书和证明上的日期。"))


@screens.signed_in(Role.CANDIDATE)
@require_safe
def mine(request: Request) -> HttpResponse:
    """A candidate's own applications, each with where it stands and what to do next."""
    person = request.person
    rows = list(queries.visible_to(person).order_by("-id")[:50])
    reasons = queries.last_reasons([row.pk for row in rows if row.state in flows.states("application", "turned_down")])
    return render(
        request,
        "applications/mine.html",
        {
            "title": _("我的申请"),
            "cards": [
                {
                    "row": row,
                    "line": screens.status_line("application", row.state),
                    "reason": reasons.get(row.pk, ""),
                    "judgement": wording.judgement(row.judgement, as_of=row.as_of_counted)
                    if row.verdict in ("not_met", "not_evidenced")
                    else {},
                    "changeable": queries.changeable(person, row),
                    "withdrawable": row.state in flows.states("application", "withdrawable"),
                }
                for row in rows
            ],
        },
    )
