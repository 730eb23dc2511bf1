"""A last day that a change of the working-day calendar moves, kept by the room whose record it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from jiangheng.applications.models import CandidateReport
from jiangheng.journal.actions import action, redated
from jiangheng.rules.roles import Person

Days = tuple[date, date]


@action("candidate_report.redate")
def redate_candidate_report(
    *, by: Person, now: datetime, record_id: int, field: str, days: Days, states: Sequence[str], note: str
) -> bool:
    """Keep the new last day of ``field``; False where the old one no longer stands (``journal.actions.redated``)."""
    return redated(CandidateReport, record_id, field, days, by=by, now=now, states=states, note=note)
