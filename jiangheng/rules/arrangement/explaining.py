"""Why each person was not posted where they were not, what changed, and the whole solution as a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from jiangheng.rules.arrangement.collisions import Collisions
from jiangheng.rules.arrangement.families import FAMILIES, recusals, turns, unfit, unfit_to_supervise
from jiangheng.rules.arrangement.instance import SUPERVISOR, TEAM, Instance, Member
from jiangheng.rules.arrangement.solving import ARRANGED, FORMAT, Solution
from jiangheng.rules.law import Law
from jiangheng.rules.words import gettext_noop as N_

Translate = Callable[[str], str]
NOT_NEEDED = N_("可以担任，本次人数已够")
JOIN, WITH_CLAUSE = N_("；"), N_("%(words)s（%(clause)s）")
COLLIDE = N_("下列规定不能同时满足：")
PERHAPS_FEWER = N_("在给定时间内只查明下列规定不能同时满足，其中可能还有可以去掉的：")


def document(
    instance: Instance, solution: Solution, law: Law, translate: Translate, collisions: Collisions | None = None
) -> dict[str, Any]:
    """As it is written to a file (docs/formats.md), its sentences in the language of ``translate``."""
    return {
        "format": FORMAT,
        "status": solution.status,
        "seed": instance.seed,
        "stopped_by_clock": solution.hurried,
        "parameters": _parameters(instance, solution, law),
        "staff": [{"sitting": name, "person": person, "post": post} for name, person, post in solution.posts],
        "seats": [
            {"sitting": name, "candidate": candidate, "seat": seat, "paper_set": paper or None}
            for name, candidate, seat, paper in solution.seats
        ],
        "changes": _changes(instance, solution),
        "excluded": list(_excluded(instance, solution, translate)) if solution.status == ARRANGED else [],
        "collisions": _collided(collisions, translate) if collisions else None,
    }


def _parameters(instance: Instance, solution: Solution, law: Law) -> dict[str, Any]:
    rows = {}
    for key, value in solution.values.items():
        rule = law.rule(key)
        given = key in instance.parameters
        rows[key] = {
            "value": value,
            "source": "instance" if given else "law",
            "document": None if given else law.instrument(rule.instrument).title,
            "clause": rule.clause,
        }
    return rows


def _changes(instance: Instance, solution: Solution) -> dict[str, Any] | None:
    """What differs from the arrangement in force; None where there was none or none was found."""
    if solution.status != ARRANGED or not (instance.standing or instance.held):
        return None
    posted = {(person, name) for name, person, _post in solution.posts}
    seats = {(candidate, name): (seat, paper) for name, candidate, seat, paper in solution.seats}
    moved = sorted(
        {
            candidate
            for (candidate, name), place in instance.held.items()
            if candidate in instance.candidates and seats.get((candidate, name)) != place
        }
    )
    return {
        "removed": [{"person": person, "sitting": name} for person, name in sorted(instance.standing - posted)],
        "added": [{"person": person, "sitting": name} for person, name in sorted(posted - instance.standing)],
        "moved": moved,
        "proved_least": solution.proved,
    }


def _excluded(instance: Instance, solution: Solution, translate: Translate) -> Iterator[dict[str, Any]]:
    """Per sitting held and person not posted there: the post, the rules that exclude them, a sentence."""
    in_a_row = turns(instance)
    backs = recusals(instance.people.values(), instance.candidates.values())
    by_sitting: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, candidate, _seat, _paper in solution.seats:
        for family, persons in backs[candidate].items():
            for each in persons:
                by_sitting[name][each].add(family)
    posts: dict[str, list[str]] = defaultdict(list)
    for name, who, _post in solution.posts:
        posts[who].append(name)
    stale = _no_more_of_last_time(instance, solution)
    for name in sorted({name for name, *_rest in solution.seats}):
        sitting = instance.sittings[name]
        for person in instance.people.values():
            mine = posts.get(person.id, [])
            if name in mine:
                continue
            why = set(by_sitting[name][person.id])
            if any(instance.sittings[at].overlaps(sitting) for at in mine):
                why.add("one_place")
            if person.most is not None and len(mine) >= person.most:
                why.add("workload")
            never = {
                lock.post for lock in instance.locks if lock.never and (lock.person, lock.sitting) == (person.id, name)
            }
            team = why | unfit(person, sitting, solution.values, in_a_row.get(person.id, 0))
            if never & {"", TEAM}:
                team.add("locks")
            if not sitting.invigilated and person.id in stale:
                team.add("rotation")
            yield _why_not(name, person, "invigilator" if sitting.invigilated else "examiner", team, translate)
            if sitting.supervisors:
                over = why | unfit_to_supervise(person, sitting)
                if never & {"", SUPERVISOR}:
                    over.add("locks")
                yield _why_not(name, person, SUPERVISOR, over, translate)


def _why_not(name: str, person: Member, post: str, why: set[str], translate: Translate) -> dict[str, Any]:
    rules = sorted(why)
    return {
        "sitting": name,
        "person": person.id,
        "post": post,
        "rules": rules,
        "words": translate(JOIN).join(translate(FAMILIES[family][1]) for family in rules) or translate(NOT_NEEDED),
    }


def _no_more_of_last_time(instance: Instance, solution: Solution) -> frozenset[str]:
    """Who examined last time and not this time, where one more of them would leave too small a share new."""
    used = {person for name, person, post in solution.posts if post in ("examiner", "examiner_lead")}
    if not instance.history or not used:
        return frozenset()
    last = instance.history[-1]
    share = Fraction(str(solution.values["min_rotation_share"]))
    return frozenset(last - used) if Fraction(len(used - last), len(used) + 1) < share else frozenset()


def _collided(found: Collisions, translate: Translate) -> dict[str, Any]:
    rows = [
        {"rule": each.rule, "clause": each.clause, "words": translate(each.words), "about": list(each.about)}
        for each in found.rules
    ]
    return {
        "smallest": found.smallest,
        "words": translate(COLLIDE if found.smallest else PERHAPS_FEWER)
        + translate(JOIN).join(translate(WITH_CLAUSE) % row for row in rows),
        "sittings": list(found.sittings),
        "rules": rows,
    }
