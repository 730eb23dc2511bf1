"""Every bench in turn: ``python -m bench --smallest`` goes through all of them and measures nothing worth keeping.

Without ``--smallest`` each takes the figures of docs/benchmarks.md at its own sizes. A bench that fails ends the run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def benches() -> list[str]:
    """The modules that can be run by themselves."""
    return sorted(
        path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_") and "def main()" in path.read_text()
    )


def main() -> None:
    """Run them one after the other; with ``--smallest`` their tables are kept to themselves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smallest", action="store_true")
    asked = parser.parse_args()
    environment = {name: value for name, value in os.environ.items() if name != "JIANGHENG_DATABASE_URL"}
    for name in benches():
        began = time.monotonic()
        command = [sys.executable, "-m", f"bench.{name}", *(["--smallest"] if asked.smallest else [])]
        done = subprocess.run(command, env=environment, capture_output=asked.smallest, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"bench.{name}: {done.returncode}\n{(done.stderr or '')[-4000:]}")
        print(f"{time.monotonic() - began:6.1f} s  bench.{name}", flush=True)


if __name__ == "__main__":
    main()
