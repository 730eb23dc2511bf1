"""Inspections: the inspector on a phone, the body, the centre."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiangheng import screens
from jiangheng.oversight import actions, checklist, queries
from jiangheng.oversight.actions.inspecting import CONCLUSIONS
from jiangheng.oversight.forms import AnswerForm, RecordForm, record_initial
from jiangheng.oversight.models import Inspection
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens import Column
from jiangheng.screens.display import word
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

SEEN_BY = (Role.CENTRE, Role.BODY, Role.EXTERNAL_SUPERVISOR, Role.INTERNAL_SUPERVISOR)


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way from the list of inspections."""
    return ((_("督导检查"), reverse("oversight:inspections")), *more)


@screens.signed_in(*SEEN_BY)
@require_GET
def inspections(request: Request) -> HttpResponse:
    """The inspections a person may see."""
    return screens.listing(
        request,
        queries.visible_to(request.person),
        title=_("督导检查"),
        breadcrumb=((_("督导检查"), None),),
        columns=(
            Column(
                "body",
                _("检查对象"),
                value="body.name",
                link=lambda row: reverse("oversight:inspection_detail", args=[row.pk]),
            ),
            Column("draw", _("抽查编号"), value="draw.number"),
            Column("plan", _("计划"), value="plan.title"),
            Column("inspected_on", _("检查日期"), kind="date", sort="inspected_on"),
            Column("conclusion", _("结论"), value=lambda row: word(CONCLUSIONS.get(row.conclusion, ""))),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("body__name", "draw__number"),
        kind="inspection",
        export="inspections",
        empty=_("双随机抽取产生的检查会出现在这里。"),
    )


def answered(one: Inspection) -> list[dict[str, Any]]:
    """The record by part, as pages show it."""
    english = (get_language() or "zh").startswith("en")
    rows = {row["item"]: row for row in one.findings}
    return [
        {
            "name": part.en if english else part.name,
            "rows": [
                {"text": item.en if english else item.text, **rows.get(item.id, {"ok": None, "remark": ""})}
                for item in part.items
            ],
        }
        for part in checklist.parts()
    ]


@screens.signed_in(*SEEN_BY)
@require_GET
def inspection(request: Request, inspection_id: int) -> HttpResponse:
    """One inspection."""
    person = request.person
    one = queries.get(person, inspection_id)
    inspecting = person.role is Role.EXTERNAL_SUPERVISOR and queries.inspects(person, one)
    told = person.role is not Role.BODY or one.state in flows.states("inspection", "told")
    names = [each.account.name for each in one.inspectors.select_related("account").order_by("id")]
    due = (
        values.calendar().after(one.inspected_on, values.law(one.inspected_on).value("publish_inspection_wd")).counted
        if one.inspected_on and person.role is Role.CENTRE
        else None
    )
    return screens.detail(
        request,
        one,
        title=one.body.name,
        breadcrumb=crumbs((one.body.name, None)),
        facts=(
            (_("抽查"), f"{one.draw.number} {one.draw.title}" if one.draw else ""),
            (_("督导员"), names),
            (_("检查的计划"), one.plan.title if one.plan else _("不指定计划")),
            (_("检查日期"), one.inspected_on, "day"),
            (_("整改期限"), one.rectify_by, "day"),
            (_("整改情况"), one.rectification),
            (_("结论"), word(CONCLUSIONS.get(one.conclusion, ""))),
            (_("反馈意见"), one.summary if told else ""),
            *(((_("应公开日期"), due, "day"),) if due else ()),
            (_("公开日期"), one.published_on, "day"),
        ),
        sections=((_("检查记录"), "oversight/_record.html", {"parts": answered(one)}),)
        if told and one.findings and not (inspecting and one.state == "ongoing")
        else (),
        actions=(
            (
                _("填写检查记录"),
                reverse("oversight:sheet", args=[one.pk]) if inspecting and one.state == "ongoing" else None,
            ),
            (
                _("提交整改情况"),
                reverse("oversight:answer", args=[one.pk])
                if person.role is Role.BODY and person.organisation_id == one.body_id and one.state == "rectifying"
                else None,
            ),
        ),
        threads=[("inspection", one.pk)] if person.role in (Role.CENTRE, Role.EXTERNAL_SUPERVISOR) else (),
    )


@screens.signed_in(Role.EXTERNAL_SUPERVISOR)
@require_http_methods(["GET", "POST"])
def sheet(request: Request, inspection_id: int) -> HttpResponse:
    """The checklist on a phone: kept as a draft, or handed in."""
    person, now = request.person, request.now
    one = queries.get(person, inspection_id)
    back = reverse("oversight:inspection_detail", args=[one.pk])
    form = RecordForm(request.POST or None, initial=record_initial(one.findings, one.summary))
    if request.method == "GET" and one.state != "ongoing":
        return HttpResponseRedirect(back)
    english = (get_language() or "zh").startswith("en")
    parts = [
        {
            "name": part.en if english else part.name,
            "rows": [
                {
                    "text": item.en if english else item.text,
                    "ok": form[f"ok_{item.id}"],
                    "remark": form[f"remark_{item.id}"],
                }
                for item in part.items
            ],
        }
        for part in checklist.parts()
    ]
    handing_in = "submit" in request.POST

    def show(refusal: Refusal | None) -> HttpResponse:
        return render(
            request,
            "oversight/sheet.html",
            {
                "title": _("检查记录：%(body)s") % {"body": one.body.name},
                "breadcrumb": crumbs((one.body.name, back), (_("检查记录"), None)),
                "lead": _("逐项选择是或否，选“否”的写明情况。可先保存草稿。"),
                "form": form,
                "parts": parts,
                "refusal": refusal,
                "version": one.version,
            },
            status=refusal.status if refusal else 422 if form.is_bound and form.errors else 200,
        )

    return screens.act(
        request,
        form,
        lambda typed: (actions.submit if handing_in else actions.save)(
            by=person,
            now=now,
            inspection_id=one.pk,
            findings=form.findings(),
            summary=typed["summary"],
            seen=screens.seen(request),
        ),
        back=back if handing_in else request.path,
        said=_("检查记录已提交。") if handing_in else _("草稿已保存。"),
        show=show,
    )


@screens.may("inspection.answer")
@require_http_methods(["GET", "POST"])
def answer(request: Request, inspection_id: int) -> HttpResponse:
    """The body says how it put things right."""
    person, now = request.person, request.now
    one = queries.of_own_body(person, inspection_id)
    back = reverse("oversight:inspection_detail", args=[one.pk])
    form = AnswerForm(request.POST or None, initial={"text": one.rectification})
    return screens.act(
        request,
        form,
        lambda typed: actions.answer(by=person, now=now, inspection_id=one.pk, seen=screens.seen(request), **typed),
        back=back,
        said=_("整改情况已提交。"),
        title=_("提交整改情况"),
        submit=_("提交"),
        once=False,
        version=one.version,
        lead=_("整改期限：%(day)s") % {"day": one.rectify_by} if one.rectify_by else "",
        breadcrumb=crumbs((one.body.name, back)),
    )
