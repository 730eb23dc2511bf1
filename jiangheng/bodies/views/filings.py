"""Filings and their steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies import actions, queries
from jiangheng.bodies.forms import (
    MOST_ROWS,
    FilingForm,
    ScopeForm,
    table,
    typed,
    typed_rows,
)
from jiangheng.bodies.models import Filing, Organisation
from jiangheng.bodies.views.register import ORGANISED, crumbs, kind_word
from jiangheng.journal.queries import one
from jiangheng.rules import codes, flows
from jiangheng.rules.days import periods
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

Scopes = forms.formset_factory(ScopeForm, extra=0, min_num=1, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
Growing = forms.formset_factory(ScopeForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


@screens.signed_in(*ORGANISED)
@require_safe
def filings(request: Request) -> HttpResponse:
    """The filings a person sees; a school or employer without any goes to its own page."""
    person = request.person
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        return redirect("bodies:detail", person.organisation_id)
    centre = person.role is Role.CENTRE
    links: list[tuple[Any, str | None]] = (
        [
            (_("机构名录"), reverse("bodies:organisations")),
            (_("导入导出附件1—3"), reverse("bodies:annexes")),
            (_("到期与整改"), reverse("bodies:expiring")),
            (_("变更申请"), reverse("bodies:changes")),
        ]
        if centre
        else [
            (_("本机构信息"), reverse("bodies:detail", args=[person.organisation_id])),
            (_("变更申请"), reverse("bodies:changes")),
        ]
    )
    return screens.listing(
        request,
        queries.filings_visible_to(person).prefetch_related("scopes"),
        title=_("机构备案"),
        kind="filing",
        columns=(
            Column(
                "organisation",
                _("机构"),
                "organisation.name",
                sort="organisation__name",
                link=lambda row: reverse("bodies:filing_detail", args=[row.pk]),
            ),
            Column("kind", _("类别"), lambda row: kind_word(row.organisation)),
            Column("number", _("备案文号"), sort="number"),
            Column("scopes", _("职业"), lambda row: "、".join(scope.occupation_name for scope in row.scopes.all())),
            Column("purpose", _("事项"), lambda row: purpose_word(row.purpose)),
            Column("valid_to", _("有效期至"), kind="date", sort="valid_to"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("organisation__name", "number"),
        filters=(Filter("kind", _("类别"), lambda: table("organisation_kind")[1:4], "organisation__kind"),),
        create=(_("登记机构"), reverse("bodies:register"))
        if centre
        else (_("填写备案"), reverse("bodies:filing_new", args=[person.organisation_id])),
        links=links,
        export=_("机构备案"),
        empty=_("机构提交或中心登记的备案会列在这里。"),
    )


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_safe
def filing(request: Request, filing_id: int) -> HttpResponse:
    """One filing: where it stands, what may be done, its rows, its story."""
    found = queries.filing(request.person, filing_id)
    today = local_day(request.now)
    changeable = found.state in flows.states("filing", "editable")
    halts = list(found.standings.order_by("since", "id"))
    scopes = queries.scopes_of(found.pk)
    sections: list[tuple[Any, str, dict[str, Any]]] = [
        (
            _("可开展认定的职业（工种）"),
            "bodies/_scopes.html",
            {"scopes": scopes},
        )
    ]
    if halts:
        sections.append((_("暂停、整改与注销"), "bodies/_standings.html", {"standings": halts, "today": today}))
    buttons: list[tuple[Any, str | None]] = []
    if changeable:
        buttons.append((_("修改备案"), reverse("bodies:filing_change", args=[found.pk])))
    elif found.state in queries.PUBLIC_STATES:
        new = reverse("bodies:filing_new", args=[found.organisation_id])
        buttons += [
            (_("办理续期"), f"{new}?purpose=renewal&succeeds={found.pk}"),
            (_("办理范围变更"), f"{new}?purpose=change&succeeds={found.pk}"),
        ]
        own = next((each for each in scopes if each.own_standard), None)
        if own is not None and request.person.role is Role.CENTRE:
            buttons.append((_("登记企业评价规范"), f"{reverse('catalog:occupations')}?q={own.occupation_code}"))
    return screens.detail(
        request,
        found,
        title=_("%(name)s的备案") % {"name": found.organisation.name},
        lead=_("备案已过有效期") if found.state == "active" and found.valid_to < today else "",
        facts=(
            (_("机构"), found.organisation.name),
            (_("类别"), kind_word(found.organisation)),
            (_("备案文号"), found.number),
            (_("备案批次"), found.batch),
            (_("事项"), purpose_word(found.purpose)),
            (_("原备案"), found.succeeds.number if found.succeeds else ""),
            (_("服务对象"), _(codes.label("service_object", found.service_objects))),
            (_("起始日期"), found.valid_from, "date"),
            (_("截止日期"), found.valid_to, "date"),
            (_("收费依据"), found.fee_basis),
        ),
        sections=sections,
        threads=(("filing", found.pk),),
        actions=buttons,
        breadcrumb=crumbs((found.organisation.name, reverse("bodies:detail", args=[found.organisation_id]))),
    )


def purpose_word(purpose: str) -> str:
    """First filing, renewal or change, in words."""
    return {"renewal": _("续期"), "change": _("范围变更")}.get(purpose, _("首次备案"))


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_http_methods(["GET", "POST"])
def filing_new(request: Request, organisation_id: int) -> HttpResponse:
    """Draft a filing with its rows."""
    return _filing_form(request, queries.get(request.person, organisation_id), None)


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_http_methods(["GET", "POST"])
def filing_change(request: Request, filing_id: int) -> HttpResponse:
    """Change a draft or returned filing."""
    found = queries.filing(request.person, filing_id)
    return _filing_form(request, found.organisation, found)


def _filing_form(request: Request, organisation: Organisation, found: Filing | None) -> HttpResponse:
    today = local_day(request.now)
    asked = {"on": today, "employer": organisation.kind == "employer_body"}
    grows = "add_row" in request.POST
    old = None if found else _succeeded(request, organisation)
    form: forms.Form
    if request.method == "POST" and not grows:
        form = FilingForm(request.POST)
        rows = Scopes(request.POST, prefix="scopes", form_kwargs=asked)
    else:
        form, rows = _unbound(request, found, grows, asked, old)
    return screens.act(
        request,
        form,
        lambda _typed: _save(request, organisation, found, form, rows, old),
        rows=rows,
        back=lambda made: reverse("bodies:filing_detail", args=[made.pk]),
        said=_("备案已保存，请核对后提交。"),
        title=_("修改备案") if found else _("填写备案"),
        submit=_("保存"),
        lead=_("%(name)s：%(purpose)s，原备案%(number)s")
        % {"name": organisation.name, "purpose": purpose_word(old[0]), "number": old[1].number}
        if old
        else organisation.name,
        version=found.version if found else None,
        breadcrumb=crumbs(
            (organisation.name, reverse("bodies:detail", args=[organisation.pk])),
        ),
        template="bodies/rows_form.html",
        context={
            "rows_title": _("可开展认定的职业（工种）"),
            "rows_lead": _("没有工种的留空。"),
            "row_word": _("增加一行职业"),
        },
    )


def _succeeded(request: Request, organisation: Organisation) -> tuple[str, Filing] | None:
    """What the address names: renewal or change, and the filing of this body it succeeds."""
    purpose, number = request.GET.get("purpose", ""), request.GET.get("succeeds", "")
    if purpose not in ("renewal", "change"):
        return None
    rows = queries.filings_visible_to(request.person).filter(organisation=organisation)
    return purpose, one(rows, pk=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0)


def _unbound(
    request: Request,
    found: Filing | None,
    grows: bool,
    asked: dict[str, Any],
    old: tuple[str, Filing] | None,
) -> tuple[forms.Form, forms.BaseFormSet[Any]]:
    if grows:
        rows = [*typed_rows(ScopeForm, request.POST, "scopes"), {}]
        return (
            FilingForm(initial=typed(FilingForm, request.POST)),
            Growing(initial=rows[:MOST_ROWS], prefix="scopes", form_kwargs=asked),
        )
    shown = found or (old[1] if old else None)
    today = local_day(request.now)
    law = values.law(today)
    if shown is None:
        usual = {"valid_from": today, "valid_to": periods.filing_ends(today, law)}
        return FilingForm(initial=usual), Scopes(prefix="scopes", form_kwargs=asked)
    initial = [
        {
            "occupation_code": row.occupation_code,
            "job": row.job,
            "standard": row.standard,
            "own_standard": row.own_standard,
            "levels": list(row.levels),
            "valid_from": row.valid_from if found and row.valid_from != shown.valid_from else None,
            "valid_to": row.valid_to if found and row.valid_to != shown.valid_to else None,
        }
        for row in queries.scopes_of(shown.pk)
    ]
    head = {name: getattr(shown, name) for name in FilingForm.base_fields}
    if found is None and old is not None:
        begins = shown.valid_to + timedelta(days=1) if old[0] == "renewal" else max(today, shown.valid_from)
        head |= {"number": "", "valid_from": begins, "valid_to": shown.valid_to}
        if old[0] == "renewal":
            head["valid_to"] = periods.filing_ends(begins, law)
    return FilingForm(initial=head), Growing(initial=initial, prefix="scopes", form_kwargs=asked)


def _save(
    request: Request,
    organisation: Organisation,
    found: Filing | None,
    form: forms.Form,
    rows: forms.BaseFormSet[Any],
    old: tuple[str, Filing] | None = None,
) -> Filing:
    given = {
        "by": request.person,
        "now": request.now,
        "scopes": [
            {**row, "levels": "".join(row["levels"])} for row in rows.cleaned_data if row and row.get("occupation_code")
        ],
        **form.cleaned_data,
    }
    if found is None:
        more = {"purpose": old[0], "succeeds_id": old[1].pk} if old else {}
        return actions.draft_filing(organisation_id=organisation.pk, once=screens.once(request), **given, **more)
    return actions.change_filing(filing_id=found.pk, seen=screens.seen(request), **given)
