"""What stands in the way of a step of a change to a body beyond its state and one's role."""

from __future__ import annotations

from datetime import datetime

from jiangheng.bodies.models import BodyChange
from jiangheng.journal.guards import guard
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_


@guard("body_change.approve")
def _agreeing(person: Person, change: BodyChange, now: datetime) -> Refusal | None:
    """Not by the clerk who asked for it, and not before its day (一)."""
    if change.proposed_by is not None and change.proposed_by == person.account_id:
        return refuse(
            "change.own",
            N_("变更申请须由提出人以外的工作人员审核。"),
            N_("请由另一名工作人员办理。"),
            clause="一",
            status=403,
        )
    if change.kind == "end" or change.effective_on <= local_day(now):
        return None
    return refuse(
        "change.early",
        N_("变更自%(day)s起生效，尚未到日。"),
        N_("请在生效当天或之后审核同意。"),
        clause="一",
        day=change.effective_on.isoformat(),
    )


@guard("body_change.withdraw")
def _taking_back(person: Person, change: BodyChange, _now: datetime) -> Refusal | None:
    """The body its own, the centre one it entered itself (一)."""
    if person.role is not Role.CENTRE or change.proposed_by == person.account_id:
        return None
    return refuse(
        "change.not_yours",
        N_("只能撤回本人提出的变更申请。"),
        N_("不同意变更的，请办理“不同意”并写明理由。"),
        clause="一",
        status=403,
    )
