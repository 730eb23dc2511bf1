"""10,000 invented people judged by the engine and by the slow reading of the tables (三（一）)."""

from __future__ import annotations

from drill.running import whole

THOUSAND = 1000


def main(seed: str, commit: str) -> dict[str, object]:  # noqa: ARG001 - every drill is asked alike
    """How many people were read alike."""
    node = "tests/rules/test_eligibility_oracle.py::test_ten_thousand_people_are_read_alike"
    return {"people": THOUSAND * whole(node, seed=seed), "read otherwise": 0}
