"""Solves an instance: a lawful arrangement, the least change to one in force, or the rules that collide (四（六）（七）)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jiangheng.rules.arrangement.instance import PARAMETERS, SUPERVISOR, Instance, Lock, Sitting
from jiangheng.rules.arrangement.layouts import Group, Place, allowed, dealt, lay_out
from jiangheng.rules.arrangement.model import ALL, CHANGE, POST, Arrangement, Kind, aim, build
from jiangheng.rules.examination.draws import ranked
from jiangheng.rules.law import Law

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

ARRANGED, INFEASIBLE, UNDECIDED = "arranged", "infeasible", "undecided"
FORMAT = "jiangheng-arrangement-solution/1"
# Limits counted in work done, not in time: the same instance gives the same answer on any machine, as a draw that can
# be repeated needs. The clock is only a guard.
WORK, CHANGE_WORK, POLISH = 200.0, 20.0, 1.0


@dataclass(frozen=True, slots=True)
class Solution:
    """``status`` arranged, infeasible or undecided (the time ran out).

    ``posts`` are sitting, person and post; ``seats`` sitting, candidate, seat and set. ``proved``: no arrangement
    changes less of the one in force. ``hurried``: the clock, not the work, ended the search for a better one.
    """

    status: str
    values: Mapping[str, Any]
    posts: tuple[tuple[str, str, str], ...] = ()
    seats: tuple[tuple[str, str, int, str], ...] = ()
    proved: bool = False
    hurried: bool = False


@dataclass(slots=True)
class Clock:
    """The seconds left for one instance, and whether they ran out."""

    left: float
    out: bool = False

    def run(self, model: cp_model.CpModel, work: float, near: int = 0) -> tuple[cp_model.CpSolver, Any]:
        """Solve with one worker, so that the answer can be repeated, within the work and the seconds left.

        ``near``: how far from the best objective is near enough.
        """
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2  # a third of the time of the default on 500 candidates
        solver.parameters.max_deterministic_time = work
        solver.parameters.absolute_gap_limit = near
        solver.parameters.max_time_in_seconds = max(0.01, self.left)
        outcome = solver.solve(model)
        self.left -= solver.wall_time
        if self.left <= 0 and outcome not in (cp_model.OPTIMAL, cp_model.INFEASIBLE):
            self.out = True
        return solver, outcome


@dataclass(slots=True)
class Answer:
    """What one search said: who sits where, by sitting and group, and who is posted."""

    status: str
    found: Arrangement | None = None
    solver: cp_model.CpSolver | None = None
    seats: list[tuple[str, str, int, str]] = field(default_factory=list)


def parameters(instance: Instance, law: Law) -> dict[str, Any]:
    """The law's values with those of the instance over them."""
    return {key: instance.parameters.get(key, law.value(key)) for key in PARAMETERS}


def solve(instance: Instance, law: Law, *, seconds: float = 60.0, polish: float = POLISH) -> Solution:
    """Arrange within about ``seconds``: first with every seat in force kept, then with as few moved as may be.

    ``polish``: work spent on posting fewer and sharing the load, once a lawful arrangement is there.
    """
    values, clock = parameters(instance, law), Clock(seconds)
    instance = replace(instance, held=still_fit(instance))
    if instance.held:
        kept = in_place(instance)
        answer = search(kept, values, ALL, clock, polish=polish)
        if answer.status == ARRANGED:
            return _solution(kept, values, answer, clock)
    answer = search(instance, values, ALL, clock, polish=polish)
    if answer.status == ARRANGED:
        return _solution(instance, values, answer, clock)
    return Solution(answer.status, values, hurried=clock.out)


def still_fit(instance: Instance) -> dict[tuple[str, str], tuple[int, str]]:
    """The seats in force that may be kept as far as the seat itself goes."""
    locked = {
        (lock.candidate, instance.sittings[lock.sitting].subject): (lock.sitting, lock.seat)
        for lock in instance.locks
        if lock.candidate
    }
    fit = {}
    for (name, place), (seat, paper) in instance.held.items():
        candidate, sitting = instance.candidates.get(name), instance.sittings.get(place)
        if candidate is None or sitting is None or sitting.subject not in candidate.subjects:
            continue
        sits, where = locked.get((name, sitting.subject), (place, None))
        group = Group(candidate.occupation, candidate.level, "accessible" in candidate.needs, "", None)
        if (
            (candidate.occupation, candidate.level) in sitting.exams
            and seat in allowed(instance, place, group, ALL)
            and sits == place
            and where in (None, seat)
            and ("extra_time" not in candidate.needs or sitting.extra_time)
        ):
            fit[name, place] = (seat, paper)
    return fit


