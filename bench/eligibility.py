"""Judged people per second, beside two maintained rules engines on the same people and routes in one run.

``python -m bench.eligibility [--people 10000] [--repeats 3]`` prints a Markdown table. The engines know no calendar and
no third state: they are handed the months already counted and answer the first route met, nothing else.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

from bench import machine
from jiangheng.rules.conditions.eligibility import (
    MET,
    Education,
    Employment,
    HeldCertificate,
    HeldTitle,
    PersonFacts,
    check_route,
    judge,
)
from jiangheng.rules.conditions.routes import CERTIFICATE_KINDS, GRADES, SCHOOLS, Route, RouteSet, route_sets
from jiangheng.rules.conditions.work_time import longest_run, months_worked, spells
from jiangheng.rules.days.months import whole_months

OWN, RELATED, OTHER = "6-31-01-03", "6-31-01-04", "4-03-02-01"
NAMES = frozenset((OWN, RELATED))
AS_OF = date(2026, 11, 24)

Question = tuple[PersonFacts, str, int]


def people(count: int) -> list[Question]:
    """People with a route set and a level each, the same on every run."""
    chance = random.Random("eligibility")
    sets = list(route_sets())

    def day(first: int = 2008) -> date:
        return date(first, 1, 1) + timedelta(days=chance.randrange((AS_OF - date(first, 1, 1)).days))

    def one() -> Question:
        jobs = []
        for _ in range(chance.randint(0, 4)):
            start = day()
            to = None if chance.random() < 0.4 else start + timedelta(days=chance.randint(1, 2500))
            jobs.append(Employment(chance.choice([OWN, OWN, RELATED, OTHER]), start, to))
        facts = PersonFacts(
            born=day(1970),
            employment=tuple(jobs),
            certificates=tuple(
                HeldCertificate(
                    chance.choice([OWN, RELATED, OTHER]), chance.randint(2, 5), chance.choice(CERTIFICATE_KINDS), day()
                )
                for _ in range(chance.randint(0, 3))
            ),
            titles=tuple(
                HeldTitle(chance.choice(GRADES), day(), chance.choice([True, False]))
                for _ in range(chance.randint(0, 1))
            ),
            education=tuple(
                Education(
                    chance.choice(SCHOOLS),
                    chance.choice([True, False]),
                    chance.choice([True, False]),
                    chance.choice([None, day(2012)]),
                    chance.choice([True, False]),
                )
                for _ in range(chance.randint(0, 2))
            ),
            apprenticeship_completed=chance.choice([True, False]),
            training_hours=chance.choice([0, 100, 250, 400]),
        )
        return facts, chance.choice(sets), chance.randint(1, 5)

    return [one() for _ in range(count)]


def figures(person: PersonFacts, routes: Iterable[Route]) -> dict[str, Any]:
    """What the routes speak of, counted out beforehand: months, certificates held, whether a schooling fits."""
    jobs = [(job.start, job.to) for job in person.employment or () if job.occupation in NAMES]

    def since(days: list[date], count: Callable[[Any, date], int]) -> int:
        return max((count(spells(jobs, day), AS_OF) for day in days), default=0)

    given: dict[str, Any] = {
        "age": whole_months(person.born, AS_OF) // 12 if person.born else 0,
        "working": any(start <= AS_OF for start, _ in jobs),
        "cum": months_worked(spells(jobs), AS_OF),
        "run": longest_run(spells(jobs), AS_OF),
        "training": person.training_hours or 0,
        "apprentice": bool(person.apprenticeship_completed),
    }
    for level in ("2", "3", "4", "5", "pre"):
        days = [
            row.issued
            for row in person.certificates or ()
            if row.issued
            and row.issued <= AS_OF
            and row.occupation in NAMES
            and (row.kind == "pre-technician") == (level == "pre")
            and (level in ("pre", str(row.level)))
        ]
        given[f"cert_{level}"] = bool(days)
        given[f"held_{level}"] = max((whole_months(day, AS_OF) for day in days), default=0)
        given[f"after_{level}"] = since(days, months_worked)
        given[f"run_{level}"] = since(days, longest_run)
    for grade in GRADES:
        days = [row.issued for row in person.titles or () if row.issued and row.grade == grade and row.matching]
        given[f"title_{grade}"] = bool(days)
        given[f"after_{grade}"] = since(days, months_worked)
    for route in routes:
        if route.edu:
            given[_edu(route)] = any(_fits(route, row) for row in person.education or ())
    return given


def _edu(route: Route) -> str:
    return "edu_" + route.id.replace("-", "_")


def _fits(route: Route, row: Education) -> bool:
    graduated = row.graduated is not None and row.graduated <= AS_OF
    there = (route.enrolled and bool(row.enrolled) and not graduated) or (graduated and not route.students)
    listed = route.evaluated or row.kind in route.evaluated_edu
    return (
        row.kind in route.edu
        and there
        and (not route.major or bool(row.major_related))
        and (not listed or bool(row.evaluated_programme))
    )


def expression(route: Route) -> str:
    """A route as a condition on ``figures``, in the words both engines share."""
    held = "pre" if route.cert_kind else str(route.cert)
    named = bool(route.cert or route.cert_kind)
    asked = [
        (route.min_age is not None, f"age >= {route.min_age}"),
        (route.working, "working == true"),
        (named, f"cert_{held} == true"),
        (route.cert_held is not None, f"held_{held} >= {12 * (route.cert_held or 0)}"),
        (route.after is not None, f"after_{held} >= {12 * (route.after or 0)}"),
        (route.cum is not None, f"cum >= {12 * (route.cum or 0)}"),
        (route.consecutive is not None, f"run{'_' + held if named else ''} >= {12 * (route.consecutive or 0)}"),
        (route.training is not None, f"training >= {route.training}"),
        (bool(route.title), f"title_{route.title} == true"),
        (route.after_title is not None, f"after_{route.title} >= {12 * (route.after_title or 0)}"),
        (bool(route.edu), f"{_edu(route)} == true"),
        (route.apprentice, "apprentice == true"),
    ]
    return " and ".join(words for wanted, words in asked if wanted)


Judge = Callable[[str, int, dict[str, Any]], str | None]


def by_rule_engine(sets: dict[str, RouteSet]) -> Judge:
    """rule-engine: one compiled expression a route, tried in order."""
    import rule_engine

    compiled = {
        (name, level): [(route.id, rule_engine.Rule(expression(route))) for route in found.for_level(level)]
        for name, found in sets.items()
        for level in range(1, 6)
    }

    def first(name: str, level: int, given: dict[str, Any]) -> str | None:
        return next((route for route, rule in compiled[name, level] if rule.matches(given)), None)

    return first


def by_zen(sets: dict[str, RouteSet]) -> Judge:
    """zen-engine: one decision table a level, first row that holds."""
    import zen

    engine = zen.ZenEngine()

    def table(found: RouteSet, level: int) -> Any:
        rows = [
            {"_id": route.id, "holds": expression(route), "route": json.dumps(route.id)}
            for route in found.for_level(level)
        ]
        content = {
            "hitPolicy": "first",
            "inputs": [{"id": "holds", "name": "holds"}],
            "outputs": [{"id": "route", "name": "route", "field": "route"}],
            "rules": rows,
        }
        nodes = [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
            {"id": "out", "name": "out", "type": "outputNode"},
        ]
        edges = [
            {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
        ]
        return engine.create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    tables = {(name, level): table(found, level) for name, found in sets.items() for level in range(1, 6)}

    def first(name: str, level: int, given: dict[str, Any]) -> str | None:
        answer: dict[str, Any] = tables[name, level].evaluate(given)["result"] or {}
        return answer.get("route")

    return first


def ours_bare(name: str, level: int, person: PersonFacts) -> str | None:
    """Our engine asked no more than the others: the first route met."""
    for route in route_sets()[name].for_level(level):
        if all(row.state == MET for row in check_route(route, person, NAMES, AS_OF)):
            return route.id
    return None


def best(repeats: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest of several runs in seconds, and what the last one gave."""
    seconds, found = [], None
    for _ in range(repeats):
        began = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - began)
    return min(seconds), found


