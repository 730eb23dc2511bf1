"""“我能报几级？” (三（一）, complaint 8): nothing kept on the server, silence is no "no", answers carried by choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from jiangheng.applications import actions
from jiangheng.applications.models import Application
from jiangheng.journal.models import Entry
from jiangheng.rules.roles import Person
from tests.applications import cases

SignIn = Callable[..., Client]
CHECK, CARRY = reverse("applications:check"), reverse("applications:carry")
ELECTRICIAN = {"occupation": "6-31-01-03"}


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cache.clear()
    cases.catalogue()


def page(client: Client, **given: Any) -> str:
    return client.get(CHECK, {**ELECTRICIAN, **given}).content.decode()


def test_blank_is_never_no(client: Client) -> None:
    for level in ("", "5", "4", "3"):
        found = page(client, level=level)
        assert "待核实材料" in found or "符合申报条件" in found
        assert "不符合申报条件" not in found
        assert "不满足任何一项" not in found


def test_the_route_met_or_the_nearest_with_what_is_missing_and_when(client: Client) -> None:
    found = page(client, level="4", worked="是", work1_from="2015-07")
    assert "2023-4-1" in found
    assert "可以报名" in found
    short = page(client, level="4", worked="是", work1_from="2024-01", held="否", education="初中", title="无")
    assert "目前还不满足任何一项申报条件" in short
    assert "2029年1月1日" in short
    assert "工作年限证明" in short
    highest = page(client, worked="是", work1_from="2010-01", born="1990-01", held="否", education="高中", title="无")
    assert "目前可以报的最高等级" in highest
    assert "三级/高级工" in highest


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"occupation": "9-99"}, 422),
        ({**ELECTRICIAN, "level": "9"}, 422),
        ({**ELECTRICIAN, "born": "x"}, 422),
        ({**ELECTRICIAN, "work1_from": "2015-13"}, 422),
        ({**ELECTRICIAN, "work1_from": "2015-07", "work1_to": "2014-07"}, 422),
        ({**ELECTRICIAN, "work1_to": "2014-07"}, 422),
        ({**ELECTRICIAN, "hours": "-1"}, 422),
        ({**ELECTRICIAN, "work1_from": "２０１５年７月"}, 200),
    ],
)
def test_bad_input_is_a_sentence(client: Client, given: dict[str, str], status: int) -> None:
    assert client.get(CHECK, given).status_code == status
    assert client.post(CHECK, {**given, "_do": "answer"}).status_code == status


def test_the_steps_ask_little_and_carry_what_was_said(client: Client) -> None:
    first = client.get(CHECK).content.decode()
    assert 'name="occupation"' in first
    assert 'name="born"' not in first
    step = client.post(CHECK, {**ELECTRICIAN, "level": "4", "_step": "what", "_do": "next"})
    assert step.status_code == 200
    words = step.content.decode()
    assert 'type="hidden" name="level" value="4"' in words
    assert 'name="work1_from"' in words  # level 4 by R2023 asks no age: work comes first
    assert 'name="title"' not in words
    back = client.post(CHECK, {**ELECTRICIAN, "level": "4", "worked": "否", "_step": "work", "_do": "back"})
    assert 'type="hidden" name="worked" value="否"' in back.content.decode()
    fault = client.post(CHECK, {**ELECTRICIAN, "work1_from": "x", "_step": "work", "_do": "next"})
    assert fault.status_code == 422


def test_nothing_is_kept_and_too_often_is_refused(client: Client, within_a_minute: None) -> None:
    client.post(CHECK, {**ELECTRICIAN, "_do": "answer"})
    page(client)
    assert not Entry.objects.exists()
    assert not client.session.keys()
    assert [client.post(CHECK, {**ELECTRICIAN, "_do": "answer"}).status_code for _ in range(60)][-1] == 429


def test_the_answers_are_taken_along_by_choice_and_only_once(
    client_for: SignIn, candidate: Person, body: Person, now: datetime
) -> None:
    plan = cases.plan_of(body)
    browser = client_for(candidate, now)
    said = {**ELECTRICIAN, "level": "4", "worked": "是", "work1_from": "2015-07", "held": "是", "held1_level": "五级/初级工",
            "held1_on": "2016-03", "education": "高中", "studying": "否"}  # read as a table  # fmt: skip
    answer = browser.post(CARRY, said)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("applications:apply"))
    assert "1990" not in answer.url
    cookie = browser.cookies["jiangheng_check"]
    assert cookie["httponly"]
    assert "自查" in browser.get(answer.url).content.decode()
    browser.post(reverse("applications:start", args=[plan.rows.get().pk]), {"_once": "s1"})
    form = Application.objects.get().form
    assert form["简要经历"] == "2015-07至今 （请填写单位） 电工"
    assert (form["专业年限"], form["原证书发证日期"], form["证书等级"]) == ("10", "2016-03-31", "五级/初级工")
    assert form["申报条件"] == "2023-4-1"
    assert browser.cookies["jiangheng_check"].value == ""


def test_a_forged_cookie_carries_nothing(client_for: SignIn, candidate: Person, body: Person, now: datetime) -> None:
    plan = cases.plan_of(body)
    browser = client_for(candidate, now)
    browser.cookies["jiangheng_check"] = "eyJjb2x1bW5zIjp7fX0:forged"
    browser.post(reverse("applications:start", args=[plan.rows.get().pk]), {"_once": "s1"})
    assert "专业年限" not in Application.objects.get().form


def test_an_application_elsewhere_a_certificate_and_a_makeup_are_told_with_number_and_marked(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    first = cases.submitted(candidate, cases.plan_of(body), now)
    second = actions.apply_draft(by=candidate, now=now, plan_row_id=cases.plan_of(body, number="JH2").rows.get().pk)
    words = client_for(candidate, now).get(reverse("applications:edit", args=[second.pk])).content.decode()
    assert f"您在另一批次已有相同职业、相同等级的申请（{first.number}）" in words
    assert "请撤回另一份" in words
