"""Staffing a plan from the database: propose, adopt, propose again when somebody drops out, and what collides.

``python -m bench.staffing [--sizes 125x6x24,500x20x60] [--repeats 3]`` prints a Markdown table. Half of the rooms are
machine rooms sat in twice on the first day, half workshops sat in four times on the next two; a tenth of the staff is
away on the first day. Seconds are wall time of the whole action: reading the database, solving, the independent check, keeping the
answer. "collides" asks with one in three of the staff. Goal: 500 candidates, 20 rooms, 60 staff within 30 seconds.
"""

# ruff: noqa: E402 - the settings are named before what reads them

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from bench import machine
from jiangheng.rules.days.local_time import LIUZHOU

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiangheng.site.settings")
os.environ["JIANGHENG_VAR"] = tempfile.mkdtemp(prefix="jiangheng-bench.")
os.environ.pop("JIANGHENG_DATABASE_URL", None)
machine.migrated(os.environ["JIANGHENG_VAR"])

import django

django.setup()

from django.core.management import call_command

from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation, Room, Venue
from jiangheng.people.models import Absence, Account, Identity, StaffCard
from jiangheng.plans.models import Plan, PlanRow
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings import actions
from jiangheng.sittings.models import Seat, Sitting, StaffProposal
from jiangheng.sittings.queries.situation import Wishes

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=LIUZHOU)
FIRST = datetime(2026, 7, 4, 9, 0, tzinfo=LIUZHOU)
CODE, GOAL = "6-31-01-03", 30.0


