"""A deed is said once: in the journal its clause and verb are the table's, at the call sites they are not said again."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import jiangheng
from jiangheng.journal.models import Moving
from jiangheng.rules import flows
from tests.guards.deed_tables import NAMES, OWN_CLAUSE

PACKAGE = Path(jiangheng.__file__).parent


def calls() -> list[tuple[Path, str, ast.Call]]:
    """Every call of ``record``, ``move``, ``move_many`` and ``send`` with the action it stands in ("" for a helper)."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "actions" not in str(path.relative_to(PACKAGE)):
            continue
        for top in ast.parse(path.read_text()).body:
            if not isinstance(top, ast.FunctionDef):
                continue
            frame = next(
                (
                    each.args[0].value
                    for each in top.decorator_list
                    if isinstance(each, ast.Call)
                    and ast.unparse(each.func) == "action"
                    and isinstance(each.args[0], ast.Constant)
                ),
                "",
            )
            found += [
                (path, str(frame), node)
                for node in ast.walk(top)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("record", "move", "move_many", "send")
            ]
    return found


def test_no_call_says_again_what_its_deed_says() -> None:
    assert len(calls()) > 300
    again = []
    for path, frame, node in calls():
        given = {each.arg: each.value for each in node.keywords}
        where = f"{path.relative_to(PACKAGE)}:{node.lineno}"
        verb = given.get("verb")
        named = verb.value if isinstance(verb, ast.Constant) else ""
        if frame and any(isinstance(given.get(name), ast.Name) and given[name].id == name for name in ("by", "now")):
            again.append(f"{where} by or now")
        if verb is not None and (named not in NAMES or named == frame):
            again.append(f"{where} verb")
        if "clause" in given and (named or frame or "refund_request.pay_out") not in OWN_CLAUSE:
            again.append(f"{where} clause")
    assert again == []


@pytest.mark.parametrize("kind", sorted(flows.FLOWS))
def test_every_flow_moves_a_record_of_the_one_base(kind: str) -> None:
    (model,) = [each for each in Moving.__subclasses__() if kind == each.KIND]
    assert model._meta.get_field("state").default == flows.FLOWS[kind].states[0].name
