"""The seats of one sitting (四（六）): neighbours never hold the same set, workstations fit, access where needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jiangheng.rules.arrangement.instance import Instance, Room
from jiangheng.rules.examination.draws import ranked

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

LAY_OUT = 2.0  # work the solver may spend on one room before its seats join the model of everything
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates alike as far as a seat goes: examination, access, set ("" not given yet), locked seat (None: any)."""

    occupation: str
    level: int
    access: bool
    paper: str
    seat: int | None


@dataclass(frozen=True, slots=True)
class SeatKey:
    """What may lie on a seat: an examination with its set ("" for none), for somebody who needs the access or not."""

    occupation: str
    level: int
    access: bool
    paper: str


def lay_out(
    instance: Instance, name: str, counts: Mapping[Group, int], enforced: frozenset[str], salt: str
) -> dict[Group, list[Place]] | None:
    """Seats and sets for so many of each group, drawn by the instance's seed; None where they cannot be laid out."""
    from ortools.sat.python import cp_model  # 60 MB that only whoever arranges should carry

    sets = instance.sittings[name].paper_sets
    if len(sets) == 1 or any(group.paper for group in counts):
        model = cp_model.CpModel()
        grid = add_grid(model, instance, name, counts, enforced)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = LAY_OUT
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        lying = {seat: key for (seat, key), variable in grid.items() if solver.boolean_value(variable)}
        return dealt(instance, name, counts, lying, salt)
    return _matched(instance, name, counts, enforced, salt)


def allowed(instance: Instance, name: str, group: Group | SeatKey, enforced: frozenset[str]) -> frozenset[int]:
    """The seats somebody of a group may have."""
    room = instance.rooms[instance.sittings[name].room]
    seats = room.usable(group.occupation, equipped="workstations" in enforced)
    return seats & room.accessible if group.access and "accessible" in enforced else seats


def add_grid(
    model: cp_model.CpModel, instance: Instance, name: str, by_group: Mapping[Group, Any], enforced: frozenset[str]
) -> dict[tuple[int, SeatKey], Any]:
    """Variables for what lies on every seat of a sitting, with as many seats of each as there are people."""
    sitting = instance.sittings[name]
    room = instance.rooms[sitting.room]
    keys: dict[tuple[str, int, bool], dict[str, SeatKey]] = defaultdict(dict)
    for group in by_group:
        for paper in (group.paper,) if group.paper else sitting.paper_sets or ("",):
            key = SeatKey(group.occupation, group.level, group.access, paper)
            keys[group.occupation, group.level, group.access][paper] = key
    by_key = {
        key: {seat: model.new_bool_var("") for seat in sorted(allowed(instance, name, key, enforced))}
        for rows in keys.values()
        for key in rows.values()
    }
    by_seat: dict[int, list[Any]] = defaultdict(list)
    for seats in by_key.values():
        for seat, variable in seats.items():
            by_seat[seat].append(variable)
    for lying in by_seat.values():
        model.add_at_most_one(lying)
    for exam, rows in keys.items():
        mine = {group: count for group, count in by_group.items() if group_exam(group) == exam}
        _counted(model, mine, rows, by_key, offered=bool(sitting.paper_sets))
    if "neighbours" in enforced:
        _kept_apart(model, room, by_key)
    return {(seat, key): variable for key, seats in by_key.items() for seat, variable in seats.items()}


def group_exam(group: Group) -> tuple[str, int, bool]:
    """What is counted together: examination and access."""
    return group.occupation, group.level, group.access


def _may_lie(group: Group, paper: str, *, offered: bool) -> bool:
    """Their own set, or any of those offered where theirs is still to be given."""
    return group.paper == paper or (offered and not group.paper)


def _counted(
    model: cp_model.CpModel, counts: Mapping[Group, Any], rows: Mapping[str, SeatKey], by_key: Any, *, offered: bool
) -> None:
    """As many seats as people, of each set at least as many as hold it, and every locked seat for who is locked there."""
    model.add(sum(variable for key in rows.values() for variable in by_key[key].values()) == sum(counts.values()))
    locked = [group for group in counts if group.seat is not None]
    for group in locked:
        model.add_exactly_one(
            by_key[key][group.seat]
            for paper, key in rows.items()
            if _may_lie(group, paper, offered=offered) and group.seat in by_key[key]
        )
    # A locked seat whose set is still to be given does not count for those who hold theirs.
    free = {group.seat for group in locked if not group.paper} if offered else set()
    for paper, key in rows.items():
        given = sum(count for group, count in counts.items() if group.paper == paper)
        lying = sum(variable for seat, variable in by_key[key].items() if seat not in free)
        model.add(lying >= given if offered else lying == given)


