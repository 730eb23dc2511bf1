"""Pages of results: every step by hand, the public notice on a phone, the same questions however long the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.people.models import Account, Membership
from jiangheng.results.models import Amendment, Objection, ResultBatch
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.results.batches import hold_sittings, make_application, make_batch, moment, plan, second_clerk

__all__ = ["plan"]


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


def step(client: Client, batch: ResultBatch, verb: str, **given: Any) -> int:
    batch.refresh_from_db()
    page = client.get(f"/results/{batch.pk}/{verb}/").status_code
    answer = client.post(f"/results/{batch.pk}/{verb}/", {"_seen": batch.version, **given})
    assert page in (200, answer.status_code)  # what stands in the way is told before the click
    return int(answer.status_code)


def test_a_body_walks_from_collecting_to_reporting_and_the_centre_approves(
    client_for: Any, body: Person, centre: Person, plan: Any
) -> None:
    hold_sittings(plan, [make_application(plan, subjects=["skill", "review"])], [(80, 82, 84)])
    at = moment("2026-05-25")
    clerk, second = client_for(body, at), client_for(second_clerk(body), at)
    assert plan.title in clerk.get("/results/collect/").content.decode()
    assert clerk.post(f"/results/collect/{plan.pk}/", {"_once": "a"}).status_code == 302
    batch = ResultBatch.objects.get()
    again = clerk.post(f"/results/collect/{plan.pk}/", {"_once": "a"})
    assert (again.status_code, again["Location"]) == (302, f"/results/{batch.pk}/")
    assert step(clerk, batch, "enter") == 409
    result = batch.results.get()
    path = f"/results/{batch.pk}/marks/{result.pk}/"
    assert clerk.get(path).status_code == 200
    assert clerk.post(path, {"subject": "review", "mark": "", "_seen": 0}).status_code == 422
    assert clerk.post(path, {"subject": "review", "mark": "70", "_seen": 0}).status_code == 302
    assert clerk.post(path, {"subject": "review", "mark": "71", "reason": "x", "_seen": 0}).status_code == 409
    assert step(clerk, batch, "enter") == 302
    assert "不能由同一人复核确认" in clerk.get(f"/results/{batch.pk}/").content.decode()
    assert step(clerk, batch, "confirm") == 403
    assert step(second, batch, "confirm") == 302
    assert step(clerk, batch, "publish") == 302
    assert step(clerk, batch, "report") == 409
    assert "还剩" in clerk.get(f"/results/{batch.pk}/").content.decode()
    over = moment("2026-06-02")
    assert step(client_for(body, over), batch, "report") == 302
    assert step(client_for(centre, over), batch, "approve") == 302
    page = client_for(centre, over).get(f"/results/{batch.pk}/").content.decode()
    assert "审核通过" in page


def test_the_public_reads_the_notice_masked_and_only_in_its_period(plan: Any) -> None:
    batch = make_batch(plan)
    visitor = Client(**{"jiangheng.now": moment("2026-06-01")})
    assert plan.title in visitor.get("/results/publicity/").content.decode()
    page = visitor.get(f"/results/publicity/{batch.pk}/").content.decode()
    for each in batch.results.all():
        assert each.application.name in page
        assert each.application.identity.number_masked in page
    assert "缺考" in page
    late = Client(**{"jiangheng.now": moment("2026-06-06")})
    assert late.get(f"/results/publicity/{batch.pk}/").status_code == 404
    assert plan.title not in late.get("/results/publicity/").content.decode()


def test_anyone_objects_in_time_and_is_told_where_to_turn_afterwards(plan: Any) -> None:
    batch = make_batch(plan)
    path = f"/results/publicity/{batch.pk}/object/"
    said = {"name": "韦示例", "contact": "13800000000", "text": "合计有误", "_once": "x"}
    visitor = Client(**{"jiangheng.now": moment("2026-06-01")})
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, {**said, "text": ""}).status_code == 422
    assert visitor.post(path, said).status_code == 302
    visitor.post(path, said)
    assert Objection.objects.count() == 1
    late = Client(**{"jiangheng.now": moment("2026-06-06")}).post(path, {**said, "_once": "y"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "公示已于2026-06-05结束" in text
    assert "市鉴定中心" in text
    assert "合计有误" in text


def test_an_objection_is_settled_by_hand_and_the_mark_changed_by_two(
    client_for: Any, body: Person, centre: Person, plan: Any
) -> None:
    at = moment("2026-06-01")
    batch = make_batch(plan, entered_by_id=body.account_id)
    result = batch.results.get(theory=59)
    clerk = client_for(second_clerk(body), at)
    Client(**{"jiangheng.now": at}).post(
        f"/results/publicity/{batch.pk}/object/",
        {"name": "韦", "contact": "1", "text": "漏分", "ticket": result.application.ticket.number},
    )
    objection = Objection.objects.get()
    assert clerk.get("/results/objections/").status_code == 200
    assert clerk.get(f"/results/objections/{objection.pk}/").status_code == 200
    assert client_for(body, at).post(f"/results/objections/{objection.pk}/take_up/", {"_seen": 0}).status_code == 403
    assert clerk.post(f"/results/objections/{objection.pk}/take_up/", {"_seen": 0}).status_code == 302
    assert clerk.get(f"/results/objections/{objection.pk}/uphold/").status_code == 200
    path = f"/results/objections/{objection.pk}/uphold/"
    assert clerk.post(path, {"_seen": 1, "note": "漏加", "subject": "theory"}).status_code == 422
    assert clerk.post(path, {"_seen": 1, "note": "漏加", "subject": "theory", "mark": "61"}).status_code == 302
    change = Amendment.objects.get()
    assert clerk.post(f"/results/amendments/{change.pk}/", {"decision": "approve"}).status_code == 403
    office = client_for(centre, at)
    assert office.get(f"/results/amendments/{change.pk}/").status_code == 200
    assert office.post(f"/results/amendments/{change.pk}/", {"decision": "refuse"}).status_code == 422
    assert office.post(f"/results/amendments/{change.pk}/", {"decision": "approve"}).status_code == 302
    result.refresh_from_db()
    assert result.passed
    assert clerk.get(f"/results/{batch.pk}/amend/{result.pk}/").status_code == 200
    assert office.get(f"/results/{batch.pk}/").status_code == 200


def test_strangers_get_404_and_the_wrong_role_403(
    client_for: Any, other_body: Person, school: Person, plan: Any, now: Any
) -> None:
    batch = make_batch(plan, "entered")
    result = batch.results.first()
    for path in (
        f"/results/{batch.pk}/",
        f"/results/{batch.pk}/marks/",
        f"/results/{batch.pk}/enter/",
        f"/results/{batch.pk}/marks/{result.pk}/",
    ):
        assert client_for(other_body, now).get(path).status_code == 404, path
    assert client_for(school, now).get("/results/collect/").status_code == 403
    assert client_for(school, now).get(f"/results/{batch.pk}/").status_code == 404
    assert client_for(factories.make_candidate(), now).get(f"/results/{batch.pk}/").status_code == 403
    assert Client().get("/results/").status_code == 302


def test_a_candidate_reads_their_own_result_once_published(client_for: Any, plan: Any, now: Any) -> None:
    batch = make_batch(plan, "entered")
    result = batch.results.first()
    account = factories.make_account(result.application.name)
    Account.objects.filter(pk=account.pk).update(identity_id=result.application.identity_id)
    Membership.objects.create(account=account, role=Role.CANDIDATE, created_at=now)
    client = client_for(Person(account.pk, account.name, Role.CANDIDATE), now)
    assert "80" not in client.get("/results/mine/").content.decode().split("<main")[1].split("</main>")[0]
    ResultBatch.objects.filter(pk=batch.pk).update(state="published")
    assert "80.0" in client.get("/results/mine/").content.decode()


def test_the_marks_filter_and_export(client_for: Any, body: Person, plan: Any, now: Any) -> None:
    batch = make_batch(plan, "published")
    client = client_for(body, now)
    for outcome in ("passed", "failed", "absent"):
        assert "共 1 条" in client.get(f"/results/{batch.pk}/marks/?outcome={outcome}").content.decode()
    assert client.get(f"/results/{batch.pk}/marks/?export=1").content.startswith(b"PK")


@pytest.mark.parametrize("path", ["/results/", "/results/publicity/", "/results/objections/", "/results/collect/"])
def test_lists_ask_the_same_number_of_questions_however_long(
    client_for: Any, body: Person, now: Any, path: str
) -> None:
    organisation = Organisation.objects.get(pk=body.organisation_id)
    client = client_for(body, now)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            each = factories.make_plan(organisation, "2026-05-23", venue=factories.make_venue(organisation))
            hold_sittings(each, [make_application(each)], [(80, 80, 80)])
            batch = make_batch(factories.make_plan(organisation, "2026-05-23"))
            Objection.objects.create(batch=batch, name="韦", contact="1", text="x", received_at=now, due_on=now.date())
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_one_batch_and_its_notice_ask_the_same_however_many_candidates(
    client_for: Any, body: Person, plan: Any, now: Any
) -> None:
    batch = make_batch(plan)
    client, counts = client_for(body, now), []
    for more in (0, 4):
        for _ in range(more):
            batch.results.create(application=make_application(plan), theory=80, skill=80, passed=True)
        with CaptureQueriesContext(connection) as captured:
            for path in (f"/results/{batch.pk}/", f"/results/{batch.pk}/marks/", f"/results/publicity/{batch.pk}/"):
                assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
