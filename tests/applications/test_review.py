"""Filling in, handing in, judging and deciding (三（一）, 三（二）): lawful paths and every refusal."""

from __future__ import annotations

from datetime import datetime

import pytest

from jiangheng.applications import actions, queries
from jiangheng.applications.actions.judging import Bench
from jiangheng.applications.models import Application
from jiangheng.catalog.models import StandardVersion
from jiangheng.journal.actions import AlreadyDone
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases
from tests.asking import refusal


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()


def test_a_candidate_applies_and_is_judged_with_the_law_of_the_deadline(
    candidate: Person, body: Person, now: datetime
) -> None:
    plan = cases.plan_of(body)
    application = cases.submitted(candidate, plan, now)
    assert (application.state, application.verdict, application.route) == ("submitted", "met", "2023-4-1")
    assert application.as_of.isoformat() == "2026-06-15"
    assert application.law_version == application.judgement["law_version"]
    assert application.judgement["facts"]["employment"][0]["start"] == "2018-06-01"
    assert application.number == f"BM2026{plan.body_id:04d}-000001"
    assert application.subjects == ["theory", "skill"]


def test_the_standard_in_force_on_the_deadline_decides(candidate: Person, body: Person, now: datetime) -> None:
    plan = cases.plan_of(body)
    newer = cases.catalogue("R2018")
    newer.valid_from = plan.registration_ends_at.date()
    newer.save()
    application = cases.drafted(candidate, plan, now)
    found = refusal(actions.submit, by=candidate, now=now, application_id=application.pk, committed=True)
    assert found.code == "application.incomplete"
    assert found.params["columns"] == "申报条件"


def test_the_standards_own_overrides_decide_with_what_was_asked(candidate: Person, body: Person, now: datetime) -> None:
    standard = StandardVersion.objects.get()
    standard.route_overrides = [
        {"change": "2023-4-1", "set": {"cum": 9, "evidence": ["work_years", "certificate"]}, "document": "示例文件"}
    ]
    standard.save()
    application = cases.drafted(candidate, cases.plan_of(body), now)
    actions.attach(by=candidate, now=now, application_id=application.pk, kind="certificate", upload=cases.scan())
    application = actions.submit(by=candidate, now=now, application_id=application.pk, committed=True)
    assert (application.verdict, application.judgement["asked_evidence"]) == ("not_met", ["work_years", "certificate"])
    assert application.judgement["conditions"][0]["detail"]["needed"] == 9


def test_each_is_judged_by_the_words_of_their_own_line(candidate: Person, body: Person, now: datetime) -> None:
    application = cases.submitted(
        candidate, cases.plan_of(body), now, 专业年限="", 简要经历="2010-01至今 某厂 自动化电工"
    )
    bench = Bench(now)
    for job, verdict in (("维修电工", "not_met"), ("自动化电工", "met")):
        application.job = job
        bench.judge(application)
        assert application.verdict == verdict


@pytest.mark.parametrize(("column", "state"), [("专业年限", "not_evidenced")])
def test_an_unanswered_question_is_never_a_no(
    candidate: Person, body: Person, now: datetime, column: str, state: str
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now, **{column: ""})
    assert application.verdict == state
    assert "not_met" not in {each["state"] for each in application.judgement["conditions"]}


def test_not_met_is_refused_with_the_condition_and_the_earliest_day(
    candidate: Person, body: Person, now: datetime
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now, 专业年限="4")
    assert application.verdict == "not_met"
    assert application.judgement["earliest"] == "2027-06-01"
    found = refusal(actions.accept, by=body, now=now, application_id=application.pk)
    assert (found.code, found.clause, found.status) == ("application.not_met", "三（一）", 409)
    assert "累计从事本职业或相关职业工作满5年" in found.sentence()
    outcome = actions.judge_all(by=body, now=now, plan_id=application.plan_id)
    assert (outcome.accepted, outcome.not_accepted, outcome.by_hand) == (0, 1, 0)
    application.refresh_from_db()
    assert application.state == "not_accepted"
    assert "满5年" in Entry.objects.get(record_kind="application", verb="refuse").note


def test_a_wrong_route_that_another_would_meet_goes_to_a_person(candidate: Person, body: Person, now: datetime) -> None:
    application = cases.drafted(candidate, cases.plan_of(body), now, 申报条件="2023-4-2")
    actions.attach(by=candidate, now=now, application_id=application.pk, kind="certificate", upload=cases.scan())
    application = actions.submit(by=candidate, now=now, application_id=application.pk, committed=True)
    assert (application.verdict, application.judgement["other_route"]) == ("not_evidenced", "2023-4-1")


