"""Plans with their money, a candidate's own charges, arrears, the ledger, transfers."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.fees import actions, forms, providers, queries
from jiangheng.fees.queries import ledger
from jiangheng.fees.views import PAYERS, basis, coded, crumbs, item, own, payer_name, who
from jiangheng.journal.queries import one
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, display
from jiangheng.screens.request import Request


@screens.signed_in(*PAYERS, Role.CANDIDATE)
@require_safe
def index(request: Request) -> HttpResponse:
    """Plans with money; a candidate's own charges instead."""
    person = who(request)
    if person.role is Role.CANDIDATE:
        return _own(request)
    links = [
        (_("团体账单"), reverse("fees:bills")),
        (_("缴费单"), reverse("fees:orders")),
        (_("收款与收据"), reverse("fees:payments")),
        (_("退费"), reverse("fees:refunds")),
        (_("欠费名单"), reverse("fees:arrears")),
        (_("收费台账"), reverse("fees:ledger")),
    ]
    if person.role in (Role.BODY, Role.CENTRE):
        links.append((_("对账"), reverse("fees:statements")))
    return screens.listing(
        request,
        queries.plans_with_fees(person),
        title=_("收费"),
        columns=(
            Column("number", _("计划编号"), link=lambda row: reverse("fees:plan", args=[row.pk])),
            Column("title", _("计划名称")),
            Column("body", _("认定机构"), "body.name"),
            Column("exam_on", _("考试日期"), kind="date", sort="exam_on"),
            Column("people", _("计费人数"), kind="number"),
            Column("charged", _("应收"), kind="money"),
            Column("paid", _("实收"), kind="money"),
            Column("owed", _("欠费"), kind="money"),
        ),
        search=("title", "number"),
        links=links,
        empty=_("计划报送并受理考生后，在这里核算认定费。"),
        export=_("收费"),
    )


def _own(request: Request) -> HttpResponse:
    person = who(request)
    charges = queries.with_balance(queries.visible_to(person)).select_related("reversal").order_by("-id")
    plans = queries.owing_plans(person)
    return screens.listing(
        request,
        charges,
        title=_("我的费用"),
        template="fees/mine.html",
        context={
            "owing": plans,
            "online": bool(providers.names()),
            "orders": queries.orders_visible_to(person)[:10],
            "payments": queries.with_receipt(queries.payments_visible_to(person))[:10],
        },
        columns=(
            Column(
                "what",
                _("职业等级"),
                lambda row: f"{row.application.occupation_name} {display.level(row.application.level)}",
            ),
            Column("item", _("项目"), item),
            Column("payer", _("缴费人"), payer_name),
            Column("document", _("收费依据"), basis),
            Column("amount_fen", _("金额"), kind="money"),
            Column("paid", _("已缴"), kind="money"),
        ),
        search=(),
        empty=_("受理并核算费用后在这里显示。"),
    )


@screens.signed_in(*PAYERS)
@require_safe
def plan(request: Request, plan_id: int) -> HttpResponse:
    """The charges of a plan, with what was paid on each, and the sums by payee."""
    person = who(request)
    found = one(queries.plans_with_fees(person), pk=plan_id)
    mine = own(request, found.body_id)
    links: list[tuple[str, str]] = [
        (_("欠费名单"), reverse("fees:arrears") + f"?plan={plan_id}"),
        (_("收费台账"), reverse("fees:ledger") + f"?plan={plan_id}"),
    ]
    if mine:
        links = [
            (_("核算认定费"), reverse("fees:charge", args=[plan_id])),
            (_("登记到账"), reverse("fees:pay", args=[plan_id])),
            (_("冲销"), reverse("fees:reverse", args=[plan_id])),
            *links,
        ]
    elif queries.owes(person, plan_id):
        links = [(_("缴费"), reverse("fees:pay", args=[plan_id])), *links]
    sums = ledger.totals(ledger.entries(person, plan_id=plan_id))
    return screens.listing(
        request,
        queries.with_balance(queries.visible_to(person).filter(plan_id=plan_id)).select_related("reversal"),
        title=_("%(plan)s 收费明细") % {"plan": found.number},
        template="fees/plan.html",
        context={
            "sums": sums,
            "payees": [(coded("fee_payee", name), each) for name, each in sorted(sums.payees.items())],
        },
        columns=(
            Column("number", _("报名序号"), "application.number"),
            Column("name", _("姓名"), "application.name"),
            Column("item", _("项目"), item),
            Column("payee", _("收款主体"), lambda row: coded("fee_payee", row.payee)),
            Column("payer", _("缴费人"), payer_name),
            Column("document", _("收费依据"), basis),
            Column("amount_fen", _("应收"), kind="money", sort="amount_fen"),
            Column("paid", _("实收"), kind="money"),
        ),
        search=("application__name", "application__number"),
        order="id",
        links=links,
        empty=_("还没有计费。受理考生后点“核算认定费”，按当日有效的收费标准逐人逐项计算。"),
        export=_("收费明细"),
        breadcrumb=((_("收费"), reverse("fees:list")), (found.number, None)),
    )


