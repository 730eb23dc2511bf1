"""What can happen to a version of an occupation standard (三（一）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import CENTRE, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition
DRAFTED = ("draft", "submitted", "published")

FLOWS: tuple[Flow, ...] = (
    Flow(
        "standard",
        N_("职业标准版本"),
        (
            S("draft", N_("草稿")),
            S("submitted", N_("待第二人发布"), "waiting"),
            S("published", N_("已发布"), "good"),
            S("superseded", N_("已有后续版本")),
            S("ended", N_("已定终止日期"), "waiting"),
            S("withdrawn", N_("已撤回"), "bad"),
        ),
        (
            T("submit", N_("提交发布"), ("draft",), "submitted", (CENTRE,), "三（一）", guard="standard.submit"),
            T("return", N_("退回修改"), ("submitted",), "draft", (CENTRE,), "三（一）", asks_reason=True),
            T(
                "publish",
                N_("发布"),
                ("submitted",),
                "published",
                (CENTRE,),
                "三（一）",
                guard="standard.publish",
                second_person=True,
            ),
            T("supersede", N_("由后续版本接替"), ("published", "ended"), "superseded", (CENTRE,), "三（一）"),
            T("reinstate", N_("恢复原有效期"), ("superseded", "ended"), "published", (CENTRE,), "三（一）"),
            T("end", N_("设定终止日期"), ("published",), "ended", (CENTRE,), "三（一）", asks_reason=True),
            T(
                "withdraw",
                N_("撤回"),
                DRAFTED,
                "withdrawn",
                (CENTRE,),
                "三（一）",
                asks_reason=True,
                guard="standard.withdraw",
            ),
        ),
        live=("published", "superseded", "ended"),
        groups={
            "unpublished": ("draft", "submitted"),
        },
    ),
)
