"""Filed employers arrange for themselves on the same process, unfiled ones through a social body (三（六）)."""

from __future__ import annotations

from datetime import date

import pytest

from jiangheng.bodies.models import Organisation
from jiangheng.plans import actions, queries
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings import actions as sittings
from tests import factories
from tests.asking import refused
from tests.factories import moment
from tests.plans.made import plan_of, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")


@pytest.fixture
def filed() -> Person:
    """An employer filed for its own staff."""
    organisation = factories.make_organisation("employer_body")
    factories.make_filing(organisation, service_objects="own_staff")
    return factories.make_person(Role.BODY, organisation)


@pytest.fixture
def unfiled() -> Person:
    """An employer without a filing."""
    return factories.make_person(Role.EMPLOYER, factories.make_organisation("employer"))


def test_a_filed_employer_goes_the_same_way_as_any_body(filed: Person, centre: Person) -> None:
    plan = plan_of(filed, candidate_source="own_staff")
    for wrong in ("public", "own_students"):
        other = plan_of(filed, candidate_source=wrong)
        found = refused("plan.service", lambda other=other: actions.submit(by=filed, now=NOW, plan_id=other.pk))
        assert found.clause == "二"
    open_wrongly = plan_of(filed, candidate_source="own_staff", open_to_public=True)
    refused("plan.service", lambda: actions.submit(by=filed, now=NOW, plan_id=open_wrongly.pk))
    beyond = plan_of(
        filed, candidate_source="own_staff", rows=[{"occupation_code": "6-31-01-03", "level": 1, "headcount": 5}]
    )
    refused("scope.level", lambda: actions.submit(by=filed, now=NOW, plan_id=beyond.pk))
    plan = actions.submit(by=filed, now=NOW, plan_id=plan.pk)
    assert plan.deadline_on == date(2026, 10, 12), "no ten days of 三（三）, but before tickets fall due (四（六）)"
    room = plan.venue.rooms.get(kind="machine").pk

    def arrange() -> object:
        return sittings.arrange(
            by=filed, now=NOW, plan_id=plan.pk, row_id=plan.rows.get().pk, subject="theory", room_ids=[room]
        )

    refused("sitting.plan_state", arrange)
    actions.accept(by=centre, now=NOW, plan_id=plan.pk)
    refused("sitting.nobody", arrange)
    later = moment("2026-10-13 09:00")
    change = actions.propose_change(
        by=filed,
        now=later,
        plan_id=plan.pk,
        reason="生产安排",
        exam_on=date(2026, 10, 31),
        registration_ends_at=plan.registration_ends_at,
        venue_id=plan.venue_id,
    )
    assert actions.approve_plan_change(by=centre, now=later, change_id=change.pk).state == "approved"


def test_a_filed_employer_asks_nobody_to_arrange_for_it(filed: Person) -> None:
    found = refused("deed.role", lambda: request_of(filed))
    assert found.clause == "三（四）"
    sponsor = factories.make_person(Role.EMPLOYER, Organisation.objects.get(pk=filed.organisation_id))
    found = refused("request.sponsor", lambda: request_of(sponsor))
    assert "直接报送认定计划" in found.advice()


def test_an_unfiled_employer_does_not_arrange_for_itself(unfiled: Person, school: Person) -> None:
    found = refused("plan.not_filed", lambda: plan_of(unfiled))
    assert (found.clause, found.status) == ("三（六）", 403)
    assert "社会培训评价组织" in found.sentence()
    hat = factories.make_person(Role.BODY, Organisation.objects.get(pk=unfiled.organisation_id))
    assert refused("plan.not_filed", lambda: plan_of(hat)).clause == "三（六）"
    assert refused("plan.not_filed", lambda: plan_of(school)).clause == "三（四）"
    assert not Plan.objects.exists()


def test_an_unfiled_employer_goes_through_a_social_body(
    unfiled: Person, filed: Person, centre: Person, body: Person
) -> None:
    request = request_of(unfiled)
    actions.submit_request(by=unfiled, now=NOW, request_id=request.pk)
    technical = factories.make_organisation("technical_school")
    factories.make_filing(technical, service_objects="own_students")
    for wrong in (technical.pk, filed.organisation_id or 0):
        found = refused(
            "request.service",
            lambda wrong=wrong: actions.assign(by=centre, now=NOW, request_id=request.pk, body_id=wrong, reason="就近"),
        )
        assert "社会培训评价组织" in found.advice()
    actions.assign(by=centre, now=NOW, request_id=request.pk, body_id=body.organisation_id or 0)
    actions.take(by=body, now=NOW, request_id=request.pk)
    plan = plan_of(body, request_id=request.pk, venue_id=request.venue_id)
    plan = actions.submit(by=body, now=NOW, plan_id=plan.pk)
    actions.accept(by=centre, now=NOW, plan_id=plan.pk)
    assert queries.get(unfiled, plan.pk) == plan
    refused("record.none", lambda: queries.get(filed, plan.pk))
    refused("deed.role", lambda: actions.cancel(by=unfiled, now=NOW, plan_id=plan.pk, note="不办了"))
