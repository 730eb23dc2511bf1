"""A page that posts, tries, refuses and leads on is ``screens.act``; what is otherwise says what differs."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2] / "jiangheng"
DIFFERENT = {
    "applications/views/filling.py:part",  # the button chosen decides where it leads
    "applications/views/review_desk.py:batch",  # several forms on one list
    "applications/views/review_desk.py:review_one",  # a stale application is read again
    "bodies/views/premises.py:room_seats",  # may only be previewed
    "exam_day/views/room.py:enter",  # wrong guesses are counted
    "people/views/entry.py:register",  # wrong guesses are counted
    "people/views/entry.py:second_step",  # signs in
    "people/views/entry.py:sign_in",  # signs in
}


def kept_refusals(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Try)
        and any(ast.unparse(each.body[0]) == "refusal = error" for each in node.handlers)
        and any(isinstance(each, ast.Return) for part in (*node.body, *node.orelse) for each in ast.walk(part))
        for node in ast.walk(function)
    )


def test_every_page_of_a_deed_is_made_by_one_function() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sorted(ROOT.rglob("*.py"))
        if "views" in str(path.relative_to(ROOT))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and kept_refusals(node)
    }
    assert found == DIFFERENT