def fill(candidates: int, rooms: int, staff: int) -> tuple[Person, Plan, list[int]]:
    """A body with an arranged plan of that size and its staff: three in five may invigilate, three in five examine."""
    serial = Organisation.objects.count()
    body = Organisation.objects.create(
        name=f"示例机构{serial}", kind="social_body", credit_code=f"{serial}", created_at=NOW
    )
    office = Account.objects.create(username=f"office{serial}", name="考务", created_at=NOW)
    plan = _plan(body, serial)
    row = PlanRow.objects.create(plan=plan, occupation_code=CODE, occupation_name="电工", level=4, headcount=candidates)
    people = Identity.objects.bulk_create(
        Identity(
            kind="居民身份证",
            number_sealed=b"",
            number_index=f"{serial}-{n}",
            number_tail="0000",
            number_masked="*",
            name=f"考生{n}",
            created_at=NOW,
        )
        for n in range(candidates + staff)
    )
    entered = Application.objects.bulk_create(
        Application(
            number=f"BM{serial}-{n}",
            identity=one,
            plan=plan,
            body=body,
            source="person",
            name=one.name,
            occupation_code=CODE,
            occupation_name="电工",
            level=4,
            subjects=["theory", "skill"],
            state="accepted",
            created_at=NOW,
            form={"所在单位": f"示例单位{n % 60}"},
        )
        for n, one in enumerate(people[:candidates])
    )
    for subject, kind, sessions in (("theory", "machine", 2), ("skill", "skill", 4)):
        _arrange(plan, row, subject, kind, rooms // 2, sessions, entered)
    return Person(office.pk, "考务", Role.BODY, body.pk), plan, _staff(body, people[candidates:], serial)


def _plan(body: Organisation, serial: int) -> Plan:
    venue = Venue.objects.create(organisation=body, name="考点", address="示例路", created_at=NOW)
    return Plan.objects.create(
        number=f"JH{serial:06d}",
        title="电工四级认定",
        body=body,
        venue=venue,
        exam_on=FIRST.date(),
        registration_ends_at=NOW,
        candidate_source="public",
        paper_source="bank",
        contact_name="示例",
        contact_phone="0772",
        created_at=NOW,
        state="accepted",
    )


def _arrange(
    plan: Plan, row: PlanRow, subject: str, kind: str, rooms: int, sessions: int, entered: list[Application]
) -> None:
    """Seats for everybody, shared evenly over rooms and sessions."""
    halls = Room.objects.bulk_create(
        Room(venue=plan.venue, name=f"{kind}{n}", kind=kind, capacity=40) for n in range(rooms)
    )
    day = 0 if subject == "theory" else 1
    starts = [FIRST + timedelta(days=day + turn // 2, hours=5 * (turn % 2)) for turn in range(sessions)]
    sittings = Sitting.objects.bulk_create(
        Sitting(
            plan=plan,
            row=row,
            subject=subject,
            method="machine" if subject == "theory" else "operation",
            room=hall,
            room_name=hall.name,
            starts_at=at,
            ends_at=at + timedelta(minutes=90),
            state="arranged",
            created_at=NOW,
        )
        for at in starts
        for hall in halls
    )
    taken: dict[int, int] = {}
    seats = []
    for n, one in enumerate(entered):
        place = n * len(sittings) // len(entered)
        taken[place] = taken.get(place, 0) + 1
        seats.append(Seat(sitting=sittings[place], application=one, number=taken[place]))
    Seat.objects.bulk_create(seats)


def _staff(body: Organisation, people: list[Identity], serial: int) -> list[int]:
    accounts = Account.objects.bulk_create(
        Account(username=f"staff{serial}-{n}", name=f"考务{n}", created_at=NOW) for n in range(len(people))
    )
    StaffCard.objects.bulk_create(
        StaffCard(
            account=account,
            kind=kind,
            number=f"证{serial}-{n}-{kind}",
            employer=body,
            occupation_code="" if kind == "invigilator" else CODE,
            employer_name=f"示例单位{n * 7 % 90}",
            identity=one,
            valid_from=date(2025, 1, 1),
            valid_to=date(2027, 12, 31),
            created_at=NOW,
        )
        for n, (account, one) in enumerate(zip(accounts, people, strict=True))
        for kind, held in (("invigilator", n % 5 < 3), ("examiner", n % 5 in (2, 3)), ("senior_examiner", n % 5 == 4))
        if held
    )
    Absence.objects.bulk_create(
        Absence(
            account=account, begins_at=FIRST, ends_at=FIRST + timedelta(hours=12), declared_by=account, created_at=NOW
        )
        for account in accounts[::10]
    )
    return [each.pk for each in accounts]


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of one call, and its answer."""
    began = time.perf_counter()
    found = call()
    return time.perf_counter() - began, found


def run(candidates: int, rooms: int, staff: int) -> dict[str, float]:
    """Seconds of each action on one plan of that size."""
    body, plan, people = fill(candidates, rooms, staff)

    def propose(among: list[int]) -> StaffProposal:
        return actions.propose_staff(by=body, now=NOW, plan_id=plan.pk, wishes=Wishes(tuple(among), seed="种子"))

    seconds = {}
    seconds["propose"], first = timed(lambda: propose(people))
    if first.status != "arranged":
        raise SystemExit(f"{candidates} candidates: {first.status} {first.answer['collisions']}")
    seconds["adopt"], _changed = timed(lambda: actions.adopt_staff(by=body, now=NOW, proposal_id=first.pk))
    gone = int(first.answer["staff"][0]["person"])
    seconds["one drops out"], second = timed(lambda: propose([each for each in people if each != gone]))
    if second.status != "arranged" or {row["person"] for row in second.answer["changes"]["removed"]} < {str(gone)}:
        raise SystemExit(f"{candidates} candidates: dropping out gave {second.status}")
    seconds["collides"], third = timed(lambda: propose(people[::3]))
    if third.status != "infeasible":
        raise SystemExit(f"{candidates} candidates: a third of the staff gave {third.status}")
    return seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="125x6x24,250x10x40,500x20x60")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = machine.parsed(parser, sizes="125x6x24", repeats=1)
    call_command("migrate", verbosity=0)
    print(f"`python -m bench.staffing`, {machine.describe()}")
    print("\n| candidates | rooms | staff | propose, s | adopt, s | one drops out, s | collides, s |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size in arguments.sizes.split(","):
        candidates, rooms, staff = map(int, size.split("x"))
        runs = [run(candidates, rooms, staff) for _ in range(arguments.repeats)]
        middle = {name: statistics.median(each[name] for each in runs) for name in runs[0]}
        print(f"| {candidates} | {rooms} | {staff} | " + " | ".join(f"{value:.1f}" for value in middle.values()) + " |")
        if middle["propose"] > GOAL:
            raise SystemExit(f"slower than {GOAL:.0f} s")


if __name__ == "__main__":
    main()
