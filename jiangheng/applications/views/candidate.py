"""A candidate's pages, made for a phone: self-check, open plans, the form, own applications."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiangheng.applications import actions, fields, forms, queries
from jiangheng.applications.actions import save as keep
from jiangheng.applications.models import Application
from jiangheng.applications.views import shown
from jiangheng.catalog import queries as catalog
from jiangheng.journal import screens
from jiangheng.journal.screens import display
from jiangheng.rules import claims
from jiangheng.rules.eligibility import Judgement
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.rules.routes import Route, route_sets
from jiangheng.rules.words import gettext_noop as N_

WRITERS = (Role.CANDIDATE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Could I sit this level? Answered by today's standard, without an account; nothing is kept. 三（一）."""
    asked = "occupation" in request.GET
    occupations = [(each.code, each.name) for each in catalog.occupations()]
    form = forms.CheckForm(request.GET if asked else None, occupations=occupations)
    answer: dict[str, Any] = {}
    refusal: Refusal | None = None
    if asked and form.is_valid():
        try:
            answer = _answer(form, catalog.local_day(request.now))  # type: ignore[attr-defined]
        except Refusal as error:
            refusal = error
    return render(
        request,
        "applications/check.html",
        {
            "title": _("报考条件自查"),
            "form": form,
            "groups": screens.grouped(form, forms.CHECK_SECTIONS),
            "answer": answer,
            "refusal": refusal,
        },
        status=refusal.status if refusal else 422 if asked and form.errors else 200,
    )


def _answer(form: forms.CheckForm, today: date) -> dict[str, Any]:
    level = int(form.cleaned_data["level"])
    standard = queries.standard_or_refuse(form.cleaned_data["occupation"], today)
    reading = claims.read(
        form.values(), occupation=standard.occupation.name, related_majors=(), claimed_on=today, law=catalog.law(today)
    )
    names = queries.names_of(standard)
    result = claims.assess(reading, names, level, standard.ruleset, today).judgement
    routes = route_sets()[standard.ruleset].for_level(level)
    return {
        "verdict": result.verdict,
        "badge": shown.verdict(result.verdict),
        "standard": standard.document,
        "level": level,
        "routes": [_route(route, result) for route in routes],
        "earliest": result.earliest if result.verdict != "met" else None,
        "nearest": next((route.text for route in routes if result.nearest and route.id == result.nearest.route), ""),
        "evidence": [_(shown.EVIDENCE[each]) for each in (result.nearest.evidence if result.nearest else ())],
    }


def _route(route: Route, result: Judgement) -> dict[str, Any]:
    return {
        "id": route.id,
        "text": route.text,
        "met": result.route == route.id,
        "conditions": [
            shown.condition(
                {"route": each.route, "condition": each.condition, "state": each.state, "detail": each.detail,
                 "earliest": each.earliest.isoformat() if each.earliest else ""}
            )
            for each in result.conditions
            if each.route == route.id
        ],
    }  # fmt: skip


@screens.signed_in(Role.CANDIDATE)
@require_safe
def apply(request: HttpRequest) -> HttpResponse:
    """What may be applied for now (三（二）)."""
    rows = queries.open_rows(request.now)  # type: ignore[attr-defined]
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
        },
    )


@screens.signed_in(Role.CANDIDATE)
@require_POST
def start(request: HttpRequest, row_id: int) -> HttpResponse:
    """Begin an application for an open row."""
    application = actions.apply_draft(
        by=request.person,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        plan_row_id=row_id,
        once=screens.once(request),
    )
    return HttpResponseRedirect(reverse("applications:edit", args=[application.pk]))


@screens.signed_in(*WRITERS)
def edit(request: HttpRequest, application_id: int) -> HttpResponse:
    """The form of 附件4 in one page: kept at any time, handed in when complete."""
    person, now = request.person, request.now  # type: ignore[attr-defined]
    application = queries.get(person, application_id)
    if not queries.changeable(person, application):
        return HttpResponseRedirect(reverse("applications:detail", args=[application_id]))
    routes = _routes(application, request)
    refusal: Refusal | None = None
    if request.method == "POST":
        form = forms.ApplicationForm(request.POST, routes=routes)
        if form.is_valid():
            try:
                if request.POST.get("do") == "submit":
                    return _hand_in(request, application, form)
                keep(
                    by=person, now=now, application_id=application_id, values=form.values(), seen=screens.seen(request)
                )
                screens.done(request, _("已保存。"))
                return HttpResponseRedirect(reverse("applications:edit", args=[application_id]))
            except actions.Incomplete as error:
                refusal = error
                form.tell(error.faults)
            except Refusal as error:
                refusal = error
        application.refresh_from_db()
    else:
        form = forms.ApplicationForm(initial=forms.initial(application.form), routes=routes)
    return _edit_page(request, application, form, refusal)


