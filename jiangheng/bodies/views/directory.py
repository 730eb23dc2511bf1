"""The public directory of filed bodies and scopes (一)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng.bodies import queries
from jiangheng.bodies.forms import table
from jiangheng.bodies.views.register import district_word, former_names, kind_word
from jiangheng.rules.days.local_time import local_day
from jiangheng.screens.display import LEVELS
from jiangheng.screens.request import Request

PAGE = 20


@require_safe
def directory(request: Request) -> HttpResponse:
    """Which body may examine what: found by name, occupation, level, district and kind; each search has its address."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "occupation", "level", "district", "kind")}
    today = local_day(request.now)
    valid = request.GET.get("valid") == "1"
    pages = Paginator(queries.directory(**asked, on=today if valid else None), PAGE)
    page = pages.get_page(request.GET.get("page"))
    shown = [(body, kind_word(body), district_word(body.district_code)) for body in page.object_list]
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "bodies/directory.html",
        {
            "title": _("认定机构目录"),
            "lead": _("经备案可开展职业技能等级认定的机构、职业（工种）和等级。"),
            "asked": asked,
            "narrowed": any(asked.values()) or valid,
            "valid": valid,
            "page": page,
            "shown": shown,
            "kept": kept.urlencode(),
            "occupations": queries.directory_occupations(),
            "levels": LEVELS.items(),
            "districts": table("district"),
            "kinds": table("organisation_kind")[1:4],
            "today": today,
        },
    )


@require_safe
def entry(request: Request, organisation_id: int) -> HttpResponse:
    """One body of the directory: its filings, scopes and places."""
    body = queries.directory_entry(organisation_id)
    return render(
        request,
        "bodies/entry.html",
        {
            "title": body.name,
            "lead": _("虚构机构，仅供演示") if body.is_fictional else "",
            "body": body,
            "kind_word": kind_word(body),
            "district_word": district_word(body.district_code),
            "former": former_names(body),
            "venues": queries.venues_of(body.pk).filter(fixed=True),
            "today": local_day(request.now),
            "breadcrumb": ((_("认定机构目录"), reverse("bodies:directory")), (body.name, None)),
        },
    )
