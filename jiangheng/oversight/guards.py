"""What stands in the way of a step of an inspection beyond its state and one's role."""

from __future__ import annotations

from datetime import datetime

from jiangheng.journal.guards import guard
from jiangheng.oversight import queries
from jiangheng.oversight.models import Inspection
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


def not_drawn(person: Person, inspection: Inspection) -> Refusal | None:
    """Refusal ``inspection.inspector`` (403) for a supervisor who was not drawn for it (四（九）)."""
    if queries.inspects(person, inspection):
        return None
    return refuse(
        "inspection.inspector",
        N_("您不是这次检查抽取的督导员。"),
        N_("请由抽取的督导员办理。"),
        clause="四（九）",
        status=403,
    )


@guard("inspection.drawn")
def _inspecting(person: Person, inspection: Inspection, _now: datetime) -> Refusal | None:
    return not_drawn(person, inspection)
