"""What the shell costs: CPU of an empty signed-in view and of a page, the first view on a phone, sign-in, start, memory.

``python -m bench.shell [--rounds 200] [--no-browser]`` prints a Markdown table. The views are asked for in this process
through the WSGI application with the product's middleware, session and membership, in turn with a bare Django view, and
their figure is CPU time: what else the machine does falls on nobody. The first view is Chromium's, a phone of 390
pixels with its CPU four times slower, 1.6 Mbit/s and 150 ms (the slow profile of Lighthouse), the front page, nothing
kept. Sign-ins are eight at a time over HTTP, of the product served as ``jiangheng serve`` does it, on SQLite.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from bench import machine, served

TODAY, CANDIDATES, WORD = date(2026, 11, 24), 6, "password.txt"
GOALS = {
    "signed-in empty view, CPU ms": 1.5,
    "announcement, CPU ms": 3.0,
    "first phone view, KB": 150.0,
    "first phone view, FCP s": 1.5,
    "web process at start, MiB": 130.0,
    "web processes signing in, MiB": 300.0,
    "start of a command, s": 0.4,
}
LEAST = {"sign-in, a second": 45.0}


def play() -> None:
    """One small batch, played to its end."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiangheng.site.settings"
    from jiangheng.site import keys

    keys.ensure(Path(os.environ["JIANGHENG_VAR"]))
    import django

    django.setup()
    from django.core.management import call_command

    from jiangheng.demonstration import play as demonstration
    from jiangheng.demonstration.stage import PASSWORD

    Path(os.environ["JIANGHENG_VAR"], WORD).write_text(PASSWORD)
    call_command("migrate", verbosity=0, interactive=False)
    demonstration.whole_batch(today=TODAY, say=lambda _line: None, candidates=CANDIDATES)


