"""1,000 changes of the journal's past, each of which must be found."""

from __future__ import annotations

from drill.running import whole

HUNDRED = 100


def main(seed: str, commit: str) -> dict[str, object]:  # noqa: ARG001 - every drill is asked alike
    """How many tampers were tried and found."""
    found = whole("tests/journal/test_tampers.py", seed=seed)
    return {"tampers": HUNDRED * found, "not found": 0}
