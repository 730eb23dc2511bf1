"""``python -m drill [--only NAME,…] [--seed S] [--write]``: every drill in turn, its figures and the commit.

Nothing is written unless ``--write`` asks for it: then the section "Drill" of docs/benchmarks.md holds the figures and
the commit they were taken at. A drill is any module of this folder with ``main(seed, commit) -> figures``.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import machine

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
HEADING = "## Drill"


def drills() -> list[str]:
    """The names of all drills, read from the folder."""
    return sorted(path.stem for path in HERE.glob("*.py") if "\ndef main(seed: str, commit: str)" in path.read_text())


def commit_of() -> str:
    """The commit that stands here, marked where files differ from it."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude", "*"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout.strip() or "unknown"


def section(rows: list[tuple[str, str, float]], commit: str, seed: str) -> str:
    """The section as it stands in docs/benchmarks.md."""
    lines = [
        HEADING,
        "",
        f"`make drill` at commit {commit}, seed {seed}, {datetime.now(UTC).date().isoformat()}, {machine.describe()}.",
        "",
        "| drill | figures | s |",
        "|---|---|---:|",
        *(f"| {name} | {figures} | {seconds:.0f} |" for name, figures, seconds in rows),
        "",
    ]
    return "\n".join(lines)


def written(page: str, new: str) -> str:
    """The page with this section in place of the one of before, or at its end."""
    before, found, after = page.partition(f"{HEADING}\n")
    if not found:
        return f"{page.rstrip()}\n\n{new}"
    rest = after.partition("\n## ")
    return f"{before}{new}" + (f"\n## {rest[2]}" if rest[1] else "")


def main() -> None:
    """Run the drills asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("--seed", default="")
    parser.add_argument("--write", action="store_true", help="put figures and commit into docs/benchmarks.md")
    asked = parser.parse_args()
    commit = commit_of()
    seed, wanted, rows = asked.seed or commit, asked.only.split(",") if asked.only else drills(), []
    for name in wanted:
        began = time.monotonic()
        figures = importlib.import_module(f"drill.{name}").main(seed, commit)
        told = ", ".join(
            f"{what} {count:,}" if isinstance(count, int) else f"{what} {count}" for what, count in figures.items()
        )
        rows.append((name, told, time.monotonic() - began))
        print(f"{name}: {told} ({rows[-1][2]:.0f} s, commit {commit}, seed {seed})", flush=True)
    if asked.write:
        PAGE.write_text(written(PAGE.read_text(), section(rows, commit, seed)))


if __name__ == "__main__":
    main()
