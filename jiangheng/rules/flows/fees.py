"""What can happen to a bill, a payment order, a request for money back and a statement's match (三（七）)."""

from __future__ import annotations

from jiangheng.rules.flows.table import BODY, CANDIDATE, EMPLOYER, SCHOOL, SYSTEM, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition
SPONSORS = (SCHOOL, EMPLOYER, BODY)
PAYERS = (*SPONSORS, CANDIDATE)
FEES = "三（七）"

FLOWS: tuple[Flow, ...] = (
    Flow(
        "bill",
        N_("团体账单"),
        (
            S("issued", N_("待单位核对"), "waiting"),
            S("agreed", N_("单位已核对"), "good"),
            S("questioned", N_("单位有疑义"), "bad"),
            S("void", N_("已作废"), "bad"),
        ),
        (
            T("agree", N_("核对无误"), ("issued",), "agreed", SPONSORS, FEES),
            T("question", N_("提出疑义"), ("issued",), "questioned", SPONSORS, FEES, asks_reason=True),
            T("answer", N_("答复疑义"), ("questioned",), "issued", (BODY,), FEES, asks_reason=True),
            T("supplement", N_("追加计费"), ("agreed",), "issued", (BODY,), FEES),
            T(
                "void",
                N_("作废账单"),
                ("issued", "questioned", "agreed"),
                "void",
                (BODY,),
                FEES,
                asks_reason=True,
                guard="bill.void",
            ),
        ),
        live=("issued", "agreed", "questioned"),
    ),
    Flow(
        "payment_order",
        N_("缴费单"),
        (
            S("open", N_("待缴费"), "waiting"),
            S("noted", N_("已登记到账，待复核"), "waiting"),
            S("paid", N_("已入账"), "good"),
            S("closed", N_("已关闭"), "bad"),
        ),
        (
            T("note", N_("登记到账"), ("open",), "noted", (BODY,), FEES),
            T(
                "confirm",
                N_("复核入账"),
                ("noted",),
                "paid",
                (BODY,),
                FEES,
                guard="payment_order.confirm",
                second_person=True,
            ),
            T("reject", N_("退回登记"), ("noted",), "open", (BODY,), FEES, asks_reason=True),
            T("settle", N_("支付成功入账"), ("open", "noted", "closed"), "paid", (SYSTEM,), FEES),
            T("close", N_("关闭缴费单"), ("open",), "closed", (*PAYERS, SYSTEM), FEES),
        ),
        live=("open", "noted"),
        groups={
            "asking": ("open", "closed"),
            "online": ("open", "paid"),
        },
    ),
    Flow(
        "refund_request",
        N_("退费申请"),
        (
            S("requested", N_("待审批"), "waiting"),
            S("approved", N_("已同意，待退款"), "waiting"),
            S("paid", N_("已退款"), "good"),
            S("refused", N_("不同意退费"), "bad"),
            S("withdrawn", N_("已撤回"), "bad"),
        ),
        (
            T(
                "approve",
                N_("同意退费"),
                ("requested",),
                "approved",
                (BODY,),
                FEES,
                guard="refund_request.approve",
                second_person=True,
            ),
            T("refuse", N_("不同意退费"), ("requested", "approved"), "refused", (BODY,), FEES, asks_reason=True),
            T("withdraw", N_("撤回申请"), ("requested",), "withdrawn", PAYERS, FEES, guard="refund_request.withdraw"),
            T("pay_out", N_("办理退款"), ("approved",), "paid", (BODY, SYSTEM), FEES),
        ),
        live=("requested", "approved"),
    ),
    Flow(
        "statement_match",
        N_("对账认领"),
        (
            S("proposed", N_("待复核"), "waiting"),
            S("confirmed", N_("已认领"), "good"),
            S("refused", N_("不予认领"), "bad"),
        ),
        (
            T(
                "confirm",
                N_("复核认领"),
                ("proposed",),
                "confirmed",
                (BODY,),
                FEES,
                guard="statement_match.confirm",
                second_person=True,
            ),
            T("refuse", N_("不予认领"), ("proposed",), "refused", (BODY,), FEES, asks_reason=True),
        ),
        live=("proposed", "confirmed"),
    ),
)
