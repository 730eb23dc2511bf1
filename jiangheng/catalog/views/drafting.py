"""The centre's editor: occupations, drafts of standard versions, their subjects and conditions (三（一）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.bodies import queries as bodies
from jiangheng.bodies.forms import MOST_ROWS, typed, typed_rows
from jiangheng.catalog import actions, queries
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.catalog.standard_forms import (
    SECTIONS,
    DraftForm,
    OccupationForm,
    RouteForm,
    SourceForm,
    SubjectForm,
    VersionForm,
)
from jiangheng.catalog.views import route_wording
from jiangheng.catalog.views.standards import crumbs, rulesets
from jiangheng.rules.conditions.overrides import of_route, spelled
from jiangheng.rules.conditions.routes import Route
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import display
from jiangheng.screens.request import Request

Rows = forms.formset_factory(SubjectForm, extra=0, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def _others(besides: int = 0) -> list[tuple[int, str]]:
    return [(row.pk, f"{row.code} {row.name}（{row.edition}）") for row in queries.occupations() if row.pk != besides]


@screens.signed_in(Role.CENTRE)
@require_http_methods(["GET", "POST"])
def occupation_new(request: Request) -> HttpResponse:
    """Enter an occupation of an edition."""
    return _occupation(request, None)


@screens.signed_in(Role.CENTRE)
@require_http_methods(["GET", "POST"])
def occupation_change(request: Request, occupation_id: int) -> HttpResponse:
    """Correct an occupation; code and edition stay."""
    return _occupation(request, occupation_id)


def _occupation(request: Request, occupation_id: int | None) -> HttpResponse:
    found = queries.occupation_by_id(occupation_id) if occupation_id else None
    initial: dict[str, Any] = {"edition": "2022"}
    if found is not None:
        initial = {
            "name": found.name,
            "jobs": "\n".join(found.jobs),
            "levels": list(found.levels),
            "source": found.source,
            "label": found.label,
            "replaces_id": found.replaces_id,
        }
    form = OccupationForm(
        request.POST or None, initial=initial, others=_others(occupation_id or 0), fixed=found is not None
    )

    def save(typed: dict[str, Any]) -> Occupation:
        values = {**typed, "levels": "".join(typed["levels"])}
        given: dict[str, Any] = {"by": request.person, "now": request.now, **values}
        if found is None:
            return actions.add_occupation(once=screens.once(request), **given)
        return actions.amend_occupation(occupation_id=found.pk, **given)

    return screens.act(
        request,
        form,
        save,
        back=lambda row: reverse("catalog:occupation", args=[row.pk]),
        said=lambda row: _("职业“%(name)s”已保存。") % {"name": row.name},
        title=_("变更职业信息") if found else _("登记职业"),
        lead=f"{found.code} {found.name}" if found else "",
        submit=_("保存"),
        breadcrumb=(
            (_("职业目录"), reverse("catalog:occupations")),
            *(((found.name, reverse("catalog:occupation", args=[found.pk])),) if found else ()),
        ),
    )


@screens.may("standard.draft")
@require_http_methods(["GET", "POST"])
def new(request: Request, occupation_id: int) -> HttpResponse:
    """Begin a version: a copy of one of the occupation's own, or from a template; ``?owner=`` an employer's own (一)."""
    occupation = queries.occupation_by_id(occupation_id)
    owners = bodies.with_own_standard(occupation.code)
    asked = request.GET.get("owner", "")
    owner = next((each for each in owners if str(each.pk) == asked), None)
    tomorrow = local_day(request.now) + timedelta(days=1)
    sources = [
        row
        for each in (occupation, *queries.lineage(occupation))
        for owner_id in dict.fromkeys((owner.pk if owner else None, None))
        for row in reversed(queries.published(each.code, owner_id))
    ]
    bases = [(f"v{row.pk}", f"{row.document}（{row.valid_from}）") for row in sources]
    bases += [(f"t{name}", _("空白：%(template)s") % {"template": words}) for name, words in rulesets()]
    form = DraftForm(
        request.POST or None,
        bases=bases,
        owners=[(each.pk, each.name) for each in owners],
        initial={"valid_from": tomorrow, "base": bases[0][0], "owner_id": owner.pk if owner else ""},
    )

    def save(typed: dict[str, Any]) -> Any:
        base = typed["base"]
        return actions.draft(
            by=request.person,
            now=request.now,
            once=screens.once(request),
            occupation_id=occupation.pk,
            valid_from=typed["valid_from"],
            copied_from_id=int(base[1:]) if base[0] == "v" else None,
            ruleset=base[1:] if base[0] == "t" else "",
            owner_id=typed.get("owner_id"),
        )

    return screens.act(
        request,
        form,
        save,
        back=lambda made: reverse("catalog:standard_edit", args=[made.pk]),
        said=_("草稿已建立，请编辑后提交，由另一人发布。"),
        title=_("起草新版本"),
        lead=f"{occupation.code} {occupation.name}",
        submit=_("建立草稿"),
        breadcrumb=crumbs((occupation.name, reverse("catalog:occupation", args=[occupation.pk]))),
    )


@screens.may("standard.change")
@require_http_methods(["GET", "POST"])
def edit(request: Request, standard_id: int) -> HttpResponse:
    """A draft's head, lists and subjects."""
    found = _editable(request, standard_id)
    templates = rulesets()
    if "add_row" in request.POST:
        form = VersionForm(initial=typed(VersionForm, request.POST), rulesets=templates)
        rows = Rows(initial=[*typed_rows(SubjectForm, request.POST, "subjects"), {}][:MOST_ROWS], prefix="subjects")
    elif request.method == "POST":
        form, rows = VersionForm(request.POST, rulesets=templates), Rows(request.POST, prefix="subjects")
    else:
        form = VersionForm(initial=_head(found), rulesets=templates)
        rows = Rows(initial=_subjects(found), prefix="subjects")
    return screens.act(
        request,
        form,
        lambda given: actions.change(
            by=request.person,
            now=request.now,
            standard_id=found.pk,
            seen=screens.seen(request),
            subjects=[row for row in rows.cleaned_data if row and not row.get("DELETE")],
            **given,
        ),
        rows=rows,
        back=reverse("catalog:standard", args=[found.pk]),
        said=_("草稿已保存。"),
        title=_("编辑科目和名单"),
        lead=found.occupation.name,
        submit=_("保存草稿"),
        version=screens.seen(request) if request.method == "POST" else found.version,
        breadcrumb=crumbs((found.title, reverse("catalog:standard", args=[found.pk]))),
        template="bodies/rows_form.html",
        context={
            "rows_title": _("考核科目"),
            "rows_lead": _("每个等级须有理论和技能；综合评审仅限二级和一级。考评员比例留空时按参数执行。"),
            "row_word": _("增加一行"),
        },
    )


