"""A plan and its team, for proposals of who stands where."""

from __future__ import annotations

from typing import Any

import pytest

from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions
from jiangheng.sittings.models import Sitting, StaffProposal
from jiangheng.sittings.queries.situation import Wishes
from tests import factories
from tests.sittings import stage
from tests.sittings.stage import ARRANGED_AT


@pytest.fixture
def plan(body: Person, centre: Person) -> Plan:
    """Eighteen candidates, arranged in theory and skill."""
    made = stage.make_plan(body)
    stage.make_applications(made, 18)
    stage.issue_papers(body, centre, made, candidates=18)
    stage.arrange(body, made, "theory")
    stage.arrange(body, made, "skill")
    return made


@pytest.fixture
def team() -> list[int]:
    """Three invigilators, six examiners and a supervisor."""
    kinds = ["invigilator"] * 3 + ["examiner"] * 6 + ["internal_supervisor"]
    return [int(factories.make_staff(kind).account_id or 0) for kind in kinds]


def propose(body: Person, plan: Plan, team: list[int], **given: Any) -> StaffProposal:
    wishes = Wishes(tuple(team), **{"seed": "种子", **given})
    return actions.propose_staff(by=body, now=ARRANGED_AT, plan_id=plan.pk, wishes=wishes)


def adopt(body: Person, proposal: StaffProposal) -> list[Sitting]:
    return actions.adopt_staff(by=body, now=ARRANGED_AT, proposal_id=proposal.pk)
