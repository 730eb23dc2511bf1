"""Runs tests with their whole counts and tells how many there were."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAILED = 4000


def whole(*nodes: str, seed: str, **environment: str) -> int:
    """Run these tests whole; returns how many passed. The first that fails ends the drill with what it said."""
    told = {**os.environ, "JIANGHENG_DRILL": "1", "JIANGHENG_SEED": seed, **environment}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-v", "-p", "no:cacheprovider", *nodes],
        cwd=ROOT, env=told, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stdout[-FAILED:] + done.stderr[-FAILED:])
    passed = re.search(r"(\d+) passed", done.stdout)
    return int(passed[1]) if passed else 0
