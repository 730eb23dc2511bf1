"""附件4 filled in page by page, kept as it is typed, checked as a whole and handed in (三（二）)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiangheng import screens
from jiangheng.applications import actions, fields, forms, queries, readiness
from jiangheng.applications.actions import save as keep
from jiangheng.applications.models import Application
from jiangheng.applications.views import wording
from jiangheng.catalog import queries as catalog
from jiangheng.files import limits, pictures
from jiangheng.files import queries as files
from jiangheng.journal.queries import absent
from jiangheng.rules.conditions.eligibility import MET, NOT_MET
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display, typed
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

WRITERS = (Role.CANDIDATE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)
NAMES = tuple(name for name, _heading in forms.PARTS)
BLANK_SPELLS = 2
SHARES = ("crop_left", "crop_top", "crop_width", "crop_height")


@screens.may("application.submit")
def edit(request: Request, application_id: int) -> HttpResponse:
    """What is filled in and what is missing, page by page; the commitment; handing in."""
    person, now = request.person, request.now
    application = queries.get(person, application_id)
    if not queries.changeable(person, application):
        return HttpResponseRedirect(reverse("applications:detail", args=[application_id]))
    return screens.act(
        request,
        None,
        lambda _typed: actions.submit(
            by=person,
            now=now,
            application_id=application_id,
            committed=request.POST.get("committed") == "on",
            seen=screens.seen(request),
        ),
        back=reverse("applications:detail", args=[application_id]),
        said=_("已提交，等待认定机构审核。"),
        show=lambda refusal: _overview(request, application, refusal),
    )


def _overview(request: Request, application: Application, refusal: Refusal | None) -> HttpResponse:
    now = request.now
    report, standing = _report(application, now)
    refusal = refusal or standing
    return render(
        request,
        "applications/edit.html",
        {
            **_shared(request, application, report, "check"),
            "refusal": refusal,
            "report": report,
            "lacking": _lacking(report) if report else [],
            "twice": [_twice(each) for each in readiness.twice(application, now)],
            "reason": queries.last_reasons([application.pk]).get(application.pk, "")
            if application.state == "returned"
            else "",
            "commitment": _(fields.COMMITMENT),
            "committed": request.POST.get("committed") == "on",
            "summary": wording.form_rows(application),
        },
        status=refusal.status if refusal and request.method == "POST" else 200,
    )


def _report(application: Application, now: Any) -> tuple[readiness.Readiness | None, Refusal | None]:
    try:
        return readiness.report(application, now), None
    except Refusal as refusal:
        return None, refusal


def _lacking(report: readiness.Readiness) -> list[dict[str, Any]]:
    """What is missing or at fault, each with the page it is mended on."""
    said: list[dict[str, Any]] = [
        {"part": forms.part_of(fault.column), "what": _(fault.column), "words": fault.sentence(_)}
        for fault in report.faults
    ]
    return said + [{"part": "proofs", "what": wording.proof(kind), "words": _("尚未上传。")} for kind in report.missing]


def _twice(each: readiness.Twice) -> dict[str, str]:
    places = {"number": each.number, "until": display.day(each.until) if each.until else ""}
    return {"said": _(readiness.TWICE[each.kind]) % places, "next": _(readiness.WHAT_NEXT[each.kind])}


def _shared(
    request: Request, application: Application, report: readiness.Readiness | None, here: str
) -> dict[str, Any]:
    wrong: dict[str, int] = {}
    for fault in report.faults if report else ():
        wrong[forms.part_of(fault.column)] = wrong.get(forms.part_of(fault.column), 0) + 1
    if report and report.missing:
        wrong["proofs"] = len(report.missing)
    names = [*NAMES, "check"]
    place = names.index(here)
    return {
        "title": _("职业技能等级认定个人申请表"),
        "application": application,
        "version": application.version,
        "parts": [
            {
                "name": name,
                "heading": heading,
                "left": wrong.get(name, 0),
                "here": name == here,
                "href": reverse("applications:part", args=[application.pk, name]),
            }
            for name, heading in forms.PARTS
        ],
        "place": place + 1,
        "count": len(names),
        "back": reverse("applications:part", args=[application.pk, names[place - 1]]) if place else "",
        "breadcrumb": (_home(request), (application.number, None)),
    }


def _home(request: Request) -> tuple[str, str]:
    if request.person.role is Role.CANDIDATE:
        return _("我的申请"), reverse("applications:mine")
    return _("个人申请"), reverse("applications:list")


@screens.signed_in(*WRITERS)
def part(request: Request, application_id: int, part: str) -> HttpResponse:
    """One page of the form: kept and on to the next."""
    person, now = request.person, request.now
    application = queries.get(person, application_id)
    if part not in NAMES:
        raise absent()
    if not queries.changeable(person, application):
        return HttpResponseRedirect(reverse("applications:detail", args=[application_id]))
    if part == "proofs":
        return _proofs(request, application, None)
    routes = readiness.routes(application, now) if part == "route" else ()
    refusal: Refusal | None = None
    if request.method == "POST":
        form = forms.ApplicationForm(request.POST, routes=routes, part=part)
        if form.is_valid():
            try:
                keep(
                    by=person, now=now, application_id=application_id, values=form.values(), seen=screens.seen(request)
                )
                typed.tell(request, form)
                return HttpResponseRedirect(_after(application_id, part, request.POST.get("do", "")))
            except Refusal as error:
                refusal = error
        application.refresh_from_db()
    else:
        form = forms.ApplicationForm(initial=forms.initial(application.form), routes=routes, part=part)
    return _part_page(request, application, form, refusal)


def _after(application_id: int, part: str, do: str) -> str:
    if do == "leave":
        return reverse("applications:edit", args=[application_id])
    place = NAMES.index(part)
    return reverse("applications:part", args=[application_id, NAMES[place + 1]])


def _part_page(
    request: Request, application: Application, form: forms.ApplicationForm, refusal: Refusal | None
) -> HttpResponse:
    now = request.now
    report, _standing = _report(application, now)
    return render(
        request,
        "applications/part.html",
        {
            **_shared(request, application, report, form.part),
            "form": form,
            "part": form.part,
            "heading": dict(forms.PARTS)[form.part],
            "groups": _groups(form),
            "told": _told(application, now) if form.part == "held" else "",
            "routes": _route_choices(application, form, now) if form.part == "route" else [],
            "refusal": refusal,
        },
        status=refusal.status if refusal else 422 if form.is_bound and form.errors else 200,
    )


def _told(application: Application, now: Any) -> str:
    """What the typed certificate number says; nothing where none was typed."""
    found = readiness.number_told(application, values.law(local_day(now)))
    if found is None:
        return ""
    message, places = found
    return _(message) % places if places else _(message)


def _groups(form: forms.ApplicationForm) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    blank = 0
    for heading, names, folded in forms.GROUPS[form.part]:
        if names == ("route",):
            continue
        empty = not any(form[name].value() or form[name].errors for name in names)
        spell = names[0].startswith("job")
        blank += spell and empty
        # Two empty spells are enough to look at; more are offered once these are filled in.
        if not (spell and blank > BLANK_SPELLS):
            groups.append({"heading": heading, "fields": [form[name] for name in names], "folded": folded and empty})
    return groups


def _route_choices(application: Application, form: forms.ApplicationForm, now: Any) -> list[dict[str, Any]]:
    standing = readiness.by_route(application, now)
    chosen = form["route"].value()
    rows = []
    for route in readiness.routes(application, now):
        conditions = standing.get(route.id, [])
        states = {each.state for each in conditions}
        verdict = (
            "" if not conditions else NOT_MET if NOT_MET in states else MET if states == {MET} else "not_evidenced"
        )
        rows.append(
            {
                "id": route.id,
                "text": route.text,
                "verdict": wording.verdict(verdict),
                "evidence": [wording.proof(kind) for kind in route.evidence],
                "chosen": route.id == chosen,
                "conditions": [wording.of_result(each) for each in conditions if each.state != MET],
            }
        )
    return rows


@screens.signed_in(*WRITERS)
@require_POST
def autosave(request: Request, application_id: int, part: str) -> JsonResponse:
    """Keep what is typed on one page so far, in the background; answers the new version and what a number says."""
    person, now = request.person, request.now
    if part not in NAMES:
        raise absent()
    form = forms.ApplicationForm(request.POST, part=part)
    form.is_valid()
    good = form.values()
    if part == "route":
        good["申报条件"] = request.POST.get("route", "")[:20]
    kept = keep(by=person, now=now, application_id=application_id, values=good, seen=screens.seen(request))
    return JsonResponse(
        {
            "version": kept.version,
            "saved": local_moment(now).strftime("%H:%M"),
            "told": _told(kept, now) if part == "held" else "",
        }
    )


def _proofs(request: Request, application: Application, refusal: Refusal | None) -> HttpResponse:
    now = request.now
    report, standing = _report(application, now)
    standard = catalog.standard_on(
        application.occupation_code, queries.as_of(application, now), application.body_id, application.level
    )
    held = queries.proofs(application)
    rows = readiness.checklist(application, standard) if standard else []
    law = values.law(local_day(now))
    return render(
        request,
        "applications/proofs.html",
        {
            **_shared(request, application, report, "proofs"),
            "heading": dict(forms.PARTS)["proofs"],
            "checklist": [
                {
                    "kind": each.kind,
                    "label": wording.proof(each.kind),
                    "help": _(fields.PROOF_HELP[each.kind]),
                    "needed": each.needed,
                    "files": [proof for proof in held if proof.kind == each.kind],
                }
                for each in rows
                if each.kind != readiness.PHOTO and (each.needed or each.held)
            ],
            "others": [(each.kind, wording.proof(each.kind)) for each in rows if not (each.needed or each.held)],
            "limits": limits.of(law),
            "off_white": application.photo is not None
            and _off_white(application, float(law.value("photo_white_share"))),
            "refusal": refusal or standing,
            "once": screens.token(request),
        },
        status=refusal.status if refusal else 200,
    )


def _off_white(application: Application, least: float) -> bool:
    if application.photo is None:
        return False
    try:
        return pictures.whiteness(files.content(application.photo)) < least
    except (Refusal, OSError):
        return False


@screens.signed_in(*WRITERS)
@require_POST
def attach(request: Request, application_id: int) -> HttpResponse:
    """Upload the photo, cut where the browser's frame stood or from the middle, or a proof."""
    person, now = request.person, request.now
    application = queries.get(person, application_id)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise refuse(
                "upload.none", N_("请先选择要上传的文件。"), N_("可一次选择一个文件。"), clause="三（二）", status=422
            )
        actions.attach(
            by=person,
            now=now,
            application_id=application_id,
            kind=request.POST.get("kind", ""),
            upload=upload,
            crop=_crop(request),
            once=screens.once(request),
        )
    except Refusal as error:
        if not queries.changeable(person, application):
            raise
        return _proofs(request, application, error)
    screens.done(request, _("已上传。"))
    return HttpResponseRedirect(reverse("applications:part", args=[application_id, "proofs"]))


def _crop(request: Request) -> pictures.Crop:
    """The frame of the browser as shares of the picture; the middle where there is none or it makes no sense."""
    try:
        shares = [float(request.POST[name]) for name in SHARES]
    except (KeyError, ValueError):
        return pictures.CENTRE
    if not all(0 <= share <= 1 for share in shares):
        return pictures.CENTRE
    return pictures.Crop(*shares)


@screens.may("application.detach")
@require_POST
def detach(request: Request, application_id: int, proof_id: int) -> HttpResponse:
    """Take a proof away."""
    actions.detach(
        by=request.person,
        now=request.now,
        application_id=application_id,
        proof_id=proof_id,
    )
    screens.done(request, _("已移除。"))
    return HttpResponseRedirect(reverse("applications:part", args=[application_id, "proofs"]))
