"""The database falls over while candidates save their answers: nothing told as saved is lost, and serving goes on."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from pathlib import Path

from bench import machine, room, served

CANDIDATES, FALLS = 6, 5
BEFORE, DOWN, PATIENCE = 2.0, 3.0, 60.0
"""Seconds of work before each fall, seconds without a database, seconds within which saving must work again."""


class Writer:
    """One candidate who saves the same question again and again; the last revision told as saved is remembered."""

    def __init__(self, port: int, seat: dict[str, object]) -> None:
        self.port, self.seat = port, seat
        self.base, self.told, self.last = 0, 0, 0.0
        self.answers: Counter[str] = Counter()
        self.browser = served.Browser(port)
        room.start(self.browser, seat)

    def run(self, over: threading.Event) -> None:
        """Save until it is over; what wasn't answered is sent again with the same key, as the page does."""
        while not over.is_set():
            given = {"question": 1, "value": "ABCD"[self.base % 4], "base": self.base, "key": f"1-{self.base}"}
            try:
                answer = self.browser.ask("/sittings/room/save/", data={"answers": [given]})
            except (OSError, http.client.HTTPException):
                self.answers["no answer"] += 1
                self.browser = served.Browser(self.port, self.browser.jar)
                time.sleep(0.1)
                continue
            if answer.status == 200 and (standing := json.loads(answer.body)["results"][0])["status"] != "stale":
                self.told = self.base = standing["revision"]
                self.last = time.monotonic()
                self.answers["saved"] += 1  # or "repeated": saved before the fall, told only now
            else:
                self.answers[str(answer.status)] += 1
                time.sleep(0.1)


def main(seed: str, commit: str) -> dict[str, object]:  # noqa: ARG001 - every drill is asked alike
    """Falls, saves told, saves lost, the longest time until every candidate could save again."""
    with (
        machine.database_server() as server,
        served.product(["bench.room", "--prepare", str(CANDIDATES)], database=server.url) as (port, pid, var),
    ):
        writers = [Writer(port, seat) for seat in json.loads(Path(var, room.SEATS).read_text())]
        over = threading.Event()
        threads = [threading.Thread(target=each.run, args=[over]) for each in writers]
        for thread in threads:
            thread.start()
        longest = 0.0
        for _fall in range(FALLS):
            time.sleep(BEFORE)
            server.stop()
            time.sleep(DOWN)
            server.start()
            back = time.monotonic()
            while any(each.last < back for each in writers):
                if time.monotonic() > back + PATIENCE:
                    raise SystemExit(f"not saving again: {[dict(each.answers) for each in writers]}")
                time.sleep(0.05)
            longest = max(longest, time.monotonic() - back)
        over.set()
        for thread in threads:
            thread.join()
        lost = sum(max(0, each.told - _standing(server.url, each.seat)) for each in writers)
        if lost:
            raise SystemExit(f"{lost} answers told as saved are not there")
        if not served.processes(pid, "worker"):
            raise SystemExit("the worker did not come back")
        answers = sum((each.answers for each in writers), Counter())
        failed = sum(answers.values()) - answers["saved"]
        return {
            "falls": FALLS,
            "saves told": answers["saved"],
            "lost": 0,
            "not saved and told so": failed,
            "saving again after at most, s": f"{longest:.1f}",
        }


def _standing(url: str, seat: dict[str, object]) -> int:
    """The revision in the database."""
    import psycopg

    query = """SELECT a.revision FROM exam_day_answer a JOIN sittings_seat s ON s.id = a.seat_id
               JOIN sittings_ticket t ON t.application_id = s.application_id WHERE t.number = %s AND a.question = 1"""
    with psycopg.connect(url) as database:
        found = database.execute(query, [seat["ticket"]]).fetchone()
    return int(found[0]) if found else 0
