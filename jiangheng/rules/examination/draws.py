"""双随机 draws anyone can repeat: frozen rosters and hash, a later seed, HMAC-SHA256 ranks (四（九）)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from jiangheng.rules.law import Law
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

ALGORITHM = "hmac-sha256-rank-v1"


def snapshot_hash(rosters: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """SHA-256 of the frozen rosters in canonical JSON; published before the seed exists."""
    text = json.dumps(rosters, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def ticket(seed: str, identifier: str) -> str:
    """The rank of one entry: HMAC-SHA256 of its identifier under the seed, as hex; the lowest is drawn first."""
    return hmac.new(seed.encode(), identifier.encode(), hashlib.sha256).hexdigest()


def ranked(seed: str, identifiers: Sequence[str], salt: str = "") -> list[str]:
    """The identifiers in the order the seed draws them."""
    return sorted(identifiers, key=lambda identifier: (ticket(seed, f"{salt}{identifier}"), identifier))


@dataclass(frozen=True, slots=True)
class Pairing:
    """A body drawn, and the inspectors drawn for it."""

    body: str
    inspectors: tuple[str, ...]


def least_bodies(eligible: int, law: Law) -> int:
    """The fewest bodies a draw may take: the rate of the law, and at least one."""
    rate = Fraction(str(law.value("inspection_min_rate")).rstrip("%")) / 100
    return max(1, -(-eligible * rate.numerator // rate.denominator))


def draw(
    *,
    seed: str,
    bodies: Sequence[str],
    inspectors: Sequence[str],
    bodies_wanted: int,
    inspectors_per_body: int,
    recused: Mapping[str, frozenset[str]],
    law: Law,
) -> tuple[Pairing, ...]:
    """Draw bodies, then inspectors for each, passing over those recused from it (``body -> inspectors``).

    The least-used inspectors come first, so the load is even. Refusals (422): ``draw.seed``, ``draw.rate``,
    ``draw.inspectors``.
    """
    if not seed.strip():
        raise refuse(
            "draw.seed",
            N_("没有种子，不能抽取。"),
            N_("请填写名单冻结之后公开产生的种子。"),
            clause="四（九）",
            status=422,
        )
    least = least_bodies(len(bodies), law)
    if not least <= bodies_wanted <= len(bodies):
        raise refuse(
            "draw.rate",
            N_("抽查对象数应在%(least)s至%(most)s之间。"),
            N_("请按抽查比例重新填写。"),
            clause="四（九）",
            status=422,
            least=least,
            most=len(bodies),
        )
    needed = max(inspectors_per_body, law.value("inspectors_min"))
    used = dict.fromkeys(inspectors, 0)
    pairings = []
    for body in ranked(seed, bodies)[:bodies_wanted]:
        free = [name for name in inspectors if name not in recused.get(body, frozenset())]
        if len(free) < needed:
            raise refuse(
                "draw.inspectors",
                N_("回避后可用的督导员只有%(have)s名，每个对象至少需要%(need)s名。"),
                N_("请补充督导员名单后重新冻结。"),
                clause="四（九）",
                status=422,
                have=len(free),
                need=needed,
            )
        order = {name: place for place, name in enumerate(ranked(seed, free, salt=body))}
        chosen = sorted(free, key=lambda name: (used[name], order[name]))[:needed]
        for name in chosen:
            used[name] += 1
        pairings.append(Pairing(body, tuple(chosen)))
    return tuple(pairings)
