"""A holiday entered among many open plans: from the click until every deadline is kept anew and everybody is told.

``python -m bench.redating [--postgresql] [--sizes 1000,5000]`` prints a Markdown table. Every plan is open; a fifth of
them stand for what else has a clock: accepted plans waiting for tickets, membership_list-ups, results on public notice with sixty
candidates each. The worker looks every two seconds, which is to be added. Goal: 1,000 open plans within 60 seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import machine
from jiangheng.rules.days.local_time import LIUZHOU

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=LIUZHOU)
HOLIDAY, BODIES, DAYS, PEOPLE, GOAL = date(2026, 6, 10), 50, 7, 60, 60.0


def fill(plans: int) -> None:
    """``plans`` open plans of fifty bodies whose latest filing day the holiday moves."""
    from jiangheng.applications.models import Application, CandidateReport
    from jiangheng.bodies.models import Organisation, Venue
    from jiangheng.people.models import Account, Identity
    from jiangheng.plans.models import Plan
    from jiangheng.results.models import Result, ResultBatch

    Organisation.objects.create(name="示例中心", kind="centre", credit_code="0", created_at=NOW)
    bodies = [
        Organisation.objects.create(name=f"示例机构{n}", kind="social_body", credit_code=f"{n + 1}", created_at=NOW)
        for n in range(BODIES)
    ]
    venues = [Venue.objects.create(organisation=body, name="考点", address="示例路", created_at=NOW) for body in bodies]
    fifth = plans // 5
    made = Plan.objects.bulk_create(
        Plan(
            number=f"JH{n:06d}",
            title="电工四级认定",
            body=bodies[n % BODIES],
            venue=venues[n % BODIES],
            exam_on=HOLIDAY + timedelta(days=6 + n % DAYS),
            registration_ends_at=NOW,
            candidate_source="public",
            paper_source="bank",
            contact_name="示例",
            contact_phone="0772",
            created_at=NOW,
            state="draft" if n >= fifth else "accepted",
            deadline_on=date(2026, 6, 2),
        )
        for n in range(plans)
    )
    others = made[:fifth]
    CandidateReport.objects.bulk_create(
        CandidateReport(
            number=f"HZ{plan.pk}", plan=plan, body=plan.body, template="A33", due_on=plan.exam_on, created_at=NOW
        )
        for plan in others
    )
    batches = ResultBatch.objects.bulk_create(
        ResultBatch(
            plan=plan,
            body=plan.body,
            state="published",
            published_on=date(2026, 6, 5),
            publicity_ends_on=date(2026, 6, 12),
            created_at=NOW,
        )
        for plan in others[: fifth // 4]
    )
    for batch in batches:
        people = Identity.objects.bulk_create(
            Identity(
                kind="居民身份证",
                number_sealed=b"",
                number_index=f"{batch.pk}-{n}",
                number_tail="0000",
                number_masked="*",
                name="考生",
                created_at=NOW,
            )
            for n in range(PEOPLE)
        )
        Account.objects.bulk_create(
            Account(username=f"p{one.pk}", name="考生", identity=one, created_at=NOW) for one in people
        )
        entered = Application.objects.bulk_create(
            Application(
                number=f"BM{one.pk}",
                identity=one,
                plan=batch.plan,
                body=batch.body,
                source="person",
                name="考生",
                occupation_code="6-31-01-03",
                occupation_name="电工",
                level=4,
                subjects=[],
                state="accepted",
                created_at=NOW,
            )
            for one in people
        )
        Result.objects.bulk_create(Result(batch=batch, application=one) for one in entered)


def play(plans: int) -> dict[str, Any]:
    """Fill, enter the holiday, let the worker run dry: in this process, on the database the environment names."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "jiangheng.site.settings"
    from jiangheng.site import keys

    keys.ensure(Path(os.environ["JIANGHENG_VAR"]))
    django.setup()
    from django.core.management import call_command

    from jiangheng.calendar import redating
    from jiangheng.catalog import actions
    from jiangheng.journal import delivery
    from jiangheng.journal.models import Outgoing
    from jiangheng.rules.days.clocks import DayChange
    from jiangheng.rules.days.workdays import LocalDay
    from jiangheng.rules.roles import Person, Role
    from jiangheng.values.models import CalendarChange

    call_command("migrate", verbosity=0, interactive=False)
    fill(plans)
    centre = Person(1, "示例", Role.CENTRE)
    begun = time.perf_counter()
    redating.preview(DayChange(HOLIDAY, None, LocalDay(workday=False, name="示例停工")), NOW)
    preview = time.perf_counter() - begun
    machine.reset_peak()
    begun = time.perf_counter()
    actions.set_day(by=centre, now=NOW, day=HOLIDAY, workday=False, name="示例停工")
    clicked = time.perf_counter() - begun
    while CalendarChange.objects.filter(finished_at=None).exists():
        if not delivery.run_once(NOW):
            raise SystemExit("a change is not finished and nothing is left to do: the job failed")
    spent = time.perf_counter() - begun
    return {
        "plans": plans,
        "moved": CalendarChange.objects.get().moved,
        "told": Outgoing.objects.filter(channel="notice").count(),
        "preview": preview,
        "click": clicked,
        "seconds": spent,
        "mib": machine.peak_mb(),
    }


def run(postgresql: bool, plans: int) -> dict[str, Any]:
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
        command = [sys.executable, "-m", "bench.redating", "--play", str(plans)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Measure on one engine and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="a private PostgreSQL instead of SQLite")
    parser.add_argument("--sizes", default="1000,5000")
    parser.add_argument("--play", type=int, default=0, help=argparse.SUPPRESS)
    arguments = machine.parsed(parser, sizes="10")
    if arguments.play:
        print(json.dumps(play(arguments.play)))
        return
    engine = " --postgresql" if arguments.postgresql else ""
    print(f"`python -m bench.redating{engine}`, {machine.describe()}\n")
    print("| open plans | deadlines moved | notices | preview, s | click, s | click to last notice, s | MiB |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size in (int(each) for each in arguments.sizes.split(",")):
        found = run(arguments.postgresql, size)
        whole = f"{found['seconds']:.2f}"
        print(
            f"| {found['plans']:,} | {found['moved']:,} | {found['told']:,} | {found['preview']:.2f} "
            f"| {found['click']:.2f} | {whole if found['seconds'] <= GOAL else f'**{whole}**'} | {found['mib']:.0f} |"
        )


if __name__ == "__main__":
    main()
