"""The staffing desk of a plan and the page of a proposal (四（七）)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.people.models import Account
from jiangheng.plans.models import Plan
from jiangheng.rules.arrangement import checking
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Sitting, StaffAssignment, StaffProposal
from tests import factories
from tests.rules.arrangement_cases import LAW
from tests.sittings import stage
from tests.sittings.proposals import adopt, plan, propose, team

pytestmark = pytest.mark.django_db
__all__ = ["plan", "team"]


@pytest.fixture
def desk(client: Client, body: Person) -> Client:
    client.force_login(Account.objects.get(pk=body.account_id))
    return client


def test_the_desk_asks_and_shows_a_proposal_that_is_then_adopted(desk: Client, plan: Plan, team: list[int]) -> None:
    page = reverse("sittings:staffing", args=[plan.pk])
    shown = desk.get(page).content.decode()
    assert "监考 2 人" in shown
    assert "考评员 5 人" in shown
    assert shown.count("未安排") == 2
    asked = desk.post(page, {"people": team, "supervisors": "0", "seed": "种子", "chief": "1"})
    proposal = StaffProposal.objects.get()
    assert asked.headers["Location"] == reverse("sittings:proposal", args=[proposal.pk])
    told = desk.get(asked.headers["Location"]).content.decode()
    assert "没有违反任何规定" in told
    assert "考评组长" in told
    assert "没有担任该岗位所需的证卡" in told
    done = desk.post(reverse("sittings:adopt", args=[proposal.pk]))
    assert done.headers["Location"] == reverse("sittings:plan", args=[plan.pk])
    assert StaffAssignment.objects.count() == 7
    assert "已于" in desk.get(asked.headers["Location"]).content.decode()
    again = desk.get(f"{page}?from={proposal.pk}").content.decode()
    assert again.count('name="keep"') == 7
    assert 'name="chief" value="1" checked' in again


def test_what_collides_is_said_in_words(desk: Client, plan: Plan, team: list[int]) -> None:
    answer = desk.post(reverse("sittings:staffing", args=[plan.pk]), {"people": team[:5]}, follow=True)
    words = answer.content.decode()
    assert "按现有人员和要求排不成" in words
    assert "名单中可以担任的2人" in words
    assert "采用方案并通知本人" not in words


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"people": ["x", "-1", "９", "1" * 40]},
        {"people": "999999"},
        {"supervisors": "7"},
        {"supervisors": "abc", "people": "0"},
    ],
)
def test_bad_input_is_a_sentence_and_keeps_the_page(
    desk: Client, plan: Plan, team: list[int], given: dict[str, Any]
) -> None:
    answer = desk.post(
        reverse("sittings:staffing", args=[plan.pk]),
        {**({"people": team} if "people" not in given and given else {}), **given},
    )
    assert answer.status_code == 422
    assert "四（七）" in answer.content.decode()
    assert not StaffProposal.objects.exists()


def test_a_stale_proposal_says_so_and_cannot_be_adopted(
    desk: Client, body: Person, plan: Plan, team: list[int]
) -> None:
    first, second = propose(body, plan, team), propose(body, plan, team)
    adopt(body, first)
    assert "不能采用；请重新生成" in desk.get(reverse("sittings:proposal", args=[second.pk])).content.decode()
    answer = desk.post(reverse("sittings:adopt", args=[second.pk]))
    assert answer.status_code == 409
    assert "已有变化" in answer.content.decode()


def test_somebody_posted_who_can_no_longer_come_is_told_at_the_desk(
    desk: Client, body: Person, plan: Plan, team: list[int]
) -> None:
    adopt(body, propose(body, plan, team))
    one = StaffAssignment.objects.filter(sitting__subject="skill").select_related("account", "sitting").first()
    assert one is not None
    one.account.absences.create(
        begins_at=one.sitting.starts_at,
        ends_at=one.sitting.ends_at,
        declared_by=one.account,
        created_at=stage.ARRANGED_AT,
    )
    shown = desk.get(reverse("sittings:staffing", args=[plan.pk])).content.decode()
    assert f"{one.account.name}已登记此时不能到场" in shown


def test_instance_and_answer_are_files_the_command_checks(
    desk: Client, body: Person, plan: Plan, team: list[int]
) -> None:
    proposal = propose(body, plan, team)
    files = {}
    for name in ("instance", "solution"):
        answer = desk.get(reverse("sittings:proposal_file", args=[proposal.pk, name]))
        assert "attachment" in answer.headers["Content-Disposition"]
        files[name] = json.loads(answer.content)
    assert checking.violations(files["instance"], files["solution"], LAW) == []
    assert desk.get(reverse("sittings:proposal_file", args=[proposal.pk, "other"])).status_code == 404


def test_a_plan_without_sittings_says_what_to_do_first(desk: Client, body: Person) -> None:
    shown = desk.get(reverse("sittings:staffing", args=[stage.make_plan(body).pk])).content.decode()
    assert "请先编排考场" in shown


def test_the_desk_s_queries_do_not_grow_with_people_or_candidates(
    desk: Client, body: Person, plan: Plan, team: list[int], django_assert_max_num_queries: Any
) -> None:
    page = reverse("sittings:staffing", args=[plan.pk])
    desk.get(page)
    with django_assert_max_num_queries(40) as few:
        desk.get(page)
    for _ in range(10):
        factories.make_staff("invigilator")
    with django_assert_max_num_queries(len(few)):
        desk.get(page)
    assert Sitting.objects.count() == 2


def test_the_desk_s_queries_do_not_grow_with_the_sittings(
    desk: Client, body: Person, django_assert_max_num_queries: Any
) -> None:
    factories.make_staff("invigilator")
    counts = []
    for sessions in (1, 4):
        made = stage.make_plan(body)
        stage.make_applications(made, 4)
        made.venue.rooms.filter(kind="skill").update(capacity=4 // sessions)
        begins = [stage.STARTS + timedelta(days=10 * sessions, hours=4 * each) for each in range(sessions)]
        assert len(stage.arrange(body, made, "skill", sessions=begins)) == sessions
        page = reverse("sittings:staffing", args=[made.pk])
        desk.get(page)
        with django_assert_max_num_queries(40) as counted:
            desk.get(page)
        counts.append(len(counted))
    assert counts[0] == counts[1]
