"""The busiest pages with 60,000 applications: queries and milliseconds, beside a bare page of the same server.

``python -m bench.pages [--postgresql] [--applications 60000]`` prints a Markdown table. The bare page is one
announcement of the portal, opened by the same person: the same middleware, session, membership and shell, one row.
Page and bare page are asked for in turn, so that whatever else the machine does falls on both. Goals: as many queries
as with one batch, at most six times the bare page.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench import machine
from jiangheng.rules.days.local_time import LIUZHOU

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=LIUZHOU)
BATCH, TIMES, WARM, GOAL = 60, 21, 3, 6.0
FEWEST = 6  # candidates of a batch that still has one of everything


@dataclass(frozen=True)
class Page:
    """A page as somebody opens it; ``post`` sends a form instead."""

    title: str
    who: str
    address: str
    post: dict[str, str] | None = None


def pages() -> list[Page]:
    """The pages of the played batch: the same records with few and with many rows around them."""
    from django.urls import reverse

    from jiangheng.certificates.models import Certificate
    from jiangheng.demonstration.stage import CANDIDATE_PHONE
    from jiangheng.plans.models import Plan

    plan = Plan.objects.get(result_batch__state="approved", number__regex=r"^\w+$")
    application = plan.applications.order_by("id").first()
    certificate = Certificate.objects.filter(plan=plan, state="issued").first()
    listed, typed = reverse("applications:list"), application.name[:2]
    return [
        Page("申请列表", "body1", listed),
        Page("申请列表，第 20 页", "body1", f"{listed}?page=20"),
        Page("申请列表", "school1", listed),
        Page("申请列表，小机构", "sister1", listed),
        Page("申请列表", "centre1", listed),
        Page(f"申请列表，已受理，搜“{typed}”", "centre1", f"{listed}?state=accepted&q={typed}"),
        Page("申请列表，搜无人之名", "centre1", f"{listed}?q=龘龘"),
        Page("申请详情", "body1", reverse("applications:detail", args=[application.pk])),
        Page("按批次审核", "body1", reverse("applications:batches")),
        Page("一个批次", "body1", reverse("applications:batch_plan", args=[plan.pk])),
        Page("计划列表", "centre1", reverse("plans:list")),
        Page("计划详情", "body1", reverse("plans:detail", args=[plan.pk])),
        Page("场次列表", "body1", reverse("sittings:list")),
        Page("成绩批次列表", "school1", reverse("results:list")),
        Page("成绩批次详情", "body1", reverse("results:detail", args=[plan.result_batch.pk])),
        Page("证书列表", "centre1", reverse("certificates:list")),
        Page("证书列表", "body1", reverse("certificates:list")),
        Page("证书列表", "school1", reverse("certificates:list")),
        Page("首页", "centre1", reverse("portal:home")),
        Page("首页", "body1", reverse("portal:home")),
        Page("我的申请", CANDIDATE_PHONE, reverse("applications:mine")),
        Page("机构目录", "", reverse("bodies:directory")),
        Page("证书查验", "", reverse("certificates:verify"), {"number": certificate.number, "name": certificate.name}),
    ]


class Visitor:
    """A browser signed in as one account of the cast, or as nobody."""

    asked = 0

    def __init__(self, username: str) -> None:
        from django.test import Client

        from jiangheng.people.models import Account

        self.client = Client(**{"jiangheng.now": NOW})
        if username:
            account = Account.objects.get(username=username)
            self.client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

    def open(self, page: Page) -> float:
        """Ask once; milliseconds. Each request comes from an address of its own, so that no limit is met."""
        Visitor.asked += 1
        address = f"10.{Visitor.asked >> 16 & 255}.{Visitor.asked >> 8 & 255}.{Visitor.asked & 255}"
        began = time.perf_counter()
        send = self.client.get if page.post is None else self.client.post
        answer = send(page.address, page.post, REMOTE_ADDR=address)
        spent = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{page.title} ({page.who}): {answer.status_code}")
        return spent


def bare_page() -> str:
    """The address of the bare page: one announcement."""
    from django.urls import reverse

    from jiangheng.site.models import Announcement

    found = Announcement.objects.filter(published_on__lte=TODAY).first()
    return reverse("portal:notice", args=[found.pk])


def measure(times: int) -> list[dict[str, Any]]:
    """Every page: queries, the bare page's queries, and the median milliseconds of both, asked in turn."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    rows = []
    for page in pages():
        visitor, bare = Visitor(page.who), Page("bare", page.who, bare_page())
        for _ in range(min(WARM, times)):
            visitor.open(bare)
            visitor.open(page)
        with CaptureQueriesContext(connection) as seen:
            visitor.open(page)
            queries = len(seen)
        spent = [(visitor.open(bare), visitor.open(page)) for _ in range(times)]
        rows.append(
            {
                "title": page.title,
                "who": page.who,
                "queries": queries,
                "bare": statistics.median(first for first, _second in spent),
                "page": statistics.median(second for _first, second in spent),
            }
        )
    return rows


