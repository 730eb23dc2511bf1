"""Payments and their receipts."""

from __future__ import annotations

from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.fees import actions, forms, printing, queries
from jiangheng.fees.models import Receipt
from jiangheng.fees.views import PAYERS, coded, own, who
from jiangheng.rules.roles import Role
from jiangheng.screens import Column
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request

MOST_SHOWN = 500


@screens.signed_in(*PAYERS)
@require_safe
def payments(request: Request) -> HttpResponse:
    """Payments and their receipts."""
    return screens.listing(
        request,
        queries.with_receipt(queries.payments_visible_to(who(request))),
        title=_("收款与收据"),
        columns=(
            Column("reference", _("流水号"), link=lambda row: reverse("fees:payment", args=[row.pk])),
            Column("payer_name", _("缴费人")),
            Column("plan", _("计划"), "plan.number"),
            Column("method", _("收款方式"), lambda row: coded("pay_method", row.method)),
            Column("amount_fen", _("金额"), kind="money", sort="amount_fen"),
            Column("paid_on", _("收款日期"), kind="date", sort="paid_on"),
            Column("receipt", _("收据编号"), "receipt_number"),
        ),
        search=("payer_name", "reference", "receipts__number"),
        empty=_("复核入账后在这里开具收据。"),
        export=_("收款记录"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("收款与收据"), None)),
    )


@screens.signed_in(*PAYERS, Role.CANDIDATE)
@require_safe
def payment(request: Request, payment_id: int) -> HttpResponse:
    """One payment: receipt, what was given back, what is left."""
    found = queries.payment(who(request), payment_id)
    receipts = queries.receipts_of(payment_id)
    last = receipts[-1] if receipts else None
    good = last if last is not None and not hasattr(last, "voided") else None
    return render(
        request,
        "fees/payment.html",
        {
            "title": _("收款 %(reference)s") % {"reference": found.reference},
            "payment": found,
            "method": coded("pay_method", found.method),
            "receipt": good,
            "receipts": receipts,
            "requests": list(found.refund_requests.order_by("id")),
            "left": queries.left_of(payment_id),
            "credit": queries.credit_of(payment_id),
            "most": MOST_SHOWN,
            "people": queries.allocations_of(payment_id)
            .values("charge__application__number", "charge__application__name")
            .annotate(fen=Sum("amount_fen"))
            .order_by("charge__application_id")[:MOST_SHOWN],
            "own": own(request, found.body_id),
            "centre": who(request).is_centre,
            "breadcrumb": (
                (_("收费"), reverse("fees:list")),
                (_("收款与收据"), reverse("fees:payments")),
                (found.reference, None),
            ),
        },
    )


@screens.may("fee.receipt")
@require_POST
def issue(request: Request, payment_id: int) -> HttpResponse:
    """Number the receipt of a payment."""
    made = actions.receipt(by=who(request), now=request.now, payment_id=payment_id)
    screens.done(request, _("已开具收据 %(number)s。") % {"number": made.number})
    return HttpResponseRedirect(reverse("fees:payment", args=[payment_id]))


@screens.signed_in(*PAYERS, Role.CANDIDATE)
@require_safe
def receipt(request: Request, receipt_id: int) -> HttpResponse:
    """The receipt as PDF, to look at; the original is printed by the body."""
    found = queries.receipt(who(request), receipt_id)
    return _pdf(found, printing.marked(found, copy=0))


def _pdf(found: Receipt, mark: str) -> HttpResponse:
    made = printing.receipt_pdf(found, queries.allocations_of(found.payment_id), mark)
    return handed_out(made, printing.download_name(found), "application/pdf")


@screens.may("fee.print_receipt")
@require_POST
def print_(request: Request, receipt_id: int) -> HttpResponse:
    """Print a receipt: the first print is the original, later ones say 补打."""
    found = queries.receipt(who(request), receipt_id)
    count = actions.note_print(by=who(request), now=request.now, receipt_id=receipt_id)
    return _pdf(found, printing.marked(found, copy=count))


@screens.signed_in(Role.BODY)
@require_http_methods(["GET", "POST"])
def void(request: Request, receipt_id: int) -> HttpResponse:
    """Void a receipt; its number is kept."""
    person = who(request)
    found = queries.receipt(person, receipt_id)
    queries.own_plan(person, found.payment.plan_id)
    form = forms.VoidForm(request.POST or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.void_receipt(
            by=person,
            now=request.now,
            receipt_id=receipt_id,
            reason=typed["reason"],
        ),
        back=reverse("fees:payment", args=[found.payment_id]),
        said=_("收据 %(number)s 已作废，编号保留。") % {"number": found.number},
        title=_("作废收据 %(number)s") % {"number": found.number},
        submit=_("确认作废"),
        lead=_("作废后编号保留、不再使用；可为同一笔收款重新开具。"),
        breadcrumb=((found.payment.reference, reverse("fees:payment", args=[found.payment_id])), (_("作废收据"), None)),
        once=False,
    )
