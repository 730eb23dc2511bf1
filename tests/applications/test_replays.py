"""A stored decision judged again under its stored rules gives the same answer, whatever became of the rules (三（一）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.applications import actions
from jiangheng.applications.models import Application
from jiangheng.applications.queries import replays
from jiangheng.catalog.models import RuleSnapshot, StandardVersion
from jiangheng.journal.models import Entry
from jiangheng.rules.conditions import decisions
from jiangheng.rules.roles import Person
from tests.applications import cases

STRICTER = [{"change": "2023-4-1", "set": {"cum": 9}, "document": "示范文件", "clause": "一"}]


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()


def stored(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def handed_in(candidate: Person, body: Person, now: datetime, form: dict[str, Any]) -> Application:
    application = cases.drafted(candidate, cases.plan_of(body), now, **form)
    for kind in ("certificate", "education"):
        actions.attach(by=candidate, now=now, application_id=application.pk, kind=kind, upload=cases.scan())
    return stored(actions.submit(by=candidate, now=now, application_id=application.pk, committed=True))


FORMS: list[dict[str, Any]] = [
    {},
    {"专业年限": "4"},
    {"专业年限": ""},
    {"申报条件": "2023-4-2", "是否有职业资格证书": "是", "证书等级": "五级", "证书编号": "S000045450001235000001"},
    {"申报条件": "2023-4-3", "文化程度": "大学专科和专科学校", "专业": "电气自动化"},
]


@pytest.mark.parametrize("form", FORMS)
def test_a_decision_replays_the_same(candidate: Person, body: Person, now: datetime, form: dict[str, Any]) -> None:
    application = handed_in(candidate, body, now, form)
    assert replays.replayed(application).state == replays.SAME


@pytest.mark.parametrize("form", FORMS)
def test_changed_rules_change_no_decision_already_made(
    candidate: Person, body: Person, now: datetime, form: dict[str, Any]
) -> None:
    application = handed_in(candidate, body, now, form)
    before = replays.replayed(application)
    StandardVersion.objects.update(route_overrides=STRICTER, related_occupations=["钳工"], related_majors=[])
    assert replays.replayed(stored(application)) == before
    StandardVersion.objects.update(ruleset="R2018", route_overrides=[])
    assert replays.replayed(stored(application)).state == replays.SAME


def test_a_standard_s_own_override_decides(candidate: Person, body: Person, now: datetime) -> None:
    StandardVersion.objects.update(route_overrides=STRICTER)
    application = stored(cases.submitted(candidate, cases.plan_of(body), now))
    assert application.verdict == "not_met"
    assert application.judgement["conditions"][0]["detail"]["needed"] == 9
    assert replays.replayed(application).state == replays.SAME


def test_equal_rules_are_kept_once(candidate: Person, body: Person, now: datetime) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    snapshot = RuleSnapshot.objects.get()
    assert snapshot.digest == application.judgement["snapshot"]
    assert snapshot.content["edition"] == decisions.EDITION
    assert "电工" in snapshot.content["names"]


def test_a_changed_decision_is_told(candidate: Person, body: Person, now: datetime) -> None:
    application = stored(cases.submitted(candidate, cases.plan_of(body), now, 专业年限="4"))
    application.verdict = "met"
    application.judgement["route"] = "2023-4-1"
    found = replays.replayed(application)
    assert found.state == replays.DIFFERS
    assert found.differing == ("verdict", "route")


def test_a_snapshot_that_no_longer_bears_its_digest_is_not_used(candidate: Person, body: Person, now: datetime) -> None:
    application = stored(cases.submitted(candidate, cases.plan_of(body), now))
    snapshot = RuleSnapshot.objects.get()
    snapshot.content["routes"][0]["text"] = "改动"
    snapshot.save()
    assert replays.replayed(application).state == replays.UNKEPT


def test_a_draft_has_nothing_to_replay(candidate: Person, body: Person, now: datetime) -> None:
    application = cases.drafted(candidate, cases.plan_of(body), now)
    assert replays.replayed(application).state == replays.UNJUDGED


def test_the_page_says_so_and_writes_nothing(
    candidate: Person, body: Person, other_body: Person, now: datetime, client_for: Callable[[Person], Client]
) -> None:
    application = stored(cases.submitted(candidate, cases.plan_of(body), now))
    page = reverse("applications:recheck", args=[application.pk])
    entries = Entry.objects.count()
    for person in (candidate, body):
        answer = client_for(person).get(page)
        assert answer.status_code == 200
        assert "一致" in answer.content.decode()
        assert application.judgement["snapshot"][:12] in answer.content.decode()
        detail = client_for(person).get(reverse("applications:detail", args=[application.pk])).content.decode()
        assert page in detail
        assert application.judgement["snapshot"][:12] in detail
    assert client_for(other_body).get(page).status_code == 404
    assert client_for(body).post(page).status_code == 405
    assert Entry.objects.count() == entries
    assert stored(application).judgement == application.judgement


def test_both_readings_of_a_vague_form_are_kept(candidate: Person, body: Person, now: datetime) -> None:
    vague = handed_in(candidate, body, now, FORMS[3])
    assert vague.judgement["kind"]["certificates"] != vague.judgement["facts"]["certificates"]
    assert replays.replayed(vague).state == replays.SAME
