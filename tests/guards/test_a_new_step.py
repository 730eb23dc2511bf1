"""A row added to the table and its action are a whole step: button, page, operation, command, diagram and refusals follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from jiangheng import screens
from jiangheng.catalog import actions as catalog
from jiangheng.journal.actions import ACTIONS, action, move
from jiangheng.journal.models import Entry
from jiangheng.people import actions as people
from jiangheng.plans import actions, queries
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role
from jiangheng.screens.steps import REGISTER
from tests import factories
from tests.command.typed import typist
from tests.factories import moment
from tests.plans.made import plan_of
from tools import workflow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-10 10:00")
VERB = "countersign"


@pytest.fixture
def catalogue(centre: Person) -> None:
    """Occupations, standards and local days as shipped."""
    catalog.load_catalogue(by=centre, now=moment("2026-01-05 09:00"))


@pytest.fixture
def plain_step(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The centre also countersigns a plan: one row and one action."""
    row = flows.Transition(VERB, "会签", ("accepted",), "accepted", (Role.CENTRE,), "三（三）")
    table = flows.FLOWS["plan"]
    monkeypatch.setitem(flows.FLOWS, "plan", replace(table, transitions=(*table.transitions, row)))

    @action(f"plan.{VERB}")
    def countersign(*, by: Person, now: datetime, plan_id: int, note: str = "", seen: int | None = None) -> Plan:
        return move(queries.get(by, plan_id), VERB, note=note, seen=seen)

    yield
    del ACTIONS[f"plan.{VERB}"]


class ScanForm(forms.Form):
    place = forms.CharField(label="会签地点", max_length=20)
    scan = forms.FileField(label="会签单扫描件")


@pytest.fixture
def asking_step(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, bytes]]]:
    """Another person of the centre countersigns, with a form and a file: one row, one action, one registration."""
    row = flows.Transition(
        VERB, "会签", ("accepted",), "completed", (Role.CENTRE,), "三（三）", asks_reason=True, second_person=True
    )
    table = flows.FLOWS["plan"]
    monkeypatch.setitem(flows.FLOWS, "plan", replace(table, transitions=(*table.transitions, row)))
    kept: list[tuple[str, bytes]] = []

    @action(f"plan.{VERB}")
    def countersign(
        *, by: Person, now: datetime, plan_id: int, place: str, scan: UploadedFile, note: str, seen: int | None = None
    ) -> Plan:
        moved = move(queries.get(by, plan_id), VERB, note=note, seen=seen)
        kept.append((place, scan.read()))
        return moved

    def form(request: HttpRequest, _plan: Plan) -> ScanForm:
        return ScanForm(screens.posted(request), request.FILES or None)

    of_plans = REGISTER["plan"]
    monkeypatch.setitem(REGISTER, "plan", replace(of_plans, asks={**of_plans.asks, VERB: screens.Asks(form)}))
    yield kept
    del ACTIONS[f"plan.{VERB}"]


@pytest.fixture
def plan(body: Person, centre: Person) -> Plan:
    filed = actions.submit(by=body, now=moment("2026-09-02 10:00"), plan_id=plan_of(body).pk)
    return actions.accept(by=centre, now=moment("2026-09-02 10:00"), plan_id=filed.pk)


@pytest.fixture
def second(centre: Person) -> Person:
    """Another clerk of the centre."""
    from jiangheng.bodies.models import Organisation

    return factories.make_person(Role.CENTRE, Organisation.objects.get(pk=centre.organisation_id))


def api(person: Person) -> Any:
    """A caller with a key of ``person``'s organisation: ``(method, end of the address, body) -> answer``."""
    _token, secret = people.create_token(by=person, now=NOW, name="接口")
    client = Client(**{"jiangheng.now": NOW})
    root = reverse("api:api-root")

    def call(method: str, address: str, given: Any = None, **more: Any) -> Any:
        kind = more.pop("content_type", "application/json")
        headers = {"Authorization": f"Bearer {secret}"}
        if method == "get":
            return client.get(f"{root}plans{address}", headers=headers)
        if kind is None:
            return client.post(f"{root}plans{address}", given or {}, headers=headers)
        return client.post(f"{root}plans{address}", given or {}, content_type=kind, headers=headers)

    return call


def listed(answer: Any) -> dict[str, Any]:
    return {each["verb"]: each for each in answer.json()["steps"]}


