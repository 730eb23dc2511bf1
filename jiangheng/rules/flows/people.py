"""What can happen to a proposal that two documents are one person's (三（二）1)."""

from __future__ import annotations

from jiangheng.rules.flows.table import CENTRE, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition

FLOWS: tuple[Flow, ...] = (
    Flow(
        "identity_merge",
        N_("证件归并"),
        (
            S("submitted", N_("待复核"), "waiting"),
            S("confirmed", N_("已归并"), "good"),
            S("refused", N_("不同意"), "bad"),
            S("withdrawn", N_("已撤回")),
        ),
        (
            T(
                "confirm",
                N_("复核归并"),
                ("submitted",),
                "confirmed",
                (CENTRE,),
                "三（二）",
                guard="identity_merge.confirm",
                second_person=True,
            ),
            T("refuse", N_("不同意归并"), ("submitted",), "refused", (CENTRE,), "三（二）", asks_reason=True),
            T(
                "withdraw",
                N_("撤回归并申请"),
                ("submitted",),
                "withdrawn",
                (CENTRE,),
                "三（二）",
                guard="identity_merge.withdraw",
            ),
        ),
    ),
)
