"""One transition table per kind of thing; buttons, permissions, diagrams and checks are read from it."""

from __future__ import annotations

from jiangheng.rules.money_flows import MONEY
from jiangheng.rules.needs import NEED
from jiangheng.rules.plan_flows import ARRANGEMENTS
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.rules.transitions import (
    BODY,
    CANDIDATE,
    CENTRE,
    EMPLOYER,
    EXAMINER,
    EXTERNAL,
    INVIGILATOR,
    SCHOOL,
    SYSTEM,
    Flow,
    State,
    Transition,
)  # fmt: skip
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition
IN_FORCE = ("active", "suspended", "rectifying", "rectified")
DRAFTED = ("draft", "submitted", "published")
SENDERS = (BODY, SCHOOL, EMPLOYER)
REPORTABLE = ("draft", "returned", "received", "corrected")

FLOWS: dict[str, Flow] = {
    flow.kind: flow
    for flow in (
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
        ),
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
                T("submit", N_("提交发布"), ("draft",), "submitted", (CENTRE,), "三（一）"),
                T("return", N_("退回修改"), ("submitted",), "draft", (CENTRE,), "三（一）", asks_reason=True),
                T("publish", N_("发布"), ("submitted",), "published", (CENTRE,), "三（一）"),
                T("supersede", N_("由后续版本接替"), ("published", "ended"), "superseded", (CENTRE,), "三（一）"),
                T("reinstate", N_("恢复原有效期"), ("superseded", "ended"), "published", (CENTRE,), "三（一）"),
                T("end", N_("设定终止日期"), ("published",), "ended", (CENTRE,), "三（一）", asks_reason=True),
                T("withdraw", N_("撤回"), DRAFTED, "withdrawn", (CENTRE,), "三（一）", asks_reason=True),
            ),
            live=("published", "superseded", "ended"),
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
                T("approve", N_("同意变更"), ("submitted",), "approved", (CENTRE,), "一"),
                T("refuse", N_("不同意"), ("submitted",), "refused", (CENTRE,), "一", asks_reason=True),
                T("withdraw", N_("撤回申请"), ("submitted",), "withdrawn", (BODY, CENTRE), "一"),
            ),
        ),
        *ARRANGEMENTS,
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
        NEED,
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
            "rollup",
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
                T("submit", N_("提交用卷申请"), ("draft", "returned"), "submitted", (BODY,), "四（三）"),
                T("return", N_("退回"), ("submitted",), "returned", (CENTRE,), "四（三）", asks_reason=True),
                T("draw", N_("抽题组卷"), ("submitted",), "drawn", (CENTRE,), "四（三）"),
                T("issue", N_("发放试卷"), ("drawn",), "issued", (CENTRE,), "四（三）"),
                T("take_back", N_("回收试卷"), ("issued",), "taken_back", (CENTRE,), "四（五）"),
                T("balance", N_("核对平账"), ("taken_back",), "balanced", (CENTRE,), "四（五）"),
            ),
            live=("submitted", "drawn", "issued", "taken_back", "balanced"),
        ),
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
                T("rearrange", N_("重新编排"), ("arranged",), "draft", (BODY,), "四（六）"),
                T("issue_tickets", N_("核发准考证"), ("arranged",), "ticketed", (BODY,), "四（六）"),
                T("brief", N_("召开考务会议"), ("ticketed",), "briefed", (BODY,), "四（七）"),
                T("open", N_("开考"), ("briefed",), "open", (INVIGILATOR, EXAMINER), "四（七）"),
                T("close", N_("结束考试"), ("open",), "closed", (INVIGILATOR, EXAMINER), "四（七）"),
                T("sign", N_("签署考场记录"), ("closed",), "recorded", (INVIGILATOR, EXAMINER), "四（七）"),
                T(
                    "cancel",
                    N_("取消场次"),
                    ("draft", "arranged", "ticketed", "briefed"),
                    "cancelled",
                    (BODY, SYSTEM),
                    "四（六）",
                    asks_reason=True,
                ),
            ),
            live=("draft", "arranged", "ticketed", "briefed", "open", "closed", "recorded"),
        ),
        Flow(
            "briefing",
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
                T("enter", N_("提交汇总成绩"), ("collecting", "returned"), "entered", (BODY,), "四（八）"),
                T("reopen", N_("退回重新汇总"), ("entered",), "collecting", (BODY,), "四（八）", asks_reason=True),
                T("confirm", N_("第二人复核确认"), ("entered",), "confirmed", (BODY,), "四（八）"),
                T("publish", N_("发布公示"), ("confirmed",), "published", (BODY,), "四（八）"),
                T("report", N_("上报成绩"), ("published",), "reported", (BODY,), "四（八）"),
                T("return", N_("退回"), ("reported",), "returned", (CENTRE,), "四（八）", asks_reason=True),
                T("approve", N_("审核通过"), ("reported",), "approved", (CENTRE,), "四（八）"),
            ),
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
                T("take_up", N_("受理核查"), ("received",), "examining", (BODY, CENTRE), "四（八）"),
                T("uphold", N_("认定成立"), ("examining",), "upheld", (BODY, CENTRE), "四（八）", asks_reason=True),
                T(
                    "dismiss",
                    N_("认定不成立"),
                    ("examining",),
                    "dismissed",
                    (BODY, CENTRE),
                    "四（八）",
                    asks_reason=True,
                ),
                T("withdraw", N_("撤回异议"), ("received", "examining"), "withdrawn", (CANDIDATE,), "四（八）"),
            ),
            live=("received", "examining"),
        ),
        Flow(
            "certificate",
            N_("证书"),
            (
                S("numbered", N_("已赋号"), "waiting"),
                S("issued", N_("已核发"), "good"),
                S("revoked", N_("已撤销"), "bad"),
            ),
            (
                T("issue", N_("核发证书"), ("numbered",), "issued", (BODY,), "四（八）"),
                T("revoke", N_("撤销证书"), ("numbered", "issued"), "revoked", (CENTRE,), "四（九）", asks_reason=True),
            ),
            live=("numbered", "issued"),
        ),
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
        ),
        *MONEY,
    )
}


