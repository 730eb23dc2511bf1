"""The product served as ``jiangheng serve`` does it, on a database of its own, and a small client that judges every answer."""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import machine

PATIENCE = 120.0


@dataclass
class Answer:
    """What came back: the status, the headers in lower case, the body as sent."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Browser:
    """One connection kept open with its cookies."""

    port: int
    jar: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(
        self, path: str, form: dict[str, Any] | None = None, *, data: Any = None, compressed: bool = False
    ) -> Answer:
        """Open a page, send a form, or send data as JSON."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())} if self.jar else {}
        body = None
        if form is not None:
            body, headers["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
        if data is not None:
            body, headers["Content-Type"] = json.dumps(data).encode(), "application/json"
        if body is not None:
            headers["X-CSRFToken"] = self.jar.get("csrftoken", "")
        if compressed:
            headers["Accept-Encoding"] = "gzip"
        self.line.request("POST" if body is not None else "GET", path, body, headers)
        found = self.line.getresponse()
        answer = Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, found.read())
        for name, value in found.getheaders():
            if name.lower() == "set-cookie" and (named := re.match(r"\s*([^=]+)=([^;]*)", value)):
                self.jar[named[1]] = named[2]
        return answer

    def must(self, answer: Answer, status: int, what: str) -> Answer:
        """The answer, if it is the right one; one wrong answer voids the run."""
        if answer.status != status:
            raise SystemExit(f"{what}: {answer.status}, {answer.body[:300].decode(errors='replace')}")
        return answer


@contextmanager
def product(
    prepare: Sequence[str], *, demonstration: bool = True, database: str = ""
) -> Iterator[tuple[int, int, str]]:
    """A filled database (by the module and arguments of ``prepare``) served; yields port, pid of ``serve`` and folder.

    ``database``: a URL in place of the SQLite file in the folder.
    """
    with tempfile.TemporaryDirectory(prefix="jiangheng-bench.") as var:
        machine.migrated(var)
        environment = {**os.environ, "JIANGHENG_VAR": var, "JIANGHENG_DEMONSTRATION": "1" if demonstration else "0"}
        environment.pop("JIANGHENG_DATABASE_URL", None)
        if database:
            environment["JIANGHENG_DATABASE_URL"] = database
        subprocess.run([sys.executable, "-m", *prepare], env=environment, check=True, stdout=subprocess.DEVNULL)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "jiangheng.command.main", "serve", "--port", str(port)]
        served = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait(port, served)
            yield port, served.pid, var
        finally:
            served.terminate()
            served.wait(timeout=30)


def _wait(port: int, served: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and served.poll() is None:
        try:
            if Browser(port).ask("/health/").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def processes(pid: int, word: str) -> list[int]:
    """The processes below ``pid`` whose command line holds ``word``."""
    parents, found = {}, [pid]
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(each.parent.name)] = int(each.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    for parent in found:
        found += [child for child, its in parents.items() if its == parent]
    return [each for each in found[1:] if word in Path(f"/proc/{each}/cmdline").read_text()]


def web_processes(pid: int) -> list[int]:
    """The processes that answer requests: the children of the server's own."""
    return [each for each in processes(pid, "granian") if not processes(each, "granian")]


def resident_mib(pids: Sequence[int]) -> float:
    """Resident memory of all of them together."""
    return sum(
        int(line.split()[1]) / 1024
        for pid in pids
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )


def cpu_seconds(pids: Sequence[int]) -> float:
    """What they have worked so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(
        sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) / ticks for pid in pids
    )


@dataclass
class Run:
    """What so many at once managed: how many, the wall seconds, each one's milliseconds."""

    count: int
    seconds: float
    times: list[float]

    @property
    def per_second(self) -> float:
        """How many a second."""
        return self.count / self.seconds

    def share(self, part: float) -> float:
        """The time below which that part of them was answered, ms."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def at_once(clients: int, work: Sequence[Callable[[], None]]) -> Run:
    """Do all the work, so many at a time; the first failure ends the run."""
    waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
    for each in (*work, *[None] * clients):
        waiting.put(each)
    times: list[float] = []
    faults: list[BaseException] = []

    def client() -> None:
        while (each := waiting.get()) is not None and not faults:
            began = time.perf_counter()
            try:
                each()
            except BaseException as error:  # noqa: BLE001 - told below, whatever it is
                faults.append(error)
            times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if faults:
        raise SystemExit(f"wrong answer: {faults[0]}")
    return Run(len(work), seconds, times)
