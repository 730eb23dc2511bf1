"""A natural person stands once, sealed, masked, found by either form of the number (faults 21 to 23)."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from jiangheng.journal.models import Entry
from jiangheng.people import actions, queries, sealing
from jiangheng.people.actions import Claim
from jiangheng.people.models import Identity
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import SYSTEM, Person, Role
from tests import factories

RESIDENT = "居民身份证"
NUMBER = factories.identity_number(7, born="19800229")
OLD = NUMBER[:6] + NUMBER[8:17]
OTHER_KEY = "k2:" + base64.b64encode(b"4" * 32).decode()


def recorded(by: Person, now: datetime, number: str = NUMBER, name: str = "韦示例", **given: Any) -> Identity:
    return actions.identity_for(by=by, now=now, kind=RESIDENT, number=number, name=name, **given)


def test_every_way_of_writing_a_number_is_one_person(body: Person, school: Person, now: datetime) -> None:
    first = recorded(body, now)
    for written in (
        OLD,
        NUMBER.lower(),
        " " + NUMBER[:6] + " " + NUMBER[6:],
        "".join(chr(ord(c) + 0xFEE0) for c in NUMBER),
    ):
        assert recorded(school, now, written) == first
    assert Identity.objects.count() == 1
    assert (first.sex, first.born) == ("男", date(1980, 2, 29))


def test_the_number_is_stored_nowhere_in_the_clear(body: Person, now: datetime) -> None:
    identity = recorded(body, now)
    assert NUMBER.encode() not in bytes(identity.number_sealed)
    assert identity.number_masked == NUMBER[:6] + "********" + NUMBER[-4:]
    assert identity.number_tail == NUMBER[-4:]
    told = json.dumps(list(Entry.objects.values("note", "before", "after")), ensure_ascii=False)
    assert NUMBER not in told
    assert identity.number_masked in told


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), "identity.check_digit"),
        ("450203199002301234", "identity.date"),
        ("45020320990101123X", "identity.future"),
        ("12345", "identity.shape"),
        ("", "identity.blank"),
    ],
)
def test_a_false_number_is_refused_and_nothing_is_kept(body: Person, now: datetime, number: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        recorded(body, now, number)
    assert (refused.value.code, refused.value.status) == (code, 422)
    assert not Identity.objects.exists()


def test_another_name_on_a_known_number_is_refused_without_telling_the_name(body: Person, now: datetime) -> None:
    recorded(body, now)
    with pytest.raises(Refusal) as refused:
        recorded(body, now, name="覃另人")
    assert refused.value.code == "identity.name_differs"
    assert "韦示例" not in refused.value.sentence() + refused.value.advice()


@pytest.mark.parametrize("name", ["𠮷野", "韦𱍐", "㐂", "阿依古丽·买买提", "龙\ue1e6", "吉"])
def test_rare_characters_are_kept_byte_for_byte_and_found_by_two(body: Person, now: datetime, name: str) -> None:
    identity = recorded(body, now, name=name)
    assert Identity.objects.get(pk=identity.pk).name.encode() == name.encode()
    assert Identity.objects.filter(name__icontains=name[:2]).get() == identity


def test_a_look_alike_is_another_name(body: Person, now: datetime) -> None:
    recorded(body, now, name="𠮷示例")
    with pytest.raises(Refusal):
        recorded(body, now, name="吉示例")


def test_many_rows_take_few_statements_and_name_each_bad_row(body: Person, now: datetime) -> None:
    people = [
        Claim(RESIDENT, factories.identity_number(n, born=f"19{60 + n % 40}0{1 + n % 9}15"), "考" + "一二三四五"[n % 5])
        for n in range(450)
    ]
    rows = [*people, people[0], Claim(RESIDENT, "123", "坏行"), Claim(RESIDENT, people[1].number, "他人")]
    with CaptureQueriesContext(connection) as counted:
        found = actions.identities_for(by=body, now=now, rows=rows)
    assert len(counted) < 25
    assert [each.code for each in found if isinstance(each, Refusal)] == ["identity.shape", "identity.name_differs"]
    assert found[0] == found[450]
    assert Identity.objects.count() == 450
    assert Entry.objects.filter(record_kind="identity").count() == 450
    again = actions.identities_for(by=body, now=now, rows=people)
    assert again == found[:450]


@pytest.mark.django_db(transaction=True)
def test_the_same_person_from_several_sides_at_once_stands_once(now: datetime) -> None:
    body = factories.make_person(Role.BODY, factories.make_organisation("social_body"))
    found: list[int] = []
    faults: list[BaseException] = []
    gate = threading.Barrier(6)

    def enter(number: str) -> None:
        gate.wait()
        try:
            found.append(recorded(body, now, number).pk)
        except BaseException as fault:  # noqa: BLE001 - told by the assertion below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter, args=(each,)) for each in (NUMBER, OLD) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(set(found)) == 1
    assert len(found) == 6
    assert Identity.objects.count() == 1
    assert Entry.objects.filter(record_kind="identity").count() == 1


def test_a_full_view_needs_a_reason_and_is_journalled(centre: Person, body: Person, now: datetime) -> None:
    identity = recorded(body, now)
    with pytest.raises(Refusal) as refused:
        actions.reveal(by=centre, now=now, identity_id=identity.pk, reason=" ")
    assert refused.value.code == "reveal.reason"
    assert actions.reveal(by=centre, now=now, identity_id=identity.pk, reason="核对原件") == NUMBER
    entry = Entry.objects.filter(action="identity.reveal").get()
    assert (entry.actor_id, entry.note, entry.after["shown"]) == (centre.account_id, "核对原件", identity.number_masked)


def test_an_organisation_sees_a_number_only_through_a_record_of_its_own(
    body: Person, candidate: Person, now: datetime
) -> None:
    identity = recorded(body, now)
    with pytest.raises(Refusal) as refused:
        actions.reveal(by=body, now=now, identity_id=identity.pk, reason="核对原件")
    assert refused.value.status == 404
    assert (
        actions.reveal(by=body, now=now, identity_id=identity.pk, reason="核对", through=("application", 5)) == NUMBER
    )
    assert Entry.objects.filter(action="identity.reveal").get().after["through"] == ["application", 5]
    with pytest.raises(Refusal) as refused:
        actions.reveal(
            by=replace(candidate, identity_id=identity.pk + 1), now=now, identity_id=identity.pk, reason="看看"
        )
    assert refused.value.status == 404
    theirs = replace(candidate, identity_id=identity.pk)
    assert actions.reveal(by=theirs, now=now, identity_id=identity.pk, reason="打印个人申请表") == NUMBER
    assert Entry.objects.filter(action="identity.reveal").count() == 2


def test_many_numbers_at_once_are_each_journalled_and_none_without_all(centre: Person, now: datetime) -> None:
    identities = [factories.make_identity() for _ in range(3)]
    shown = actions.reveal_many(by=centre, now=now, identity_ids=[each.pk for each in identities], reason="打印准考证")
    assert sorted(shown) == [each.pk for each in identities]
    assert Entry.objects.filter(action="identity.reveal").count() == 3
    with pytest.raises(Refusal):
        actions.reveal_many(by=centre, now=now, identity_ids=[identities[0].pk, 10**9], reason="打印")
    assert Entry.objects.filter(action="identity.reveal").count() == 3


def test_a_tampered_or_exchanged_seal_is_found(centre: Person, now: datetime) -> None:
    first, second = factories.make_identity(), factories.make_identity()
    Identity.objects.filter(pk=first.pk).update(number_sealed=second.number_sealed)
    with pytest.raises(Refusal) as refused:
        actions.reveal(by=centre, now=now, identity_id=first.pk, reason="核对")
    assert refused.value.code == "seal.broken"
    changed = bytearray(second.number_sealed)
    changed[-1] ^= 1
    for broken in (bytes(changed), b"", b"\x02k1", b"\xff" * 40):
        with pytest.raises(Refusal) as refused:
            sealing.unseal(broken)
        assert refused.value.code == "seal.broken"


def test_keys_rotate_without_losing_a_number(centre: Person, now: datetime, settings: Any) -> None:
    identities = [factories.make_identity() for _ in range(3)]
    numbers = actions.reveal_many(by=centre, now=now, identity_ids=[each.pk for each in identities], reason="核对")
    old = settings.SEAL_KEYS
    settings.SEAL_KEYS = f"{OTHER_KEY},{old}"
    assert actions.rotate_seals(by=SYSTEM, now=now) == 3
    assert actions.rotate_seals(by=SYSTEM, now=now) == 0
    settings.SEAL_KEYS = OTHER_KEY
    again = actions.reveal_many(by=centre, now=now, identity_ids=list(numbers), reason="核对")
    assert again == numbers
    settings.SEAL_KEYS = old
    with pytest.raises(Refusal) as refused:
        actions.reveal_many(by=centre, now=now, identity_ids=list(numbers), reason="核对")
    assert refused.value.code == "key.missing"


@pytest.mark.parametrize("name", ["SEAL_KEYS", "INDEX_KEY"])
def test_a_missing_key_is_said_and_nothing_is_written(body: Person, now: datetime, settings: Any, name: str) -> None:
    setattr(settings, name, "")
    with pytest.raises(Refusal) as refused:
        recorded(body, now)
    assert (refused.value.code, refused.value.status) == ("key.missing", 409)
    assert not Identity.objects.exists()


def test_only_the_centre_and_the_person_see_an_identity(centre: Person, body: Person, candidate: Person) -> None:
    factories.make_identity()
    assert queries.identities_visible_to(centre).count() == 2
    assert queries.identities_visible_to(body).count() == 0
    assert [each.pk for each in queries.identities_visible_to(candidate)] == [candidate.identity_id]
