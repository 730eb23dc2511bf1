"""一: every later step asks what is filed on its own day: the day of examination, and the day of the deed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jiangheng.applications import actions as applications
from jiangheng.bodies import actions
from jiangheng.bodies.models import Filing
from jiangheng.certificates import actions as certificates
from jiangheng.papers import actions as papers
from jiangheng.people.actions import Claim
from jiangheng.plans import actions as plans
from jiangheng.plans.models import Plan
from jiangheng.rules.given import PaperRequestGiven
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions as sittings
from tests import factories
from tests.factories import moment
from tests.results.batches import make_batch

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
EXAM = date(2026, 7, 4)


@pytest.fixture
def plan(body: Person) -> Plan:
    """An accepted plan of ``body`` for 2026-07-04."""
    filing = Filing.objects.get(organisation_id=body.organisation_id)
    return factories.make_plan(filing.organisation, EXAM.isoformat())


def steps(plan: Plan, body: Person, centre: Person, candidate: Person) -> dict[str, Callable[[], Any]]:
    row = plan.rows.get()
    given: dict[str, Any] = {"now": NOW}
    blank = PaperRequestGiven(candidates=1, sets_wanted=1, spare_copies=0, collectors=[], custody_room="")
    claim = Claim("居民身份证", factories.identity_number(77), "覃示例")
    return {
        "accept": lambda: plans.accept(by=centre, plan_id=plan.pk, **given),
        "apply": lambda: applications.apply_draft(by=candidate, plan_row_id=row.pk, **given),
        "enter": lambda: applications.apply_draft(by=body, plan_row_id=row.pk, claim=claim, **given),
        "roster": lambda: applications.import_roster(by=body, upload=None, plan_id=plan.pk, **given),
        "judge": lambda: applications.judge_all(by=body, plan_id=plan.pk, **given),
        "clean": lambda: applications.accept_clean(by=body, plan_id=plan.pk, **given),
        "papers": lambda: papers.draft_request(
            by=body,
            plan_id=plan.pk,
            row_id=row.pk,
            subject="theory",
            given=blank,
            **given,
        ),
        "arrange": lambda: sittings.arrange(
            by=body, plan_id=plan.pk, row_id=row.pk, subject="theory", room_ids=[], **given
        ),
    }


STEPS = ("accept", "apply", "enter", "roster", "judge", "clean", "papers", "arrange")


def answer(call: Callable[[], Any]) -> str:
    """The refusal of the scope, or nothing where the step got past it, to whatever it met next."""
    try:
        call()
    except Refusal as refusal:
        return refusal.code if refusal.code.startswith("scope.") else ""
    except AttributeError:  # no upload was given: the scope was asked before it
        return ""
    return ""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("on", "lifted", "code"),
    [
        (date(2026, 6, 1), None, "scope.suspended"),
        (date(2026, 7, 4), None, "scope.suspended"),
        (date(2026, 7, 5), None, ""),
        (date(2026, 5, 1), date(2026, 6, 1), ""),
        (date(2026, 5, 1), date(2026, 6, 2), "scope.suspended"),
    ],
)
def test_a_suspension_stops_a_step_on_the_day_of_the_deed_and_of_the_examination(
    plan: Plan, body: Person, centre: Person, candidate: Person, step: str, on: date, lifted: date | None, code: str
) -> None:
    if step == "accept":
        Plan.objects.filter(pk=plan.pk).update(state="submitted")
    filing = Filing.objects.get(organisation_id=body.organisation_id)
    actions.suspend(by=centre, now=NOW, filing_id=filing.pk, note="督导", on=on)
    if lifted is not None:
        actions.resume(by=centre, now=NOW, filing_id=filing.pk, note="整改合格", on=lifted)
    assert answer(steps(plan, body, centre, candidate)[step]) == code


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("last", "code"), [(date(2026, 7, 3), "scope.period"), (EXAM, "")])
def test_a_filing_that_ends_before_the_examination_stops_it_today(
    plan: Plan, body: Person, centre: Person, candidate: Person, step: str, last: date, code: str
) -> None:
    if step == "accept":
        Plan.objects.filter(pk=plan.pk).update(state="submitted")
    Filing.objects.filter(organisation_id=body.organisation_id).update(valid_to=last)
    assert answer(steps(plan, body, centre, candidate)[step]) == code


@pytest.mark.parametrize(
    ("verb", "on", "code"),
    [
        ("suspend", date(2026, 7, 10), "scope.suspended"),
        ("rectify", date(2026, 7, 10), ""),
        ("revoke", date(2026, 7, 5), ""),
        ("revoke", EXAM, "scope.ended"),
        ("rectify", EXAM, "scope.suspended"),
    ],
)
def test_who_was_examined_lawfully_is_numbered(
    plan: Plan, body: Person, centre: Person, verb: str, on: date, code: str
) -> None:
    make_batch(plan, "approved", [(80, 80)])
    filing = Filing.objects.get(organisation_id=body.organisation_id)
    getattr(actions, verb)(by=centre, now=NOW, filing_id=filing.pk, note="督导", on=on)
    later = moment("2026-07-20 10:00")
    if code:
        with pytest.raises(Refusal) as caught:
            certificates.number_batch(by=centre, now=later, plan_id=plan.pk)
        assert caught.value.code == code
    else:
        assert len(certificates.number_batch(by=centre, now=later, plan_id=plan.pk)) == 1
