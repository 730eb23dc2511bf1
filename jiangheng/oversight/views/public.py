"""一公开: published inspections and every draw, for everyone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiangheng import screens
from jiangheng.journal import queries as journal
from jiangheng.oversight import queries
from jiangheng.oversight.actions.inspecting import CONCLUSIONS
from jiangheng.oversight.views.inspecting import answered
from jiangheng.rules.roles import PUBLIC
from jiangheng.screens import Column
from jiangheng.screens.display import word
from jiangheng.screens.request import Request

DRAWS_SHOWN = 20


@require_GET
def opened(request: Request) -> HttpResponse:
    """Published results, and the latest draws with their hashes: 四（九）."""
    return screens.listing(
        request,
        queries.visible_to(PUBLIC),
        title=_("质量督导公开"),
        lead=_("市鉴定中心按照“双随机、一公开”原则抽查认定机构，检查结果在此公开。"),
        breadcrumb=((_("质量督导公开"), None),),
        columns=(
            Column(
                "body", _("检查对象"), value="body.name", link=lambda row: reverse("oversight:published", args=[row.pk])
            ),
            Column("inspected_on", _("检查日期"), kind="date", sort="inspected_on"),
            Column("conclusion", _("结论"), value=lambda row: word(CONCLUSIONS.get(row.conclusion, ""))),
            Column("published_on", _("公开日期"), kind="date", sort="published_on"),
        ),
        search=("body__name",),
        order=("-published_on", "-id"),
        empty=_("还没有公开的检查结果。"),
        template="oversight/public.html",
        context={"draws": queries.draws_visible_to(PUBLIC)[:DRAWS_SHOWN]},
    )


@require_GET
def published(request: Request, inspection_id: int) -> HttpResponse:
    """One published inspection."""
    one = journal.one(queries.visible_to(PUBLIC), pk=inspection_id)
    return render(
        request,
        "oversight/published.html",
        {
            "title": one.body.name,
            "breadcrumb": ((_("质量督导公开"), reverse("oversight:public")), (one.body.name, None)),
            "inspection": one,
            "conclusion": word(CONCLUSIONS.get(one.conclusion, "")),
            "inspectors": [each.account.name for each in one.inspectors.select_related("account").order_by("id")],
            "problems": [item for part in answered(one) for item in part["rows"] if item["ok"] is False],
        },
    )
