"""Arrangement requests (附件6) and their assignment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies import queries as bodies
from jiangheng.catalog import queries as catalog
from jiangheng.plans import actions, measuring, queries
from jiangheng.plans.forms import AssignForm, RequestForm
from jiangheng.plans.models import Request, VenueReview
from jiangheng.plans.queries import desk
from jiangheng.plans.views.deadlines import counted
from jiangheng.rules import codes, flows
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.display import LEVELS
from jiangheng.screens.request import Request as WebRequest
from jiangheng.values import queries as values

ORGANISED = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way to a request's page."""
    return ((_("安排申请"), reverse("plans:request_list")), *more)


@screens.signed_in(*ORGANISED)
@require_safe
def requests(request: WebRequest) -> HttpResponse:
    """The requests a person sees."""
    person = request.person
    sponsor, office = person.role in queries.SPONSORS, person.role is Role.CENTRE
    today = local_day(request.now)

    def late(rows: QuerySet[Request], value: str) -> QuerySet[Request]:
        return queries.unanswered(rows, today) if value == "late" else rows

    return screens.listing(
        request,
        queries.requests_visible_to(person),
        title=_("安排申请"),
        lead=_("培训学校和未备案的用人单位至少提前15个工作日提出申请，由市鉴定中心指派认定机构。"),
        kind="request",
        columns=(
            Column("number", _("编号"), sort="number", link=lambda row: reverse("plans:request_detail", args=[row.pk])),
            Column("organisation", _("申请单位"), "organisation.name"),
            Column("class_name", _("培训班")),
            Column("occupation_name", _("职业"), sort="occupation_name"),
            Column("level", _("等级"), kind="level", sort="level"),
            Column("headcount", _("人数"), kind="number", sort="headcount"),
            Column("exam_on", _("拟考核日期"), kind="date", sort="exam_on"),
            Column("deadline_on", _("最迟申请日"), "deadline_on_counted", kind="date", sort="deadline_on"),
            Column("body", _("认定机构"), "body.name"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("number", "class_name", "organisation__name", "occupation_name"),
        filters=(
            Filter("level", _("等级"), list(LEVELS.items())),
            *((Filter("answer", _("机构答复"), [("late", _("逾期未答复"))], late),) if office else ()),
        ),
        links=(
            (_("异地场地审核"), reverse("plans:review_list")),
            *(((_("逾期未答复的指派"), f"{reverse('plans:request_list')}?answer=late"),) if office else ()),
        ),
        create=(_("填写安排申请"), reverse("plans:request_new")) if sponsor else None,
        export=_("安排申请"),
        empty=_("提交后的安排申请会列在这里。"),
    )


@screens.signed_in(*queries.SPONSORS)
@require_http_methods(["GET", "POST"])
def request_new(request: WebRequest) -> HttpResponse:
    """Draft 附件6."""
    return _form(request, None)


@screens.signed_in(*queries.SPONSORS)
@require_http_methods(["GET", "POST"])
def request_change(request: WebRequest, request_id: int) -> HttpResponse:
    """Change a draft or returned request."""
    return _form(request, queries.request(request.person, request_id))


def _form(request: WebRequest, found: Request | None) -> HttpResponse:
    person = request.person
    given: dict[str, Any] = {
        "venues": [
            (venue.pk, venue.name if venue.fixed else _("%(name)s（固定场地外）") % {"name": venue.name})
            for venue in bodies.venues_of(person.organisation_id or 0)
        ],
        "watch": reverse("plans:deadline", args=["request"]),
        "trainers": bodies.social_bodies(),
    }
    if found:
        given["initial"] = {name: getattr(found, name) for name in (*RequestForm.base_fields,)}
    form = RequestForm(request.POST or None, **given)

    def save(typed: dict[str, Any]) -> Request:
        values: dict[str, Any] = {"by": person, "now": request.now, **typed}
        if found is None:
            return actions.draft_request(once=screens.once(request), **values)
        return actions.change_request(request_id=found.pk, seen=screens.seen(request), **values)

    def day() -> date | None:
        return form.cleaned_data.get("exam_on") if form.is_bound else found.exam_on if found else None

    return screens.act(
        request,
        form,
        save,
        back=lambda made: reverse("plans:request_detail", args=[made.pk]),
        said=_("安排申请已保存，请核对后提交。"),
        title=_("修改安排申请") if found else _("填写安排申请"),
        submit=_("保存"),
        version=found.version if found else None,
        sections=(
            (
                _("培训班"),
                ("class_name", "class_number", "training_from", "training_to", "training_hours", "trainer_id"),
            ),
            (_("认定内容"), ("occupation_code", "job", "level", "headcount", "exam_on", "alternative_on")),
            (_("考核地点"), ("place", "venue_id")),
            (_("联系方式"), ("contact_name", "contact_phone")),
        ),
        breadcrumb=crumbs(),
        template="plans/form.html",
        context=lambda _refusal: {"counted": counted(request, day(), "request")},
    )


@screens.signed_in(*ORGANISED)
@require_safe
def request_detail(request: WebRequest, request_id: int) -> HttpResponse:
    """One request: where it stands, what may be done, what hangs on it."""
    person = request.person
    found = queries.request(person, request_id)
    plan = queries.plan_of_request(found.pk)
    reviews = list(queries.reviews_visible_to(person).filter(request_id=found.pk))
    mine = person.organisation_id == found.organisation_id
    buttons: list[tuple[Any, str | None]] = []
    if mine and found.state in flows.states("request", "editable"):
        buttons.append((_("修改申请"), reverse("plans:request_change", args=[found.pk])))
    if person.role is Role.BODY and found.state == "taken" and plan is None:
        buttons.append((_("编制认定计划"), f"{reverse('plans:new')}?request={found.pk}"))
    buttons.extend(
        (label, reverse("plans:request_on_paper", args=[found.pk, suffix]))
        for label, suffix in ((_("附件6 PDF"), "pdf"), (_("附件6 Word"), "docx"), (_("附件6 Excel"), "xlsx"))
    )
    sections: list[tuple[Any, str, dict[str, Any]]] = []
    if found.place == "off_site":
        usable = _usable(found)
        may_begin = mine and found.state in queries.ASSIGNED and not any(row.state != "refused" for row in reviews)
        sections.append(
            (
                _("异地场地审核"),
                "plans/_reviews.html",
                {"reviews": reviews, "begin": may_begin, "found": found, "usable": usable},
            )
        )
    if plan is not None and (person.role is not Role.CENTRE or plan.state != "draft"):
        sections.append((_("认定计划"), "plans/_plan_link.html", {"plan": plan, "linked": _sees(person, plan.pk)}))
    if found.state == "submitted" and found.submitted_on is not None:
        sections.append((_("指派期限"), "plans/_assignment.html", _assignment(request, found)))
    if found.state == "assigned" and found.assigned_on is not None:
        sections.append((_("答复期限"), "plans/_answer.html", _answer(request, found)))
    if found.state in flows.states("request", "editable") and mine:
        sections.append((_("申请期限"), "plans/_deadline.html", counted(request, found.exam_on, "request")))
    return screens.detail(
        request,
        found,
        title=_("安排申请 %(number)s") % {"number": found.number},
        lead=f"{found.organisation.name} · {found.class_name}",
        facts=(
            (_("申请单位"), found.organisation.name),
            (_("培训班"), " ".join(filter(None, (found.class_name, found.class_number)))),
            (_("培训起止"), _period(found)),
            (_("培训学时"), found.training_hours, "number"),
            (_("职业"), "·".join(filter(None, (found.occupation_name, found.job)))),
            (_("等级"), found.level, "level"),
            (_("人数"), found.headcount, "number"),
            (_("拟考核日期"), found.exam_on, "day"),
            (_("备选日期"), found.alternative_on, "day"),
            (_("考核地点"), _(codes.label("place", found.place))),
            (_("场地"), found.venue.name if found.venue else ""),
            (_("最迟申请日"), found.deadline_on_counted, "day"),
            (_("申请日期"), found.submitted_on_counted, "day"),
            (_("认定机构"), found.body.name if found.body else ""),
            (_("指派日期"), found.assigned_on, "day"),
            (_("指派理由"), found.assignment_reason),
            *_advised(found, person),
            (_("参与培训的机构"), found.trainer.name if found.trainer else ""),
            (_("联系人"), found.contact_name),
            (_("联系电话"), found.contact_phone),
        ),
        sections=sections,
        threads=(("request", found.pk),),
        template="plans/detail.html",
        actions=buttons,
        breadcrumb=crumbs((found.number, None)),
    )


def _answer(request: WebRequest, found: Request) -> dict[str, Any]:
    """By when the assigned body accepts or explains, counted out, and what the centre may do once that day is past."""
    today = local_day(request.now)
    law = values.law(today)
    counted_out = deadlines.assignment_answer(found.assigned_on or today, found.exam_on, values.calendar(), law)
    person = request.person
    return {
        "found": found,
        "deadline": counted_out,
        "label": _(law.rule(counted_out.key).label),
        "plan_by": deadlines.plan_filing(found.exam_on, values.calendar(), law).counted,
        "late": found.answer_by is not None and today > found.answer_by,
        "centre": person.role is Role.CENTRE,
        "ours": person.role is Role.BODY,
        "answer": {"count": counted_out.count, "days": catalog.numbered(counted_out.count)},
    }


def _assignment(request: WebRequest, found: Request) -> dict[str, Any]:
    """By when the centre assigns a body, so that it can still answer and file its plan in time."""
    today = local_day(request.now)
    calendar, law = values.calendar(), values.law(today)
    counted_out = deadlines.assignment(queries.waiting_since(found), found.exam_on, calendar, law)
    return {
        "deadline": counted_out,
        "label": _(law.rule(counted_out.key).label),
        "answer_by": deadlines.assignment_answer(counted_out.last_day, found.exam_on, calendar, law).counted,
        "plan_by": deadlines.plan_filing(found.exam_on, calendar, law).counted,
        "late": today > counted_out.last_day,
        "answer": {"count": counted_out.count, "days": catalog.numbered(counted_out.count)},
    }


def _usable(found: Request) -> VenueReview | None:
    """An approval for an earlier request that serves this one too, where the equipment still suffices."""
    if found.venue_id is None or found.body_id is None:
        return None
    earlier = (
        queries.approved_reviews(found, found.venue_id, found.body_id, found.exam_on).exclude(request=found).first()
    )
    if earlier is None or any(line.short for line in measuring.measured(found, found.venue_id, found.exam_on)):
        return None
    return earlier


def _advised(found: Request, person: Any) -> tuple[tuple[Any, ...], ...]:
    """For the centre: what was proposed when a body was assigned."""
    if not found.proposal or person.role is not Role.CENTRE:
        return ()
    reasons = "；".join(_(message) % params for message, params in found.proposal["reasons"])
    return ((_("当时的建议"), f"{found.proposal['name']}（{reasons}）"),)


def _sees(person: Any, plan_id: int) -> bool:
    return queries.visible_to(person).filter(pk=plan_id).exists()


def _period(found: Request) -> str:
    if not (found.training_from or found.training_to):
        return ""
    return f"{found.training_from or '…'} — {found.training_to or '…'}"


@screens.may("request.assign")
@require_http_methods(["GET", "POST"])
def assign(request: WebRequest, request_id: int) -> HttpResponse:
    """The bodies that might take a request, each with scope, load and conflict; the centre chooses."""
    person = request.person
    found = queries.request(person, request_id)
    today = local_day(request.now)
    choices = desk.choices_for(found, today)
    verb = "reassign" if found.state in queries.ASSIGNED else "assign"
    form: forms.Form = AssignForm(request.POST or None, choices=[(each.body.pk, each.body.name) for each in choices])
    if request.method == "GET":
        flows.step("request", found.state, verb, person.role, reason="…")
    context = {
        "title": _("改派认定机构") if verb == "reassign" else _("指派认定机构"),
        "place": found.venue.name if found.venue else found.organisation.name,
        "again": verb == "reassign",
        "free": any(each.refusal is None for each in choices),
        "late": found.state == "assigned" and found.answer_by is not None and found.answer_by < today,
        "lead": f"{found.organisation.name} · {found.occupation_name} · {codes.level_name(found.level)}",
        "found": found,
        "choices": [
            {"each": each, "reasons": [_(message) % params for message, params in each.reasons]} for each in choices
        ],
        "form": form,
        "version": found.version,
        "chosen": request.POST.get("body_id") or next((str(each.body.pk) for each in choices if each.proposed), ""),
        "breadcrumb": crumbs((found.number, reverse("plans:request_detail", args=[found.pk]))),
    }

    def show(refusal: Refusal | None) -> HttpResponse:
        status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
        return render(request, "plans/assign.html", {**context, "refusal": refusal}, status=status)

    return screens.act(
        request,
        form,
        lambda typed: (actions.reassign if verb == "reassign" else actions.assign)(
            by=person, now=request.now, request_id=request_id, seen=screens.seen(request), **typed
        ),
        back=reverse("plans:request_detail", args=[request_id]),
        said=_("已指派认定机构，并已通知双方。"),
        show=show,
    )
