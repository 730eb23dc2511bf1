"""The figures behind rules that collide: what is needed, what there is, how much is lacking, and whom and where it concerns.

Every row holds identifiers of the instance. ``need``, ``have`` and ``short_by`` count people, seats or subjects; ``need`` is what the
rules ask for the candidates who cannot sit elsewhere, and ``have`` counts who is left after absence, cards and recusal.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from jiangheng.rules.arrangement.families import RECUSALS, examiners_needed, recusals, turns, unfit, unfit_to_supervise
from jiangheng.rules.arrangement.instance import SUPERVISOR, TEAM, Candidate, Instance, Sitting

STAFFED = frozenset({"invigilators", "examiners", "odd", "supervisors"})
CARDS = frozenset({"card_occupation", "card_level", "card_valid", "away", "consecutive"})
MOST_ROWS = 50
Row = dict[str, Any]


class Figures:
    """The figures of one instance for the rules ``families`` that collide; ``where``: the sittings that bring it about."""

    def __init__(
        self, instance: Instance, values: Mapping[str, Any], families: frozenset[str], where: tuple[str, ...]
    ) -> None:
        self.instance, self.values, self.families = instance, values, families
        self.sittings = [each for each in instance.sittings.values() if not where or each.id in where]
        self.backs = recusals(instance.people.values(), instance.candidates.values())
        self.in_a_row = turns(instance)

    def about(self, family: str) -> list[Row]:
        """The rows of one rule; never empty where somebody or some place can be named."""
        if family in STAFFED:
            rows = self._staffed(family)
        elif family == "card":
            rows = [self._row(sitting, supervising=each) for sitting, each in self._posts()]
        elif family in CARDS:
            rows = self._kept_away(family)
        elif family in RECUSALS:
            rows = self._recused(family)
        else:
            others = {
                "capacity": self._places,
                "workstations": self._places,
                "accessible": self._accessible,
                "extra_time": self._extra_time,
                "once": self._once,
                "neighbours": self._neighbours,
                "one_place": self._one_place,
                "workload": self._workload,
                "rotation": self._rotation,
                "locks": self._locks,
            }
            rows = others[family]() if family in others else []
        return rows[:MOST_ROWS]

    # Who may sit where.

    def _may_sit(self, sitting: Sitting) -> list[Candidate]:
        return [
            each
            for each in self.instance.candidates.values()
            if sitting.subject in each.subjects and (each.occupation, each.level) in sitting.exams
        ]

    def _offers(self, candidate: Candidate, subject: str) -> list[Sitting]:
        return [
            each
            for each in self.instance.sittings.values()
            if each.subject == subject and (candidate.occupation, candidate.level) in each.exams
        ]

    def _certain(self, sitting: Sitting) -> list[Candidate]:
        """Who can sit the subject here and nowhere else."""
        return [each for each in self._may_sit(sitting) if len(self._offers(each, sitting.subject)) == 1]

    def _heads(self, sitting: Sitting) -> int:
        """How many must sit here at least: those certain, or all that the other sittings have no place for."""
        able = self._may_sit(sitting)
        others = {other.id for each in able for other in self._offers(each, sitting.subject) if other.id != sitting.id}
        places = sum(self._seats(self.instance.sittings[name]) for name in others)
        return max(len(self._certain(sitting)), len(able) - places)

    def _seats(self, sitting: Sitting) -> int:
        return len(self.instance.rooms[sitting.room].usable("", equipped=False))

    # Who may be posted where.

    def _posts(self) -> Iterable[tuple[Sitting, bool]]:
        for sitting in self.sittings:
            if self.families & {"invigilators", "examiners", "odd"} or not self.families & STAFFED:
                yield sitting, False
            if sitting.supervisors and "supervisors" in self.families:
                yield sitting, True

    def need(self, sitting: Sitting, *, odd: bool = False) -> int:
        """The team a sitting needs by its ratio and least number; an odd one where ``odd`` and the law asks for it."""
        if not self._may_sit(sitting):
            return 0
        ratio: int | None
        if sitting.invigilated:
            least, asks_odd, ratio = self.values["min_per_room"], False, self.values["invigilator_ratio"]
        else:
            least, asks_odd, ratio = examiners_needed(sitting, self.values)
        needed: int = max(least, math.ceil(Fraction(self._heads(sitting), ratio)) if ratio else 0)
        return needed + int(odd and asks_odd and needed % 2 == 0)

    def fit(self, sitting: Sitting, *, supervising: bool = False) -> list[str]:
        """Who may be posted there: card, time, turns, recusal of those certain to sit there, and locks allow it."""
        back = {
            person
            for each in self._certain(sitting)
            for people in self.backs.get(each.id, {}).values()
            for person in people
        }
        post = SUPERVISOR if supervising else TEAM
        never = {
            lock.person
            for lock in self.instance.locks
            if lock.never and lock.sitting == sitting.id and lock.post in ("", post)
        }
        return sorted(
            name
            for name in self.instance.people
            if not self._unfit(name, sitting, supervising=supervising) and name not in back | never
        )

    def _unfit(self, name: str, sitting: Sitting, *, supervising: bool) -> frozenset[str]:
        person = self.instance.people[name]
        if supervising:
            return unfit_to_supervise(person, sitting)
        return unfit(person, sitting, self.values, self.in_a_row.get(name, 0))

    def _row(self, sitting: Sitting, *, supervising: bool = False) -> Row:
        needed = sitting.supervisors if supervising else self.need(sitting, odd="odd" in self.families)
        return {"sitting": sitting.id, **_lacking(needed, len(self.fit(sitting, supervising=supervising)))}

    def _staffed(self, family: str) -> list[Row]:
        rows = []
        for sitting in self.instance.sittings.values():
            if family == "supervisors":
                if sitting.supervisors:
                    rows.append({**self._row(sitting, supervising=True), "at_least": sitting.supervisors})
            elif sitting.invigilated == (family == "invigilators"):
                least = (
                    self.values["min_per_room"] if sitting.invigilated else examiners_needed(sitting, self.values)[0]
                )
                rows.append({**self._row(sitting), "at_least": least})
        # ``may_come`` was the name before ``have``; both are given.
        return [{**row, "may_come": row["have"]} for row in rows]

    def _kept_away(self, family: str) -> list[Row]:
        rows = []
        for sitting, supervising in self._posts():
            kept = [
                name
                for name in sorted(self.instance.people)
                if family in self._unfit(name, sitting, supervising=supervising)
            ]
            if not kept:
                continue
            row = {**self._row(sitting, supervising=supervising), "people": kept}
            if family == "card_valid":
                row["cards"] = [
                    {
                        "person": name,
                        "kind": card.kind,
                        "valid_from": card.valid_from.isoformat(),
                        "valid_to": card.valid_to.isoformat(),
                    }
                    for name in kept
                    for card in self.instance.people[name].cards
                ]
            elif family == "away":
                row["away"] = [
                    {"person": name, "from": begin.isoformat(), "to": end.isoformat()}
                    for name in kept
                    for begin, end in self.instance.people[name].away
                    if begin < sitting.ends_at and sitting.starts_at < end
                ]
            elif family == "consecutive":
                row["times"] = {name: self.in_a_row.get(name, 0) for name in kept}
            else:
                row["exams"] = [{"occupation": code, "level": level} for code, level in sorted(sitting.exams)]
            rows.append(row)
        return rows

    def _recused(self, family: str) -> list[Row]:
        rows: list[Row] = []
        for name, by in sorted(self.backs.items()):
            if family in by:
                candidate = self.instance.candidates[name]
                sittings = sorted({at.id for subject in candidate.subjects for at in self._offers(candidate, subject)})
                rows.append({"candidate": name, "people": sorted(by[family]), "sittings": sittings})
        return [*rows[: MOST_ROWS - 10], *(self._row(sitting, supervising=each) for sitting, each in self._posts())]

    # Places and papers.

    def _places(self) -> list[Row]:
        wanted: dict[tuple[str, str, int], int] = defaultdict(int)
        for candidate in self.instance.candidates.values():
            for subject in candidate.subjects:
                wanted[subject, candidate.occupation, candidate.level] += 1
        rows = []
        for (subject, occupation, level), heads in sorted(wanted.items()):
            at = [
                each
                for each in self.instance.sittings.values()
                if each.subject == subject and (occupation, level) in each.exams
            ]
            places = sum(len(self.instance.rooms[each.room].usable(occupation)) for each in at)
            rows.append(
                {
                    "subject": subject,
                    "occupation": occupation,
                    "level": level,
                    "candidates": heads,
                    "places": places,
                    "sittings": [each.id for each in at],
                    **_lacking(heads, places),
                }
            )
        return rows

    def _asking(self, what: str) -> Iterable[tuple[str, list[str], list[Sitting]]]:
        """By subject: who has the need, and the sittings they may sit in."""
        for subject in sorted({each for one in self.instance.candidates.values() for each in one.subjects}):
            asking = [
                each for each in self.instance.candidates.values() if what in each.needs and subject in each.subjects
            ]
            at = {sitting.id: sitting for each in asking for sitting in self._offers(each, subject)}
            if asking:
                yield subject, [each.id for each in asking], list(at.values())

    def _accessible(self) -> list[Row]:
        rows = []
        for subject, names, at in self._asking("accessible"):
            rooms = [self.instance.rooms[each.room] for each in at]
            have = sum(len(room.accessible & room.usable("", equipped=False)) for room in rooms)
            rows.append(
                {
                    "subject": subject,
                    "candidates": names,
                    "sittings": [each.id for each in at],
                    **_lacking(len(names), have),
                }
            )
        return rows

    def _extra_time(self) -> list[Row]:
        return [
            {
                "subject": subject,
                "candidates": names,
                "sittings": [each.id for each in at],
                **_lacking(len(names), sum(self._seats(each) for each in at if each.extra_time)),
            }
            for subject, names, at in self._asking("extra_time")
        ]

    def _once(self) -> list[Row]:
        alike: dict[Any, list[Candidate]] = defaultdict(list)
        for candidate in self.instance.candidates.values():
            alike[candidate.occupation, candidate.level, tuple(sorted(candidate.subjects))].append(candidate)
        rows = []
        for (_code, _level, subjects), group in sorted(alike.items()):
            offers = [self._offers(group[0], subject) for subject in subjects]
            if not _some_overlap([one for each in offers for one in each]):
                continue
            have = max(map(_apart, product(*offers)), default=0)
            rows.append(
                {
                    "candidates": [each.id for each in group],
                    "subjects": list(subjects),
                    "sittings": sorted({one.id for each in offers for one in each}),
                    **_lacking(len(subjects), have),
                }
            )
        return rows

    def _neighbours(self) -> list[Row]:
        rows = []
        for sitting in self.instance.sittings.values():
            held: dict[str, list[str]] = defaultdict(list)
            for each in self._may_sit(sitting):
                own = dict(each.paper_sets).get(sitting.subject)
                offered = sitting.paper_sets
                held[own or (offered[0] if len(offered) == 1 else "")].append(each.id)
            for paper, names in sorted(held.items()):
                if paper or sitting.paper_sets:
                    # Of one set, no two side by side or one behind the other; several sets may fill the room.
                    have = self._apart_seats(sitting) if paper else self._seats(sitting)
                    rows.append(
                        {
                            "sitting": sitting.id,
                            "paper_set": paper or None,
                            "candidates": names,
                            **_lacking(len(names), have),
                        }
                    )
        return rows

    def _apart_seats(self, sitting: Sitting) -> int:
        """The most seats of the room no two of which are neighbours: all less a largest pairing of neighbours."""
        room = self.instance.rooms[sitting.room]
        width = room.per_row
        free = {divmod(seat - 1, width) for seat in room.usable("", equipped=False)}
        paired: dict[tuple[int, int], tuple[int, int]] = {}

        def pair(seat: tuple[int, int], seen: set[tuple[int, int]]) -> bool:
            row, column = seat
            for beside in ((row, column + 1), (row, column - 1), (row + 1, column), (row - 1, column)):
                if beside in free and beside not in seen:
                    seen.add(beside)
                    if beside not in paired or pair(paired[beside], seen):
                        paired[beside] = seat
                        return True
            return False

        return len(free) - sum(pair(seat, set()) for seat in sorted(free) if sum(seat) % 2 == 0)

    # People over several sittings.

    def _one_place(self) -> list[Row]:
        rows, told = [], set()
        for first in self.instance.sittings.values():
            at_once = [
                each for each in self.instance.sittings.values() if each.starts_at <= first.starts_at < each.ends_at
            ]
            names = tuple(sorted(each.id for each in at_once))
            if len(names) < 2 or names in told:
                continue
            told.add(names)
            fit = {each.id: set(self.fit(each)) for each in at_once}
            several = {
                name for found in fit.values() for name in found if sum(name in each for each in fit.values()) > 1
            }
            need = sum(self.need(each, odd="odd" in self.families) for each in at_once)
            rows.append(
                {"sittings": list(names), "people": sorted(several), **_lacking(need, len(set().union(*fit.values())))}
            )
        rows.extend(
            {
                "sittings": sorted({lock.sitting for lock in self.instance.locks if lock.person == name}),
                "people": [name],
            }
            for name in sorted({lock.person for lock in self.instance.locks if lock.person and not lock.never})
        )
        return rows

    def _workload(self) -> list[Row]:
        fit: dict[str, list[str]] = defaultdict(list)
        for sitting in self.instance.sittings.values():
            for name in self.fit(sitting):
                fit[name].append(sitting.id)
        most = {name: each.most for name, each in self.instance.people.items()}
        have = sum(min(len(at), len(at) if (limit := most[name]) is None else limit) for name, at in fit.items())
        need = sum(self.need(each, odd="odd" in self.families) for each in self.instance.sittings.values())
        limited = [name for name, limit in most.items() if limit is not None]
        return [
            {"sittings": list(self.instance.sittings), "people": sorted(limited), **_lacking(need, have)},
            *(
                {"people": [name], "most_sittings": most[name], "sittings": fit.get(name, [])}
                for name in sorted(limited)
            ),
        ]

    def _rotation(self) -> list[Row]:
        judged = [each for each in self.instance.sittings.values() if not each.invigilated and self._may_sit(each)]
        if not self.instance.history or not judged:
            return []
        last = self.instance.history[-1]
        share = Fraction(str(self.values["min_rotation_share"]))
        team = max(self.need(each, odd=True) for each in judged)
        able = {name for each in judged for name in self.fit(each)}
        return [
            {
                "sittings": [each.id for each in judged],
                "people": sorted(last & self.instance.people.keys()),
                "share": str(share),
                **_lacking(math.ceil(share * team), len(able - last)),
            }
        ]

    def _locks(self) -> list[Row]:
        return [
            {"sitting": lock.sitting, "person": lock.person or None, "candidate": lock.candidate or None}
            for lock in self.instance.locks
        ]


def _lacking(need: int, have: int) -> Row:
    return {"need": need, "have": have, "short_by": max(need - have, 0)}


def _some_overlap(sittings: list[Sitting]) -> bool:
    return any(one.overlaps(other) for one in sittings for other in sittings if one.id != other.id)


def _apart(sittings: tuple[Sitting, ...]) -> int:
    """How many of a choice, one a subject, can be sat one after another: the most that end before the next begins."""
    done, count = None, 0
    for each in sorted(sittings, key=lambda one: one.ends_at):
        if done is None or each.starts_at >= done:
            done, count = each.ends_at, count + 1
    return count
