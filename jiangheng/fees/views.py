"""Pages of money: plans with what they charged and received, charging, paying, receipts, refunds, arrears."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiangheng.catalog import queries as catalog
from jiangheng.fees import actions, forms, printing, queries
from jiangheng.fees.models import Payment
from jiangheng.files.views import handed_out
from jiangheng.journal import screens
from jiangheng.journal.queries import one
from jiangheng.journal.screens import display
from jiangheng.plans.models import Plan
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role

PAYERS = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)
ITEMS = {
    "theory": gettext_lazy("理论知识考试费"),
    "skill": gettext_lazy("技能考核费"),
    "materials": gettext_lazy("技能考核耗材费"),
    "review": gettext_lazy("综合评审费"),
}


@screens.signed_in(*PAYERS, Role.CANDIDATE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Plans with money; a candidate's own charges instead."""
    person = request.person  # type: ignore[attr-defined]
    if person.role is Role.CANDIDATE:
        return _own(request)
    return screens.listing(
        request,
        queries.plans_with_fees(person),
        title=_("收费"),
        columns=(
            screens.Column("number", _("计划编号"), link=lambda row: reverse("fees:plan", args=[row.pk])),
            screens.Column("title", _("计划名称")),
            screens.Column("body", _("认定机构"), "body.name"),
            screens.Column("exam_on", _("考试日期"), kind="date", sort="exam_on"),
            screens.Column("people", _("计费人数"), kind="number"),
            screens.Column("charged", _("应收"), kind="money"),
            screens.Column("paid", _("实收"), kind="money"),
            screens.Column("owed", _("欠费"), kind="money"),
        ),
        search=("title", "number"),
        links=((_("收款与收据"), reverse("fees:payments")), (_("欠费名单"), reverse("fees:arrears"))),
        empty=_("计划报送并受理考生后，在这里核算认定费。"),
        export=_("收费"),
    )


def _own(request: HttpRequest) -> HttpResponse:
    charges = queries.with_balance(queries.visible_to(request.person)).order_by("-id")  # type: ignore[attr-defined]
    return screens.listing(
        request,
        charges,
        title=_("我的费用"),
        columns=(
            screens.Column(
                "what",
                _("职业等级"),
                lambda row: f"{row.application.occupation_name} {display.level(row.application.level)}",
            ),
            screens.Column("item", _("项目"), lambda row: str(ITEMS.get(row.item, row.item))),
            screens.Column(
                "payer", _("缴费人"), lambda row: row.payer_organisation.name if row.payer_organisation else _("本人")
            ),
            screens.Column(
                "document", _("收费依据"), lambda row: f"{row.document}{'（' + row.label + '）' if row.label else ''}"
            ),
            screens.Column("amount_fen", _("金额"), kind="money"),
            screens.Column("paid", _("已缴"), kind="money"),
        ),
        search=(),
        empty=_("受理并核算费用后在这里显示。费用由认定机构线下收取。"),
    )


