"""Who may open, give, take, reset and shut: never beyond one's own organisation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.journal.actions import AlreadyDone
from jiangheng.journal.models import Entry
from jiangheng.people import actions, queries
from jiangheng.people.models import Account, ApiToken, Membership
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import PUBLIC, SYSTEM, Person, Role
from tests import factories

GOOD = "liuzhou-2026-welder"


def opened(
    by: Person, now: datetime, role: Role, organisation_id: int | None, username: str = "new.clerk", **given: Any
) -> Account:
    values = {"username": username, "name": "覃新人", "password": GOOD, **given}
    return actions.open_account(by=by, now=now, role=role, organisation_id=organisation_id, **values)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    assert 400 <= refused.value.status < 500
    return refused.value.code


def test_the_centre_opens_accounts_for_organisations(centre: Person, body: Person, now: datetime) -> None:
    account = opened(centre, now, Role.BODY, body.organisation_id, "  New.Clerk ")
    assert account.username == "new.clerk"
    assert account.check_password(GOOD)
    entry = Entry.objects.filter(action="account.open").first()
    assert entry.actor_id == centre.account_id
    assert GOOD not in str(list(Entry.objects.values_list("after", flat=True)))


def test_an_organisation_opens_only_its_own_staff(
    body: Person, other_body: Person, school: Person, now: datetime
) -> None:
    assert opened(body, now, Role.BODY, body.organisation_id, "a.one").memberships.get().role == Role.BODY
    assert opened(body, now, Role.INVIGILATOR, None, "a.two").memberships.get().organisation_id is None
    for role, organisation_id in (
        (Role.CENTRE, body.organisation_id),
        (Role.BODY, other_body.organisation_id),
        (Role.BODY, None),
        (Role.CANDIDATE, None),
        (Role.EXTERNAL_SUPERVISOR, None),
        (Role.SCHOOL, school.organisation_id),
    ):
        assert code(lambda r=role, o=organisation_id: opened(body, now, r, o, "a.three")) == "membership.role"
    assert code(lambda: opened(school, now, Role.INVIGILATOR, None, "a.four")) == "membership.role"
    assert not Account.objects.filter(username__in=("a.three", "a.four")).exists()


def test_a_role_must_fit_its_organisation(centre: Person, body: Person, now: datetime) -> None:
    for role, organisation_id in (
        (Role.SCHOOL, body.organisation_id),
        (Role.CENTRE, None),
        (Role.CANDIDATE, body.organisation_id),
    ):
        assert code(lambda r=role, o=organisation_id: opened(centre, now, r, o)) == "membership.kind"
    assert code(lambda: opened(PUBLIC, now, Role.CENTRE, centre.organisation_id)) == "deed.role"
    assert not Account.objects.filter(username="new.clerk").exists()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"password": "short"}, "account.password"),
        ({"password": "1234567890123"}, "account.password"),
        ({"password": "password123"}, "account.password"),
        ({"password": "new.clerk.1"}, "account.password"),
        ({"username": "a b"}, "account.username"),
        ({"username": "<x>"}, "account.username"),
        ({"name": ""}, "name.blank"),
        ({"name": "甲\x00乙"}, "name.character"),
    ],
)
def test_bad_names_and_passwords_are_refused(
    centre: Person, now: datetime, given: dict[str, str], expected: str
) -> None:
    assert code(lambda: opened(centre, now, Role.CENTRE, centre.organisation_id, **given)) == expected


def test_a_username_is_taken_once_whatever_its_case(centre: Person, now: datetime) -> None:
    opened(centre, now, Role.CENTRE, centre.organisation_id)
    assert code(lambda: opened(centre, now, Role.CENTRE, centre.organisation_id, "NEW.clerk")) == "account.taken"


def test_the_same_form_twice_opens_one(centre: Person, now: datetime) -> None:
    opened(centre, now, Role.CENTRE, centre.organisation_id, once="token")
    with pytest.raises(AlreadyDone):
        opened(centre, now, Role.CENTRE, centre.organisation_id, once="token")


def test_an_organisation_resets_only_accounts_wholly_its_own(
    centre: Person, body: Person, other_body: Person, candidate: Person, now: datetime
) -> None:
    mine = opened(body, now, Role.BODY, body.organisation_id)
    actions.set_password(by=body, now=now, account_id=mine.pk, password=GOOD + "2")
    mine.refresh_from_db()
    assert mine.check_password(GOOD + "2")
    assert (
        code(lambda: actions.set_password(by=other_body, now=now, account_id=mine.pk, password=GOOD)) == "record.none"
    )
    assert (
        code(lambda: actions.set_password(by=body, now=now, account_id=candidate.account_id, password=GOOD))
        == "record.none"
    )
    actions.add_membership(
        by=centre, now=now, account_id=mine.pk, role=Role.CENTRE, organisation_id=centre.organisation_id
    )
    assert code(lambda: actions.set_password(by=body, now=now, account_id=mine.pk, password=GOOD)) == "account.not_kept"
    assert code(lambda: actions.close_account(by=body, now=now, account_id=mine.pk)) == "account.not_kept"
    assert code(lambda: actions.change_account(by=body, now=now, account_id=mine.pk, phone="1")) == "account.not_kept"


def test_ones_own_password_needs_the_current_one(body: Person, now: datetime) -> None:
    change = {"by": body, "now": now, "account_id": body.account_id, "password": GOOD}
    assert code(lambda: actions.set_password(**change)) == "account.current"
    assert code(lambda: actions.set_password(**change, current="wrong")) == "account.current"
    actions.set_password(**change, current="correct-horse-battery")


def test_the_last_membership_of_the_centre_stays(centre: Person, now: datetime) -> None:
    last = Membership.objects.get(account_id=centre.account_id)
    assert code(lambda: actions.end_membership(by=centre, now=now, membership_id=last.pk)) == "membership.last"
    opened(SYSTEM, now, Role.CENTRE, centre.organisation_id)
    assert actions.end_membership(by=centre, now=now, membership_id=last.pk).active is False


def test_an_ended_membership_may_be_given_again_without_a_second_row(
    centre: Person, body: Person, now: datetime
) -> None:
    row = Membership.objects.get(account_id=body.account_id)
    actions.end_membership(by=centre, now=now, membership_id=row.pk, note="离职")
    again = actions.add_membership(
        by=centre, now=now, account_id=body.account_id, role=Role.BODY, organisation_id=body.organisation_id
    )
    assert (again.pk, again.active) == (row.pk, True)


def test_another_organisations_membership_cannot_be_ended(body: Person, other_body: Person, now: datetime) -> None:
    theirs = Membership.objects.get(account_id=other_body.account_id)
    assert code(lambda: actions.end_membership(by=body, now=now, membership_id=theirs.pk)) == "record.none"


def test_a_key_to_the_api_is_shown_once_and_dies_with_role_account_or_date(
    body: Person, other_body: Person, now: datetime
) -> None:
    token, secret = actions.create_token(by=body, now=now, name="教务系统", days=30)
    assert secret not in str(ApiToken.objects.values()) + str(list(Entry.objects.values_list("after", flat=True)))
    person = queries.person_by_token(secret, now=now)
    assert person is not None
    assert (person.role, person.organisation_id) == (Role.BODY, body.organisation_id)
    assert queries.person_by_token("jh_wrong", now=now) is None
    assert queries.person_by_token(secret, now=now + timedelta(days=31)) is None
    for model, where in ((Membership, {"account_id": body.account_id}), (Account, {"pk": body.account_id})):
        name = "active" if model is Membership else "is_active"
        model.objects.filter(**where).update(**{name: False})
        assert queries.person_by_token(secret, now=now) is None
        model.objects.filter(**where).update(**{name: True})
    assert code(lambda: actions.revoke_token(by=other_body, now=now, token_id=token.pk)) == "record.none"
    actions.revoke_token(by=body, now=now, token_id=token.pk)
    assert queries.person_by_token(secret, now=now) is None
    assert code(lambda: actions.create_token(by=body, now=now, name="x", days=9999)) == "token.shape"


def test_pages_are_shut_to_those_who_keep_no_accounts(candidate: Person, client_for: Callable[..., Client]) -> None:
    invigilator = factories.make_staff("invigilator")
    for person in (candidate, invigilator):
        client = client_for(person)
        for address in ("/people/accounts/", "/people/accounts/new/", "/people/tokens/", "/people/cards/"):
            assert client.get(address).status_code == 403
        assert client.get("/people/profile/").status_code == 200
    assert Client().get("/people/accounts/").status_code == 302


def test_an_account_of_another_organisation_is_not_there(
    body: Person, other_body: Person, client_for: Callable[..., Client]
) -> None:
    client = client_for(body)
    for tail in ("", "roles/new/", "password/", "close/", "reopen/"):
        assert client.get(f"/people/accounts/{other_body.account_id}/{tail}").status_code == 404


def test_every_step_works_by_hand(centre: Person, body: Person, client_for: Callable[..., Client]) -> None:
    client = client_for(centre)
    typed = {
        "name": "龙新人",
        "username": "long.xin",
        "role": "body",
        "organisation": str(body.organisation_id),
        "password": GOOD,
        "again": GOOD,
        "_once": "once-1",
    }
    answer = client.post("/people/accounts/new/", typed)
    account = Account.objects.get(username="long.xin")
    assert answer["Location"] == f"/people/accounts/{account.pk}/"
    assert client.post("/people/accounts/new/", typed).status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "龙新人" in page
    assert client.post(f"/people/accounts/{account.pk}/roles/new/", {"role": "invigilator"}).status_code == 302
    row = account.memberships.get(role="invigilator")
    assert client.post(f"/people/roles/{row.pk}/end/", {"note": ""}).status_code == 422
    assert client.post(f"/people/roles/{row.pk}/end/", {"note": "调离"}).status_code == 302
    assert client.post(f"/people/accounts/{account.pk}/password/", {"password": GOOD, "again": "x"}).status_code == 422
    assert client.post(f"/people/accounts/{account.pk}/close/", {"note": "离职"}).status_code == 302
    account.refresh_from_db()
    assert account.is_active is False
    assert client.post(f"/people/accounts/{account.pk}/reopen/", {"note": "返岗"}).status_code == 302
    assert client.post(f"/people/accounts/{centre.account_id}/close/", {"note": "x"}).status_code == 409


def test_a_token_is_made_and_shown_by_hand(body: Person, client_for: Callable[..., Client]) -> None:
    client = client_for(body)
    page = client.post("/people/tokens/", {"name": "教务系统", "days": 30})
    assert page.content.decode().count("jh_") == 1
    assert page["Cache-Control"] == "no-store"
    assert "jh_" not in client.get("/people/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert client.post(f"/people/tokens/{token.pk}/revoke/").status_code == 302


def test_changing_ones_password_ends_other_sessions(body: Person, client_for: Callable[..., Client]) -> None:
    here, elsewhere = client_for(body), client_for(body)
    typed = {"current": "correct-horse-battery", "password": GOOD, "again": GOOD}
    assert here.post("/people/profile/password/", typed).status_code == 302
    assert here.get("/people/profile/").status_code == 200
    assert elsewhere.get("/people/profile/").status_code == 302


@pytest.mark.parametrize("address", ["/people/accounts/", "/people/cards/", "/people/tokens/"])
def test_lists_ask_the_same_number_of_questions_for_one_row_and_three(
    centre: Person, client_for: Callable[..., Client], now: datetime, address: str
) -> None:
    client = client_for(centre)
    counts = []
    for extra in (1, 2):
        for _ in range(extra):
            organisation = factories.make_organisation("social_body")
            person = factories.make_person(Role.BODY, organisation)
            factories.make_staff("examiner", organisation)
            actions.create_token(by=person, now=now, name="系统", days=10)
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] < 16


def test_a_name_is_found_by_two_characters(centre: Person, client_for: Callable[..., Client]) -> None:
    factories.make_account("欧阳𠮷祥")
    factories.make_account("李四")
    page = client_for(centre).get("/people/accounts/", {"q": "𠮷祥"}).content.decode()
    assert "欧阳𠮷祥" in page
    assert "李四" not in page