def main() -> None:
    """Time every engine on the same people; a difference in any answer ends the run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = machine.parsed(parser, people=60, repeats=1)
    sets, asked = route_sets(), people(arguments.people)
    every = {name: found.routes for name, found in sets.items()}

    whole, judged = best(
        arguments.repeats, lambda: [judge(who, NAMES, level, name, AS_OF) for who, name, level in asked]
    )
    expected = [row.route for row in judged]
    bare, routes = best(arguments.repeats, lambda: [ours_bare(name, level, who) for who, name, level in asked])
    assert routes == expected, "first route"
    counting, counted = best(arguments.repeats, lambda: [figures(who, every[name]) for who, name, _level in asked])
    lines = [
        ("jiangheng: states, sentences' figures, nearest route, earliest day", "from dates", whole),
        ("jiangheng: first route met", "from dates", bare),
    ]
    for package, build in (("rule-engine", by_rule_engine), ("zen-engine", by_zen)):
        first = build(sets)

        def run(first: Judge = first) -> list[str | None]:
            return [first(name, level, given) for (_who, name, level), given in zip(asked, counted, strict=True)]

        seconds, found = best(arguments.repeats, run)
        wrong = [place for place, (one, other) in enumerate(zip(found, expected, strict=True)) if one != other]
        assert not wrong, (package, len(wrong), asked[wrong[0]], counted[wrong[0]], found[wrong[0]], expected[wrong[0]])
        lines.append((f"{package} {version(package)}: first route met", "from counted months", seconds))
        lines.append((f"{package} {version(package)} with the counting", "from dates", seconds + counting))
    print(machine.describe())
    met = sum(route is not None for route in expected)
    print(f"{len(asked)} people, {met} of them with a route met; every engine gives the same route for every person.\n")
    print("| engine | input | people a second | µs a person |")
    print("|---|---|---:|---:|")
    for label, source, seconds in lines:
        print(f"| {label} | {source} | {len(asked) / seconds:,.0f} | {seconds / len(asked) * 1e6:.1f} |")


if __name__ == "__main__":
    main()