def play(applications: int, batch: int, times: int) -> dict[str, Any]:
    """Play one batch, measure, fill, measure again: in this process, on the database the environment names."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jiangheng.site.settings"
    os.environ["JIANGHENG_DEMONSTRATION"] = "1"
    from jiangheng.site import keys

    keys.ensure(Path(os.environ["JIANGHENG_VAR"]))
    django.setup()
    from django.core.management import call_command

    from bench import many
    from jiangheng.demonstration import play as demonstration

    say = functools.partial(print, file=sys.stderr, flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    demonstration.whole_batch(today=TODAY, say=say, candidates=batch)
    few = measure(times)
    counts = many.fill(applications, say)
    health = Page("health", "", "/health/")
    floor = statistics.median(Visitor("").open(health) for _ in range(times))
    return {"few": few, "many": measure(times), "counts": counts, "floor": floor}


def run(postgresql: bool, applications: int, batch: int, times: int) -> dict[str, Any]:
    """Play in a process and a database of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="jiangheng-bench.") as var,
        machine.postgresql() if postgresql else nullcontext("") as url,
    ):
        machine.migrated(var)
        environment = {**os.environ, "JIANGHENG_VAR": var}
        environment.pop("JIANGHENG_DATABASE_URL", None)
        if url:
            environment["JIANGHENG_DATABASE_URL"] = url
        sizes = ["--applications", str(applications), "--batch", str(batch), "--times", str(times)]
        command = [sys.executable, "-m", "bench.pages", "--play", *sizes]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def table(found: dict[str, Any]) -> str:
    """The figures as Markdown; a missed goal is in bold."""
    lines = [
        "| 页面 page | 身份 as | 查询数 queries: one batch | filled | 光页 bare, ms | 页面 page, ms | 倍数 × bare |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for few, many in zip(found["few"], found["many"], strict=True):
        same = few["queries"] == many["queries"]
        times = many["page"] / many["bare"]
        lines.append(
            f"| {many['title']} | {many['who'] or '公众'} | {few['queries']} | {_marked(str(many['queries']), same)} "
            f"| {many['bare']:.1f} | {many['page']:.1f} | {_marked(f'{times:.1f}', times <= GOAL)} |"
        )
    return "\n".join(lines)


def _marked(text: str, reached: bool) -> str:
    return text if reached else f"**{text}**"


def main() -> None:
    """Measure on one engine and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="a private PostgreSQL instead of SQLite")
    parser.add_argument("--applications", type=int, default=60_000)
    parser.add_argument("--batch", type=int, default=BATCH, help="candidates of the played batch")
    parser.add_argument("--times", type=int, default=TIMES, help="requests of each page")
    parser.add_argument("--play", action="store_true", help=argparse.SUPPRESS)
    arguments = machine.parsed(parser, applications=2 * FEWEST, batch=FEWEST, times=1)
    if arguments.play:
        print(json.dumps(play(arguments.applications, arguments.batch, arguments.times)))
        return
    found = run(arguments.postgresql, arguments.applications, arguments.batch, arguments.times)
    engine = " --postgresql" if arguments.postgresql else ""
    print(f"`python -m bench.pages{engine}`, {machine.describe()}, {date.today().isoformat()}\n")  # noqa: DTZ011 - the day it was run
    print("Rows: " + ", ".join(f"{name.rsplit('.', 1)[1]} {count:,}" for name, count in found["counts"].items()) + ".")
    print(f"`/health/` (the floor): {found['floor']:.1f} ms. Median of {arguments.times} requests each.\n")
    print(table(found))


if __name__ == "__main__":
    main()
