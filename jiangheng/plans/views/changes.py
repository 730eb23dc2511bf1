"""Another day, place, hour or number of people for an accepted plan: asked, shown, decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies.forms import MOST_ROWS
from jiangheng.plans import actions, queries
from jiangheng.plans.forms import ChangePlanForm, ChangeRowForm, moved_subjects
from jiangheng.plans.models import Plan, PlanChange, PlanRow
from jiangheng.plans.views.deadlines import counted
from jiangheng.plans.views.plans import READERS, crumbs, told, venues_for
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter, display
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

Rows = forms.formset_factory(ChangeRowForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def kind_word(kind: str) -> str:
    """Whether the day moves or something else, in words."""
    return _("改期") if kind == "postpone" else _("变更")


@screens.signed_in(*READERS)
@require_safe
def changes(request: Request) -> HttpResponse:
    """The requests to change plans a person sees."""
    return screens.listing(
        request,
        queries.changes_visible_to(request.person),
        title=_("计划改期和变更"),
        kind="plan_change",
        columns=(
            Column("plan", _("认定计划"), "plan.number", link=lambda row: reverse("plans:plan_change", args=[row.pk])),
            Column("title", _("计划名称"), "plan.title"),
            Column("body", _("认定机构"), "plan.body.name", sort="plan__body__name"),
            Column("kind", _("事项"), lambda row: kind_word(row.kind)),
            Column("was", _("原考核日期"), lambda row: date.fromisoformat(row.before["exam_on"]), kind="date"),
            Column("becomes", _("申请改为"), lambda row: date.fromisoformat(row.values["exam_on"]), kind="date"),
            Column("filed_on", _("申请日期"), "filed_on_counted", kind="date", sort="filed_on"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("plan__number", "plan__title", "plan__body__name"),
        filters=(Filter("kind", _("事项"), [(kind, kind_word(kind)) for kind in ("postpone", "change")]),),
        breadcrumb=crumbs((_("改期和变更"), None)),
        empty=_("已受理的计划申请改期或变更后，会列在这里。"),
    )


@screens.signed_in(Role.BODY)
@require_http_methods(["GET", "POST"])
def propose(request: Request, plan_id: int) -> HttpResponse:
    """Ask for another day, place, hours or numbers."""
    person = request.person
    plan = queries.get(person, plan_id)
    rows = queries.rows_of(plan.pk)
    given: dict[str, Any] = {
        "venues": venues_for(person, plan.request),
        "watch": reverse("plans:deadline", args=["plan"]),
    }
    if request.method == "POST":
        form, lines = ChangePlanForm(request.POST, **given), Rows(request.POST, prefix="rows")
    else:
        form = ChangePlanForm(
            initial={
                "exam_on": plan.exam_on,
                "registration_ends_on": local_day(plan.registration_ends_at),
                "venue_id": plan.venue_id,
            },
            **given,
        )
        lines = Rows(initial=[_line(plan, row) for row in rows], prefix="rows")
    return screens.act(
        request,
        form,
        lambda _typed: _propose(request, plan, rows, form, lines),
        rows=lines,
        back=lambda made: reverse("plans:plan_change", args=[made.pk]),
        said=_("申请已提交，等待市鉴定中心同意；同意之前仍按原计划执行。"),
        title=_("申请改期或变更"),
        submit=_("提交申请"),
        lead=f"{plan.number} · {plan.title}",
        version=plan.version,
        breadcrumb=crumbs((plan.number, reverse("plans:detail", args=[plan_id]))),
        template="plans/change_form.html",
        context=lambda _refusal: {
            "lines": list(zip(told(rows), lines, strict=False)),
            "counted": counted(request, form.cleaned_data.get("exam_on") if form.is_bound else plan.exam_on, "plan"),
            "clocks": _clocks(request, plan),
        },
    )


def _clocks(request: Request, plan: Plan) -> list[dict[str, Any]]:
    calendar = values.calendar()
    law = values.law(local_day(request.now))
    found = ((_("改期"), deadlines.plan_postponed), (_("变更场地、时间、人数"), deadlines.plan_changed))
    return [{"label": label, "deadline": clock(plan.exam_on, calendar, law)} for label, clock in found]


def _line(plan: Plan, row: PlanRow) -> dict[str, Any]:
    line: dict[str, Any] = {"row_id": row.pk, "headcount": row.headcount}
    for each in row.subjects:
        moment = local_moment(datetime.fromisoformat(each["starts_at"]))
        if each["subject"] == "theory":
            line["theory_at"] = moment.time()
        elif each["subject"] == "skill":
            line |= {"skill_at": moment.time(), "skill_on": None if moment.date() == plan.exam_on else moment.date()}
    return line


def _propose(request: Request, plan: Plan, rows: list[PlanRow], form: ChangePlanForm, lines: Any) -> PlanChange:
    exam_on = form.cleaned_data["exam_on"]
    standing = {row.pk: row for row in rows}
    typed = {
        line["row_id"]: {
            "headcount": line["headcount"],
            "subjects": moved_subjects(standing[line["row_id"]].subjects, line, exam_on),
        }
        for line in lines.cleaned_data
        if line and line["row_id"] in standing
    }
    return actions.propose_change(
        by=request.person,
        now=request.now,
        plan_id=plan.pk,
        reason=form.cleaned_data["reason"],
        exam_on=exam_on,
        registration_ends_at=form.registration_ends_at(),
        venue_id=form.cleaned_data["venue_id"],
        rows=typed,
        seen=screens.seen(request),
    )


@screens.signed_in(*READERS)
@require_safe
def change(request: Request, change_id: int) -> HttpResponse:
    """One request: what was and what would be, side by side."""
    found = queries.change(request.person, change_id)
    plan = found.plan
    return screens.detail(
        request,
        found,
        title=_("%(kind)s申请：%(title)s") % {"kind": kind_word(found.kind), "title": plan.title},
        lead=f"{plan.number} · {plan.body.name}",
        facts=(
            (_("事项"), kind_word(found.kind)),
            (_("理由"), found.reason),
            (_("申请日期"), found.filed_on_counted, "day"),
            (_("取消的场次"), found.sittings_cancelled or None, "number"),
        ),
        sections=((_("变更前后对照"), "plans/_compared.html", {"pairs": compared(found, queries.rows_of(plan.pk))}),),
        threads=(("plan_change", found.pk),),
        template="plans/detail.html",
        actions=((_("查看认定计划"), reverse("plans:detail", args=[plan.pk])),),
        breadcrumb=crumbs((plan.number, reverse("plans:detail", args=[plan.pk])), (kind_word(found.kind), None)),
    )


def compared(change: PlanChange, rows: list[PlanRow]) -> list[dict[str, Any]]:
    """Each matter with its words before and after, and whether they differ."""
    before, after = change.before, change.values
    day, moment = display.day, display.moment
    pairs: list[tuple[Any, ...]] = [
        (_("考核日期"), *(day(date.fromisoformat(side["exam_on"])) for side in (before, after))),
        (
            _("报名截止"),
            *(moment(datetime.fromisoformat(side["registration_ends_at"])) for side in (before, after)),
        ),
        (_("考核场地"), before["venue"], after["venue"]),
    ]
    for row in rows:
        label = "·".join(filter(None, (row.occupation_name, row.job, display.level(row.level))))
        sides = [side["rows"].get(str(row.pk), {}) for side in (before, after)]
        pairs.append((f"{label}　{_('计划人数')}", *(side.get("headcount", "") for side in sides)))
        for place, each in enumerate(sides[0].get("subjects", [])):
            pairs.append(
                (
                    f"{label}　{display.subject(each['subject'])}",
                    *(moment(datetime.fromisoformat(side["subjects"][place]["starts_at"])) for side in sides),
                )
            )
    return [{"label": label, "before": old, "after": new, "differs": old != new} for label, old, new in pairs]
