"""Objections and changed marks: in time, by the right people, the old value kept: 四（八）."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jiangheng.bodies.models import Organisation
from jiangheng.results import actions
from jiangheng.results.models import Amendment, MarkHistory, Objection, ResultBatch
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import PUBLIC, Person
from tests import factories
from tests.asking import refused
from tests.results.batches import make_batch, moment, plan, second_clerk

__all__ = ["plan"]
SAID = {"name": "韦示例", "contact": "13800000000", "text": "技能成绩合计有误"}


@pytest.fixture
def batch(body: Person, plan: Any) -> ResultBatch:
    return make_batch(plan, "published", entered_by_id=body.account_id)


@pytest.fixture
def clerk(body: Person) -> Person:
    return second_clerk(body)


def object_to(batch: ResultBatch, now: Any, **given: Any) -> Objection:
    return actions.receive(by=PUBLIC, now=now, batch_id=batch.pk, **{**SAID, **given})


def test_the_public_objects_until_the_last_minute_of_the_period(batch: ResultBatch) -> None:
    objection = object_to(batch, moment("2026-06-05", "23:59"))
    assert (objection.state, objection.due_on) == ("received", date(2026, 6, 16))
    refusal = refused("objection.closed", object_to, batch=batch, now=moment("2026-06-06", "00:00"))
    assert (refusal.clause, refusal.params["ends"], refusal.status) == ("四（八）", "2026-06-05", 409)
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("blank", ["name", "contact", "text"])
def test_an_objection_says_who_and_what(batch: ResultBatch, now: Any, blank: str) -> None:
    refused("objection.incomplete", object_to, batch=batch, now=now, **{blank: "  "})


def test_a_ticket_of_another_batch_is_refused(batch: ResultBatch, now: Any) -> None:
    refused("objection.ticket", object_to, batch=batch, now=now, ticket="000")
    result = batch.results.first()
    found = object_to(batch, now, ticket=result.application.ticket.number)
    assert found.result_id == result.pk


def test_an_unpublished_batch_takes_none(plan: Any, now: Any) -> None:
    hidden = make_batch(plan, "entered")
    refused("record.none", object_to, batch=hidden, now=now)


def test_the_one_complained_of_does_not_handle_it(
    batch: ResultBatch, body: Person, clerk: Person, centre: Person, now: Any
) -> None:
    objection = object_to(batch, now, against=f"工作人员{clerk.name}")
    for person in (body, clerk):
        assert (
            refused("objection.conflict", actions.take_up, by=person, now=now, objection_id=objection.pk).status == 403
        )
    assert actions.take_up(by=centre, now=now, objection_id=objection.pk).state == "examining"


def test_an_open_objection_holds_up_the_report(batch: ResultBatch, body: Person, clerk: Person, now: Any) -> None:
    objection = object_to(batch, now)
    over = moment("2026-06-08")
    assert refused("results.objections_open", actions.report, by=body, now=over, batch_id=batch.pk).params["count"] == 1
    actions.take_up(by=clerk, now=over, objection_id=objection.pk)
    refused("flow.reason", actions.dismiss, by=clerk, now=over, objection_id=objection.pk)
    actions.dismiss(by=clerk, now=over, objection_id=objection.pk, note="复核无误")
    assert actions.report(by=body, now=over, batch_id=batch.pk).state == "reported"


def upheld(batch: ResultBatch, clerk: Person, now: Any) -> Amendment:
    result = batch.results.get(theory=59)
    objection = object_to(batch, now, ticket=result.application.ticket.number)
    actions.take_up(by=clerk, now=now, objection_id=objection.pk)
    actions.uphold(by=clerk, now=now, objection_id=objection.pk, note="漏加两分", subject="theory", mark="61")
    return Amendment.objects.get()


def test_upholding_changes_nothing_until_a_second_person_agrees(
    batch: ResultBatch, body: Person, clerk: Person, centre: Person
) -> None:
    asked = moment("2026-06-04")
    amendment = upheld(batch, clerk, asked)
    result = amendment.result
    assert (result.theory, result.passed) == (59, False)
    refused("amendment.two_persons", actions.approve_amendment, by=clerk, now=asked, amendment_id=amendment.pk)
    refused("amendment.two_persons", actions.approve_amendment, by=body, now=asked, amendment_id=amendment.pk)
    refused("results.amendments_open", actions.report, by=body, now=moment("2026-06-08"), batch_id=batch.pk)
    actions.approve_amendment(by=centre, now=asked, amendment_id=amendment.pk)
    result.refresh_from_db()
    assert (result.theory, result.passed) == (Decimal("61"), True)
    kept = MarkHistory.objects.get(result=result)
    assert (kept.source, kept.mark, kept.reason) == ("amended", 61, "漏加两分")
    assert (amendment.old_mark, amendment.new_mark) == (59, 61)
    refused("amendment.decided", actions.approve_amendment, by=centre, now=asked, amendment_id=amendment.pk)


def test_a_changed_mark_is_public_for_the_full_period_again(
    batch: ResultBatch, clerk: Person, centre: Person, body: Person
) -> None:
    asked = moment("2026-06-04")
    actions.approve_amendment(by=centre, now=asked, amendment_id=upheld(batch, clerk, asked).pk)
    batch.refresh_from_db()
    assert batch.publicity_ends_on == date(2026, 6, 11)
    refused("results.publicity_open", actions.report, by=body, now=moment("2026-06-08"), batch_id=batch.pk)


def test_refusing_a_change_leaves_the_mark(batch: ResultBatch, clerk: Person, centre: Person, now: Any) -> None:
    amendment = upheld(batch, clerk, now)
    refused("amendment.refusal_reason", actions.refuse_amendment, by=centre, now=now, amendment_id=amendment.pk)
    actions.refuse_amendment(by=centre, now=now, amendment_id=amendment.pk, note="复核原分无误")
    amendment.result.refresh_from_db()
    assert amendment.result.theory == 59
    assert not MarkHistory.objects.exists()


@pytest.mark.parametrize("state", ["collecting", "entered", "confirmed", "reported", "returned"])
def test_a_change_is_asked_for_only_while_published_or_approved(plan: Any, body: Person, now: Any, state: str) -> None:
    result = make_batch(plan, state).results.first()
    refused(
        "amendment.state",
        actions.request_amendment,
        by=body,
        now=now,
        result_id=result.pk,
        subject="skill",
        mark="90",
        reason="x",
    )


def test_one_change_at_a_time_per_subject(batch: ResultBatch, clerk: Person, now: Any) -> None:
    amendment = upheld(batch, clerk, now)
    given = {"by": clerk, "now": now, "result_id": amendment.result_id, "reason": "再改"}
    refused("amendment.waiting", actions.request_amendment, **given, subject="theory", mark="65")
    refused("amendment.same", actions.request_amendment, **given, subject="skill", mark="90")


def test_a_stranger_body_reaches_nothing(batch: ResultBatch, other_body: Person, clerk: Person, now: Any) -> None:
    amendment = upheld(batch, clerk, now)
    for perform, name, pk in (
        (actions.take_up, "objection_id", amendment.objection_id),
        (actions.approve_amendment, "amendment_id", amendment.pk),
        (actions.report, "batch_id", batch.pk),
    ):
        with pytest.raises(Refusal) as caught:
            perform(by=other_body, now=now, **{name: pk})
        assert caught.value.status in (403, 404)


def test_the_candidate_withdraws_their_own(batch: ResultBatch, now: Any) -> None:
    candidate = factories.make_candidate()
    objection = actions.receive(by=candidate, now=now, batch_id=batch.pk, **SAID)
    refused("record.none", actions.withdraw, by=factories.make_candidate(), now=now, objection_id=objection.pk)
    assert actions.withdraw(by=candidate, now=now, objection_id=objection.pk).state == "withdrawn"
    assert Organisation.objects.filter(pk=batch.body_id).exists()
