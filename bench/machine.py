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
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Server:
    """A PostgreSQL of our own on a socket, its durable settings left as shipped."""

    folder: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"postgresql://jiangheng@/postgres?host={self.folder}"

    def make(self) -> None:
        """An empty cluster."""
        if os.getuid() == 0:
            subprocess.run(["chown", "postgres", self.folder], check=True)
        self.folder.chmod(0o755)
        self._run("initdb", "-U", "jiangheng", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-c listen_addresses='' -k {self.folder} -c shared_buffers=512MB"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop it without a farewell, as a failing machine does."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        path = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1] / program
        run = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        command = [*run, str(path), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, cwd="/")


@contextmanager
def database_server() -> Iterator[Server]:
    """A server started, stopped and removed at the end."""
    server = Server(Path(tempfile.mkdtemp(prefix="jiangheng-bench.")))
    server.make()
    server.start()
    try:
        yield server
    finally:
        server.stop()
        subprocess.run(["rm", "-rf", server.folder], check=True)


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of such a server, for whoever never stops it."""
    with database_server() as server:
        yield server.url
