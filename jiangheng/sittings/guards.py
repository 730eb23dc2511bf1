"""What stands in the way of a step of a sitting beyond its state and one's role."""

from __future__ import annotations

from datetime import datetime

from jiangheng.journal.guards import guard
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings.models import Sitting


def not_yours(person: Person, sitting: Sitting) -> Refusal | None:
    """Refusal ``sitting.not_yours`` (403) for anybody but the body of the plan; the system acts for it (四（六）)."""
    if person.role is Role.SYSTEM or sitting.plan.body_id == person.organisation_id:
        return None
    return refuse(
        "sitting.not_yours",
        N_("这不是本机构的场次，不能办理。"),
        N_("请由该计划的认定机构办理。"),
        clause="四（六）",
        status=403,
    )


@guard("sitting.own")
def _own(person: Person, sitting: Sitting, _now: datetime) -> Refusal | None:
    return not_yours(person, sitting)
