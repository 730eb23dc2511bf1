"""What can happen to a body's filing and to a change of it (一、四（九）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import BODY, CENTRE, SYSTEM, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition
IN_FORCE = ("active", "suspended", "rectifying", "rectified")

FLOWS: tuple[Flow, ...] = (
    Flow(
        "filing",
        N_("机构备案"),
        (
            S("draft", N_("草稿")),
            S("submitted", N_("待备案"), "waiting"),
            S("returned", N_("已退回"), "bad"),
            S("active", N_("有效"), "good"),
            S("suspended", N_("暂停"), "bad"),
            S("rectifying", N_("整改中"), "waiting"),
            S("rectified", N_("整改待复查"), "waiting"),
            S("replaced", N_("已被新备案取代")),
            S("revoked", N_("已注销"), "bad"),
        ),
        (
            T("submit", N_("提交备案"), ("draft", "returned"), "submitted", (BODY, CENTRE), "一"),
            T("return", N_("退回"), ("submitted",), "returned", (CENTRE,), "一", asks_reason=True),
            T("file", N_("备案生效"), ("submitted",), "active", (CENTRE,), "一"),
            T(
                "suspend",
                N_("暂停认定"),
                IN_FORCE[:1] + IN_FORCE[2:],
                "suspended",
                (CENTRE,),
                "四（九）",
                asks_reason=True,
            ),
            T(
                "rectify",
                N_("责令整改"),
                (*IN_FORCE[:2], "rectified"),
                "rectifying",
                (CENTRE,),
                "四（九）",
                asks_reason=True,
            ),
            T("report", N_("报送整改情况"), ("rectifying",), "rectified", (BODY,), "四（九）", asks_reason=True),
            T("resume", N_("恢复认定"), IN_FORCE[1:], "active", (CENTRE,), "四（九）", asks_reason=True),
            T("revoke", N_("注销备案"), IN_FORCE, "revoked", (CENTRE,), "四（九）", asks_reason=True),
            T("replace", N_("由新备案取代"), ("active",), "replaced", (SYSTEM,), "一"),
        ),
        live=("active",),
        groups={
            "editable": ("draft", "returned"),
            "filed": ("active", "suspended", "rectifying", "rectified"),
            "halted": ("suspended", "rectifying", "rectified"),
            "ended": ("replaced", "revoked"),
            "coming": ("submitted", "active"),
            "unfiled": ("draft", "submitted", "returned", "replaced", "revoked"),
        },
    ),
    Flow(
        "body_change",
        N_("机构变更申请"),
        (
            S("submitted", N_("待审核"), "waiting"),
            S("approved", N_("已同意"), "good"),
            S("refused", N_("不同意"), "bad"),
            S("withdrawn", N_("已撤回")),
        ),
        (
            T("approve", N_("同意变更"), ("submitted",), "approved", (CENTRE,), "一", guard="body_change.approve"),
            T("refuse", N_("不同意"), ("submitted",), "refused", (CENTRE,), "一", asks_reason=True),
            T(
                "withdraw",
                N_("撤回申请"),
                ("submitted",),
                "withdrawn",
                (BODY, CENTRE),
                "一",
                guard="body_change.withdraw",
            ),
        ),
    ),
)
