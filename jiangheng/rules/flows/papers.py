"""What can happen to a request for papers (四（三）、四（五）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import BODY, CENTRE, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition


FLOWS: tuple[Flow, ...] = (
    Flow(
        "paper_request",
        N_("用卷申请"),
        (
            S("draft", N_("草稿")),
            S("submitted", N_("待组卷"), "waiting"),
            S("returned", N_("已退回"), "bad"),
            S("drawn", N_("已组卷封装"), "waiting"),
            S("issued", N_("已发放"), "good"),
            S("taken_back", N_("已回收"), "waiting"),
            S("balanced", N_("账实相符"), "good"),
        ),
        (
            T(
                "submit",
                N_("提交用卷申请"),
                ("draft", "returned"),
                "submitted",
                (BODY,),
                "四（三）",
                guard="paper_request.submit",
            ),
            T("return", N_("退回"), ("submitted",), "returned", (CENTRE,), "四（三）", asks_reason=True),
            T("draw", N_("抽题组卷"), ("submitted",), "drawn", (CENTRE,), "四（三）", guard="paper_request.draw"),
            T("issue", N_("发放试卷"), ("drawn",), "issued", (CENTRE,), "四（三）", guard="paper_request.issue"),
            T("take_back", N_("回收试卷"), ("issued",), "taken_back", (CENTRE,), "四（五）"),
            T(
                "balance",
                N_("核对平账"),
                ("taken_back",),
                "balanced",
                (CENTRE,),
                "四（五）",
                guard="paper_request.balance",
            ),
        ),
        live=("submitted", "drawn", "issued", "taken_back", "balanced"),
        groups={
            "editable": ("draft", "returned"),
            "before_drawing": ("draft", "submitted", "returned"),
            "counted": ("drawn", "issued", "taken_back", "balanced"),
            "coming": ("submitted", "drawn"),
            "handed_out": ("issued", "taken_back", "balanced"),
        },
    ),
)
