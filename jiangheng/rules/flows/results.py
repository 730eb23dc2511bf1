"""What can happen to a batch of results and to an objection against it (四（八）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import BODY, CANDIDATE, CENTRE, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition


FLOWS: tuple[Flow, ...] = (
    Flow(
        "result_batch",
        N_("成绩批次"),
        (
            S("collecting", N_("成绩汇总中")),
            S("entered", N_("待复核确认"), "waiting"),
            S("confirmed", N_("已复核确认"), "good"),
            S("published", N_("公示中"), "waiting"),
            S("reported", N_("已上报，待审核"), "waiting"),
            S("returned", N_("已退回"), "bad"),
            S("approved", N_("审核通过"), "good"),
        ),
        (
            T(
                "enter",
                N_("提交汇总成绩"),
                ("collecting", "returned"),
                "entered",
                (BODY,),
                "四（八）",
                guard="result_batch.enter",
            ),
            T(
                "reopen",
                N_("退回重新汇总"),
                ("entered",),
                "collecting",
                (BODY,),
                "四（八）",
                asks_reason=True,
                guard="result_batch.own",
            ),
            T(
                "confirm",
                N_("第二人复核确认"),
                ("entered",),
                "confirmed",
                (BODY,),
                "四（八）",
                guard="result_batch.confirm",
                second_person=True,
            ),
            T("publish", N_("发布公示"), ("confirmed",), "published", (BODY,), "四（八）", guard="result_batch.own"),
            T("report", N_("上报成绩"), ("published",), "reported", (BODY,), "四（八）", guard="result_batch.report"),
            T(
                "return",
                N_("退回"),
                ("reported",),
                "returned",
                (CENTRE,),
                "四（八）",
                asks_reason=True,
                guard="result_batch.review",
            ),
            T("approve", N_("审核通过"), ("reported",), "approved", (CENTRE,), "四（八）", guard="result_batch.review"),
        ),
        groups={
            "collecting": ("collecting", "returned"),
            "amendable": ("published", "approved"),
            "shown": ("published", "reported", "returned", "approved"),
            "published": ("published", "reported", "returned"),
        },
    ),
    Flow(
        "objection",
        N_("公示异议"),
        (
            S("received", N_("已登记"), "waiting"),
            S("examining", N_("核查中"), "waiting"),
            S("upheld", N_("异议成立"), "good"),
            S("dismissed", N_("异议不成立"), "neutral"),
            S("withdrawn", N_("已撤回"), "neutral"),
        ),
        (
            T(
                "take_up",
                N_("受理核查"),
                ("received",),
                "examining",
                (BODY, CENTRE),
                "四（八）",
                guard="objection.handle",
            ),
            T(
                "uphold",
                N_("认定成立"),
                ("examining",),
                "upheld",
                (BODY, CENTRE),
                "四（八）",
                asks_reason=True,
                guard="objection.handle",
            ),
            T(
                "dismiss",
                N_("认定不成立"),
                ("examining",),
                "dismissed",
                (BODY, CENTRE),
                "四（八）",
                asks_reason=True,
                guard="objection.handle",
            ),
            T("withdraw", N_("撤回异议"), ("received", "examining"), "withdrawn", (CANDIDATE,), "四（八）"),
        ),
        live=("received", "examining"),
    ),
)
