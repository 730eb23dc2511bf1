"""Exam day (四（七）): signed in by ticket or document, noted without a network and sent in later; the live board."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jiangheng.exam_day import actions as exam_day
from jiangheng.exam_day.models import Incident
from jiangheng.journal.models import Entry
from jiangheng.rules.days import sitting_time
from jiangheng.rules.examination import discipline
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.shipped_law import in_force
from jiangheng.sittings.models import Seat, Sitting
from tests import factories
from tests.asking import refusal
from tests.sittings import stage

ClientFor = Callable[..., Client]
LAW = in_force(stage.STARTS.date())
ALLOWED = int(LAW.value("sign_in_queue_min"))


@given(st.integers(-10_000, 10_000))
def test_who_was_noted_earlier_came_then_and_nobody_comes_later_than_now(seconds: int) -> None:
    noted = stage.STARTS - timedelta(seconds=seconds)
    if seconds > ALLOWED * 60:
        with pytest.raises(Refusal) as caught:
            sitting_time.came_at(noted, stage.STARTS, LAW)
        assert (caught.value.code, caught.value.status) == ("sitting.noted_late", 409)
    else:
        assert sitting_time.came_at(noted, stage.STARTS, LAW) == min(noted, stage.STARTS)
    assert sitting_time.came_at(None, stage.STARTS, LAW) == stage.STARTS


@pytest.fixture
def briefed(db: None, body: Person, centre: Person) -> tuple[Sitting, list[Person]]:
    return stage.briefed(body, centre, count=3)


def sign_in(keeper: Person, at: datetime, sitting: Sitting, number: str, **more: Any) -> Seat:
    return exam_day.sign_in(by=keeper, now=at, sitting_id=sitting.pk, ticket_number=number, **more)


def test_a_document_number_serves_as_well_as_the_ticket(briefed: tuple[Sitting, list[Person]]) -> None:
    sitting, (keeper, _other) = briefed
    seat = Seat.objects.filter(sitting=sitting).select_related("application__identity").first()
    assert seat is not None
    identity = seat.application.identity
    typed = actions_number(identity.pk)
    found = sign_in(keeper, stage.minute(-5), sitting, f" {typed[:6]} {typed[6:].lower()} ")
    assert found.pk == seat.pk
    for stranger in (factories.identity_number(4321), "450202", "不是号码", ""):
        assert refusal(lambda stranger=stranger: sign_in(keeper, stage.minute(-5), sitting, stranger)).status == 404
    assert typed not in json.dumps(list(Entry.objects.values_list("after", "note")), ensure_ascii=False)


def test_a_card_readers_line_serves_as_well_and_is_nowhere_shown_or_kept(
    briefed: tuple[Sitting, list[Person]], client_for: ClientFor, body: Person
) -> None:
    sitting, (keeper, _other) = briefed
    first, second, third = Seat.objects.filter(sitting=sitting).order_by("number")
    line = "考生,男,壮,19900101,示例路1号,{},示例公安局,20200101-20400101"
    number = actions_number(first.application.identity_id)
    assert sign_in(keeper, stage.minute(-5), sitting, line.format(number)).pk == first.pk
    client = client_for(keeper, stage.minute(-5))
    desk = reverse("exam_day:desk", args=[sitting.pk])
    wide = actions_number(second.application.identity_id).translate(
        str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    )
    assert client.post(desk, {"ticket_number": wide, "deed": "in"}).status_code == 302
    assert Seat.objects.get(pk=second.pk).signed_in_at == stage.minute(-5)
    stranger = factories.identity_number(4321)
    refused_page = client.post(desk, {"ticket_number": line.format(stranger), "deed": "in"})
    assert refused_page.status_code == 404
    told = queue(client, sitting, {"key": "a", "deed": "in", "number": stranger, "at": 1}, sent=1).json()["answers"][0]
    assert (told["ok"], stranger in told["words"]) == (False, False)
    assert stranger not in refused_page.content.decode()
    whole = queue(
        client,
        sitting,
        {"key": "b", "deed": "in", "number": line.format(actions_number(third.application.identity_id)), "at": 1},
        sent=1,
    )
    assert whole.json()["answers"][0]["ok"]
    kept = json.dumps(list(Entry.objects.values_list("after", "note")), ensure_ascii=False)
    assert not any(each in kept for each in (number, wide, stranger))


def actions_number(identity_id: int) -> str:
    """The number behind an invented identity."""
    from jiangheng.people.models import Identity
    from jiangheng.people.sealing import unseal

    return unseal(Identity.objects.get(pk=identity_id).number_sealed)


def test_what_was_noted_in_time_counts_after_the_room_has_closed(briefed: tuple[Sitting, list[Person]]) -> None:
    sitting, (first, second) = briefed
    late, never, door = stage.tickets(sitting)
    sign_in(first, stage.minute(-5), sitting, door)
    noted = stage.minute(10)
    assert refusal(lambda: sign_in(first, stage.minute(40), sitting, late)).code == "sitting.too_late"
    came = sign_in(first, stage.minute(40), sitting, late, noted_at=noted)
    assert came.signed_in_at == noted
    assert Entry.objects.filter(action="sittings.sign_in").latest("id").after["noted_at"] == noted.isoformat()
    assert refusal(lambda: sign_in(first, stage.minute(50), sitting, never, noted_at=stage.minute(45))).code == (
        "sitting.too_late"
    )
    Sitting.objects.filter(pk=sitting.pk).update(state="closed", closed_at=stage.minute(90))
    Seat.objects.filter(sitting=sitting, signed_in_at=None).update(absent=True)
    sign_in(second, stage.minute(100), sitting, never, noted_at=noted)
    seat = Seat.objects.get(sitting=sitting, application__ticket__number=never)
    assert (seat.signed_in_at, seat.absent) == (noted, False)
    after = stage.minute(ALLOWED + 11)
    Seat.objects.filter(pk=seat.pk).update(signed_in_at=None, absent=True)
    assert refusal(lambda: sign_in(second, after, sitting, never, noted_at=noted)).code == "sitting.noted_late"
    assert refusal(lambda: sign_in(second, stage.minute(100), sitting, never)).code == "sitting.not_admitting"
    Sitting.objects.filter(pk=sitting.pk).update(state="recorded")
    assert refusal(lambda: sign_in(second, stage.minute(100), sitting, never, noted_at=noted)).code == (
        "sitting.not_admitting"
    )


def queue(client: Client, sitting: Sitting, *items: dict[str, Any], sent: int = 10**12) -> Any:
    return client.post(
        reverse("exam_day:desk_queue", args=[sitting.pk]),
        json.dumps({"sent": sent, "items": list(items)}),
        content_type="application/json",
    )


def test_the_queue_answers_each_by_its_key_and_a_second_sending_changes_nothing(
    briefed: tuple[Sitting, list[Person]], client_for: ClientFor
) -> None:
    sitting, (keeper, _other) = briefed
    one, two, three = stage.tickets(sitting)
    sent = 5_000_000
    items = [
        {"key": "a", "deed": "in", "number": one, "at": sent - 600_000},
        {"key": "b", "deed": "absent", "number": two, "at": sent - 500_000},
        {"key": "c", "deed": "in", "number": "nobody", "at": sent},
        {"key": "d", "deed": "clear", "number": two, "at": sent},
        {"key": "e", "deed": "in", "number": three, "at": sent + 99_000},
    ]
    client = client_for(keeper, stage.minute(5))
    for _again in range(2):
        answer = queue(client, sitting, *items, sent=sent)
        assert answer.status_code == 200
        assert [(each["key"], each["ok"]) for each in answer.json()["answers"]] == [
            ("a", True),
            ("b", True),
            ("c", False),
            ("d", True),
            ("e", True),
        ]
    seats = {seat.application.ticket.number: seat for seat in Seat.objects.filter(sitting=sitting)}
    assert seats[one].signed_in_at == stage.minute(-5)
    assert (seats[two].absent, seats[two].signed_in_at) == (False, None)
    assert seats[three].signed_in_at == stage.minute(5)
    assert Entry.objects.filter(action="sittings.sign_in").count() == 2


@pytest.mark.parametrize(
    "body_",
    [
        "{",
        "[]",
        "{}",
        '{"sent": 1, "items": 3}',
        '{"sent": "x", "items": [{}]}',
        '{"sent": 1, "items": [{"key": "a", "deed": "drop", "number": "1", "at": 1}]}',
        json.dumps({"sent": 1, "items": [{"key": "a", "deed": "in", "number": "1", "at": 1}] * 51}),
        '{"sent": 1e400, "items": [{"key": "a", "deed": "in", "number": "1", "at": 1}]}',
    ],
)
def test_a_queue_that_cannot_be_read_is_refused_whole(
    briefed: tuple[Sitting, list[Person]], client_for: ClientFor, body_: str
) -> None:
    sitting, (keeper, _other) = briefed
    address = reverse("exam_day:desk_queue", args=[sitting.pk])
    answer = client_for(keeper, stage.minute(5)).post(address, body_, content_type="application/json")
    assert answer.status_code == 422
    assert not Seat.objects.filter(sitting=sitting, signed_in_at__isnull=False).exists()


@pytest.mark.django_db
def test_the_board_shows_the_day_to_whom_it_concerns_in_the_same_statements(
    body: Person, other_body: Person, centre: Person, client_for: ClientFor
) -> None:
    sitting, (keeper, _other) = stage.briefed(body, centre, count=3)
    sign_in(keeper, stage.minute(-5), sitting, stage.tickets(sitting)[0])
    address = reverse("exam_day:board")
    supervisor = factories.make_person(Role.INTERNAL_SUPERVISOR)

    def page(who: Person, query: str = "") -> tuple[str, int]:
        client = client_for(who, stage.minute(0))
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address + query)
        assert answer.status_code == 200
        return answer.content.decode(), len(asked)

    shown, few = page(body)
    assert sitting.plan.number in shown
    assert 'hx-trigger="every 15s"' in shown
    for stranger in (other_body, supervisor):
        assert "这一天没有您可以查看的考试场次" in page(stranger)[0]
    past, _count = page(centre, "?on=2026-07-03")
    assert sitting.plan.number not in past
    assert "every 15s" not in past
    assert page(centre, "?on=今天")[0].count(sitting.plan.number) == 1
    plan = stage.make_plan(body)
    stage.make_applications(plan, 2)
    (again,) = stage.arrange(body, plan, sessions=[stage.minute(300)])
    both, more = page(body)
    assert again.plan.number in both
    assert more == few
    assert client_for(keeper, stage.minute(0)).get(address).status_code == 403


def picture(name: str = "现场.jpg") -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/jpeg")


def note(keeper: Person, sitting: Sitting, **given: Any) -> Incident:
    return exam_day.note_incident(by=keeper, now=stage.minute(10), sitting_id=sitting.pk, **given)


@pytest.mark.parametrize(
    ("kind", "tier", "candidate", "text", "kept"),
    [
        ("discipline", "A", True, "夹带", True),
        ("discipline", "", True, "夹带", False),
        ("discipline", "A", False, "夹带", False),
        ("discipline", "E", True, "夹带", False),
        ("equipment", "", False, "停电3分钟", True),
        ("equipment", "", True, "键盘更换", True),
        ("equipment", "A", True, "键盘更换", False),
        ("weather", "", False, "下雨", False),
        ("other", "", False, "  ", False),
    ],
)
def test_an_irregularity_names_its_candidate_and_tier_and_nothing_else_bears_one(
    kind: str, tier: str, candidate: bool, text: str, kept: bool
) -> None:
    def check() -> None:
        discipline.check(kind, text, tier, candidate=candidate, on=stage.STARTS.date())

    if kept:
        check()
    else:
        assert (refusal(check).code, refusal(check).status) == ("incident.facts", 422)


def test_evidence_is_kept_with_the_incident_and_shown_to_those_of_the_sitting_alone(
    briefed: tuple[Sitting, list[Person]], body: Person, centre: Person, other_body: Person, client_for: ClientFor
) -> None:
    sitting, (keeper, _other) = briefed
    seat = Seat.objects.filter(sitting=sitting).first()
    assert seat is not None
    address = reverse("exam_day:incident", args=[sitting.pk])
    given = {"kind": "discipline", "tier": "B", "seat": seat.pk, "text": "传递纸条"}
    browser = client_for(keeper, stage.minute(10))
    assert "传递纸条、交换试卷" in browser.get(address).content.decode()
    assert browser.post(address, {**given, "evidence": [SimpleUploadedFile("x.exe", b"MZ")]}).status_code == 415
    assert not Incident.objects.exists()
    assert browser.post(address, {**given, "evidence": [picture(), picture("另一张.jpg")]}).status_code == 302
    incident = Incident.objects.get()
    assert (incident.kind, incident.tier, incident.evidence.count()) == ("discipline", "B", 2)
    logged = Entry.objects.get(action="sittings.note_incident", record_kind="sitting").after["evidence"]
    assert logged == [each.file.sha256 for each in incident.evidence.all()]
    for each in incident.evidence.all():
        file = reverse("exam_day:evidence", args=[sitting.pk, each.pk])
        assert file in browser.get(reverse("exam_day:duty", args=[sitting.pk])).content.decode()
        for who, status in (
            (keeper, 200),
            (body, 200),
            (centre, 200),
            (other_body, 404),
            (factories.make_staff(), 404),
        ):
            answer = client_for(who, stage.minute(10)).get(file)
            assert answer.status_code == status
            if status == 200:
                assert answer.headers["Content-Disposition"].startswith("attachment")
    candidate = stage.candidate_of(seat.application)
    assert client_for(candidate, stage.minute(10)).get(file).status_code == 403
    six = [picture() for _ in range(6)]
    assert refusal(lambda: note(keeper, sitting, text="多", uploads=six)).code == "incident.evidence"
