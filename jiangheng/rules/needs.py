"""What a candidate needs in the examination (四（六）): a seat that can be reached, more time; asked, then confirmed."""

from __future__ import annotations

from jiangheng.rules.law import Law
from jiangheng.rules.transitions import BODY, CANDIDATE, Flow, State, Transition
from jiangheng.rules.words import gettext_noop as N_

S, T = State, Transition
ACCESS, EXTRA = "access", "extra"
KINDS = {ACCESS: N_("无障碍座位"), EXTRA: N_("延长考试时间")}

NEED = Flow(
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
)


def extra_minutes(length: int, law: Law) -> int:
    """The minutes a confirmed need for more time adds to an examination of ``length`` minutes, rounded up."""
    return -(-length * int(law.value("extra_time_percent")) // 100)
