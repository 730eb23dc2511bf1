"""Large counts are run whole somewhere, and a tenth of them always; every bench can be run in its smallest size."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from bench.__main__ import benches
from drill.__main__ import HEADING, drills, section, written
from tests import counts

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("name", drills())
def test_every_drill_is_asked_alike(name: str) -> None:
    assert list(inspect.signature(importlib.import_module(f"drill.{name}").main).parameters) == ["seed", "commit"]


def test_no_module_of_the_drill_is_passed_over() -> None:
    others = {"__init__", "__main__", "running"}
    assert {path.stem for path in (ROOT / "drill").glob("*.py")} - others == set(drills())


@pytest.mark.parametrize("name", benches())
def test_every_bench_takes_its_smallest_size(name: str) -> None:
    assert "machine.parsed(parser" in (ROOT / "bench" / f"{name}.py").read_text()


def test_a_tenth_is_drawn_by_the_seed_and_a_drill_takes_all() -> None:
    parts = range(100)
    assert counts.tenth(parts, whole=True) == list(parts)
    assert len(counts.tenth(parts, seed="a", whole=False)) == 10
    assert counts.tenth(parts, seed="a", whole=False) == counts.tenth(parts, seed="a", whole=False)
    assert counts.tenth(parts, seed="a", whole=False) != counts.tenth(parts, seed="b", whole=False)
    assert len(counts.tenth(range(3), seed="a", whole=False)) == 1


def test_a_drill_replaces_its_own_section_and_nothing_else() -> None:
    page = "# Benchmarks\n\n## Pages\n\n1\n\n## Drill\n\nold\n\n## Shell\n\n2\n"
    new = section([("kills", "kills 20", 3.0)], "abc", "abc")
    found = written(page, new)
    assert found.startswith("# Benchmarks\n\n## Pages\n\n1\n\n")
    assert found.endswith("\n## Shell\n\n2\n")
    assert "old" not in found
    assert "commit abc" in found
    assert written("# Benchmarks\n", new).count(HEADING) == 1
    assert written(found, new) == found
