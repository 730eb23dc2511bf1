"""Application routes (申报条件) per route set, as dated data; which set applies is a matter of the standard version."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any

from jiangheng.rules.law import FOLDER
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

SCHOOLS = (
    "technical_school",
    "senior_technical_school",
    "technician_college",
    "pre_technician_class",
    "secondary_vocational",
    "higher_vocational",
    "college",
    "bachelor",
    "master",
)
CERTIFICATE_KINDS = ("skill", "vocational", "pre-technician")
GRADES = ("junior", "middle", "senior")
EVIDENCE_KINDS = ("work_years", "certificate", "education", "title", "training", "apprenticeship")


@dataclass(frozen=True, slots=True)
class Route:
    """One way to be eligible for a level; every condition given must be met. Years are whole years.

    ``enrolled``: a student counts before the diploma; ``students``: only a student counts, not a graduate.
    ``final_year``: a student counts only within so many months before the diploma (在校应届毕业生).
    ``evaluated``, ``evaluated_edu``: only an evaluated programme counts, of every or of these kinds of school.
    ``consecutive``: years without a gap longer than ``gap_days``, after the certificate where one is named.
    ``training``: hours of the level's own training. ``basis``: the document and clause of a local override.
    """

    id: str
    level: int
    text: str
    evidence: tuple[str, ...] = ()
    min_age: int | None = None
    working: bool = False
    cert: int | None = None
    cert_kind: str = ""
    cert_held: int | None = None
    after: int | None = None
    cum: int | None = None
    consecutive: int | None = None
    gap_days: int = 0
    training: int | None = None
    title: str = ""
    after_title: int | None = None
    edu: tuple[str, ...] = ()
    major: bool = False
    enrolled: bool = False
    students: bool = False
    final_year: int | None = None
    evaluated: bool = False
    evaluated_edu: tuple[str, ...] = ()
    apprentice: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Default:
    """A number of a route that each standard sets for itself; the value shipped is a labelled default."""

    route: str
    field: str
    label: str


@dataclass(frozen=True, slots=True)
class RouteSet:
    """All routes of one generation of the template, and the instrument they stand in."""

    id: str
    instrument: str
    routes: tuple[Route, ...]
    defaults: tuple[Default, ...] = ()

    def for_level(self, level: int) -> tuple[Route, ...]:
        """The routes to ``level`` in the template's order."""
        return tuple(route for route in self.routes if route.level == level)

    def route(self, identifier: str) -> Route | None:
        """The route of that id, or None."""
        return next((route for route in self.routes if route.id == identifier), None)

    def at(self, level: int, identifier: str) -> Route | None:
        """The route of that id where it leads to ``level``; None for another level's or another generation's."""
        route = self.route(identifier)
        return route if route is not None and route.level == level else None


