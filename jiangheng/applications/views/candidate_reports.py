"""MembershipList-ups (四（四）): counts and checks, the report with its receipt, the centre's answer, corrections and history."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiangheng import screens
from jiangheng.applications import actions, forms, receipts
from jiangheng.applications.models import CandidateReport
from jiangheng.applications.queries import candidate_reports
from jiangheng.rules import flows
from jiangheng.rules.applications import candidate_report as rules
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display
from jiangheng.screens.request import Request

READERS = (Role.CENTRE, Role.BODY)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"report": N_("上报"), "correct": N_("更正")}
MOST_CORRECTIONS = 200


@screens.signed_in(*READERS)
@require_safe
def index(request: Request) -> HttpResponse:
    """MembershipList-ups: a body's own with the plans that still lack one, for the centre what was reported."""
    person = request.person
    return screens.listing(
        request,
        candidate_reports.visible_to(person),
        title=_("考生信息汇总"),
        kind="candidate_report",
        columns=(
            screens.Column("number", _("回执编号"), sort="number", link=_address),
            screens.Column("plan", _("计划"), lambda row: f"{row.plan.number} {row.plan.title}"),
            screens.Column("body", _("认定机构"), "body.name"),
            screens.Column("exam_on", _("考试日期"), "plan.exam_on", kind="date", sort="plan__exam_on"),
            screens.Column("due_on", _("上报截止"), "due_on_counted", kind="date", sort="due_on"),
            screens.Column("people", _("人数"), kind="number"),
            screens.Column("revision", _("版次"), kind="number"),
            screens.Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("number", "plan__title"),
        empty=_("计划受理、报名审核完毕后，在这里汇总并上报考生信息。"),
        export=_("考生信息汇总"),
        lead=_("按职业（工种）、技能等级汇总报名信息，上报市鉴定中心（四（四））。"),
        template="applications/candidate_reports.html",
        context={
            "plans": [
                (each, reverse("applications:candidate_report_open", args=[each.pk]))
                for each in candidate_reports.open_plans(person)
            ]
            if person.role is Role.BODY
            else [],
        },
    )


def _address(candidate_report: CandidateReport) -> str:
    return reverse("applications:candidate_report", args=[candidate_report.pk])


@screens.may("candidate_report.open")
@require_POST
def begin(request: Request, plan_id: int) -> HttpResponse:
    """Begin a plan's candidate report, or go to the one there is."""
    made = actions.open_candidate_report(by=request.person, now=request.now, plan_id=plan_id)
    return HttpResponseRedirect(_address(made))


@screens.signed_in(*READERS)
@require_safe
def detail(request: Request, candidate_report_id: int) -> HttpResponse:
    """One candidate report: where it stands, counts by occupation and level, checks, candidates, revisions and corrections."""
    person = request.person
    candidate_report = candidate_reports.get(person, candidate_report_id)
    own = person.role is Role.BODY
    kept = candidate_reports.revisions(candidate_report)
    found, checked = candidate_reports.before_report(candidate_report) if own else ([], [])
    fresh = candidate_reports.unreported(candidate_report) if own and candidate_report.revision else 0
    counts = rules.counts(found) if own and not kept else kept[0].counts if kept else []
    late = (
        own
        and candidate_report.state in flows.states("candidate_report", "editable")
        and local_day(request.now) > candidate_report.due_on
    )
    sections: list[tuple[Any, str, dict[str, Any]]] = [
        (
            _("按职业、等级汇总") if not kept else _("按职业、等级汇总（第 %(n)s 版）") % {"n": kept[0].number},
            "applications/_candidate_report_counts.html",
            {"counts": [_counted(each) for each in counts]},
        )
    ]
    if own:
        sections.append(
            (
                _("上报前核对"),
                "applications/_candidate_report_checks.html",
                {
                    "checks": [_checked(each) for each in checked],
                    "fresh": fresh,
                    "late": late,
                    "candidate_report": candidate_report,
                },
            )
        )
    if kept:
        sections += [
            (
                _("上报与更正记录"),
                "applications/_candidate_report_history.html",
                {
                    "candidate_report": candidate_report,
                    "revisions": [(each, _(KINDS[each.kind])) for each in kept],
                    "corrections": list(candidate_reports.corrections(candidate_report)[:MOST_CORRECTIONS]),
                },
            )
        ]
    links: list[tuple[str, str]] = []
    if own and candidate_report.state in flows.states("candidate_report", "correctable"):
        links.append((_("更正考生信息"), reverse("applications:candidate_report_people", args=[candidate_report.pk])))
    return screens.detail(
        request,
        candidate_report,
        title=f"{_('考生信息汇总')} {candidate_report.number}",
        breadcrumb=((_("考生信息汇总"), reverse("applications:candidate_reports")), (candidate_report.number, None)),
        facts=(
            (_("认定机构"), candidate_report.body.name),
            (_("计划"), f"{candidate_report.plan.number} {candidate_report.plan.title}"),
            (_("考试日期"), candidate_report.plan.exam_on, "day"),
            (_("上报截止（默认值，通知未规定）"), candidate_report.due_on_counted, "day"),
            (_("上报人数"), candidate_report.people, "number"),
            (_("版次"), candidate_report.revision, "number"),
            (_("上报时间"), candidate_report.reported_at, "moment"),
            (_("接收时间"), candidate_report.received_at, "moment"),
        ),
        sections=sections,
        threads=(("candidate_report", candidate_report.pk),),
        actions=links,
        template="applications/candidate_report.html",
    )


def _counted(each: dict[str, Any]) -> dict[str, Any]:
    return {
        **each,
        "what": each["job"] or each["occupation"],
        "level": display.level(each["level"]),
        "routes": [(name or _("未填"), n) for name, n in each["routes"].items()],
        "sources": [(_(name) if name else _("未填"), n) for name, n in each["sources"].items()],
    }


def _checked(each: rules.Check) -> dict[str, Any]:
    good, bad = rules.SENTENCES[each.code]
    tone = "good" if each.held else "bad" if each.severity == rules.ERROR else "waiting"
    words = _("符合") if each.held else _("须更正") if each.severity == rules.ERROR else _("须说明")
    return {
        "tag": display.tag(words, tone),
        "said": _(good) if each.held else _(bad) % {"n": each.count},
        "details": each.details,
        "more": max(0, each.count - len(each.details)) if each.details else 0,
    }


@screens.signed_in(*READERS)
@require_POST
def export(request: Request, candidate_report_id: int, revision: int) -> HttpResponse:
    """The workbook of a revision; asked for by a button, since every number shown is journalled."""
    name, data = actions.export_candidate_report(
        by=request.person,
        now=request.now,
        candidate_report_id=candidate_report_id,
        revision=revision,
    )
    return _attached(data, XLSX, name)


@screens.signed_in(*READERS)
@require_safe
def receipt(request: Request, candidate_report_id: int, revision: int) -> HttpResponse:
    """The receipt of a revision as PDF."""
    candidate_report = candidate_reports.get(request.person, candidate_report_id)
    kept = candidate_reports.revision(candidate_report, revision)
    data = receipts.candidate_report_receipt(candidate_report, kept, candidate_reports.template(candidate_report).name)
    return _attached(
        data, "application/pdf", _("回执 %(number)s-%(n)s.pdf") % {"number": candidate_report.number, "n": revision}
    )


def _attached(data: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@screens.signed_in(Role.BODY)
@require_safe
def people(request: Request, candidate_report_id: int) -> HttpResponse:
    """The reported candidates, to choose whose data are corrected."""
    candidate_report = candidate_reports.get(request.person, candidate_report_id)
    return screens.listing(
        request,
        candidate_reports.standing_lines(candidate_report),
        title=_("更正考生信息"),
        lead=_("选择要更正的考生。更正保留原值，并报市鉴定中心确认（四（四））。"),
        breadcrumb=(
            (_("考生信息汇总"), reverse("applications:candidate_reports")),
            (candidate_report.number, _address(candidate_report)),
            (_("更正考生信息"), None),
        ),
        columns=(
            screens.Column(
                "number",
                _("报名序号"),
                sort="number",
                link=lambda row: reverse("applications:candidate_report_correct", args=[candidate_report.pk, row.pk]),
            ),
            screens.Column("name", _("姓名"), sort="name"),
            screens.Column("document", _("证件号码"), "identity.number_masked"),
            screens.Column("what", _("职业（工种）"), lambda row: row.job or row.occupation_name),
            screens.Column("level", _("等级"), kind="level", sort="level"),
            screens.Column("from", _("报名单位"), lambda row: row.sponsor.name if row.sponsor else _("个人")),
        ),
        order="id",
        empty=_("还没有上报的考生。"),
    )


@screens.signed_in(Role.BODY)
def correct(request: Request, candidate_report_id: int, application_id: int) -> HttpResponse:
    """Correct one reported candidate: what is changed, why; the old values stay."""
    person, now = request.person, request.now
    candidate_report = candidate_reports.get(person, candidate_report_id)
    application = candidate_reports.candidate(candidate_report, application_id)
    form = forms.CorrectionForm(
        request.POST if request.method == "POST" else None, columns=actions.CORRECTABLE, given=application.form
    )
    return screens.act(
        request,
        form,
        lambda typed: actions.correct_candidate_report(
            by=person,
            now=now,
            candidate_report_id=candidate_report_id,
            application_id=application_id,
            values=form.changed(),
            note=typed["reason"],
            seen=screens.seen(request),
            once=screens.once(request),
        ),
        back=_address(candidate_report),
        said=_("已更正，原值已保留，待市鉴定中心确认。"),
        title=_("更正考生信息"),
        submit=_("确认更正"),
        lead=f"{application.number} {application.name} {application.identity.number_masked}",
        version=candidate_report.version,
        breadcrumb=(
            (candidate_report.number, _address(candidate_report)),
            (_("更正考生信息"), reverse("applications:candidate_report_people", args=[candidate_report.pk])),
            (application.number, None),
        ),
        sections=((_("更正理由"), ("reason",)), (_("考生信息（只改有误的栏目）"), tuple(form.column_names))),
        aside=_("姓名和证件号码不能在这里更正。更正后重新判断申报条件，不再满足的不能更正。"),
    )
