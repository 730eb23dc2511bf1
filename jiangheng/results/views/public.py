"""Results on public notice, and a candidate's own."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiangheng import screens
from jiangheng.journal import queries as journal
from jiangheng.results import actions, queries
from jiangheng.results.forms import ObjectionForm
from jiangheng.results.models import Objection, ResultBatch
from jiangheng.results.views.office import conclusion, shown_mark
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import Column
from jiangheng.screens.display import SUBJECTS, short_day
from jiangheng.screens.request import Request
from jiangheng.screens.throttle import limit

OBJECTIONS_PER_HOUR = "20/h"


@require_GET
def publicity(request: Request) -> HttpResponse:
    """Every batch on public notice today: 四（八）."""
    today = local_day(request.now)
    return screens.listing(
        request,
        queries.in_publicity(today),
        title=_("成绩公示"),
        lead=_("公示期内，任何人对公示成绩有异议，可以向组织实施的认定机构或市鉴定中心提出。"),
        breadcrumb=((_("成绩公示"), None),),
        columns=(
            Column(
                "title", _("认定计划"), value="plan.title", link=lambda row: reverse("results:notice", args=[row.pk])
            ),
            Column("body", _("认定机构"), value="body.name"),
            Column("exam_on", _("考试日期"), value="plan.exam_on", kind="date"),
            Column("published_on", _("公示开始"), kind="date", sort="published_on"),
            Column(
                "publicity_ends_on",
                _("公示截止"),
                "publicity_ends_on_counted",
                kind="date",
                sort="publicity_ends_on",
            ),
        ),
        search=("plan__title", "body__name"),
        order=("publicity_ends_on", "id"),
        empty=_("目前没有正在公示的成绩。公示期满后名单不再公开。"),
    )


def _on_notice(request: Request, batch_id: int) -> ResultBatch:
    today = local_day(request.now)
    return journal.one(queries.in_publicity(today), pk=batch_id)


@require_GET
def notice(request: Request, batch_id: int) -> HttpResponse:
    """One public notice: masked numbers, marks and conclusions; gone when the period is over."""
    one = _on_notice(request, batch_id)
    used = [
        subject for subject in queries.SUBJECTS if one.results.filter(application__subjects__icontains=subject).exists()
    ]
    return screens.listing(
        request,
        queries.published_results(one),
        title=_("成绩公示：%(plan)s") % {"plan": one.plan.title},
        breadcrumb=((_("成绩公示"), reverse("results:publicity")), (one.plan.title, None)),
        columns=(
            Column("ticket", _("准考证号"), value="application.ticket.number"),
            Column("name", _("姓名"), value="application.name"),
            Column("identity", _("证件号码"), value="application.identity.number_masked"),
            Column("occupation", _("职业（工种）"), value=_occupation),
            Column("level", _("等级"), value="application.level", kind="level"),
            *(Column(subject, SUBJECTS[subject], value=partial(shown_mark, subject=subject)) for subject in used),
            Column("passed", _("结论"), value=conclusion),
        ),
        search=("application__name", "application__ticket__number"),
        order=("application__ticket__number", "id"),
        per_page=50,
        template="results/notice.html",
        context={"batch": one},
    )


def _occupation(row: Any) -> str:
    job = row.application.job
    return f"{row.application.occupation_name}（{job}）" if job else str(row.application.occupation_name)


@require_http_methods(["GET", "POST"])
def object_to(request: Request, batch_id: int) -> HttpResponse:
    """Anyone raises an objection to a notice; after the period the refusal says whom to turn to."""
    person, now = request.person, request.now
    if request.method == "GET":
        one = _on_notice(request, batch_id)
        form = ObjectionForm(initial={"name": person.name if person.account_id else ""})
    else:
        one = queries.ever_published(batch_id)
        form = ObjectionForm(request.POST)

    def save(typed: dict[str, Any]) -> Objection:
        limit(request, "objection", OBJECTIONS_PER_HOUR)
        return actions.receive(by=person, now=now, batch_id=one.pk, once=screens.once(request), **typed)

    return screens.act(
        request,
        form,
        save,
        back=reverse("results:notice", args=[one.pk]),
        said=lambda made: (
            _("异议已登记，编号%(number)s，将于%(due)s前答复。请记下编号。")
            % {"number": made.pk, "due": short_day(made.due_on_counted)}
        ),
        title=_("提出公示异议"),
        submit=_("提交异议"),
        lead=_("针对：%(plan)s。请如实填写，以便核查；您的姓名和联系方式不会公开。") % {"plan": one.plan.title},
        breadcrumb=(
            (_("成绩公示"), reverse("results:publicity")),
            (one.plan.title, reverse("results:notice", args=[one.pk])),
        ),
    )


@screens.signed_in(Role.CANDIDATE)
@require_GET
def mine(request: Request) -> HttpResponse:
    """A candidate's own results."""
    rows = queries.results_visible_to(request.person).order_by("-id")
    return render(
        request,
        "results/mine.html",
        {
            "title": _("我的成绩"),
            "breadcrumb": ((_("我的成绩"), None),),
            "rows": [
                {
                    "result": row,
                    "conclusion": conclusion(row),
                    "marks": [(SUBJECTS[subject], shown_mark(row, subject)) for subject in queries.required(row)],
                    "open": row.batch.state == "published",
                }
                for row in rows
            ],
        },
    )
