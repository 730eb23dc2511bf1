"""10,000 numbers of each series, taken by sixteen hands at once on a private PostgreSQL, a fifth of the deeds failing."""

from __future__ import annotations

from bench import machine
from drill.running import whole

EACH = 10_000


def main(seed: str, commit: str) -> dict[str, object]:  # noqa: ARG001 - every drill is asked alike
    """How many numbers of how many series had no gap and no twin."""
    node = "tests/journal/test_numbering.py::test_taken_by_sixteen_at_once_none_is_missing_and_none_is_there_twice"
    with machine.postgresql() as url:
        series = whole(node, seed=seed, JIANGHENG_DATABASE_URL=url)
    return {"numbers": EACH * series, "series": series, "gaps or twins": 0}
