"""What is printed of an examination says what the records say, to those who may have it (四（六）, 四（七）)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from jiangheng.exam_day import actions as exam_day
from jiangheng.exam_day.models import Incident
from jiangheng.files import actions as files
from jiangheng.files import printing as files_printing
from jiangheng.files.models import StoredFile
from jiangheng.journal import delivery
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people import actions as people
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions, printing, queries
from jiangheng.sittings.actions import packing
from jiangheng.sittings.models import Meeting, Pack, Seat, Sitting, Ticket
from tests import factories
from tests.asking import refusal
from tests.files import corpus
from tests.sittings import stage

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
NOW = stage.ARRANGED_AT


def read(data: bytes) -> list[str]:
    """The text of every page, line ends and spaces taken out."""
    with pypdfium2.PdfDocument(data) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def made(person: Person, plan: Plan, name: str, now: Any = NOW) -> list[str]:
    return read(printing.pdf(plan, queries.printed.sheets(person, plan), name, now))


def ticketed(body: Person, count: int = 6, name: str = "") -> tuple[Plan, Sitting]:
    plan = stage.make_plan(body)
    given = {"name": name} if name else {}
    stage.make_applications(plan, count, **given)
    (sitting,) = stage.arrange(body, plan)
    actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)
    return queries.printed.printable(body, plan.pk), Sitting.objects.get(pk=sitting.pk)


def test_the_seat_map_shows_every_seat_with_name_set_and_ticket(body: Person, centre: Person) -> None:
    sitting, _people = stage.briefed(body, centre, count=8)
    plan = queries.printed.printable(body, sitting.plan_id)
    (page,) = made(body, plan, "seat-map")
    assert "座次表" in page
    assert sitting.room_name in page
    for seat in Seat.objects.filter(sitting=sitting).select_related("application__ticket"):
        assert seat.application.name in page
        assert seat.application.ticket.number in page
    assert "A卷" in page
    assert "B卷" in page


def test_the_door_label_names_room_time_and_first_and_last_ticket(body: Person) -> None:
    plan, sitting = ticketed(body, 7)
    (page,) = made(body, plan, "door")
    numbers = sorted(stage.tickets(sitting))
    head = page.split("座位姓名准考证号")[0]
    assert plan.venue.name + sitting.room_name + "理论知识考试" in head
    assert "2026年7月4日（周六）09:00—10:30" in head
    assert f"{numbers[0]}{numbers[-1]}7" in head


@pytest.mark.parametrize(("people", "pages"), [(8, 1), (9, 2)])
def test_eight_desk_labels_stand_on_a_page(body: Person, people: int, pages: int) -> None:
    plan, sitting = ticketed(body, people)
    texts = made(body, plan, "desks")
    assert len(texts) == pages
    assert sum(text.count("准考证号") for text in texts) == people
    assert all(number in "".join(texts) for number in stage.tickets(sitting))


def test_the_sign_in_book_holds_five_a_page_with_photo_commitment_and_masked_number(body: Person) -> None:
    plan = stage.make_plan(body)
    applications = stage.make_applications(plan, 6)
    kept = files.store(by=body, now=NOW, upload=stage.as_upload(corpus.picture(600, 800), "p.jpg"), purpose="photo")
    applications[0].photo = kept
    applications[0].save()
    stage.arrange(body, plan)
    actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)
    plan = queries.printed.printable(body, plan.pk)
    data = printing.pdf(plan, queries.printed.sheets(body, plan), "sign-in", NOW)
    texts = read(data)
    assert [text.count("考生签名") for text in texts] == [5, 1]
    assert all("本人承诺" in text and "监考人员（签名）" in text for text in texts)
    for each in applications:
        assert each.identity.number_masked in "".join(texts)
        assert each.number in "".join(texts)
    with pypdfium2.PdfDocument(data) as document:
        pictures = sum(
            1
            for page in document
            for shape in page.get_objects(max_depth=9)
            if shape.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        )
    assert pictures == 1


def test_full_numbers_are_printed_only_on_demand_and_every_one_is_journalled(
    body: Person, other_body: Person, client_for: ClientFor
) -> None:
    plan, _sitting = ticketed(body, 2)
    numbers = [
        people.reveal(by=body, now=NOW, identity_id=pk, reason="核对", through=("plan", plan.pk))
        for pk in Seat.objects.values_list("application__identity_id", flat=True)
    ]
    before = Entry.objects.filter(record_kind="identity").count()
    client = client_for(body, NOW)
    masked = client.get(reverse("sittings:plan_document", args=[plan.pk, "sign-in"])).content
    assert not any(number in "".join(read(masked)) for number in numbers)
    assert Entry.objects.filter(record_kind="identity").count() == before
    address = reverse("sittings:sign_in_full", args=[plan.pk])
    full = "".join(read(client.post(address).content))
    assert all(number in full for number in numbers)
    assert Entry.objects.filter(record_kind="identity").count() == before + 2
    assert Entry.objects.get(action="sittings.print_full", record_kind="plan").after == {"full_numbers": 2}
    assert client.get(address).status_code == 405
    assert client_for(other_body, NOW).post(address).status_code == 404
    assert Entry.objects.filter(record_kind="identity").count() == before + 2


def test_the_room_record_is_blank_before_and_holds_what_was_signed_after(body: Person, centre: Person) -> None:
    sitting, people = stage.opened(body, centre, count=4, absent=1)
    plan = queries.printed.printable(body, sitting.plan_id)
    (page,) = made(body, plan, "record")
    assert "应考人数4实考人数缺考人数" in page
    exam_day.note_incident(
        by=people[0],
        now=stage.minute(20),
        sitting_id=sitting.pk,
        text="传递纸条",
        seat_id=Seat.objects.filter(sitting=sitting).first().pk,
        kind="discipline",
        tier="B",
    )
    late = stage.minute(95)
    last = stage.tickets(sitting)[-1]
    exam_day.mark_absent(by=people[0], now=stage.minute(31), sitting_id=sitting.pk, ticket_number=last)
    exam_day.close(by=people[0], now=late, sitting_id=sitting.pk)
    exam_day.sign_first(
        by=people[0], now=late, sitting_id=sitting.pk, papers_received=4, papers_returned=4, remarks="无其他情况"
    )
    exam_day.sign(by=people[1], now=late, sitting_id=sitting.pk)
    (page,) = made(body, plan, "record", late)
    assert "应考人数4实考人数3缺考人数1" in page
    assert last in page.split("缺考考生")[1]
    assert "传递纸条" in page
    assert "无其他情况" in page
    assert page.count("平台签署") == 2
    assert Incident.objects.count() == 1


def test_the_handbook_names_times_counts_staff_duties_rules_and_rooms_in_pdf_and_word(
    body: Person, centre: Person, client_for: ClientFor
) -> None:
    sitting, people = stage.briefed(body, centre, count=5)
    client = client_for(body, NOW)
    pdf = "".join(read(client.get(reverse("sittings:plan_document", args=[sitting.plan_id, "handbook"])).content))
    answer = client.get(reverse("sittings:plan_document", args=[sitting.plan_id, "handbook-word"]))
    word = Document(io.BytesIO(answer.content))
    text = "".join(each.text for each in word.paragraphs) + "".join(
        cell.text for table in word.tables for row in table.rows for cell in row.cells
    )
    for words in (
        "考务人员安排",
        "岗位职责",
        "工作流程",
        "开考30分钟后不得入场",
        "违纪处理",
        "附件1",
        "考生人数",
        "5人",
    ):
        assert words in pdf, words
        assert words in text, words
    for each in people:
        assert each.name in pdf
        assert each.name in text
    assert sitting.room_name in pdf


def test_the_minutes_wait_for_the_meeting_and_give_everybody_a_line_to_sign(body: Person, centre: Person) -> None:
    sitting, people = stage.briefed(body, centre, count=2)
    plan = queries.printed.printable(body, sitting.plan_id)
    Meeting.objects.update(plan=stage.make_plan(body))
    assert refusal(lambda: made(body, plan, "minutes")).code == "documents.meeting"
    Meeting.objects.update(plan=plan)
    (page,) = made(body, plan, "minutes", stage.MEETING)
    for words in ("考前考务会议纪要", "2026年7月3日15:00", "会议室", "明确分工和工作要求", "参会人数2人", "签名"):
        assert words in page, words
    for each in people:
        assert each.name in page


def test_the_timetable_lists_every_sitting_in_order(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 3)
    for subject in ("theory", "skill"):
        stage.arrange(body, plan, subject)
    plan = queries.printed.printable(body, plan.pk)
    (page,) = made(body, plan, "timetable")
    assert page.index("理论知识考试") < page.index("技能考核")
    assert page.count("未核发") == Sitting.objects.filter(plan=plan).count()


@pytest.mark.parametrize("name", ["door", "desks", "sign-in", "record"])
def test_what_carries_ticket_numbers_waits_for_them(body: Person, client_for: ClientFor, name: str) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 2)
    client = client_for(body, NOW)
    address = reverse("sittings:plan_document", args=[plan.pk, name])
    assert client.get(address).status_code == 409
    assert refusal(lambda: made(body, plan, name)).code == "documents.none"
    stage.arrange(body, plan)
    answer = client.get(address)
    assert answer.status_code == 409
    assert "准考证尚未核发" in answer.content.decode()


def test_rare_ideographs_stand_in_every_list_of_names(body: Person) -> None:
    plan, _sitting = ticketed(body, 1, name="罗𠮷祥")
    for name in ("seat-map", "door", "desks", "sign-in"):
        assert "罗𠮷祥" in "".join(made(body, plan, name)), name


LONG = "买合木提江·阿布都热依木·吐尔逊"


@pytest.mark.parametrize(("kind", "pages"), [("seat_map", 1), ("door", 1), ("sign_in", 12)])
def test_sixty_people_with_long_names_stay_on_their_pages(kind: str, pages: int) -> None:
    seats = [
        {
            "number": number,
            "name": LONG,
            "ticket": f"26450003001101001{number:04d}",
            "set": "A",
            "sex": "男",
            "registered": "BM20260000027",
            "identity_kind": "港澳居民来往内地通行证",
            "identity": "H12****89",
            "photo": "",
        }
        for number in range(1, 61)
    ]
    sheet = {
        "kind": kind, "body": "示例技能人才评价有限责任公司", "plan": "JH202600001", "room": "第一教学楼三层计算机机房302",
        "site": "示例职业培训学校第二校区实训基地", "subject": "理论知识考试", "time": "2026年10月31日（周六）09:00—10:30",
        "occupation": "电工（维修电工方向）", "level": "三级/高级工", "count": 60, "first": "1", "last": "60", "per_row": 6,
        "seats": seats, "commitment": "本人承诺", "pages": [seats[at : at + 5] for at in range(0, 60, 5)],
    }  # read as a table  # fmt: skip
    texts = read(files_printing.render(printing.TEMPLATE, {"watermark": "", "sheets": [sheet]}))
    assert len(texts) == pages
    assert sum(text.count(LONG) for text in texts) == 60


def test_who_may_print_what(
    body: Person, other_body: Person, centre: Person, school: Person, client_for: ClientFor
) -> None:
    plan, sitting = ticketed(body, 1)
    staff = factories.make_staff("invigilator")
    urls = [
        reverse("sittings:documents", args=[plan.pk]),
        reverse("sittings:plan_document", args=[plan.pk, "desks"]),
        reverse("sittings:sitting_document", args=[sitting.pk, "desks"]),
    ]
    for url in urls:
        assert client_for(body, NOW).get(url).status_code == 200, url
        assert client_for(centre, NOW).get(url).status_code == 200, url
        assert client_for(other_body, NOW).get(url).status_code == 404, url
        assert client_for(school, NOW).get(url).status_code == 403, url
        assert client_for(staff, NOW).get(url).status_code == (404 if url == urls[2] else 403), url
        assert Client().get(url).status_code == 302, url
    client = client_for(body, NOW)
    for name, key in (("plan_document", plan.pk), ("sitting_document", sitting.pk)):
        assert client.get(reverse(f"sittings:{name}", args=[key, "nothing"])).status_code == 404
    assert client.get(reverse("sittings:sitting_document", args=[sitting.pk, "handbook"])).status_code == 404


PRINTED_OF_A_SITTING = ("seat-map", "door", "desks", "sign-in", "record")


def test_who_is_on_duty_prints_their_own_sitting_from_the_day_before_until_the_record_is_signed(
    body: Person, centre: Person, client_for: ClientFor
) -> None:
    sitting, (keeper, other) = stage.briefed(body, centre, count=2)
    eve, before = stage.MEETING, factories.moment("2026-07-02 23:59")
    duty = reverse("exam_day:duty", args=[sitting.pk])
    ways = [reverse("sittings:sitting_document", args=[sitting.pk, name]) for name in PRINTED_OF_A_SITTING]
    early = client_for(keeper, before)
    assert [early.get(way).status_code for way in ways] == [409] * 5
    assert "7月3日" in early.get(duty).content.decode()
    phone = client_for(keeper, eve)
    shown = phone.get(duty).content.decode()
    assert all(way in shown for way in ways)
    assert all(phone.get(way)["Content-Type"] == "application/pdf" for way in ways)
    assert reverse("sittings:documents", args=[sitting.plan_id]) not in shown
    assert phone.get(reverse("sittings:sitting_document", args=[sitting.pk, "handbook"])).status_code == 404
    assert phone.get(reverse("sittings:plan_document", args=[sitting.plan_id, "sign-in"])).status_code == 403
    assert phone.post(reverse("sittings:sign_in_full", args=[sitting.plan_id])).status_code == 403
    stranger = client_for(factories.make_staff("invigilator"), eve)
    assert [stranger.get(way).status_code for way in ways] == [404] * 5
    sitting.staff.filter(account_id=other.account_id).update(acknowledged_at=None)
    assert client_for(other, eve).get(ways[0]).status_code == 409
    Sitting.objects.filter(pk=sitting.pk).update(state="recorded")
    assert [phone.get(way).status_code for way in ways] == [409] * 5
    assert not any(way in phone.get(duty).content.decode() for way in ways)


def test_one_sitting_prints_its_own_people_only(body: Person, client_for: ClientFor) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 3)
    (theory,) = stage.arrange(body, plan)
    stage.arrange(body, plan, "skill")
    actions.issue_tickets(by=body, now=NOW, plan_id=plan.pk)
    client = client_for(body, NOW)
    texts = read(client.get(reverse("sittings:sitting_document", args=[theory.pk, "door"])).content)
    assert len(texts) == 1
    assert "理论知识考试" in texts[0]


def test_a_document_costs_the_same_queries_for_one_candidate_and_four(body: Person, client_for: ClientFor) -> None:
    counts = []
    for many in (1, 4):
        organisation = factories.make_organisation("social_body")
        factories.make_filing(organisation)
        owner = factories.make_person(body.role, organisation)
        plan, _sitting = ticketed(owner, many)
        client = client_for(owner, NOW)
        address = reverse("sittings:plan_document", args=[plan.pk, "sign-in"])
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_small_pack_is_made_at_once_and_holds_everything(body: Person, centre: Person, client_for: ClientFor) -> None:
    sitting, _people = stage.briefed(body, centre, count=3)
    client = client_for(body, stage.MEETING)
    answer = client.post(reverse("sittings:pack", args=[sitting.plan_id]), {"what": "all"})
    row = Pack.objects.get()
    assert answer["Location"] == reverse("sittings:pack_detail", args=[row.pk])
    assert row.done == row.total
    with zipfile.ZipFile(io.BytesIO(_content(row))) as archive:
        names = archive.namelist()
        joined = archive.read("全部资料.pdf")
    assert set(names) == {
        *(f"{each.label}.pdf" for each in printing.DOCUMENTS.values()),
        "准考证.pdf",
        "组织册.docx",
        "全部资料.pdf",
    }
    whole = "".join(read(joined))
    assert "座次表" in whole
    assert "考前考务会议纪要" in whole
    assert client.get(reverse("sittings:pack_detail", args=[row.pk])).status_code == 200
    assert client.get(reverse("files:download", args=[row.file_id])).status_code == 200


def test_tickets_one_file_each_are_made_by_the_worker_with_progress(
    body: Person, other_body: Person, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "AT_ONCE", 2)
    plan, _sitting = ticketed(body, 3)
    row = actions.pack(by=body, now=NOW, plan_id=plan.pk, what="tickets")
    assert (row.done, row.total, row.file_id) == (0, 3, None)
    page = client_for(body, NOW).get(reverse("sittings:pack_detail", args=[row.pk])).content.decode()
    assert 'http-equiv="refresh"' in page
    assert client_for(other_body, NOW).get(reverse("sittings:pack_detail", args=[row.pk])).status_code == 404
    assert refusal(lambda: actions.pack(by=body, now=NOW, plan_id=plan.pk, what="tickets")).code == "pack.running"
    later = NOW + packing.GIVEN_UP
    assert actions.pack(by=body, now=later, plan_id=plan.pk, what="tickets").pk != row.pk
    steps: list[int] = []
    advance = packing.advance
    monkeypatch.setattr(packing, "advance", lambda **given: (steps.append(given["done"]), advance(**given)))
    assert delivery.run_once(NOW) > 0
    assert steps == [1, 2, 3]
    assert Pack.objects.filter(finished_at=None).count() == 1
    row.refresh_from_db()
    with zipfile.ZipFile(io.BytesIO(_content(row))) as archive:
        names = archive.namelist()
        first = read(archive.read(names[0]))
    tickets = Ticket.objects.filter(plan=plan).select_related("application")
    assert names == [f"{each.number}-{each.application.name}.pdf" for each in tickets]
    assert len(first) == 1
    kept = StoredFile.objects.count()
    packing.run(now=NOW, pack_id=row.pk)
    assert StoredFile.objects.count() == kept


def test_a_pack_that_cannot_be_made_says_why(
    body: Person, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "AT_ONCE", 0)
    plan, _sitting = ticketed(body, 1)
    row = actions.pack(by=body, now=NOW, plan_id=plan.pk, what="all")
    Seat.objects.get().application.__class__.objects.update(name="无字\U000323b0")
    delivery.run_once(NOW)
    row.refresh_from_db()
    assert row.finished_at is not None
    assert "没有可用字形" in row.failure
    page = client_for(body, NOW).get(reverse("sittings:pack_detail", args=[row.pk])).content.decode()
    assert "没有可用字形" in page


def test_packs_are_refused_without_tickets_for_strangers_and_of_unknown_kinds(body: Person, other_body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 1)
    stage.arrange(body, plan)
    assert refusal(lambda: actions.pack(by=body, now=NOW, plan_id=plan.pk, what="all")).code == "tickets.none"
    assert refusal(lambda: actions.pack(by=body, now=NOW, plan_id=plan.pk, what="它")).code == "pack.what"
    assert refusal(lambda: actions.pack(by=other_body, now=NOW, plan_id=plan.pk, what="all")).status == 404
    assert not Outgoing.objects.filter(channel="job").exists()


def _content(row: Pack) -> bytes:
    from jiangheng.files import queries as stored

    assert row.file is not None
    return stored.content(row.file)
