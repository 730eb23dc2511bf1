"""职业资格评价 ends at approved results: no level certificate, no number of one, its own number by hand: 四（八）."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from jiangheng.certificates import actions, queries
from jiangheng.certificates.models import Certificate, QualificationNumber
from jiangheng.journal.models import Entry, Series
from jiangheng.plans.models import PlanRow
from jiangheng.rules.roles import Person
from tests.asking import refused
from tests.results.batches import make_batch, plan

__all__ = ["plan"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def qualifying(plan: Any) -> Any:
    """A plan whose one row is a 职业资格评价, its two results approved, one passed."""
    make_batch(plan, "approved", [(80, 80), (50, 80)])
    PlanRow.objects.filter(plan=plan).update(assessment="qualification")
    return plan


def test_nobody_is_numbered_and_no_number_is_used(qualifying: Any, centre: Person, now: Any) -> None:
    error = refused("certificate.qualification", actions.number_batch, by=centre, now=now, plan_id=qualifying.pk)
    assert error.clause == "四（八）"
    assert not Certificate.objects.exists()
    assert not Series.objects.filter(name="certificate", last__gt=0).exists()


def test_the_other_rows_of_the_plan_are_numbered_as_ever(plan: Any, centre: Person, now: Any) -> None:
    batch = make_batch(plan, "approved", [(80, 80), (80, 80)])
    row = PlanRow.objects.get(plan=plan)
    other = PlanRow.objects.create(
        plan=plan,
        occupation_code=row.occupation_code,
        occupation_name=row.occupation_name,
        job="别的工种",
        level=row.level,
        headcount=1,
        assessment="qualification",
    )
    moved = batch.results.order_by("id").last().application
    type(moved).objects.filter(pk=moved.pk).update(job=other.job)
    made = actions.number_batch(by=centre, now=now, plan_id=plan.pk)
    assert [each.application_id for each in made] == [batch.results.order_by("id").first().application_id]
    assert [each.application_id for each in queries.qualified(centre, plan.pk)] == [moved.pk]


def test_a_certificate_made_for_one_nevertheless_is_not_issued(
    plan: Any, body: Person, centre: Person, now: Any
) -> None:
    make_batch(plan, "approved", [(80, 80)])
    made = actions.number_batch(by=centre, now=now, plan_id=plan.pk)[0]
    PlanRow.objects.filter(plan=plan).update(assessment="qualification")
    refused("certificate.qualification", actions.issue, by=body, now=now, certificate_id=made.pk)
    refused("certificate.qualification", actions.issue_batch, by=body, now=now, plan_id=plan.pk)


def test_its_own_number_is_written_down_and_corrected_by_a_later_line(
    qualifying: Any, body: Person, client_for: Callable[..., Client], now: Any
) -> None:
    office = client_for(body, now)
    page = reverse("certificates:plan", args=[qualifying.pk])
    passed = queries.qualified(body, qualifying.pk).get()
    form = reverse("certificates:qualification", args=[qualifying.pk, passed.application_id])
    assert f'href="{form}"' in office.get(page).text
    assert "不核发职业技能等级证书" in office.get(form).text
    assert office.post(form, {"number": "  "}).status_code == 422
    assert office.post(form, {"number": "2045 0000 0001"}, follow=True).status_code == 200
    assert "204500000001" in office.get(page).text
    office.post(form, {"number": "204500000002"})
    assert "204500000002" in office.get(page).text
    assert list(QualificationNumber.objects.values_list("number", flat=True)) == ["204500000001", "204500000002"]
    entry = Entry.objects.filter(action="certificates.note_qualification").latest("id")
    assert (entry.record_id, entry.clause) == (passed.application_id, "四（八）")
    assert (entry.before, entry.after) == ({"number": "204500000001"}, {"number": "204500000002"})
    with pytest.raises(DatabaseError):
        QualificationNumber.objects.update(number="")


def test_only_for_who_passed_one(qualifying: Any, body: Person, other_body: Person, now: Any) -> None:
    failed = qualifying.result_batch.results.get(passed=False)
    given = {"plan_id": qualifying.pk, "application_id": failed.application_id, "number": "1"}
    refused("record.none", actions.note_qualification, by=body, now=now, **given)
    passed = qualifying.result_batch.results.get(passed=True)
    given["application_id"] = passed.application_id
    refused("record.none", actions.note_qualification, by=other_body, now=now, **given)
    refused(
        "certificate.qualification_number", actions.note_qualification, by=body, now=now, **{**given, "number": " "}
    )
