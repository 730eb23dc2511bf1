"""How much of a large count is run: all of it in ``make drill``, a tenth drawn by the commit in ``make test``."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence

SEED = os.environ.get("JIANGHENG_SEED", "none")
WHOLE = os.environ.get("JIANGHENG_DRILL") == "1"


def tenth(parts: Sequence[int], *, seed: str = SEED, whole: bool = WHOLE) -> list[int]:
    """The parts to run: every one in a drill, else a tenth of them, at least one, drawn by ``seed``."""
    return list(parts) if whole else sorted(random.Random(seed).sample(parts, max(1, len(parts) // 10)))
