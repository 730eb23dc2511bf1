"""The transition tables are whole: reachable states, known words, clauses of the notice."""

from __future__ import annotations

from datetime import date

import pytest

from jiangheng.rules import deeds, flows
from jiangheng.rules.shipped_law import in_force

KINDS = sorted(flows.FLOWS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_can_be_reached_and_every_step_stands_between_states_of_the_table(kind: str) -> None:
    table = flows.FLOWS[kind]
    names = {state.name for state in table.states}
    reached = {table.states[0].name}
    for _ in table.states:
        reached |= {step.target for step in table.transitions if set(step.sources) & reached}
    assert reached == names
    for step in table.transitions:
        assert set(step.sources) <= names
        assert step.target in names
        assert step.roles
    assert set(table.live) <= names


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_allowed_exactly_where_the_table_says(kind: str) -> None:
    from jiangheng.rules.refusal import Refusal
    from jiangheng.rules.roles import Role

    table = flows.FLOWS[kind]
    for step in table.transitions:
        for state in table.states:
            for role in Role:
                lawful = role in step.roles and state.name in step.sources
                if lawful:
                    assert flows.step(kind, state.name, step.verb, role, reason="理由") is step
                    continue
                with pytest.raises(Refusal) as refused:
                    flows.step(kind, state.name, step.verb, role, reason="理由")
                assert refused.value.status == (403 if role not in step.roles else 409)
                assert refused.value.clause == step.clause


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_that_asks_for_a_reason_is_refused_without_one(kind: str) -> None:
    from jiangheng.rules.refusal import Refusal

    for step in flows.FLOWS[kind].transitions:
        if not step.asks_reason:
            continue
        with pytest.raises(Refusal) as refused:
            flows.step(kind, step.sources[0], step.verb, step.roles[0], reason="  ")
        assert refused.value.code == "flow.reason"


def test_every_clause_named_by_a_step_or_deed_stands_in_the_notice() -> None:
    shipped = in_force(date(2026, 6, 1))
    clauses = {step.clause for table in flows.FLOWS.values() for step in table.transitions}
    clauses |= {deed.clause for deed in deeds.DEEDS.values() if deed.clause}
    for clause in clauses:
        assert shipped.clause(clause).text