def test_an_open_question_is_accepted_only_with_words(candidate: Person, body: Person, now: datetime) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now, 专业年限="")
    assert actions.judge_all(by=body, now=now, plan_id=application.plan_id).by_hand == 1
    found = refusal(actions.accept, by=body, now=now, application_id=application.pk)
    assert (found.code, found.status) == ("application.by_hand", 422)
    accepted = actions.accept(by=body, now=now, application_id=application.pk, note="已核对社保缴费记录")
    assert accepted.state == "accepted"


def test_what_is_missing_is_named_all_at_once(candidate: Person, body: Person, now: datetime) -> None:
    plan = cases.plan_of(body)
    application = actions.apply_draft(by=candidate, now=now, plan_row_id=plan.rows.get().pk)
    actions.save(by=candidate, now=now, application_id=application.pk, values={"申报条件": "2023-4-1"})
    found = refusal(actions.submit, by=candidate, now=now, application_id=application.pk, committed=False)
    assert found.code == "application.commitment"
    found = refusal(actions.submit, by=candidate, now=now, application_id=application.pk, committed=True)
    assert isinstance(found, actions.Incomplete)
    assert found.proofs == ["identity", "work_years", "photo"]
    assert {"手机号码", "民族", "文化程度"} <= {fault.column for fault in found.faults}


def test_only_the_applicants_columns_are_written(candidate: Person, body: Person, now: datetime) -> None:
    application = cases.drafted(candidate, cases.plan_of(body), now)
    before = Application.objects.values().get(pk=application.pk)
    actions.save(
        by=candidate,
        now=now,
        application_id=application.pk,
        values={"state": "accepted", "verdict": "met", "姓名": "别人", "level": 1, "score": 100, "plan_id": 9},
    )
    assert Application.objects.values().get(pk=application.pk) == before


def test_a_stale_page_and_a_replayed_form_change_nothing(candidate: Person, body: Person, now: datetime) -> None:
    plan = cases.plan_of(body)
    row = plan.rows.get().pk
    application = actions.apply_draft(by=candidate, now=now, plan_row_id=row, once="t1")
    with pytest.raises(AlreadyDone):
        actions.apply_draft(by=candidate, now=now, plan_row_id=row, once="t1")
    actions.save(by=candidate, now=now, application_id=application.pk, values={"民族": "壮"}, seen=0)
    found = refusal(actions.save, by=candidate, now=now, application_id=application.pk, values={"民族": "汉"}, seen=0)
    assert found.code == "record.stale"
    assert Application.objects.get(pk=application.pk).form["民族"] == "壮"
    assert refusal(actions.apply_draft, by=candidate, now=now, plan_row_id=row).code == "application.duplicate"


def test_registration_ends_to_the_second(candidate: Person, body: Person, now: datetime) -> None:
    plan = cases.plan_of(body)
    application = cases.drafted(candidate, plan, now)
    late = plan.registration_ends_at.replace(second=1)
    found = refusal(actions.submit, by=candidate, now=late, application_id=application.pk, committed=True)
    assert found.code == "application.closed"
    in_time = actions.submit(by=candidate, now=plan.registration_ends_at, application_id=application.pk, committed=True)
    assert in_time.state == "submitted"


def test_returned_corrected_and_handed_in_again(candidate: Person, body: Person, now: datetime) -> None:
    plan = cases.plan_of(body)
    application = cases.submitted(candidate, plan, now)
    found = refusal(actions.return_, by=body, now=now, application_id=application.pk, note="")
    assert found.code == "flow.reason"
    returned = actions.return_(
        by=body, now=now, application_id=application.pk, note="请补盖章页", reasons=["work_years"]
    )
    assert returned.state == "returned"
    assert Outgoing.objects.filter(recipient_account_id=candidate.account_id).count() == 1
    actions.save(by=candidate, now=now, application_id=application.pk, values={"专业年限": "9"})
    after_deadline = factories.moment("2026-06-20 09:00")
    again = actions.submit(by=candidate, now=after_deadline, application_id=application.pk, committed=True)
    assert again.state == "submitted"


def test_individuals_apply_to_social_bodies_only(candidate: Person, now: datetime) -> None:
    school = factories.make_person(Role.BODY, factories.make_organisation("technical_school"))
    plan = cases.plan_of(school)
    found = refusal(actions.apply_draft, by=candidate, now=now, plan_row_id=plan.rows.get().pk)
    assert found.status == 404


