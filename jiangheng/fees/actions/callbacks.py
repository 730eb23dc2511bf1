"""What providers tell, heard once each, whatever the order and however often (三（七）)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from jiangheng.fees import providers, queries
from jiangheng.fees.actions.numbering import lock
from jiangheng.fees.actions.receiving import settle_order
from jiangheng.fees.models import Callback, Order
from jiangheng.journal.actions import action, move, record, send
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.fees.money import yuan
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


@action("fee.hear")
def hear(*, by: Person, now: datetime, provider: str, headers: Mapping[str, str], body: bytes) -> Callback:
    """Take in one signed callback: a repeated event changes nothing, a wrong sum books nothing, money that comes after
    the order was closed is booked, a closing that comes after the money is passed over.

    Refusals: those of ``providers.of`` and ``providers.verified``.
    """
    event = providers.verified(providers.of(provider), headers, body, now)
    order = queries.order_numbered(event.number, provider)
    if order is not None:
        lock(order.plan_id)
        order.refresh_from_db()
    try:
        with transaction.atomic():
            heard = Callback(
                provider=provider,
                event=event.id,
                kind=event.kind,
                number=event.number,
                amount_fen=event.amount_fen,
                digest=event.digest,
                outcome=_outcome(order, event),
                created_at=now,
            )
            heard.save(force_insert=True)
    except IntegrityError:
        return Callback.objects.get(provider=provider, event=event.id)
    if order is not None and heard.outcome == "settled":
        settle_order(by=by, now=now, order_id=order.pk, trade=event.trade, paid_on=local_day(now))
    elif order is not None and heard.outcome == "closed":
        move(order, "close")
    elif order is not None and heard.outcome == "amount_differs":
        send(
            key=f"callback:{heard.pk}",
            channel="notice",
            subject=N_("在线支付金额不符，未入账"),
            body=f"{order.number} {yuan(order.amount_fen)} / {yuan(event.amount_fen)}",
            to_organisation=order.body_id,
            record=order,
        )
    if order is not None:
        record(order, after={"event": event.id, "kind": event.kind, "fen": event.amount_fen, "outcome": heard.outcome})
    return heard


def _outcome(order: Order | None, event: providers.Event) -> str:
    if order is None:
        return "unknown"
    if event.kind == "paid":
        if order.state == "paid":
            return "already"
        return "settled" if event.amount_fen == order.amount_fen else "amount_differs"
    if event.kind == "closed":
        return "closed" if order.state == "open" else "passed_over"
    return "noted"
