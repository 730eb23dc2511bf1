"""``jiangheng serve``: the web processes and the worker, started together and ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any

THREADS = 2
"""Threads of a web process: while one waits for the database the other works. More of them under one interpreter lock
make every request slower: eight started an examination 3.6 times slower than one (docs/benchmarks.md)."""
PATIENCE_SECONDS, LOOK_SECONDS, AGAIN_SECONDS = 10.0, 0.2, 2.0


@dataclass(frozen=True)
class Size:
    """How many web processes, and how many threads in each."""

    workers: int
    threads: int


def size(environment: Mapping[str, str], cores: int) -> Size:
    """As many processes as cores, two threads each, unless JIANGHENG_WORKERS and JIANGHENG_THREADS say otherwise."""
    return Size(_number(environment, "JIANGHENG_WORKERS", cores), _number(environment, "JIANGHENG_THREADS", THREADS))


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    given = environment.get(name, "")
    if not given:
        return default
    if not given.isdecimal() or not 1 <= int(given) <= 64:
        raise SystemExit(f"{name} 应为 1 至 64 的整数，现在是“{given}”。")
    return int(given)


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def prepare() -> None:
    """Bring the database and the collected static files up to the program."""
    from django.core.management import call_command

    from jiangheng.site import collected

    call_command("migrate", verbosity=0, interactive=False)
    collected.collect()


def run(host: str, port: int, chosen: Size) -> int:
    """Serve until a signal or the end of the web server; nothing this started outlives it. Returns the exit status."""
    environment = {**os.environ, "JIANGHENG_WORKERS": str(chosen.workers)}
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(chosen.workers), "--blocking-threads", str(chosen.threads), "--respawn-failed-workers",
        "--workers-kill-timeout", str(int(PATIENCE_SECONDS - 2)), "--no-ws", "--log-level", "warning",
        "jiangheng.site.wsgi:application",
    ]  # read as a table  # fmt: skip
    background = [sys.executable, "-m", "jiangheng.command.main", "worker"]
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)

    # Before the first child, so that no signal falls between its start and our knowing of it. A hang-up that whoever
    # started us has asked to ignore (nohup) stays ignored.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        children["web"] = subprocess.Popen(web, env=environment)  # noqa: S603 - our own
        children["worker"] = subprocess.Popen(background, env=environment)  # noqa: S603 - our own
        print(f"匠衡已启动：http://{host}:{port}/ （按 Ctrl+C 停止）", flush=True)
        while not stopped:
            time.sleep(LOOK_SECONDS)
            if children["web"].poll() is not None:
                return int(children["web"].returncode or 1)
            if children["worker"].poll() is not None and not stopped:
                print("后台任务意外中止，正在重新启动。", file=sys.stderr, flush=True)
                time.sleep(AGAIN_SECONDS)
                children["worker"] = subprocess.Popen(background, env=environment)  # noqa: S603 - our own
        return 0
    finally:
        end(children.values())


def end(children: Any) -> None:
    """Ask every child to stop, wait, and stop by force whoever does not."""
    still = [child for child in children if child.poll() is None]
    for child in still:
        child.send_signal(signal.SIGTERM)
    until = time.monotonic() + PATIENCE_SECONDS
    for child in still:
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
