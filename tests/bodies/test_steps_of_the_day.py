"""一: papers, tickets and the opened room ask what is filed on the day of the deed and on the day of examination."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from jiangheng.bodies import actions as bodies
from jiangheng.bodies.models import Filing
from jiangheng.exam_day import actions as exam_day
from jiangheng.papers import actions as papers
from jiangheng.papers import queries as asked
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions as sittings
from tests.sittings import stage

pytestmark = pytest.mark.django_db
EXAM = date(2026, 7, 4)
Step = Callable[[], Any]


def submit_papers(body: Person, centre: Person) -> tuple[Step, datetime]:
    request = stage.request_papers(body, stage.make_plan(body))
    return lambda: papers.submit(by=body, now=stage.ARRANGED_AT, request_id=request.pk), stage.ARRANGED_AT


def draw_papers(body: Person, centre: Person) -> tuple[Step, datetime]:
    papers.load_items(by=centre, now=stage.ARRANGED_AT)
    submit_papers(body, centre)[0]()
    given = {"by": centre, "now": stage.ARRANGED_AT, "second_person": "另一人"}
    request = asked.visible_to(centre).get()
    return lambda: papers.draw(request_id=request.pk, **given), stage.ARRANGED_AT


def issue_papers(body: Person, centre: Person) -> tuple[Step, datetime]:
    draw_papers(body, centre)[0]()
    given: dict[str, Any] = {"by": centre, "now": stage.ARRANGED_AT, "second_person": "另一人"}
    request = asked.visible_to(centre).get()
    letters = request.sets.filter(chosen=True).values_list("letter", flat=True)
    papers.seal(request_id=request.pk, seals={letter: f"封{letter}" for letter in letters}, **given)
    given["received_by"] = ["领卷甲", "领卷乙"]
    return lambda: papers.issue(request_id=request.pk, **given), stage.ARRANGED_AT


def issue_tickets(body: Person, centre: Person) -> tuple[Step, datetime]:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 2)
    for sitting in stage.arrange(body, plan):
        stage.staff(body, sitting)
    return lambda: sittings.issue_tickets(by=body, now=stage.ARRANGED_AT, plan_id=plan.pk), stage.ARRANGED_AT


def open_room(body: Person, centre: Person) -> tuple[Step, datetime]:
    sitting, (first, second) = stage.briefed(body, centre)
    exam_day.unseal(by=first, now=stage.minute(-10), sitting_id=sitting.pk)
    return lambda: exam_day.open_sitting(by=second, now=stage.STARTS, sitting_id=sitting.pk), stage.STARTS


STEPS = (submit_papers, draw_papers, issue_papers, issue_tickets, open_room)


@pytest.mark.parametrize("prepare", STEPS)
@pytest.mark.parametrize(
    ("when", "code"), [("today", "scope.suspended"), ("examination", "scope.suspended"), ("after", "")]
)
def test_a_suspension_stops_it_today_and_on_the_day_of_examination_and_not_after(
    body: Person, centre: Person, prepare: Callable[..., tuple[Step, datetime]], when: str, code: str
) -> None:
    step, now = prepare(body, centre)
    on = {"today": now.date(), "examination": EXAM, "after": date(2026, 7, 5)}[when]
    filing = Filing.objects.get(organisation_id=body.organisation_id)
    bodies.suspend(by=centre, now=now, filing_id=filing.pk, note="督导", on=on)
    assert answer(step) == code


@pytest.mark.parametrize("prepare", STEPS)
@pytest.mark.parametrize(("last", "code"), [(date(2026, 7, 3), "scope.period"), (EXAM, "")])
def test_a_filing_that_ends_before_the_examination_stops_it(
    body: Person, centre: Person, prepare: Callable[..., tuple[Step, datetime]], last: date, code: str
) -> None:
    step, _now = prepare(body, centre)
    Filing.objects.filter(organisation_id=body.organisation_id).update(valid_to=last)
    assert answer(step) == code


def answer(step: Step) -> str:
    """The refusal's code; nothing where the step was taken."""
    try:
        step()
    except Refusal as refusal:
        return refusal.code
    return ""
