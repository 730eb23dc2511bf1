"""What the exam day adds to a sitting's page and papers; ``exam_day`` stands above and says how to read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DayFacts:
    """The room record of a sitting (None while nobody signed it) and what was noted in it, oldest first."""

    record: Any = None
    incidents: tuple[Any, ...] = ()


Reader = Callable[[Sequence[int]], Mapping[int, DayFacts]]
_readers: list[Reader] = []


def read_by(reader: Reader) -> None:
    """Read the facts of the day by ``reader`` from now on: ids of sittings to what is known of each."""
    _readers[:] = [reader]


def day_facts(sitting_ids: Sequence[int]) -> Mapping[int, DayFacts]:
    """The facts of the day of each of these sittings."""
    return _readers[0](sitting_ids) if _readers else {pk: DayFacts() for pk in sitting_ids}
