"""Money back: asked, approved, paid out."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.fees import actions, forms, queries
from jiangheng.fees.views import PAYERS, coded, who
from jiangheng.rules.fees.money import refund_reasons
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, display
from jiangheng.screens.request import Request

ASKING = (Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE)


@screens.signed_in(*PAYERS, Role.CANDIDATE)
@require_safe
def refunds(request: Request) -> HttpResponse:
    """Requests for money back."""
    return screens.listing(
        request,
        queries.refund_requests_visible_to(who(request)),
        title=_("退费"),
        kind="refund_request",
        columns=(
            Column("number", _("退费编号"), link=lambda row: reverse("fees:refund_detail", args=[row.pk])),
            Column("payer", _("缴费人"), "payment.payer_name"),
            Column("plan", _("计划"), "plan.number"),
            Column("amount_fen", _("金额"), kind="money", sort="amount_fen"),
            Column("reason", _("事由"), lambda row: display.word(refund_reasons()[row.reason].label)),
            Column("created_at", _("申请时间"), kind="moment", sort="created_at"),
            Column("state", _("状态"), kind="state"),
        ),
        search=("number", "payment__payer_name", "payment__reference"),
        empty=_("在收款页面点“申请退费”后，列在这里。"),
        export=_("退费"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("退费"), None)),
    )


@screens.signed_in(*PAYERS, Role.CANDIDATE)
@require_safe
def refund(request: Request, refund_id: int) -> HttpResponse:
    """One request: why, how much, who may do what."""
    person = who(request)
    found = queries.refund_request(person, refund_id)
    reason = refund_reasons()[found.reason]

    return screens.detail(
        request,
        found,
        title=_("退费申请 %(number)s") % {"number": found.number},
        facts=(
            (_("缴费人"), found.payment.payer_name),
            (_("原收款"), found.payment.reference),
            (_("退费金额"), found.amount_fen, "money"),
            (_("事由"), f"{display.word(reason.label)}（{reason.clause}）"),
            (_("处理"), display.word(reason.note)),
            (_("情况说明"), found.note),
            (_("退款凭证"), found.voucher or "—"),
        ),
        sections=((_("费用明细"), "fees/_lines.html", {"lines": _lines(found.pk)}),),
        threads=(("refund_request", found.pk),),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("退费"), reverse("fees:refunds")), (found.number, None)),
    )


def _lines(request_id: int) -> list[dict[str, Any]]:
    return [
        {
            "name": row.charge.application.name if row.charge else _("多缴款项"),
            "number": row.charge.application.number if row.charge else "",
            "item": coded("fee_item", row.charge.item) if row.charge else "",
            "payee": coded("fee_payee", row.charge.payee) if row.charge else "",
            "document": row.charge.document if row.charge else "",
            "label": row.charge.label if row.charge else "",
            "fen": row.amount_fen,
        }
        for row in queries.lines_of_refund(request_id)
    ]


def _choices(rows: list[tuple[int, str, str, str, int]], *, by_person: bool) -> list[tuple[str, str]]:
    """What may be ticked: every charge, or each person's charges together."""
    if not by_person:
        return [
            (str(pk), f"{name} {number} {coded('fee_item', item)}（{display.money(fen)}）")
            for pk, name, number, item, fen in rows
        ]
    found = []
    for (name, number), group in groupby(rows, key=lambda row: row[1:3]):
        those = list(group)
        ticked = "-".join(str(row[0]) for row in those)
        found.append((ticked, f"{name} {number}（{display.money(sum(row[4] for row in those))}）"))
    return found


@screens.may("fee.request_refund")
@require_http_methods(["GET", "POST"])
def ask(request: Request, payment_id: int) -> HttpResponse:
    """Ask money of a payment back."""
    person = who(request)
    found = queries.payment(person, payment_id)
    unit, by_item = found.payer_organisation_id is not None, request.GET.get("by") == "item"
    choices = _choices(queries.refundable(person, payment_id), by_person=unit and not by_item)
    form = forms.RefundForm(request.POST or None, charges=choices)
    credit = queries.credit_of(payment_id)
    return screens.act(
        request,
        form,
        lambda typed: actions.request_refund(
            by=person,
            now=request.now,
            once=screens.once(request),
            payment_id=payment_id,
            reason=typed["reason"],
            note=typed["note"],
            charge_ids=[int(pk) for chosen in typed["charges"] for pk in chosen.split("-")],
        ),
        back=lambda made: reverse("fees:refund_detail", args=[made.pk]),
        said=lambda made: _("已提交退费申请 %(number)s，待审批。") % {"number": made.number},
        title=_("申请退费"),
        submit=_("提交申请"),
        lead=_("退费金额由所选费用决定；多缴款项 %(credit)s。退费由认定机构另一名人员审批后办理。")
        % {"credit": display.money(credit)},
        breadcrumb=((found.reference, reverse("fees:payment", args=[payment_id])), (_("申请退费"), None)),
        template="fees/refund.html",
        context={"payment": found, "by_item": by_item if unit else None},
    )
