"""One transition table per kind of thing; buttons, permissions, diagrams and checks are read from it."""

from __future__ import annotations

from jiangheng.rules.deeds import DEEDS, Deed
from jiangheng.rules.flows import (
    applications,
    bodies,
    catalog,
    certificates,
    fees,
    oversight,
    papers,
    people,
    plans,
    results,
    sittings,
)
from jiangheng.rules.flows.table import Flow, State, Transition
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_

__all__ = ["FLOWS", "Flow", "State", "Transition", "named", "second_person", "states", "step", "steps_for"]

ROOMS = (people, bodies, catalog, plans, applications, fees, papers, sittings, results, certificates, oversight)
FLOWS: dict[str, Flow] = {flow.kind: flow for room in ROOMS for flow in room.FLOWS}


def states(kind: str, group: str) -> tuple[str, ...]:
    """The names of the states of ``kind`` in ``group``; KeyError when the table has no such group."""
    return FLOWS[kind].groups[group]


def named(name: str) -> Transition | Deed:
    """The row of the deed ``name``: one of ``rules.deeds``, or ``"<kind>.<verb>"`` of a flow; KeyError where none has it."""
    if name in DEEDS:
        return DEEDS[name]
    kind, _, verb = name.partition(".")
    return FLOWS[kind].transition(verb)


def step(kind: str, state: str, verb: str, role: Role, *, reason: str = "") -> Transition:
    """The transition ``verb`` of ``kind`` from ``state`` by ``role``; raises Refusal when it may not be taken.

    Refusal codes: ``flow.role`` (403), ``flow.state`` (409), ``flow.reason`` (422).
    """
    flow = FLOWS[kind]
    transition = flow.transition(verb)
    if role not in transition.roles:
        raise refuse(
            "flow.role",
            N_("您的身份不能办理“%(step)s”。"),
            N_("请切换到有权办理的身份，或联系对应单位办理。"),
            clause=transition.clause,
            status=403,
            step=transition.label,
        )
    if state not in transition.sources:
        raise refuse(
            "flow.state",
            N_("当前状态为“%(state)s”，不能办理“%(step)s”。"),
            N_("请刷新页面查看最新状态后再办理。"),
            clause=transition.clause,
            step=transition.label,
            state=flow.state(state).label,
        )
    if transition.asks_reason and not reason.strip():
        raise refuse(
            "flow.reason",
            N_("办理“%(step)s”须填写理由。"),
            N_("请写明理由和对方下一步怎么做。"),
            clause=transition.clause,
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


def second_person(transition: Transition, first: tuple[int | None, str], account_id: int | None) -> Refusal | None:
    """Refusal ``flow.second_person`` (403) for whoever took the earlier half: ``first`` is (account id, name)."""
    if not transition.second_person or first[0] is None or first[0] != account_id:
        return None
    return refuse(
        "flow.second_person",
        N_("“%(step)s”须由另一人确认：上一步是您本人（%(name)s）办理的。"),
        N_("请由本单位另一名工作人员用自己的账号办理。"),
        clause=transition.clause,
        status=403,
        step=transition.label,
        name=first[1],
    )
