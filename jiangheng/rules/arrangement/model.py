"""The arrangement as a constraint model: candidates of one kind are counted, people are posted or not.

Candidates who may stand for one another (same examination, subjects, sets, needs, locks and people who must stand back
from them) are one kind; the model counts them by sitting and the draw deals them out. A family left out of
``enforced`` is not asked for: that is how a collision is looked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from jiangheng.rules.arrangement.families import (
    FAMILIES,
    examiners_needed,
    recusals,
    turns,
    unfit,
    unfit_to_supervise,
)
from jiangheng.rules.arrangement.instance import SUPERVISOR, TEAM, Candidate, Instance, Sitting
from jiangheng.rules.arrangement.layouts import Group, add_grid, most_apart

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

ALL = frozenset(FAMILIES)
CHANGE, POST = 1_000_000, 20
Slot = tuple[datetime, datetime]
Combination = tuple[tuple[str, Slot], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Candidates who may stand for one another; ``held`` are their sittings in force, where changes are counted."""

    example: Candidate
    stand_back: frozenset[str]
    locked: tuple[tuple[str, int | None], ...]
    held: frozenset[str]

    def paper(self, subject: str) -> str:
        """Their set in a subject; "" where it is still to be given."""
        return dict(self.example.paper_sets).get(subject, "")

    def group(self, sitting: Sitting) -> Group:
        """What matters of them for a seat."""
        wanted = self.example
        seat = next((seat for name, seat in self.locked if name == sitting.id and seat is not None), None)
        return Group(wanted.occupation, wanted.level, "accessible" in wanted.needs, self.paper(sitting.subject), seat)


@dataclass(slots=True)
class Arrangement:
    """The variables of a built model, for reading the answer.

    ``taken``: how many of a kind at a sitting; ``slots``: how many of a kind take their subjects at which times;
    ``posted``: whether a person is in a sitting's team; ``supervising``: whether they supervise it;
    ``by_group``: expressions by sitting; ``grids``: what lies on each seat, for sittings that needed it.
    """

    model: cp_model.CpModel
    members: dict[Kind, list[str]]
    taken: dict[tuple[Kind, str], Any] = field(default_factory=dict)
    slots: dict[tuple[Kind, Combination], Any] = field(default_factory=dict)
    posted: dict[tuple[str, str], Any] = field(default_factory=dict)
    supervising: dict[tuple[str, str], Any] = field(default_factory=dict)
    by_group: dict[str, dict[Group, Any]] = field(default_factory=dict)
    grids: dict[str, dict[Any, Any]] = field(default_factory=dict)

    def variables(self) -> Iterator[tuple[Any, Any]]:
        """Every choice with a name that is the same in the next model of the instance."""
        for (kind, sitting), variable in self.taken.items():
            yield (kind.example.id, sitting), variable
        for (kind, way), variable in self.slots.items():
            yield (kind.example.id, way), variable
        yield from self.posted.items()
        for place, variable in self.supervising.items():
            yield (SUPERVISOR, place), variable

    def at(self, person: str, sitting: str) -> list[Any]:
        """Whether the person is at the sitting, in any post: at most one of these is 1."""
        place = (person, sitting)
        return [rows[place] for rows in (self.posted, self.supervising) if place in rows]


def build(
    instance: Instance,
    law: Mapping[str, Any],
    enforced: frozenset[str],
    drawn: frozenset[str] = frozenset(),
    staffed: frozenset[str] | None = None,
) -> Arrangement | None:
    """The model with the ``enforced`` families; None where a candidate has nowhere to sit, whatever is chosen.

    Seats are laid out room by room once it is known who sits where; ``drawn`` names the sittings where that failed
    before, whose seats are then part of this model. ``staffed``: the sittings whose number of staff matters (all).
    """
    from ortools.sat.python import cp_model

    found = Arrangement(cp_model.CpModel(), kinds(instance, enforced))
    if not _candidates(instance, found, enforced):
        return None
    for name, by_group in found.by_group.items():
        if "capacity" in enforced:
            _room_for(found.model, instance, name, by_group, enforced)
            if name in drawn:
                found.grids[name] = add_grid(found.model, instance, name, by_group, enforced)
    _people(instance, law, found, enforced, staffed)
    _stand_back(found)
    return found


