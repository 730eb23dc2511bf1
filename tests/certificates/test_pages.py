"""Pages of certificates and the public check: logged out, identical answers, honest about what is not known."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.certificates import actions, documents
from jiangheng.certificates.models import Certificate
from jiangheng.journal import delivery
from jiangheng.people.models import Account, Membership
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.certificates.numbering import numbered
from tests.results.batches import make_batch, plan

__all__ = ["numbered", "plan"]


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


@pytest.fixture
def public(now: Any) -> Client:
    return Client(**{"jiangheng.now": now})


def ask(client: Client, number: str, name: str) -> Any:
    return client.post("/certificates/verify/", {"number": number, "name": name})


def plain(answer: Any, *typed: str) -> str:
    """The page without its form token and without what the visitor typed."""
    text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", answer.content.decode())
    for each in typed:
        text = text.replace(each, "…")
    return text


def test_the_right_number_and_name_open_the_certificate_logged_out(public: Client, numbered: Certificate) -> None:
    answer = ask(public, f" {numbered.number.lower()} ", numbered.name)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "证书真实有效" in text
    assert numbered.body_name in text
    assert numbered.identity_masked in text
    assert "待登记" in text


def test_a_wrong_name_and_an_absent_number_read_exactly_the_same(public: Client, numbered: Certificate) -> None:
    absent_number = numbered.number[:-1] + "9"
    wrong = ask(public, numbered.number, "别人")
    absent = ask(public, absent_number, "别人")
    assert wrong.status_code == absent.status_code == 200
    assert plain(wrong, numbered.number) == plain(absent, absent_number)
    assert "未查到相符的证书" in wrong.content.decode()


def test_the_printed_code_opens_logged_out_and_a_forged_one_does_not(public: Client, numbered: Certificate) -> None:
    path = documents.check_url(numbered).split("127.0.0.1:8000")[1]
    assert "证书真实有效" in public.get(path).content.decode()
    for forged in (
        path[:-2] + ("BA" if path.endswith("AA") else "AA"),  # one signature in 256 ends so itself
        path.replace("token=", "token=A"),
        path.replace(numbered.number, numbered.number[:-1] + "9"),
    ):
        assert "未查到相符的证书" in public.get(forged).content.decode()


def test_a_row_changed_behind_the_platforms_back_no_longer_scans(public: Client, numbered: Certificate) -> None:
    path = documents.check_url(numbered).split("127.0.0.1:8000")[1]
    Certificate.objects.filter(pk=numbered.pk).update(level=1)
    assert "未查到相符的证书" in public.get(path).content.decode()


def test_a_revoked_certificate_says_so_with_its_day_but_not_the_reason(
    public: Client, numbered: Certificate, centre: Person, now: Any
) -> None:
    actions.revoke(by=centre, now=now, certificate_id=numbered.pk, note="冒名顶替")
    text = ask(public, numbered.number, numbered.name).content.decode()
    assert "证书已撤销" in text
    assert "2026年6月1日" in text
    assert "冒名顶替" not in text


def test_guessing_is_slowed_down_per_address_whatever_it_claims_to_be(public: Client, numbered: Certificate) -> None:
    answers = [
        public.post(
            "/certificates/verify/",
            {"number": f"{serial}", "name": "韦"},
            headers={"x-forwarded-for": f"10.0.0.{serial}"},
        )
        for serial in range(11)
    ]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "稍后再试" in answers[-1].content.decode()
    other = public.post("/certificates/verify/", {"number": "1", "name": "韦"}, REMOTE_ADDR="10.9.9.9")
    assert other.status_code == 200


@pytest.mark.parametrize("typed", [{"number": "", "name": ""}, {"number": "S1"}, {"name": "韦"}])
def test_an_empty_question_is_asked_again(public: Client, db: None, typed: dict[str, str]) -> None:
    assert public.post("/certificates/verify/", typed).status_code == 422


def test_a_holder_downloads_their_own_and_nobody_elses(
    client_for: Any, numbered: Certificate, body: Person, other_body: Person, now: Any
) -> None:
    path = f"/certificates/{numbered.pk}/pdf/"
    assert client_for(body, now).get(path).status_code == 409
    delivery.run_once(now)
    account = factories.make_account(numbered.name)
    Account.objects.filter(pk=account.pk).update(identity_id=numbered.identity_id)
    Membership.objects.create(account=account, role=Role.CANDIDATE, created_at=now)
    holder = client_for(Person(account.pk, account.name, Role.CANDIDATE, identity_id=numbered.identity_id), now)
    answer = holder.get(path)
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    for person in (other_body, factories.make_candidate()):
        assert client_for(person, now).get(path).status_code == 404
    assert Client().get(path).status_code == 302
    assert "我的证书" in holder.get("/certificates/").content.decode()
    archive = client_for(body, now).get(f"/certificates/plans/{numbered.plan_id}/zip/")
    assert b"".join(archive.streaming_content).startswith(b"PK")


def test_the_centre_numbers_and_the_body_issues_by_hand(
    client_for: Any, plan: Any, centre: Person, body: Person, now: Any
) -> None:
    make_batch(plan, "approved")
    office = client_for(centre, now)
    assert office.get("/certificates/plans/").status_code == 200
    assert office.get(f"/certificates/plans/{plan.pk}/number/").status_code == 200
    assert office.post(f"/certificates/plans/{plan.pk}/number/").status_code == 302
    one = Certificate.objects.get()
    clerk = client_for(body, now)
    waiting = clerk.post(f"/certificates/plans/{plan.pk}/issue/")
    assert waiting.status_code == 409
    assert "正在生成" in waiting.content.decode()
    delivery.run_once(now)
    assert clerk.post(f"/certificates/plans/{plan.pk}/issue/").status_code == 302
    assert (
        office.post(f"/certificates/plans/{plan.pk}/hop/", {"hop": "provincial", "on": "2026-06-01"}).status_code == 302
    )
    one.refresh_from_db()
    assert (one.state, one.provincial_reported_on) == ("issued", date(2026, 6, 1))
    page = office.get(f"/certificates/{one.pk}/").content.decode()
    assert one.number in page
    assert office.post(f"/certificates/{one.pk}/revoke/", {"note": "", "_seen": one.version}).status_code == 422
    assert office.post(f"/certificates/{one.pk}/revoke/", {"note": "冒名", "_seen": one.version}).status_code == 302
    assert office.post(f"/certificates/{one.pk}/reissue/", {"note": "更正"}).status_code == 302
    assert Certificate.objects.count() == 2
    assert clerk.post(f"/certificates/{one.pk}/revoke/", {"note": "x"}).status_code in (403, 422)
    assert clerk.get(f"/certificates/plans/{plan.pk}/number/").status_code == 403
    assert clerk.get(f"/certificates/plans/{plan.pk}/").status_code == 200
    assert client_for(factories.make_candidate(), now).get(f"/certificates/{one.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["/certificates/", "/certificates/plans/"])
def test_lists_ask_the_same_number_of_questions_however_long(
    client_for: Any, centre: Person, body: Person, now: Any, path: str
) -> None:
    organisation = Organisation.objects.get(pk=body.organisation_id)
    client = client_for(centre, now)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            each = factories.make_plan(organisation, "2026-05-23")
            make_batch(each, "approved", [(80, 80)])
            actions.number_batch(by=centre, now=now, plan_id=each.pk)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_public_key_is_public(public: Client, db: None) -> None:
    assert public.get("/certificates/key/").json()["algorithm"] == "Ed25519"
