"""Random arrangement instances as documents: rooms, sittings, people with cards and relations, candidates."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

CODES = (("6-31-01-03", 4), ("6-31-01-03", 3), ("6-18-02-04", 4))
LAW = {
    "invigilator_ratio": 15, "min_per_room": 2, "skill_examiner_ratio": 5, "skill_examiner_min": 3,
    "skill_examiner_odd": True, "review_committee_min": 3, "review_committee_odd": True, "examiner_max_level": 3,
    "max_consecutive_at_body": 3, "min_rotation_share": "1/3",
}  # fmt: skip
FIRST = datetime.fromisoformat("2026-11-28T08:30:00+08:00")


def made(number: int, *, candidates: int = 24, rooms: int = 3, people: int = 16, tight: float = 0.3) -> dict[str, Any]:
    """The instance of that number; ``tight`` (0-1): how often a relation, an absence or a lock narrows the choice."""
    pick = random.Random(number)
    seats = [pick.choice((12, 16, 20, 30)) for _ in range(rooms)]
    sittings: list[dict[str, Any]] = []
    for slot in range(2):
        for room in range(rooms):
            begins = FIRST + timedelta(hours=3 * slot, minutes=30 * (pick.random() < tight and slot))
            theory = (room + slot) % 2 == 0
            sittings.append({
                "id": f"S{slot}{room}", "room": f"R{room}", "subject": "theory" if theory else "skill",
                "exams": [{"occupation": code, "level": level} for code, level in CODES if theory or level != 3 or pick.random() < 0.7],
                "starts_at": begins.isoformat(), "ends_at": (begins + timedelta(minutes=pick.choice((90, 120)))).isoformat(),
                "by_machine": theory, "extra_time": pick.random() < 0.6,
                "paper_sets": pick.choice((["A", "B"], ["A", "B", "C"])) if theory else [],
                "candidates_per_examiner": pick.choice((None, 5, 8)),
            })  # fmt: skip
    return {
        "format": "jiangheng-arrangement/1",
        "seed": f"draw-{number}",
        "rooms": [
            {"id": f"R{each}", "seats": seats[each], "per_row": pick.choice((4, 5, 6)), "accessible": [1, 2]}
            for each in range(rooms)
        ],
        "sittings": sittings,
        "people": [_person(pick, each, candidates, tight) for each in range(people)],
        "candidates": [_candidate(pick, each, tight) for each in range(candidates)],
        "locks": [
            {"sitting": pick.choice(sittings)["id"], "person": f"P{pick.randrange(people)}", "never": True}
            for _ in range(pick.random() < tight)
        ],
        "history": [
            {"held_on": f"2026-0{month}-01", "people": pick.sample([f"P{each}" for each in range(people)], 4)}
            for month in range(5, 9)
        ],
    }


def _person(pick: random.Random, each: int, candidates: int, tight: float) -> dict[str, Any]:
    cards = [{"kind": "invigilator", "valid_from": "2024-01-01", "valid_to": "2027-01-01"}] * (each % 2)
    cards += [
        {
            "kind": pick.choice(("examiner", "senior_examiner")), "occupation": pick.choice(("", code)),
            "valid_from": "2024-01-01", "valid_to": "2026-11-27" if pick.random() < tight / 3 else "2026-11-28",
        }
        for code, _level in CODES
        if pick.random() < 0.7
    ]  # fmt: skip
    return {
        "id": f"P{each}", "cards": cards, "employer": f"U{pick.randrange(8)}" if pick.random() < tight else "",
        "kin": [f"C{pick.randrange(candidates)}"] if pick.random() < tight / 2 else [],
        "taught": [f"K{pick.randrange(4)}"] if pick.random() < tight / 4 else [],
        "away": [{"from": "2026-11-28T11:00:00+08:00", "to": "2026-11-28T18:00:00+08:00"}] if pick.random() < tight / 4 else [],
    }  # fmt: skip


def _candidate(pick: random.Random, each: int, tight: float) -> dict[str, Any]:
    code, level = pick.choice(CODES)
    return {
        "id": f"C{each}", "occupation": code, "level": level, "subjects": pick.choice((["theory", "skill"], ["theory"])),
        "employer": f"U{pick.randrange(8)}" if pick.random() < tight else "", "class": f"K{pick.randrange(4)}",
        "school": "U7" if pick.random() < 0.3 else "",
        "paper_sets": {"theory": pick.choice("AB")} if pick.random() < 0.3 else {},
        "needs": [need for need in ("accessible", "extra_time") if pick.random() < 0.04],
    }  # fmt: skip
