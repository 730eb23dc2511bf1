"""Amounts of money in fen, as banks, forms and people write them; what is not an amount to the fen is refused, never rounded."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from jiangheng.rules.readers.text import Read, narrow, undress
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

DRESS = re.compile(r"人民币|RMB|CNY|[¥￥元圆整\s']", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d{1,2})?|[+-]?\d+(\.\d{1,2})?")
MOST = 10**13


def read(raw: object) -> Read[int]:
    """Fen of ``1,234.50``, ``￥1234.5``, ``1234.50元``, a number cell; Refusal ``amount`` (422).

    A float of a spreadsheet is taken where it lies within a millionth of a whole fen: 0.1 has no exact binary form.
    """
    if isinstance(raw, bool):
        return _not(raw)
    if isinstance(raw, int | float | Decimal):
        return _of_number(raw)
    text, tidied = undress(raw)
    said = list(tidied)
    text, wide = narrow(text)
    said += ["fullwidth"] if wide else []
    text = text.replace("−", "-").replace("，", ",")
    bare = DRESS.sub("", text)
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    plain = bare.replace(",", "")
    if not GROUPED.fullmatch(bare):
        return _not(raw)
    if plain != text:
        said.append("currency")
    fen = int(Decimal(plain) * 100)
    return Read(fen, tuple(dict.fromkeys(said))) if abs(fen) < MOST else _not(raw)


def _of_number(raw: int | float | Decimal) -> Read[int]:
    try:
        exact = Decimal(str(raw)) * 100
        fen = int(exact.to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        return _not(raw)
    if abs(exact - fen) > Decimal("0.000001") or abs(fen) >= MOST:
        return _not(raw)
    return Read(fen)


def _not(raw: object) -> Read[int]:
    text = str(raw)[:20]
    return Read(
        None,
        (),
        refuse(
            "amount",
            N_("“%(text)s”不是到分为止的金额。"),
            N_("请写成 1234.50 的样子，最多两位小数。"),
            status=422,
            text=text,
        ),
    )