@cache
def route_sets() -> dict[str, RouteSet]:
    """Every shipped route set by id (R2018, R2023, R-legacy)."""
    sets = {}
    for path in sorted(FOLDER.glob("routes_*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        defaults = tuple(Default(**row) for row in data.get("default", ()))
        routes = tuple(_route(row) for row in data["route"])
        sets[data["ruleset"]] = RouteSet(data["ruleset"], data["instrument"], routes, defaults)
    return sets


def route_set(identifier: str) -> RouteSet:
    """The shipped route set of that id; Refusal ``ruleset.unknown`` (422)."""
    found = route_sets().get(identifier)
    if found is None:
        raise unknown_ruleset(identifier)
    return found


def unknown_ruleset(identifier: str) -> Refusal:
    """No set of routes has that id; ``ruleset.unknown`` (422)."""
    return refuse(
        "ruleset.unknown",
        N_("没有名为“%(ruleset)s”的申报条件模板。"),
        N_("请从列表中选择申报条件模板。"),
        clause="三（一）",
        status=422,
        ruleset=identifier or N_("（空）"),
    )


def effective(ruleset_id: str, overrides: Sequence[Mapping[str, Any]]) -> RouteSet:
    """A shipped route set with local overrides applied in order; the shipped one itself where there are none.

    An override is ``{"change": route id, "set": {field: value}}``, ``{"add": {field: value}}`` or
    ``{"remove": route id}``, each with ``document`` and ``clause`` if it has them; a None in ``set`` drops a condition.
    Refusals (422): ``ruleset.unknown``, ``override.shape``, ``override.empty``, ``override.route``, ``override.exists``,
    ``override.field``, ``override.value``, ``override.incomplete``, ``override.needs_level``.
    """
    found = route_set(ruleset_id)
    if not overrides:
        return found
    rows = list(found.routes)
    defaults = list(found.defaults)
    for override in overrides:
        rows, defaults = _overridden(rows, defaults, override)
    return RouteSet(found.id, found.instrument, tuple(rows), tuple(defaults))


def content(found: RouteSet) -> dict[str, Any]:
    """A route set as plain JSON values, conditions not asked for left out; ``from_content`` reads it back."""
    return {
        "ruleset": found.id,
        "instrument": found.instrument,
        "routes": [_spare(route) for route in found.routes],
        "defaults": [asdict(row) for row in found.defaults],
    }


def from_content(given: Mapping[str, Any]) -> RouteSet:
    """The route set that ``content`` wrote."""
    routes = tuple(_route(row) for row in given["routes"])
    return RouteSet(
        given["ruleset"], given["instrument"], routes, tuple(Default(**row) for row in given.get("defaults", ()))
    )


def digest(given: Mapping[str, Any]) -> str:
    """SHA-256 of plain JSON values in one fixed spelling: equal content, equal digest."""
    text = json.dumps(given, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


FIELDS = {field.name: field.default for field in fields(Route)}
LISTS = {"edu": SCHOOLS, "evaluated_edu": SCHOOLS, "evidence": EVIDENCE_KINDS}
CHOICES = {"cert_kind": ("", *CERTIFICATE_KINDS), "title": ("", *GRADES)}
RANGES = {
    "level": (1, 5), "cert": (1, 5), "min_age": (14, 70), "cert_held": (0, 50), "after": (0, 50), "cum": (0, 50),
    "consecutive": (0, 50), "after_title": (0, 50), "training": (1, 10_000), "gap_days": (0, 366),
    "final_year": (1, 24),
}  # read as a table  # fmt: skip
SWITCHES = ("working", "major", "enrolled", "students", "evaluated", "apprentice")
NEEDS = {"cert_held": ("cert", "cert_kind"), "after": ("cert", "cert_kind"), "after_title": ("title",)}


def _route(row: Mapping[str, Any]) -> Route:
    lists = {name: tuple(row[name]) for name in LISTS if name in row}
    return Route(**{**row, **lists})


def _spare(route: Route) -> dict[str, Any]:
    given = {name: getattr(route, name) for name in FIELDS}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if name in ("id", "level", "text") or value != FIELDS[name]
    }


def _overridden(
    rows: list[Route], defaults: list[Default], override: Mapping[str, Any]
) -> tuple[list[Route], list[Default]]:
    kinds = [kind for kind in ("change", "add", "remove") if isinstance(override, Mapping) and kind in override]
    stray = set(override) - {*kinds, "document", "clause", "set"} if kinds else set()
    if len(kinds) != 1 or stray or ("set" in override) != (kinds == ["change"]):
        raise refuse(
            "override.shape",
            N_("申报条件的调整应是“change”加“set”、“add”或“remove”之一，另可写“document”和“clause”。"),
            N_("请逐项写明调整哪一条、改为什么、依据哪份文件。"),
            clause="三（一）",
            status=422,
        )
    kind, basis = kinds[0], "".join(str(override.get(part) or "") for part in ("document", "clause"))
    if kind == "add":
        return [*rows, _added(rows, override["add"], basis)], defaults
    identifier = str(override[kind])
    place = next((index for index, row in enumerate(rows) if row.id == identifier), None)
    if place is None:
        raise refuse(
            "override.route",
            N_("没有申报条件“%(route)s”，不能调整。"),
            N_("请核对条件编号。"),
            clause="三（一）",
            status=422,
            route=identifier,
        )
    if kind == "remove":
        return rows[:place] + rows[place + 1 :], [row for row in defaults if row.route != identifier]
    changes = _checked(override["set"], identifier)
    if "id" in changes or "basis" in changes:
        raise _unknown("id" if "id" in changes else "basis", identifier)
    if basis:
        changes["basis"] = basis
    changed = _whole(replace(rows[place], **changes))
    # A standard that states the number itself no longer leans on the default.
    left = [row for row in defaults if row.route != identifier or row.field not in changes]
    return [*rows[:place], changed, *rows[place + 1 :]], left


def _added(rows: Sequence[Route], given: Any, basis: str) -> Route:
    changes = _checked(given, str(given.get("id", "")) if isinstance(given, Mapping) else "")
    identifier = str(changes.get("id", ""))
    for name in ("id", "level", "text"):
        if not changes.get(name):
            raise refuse(
                "override.incomplete",
                N_("新增的申报条件“%(route)s”缺少“%(field)s”。"),
                N_("新增条件须有编号（id）、等级（level）和条文（text）。"),
                clause="三（一）",
                status=422,
                route=identifier or N_("（空）"),
                field=name,
            )
    if any(row.id == identifier for row in rows):
        raise refuse(
            "override.exists",
            N_("申报条件“%(route)s”已有，不能重复新增。"),
            N_("请改用“change”调整，或换一个编号。"),
            clause="三（一）",
            status=422,
            route=identifier,
        )
    return _whole(Route(**{"basis": basis, **changes}))


def _checked(given: Any, route: str) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not given:
        raise refuse(
            "override.empty",
            N_("申报条件“%(route)s”的调整没有写明改为什么。"),
            N_('请写出字段和值，例如 {"cum": 4}。'),
            clause="三（一）",
            status=422,
            route=route or N_("（空）"),
        )
    return {str(name): _value(str(name), value, route) for name, value in given.items()}


def _value(name: str, value: Any, route: str) -> Any:
    if name not in FIELDS:
        raise _unknown(name, route)
    default = FIELDS[name]
    if value is None and name not in ("id", "level", "text"):
        return default
    if name in LISTS:
        good = isinstance(value, list | tuple) and all(each in LISTS[name] for each in value)
        value = tuple(value) if good else value
    elif name in CHOICES:
        good = value in CHOICES[name]
    elif name in RANGES:
        low, high = RANGES[name]
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    elif name in SWITCHES:
        good = isinstance(value, bool)
    else:
        good = isinstance(value, str) and 0 < len(value.strip()) <= 500
    if not good:
        raise refuse(
            "override.value",
            N_("申报条件“%(route)s”的“%(field)s”不能是“%(value)s”。"),
            N_("请核对该字段允许的值。"),
            clause="三（一）",
            status=422,
            route=route or N_("（空）"),
            field=name,
            value=json.dumps(value, ensure_ascii=False, default=str),
        )
    return value


def _whole(route: Route) -> Route:
    for name, others in NEEDS.items():
        if getattr(route, name) is not None and not any(getattr(route, other) for other in others):
            raise refuse(
                "override.needs_level",
                N_("申报条件“%(route)s”有“%(field)s”，却没有它所依的“%(other)s”。"),
                N_("请一并写明证书等级或职称等级。"),
                clause="三（一）",
                status=422,
                route=route.id,
                field=name,
                other=others[0],
            )
    return route


def _unknown(name: str, route: str) -> Refusal:
    return refuse(
        "override.field",
        N_("申报条件“%(route)s”没有名为“%(field)s”的字段。"),
        N_("请核对字段名。"),
        clause="三（一）",
        status=422,
        route=route or N_("（空）"),
        field=name,
    )
