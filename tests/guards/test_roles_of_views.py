"""Who may use a page that does one deed is read from the deed's table, not listed again beside the view."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

from jiangheng.journal.actions import ACTIONS, roles_of

PROGRAM = Path(__file__).resolve().parents[2] / "jiangheng"


def deeds_by_function() -> dict[tuple[str, str], str]:
    found = {}
    for name, perform in ACTIONS.items():
        function = inspect.unwrap(perform)
        found[function.__module__.split(".")[1], function.__name__] = name
    return found


def listed() -> Iterator[tuple[str, str, set[str]]]:
    """Every view that lists roles: its name, the one deed it does, its roles."""
    deeds = deeds_by_function()
    for path in sorted(PROGRAM.rglob("*.py")):
        room = path.relative_to(PROGRAM).parts[0]
        if "views" not in str(path) or "screens.signed_in(" not in path.read_text():
            continue
        module = importlib.import_module(
            ".".join(("jiangheng", *path.relative_to(PROGRAM).with_suffix("").parts)).removesuffix(".__init__")
        )
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            said = [ast.unparse(each) for each in node.decorator_list]
            if not any(each.startswith("screens.signed_in(") and each != "screens.signed_in()" for each in said):
                continue
            calls = {ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
            done = {deeds.get((room, each.removeprefix("actions."))) for each in calls if each.startswith("actions.")}
            done.discard(None)
            if len(done) == 1:
                yield f"{path.name}:{node.name}", str(done.pop()), set(getattr(module, node.name).roles)


def test_no_view_lists_the_roles_of_its_deed_again() -> None:
    found = list(listed())
    assert len(found) < 20
    assert [view for view, deed, roles in found if roles == set(roles_of(deed))] == []


def test_system_and_the_public_never_sign_in() -> None:
    for name in ACTIONS:
        assert not {"system", "public"} & set(roles_of(name))