def in_place(instance: Instance) -> Instance:
    """The instance with every seat and set in force locked."""
    papers = {name: dict(each.paper_sets) for name, each in instance.candidates.items()}
    locks = [*instance.locks]
    for (name, place), (seat, paper) in sorted(instance.held.items()):
        locks.append(Lock(place, candidate=name, seat=seat))
        if paper:
            papers[name].setdefault(instance.sittings[place].subject, paper)
    candidates = {
        name: replace(each, paper_sets=tuple(sorted(papers[name].items())))
        for name, each in instance.candidates.items()
    }
    return replace(instance, candidates=candidates, locks=tuple(locks), held={})


def search(
    instance: Instance,
    values: Mapping[str, Any],
    enforced: frozenset[str],
    clock: Clock,
    *,
    staffed: frozenset[str] | None = None,
    polish: float = 0.0,
    work: float = WORK,
) -> Answer:
    """Numbers and people first, then the seats of each room; a room that cannot be laid out joins the model."""
    from ortools.sat.python import cp_model

    drawn: frozenset[str] = frozenset()
    known: dict[Any, int] = dict.fromkeys(instance.standing, 1)
    while True:
        found = build(instance, values, enforced, drawn, staffed)
        if found is None:
            return Answer(INFEASIBLE)
        _hint(found, known)
        solver, outcome = clock.run(found.model, work)
        if outcome not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(INFEASIBLE if outcome == cp_model.INFEASIBLE else UNDECIDED)
        seats, failed = _seats(instance, found, solver, enforced)
        if not failed:
            break
        drawn |= failed
        known = {place: solver.value(variable) for place, variable in found.variables()}
    answer = Answer(ARRANGED, found, solver, seats)
    return _better(instance, answer, enforced, clock, polish) if polish else answer


