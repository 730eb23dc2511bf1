"""Which states go together is said in the flow, once: outside rules no states are listed by name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import jiangheng
from jiangheng.rules import flows

PACKAGE = Path(jiangheng.__file__).parent
NAMES = {kind: {state.name for state in flow.states} for kind, flow in flows.FLOWS.items()}
SOURCES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "migrations" not in path.parts and "rules" not in path.relative_to(PACKAGE).parts[:1]
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_outside_rules_lists_states(path: Path) -> None:
    lists = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        and len(node.elts) > 1
        and all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in node.elts)
    ]
    listed = {ast.unparse(node): {each.value for each in node.elts} for node in lists}
    assert [words for words, names in listed.items() if any(names <= known for known in NAMES.values())] == []


@pytest.mark.parametrize("kind", sorted(flows.FLOWS))
def test_a_group_holds_states_of_its_flow(kind: str) -> None:
    order = [state.name for state in flows.FLOWS[kind].states]
    for group, names in flows.FLOWS[kind].groups.items():
        assert set(names) <= set(order), group
        assert len(names) == len(set(names)) > 1, group


def test_every_group_is_asked_for() -> None:
    asked = {
        (node.args[0].value, node.args[1].value)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("states") and len(node.args) == 2
    }
    assert {(kind, group) for kind, flow in flows.FLOWS.items() for group in flow.groups} == asked