def inside(rounds: int) -> dict[str, float]:
    """CPU ms of views in this process, on the database the environment names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiangheng.site.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.test import Client, override_settings
    from django.urls import path, reverse

    from jiangheng.people.models import Account
    from jiangheng.site import urls
    from jiangheng.site.models import Announcement

    probed = ModuleType("probed_urls")
    probed.__dict__.update(vars(urls))
    probed.urlpatterns = [path("probe/", lambda _request: HttpResponse("")), *urls.urlpatterns]
    sys.modules["probed_urls"] = probed
    settings.ROOT_URLCONF = "probed_urls"
    notice = reverse("portal:notice", args=[Announcement.objects.filter(published_on__lte=TODAY)[0].pk])
    browser = Client()
    browser.force_login(Account.objects.get(username="body1"), backend="django.contrib.auth.backends.ModelBackend")
    jar = "; ".join(f"{name}={value.value}" for name, value in browser.cookies.items())
    whole = WSGIHandler()
    with override_settings(MIDDLEWARE=[]):
        bare = WSGIHandler()
    asked: dict[str, Callable[[], None]] = {
        "bare view, CPU ms": partial(once, bare, "/probe/", ""),
        "signed-in empty view, CPU ms": partial(once, whole, "/probe/", jar),
        "announcement, CPU ms": partial(once, whole, notice, jar),
        "home of a body, CPU ms": partial(once, whole, "/home/", jar),
    }
    for ask in asked.values():
        ask()
    parts: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(5):
        for name, ask in asked.items():
            worked = time.process_time()
            for _ in range(max(1, rounds // 5)):
                ask()
            parts[name].append((time.process_time() - worked) / max(1, rounds // 5) * 1000)
    return {name: min(taken) for name, taken in parts.items()}


def once(application: Any, address: str, jar: str) -> None:
    """One request through the application; anything but 200 voids the run."""
    given = {
        "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "SCRIPT_NAME": "",
        "HTTP_COOKIE": jar, "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(b""), "wsgi.errors": sys.stderr,
    }  # read as a table  # fmt: skip
    told: list[str] = []
    answer = application(given, lambda status, _headers: told.append(status))
    b"".join(answer)
    answer.close()
    if not told[0].startswith("200"):
        raise SystemExit(f"{address}: {told[0]}")


def sent(port: int) -> float:
    """KB of the front page and everything it names, compressed as a browser takes them."""
    browser = served.Browser(port)
    page = browser.must(browser.ask("/"), 200, "front")
    names = set(re.findall(rb"(?:href|src)=\"(/static/[^\"#]+)", page.body))
    answers = [browser.ask("/", compressed=True), *(browser.ask(name.decode(), compressed=True) for name in names)]
    for answer in answers:
        browser.must(answer, 200, "front")
    head = sum(len(name) + len(value) + 4 for answer in answers for name, value in answer.headers.items())
    return (sum(len(answer.body) for answer in answers) + head) / 1024


def painted(port: int, times: int) -> float:
    """Seconds to the first contentful paint of the front page on the slow profile, median."""
    from playwright.sync_api import sync_playwright

    seen = []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(times):
            context = chromium.new_context(
                viewport={"width": 390, "height": 844}, is_mobile=True, device_scale_factor=3
            )
            page = context.new_page()
            line = context.new_cdp_session(page)
            line.send("Network.enable")
            line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            line.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": 150,
                    "downloadThroughput": 1.6e6 / 8,
                    "uploadThroughput": 750e3 / 8,
                },
            )
            page.goto(f"http://127.0.0.1:{port}/", wait_until="load")
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
            seen.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000)
            context.close()
        chromium.close()
    return statistics.median(seen)


def signed_in(port: int, count: int, password: str) -> served.Run:
    """Sign-ins of candidates and staff, eight at a time; each a browser that has opened the page before."""
    names = ("body1", "school1", "employer1", "examiner1")
    browsers = [served.Browser(port) for _ in range(count)]
    for each in browsers:
        each.must(each.ask("/people/sign-in/"), 200, "sign-in page")

    def enter(browser: served.Browser, name: str) -> None:
        browser.must(browser.ask("/people/sign-in/", {"username": name, "password": password}), 302, "sign-in")

    return served.at_once(8, [partial(enter, each, names[at % len(names)]) for at, each in enumerate(browsers)])


def started(times: int) -> tuple[float, float]:
    """Wall and CPU seconds of a command that does next to nothing, the least of so many starts."""
    found = []
    with tempfile.TemporaryDirectory(prefix="jiangheng-bench.") as var:
        machine.migrated(var)
        for _ in range(times):
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "jiangheng.command.main", "workday", "after", "2026-11-24", "1", "--json"],
                env={**os.environ, "JIANGHENG_VAR": var},
                stdout=subprocess.DEVNULL,
            )
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise SystemExit(f"the command ended with {process.returncode}")
            found.append((time.perf_counter() - began, used.ru_utime + used.ru_stime))
    return min(found)[0], min(cpu for _wall, cpu in found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="requests of each view, sign-ins in all")
    parser.add_argument("--times", type=int, default=3, help="first views, starts of the command")
    parser.add_argument("--no-browser", action="store_true", help="without the first contentful paint")
    parser.add_argument("--part", choices=("play", "inside"), default=None, help=argparse.SUPPRESS)
    asked = machine.parsed(parser, rounds=5, times=1)
    if asked.part == "play":
        play()
        return
    if asked.part == "inside":
        print(json.dumps(inside(asked.rounds)))
        return
    figures: dict[str, float] = {}
    with served.product(["bench.shell", "--part", "play"]) as (port, pid, var):
        web = served.web_processes(pid)
        served.at_once(4, [partial(served.Browser(port).ask, "/people/sign-in/") for _ in range(4 * len(web))])
        figures["web process at start, MiB"] = served.resident_mib(web) / len(web)
        command = [sys.executable, "-m", "bench.shell", "--part", "inside", "--rounds", str(asked.rounds)]
        environment = {**os.environ, "JIANGHENG_VAR": var, "JIANGHENG_DEMONSTRATION": "1"}
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
        figures.update(json.loads(done.stdout.splitlines()[-1]))
        figures["first phone view, KB"] = sent(port)
        if not asked.no_browser:
            figures["first phone view, FCP s"] = painted(port, asked.times)
        worked = served.cpu_seconds(web)
        run = signed_in(port, asked.rounds, Path(var, WORD).read_text())
        figures["sign-in, CPU ms"] = (served.cpu_seconds(web) - worked) / run.count * 1000
        figures["sign-in, a second"] = run.per_second
        figures["web processes signing in, MiB"] = served.resident_mib(web)
    figures["start of a command, s"], figures["start of a command, CPU s"] = started(asked.times)
    print(f"`python -m bench.shell`, {machine.describe()}, {len(web)} web processes, load {os.getloadavg()[0]:.1f}\n")
    print("| what | figure | goal |\n|---|---:|---:|")
    for name, value in figures.items():
        goal, least = GOALS.get(name), LEAST.get(name)
        kept = (goal is None or value <= goal) and (least is None or value >= least)
        wanted = f"≤ {goal:g}" if goal is not None else f"≥ {least:g}" if least is not None else ""
        print(f"| {name} | {f'{value:.2f}' if kept else f'**{value:.2f}**'} | {wanted} |")


if __name__ == "__main__":
    main()