def kinds(instance: Instance, enforced: frozenset[str]) -> dict[Kind, list[str]]:
    """The candidates by kind."""
    backs = recusals(instance.people.values(), instance.candidates.values())
    locks: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    if "locks" in enforced:
        for lock in instance.locks:
            if lock.candidate:
                locks[lock.candidate].append((lock.sitting, lock.seat))
    held = defaultdict(set)
    for candidate, sitting in instance.held:
        held[candidate].add(sitting)
    by_key: dict[Any, tuple[Kind, list[str]]] = {}
    for each in instance.candidates.values():
        back = frozenset().union(*(who for family, who in backs[each.id].items() if family in enforced))
        locked = tuple(sorted(locks[each.id], key=str))
        mine = frozenset(held[each.id])
        key = (each.occupation, each.level, each.subjects, each.paper_sets, each.needs, back, locked, mine)
        by_key.setdefault(key, (Kind(each, back, locked, mine), []))[1].append(each.id)
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
        and all(name == sitting.id for name, _seat in kind.locked if instance.sittings[name].subject == subject)
    ]


def _slot(sitting: Sitting) -> Slot:
    return sitting.starts_at, sitting.ends_at


def _overlap(one: Slot, other: Slot) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _touch(some: list[Slot], others: list[Slot]) -> bool:
    return any(_overlap(one, other) for one in some for other in others)


