"""Arrangement instances as documents: one small by hand, and random ones with every part of the format in them."""

from __future__ import annotations

import copy
import random
from datetime import date, datetime, timedelta
from typing import Any

from jiangheng.rules.arrangement import checking, explaining, reading, solving
from jiangheng.rules.shipped_law import in_force

CODES = (("6-31-01-03", 4), ("6-31-01-03", 3), ("6-18-02-04", 4))
LAW = {
    "invigilator_ratio": 15,
    "min_per_room": 2,
    "skill_examiner_ratio": 5,
    "skill_examiner_min": 3,
    "skill_examiner_odd": True,
    "review_committee_min": 3,
    "review_committee_odd": True,
    "examiner_max_level": 3,
    "max_consecutive_at_body": 3,
    "min_rotation_share": "1/3",
}
FIRST = datetime.fromisoformat("2026-11-28T08:30:00+08:00")
MORNING = {"starts_at": "2026-11-28T09:00:00+08:00", "ends_at": "2026-11-28T10:30:00+08:00"}
AFTERNOON = {"starts_at": "2026-11-28T14:00:00+08:00", "ends_at": "2026-11-28T16:00:00+08:00"}
ELECTRICIAN = {"occupation": "6-31-01-03", "level": 4}
IN_FORCE = in_force(date(2026, 11, 28))
YEARS = {"valid_from": "2025-01-01", "valid_to": "2027-12-31"}


def arranged(data: dict[str, Any], *, polish: float = 0.05) -> dict[str, Any]:
    """The solution of an instance as a document."""
    instance = reading.read(data)
    solution = solving.solve(instance, IN_FORCE, polish=polish)
    return explaining.document(instance, solution, IN_FORCE, str)


def broken(data: dict[str, Any], solution: dict[str, Any]) -> set[str]:
    """The rules a solution breaks, by the checker."""
    return {each.rule for each in checking.violations(data, solution, LAW)}


def small() -> dict[str, Any]:
    """Six electricians sit theory in the morning and a practical in the afternoon; three invigilate, four examine."""
    people = [{"id": f"I{each}", "cards": [{"kind": "invigilator", **YEARS}]} for each in range(3)]
    people += [
        {"id": f"E{each}", "cards": [{"kind": "examiner", "occupation": "6-31-01-03", **YEARS}]} for each in range(4)
    ]
    return copy.deepcopy({
        "format": "jiangheng-arrangement/1",
        "seed": "small",
        "rooms": [
            {"id": "R1", "kind": "machine_room", "seats": 8, "per_row": 4, "accessible": [1]},
            {"id": "R2", "kind": "workshop", "seats": 8, "per_row": 4},
        ],
        "sittings": [
            {"id": "T", "room": "R1", "subject": "theory", "exams": [ELECTRICIAN], "by_machine": True, **MORNING,
             "paper_sets": ["A", "B"], "extra_time": True},
            {"id": "S", "room": "R2", "subject": "skill", "exams": [ELECTRICIAN], **AFTERNOON},
        ],
        "people": people,
        "candidates": [
            {"id": f"C{each}", **ELECTRICIAN, "subjects": ["theory", "skill"], "class": "K1"} for each in range(6)
        ],
    })  # read as a table  # fmt: skip


def made(number: int, *, candidates: int = 18, rooms: int = 3, people: int = 14, tight: float = 0.3) -> dict[str, Any]:
    """The instance of that number; ``tight`` (0-1): how often a relation, an absence or a lock narrows the choice."""
    pick = random.Random(number)
    sittings = [_sitting(pick, slot, room, tight) for slot in range(2) for room in range(rooms)]
    theory = [each for each in sittings if each["subject"] == "theory"]
    locks: list[dict[str, Any]] = []
    if pick.random() < tight:
        locks.append({"sitting": pick.choice(sittings)["id"], "person": f"P{pick.randrange(people)}", "never": True})
    if pick.random() < tight:
        locks.append({"sitting": pick.choice(theory)["id"], "candidate": f"C{pick.randrange(candidates)}"})
    if pick.random() < tight / 2:
        locks.append({"sitting": pick.choice(theory)["id"], "person": f"P{2 * pick.randrange(people // 2) + 1}"})
    staff = [_person(pick, each, candidates, tight) for each in range(people)]
    _supervised(random.Random(f"supervised-{number}"), sittings, staff, locks)
    return {
        "format": "jiangheng-arrangement/1",
        "seed": f"draw-{number}",
        "parameters": {"skill_examiner_ratio": 4} if pick.random() < tight / 2 else {},
        "rooms": [_room(pick, each, tight) for each in range(rooms)],
        "sittings": sittings,
        "people": staff,
        "candidates": [_candidate(pick, each, tight) for each in range(candidates)],
        "locks": locks,
        "history": [
            {"held_on": f"2026-0{month}-01", "people": pick.sample([f"P{each}" for each in range(people)], 4)}
            for month in range(5, 9)
        ],
    }


