"""What is to be arranged, read from the format of docs/formats.md and refused by the place of the first fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any

from jiangheng.rules.refusal import Refusal
from jiangheng.rules.words import gettext_noop as N_

FORMAT = "jiangheng-arrangement/1"
SUBJECTS = ("theory", "skill", "review")
CARD_KINDS = ("examiner", "senior_examiner", "invigilator", "internal_supervisor")
NEEDS = ("accessible", "extra_time")
LARGEST = 20_000
PARAMETERS = (
    "invigilator_ratio", "min_per_room", "skill_examiner_ratio", "skill_examiner_min", "skill_examiner_odd",
    "review_committee_min", "review_committee_odd", "examiner_max_level", "max_consecutive_at_body",
    "min_rotation_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """Seats or workstations numbered from 1, ``per_row`` in a row; some of them accessible."""

    id: str
    name: str
    seats: int
    per_row: int
    accessible: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One room at one time: subject, what is examined, and the paper sets handed out ("" where none are)."""

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

    @property
    def invigilated(self) -> bool:
        """Theory and examinations by machine are watched by invigilators, the others judged by examiners."""
        return self.subject == "theory" or self.by_machine

    def overlaps(self, other: Sitting) -> bool:
        """Whether nobody can be in both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Card:
    """A card: kind, occupation code ("" for any), first and last valid day."""

    kind: str
    occupation: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the staff, with cards, employer, kin among the candidates, classes taught, and times away."""

    id: str
    name: str
    cards: tuple[Card, ...]
    employer: str
    kin: frozenset[str]
    taught: frozenset[str]
    away: tuple[tuple[datetime, datetime], ...]


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
    """A choice already made: a person (never) at a sitting, or a candidate at a sitting, at a seat where given."""

    sitting: str
    person: str = ""
    candidate: str = ""
    seat: int | None = None
    never: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything known before arranging; ``history`` is the teams of the body's last examinations, oldest first."""

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


def read(data: Any) -> Instance:
    """The instance of a decoded JSON document. Refusal ``arrangement.format`` (422) naming the place and the fault."""
    top = _Part(data, "")
    if top.get("format", _text, FORMAT) != FORMAT:
        raise top.fault("format", N_("应为 jiangheng-arrangement/1"))
    rooms = _named(top.parts("rooms"), _room)
    sittings = _named(top.parts("sittings"), _sitting)
    people = _named(top.parts("people"), _member)
    candidates = _named(top.parts("candidates"), _candidate)
    for sitting in sittings.values():
        if sitting.room not in rooms:
            raise top.fault("sittings", N_("考场不在 rooms 中"))
    for first, second in combinations(sittings.values(), 2):
        if first.room == second.room and first.overlaps(second):
            raise top.fault("sittings", N_("同一考场的两个场次时间重叠"))
    locks = tuple(_lock(part, rooms, sittings, people, candidates) for part in top.parts("locks", needed=False))
    standing = frozenset(
        (part.get("person", _among(people)), part.get("sitting", _among(sittings)))
        for part in top.parts("standing", needed=False)
    )
    history = sorted(
        (part.get("held_on", _day), number, frozenset(part.get("people", _texts)))
        for number, part in enumerate(top.parts("history", needed=False))
    )
    given = top.get("parameters", _mapping, {})
    unknown = sorted(set(given) - set(PARAMETERS))
    if unknown:
        raise top.fault("parameters", N_("没有这样的参数"))
    first_day = min((sitting.starts_at.date() for sitting in sittings.values()), default=date.max)
    return Instance(
        top.get("on", _day, first_day), top.get("seed", _text, "0"), given, rooms, sittings, people, candidates,
        locks, tuple(team for _on, _number, team in history), standing,
    )  # fmt: skip


_NONE = object()


class _Part:
    """A JSON object and where it stands in the document."""

    def __init__(self, data: Any, place: str) -> None:
        self.place = place
        if not isinstance(data, Mapping):
            raise self.fault("", N_("应为对象"))
        self.data = data

    def fault(self, name: str, words: str) -> Refusal:
        place = ".".join(part for part in (self.place, name) if part) or "$"
        return Refusal(
            N_("实例文件的 %(place)s 不正确：%(words)s。"),
            code="arrangement.format",
            remedy=N_("请对照 docs/formats.md 中“编排实例”一节修改后重试。"),
            status=422,
            place=place,
            words=words,
        )

    def get(self, name: str, kind: Callable[[Any], Any], otherwise: Any = _NONE) -> Any:
        value = self.data.get(name, _NONE)
        if value is _NONE or value is None:
            if otherwise is _NONE:
                raise self.fault(name, N_("缺少此项"))
            return otherwise
        try:
            return kind(value)
        except (ValueError, TypeError, OverflowError) as error:
            raise self.fault(name, str(error) if error.args and error.args[0] in WORDS else WORDS[0]) from None

    def parts(self, name: str, *, needed: bool = True) -> list[_Part]:
        rows = self.data.get(name, _NONE)
        if rows is _NONE and not needed:
            return []
        if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) > LARGEST:
            raise self.fault(name, N_("应为数组"))
        return [
            _Part(row, f"{self.place}.{name}[{number}]" if self.place else f"{name}[{number}]")
            for number, row in enumerate(rows)
        ]


