"""The catalogue of occupations, open to everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.catalog import queries
from jiangheng.catalog.models import StandardVersion
from jiangheng.catalog.views import route_wording
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter, display
from jiangheng.screens.display import LEVELS
from jiangheng.screens.request import Request


@require_safe
def occupations(request: Request) -> HttpResponse:
    """Every occupation with its code, 工种 and levels."""
    centre = request.person.role is Role.CENTRE
    return screens.listing(
        request,
        queries.occupations(),
        title=_("职业目录"),
        lead=_("国家职业分类大典中的职业编码、工种和等级。"),
        columns=(
            Column("code", _("职业编码"), sort="code"),
            Column("name", _("职业"), sort="name", link=lambda row: reverse("catalog:occupation", args=[row.pk])),
            Column("jobs", _("工种")),
            Column("levels", _("等级"), lambda row: display.levels(row.levels)),
            Column("edition", _("大典版次")),
            Column("label", _("说明")),
        ),
        search=("name", "code", "jobs"),
        filters=(Filter("level", _("等级"), list(LEVELS.items()), "levels__contains"),),
        order="code",
        create=(_("登记职业"), reverse("catalog:occupation_new")) if centre else None,
        links=((_("职业标准"), reverse("catalog:standards")), (_("某日适用规则"), reverse("catalog:which"))),
        export=_("职业目录"),
        empty=_("载入职业目录后会列在这里。"),
    )


@require_safe
def occupation(request: Request, occupation_id: int) -> HttpResponse:
    """One occupation: its standards, what is examined at each level, and the conditions of application in force."""
    found = queries.occupation_by_id(occupation_id)
    centre = request.person.role is Role.CENTRE
    today = local_day(request.now)
    versions = list(queries.standards(occupation_id))
    current = next((each for each in versions if _holds(each, today)), None)
    return render(
        request,
        "catalog/occupation.html",
        {
            "title": found.name,
            "occupation": found,
            "versions": [{"row": each, "now": each is current, "instrument": _instrument(each)} for each in versions],
            "current": current,
            "levels": route_wording.levels(current) if current else [],
            "instrument": route_wording.instrument(current.ruleset, current) if current else None,
            "lineage": queries.lineage(found),
            "later": queries.successors(found.pk),
            "editing": centre,
            "draft": queries.open_version(found.pk) if centre else None,
            "fees": queries.fee_lines_on(today, [found.code]),
            "breadcrumb": ((_("职业目录"), reverse("catalog:occupations")), (found.name, None)),
        },
    )


def _holds(version: StandardVersion, today: Any) -> bool:
    return version.valid_from <= today and (version.valid_to is None or today <= version.valid_to)


def _instrument(version: StandardVersion) -> str:
    found = route_wording.instrument(version.ruleset, version)
    return found.title if found else ""
