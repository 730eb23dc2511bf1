"""What can happen to requests, venue reviews, plans and their changes (三（三）-三（六）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import BODY, CENTRE, EMPLOYER, SCHOOL, SYSTEM, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition


FLOWS: tuple[Flow, ...] = (
    Flow(
        "request",
        N_("安排申请"),
        (
            S("draft", N_("草稿")),
            S("submitted", N_("待指派"), "waiting"),
            S("returned", N_("已退回"), "bad"),
            S("assigned", N_("已指派，待机构接受"), "waiting"),
            S("declined", N_("机构说明不能承接"), "bad"),
            S("taken", N_("机构已接受"), "good"),
            S("cancelled", N_("已撤回"), "bad"),
        ),
        (
            T(
                "submit",
                N_("提交申请"),
                ("draft", "returned"),
                "submitted",
                (SCHOOL, EMPLOYER),
                "三（四）",
                guard="request.submit",
            ),
            T("return", N_("退回"), ("submitted",), "returned", (CENTRE,), "三（四）", asks_reason=True),
            T("assign", N_("指派认定机构"), ("submitted", "declined"), "assigned", (CENTRE,), "三（四）"),
            T(
                "reassign",
                N_("改派认定机构"),
                ("assigned", "taken"),
                "assigned",
                (CENTRE,),
                "三（四）",
                asks_reason=True,
            ),
            T("take", N_("接受指派"), ("assigned",), "taken", (BODY,), "三（四）", guard="request.take"),
            T("decline", N_("说明不能承接"), ("assigned",), "declined", (BODY,), "三（四）", asks_reason=True),
            T(
                "cancel",
                N_("撤回申请"),
                ("draft", "submitted", "returned"),
                "cancelled",
                (SCHOOL, EMPLOYER),
                "三（四）",
            ),
        ),
        live=("submitted", "assigned", "taken"),
        groups={
            "editable": ("draft", "returned"),
            "assigned": ("assigned", "taken"),
            "open": ("draft", "submitted", "returned", "assigned", "taken"),
            "to_assign": ("submitted", "declined"),
        },
    ),
    Flow(
        "venue_review",
        N_("异地场地审核"),
        (
            S("draft", N_("草稿")),
            S("submitted", N_("待审核"), "waiting"),
            S("rectifying", N_("整改后复核"), "waiting"),
            S("approved", N_("同意使用"), "good"),
            S("refused", N_("不同意使用"), "bad"),
        ),
        (
            T(
                "submit",
                N_("提交清单"),
                ("draft", "rectifying"),
                "submitted",
                (SCHOOL, EMPLOYER),
                "三（五）",
                guard="venue_review.submit",
            ),
            T("approve", N_("同意使用"), ("submitted",), "approved", (BODY,), "三（五）", guard="venue_review.approve"),
            T("rectify", N_("要求整改"), ("submitted",), "rectifying", (BODY,), "三（五）", asks_reason=True),
            T("refuse", N_("不同意使用"), ("submitted",), "refused", (BODY,), "三（五）", asks_reason=True),
        ),
        live=("approved",),
        groups={
            "editable": ("draft", "rectifying"),
            "standing": ("draft", "submitted", "rectifying", "approved"),
        },
    ),
    Flow(
        "plan",
        N_("认定计划"),
        (
            S("draft", N_("草稿")),
            S("submitted", N_("待受理"), "waiting"),
            S("returned", N_("已退回"), "bad"),
            S("accepted", N_("已受理"), "good"),
            S("cancelled", N_("已取消"), "bad"),
            S("completed", N_("已办结"), "good"),
        ),
        (
            T("submit", N_("报送计划"), ("draft", "returned"), "submitted", (BODY,), "三（三）", guard="plan.submit"),
            T("accept", N_("受理"), ("submitted",), "accepted", (CENTRE,), "三（三）", guard="plan.accept"),
            T("return", N_("退回"), ("submitted",), "returned", (CENTRE,), "三（三）", asks_reason=True),
            T(
                "cancel",
                N_("取消计划"),
                ("draft", "submitted", "returned", "accepted"),
                "cancelled",
                (BODY, CENTRE),
                "三（三）",
                asks_reason=True,
            ),
            T("complete", N_("办结"), ("accepted",), "completed", (CENTRE,), "四（八）", guard="plan.complete"),
        ),
        live=("accepted",),
        groups={
            "editable": ("draft", "returned"),
            "standing": ("accepted", "completed"),
            "open": ("draft", "submitted", "returned", "accepted"),
            "ahead": ("submitted", "accepted"),
            "shown": ("submitted", "accepted", "completed"),
            "unfiled": ("draft", "cancelled"),
            "over": ("cancelled", "completed"),
        },
    ),
    Flow(
        "plan_change",
        N_("计划改期和变更"),
        (
            S("submitted", N_("待同意"), "waiting"),
            S("approved", N_("已同意"), "good"),
            S("refused", N_("不同意"), "bad"),
            S("withdrawn", N_("已撤回")),
        ),
        (
            T("approve", N_("同意改期或变更"), ("submitted",), "approved", (CENTRE,), "三（三）"),
            T("refuse", N_("不同意"), ("submitted",), "refused", (CENTRE,), "三（三）", asks_reason=True),
            T("withdraw", N_("撤回申请"), ("submitted",), "withdrawn", (BODY, SYSTEM), "三（三）"),
        ),
    ),
)
