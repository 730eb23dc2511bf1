"""Minutes of people reading and candidates saving: no wrong answer, and the processes do not grow."""

from __future__ import annotations

import itertools
import json
import threading
import time
from pathlib import Path

from bench import room, served

CANDIDATES, MINUTES, WARM = 6, 10, 60.0
"""Whoever saves; how long; seconds after which the caches are full and growth is measured."""
GROWTH = 1.2
"""Resident memory at the end to that after warming up: more is a leak."""
PAGES = ("/", "/bodies/directory/", "/plans/calendar/", "/results/publicity/", "/certificates/verify/", "/oversight/")


def main(seed: str, commit: str) -> dict[str, object]:  # noqa: ARG001 - every drill is asked alike
    """Minutes, answers, resident memory before and after."""
    with served.product(["bench.room", "--prepare", str(CANDIDATES)]) as (port, pid, var):
        seats = json.loads(Path(var, room.SEATS).read_text())
        over, counts, faults = threading.Event(), itertools.count(), []

        def reading() -> None:
            browser = served.Browser(port)
            for path in itertools.cycle(PAGES):
                if over.is_set():
                    return
                browser.must(browser.ask(path), 200, path)
                next(counts)

        def saving(seat: dict[str, object]) -> None:
            browser = served.Browser(port)
            room.start(browser, seat)
            for base in itertools.count():
                if over.is_set():
                    return
                room.save(browser, 1, base)
                next(counts)
                time.sleep(0.2)  # a candidate thinks

        def told(work: object, *given: object) -> None:
            try:
                work(*given)  # one of the two above
            except BaseException as error:  # noqa: BLE001 - told below, whatever it is
                faults.append(error)
                over.set()

        threads = [threading.Thread(target=told, args=[reading]) for _ in range(2)]
        threads += [threading.Thread(target=told, args=[saving, seat]) for seat in seats]
        for thread in threads:
            thread.start()
        over.wait(WARM)
        web = served.web_processes(pid)
        warm = served.resident_mib(web)
        over.wait(MINUTES * 60 - WARM)
        end = served.resident_mib(web)
        over.set()
        for thread in threads:
            thread.join()
        if faults:
            raise SystemExit(f"wrong answer: {faults[0]}")
        if end > warm * GROWTH:
            raise SystemExit(f"grew from {warm:.0f} to {end:.0f} MiB")
        return {
            "minutes": MINUTES,
            "answers": next(counts),
            "wrong": 0,
            "MiB of the web processes, warm and at the end": f"{warm:.0f} and {end:.0f}",
        }
