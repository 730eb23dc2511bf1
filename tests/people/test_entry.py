"""Coming in: passwords, lock-out, second step, sessions, open redirects, forged forms (faults 25 and 26)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from jiangheng.catalog import actions as catalog
from jiangheng.journal.models import Entry
from jiangheng.people import actions
from jiangheng.people.models import Account, Identity, Membership
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.people.entering import PASSWORD, SIGN_IN, enter, registration


@pytest.fixture(autouse=True)
def fresh_counters() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def username(person: Person) -> str:
    return Account.objects.get(pk=person.account_id).username


def code_of(device: TOTPDevice, shift: int = 0) -> str:
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    generator.time = time.time() + shift
    return f"{generator.token():06d}"


def test_a_right_password_lets_in_and_is_journalled(body: Person) -> None:
    client = Client()
    answer = enter(client, f" {username(body).upper()} ")
    assert answer.status_code == 302
    assert answer["Location"] == "/home/"
    assert Entry.objects.filter(action="account.sign_in", actor_id=body.account_id).count() == 1
    assert client.get("/people/profile/").status_code == 200


def test_wrong_password_and_unknown_account_answer_alike(body: Person) -> None:
    wrong = enter(Client(), username(body), "wrong-wrong-wrong")
    unknown = enter(Client(), "nobody-here", "wrong-wrong-wrong")
    assert wrong.status_code == unknown.status_code == 422
    own = r'name="csrfmiddlewaretoken" value="[^"]+"|value="(user\d+|nobody-here)"|"X-CSRFToken": "[^"]+"'
    plain = [re.sub(own, "", each.content.decode()) for each in (wrong, unknown)]
    assert plain[0] == plain[1]
    assert "账号或密码不正确" in plain[0]


def test_a_candidate_may_sign_in_with_either_form_of_the_identity_number(db: None) -> None:
    number = factories.identity_number(11, born="19850605")
    candidate = factories.make_candidate(number=number)
    for typed in (number, number[:6] + number[8:17]):
        client = Client()
        assert enter(client, typed).status_code == 302
        assert client.session["_auth_user_id"] == str(candidate.account_id)


def test_five_wrong_passwords_lock_that_address_only_and_say_until_when(body: Person) -> None:
    name = username(body)
    answers = [enter(Client(), name, f"wrong-number-{turn}", "10.0.0.9") for turn in range(6)]
    assert [each.status_code for each in answers[:4]] == [422] * 4
    locked = answers[5]
    assert locked.status_code == 429
    assert int(locked["Retry-After"]) == 900
    text = locked.content.decode()
    assert re.search(r"请在 \d\d:\d\d 之后再试", text)
    assert enter(Client(), name, PASSWORD, "10.0.0.9").status_code == 429
    assert enter(Client(), name, PASSWORD, "10.0.0.8").status_code == 302


def test_others_behind_the_same_address_are_not_locked_out(body: Person, school: Person) -> None:
    for turn in range(6):
        enter(Client(), username(body), f"wrong-number-{turn}", "10.0.0.9")
    assert enter(Client(), username(school), PASSWORD, "10.0.0.9").status_code == 302


def test_the_session_changes_at_sign_in_and_at_a_change_of_role(body: Person) -> None:
    account = Account.objects.get(pk=body.account_id)
    factories.make_person(Role.INVIGILATOR, account=account)
    client = Client()
    planted = client.session
    planted["planted"] = "by the attacker"
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    enter(client, account.username)
    second = client.session.session_key
    assert second != planted.session_key
    other = account.memberships.get(role=Role.INVIGILATOR)
    assert client.post("/people/switch/", {"membership": other.pk}).status_code == 302
    assert client.session.session_key != second
    assert client.session["membership"] == other.pk
    assert Entry.objects.filter(action="membership.switch").count() == 1


def test_nobody_switches_into_somebody_elses_or_an_ended_role(body: Person, school: Person) -> None:
    client = Client()
    enter(client, username(body))
    for membership in Membership.objects.filter(account_id=school.account_id):
        assert client.post("/people/switch/", {"membership": membership.pk}).status_code == 404
    own = Membership.objects.get(account_id=body.account_id)
    Membership.objects.filter(pk=own.pk).update(active=False)
    assert client.post("/people/switch/", {"membership": own.pk}).status_code == 404
    assert client.post("/people/switch/", {"membership": "9" * 30}).status_code == 404


def test_a_role_taken_back_is_gone_at_the_next_request_and_no_other_is_assumed(
    body: Person, client_for: Callable[..., Client]
) -> None:
    account = Account.objects.get(pk=body.account_id)
    factories.make_person(Role.BODY, factories.make_organisation("social_body"), account)
    client = client_for(body)
    assert client.get("/people/accounts/").status_code == 200
    Membership.objects.filter(account=account, organisation_id=body.organisation_id).update(active=False)
    answer = client.get("/people/accounts/")
    assert (answer.status_code, answer["Location"]) == (302, "/people/switch/")
    assert client.get("/people/switch/").status_code == 200
    Membership.objects.filter(account=account).update(active=False)
    assert client.get("/people/accounts/").status_code == 403


def test_a_shut_account_is_out_at_the_next_request(body: Person, client_for: Callable[..., Client]) -> None:
    client = client_for(body)
    Account.objects.filter(pk=body.account_id).update(is_active=False)
    assert client.get("/people/profile/").status_code == 302
    assert enter(Client(), username(body)).status_code == 422


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_signing_in_never_leads_to_another_site(body: Person, target: str) -> None:
    answer = enter(Client(), username(body), next=target)
    assert answer["Location"] == "/home/"
    assert enter(Client(), username(body), next="/people/profile/")["Location"] == "/people/profile/"


def test_forms_without_their_token_are_refused(body: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    assert enter(client, username(body)).status_code == 403
    factories.sign_in(client, body)
    for address in (
        "/people/switch/",
        "/people/sign-out/",
        "/people/profile/",
        "/people/accounts/new/",
        "/people/tokens/",
    ):
        assert client.post(address, {}).status_code == 403


def test_cookies_and_frames_are_guarded(body: Person, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    answer = enter(Client(), username(body))
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert answer["X-Frame-Options"] == "DENY"
    page = Client().get(SIGN_IN)
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]


def test_signing_out_needs_a_post_and_ends_the_session(body: Person) -> None:
    client = Client()
    enter(client, username(body))
    assert client.get("/people/sign-out/").status_code == 405
    assert client.post("/people/sign-out/").status_code == 302
    assert client.get("/people/profile/").status_code == 302


def test_with_a_second_step_the_password_alone_opens_nothing(body: Person, client_for: Callable[..., Client]) -> None:
    client = client_for(body)
    assert client.get("/people/profile/second-step/").status_code == 200
    device = TOTPDevice.objects.get(user_id=body.account_id)
    assert client.post("/people/profile/second-step/", {"code": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert client.post("/people/profile/second-step/", {"code": code_of(device)}).status_code == 302

    fresh = Client()
    answer = enter(fresh, username(body))
    assert answer["Location"] == "/people/sign-in/second-step/"
    assert fresh.get("/people/profile/").status_code == 302
    TOTPDevice.objects.update(last_t=-1)
    assert fresh.post("/people/sign-in/second-step/", {"code": "123456"}).status_code == 422
    assert fresh.post("/people/sign-in/second-step/", {"code": code_of(device)}).status_code == 429
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    before = fresh.session.session_key
    assert fresh.post("/people/sign-in/second-step/", {"code": code_of(device)}).status_code == 302
    assert fresh.session.session_key != before
    assert fresh.get("/people/profile/").status_code == 200


def test_a_code_opens_once(body: Person) -> None:
    person = Account.objects.get(pk=body.account_id)
    device = TOTPDevice.objects.create(user=person, name="totp", confirmed=True)
    code = code_of(device)
    first, second = Client(), Client()
    for client in (first, second):
        enter(client, person.username)
    assert first.post("/people/sign-in/second-step/", {"code": code}).status_code == 302
    assert second.post("/people/sign-in/second-step/", {"code": code}).status_code == 422


def test_the_second_step_cannot_be_reached_without_the_first_and_expires(body: Person, now: datetime) -> None:
    assert Client().get("/people/sign-in/second-step/")["Location"] == SIGN_IN
    TOTPDevice.objects.create(user_id=body.account_id, name="totp", confirmed=True)
    client = Client(**{"jiangheng.now": now})
    enter(client, username(body))
    late = factories.moment("2026-06-01 10:06")
    assert client.get("/people/sign-in/second-step/", **{"jiangheng.now": late})["Location"] == SIGN_IN


def test_where_the_default_demands_it_staff_enrol_on_the_way_in(
    body: Person, candidate: Person, centre: Person, now: datetime
) -> None:
    catalog.set_parameter(
        by=centre, now=now, key="staff_totp_required", value=True, valid_from=now.date(), reason="网络安全要求"
    )
    client = Client()
    assert enter(client, username(body))["Location"] == "/people/sign-in/second-step/"
    page = client.get("/people/sign-in/second-step/").content.decode()
    assert "data:image/svg+xml" in page
    assert client.get("/people/profile/").status_code == 302
    device = TOTPDevice.objects.get(user_id=body.account_id)
    assert client.post("/people/sign-in/second-step/", {"code": code_of(device)}).status_code == 302
    assert client.get("/people/profile/").status_code == 200
    assert enter(Client(), username(candidate))["Location"] == "/home/"


def test_a_candidate_registers_and_is_in(db: None) -> None:
    client = Client()
    answer = client.post("/people/register/", registration())
    assert answer.status_code == 302
    account = Account.objects.get(username="13800138000")
    assert account.identity.name == "阿依古丽·买买提"
    assert [(row.role, row.organisation_id) for row in account.memberships.all()] == [("candidate", None)]
    page = client.get("/people/profile/").content.decode()
    assert account.identity.number_masked in page
    assert registration()["number"] not in page


@pytest.mark.parametrize("case", ["phone", "document", "name"])
def test_registration_tells_nobody_who_is_registered(db: None, case: str) -> None:
    Client().post("/people/register/", registration())
    changed = {
        "phone": registration(number=factories.identity_number(78, born="20010203"), name="韦另人"),
        "document": registration(phone="13900139000"),
        "name": registration(phone="13900139000", name="韦冒名"),
    }[case]
    answer = Client().post("/people/register/", changed)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "无法用所填信息注册" in text
    assert "已登记" not in text
    assert Account.objects.count() == 1
    assert Identity.objects.count() == 1


def test_guessing_who_is_registered_is_stopped(db: None) -> None:
    Client().post("/people/register/", registration())
    codes = [Client().post("/people/register/", registration(phone="13900139000")).status_code for _ in range(22)]
    assert codes[:20] == [409] * 20
    assert codes[20:] == [429] * 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "450203200102031111"),
        ("number", "１２３"),
        ("phone", "12345"),
        ("password", "1234567890"),
        ("again", "something-else-1"),
        ("agreed", ""),
        ("kind", "会员卡"),
        ("name", "a\nb"),
        ("name", " "),
    ],
)
def test_a_wrong_registration_keeps_nothing_and_says_why(db: None, field: str, value: str) -> None:
    answer = Client().post("/people/register/", registration(**{field: value}))
    assert answer.status_code == 422
    assert not Account.objects.exists()
    assert not Identity.objects.exists()
    assert "liuzhou-2026-welder" not in answer.content.decode()


def test_a_registration_sent_twice_is_done_once(db: None) -> None:
    client = Client()
    first = client.post("/people/register/", registration(_once="same-token"))
    second = Client().post("/people/register/", registration(_once="same-token"))
    assert first.status_code == 302
    assert second.status_code in (302, 409)
    assert Account.objects.count() == 1


def test_the_same_person_known_from_a_roster_gets_an_account_bound_to_it(body: Person, now: datetime) -> None:
    typed = registration()
    known = actions.identity_for(by=body, now=now, kind=typed["kind"], number=typed["number"], name=typed["name"])
    assert Client().post("/people/register/", typed).status_code == 302
    assert Account.objects.get(username=typed["phone"]).identity == known
