"""What can happen to a sitting and to the meeting before it (四（六）-四（七）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import BODY, EXAMINER, INVIGILATOR, SYSTEM, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition


FLOWS: tuple[Flow, ...] = (
    Flow(
        "sitting",
        N_("考试场次"),
        (
            S("draft", N_("编排中")),
            S("arranged", N_("已编排"), "waiting"),
            S("ticketed", N_("准考证已核发"), "good"),
            S("briefed", N_("考务会议已召开"), "good"),
            S("open", N_("考试进行中"), "waiting"),
            S("closed", N_("考试结束"), "waiting"),
            S("recorded", N_("考场记录已签"), "good"),
            S("cancelled", N_("已取消"), "bad"),
        ),
        (
            T("arrange", N_("完成编排"), ("draft",), "arranged", (BODY,), "四（六）"),
            T("rearrange", N_("重新编排"), ("arranged",), "draft", (BODY,), "四（六）", guard="sitting.own"),
            T("issue_tickets", N_("核发准考证"), ("arranged",), "ticketed", (BODY,), "四（六）"),
            T("brief", N_("召开考务会议"), ("ticketed",), "briefed", (BODY,), "四（七）"),
            T("open", N_("开考"), ("briefed",), "open", (INVIGILATOR, EXAMINER), "四（七）", guard="sitting.open"),
            T("close", N_("结束考试"), ("open",), "closed", (INVIGILATOR, EXAMINER), "四（七）", guard="sitting.close"),
            T(
                "sign",
                N_("签署考场记录"),
                ("closed",),
                "recorded",
                (INVIGILATOR, EXAMINER),
                "四（七）",
                guard="sitting.sign",
            ),
            T(
                "cancel",
                N_("取消场次"),
                ("draft", "arranged", "ticketed", "briefed"),
                "cancelled",
                (BODY, SYSTEM),
                "四（六）",
                asks_reason=True,
                guard="sitting.own",
            ),
        ),
        live=("draft", "arranged", "ticketed", "briefed", "open", "closed", "recorded"),
        groups={
            "told": ("ticketed", "briefed", "open", "closed", "recorded"),
            "ahead": ("arranged", "ticketed", "briefed"),
            "awaiting": ("arranged", "ticketed"),
            "standing": ("arranged", "ticketed", "briefed", "open", "closed", "recorded"),
            "unticketed": ("draft", "arranged"),
            "over": ("closed", "recorded"),
            "begun": ("open", "closed", "recorded"),
            "running": ("open", "closed"),
            "recording": ("briefed", "open", "closed"),
            "signing_in": ("briefed", "open"),
            "unarranged": ("draft", "cancelled"),
            "done": ("recorded", "cancelled"),
            "to_open": ("ticketed", "briefed", "open"),
        },
    ),
    Flow(
        "meeting",
        N_("考务会议"),
        (
            S("called", N_("已通知召开"), "waiting"),
            S("held", N_("已召开"), "good"),
            S("cancelled", N_("已取消"), "bad"),
        ),
        (
            T("hold", N_("结束会议并登记"), ("called",), "held", (BODY,), "四（七）"),
            T("cancel", N_("取消会议"), ("called",), "cancelled", (BODY, SYSTEM), "四（七）", asks_reason=True),
        ),
        live=("called",),
    ),
)
