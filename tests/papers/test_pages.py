"""The pages of papers: every step by hand, constant queries, and never a question before the sitting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiangheng.papers import actions
from jiangheng.papers.models import Item, PaperRequest, PaperSet
from jiangheng.rules import flows
from jiangheng.rules.roles import Person
from tests.sittings import stage

pytestmark = pytest.mark.django_db
NOW = stage.ARRANGED_AT
ClientFor = Callable[..., Client]


def post(client: Client, name: str, request: PaperRequest, **data: Any) -> int:
    step = name in flows.FLOWS["paper_request"].verbs and name != "seal"  # sealing asks for more than a note
    address = reverse("papers:step", args=[request.pk, name]) if step else reverse(f"papers:{name}", args=[request.pk])
    return client.post(address, data).status_code


def test_every_step_works_by_hand(body: Person, centre: Person, client_for: ClientFor) -> None:
    actions.load_items(by=centre, now=NOW)
    plan = stage.make_plan(body)
    ours, theirs = client_for(body, NOW), client_for(centre, NOW)
    fields = {
        "target": f"{plan.pk}:{plan.rows.get().pk}:theory",
        "medium": "machine",
        "candidates": 4,
        "sets_wanted": 2,
        "spare_copies": 2,
        "custody_room": "保密室",
        "first_name": "领卷甲",
        "first_phone": "138",
        "second_name": "领卷乙",
        "second_phone": "139",
    }
    assert ours.post(reverse("papers:create"), {**fields, "candidates": ""}).status_code == 422
    assert ours.post(reverse("papers:create"), {**fields, "second_name": "领卷甲"}).status_code == 422
    assert ours.post(reverse("papers:create"), fields).status_code == 302
    request = PaperRequest.objects.get()
    assert post(ours, "change", request, **{**fields, "spare_copies": 3}) == 302
    assert post(ours, "submit", request) == 302
    assert post(theirs, "draw", request, second_person=centre.name) == 422
    assert post(theirs, "draw", request, second_person="另一人") == 302
    assert post(theirs, "seal", request, second_person="另一人", seal_A="一", seal_B="二") == 302
    assert post(theirs, "issue", request, second_person="另一人", received_by=["领卷甲", "领卷乙"]) == 302
    counts = {"used_A": 2, "spare_A": 2, "void_A": 0, "used_B": 2, "spare_B": 0, "void_B": 0}
    assert post(theirs, "take_back", request, second_person="另一人", **counts) == 302
    assert post(theirs, "balance", request) == 409
    assert (
        post(theirs, "movement", request, second_person="另一人", letter="B", kind="voided", copies=1, remark="破损")
        == 302
    )
    assert post(theirs, "balance", request) == 302
    request.refresh_from_db()
    assert request.state == "balanced"


def test_an_own_set_is_uploaded_by_hand_and_its_faults_are_listed(body: Person, client_for: ClientFor) -> None:
    request = stage.request_papers(body, stage.make_plan(body), "skill", medium="skill")
    client, address = client_for(body, NOW), reverse("papers:sets", args=[request.pk])
    good = stage.questions_book(["甲任务", "乙任务"], kind="操作")
    bad = stage.questions_book(["甲任务", "乙任务"], points=1, kind="操作")
    answer = client.post(address, {"book": SimpleUploadedFile("题.xlsx", bad)})
    assert answer.status_code == 422
    assert "J3" in answer.content.decode()
    assert client.post(address, {"book": SimpleUploadedFile("题.xlsx", b"not a workbook")}).status_code == 422
    assert client.post(address, {"book": SimpleUploadedFile("题.xlsx", good)}).status_code == 302
    page = client.get(address).content.decode()
    assert "甲任务" not in page
    assert client.post(reverse("papers:drop", args=[request.pk]), {"letter": "A"}).status_code == 302
    assert not PaperSet.objects.exists()
    assert client.get(reverse("papers:set_template")).status_code == 200


def test_no_page_shows_a_question_of_a_set(body: Person, centre: Person, client_for: ClientFor) -> None:
    request = stage.issue_papers(body, centre, stage.make_plan(body))
    stems = [row["stem"] for row in PaperSet.objects.first().content]
    for person in (body, centre):
        for address in (reverse("papers:list"), reverse("papers:detail", args=[request.pk])):
            answer = client_for(person, NOW).get(address)
            text = answer.content.decode() + str(dict(answer.headers))
            assert answer.status_code == 200
            assert not [stem for stem in stems if stem in text]
            assert "种子" not in text


def test_the_bank_page_never_shows_an_answer_and_says_when_an_item_was_used(
    body: Person, centre: Person, client_for: ClientFor
) -> None:
    stage.issue_papers(body, centre, stage.make_plan(body))
    page = client_for(centre, NOW).get(reverse("papers:items"), {"used": "yes"}).content.decode()
    assert "2026-06-15 10:00" in page
    assert "没有符合条件的记录" in client_for(centre, NOW).get(reverse("papers:items"), {"used": "no"}).content.decode()
    assert client_for(body, NOW).get(reverse("papers:items")).status_code == 403
    assert client_for(centre, NOW).post(reverse("papers:load_items")).status_code == 302


@pytest.mark.parametrize("name", ["list"])
def test_a_list_costs_the_same_queries_for_one_row_and_three(
    name: str, body: Person, centre: Person, client_for: ClientFor
) -> None:
    client, counts = client_for(body, NOW), []
    for many in (1, 2):
        for _ in range(many):
            stage.request_papers(body, stage.make_plan(body))
        client.get(reverse(f"papers:{name}"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(f"papers:{name}")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_bank_costs_the_same_queries_for_one_item_and_three(centre: Person, client_for: ClientFor) -> None:
    client, counts = client_for(centre, NOW), []
    for many in (1, 2):
        for _ in range(many):
            Item.objects.create(
                occupation_code="6-31-01-03",
                level=4,
                subject="theory",
                kind="judge",
                point="A",
                stem="接地",
                answer="T",
            )
        client.get(reverse("papers:items"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("papers:items")).text.count("接地") == (1 if many == 1 else 3)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_strangers_are_sent_away(body: Person, other_body: Person, school: Person, client_for: ClientFor) -> None:
    request = stage.request_papers(body, stage.make_plan(body))
    address = reverse("papers:detail", args=[request.pk])
    assert Client().get(address).status_code == 302
    assert client_for(other_body, NOW).get(address).status_code == 404
    assert client_for(school, NOW).get(address).status_code == 403