@screens.may("fee.charge")
@require_http_methods(["GET", "POST"])
def charge(request: Request, plan_id: int) -> HttpResponse:
    """Ask and charge everyone accepted."""
    found = queries.own_plan(who(request), plan_id)

    def show(refusal: Refusal | None) -> HttpResponse:
        return render(
            request,
            "fees/charge.html",
            {
                "title": _("核算认定费"),
                "plan": found,
                "waiting": queries.uncharged(plan_id),
                "refusal": refusal,
                "breadcrumb": crumbs(found, _("核算认定费")),
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        None,
        lambda _typed: actions.charge_all(by=who(request), now=request.now, plan_id=plan_id),
        back=reverse("fees:plan", args=[plan_id]),
        said=lambda count: _("已核算，新增 %(n)s 项。") % {"n": count},
        show=show,
    )


@screens.may("fee.reverse")
@require_http_methods(["GET", "POST"])
def reverse_(request: Request, plan_id: int) -> HttpResponse:
    """Ask and let fall the charges that no longer stand."""
    found = queries.own_plan(who(request), plan_id)
    if request.method == "POST":
        count = actions.reverse(by=who(request), now=request.now, plan_id=plan_id)
        screens.done(request, _("已冲销 %(n)s 项应收。") % {"n": count})
        return HttpResponseRedirect(reverse("fees:plan", args=[plan_id]))
    return render(
        request,
        "fees/reverse.html",
        {
            "title": _("冲销应收"),
            "plan": found,
            "waiting": queries.fallen(found).count(),
            "breadcrumb": crumbs(found, _("冲销应收")),
        },
    )


@screens.may("fee.remind")
@require_POST
def remind(request: Request, plan_id: int) -> HttpResponse:
    """Remind who owes."""
    told = actions.remind(by=who(request), now=request.now, plan_id=plan_id)
    screens.done(request, _("已提醒 %(n)s 个缴费人；同一天不重复发送。") % {"n": told})
    return HttpResponseRedirect(reverse("fees:arrears") + f"?plan={plan_id}")


@screens.signed_in(*PAYERS)
@require_safe
def arrears(request: Request) -> HttpResponse:
    """Who still owes."""
    person = who(request)
    asked = request.GET.get("plan", "")
    plan_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    mine = plan_id is not None and queries.is_own_plan(person, plan_id)
    return screens.listing(
        request,
        queries.arrears(person, plan_id),
        title=_("欠费名单"),
        template="fees/arrears.html",
        context={"remind": reverse("fees:remind", args=[plan_id]) if mine else ""},
        columns=(
            Column("number", _("报名序号"), link=lambda row: reverse("applications:detail", args=[row.pk])),
            Column("name", _("姓名")),
            Column("plan", _("计划"), "plan.number"),
            Column("payer", _("缴费人"), lambda row: row.sponsor.name if row.sponsor else _("本人")),
            Column("charged", _("应收"), kind="money"),
            Column("paid", _("实收"), kind="money"),
            Column("owed", _("欠费"), kind="money", sort="owed"),
        ),
        search=("name", "number"),
        empty=_("没有欠费。"),
        export=_("欠费名单"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("欠费名单"), None)),
    )


@screens.signed_in(*PAYERS)
@require_safe
def ledger_(request: Request) -> HttpResponse:
    """The day-book of a plan, a body and some days, with totals by payee."""
    person = who(request)
    form = forms.LedgerForm(request.GET, plans=queries.ledger_plans(person))
    form.is_valid()
    chosen = {name: form.cleaned_data.get(name) for name in ("plan", "first", "last")}
    first, last = chosen["first"], chosen["last"]
    book = ledger.entries(
        person,
        plan_id=int(chosen["plan"]) if chosen["plan"] else None,
        first=first if isinstance(first, date) else None,
        last=last if isinstance(last, date) else None,
    )
    sums = ledger.totals(book)
    return screens.listing(
        request,
        book,
        title=_("收费台账"),
        lead=_("每天、每个计划、每个收款主体一行；应收减冲销加待处理款，等于收款减退款加欠费。"),
        template="fees/ledger.html",
        context={
            "form": form,
            "sums": sums,
            "payees": [(coded("fee_payee", name), each) for name, each in sorted(sums.payees.items())],
        },
        columns=(
            Column("day", _("日期"), kind="date"),
            Column("plan", _("计划")),
            Column("body", _("认定机构")),
            Column("event", _("事项"), lambda row: display.word(ledger.EVENTS[row.event][0])),
            Column("payee", _("收款主体"), lambda row: coded("fee_payee", row.payee) if row.payee else ""),
            Column("amount_fen", _("金额"), kind="money"),
        ),
        search=(),
        empty=_("所选范围内没有收费记录。"),
        export=_("收费台账"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("收费台账"), None)),
    )


@screens.may("fee.transfer")
@require_http_methods(["GET", "POST"])
def transfer(request: Request, application_id: int) -> HttpResponse:
    """Move a person's money to the application that took the place of another."""
    person = who(request)
    old = queries.charged_application(person, application_id)
    form = forms.TransferForm(request.POST or None, places=queries.places_for(old))
    return screens.act(
        request,
        form,
        lambda typed: actions.transfer(
            by=person,
            now=request.now,
            from_application_id=old.pk,
            to_application_id=int(typed["to"]),
        ),
        back=reverse("fees:plan", args=[old.plan_id]),
        said=lambda fen: _("已转用 %(amount)s。") % {"amount": display.money(fen)},
        title=_("转用已缴费用"),
        submit=_("确认转用"),
        lead=_("%(name)s（%(number)s）的原申请不再参加后，已缴费用可转到本人的新申请；原应收一并冲销。")
        % {"name": old.name, "number": old.number},
        breadcrumb=((_("收费"), reverse("fees:list")), (_("转用已缴费用"), None)),
        once=False,
    )