def _routes(application: Application, request: HttpRequest) -> tuple[Route, ...]:
    on = queries.as_of(application, request.now)  # type: ignore[attr-defined]
    standard = catalog.standard_on(application.occupation_code, on)
    return route_sets()[standard.ruleset].for_level(application.level) if standard else ()


def _hand_in(request: HttpRequest, application: Application, form: forms.ApplicationForm) -> HttpResponse:
    person, now = request.person, request.now  # type: ignore[attr-defined]
    # Kept first, in its own transaction: an incomplete form is refused, what was typed stays.
    kept = keep(by=person, now=now, application_id=application.pk, values=form.values(), seen=screens.seen(request))
    actions.submit(
        by=person,
        now=now,
        application_id=application.pk,
        committed=form.cleaned_data["committed"],
        seen=kept.version,
    )
    screens.done(request, _("已提交，等待认定机构审核。"))
    return HttpResponseRedirect(reverse("applications:detail", args=[application.pk]))


def _edit_page(
    request: HttpRequest, application: Application, form: forms.ApplicationForm, refusal: Refusal | None
) -> HttpResponse:
    broken = form.is_bound and bool(form.errors)
    return render(
        request,
        "applications/edit.html",
        {
            "title": _("职业技能等级认定个人申请表"),
            "application": application,
            "form": form,
            "groups": screens.grouped(form, forms.SECTIONS)[: len(forms.SECTIONS)],
            "proofs": [(each, shown.proof(each.kind)) for each in queries.proofs(application)],
            "kinds": [(kind, shown.proof(kind)) for kind in fields.PROOFS],
            "refusal": refusal,
            "version": application.version,
            "breadcrumb": (_home(request), (application.number, None)),
        },
        status=refusal.status if refusal else 422 if broken else 200,
    )


def _home(request: HttpRequest) -> tuple[str, str]:
    if request.person.role is Role.CANDIDATE:  # type: ignore[attr-defined]
        return _("我的申请"), reverse("applications:mine")
    return _("个人申请"), reverse("applications:list")


@screens.signed_in(*WRITERS)
@require_POST
def autosave(request: HttpRequest, application_id: int) -> JsonResponse:
    """Keep what is typed so far, in the background; answers the new version."""
    person, now = request.person, request.now  # type: ignore[attr-defined]
    form = forms.ApplicationForm(request.POST)
    form.is_valid()
    good = {column: text for column, text in form.values().items() if column not in _broken(form)}
    good["申报条件"] = request.POST.get("route", "")[:20]
    kept = keep(by=person, now=now, application_id=application_id, values=good, seen=screens.seen(request))
    return JsonResponse({"version": kept.version, "saved": display.moment(now)})


def _broken(form: forms.ApplicationForm) -> set[str]:
    return {forms.COLUMNS[name] for name in form.errors if name in forms.COLUMNS}


@screens.signed_in(*WRITERS)
@require_POST
def attach(request: HttpRequest, application_id: int) -> HttpResponse:
    """Upload the photo or a proof."""
    person, now = request.person, request.now  # type: ignore[attr-defined]
    application = queries.get(person, application_id)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Refusal(N_("请先选择要上传的文件。"), code="upload.none", clause="三（二）", status=422)
        actions.attach(
            by=person, now=now, application_id=application_id, kind=request.POST.get("kind", ""), upload=upload,
            once=screens.once(request),
        )  # fmt: skip
    except Refusal as error:
        form = forms.ApplicationForm(initial=forms.initial(application.form), routes=_routes(application, request))
        return _edit_page(request, application, form, error)
    screens.done(request, _("已上传。"))
    return HttpResponseRedirect(reverse("applications:edit", args=[application_id]) + "#proofs")


@screens.signed_in(*WRITERS)
@require_POST
def detach(request: HttpRequest, application_id: int, proof_id: int) -> HttpResponse:
    """Take a proof away."""
    actions.detach(
        by=request.person,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        application_id=application_id,
        proof_id=proof_id,
    )
    screens.done(request, _("已移除。"))
    return HttpResponseRedirect(reverse("applications:edit", args=[application_id]) + "#proofs")


@screens.signed_in(Role.CANDIDATE)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """A candidate's own applications, each with where it stands and what to do next."""
    person = request.person  # type: ignore[attr-defined]
    rows = list(queries.visible_to(person).order_by("-id")[:50])
    reasons = queries.last_reasons([row.pk for row in rows if row.state in ("returned", "not_accepted")])
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
                    "judgement": shown.judgement(row.judgement) if row.verdict in ("not_met", "not_evidenced") else {},
                    "changeable": queries.changeable(person, row),
                    "withdrawable": row.state in ("draft", "submitted", "returned"),
                }
                for row in rows
            ],
        },
    )
