"""The same string has the same answer at every door over HTTP: registering, signing in, applying, asking for a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from jiangheng.journal.models import Entry
from jiangheng.people import actions, queries
from jiangheng.people.actions import Claim
from jiangheng.people.models import Account, Identity
from jiangheng.rules.readers import names, phones
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from tests import factories
from tests.people.entering import enter, registration

PASSWORD = registration()["password"]
PHONES = (
    "138 0013 8000",
    "+86 138-0013-8000",
    "008613800138000",
    "１３８００１３８０００",
    "\t13800138000",
    "'13800138000",
    "138\u200b0013\u20608000",
    "(+86)13800138000",
)
NAMES = (
    "阿依古丽.买买提",
    "阿依古丽•买买提",
    "阿依古丽。买买提",
    "阿依古丽●买买提",
    "阿依古丽·买买提\u200b",
    "'阿依古丽·买买提",
    "阿依古丽 ﹒ 买买提",
)


@pytest.fixture(autouse=True)
def fresh_counters() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def register(**changes: str) -> Any:
    return Client().post("/people/register/", registration(**changes))


@pytest.mark.parametrize("phone", PHONES)
def test_a_mobile_is_registered_and_signs_in_however_it_is_spelt(db: None, phone: str) -> None:
    client = Client()
    assert client.post("/people/register/", registration(phone=phone)).status_code == 302
    account = Account.objects.get()
    assert (account.username, account.phone) == (phones.read(phone).value, "13800138000")
    said = client.get("/people/profile/").content.decode()
    assert "13800138000" in said
    assert enter(Client(), phone, PASSWORD).status_code == 302


@pytest.mark.parametrize("phone", ["+852 9123 4567", "0772-2820000", "138001380"])
def test_what_is_no_mainland_mobile_is_refused_at_the_field(db: None, phone: str) -> None:
    answer = register(phone=phone)
    refusal = phones.read(phone).refusal
    assert refusal is not None
    assert (answer.status_code, Account.objects.count()) == (422, 0)
    assert refusal.sentence() in answer.content.decode()


def test_the_field_for_a_mobile_cuts_nothing_that_is_pasted(db: None) -> None:
    page = Client().get("/people/register/").content.decode()
    field = page[page.index('name="phone"') - 200 : page.index('name="phone"') + 200]
    assert "maxlength" not in field


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_registered_as_it_is_read_and_it_is_said(db: None, name: str) -> None:
    client = Client()
    assert client.post("/people/register/", registration(name=name)).status_code == 302
    assert Identity.objects.get().name == names.read(name).value == "阿依古丽·买买提"
    assert "阿依古丽·买买提”读取" in client.get("/people/profile/").content.decode()


@pytest.mark.parametrize("name", ["王\U00031350", "王\U0002ebf0", "王\U000323af", "王\U000323b0"])
def test_rare_ideographs_have_one_answer(db: None, name: str) -> None:
    assert (register(name=name).status_code == 302) is (names.read(name).value is not None)


def test_every_spelling_of_a_mobile_counts_as_one_account_towards_the_lock(db: None) -> None:
    register()
    codes = [enter(Client(), phone, "wrong-wrong-wrong").status_code for phone in PHONES[:6]]
    assert codes[:4] == [422] * 4
    assert codes[5] == 429
    assert enter(Client(), "13800138000", PASSWORD).status_code == 429


def test_one_number_under_two_cards_is_one_account_and_one_person(db: None) -> None:
    number = factories.identity_number(9, born="19920411", place="830000")
    client = Client()
    assert client.post("/people/register/", registration(kind="居民身份证", number=number)).status_code == 302
    identity = Identity.objects.get()
    assert identity.kind == "港澳台居民居住证"
    assert "证件类型已按号码更正" in client.get("/people/profile/").content.decode()
    again = register(kind="港澳台居民居住证", number=number, phone="13900139000")
    assert (again.status_code, Account.objects.count(), Identity.objects.count()) == (409, 1, 1)
    assert enter(Client(), number, PASSWORD).status_code == 302


@pytest.mark.parametrize("typed", ["公民身份号码：{}", "{} ", "'{}", "{}\n", "\u200b{}"])
def test_a_document_number_signs_in_in_any_dress(db: None, typed: str) -> None:
    register()
    assert enter(Client(), typed.format(registration()["number"]), PASSWORD).status_code == 302


def claim(kind: str, number: str, name: str = "陈示例") -> Claim:
    return Claim(kind, number, name, "男", None)


def test_the_database_lets_one_number_be_one_person(body: Person, now: datetime) -> None:
    number = factories.identity_number(9, born="19920411", place="810000")
    first = actions.identity_for(by=body, now=now, kind="居民身份证", number=number, name="陈示例")
    for kind in ("港澳台居民居住证", "港澳居民来往内地通行证", "护照", "军官证"):
        assert actions.identity_for(by=body, now=now, kind=kind, number=number, name="陈示例") == first
    assert queries.index_of("护照", number) == queries.index_of("居民身份证", number) == first.number_index
    told = Entry.objects.filter(action="identity.record").values_list("after", flat=True)
    assert [each["kind"] for each in told] == ["港澳台居民居住证"]


def test_passports_of_two_countries_are_two_people(body: Person, now: datetime) -> None:
    made = [
        actions.identity_for(by=body, now=now, kind="护照", number="E12345678", name=name, sex="男", country=country).pk
        for name, country in (("John Smith", "USA"), ("Jean Martin", "FRA"))
    ]
    assert len(set(made)) == 2
    with pytest.raises(Refusal) as refused:
        actions.identity_for(by=body, now=now, kind="护照", number="e-1234 5678", name="Other", country="usa")
    assert refused.value.code == "identity.name_differs"