@screens.signed_in(*PAYERS)
@require_safe
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The charges of a plan, with what was paid on each."""
    person = request.person  # type: ignore[attr-defined]
    found = _plan(request, plan_id)
    charges = queries.visible_to(person).filter(plan_id=plan_id)
    own = person.role is Role.BODY and found.body_id == person.organisation_id
    links: list[tuple[str, str]] = [(_("欠费名单"), reverse("fees:arrears") + f"?plan={plan_id}")]
    if own:
        links = [
            (_("核算认定费"), reverse("fees:charge", args=[plan_id])),
            (_("登记收款"), reverse("fees:pay", args=[plan_id])),
            *links,
        ]
    return screens.listing(
        request,
        queries.with_balance(charges),
        title=_("%(plan)s 收费明细") % {"plan": found.number},
        lead=_("应收 %(charged)s，实收 %(paid)s，欠费 %(owed)s")
        % {
            "charged": display.money(found.charged),
            "paid": display.money(found.paid),
            "owed": display.money(found.charged - found.paid),
        },
        columns=(
            screens.Column("number", _("报名序号"), "application.number"),
            screens.Column("name", _("姓名"), "application.name"),
            screens.Column("item", _("项目"), lambda row: str(ITEMS.get(row.item, row.item))),
            screens.Column(
                "payer", _("缴费人"), lambda row: row.payer_organisation.name if row.payer_organisation else _("本人")
            ),
            screens.Column(
                "document", _("收费依据"), lambda row: f"{row.document}{'（' + row.label + '）' if row.label else ''}"
            ),
            screens.Column("amount_fen", _("应收"), kind="money", sort="amount_fen"),
            screens.Column("paid", _("实收"), kind="money"),
        ),
        search=("application__name", "application__number"),
        order="id",
        links=links,
        empty=_("还没有计费。受理考生后点“核算认定费”，按当日有效的收费标准逐人逐项计算。"),
        export=_("收费明细"),
        breadcrumb=((_("收费"), reverse("fees:list")), (found.number, None)),
    )


def _plan(request: HttpRequest, plan_id: int) -> Any:
    return one(queries.plans_with_fees(request.person), pk=plan_id)  # type: ignore[attr-defined]


@screens.signed_in(Role.BODY)
def charge(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Ask and charge everyone accepted."""
    person, now = request.person, request.now  # type: ignore[attr-defined]
    found = queries.own_plan(person, plan_id)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            count = actions.charge_all(by=person, now=now, plan_id=plan_id)
            screens.done(request, _("已核算，新增 %(n)s 项。") % {"n": count})
            return HttpResponseRedirect(reverse("fees:plan", args=[plan_id]))
        except Refusal as error:
            refusal = error
    return render(
        request,
        "fees/charge.html",
        {
            "title": _("核算认定费"),
            "plan": found,
            "waiting": queries.uncharged(plan_id),
            "refusal": refusal,
            "breadcrumb": _crumbs(found, _("核算认定费")),
        },
        status=refusal.status if refusal else 200,
    )


def _crumbs(found: Plan, here: str) -> tuple[tuple[str, str | None], ...]:
    return (
        (_("收费"), reverse("fees:list")),
        (found.number, reverse("fees:plan", args=[found.pk])),
        (here, None),
    )