def _head(found: StandardVersion) -> dict[str, Any]:
    plain = {name: getattr(found, name) for name in ("document", "ruleset", "valid_from", "valid_to", "label")}
    return {
        **plain,
        "related_occupations": "\n".join(found.related_occupations),
        "related_majors": "\n".join(found.related_majors),
    }


def _subjects(found: StandardVersion) -> list[dict[str, Any]]:
    return [
        {
            "level": row.level,
            "subject": row.subject,
            "method": row.method,
            "minutes": row.minutes,
            "ratio": row.candidates_per_examiner,
            "equipment": "\n".join(queries.equipment_words(row.required_equipment)),
        }
        for level in map(int, found.occupation.levels)
        for row in (each["row"] for each in route_wording.subjects(found, level))
    ]


@screens.signed_in(Role.CENTRE)
@require_safe
def routes(request: Request, standard_id: int) -> HttpResponse:
    """A draft's conditions, level by level, with what was adjusted and on which ground."""
    found = _editable(request, standard_id)
    return render(
        request,
        "catalog/routes.html",
        {
            "title": _("编辑申报条件"),
            "lead": _("模板的条件可以调整或删去，也可以增加本标准自己的条件；每处都写明依据。"),
            "found": found,
            "version": found.version,
            "levels": route_wording.levels(found),
            "instrument": route_wording.instrument(found.ruleset, found),
            "breadcrumb": crumbs((found.title, reverse("catalog:standard", args=[found.pk]))),
        },
    )


