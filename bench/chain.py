"""The whole chain at 60, 600 and 6,000 candidates on SQLite and PostgreSQL: seconds, CPU and peak memory per step.

``python -m bench.chain [--sizes 60,600,6000] [--engines sqlite,postgresql]`` prints a Markdown table with the growth
exponent of each step's CPU seconds between the two largest sizes: 1.0 is linear, the goal is at most 1.1.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from bench import machine

STEPS = 15


def play(size: int) -> list[dict[str, Any]]:
    """Play the chain in this process; one row per step: title, seconds, peak MiB."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangheng.site.settings")
    os.environ["JIANGHENG_DEMONSTRATION"] = "1"
    from jiangheng.site import keys

    keys.ensure(Path(os.environ["JIANGHENG_VAR"]))
    django.setup()
    from django.core.management import call_command

    from jiangheng.demonstration import play as demonstration

    call_command("migrate", verbosity=0, interactive=False)
    rows: list[dict[str, Any]] = []

    def peak_of_step(_line: str) -> None:
        rows.append({"peak": machine.peak_mb()})
        machine.reset_peak()

    machine.reset_peak()
    summary = demonstration.whole_batch(
        today=date(2026, 11, 24), say=peak_of_step, candidates=None if size == 60 else size, until=STEPS
    )
    for row, step in zip(rows, summary["steps"], strict=True):
        row.update(title=step["title"], seconds=step["seconds"], cpu=step["cpu_seconds"])
    return rows


def run(engine: str, size: int) -> list[dict[str, Any]]:
    """Play in a process and a database of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="jiangheng-bench.") as var,
        machine.postgresql() if engine == "postgresql" else nullcontext("") as url,
    ):
        machine.migrated(var)
        environment = {**os.environ, "JIANGHENG_VAR": var}
        if url:
            environment["JIANGHENG_DATABASE_URL"] = url
        done = subprocess.run(
            [sys.executable, "-m", "bench.chain", "--play", str(size)], env=environment, check=True, capture_output=True
        )
        return list(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Play every size on every engine and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="60,600,6000")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--play", type=int, default=0)
    arguments = machine.parsed(parser, sizes="6", engines="sqlite")
    if arguments.play:
        print(json.dumps(play(arguments.play)))
        return
    sizes = [int(size) for size in arguments.sizes.split(",")]
    print(f"`python -m bench.chain`, {machine.describe()}\n")
    for engine in arguments.engines.split(","):
        runs = {}
        for size in sizes:
            runs[size] = run(engine, size)
            print(engine, size, json.dumps(runs[size], ensure_ascii=False), file=sys.stderr, flush=True)
        print(f"### {engine}\n")
        print("| step | " + " | ".join(f"{size}: s | CPU s | MiB" for size in sizes) + " | exponent |")
        print("|---|" + "---:|---:|---:|" * len(sizes) + "---:|")
        for place in range(STEPS):
            cells = [
                f"{runs[size][place]['seconds']:.2f} | {runs[size][place]['cpu']:.2f} | {runs[size][place]['peak']:.0f}"
                for size in sizes
            ]
            print(
                f"| {place + 1} {runs[sizes[0]][place]['title']} | "
                + " | ".join(cells)
                + f" | {_exponent(runs, sizes, place)} |"
            )
        total = [sum(row["seconds"] for row in runs[size]) for size in sizes]
        worked = [sum(row["cpu"] for row in runs[size]) for size in sizes]
        peaks = [max(row["peak"] for row in runs[size]) for size in sizes]
        print(
            "| all | "
            + " | ".join(f"{s:.1f} | {w:.1f} | {p:.0f}" for s, w, p in zip(total, worked, peaks, strict=True))
            + f" | {_growth(worked, sizes)} |\n"
        )


def _exponent(runs: dict[int, list[dict[str, Any]]], sizes: list[int], place: int) -> str:
    return _growth([runs[size][place]["cpu"] for size in sizes], sizes)


def _growth(seconds: list[float], sizes: list[int]) -> str:
    if len(sizes) < 2 or min(seconds[-2:]) < 0.05:
        return "–"
    return f"{math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2]):.2f}"


if __name__ == "__main__":
    main()
