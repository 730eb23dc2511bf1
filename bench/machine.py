"""What the figures were taken on, and how peak memory is read."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def describe() -> str:
    """Cores, memory, Python: one line beside every figure."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{os.cpu_count()} cores, {pages / 2**30:.0f} GiB memory, Python {platform.python_version()}, {platform.system()}"


def parsed(parser: argparse.ArgumentParser, **smallest: Any) -> argparse.Namespace:
    """The arguments; with ``--smallest`` those of the smallest run that still goes through everything (make test)."""
    parser.add_argument("--smallest", action="store_true", help="the smallest run that goes through everything")
    asked = parser.parse_args()
    if asked.smallest:
        vars(asked).update(smallest)
    return asked


def migrated(folder: str | Path) -> None:
    """Put the tests' migrated SQLite database into ``folder`` where there is one, so that nobody migrates for nothing."""
    from tests import templates

    template = templates.ROOT / "var" / "test" / f"template-{templates.mark()}.sqlite3"
    if template.exists():
        shutil.copy(template, Path(folder) / "jiangheng.sqlite3")


def reset_peak() -> None:
    """Forget the peak resident size so far (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """The peak resident size in MiB since the last reset."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of our own on a socket, with its durable settings left as shipped; yields its URL."""
    server = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    folder = Path(tempfile.mkdtemp(prefix="jiangheng-bench."))
    run = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if run:
        subprocess.run(["chown", "postgres", folder], check=True)
    folder.chmod(0o755)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    subprocess.run(
        [
            *run,
            server / "initdb",
            "-D",
            folder / "data",
            "-U",
            "jiangheng",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ],
        **quiet,
    )
    options = f"-c listen_addresses='' -k {folder} -c shared_buffers=512MB"
    subprocess.run(
        [*run, server / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start"],
        **quiet,
    )
    try:
        yield f"postgresql://jiangheng@/postgres?host={folder}"
    finally:
        subprocess.run([*run, server / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"], **quiet)
        subprocess.run(["rm", "-rf", folder], check=True)