def test_the_right_role_sees_the_button_takes_the_step_and_the_journal_tells_it(
    plain_step: None, plan: Plan, centre: Person, body: Person, client_for: Callable[..., Client]
) -> None:
    page = reverse("plans:detail", args=[plan.pk])
    href = reverse("plans:step", args=[plan.pk, VERB])
    clerk, office = client_for(centre, NOW), client_for(body, NOW)
    assert f'href="{href}"' in clerk.get(page).text
    assert href not in office.get(page).text
    asked = clerk.get(href)
    assert asked.status_code == 200
    assert "确认会签" in asked.text
    assert "属地管理" in asked.text
    done = clerk.post(href, {"note": "已核对", "_seen": str(plan.version)}, follow=True)
    assert "已办理：会签。" in done.text
    entry = Entry.objects.filter(record_kind="plan", record_id=plan.pk).latest("id")
    assert (entry.verb, entry.from_state, entry.to_state) == (VERB, "accepted", "accepted")
    assert (entry.clause, entry.note, entry.actor_id) == ("三（三）", "已核对", centre.account_id)
    assert "会签" in clerk.get(page).text


def test_everybody_else_is_refused_with_the_reason(
    plain_step: None,
    plan: Plan,
    centre: Person,
    body: Person,
    other_body: Person,
    candidate: Person,
    client_for: Callable[..., Client],
) -> None:
    href = reverse("plans:step", args=[plan.pk, VERB])
    answer = client_for(body, NOW).post(href, {})
    assert answer.status_code == 403
    assert "您的身份不能办理“会签”。" in answer.text
    opened = client_for(body, NOW).get(href, headers={"Accept": "application/json"})
    assert (opened.status_code, opened.json()["code"], opened.json()["clause"]) == (403, "flow.role", "三（三）")
    assert client_for(other_body, NOW).get(href).status_code == 404
    assert client_for(candidate, NOW).get(href).status_code == 403
    assert Client().get(href).status_code == 302
    plan.refresh_from_db()
    assert plan.version == 2


def test_what_is_not_yet_open_is_shut_with_the_reason_on_the_page_and_in_the_list(
    plain_step: None, body: Person, centre: Person, client_for: Callable[..., Client]
) -> None:
    filed = actions.submit(by=body, now=moment("2026-09-02 10:00"), plan_id=plan_of(body).pk)
    page = client_for(centre, NOW).get(reverse("plans:detail", args=[filed.pk])).text
    sentence = "当前状态为“待受理”，不能办理“会签”。"
    assert sentence in page
    assert reverse("plans:step", args=[filed.pk, VERB]) not in page
    step = listed(api(centre)("get", f"/{filed.pk}/steps"))[VERB]
    assert (step["open"], step["reason"]["code"], step["reason"]["message"]) == (False, "flow.state", sentence)
    answer = api(centre)("post", f"/{filed.pk}/{VERB}")
    assert (answer.status_code, answer.json()["code"], answer.json()["clause"]) == (409, "flow.state", "三（三）")


def test_it_is_an_operation_of_the_interface(plain_step: None, plan: Plan, centre: Person, body: Person) -> None:
    document = Client().get(reverse("api:openapi-json")).json()
    address, operation = next(
        (path, each["post"]) for path, each in document["paths"].items() if path.endswith(f"/{{plan_id}}/{VERB}")
    )
    assert address.startswith(reverse("api:api-root"))
    assert operation["operationId"] == f"plan_{VERB}"
    assert operation["summary"] == "会签"
    assert "三（三）" in operation["description"]
    assert set(operation["requestBody"]["content"]["application/json"]["schema"]["properties"]) == {"note", "seen"}
    office = api(centre)
    assert listed(office("get", f"/{plan.pk}/steps"))[VERB]["open"] is True
    assert VERB not in listed(api(body)("get", f"/{plan.pk}/steps"))
    refused = api(body)("post", f"/{plan.pk}/{VERB}")
    assert (refused.status_code, refused.json()["code"]) == (403, "deed.role")
    assert office("post", f"/{plan.pk}/{VERB}", {"seen": plan.version + 1}).status_code == 409
    taken = office("post", f"/{plan.pk}/{VERB}", {"seen": plan.version, "note": "已核对"})
    assert taken.status_code == 200
    assert taken.json()["version"] == plan.version + 1
    assert office("post", f"/{plan.pk}/never").status_code == 404


