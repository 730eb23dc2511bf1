"""Which invigilator goes to which room, by a lot anyone can repeat (四（七）); nobody where a rule keeps them away."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence


def allot(
    places: Mapping[int, int], people: Sequence[int], barred: Collection[tuple[int, int]], seed: str
) -> dict[int, int] | None:
    """People to rooms: ``places`` says how many each room takes, ``barred`` holds (person, room) that may not be.

    Everybody gets a room and every place is taken, or the answer is None: there is no lawful lot. The same seed and
    people give the same answer, in whatever order they are named.
    """
    if sum(places.values()) != len(people):
        return None
    seated: dict[int, list[int]] = {room: [] for room in places}

    def place(person: int, tried: set[int]) -> bool:
        for room in sorted(places, key=lambda each: _lot(seed, person, each)):
            if room in tried or (person, room) in barred:
                continue
            tried.add(room)
            if len(seated[room]) < places[room]:
                seated[room].append(person)
                return True
            for other in list(seated[room]):
                seated[room].remove(other)
                if place(other, tried):
                    seated[room].append(person)
                    return True
                seated[room].append(other)
        return False

    for person in sorted(people, key=lambda each: _lot(seed, each)):
        if not place(person, set()):
            return None
    return {person: room for room, those in seated.items() for person in those}


def _lot(seed: str, *of: int) -> bytes:
    return hmac.new(seed.encode(), ":".join(map(str, of)).encode(), hashlib.sha256).digest()
