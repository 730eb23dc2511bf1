"""The words of levels, subjects and kinds of questions stand in law/codes.toml and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jiangheng.rules import codes

ROOT = Path(__file__).parents[2]
TABLES = ("level", "subject", "question_kind")
ELSEWHERE = {
    "jiangheng/papers/set_workbook.py",  # cells of the example rows, as somebody types them
    "jiangheng/applications/printing.py",  # the short words of 附件4
    "templates/applications/recheck.html",  # 判断 as what was judged, no kind of question
}


def literals() -> Iterator[tuple[str, int, str]]:
    for path in sorted((ROOT / "jiangheng").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield str(path.relative_to(ROOT)), node.lineno, node.value
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            for word in re.findall(r"translate [\"']([^\"']+)[\"']", line):
                yield str(path.relative_to(ROOT)), number, word


@pytest.mark.parametrize("name", TABLES)
def test_no_label_of_a_table_is_written_out_again(name: str) -> None:
    labels = {label for _code, label in codes.choices(name)}
    again = [f"{path}:{line}" for path, line, word in literals() if word in labels and path not in ELSEWHERE]
    assert again == []