def step(kind: str, state: str, verb: str, role: Role, *, reason: str = "") -> Transition:
    """The transition ``verb`` of ``kind`` from ``state`` by ``role``; raises Refusal when it may not be taken.

    Refusal codes: ``flow.role`` (403), ``flow.state`` (409), ``flow.reason`` (422).
    """
    flow = FLOWS[kind]
    transition = flow.transition(verb)
    if role not in transition.roles:
        raise Refusal(
            N_("您的身份不能办理“%(step)s”。"),
            code="flow.role",
            clause=transition.clause,
            remedy=N_("请切换到有权办理的身份，或联系对应单位办理。"),
            status=403,
            step=transition.label,
        )
    if state not in transition.sources:
        raise Refusal(
            N_("当前状态为“%(state)s”，不能办理“%(step)s”。"),
            code="flow.state",
            clause=transition.clause,
            remedy=N_("请刷新页面查看最新状态后再办理。"),
            status=409,
            step=transition.label,
            state=flow.state(state).label,
        )
    if transition.asks_reason and not reason.strip():
        raise Refusal(
            N_("办理“%(step)s”须填写理由。"),
            code="flow.reason",
            clause=transition.clause,
            remedy=N_("请写明理由和对方下一步怎么做。"),
            status=422,
            step=transition.label,
        )
    return transition


def steps_for(kind: str, state: str, role: Role) -> list[tuple[Transition, Refusal | None]]:
    """Every step ``role`` may ever take on ``kind``, each with the refusal that stands in its way now, or None."""
    steps: list[tuple[Transition, Refusal | None]] = []
    for transition in FLOWS[kind].transitions:
        if role not in transition.roles:
            continue
        try:
            step(kind, state, transition.verb, role, reason="…")
        except Refusal as refusal:
            steps.append((transition, refusal))
        else:
            steps.append((transition, None))
    return steps