def _room(pick: random.Random, each: int, tight: float) -> dict[str, Any]:
    seats = pick.choice((12, 16, 20))
    row: dict[str, Any] = {
        "id": f"R{each}",
        "seats": seats,
        "per_row": pick.choice((4, 5, 6)),
        "accessible": pick.choice(([1, 2], [1, 4, 8])),
    }
    if pick.random() < tight:
        row["closed"] = sorted(pick.sample(range(3, seats + 1), 2))
    if pick.random() < tight:
        row["stations"] = [
            {"seats": [3, 4, 5], "occupations": ["6-18-02-04"]},
            {"seats": [5, 6, 7], "occupations": ["6-31-01-03"]},
        ]
    return row


def _sitting(pick: random.Random, slot: int, room: int, tight: float) -> dict[str, Any]:
    begins = FIRST + timedelta(hours=3 * slot, minutes=30 * (pick.random() < tight and slot))
    theory = (room + slot) % 2 == 0
    subject = "theory" if theory else "skill" if pick.random() < 0.85 else "review"
    return {
        "id": f"S{slot}{room}",
        "room": f"R{room}",
        "subject": subject,
        "exams": [
            {"occupation": code, "level": level} for code, level in CODES if theory or level != 3 or pick.random() < 0.7
        ],
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(minutes=pick.choice((90, 120)))).isoformat(),
        "by_machine": theory,
        "extra_time": pick.random() < 0.6,
        "paper_sets": pick.choice((["A", "B"], ["A", "B", "C"], ["A", "B"], [])) if theory else [],
        "candidates_per_examiner": pick.choice((None, 5, 8)),
    }


def _person(pick: random.Random, each: int, candidates: int, tight: float) -> dict[str, Any]:
    cards: list[dict[str, Any]] = []
    if each % 2:
        cards.append({"kind": "invigilator", "valid_from": "2024-01-01", "valid_to": "2027-01-01"})
    for code, _level in CODES:
        if pick.random() < 0.7:
            card = {
                "kind": pick.choice(("examiner", "senior_examiner")),
                "occupation": pick.choice(("", code)),
                "valid_from": "2024-01-01",
                "valid_to": "2026-11-27" if pick.random() < tight / 3 else "2026-11-28",
            }
            if pick.random() < tight / 3:
                card["levels"] = [5, 4]
            cards.append(card)
    row: dict[str, Any] = {
        "id": f"P{each}",
        "cards": cards,
        "employer": f"U{pick.randrange(8)}" if pick.random() < tight else "",
        "kin": [f"C{pick.randrange(candidates)}"] if pick.random() < tight / 2 else [],
        "taught": [f"K{pick.randrange(4)}"] if pick.random() < tight / 4 else [],
        "away": [{"from": "2026-11-28T11:00:00+08:00", "to": "2026-11-28T18:00:00+08:00"}]
        if pick.random() < tight / 4
        else [],
    }
    if pick.random() < tight / 4:
        row["most_sittings"] = 1
    return row


def _supervised(pick: random.Random, sittings: list[Any], staff: list[Any], locks: list[Any]) -> None:
    """In half of the instances chiefs and supervisors are asked for, and one supervisor is locked now and then."""
    if pick.random() < 0.5:
        return
    for row in staff[::3]:
        row["cards"].append({"kind": "internal_supervisor", **YEARS})
    for row in sittings:
        row["supervisors"] = pick.choice((0, 1, 1))
        row["chief"] = bool(row["by_machine"]) and pick.random() < 0.7
    if pick.random() < 0.2:
        place = {"sitting": pick.choice(sittings)["id"], "person": pick.choice(staff[::3])["id"]}
        locks.append({**place, "post": "internal_supervisor"})


