"""The law in force on a day, the centre's own defaults, and the fee tables."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies.forms import MOST_ROWS, table, typed, typed_rows
from jiangheng.catalog import actions, queries
from jiangheng.catalog.forms import DayForm, FeeLineForm, FeeTableForm, ParameterForm
from jiangheng.catalog.views import value_wording
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.law import unknown
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.display import LEVELS
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

Lines = forms.formset_factory(FeeLineForm, extra=0, min_num=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
Growing = forms.formset_factory(FeeLineForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


@require_safe
def law(request: Request) -> HttpResponse:
    """Every value in force on a chosen day, with its clause, document and whether it is law or a default."""
    today = local_day(request.now)
    form = DayForm(request.GET if "on" in request.GET else None, initial={"on": today})
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today
    found = values.law(on)
    rows = [value_wording.line(rule, found.instrument(rule.instrument)) for rule in found.rules()]
    context = {
        "title": _("依据与参数"),
        "lead": _("所选日期执行的规则。“文件规定”不可修改；“默认值”可由市鉴定中心自某日起调整。"),
        "form": form,
        "on": on,
        "version": found.version,
        "fixed": [row for row in rows if not row["rule"].is_default],
        "defaults": [row for row in rows if row["rule"].is_default],
        "clauses": found.clauses(),
        "instruments": [each for each in found.instruments() if each.in_force_from <= on],
        "changing": request.person.role is Role.CENTRE,
    }
    return render(request, "catalog/law.html", context, status=422 if form.is_bound and form.errors else 200)


@screens.may("parameter.set")
@require_http_methods(["GET", "POST"])
def parameter(request: Request, key: str) -> HttpResponse:
    """Set the centre's own value for a labelled default."""
    today = local_day(request.now)
    found = values.law(today)
    try:
        rule = found.rule(key)
    except KeyError:
        raise unknown(key, status=404) from None
    form = ParameterForm(request.POST or None, standing=rule.value, initial={"valid_from": today + timedelta(days=1)})
    return screens.act(
        request,
        form,
        lambda typed: actions.set_parameter(by=request.person, now=request.now, key=key, **typed),
        back=reverse("catalog:law"),
        said=lambda _made: _("参数已修改，自%(day)s起执行。") % {"day": form.cleaned_data["valid_from"]},
        title=_("修改参数"),
        lead=value_wording.name(rule),
        submit=_("保存"),
        once=False,
        breadcrumb=((_("依据与参数"), reverse("catalog:law")),),
        aside=(
            "catalog/_rule.html",
            value_wording.line(rule, found.instrument(rule.instrument)),
        ),
    )


@require_safe
def fees(request: Request) -> HttpResponse:
    """Every line of every fee table; public, since charges rest on it (三（七）)."""
    centre = request.person.role is Role.CENTRE
    return screens.listing(
        request,
        queries.fee_table(),
        title=_("收费标准"),
        lead=_("认定费用按桂人社规〔2020〕14号等文件收取；注明“示范数据”的金额仅供演示。"),
        columns=(
            Column("occupation_code", _("职业编码"), sort="occupation_code"),
            Column("level", _("等级"), kind="level", sort="level"),
            Column("item", _("收费项目"), lambda row: _(codes.label("fee_item", row.item))),
            Column("payee", _("收款主体"), lambda row: _(codes.label("fee_payee", row.payee))),
            Column("amount_fen", _("金额"), kind="money", sort="amount_fen"),
            Column("document", _("收费文件")),
            Column("valid_from", _("施行日期"), kind="date", sort="valid_from"),
            Column("valid_to", _("终止日期"), kind="date"),
            Column("label", _("说明")),
        ),
        search=("occupation_code", "document"),
        filters=(
            Filter("occupation", _("职业"), queries.occupation_choices, "occupation_code"),
            Filter("level", _("等级"), list(LEVELS.items())),
            Filter("item", _("收费项目"), lambda: table("fee_item")),
        ),
        order=("occupation_code", "-level", "item", "-valid_from"),
        create=(_("录入收费标准"), reverse("catalog:fee_add")) if centre else None,
        links=((_("导入收费标准"), reverse("catalog:fee_import")),) if centre else (),
        export=_("收费标准"),
        empty=_("录入后的收费标准会列在这里。"),
    )


@screens.may("fee_table.add")
@require_http_methods(["GET", "POST"])
def fee_add(request: Request) -> HttpResponse:
    """Enter lines of a fee document."""
    form: forms.Form
    if "add_row" in request.POST:
        form = FeeTableForm(initial=typed(FeeTableForm, request.POST))
        rows = Growing(initial=[*typed_rows(FeeLineForm, request.POST, "lines"), {}][:MOST_ROWS], prefix="lines")
    elif request.method == "POST":
        form, rows = FeeTableForm(request.POST), Lines(request.POST, prefix="lines")
    else:
        form, rows = FeeTableForm(), Lines(prefix="lines")
    return screens.act(
        request,
        form,
        lambda typed: actions.add_fee_table(
            by=request.person,
            now=request.now,
            once=screens.once(request),
            lines=[_in_fen(row) for row in rows.cleaned_data if row],
            **typed,
        ),
        rows=rows,
        back=reverse("catalog:fees"),
        said=lambda made: _("已录入%(count)s行收费标准。") % {"count": len(made)},
        title=_("录入收费标准"),
        submit=_("保存"),
        breadcrumb=((_("收费标准"), reverse("catalog:fees")),),
        template="bodies/rows_form.html",
        context={"rows_title": _("收费明细"), "row_word": _("增加一行")},
    )


def _in_fen(row: dict[str, Any]) -> dict[str, Any]:
    amount: Decimal = row["amount"]
    return {
        "occupation_code": row["occupation_code"],
        "level": row["level"],
        "item": row["item"],
        "payee": row["payee"],
        "amount_fen": int(amount * 100),
    }
