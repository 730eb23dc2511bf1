"""The arrangement as a constraint model: candidates of one kind counted, seats by what lies on them, people by sitting.

Candidates who may stand for one another (same occupation, level, subjects, sets, needs and people who must stand back
from them) are one kind; the model counts them and the draw deals them out. A family left out of ``enforced`` is not
asked for: that is how a collision is looked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from ortools.sat.python import cp_model

from jiangheng.rules.arrangement.families import FAMILIES, examiners_needed, recusals, turns, unfit
from jiangheng.rules.arrangement.instance import Candidate, Instance, Sitting

ALL = frozenset(FAMILIES)
LAY_OUT = 2.0
Combination = tuple[tuple[str, str], ...]
Paper = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """Candidates who may stand for one another, and their sets by subject."""

    example: Candidate
    stand_back: tuple[tuple[str, frozenset[str]], ...]
    locked: tuple[tuple[str, int | None], ...]

    def paper(self, subject: str) -> str:
        """Their set in a subject; "" where it is still to be given."""
        return dict(self.example.paper_sets).get(subject, "")


@dataclass(frozen=True, slots=True)
class SeatKey:
    """What a seat holds: an examination with its set ("" for none), and whether for somebody who needs the access."""

    occupation: str
    level: int
    paper: str
    accessible: bool


@dataclass(slots=True)
class Arrangement:
    """The variables of a built model, for reading the answer."""

    model: cp_model.CpModel
    members: dict[Kind, list[str]]
    standing: frozenset[tuple[str, str]]
    dealt: dict[tuple[Kind, Combination], Any] = field(default_factory=dict)
    posted: dict[tuple[str, str], Any] = field(default_factory=dict)
    seated: dict[tuple[str, int, SeatKey], Any] = field(default_factory=dict)
    groups: Any = None


def build(
    instance: Instance, law: Mapping[str, Any], enforced: frozenset[str], drawn: frozenset[str] = frozenset()
) -> Arrangement | None:
    """The model with the ``enforced`` families; None where a candidate has nowhere to sit, whatever is chosen.

    Seats are laid out room by room once it is known who sits where (``laid_out``); ``drawn`` names the sittings where
    that failed before, whose seats are then part of this model.
    """
    found = Arrangement(cp_model.CpModel(), kinds(instance, enforced), instance.standing)
    heads, groups = _candidates(instance, found, enforced)
    if heads is None:
        return None
    _people(instance, law, found, heads, enforced)
    for name, by_group in groups.items():
        if name in drawn:
            grid = _grid(found.model, instance, name, by_group, _held(found, name), enforced)
            found.seated.update({(name, *place): variable for place, variable in grid.items()})
        else:
            _room_for(found.model, instance, name, by_group, enforced)
    found.groups = groups
    _stand_back(instance, found, enforced)
    return found


def kinds(instance: Instance, enforced: frozenset[str]) -> dict[Kind, list[str]]:
    """The candidates by kind."""
    backs = recusals(instance.people.values(), instance.candidates.values())
    locks = defaultdict(list)
    if "locks" in enforced:
        for lock in instance.locks:
            if lock.candidate:
                locks[lock.candidate].append((lock.sitting, lock.seat))
    by_key: dict[Any, tuple[Kind, list[str]]] = {}
    for each in instance.candidates.values():
        back = tuple(sorted((family, who) for family, who in backs[each.id].items() if family in enforced))
        locked = tuple(sorted(locks[each.id], key=str))
        key = (each.occupation, each.level, each.subjects, each.paper_sets, each.needs, back, locked)
        by_key.setdefault(key, (Kind(each, back, locked), []))[1].append(each.id)
    return dict(by_key.values())


def possible(instance: Instance, kind: Kind, subject: str, enforced: frozenset[str]) -> list[Sitting]:
    """The sittings where a kind may take a subject."""
    wanted = kind.example
    return [
        sitting
        for sitting in instance.sittings.values()
        if sitting.subject == subject
        and (wanted.occupation, wanted.level) in sitting.exams
        and not ("extra_time" in enforced and "extra_time" in wanted.needs and not sitting.extra_time)
        and not (kind.paper(subject) and sitting.paper_sets and kind.paper(subject) not in sitting.paper_sets)
        and all(
            name == sitting.id for name, _seat in kind.locked if instance.sittings[name].subject == subject
        )
    ]  # fmt: skip


def _combinations(instance: Instance, kind: Kind, enforced: frozenset[str]) -> Iterator[list[Combination]]:
    """Per group of subjects whose sittings overlap somewhere: every way of taking them without being in two places."""
    places = {subject: possible(instance, kind, subject, enforced) for subject in kind.example.subjects}
    waiting = list(places)
    while waiting:
        group = [waiting.pop(0)]
        for subject in list(waiting) if "once" in enforced else []:
            if any(one.overlaps(other) for mine in group for one in places[mine] for other in places[subject]):
                group.append(subject)
                waiting.remove(subject)
        yield [
            tuple((subject, sitting.id) for subject, sitting in zip(group, chosen, strict=True))
            for chosen in product(*(places[subject] for subject in group))
            if "once" not in enforced or not any(one.overlaps(other) for one, other in combinations(chosen, 2))
        ]


def _candidates(instance: Instance, found: Arrangement, enforced: frozenset[str]) -> tuple[Any, Any]:
    heads: dict[str, Any] = defaultdict(int)
    groups: dict[str, dict[tuple[str, int, bool, str], Any]] = defaultdict(lambda: defaultdict(int))
    for kind, members in found.members.items():
        wanted = kind.example
        access = "accessible" in wanted.needs
        for ways in _combinations(instance, kind, enforced):
            if not ways:
                return None, None
            counts = []
            for way in ways:
                count = found.model.new_int_var(0, len(members), "")
                found.dealt[kind, way] = count
                counts.append(count)
                for subject, sitting in way:
                    heads[sitting] += count
                    groups[sitting][wanted.occupation, wanted.level, access, kind.paper(subject)] += count
            found.model.add(sum(counts) == len(members))
    if "capacity" in enforced:
        for sitting, count in heads.items():
            found.model.add(count <= instance.rooms[instance.sittings[sitting].room].seats)
    return heads, groups


def _held(found: Arrangement, name: str) -> list[tuple[Kind, int]]:
    return [
        (kind, seat) for kind in found.members for locked, seat in kind.locked if locked == name and seat is not None
    ]


def _room_for(model: cp_model.CpModel, instance: Instance, name: str, by_group: Any, enforced: frozenset[str]) -> None:
    """What must hold of the numbers before seats are laid out: no set on more than every second seat, and access."""
    if "capacity" not in enforced:
        return
    room = instance.rooms[instance.sittings[name].room]
    if "neighbours" in enforced:
        by_paper: dict[Paper, Any] = defaultdict(int)
        for (occupation, level, _needs, paper), count in by_group.items():
            if paper:
                by_paper[occupation, level, paper] += count
        for count in by_paper.values():
            model.add(count <= (room.seats if room.per_row == 1 and room.seats == 1 else (room.seats + 1) // 2))
    if "accessible" in enforced:
        model.add(sum(count for (_o, _l, needs, _p), count in by_group.items() if needs) <= len(room.accessible))


def laid_out(
    instance: Instance, found: Arrangement, name: str, counts: Mapping[Any, int], enforced: frozenset[str]
) -> dict[int, SeatKey] | None:
    """The seats of one sitting for so many of each; None where they cannot be laid out, {} where any seat will do."""
    model = cp_model.CpModel()
    grid = _grid(model, instance, name, counts, _held(found, name), enforced)
    if not grid:
        return {}
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = LAY_OUT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return {seat: key for (seat, key), variable in grid.items() if solver.boolean_value(variable)}


def _grid(
    model: cp_model.CpModel, instance: Instance, name: str, by_group: Any, held: list[tuple[Kind, int]],
    enforced: frozenset[str],
) -> dict[tuple[int, SeatKey], Any]:  # fmt: skip
    """What lies on every seat of a sitting; {} where nothing but the number of seats matters."""
    sitting = instance.sittings[name]
    room = instance.rooms[sitting.room]
    access = "accessible" in enforced and any(needs for _o, _l, needs, _p in by_group)
    papers = bool(sitting.paper_sets) or any(paper for _o, _l, _n, paper in by_group)
    if "capacity" not in enforced or not (access or held or papers):
        return {}
    keys: dict[tuple[str, int, bool], list[SeatKey]] = defaultdict(list)
    for occupation, level, needs, paper in by_group:
        for each in (paper,) if paper else sitting.paper_sets or ("",):
            key = SeatKey(occupation, level, each, needs)
            if key not in keys[occupation, level, needs]:
                keys[occupation, level, needs].append(key)
    every = [key for rows in keys.values() for key in rows]
    grid = {
        (seat, key): model.new_bool_var("")
        for seat in range(1, room.seats + 1)
        for key in every
        if not (access and key.accessible and seat not in room.accessible)
    }
    for seat in range(1, room.seats + 1):
        model.add_at_most_one(grid[seat, key] for key in every if (seat, key) in grid)
    _counted(model, by_group, keys, grid, [seat for kind, seat in held if not kind.paper(sitting.subject)])
    if "neighbours" in enforced:
        for one, other in neighbours(room.seats, room.per_row):
            for paper in {(key.occupation, key.level, key.paper) for key in every if key.paper}:
                same = [key for key in every if (key.occupation, key.level, key.paper) == paper]
                model.add_at_most_one(grid[seat, key] for seat in (one, other) for key in same if (seat, key) in grid)
    for kind, seat in held:
        mine = [
            key
            for key in keys[kind.example.occupation, kind.example.level, "accessible" in kind.example.needs]
            if kind.paper(sitting.subject) in ("", key.paper)
        ]
        model.add_exactly_one(grid[seat, key] for key in mine if (seat, key) in grid)
    return grid


def _counted(model: cp_model.CpModel, by_group: Any, keys: Any, grid: Any, drawn: list[int]) -> None:
    """Each examination has as many seats as people; each set given beforehand at least as many as hold it.

    ``drawn``: seats locked for somebody whose set is still to be given; whichever it is comes on top of those.
    """
    for (occupation, level, needs), mine in keys.items():
        total = sum(
            count for (code, grade, access, _paper), count in by_group.items()
            if (code, grade, access) == (occupation, level, needs)
        )  # fmt: skip
        model.add(sum(grid[place] for place in grid if place[1] in mine) == total)
        for key in mine:
            given = by_group.get((occupation, level, needs, key.paper), 0) if key.paper else 0
            taken = sum(grid[seat, key] for seat in drawn if (seat, key) in grid)
            model.add(sum(grid[place] for place in grid if place[1] == key) >= given + taken)


def neighbours(seats: int, per_row: int) -> Iterator[tuple[int, int]]:
    """Pairs of seats side by side in a row, or one behind the other."""
    for seat in range(1, seats + 1):
        if seat % per_row and seat < seats:
            yield seat, seat + 1
        if seat + per_row <= seats:
            yield seat, seat + per_row


def _people(
    instance: Instance, law: Mapping[str, Any], found: Arrangement, heads: Any, enforced: frozenset[str]
) -> None:
    in_a_row = turns(instance)
    for person in instance.people.values():
        for sitting in instance.sittings.values():
            if not unfit(person, sitting, law, in_a_row.get(person.id, 0)) & enforced:
                found.posted[person.id, sitting.id] = found.model.new_bool_var("")
    for sitting in instance.sittings.values():
        team = [variable for (_person, name), variable in found.posted.items() if name == sitting.id]
        count = heads.get(sitting.id, 0)
        held = found.model.new_bool_var("")
        if isinstance(count, int):
            found.model.add(held == 0)
        else:
            found.model.add(count >= 1).only_enforce_if(held)
            found.model.add(count == 0).only_enforce_if(held.Not())
        if sitting.invigilated:
            if "invigilators" in enforced:
                found.model.add(sum(team) >= law["min_per_room"]).only_enforce_if(held)
                found.model.add(sum(team) * law["invigilator_ratio"] >= count)
            continue
        least, odd, ratio = examiners_needed(sitting, law)
        if "examiners" in enforced:
            found.model.add(sum(team) >= least).only_enforce_if(held)
            if ratio:
                found.model.add(sum(team) * ratio >= count)
        if "odd" in enforced and odd:
            half = found.model.new_int_var(0, len(team), "")
            found.model.add(sum(team) == 2 * half + 1).only_enforce_if(held)
    if "one_place" in enforced:
        for one, other in combinations(instance.sittings.values(), 2):
            if one.overlaps(other):
                for person in instance.people:
                    both = [found.posted[person, name] for name in (one.id, other.id) if (person, name) in found.posted]
                    if len(both) == 2:
                        found.model.add_at_most_one(both)
    if "rotation" in enforced and instance.history:
        _rotate(instance, law, found)
    if "locks" in enforced:
        for lock in instance.locks:
            if lock.person:
                variable = found.posted.get((lock.person, lock.sitting))
                if variable is not None:
                    found.model.add(variable == (0 if lock.never else 1))
                elif not lock.never:
                    found.model.add_bool_or([])


def _rotate(instance: Instance, law: Mapping[str, Any], found: Arrangement) -> None:
    """Of the examiners of this examination at least the share is new since the last one."""
    share = Fraction(str(law["min_rotation_share"]))
    last = instance.history[-1]
    every, fresh = [], []
    for person in instance.people:
        mine = [
            variable for (name, sitting), variable in found.posted.items()
            if name == person and not instance.sittings[sitting].invigilated
        ]  # fmt: skip
        if mine:
            used = found.model.new_bool_var("")
            found.model.add_max_equality(used, mine)
            every.append(used)
            if person not in last:
                fresh.append(used)
    found.model.add(sum(fresh) * share.denominator >= share.numerator * sum(every))


def _stand_back(instance: Instance, found: Arrangement, enforced: frozenset[str]) -> None:
    """Nobody is posted where somebody sits from whom they must stand back."""
    sits: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for (kind, way), count in found.dealt.items():
        for person in frozenset().union(*(who for family, who in kind.stand_back if family in enforced)):
            for _subject, sitting in way:
                sits[person, sitting].append(count)
    for place, counts in sits.items():
        if place in found.posted:
            found.model.add(sum(counts) == 0).only_enforce_if(found.posted[place])


def aim(found: Arrangement) -> None:
    """Change as little as possible of what stands, then post as few as the rules ask, then share the work."""
    by_person = defaultdict(list)
    for (person, _sitting), variable in found.posted.items():
        by_person[person].append(variable)
    load = found.model.new_int_var(0, max(map(len, by_person.values()), default=0), "")
    for mine in by_person.values():
        found.model.add(sum(mine) <= load)
    kept = [found.posted[place] for place in found.standing if place in found.posted]
    found.model.minimize(sum(found.posted.values()) * 20 - sum(kept) * 1000 + load)
