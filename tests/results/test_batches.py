"""Results: collected, entered and confirmed by two people, public for five working days, then reported: 四（八）."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jiangheng.bodies.models import Organisation
from jiangheng.exam_day.models import Incident
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people.models import Account, Membership
from jiangheng.results import actions, queries
from jiangheng.results.models import MarkHistory, ResultBatch
from jiangheng.rules.roles import PUBLIC, Person, Role
from tests import factories
from tests.asking import refused
from tests.results.batches import hold_sittings, make_application, make_batch, moment, plan, second_clerk

__all__ = ["plan"]


def test_collecting_takes_every_candidates_marks_with_their_history(body: Person, plan: Any, now: Any) -> None:
    three = [make_application(plan, subjects=["skill"]) for _ in range(3)]
    hold_sittings(plan, three, [(80, 82, 84), (50, 55, 60), None])
    batch = actions.collect(by=body, now=now, plan_id=plan.pk)
    first, second, third = batch.results.order_by("id")
    assert (first.skill, first.passed) == (Decimal("82"), True)
    assert (second.skill, second.passed) == (Decimal("55"), False)
    assert (third.skill, third.absent, third.passed) == (None, ["skill"], False)
    assert sorted(MarkHistory.objects.values_list("source", flat=True)) == ["absent", "collected", "collected"]
    entry = Entry.objects.get(record_kind="result_batch", record_id=batch.pk)
    assert entry.after["candidates"] == 3
    assert len(entry.after["marks_digest"]) == 64
    refused("results.collected", actions.collect, by=body, now=now, plan_id=plan.pk)


def test_an_unrecorded_sitting_or_none_stands_in_the_way(body: Person, plan: Any, now: Any) -> None:
    application = make_application(plan, subjects=["skill"])
    refused("results.no_sittings", actions.collect, by=body, now=now, plan_id=plan.pk)
    hold_sittings(plan, [application], [(70, 70, 70)], state="closed")
    assert refused("results.sittings_open", actions.collect, by=body, now=now, plan_id=plan.pk).params == {"waiting": 1}
    assert not ResultBatch.objects.exists()


@pytest.mark.parametrize(("tier", "void"), [("A", ["skill"]), ("C", ["theory", "skill"])])
def test_an_irregularity_voids_its_subject_or_all(
    body: Person, plan: Any, now: Any, tier: str, void: list[str]
) -> None:
    application = make_application(plan)
    sitting = hold_sittings(plan, [application], [(90, 90, 90)])
    Incident.objects.create(
        sitting=sitting, seat=sitting.seats.get(), tier=tier, text="夹带", reporter_id=body.account_id, at=now
    )
    result = actions.collect(by=body, now=now, plan_id=plan.pk).results.get()
    assert (result.voided, result.passed) == (void, False)


def test_another_body_cannot_collect_and_a_candidate_may_not(
    body: Person, other_body: Person, plan: Any, now: Any
) -> None:
    refused("record.none", actions.collect, by=other_body, now=now, plan_id=plan.pk)
    refused("deed.role", actions.collect, by=factories.make_candidate(), now=now, plan_id=plan.pk)


def test_a_missing_mark_is_named_before_entering(body: Person, plan: Any, now: Any) -> None:
    batch = make_batch(plan, "collecting", [(80, None)])
    refusal = refused("results.missing", actions.enter, by=body, now=now, batch_id=batch.pk)
    assert refusal.params["count"] == 1
    result = batch.results.get()
    actions.enter_mark(by=body, now=now, result_id=result.pk, subject="skill", mark="66.5")
    assert actions.enter(by=body, now=now, batch_id=batch.pk).state == "entered"
    result.refresh_from_db()
    assert (result.skill, result.passed, result.version) == (Decimal("66.5"), True, 1)


def test_a_mark_is_replaced_only_with_a_reason_and_the_old_one_stays(body: Person, plan: Any, now: Any) -> None:
    result = make_batch(plan, "collecting", [(80, 70)]).results.get()
    given = {"by": body, "now": now, "result_id": result.pk, "subject": "skill", "mark": "75"}
    refused("mark.reason", actions.enter_mark, **given)
    refused("mark.invalid", actions.enter_mark, **{**given, "mark": "100.5", "reason": "改"})
    refused("mark.invalid", actions.enter_mark, **{**given, "mark": "七十", "reason": "改"})
    refused("mark.subject", actions.enter_mark, **{**given, "subject": "review", "reason": "改"})
    refused("record.stale", actions.enter_mark, **{**given, "reason": "改", "seen": 9})
    actions.enter_mark(**given, reason="评分表合计有误")
    row = MarkHistory.objects.get(result=result)
    assert (row.mark, row.source, row.reason, row.by_account_id) == (75, "entered", "评分表合计有误", body.account_id)
    entry = Entry.objects.get(action="results.enter_mark")
    assert (entry.before["skill"], entry.after["skill"]) == ("70.0", "75")


@pytest.mark.parametrize("statement", ["UPDATE results_markhistory SET mark = 99", "DELETE FROM results_markhistory"])
def test_the_database_itself_refuses_to_change_the_history(body: Person, plan: Any, now: Any, statement: str) -> None:
    result = make_batch(plan, "collecting", [(80, 70)]).results.get()
    actions.enter_mark(by=body, now=now, result_id=result.pk, subject="skill", mark="71", reason="更正")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_one_person_never_enters_and_confirms(body: Person, plan: Any, now: Any) -> None:
    other = second_clerk(body)
    batch = make_batch(plan, "collecting", [(80, 70)])
    actions.enter_mark(by=other, now=now, result_id=batch.results.get().pk, subject="skill", mark="71", reason="更正")
    actions.enter(by=body, now=now, batch_id=batch.pk)
    assert refused("results.two_persons", actions.confirm, by=body, now=now, batch_id=batch.pk).status == 403
    refused("results.two_persons", actions.confirm, by=other, now=now, batch_id=batch.pk)
    third = second_clerk(body)
    assert actions.confirm(by=third, now=now, batch_id=batch.pk).confirmed_by_id == third.account_id


def test_entered_marks_are_closed_until_sent_back_with_a_reason(body: Person, plan: Any, now: Any) -> None:
    batch = make_batch(plan, "entered", [(80, 70)])
    result = batch.results.get()
    refused(
        "mark.closed", actions.enter_mark, by=body, now=now, result_id=result.pk, subject="skill", mark="71", reason="x"
    )
    refused("flow.reason", actions.reopen, by=body, now=now, batch_id=batch.pk)
    assert actions.reopen(by=body, now=now, batch_id=batch.pk, note="漏登一人").state == "collecting"


def test_publicity_lasts_five_working_days_and_reporting_waits_for_its_end(body: Person, plan: Any) -> None:
    batch = make_batch(plan, "confirmed", published_on=None, publicity_ends_on=None)
    batch = actions.publish(by=body, now=moment("2026-04-29"), batch_id=batch.pk)
    # 5月1日至5日放假，5月9日调休上班：4/30、5/6、5/7、5/8、5/9
    assert (batch.published_on, batch.publicity_ends_on) == (date(2026, 4, 29), date(2026, 5, 9))
    refusal = refused(
        "results.publicity_open", actions.report, by=body, now=moment("2026-05-09", "23:59"), batch_id=batch.pk
    )
    assert (refusal.params["left"], refusal.params["earliest"], refusal.clause) == (1, "2026-05-10", "四（八）")
    assert actions.report(by=body, now=moment("2026-05-10", "00:00"), batch_id=batch.pk).reported_on == date(
        2026, 5, 10
    )


def test_publishing_tells_candidates_with_accounts_and_their_sponsors(
    body: Person, school: Person, plan: Any, now: Any
) -> None:
    candidate = factories.make_candidate()
    batch = make_batch(plan, "confirmed", [], published_on=None)
    application = make_application(plan, sponsor_id=school.organisation_id)
    Account.objects.filter(pk=candidate.account_id).update(identity_id=application.identity_id)
    batch.results.create(application=application, theory=80, skill=80, passed=True)
    actions.publish(by=body, now=now, batch_id=batch.pk)
    told = Outgoing.objects.values_list("recipient_account_id", "recipient_organisation_id")
    assert set(told) == {(candidate.account_id, None), (None, school.organisation_id)}


def test_the_centre_reviews_but_nobody_of_the_body_does(body: Person, centre: Person, plan: Any, now: Any) -> None:
    batch = make_batch(plan, "reported")
    Membership.objects.create(
        account=Account.objects.get(pk=centre.account_id),
        organisation_id=body.organisation_id,
        role=Role.BODY,
        created_at=now,
    )
    refused("results.reviewer", actions.approve, by=centre, now=now, batch_id=batch.pk)
    other = factories.make_person(Role.CENTRE, Organisation.objects.get(pk=centre.organisation_id))
    refused("flow.reason", actions.return_, by=other, now=now, batch_id=batch.pk)
    refused("record.stale", actions.approve, by=other, now=now, batch_id=batch.pk, seen=7)
    assert actions.approve(by=other, now=now, batch_id=batch.pk).approved_on == date(2026, 6, 1)
    refused("deed.role", actions.approve, by=body, now=now, batch_id=batch.pk)


def test_who_sees_which_batch_and_result(
    body: Person, other_body: Person, centre: Person, school: Person, plan: Any
) -> None:
    batch = make_batch(plan, "entered")
    candidate = factories.make_candidate()
    assert [queries.visible_to(each).count() for each in (centre, body, other_body, school, candidate, PUBLIC)] == [
        1,
        1,
        0,
        0,
        0,
        0,
    ]
    ResultBatch.objects.filter(pk=batch.pk).update(state="published")
    assert [queries.visible_to(each).count() for each in (centre, body, other_body, PUBLIC)] == [1, 1, 0, 1]
    assert queries.results_visible_to(PUBLIC).count() == queries.results_visible_to(other_body).count() == 0
    result = batch.results.first()
    mine = Person(1, "甲", Role.CANDIDATE, identity_id=result.application.identity_id)
    assert list(queries.results_visible_to(mine)) == [result]
    assert queries.results_visible_to(candidate).count() == 0
