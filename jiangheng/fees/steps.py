"""Where the steps of bills, orders, refunds and claims are taken, and what differs among them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng import screens
from jiangheng.fees import forms, queries
from jiangheng.fees.actions.receiving import is_payer
from jiangheng.fees.models import Bill, Match, Order, RefundRequest
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import Asks, Links, Steps, display
from jiangheng.screens.request import Request


def _bill(bill: Bill) -> str:
    return reverse("fees:bill", args=[bill.pk])


def _order(order: Order) -> str:
    return reverse("fees:order", args=[order.pk])


def _refund(found: RefundRequest) -> str:
    return reverse("fees:refund_detail", args=[found.pk])


def _statement(match: Match) -> str:
    return reverse("fees:statement", args=[match.line.statement_id])


def _match_trail(match: Match) -> Links:
    return ((_("对账结果"), _statement(match)), (match.line.reference, None))


def _works_for(person: Person, body_id: int) -> bool:
    return person.role is Role.BODY and person.organisation_id == body_id


def _of_bill(person: Person, bill: Any, verb: str, _now: datetime) -> bool:
    """Who pays looks it through; the body answers and voids."""
    if verb in ("answer", "void"):
        return _works_for(person, bill.body_id)
    return bool(person.organisation_id == bill.payer_organisation_id)


def _of_order(person: Person, order: Any, verb: str, _now: datetime) -> bool:
    """The body notes and confirms; who pays may close it as well."""
    return _works_for(person, order.body_id) or (verb == "close" and is_payer(person, order))


def _of_refund(person: Person, found: Any, verb: str, _now: datetime) -> bool:
    """The body decides; who asked takes it back."""
    if verb == "withdraw":
        return bool(found.requested_by == person.account_id)
    return _works_for(person, found.payment.body_id)


def _note(request: Request, _order: Order) -> forms.NoteForm:
    today = local_day(request.now)
    return forms.NoteForm(screens.posted(request), initial={"paid_on": today, "method": "transfer"})


def _sum_of_order(_request: Request, order: Order) -> str:
    return _("金额 %(amount)s，缴费人 %(payer)s，凭证号 %(voucher)s。请核对银行回单或现金后办理。") % {
        "amount": display.money(order.amount_fen),
        "payer": order.payer_name,
        "voucher": order.voucher or "—",
    }


def _pay_out(request: Request, found: RefundRequest) -> forms.PayOutForm | None:
    """Money that came by hand goes back by hand, with the voucher's number."""
    return None if found.payment.provider else forms.PayOutForm(screens.posted(request))


def _sum_of_refund(_request: Request, found: RefundRequest) -> str:
    return _("%(payer)s，退费 %(amount)s。") % {
        "payer": found.payment.payer_name,
        "amount": display.money(found.amount_fen),
    }


def _claim(_request: Request, match: Match) -> str:
    payer = match.payer_organisation.name if match.payer_organisation else _("账面已有的收款")
    return _("流水 %(reference)s，%(amount)s，认领为：%(payer)s。依据：%(note)s") % {
        "reference": match.line.reference,
        "amount": display.money(match.line.amount_fen),
        "payer": match.application.name if match.application else payer,
        "note": match.note,
    }


STEPS = screens.register(
    Steps(
        "bill",
        "fees:bill_step",
        "bills/",
        queries.bill,
        _bill,
        lambda one: ((one.number, _bill(one)),),
        concerns=_of_bill,
        within=("supplement",),
    ),
    Steps(
        "payment_order",
        "fees:order_step",
        "orders/",
        queries.order,
        _order,
        lambda one: ((one.number, _order(one)),),
        _sum_of_order,
        {"note": Asks(_note)},
        _of_order,
    ),
    Steps(
        "refund_request",
        "fees:refund_step",
        "refunds/",
        queries.refund_request,
        _refund,
        lambda one: ((one.number, _refund(one)),),
        _sum_of_refund,
        {"pay_out": Asks(_pay_out)},
        _of_refund,
    ),
    Steps("statement_match", "fees:match_step", "matches/", queries.match, _statement, _match_trail, _claim),
)
