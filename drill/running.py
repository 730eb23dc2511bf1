"""Runs tests with their whole counts and tells how many there were."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAILED = 4000


def whole(*nodes: str, seed: str, counting: str = r"(\d+) passed", **environment: str) -> int:
    """Run these tests whole; returns how many passed, or what ``counting`` finds in their print.

    The first that fails ends the drill with what it said.
    """
    told = {**os.environ, "JIANGHENG_DRILL": "1", "JIANGHENG_SEED": seed, **environment}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-v", "-rP", "-p", "no:cacheprovider", *nodes],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout[-FAILED:] + done.stderr[-FAILED:])
    found = re.search(counting, done.stdout)
    return int(found[1]) if found else 0
