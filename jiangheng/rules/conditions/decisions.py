"""A decision on an application and its rehearsal for ever: the facts, the routes and the answer as plain data (三（一）)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from jiangheng.rules.conditions import claims, routes
from jiangheng.rules.conditions.claims import Reading
from jiangheng.rules.conditions.eligibility import (
    NOT_EVIDENCED,
    ConditionResult,
    Education,
    Employment,
    HeldCertificate,
    HeldTitle,
    PersonFacts,
)
from jiangheng.rules.conditions.routes import RouteSet

EDITION = 2
"""The edition of the engine's semantics; a snapshot names the one it was judged under."""

ANSWER = ("route", "other_route", "clause", "conditions", "nearest", "earliest")


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, and what is stored of the answer."""

    verdict: str
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored decision judged again; ``differing`` names what came out otherwise."""

    decision: Decision
    differing: tuple[str, ...]

    @property
    def same(self) -> bool:
        """True where the answer is the stored one in every part."""
        return not self.differing


def snapshot(found: RouteSet, names: Iterable[str], document: str) -> dict[str, Any]:
    """All that a decision rests on but the person: the routes as they are, what counts as related work, the standard."""
    return {"edition": EDITION, "standard": document, "names": sorted(names), **routes.content(found)}


def decide(
    reading: Reading, names: Iterable[str], level: int, found: RouteSet, as_of: date, asked_route: str
) -> Decision:
    """Judge a reading by the route asked for; refusals are those of ``eligibility.judge``.

    A route the set does not have for the level cannot be judged: every route is, and a person decides.
    """
    route = asked_route if found.at(level, asked_route) else ""
    assessment = claims.assess(reading, frozenset(names), level, found, as_of, route=route)
    result = assessment.judgement
    near = result.nearest
    shown = [each for each in result.conditions if not route or each.route == route]
    return Decision(
        assessment.verdict if route or not asked_route else NOT_EVIDENCED,
        {
            "route": result.route or "",
            "other_route": assessment.other_route or "",
            "clause": _text(found, route or result.route or (near.route if near else "")),
            "conditions": [_condition(each) for each in shown],
            "nearest": None
            if near is None
            else {
                "route": near.route,
                "text": _text(found, near.route),
                "missing": [_condition(each) for each in near.missing],
                "evidence": list(near.evidence),
            },
            "earliest": result.earliest.isoformat() if result.earliest else "",
        },
    )


def facts(reading: Reading) -> dict[str, Any]:
    """Both readings of a form as plain data; ``kind`` is None where it says the same as the careful one."""
    careful = _plain(asdict(reading.careful))
    return {"facts": careful, "kind": None if reading.kind == reading.careful else _plain(asdict(reading.kind))}


def replay(stored: Mapping[str, Any], verdict: str, level: int, as_of: date, kept: Mapping[str, Any]) -> Replay:
    """Judge the facts stored with a decision by the snapshot kept with it, and compare with what was stored."""
    careful = _person(stored["facts"])
    reading = Reading(careful, _person(stored["kind"]) if stored.get("kind") else careful)
    found = routes.from_content(kept)
    again = decide(reading, kept["names"], level, found, as_of, str(stored.get("asked_route", "")))
    differing = [name for name in ANSWER if again.answer[name] != stored.get(name)]
    if again.verdict != verdict:
        differing.insert(0, "verdict")
    return Replay(again, tuple(differing))


def _condition(each: ConditionResult) -> dict[str, Any]:
    return {
        "route": each.route,
        "condition": each.condition,
        "state": each.state,
        "detail": dict(each.detail),
        "earliest": each.earliest.isoformat() if each.earliest else "",
    }


def _text(found: RouteSet, route_id: str) -> str:
    route = found.route(route_id) if route_id else None
    return route.text if route else ""


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _person(given: Mapping[str, Any]) -> PersonFacts:
    rows: dict[str, tuple[type, Sequence[str]]] = {
        "certificates": (HeldCertificate, ("issued",)),
        "employment": (Employment, ("start", "to")),
        "titles": (HeldTitle, ("issued",)),
        "education": (Education, ("graduated",)),
    }
    lists = {
        name: None if given[name] is None else tuple(kind(**_dated(row, dates)) for row in given[name])
        for name, (kind, dates) in rows.items()
    }
    return PersonFacts(**{**_dated(given, ("born",)), **lists})


def _dated(row: Mapping[str, Any], dates: Sequence[str]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name in dates and value else value for name, value in row.items()}
