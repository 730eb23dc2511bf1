"""Plans (附件5) and their steps."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies import queries as bodies
from jiangheng.bodies.forms import MOST_ROWS, typed, typed_rows
from jiangheng.plans import actions, checks, queries
from jiangheng.plans.forms import CopyForm, PlanForm, PlanRowForm, subjects_of
from jiangheng.plans.models import Plan, Request
from jiangheng.plans.views.deadlines import counted
from jiangheng.rules import codes, flows
from jiangheng.rules.counted_day import PROVISIONAL
from jiangheng.rules.days import deadlines, periods
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.given import PlanGiven, PlanRowGiven
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.display import LEVELS, number
from jiangheng.screens.request import Request as WebRequest
from jiangheng.values import queries as values

READERS = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.EXTERNAL_SUPERVISOR)
Rows = forms.formset_factory(PlanRowForm, extra=0, min_num=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
Growing = forms.formset_factory(PlanRowForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way to a plan's page."""
    return ((_("认定计划"), reverse("plans:list")), *more)


@screens.signed_in(*READERS)
@require_safe
def plans(request: WebRequest) -> HttpResponse:
    """The plans a person sees."""
    person = request.person
    files = person.role is Role.BODY
    return screens.listing(
        request,
        queries.visible_to(person).prefetch_related("rows"),
        title=_("认定计划"),
        kind="plan",
        columns=(
            Column("number", _("编号"), sort="number", link=lambda row: reverse("plans:detail", args=[row.pk])),
            Column("title", _("计划名称")),
            Column("body", _("认定机构"), "body.name", sort="body__name"),
            Column("headcount", _("人数"), lambda row: sum(each.headcount for each in row.rows.all()), kind="number"),
            Column("exam_on", _("考核日期"), kind="date", sort="exam_on"),
            Column("deadline_on", _("最迟报送日"), "deadline_on_counted", kind="date", sort="deadline_on"),
            Column("filed_on", _("报送日期"), "filed_on_counted", kind="date", sort="filed_on"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("number", "title", "body__name"),
        filters=(
            Filter(
                "level", _("等级"), list(LEVELS.items()), lambda rows, value: rows.filter(rows__level=value).distinct()
            ),
        ),
        order=("-exam_on", "-id"),
        create=(_("编制计划"), reverse("plans:new")) if files else None,
        links=_ways(person),
        export=_("认定计划"),
        empty=_("认定机构报送的计划会列在这里。"),
    )


def _ways(person: Any) -> tuple[tuple[Any, str], ...]:
    changes = ((_("改期和变更"), reverse("plans:changes")),)
    return (*changes, (_("复制上次计划"), reverse("plans:copy_last"))) if person.role is Role.BODY else changes


@screens.signed_in(Role.BODY)
@require_http_methods(["GET", "POST"])
def plan_new(request: WebRequest) -> HttpResponse:
    """Draft 附件5, alone or from a request taken on (``?request=``)."""
    asked = request.GET.get("request", "")
    wanted = None
    if asked.isascii() and asked.isdigit():
        wanted = queries.request(request.person, int(asked[:18]))
    return _form(request, None, wanted)


@screens.signed_in(Role.BODY)
@require_http_methods(["GET", "POST"])
def plan_change(request: WebRequest, plan_id: int) -> HttpResponse:
    """Change a draft or returned plan."""
    plan = queries.get(request.person, plan_id)
    return _form(request, plan, plan.request)


def venues_for(person: Any, wanted: Request | None) -> list[tuple[int, str]]:
    """The places a plan may be held at: the body's own and the applicant's."""
    owners = [person.organisation_id or 0] + ([wanted.organisation_id] if wanted else [])
    return [
        (venue.pk, venue.name if venue.organisation_id == owners[0] else f"{venue.name}（{venue.organisation.name}）")
        for venue in bodies.venues_visible_to(person).filter(organisation_id__in=owners).order_by("name")
    ]


def _form(request: WebRequest, plan: Plan | None, wanted: Request | None) -> HttpResponse:
    person = request.person
    given: dict[str, Any] = {"venues": venues_for(person, wanted), "watch": reverse("plans:deadline", args=["plan"])}
    grows = "add_row" in request.POST
    exam_on = None
    if request.method == "POST" and not grows:
        form, rows = PlanForm(request.POST, **given), Rows(request.POST, prefix="rows")
    elif grows:
        form = PlanForm(initial=typed(PlanForm, request.POST), **given)
        rows = Growing(initial=[*typed_rows(PlanRowForm, request.POST, "rows"), {}][:MOST_ROWS], prefix="rows")
    elif plan is not None:
        form = PlanForm(initial=_head(plan), **given)
        rows = Growing(initial=[_line(plan, row) for row in queries.rows_of(plan.pk)], prefix="rows")
        exam_on = plan.exam_on
    elif wanted is not None:
        head = {"exam_on": wanted.exam_on, "venue_id": wanted.venue_id, "candidate_source": "public"}
        line = {name: getattr(wanted, name) for name in ("occupation_code", "job", "level", "headcount")}
        form, rows = PlanForm(initial=head, **given), Growing(initial=[line], prefix="rows")
        exam_on = wanted.exam_on
    else:
        form, rows = PlanForm(initial=_usual(person), **given), Rows(prefix="rows")
    return screens.act(
        request,
        form,
        lambda _typed: _save(request, plan, wanted, form, rows),
        rows=rows,
        back=lambda made: reverse("plans:detail", args=[made.pk]),
        said=_("计划已保存，请核对检查结果后报送。"),
        title=_("修改认定计划") if plan else _("编制认定计划"),
        submit=_("保存"),
        lead=_("承接安排申请 %(number)s（%(sponsor)s）")
        % {"number": wanted.number, "sponsor": wanted.organisation.name}
        if wanted
        else "",
        version=plan.version if plan else None,
        breadcrumb=crumbs(),
        template="plans/plan_form.html",
        context=lambda _refusal: {
            "rows_title": _("职业、等级和时间"),
            "rows_lead": _("科目、时长按职业标准带出，保存后可在计划页核对。"),
            "row_word": _("增加一行职业等级"),
            "counted": counted(request, form.cleaned_data.get("exam_on") if form.is_bound else exam_on, "plan"),
        },
    )


def _usual(person: Any) -> dict[str, Any]:
    last = queries.last_plan(person.organisation_id or 0)
    if last is None:
        return {}
    return {name: getattr(last, name) for name in ("venue_id", "candidate_source", "paper_source", "open_to_public")}


def _head(plan: Plan) -> dict[str, Any]:
    names = ("title", "exam_on", "venue_id", "candidate_source", "paper_source", "open_to_public")
    more = {name: getattr(plan, name) for name in (*names, "contact_name", "contact_phone")}
    return {**more, "registration_ends_on": local_day(plan.registration_ends_at)}


def _line(plan: Plan, row: Any) -> dict[str, Any]:
    line = {each.name: getattr(row, each.name) for each in fields(PlanRowGiven) if each.name != "subjects"}
    for each in row.subjects:
        moment = local_moment(datetime.fromisoformat(each["starts_at"]))
        if each["subject"] == "theory":
            line |= {"theory_at": moment.time(), "theory_method": each["method"]}
        elif each["subject"] == "skill":
            line |= {"skill_at": moment.time(), "skill_on": None if moment.date() == plan.exam_on else moment.date()}
    return line


def _save(request: WebRequest, plan: Plan | None, wanted: Request | None, form: PlanForm, rows: Any) -> Plan:
    head = dict(form.cleaned_data)
    head.pop("registration_ends_on")
    own = [each.name for each in fields(PlanRowGiven) if each.name != "subjects"]
    body_id = plan.body_id if plan is not None else request.person.organisation_id
    lines = [
        PlanRowGiven(**{name: row[name] for name in own}, subjects=subjects_of(row, head["exam_on"], body_id))
        for row in rows.cleaned_data
        if row
    ]
    given = PlanGiven(**head, registration_ends_at=form.registration_ends_at(), rows=lines)
    by, now = request.person, request.now
    if plan is not None:
        return actions.change(by=by, now=now, plan_id=plan.pk, given=given, seen=screens.seen(request))
    request_id = wanted.pk if wanted else None
    return actions.draft(by=by, now=now, given=given, request_id=request_id, once=screens.once(request))


@screens.signed_in(*READERS)
@require_safe
def plan(request: WebRequest, plan_id: int) -> HttpResponse:
    """One plan: where it stands, what may be done, what stands in the way, its rows, its story."""
    person = request.person
    found = queries.get(person, plan_id)
    rows = queries.rows_of(found.pk)
    mine = person.organisation_id == found.body_id and person.role is Role.BODY
    open_draft = mine and found.state in flows.states("plan", "editable")
    sections: list[tuple[Any, str, dict[str, Any]]] = []
    if open_draft:
        sections.append((_("报送前检查"), "plans/_checks.html", {"checks": checks.before_filing(found, request.now)}))
        sections.append((_("报送期限"), "plans/_deadline.html", counted(request, found.exam_on, "plan")))
    sections.append((_("职业、等级和科目"), "plans/_rows.html", {"lines": told(rows)}))
    changes = list(queries.changes_visible_to(person).filter(plan_id=found.pk))
    if changes:
        sections.append((_("改期和变更"), "plans/_changes.html", {"changes": changes}))
    buttons: list[tuple[Any, str | None]] = []
    if open_draft:
        buttons.append((_("修改计划"), reverse("plans:change", args=[found.pk])))
    if mine and found.state in flows.FLOWS["plan"].live:
        buttons.append((_("申请改期或变更"), reverse("plans:propose", args=[found.pk])))
    if mine:
        buttons.append((_("复制为新计划"), reverse("plans:copy", args=[found.pk])))
    for label, suffix in ((_("附件5 PDF"), "pdf"), (_("附件5 Word"), "docx"), (_("附件5 Excel"), "xlsx")):
        buttons.append((label, reverse("plans:on_paper", args=[found.pk, suffix])))
    return screens.detail(
        request,
        found,
        title=found.title,
        lead=f"{found.number} · {found.body.name}",
        facts=(
            (_("认定机构"), found.body.name),
            (_("考核日期"), found.exam_on, "day"),
            (_("考核场地"), f"{found.venue.name}（{found.venue.address}）"),
            (_("报名截止"), found.registration_ends_at, "moment"),
            (_("考生来源"), _(codes.label("candidate_group", found.candidate_source))),
            (_("试题来源"), _(codes.label("paper_source", found.paper_source))),
            (_("接受个人网上报名"), found.open_to_public),
            (_("安排申请"), found.request.number if found.request else ""),
            (_("最迟报送日"), found.deadline_on_counted, "day"),
            (_("报送日期"), found.filed_on_counted, "day"),
            (_("提前工作日数"), _notice(found), "number"),
            *_acceptance(request, found),
            *_kept(found),
            (_("联系人"), found.contact_name),
            (_("联系电话"), found.contact_phone),
        ),
        sections=sections,
        threads=(("plan", found.pk),),
        template="plans/detail.html",
        actions=buttons,
        breadcrumb=crumbs((found.number, None)),
    )


def _acceptance(request: WebRequest, found: Plan) -> tuple[tuple[Any, ...], ...]:
    """While a plan waits for the centre: the day by which it is accepted or returned."""
    if found.state != "submitted" or found.filed_on is None:
        return ()
    law = values.law(local_day(request.now))
    return ((_("受理期限"), deadlines.plan_acceptance(found.filed_on, values.calendar(), law).counted, "day"),)


def _notice(found: Plan) -> str:
    words = number(found.notice_workdays)
    return words + (_(PROVISIONAL) if found.notice_provisional else "")


def _kept(found: Plan) -> tuple[tuple[Any, ...], ...]:
    """Once a plan was held: until which day its papers and its records are kept (四（一）)."""
    if found.state != "completed":
        return ()
    paper, electronic = periods.kept_until(found.exam_on, values.law(found.exam_on))
    return ((_("纸质档案保存至"), paper, "day"), (_("电子档案保存至"), electronic, "day"))


def told(rows: list[Any]) -> list[dict[str, Any]]:
    """The rows of a plan with their subjects in words."""
    return [
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
        for row in rows
    ]


@screens.signed_in(Role.BODY)
@require_safe
def copy_last(request: WebRequest) -> HttpResponse:
    """To the copying of the body's newest plan; to a new one where there is none."""
    last = queries.last_plan(request.person.organisation_id or 0)
    return redirect("plans:copy", last.pk) if last else redirect("plans:new")


@screens.may("plan.copy")
@require_http_methods(["GET", "POST"])
def plan_copy(request: WebRequest, plan_id: int) -> HttpResponse:
    """Draft a new plan like this one for another day."""
    person = request.person
    found = queries.get(person, plan_id)
    form = CopyForm(request.POST or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.copy(
            by=person,
            now=request.now,
            plan_id=plan_id,
            exam_on=typed["exam_on"],
            once=screens.once(request),
        ),
        back=lambda made: reverse("plans:detail", args=[made.pk]),
        said=_("已复制为新计划，请核对后报送。"),
        title=_("复制认定计划"),
        lead=f"{found.number} · {found.title}",
        submit=_("复制"),
        breadcrumb=crumbs((found.number, reverse("plans:detail", args=[plan_id]))),
    )
