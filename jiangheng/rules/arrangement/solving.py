"""Solves an instance, deals the candidates out by lot, and explains who was left out and which rules collide."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from jiangheng.rules.arrangement.families import FAMILIES, RECUSALS, examiners_needed, recusals, turns, unfit
from jiangheng.rules.arrangement.instance import PARAMETERS, Instance
from jiangheng.rules.arrangement.model import ALL, Arrangement, Kind, SeatKey, aim, build, laid_out
from jiangheng.rules.law import Law
from jiangheng.rules.words import gettext_noop as N_

ARRANGED, INFEASIBLE, UNDECIDED = "arranged", "infeasible", "undecided"
GUARD = 3


@dataclass(frozen=True, slots=True)
class Solution:
    """``status`` arranged, infeasible or undecided (the time ran out); dictionaries in the format of docs/formats.md."""

    status: str
    seed: str
    staff: tuple[dict[str, Any], ...] = ()
    seats: tuple[dict[str, Any], ...] = ()
    excluded: tuple[dict[str, Any], ...] = ()
    collisions: tuple[dict[str, Any], ...] = ()
    changed: int = 0

    def document(self) -> dict[str, Any]:
        """As it is written to a file."""
        return {
            "format": "jiangheng-arrangement-solution/1", "status": self.status, "seed": self.seed,
            "staff": list(self.staff), "seats": list(self.seats), "changed": self.changed,
            "excluded": list(self.excluded), "collisions": list(self.collisions),
        }  # fmt: skip


def parameters(instance: Instance, law: Law) -> dict[str, Any]:
    """The law's values with those of the instance over them."""
    return {key: instance.parameters.get(key, law.value(key)) for key in PARAMETERS}


