"""Judging an application by its route with the law and the standard of its day, and keeping why (三（一）)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiangheng.applications import queries
from jiangheng.applications.models import Application
from jiangheng.catalog import actions as catalog_actions
from jiangheng.catalog import queries as catalog
from jiangheng.catalog.models import StandardVersion
from jiangheng.rules.conditions import claims, decisions
from jiangheng.rules.conditions.routes import RouteSet
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.law import Law
from jiangheng.values import queries as values

COLUMNS: Sequence[str] = ("as_of", "verdict", "law_version", "judgement")


@dataclass(frozen=True, slots=True)
class Measure:
    """What the applications of one occupation are judged by on one day; ``snapshot`` is the digest it is kept under."""

    standard: StandardVersion
    routes: RouteSet
    law: Law
    names: frozenset[str]
    on: date
    version: str
    snapshot: str


def measure(
    occupation_code: str,
    on: date,
    words: frozenset[str] = frozenset(),
    body_id: int | None = None,
    level: int | None = None,
) -> Measure:
    """The standard of a body with its overrides and the law in force on ``on``, kept; Refusal ``standard.none`` (409)."""
    standard = catalog.standard_or_refuse(occupation_code, on, body_id, level)
    law = values.law(on)
    routes = queries.route_set(standard)
    names = queries.names_of(standard, words)
    snapshot = catalog_actions.keep_rules(decisions.snapshot(routes, names, standard.document))
    return Measure(standard, routes, law, names, on, law.version, snapshot)


class Bench:
    """Judges many applications, looking each occupation's standard and law up once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._measures: dict[tuple[str, date, frozenset[str], int | None, int], Measure] = {}

    def judge(self, application: Application) -> None:
        """Set the columns of the judgement on ``application`` (not saved): inputs, law, conditions, verdict."""
        on = queries.as_of(application, self.now)
        words = frozenset(word for word in (application.occupation_name, application.job) if word)
        key = (application.occupation_code, on, words, application.body_id, application.level)
        if key not in self._measures:
            self._measures[key] = measure(*key)
        claimed = local_day(application.committed_at or application.submitted_at or self.now)
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
    asked = by.routes.at(application.level, application.route)
    decision = decisions.decide(reading, by.names, application.level, by.routes, by.on, application.route)
    application.as_of = by.on
    application.verdict = decision.verdict
    application.law_version = by.version
    application.judgement = {
        "as_of": by.on.isoformat(),
        "claimed_on": claimed_on.isoformat(),
        "ruleset": by.standard.ruleset,
        "standard": by.standard.document,
        "law_version": by.version,
        "snapshot": by.snapshot,
        "asked_route": application.route,
        "asked_evidence": list(asked.evidence) if asked else [],
        **decisions.facts(reading),
        **decision.answer,
    }
