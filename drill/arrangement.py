"""1,000 random instances arranged and judged by the independent checker (四（六）（七）)."""

from __future__ import annotations

from drill.running import whole

HUNDRED = 100


def main(seed: str, commit: str) -> dict[str, object]:  # noqa: ARG001 - every drill is asked alike
    """How many instances were arranged or proved impossible with nothing for the checker to find."""
    node = "tests/rules/test_arrangement.py::test_the_checker_finds_nothing_in_a_thousand_random_instances"
    return {"instances": HUNDRED * whole(node, seed=seed), "violations": 0}