def solve(instance: Instance, law: Law, *, seconds: float = 25.0, polish: float = 3.0) -> Solution:
    """Arrange within about ``seconds``; an infeasible instance names the smallest set of rules that collide.

    A lawful arrangement first; then at most ``polish`` seconds are spent on changing less, posting fewer, sharing more.
    """
    values = parameters(instance, law)
    answer = _run(instance, values, ALL, seconds, polish)
    if answer.status == INFEASIBLE:
        return Solution(INFEASIBLE, instance.seed, collisions=_collisions(instance, values, seconds))
    if answer.found is None or answer.solver is None:
        return Solution(UNDECIDED, instance.seed)
    return _read(instance, values, answer.found, answer.solver, answer.seats)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the solver said; ``seats`` by sitting where their order matters."""

    status: str
    found: Arrangement | None = None
    solver: cp_model.CpSolver | None = None
    seats: Mapping[str, Mapping[int, SeatKey]] = field(default_factory=dict)


def _run(
    instance: Instance, values: Mapping[str, Any], enforced: frozenset[str], seconds: float, polish: float = 0.0
) -> _Answer:
    """Numbers and people first, then the seats of each room; a room that cannot be laid out joins the model."""
    drawn: frozenset[str] = frozenset()
    known: dict[Any, int] = {}
    while True:
        found = build(instance, values, enforced, drawn)
        if found is None:
            return _Answer(INFEASIBLE)
        _hint(found, known)
        solver = _solver(seconds)
        outcome = solver.solve(found.model)
        if outcome not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return _Answer(INFEASIBLE if outcome == cp_model.INFEASIBLE else UNDECIDED)
        seats, failed = _layouts(instance, found, solver, enforced, drawn)
        if not failed:
            break
        drawn |= failed
        known = {place: solver.value(variable) for place, variable in _variables(found)}
    if polish > 0:
        _hint(found, {place: solver.value(variable) for place, variable in _variables(found)})
        aim(found)
        better = _solver(polish)
        if better.solve(found.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            finer, failed = _layouts(instance, found, better, enforced, drawn)
            if not failed:
                return _Answer(ARRANGED, found, better, finer)
    return _Answer(ARRANGED, found, solver, seats)


def _variables(found: Arrangement) -> Iterator[tuple[Any, Any]]:
    for (kind, way), variable in found.dealt.items():
        yield (kind.example.id, way), variable
    yield from found.posted.items()
    yield from found.seated.items()


def _hint(found: Arrangement, known: Mapping[Any, int]) -> None:
    for place, variable in _variables(found):
        if place in known:
            found.model.add_hint(variable, known[place])


def _layouts(
    instance: Instance, found: Arrangement, solver: cp_model.CpSolver, enforced: frozenset[str], drawn: frozenset[str]
) -> tuple[dict[str, Mapping[int, SeatKey]], frozenset[str]]:
    """The seats of every sitting, and the sittings where that many of each cannot be laid out."""
    seats: dict[str, Mapping[int, SeatKey]] = {}
    failed = set()
    for name, by_group in found.groups.items():
        if name in drawn:
            seats[name] = {
                seat: key
                for (sitting, seat, key), variable in found.seated.items()
                if sitting == name and solver.boolean_value(variable)
            }
            continue
        counts = {group: count for group, expression in by_group.items() if (count := solver.value(expression))}
        layout = laid_out(instance, found, name, counts, enforced)
        if layout is None:
            failed.add(name)
        else:
            seats[name] = layout
    return seats, frozenset(failed)


def _solver(seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    # One worker and a limit counted in work done: the same instance gives the same answer on any machine,
    # as a draw that can be repeated needs. The clock is only a guard.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = seconds
    solver.parameters.max_time_in_seconds = seconds * GUARD
    return solver


def _read(
    instance: Instance, values: Mapping[str, Any], found: Arrangement, solver: cp_model.CpSolver,
    layouts: Mapping[str, Mapping[int, SeatKey]],
) -> Solution:  # fmt: skip
    draw = random.Random(instance.seed)  # noqa: S311 - repeatable from the recorded seed is the point
    rooms: dict[str, list[tuple[str, Kind]]] = defaultdict(list)
    for kind, members in found.members.items():
        by_group: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for (other, way), count in found.dealt.items():
            if other is kind:
                by_group[tuple(subject for subject, _sitting in way)] += [way] * solver.value(count)
        for ways in by_group.values():
            order = sorted(members)
            draw.shuffle(order)
            for candidate, way in zip(order, ways, strict=True):
                for _subject, sitting in way:
                    rooms[sitting].append((candidate, kind))
    seats: list[dict[str, Any]] = []
    for name in instance.sittings:
        seats += _seat(instance, name, rooms[name], layouts.get(name, {}), draw)
    chosen = {place for place, variable in found.posted.items() if solver.boolean_value(variable)}
    occupied = {seat["sitting"] for seat in seats}
    chosen = {
        (person, sitting) for person, sitting in chosen
        if sitting in occupied or any(lock.person == person and lock.sitting == sitting for lock in instance.locks)
    }  # fmt: skip
    return Solution(
        ARRANGED, instance.seed, tuple(_posts(instance, chosen)), tuple(seats),
        tuple(_excluded(instance, values, chosen, seats)), (), len(instance.standing ^ chosen) if instance.standing else 0,
    )  # fmt: skip


def _seat(
    instance: Instance, name: str, people: list[tuple[str, Kind]], held: Mapping[int, SeatKey], draw: random.Random
) -> list[dict[str, Any]]:
    """Draw the seats of one room among those who may have them."""
    sitting = instance.sittings[name]
    room = instance.rooms[sitting.room]
    if not held:
        free = list(range(1, room.seats + 1))
        draw.shuffle(free)
        return [_seat_row(name, candidate, seat, "") for (candidate, _kind), seat in zip(sorted(
            people, key=lambda each: each[0]), free, strict=False)]  # fmt: skip
    order = sorted(people, key=lambda each: each[0])
    draw.shuffle(order)
    order.sort(key=lambda each: (_held_seat(each[1], name) is None, not each[1].paper(sitting.subject)))
    free_seats = dict(held)
    rows = []
    for candidate, kind in order:
        wanted, fixed = kind.example, _held_seat(kind, name)
        may = [
            seat
            for seat, key in free_seats.items()
            if (key.occupation, key.level, key.accessible)
            == (wanted.occupation, wanted.level, "accessible" in wanted.needs)
            and kind.paper(sitting.subject) in ("", key.paper)
        ]
        seat = fixed if fixed in may else draw.choice(sorted(may))
        rows.append(_seat_row(name, candidate, seat, free_seats.pop(seat).paper))
    return rows


def _held_seat(kind: Kind, sitting: str) -> int | None:
    return next((seat for name, seat in kind.locked if name == sitting), None)


def _seat_row(sitting: str, candidate: str, seat: int, paper: str) -> dict[str, Any]:
    return {"sitting": sitting, "candidate": candidate, "seat": seat, "paper_set": paper or None}


def _posts(instance: Instance, chosen: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """The postings; a team of examiners is led by the one with the highest card."""
    rows = []
    for sitting in instance.sittings.values():
        team = sorted(person for person, name in chosen if name == sitting.id)
        lead = max(
            team,
            key=lambda person: any(card.kind == "senior_examiner" for card in instance.people[person].cards),
            default=None,
        )
        for person in team:
            post = "invigilator" if sitting.invigilated else "examiner_lead" if person == lead else "examiner"
            rows.append({"sitting": sitting.id, "person": person, "post": post})
    return rows


def _excluded(
    instance: Instance, values: Mapping[str, Any], chosen: set[tuple[str, str]], seats: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Why each person could not be posted at each sitting held; nothing where they could have been and were not needed."""
    in_a_row = turns(instance)
    backs = recusals(instance.people.values(), instance.candidates.values())
    by_sitting: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for seat in seats:
        for family, persons in backs[seat["candidate"]].items():
            for person in persons:
                by_sitting[seat["sitting"]][person].add(family)
    rows = []
    for name in sorted({seat["sitting"] for seat in seats}):
        sitting = instance.sittings[name]
        for person in instance.people.values():
            if (person.id, name) in chosen:
                continue
            why = set(unfit(person, sitting, values, in_a_row.get(person.id, 0))) | by_sitting[name][person.id]
            if any(other == person.id and instance.sittings[at].overlaps(sitting) for other, at in chosen):
                why.add("one_place")
            if any(lock.never and lock.person == person.id and lock.sitting == name for lock in instance.locks):
                why.add("locks")
            if why:
                rows.append({
                    "person": person.id, "sitting": name, "rules": sorted(why),
                    "words": "；".join(FAMILIES[family][1] for family in sorted(why)),
                })  # fmt: skip
    return rows