def test_it_is_a_command(
    plain_step: None,
    plan: Plan,
    centre: Person,
    body: Person,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed, number = typist(monkeypatch, capsys, NOW), str(plan.pk)
    row = {each["verb"]: each for each in typed(None, "steps", "plan")[1]["steps"]}[VERB]
    assert (row["label"], row["by"], row["clause"], row["told"]) == ("会签", ["centre"], "三（三）", "plan_id")
    assert typed(centre, "steps", "plan", number)[1]["steps"][-1]["verb"] == VERB
    status, told = typed(body, "step", f"plan/{VERB}", number)
    assert (status, told["code"], told["clause"]) == (1, "deed.role", "三（三）")
    status, told = typed(centre, "step", f"plan/{VERB}", number, "--reason", "已核对")
    assert (status, told["version"]) == (0, plan.version + 1)
    assert Entry.objects.filter(record_kind="plan", record_id=plan.pk).latest("id").note == "已核对"


def test_the_diagram_and_its_table_have_the_row(plain_step: None) -> None:
    chapter = workflow.chapter(flows.FLOWS["plan"])
    assert "    accepted --> accepted: 会签" in chapter
    assert "| 会签 | `countersign` | 已受理 | 已受理 | 市鉴定中心 | 三（三）" in chapter


def test_whoever_took_the_earlier_half_is_told_before_the_click_and_refused(
    asking_step: list[tuple[str, bytes]], plan: Plan, centre: Person, client_for: Callable[..., Client]
) -> None:
    clerk, href = client_for(centre, NOW), reverse("plans:step", args=[plan.pk, VERB])
    page = clerk.get(reverse("plans:detail", args=[plan.pk])).text
    assert "“会签”须由另一人确认" in page
    assert f'href="{href}"' not in page
    opened = clerk.get(href)
    assert "须由另一人确认" in opened.text
    assert "确认会签" not in opened.text
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.4")
    answer = clerk.post(href, {"note": "同意", "place": "柳州", "scan": scan})
    assert answer.status_code == 403
    assert "请由本单位另一名工作人员用自己的账号办理。" in answer.text
    step = listed(api(centre)("get", f"/{plan.pk}/steps"))[VERB]
    assert (step["open"], step["reason"]["code"], step["second_person"]) == (False, "flow.second_person", True)
    plan.refresh_from_db()
    assert (plan.state, asking_step) == ("accepted", [])


def test_another_person_takes_it_with_a_form_and_a_file(
    asking_step: list[tuple[str, bytes]], plan: Plan, second: Person, client_for: Callable[..., Client]
) -> None:
    clerk, href = client_for(second, NOW), reverse("plans:step", args=[plan.pk, VERB])
    page = clerk.get(reverse("plans:detail", args=[plan.pk])).text
    assert f'href="{href}"' in page
    assert "须由另一人确认" in page
    opened = clerk.get(href).text
    assert 'enctype="multipart/form-data"' in opened
    assert "会签单扫描件" in opened
    assert "上一步由" in opened
    missing = clerk.post(href, {"note": "同意", "place": "柳州"})
    assert missing.status_code == 422
    assert "柳州" in missing.text
    silent = clerk.post(href, {"place": "柳州", "scan": SimpleUploadedFile("scan.pdf", b"%PDF-1.4")})
    assert silent.status_code == 422
    assert "须填写理由" in silent.text
    done = clerk.post(href, {"note": "同意", "place": "柳州", "scan": SimpleUploadedFile("scan.pdf", b"%PDF-1.4")})
    assert done.status_code == 302
    plan.refresh_from_db()
    assert (plan.state, asking_step) == ("completed", [("柳州", b"%PDF-1.4")])


def test_the_operation_of_a_step_with_a_file_takes_it(
    asking_step: list[tuple[str, bytes]], plan: Plan, second: Person
) -> None:
    paths = Client().get(reverse("api:openapi-json")).json()["paths"]
    body = next(each["post"]["requestBody"] for path, each in paths.items() if path.endswith(f"/{{plan_id}}/{VERB}"))
    schema = body["content"]["multipart/form-data"]["schema"]
    assert schema["properties"]["scan"] == {"type": "string", "format": "binary"}
    assert "place" in schema["required"]
    office = api(second)
    without = office("post", f"/{plan.pk}/{VERB}", {"note": "同意", "place": "柳州"}, content_type=None)
    assert without.status_code == 422
    assert without.json()["fields"][0]["field"] == "scan"
    given = {"note": "同意", "place": "柳州", "scan": SimpleUploadedFile("scan.pdf", b"%PDF-1.4")}
    taken = office("post", f"/{plan.pk}/{VERB}", given, content_type=None)
    assert (taken.status_code, taken.json()["state"]) == (200, "completed")
    assert asking_step == [("柳州", b"%PDF-1.4")]


def test_the_command_of_a_step_with_a_file_takes_it_from_another_person(
    asking_step: list[tuple[str, bytes]],
    plan: Plan,
    centre: Person,
    second: Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    typed, scan = typist(monkeypatch, capsys, NOW), tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4")
    words = ["step", f"plan/{VERB}", str(plan.pk), "--reason", "同意", "--set", "place=柳州"]
    row = {each["verb"]: each for each in typed(None, "steps", "plan")[1]["steps"]}[VERB]
    assert (row["takes"]["place"], row["takes"]["scan"], row["second_person"]) == ("needed", "file", True)
    status, told = typed(second, *words)
    assert (status, told["code"], told["fields"][0]["field"]) == (1, "request.invalid", "scan")
    words += ["--file", f"scan={scan}"]
    status, told = typed(centre, *words)
    assert (status, told["code"]) == (1, "flow.second_person")
    assert "另一名工作人员" in told["remedy"]
    status, told = typed(second, *words)
    assert (status, told["state"]) == (0, "completed")
    assert asking_step == [("柳州", b"%PDF-1.4")]