WORDS = (
    N_("格式不对"), N_("应为文字"), N_("应为整数"), N_("应为日期，如 2026-10-17"), N_("应为带时区的时间，如 2026-10-17T09:00:00+08:00"),
    N_("应为是或否"), N_("不在可选值之内"), N_("没有这个编号"), N_("应为文字的数组"), N_("应为对象"),
)  # fmt: skip


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise ValueError(WORDS[1])
    return value


def _key(value: Any) -> str:
    if not _text(value):
        raise ValueError(WORDS[1])
    return str(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(WORDS[8])
    return tuple(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(WORDS[9])
    return value


def _number(least: int, most: int) -> Callable[[Any], int]:
    def whole(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(WORDS[2])
        return value

    return whole


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(WORDS[5])
    return value


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise ValueError(WORDS[3]) from None


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        raise ValueError(WORDS[4]) from None
    if moment.tzinfo is None:
        raise ValueError(WORDS[4])
    return moment


def _one_of(*choices: str) -> Callable[[Any], str]:
    def choice(value: Any) -> str:
        if value not in choices:
            raise ValueError(WORDS[6])
        return str(value)

    return choice


def _among(known: Mapping[str, Any]) -> Callable[[Any], str]:
    def identifier(value: Any) -> str:
        if _text(value) not in known:
            raise ValueError(WORDS[7])
        return str(value)

    return identifier


def _named(parts: Sequence[_Part], make: Callable[[_Part], Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts:
        row = make(part)
        if row.id in found:
            raise part.fault("id", N_("编号重复"))
        found[row.id] = row
    return found


def _room(part: _Part) -> Room:
    seats = part.get("seats", _number(1, 500))
    marked = part.get("accessible", lambda rows: [_number(1, seats)(row) for row in rows], [])
    return Room(
        part.get("id", _key), part.get("name", _text, part.data.get("id", "")), seats,
        part.get("per_row", _number(1, 500), 6), frozenset(marked),
    )  # fmt: skip


def _sitting(part: _Part) -> Sitting:
    starts, ends = part.get("starts_at", _moment), part.get("ends_at", _moment)
    if ends <= starts:
        raise part.fault("ends_at", N_("应晚于 starts_at"))
    exams = frozenset((each.get("occupation", _key), each.get("level", _number(1, 5))) for each in part.parts("exams"))
    return Sitting(
        part.get("id", _key), part.get("room", _text), part.get("subject", _one_of(*SUBJECTS)), exams, starts, ends,
        part.get("by_machine", _flag, False), part.get("candidates_per_examiner", _number(1, 100), None),
        part.get("extra_time", _flag, False), part.get("paper_sets", _texts, ()),
    )  # fmt: skip


def _member(part: _Part) -> Member:
    cards = tuple(
        Card(
            card.get("kind", _one_of(*CARD_KINDS)), card.get("occupation", _text, ""),
            card.get("valid_from", _day, date.min), card.get("valid_to", _day, date.max),
        )
        for card in part.parts("cards", needed=False)
    )  # fmt: skip
    away = tuple((each.get("from", _moment), each.get("to", _moment)) for each in part.parts("away", needed=False))
    return Member(
        part.get("id", _key), part.get("name", _text, part.data.get("id", "")), cards, part.get("employer", _text, ""),
        frozenset(part.get("kin", _texts, ())), frozenset(part.get("taught", _texts, ())), away,
    )  # fmt: skip


def _candidate(part: _Part) -> Candidate:
    subjects = tuple(part.get("subjects", _texts))
    if not subjects or len(set(subjects)) < len(subjects) or not set(subjects) <= set(SUBJECTS):
        raise part.fault("subjects", WORDS[6])
    sets = part.get("paper_sets", _mapping, {})
    if not all(subject in subjects and isinstance(given, str) and given for subject, given in sets.items()):
        raise part.fault("paper_sets", WORDS[6])
    needs = frozenset(part.get("needs", _texts, ()))
    if not needs <= set(NEEDS):
        raise part.fault("needs", WORDS[6])
    return Candidate(
        part.get("id", _key), part.get("occupation", _key), part.get("level", _number(1, 5)), subjects,
        part.get("employer", _text, ""), part.get("school", _text, ""), part.get("class", _text, ""),
        tuple(sorted(sets.items())), needs,
    )  # fmt: skip


def _lock(
    part: _Part,
    rooms: Mapping[str, Room],
    sittings: Mapping[str, Sitting],
    people: Mapping[str, Member],
    candidates: Mapping[str, Candidate],
) -> Lock:
    sitting = part.get("sitting", _among(sittings))
    person, candidate = part.get("person", _among(people), ""), part.get("candidate", _among(candidates), "")
    if bool(person) == bool(candidate):
        raise part.fault("", N_("应写明 person 或 candidate 之一"))
    seats = rooms[sittings[sitting].room].seats
    seat = part.get("seat", _number(1, seats), None) if candidate else None
    return Lock(sitting, person, candidate, seat, bool(person) and part.get("never", _flag, False))
