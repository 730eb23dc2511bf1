"""What a standard version would have decided of a past application (三（一）): the same form, day and law, other routes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from jiangheng.applications.models import Application
from jiangheng.applications.queries import names_of
from jiangheng.catalog import queries as catalog
from jiangheng.catalog.models import StandardVersion
from jiangheng.rules.conditions import claims
from jiangheng.rules.conditions.eligibility import NOT_MET
from jiangheng.rules.conditions.routes import RouteSet
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.law import Law
from jiangheng.values import queries as values


@dataclass(frozen=True, slots=True)
class Again:
    """The verdict by the version, the route met or nearest, and what is missing on it as plain data."""

    verdict: str
    route: str
    why: dict[str, Any]


@dataclass
class Stage:
    """Judges many past applications by one version, looking its routes and each day's law up once."""

    standard: StandardVersion
    routes: RouteSet = field(init=False)
    _laws: dict[date, Law] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.routes = catalog.routes_of(self.standard)
        self._names = names_of(self.standard)

    def judge(self, application: Application) -> Again | None:
        """As it would have been judged; None where the version has no condition for its level."""
        assert application.as_of is not None
        if not self.routes.for_level(application.level):
            return None
        law = self._laws.get(application.as_of)
        if law is None:
            law = self._laws[application.as_of] = values.law(application.as_of)
        reading = claims.read(
            application.form,
            occupation=application.occupation_name,
            related_majors=tuple(self.standard.related_majors),
            claimed_on=_claimed_on(application),
            law=law,
        )
        words = frozenset(word for word in (application.occupation_name, application.job) if word)
        # A route of another generation cannot be asked for: every route of the level is looked at.
        route = application.route if self.routes.at(application.level, application.route) else ""
        names = self._names | words
        found = claims.assess(reading, names, application.level, self.routes, application.as_of, route=route)
        result = found.judgement
        near = result.nearest
        missing = [
            {"condition": each.condition, "state": each.state, "detail": dict(each.detail)}
            for each in (near.missing if near else ())
        ]
        named = result.route or (near.route if near else "")
        text = self.routes.route(named)
        return Again(
            found.verdict,
            found.other_route or result.route or "",
            {
                "nearest": near.route if near else "",
                "text": text.text if text else "",
                "missing": missing,
                "other_route": found.other_route or "",
                "level_gone": False,
            },
        )


GONE = Again(NOT_MET, "", {"nearest": "", "text": "", "missing": [], "other_route": "", "level_gone": True})
"""What becomes of an application for a level that the version has no condition for."""


def _claimed_on(application: Application) -> date:
    stored = application.judgement.get("claimed_on")
    if stored:
        return date.fromisoformat(str(stored))
    moment: datetime = application.committed_at or application.submitted_at or application.created_at
    return local_day(moment)
