"""Money in fen (三（七）): which charges a sum settles, and the reasons for giving money back."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jiangheng.rules.law import FOLDER
from jiangheng.rules.readers import amounts

MOST_FEN = 10**11
METHODS = ("transfer", "cash", "pos", "online")
BY_HAND = ("transfer", "cash", "pos")


@dataclass(frozen=True, slots=True)
class Settled:
    """What a sum does: parts per charge, oldest first, and the fen left over."""

    parts: tuple[tuple[int, int], ...]
    left: int


def settle(owing: Iterable[tuple[int, int]], amount_fen: int) -> Settled:
    """Spread ``amount_fen`` over ``owing`` (charge id, fen still owed) in the order given, never past what is owed."""
    parts, left = [], amount_fen
    for charge_id, fen in owing:
        part = min(left, max(fen, 0))
        if part:
            parts.append((charge_id, part))
            left -= part
    return Settled(tuple(parts), left)


def yuan(fen: int) -> str:
    """Fen as yuan with two places: 13005 is 130.05, -5 is -0.05."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def fen(text: str) -> int | None:
    """Yuan as people write it (``1,234.50``, ``￥35``, full-width digits) in fen; None where it is no such amount."""
    found = amounts.read(text).value
    return found if found is not None and abs(found) <= MOST_FEN else None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why money goes back: ``cancels`` says that the charge falls away with it, else it is owed again."""

    code: str
    label: str
    clause: str
    cancels: bool
    note: str


@cache
def refund_reasons() -> dict[str, Reason]:
    """The reasons of ``law/refunds.toml`` by code."""
    data = tomllib.loads((FOLDER / "refunds.toml").read_text(encoding="utf-8"))
    return {row["code"]: Reason(**row) for row in data["reason"]}


def refunds_label() -> str:
    """What the list of reasons is: a default the notice does not prescribe."""
    return str(tomllib.loads((FOLDER / "refunds.toml").read_text(encoding="utf-8"))["label"])
