"""Detail, step and form pages: what is offered, what is refused and why, and nothing done twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from jiangheng import screens
from jiangheng.journal.models import Entry
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.screens.pages")]

ASKS_JSON = {"Accept": "application/json"}


@pytest.fixture
def plan(db: None) -> Plan:
    body = factories.make_organisation("social_body")
    factories.make_filing(body)
    return factories.make_plan(body, state="submitted")


@pytest.fixture
def clerk(centre: Person, client_for: Callable[..., Client], now: datetime) -> Client:
    return client_for(centre, now)


def test_detail_offers_open_steps_and_gives_the_reason_of_shut_ones(clerk: Client, plan: Plan) -> None:
    page = clerk.get(f"/try/plans/{plan.pk}/").text
    offered = re.findall(rf'href="/plans/{plan.pk}/(\w+)/"', page)
    assert {"accept", "return", "cancel"} <= set(offered)
    assert "complete" not in offered
    assert "当前状态为“待受理”，不能办理“办结”。" in page


@pytest.mark.parametrize("kind", sorted(flows.FLOWS))
def test_status_line_of_every_state_shows_exactly_one_place_here(kind: str) -> None:
    for state in flows.FLOWS[kind].states:
        line = screens.status_line(kind, state.name)
        assert [each["label"] for each in line if each["place"] == "here"] == [state.label]


def test_status_line_of_a_returned_plan_still_leads_on_and_of_a_cancelled_one_ends() -> None:
    assert [each["label"] for each in screens.status_line("plan", "returned")] == [
        "草稿",
        "待受理",
        "已退回",
        "已受理",
        "已办结",
    ]
    assert screens.status_line("plan", "cancelled")[-1] == {"label": "已取消", "tone": "bad", "place": "here"}


def test_a_step_is_confirmed_then_taken_and_told(clerk: Client, plan: Plan) -> None:
    asked = clerk.get(f"/try/plans/{plan.pk}/accept/")
    assert asked.status_code == 200
    assert 'name="_seen" value="0"' in asked.text
    taken = clerk.post(f"/try/plans/{plan.pk}/accept/", {"_seen": "0"}, follow=True)
    assert "已办理：受理。" in taken.text
    plan.refresh_from_db()
    assert plan.state == "accepted"
    entry = Entry.objects.get(record_kind="plan", record_id=plan.pk)
    assert (entry.from_state, entry.to_state, entry.clause) == ("submitted", "accepted", "三（三）")


def test_a_return_without_a_reason_is_refused_with_the_page_again(clerk: Client, plan: Plan) -> None:
    answer = clerk.post(f"/try/plans/{plan.pk}/return/", {"note": "  ", "_seen": "0"})
    assert answer.status_code == 422
    assert "须填写理由" in answer.text
    plan.refresh_from_db()
    assert plan.state == "submitted"


def test_a_stale_page_is_refused_and_keeps_what_was_typed(clerk: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(version=3)
    answer = clerk.post(f"/try/plans/{plan.pk}/return/", {"note": "场地不符", "_seen": "2"})
    assert answer.status_code == 409
    assert "您看到的不是最新内容" in answer.text
    assert "场地不符" in answer.text
    assert not Entry.objects.filter(record_kind="plan").exists()


@pytest.mark.parametrize("seen", ["x", "-1", "１２", "9" * 40])
def test_a_broken_version_is_a_400_sentence(clerk: Client, plan: Plan, seen: str) -> None:
    answer = clerk.post(f"/try/plans/{plan.pk}/accept/", {"_seen": seen})
    assert answer.status_code == 400
    assert "请刷新页面后重新办理" in answer.text


def test_a_shut_step_is_refused_on_the_way_in(clerk: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="accepted")
    assert clerk.get(f"/try/plans/{plan.pk}/accept/").status_code == 409


def test_refusal_in_json_names_code_clause_and_remedy(clerk: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="accepted")
    answer = clerk.get(f"/try/plans/{plan.pk}/accept/", headers=ASKS_JSON)
    assert answer.status_code == 409
    assert answer.json() == {
        "code": "flow.state",
        "message": "当前状态为“已受理”，不能办理“受理”。",
        "clause": "三（三）",
        "remedy": "请刷新页面查看最新状态后再办理。",
    }


def test_refusal_page_quotes_the_clause_and_leads_back(clerk: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="accepted")
    came_from = f"http://testserver/try/plans/{plan.pk}/"
    page = clerk.get(f"/try/plans/{plan.pk}/accept/", headers={"Referer": came_from}).text
    assert "属地管理原则" in page
    assert f'href="{came_from}"' in page
    foreign = clerk.get(f"/try/plans/{plan.pk}/accept/", headers={"Referer": "https://elsewhere.example/"}).text
    assert "elsewhere.example" not in foreign


def test_refusal_to_htmx_is_a_fragment_for_the_message_area(clerk: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="accepted")
    answer = clerk.get(f"/try/plans/{plan.pk}/accept/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#messages"
    assert "<html" not in answer.text


def test_refusal_in_english_translates_the_step_and_the_state(clerk: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="accepted")
    clerk.cookies["django_language"] = "en"
    page = clerk.get(f"/try/plans/{plan.pk}/accept/").text
    assert 'lang="en"' in page
    assert "The current status is “Accepted”" in page


def test_form_errors_are_summed_up_and_tied_to_their_fields(clerk: Client, plan: Plan) -> None:
    answer = clerk.post(f"/try/plans/{plan.pk}/edit/", {"title": "长" * 21})
    assert answer.status_code == 422
    page = answer.text
    assert "请先更正以下内容" in page
    assert '<a href="#id_title">计划名称</a>' in page
    assert 'aria-describedby="id_title-help id_title-error"' in page
    assert 'aria-invalid="true"' in page
    assert "长" * 21 in page


def test_a_refused_form_comes_back_with_its_sentence_and_its_token(clerk: Client, plan: Plan) -> None:
    typed = {"title": "禁用", "source": "own", "agreed": "on", "_once": "t-7"}
    answer = clerk.post(f"/try/plans/{plan.pk}/edit/", typed)
    assert answer.status_code == 422
    assert "计划名称不能使用“禁”。" in answer.text
    assert 'name="_once" value="t-7"' in answer.text
    again = clerk.post(f"/try/plans/{plan.pk}/edit/", {**typed, "title": "可用"})
    assert again.status_code == 302


def test_a_replayed_form_does_nothing_twice_and_says_so(clerk: Client, plan: Plan) -> None:
    typed = {"title": "新名称", "source": "own", "agreed": "on", "_once": "t-8"}
    clerk.post(f"/try/plans/{plan.pk}/edit/", typed)
    again = clerk.post(f"/try/plans/{plan.pk}/edit/", {**typed, "title": "另一个"})
    assert again.status_code == 302
    plan.refresh_from_db()
    assert plan.title == "新名称"
    assert Entry.objects.filter(record_kind="plan", record_id=plan.pk).count() == 1


def test_wrong_role_is_403_and_another_body_404(
    candidate: Person, other_body: Person, client_for: Callable[..., Client], plan: Plan
) -> None:
    assert client_for(candidate).get("/try/plans/").status_code == 403
    assert client_for(other_body).get(f"/try/plans/{plan.pk}/").status_code == 404
    absent = client_for(other_body).get("/try/plans/999999/")
    assert absent.status_code == 404


def test_a_membership_withdrawn_mid_session_is_refused_at_the_next_request(
    centre: Person, client_for: Callable[..., Client], plan: Plan
) -> None:
    from jiangheng.people.models import Membership

    clerk = client_for(centre)
    assert clerk.get(f"/try/plans/{plan.pk}/").status_code == 200
    Membership.objects.filter(account_id=centre.account_id).update(active=False)
    answer = clerk.post(f"/try/plans/{plan.pk}/accept/", {"_seen": "0"})
    assert answer.status_code == 403
    plan.refresh_from_db()
    assert plan.state == "submitted"


def test_htmx_of_somebody_signed_out_is_led_to_sign_in(client: Client) -> None:
    answer = client.get("/try/plans/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/people/sign-in/?next=")


def test_roles_of_a_guarded_view_can_be_read() -> None:
    from tests.screens import pages

    assert pages.plans.roles == (Role.CENTRE, Role.BODY)
