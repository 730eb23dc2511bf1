"""Papers: the three-set rule (四（二）), seeded drawing from the bank, and the custody ledger's balance (四（五）)."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jiangheng.rules.law import Law
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

ISSUED, RETURNED_USED, RETURNED_SPARE, VOIDED = "issued", "returned_used", "returned_spare", "voided"
KINDS = {
    "drawn": N_("抽题组卷"),
    "sealed": N_("封装"),
    ISSUED: N_("发放"),
    "unsealed": N_("拆封"),
    RETURNED_USED: N_("回收已用"),
    RETURNED_SPARE: N_("回收备用"),
    VOIDED: N_("作废"),
    "archived": N_("归档"),
    "destroyed": N_("销毁"),
}


@dataclass(frozen=True, slots=True)
class Balance:
    """Copies issued, and how they came back; ``gap`` is what is unaccounted for (negative: too many came back)."""

    issued: int
    used: int
    spare: int
    void: int

    @property
    def gap(self) -> int:
        """Copies issued less copies accounted for."""
        return self.issued - self.used - self.spare - self.void


def balance(movements: Iterable[tuple[str, int]]) -> Balance:
    """The balance of ledger lines ``(kind, copies)``; kinds that move no copies are passed over."""
    sums = {ISSUED: 0, RETURNED_USED: 0, RETURNED_SPARE: 0, VOIDED: 0}
    for kind, copies in movements:
        if kind in sums:
            sums[kind] += copies
    return Balance(sums[ISSUED], sums[RETURNED_USED], sums[RETURNED_SPARE], sums[VOIDED])


def require_balance(state: Balance) -> None:
    """Refusal ``papers.gap`` (409) naming the copies that are missing or too many: issued = used + spare + void."""
    if state.gap:
        raise refuse(
            "papers.gap",
            N_("台账不平：发放%(issued)s份，已用%(used)s份、备用%(spare)s份、作废%(void)s份，相差%(gap)s份。"),
            N_("请逐考场清点并补记回收或作废，查明去向后再核对。"),
            clause="四（五）",
            issued=state.issued,
            used=state.used,
            spare=state.spare,
            void=state.void,
            gap=state.gap,
        )


def require_three_sets(own_sets: int, law: Law) -> None:
    """Where the bank lacks the items the body must have written three sets. Refusal ``papers.three_sets`` (409)."""
    needed = law.value("paper_sets")
    if own_sets < needed:
        raise refuse(
            "papers.three_sets",
            N_("题库中没有该职业、等级的足够试题，须由认定机构命制%(needed)s套试题，现有%(have)s套。"),
            N_("请认定机构按规范命制并上传其余试题后再申请组卷。"),
            clause="四（二）",
            needed=needed,
            have=own_sets,
        )


def fingerprint(questions: Iterable[str]) -> str:
    """SHA-256 of a paper's questions whatever their order: equal for a paper shuffled and used again."""
    return hashlib.sha256("\x1f".join(sorted(questions)).encode()).hexdigest()


def require_unused(codes: Mapping[str, str], earlier: Mapping[str, str]) -> None:
    """No set may repeat one already used; both map fingerprint to set code. Refusal ``papers.reused`` (409)."""
    for mark, code in codes.items():
        if mark in earlier:
            raise refuse(
                "papers.reused",
                N_("试卷%(paper)s与已使用过的%(earlier)s内容相同，不得重复使用。"),
                N_("请重新抽题组卷，或请认定机构另行命制。"),
                clause="四（五）",
                paper=code,
                earlier=earlier[mark],
            )


def draw_sets(item_ids: Sequence[int], size: int, sets: int, seed: str) -> tuple[tuple[int, ...], ...] | None:
    """``sets`` lists of ``size`` item ids drawn by ``seed``; they share nothing where the bank is large enough.

    None where the bank does not even hold one set.
    """
    if len(item_ids) < size:
        return None
    source = random.Random(seed)  # noqa: S311 - repeatable from the recorded seed is the point
    pool = sorted(item_ids)
    source.shuffle(pool)
    stride = size if len(pool) >= size * sets else max((len(pool) - size) // max(sets - 1, 1), 0)
    drawn = []
    for index in range(sets):
        chosen = [pool[(index * stride + place) % len(pool)] for place in range(size)]
        source.shuffle(chosen)
        drawn.append(tuple(chosen))
    return tuple(drawn)
