"""A meeting before the examination as the tests hold it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from jiangheng.rules.examination import meeting
from jiangheng.rules.roles import Person
from jiangheng.rules.shipped_law import in_force
from jiangheng.sittings import actions, attending
from jiangheng.sittings.models import Meeting, Sitting
from tests.sittings import stage

ClientFor = Callable[..., Client]
LAW = in_force(stage.STARTS.date())
AT = stage.MEETING
AGENDA = ["宣读考场规则", "岗位分工"]


@pytest.fixture
def staffed(body: Person) -> tuple[Sitting, list[Person]]:
    """A ticketed sitting with staff that has acknowledged, waiting for its meeting."""
    plan = stage.make_plan(body)
    stage.make_applications(plan, 2)
    (sitting,) = stage.arrange(body, plan)
    people = stage.staff(body, sitting)
    actions.issue_tickets(by=body, now=stage.ARRANGED_AT, plan_id=plan.pk)
    return Sitting.objects.get(pk=sitting.pk), people


def call(body: Person, sitting: Sitting, **changed: Any) -> Meeting:
    values = {"starts_at": AT, "place": "会议室", "agenda": AGENDA, "now": stage.ARRANGED_AT, **changed}
    return actions.call_meeting(by=body, plan_id=sitting.plan_id, **values)


def token(found: Meeting, at: datetime = AT) -> str:
    return attending.token(found.pk, meeting.turn(at, LAW))
