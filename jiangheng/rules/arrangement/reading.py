"""Reads the format of docs/formats.md; the first fault is refused by its place in the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.arrangement.instance import (
    COUNTS,
    FLAGS,
    PARAMETERS,
    POSTS,
    SHARES,
    SUPERVISOR,
    TEAM,
    Candidate,
    Card,
    Instance,
    Lock,
    Member,
    Room,
    Sitting,
)
from jiangheng.rules.days.local_time import local_moment
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

FORMAT = "jiangheng-arrangement/1"
SUBJECTS = codes.keys("subject")
CARD_KINDS = ("examiner", "senior_examiner", "invigilator", "internal_supervisor")
ROOM_KINDS = ("classroom", "machine_room", "workshop")
NEEDS = ("accessible", "extra_time")
LARGEST = 20_000


def read(data: Any) -> Instance:
    """The instance of a decoded JSON document. Refusal ``arrangement.format`` (422) naming the place and the fault."""
    top = _Part(data, "$")
    top.only(
        "format",
        "on",
        "seed",
        "parameters",
        "rooms",
        "sittings",
        "people",
        "candidates",
        "locks",
        "history",
        "standing",
    )
    if top.get("format", _text) != FORMAT:
        raise top.fault("format", N_("应为 jiangheng-arrangement/1"))
    rooms = _named(top.parts("rooms"), _room)
    sittings = _named(top.parts("sittings"), lambda part: _sitting(part, rooms))
    _one_sitting_at_a_time(top, sittings)
    candidates = _named(top.parts("candidates"), _candidate)
    people = _named(top.parts("people"), lambda part: _member(part, candidates))
    locks = tuple(_lock(part, rooms, sittings, people, candidates) for part in top.parts("locks", needed=False))
    first_day = min((sitting.starts_at.date() for sitting in sittings.values()), default=date.max)
    history = sorted(
        (_past(part, first_day), number, frozenset(part.get("people", _texts)))
        for number, part in enumerate(top.parts("history", needed=False))
    )
    standing = top.part("standing")
    posts = frozenset(
        (part.get("person", _text), part.get("sitting", _text))
        for part in (standing.parts("staff", needed=False) if standing else ())
    )
    standing_posts = {
        (part.get("person", _text), part.get("sitting", _text)): part.get("post", _one_of(*POSTS), "")
        for part in (standing.parts("staff", needed=False) if standing else ())
    }
    held = {
        (part.get("candidate", _text), part.get("sitting", _text)): (
            part.get("seat", _number(1, 500)),
            part.get("paper_set", _text, ""),
        )
        for part in (standing.parts("seats", needed=False) if standing else ())
    }
    return Instance(
        top.get("on", _day, first_day),
        top.get("seed", _text, "0"),
        _parameters(top.part("parameters")),
        rooms,
        sittings,
        people,
        candidates,
        locks,
        tuple(team for _on, _number, team in history),
        posts,
        held,
        standing_posts,
    )


def _parameters(part: _Part | None) -> Mapping[str, Any]:
    if part is None:
        return {}
    part.only(*PARAMETERS)
    kinds: dict[str, Callable[[Any], Any]] = dict.fromkeys(COUNTS, _number(1, 1000))
    kinds |= dict.fromkeys(FLAGS, _flag) | dict.fromkeys(SHARES, _share)
    return {name: part.get(name, kinds[name]) for name in part.data if part.data[name] is not None}


def _past(part: _Part, first_day: date) -> date:
    part.only("held_on", "people")
    on: date = part.get("held_on", _day)
    if on >= first_day:
        raise part.fault("held_on", N_("应早于本次考试"))
    return on


def _one_sitting_at_a_time(top: _Part, sittings: Mapping[str, Sitting]) -> None:
    place = {name: number for number, name in enumerate(sittings)}
    order = sorted(sittings.values(), key=lambda sitting: (sitting.room, sitting.starts_at, place[sitting.id]))
    for first, second in pairwise(order):
        if first.room == second.room and first.overlaps(second):
            raise top.fault(f"sittings[{max(place[first.id], place[second.id])}]", N_("同一考场的两个场次时间重叠"))


_NONE = object()


class _Part:
    """A JSON object and where it stands in the document."""

    def __init__(self, data: Any, place: str) -> None:
        self.place = place
        if not isinstance(data, Mapping):
            raise self.fault("", N_("应为对象"))
        self.data = data

    def only(self, *names: str) -> None:
        """Refuse what the format does not know: a mistyped name must not pass for something left out."""
        for name in self.data:
            if name not in names:
                raise self.fault(str(name)[:40], N_("格式中没有这一项"))

    def fault(self, name: str, words: str) -> Refusal:
        place = f"{self.place}.{name}" if name else self.place
        return refuse(
            "arrangement.format",
            N_("实例文件的 %(place)s 不正确：%(words)s。"),
            N_("请对照 docs/formats.md 中“编排实例与方案”一节修改后重试。"),
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
        if (rows is _NONE or rows is None) and not needed:
            return []
        if rows is _NONE:
            raise self.fault(name, N_("缺少此项"))
        if not isinstance(rows, Sequence) or isinstance(rows, str) or len(rows) > LARGEST:
            raise self.fault(name, N_("应为数组"))
        return [_Part(row, f"{self.place}.{name}[{number}]") for number, row in enumerate(rows)]

    def part(self, name: str) -> _Part | None:
        """An object inside; None where it is left out."""
        return None if self.data.get(name) is None else _Part(self.data[name], f"{self.place}.{name}")


WORDS = (
    N_("格式不对"), N_("应为文字"), N_("应为整数"), N_("应为日期，如 2026-10-17"), N_("应为带时区的时间，如 2026-10-17T09:00:00+08:00"),
    N_("应为是或否"), N_("不在可选值之内"), N_("没有这个编号"), N_("应为文字的数组"), N_("应为对象"),
    N_("应为分数，如 1/3"), N_("应为 1 至 5 的整数的数组"), N_("没有这个座位"),
)  # read as a table  # fmt: skip


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


def _share(value: Any) -> str:
    if not re.fullmatch(r"\d{1,4}/[1-9]\d{0,3}", _text(value)):
        raise ValueError(WORDS[10])
    top, bottom = map(int, value.split("/"))
    if top > bottom:
        raise ValueError(WORDS[10])
    return str(value)


def _levels(value: Any) -> frozenset[int]:
    if not isinstance(value, list) or not all(type(each) is int and 1 <= each <= 5 for each in value):
        raise ValueError(WORDS[11])
    return frozenset(value)


def _seats(seats: int) -> Callable[[Any], frozenset[int]]:
    def numbers(value: Any) -> frozenset[int]:
        if not isinstance(value, list) or not all(type(each) is int and 1 <= each <= seats for each in value):
            raise ValueError(WORDS[12])
        return frozenset(value)

    return numbers


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
    return local_moment(moment)


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
    part.only("id", "name", "kind", "seats", "per_row", "accessible", "closed", "stations")
    seats = part.get("seats", _number(1, 500))
    stations: dict[int, frozenset[str]] = {}
    for each in part.parts("stations", needed=False):
        each.only("seats", "occupations")
        for seat in each.get("seats", _seats(seats)):
            stations[seat] = stations.get(seat, frozenset()) | frozenset(each.get("occupations", _texts))
    return Room(
        part.get("id", _key),
        part.get("name", _text, part.data.get("id", "")),
        part.get("kind", _one_of(*ROOM_KINDS), ""),
        seats,
        part.get("per_row", _number(1, 500), 6),
        part.get("accessible", _seats(seats), frozenset()),
        part.get("closed", _seats(seats), frozenset()),
        stations,
    )


def _sitting(part: _Part, rooms: Mapping[str, Room]) -> Sitting:
    part.only(
        "id",
        "room",
        "subject",
        "exams",
        "starts_at",
        "ends_at",
        "by_machine",
        "candidates_per_examiner",
        "extra_time",
        "paper_sets",
        "chief",
        "supervisors",
    )
    starts, ends = part.get("starts_at", _moment), part.get("ends_at", _moment)
    if ends <= starts:
        raise part.fault("ends_at", N_("应晚于 starts_at"))
    for each in part.parts("exams"):
        each.only("occupation", "level")
    exams = frozenset((each.get("occupation", _key), each.get("level", _number(1, 5))) for each in part.parts("exams"))
    sets = part.get("paper_sets", _texts, ())
    if len(set(sets)) < len(sets) or "" in sets:
        raise part.fault("paper_sets", N_("试卷套不能重复，也不能为空"))
    sitting = Sitting(
        part.get("id", _key),
        part.get("room", _among(rooms)),
        part.get("subject", _one_of(*SUBJECTS)),
        exams,
        starts,
        ends,
        part.get("by_machine", _flag, False),
        part.get("candidates_per_examiner", _number(1, 100), None),
        part.get("extra_time", _flag, False),
        sets,
        part.get("chief", _flag, False),
        part.get("supervisors", _number(0, 10), 0),
    )
    if sitting.chief and not sitting.invigilated:
        raise part.fault("chief", N_("只有监考的场次设主考"))
    kind = rooms[sitting.room].kind
    if kind and (kind == "machine_room") < sitting.by_machine:
        raise part.fault("room", N_("机考场次应在机房（machine_room）"))
    if kind and sitting.subject == "theory" and not sitting.by_machine and kind != "classroom":
        raise part.fault("room", N_("纸笔理论场次应在理论考场（classroom）"))
    return sitting


def _member(part: _Part, candidates: Mapping[str, Candidate]) -> Member:
    part.only("id", "name", "cards", "employer", "kin", "taught", "away", "most_sittings")
    cards = tuple(_card(card) for card in part.parts("cards", needed=False))
    away = []
    for each in part.parts("away", needed=False):
        each.only("from", "to")
        away.append((each.get("from", _moment), each.get("to", _moment)))
        if away[-1][1] <= away[-1][0]:
            raise each.fault("to", N_("应晚于 from"))
    kin = part.get("kin", _texts, ())
    for number, name in enumerate(kin):
        if name not in candidates:
            raise part.fault(f"kin[{number}]", WORDS[7])
    return Member(
        part.get("id", _key),
        part.get("name", _text, part.data.get("id", "")),
        cards,
        part.get("employer", _text, ""),
        frozenset(kin),
        frozenset(part.get("taught", _texts, ())),
        tuple(away),
        part.get("most_sittings", _number(1, 1000), None),
    )


def _card(part: _Part) -> Card:
    part.only("kind", "occupation", "levels", "valid_from", "valid_to")
    card = Card(
        part.get("kind", _one_of(*CARD_KINDS)),
        part.get("occupation", _text, ""),
        part.get("levels", _levels, frozenset()),
        part.get("valid_from", _day),
        part.get("valid_to", _day),
    )
    if card.valid_to < card.valid_from:
        raise part.fault("valid_to", N_("不能早于 valid_from"))
    return card


def _candidate(part: _Part) -> Candidate:
    part.only("id", "occupation", "level", "subjects", "employer", "school", "class", "paper_sets", "needs")
    subjects = tuple(sorted(part.get("subjects", _texts)))
    if not subjects or len(set(subjects)) < len(subjects) or not set(subjects) <= set(SUBJECTS):
        raise part.fault("subjects", WORDS[6])
    sets = part.get("paper_sets", _mapping, {})
    if not all(subject in subjects and isinstance(given, str) and given for subject, given in sets.items()):
        raise part.fault("paper_sets", WORDS[6])
    needs = frozenset(part.get("needs", _texts, ()))
    if not needs <= set(NEEDS):
        raise part.fault("needs", WORDS[6])
    return Candidate(
        part.get("id", _key),
        part.get("occupation", _key),
        part.get("level", _number(1, 5)),
        subjects,
        part.get("employer", _text, ""),
        part.get("school", _text, ""),
        part.get("class", _text, ""),
        tuple(sorted(sets.items())),
        needs,
    )


def _lock(
    part: _Part,
    rooms: Mapping[str, Room],
    sittings: Mapping[str, Sitting],
    people: Mapping[str, Member],
    candidates: Mapping[str, Candidate],
) -> Lock:
    part.only("sitting", "person", "candidate", "seat", "never", "post")
    sitting = part.get("sitting", _among(sittings))
    person, candidate = part.get("person", _among(people), ""), part.get("candidate", _among(candidates), "")
    if bool(person) == bool(candidate):
        raise part.fault("", N_("应写明 person 或 candidate 之一"))
    if candidate and sittings[sitting].subject not in candidates[candidate].subjects:
        raise part.fault("sitting", N_("该考生不考此科目"))
    if person and part.data.get("seat") is not None:
        raise part.fault("seat", N_("人员的锁定没有座位"))
    if candidate and part.data.get("never") is not None:
        raise part.fault("never", N_("考生的锁定没有此项"))
    seats = rooms[sittings[sitting].room].seats
    seat = part.get("seat", _number(1, seats), None) if candidate else None
    post = part.get("post", _one_of(TEAM, SUPERVISOR), "")
    if candidate and post:
        raise part.fault("post", N_("考生的锁定没有此项"))
    return Lock(sitting, person, candidate, seat, bool(person) and part.get("never", _flag, False), post)
