"""What a payment provider must do (三（七）), how its callbacks are signed, and which providers are set up.

docs/payments.md describes the interface for whoever writes an adapter.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

SIGNATURE, TIMESTAMP = "X-Jiangheng-Signature", "X-Jiangheng-Timestamp"
WINDOW_SECONDS = 300
MOST_BODY = 16_384
KINDS = ("paid", "closed", "refunded")


@dataclass(frozen=True, slots=True)
class Asked:
    """An order the provider knows: its own number for it, and where the payer goes to pay."""

    trade: str
    address: str


@dataclass(frozen=True, slots=True)
class Told:
    """How an order or a refund stands with the provider: open, paid, closed, refunded or unknown."""

    state: str
    trade: str = ""
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One callback whose signature was right."""

    id: str
    kind: str
    number: str
    trade: str
    amount_fen: int
    digest: str


class Provider(Protocol):
    """An adapter. Every call may be repeated with the same numbers and must then answer the same."""

    name: str
    label: str

    def create(self, number: str, amount_fen: int, subject: str, now: datetime) -> Asked:
        """Ask for a payment of exactly this sum under our order number."""

    def query(self, number: str) -> Told:
        """How the order stands."""

    def close(self, number: str, now: datetime) -> Told:
        """Take no money for the order any more; answers ``paid`` where it already did."""

    def refund(self, number: str, refund_number: str, amount_fen: int, now: datetime) -> Told:
        """Give back a part of a paid order, once per ``refund_number``; Refusal where it cannot."""

    def secret(self) -> bytes:
        """The key shared with the provider for its callbacks."""


def of(name: str) -> Provider:
    """The adapter called ``name``. Refusal ``provider.none`` (404) when it is not set up, or when it is the sandbox
    and this is no demonstration.
    """
    path = settings.PAYMENT_PROVIDERS.get(name)
    if path is None or (name == "sandbox" and not settings.DEMONSTRATION):
        raise refuse(
            "provider.none",
            N_("没有开通这种在线支付方式。"),
            N_("请选择已开通的支付方式，或到认定机构线下缴费。"),
            clause="三（七）",
            status=404,
        )
    provider: Provider = import_string(path)()
    return provider


def names() -> list[tuple[str, str]]:
    """The providers that may be used now, with their labels."""
    return [
        (name, of(name).label) for name in settings.PAYMENT_PROVIDERS if name != "sandbox" or settings.DEMONSTRATION
    ]


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over ``timestamp``, a full stop and the body's bytes."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verified(provider: Provider, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    """The callback's event, when it is signed with the shared key, fresh and well formed.

    Refusals: ``callback.signature``, ``callback.stale`` (403), ``callback.shape`` (422).
    """
    timestamp, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if len(body) > MOST_BODY or not hmac.compare_digest(
        sign(provider.secret(), timestamp, body).encode(), given.encode()
    ):
        raise refuse(
            "callback.signature",
            N_("回调签名不正确。"),
            N_("请核对支付渠道的密钥和签名算法。"),
            clause="三（七）",
            status=403,
        )
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        raise refuse(
            "callback.stale",
            N_("回调时间超出允许范围。"),
            N_("请校准服务器时间后由支付渠道重发。"),
            clause="三（七）",
            status=403,
        )
    try:
        data: dict[str, Any] = json.loads(body)
        event = Event(
            id=_text(data["event"], 80),
            kind=_text(data["kind"], 20),
            number=_text(data["number"], 40),
            trade=_text(data["trade"], 60),
            amount_fen=_whole(data["amount_fen"]),
            digest=hashlib.sha256(body).hexdigest(),
        )
    except (ValueError, KeyError, TypeError):
        raise _incomplete() from None
    if event.kind not in KINDS:
        raise _incomplete()
    return event


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ValueError(value)
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
        raise ValueError(value)
    return value


def _incomplete() -> Refusal:
    return refuse(
        "callback.shape", N_("回调内容不完整。"), N_("请对照接口说明核对回调的字段。"), clause="三（七）", status=422
    )
