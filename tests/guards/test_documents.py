"""The pages a newcomer reads are whole: workflow, glossary, structure, decisions, guides; and the project speaks of itself only."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import jiangheng
from jiangheng.rules import flows
from jiangheng.rules.days import deadlines
from jiangheng.rules.roles import Role
from tools import workflow

ROOT = Path(jiangheng.__file__).resolve().parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
WORKFLOW = (ROOT / "docs" / "workflow.md").read_text()
STRUCTURE = (ROOT / "docs" / "structure.md").read_text()
ROOMS = sorted(path.parent.name for path in Path(jiangheng.__file__).parent.glob("*/__init__.py"))


def test_the_workflow_page_is_what_the_tables_say() -> None:
    assert workflow.page() == WORKFLOW


@pytest.mark.parametrize("kind", sorted(flows.FLOWS))
def test_every_kind_and_state_stands_on_the_workflow_page(kind: str) -> None:
    table = flows.FLOWS[kind]
    assert f"(`{kind}`)" in WORKFLOW
    assert f"`{kind}`" in GLOSSARY
    for state in table.states:
        assert f'state "{state.label}" as {state.name}' in WORKFLOW


@pytest.mark.parametrize("key", sorted(deadlines.LABELS))
def test_every_deadline_stands_in_the_glossary(key: str) -> None:
    assert f"`{key}`" in GLOSSARY


def test_every_role_that_acts_stands_in_the_glossary() -> None:
    for role in set(Role) - {Role.SYSTEM, Role.PUBLIC}:
        assert f"Role.{role.name}" in GLOSSARY, role


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_stands_on_the_structure_page(room: str) -> None:
    assert f"| `{room}` |" in STRUCTURE


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


def test_the_project_names_no_machine_path_and_no_package_index() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    forbidden = re.compile(r"(?<![\w./-])/(work|root|home|opt)/[\w.]|index-url\s*=|pythonhosted|registry\.npmjs")
    for name in filter(None, tracked):
        path = ROOT / name
        if (
            path.suffix not in {".py", ".md", ".toml", ".txt", ".sh", ".html", ".js", ".css", ""}
            or "vendor" in path.parts
        ):
            continue
        if path.is_file() and path != Path(__file__).resolve():
            found = forbidden.search(path.read_text(errors="ignore"))
            assert found is None, f"{name}: {found and found.group()}"
