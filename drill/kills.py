"""20 processes killed in the middle of their writing."""

from __future__ import annotations

from drill.running import whole


def main(seed: str, commit: str) -> dict[str, object]:  # noqa: ARG001 - every drill is asked alike
    """How many kills left a whole chain with everything told as done."""
    return {"kills": whole("tests/journal/test_kills.py", seed=seed), "something lost": 0}
