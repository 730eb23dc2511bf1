"""Every page as every role that may see it, at 390 and 1440 pixels, before the accessibility checker."""

from __future__ import annotations

from drill.running import whole


def main(seed: str, commit: str) -> dict[str, object]:  # noqa: ARG001 - every drill is asked alike
    """How many pages were looked at; the first serious fault ends the drill."""
    counting = r"(\d+) pages looked at"
    looked = whole("tests/journeys/test_every_page.py", seed=seed, counting=counting, DJANGO_ALLOW_ASYNC_UNSAFE="1")
    return {"pages by role, two widths": looked, "serious faults": 0}