def _better(instance: Instance, answer: Answer, enforced: frozenset[str], clock: Clock, polish: float) -> Answer:
    """The same with less changed, fewer posted and the work shared, as far as the work allowed for it goes."""
    from ortools.sat.python import cp_model

    found, solver = answer.found, answer.solver
    assert found is not None
    assert solver is not None
    found.model.clear_hints()
    _hint(found, {place: solver.value(variable) for place, variable in found.variables()})
    aim(instance, found)
    in_force = bool(instance.standing or instance.held)
    finer, outcome = clock.run(found.model, CHANGE_WORK if in_force else polish, CHANGE // 2 if in_force else POST - 1)
    if outcome in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        seats, failed = _seats(instance, found, finer, enforced)
        if not failed:
            return Answer(ARRANGED, found, finer, seats)
    return answer


def _hint(found: Arrangement, known: Mapping[Any, int]) -> None:
    for place, variable in found.variables():
        if place in known:
            found.model.add_hint(variable, known[place])


def _seats(
    instance: Instance, found: Arrangement, solver: cp_model.CpSolver, enforced: frozenset[str]
) -> tuple[list[tuple[str, str, int, str]], frozenset[str]]:
    """Everybody's seat and set, and the sittings where that many of each cannot be laid out."""
    rows: list[tuple[str, str, int, str]] = []
    failed = set()
    if "capacity" not in enforced:
        return rows, frozenset()
    for name, people in _dealt_out(instance, found, solver).items():
        lying = {
            seat: key for (seat, key), variable in found.grids.get(name, {}).items() if solver.boolean_value(variable)
        }
        places = _room(instance, name, people, lying, enforced)
        if places is None:
            failed.add(name)
            continue
        rows += [(name, candidate, seat, paper) for candidate, (seat, paper) in sorted(places.items())]
    return rows, frozenset(failed)


def _room(
    instance: Instance, name: str, people: Mapping[str, Kind], lying: Mapping[int, Any], enforced: frozenset[str]
) -> dict[str, Place] | None:
    """The place of each candidate of one sitting; who sat there before keeps the seat where that can be."""
    sitting = instance.sittings[name]
    plain = {candidate: kind.group(sitting) for candidate, kind in people.items()}
    staying = {
        candidate: replace(
            group, seat=instance.held[candidate, name][0], paper=group.paper or instance.held[candidate, name][1]
        )
        for candidate, group in plain.items()
        if (candidate, name) in instance.held and group.seat is None
    }
    for groups in (plain | staying, plain) if staying and not lying else (plain,):
        counts = Counter(groups.values())
        found = dealt(instance, name, counts, lying, name) if lying else lay_out(instance, name, counts, enforced, name)
        if found is not None:
            by_group: dict[Group, list[str]] = defaultdict(list)
            for candidate in ranked(instance.seed, sorted(groups), f"{name}:candidate:"):
                by_group[groups[candidate]].append(candidate)
            return {
                candidate: place
                for group, members in by_group.items()
                for candidate, place in zip(members, sorted(found[group]), strict=True)
            }
    return None


def _dealt_out(instance: Instance, found: Arrangement, solver: cp_model.CpSolver) -> dict[str, dict[str, Kind]]:
    """Candidates by sitting: those of a kind drawn among its times, then among the sittings of that time."""
    slots: dict[Kind, list[tuple[Any, int]]] = defaultdict(list)
    for (kind, way), variable in found.slots.items():
        slots[kind].append((way, solver.value(variable)))
    taken: dict[Kind, list[str]] = defaultdict(list)
    for (kind, name), variable in found.taken.items():
        taken[kind] += [name] * solver.value(variable)
    rooms: dict[str, dict[str, Kind]] = defaultdict(dict)
    for kind, members in found.members.items():
        times: dict[tuple[str, str], Any] = {}
        by_subjects: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for way, count in slots.get(kind, ()):
            by_subjects[tuple(subject for subject, _slot in way)] += [way] * count
        for subjects, ways in by_subjects.items():
            for candidate, way in zip(_drawn(instance, members, "".join(subjects)), ways, strict=True):
                times.update({(candidate, subject): slot for subject, slot in way})
        for subject in kind.example.subjects:
            places = [instance.sittings[name] for name in taken[kind] if instance.sittings[name].subject == subject]
            for candidate in _drawn(instance, members, f"{subject}:room"):
                slot = times.get((candidate, subject))
                mine = next(each for each in places if slot in (None, (each.starts_at, each.ends_at)))
                places.remove(mine)
                rooms[mine.id][candidate] = kind
    return rooms


def _drawn(instance: Instance, members: list[str], salt: str) -> list[str]:
    return ranked(instance.seed, sorted(members), f"{salt}:")


def _solution(instance: Instance, values: Mapping[str, Any], answer: Answer, clock: Clock) -> Solution:
    assert answer.found is not None
    assert answer.solver is not None
    occupied = {sitting for sitting, *_rest in answer.seats}
    locked = {(lock.person, lock.sitting) for lock in instance.locks if lock.person and not lock.never}
    team, over = (
        {
            place
            for place, variable in rows.items()
            if answer.solver.boolean_value(variable) and (place[1] in occupied or place in locked)
        }
        for rows in (answer.found.posted, answer.found.supervising)
    )
    return Solution(
        ARRANGED, values, tuple(_posts(instance, team, over)), tuple(answer.seats), _proved(answer), clock.out
    )


def _proved(answer: Answer) -> bool:
    """Whether the bound leaves no room for one change less; what is not change weighs less than one together."""
    solver = answer.solver
    if solver is None or not answer.found or not answer.found.model.has_objective():
        return False
    return bool(solver.best_objective_bound > solver.objective_value - CHANGE // 2)


def _posts(instance: Instance, team: set[tuple[str, str]], over: set[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """The postings: who led in force leads on; otherwise a team of examiners is led by the highest card."""
    rows = []
    for sitting in instance.sittings.values():
        mine = sorted(person for person, name in team if name == sitting.id)
        first, other = ("chief", "invigilator") if sitting.invigilated else ("examiner_lead", "examiner")
        lead = max(mine, key=lambda person: _leads(instance, sitting, person, first), default=None)
        if sitting.invigilated and not sitting.chief:
            lead = None
        rows += [(sitting.id, person, first if person == lead else other) for person in mine]
        rows += [
            (sitting.id, person, SUPERVISOR) for person in sorted(each for each, name in over if name == sitting.id)
        ]
    return rows


def _leads(instance: Instance, sitting: Sitting, person: str, first: str) -> tuple[bool, bool]:
    senior = any(card.kind == "senior_examiner" for card in instance.people[person].cards)
    return instance.standing_posts.get((person, sitting.id)) == first, senior
