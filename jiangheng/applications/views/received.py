"""Applications: the list, one with its story, a step of its flow, its files."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.applications import forms, queries
from jiangheng.applications.models import Application
from jiangheng.applications.queries import desk
from jiangheng.applications.views import access_arrangements, wording
from jiangheng.files import preview
from jiangheng.journal.queries import absent
from jiangheng.people import actions as people
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display
from jiangheng.screens.attachments import attachment, picture
from jiangheng.screens.request import Request

STAFF = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)
SOURCES = {"person": N_("个人网报"), "roster": N_("花名册"), "entry": N_("单位录入")}


@screens.signed_in(*STAFF)
@require_safe
def index(request: Request) -> HttpResponse:
    """Applications a person works with: the body's queue, a sponsor's own, everything for the centre."""
    person = request.person
    links: list[tuple[str, str]] = []
    if person.role is Role.BODY:
        links.append((_("按批次审核"), reverse("applications:batches")))
    if person.role in (Role.BODY, Role.CENTRE):
        links.append((_("特殊需要"), reverse("applications:access_arrangements")))
    if person.role is not Role.CENTRE:
        links += [(_("录入一人"), reverse("applications:enter")), (_("花名册记录"), reverse("applications:rosters"))]
    return screens.listing(
        request,
        queries.visible_to(person),
        title=_("个人申请"),
        kind="application",
        columns=_columns(),
        search=("name", "number"),
        filters=(
            screens.Filter("verdict", _("条件判断"), [(name, _(label)) for name, label in wording.VERDICTS.items()]),
            screens.Filter("standing", _("审核分类"), [(name, label) for name, label in wording.standings()]),
            screens.Filter("level", _("等级"), [(level, display.level(level)) for level in (5, 4, 3, 2, 1)]),
            screens.Filter("source", _("来源"), [(name, _(label)) for name, label in SOURCES.items()]),
        ),
        links=links,
        create=(_("导入花名册"), reverse("applications:roster_upload")) if person.role is not Role.CENTRE else None,
        empty=_("考生报名或导入花名册后在这里审核。"),
        export=_("个人申请"),
    )


def _columns() -> tuple[screens.Column, ...]:
    return (
        screens.Column("number", _("报名序号"), sort="number", link=_link),
        screens.Column("name", _("姓名"), sort="name"),
        screens.Column("document", _("证件号码"), "identity.number_masked"),
        screens.Column("occupation", _("职业（工种）"), lambda row: row.job or row.occupation_name),
        screens.Column("level", _("等级"), kind="level", sort="level"),
        screens.Column("from", _("报名单位"), lambda row: row.sponsor.name if row.sponsor else _("个人")),
        screens.Column("plan", _("计划"), "plan.number"),
        screens.Column("verdict", _("条件判断"), lambda row: wording.verdict(row.verdict)),
        screens.Column("state", _("状态"), kind="state", sort="state"),
    )


def _link(row: Application) -> str:
    return reverse("applications:detail", args=[row.pk])


@screens.signed_in(*STAFF, Role.CANDIDATE)
@require_safe
def detail(request: Request, application_id: int) -> HttpResponse:
    """One application: where it stands, its form and proofs side by side, the judgement, its story."""
    person = request.person
    application = queries.get(person, application_id)
    home = ("mine", _("我的申请")) if person.role is Role.CANDIDATE else ("list", _("个人申请"))
    buttons: list[tuple[str, str]] = []
    if queries.changeable(person, application):
        buttons.append((_("继续填写"), reverse("applications:edit", args=[application_id])))
    if person.role is not Role.CANDIDATE:
        buttons.append((_("查看完整证件号码"), reverse("applications:reveal", args=[application_id])))
    if application.judgement.get("snapshot"):
        buttons.append((_("复核此判定"), reverse("applications:recheck", args=[application_id])))
    if desk.decides(person, application) and application.state in desk.WAITING and person.role is Role.BODY:
        buttons.insert(0, (_("对照材料审核"), reverse("applications:review", args=[application_id])))
    reasons = (
        queries.last_reasons([application_id])
        if application.state in flows.states("application", "turned_down")
        else {}
    )
    return screens.detail(
        request,
        application,
        title=f"{application.name} · {application.occupation_name} {display.level(application.level)}",
        breadcrumb=((home[1], reverse(f"applications:{home[0]}")), (application.number, None)),
        facts=_facts(application),
        sections=[
            *_sections(application, reasons.get(application_id, ""), staff=person.role is not Role.CANDIDATE),
            *access_arrangements.section(request, application),
        ],
        threads=(("application", application_id),),
        actions=buttons,
        template="applications/detail.html",
    )


def _facts(application: Application) -> tuple[tuple[Any, ...], ...]:
    return (
        (_("报名序号"), application.number),
        (_("证件"), f"{application.identity.kind} {application.identity.number_masked}"),
        (_("职业（工种）"), application.job or application.occupation_name),
        (_("申报等级"), application.level, "level"),
        (_("考核科目"), [display.subject(each) for each in application.subjects]),
        (_("报名单位"), application.sponsor.name if application.sponsor else _("个人")),
        (_("认定机构"), application.body.name if application.body else ""),
        (_("计划"), application.plan.number if application.plan else ""),
        (_("提交时间"), application.submitted_at, "moment"),
        (_("判断基准日"), application.as_of_counted, "day"),
    )


def _sections(application: Application, reason: str, *, staff: bool) -> list[tuple[Any, str, dict[str, Any]]]:
    made: list[tuple[Any, str, dict[str, Any]]] = []
    if reason:
        made.append((_("审核意见"), "applications/_reason.html", {"reason": reason, "state": application.state}))
    if application.judgement:
        made.append(
            (
                _("申报条件判断"),
                "applications/_judgement.html",
                {
                    "judgement": wording.judgement(application.judgement, as_of=application.as_of_counted),
                    "verdict": application.verdict,
                    "verdict_tag": wording.verdict(application.verdict),
                    "flags": wording.flags(application.flags) if staff else [],
                },
            )
        )
    made.append(
        (
            _("申请表与材料"),
            "applications/_form.html",
            {
                "application": application,
                "rows": wording.form_rows(application),
                "proofs": [(each, wording.proof(each.kind)) for each in queries.proofs(application)],
            },
        )
    )
    return made


@screens.signed_in(*STAFF)
def reveal(request: Request, application_id: int) -> HttpResponse:
    """The full identity number, for a stated reason; every view is journalled."""
    person = request.person
    application = queries.get(person, application_id)
    form = forms.RevealForm(request.POST if request.method == "POST" else None)
    number, refusal = "", None
    if request.method == "POST" and form.is_valid():
        try:
            number = people.reveal(
                by=person,
                now=request.now,
                identity_id=application.identity_id,
                reason=form.cleaned_data["reason"],
                through=("application", application_id),
            )
        except Refusal as error:
            refusal = error
    if number:
        answer = render(
            request,
            "applications/revealed.html",
            {"title": _("完整证件号码"), "application": application, "number": number},
        )
        answer["Cache-Control"] = "no-store"
        return answer
    return screens.form_page(
        request,
        form,
        title=_("查看完整证件号码"),
        submit=_("查看"),
        lead=_("每次查看都会记入台账。"),
        refusal=refusal,
        once=False,
        breadcrumb=((application.number, reverse("applications:detail", args=[application_id])),),
    )


@screens.signed_in(*STAFF, Role.CANDIDATE)
@require_safe
def proof(request: Request, application_id: int, proof_id: int) -> FileResponse:
    """A proof's file, to whoever sees the application."""
    application = queries.get(request.person, application_id)
    found = queries.proof(application, proof_id)
    return attachment(found.file)


@screens.signed_in(*STAFF, Role.CANDIDATE)
@require_safe
def proof_page(request: Request, application_id: int, proof_id: int, number: int) -> HttpResponse:
    """A page of a proof drawn as a picture, to whoever sees the application."""
    application = queries.get(request.person, application_id)
    return picture(preview.page(queries.proof(application, proof_id).file, number))


@screens.signed_in(*STAFF, Role.CANDIDATE)
@require_safe
def photo(request: Request, application_id: int) -> FileResponse:
    """The photo, to whoever sees the application."""
    application = queries.get(request.person, application_id)
    if application.photo is None:
        raise absent()
    return attachment(application.photo)
