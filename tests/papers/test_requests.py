"""Paper requests: asking, drawing, the three-set rule, reuse (四（二）, 四（三）)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jiangheng.journal.models import Entry
from jiangheng.papers import actions, queries
from jiangheng.papers.models import Item, PaperRequest, PaperSet
from jiangheng.papers.set_workbook import SetFaults
from jiangheng.rules.roles import Person
from tests.asking import refusal
from tests.sittings import stage

pytestmark = pytest.mark.django_db
NOW = stage.ARRANGED_AT


def test_the_demonstration_bank_is_labelled_whole_and_loaded_once(centre: Person) -> None:
    assert actions.load_items(by=centre, now=NOW) >= 160
    assert actions.load_items(by=centre, now=NOW) == 0
    for item in Item.objects.all():
        assert item.label == "示范题"
        letters = "TF" if item.kind == "judge" else "ABCDEF"[: len(item.options)]
        assert item.answer
        assert set(item.answer) <= set(letters)
        assert (item.kind == "multi") == (len(item.answer) > 1)
        assert len(set(item.options)) == len(item.options)


def test_sets_are_drawn_by_a_seed_that_stays_secret_until_the_papers_are_back(body: Person, centre: Person) -> None:
    request = stage.issue_papers(body, centre, stage.make_plan(body))
    sets = list(PaperSet.objects.filter(request=request))
    assert [each.questions for each in sets] == [100, 100]
    assert sum(row["points"] for row in sets[0].content) == 100
    assert {row["item"] for row in sets[0].content} != {row["item"] for row in sets[1].content}
    told = json.dumps(list(Entry.objects.values_list("before", "after", "note")), ensure_ascii=False)
    assert "种子" not in told
    assert "seed_sha256" in told
    for row in sets[0].content:
        assert row["stem"] not in told
    actions.take_back(by=centre, now=NOW, request_id=request.pk, counts={}, second_person="另一人")
    assert "种子" in json.dumps(list(Entry.objects.values_list("after", flat=True)), ensure_ascii=False)


def test_the_same_seed_draws_the_same_sets_from_the_same_bank(body: Person, other_body: Person, centre: Person) -> None:
    stage.issue_papers(body, centre, stage.make_plan(body))
    other = stage.request_papers(other_body, stage.make_plan(other_body))
    actions.submit(by=other_body, now=NOW, request_id=other.pk)
    again = refusal(lambda: actions.draw(by=centre, now=NOW, request_id=other.pk, second_person="另一人", seed="种子"))
    assert again.code == "papers.used_before"
    actions.draw(by=centre, now=NOW, request_id=other.pk, second_person="另一人", seed="另一粒种子")


def test_where_the_bank_lacks_items_the_body_must_have_written_three_sets(body: Person, centre: Person) -> None:
    request = stage.request_papers(body, stage.make_plan(body), "skill", medium="skill")
    actions.submit(by=body, now=NOW, request_id=request.pk)
    for count in (1, 2):
        book = stage.questions_book([f"安装线路{count}", f"排除故障{count}"], kind="操作")
        actions.upload_set(by=body, now=NOW, request_id=request.pk, source=book)
        error = refusal(lambda: actions.draw(by=centre, now=NOW, request_id=request.pk, second_person="另一人"))
        assert (error.code, error.clause, error.params["have"]) == ("papers.three_sets", "四（二）", count)
    book = stage.questions_book(["安装线路3", "排除故障3"], kind="操作")
    actions.upload_set(by=body, now=NOW, request_id=request.pk, source=book)
    drawn = actions.draw(by=centre, now=NOW, request_id=request.pk, second_person="另一人")
    assert drawn.state == "drawn"
    assert [each.letter for each in queries.sets_for(request.row, "skill")] == ["A", "B", "C"]
    assert (
        refusal(lambda: actions.upload_set(by=body, now=NOW, request_id=request.pk, source=book)).code
        == "papers.assembled"
    )


def test_a_set_used_before_or_reshuffled_is_refused(body: Person, other_body: Person, centre: Person) -> None:
    books = [stage.questions_book([f"任务{number}甲", f"任务{number}乙"], kind="操作") for number in range(3)]
    first = stage.request_papers(body, stage.make_plan(body), "skill", medium="skill")
    actions.submit(by=body, now=NOW, request_id=first.pk)
    for book in books:
        actions.upload_set(by=body, now=NOW, request_id=first.pk, source=book)
    again = stage.questions_book(["任务0乙", "任务0甲"], kind="操作")
    assert (
        refusal(lambda: actions.upload_set(by=body, now=NOW, request_id=first.pk, source=again)).code
        == "papers.same_set"
    )
    actions.draw(by=centre, now=NOW, request_id=first.pk, second_person="另一人")
    second = stage.request_papers(other_body, stage.make_plan(other_body), "skill", medium="skill")
    error = refusal(lambda: actions.upload_set(by=other_body, now=NOW, request_id=second.pk, source=again))
    assert error.code == "papers.set_used"


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([("单选", "题", "甲", "乙", None, None, None, None, "C", 100)], "I"),
        ([("单选", "题", "甲", "乙", None, None, None, None, "AB", 100)], "I"),
        ([("多选", "题", "甲", "乙", None, None, None, None, "A", 100)], "I"),
        ([("判断", "题", None, None, None, None, None, None, "也许", 100)], "I"),
        ([("填空", "题", "甲", "乙", None, None, None, None, "A", 100)], "A"),
        ([("单选", "", "甲", "乙", None, None, None, None, "A", 100)], "B"),
        ([("单选", "题", "甲", "甲", None, None, None, None, "A", 100)], "C"),
        ([("单选", "题", "甲", "乙", None, None, None, None, "A", -1)], "J"),
        ([("单选", "题", "甲", "乙", None, None, None, None, "A", 99)], "J"),
        ([("操作", "题", None, None, None, None, None, None, None, 100)], "A"),
        ([], "A"),
    ],
)
def test_every_fault_of_an_own_set_is_named_by_its_cell(body: Person, rows: list[Any], column: str) -> None:
    from jiangheng.files.exports import workbook
    from jiangheng.papers.set_workbook import HEADINGS

    request = stage.request_papers(body, stage.make_plan(body))
    book = workbook("试题", HEADINGS, rows)
    error = refusal(lambda: actions.upload_set(by=body, now=NOW, request_id=request.pk, source=book))
    assert isinstance(error, SetFaults)
    assert column in {each.column for each in error.faults}
    assert PaperSet.objects.count() == 0


def test_a_changed_heading_is_refused_before_anything_is_read(body: Person) -> None:
    from jiangheng.files.exports import workbook

    request = stage.request_papers(body, stage.make_plan(body))
    book = workbook("试题", ["题干", "题型"], [("题", "单选")])
    error = refusal(lambda: actions.upload_set(by=body, now=NOW, request_id=request.pk, source=book))
    assert [each.row for each in error.faults] == [1]


def test_wrong_role_wrong_body_wrong_state_stale_and_duplicate(
    body: Person, other_body: Person, centre: Person
) -> None:
    plan = stage.make_plan(body)
    assert refusal(lambda: stage.request_papers(other_body, plan)).status == 404
    assert refusal(lambda: stage.request_papers(centre, plan)).status == 403
    request = stage.request_papers(body, plan)
    assert refusal(lambda: stage.request_papers(body, plan)).code == "papers.once"
    assert refusal(lambda: actions.submit(by=other_body, now=NOW, request_id=request.pk)).status == 404
    assert (
        refusal(lambda: actions.draw(by=centre, now=NOW, request_id=request.pk, second_person="另一人")).status == 404
    )
    assert refusal(lambda: actions.submit(by=body, now=NOW, request_id=request.pk, seen=9)).code == "record.stale"
    changed = actions.change_request(by=body, now=NOW, request_id=request.pk, spare_copies=5, seen=request.version)
    assert changed.spare_copies == 5
    assert (
        refusal(lambda: actions.change_request(by=body, now=NOW, request_id=request.pk, spare_copies=6, seen=0)).code
        == "record.stale"
    )
    actions.submit(by=body, now=NOW, request_id=request.pk)
    assert (
        refusal(lambda: actions.change_request(by=body, now=NOW, request_id=request.pk, spare_copies=1)).code
        == "papers.shut"
    )
    assert (
        refusal(lambda: actions.return_request(by=centre, now=NOW, request_id=request.pk, note="")).code
        == "flow.reason"
    )
    actions.return_request(by=centre, now=NOW, request_id=request.pk, note="请核对人数")
    assert PaperRequest.objects.get(pk=request.pk).state == "returned"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"collectors": stage.COLLECTORS[:1]}, "papers.collectors"),
        ({"collectors": [stage.COLLECTORS[0]] * 2}, "papers.collectors"),
        ({"candidates": 0}, "papers.counts"),
        ({"spare_copies": -1}, "papers.counts"),
        ({"medium": "oral"}, "papers.counts"),
        ({"custody_room": " "}, "papers.room"),
        ({"subject": "review"}, "papers.subject"),
    ],
)
def test_a_request_that_lacks_something_is_refused(body: Person, given: dict[str, Any], code: str) -> None:
    plan = stage.make_plan(body)
    assert refusal(lambda: stage.request_papers(body, plan, **given)).code == code
    assert PaperRequest.objects.count() == 0


def test_only_the_centre_and_the_own_body_see_a_request(
    body: Person, other_body: Person, centre: Person, school: Person, candidate: Person
) -> None:
    request = stage.request_papers(body, stage.make_plan(body))
    assert list(queries.visible_to(body)) == [request]
    assert not queries.visible_to(centre).exists()
    actions.submit(by=body, now=NOW, request_id=request.pk)
    assert list(queries.visible_to(centre)) == [request]
    for person in (other_body, school, candidate):
        assert not queries.visible_to(person).exists()
        assert not queries.items_visible_to(person).exists()
