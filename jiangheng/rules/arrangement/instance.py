"""What is to be arranged: rooms, sittings, people, candidates, locks, history, and the arrangement in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

COUNTS = (
    "invigilator_ratio",
    "min_per_room",
    "skill_examiner_ratio",
    "skill_examiner_min",
    "review_committee_min",
    "examiner_max_level",
    "max_consecutive_at_body",
)
FLAGS = ("skill_examiner_odd", "review_committee_odd")
SHARES = ("min_rotation_share",)
TEAM, SUPERVISOR = "team", "internal_supervisor"
POSTS = ("invigilator", "chief", "examiner", "examiner_lead", SUPERVISOR)
PARAMETERS = (*COUNTS, *FLAGS, *SHARES)


@dataclass(frozen=True, slots=True)
class Room:
    """Seats or workstations numbered from 1, ``per_row`` in a row; some accessible, some out of use.

    ``stations``: the occupations a workstation is equipped for; a seat not named there serves any.
    """

    id: str
    name: str
    kind: str
    seats: int
    per_row: int
    accessible: frozenset[int]
    closed: frozenset[int]
    stations: Mapping[int, frozenset[str]]

    def usable(self, occupation: str, *, equipped: bool = True) -> frozenset[int]:
        """The seats somebody of that occupation may have; all that are in use where equipment is not asked for."""
        return frozenset(
            seat
            for seat in range(1, self.seats + 1)
            if seat not in self.closed
            and (not equipped or seat not in self.stations or occupation in self.stations[seat])
        )


@dataclass(frozen=True, slots=True)
class Sitting:
    """One room at one time: subject, what is examined, and the paper sets handed out ("" where none are).

    ``chief``: one of its invigilators is the chief of the room; ``supervisors``: internal supervisors wanted there.
    """

    id: str
    room: str
    subject: str
    exams: frozenset[tuple[str, int]]
    starts_at: datetime
    ends_at: datetime
    by_machine: bool
    candidates_per_examiner: int | None
    extra_time: bool
    paper_sets: tuple[str, ...]
    chief: bool = False
    supervisors: int = 0

    @property
    def invigilated(self) -> bool:
        """Theory and examinations by machine are watched by invigilators, the others judged by examiners."""
        return self.subject == "theory" or self.by_machine

    def overlaps(self, other: Sitting) -> bool:
        """Whether nobody can be in both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Card:
    """A card: kind, occupation code ("" for any), levels (empty: those of its kind), first and last valid day."""

    kind: str
    occupation: str
    levels: frozenset[int]
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the staff: cards, employer, kin among the candidates, classes taught, times away, most sittings."""

    id: str
    name: str
    cards: tuple[Card, ...]
    employer: str
    kin: frozenset[str]
    taught: frozenset[str]
    away: tuple[tuple[datetime, datetime], ...]
    most: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate: what they sit, in which class and school they were trained, their employer, sets and needs."""

    id: str
    occupation: str
    level: int
    subjects: tuple[str, ...]
    employer: str
    school: str
    class_name: str
    paper_sets: tuple[tuple[str, str], ...]
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lock:
    """A choice already made: a person (never) at a sitting, or a candidate at a sitting, at a seat where given.

    ``post`` narrows a person's lock to the team or to the supervision of the sitting; "" is either.
    """

    sitting: str
    person: str = ""
    candidate: str = ""
    seat: int | None = None
    never: bool = False
    post: str = ""


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything known before arranging; ``history`` is the teams of the body's last examinations, oldest first.

    ``standing`` and ``held`` are the arrangement in force, to be changed as little as may be: person and sitting;
    candidate and sitting to seat and paper set. ``standing_posts``: the post of those standing, where it was told.
    """

    on: date
    seed: str
    parameters: Mapping[str, Any]
    rooms: Mapping[str, Room]
    sittings: Mapping[str, Sitting]
    people: Mapping[str, Member]
    candidates: Mapping[str, Candidate]
    locks: tuple[Lock, ...]
    history: tuple[frozenset[str], ...]
    standing: frozenset[tuple[str, str]]
    held: Mapping[tuple[str, str], tuple[int, str]]
    standing_posts: Mapping[tuple[str, str], str] = field(default_factory=dict)