def _candidates(instance: Instance, found: Arrangement, enforced: frozenset[str]) -> bool:
    from ortools.sat.python import cp_model

    by_group: dict[str, dict[Group, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for kind, members in found.members.items():
        places = {}
        for subject in kind.example.subjects:
            places[subject] = possible(instance, kind, subject, enforced)
            if not places[subject]:
                return False
            mine = []
            for sitting in places[subject]:
                count = found.model.new_int_var(0, len(members), "")
                found.taken[kind, sitting.id] = count
                by_group[sitting.id][kind.group(sitting)].append(count)
                mine.append(count)
            found.model.add(sum(mine) == len(members))
        if "once" in enforced and not _apart(found, kind, places, len(members)):
            return False
    # Never "+=" on an expression: the library may add to the one that other constraints hold.
    found.by_group = {
        name: {group: cp_model.LinearExpr.sum(counts) for group, counts in groups.items()}
        for name, groups in by_group.items()
    }
    return True


def _apart(found: Arrangement, kind: Kind, places: Mapping[str, list[Sitting]], heads: int) -> bool:
    """Subjects whose times touch are dealt out as combinations of times that do not; False where there is none."""
    times = {subject: sorted({_slot(sitting) for sitting in rows}) for subject, rows in places.items()}
    waiting = list(times)
    while waiting:
        group = [waiting.pop(0)]
        for mine in group:  # grows while it is walked
            touching = [other for other in waiting if _touch(times[mine], times[other])]
            group += touching
            waiting = [other for other in waiting if other not in touching]
        if len(group) == 1:
            continue
        ways = [
            tuple(zip(group, chosen, strict=True))
            for chosen in product(*(times[subject] for subject in group))
            if not any(_overlap(one, other) for one, other in combinations(chosen, 2))
        ]
        if not ways:
            return False
        counts = {way: found.model.new_int_var(0, heads, "") for way in ways}
        for subject in group:
            for slot in times[subject]:
                sitting_then = [found.taken[kind, each.id] for each in places[subject] if _slot(each) == slot]
                found.model.add(sum(sitting_then) == sum(n for way, n in counts.items() if (subject, slot) in way))
        found.slots.update({(kind, way): count for way, count in counts.items()})
    return True


def _room_for(model: cp_model.CpModel, instance: Instance, name: str, by_group: Any, enforced: frozenset[str]) -> None:
    """What must hold of the numbers before seats are laid out: seats, workstations, access, and sets kept apart."""
    sitting = instance.sittings[name]
    room = instance.rooms[sitting.room]
    equipped = "workstations" in enforced
    seats = {group.occupation: room.usable(group.occupation, equipped=equipped) for group in by_group}
    parts: dict[frozenset[int], list[Any]] = defaultdict(list)
    apart: dict[tuple[frozenset[int], Any], list[Any]] = defaultdict(list)
    for group, count in by_group.items():
        usable = seats[group.occupation]
        near = usable & room.accessible if group.access and "accessible" in enforced else usable
        parts[near].append(count)
        paper = group.paper or (sitting.paper_sets[0] if len(sitting.paper_sets) == 1 else "")
        if paper and "neighbours" in enforced:
            for within in {near, usable}:
                apart[within, (group.occupation, group.level, paper)].append(count)
    wholes = {frozenset().union(*chosen) for size in (1, 2) for chosen in combinations(parts, size)}
    for whole in sorted(wholes | {frozenset().union(*parts)}, key=sorted):
        model.add(sum(count for part, counts in parts.items() if part <= whole for count in counts) <= len(whole))
    for (within, _paper), counts in apart.items():
        model.add(sum(counts) <= most_apart(within, room.per_row))
    for seat in {group.seat for group in by_group if group.seat is not None}:
        model.add(sum(count for group, count in by_group.items() if group.seat == seat) <= 1)


def _people(
    instance: Instance,
    law: Mapping[str, Any],
    found: Arrangement,
    enforced: frozenset[str],
    staffed: frozenset[str] | None,
) -> None:
    in_a_row = turns(instance)
    locked = {lock.sitting for lock in instance.locks if lock.person and not lock.never}
    for person in instance.people.values():
        for sitting in instance.sittings.values():
            if (
                sitting.id in locked | found.by_group.keys()
                and not unfit(person, sitting, law, in_a_row.get(person.id, 0)) & enforced
            ):
                found.posted[person.id, sitting.id] = found.model.new_bool_var("")
            if _supervised(instance, sitting, person.id) and not unfit_to_supervise(person, sitting) & enforced:
                found.supervising[person.id, sitting.id] = found.model.new_bool_var("")
                found.model.add_at_most_one(found.at(person.id, sitting.id))
    if "locks" in enforced:
        _locks(instance, found)
    team: dict[str, list[Any]] = defaultdict(list)
    over: dict[str, list[Any]] = defaultdict(list)
    mine: dict[str, dict[str, Any]] = defaultdict(dict)
    for (person_id, name), variable in found.posted.items():
        team[name].append(variable)
        mine[person_id][name] = variable
    for (_person_id, name), variable in found.supervising.items():
        over[name].append(variable)
    for name, by_group in found.by_group.items():
        if staffed is None or name in staffed:
            _numbers(instance, law, found, name, (team[name], over[name]), sum(by_group.values()), enforced)
    _bearable(instance, found, enforced)
    if "rotation" in enforced and instance.history:
        _rotate(instance, law, found, mine)


def _supervised(instance: Instance, sitting: Sitting, person: str) -> bool:
    """Whether anybody, or this person by a lock, may be asked to supervise a sitting."""
    return bool(sitting.supervisors) or any(
        lock.person == person and lock.sitting == sitting.id and lock.post == SUPERVISOR and not lock.never
        for lock in instance.locks
    )


def _bearable(instance: Instance, found: Arrangement, enforced: frozenset[str]) -> None:
    """Nobody in two places at once, nobody in more sittings than they take on."""
    places: dict[str, list[str]] = defaultdict(list)
    for person_id, name in dict.fromkeys((*found.posted, *found.supervising)):
        places[person_id].append(name)
    for person_id, names in places.items():
        most = instance.people[person_id].most
        if "workload" in enforced and most is not None:
            found.model.add(sum(each for name in names for each in found.at(person_id, name)) <= most)
        if "one_place" in enforced:
            for together in _at_once([instance.sittings[name] for name in names]):
                found.model.add_at_most_one(each for name in together for each in found.at(person_id, name))


def _at_once(sittings: list[Sitting]) -> set[tuple[str, ...]]:
    """The sittings under way together, at each moment when one begins; each pair that overlaps is in one of them."""
    found = set()
    for start in {sitting.starts_at for sitting in sittings}:
        together = tuple(sitting.id for sitting in sittings if sitting.starts_at <= start < sitting.ends_at)
        if len(together) > 1:
            found.add(together)
    return found


def _locks(instance: Instance, found: Arrangement) -> None:
    for lock in instance.locks:
        if lock.person:
            places = {"": (found.posted, found.supervising), TEAM: (found.posted,), SUPERVISOR: (found.supervising,)}
            place = (lock.person, lock.sitting)
            there = [rows[place] for rows in places[lock.post] if place in rows]
            found.model.add(sum(there) == (0 if lock.never else 1))


def _numbers(
    instance: Instance,
    law: Mapping[str, Any],
    found: Arrangement,
    name: str,
    staff: tuple[list[Any], list[Any]],
    heads: Any,
    enforced: frozenset[str],
) -> None:
    """How many must be posted, in the team and to supervise, for so many candidates, where there are any."""
    model, sitting, (team, over) = found.model, instance.sittings[name], staff
    family = "invigilators" if sitting.invigilated else "examiners"
    if sitting.invigilated:
        least, odd, ratio = law["min_per_room"], False, law["invigilator_ratio"]
    else:
        least, odd, ratio = examiners_needed(sitting, law)
    room = instance.rooms[sitting.room]
    most = room.seats - len(room.closed) if "capacity" in enforced else len(instance.candidates)
    held = model.new_bool_var("")
    model.add(heads <= most * held)
    model.add(heads >= held)
    if family in enforced:
        model.add(sum(team) >= least * held)
        if ratio:
            model.add(sum(team) * ratio >= heads)
    if odd and "odd" in enforced:
        half = model.new_int_var(0, len(team), "")
        model.add(sum(team) == 2 * half + 1).only_enforce_if(held)
    if sitting.supervisors and "supervisors" in enforced:
        model.add(sum(over) >= sitting.supervisors * held)
    if not any(lock.person and lock.sitting == name and not lock.never for lock in instance.locks):
        for variable in (*team, *over):
            model.add_implication(variable, held)


def _rotate(instance: Instance, law: Mapping[str, Any], found: Arrangement, mine: Mapping[str, Any]) -> None:
    """Of the examiners of this examination at least the share is new since the last one."""
    share = Fraction(str(law["min_rotation_share"]))
    every, fresh = [], []
    for person, posts in mine.items():
        judging = [variable for name, variable in posts.items() if not instance.sittings[name].invigilated]
        if judging:
            used = found.model.new_bool_var("")
            found.model.add_max_equality(used, judging)
            every.append(used)
            if person not in instance.history[-1]:
                fresh.append(used)
    found.model.add(sum(fresh) * share.denominator >= share.numerator * sum(every))


def _stand_back(found: Arrangement) -> None:
    """Nobody is posted where somebody sits from whom they must stand back.

    Per sitting and set of people who stand back alike, one variable says whether any such candidate is there.
    """
    alike: dict[tuple[str, frozenset[str]], list[tuple[Any, int]]] = defaultdict(list)
    for (kind, sitting), count in found.taken.items():
        if kind.stand_back:
            alike[sitting, kind.stand_back].append((count, len(found.members[kind])))
    for (sitting, people), counts in alike.items():
        kept = [each for person in sorted(people) for each in found.at(person, sitting)]
        if not kept:
            continue
        there = found.model.new_bool_var("")
        for count, heads in counts:
            found.model.add(count <= heads * there)
        for variable in kept:
            found.model.add_implication(variable, there.Not())


def aim(instance: Instance, found: Arrangement) -> None:
    """Change as little as possible of what is in force, then post as few as the rules ask, then share the work."""
    by_person = defaultdict(list)
    for (person, _sitting), variable in (*found.posted.items(), *found.supervising.items()):
        by_person[person].append(variable)
    load = found.model.new_int_var(0, max(map(len, by_person.values()), default=0), "")
    for mine in by_person.values():
        found.model.add(sum(mine) <= load)
    every = [*found.posted.values(), *found.supervising.values()]
    kept = [each for place in sorted(instance.standing) for each in found.at(*place)]
    staying = [count for (kind, sitting), count in found.taken.items() if sitting in kind.held]
    changed = sum(every) - 2 * sum(kept) if instance.standing else 0
    found.model.minimize(CHANGE * (changed - sum(staying)) + POST * sum(every) + load)
