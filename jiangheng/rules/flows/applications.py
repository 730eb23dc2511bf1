"""What can happen to applications, special needs, rosters and what is rolled up of them (三（一）-三（二）、四（四）、四（六）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import BODY, CANDIDATE, CENTRE, EMPLOYER, SCHOOL, SYSTEM, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition
SENDERS = (BODY, SCHOOL, EMPLOYER)
REPORTABLE = ("draft", "returned", "received", "corrected")

FLOWS: tuple[Flow, ...] = (
    Flow(
        "application",
        N_("个人申请"),
        (
            S("draft", N_("草稿")),
            S("submitted", N_("待审核"), "waiting"),
            S("reviewed", N_("初审通过，待复核"), "waiting"),
            S("returned", N_("退回补正"), "bad"),
            S("accepted", N_("已受理"), "good"),
            S("not_accepted", N_("不予受理"), "bad"),
            S("withdrawn", N_("已撤回"), "bad"),
        ),
        (
            T(
                "submit",
                N_("提交申请"),
                ("draft", "returned"),
                "submitted",
                (CANDIDATE, BODY, SCHOOL, EMPLOYER),
                "三（二）",
            ),
            T(
                "return",
                N_("退回补正"),
                ("submitted", "reviewed"),
                "returned",
                (BODY,),
                "三（一）",
                asks_reason=True,
            ),
            T("accept", N_("受理"), ("submitted", "reviewed"), "accepted", (BODY,), "三（一）"),
            T("pass", N_("初审通过"), ("submitted",), "reviewed", (BODY,), "三（一）"),
            T("take_back", N_("收回初审意见"), ("reviewed",), "submitted", (BODY,), "三（一）"),
            T("send_back", N_("退回初审"), ("reviewed",), "submitted", (BODY,), "三（一）", asks_reason=True),
            T(
                "undo",
                N_("撤销刚才的决定"),
                ("accepted", "returned", "not_accepted"),
                "submitted",
                (BODY,),
                "三（一）",
            ),
            T(
                "refuse",
                N_("不予受理"),
                ("submitted", "reviewed", "returned"),
                "not_accepted",
                (BODY,),
                "三（一）",
                asks_reason=True,
            ),
            T(
                "withdraw",
                N_("撤回申请"),
                ("draft", "submitted", "reviewed", "returned"),
                "withdrawn",
                (CANDIDATE, SCHOOL, EMPLOYER),
                "三（一）",
            ),
        ),
        live=("draft", "submitted", "reviewed", "returned", "accepted"),
    ),
    Flow(
        "need",
        N_("特殊需要"),
        (
            S("asked", N_("待核实"), "waiting"),
            S("granted", N_("已确认"), "good"),
            S("refused", N_("不予安排"), "bad"),
            S("withdrawn", N_("已撤回")),
        ),
        (
            T("grant", N_("确认特殊需要"), ("asked",), "granted", (BODY,), "四（六）"),
            T("refuse", N_("不予安排"), ("asked", "granted"), "refused", (BODY,), "四（六）", asks_reason=True),
            T("withdraw", N_("撤回特殊需要"), ("asked", "granted"), "withdrawn", (CANDIDATE,), "四（六）"),
        ),
        live=("asked", "granted"),
    ),
    Flow(
        "roster",
        N_("花名册"),
        (
            S("waiting", N_("检查中"), "waiting"),
            S("checked", N_("待确认"), "waiting"),
            S("faulty", N_("有错误，未导入"), "bad"),
            S("entering", N_("导入中"), "waiting"),
            S("imported", N_("已导入"), "good"),
            S("cancelled", N_("已取消")),
        ),
        (
            T("pass", N_("检查完成"), ("waiting",), "checked", SENDERS, "四（四）"),
            T("fail", N_("查出错误"), ("waiting", "entering"), "faulty", (*SENDERS, SYSTEM), "四（四）"),
            T("confirm", N_("确认导入"), ("checked",), "entering", SENDERS, "四（四）"),
            T("take", N_("全部录入"), ("waiting", "entering"), "imported", SENDERS, "四（四）"),
            T("cancel", N_("取消导入"), ("waiting", "checked", "faulty"), "cancelled", SENDERS, "四（四）"),
        ),
        live=("waiting", "checked", "entering"),
    ),
    Flow(
        "candidate_report",
        N_("考生信息汇总"),
        (
            S("draft", N_("未上报")),
            S("reported", N_("已上报，待接收"), "waiting"),
            S("received", N_("已接收"), "good"),
            S("returned", N_("已退回"), "bad"),
            S("corrected", N_("已更正，待确认"), "waiting"),
        ),
        (
            T("report", N_("上报考生信息"), REPORTABLE, "reported", (BODY,), "四（四）"),
            T("receive", N_("接收"), ("reported", "corrected"), "received", (CENTRE,), "四（四）"),
            T(
                "return",
                N_("退回"),
                ("reported", "corrected"),
                "returned",
                (CENTRE,),
                "四（四）",
                asks_reason=True,
            ),
            T(
                "correct",
                N_("更正考生信息"),
                ("reported", "received", "returned", "corrected"),
                "corrected",
                (BODY,),
                "四（四）",
                asks_reason=True,
            ),
        ),
        live=("reported", "received", "corrected"),
    ),
)
