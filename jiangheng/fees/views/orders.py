"""Orders to pay: by hand with two clerks, or through a provider; the sandbox's page and the callbacks' address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.fees import actions, forms, providers, queries
from jiangheng.fees.actions.receiving import is_payer
from jiangheng.fees.models import Order
from jiangheng.fees.providers import MOST_BODY
from jiangheng.fees.views import PAYERS, coded, crumbs, own, who
from jiangheng.journal.queries import one
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.flows import FLOWS
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import SYSTEM, Role
from jiangheng.screens import Column, display
from jiangheng.screens.details import status_line
from jiangheng.screens.request import Request

PAYING = (Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE)


@screens.may("fee.order")
@require_http_methods(["GET", "POST"])
def pay(request: Request, plan_id: int) -> HttpResponse:
    """A clerk notes money that came in for a payer; a payer opens an order for what they owe."""
    person = who(request)
    if queries.is_own_plan(person, plan_id):
        return _note_new(request, plan_id)
    charge = queries.first_of(queries.payable(person).filter(plan_id=plan_id))
    owed = queries.outstanding(queries.payable(person).filter(plan_id=plan_id))
    if not owed:
        raise actions.nothing_owed()
    form = forms.PayForm(request.POST or None, ways=[*providers.names(), ("", _("线下缴费（到认定机构或转账）"))])

    def save(typed: dict[str, Any]) -> Any:
        given: dict[str, Any] = {"payer_organisation_id": person.organisation_id}
        if person.role is Role.CANDIDATE:
            given = {"application_ids": [row.application_id for row, _fen in owed]}
        return actions.open_order(
            by=person,
            now=request.now,
            plan_id=plan_id,
            provider=typed["way"],
            **given,
        )

    return screens.act(
        request,
        form,
        save,
        back=lambda order: reverse("fees:order", args=[order.pk]),
        title=_("缴纳认定费"),
        submit=_("生成缴费单"),
        lead=_("%(plan)s：应缴 %(amount)s。金额按收费标准计算，不能修改。")
        % {"plan": charge.plan.number, "amount": display.money(sum(fen for _row, fen in owed))},
        breadcrumb=((_("收费"), reverse("fees:list")), (_("缴纳认定费"), None)),
        once=False,
    )


def _note_new(request: Request, plan_id: int) -> HttpResponse:
    person, now = who(request), request.now
    found = queries.own_plan(person, plan_id)
    units, people = queries.payers(plan_id)
    owing = [
        *((f"unit-{key}", f"{name}（{display.money(fen)}）") for key, name, fen in units),
        *((f"person-{key}", f"{name}（{display.money(fen)}）") for key, name, fen in people),
    ]
    form = forms.NoteNewForm(
        request.POST or None, payers=owing, initial={"paid_on": local_day(now), "method": "transfer"}
    )

    def save(typed: dict[str, Any]) -> Any:
        kind, _dash, key = typed["payer"].partition("-")
        given: dict[str, Any] = (
            {"payer_organisation_id": int(key)}
            if kind == "unit"
            else {"application_ids": queries.applications_of(plan_id, int(key))}
        )
        return actions.note_payment(
            by=person,
            now=now,
            once=screens.once(request),
            plan_id=plan_id,
            method=typed["method"],
            voucher=typed["voucher"],
            paid_on=typed["paid_on"],
            **given,
        )

    return screens.act(
        request,
        form,
        save,
        back=lambda order: reverse("fees:order", args=[order.pk]),
        said=lambda order: (
            _("已登记 %(amount)s，请由本机构另一名人员复核入账。") % {"amount": display.money(order.amount_fen)}
        ),
        title=_("登记到账"),
        submit=_("登记，待复核"),
        lead=_("金额为该缴费人的全部应缴，不能手工填写；金额不符的款项请在对账中认领。")
        if owing
        else _("本计划没有欠费。"),
        breadcrumb=crumbs(found, _("登记到账")),
    )


@screens.signed_in(*PAYERS)
@require_safe
def orders(request: Request) -> HttpResponse:
    """Orders: what is to be paid, confirmed, booked."""
    return screens.listing(
        request,
        queries.orders_visible_to(who(request)),
        title=_("缴费单"),
        kind="payment_order",
        columns=(
            Column("number", _("缴费单编号"), link=lambda row: reverse("fees:order", args=[row.pk])),
            Column("payer_name", _("缴费人")),
            Column("plan", _("计划"), "plan.number"),
            Column("amount_fen", _("金额"), kind="money", sort="amount_fen"),
            Column("created_at", _("开单时间"), kind="moment", sort="created_at"),
            Column("state", _("状态"), kind="state"),
        ),
        search=("number", "payer_name", "voucher"),
        empty=_("缴费人生成缴费单，或认定机构登记到账后，列在这里。"),
        export=_("缴费单"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("缴费单"), None)),
    )


@screens.signed_in(*PAYERS, Role.CANDIDATE)
@require_safe
def order(request: Request, order_id: int) -> HttpResponse:
    """One order: its sum, how to pay it, who confirms it."""
    person = who(request)
    found = queries.order(person, order_id)
    mine, pays = own(request, found.body_id), is_payer(person, found)
    links: list[tuple[str, str | None]] = []
    payment = queries.payment_of_order(found.pk)
    if found.state == "open" and found.pay_address and pays:
        links.append((_("去支付"), found.pay_address))
    if payment is not None and person.role is not Role.CANDIDATE:
        links.append((_("查看收款"), reverse("fees:payment", args=[payment.pk])))

    return screens.detail(
        request,
        found,
        title=_("缴费单 %(number)s") % {"number": found.number},
        template="fees/order.html",
        facts=(
            (_("缴费人"), found.payer_name),
            (_("收款单位"), found.body.name),
            (_("计划"), f"{found.plan.number} {found.plan.title}"),
            (_("金额"), found.amount_fen, "money"),
            (_("收款方式"), coded("pay_method", found.method or ("online" if found.provider else "")) or _("线下")),
            (_("凭证号"), found.voucher or found.trade or "—"),
            (_("有效至"), found.expires_at, "moment")
            if found.expires_at
            else (_("开单时间"), found.created_at, "moment"),
        ),
        sections=((_("费用明细"), "fees/_lines.html", {"lines": _lines(found.pk)}),),
        threads=(("payment_order", found.pk),),
        breadcrumb=((_("收费"), reverse("fees:list")), (found.number, None)),
        actions=links,
        context={
            **(
                {"line": _online_line(found)}
                if found.provider and found.state in flows.states("payment_order", "online")
                else {}
            ),
            "refresh": found.provider and found.state in flows.states("payment_order", "asking") and (pays or mine),
            "sandbox": found.provider == "sandbox",
            "pays": pays and not found.provider,
        },
    )


def _online_line(order: Order) -> list[dict[str, str]]:
    """The states on the way of an order paid online: nobody notes it."""
    noted = display.word(FLOWS["payment_order"].state("noted").label)
    return [each for each in status_line("payment_order", order.state) if each["label"] != noted]


def _lines(order_id: int) -> list[dict[str, Any]]:
    return [
        {
            "name": row.charge.application.name,
            "number": row.charge.application.number,
            "item": coded("fee_item", row.charge.item),
            "payee": coded("fee_payee", row.charge.payee),
            "document": row.charge.document,
            "label": row.charge.label,
            "fen": row.amount_fen,
        }
        for row in queries.lines_of_order(order_id)
    ]


@screens.may("fee.refresh")
@require_POST
def refresh(request: Request, order_id: int) -> HttpResponse:
    """Ask the provider how an order stands."""
    found = actions.refresh(by=who(request), now=request.now, order_id=order_id)
    screens.done(request, _("支付已完成。") if found.state == "paid" else _("支付机构尚未收到款项。"))
    return HttpResponseRedirect(reverse("fees:order", args=[order_id]))


@screens.may("fee.sandbox_pay")
@require_http_methods(["GET", "POST"])
def sandbox(request: Request, number: str) -> HttpResponse:
    """The sandbox provider's own page: says that it is none, and pays without money."""
    person, now = who(request), request.now
    providers.of("sandbox")
    found = one(queries.orders_visible_to(person).filter(provider="sandbox"), number=number)
    queries.own_order_numbered(person, number)

    def show(refusal: Refusal | None) -> HttpResponse:
        return render(
            request,
            "fees/sandbox.html",
            {
                "title": _("演示支付"),
                "order": found,
                "refusal": refusal,
                "breadcrumb": ((found.number, reverse("fees:order", args=[found.pk])), (_("演示支付"), None)),
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        None,
        lambda _typed: actions.sandbox_pay(by=person, now=now, number=number),
        back=reverse("fees:order", args=[found.pk]),
        said=_("演示支付完成，缴费单已入账。"),
        show=show,
    )


@csrf_exempt
@require_POST
def callback(request: Request, provider: str) -> HttpResponse:
    """Where providers tell what happened: the signature is the key, not a session."""
    if request.content_type == "multipart/form-data":
        return JsonResponse({"code": "callback.shape"}, status=415)
    if len(request.body) > MOST_BODY:
        return JsonResponse({"code": "callback.shape"}, status=413)
    try:
        heard = actions.hear(
            by=SYSTEM,
            now=request.now,
            provider=provider,
            headers=request.headers,
            body=request.body,
        )
    except Refusal as error:
        return JsonResponse({"code": error.code}, status=error.status)
    return JsonResponse({"outcome": heard.outcome})