def test_a_clerk_enters_one_person_and_hands_in(body: Person, school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    application = actions.apply_draft(by=school, now=now, request_id=request.pk, claim=cases.claim())
    done = actions.submit(by=school, now=now, application_id=application.pk, committed=True, values=cases.FORM)
    assert (done.state, done.verdict) == ("submitted", "met")
    plan = cases.plan_of(body)
    other = actions.apply_draft(by=body, now=now, plan_row_id=plan.rows.get().pk, claim=cases.claim(2))
    assert other.sponsor_id == body.organisation_id


def test_wrong_role_organisation_and_state_are_refused(
    candidate: Person, body: Person, other_body: Person, school: Person, centre: Person, now: datetime
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    stranger = factories.make_candidate()
    key = {"now": now, "application_id": application.pk}
    assert refusal(actions.accept, by=other_body, **key).status == 404
    assert refusal(actions.accept, by=centre, **key).status == 403
    assert refusal(actions.accept, by=candidate, **key).status == 403
    assert refusal(actions.withdraw, by=stranger, **key).status == 404
    assert refusal(actions.save, by=stranger, values={}, **key).status == 404
    assert refusal(actions.attach, by=candidate, kind="photo", upload=cases.photo(), **key).code == "application.locked"
    assert refusal(actions.judge_all, by=other_body, now=now, plan_id=application.plan_id).status == 404
    actions.accept(by=body, **key)
    assert refusal(actions.accept, by=body, **key).code == "flow.state"
    assert refusal(actions.withdraw, by=candidate, **key).code == "flow.state"
    assert refusal(actions.refuse_application, by=body, note="晚了", **key).code == "flow.state"


def test_a_stale_decision_is_refused(candidate: Person, body: Person, now: datetime) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    found = refusal(actions.accept, by=body, now=now, application_id=application.pk, seen=application.version - 1)
    assert found.code == "record.stale"


def test_visible_only_to_those_it_concerns(
    candidate: Person, body: Person, other_body: Person, school: Person, centre: Person, now: datetime
) -> None:
    plan = cases.plan_of(body)
    draft = actions.apply_draft(by=candidate, now=now, plan_row_id=plan.rows.get().pk)
    assert list(queries.visible_to(body)) == list(queries.visible_to(centre)) == []
    assert list(queries.visible_to(candidate)) == [draft]
    request = cases.request_of(school, body)
    entered = actions.apply_draft(by=school, now=now, request_id=request.pk, claim=cases.claim())
    actions.submit(by=school, now=now, application_id=entered.pk, committed=True, values=cases.FORM)
    for person, seen in ((body, True), (school, True), (centre, True), (other_body, False), (candidate, False)):
        assert queries.visible_to(person).filter(pk=entered.pk).exists() is seen
    request.state = "submitted"
    request.save()
    entered.refresh_from_db()
    Application.objects.filter(pk=entered.pk).update(body=None)
    assert not queries.visible_to(body).filter(pk=entered.pk).exists()


def test_bound_to_the_plan_and_judged_there(school: Person, body: Person, other_body: Person, now: datetime) -> None:
    request = cases.request_of(school, body)
    actions.import_roster(by=school, now=now, upload=cases.upload(), request_id=request.pk)
    outcome = actions.judge_all(by=body, now=now, request_id=request.pk)
    assert (outcome.accepted, outcome.not_accepted, outcome.by_hand) == (57, 1, 2)
    plan = cases.plan_of(body, request=request)
    other = cases.plan_of(other_body)
    assert refusal(actions.bind_to_plan, by=other_body, now=now, request_id=request.pk, plan_id=other.pk).code == (
        "application.other_plan"
    )
    assert actions.bind_to_plan(by=body, now=now, request_id=request.pk, plan_id=plan.pk) == 59
    assert actions.bind_to_plan(by=body, now=now, request_id=request.pk, plan_id=plan.pk) == 0
    assert queries.of_plan(plan.pk).count() == 57
    again = actions.judge_all(by=body, now=now, plan_id=plan.pk)
    assert (again.accepted, again.by_hand) == (0, 2)


def test_bulk_accept_takes_only_the_clean_ones(school: Person, body: Person, now: datetime) -> None:
    request = cases.request_of(school, body)
    actions.import_roster(by=school, now=now, upload=cases.upload(), request_id=request.pk)
    some = list(queries.of_request(request.pk).values_list("pk", flat=True)[:10])
    assert len(actions.accept_clean(by=body, now=now, request_id=request.pk, ids=some).accepted) == 10
    assert len(actions.accept_clean(by=body, now=now, request_id=request.pk).accepted) == 47
    assert actions.accept_clean(by=body, now=now, request_id=request.pk).accepted == ()
    assert queries.of_request(request.pk, ("submitted",)).count() == 3
