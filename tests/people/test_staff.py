"""The register of cards, and relations declared for recusal (四（七）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.journal.models import Entry
from jiangheng.people import actions, queries
from jiangheng.people.actions import Claim
from jiangheng.people.models import Account, Relation, StaffCard
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from tests import factories

TERM = {"valid_from": date(2026, 1, 1), "valid_to": date(2028, 12, 31)}


def issued(
    by: Person, now: datetime, account_id: int, kind: str = "examiner", number: str = "K1", **given: Any
) -> StaffCard:
    values = {"occupation_code": "6-31-01-03", **TERM, **given}
    return actions.issue_card(by=by, now=now, account_id=account_id, kind=kind, number=number, **values)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    assert 400 <= refused.value.status < 500
    assert refused.value.clause in ("四（七）", "")
    return refused.value.code


def test_a_card_gives_its_holder_the_role_to_act_in(body: Person, now: datetime) -> None:
    card = issued(body, now, body.account_id)
    assert card.employer_id == body.organisation_id
    assert Account.objects.get(pk=body.account_id).memberships.filter(role=Role.EXAMINER, active=True).count() == 1
    issued(body, now, body.account_id, "senior_examiner", "K2")
    assert Account.objects.get(pk=body.account_id).memberships.filter(role=Role.EXAMINER).count() == 1
    assert Entry.objects.filter(action="card.issue", record_kind="staffcard").count() == 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": "wizard"}, "card.kind"),
        ({"number": " "}, "card.kind"),
        ({"occupation_code": ""}, "card.occupation"),
        ({"valid_to": date(2025, 12, 31)}, "card.dates"),
        ({"valid_to": date(2029, 1, 2)}, "card.period"),
    ],
)
def test_an_unsound_card_is_refused(centre: Person, now: datetime, given: dict[str, Any], expected: str) -> None:
    assert code(lambda: issued(centre, now, centre.account_id, **given)) == expected
    assert not StaffCard.objects.exists()


def test_a_term_of_exactly_three_years_is_accepted(centre: Person, now: datetime) -> None:
    issued(centre, now, centre.account_id, valid_to=date(2029, 1, 1))


def test_a_number_stands_once(centre: Person, body: Person, now: datetime) -> None:
    issued(centre, now, centre.account_id)
    assert code(lambda: issued(body, now, body.account_id)) == "card.taken"


def test_a_body_keeps_only_its_own_cards(
    centre: Person, body: Person, other_body: Person, school: Person, now: datetime
) -> None:
    theirs = issued(other_body, now, other_body.account_id)
    change = {"by": body, "now": now, "card_id": theirs.pk, "number": "K9", "occupation_code": "6-31-01-03", **TERM}
    assert code(lambda: actions.change_card(**change)) == "card.not_kept"
    assert code(lambda: actions.end_card(by=body, now=now, card_id=theirs.pk, note="x")) == "card.not_kept"
    assert code(lambda: issued(body, now, other_body.account_id, number="K3")) == "record.none"
    assert code(lambda: issued(body, now, body.account_id, "external_supervisor", "R4520260001")) == "card.not_kept"
    assert code(lambda: issued(school, now, school.account_id, number="K4")) == "deed.role"
    assert issued(centre, now, body.account_id, "external_supervisor", "R4520260001").employer_id is None


def test_an_ended_card_stays_in_the_register_but_is_over(body: Person, now: datetime) -> None:
    card = issued(body, now, body.account_id)
    assert code(lambda: actions.end_card(by=body, now=now, card_id=card.pk, note=" ")) == "card.reason"
    assert actions.end_card(by=body, now=now, card_id=card.pk, note="离职").valid_to == date(2026, 5, 31)
    renewed = actions.change_card(by=body, now=now, card_id=card.pk, number="K1", occupation_code="6-31-01-03", **TERM)
    assert renewed.valid_to == TERM["valid_to"]
    assert [entry.before.get("valid_to") for entry in Entry.objects.filter(action="card.change")] == ["2026-05-31"]


def test_a_relation_to_a_candidate_is_found_by_the_number(now: datetime, centre: Person) -> None:
    examiner = factories.make_staff("examiner")
    number = factories.identity_number(5, born="19990909")
    relation = actions.declare_relation(
        by=examiner,
        now=now,
        kind="teacher",
        claim=Claim("居民身份证", number[:6] + number[8:17], "韦学徒")
        if number[6:8] == "19"
        else Claim("居民身份证", number, "韦学徒"),
    )
    assert relation.identity.number_masked.startswith(number[:6])
    assert list(queries.relations_of([examiner.account_id])) == [relation]
    again = {"by": examiner, "now": now, "kind": "teacher", "claim": Claim("居民身份证", number, "韦学徒")}
    assert code(lambda: actions.declare_relation(**again)) == "relation.known"
    assert number not in str(list(Entry.objects.values_list("after", flat=True)))


def test_a_relation_names_one_candidate_or_one_organisation(body: Person, now: datetime) -> None:
    examiner = factories.make_staff("examiner")
    both = Claim("居民身份证", factories.identity_number(6), "韦学徒")
    assert code(lambda: actions.declare_relation(by=examiner, now=now, kind="kin")) == "relation.kind"
    two = {"claim": both, "organisation_id": body.organisation_id}
    assert code(lambda: actions.declare_relation(by=examiner, now=now, kind="kin", **two)) == "relation.kind"
    assert (
        code(
            lambda: actions.declare_relation(by=examiner, now=now, kind="friend", organisation_id=body.organisation_id)
        )
        == "relation.kind"
    )


def test_only_the_person_or_the_centre_withdraws(
    body: Person, other_body: Person, centre: Person, now: datetime
) -> None:
    examiner = factories.make_staff("examiner", factories.make_organisation("social_body"))
    StaffCard.objects.update(employer_id=body.organisation_id)
    relation = actions.declare_relation(
        by=examiner, now=now, kind="interest", organisation_id=other_body.organisation_id
    )
    withdraw = {"now": now, "relation_id": relation.pk}
    assert code(lambda: actions.withdraw_relation(by=body, note="x", **withdraw)) == "relation.not_own"
    assert code(lambda: actions.withdraw_relation(by=other_body, note="x", **withdraw)) == "record.none"
    assert code(lambda: actions.withdraw_relation(by=examiner, note="", **withdraw)) == "relation.reason"
    actions.withdraw_relation(by=centre, note="已不在该单位任职", **withdraw)
    assert not Relation.objects.exists()
    assert Entry.objects.filter(action="relation.withdraw").get().before["account"] == examiner.account_id


def test_the_register_works_by_hand(body: Person, client_for: Callable[..., Client], now: datetime) -> None:
    client = client_for(body, now)
    username = Account.objects.get(pk=body.account_id).username
    typed = {
        "username": username,
        "kind": "examiner",
        "number": "K77",
        "occupation_code": "6-31-01-03",
        "valid_from": "2026-01-01",
        "valid_to": "2026-07-01",
    }
    answer = client.post("/people/cards/new/", typed)
    card = StaffCard.objects.get()
    assert answer["Location"] == f"/people/cards/{card.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    assert "即将到期" in client.get("/people/cards/").content.decode()
    assert "K77" in client.get("/people/cards/", {"standing": "soon"}).content.decode()
    assert "K77" not in client.get("/people/cards/", {"standing": "expired"}).content.decode()
    assert client.post("/people/cards/new/", {**typed, "username": "nobody"}).status_code == 404
    assert client.post(f"/people/cards/{card.pk}/change/", {**typed, "valid_to": "2020-01-01"}).status_code == 422
    assert client.post(f"/people/cards/{card.pk}/change/", {**typed, "valid_to": "2028-01-01"}).status_code == 302
    assert client.post(f"/people/cards/{card.pk}/end/", {"note": "离职"}).status_code == 302
    assert "已过期" in client.get("/people/profile/").content.decode()


def test_a_relation_is_declared_by_hand(body: Person, client_for: Callable[..., Client], now: datetime) -> None:
    examiner = factories.make_staff("examiner")
    client = client_for(examiner, now)
    number = factories.identity_number(9, born="20000909")
    assert client.get("/people/profile/relations/new/").status_code == 200
    bad = client.post("/people/profile/relations/new/", {"kind": "kin", "name": "韦学徒", "number": "123"})
    assert bad.status_code == 422
    assert (
        client.post("/people/profile/relations/new/", {"kind": "kin", "name": "韦学徒", "number": number}).status_code
        == 302
    )
    page = client.get("/people/profile/").content.decode()
    assert "近亲属" in page
    assert number not in page
    relation = Relation.objects.get()
    assert client.post(f"/people/profile/relations/{relation.pk}/withdraw/", {"note": "误报"}).status_code == 302
    assert client.post(f"/people/profile/relations/{relation.pk}/withdraw/", {"note": "误报"}).status_code == 404


def seen(number: int, name: str) -> Claim:
    return Claim("居民身份证", factories.identity_number(number), name)


def test_whose_card_it_is_is_recorded_once_for_all_cards(body: Person, now: datetime) -> None:
    account = queries.get(body, body.account_id)
    first = issued(body, now, body.account_id)
    assert first.identity is None
    claim = seen(11, account.name)
    verified = actions.verify_holder(by=body, now=now, card_id=first.pk, holder=claim)
    assert verified.identity is not None
    assert claim.number not in str(list(Entry.objects.values_list("after", flat=True)))
    assert issued(body, now, body.account_id, "invigilator", "K8").identity == verified.identity


def test_a_document_of_another_name_or_another_holder_is_refused(
    body: Person, other_body: Person, centre: Person, now: datetime
) -> None:
    account = queries.get(body, body.account_id)
    card = issued(body, now, body.account_id)
    verify = {"by": body, "now": now, "card_id": card.pk}
    assert code(lambda: actions.verify_holder(holder=seen(12, "莫他人"), **verify)) == "card.holder"
    bad = Claim("居民身份证", "450203199001010000", account.name)
    with pytest.raises(Refusal) as refused:
        actions.verify_holder(holder=bad, **verify)
    assert refused.value.status == 422
    actions.verify_holder(holder=seen(13, account.name), **verify)
    assert code(lambda: actions.verify_holder(holder=seen(14, account.name), **verify)) == "card.holder_differs"
    twin = factories.make_account(account.name)
    doubled = StaffCard.objects.create(
        account=twin, kind="examiner", number="K9", occupation_code="6-31-01-03", created_at=now, **TERM
    )
    again = {"by": centre, "now": now, "card_id": doubled.pk, "holder": seen(13, account.name)}
    assert code(lambda: actions.verify_holder(**again)) == "card.holder_differs"
    assert code(lambda: actions.verify_holder(**{**verify, "by": other_body}, holder=seen(13, account.name))) in (
        "record.none",
        "card.not_kept",
    )


def test_the_page_of_a_card_verifies_its_holder(client: Client, body: Person, now: datetime) -> None:
    account = queries.get(body, body.account_id)
    client.force_login(account)
    card = issued(body, now, body.account_id)
    page = reverse("people:card_verify", args=[card.pk])
    assert "尚未核验" in client.get(reverse("people:card", args=[card.pk])).content.decode()
    number = factories.identity_number(15)
    wrong = client.post(page, {"kind": "居民身份证", "number": number, "name": "莫他人"})
    assert wrong.status_code == 422
    assert client.post(page, {"kind": "居民身份证", "number": number, "name": account.name}).status_code == 302
    shown = client.get(reverse("people:card", args=[card.pk])).content.decode()
    assert number not in shown
    assert number[-4:] in shown
