"""``jiangheng steps`` and ``jiangheng step``: every row of every flow by the same doors as page and API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from jiangheng.bodies.models import Organisation
from jiangheng.catalog import actions as catalog
from jiangheng.command.main import main
from jiangheng.journal.models import Entry
from jiangheng.people.models import Account
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.command.typed import typist, username
from tests.factories import moment
from tests.plans.made import plan_of

pytestmark = pytest.mark.django_db
NOW = moment("2026-09-02 10:00")
NOWHERE = "999999999"
ROWS = [(kind, row) for kind, flow in flows.FLOWS.items() for row in flow.transitions]
WITHIN = {
    "filing/replace",
    "standard/supersede",
    "standard/reinstate",
    "roster/pass",
    "roster/fail",
    "roster/take",
    "bill/supplement",
    "payment_order/settle",
}
"""Steps another deed takes with it, or the system alone."""


@pytest.fixture(autouse=True)
def fresh_counters() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    return typist(monkeypatch, capsys, NOW)


@pytest.fixture
def plan(centre: Person, body: Person) -> Plan:
    catalog.load_catalogue(by=centre, now=moment("2026-01-05 09:00"))
    return plan_of(body)


def test_every_row_of_every_flow_is_listed_with_what_it_takes(typed: Callable[..., Any]) -> None:
    status, told = typed(None, "steps")
    assert status == 0
    assert [each["step"] for each in told["steps"]] == [f"{kind}/{row.verb}" for kind, row in ROWS]
    for (_kind, row), each in zip(ROWS, told["steps"], strict=True):
        assert (each["clause"], each["to"], each["from"]) == (row.clause, row.target, list(row.sources))
        assert each["by"] == [role.value for role in row.roles]
        assert (each["told"] is None) == (each["step"] in WITHIN)
    by_step = {each["step"]: each for each in told["steps"]}
    assert by_step["plan/cancel"]["asks_reason"] is True
    assert by_step["paper_request/issue"]["takes"]["second_person"] == "needed"
    assert by_step["standard/publish"]["second_person"] is True
    assert by_step["sitting/arrange"]["told"] == "plan_id"


@pytest.mark.parametrize(("kind", "row"), ROWS, ids=[f"{kind}-{row.verb}" for kind, row in ROWS])
def test_every_row_of_every_flow_has_its_command(kind: str, row: flows.Transition, typed: Callable[..., Any]) -> None:
    role = next((each for each in row.roles if each is not Role.SYSTEM), Role.CENTRE)
    person = factories.make_person(
        role, factories.make_organisation("centre" if role is Role.CENTRE else "social_body")
    )
    status, told = typed(person, "step", f"{kind}/{row.verb}", NOWHERE, "--reason", "理由")
    assert status == 1
    if f"{kind}/{row.verb}" in WITHIN:
        assert (told["code"], told["clause"]) == ("step.within", row.clause)
    elif f"{kind}/{row.verb}" in ("sitting/arrange", "sitting/brief"):
        assert told["code"] == "request.invalid"
        assert {"room_ids", "held_at"} & {each["field"] for each in told["fields"]}
    else:
        assert told["code"] == "record.none"


def test_a_plan_is_filed_and_taken_by_two_sign_ins(
    plan: Plan, body: Person, centre: Person, typed: Callable[..., Any]
) -> None:
    number = str(plan.pk)
    status, told = typed(body, "step", "plan/submit", number, "--seen", str(plan.version))
    assert (status, told["verb"], told["kind"], told["state"]) == (0, "submit", "plan", "submitted")
    status, told = typed(body, "step", "plan/accept", number)
    assert (status, told["code"], told["clause"]) == (1, "deed.role", "三（三）")
    assert told["remedy"]
    status, told = typed(centre, "steps", "plan", number)
    steps = {each["verb"]: each for each in told["steps"]}
    assert (status, told["state"], steps["accept"]["open"]) == (0, "submitted", True)
    assert (steps["complete"]["open"], steps["complete"]["reason"]["code"]) == (False, "flow.state")
    status, told = typed(centre, "step", "plan/return", number)
    assert (status, told["code"]) == (1, "flow.reason")
    status, told = typed(centre, "step", "plan/accept", number, "--seen", str(plan.version))
    assert (status, told["code"]) == (1, "record.stale")
    status, told = typed(centre, "step", "plan/accept", number, "--reason", "已核对")
    assert (status, told["state"], told["version"]) == (0, "accepted", 2)
    entry = Entry.objects.filter(record_kind="plan", record_id=plan.pk).latest("id")
    assert (entry.verb, entry.clause, entry.note, entry.actor_id) == ("accept", "三（三）", "已核对", centre.account_id)
    assert Entry.objects.filter(action="account.sign_in", actor_id=centre.account_id).exists()


def test_whoever_may_not_see_a_record_is_told_nothing_of_it(
    plan: Plan, other_body: Person, typed: Callable[..., Any]
) -> None:
    for words in (("steps", "plan"), ("step", "plan/submit")):
        status, told = typed(other_body, *words, str(plan.pk))
        assert (status, told["code"]) == (1, "record.none")


def test_nothing_is_done_without_the_right_password_and_code(
    plan: Plan, body: Person, typed: Callable[..., Any]
) -> None:
    words = ("step", "plan/submit", str(plan.pk))
    status, told = typed(body, *words, password="wrong")
    assert (status, told["code"]) == (1, "sign_in.wrong")
    device = TOTPDevice.objects.create(user_id=body.account_id, name="totp", confirmed=True)
    status, told = typed(body, *words, "--code", "000000")
    assert (status, told["code"]) == (1, "totp.code")
    plan.refresh_from_db()
    assert plan.state == "draft"
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    generator.time = time.time()
    status, told = typed(body, *words, "--code", f"{generator.token():06d}")
    assert (status, told["state"]) == (0, "submitted")
    for _ in range(5):
        typed(body, *words, password="wrong")
    status, told = typed(body, *words)
    assert (status, told["code"]) == (1, "sign_in.locked")


def test_where_a_second_step_is_demanded_one_without_it_does_nothing(
    plan: Plan, body: Person, centre: Person, typed: Callable[..., Any]
) -> None:
    catalog.set_parameter(
        by=centre, now=NOW, key="staff_totp_required", value=True, valid_from=NOW.date(), reason="网络安全要求"
    )
    status, told = typed(body, "step", "plan/submit", str(plan.pk))
    assert (status, told["code"]) == (1, "sign_in.enrol")


def test_several_roles_want_to_be_told_which(plan: Plan, body: Person, typed: Callable[..., Any]) -> None:
    account = Account.objects.get(pk=body.account_id)
    factories.make_person(Role.EMPLOYER, Organisation.objects.get(pk=body.organisation_id), account=account)
    words = ("step", "plan/submit", str(plan.pk))
    status, told = typed(body, *words)
    assert (status, told["code"]) == (1, "sign_in.role")
    assert "body、employer" in told["message"]
    assert typed(body, *words, "--role", "centre")[1]["code"] == "sign_in.role"
    assert typed(body, *words, "--role", "employer")[0] == 1
    assert typed(body, *words, "--role", "body")[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        ("steps", "plans"),
        ("step", "plan", "1"),
        ("step", "plan/never", "1"),
        ("step", "plan/submit", "1", "--set", "title"),
        ("step", "plan/submit", "1", "--file", "scan=/nowhere/scan.pdf"),
    ],
)
def test_what_means_nothing_is_wrong_usage(words: tuple[str, ...], body: Person, typed: Callable[..., Any]) -> None:
    status, told = typed(body, *words)
    assert (status, told["code"]) == (2, "step.usage")
    assert told["message"]


def test_what_a_step_does_not_take_is_wrong_usage_and_does_nothing(
    plan: Plan, body: Person, typed: Callable[..., Any]
) -> None:
    status, told = typed(body, "step", "plan/submit", str(plan.pk), "--set", "title=另一个")
    assert (status, told["code"]) == (2, "step.usage")
    assert "title" in told["message"]
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_a_record_wants_an_account(typed: Callable[..., Any]) -> None:
    assert typed(None, "steps", "plan", "1")[0] == 2


def test_without_json_it_reads_as_sentences(
    plan: Plan, body: Person, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    assert main(["steps", "paper_request"]) == 0
    assert "paper_request/issue  发放试卷  四（三）" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("correct-horse-battery\n"))
    assert main(["step", "plan/accept", str(plan.pk), "--as", username(body)]) == 1
    said = capsys.readouterr().err
    assert "您的身份不能办理“受理”。" in said
    assert "依据：三（三）" in said
    assert "怎么办：" in said
