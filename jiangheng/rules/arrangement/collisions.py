"""Which rules collide: the smallest set that cannot hold together, where it does so, and the figures behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from jiangheng.rules.arrangement.families import FAMILIES, RECUSALS, recusals
from jiangheng.rules.arrangement.figures import STAFFED, Figures
from jiangheng.rules.arrangement.instance import Instance
from jiangheng.rules.arrangement.solving import ARRANGED, INFEASIBLE, WORK, Clock, parameters, search
from jiangheng.rules.law import Law
from jiangheng.rules.words import gettext_noop as N_

DROP = 0.5  # work spent on seeing whether a rule can be left out of those that collide
GROW = 0.3  # work spent on seeing whether one more family fits; not knowing costs only a further round
NOWHERE = ("offered", "四（六）", N_("有考生的科目没有安排任何场次，或者没有场次发放其试卷套"))


@dataclass(frozen=True, slots=True)
class Collision:
    """One of the rules that collide: name, clause, sentence, and the figures behind it."""

    rule: str
    clause: str
    words: str
    about: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Collisions:
    """``smallest``: no smaller set of rules collides; otherwise the time ended the search before that was known.

    ``sittings``: the fewest that had to be staffed for the collision, none where staffing has no part in it.
    """

    rules: tuple[Collision, ...]
    sittings: tuple[str, ...]
    smallest: bool


def collisions(
    instance: Instance, law: Law, *, seconds: float = 60.0, fixed: frozenset[str] = frozenset()
) -> Collisions:
    """The smallest set of rules of an infeasible instance that cannot hold together, beside those ``fixed``.

    By the known duality: a smallest colliding set is a smallest set that meets every set of rules whose giving up would
    have made it possible; sets are tried in order of size, and every failure teaches one such set.
    """
    seeker = _Seeker(instance, parameters(instance, law), Clock(seconds), fixed)
    if seeker.possible(frozenset()) is False:
        rule, clause, words = NOWHERE
        return Collisions((Collision(rule, clause, words, tuple(_missing(instance))),), (), smallest=True)
    names = sorted(relevant(instance) - fixed)
    few = seeker.fewer(names)
    # Every set seen to hold together says: what it leaves out has a part in each collision.
    spare = [frozenset(names) - held for (held, _staffed), possible in seeker.known.items() if possible]
    while True:
        tried = _smallest_hitting(names, spare)
        if len(tried) >= len(few):
            return seeker.told(few, smallest=True)
        possible = seeker.possible(tried)
        if possible is False:
            return seeker.told(tried, smallest=True)
        if possible is None:
            return seeker.told(few, smallest=False)
        kept = seeker.grown(tried, [name for name in names if name not in tried])
        spare.append(frozenset(names) - kept)


def relevant(instance: Instance) -> frozenset[str]:
    """The families this instance gives cause for; the others restrict nothing in it."""
    backs = recusals(instance.people.values(), instance.candidates.values())
    sittings, candidates = instance.sittings.values(), instance.candidates.values()
    causes = {
        "once": any(one.overlaps(other) for one, other in combinations(sittings, 2)),
        "workstations": any(room.stations for room in instance.rooms.values()),
        "neighbours": any(each.paper_sets for each in sittings) or any(each.paper_sets for each in candidates),
        "accessible": any("accessible" in each.needs for each in candidates),
        "extra_time": any("extra_time" in each.needs for each in candidates),
        "supervisors": any(each.supervisors for each in sittings),
        "workload": any(person.most is not None for person in instance.people.values()),
        "away": any(person.away for person in instance.people.values()),
        "consecutive": bool(instance.history),
        "rotation": bool(instance.history),
        "locks": bool(instance.locks),
    }
    causes |= {family: any(family in by for by in backs.values()) for family in RECUSALS}
    return frozenset(family for family in FAMILIES if causes.get(family, True))


class _Seeker:
    """Asks whether families can hold together, and remembers the answers."""

    def __init__(self, instance: Instance, values: Mapping[str, Any], clock: Clock, fixed: frozenset[str]) -> None:
        self.instance, self.values, self.clock, self.fixed = instance, values, clock, fixed
        self.known: dict[Any, bool | None] = {}

    def possible(
        self, families: frozenset[str], staffed: frozenset[str] | None = None, work: float = WORK
    ) -> bool | None:
        """None where the work or the time ended before it was known."""
        key = families, staffed
        if self.known.get(key) is None and self.clock.left > 0:
            held = families | self.fixed
            status = search(self.instance, self.values, held, self.clock, staffed=staffed, work=work).status
            self.known[key] = {ARRANGED: True, INFEASIBLE: False}.get(status)
        return self.known.get(key)

    def grown(self, kept: frozenset[str], more: list[str]) -> frozenset[str]:
        """``kept`` with the families of ``more`` seen to fit; whole halves at a time where they do."""
        if not more:
            return kept
        if self.possible(kept | set(more), work=GROW):
            return kept | set(more)
        if len(more) == 1:
            return kept
        half = len(more) // 2
        return self.grown(self.grown(kept, more[:half]), more[half:])

    def fewer(self, names: list[str]) -> frozenset[str]:
        """Rules that collide, without those seen not to be needed; whole halves left out at a time where they can be."""
        return frozenset(self._needed(names, lambda left: self.possible(frozenset(left), work=DROP) is False))

    @staticmethod
    def _needed(names: list[str], collides: Callable[[list[str]], bool]) -> list[str]:
        needed, step = list(names), len(names)
        while step:
            first = 0
            while first < len(needed):
                left = needed[:first] + needed[first + step :]
                if collides(left):
                    needed = left
                else:
                    first += step
            step = (step + 1) // 2 if step > 1 else 0
        return needed

    def told(self, families: frozenset[str], *, smallest: bool) -> Collisions:
        families = self._plainly(families)
        where = self._where(families)
        figures = Figures(self.instance, self.values, families, where)
        rules = tuple(Collision(family, *FAMILIES[family], tuple(figures.about(family))) for family in sorted(families))
        return Collisions(rules, where, smallest)

    def _plainly(self, families: frozenset[str]) -> frozenset[str]:
        """Nobody is an even number: where too few examiners collide just as well, they are named and not ``odd``."""
        plain = families - {"odd"} | {"examiners"}
        if "odd" not in families or "examiners" in families | self.fixed:
            return families
        return plain if self.possible(plain) is False else families

    def _where(self, families: frozenset[str]) -> tuple[str, ...]:
        """Sittings whose staffing brings the collision about, none of which can be left out."""
        if not families & STAFFED or self.possible(families, frozenset()) is not True:
            return ()
        needed = self._needed(
            list(self.instance.sittings), lambda left: self.possible(families, frozenset(left), DROP) is False
        )
        return tuple(needed) if self.clock.left > 0 else ()


def _smallest_hitting(names: list[str], sets: list[frozenset[str]]) -> frozenset[str]:
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            if all(each & set(chosen) for each in sets):
                return frozenset(chosen)
    return frozenset(names)


def _missing(instance: Instance) -> list[dict[str, Any]]:
    """Subjects with candidates that no sitting examines, or none with their paper set."""
    offered = {(sitting.subject, *exam) for sitting in instance.sittings.values() for exam in sitting.exams}
    wanted = {
        (subject, each.occupation, each.level) for each in instance.candidates.values() for subject in each.subjects
    }
    rows: list[dict[str, Any]] = [
        {"subject": subject, "occupation": code, "level": level} for subject, code, level in sorted(wanted - offered)
    ]
    for each in instance.candidates.values():
        for subject, paper in each.paper_sets:
            there = [
                sitting
                for sitting in instance.sittings.values()
                if sitting.subject == subject and (each.occupation, each.level) in sitting.exams
            ]
            if there and not any(not sitting.paper_sets or paper in sitting.paper_sets for sitting in there):
                rows.append({"candidate": each.id, "subject": subject, "paper_set": paper})
    return rows