def _kept_apart(model: cp_model.CpModel, room: Room, by_key: Mapping[SeatKey, Mapping[int, Any]]) -> None:
    by_paper = defaultdict(list)
    for key in by_key:
        if key.paper:
            by_paper[key.occupation, key.level, key.paper].append(key)
    for same in by_paper.values():
        for one, other in neighbours(range(1, room.seats + 1), room.per_row):
            both = [by_key[key][seat] for seat in (one, other) for key in same if seat in by_key[key]]
            if len(both) > 1:
                model.add_at_most_one(both)


def dealt(
    instance: Instance, name: str, counts: Mapping[Group, int], lying: Mapping[int, SeatKey], salt: str
) -> dict[Group, list[Place]]:
    """Draw the seats laid out among the groups: locked ones first, then those whose set is given."""
    offered = bool(instance.sittings[name].paper_sets)
    left = {seat: lying[seat] for seat in map(int, ranked(instance.seed, list(map(str, lying)), f"{salt}:seat:"))}
    found: dict[Group, list[Place]] = {}
    for group in sorted(counts, key=lambda each: (each.seat is None, not each.paper, str(each))):
        mine = [
            seat
            for seat, key in left.items()
            if (key.occupation, key.level, key.access) == group_exam(group)
            and _may_lie(group, key.paper, offered=offered)
            and group.seat in (None, seat)
        ][: counts[group]]
        found[group] = [(seat, left.pop(seat).paper) for seat in mine]
    return found


def _matched(
    instance: Instance, name: str, counts: Mapping[Group, int], enforced: frozenset[str], salt: str
) -> dict[Group, list[Place]] | None:
    """Any seat for anybody who may have it; sets alternate along rows and columns, so that neighbours differ."""
    room, sets = instance.rooms[instance.sittings[name].room], instance.sittings[name].paper_sets
    order = ranked(instance.seed, [str(seat) for seat in range(1, room.seats + 1)], f"{salt}:seat:")
    people = [group for group in sorted(counts, key=str) for _ in range(counts[group])]
    may = []
    for group in people:
        seats = (
            allowed(instance, name, group, enforced)
            if group.seat is None
            else {group.seat} & allowed(instance, name, group, enforced)
        )
        may.append([int(seat) for seat in order if int(seat) in seats])
    # The least choice first, so that the others' draw need not be undone.
    holder = matching(may, sorted(range(len(people)), key=lambda number: len(may[number])))
    if len(holder) < len(people):
        return None
    found: dict[Group, list[Place]] = defaultdict(list)
    for seat, number in holder.items():
        row, column = divmod(seat - 1, room.per_row)
        found[people[number]].append((seat, sets[(row + column) % len(sets)] if sets else ""))
    return dict(found)


def matching(may: Sequence[Sequence[int]], order: Sequence[int]) -> dict[int, int]:
    """A largest matching of people (by number) to seats they may have: seat -> person."""
    holder: dict[int, int] = {}

    def place(number: int, tried: set[int]) -> bool:
        for seat in may[number]:
            if seat in tried:
                continue
            tried.add(seat)
            if seat not in holder or place(holder[seat], tried):
                holder[seat] = number
                return True
        return False

    for number in order:
        place(number, set())
    return holder


def neighbours(seats: Sequence[int] | frozenset[int], per_row: int) -> Iterator[tuple[int, int]]:
    """Pairs of seats side by side in a row, or one behind the other."""
    known = set(seats)
    for seat in sorted(known):
        if seat % per_row and seat + 1 in known:
            yield seat, seat + 1
        if seat + per_row in known:
            yield seat, seat + per_row


@cache
def most_apart(seats: frozenset[int], per_row: int) -> int:
    """The most seats of which no two are neighbours: all but a largest matching, for rows and columns are two-coloured."""
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in neighbours(seats, per_row):
        dark, light = (one, other) if sum(divmod(one - 1, per_row)) % 2 else (other, one)
        beside[dark].append(light)
    rows = [beside[seat] for seat in sorted(beside)]
    return len(seats) - len(matching(rows, range(len(rows))))
