"""The theory room over HTTP: how many candidates a second can start, save, hand in, and sign in as themselves.

``python -m bench.room [--candidates 120] [--clients 16]`` prints a Markdown table. The product is served as
``jiangheng serve`` does it, on SQLite, with sittings that are open now; client and server share the machine. Every
answer is judged (status, "saved"), one wrong answer voids the run. A start is three requests: the page, the entry with
ticket, tail and code, the paper; a hand-in is one. CPU ms are those of the web processes.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench import machine, served

TODAY = date(2026, 11, 24)
SEATS = "seats.json"


def prepare(candidates: int) -> None:
    """One batch up to its tickets, every theory sitting unsealed, signed in and open around the real clock."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiangheng.site.settings"
    from jiangheng.site import keys

    keys.ensure(Path(os.environ["JIANGHENG_VAR"]))
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from jiangheng.demonstration import examination, play
    from jiangheng.demonstration.sitting import _open
    from jiangheng.demonstration.stage import Stage
    from jiangheng.demonstration.timeline import before
    from jiangheng.sittings.models import Seat, Sitting
    from jiangheng.values import queries as values

    call_command("migrate", verbosity=0, interactive=False)
    play.whole_batch(today=TODAY, say=lambda _line: None, candidates=candidates, until=9)
    days = before(TODAY, values.calendar(), values.law(TODAY).value("publicity_wd"))
    stage = Stage.at(days, TODAY, candidates)
    seen: Counter[str] = Counter()
    for sitting, team in examination.posted(stage, "theory", examination.rooms_of(stage, "machine")):
        _open(sitting, team, seen, "theory")
    now = timezone.now()
    open_now = Sitting.objects.filter(plan=stage.plan, subject="theory")
    for place, sitting in enumerate(open_now):  # a room once per moment
        began = now - timedelta(minutes=45, seconds=place)
        open_now.filter(pk=sitting.pk).update(starts_at=began, opened_at=began, ends_at=now + timedelta(hours=6))
    rows = Seat.objects.filter(sitting__in=open_now, signed_in_at__isnull=False).order_by("pk")
    told = [
        {
            "ticket": row.application.ticket.number,
            "tail": row.application.identity.number_tail,
            "code": row.sitting.room_code,
            "questions": row.paper_set.questions,
        }
        for row in rows.select_related("sitting", "application__identity", "application__ticket", "paper_set")
    ]
    Path(os.environ["JIANGHENG_VAR"], SEATS).write_text(json.dumps(told))


def start(browser: served.Browser, seat: dict[str, Any]) -> None:
    """Page, entry, paper."""
    browser.must(browser.ask("/sittings/room/"), 200, "room")
    entry = {"ticket_number": seat["ticket"], "tail": seat["tail"], "code": seat["code"]}
    browser.must(browser.ask("/sittings/room/", entry), 302, "entry")
    paper = browser.must(browser.ask("/sittings/room/paper/"), 200, "paper")
    if b"question-1" not in paper.body:
        raise SystemExit("paper without its first question")


def save(browser: served.Browser, question: int, base: int) -> None:
    """One answer."""
    given = {"question": question, "value": "ABCD"[base % 4], "base": base, "key": f"{question}-{base}"}
    told = browser.must(browser.ask("/sittings/room/save/", data={"answers": [given]}), 200, "save")
    if told.body.count(b'"status": "saved"') != 1:
        raise SystemExit(f"not saved: {told.body[:200]!r}")


def hand_in(browser: served.Browser) -> None:
    """The paper is given away."""
    browser.must(browser.ask("/sittings/room/hand-in/", {}), 200, "hand-in")


def measured(name: str, clients: int, work: list[Callable[[], None]], web: list[int]) -> None:
    """Do it and print its line."""
    before = served.cpu_seconds(web)
    found = served.at_once(clients, work)
    cpu = (served.cpu_seconds(web) - before) / found.count * 1000
    print(
        f"| {name} | {found.count} | {found.per_second:.1f} | {found.share(0.5):.0f} | {found.share(0.99):.0f} | {cpu:.1f} |",
        flush=True,
    )


def main() -> None:
    """Start, save, hand in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=120)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--saves", type=int, default=10, help="answers a candidate saves")
    parser.add_argument("--prepare", type=int, default=0, help=argparse.SUPPRESS)
    asked = machine.parsed(parser, candidates=6, clients=2, saves=2)
    if asked.prepare:
        prepare(asked.prepare)
        return
    with served.product(["bench.room", "--prepare", str(asked.candidates)]) as (port, pid, var):
        seats = json.loads(Path(var, SEATS).read_text())
        browsers = [served.Browser(port) for _ in seats]
        web = served.web_processes(pid)
        print(
            f"`python -m bench.room --candidates {asked.candidates}`, {machine.describe()}, {len(web)} web processes, "
            f"{asked.clients} clients\n"
        )
        print("| what | how many | a second | p50, ms | p99, ms | CPU ms each |\n|---|---:|---:|---:|---:|---:|")
        measured(
            "start (3 requests)",
            asked.clients,
            [partial(start, *each) for each in zip(browsers, seats, strict=True)],
            web,
        )
        # Revision by revision: nobody's second save stands before their first.
        for base in range(asked.saves):
            measured(f"save {base + 1}", asked.clients, [partial(save, browser, 1, base) for browser in browsers], web)
        measured("hand in", asked.clients, [partial(hand_in, browser) for browser in browsers], web)


if __name__ == "__main__":
    main()
