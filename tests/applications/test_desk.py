"""三（一）: two levels, undoing, reasons word for word, bulk acceptance that says what it left, races, marks, the desk."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiangheng.applications import actions
from jiangheng.applications.models import Application
from jiangheng.applications.queries import desk
from jiangheng.bodies.models import Organisation
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.plans.models import Plan
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases
from tests.asking import refusal


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()


@pytest.fixture
def colleague(body: Person) -> Person:
    """Another clerk of the same body."""
    return factories.make_person(Role.BODY, Organisation.objects.get(pk=body.organisation_id))


@pytest.fixture
def plan(body: Person) -> Plan:
    return cases.plan_of(body)


@pytest.fixture
def waiting(candidate: Person, plan: Plan, now: datetime) -> Application:
    return cases.submitted(candidate, plan, now)


def two_levels(body: Person, now: datetime) -> None:
    actions.set_levels(by=body, now=now, levels=2, valid_from=now.date())


def test_one_level_is_the_default_and_a_setting_counts_from_its_day(body: Person, now: datetime) -> None:
    today = now.date()
    assert desk.levels(body.organisation_id, today) == 1
    actions.set_levels(by=body, now=now, levels=2, valid_from=today + timedelta(days=3))
    assert desk.levels(body.organisation_id, today) == 1
    assert desk.levels(body.organisation_id, today + timedelta(days=3)) == 2
    assert refusal(actions.set_levels, by=body, now=now, levels=3, valid_from=today).code == "review.levels"
    yesterday = today - timedelta(days=1)
    assert refusal(actions.set_levels, by=body, now=now, levels=2, valid_from=yesterday).code == "review.past"


def test_at_two_levels_two_different_people_decide(
    waiting: Application, body: Person, colleague: Person, now: datetime
) -> None:
    two_levels(body, now)
    assert refusal(actions.accept, by=body, now=now, application_id=waiting.pk).code == "review.two_levels"
    passed = actions.pass_first(by=body, now=now, application_id=waiting.pk)
    assert (passed.state, passed.first_reviewed_by_id) == ("reviewed", body.account_id)
    for call, extra in ((actions.accept, {}), (actions.return_, {"note": "补"}), (actions.send_back, {"note": "补"})):
        found = refusal(call, by=body, now=now, application_id=waiting.pk, **extra)
        assert (found.code, found.status) == ("review.same_person", 403)
    accepted = actions.accept(by=colleague, now=now, application_id=waiting.pk)
    assert accepted.state == "accepted"


def test_a_first_review_is_taken_back_by_its_maker_and_sent_back_by_the_second(
    waiting: Application, body: Person, colleague: Person, now: datetime
) -> None:
    two_levels(body, now)
    actions.pass_first(by=body, now=now, application_id=waiting.pk)
    assert refusal(actions.take_back, by=colleague, now=now, application_id=waiting.pk).code == "review.not_first"
    assert actions.take_back(by=body, now=now, application_id=waiting.pk).first_reviewed_by_id is None
    actions.pass_first(by=body, now=now, application_id=waiting.pk)
    assert refusal(actions.send_back, by=colleague, now=now, application_id=waiting.pk, note=" ").code == "flow.reason"
    back = actions.send_back(by=colleague, now=now, application_id=waiting.pk, note="工作证明未写工种")
    assert (back.state, back.first_reviewed_by_id) == ("submitted", None)


def test_a_first_review_where_one_level_is_in_force_is_refused(
    waiting: Application, body: Person, now: datetime
) -> None:
    assert refusal(actions.pass_first, by=body, now=now, application_id=waiting.pk).code == "review.one_level"


def test_the_candidate_reads_the_reasons_word_for_word(
    waiting: Application, body: Person, candidate: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    browser = client_for(body, now)
    answer = browser.post(
        reverse("applications:review", args=[waiting.pk]),
        {"do": "return", "reasons": ["work_years"], "note": "请补单位公章", "_seen": waiting.version},
    )
    assert answer.status_code == 302
    said = Entry.objects.get(record_kind="application", verb="return").note
    assert said.startswith("工作年限证明缺失、未盖章或年限不足（三（二））：")
    assert said.endswith("\n请补单位公章")
    assert Outgoing.objects.filter(recipient_account_id=candidate.account_id, body__contains=said).count() == 1
    assert said in client_for(candidate, now).get(reverse("applications:mine")).content.decode()


def test_a_decision_is_undone_by_its_maker_within_the_minutes(
    waiting: Application, body: Person, colleague: Person, now: datetime
) -> None:
    actions.accept(by=body, now=now, application_id=waiting.pk)
    soon, late = now + timedelta(minutes=10), now + timedelta(minutes=10, seconds=1)
    assert refusal(actions.undo, by=colleague, now=soon, application_id=waiting.pk).code == "review.not_decider"
    assert refusal(actions.undo, by=body, now=late, application_id=waiting.pk).code == "review.undo_late"
    assert actions.undo(by=body, now=soon, application_id=waiting.pk).state == "submitted"
    assert refusal(actions.undo, by=body, now=soon, application_id=waiting.pk).code == "flow.state"


def test_what_the_candidate_has_acted_on_is_not_undone(
    waiting: Application, body: Person, candidate: Person, now: datetime
) -> None:
    actions.return_(by=body, now=now, application_id=waiting.pk, note="请补盖章")
    actions.save(by=candidate, now=now, application_id=waiting.pk, values={"专业年限": "9"})
    assert refusal(actions.undo, by=body, now=now, application_id=waiting.pk).code == "review.undo_late"


def test_bulk_acceptance_takes_the_clean_ones_and_says_why_it_left_the_rest(
    plan: Plan, body: Person, now: datetime
) -> None:
    clean = cases.submitted(factories.make_candidate(), plan, now, 手机号码="13800000011")
    open_ = cases.submitted(factories.make_candidate(), plan, now, 手机号码="13800000012", 专业年限="")
    marked = cases.submitted(factories.make_candidate(), plan, now, 手机号码="13800000013")
    Application.objects.filter(pk=marked.pk).update(review="elsewhere:")
    for each in (clean, open_, marked):
        each.proofs.exclude(kind="identity").exclude(application=clean).delete()
    done = actions.accept_clean(by=body, now=now, plan_id=plan.pk)
    assert done.accepted == (clean.number,)
    why = {each.number: each.why for each in done.left}
    assert why[open_.number] == ("申报条件未全部满足或尚待核实", "材料不齐")
    assert "有需要核对的提示" in why[marked.number]
    entry = Entry.objects.get(record_kind="plan", verb="application.accept_clean")
    assert (entry.after["accepted"], entry.after["left_count"]) == (1, 2)


def test_bulk_at_two_levels_passes_and_another_person_accepts(
    plan: Plan, waiting: Application, body: Person, colleague: Person, now: datetime
) -> None:
    two_levels(body, now)
    first = actions.accept_clean(by=body, now=now, plan_id=plan.pk)
    assert (first.accepted, first.passed) == ((), (waiting.number,))
    again = actions.accept_clean(by=body, now=now, plan_id=plan.pk)
    assert [each.why for each in again.left] == [("由您初审，须另一人复核",)]
    assert actions.accept_clean(by=colleague, now=now, plan_id=plan.pk).accepted == (waiting.number,)


def test_the_same_phone_marks_those_already_waiting_too(plan: Plan, body: Person, now: datetime) -> None:
    people = [cases.submitted(factories.make_candidate(), plan, now, 手机号码="13800000009") for _ in range(3)]
    for each in people:
        each.proofs.exclude(kind="identity").delete()
    actions.look(by=body, now=now, ids=[people[0].pk])
    for each in people:
        each.refresh_from_db()
        assert {"kind": "same_phone", "params": {"others": 2}} in each.flags
        assert each.standing == "flagged"


def test_one_of_two_racing_reviewers_wins_and_the_other_is_told(
    waiting: Application, body: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    first, second = client_for(body, now), client_for(body, now)
    page = reverse("applications:review", args=[waiting.pk])
    given = {"do": "accept", "_seen": waiting.version}
    assert first.post(page, given).status_code == 302
    answer = second.post(page, {**given, "do": "return", "reasons": ["photo"]})
    assert answer.status_code == 409
    assert "刚刚被他人办理" in answer.content.decode()
    assert Application.objects.get(pk=waiting.pk).state == "accepted"


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_make_one(candidate: Person, body: Person, now: datetime) -> None:
    plan = cases.plan_of(body)
    application = cases.submitted(candidate, plan, now)
    gate = Barrier(2)

    def decide(verb: str) -> str:
        try:
            gate.wait()
            if verb == "accept":
                actions.accept(by=body, now=now, application_id=application.pk)
            else:
                actions.return_(by=body, now=now, application_id=application.pk, note="补")
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, ("accept", "return")))
    assert answers[0] == "done"
    assert answers[1] in ("record.stale", "flow.state")


def test_after_a_decision_comes_the_next_with_undo_at_hand(
    plan: Plan, body: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    one, two = (cases.submitted(factories.make_candidate(), plan, now, 手机号码=f"1380000002{n}") for n in range(2))
    browser = client_for(body, now)
    page = reverse("applications:review", args=[one.pk])
    assert browser.get(page).status_code == 200
    answer = browser.post(page, {"do": "accept", "_seen": one.version, "note": "已核对", "tab": "waiting"})
    assert answer["Location"] == f"{reverse('applications:review', args=[two.pk])}?tab=waiting&last={one.pk}"
    assert "撤销刚才的决定" in browser.get(answer["Location"]).content.decode()
    back = browser.post(page, {"do": "undo", "_seen": Application.objects.get(pk=one.pk).version})
    assert back.status_code == 302
    assert Application.objects.get(pk=one.pk).state == "submitted"


def test_another_body_sees_no_desk_and_no_page_of_a_proof(
    waiting: Application, other_body: Person, school: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    proof = waiting.proofs.first()
    assert proof is not None
    for person, status in ((other_body, 404), (school, 403)):
        browser = client_for(person, now)
        assert browser.get(reverse("applications:review", args=[waiting.pk])).status_code == status
    shown = reverse("applications:proof_page", args=[waiting.pk, proof.pk, 1])
    assert client_for(other_body, now).get(shown).status_code == 404


def test_a_proof_is_shown_as_a_picture_drawn_afresh(
    waiting: Application, body: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    proof = waiting.proofs.first()
    assert proof is not None
    answer = client_for(body, now).get(reverse("applications:proof_page", args=[waiting.pk, proof.pk, 1]))
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"\x89PNG")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_the_queue_asks_as_often_for_three_as_for_one(
    plan: Plan, body: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    browser = client_for(body, now)
    address = reverse("applications:batch_plan", args=[plan.pk])
    asked = []
    for people in (1, 2):
        for _ in range(people):
            cases.submitted(factories.make_candidate(), plan, now)
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1]


def test_the_tabs_count_what_they_list(plan: Plan, body: Person, now: datetime) -> None:
    cases.submitted(factories.make_candidate(), plan, now, 手机号码="13800000031")
    cases.submitted(factories.make_candidate(), plan, now, 手机号码="13800000032", 专业年限="")
    rows = desk.of_batch(plan)
    counts = desk.tab_counts(rows, body.account_id)
    for name, count in counts.items():
        assert desk.tab(rows, name, body.account_id).count() == count
    assert counts["waiting"] == counts["clean"] + counts["look"] + counts["flagged"] + counts["second"]


def test_only_the_deciding_body_decides(waiting: Application, other_body: Person, now: datetime) -> None:
    for call in (actions.pass_first, actions.take_back, actions.undo):
        assert refusal(call, by=other_body, now=now, application_id=waiting.pk).status == 404
