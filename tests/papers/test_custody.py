"""The custody ledger: two people at every step, only added to, balanced or named (四（五）)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jiangheng.papers import actions, queries
from jiangheng.papers.models import Movement, PaperRequest
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from tests.asking import refusal
from tests.sittings import stage

pytestmark = pytest.mark.django_db
NOW = stage.ARRANGED_AT


def drawn(body: Person, centre: Person) -> PaperRequest:
    actions.load_items(by=centre, now=NOW)
    request = stage.request_papers(body, stage.make_plan(body))
    actions.submit(by=body, now=NOW, request_id=request.pk)
    return actions.draw(by=centre, now=NOW, request_id=request.pk, second_person="另一人", seed="种子")


def test_every_step_takes_two_different_people(body: Person, centre: Person) -> None:
    actions.load_items(by=centre, now=NOW)
    request = stage.request_papers(body, stage.make_plan(body))
    actions.submit(by=body, now=NOW, request_id=request.pk)
    for second in ("", centre.name):
        error = refusal(
            lambda second=second: actions.draw(by=centre, now=NOW, request_id=request.pk, second_person=second)
        )
        assert error.code == "papers.two_people"


def test_issue_waits_for_seals_and_goes_to_the_named_collectors(body: Person, centre: Person) -> None:
    request = drawn(body, centre)

    def issue(received_by: list[str]) -> Any:
        return actions.issue(by=centre, now=NOW, request_id=request.pk, second_person="另一人", received_by=received_by)

    assert refusal(lambda: issue(["领卷甲", "领卷乙"])).code == "papers.not_sealed"
    for seals in ({"A": "一"}, {"A": "一", "B": "一"}, {"A": "一", "B": ""}):
        error = refusal(
            lambda seals=seals: actions.seal(
                by=centre, now=NOW, request_id=request.pk, seals=seals, second_person="另一人"
            )
        )
        assert error.code == "papers.seals"
    actions.seal(by=centre, now=NOW, request_id=request.pk, seals={"A": "一", "B": "二"}, second_person="另一人")
    for names in ([], ["领卷甲"], ["领卷甲", "路人"]):
        assert refusal(lambda names=names: issue(names)).code == "papers.receivers"
    assert issue(["领卷甲", "领卷乙"]).state == "issued"
    assert queries.balance_of(request).issued == request.candidates + request.spare_copies
    assert (
        Movement.objects.filter(request=request, kind="issued").values_list("received_by", flat=True)[0]
        == "领卷乙、领卷甲"
    )


def test_a_gap_blocks_the_balance_and_is_named_until_it_is_accounted_for(body: Person, centre: Person) -> None:
    request = stage.issue_papers(body, centre, stage.make_plan(body))
    counts = {"A": {"used": 2, "spare": 1, "void": 0}, "B": {"used": 2, "spare": 0, "void": 0}}
    actions.take_back(by=centre, now=NOW, request_id=request.pk, counts=counts, second_person="另一人")
    error = refusal(lambda: actions.balance(by=centre, now=NOW, request_id=request.pk))
    assert (error.code, error.params["gap"]) == ("papers.gap", 1)
    assert list(queries.unbalanced(request.plan_id)) == [request]
    line = {
        "by": centre,
        "now": NOW,
        "request_id": request.pk,
        "kind": "voided",
        "copies": 1,
        "second_person": "另一人",
    }
    assert refusal(lambda: actions.record_movement(**line, letter="B", remark=" ")).code == "papers.copies"
    actions.record_movement(**line, letter="A", remark="破损")
    error = refusal(lambda: actions.balance(by=centre, now=NOW, request_id=request.pk))
    assert (error.code, error.params["sets"]) == ("papers.set_gap", "A -1、B +1")
    request.refresh_from_db()
    assert request.state == "taken_back"


def test_a_ledger_that_agrees_is_closed_and_takes_no_more_lines(body: Person, centre: Person) -> None:
    request = stage.issue_papers(body, centre, stage.make_plan(body))
    counts = {"A": {"used": 2, "spare": 1, "void": 0}, "B": {"used": 2, "spare": 0, "void": 1}}
    actions.take_back(by=centre, now=NOW, request_id=request.pk, counts=counts, second_person="另一人")
    assert actions.balance(by=centre, now=NOW, request_id=request.pk).state == "balanced"
    assert not queries.unbalanced(request.plan_id).exists()
    error = refusal(
        lambda: actions.record_movement(
            by=centre,
            now=NOW,
            request_id=request.pk,
            letter="A",
            kind="voided",
            copies=1,
            second_person="另一人",
            remark="补",
        )
    )
    assert error.code == "papers.not_back"


@pytest.mark.parametrize("statement", ["UPDATE papers_movement SET copies = 0", "DELETE FROM papers_movement"])
def test_the_database_itself_keeps_the_ledger(body: Person, centre: Person, statement: str) -> None:
    stage.issue_papers(body, centre, stage.make_plan(body))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Movement.objects.filter(copies__gt=0).exists()


def test_a_refused_count_leaves_nothing_half_written(body: Person, centre: Person) -> None:
    request = stage.issue_papers(body, centre, stage.make_plan(body))
    before = Movement.objects.count()
    with pytest.raises(Refusal):
        actions.take_back(
            by=centre,
            now=NOW,
            request_id=request.pk,
            counts={"A": {"used": 1}, "B": {"used": -1}},
            second_person="另一人",
        )
    request.refresh_from_db()
    assert (Movement.objects.count(), request.state) == (before, "issued")
