"""The sandbox provider: what 微信, 支付宝 or 非税 would answer, without money; in a demonstration only."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy

from jiangheng.fees import providers, queries
from jiangheng.fees.actions.callbacks import hear
from jiangheng.fees.models import Callback, SandboxTrade
from jiangheng.fees.providers import SIGNATURE, TIMESTAMP, Asked, Told
from jiangheng.journal.actions import action, record
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import SYSTEM, Person
from jiangheng.rules.words import gettext_noop as N_


class Sandbox:
    """A provider that keeps its trades in a table of ours and signs as a real one would."""

    name = "sandbox"
    label = gettext_lazy("演示支付（不产生真实扣款）")

    def secret(self) -> bytes:
        """A key of this installation's own."""
        return hmac.new(settings.SECRET_KEY.encode(), b"sandbox payments", hashlib.sha256).digest()

    def create(self, number: str, amount_fen: int, subject: str, now: datetime) -> Asked:  # noqa: ARG002 - every provider is asked alike
        """A trade of exactly this sum; the same again for the same number."""
        trade, _made = SandboxTrade.objects.get_or_create(
            number=number, defaults={"trade": f"YS{number}", "amount_fen": amount_fen, "created_at": now}
        )
        return Asked(trade.trade, reverse("fees:sandbox", args=[number]))

    def query(self, number: str) -> Told:
        """How the trade stands."""
        trade = SandboxTrade.objects.filter(number=number).first()
        return Told(trade.state, trade.trade, trade.amount_fen) if trade else Told("unknown")

    def close(self, number: str, now: datetime) -> Told:  # noqa: ARG002 - every provider is asked alike
        """Take nothing for it any more, unless it is paid."""
        SandboxTrade.objects.filter(number=number, state="open").update(state="closed")
        return self.query(number)

    def refund(self, number: str, refund_number: str, amount_fen: int, now: datetime) -> Told:  # noqa: ARG002 - every provider is asked alike
        """Give back, never more than was paid."""
        changed = SandboxTrade.objects.filter(
            number=number, state="paid", refunded_fen__lte=F("amount_fen") - amount_fen
        ).update(refunded_fen=F("refunded_fen") + amount_fen)
        if changed == 0:
            raise refuse(
                "provider.refund",
                N_("支付机构拒绝退款：超过已付金额或订单未支付。"),
                N_("请查询该缴费单在支付机构的状态。"),
                clause="三（七）",
            )
        return Told("refunded", f"YST{refund_number}", amount_fen)


def callback(
    number: str, kind: str, now: datetime, amount_fen: int | None = None, serial: int = 1
) -> tuple[dict[str, str], bytes]:
    """The signed callback the sandbox would send about an order: its headers and body."""
    provider = Sandbox()
    told = provider.query(number)
    body = json.dumps(
        {
            "event": f"{number}-{kind}-{serial}",
            "kind": kind,
            "number": number,
            "trade": told.trade or number,
            "amount_fen": told.amount_fen if amount_fen is None else amount_fen,
        }
    ).encode()
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: providers.sign(provider.secret(), timestamp, body)}, body


@action("fee.sandbox_pay")
def sandbox_pay(*, by: Person, now: datetime, number: str) -> Callback:
    """The payer presses "pay" on the sandbox's page; the sandbox signs a callback, which is heard like any other.

    Refusals: ``provider.none``, ``record.none`` (404), ``order.expired`` (409).
    """
    providers.of("sandbox")
    order = queries.own_order_numbered(by, number)
    if order.expires_at is not None and now > order.expires_at:
        SandboxTrade.objects.filter(number=number, state="open").update(state="closed")
    SandboxTrade.objects.filter(number=number, state="open").update(state="paid")
    if Sandbox().query(number).state != "paid":
        raise refuse(
            "order.expired",
            N_("该缴费单已关闭或已过有效时间，不能支付。"),
            N_("请返回“我的费用”重新缴费。"),
            clause="三（七）",
        )
    record(order, after={"number": number})
    headers, body = callback(number, "paid", now)
    return hear(by=SYSTEM, now=now, provider="sandbox", headers=headers, body=body)
