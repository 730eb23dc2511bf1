"""A stored decision judged again by the rules it was made under; nothing is written (三（一）)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiangheng.applications.models import Application
from jiangheng.catalog import queries as catalog
from jiangheng.rules.conditions import decisions
from jiangheng.rules.conditions.decisions import Decision

SAME, DIFFERS, UNKEPT, UNJUDGED = "same", "differs", "unkept", "unjudged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``state``: same, differs, unkept (no whole snapshot was kept) or unjudged; the answer found and what differs."""

    state: str
    decision: Decision | None = None
    differing: tuple[str, ...] = ()


def replayed(application: Application) -> Outcome:
    """Judge the stored facts of an application again under its stored rules and compare."""
    stored = application.judgement
    if not stored or not application.verdict:
        return Outcome(UNJUDGED)
    kept = catalog.rules_kept(str(stored.get("snapshot", "")))
    if kept is None or "facts" not in stored:
        return Outcome(UNKEPT)
    as_of = date.fromisoformat(str(stored["as_of"]))
    again = decisions.replay(stored, application.verdict, application.level, as_of, kept)
    return Outcome(SAME if again.same else DIFFERS, again.decision, again.differing)
