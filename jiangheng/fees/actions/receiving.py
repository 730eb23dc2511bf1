"""Orders to pay, money confirmed by two people or by a provider, receipts (三（七）)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from jiangheng.fees import providers, queries
from jiangheng.fees.actions.numbering import CHUNK, lock
from jiangheng.fees.models import Allocation, Order, OrderLine, Payment
from jiangheng.journal.actions import action, move, record, send
from jiangheng.journal.actions.numbering import take
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.fees.money import BY_HAND, settle, yuan
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import SYSTEM, Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

MOST_PEOPLE = 2000


@action("fee.order")
def open_order(
    *,
    by: Person,
    now: datetime,
    plan_id: int,
    payer_organisation_id: int | None = None,
    application_ids: Sequence[int] = (),
    provider: str = "",
) -> Order:
    """Set out to pay what a payer owes in a plan: all of an organisation's charges, those of ``application_ids`` among
    them, or one person's. The sum is that of the charges; nobody types it. Asking again gives the order still open.

    Refusals: ``record.none`` (404), ``order.payer`` (422: nobody or several people), ``order.nothing`` (409),
    ``order.noted`` (409: money for it is being confirmed), those of ``providers.of``.
    """
    charges = queries.payable(by).filter(plan_id=plan_id, payer_organisation_id=payer_organisation_id)
    if payer_organisation_id is None and not application_ids:
        raise _whose()
    if application_ids:
        charges = charges.filter(application_id__in=list(application_ids)[:MOST_PEOPLE])
    first = queries.first_of(charges)
    plan = lock(first.plan_id)
    owed = queries.outstanding(charges)
    identities = {charge.application.identity_id for charge, _fen in owed}
    if payer_organisation_id is None and len(identities) > 1:
        raise _whose()
    if not owed:
        raise nothing_owed()
    amount = sum(fen for _charge, fen in owed)
    wanted = {(charge.pk, fen) for charge, fen in owed}
    for standing in queries.orders_over(charge.pk for charge, _fen in owed):
        if standing.state == "noted":
            raise refuse(
                "order.noted",
                N_("缴费单%(number)s已登记到账，正在复核，不能重复缴费。"),
                N_("请等待认定机构复核。"),
                clause="三（七）",
                number=standing.number,
            )
        same = wanted == set(standing.lines.values_list("charge_id", "amount_fen"))
        if same and standing.provider == provider and (standing.expires_at is None or now < standing.expires_at):
            return standing
        _shut(standing, now)
    payer = owed[0][0].payer_organisation
    made = Order.objects.create(
        number=take("payment_order", now, body=plan.body_id),
        plan=plan,
        body_id=plan.body_id,
        payer_organisation_id=payer_organisation_id,
        identity_id=None if payer else owed[0][0].application.identity_id,
        payer_name=(payer.name if payer else owed[0][0].application.name)[:120],
        provider=provider,
        amount_fen=amount,
        created_at=now,
    )
    OrderLine.objects.bulk_create(
        [OrderLine(order=made, charge=charge, amount_fen=fen) for charge, fen in owed], batch_size=CHUNK
    )
    if provider:
        asked = providers.of(provider).create(made.number, amount, f"{plan.number} {plan.title}", now)
        minutes = values.law(local_day(now)).value("payment_order_minutes")
        made.trade, made.pay_address = asked.trade, asked.address
        made.expires_at = now + timedelta(minutes=minutes)
        Order.objects.filter(pk=made.pk).update(
            trade=made.trade, pay_address=made.pay_address, expires_at=made.expires_at
        )
    record(made, after={"number": made.number, "fen": amount, "charges": len(owed), "provider": provider})
    return made


def nothing_owed() -> Refusal:
    """Nothing is to be paid (409)."""
    return refuse(
        "order.nothing",
        N_("没有需要缴纳的费用。"),
        N_("费用已缴清，或尚未核算；可在收费明细中查看。"),
        clause="三（七）",
    )


def _whose() -> Refusal:
    return refuse(
        "order.payer",
        N_("请指明是哪个单位或哪名考生缴费；一张缴费单只能有一个缴费人。"),
        N_("请选择缴费单位，或选择一名考生。"),
        clause="三（七）",
        status=422,
    )


def _close_at_provider(order: Order, now: datetime) -> None:
    """Refusal ``order.paid`` (409) where the provider has been paid meanwhile."""
    if providers.of(order.provider).close(order.number, now).state == "paid":
        raise refuse(
            "order.paid",
            N_("缴费单%(number)s已在支付机构付款，正在入账。"),
            N_("请打开该缴费单，点“查询支付结果”。"),
            clause="三（七）",
            number=order.number,
        )


def _shut(order: Order, now: datetime) -> None:
    """Close an open order at its provider and in the books; one paid meanwhile is settled instead."""
    if order.provider:
        _close_at_provider(order, now)
    move(order, "close", by=SYSTEM)


@action("fee.note_payment")
def note_payment(
    *,
    by: Person,
    now: datetime,
    plan_id: int,
    method: str,
    voucher: str,
    paid_on: date | None = None,
    payer_organisation_id: int | None = None,
    application_ids: Sequence[int] = (),
) -> Order:
    """A clerk notes money for a payer who opened no order: the order of what is owed, noted at once."""
    queries.own_plan(by, plan_id)
    order = open_order(
        by=by, now=now, plan_id=plan_id, payer_organisation_id=payer_organisation_id, application_ids=application_ids
    )
    return note(by=by, now=now, order_id=order.pk, method=method, voucher=voucher, paid_on=paid_on)


@action("payment_order.close")
def close(*, by: Person, now: datetime, order_id: int, seen: int | None = None) -> Order:
    """Close an order that will not be paid. Refusals: ``record.none`` (404), ``order.paid``, ``flow.state`` (409)."""
    order = queries.order(by, order_id)
    lock(order.plan_id)
    order.refresh_from_db()
    if (
        order.provider
        and order.state == "open"
        and providers.of(order.provider).close(order.number, now).state == "paid"
    ):
        _take(order, order.trade, local_day(now), by=SYSTEM, now=now)
        return order
    return move(order, "close", seen=seen)


@action("payment_order.note")
def note(
    *,
    by: Person,
    now: datetime,
    order_id: int,
    method: str,
    voucher: str,
    paid_on: date | None = None,
    seen: int | None = None,
) -> Order:
    """A clerk notes that the order's whole sum came in by hand: cash, transfer or card, with its voucher (三（七）).

    A second clerk confirms it. Refusals: ``record.none`` (404), ``payment.voucher_blank``, ``payment.method``,
    ``payment.future`` (422), ``payment.reference``, ``flow.state`` (409).
    """
    order = _own_order(by, order_id)
    mark, day = voucher.strip()[:60], paid_on or local_day(now)
    if not mark:
        raise refuse(
            "payment.voucher_blank",
            N_("请填写银行回单或收款凭证的编号。"),
            N_("编号用来防止同一笔款登记两次。"),
            clause="三（七）",
            status=422,
        )
    if method not in BY_HAND:
        raise refuse(
            "payment.method", N_("没有这种收款方式。"), N_("请从列表中选择收款方式。"), clause="三（七）", status=422
        )
    if day > local_day(now):
        raise refuse(
            "payment.future", N_("收款日期不能在今天之后。"), N_("请核对收款日期。"), clause="三（七）", status=422
        )
    _voucher_free(order, mark)
    if order.provider and order.state == "open":
        _close_at_provider(order, now)
    return move(
        order, "note", seen=seen, updates={"method": method, "voucher": mark, "paid_on": day, "noted_by": by.account_id}
    )


def _own_order(by: Person, order_id: int) -> Order:
    order = queries.order(by, order_id)
    queries.own_plan(by, order.plan_id)
    lock(order.plan_id)
    order.refresh_from_db()
    return order


def _voucher_free(order: Order, mark: str) -> None:
    taken = Payment.objects.filter(body_id=order.body_id, reference=mark).exists() or (
        Order.objects.filter(body_id=order.body_id, voucher=mark, state="noted").exclude(pk=order.pk).exists()
    )
    if taken:
        raise refuse(
            "payment.reference",
            N_("凭证号“%(reference)s”已登记过另一笔收款，未重复登记。"),
            N_("请核对银行回单或收款凭证上的编号；同一笔款不必再次登记。"),
            clause="三（七）",
            reference=mark,
        )


@action("payment_order.confirm")
def confirm(*, by: Person, now: datetime, order_id: int, seen: int | None = None) -> Order:
    """A second clerk confirms money noted by the first; it is booked (三（七）). Refusals: ``record.none`` (404),
    ``payment.same_person`` (403), ``payment.reference``, ``flow.state``, ``record.stale`` (409).
    """
    order = _own_order(by, order_id)
    if order.state == "noted":
        _voucher_free(order, order.voucher)
    moved = move(order, "confirm", seen=seen)
    _book(moved, moved.voucher, moved.method, moved.paid_on or local_day(now), by=by, now=now)
    return moved


@action("payment_order.reject")
def reject(*, by: Person, now: datetime, order_id: int, note: str, seen: int | None = None) -> Order:
    """What was noted is not right: the order is open again. Refusals: ``record.none``, ``flow.reason``."""
    order = _own_order(by, order_id)
    return move(
        order, "reject", note=note, seen=seen, updates={"voucher": "", "method": "", "paid_on": None, "noted_by": None}
    )


@action("payment_order.settle")
def settle_order(*, by: Person, now: datetime, order_id: int, trade: str, paid_on: date) -> Order:
    """A provider says that the order is paid: the money is booked, even where the order was closed meanwhile."""
    order = queries.order(by, order_id)
    lock(order.plan_id)
    order.refresh_from_db()
    _take(order, trade, paid_on, by=by, now=now)
    return order


def _take(order: Order, trade: str, paid_on: date, *, by: Person, now: datetime) -> None:
    if Payment.objects.filter(order=order).exists():
        return
    move(order, "settle", by=by)
    _book(order, trade, "online", paid_on, by=by, now=now)


@action("fee.refresh")
def refresh(*, by: Person, now: datetime, order_id: int) -> Order:
    """Ask the provider how an order stands, for a callback that never came."""
    order = queries.order(by, order_id)
    lock(order.plan_id)
    order.refresh_from_db()
    if order.provider and order.state != "paid":
        told = providers.of(order.provider).query(order.number)
        if told.state == "paid" and told.amount_fen == order.amount_fen:
            _take(order, told.trade, local_day(now), by=SYSTEM, now=now)
        elif told.state == "closed" and order.state == "open":
            move(order, "close", by=SYSTEM)
    record(order, after={"state": order.state})
    return order


def _book(order: Order, reference: str, method: str, day: date, *, by: Person, now: datetime) -> Payment:
    payment = Payment.objects.create(
        body_id=order.body_id,
        plan_id=order.plan_id,
        order=order,
        payer_organisation_id=order.payer_organisation_id,
        identity_id=order.identity_id,
        payer_name=order.payer_name,
        provider=order.provider if method == "online" else "",
        method=method,
        reference=reference,
        amount_fen=order.amount_fen,
        paid_on=day,
        created_at=now,
    )
    wanted = dict(order.lines.values_list("charge_id", "amount_fen"))
    owed = {charge.pk: fen for charge, fen in queries.outstanding(queries.charges_by_id(wanted))}
    spread = settle(((pk, min(fen, owed.get(pk, 0))) for pk, fen in sorted(wanted.items())), order.amount_fen)
    allocate(payment, spread.parts, now)
    record(
        payment,
        by=by,
        after={
            "order": order.number,
            "reference": reference,
            "fen": payment.amount_fen,
            "method": method,
            "paid_on": day,
            "charges": len(spread.parts),
            "credit": spread.left,
        },
    )
    if spread.left:
        send(
            key=f"credit:{payment.pk}",
            channel="notice",
            subject=N_("收到多缴款项"),
            body=f"{order.number} {yuan(spread.left)} 元",
            to_organisation=payment.body_id,
            record=payment,
        )
    return payment


def allocate(payment: Payment, parts: Sequence[tuple[int, int]], now: datetime) -> None:
    """Settle charges out of a payment of the plan whose lock is held."""
    Allocation.objects.bulk_create(
        [Allocation(payment=payment, charge_id=pk, amount_fen=fen, created_at=now) for pk, fen in parts],
        batch_size=CHUNK,
    )


def is_payer(by: Person, order: Order) -> bool:
    """Whether ``by`` pays this order, not merely takes its money."""
    if by.role is Role.CANDIDATE:
        return order.identity_id is not None and order.identity_id == by.identity_id
    return order.payer_organisation_id is not None and order.payer_organisation_id == by.organisation_id
