"""Application routes (申报条件) per route set, as dated data; which set applies is a matter of the standard version."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from jiangheng.rules.law import FOLDER


@dataclass(frozen=True, slots=True)
class Route:
    """One way to be eligible for a level; every condition given must be met. Years are whole years.

    ``enrolled``: a student counts before the diploma; ``students``: only a student counts, not a graduate.
    """

    id: str
    level: int
    text: str
    evidence: tuple[str, ...]
    min_age: int | None = None
    working: bool = False
    cert: int | None = None
    cert_kind: str = ""
    cert_held: int | None = None
    after: int | None = None
    cum: int | None = None
    title: str = ""
    after_title: int | None = None
    edu: tuple[str, ...] = ()
    major: bool = False
    enrolled: bool = False
    students: bool = False
    evaluated: bool = False
    apprentice: bool = False


@dataclass(frozen=True, slots=True)
class RouteSet:
    """All routes of one generation of the template, and the instrument they stand in."""

    id: str
    instrument: str
    routes: tuple[Route, ...]

    def for_level(self, level: int) -> tuple[Route, ...]:
        """The routes to ``level`` in the template's order."""
        return tuple(route for route in self.routes if route.level == level)

    def route(self, identifier: str) -> Route | None:
        """The route of that id, or None."""
        return next((route for route in self.routes if route.id == identifier), None)


@cache
def route_sets() -> dict[str, RouteSet]:
    """Every shipped route set by id (R2018, R2023)."""
    sets = {}
    for path in sorted(FOLDER.glob("routes_*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        routes = tuple(
            Route(**{**row, "evidence": tuple(row["evidence"]), "edu": tuple(row.get("edu", ()))})
            for row in data["route"]
        )
        sets[data["ruleset"]] = RouteSet(data["ruleset"], data["instrument"], routes)
    return sets
