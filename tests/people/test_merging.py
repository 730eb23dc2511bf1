"""Two documents of one person: proposed by one with the proof, confirmed by another, nothing lost (三（二）1)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from jiangheng.applications import actions as applications
from jiangheng.applications.models import Application
from jiangheng.journal.models import Entry
from jiangheng.people import actions, queries
from jiangheng.people.actions import Claim
from jiangheng.people.models import Account, Identity, IdentityMerge
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases

PERMIT = Claim("港澳居民来往内地通行证", "H12345678", "陈示例", "男")
RESIDENCE = Claim("港澳台居民居住证", factories.identity_number(9, born="19920411", place="810000"), "陈示例")


def proof() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(data, "PNG")
    return SimpleUploadedFile("proof.png", data.getvalue())


@pytest.fixture
def second(db: None) -> Person:
    organisation = factories.make_organisation("centre")
    return factories.make_person(Role.CENTRE, organisation)


def proposed(by: Person, now: datetime, **given: Any) -> IdentityMerge:
    asked = {"kept": RESIDENCE, "other": PERMIT, "reason": "通行证换发为居住证", "proof": proof()}
    return actions.propose_merge(by=by, now=now, **{**asked, **given})


def refused(deed: Callable[[], Any]) -> tuple[str, int]:
    with pytest.raises(Refusal) as caught:
        deed()
    assert caught.value.sentence()
    assert caught.value.advice()
    return caught.value.code, caught.value.status


def test_after_a_second_person_confirmed_both_documents_are_one_person(
    centre: Person, second: Person, body: Person, now: datetime
) -> None:
    row = proposed(centre, now)
    assert row.kept_id != row.other_id
    assert refused(lambda: actions.confirm_merge(by=centre, now=now, merge_id=row.pk)) == ("merge.own", 403)
    assert Identity.objects.get(pk=row.other_id).person_id is None
    assert actions.confirm_merge(by=second, now=now, merge_id=row.pk).state == "confirmed"
    for asked in (PERMIT, RESIDENCE):
        found = actions.identity_for(by=body, now=now, kind=asked.kind, number=asked.number, name=asked.name)
        assert found.pk == row.kept_id
    entries = Entry.objects.filter(action="identity_merge.confirm", record_kind="identity", record_id=row.kept_id)
    assert [each.after["merge"] for each in entries] == [row.pk]
    assert refused(lambda: proposed(second, now))[0] == "merge.same"


def test_a_further_document_comes_to_the_same_person_and_a_merged_one_brings_its_own(
    centre: Person, second: Person, body: Person, now: datetime
) -> None:
    actions.confirm_merge(by=second, now=now, merge_id=proposed(centre, now).pk)
    older = Claim("护照", "K12345678", "陈示例", "男")
    row = proposed(centre, now, kept=older, other=RESIDENCE)
    actions.confirm_merge(by=second, now=now, merge_id=row.pk)
    found = {
        actions.identity_for(by=body, now=now, kind=each.kind, number=each.number, name=each.name).pk
        for each in (older, PERMIT, RESIDENCE)
    }
    assert found == {row.kept_id}


def test_refusing_asks_a_reason_and_withdrawing_is_for_whoever_proposed(
    centre: Person, second: Person, now: datetime
) -> None:
    row = proposed(centre, now)
    assert refused(lambda: proposed(second, now)) == ("merge.waiting", 409)
    assert refused(lambda: actions.refuse_merge(by=second, now=now, merge_id=row.pk, note=" "))[0] == "flow.reason"
    assert refused(lambda: actions.withdraw_merge(by=second, now=now, merge_id=row.pk)) == ("merge.not_yours", 403)
    assert actions.withdraw_merge(by=centre, now=now, merge_id=row.pk).state == "withdrawn"
    again = proposed(centre, now)
    assert actions.refuse_merge(by=second, now=now, merge_id=again.pk, note="证明材料不足").state == "refused"
    assert refused(lambda: actions.confirm_merge(by=second, now=now, merge_id=again.pk))[0] == "flow.state"
    assert Identity.objects.filter(person__isnull=False).count() == 0


@pytest.mark.parametrize(("given", "code"), [({"reason": " "}, "merge.reason"), ({"other": RESIDENCE}, "merge.same")])
def test_what_is_refused(centre: Person, now: datetime, given: dict[str, Any], code: str) -> None:
    assert refused(lambda: proposed(centre, now, **given))[0] == code
    assert not IdentityMerge.objects.exists()


def test_nobody_but_the_centre_merges(body: Person, candidate: Person, now: datetime) -> None:
    for person in (body, candidate):
        assert refused(lambda person=person: proposed(person, now))[1] == 403
        assert not queries.merges_visible_to(person).exists()


def test_two_accounts_are_one_too_many(centre: Person, second: Person, now: datetime) -> None:
    row = proposed(centre, now)
    for serial, identity in enumerate((row.kept, row.other)):
        factories.make_person(
            Role.CANDIDATE, account=factories.make_account("陈示例", identity=identity, phone=str(serial))
        )
    assert refused(lambda: actions.confirm_merge(by=second, now=now, merge_id=row.pk)) == ("merge.accounts", 409)
    row.refresh_from_db()
    assert row.state == "submitted"
    Account.objects.filter(identity=row.other).update(is_active=False)
    assert actions.confirm_merge(by=second, now=now, merge_id=row.pk).state == "confirmed"


def test_the_person_keeps_every_application_and_stands_once_in_a_batch(
    centre: Person, second: Person, body: Person, now: datetime
) -> None:
    cases.catalogue()
    cases.fee_table()
    plan, row = cases.plan_of(body), proposed(centre, now)
    people = [
        factories.make_person(Role.CANDIDATE, account=factories.make_account("陈示例", identity=identity))
        for identity in (row.kept, row.other)
    ]
    kept, other = (applications.apply_draft(by=person, now=now, plan_row_id=plan.rows.get().pk) for person in people)
    Account.objects.filter(identity=row.other).update(is_active=False)
    assert refused(lambda: actions.confirm_merge(by=second, now=now, merge_id=row.pk)) == ("merge.applications", 409)
    Application.objects.filter(pk=kept.pk).update(state="withdrawn")
    actions.confirm_merge(by=second, now=now, merge_id=row.pk)
    other.refresh_from_db()
    assert other.identity_id == row.kept_id
    assert Entry.objects.filter(record_kind="application", record_id=other.pk, action="identity_merge.confirm").exists()
    with pytest.raises(Refusal):
        applications.apply_draft(by=people[0], now=now, plan_row_id=plan.rows.get().pk)


def test_the_pages_of_a_proposal(
    centre: Person, second: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    browser = client_for(centre, now)
    assert browser.get("/people/merges/").status_code == 200
    typed = {
        "kind": RESIDENCE.kind,
        "number": RESIDENCE.number,
        "name": RESIDENCE.name,
        "other_kind": PERMIT.kind,
        "other_number": "H1234-5678",
        "reason": "通行证换发为居住证",
        "proof": proof(),
    }
    answer = browser.post("/people/merges/new/", typed)
    row = IdentityMerge.objects.get()
    assert answer["Location"] == f"/people/merges/{row.pk}/"
    page = browser.get(answer["Location"]).content.decode()
    assert row.other.number_masked in page
    assert "H12345678" not in page
    assert browser.post(f"/people/merges/{row.pk}/confirm/", {"_seen": row.version}).status_code == 403
    answer = client_for(second, now).post(f"/people/merges/{row.pk}/confirm/", {"_seen": row.version})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert browser.get("/people/merges/").content.decode().count("陈示例") >= 2
