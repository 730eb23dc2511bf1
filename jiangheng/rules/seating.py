"""Seats by lottery with a recorded seed; neighbours never hold the same paper set (四（六）)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from jiangheng.rules.refusal import Refusal
from jiangheng.rules.words import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room's id, its seats, and how many stand in a row."""

    room: int
    capacity: int
    per_row: int = 6


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """One candidate's room, seat (from 1) and paper set (index from 0; None where there are no sets)."""

    candidate: int
    room: int
    seat: int
    paper_set: int | None


def set_at(seat: int, per_row: int, sets: int) -> int:
    """The set of a seat: with two sets or more no two neighbours in a row or between rows hold the same."""
    row, column = divmod(seat - 1, per_row)
    return (column + row) % sets


def seat(candidates: Sequence[int], rooms: Sequence[RoomPlan], seed: str, sets: int = 0) -> tuple[SeatPlan, ...]:
    """Seat everyone: shuffled by ``seed``, rooms filled in the order given. Refusal ``seating.capacity`` (409)."""
    room_total = sum(room.capacity for room in rooms)
    if len(candidates) > room_total:
        raise Refusal(
            N_("考场座位不足：考生%(need)s人，座位%(have)s个，还差%(short)s个。"),
            code="seating.capacity",
            clause="四（六）",
            remedy=N_("请增加考场或分场次编排。"),
            need=len(candidates),
            have=room_total,
            short=len(candidates) - room_total,
        )
    order = sorted(candidates)
    random.Random(seed).shuffle(order)  # noqa: S311 - repeatable from the recorded seed is the point
    seats: list[SeatPlan] = []
    waiting = iter(order)
    for room in rooms:
        for number in range(1, room.capacity + 1):
            candidate = next(waiting, None)
            if candidate is None:
                return tuple(seats)
            chosen = set_at(number, room.per_row, sets) if sets else None
            seats.append(SeatPlan(candidate, room.room, number, chosen))
    return tuple(seats)
