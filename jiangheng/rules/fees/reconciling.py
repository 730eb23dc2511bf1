"""A bank's or provider's statement against the books (三（七）): each line and each payment gets one word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jiangheng.rules.words import gettext_noop as N_

KINDS: dict[str, tuple[str, str, str]] = {
    "matched": (N_("相符"), "good", N_("流水号和金额与账面一致，无需办理。")),
    "claimed": (N_("已认领"), "good", N_("已由两人认领入账。")),
    "explained": (N_("已核实说明"), "good", N_("差额已由两人核实并写明原因。")),
    "amount_differs": (N_("金额不符"), "bad", N_("请核对原始凭证；账面有误的先办退费或补收，再由两人核实说明。")),
    "unknown": (N_("账面没有"), "waiting", N_("请认领：指明缴费人和计划，由另一人复核后入账。")),
    "missing": (N_("对账单没有"), "bad", N_("请查明款项是否到账；未到账的，由两人办理退款更正。")),
    "duplicate": (N_("流水号重复"), "bad", N_("请向银行或支付机构查明是否重复扣款；重复的应退回缴费人。")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement; ``occurrence`` counts the same reference within the source, from 1."""

    id: int
    reference: str
    day: date
    amount_fen: int
    occurrence: int = 1
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """A payment in the books."""

    id: int
    reference: str
    day: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One word on a line, a payment, or both."""

    kind: str
    line: Line | None
    booked: Booked | None


def compare(lines: Iterable[Line], booked: Sequence[Booked], first: date, last: date) -> list[Finding]:
    """Findings in the order of the statement, then the payments of ``first`` to ``last`` that stand on no line.

    ``booked`` may hold payments of other days too: a line finds its payment whenever it was booked.
    """
    by_reference = {row.reference: row for row in booked}
    findings, seen = [], set()
    for line in lines:
        payment = by_reference.get(line.reference)
        if payment is not None:
            seen.add(payment.id)
        if line.claimed:
            kind = line.claimed
        elif line.occurrence > 1:
            kind = "duplicate"
        elif payment is None:
            kind = "unknown"
        else:
            kind = "matched" if payment.amount_fen == line.amount_fen else "amount_differs"
        findings.append(Finding(kind, line, payment))
    findings += [Finding("missing", None, row) for row in booked if row.id not in seen and first <= row.day <= last]
    return findings
