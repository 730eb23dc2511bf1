"""Result batches for bodies, the centre and sponsors."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiangheng import screens
from jiangheng.results import actions, queries
from jiangheng.results.forms import MarkForm
from jiangheng.results.models import Result, ResultBatch
from jiangheng.rules import flows
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.display import SUBJECTS, tag
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

FIRST = 20
OFFICES = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way from the list of batches."""
    return ((_("成绩与公示"), reverse("results:list")), *more)


@screens.signed_in(*OFFICES)
@require_GET
def batches(request: Request) -> HttpResponse:
    """The batches a person may see."""
    person: Person = request.person
    body = person.role is Role.BODY
    return screens.listing(
        request,
        queries.visible_to(person),
        title=_("成绩与公示"),
        breadcrumb=((_("成绩与公示"), None),),
        columns=(
            Column(
                "title", _("认定计划"), value="plan.title", link=lambda row: reverse("results:detail", args=[row.pk])
            ),
            Column("number", _("计划编号"), value="plan.number"),
            *(() if body else (Column("body", _("认定机构"), value="body.name"),)),
            Column("exam_on", _("考试日期"), value="plan.exam_on", kind="date", sort="plan__exam_on"),
            Column(
                "publicity_ends_on",
                _("公示截止"),
                "publicity_ends_on_counted",
                kind="date",
                sort="publicity_ends_on",
            ),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("plan__title", "plan__number"),
        create=(_("汇总成绩"), reverse("results:waiting")) if body else None,
        links=((_("公示异议"), reverse("results:objections")),) if person.role in (Role.CENTRE, Role.BODY) else (),
        kind="result_batch",
        export="results",
        empty=_("考试结束并签署考场记录后，认定机构汇总的成绩会出现在这里。"),
    )


@screens.signed_in(Role.BODY)
@require_GET
def waiting(request: Request) -> HttpResponse:
    """Plans examined whose results wait to be collected."""
    return screens.listing(
        request,
        queries.uncollected(request.person),
        title=_("待汇总成绩的计划"),
        lead=_("所有场次的考场记录签署完毕后，才能汇总成绩。"),
        breadcrumb=crumbs((_("汇总成绩"), None)),
        columns=(
            Column("title", _("认定计划"), link=lambda row: reverse("results:collect", args=[row.pk])),
            Column("number", _("计划编号")),
            Column("exam_on", _("考试日期"), kind="date", sort="exam_on"),
            Column("held", _("已签记录的场次"), kind="number"),
        ),
        search=("title", "number"),
        order=("-exam_on", "-id"),
        empty=_("没有待汇总的计划。请先在考试场次中结束考试并由两人签署考场记录。"),
    )


@screens.may("results.collect")
@require_http_methods(["GET", "POST"])
def collect(request: Request, plan_id: int) -> HttpResponse:
    """Collect one plan's results."""
    person, now = request.person, request.now
    plan = queries.plan_for(person, plan_id)
    return screens.act(
        request,
        forms.Form(screens.posted(request)),
        lambda _typed: actions.collect(by=person, now=now, plan_id=plan.pk, once=screens.once(request)),
        back=lambda made: reverse("results:detail", args=[made.pk]),
        said=_("成绩已汇总，请核对后提交第二人复核。"),
        title=_("汇总成绩"),
        submit=_("汇总成绩"),
        lead=_("%(plan)s：理论成绩由系统判卷，技能成绩取各考评员评分的平均数，缺考和违纪按考场记录。")
        % {"plan": plan.title},
        breadcrumb=crumbs((_("待汇总成绩的计划"), reverse("results:waiting"))),
    )


@screens.signed_in(*OFFICES)
@require_GET
def batch(request: Request, batch_id: int) -> HttpResponse:
    """One batch: where it stands, its figures, what may be done, its objections and changes."""
    person, now = request.person, request.now
    one = queries.get(person, batch_id)
    today = local_day(now)
    law = values.law(one.plan.exam_on)
    office = person.role in (Role.CENTRE, Role.BODY)
    figures = queries.figures(one, Decimal(law.value("pass_mark")))
    review_by = (
        deadlines.centre_review(one.reported_on, values.calendar(), values.law(one.reported_on)).counted
        if one.reported_on and one.state == "reported"
        else None
    )
    facts: list[tuple[Any, ...]] = [
        (_("认定计划"), f"{one.plan.title}（{one.plan.number}）"),
        (_("认定机构"), one.body.name),
        (_("考试日期"), one.plan.exam_on, "day"),
    ]
    if office:
        facts += [
            (_("登记提交人"), one.entered_by.name if one.entered_by else ""),
            (_("复核确认人"), one.confirmed_by.name if one.confirmed_by else ""),
        ]
    facts += [
        (_("公示开始"), one.published_on, "day"),
        (_("公示截止"), one.publicity_ends_on_counted, "day"),
        (_("上报日期"), one.reported_on, "day"),
        *(((_("应审核完毕"), review_by, "day"),) if review_by else ()),
        (_("审核通过日期"), one.approved_on, "day"),
    ]
    sections: list[tuple[Any, str, dict[str, Any]]] = []
    if office:
        sections.append((_("人数"), "results/_figures.html", {"figures": figures, "hints": _hints(figures)}))
    rows = _rows(person, one)
    shown = {
        "rows": rows,
        "reviewed": any(row["review_shown"] for row in rows),
        "all": reverse("results:marks", args=[one.pk]),
    }
    sections.append((_("成绩"), "results/_marks.html", shown))
    if office:
        objections = list(queries.objections_visible_to(person).filter(batch=one)[:50])
        changes = list(queries.amendments_visible_to(person).filter(result__batch=one)[:50])
        sections.append((_("公示异议"), "results/_objections.html", {"objections": objections, "today": today}))
        sections.append((_("成绩更正"), "results/_changes.html", {"changes": changes}))
    actions_shown = [
        (_("查看公示页"), reverse("results:notice", args=[one.pk]) if one.state == "published" else None),
        (_("全部成绩"), reverse("results:marks", args=[one.pk])),
    ]
    return screens.detail(
        request,
        one,
        title=one.plan.title,
        breadcrumb=crumbs((one.plan.title, None)),
        facts=facts,
        sections=sections,
        actions=actions_shown,
        threads=[("result_batch", one.pk), *(("objection", pk) for pk in one.objections.values_list("pk", flat=True))]
        if office
        else (),
    )


def _rows(person: Person, one: ResultBatch) -> list[dict[str, Any]]:
    """The first rows of a batch as its page shows them."""
    rows = queries.results_visible_to(person).filter(batch=one).order_by("application__ticket__number", "id")
    return [
        {
            "ticket": row.application.ticket.number if hasattr(row.application, "ticket") else "",
            "name": row.application.name,
            "conclusion": conclusion(row),
            **{f"{subject}_shown": shown_mark(row, subject) for subject in queries.SUBJECTS},
        }
        for row in rows[:FIRST]
    ]


def _hints(figures: queries.Figures) -> list[str]:
    """Figures worth a second look; never a judgement."""
    hints = []
    if figures.candidates and figures.passed == figures.candidates - figures.absent and figures.passed >= 10:
        hints.append(_("参考人员全部合格（%(count)s人）。") % {"count": figures.passed})
    sat = figures.candidates - figures.absent
    if sat >= 10 and figures.at_pass_mark * 5 >= sat:
        hints.append(_("恰为合格线的成绩有%(count)s人。") % {"count": figures.at_pass_mark})
    if figures.candidates >= 10 and figures.absent * 3 >= figures.candidates:
        hints.append(_("缺考%(count)s人，占应考三分之一以上。") % {"count": figures.absent})
    return hints


def conclusion(row: Result) -> Any:
    """Passed, failed, absent or void, as a badge."""
    subjects = queries.required(row)
    if row.passed:
        return tag(_("合格"), "good")
    if row.voided:
        return tag(_("违纪作废"), "bad")
    if subjects and all(subject in row.absent for subject in subjects):
        return tag(_("缺考"), "neutral")
    return tag(_("不合格"), "neutral")


def shown_mark(row: Result, subject: str) -> str:
    """A mark as a list shows it: the figure, 缺考, 作废, a dash for a subject not sat."""
    if subject not in queries.required(row):
        return ""
    if subject in row.voided:
        return _("作废")
    if subject in row.absent:
        return _("缺考")
    mark = getattr(row, subject)
    return _("未登记") if mark is None else f"{mark:f}"


@screens.signed_in(*OFFICES)
@require_GET
def marks(request: Request, batch_id: int) -> HttpResponse:
    """Every result of a batch, with a filter by outcome."""
    person = request.person
    one = queries.get(person, batch_id)
    changing = person.role is Role.BODY and one.state in flows.states("result_batch", "collecting")
    amending = person.role in (Role.BODY, Role.CENTRE) and one.state in flows.states("result_batch", "amendable")
    outcomes = {
        "passed": Q(passed=True),
        "absent": Q(theory=None, skill=None, review=None),
        "failed": Q(passed=False) & ~Q(theory=None, skill=None, review=None),
    }
    columns = [
        Column("ticket", _("准考证号"), value="application.ticket.number"),
        Column("name", _("姓名"), value="application.name", sort="application__name"),
        Column("identity", _("证件号码"), value="application.identity.number_masked"),
        Column("occupation", _("职业"), value="application.occupation_name"),
        Column("level", _("等级"), value="application.level", kind="level"),
        *(
            Column(subject, SUBJECTS[subject], value=partial(shown_mark, subject=subject), sort=subject)
            for subject in queries.SUBJECTS
        ),
        Column("passed", _("结论"), value=conclusion, sort="passed"),
    ]
    if changing:
        columns.append(
            Column(
                "change",
                _("办理"),
                value=lambda _row: _("登记或更正"),
                link=lambda row: reverse("results:mark", args=[one.pk, row.pk]),
            )
        )
    elif amending:
        columns.append(
            Column(
                "change",
                _("办理"),
                value=lambda _row: _("申请更正"),
                link=lambda row: reverse("results:amend", args=[one.pk, row.pk]),
            )
        )
    return screens.listing(
        request,
        queries.results_visible_to(person).filter(batch=one),
        title=_("成绩：%(plan)s") % {"plan": one.plan.title},
        breadcrumb=crumbs((one.plan.title, reverse("results:detail", args=[one.pk])), (_("全部成绩"), None)),
        columns=columns,
        search=("application__name", "application__ticket__number"),
        filters=(
            Filter(
                "outcome",
                _("结论"),
                (("passed", _("合格")), ("failed", _("不合格")), ("absent", _("缺考"))),
                field=lambda rows, value: rows.filter(outcomes[value]),
            ),
        ),
        order=("application__ticket__number", "id"),
        export="marks",
        empty=_("没有考生成绩。"),
    )


@screens.may("results.enter_mark")
@require_http_methods(["GET", "POST"])
def mark(request: Request, batch_id: int, result_id: int) -> HttpResponse:
    """Type or correct one mark while the batch is collected."""
    person, now = request.person, request.now
    one = queries.result(person, result_id)
    if one.batch_id != batch_id:
        raise Http404
    form = MarkForm(request.POST or None, subjects=queries.required(one))
    return screens.act(
        request,
        form,
        lambda given: actions.enter_mark(by=person, now=now, result_id=one.pk, seen=screens.seen(request), **given),
        back=reverse("results:marks", args=[batch_id]),
        said=_("已登记%(name)s的成绩。") % {"name": one.application.name},
        title=_("登记成绩：%(name)s") % {"name": one.application.name},
        submit=_("保存"),
        version=one.version,
        once=False,
        aside=(
            "results/_history.html",
            {"row": one, "history": list(one.history.all()), "subjects": queries.required(one)},
        ),
        breadcrumb=crumbs(
            (one.batch.plan.title, reverse("results:detail", args=[batch_id])),
            (_("全部成绩"), reverse("results:marks", args=[batch_id])),
        ),
    )