def _collisions(instance: Instance, values: Mapping[str, Any], seconds: float) -> tuple[dict[str, Any], ...]:
    """The smallest set of families that cannot hold together, each with its clause, its sentence and the figures.

    By the known duality: a smallest colliding set is a smallest set that meets every set of families whose giving up
    would have made it possible; sets are tried in order of size, and every failure teaches one such set.
    """
    names = sorted(ALL)
    spare: list[frozenset[str]] = []
    each = max(1.0, min(5.0, seconds / 5))
    while True:
        tried = _smallest_hitting(names, spare)
        answer = _run(instance, values, tried, each)
        if answer.status == INFEASIBLE:
            return tuple(_words(instance, values, family) for family in sorted(tried)) or (_nowhere(instance),)
        if answer.status == UNDECIDED:
            return (_undecided(),)
        kept = set(tried)
        for family in names:
            if family not in kept and _run(instance, values, frozenset(kept | {family}), each).status == ARRANGED:
                kept.add(family)
        spare.append(frozenset(names) - kept)
        if not spare[-1]:
            return (_undecided(),)


def _smallest_hitting(names: list[str], sets: list[frozenset[str]]) -> frozenset[str]:
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            if all(each & set(chosen) for each in sets):
                return frozenset(chosen)
    return frozenset(names)


def _words(instance: Instance, values: Mapping[str, Any], family: str) -> dict[str, Any]:
    clause, words = FAMILIES[family]
    return {"rule": family, "clause": clause, "words": words, "about": _about(instance, values, family)}


def _about(instance: Instance, values: Mapping[str, Any], family: str) -> list[dict[str, Any]]:
    """The figures behind a family: places against people, or those needed against those who may come."""
    if family == "capacity":
        rows = []
        wanted: dict[tuple[str, str, int], int] = defaultdict(int)
        for candidate in instance.candidates.values():
            for subject in candidate.subjects:
                wanted[subject, candidate.occupation, candidate.level] += 1
        for (subject, occupation, level), heads in sorted(wanted.items()):
            places = sum(
                instance.rooms[sitting.room].seats for sitting in instance.sittings.values()
                if sitting.subject == subject and (occupation, level) in sitting.exams
            )  # fmt: skip
            rows.append(
                {"subject": subject, "occupation": occupation, "level": level, "candidates": heads, "places": places}
            )
        return rows
    if family in ("invigilators", "examiners", "odd"):
        in_a_row = turns(instance)
        rows = []
        for sitting in instance.sittings.values():
            if sitting.invigilated != (family == "invigilators"):
                continue
            may = [
                person.id for person in instance.people.values()
                if not unfit(person, sitting, values, in_a_row.get(person.id, 0))
            ]  # fmt: skip
            least = values["min_per_room"] if sitting.invigilated else examiners_needed(sitting, values)[0]
            rows.append({"sitting": sitting.id, "at_least": least, "may_come": len(may)})
        return rows
    if family in RECUSALS:
        backs = recusals(instance.people.values(), instance.candidates.values())
        pairs = [(name, sorted(by[family])) for name, by in backs.items() if family in by]
        return [{"candidate": name, "people": people} for name, people in pairs[:50]]
    if family == "locks":
        return [
            {"sitting": lock.sitting, "person": lock.person or None, "candidate": lock.candidate or None}
            for lock in instance.locks
        ]
    return []


def _nowhere(instance: Instance) -> dict[str, Any]:
    """Somebody's subject is examined nowhere: no rule collides, a sitting is missing."""
    offered = {(sitting.subject, *exam) for sitting in instance.sittings.values() for exam in sitting.exams}
    missing = sorted({
        (subject, each.occupation, each.level)
        for each in instance.candidates.values() for subject in each.subjects
    } - offered)  # fmt: skip
    return {
        "rule": "offered", "clause": "四（六）", "words": N_("有考生的科目没有安排任何场次"),
        "about": [{"subject": subject, "occupation": code, "level": level} for subject, code, level in missing],
    }  # fmt: skip


def _undecided() -> dict[str, Any]:
    return {
        "rule": "undecided", "clause": "", "about": [],
        "words": N_("在给定时间内没有排成，也没有证明排不成；请放宽时间或减少锁定后重试"),
    }  # fmt: skip
