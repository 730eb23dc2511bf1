"""“我能报几级？”: the self-check without an account, a few questions at a time; nothing is kept on the server (三（一）)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiangheng.applications import queries, selfcheck_form
from jiangheng.applications.selfcheck_form import CheckForm
from jiangheng.applications.views import wording
from jiangheng.catalog import queries as catalog
from jiangheng.catalog.models import StandardVersion
from jiangheng.rules.conditions import selfcheck
from jiangheng.rules.conditions.eligibility import Judgement
from jiangheng.rules.conditions.routes import Route
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal
from jiangheng.screens.request import Request
from jiangheng.screens.throttle import limit
from jiangheng.values import queries as values

COOKIE = "jiangheng_check"
KEPT_SECONDS = 7200
COOKIE_MOST = 3500


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """The questions one step at a time, then the answer; a link with answers, made by choice, gives the answer."""
    today = local_day(request.now)
    asked = request.method == "POST" or "occupation" in request.GET
    if asked:
        limit(request, "check", f"{values.law(today).value('check_per_minute')}/m")
    occupations = [(each.code, each.name) for each in catalog.occupations()]
    if not asked:
        return _question(request, CheckForm(occupations=occupations), "what", frozenset())
    form = CheckForm(request.POST if request.method == "POST" else request.GET, occupations=occupations)
    form.is_valid()
    if "occupation" in form.errors:
        return _question(request, form, "what", frozenset(), status=422)
    try:
        standard = catalog.standard_or_refuse(form.cleaned_data["occupation"], today)
    except Refusal as refusal:
        return _question(request, form, "what", frozenset(), refusal=refusal)
    wanted = selfcheck.asked(_routes(form, standard))
    return _next(request, form, standard, wanted, today)


def _next(
    request: Request, form: CheckForm, standard: StandardVersion, wanted: frozenset[str], today: date
) -> HttpResponse:
    names = [name for name, _heading, _words in selfcheck_form.steps(wanted)]
    here = request.POST.get("_step", "")
    place = names.index(here) if here in names else len(names) - 1
    do = request.POST.get("_do", "answer") if request.method == "POST" else "answer"
    faulty = next((name for name in names if _names(name, wanted) & set(form.errors)), "")
    if do in names:
        return _question(request, form, do, wanted, told=False)
    if do == "back":
        return _question(request, form, names[max(place - 1, 0)], wanted, told=False)
    if faulty and (do == "answer" or faulty == names[place]):
        return _question(request, form, faulty, wanted, status=422)
    if do == "next" and place + 1 < len(names):
        return _question(request, form, names[place + 1], wanted, told=False)
    if form.errors:
        return _question(request, form, names[0], wanted, status=422)
    return render(request, "applications/check.html", _answer(form, standard, wanted, today))


def _names(step: str, wanted: frozenset[str]) -> set[str]:
    return {name for _heading, names, _folded in selfcheck_form.fields_of(step, wanted) for name in names}


def _routes(form: CheckForm, standard: StandardVersion) -> tuple[Route, ...]:
    level = form.cleaned_data.get("level") or ""
    levels = [int(level)] if level else [int(each) for each in standard.occupation.levels]
    route_set = queries.route_set(standard)
    return tuple(route for each in levels for route in route_set.for_level(each))


def _question(
    request: Request,
    form: CheckForm,
    step: str,
    wanted: frozenset[str],
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    told: bool = True,
) -> HttpResponse:
    line = (
        selfcheck_form.steps(wanted)
        if wanted
        else selfcheck_form.steps(frozenset(" ".join(s[2] for s in selfcheck_form.STEPS).split()))
    )
    names = [name for name, _heading, _words in line]
    place = names.index(step)
    here = _names(step, wanted)
    if not told:
        # A step not yet answered shows no faults of its own before anybody has had a chance.
        form.errors.clear()
    groups = [
        {
            "heading": heading,
            "fields": [form[name] for name in fields],
            "folded": folded and not any(form[name].value() or form[name].errors for name in fields),
        }
        for heading, fields, folded in selfcheck_form.fields_of(step, wanted)
    ]
    return render(
        request,
        "applications/check_step.html",
        {
            "title": _("我能报几级？"),
            "form": form,
            "groups": groups,
            "kept": [(name, text) for name, text in selfcheck_form.typed(form).items() if name not in here],
            "step": step,
            "heading": line[place][1],
            "words": line[place][2],
            "place": place + 1,
            "count": len(names),
            "first": place == 0,
            "last": bool(wanted) and place + 1 == len(names),
            "refusal": refusal,
        },
        status=refusal.status if refusal else status,
    )


def _answer(form: CheckForm, standard: StandardVersion, wanted: frozenset[str], today: date) -> dict[str, Any]:
    level = int(form.cleaned_data["level"]) if form.cleaned_data["level"] else None
    rungs, rung = _climb(form, standard, level, today)
    result = rung.judgement
    routes = queries.route_set(standard).for_level(rung.level)
    nearest = next((route for route in routes if result.nearest and route.id == result.nearest.route), None)
    best = selfcheck.highest(rungs)
    typed = selfcheck_form.typed(form)
    return {
        "title": _("我能报几级？"),
        "occupation": standard.occupation.name,
        "asked": level is not None,
        "level": rung.level,
        "verdict": result.verdict,
        "badge": wording.verdict(result.verdict),
        "met": next((route for route in routes if route.id == result.route), None),
        "best": best.level if best and best.level != rung.level else None,
        "nearest": nearest,
        "missing": [wording.of_result(each) for each in (result.nearest.missing if result.nearest else ())],
        "evidence": [
            _(wording.EVIDENCE[each])
            for each in (result.nearest.evidence if result.nearest else _evidence(routes, result))
            if each in wording.EVIDENCE
        ],
        "earliest": result.earliest if result.verdict != "met" else None,
        "routes": [_route(route, result) for route in routes],
        "rungs": [
            {
                "level": each.level,
                "badge": wording.verdict(each.judgement.verdict),
                "earliest": each.judgement.earliest if each.judgement.verdict != "met" else None,
                "here": each.level == rung.level,
            }
            for each in rungs
        ],
        "standard": standard.document,
        "today": today,
        "kept": list(typed.items()),
        "steps": [(name, heading) for name, heading, _words in selfcheck_form.steps(wanted)],
        "link": f"{settings.PUBLIC_URL}{reverse('applications:check')}?{urlencode(typed)}",
    }


def _climb(
    form: CheckForm, standard: StandardVersion, level: int | None, today: date
) -> tuple[tuple[selfcheck.Rung, ...], selfcheck.Rung]:
    occupation = standard.occupation
    levels = [int(each) for each in occupation.levels]
    if level is not None and level not in levels:
        levels.append(level)
    person = selfcheck.facts(form.answers(), occupation.code)
    rungs = selfcheck.ladder(person, queries.names_of(standard), levels, queries.route_set(standard), today)
    return rungs, selfcheck.answering(rungs, level)


def _evidence(routes: tuple[Route, ...], result: Judgement) -> tuple[str, ...]:
    return next((route.evidence for route in routes if route.id == result.route), ())


def _route(route: Route, result: Judgement) -> dict[str, Any]:
    return {
        "id": route.id,
        "text": route.text,
        "met": result.route == route.id,
        "conditions": [wording.of_result(each) for each in result.conditions if each.route == route.id],
    }


@require_POST
def carry(request: Request) -> HttpResponse:
    """Take the answers along to the form: kept, signed, in the visitor's own browser until the form is begun."""
    today = local_day(request.now)
    limit(request, "check", f"{values.law(today).value('check_per_minute')}/m")
    form = CheckForm(request.POST, occupations=[(each.code, each.name) for each in catalog.occupations()])
    if not form.is_valid():
        return HttpResponseRedirect(reverse("applications:check"))
    standard = catalog.standard_or_refuse(form.cleaned_data["occupation"], today)
    level = int(form.cleaned_data["level"]) if form.cleaned_data["level"] else None
    _rungs, rung = _climb(form, standard, level, today)
    columns = form.carried(standard.occupation.name, today, rung.judgement.route or "")
    text = signing.dumps(
        {"occupation": standard.occupation.code, "level": rung.level, "columns": columns}, compress=True
    )
    query = urlencode({"q": standard.occupation.name, "level": rung.level})
    answer = HttpResponseRedirect(f"{reverse('applications:apply')}?{query}")
    if len(text) <= COOKIE_MOST:
        answer.set_cookie(
            COOKIE,
            text,
            max_age=KEPT_SECONDS,
            httponly=True,
            samesite="Lax",
            path=reverse("applications:list"),
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


def carried(request: Request) -> dict[str, Any]:
    """The answers taken along, or an empty dictionary where there are none, they are too old or not ours."""
    try:
        found: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return {}
    return found


def forget(answer: HttpResponse) -> None:
    """Nothing is taken along twice."""
    answer.delete_cookie(COOKIE, path=reverse("applications:list"))
