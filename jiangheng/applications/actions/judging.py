"""Judging an application by its route with the law and the standard of its day, and keeping why (三（一）)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from jiangheng.applications import queries
from jiangheng.applications.models import Application
from jiangheng.catalog import queries as catalog
from jiangheng.catalog.models import StandardVersion
from jiangheng.rules import claims
from jiangheng.rules.eligibility import NOT_EVIDENCED, ConditionResult
from jiangheng.rules.law import Law


@dataclass(frozen=True, slots=True)
class Measure:
    """What the applications of one occupation are judged by on one day."""

    standard: StandardVersion
    law: Law
    names: frozenset[str]
    on: date
    version: str


def measure(occupation_code: str, on: date, words: frozenset[str] = frozenset()) -> Measure:
    """The standard and the law in force on ``on``; Refusal ``standard.none`` (409)."""
    standard = queries.standard_or_refuse(occupation_code, on)
    law = catalog.law(on)
    return Measure(standard, law, queries.names_of(standard, words), on, law.version)


class Bench:
    """Judges many applications, looking each occupation's standard and law up once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._measures: dict[tuple[str, date], Measure] = {}

    def judge(self, application: Application) -> None:
        """Set the columns of the judgement on ``application`` (not saved): inputs, law, conditions, verdict."""
        on = queries.as_of(application, self.now)
        key = (application.occupation_code, on)
        if key not in self._measures:
            words = frozenset(word for word in (application.occupation_name, application.job) if word)
            self._measures[key] = measure(application.occupation_code, on, words)
        claimed = catalog.local_day(application.committed_at or application.submitted_at or self.now)
        judged(application, self._measures[key], claimed)


def judged(application: Application, by: Measure, claimed_on: date) -> None:
    """Set the columns of the judgement on ``application`` (not saved)."""
    reading = claims.read(
        application.form,
        occupation=application.occupation_name,
        related_majors=tuple(by.standard.related_majors),
        claimed_on=claimed_on,
        law=by.law,
    )
    route_set = catalog.routes_of(by.standard)
    chosen = route_set.route(application.route)
    # A route of another generation of the standard cannot be judged; every route is, and a person decides.
    known = chosen is not None and chosen.level == application.level
    route = application.route if known else ""
    assessment = claims.assess(reading, by.names, application.level, route_set, by.on, route=route)
    result = assessment.judgement
    shown = [each for each in result.conditions if not route or each.route == route]
    application.as_of = by.on
    application.verdict = assessment.verdict if known or not application.route else NOT_EVIDENCED
    application.law_version = by.version
    application.judgement = {
        "as_of": by.on.isoformat(),
        "claimed_on": claimed_on.isoformat(),
        "ruleset": by.standard.ruleset,
        "standard": by.standard.document,
        "law_version": by.version,
        "facts": _plain(asdict(reading.careful)),
        "asked_route": application.route,
        "asked_evidence": list(chosen.evidence) if chosen is not None and known else [],
        "route": result.route or "",
        "other_route": assessment.other_route or "",
        "clause": _text(route_set, route or result.route or (result.nearest.route if result.nearest else "")),
        "conditions": [_condition(each) for each in shown],
        "nearest": None
        if result.nearest is None
        else {
            "route": result.nearest.route,
            "text": _text(route_set, result.nearest.route),
            "missing": [_condition(each) for each in result.nearest.missing],
            "evidence": list(result.nearest.evidence),
        },
        "earliest": result.earliest.isoformat() if result.earliest else "",
    }


COLUMNS: Sequence[str] = ("as_of", "verdict", "law_version", "judgement")


def _condition(each: ConditionResult) -> dict[str, Any]:
    return {
        "route": each.route,
        "condition": each.condition,
        "state": each.state,
        "detail": dict(each.detail),
        "earliest": each.earliest.isoformat() if each.earliest else "",
    }


def _text(route_set: Any, route_id: str) -> str:
    route = route_set.route(route_id) if route_id else None
    return route.text if route else ""


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