@screens.signed_in(Role.CENTRE)
@require_http_methods(["GET", "POST"])
def route_new(request: Request, standard_id: int, level: int) -> HttpResponse:
    """Add a condition of the standard's own."""
    return _route(request, _editable(request, standard_id), level, None)


@screens.signed_in(Role.CENTRE)
@require_http_methods(["GET", "POST"])
def route_change(request: Request, standard_id: int, route_id: str) -> HttpResponse:
    """Have a condition read differently."""
    found = _editable(request, standard_id)
    route = actions.require_route(found, route_id)
    return _route(request, found, route.level, route)


def _route(request: Request, found: StandardVersion, level: int, route: Route | None) -> HttpResponse:
    initial: dict[str, Any] = {"document": found.document}
    route_id = route.id if route else ""
    if route is not None:
        override = of_route(found.route_overrides, route_id) or {}
        initial |= {**spelled(route), **{name: override[name] for name in ("document", "clause") if name in override}}
    form = RouteForm(request.POST or None, initial=initial)
    return _route_page(
        request,
        found,
        form,
        lambda typed: actions.set_route(
            by=request.person,
            now=request.now,
            standard_id=found.pk,
            seen=screens.seen(request),
            route=form.route(level, route_id),
            document=typed["document"],
            clause=typed["clause"],
        ),
        said=_("申报条件已保存。"),
        title=_("修改申报条件 %(route)s") % {"route": route_id} if route_id else _("增加申报条件"),
        lead=f"{found.occupation.name} {display.level(level)}",
        submit=_("保存"),
        sections=SECTIONS,
    )


@screens.may("standard.remove_route")
@require_http_methods(["GET", "POST"])
def route_remove(request: Request, standard_id: int, route_id: str) -> HttpResponse:
    """Leave a condition out, saying on which ground."""
    found = _editable(request, standard_id)
    route = actions.require_route(found, route_id)
    form = SourceForm(request.POST or None, initial={"document": found.document})
    return _route_page(
        request,
        found,
        form,
        lambda typed: actions.remove_route(
            by=request.person,
            now=request.now,
            standard_id=found.pk,
            seen=screens.seen(request),
            route_id=route_id,
            **typed,
        ),
        said=_("申报条件 %(route)s 已删去。") % {"route": route_id},
        title=_("删去申报条件 %(route)s") % {"route": route_id},
        lead=route.text,
        submit=_("删去"),
    )


def _route_page(
    request: Request, found: StandardVersion, form: forms.Form, save: Callable[[Any], Any], **given: Any
) -> HttpResponse:
    return screens.act(
        request,
        form,
        save,
        back=reverse("catalog:routes", args=[found.pk]),
        once=False,
        version=screens.seen(request) if request.method == "POST" else found.version,
        breadcrumb=crumbs(
            (found.title, reverse("catalog:standard", args=[found.pk])),
            (_("申报条件"), reverse("catalog:routes", args=[found.pk])),
        ),
        **given,
    )


@screens.may("standard.restore_route")
@require_POST
def route_restore(request: Request, standard_id: int, route_id: str) -> HttpResponse:
    """Have a condition read as in its template again."""
    actions.restore_route(
        by=request.person,
        now=request.now,
        standard_id=standard_id,
        seen=screens.seen(request),
        route_id=route_id,
    )
    screens.done(request, _("申报条件 %(route)s 已恢复为模板原文。") % {"route": route_id})
    return redirect("catalog:routes", standard_id)


def _editable(request: Request, standard_id: int) -> StandardVersion:
    person: Person = request.person
    found = queries.version(person, standard_id)
    actions.require_draft(found)
    return found
