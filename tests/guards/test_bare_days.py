"""No template, module or API answer shows a counted day without what says that it is provisional."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNTED = {"deadline_on", "answer_by", "due_on", "publicity_ends_on", "lawful_day", "last_day", "old_day", "new_day"}
SHOWN = re.compile(rf"\.({'|'.join(sorted(COUNTED))})\b(?!_counted)(?!\|date:'Y-m-d')")


def test_no_template_shows_a_bare_day() -> None:
    bare = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for match in SHOWN.finditer(path.read_text(encoding="utf-8"))
    ]
    # The one below belongs to a standard's last day in force, which somebody sets.
    assert [each for each in bare if "catalog/" not in each] == []


def bare_days(path: Path) -> list[str]:
    """Where a module shows such a day bare: in a list's column without a value, a fact, words or an API answer."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue | ast.Tuple | ast.List):
            parts = [node.value] if isinstance(node, ast.FormattedValue) else node.elts
            found += [each for each in parts if isinstance(each, ast.Attribute) and each.attr in COUNTED]
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0] if node.args else None
            if name == "Column" and isinstance(first, ast.Constant) and first.value in COUNTED:
                found += (
                    [first]
                    if not any(_counted(each) for each in [*node.args[1:], *(k.value for k in node.keywords)])
                    else []
                )
            if name in ("isoformat", "str", "day", "short_day", "date_format", "_day"):
                inner = [node.func.value] if name == "isoformat" and isinstance(node.func, ast.Attribute) else node.args
                found += [each for each in inner if isinstance(each, ast.Attribute) and each.attr in COUNTED]
    return [f"{path.relative_to(ROOT)}:{each.lineno}" for each in found]


def _counted(node: ast.AST) -> bool:
    return any(
        (isinstance(each, ast.Constant) and str(each.value).endswith("_counted")) or isinstance(each, ast.Lambda)
        for each in ast.walk(node)
    )


def test_no_module_writes_a_bare_day_into_words_facts_or_lists() -> None:
    rooms = [
        path
        for path in (ROOT / "jiangheng").rglob("*.py")
        if not {"rules", "migrations", "demonstration", "queries"} & set(path.parts)
    ]
    assert [each for path in sorted(rooms) for each in bare_days(path)] == []


def test_every_api_field_of_a_counted_day_has_its_flag() -> None:
    for path in sorted((ROOT / "jiangheng").rglob("api*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                names = {
                    each.target.id
                    for each in node.body
                    if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
                }
                if node.name.endswith("Out"):
                    assert {f"{name}_provisional" for name in names & COUNTED} <= names, f"{path.name}: {node.name}"