def _candidate(pick: random.Random, each: int, tight: float) -> dict[str, Any]:
    code, level = pick.choice(CODES)
    return {
        "id": f"C{each}",
        "occupation": code,
        "level": level,
        "subjects": pick.choice((["theory", "skill"], ["theory"])),
        "employer": f"U{pick.randrange(8)}" if pick.random() < tight else "",
        "class": f"K{pick.randrange(4)}",
        "school": "U7" if pick.random() < 0.2 else "",
        "paper_sets": {"theory": pick.choice("AB")} if pick.random() < 0.3 else {},
        "needs": [need for need in ("accessible", "extra_time") if pick.random() < 0.04],
    }


def realistic(number: int, *, candidates: int = 500, rooms: int = 20, people: int = 60) -> dict[str, Any]:
    """A body's weekend: half machine rooms, half workshops, sat in two and four times."""
    pick = random.Random(f"realistic-{number}")
    halls = rooms // 2
    slots = [FIRST + timedelta(days=day, hours=hours) for day in (0, 1) for hours in (0, 5.5)]
    sittings = []
    for hall in range(halls):
        for number_, begins in enumerate(slots[:2]):
            sittings.append(_held(f"T{hall}-{number_}", f"H{hall}", "theory", begins, 1.5, hall, halls))
    for shop in range(rooms - halls):
        for number_, begins in enumerate(slots):
            sittings.append(_held(f"S{shop}-{number_}", f"W{shop}", "skill", begins, 2.5, shop, rooms - halls))
    return {
        "format": "jiangheng-arrangement/1",
        "seed": f"realistic-{number}",
        "rooms": [
            {"id": f"H{each}", "kind": "machine_room", "seats": 30, "per_row": 6, "accessible": [1, 6, 25], "closed": [30]}
            for each in range(halls)
        ] + [{"id": f"W{each}", "kind": "workshop", "seats": 15, "per_row": 5, "accessible": [1, 5, 15]} for each in range(rooms - halls)],
        "sittings": sittings,
        "people": [_official(pick, each, candidates) for each in range(people)],
        "candidates": [
            {
                "id": f"C{each:04}",
                **dict(zip(("occupation", "level"), CODES[pick.choices((0, 1, 2), (5, 2, 3))[0]], strict=True)),
                "subjects": pick.choices((["theory", "skill"], ["theory"], ["skill"]), (55, 30, 15))[0],
                "employer": f"U{pick.randrange(60)}" if pick.random() < 0.6 else "",
                "school": f"X{pick.randrange(3)}" if pick.random() < 0.4 else "",
                "class": f"K{pick.randrange(16)}",
                "needs": [need for need, share in (("accessible", 0.02), ("extra_time", 0.01)) if pick.random() < share],
            }
            for each in range(candidates)
        ],
        "history": [
            {"held_on": f"2026-0{month}-01", "people": sorted(f"P{each:03}" for each in pick.sample(range(people), 12))}
            for month in range(5, 9)
        ],
    }  # read as a table  # fmt: skip


def _held(name: str, room: str, subject: str, begins: datetime, hours: float, number: int, of: int) -> dict[str, Any]:
    # A workshop is equipped for one occupation; a hall takes everybody.
    electric = [{"occupation": code, "level": level} for code, level in CODES[:2]]
    other = [{"occupation": code, "level": level} for code, level in CODES[2:]]
    theory = subject == "theory"
    return {
        "id": name,
        "room": room,
        "subject": subject,
        "exams": electric + other if theory else electric if number < 0.65 * of else other,
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=hours)).isoformat(),
        "by_machine": theory,
        "paper_sets": ["A", "B", "C"] if theory else [],
        "extra_time": number % 3 == 0,
    }


def _official(pick: random.Random, each: int, candidates: int) -> dict[str, Any]:
    cards: list[dict[str, Any]] = []
    if each % 5 < 3:
        cards.append({"kind": "invigilator", **YEARS})
    if each % 5 > 1:
        code = "6-31-01-03" if each % 3 else "6-18-02-04"
        cards.append({"kind": "senior_examiner" if pick.random() < 0.4 else "examiner", "occupation": code, **YEARS})
        if pick.random() < 0.05:
            cards[-1]["valid_to"] = "2026-11-27"
    return {
        "id": f"P{each:03}",
        "cards": cards,
        "employer": f"U{pick.randrange(60)}" if pick.random() < 0.7 else "X0",
        "kin": [f"C{pick.randrange(candidates):04}"] if pick.random() < 0.15 else [],
        "taught": [f"K{pick.randrange(16)}"] if pick.random() < 0.1 else [],
        "away": [{"from": "2026-11-29T00:00:00+08:00", "to": "2026-11-30T00:00:00+08:00"}]
        if pick.random() < 0.1
        else [],
    }
