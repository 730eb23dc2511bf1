"""What can happen to an inspection (四（九）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import CENTRE, EXTERNAL, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition


FLOWS: tuple[Flow, ...] = (
    Flow(
        "inspection",
        N_("督导检查"),
        (
            S("drawn", N_("已抽取"), "waiting"),
            S("ongoing", N_("检查中"), "waiting"),
            S("recorded", N_("记录已提交"), "waiting"),
            S("rectifying", N_("整改中"), "bad"),
            S("concluded", N_("已办结"), "good"),
            S("published", N_("结果已公开"), "good"),
        ),
        (
            T("start", N_("开始检查"), ("drawn",), "ongoing", (EXTERNAL,), "四（九）"),
            T("record", N_("提交检查记录"), ("ongoing",), "recorded", (EXTERNAL,), "四（九）"),
            T("rectify", N_("责令整改"), ("recorded",), "rectifying", (CENTRE,), "四（九）", asks_reason=True),
            T("conclude", N_("办结"), ("recorded", "rectifying"), "concluded", (CENTRE,), "四（九）"),
            T("publish", N_("公开结果"), ("concluded",), "published", (CENTRE,), "四（九）"),
        ),
        groups={
            "told": ("rectifying", "concluded", "published"),
            "to_conclude": ("recorded", "rectifying"),
        },
    ),
)
