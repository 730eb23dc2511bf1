"""Objections and changes of marks for bodies and the centre; a candidate's own objection."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiangheng import screens
from jiangheng.results import actions, queries
from jiangheng.results.forms import AmendForm, DecisionForm
from jiangheng.results.models import Amendment, Objection
from jiangheng.results.views.office import crumbs
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import Column
from jiangheng.screens.display import SUBJECTS, short_day, tag
from jiangheng.screens.request import Request


@screens.signed_in(Role.CENTRE, Role.BODY, Role.CANDIDATE)
@require_GET
def objections(request: Request) -> HttpResponse:
    """Objections with the day each is due."""
    today = local_day(request.now)
    return screens.listing(
        request,
        queries.objections_visible_to(request.person),
        title=_("公示异议"),
        breadcrumb=crumbs((_("公示异议"), None)),
        columns=(
            Column("pk", _("编号"), link=lambda row: reverse("results:objection_detail", args=[row.pk])),
            Column("plan", _("认定计划"), value="batch.plan.title"),
            Column("name", _("异议人")),
            Column("received_at", _("收到时间"), kind="moment", sort="received_at"),
            Column("due_on", _("应办结日期"), value=lambda row: due(row, today), sort="due_on"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("name", "batch__plan__title"),
        kind="objection",
        empty=_("公示期内收到的异议会出现在这里。"),
    )


def due(row: Objection, today: Any) -> Any:
    """The day it is due, marked where it has passed."""
    if row.state in queries.OPEN and row.due_on < today:
        return tag(_("%(day)s 已逾期") % {"day": short_day(row.due_on_counted)}, "bad")
    return short_day(row.due_on_counted)


@screens.signed_in(Role.CENTRE, Role.BODY, Role.CANDIDATE)
@require_GET
def objection(request: Request, objection_id: int) -> HttpResponse:
    """One objection: what is said, by when, what was found."""
    person = request.person
    one = queries.objection(person, objection_id)
    office = person.role is not Role.CANDIDATE
    changes = list(one.amendments.select_related("result__application", "requested_by", "decided_by")) if office else []
    return screens.detail(
        request,
        one,
        title=_("公示异议 %(number)s") % {"number": one.pk},
        breadcrumb=(
            ((_("公示异议"), reverse("results:objections")), (str(one.pk), None))
            if not office
            else crumbs((_("公示异议"), reverse("results:objections")), (str(one.pk), None))
        ),
        facts=(
            (_("认定计划"), one.batch.plan.title),
            (_("认定机构"), one.batch.body.name),
            (_("异议人"), one.name),
            (_("联系方式"), one.contact),
            (_("涉及考生"), one.result.application.name if one.result else _("整批成绩")),
            (_("被投诉人"), one.against),
            (_("收到时间"), one.received_at, "moment"),
            (_("应办结日期"), one.due_on_counted, "day"),
            (_("异议内容"), one.text),
            (_("处理结果"), one.answer),
        ),
        sections=((_("成绩更正"), "results/_changes.html", {"changes": changes}),) if changes else (),
        threads=[("objection", one.pk)],
    )


@screens.may("amendment.request")
@require_http_methods(["GET", "POST"])
def amend(request: Request, batch_id: int, result_id: int) -> HttpResponse:
    """Ask for a mark to be changed."""
    person, now = request.person, request.now
    one = queries.result(person, result_id)
    if one.batch_id != batch_id:
        raise Http404
    form = AmendForm(request.POST or None, subjects=queries.required(one))
    return screens.act(
        request,
        form,
        lambda typed: actions.request_amendment(
            by=person, now=now, result_id=one.pk, once=screens.once(request), **typed
        ),
        back=lambda made: reverse("results:amendment", args=[made.pk]),
        said=_("更正申请已提交，等待第二人决定。"),
        title=_("申请更正成绩：%(name)s") % {"name": one.application.name},
        submit=_("提交申请"),
        lead=_("更正须由另一名工作人员同意后生效，原成绩永久保留；公示期内更正的，公示期自同意之日重新计算。"),
        aside=(
            "results/_history.html",
            {"row": one, "history": list(one.history.all()), "subjects": queries.required(one)},
        ),
        breadcrumb=crumbs((one.batch.plan.title, reverse("results:detail", args=[batch_id]))),
    )


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_http_methods(["GET", "POST"])
def amendment(request: Request, amendment_id: int) -> HttpResponse:
    """A change of a mark and the second person's decision."""
    person, now = request.person, request.now
    one: Amendment = queries.amendment(person, amendment_id)
    form = DecisionForm(request.POST or None)
    back = reverse("results:detail", args=[one.result.batch_id])

    def save(typed: dict[str, Any]) -> None:
        decide = actions.approve_amendment if typed["decision"] == "approve" else actions.refuse_amendment
        decide(by=person, now=now, amendment_id=one.pk, note=typed["note"])

    return screens.act(
        request,
        form,
        save,
        back=back,
        said=_("已作出决定。"),
        title=_("成绩更正决定"),
        submit=_("提交决定"),
        once=False,
        lead=_("%(name)s %(subject)s：由%(old)s更正为%(new)s。理由：%(reason)s（申请人：%(who)s）")
        % {
            "name": one.result.application.name,
            "subject": SUBJECTS[one.subject],
            "old": _("无") if one.old_mark is None else one.old_mark,
            "new": one.new_mark,
            "reason": one.reason,
            "who": one.requested_by.name,
        },
        aside=("results/_change.html", {"change": one}),
        breadcrumb=crumbs((one.result.batch.plan.title, back)),
    )
