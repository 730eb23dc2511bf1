"""Write the table of roster faults in docs/formats.md from rules/roster/kinds.py: ``python -m tools.roster_faults``."""

from __future__ import annotations

from pathlib import Path

from jiangheng.rules.roster import ERROR, KINDS

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "formats.md"
BEGIN, END = "<!-- roster faults: begin -->", "<!-- roster faults: end -->"


def table() -> str:
    """Every kind with its weight, name and sentence."""
    lines = ["| code | 轻重 | 名称 | 说明与改法 |", "|---|---|---|---|"]
    for kind in KINDS.values():
        weight = "错误" if kind.severity == ERROR else "提醒"
        lines.append(f"| `{kind.code}` | {weight} | {kind.title} | {kind.message} |")
    return "\n".join(lines)


def framed(text: str) -> str:
    """The document with the table put between its marks."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    DOCUMENT.write_text(framed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