@screens.signed_in(Role.BODY)
def pay(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Confirm money received."""
    person, now = request.person, request.now  # type: ignore[attr-defined]
    found = queries.own_plan(person, plan_id)
    units, people = queries.payers(plan_id)
    owing = [
        *((f"unit-{key}", f"{name}（{display.money(fen)}）") for key, name, fen in units),
        *((f"person-{key}", f"{name}（{display.money(fen)}）") for key, name, fen in people),
    ]
    form = forms.PayForm(
        request.POST or None, payers=owing, initial={"paid_on": catalog.local_day(now), "method": "bank"}
    )
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        kind, _dash, key = form.cleaned_data["payer"].partition("-")
        given: dict[str, Any] = (
            {"payer_organisation_id": int(key)} if kind == "unit" else {"application_ids": [int(key)]}
        )
        try:
            made = actions.pay(
                by=person,
                now=now,
                plan_id=plan_id,
                amount_fen=form.fen(),
                reference=form.cleaned_data["reference"],
                method=form.cleaned_data["method"],
                paid_on=form.cleaned_data["paid_on"],
                once=screens.once(request),
                **given,
            )
            screens.done(request, _("已登记收款 %(amount)s。") % {"amount": display.money(made.amount_fen)})
            return HttpResponseRedirect(reverse("fees:payment", args=[made.pk]))
        except Refusal as error:
            refusal = error
    return screens.form_page(
        request,
        form,
        title=_("登记收款"),
        submit=_("确认收款"),
        refusal=refusal,
        lead=_("没有欠费的缴费人不在列表中。") if owing else _("本计划没有欠费。"),
        breadcrumb=_crumbs(found, _("登记收款")),
    )


@screens.signed_in(*PAYERS)
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """Payments and their receipts."""
    return screens.listing(
        request,
        queries.payments_visible_to(request.person),  # type: ignore[attr-defined]
        title=_("收款与收据"),
        columns=(
            screens.Column("reference", _("流水号"), link=lambda row: reverse("fees:payment", args=[row.pk])),
            screens.Column("payer_name", _("缴费人")),
            screens.Column("plan", _("计划"), "plan.number"),
            screens.Column("amount_fen", _("金额"), kind="money", sort="amount_fen"),
            screens.Column("paid_on", _("收款日期"), kind="date", sort="paid_on"),
            screens.Column("receipt", _("收据编号"), _receipt_number),
        ),
        search=("payer_name", "reference", "receipt__number"),
        empty=_("登记收款后在这里开具收据。"),
        export=_("收款记录"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("收款与收据"), None)),
    )


def _receipt_number(row: Payment) -> str:
    receipt = getattr(row, "receipt", None)
    return receipt.number if receipt else ""


@screens.signed_in(*PAYERS)
@require_safe
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """One payment: receipt, what was given back, what is left."""
    person = request.person  # type: ignore[attr-defined]
    found = queries.payment(person, payment_id)
    own = person.role is Role.BODY and found.body_id == person.organisation_id
    return render(
        request,
        "fees/payment.html",
        {
            "title": _("收款 %(reference)s") % {"reference": found.reference},
            "payment": found,
            "method": dict(forms.METHODS).get(found.method, found.method),
            "receipt": getattr(found, "receipt", None),
            "refunds": list(found.refunds.order_by("id")),
            "left": queries.left_of(payment_id),
            "people": queries.allocations_of(payment_id)
            .values("charge__application__number", "charge__application__name")
            .annotate(fen=Sum("amount_fen"))
            .order_by("charge__application_id")[:500],
            "own": own,
            "breadcrumb": (
                (_("收费"), reverse("fees:list")),
                (_("收款与收据"), reverse("fees:payments")),
                (found.reference, None),
            ),
        },
    )


@screens.signed_in(Role.BODY)
@require_POST
def issue(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Number the receipt of a payment."""
    made = actions.receipt(
        by=request.person,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
        payment_id=payment_id,
    )
    screens.done(request, _("已开具收据 %(number)s。") % {"number": made.number})
    return HttpResponseRedirect(reverse("fees:payment", args=[payment_id]))


@screens.signed_in(*PAYERS, Role.CANDIDATE)
@require_safe
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The receipt as PDF."""
    found = queries.receipt(request.person, receipt_id)  # type: ignore[attr-defined]
    made = printing.receipt_pdf(found, queries.allocations_of(found.payment_id))
    return handed_out(made, printing.download_name(found), "application/pdf")


@screens.signed_in(Role.BODY)
def refund(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Give money back."""
    person, now = request.person, request.now  # type: ignore[attr-defined]
    found = queries.payment(person, payment_id)
    queries.own_plan(person, found.plan_id)
    form = forms.RefundForm(request.POST or None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.refund(
                by=person,
                now=now,
                payment_id=payment_id,
                amount_fen=form.fen(),
                reason=form.cleaned_data["reason"],
                once=screens.once(request),
            )
            screens.done(request, _("已登记退款。"))
            return HttpResponseRedirect(reverse("fees:payment", args=[payment_id]))
        except Refusal as error:
            refusal = error
    return screens.form_page(
        request,
        form,
        title=_("登记退款"),
        submit=_("确认退款"),
        refusal=refusal,
        lead=_("可退 %(left)s") % {"left": display.money(queries.left_of(payment_id))},
        breadcrumb=((found.reference, reverse("fees:payment", args=[payment_id])), (_("登记退款"), None)),
    )


@screens.signed_in(*PAYERS)
@require_safe
def arrears(request: HttpRequest) -> HttpResponse:
    """Who still owes."""
    asked = request.GET.get("plan", "")
    plan_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    return screens.listing(
        request,
        queries.arrears(request.person, plan_id),  # type: ignore[attr-defined]
        title=_("欠费名单"),
        kind="application",
        columns=(
            screens.Column("number", _("报名序号"), link=lambda row: reverse("applications:detail", args=[row.pk])),
            screens.Column("name", _("姓名")),
            screens.Column("plan", _("计划"), "plan.number"),
            screens.Column("payer", _("缴费人"), lambda row: row.sponsor.name if row.sponsor else _("本人")),
            screens.Column("charged", _("应收"), kind="money"),
            screens.Column("paid", _("实收"), kind="money"),
            screens.Column("owed", _("欠费"), kind="money", sort="owed"),
        ),
        search=("name", "number"),
        empty=_("没有欠费。"),
        export=_("欠费名单"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("欠费名单"), None)),
    )
