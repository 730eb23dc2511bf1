"""Every place that shows a day counted over a year whose notice is not out says 暂定 beside it, and no other does."""

from __future__ import annotations

import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.formats import date_format

from jiangheng.applications.models import Application, CandidateReport, CandidateReportRevision
from jiangheng.bodies.models import Organisation
from jiangheng.calendar import actions as calendar
from jiangheng.calendar import feeds
from jiangheng.calendar.models import RedatedDeadline
from jiangheng.calendar.queries import clocks
from jiangheng.calendar.redating import Move
from jiangheng.command import main
from jiangheng.fees.models import Bill, Charge
from jiangheng.journal.models import Outgoing
from jiangheng.oversight.models import Inspection
from jiangheng.people.models import ApiToken, Membership
from jiangheng.plans import actions as plans
from jiangheng.plans.models import Plan, PlanChange, Request
from jiangheng.results import actions as results
from jiangheng.results.models import Objection
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import SYSTEM, Person
from jiangheng.sittings import actions as sittings
from jiangheng.sittings.models import Sitting, TicketException
from jiangheng.values import queries as values
from jiangheng.values.models import CalendarChange
from tests import factories
from tests.factories import moment
from tests.results.batches import make_batch

ROOT = Path(__file__).resolve().parents[2]
SAID = "（暂定）"


@dataclass
class World:
    """Open records with every kind of counted day, and who sees them."""

    now: datetime
    today: date
    exam: date
    people: dict[str, Person]
    made: dict[str, Any]

    def last(self, key: str) -> date:
        """The last day of the law's number ``key`` before the examination."""
        law = values.law(self.today)
        return deadlines.counted(key, self.exam, values.calendar(), law, back=True).last_day

    def after(self, key: str, start: date) -> date:
        """The last day of the law's number ``key`` from ``start``."""
        return deadlines.counted(key, start, values.calendar(), values.law(self.today), back=False).last_day

    def client(self, who: str) -> Client:
        """A browser of somebody; "" is the public."""
        client = Client(**{"jiangheng.now": self.now})
        if who:
            factories.sign_in(client, self.people[who])
        return client


WORLDS = {
    "certain": (moment("2026-06-01 10:00"), date(2026, 7, 4)),
    "provisional": (moment("2026-12-30 10:00"), date(2027, 1, 23)),
}


@pytest.fixture(params=sorted(WORLDS))
def provisional(request: pytest.FixtureRequest) -> bool:
    """Whether the world's examination lies in a year whose notice is not out."""
    return bool(request.param == "provisional")


@pytest.fixture
def world(provisional: bool, centre: Person, body: Person, school: Person, candidate: Person) -> World:
    """A record of each kind whose clock runs now."""
    cache.clear()
    now, exam = WORLDS["provisional" if provisional else "certain"]
    today = local_day(now)
    found = World(now, today, exam, {"centre": centre, "body": body, "school": school, "candidate": candidate}, {})
    own, ours = (Organisation.objects.get(pk=person.organisation_id) for person in (body, school))
    on, early = exam.isoformat(), today - timedelta(days=7)

    def plan(**given: Any) -> Plan:
        return factories.make_plan(own, on, deadline_on=found.last("plan_lead_wd"), **given)

    found.made |= {
        "draft": plan(state="draft"),
        "filed": plan(state="submitted", filed_on=today, notice_workdays=12),
        "plan": plan(filed_on=early),
    }
    values = {
        "organisation": ours,
        "class_name": "电工班",
        "occupation_code": "6-31-01-03",
        "occupation_name": "电工",
        "level": 4,
        "headcount": 30,
        "exam_on": exam,
        "place": "body",
        "deadline_on": found.last("arrangement_lead_wd"),
        "created_at": now,
    }
    found.made["request"] = Request.objects.create(number="AP1", **values)
    found.made["asked"] = Request.objects.create(number="AP2", state="submitted", submitted_on=today, **values)
    found.made["assigned"] = Request.objects.create(
        number="AP3",
        state="assigned",
        submitted_on=early,
        body=own,
        assigned_on=today,
        answer_by=found.after("assignment_answer_wd", today),
        **values,
    )
    found.made["change"] = PlanChange.objects.create(
        plan=plan(), kind="postpone", reason="示例", filed_on=today, created_at=now
    )
    due = found.last("candidate_report_lead_wd")
    found.made["candidate_report"] = CandidateReport.objects.create(
        number="HZ1", plan=found.made["plan"], body=own, template="A33", due_on=due, created_at=now, revision=1
    )
    found.made["revision"] = CandidateReportRevision.objects.create(
        candidate_report=found.made["candidate_report"],
        number=1,
        kind="report",
        people=0,
        counts=[],
        digest="0" * 64,
        by_name="示例",
        at=now,
    )
    posted = today - timedelta(days=1)
    held = factories.make_plan(own, early.isoformat(), state="accepted")
    found.made["batch"] = make_batch(held, published_on=posted, publicity_ends_on=found.after("publicity_wd", posted))
    mine = found.made["batch"].results.first().application
    Application.objects.filter(pk=mine.pk).update(identity_id=candidate.identity_id)
    found.made["objection"] = Objection.objects.create(
        batch=found.made["batch"],
        raised_by_id=candidate.account_id,
        **dict.fromkeys(("name", "contact", "text"), "示例"),
        received_at=now,
        due_on=found.after("complaint_finish_wd", today),
    )
    found.made["reported"] = make_batch(
        factories.make_plan(own, early.isoformat()),
        state="reported",
        published_on=early,
        publicity_ends_on=posted,
        reported_on=today,
    )
    found.made["inspection"] = Inspection.objects.create(
        body=own, inspected_on=today, state="concluded", created_at=now
    )
    found.made["bill"] = Bill.objects.create(
        number="ZD1", plan=found.made["plan"], body=own, payer_organisation=ours, created_at=now
    )
    Charge.objects.create(
        application=make_batch(found.made["plan"], state="collecting").results.first().application,
        plan=found.made["plan"],
        body=own,
        payer_organisation=ours,
        bill=found.made["bill"],
        item="theory",
        document="示例",
        payee="body",
        amount_fen=6000,
        created_at=now,
    )
    room = found.made["plan"].venue.rooms.first()
    found.made["sitting"] = Sitting.objects.create(
        plan=found.made["plan"],
        row=found.made["plan"].rows.get(),
        room=room,
        room_name=room.name,
        subject="theory",
        starts_at=moment(f"{on} 09:00"),
        ends_at=moment(f"{on} 10:30"),
        method="machine",
        state="arranged",
        created_at=now,
    )
    lawful = found.last("ticket_lead_wd")
    found.made["exception"] = TicketException.objects.create(
        plan=found.made["plan"],
        until=lawful + timedelta(days=1),
        lawful_day=lawful,
        reason="示例",
        document="示例",
        article="示例",
        granted_by_id=centre.account_id,
        granted_at=now,
    )
    found.made["sponsored"] = Application.objects.create(
        number="BM1",
        name="示例",
        identity=factories.make_identity(),
        request=found.made["request"],
        sponsor=ours,
        source="school",
        occupation_code="6-31-01-03",
        occupation_name="电工",
        level=4,
        state="submitted",
        as_of=found.made["request"].deadline_on,
        verdict="met",
        judgement={"as_of": "", "standard": "示例"},
        created_at=now,
    )
    change = CalendarChange.objects.create(
        day=exam - timedelta(days=2),
        is_workday=False,
        name="示例停工",
        by_name="示例",
        at=now,
        finished_at=now,
        moved=1,
    )
    found.made["redated"] = RedatedDeadline.objects.create(
        change=change,
        clock="plan",
        record_kind="plan",
        record_id=found.made["draft"].pk,
        title="示例",
        organisation=own,
        event=exam,
        old_day=found.made["draft"].deadline_on,
        new_day=found.made["draft"].deadline_on,
        at=now,
    )
    return found


def long(day: date) -> str:
    return date_format(day, "Y年n月j日")


@dataclass(frozen=True)
class Place:
    """A page and a counted day it shows, written ``long`` (2026年6月1日) or short."""

    who: str
    address: str
    day: Callable[[World], date]
    long: bool = True


PAGES = {
    "plan list": Place("body", "/plans/", lambda w: w.made["draft"].deadline_on, long=False),
    "plan": Place("body", "/plans/{draft}/", lambda w: w.made["draft"].deadline_on),
    "plan's filing day": Place("centre", "/plans/{filed}/", lambda w: w.after("plan_accept_wd", w.today)),
    "form of a plan": Place("body", "/plans/{draft}/change/", lambda w: w.made["draft"].deadline_on),
    "deadline of a plan": Place("body", "/plans/deadline/plan/?exam_on={exam}", lambda w: w.last("plan_lead_wd")),
    "deadline of a request": Place(
        "school", "/plans/deadline/request/?exam_on={exam}", lambda w: w.last("arrangement_lead_wd")
    ),
    "request list": Place("school", "/plans/requests/", lambda w: w.made["request"].deadline_on, long=False),
    "request": Place("school", "/plans/requests/{request}/", lambda w: w.made["request"].deadline_on),
    "answer to an assignment": Place("body", "/plans/requests/{assigned}/", lambda w: w.made["assigned"].answer_by),
    "asking for a change": Place("body", "/plans/{plan}/propose/", lambda w: w.last("postpone_notice_wd")),
    "candidate report list": Place(
        "body", "/applications/rollups/", lambda w: w.made["candidate_report"].due_on, long=False
    ),
    "candidate report": Place(
        "body", "/applications/rollups/{candidate_report}/", lambda w: w.made["candidate_report"].due_on
    ),
    "day an application is judged for": Place(
        "school", "/applications/{sponsored}/", lambda w: w.made["request"].deadline_on
    ),
    "public notices": Place("", "/results/publicity/", lambda w: w.made["batch"].publicity_ends_on, long=False),
    "public notice": Place("", "/results/publicity/{batch}/", lambda w: w.made["batch"].publicity_ends_on),
    "own results": Place("candidate", "/results/mine/", lambda w: w.made["batch"].publicity_ends_on),
    "batch list": Place("body", "/results/", lambda w: w.made["batch"].publicity_ends_on, long=False),
    "batch": Place("body", "/results/{batch}/", lambda w: w.made["batch"].publicity_ends_on),
    "objections of a batch": Place("body", "/results/{batch}/", lambda w: w.made["objection"].due_on, long=False),
    "review of results": Place("centre", "/results/{reported}/", lambda w: w.after("centre_review_wd", w.today)),
    "objection list": Place("body", "/results/objections/", lambda w: w.made["objection"].due_on, long=False),
    "objection": Place("candidate", "/results/objections/{objection}/", lambda w: w.made["objection"].due_on),
    "inspection": Place(
        "centre", "/oversight/inspections/{inspection}/", lambda w: w.after("publish_inspection_wd", w.today)
    ),
    "bill": Place("school", "/fees/bills/{bill}/", lambda w: w.last("fee_lead_wd")),
    "sittings of a plan": Place("body", "/sittings/plans/{plan}/", lambda w: w.last("ticket_lead_wd")),
    "asking for an exception": Place("centre", "/sittings/plans/{plan}/exception/", lambda w: w.last("ticket_lead_wd")),
    "exception on the public page": Place("", "/plans/calendar/{plan}/", lambda w: w.made["exception"].lawful_day),
    "home": Place("body", "/home/", lambda w: w.made["candidate_report"].due_on, long=False),
    "deadlines": Place("body", "/deadlines/", lambda w: w.made["draft"].deadline_on, long=False),
    "what a day off would move": Place(
        "centre",
        "/calendar-change/?day={inside}&workday=0&name=示例",
        lambda w: w.made["draft"].deadline_on,
        long=False,
    ),
    "what a day off moved": Place(
        "body", "/calendar-change/{redating}/", lambda w: w.made["draft"].deadline_on, long=False
    ),
    "counting": Place(
        "", "/catalog/workday/?direction=before&day={exam}&workdays=10", lambda w: w.last("plan_lead_wd")
    ),
}


def address_of(place: Place, world: World) -> str:
    """The page's address in this world."""
    keys = {name: record.pk for name, record in world.made.items()}
    inside = world.exam - timedelta(days=1)
    while not values.calendar().day(inside).workday:
        inside -= timedelta(days=1)
    return (
        place.address.format(
            **keys,
            exam=world.exam.isoformat(),
            inside=inside.isoformat(),
            redating=world.made["redated"].change_id,
        )
        if "{" in place.address
        else place.address
    )


def text_of(page: str) -> str:
    """What somebody reads of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_so_beside_the_day(name: str, world: World, provisional: bool) -> None:
    place = PAGES[name]
    answer = world.client(place.who).get(address_of(place, world))
    assert answer.status_code == 200, answer.content.decode()[:2000]
    page = text_of(answer.content.decode())
    day = place.day(world)
    written = long(day) if place.long else day.isoformat()
    assert written in page
    assert (f"{written}{SAID}" in page) is provisional
    assert (SAID in page) is provisional


@pytest.mark.django_db
def test_in_english_too(world: World, provisional: bool) -> None:
    client = world.client("body")
    client.cookies["django_language"] = "en"
    page = text_of(client.get(f"/plans/{world.made['draft'].pk}/").content.decode())
    assert ("(provisional)" in page) is provisional


def pdf_text(data: bytes) -> str:
    """The words of a PDF, all pages."""
    document = pypdfium2.PdfDocument(data)
    words = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s+", "", words)


def book_text(data: bytes) -> str:
    """The cells of a workbook."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


PAPERS = {
    "附件5": ("body", "/plans/{filed}/form.pdf", pdf_text),
    "附件5 as a workbook": ("body", "/plans/{filed}/form.xlsx", book_text),
    "附件6": ("school", "/plans/requests/{assigned}/form.pdf", pdf_text),
    "附件6 as a workbook": ("school", "/plans/requests/{assigned}/form.xlsx", book_text),
    "receipt of a candidate report": ("body", "/applications/rollups/{candidate_report}/receipt/1/", pdf_text),
    "plans exported": ("body", "/plans/?export=1", book_text),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_says_so(name: str, world: World, provisional: bool) -> None:
    who, address, read = PAPERS[name]
    answer = world.client(who).get(address.format(**{key: record.pk for key, record in world.made.items()}))
    assert answer.status_code == 200
    data = answer.getvalue() if hasattr(answer, "getvalue") else answer.content
    assert ("暂定" in read(data)) is provisional


FLAGS = {
    "/api/v1/plans/{draft}": ("body", "deadline_on"),
    "/api/v1/plans/{filed}": ("body", "deadline_on"),
    "/api/v1/plans/requests/{assigned}": ("body", "answer_by"),
    "/api/v1/plans/requests/{request}": ("school", "deadline_on"),
    "/api/v1/results/batches/{batch}": ("body", "publicity_ends_on"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", FLAGS)
def test_an_api_answer_tells_it_beside_the_day(address: str, world: World, provisional: bool) -> None:
    who, name = FLAGS[address]
    ApiToken.objects.create(
        membership=Membership.objects.get(account_id=world.people[who].account_id),
        name="示例",
        digest=hashlib.sha256(b"key").hexdigest(),
        created_at=world.now,
        expires_on=date(2027, 12, 31),
    )
    client = Client(headers={"Authorization": "Bearer key"}, **{"jiangheng.now": world.now})
    answer = client.get(address.format(**{key: record.pk for key, record in world.made.items()})).json()
    assert date.fromisoformat(answer[name])
    assert answer[f"{name}_provisional"] is provisional
    assert answer["filed_on_provisional" if "filed_on" in answer else f"{name}_provisional"] in (False, provisional)


@pytest.mark.django_db
def test_the_counter_of_the_api_tells_it(world: World, provisional: bool) -> None:
    answer = world.client("").get(f"/api/v1/catalog/workday?direction=before&day={world.exam}&workdays=10").json()
    assert answer["provisional"] is provisional


@pytest.mark.django_db
def test_a_calendar_feed_says_so(world: World, provisional: bool) -> None:
    feed = feeds.feed(world.people["body"], world.now, name="示例", site="http://testserver")
    words = (feed if isinstance(feed, str) else feed.decode()).replace("\r\n ", "")
    found = [each for each in words.split("BEGIN:VEVENT") if f"UID:deadline-plan-{world.made['draft'].pk}@" in each]
    assert len(found) == 1
    assert (SAID in found[0]) is provisional
    assert ("STATUS:TENTATIVE" in found[0]) is provisional


@pytest.mark.django_db
def test_notices_say_so(world: World, provisional: bool) -> None:
    own = Organisation.objects.get(pk=world.people["body"].organisation_id)
    plans.assign(
        by=world.people["centre"], now=world.now, request_id=world.made["asked"].pk, body_id=own.pk, reason="示例"
    )
    confirmed = make_batch(factories.make_plan(own, world.today.isoformat()), state="confirmed")
    Application.objects.filter(pk=confirmed.results.first().application_id).update(
        sponsor_id=world.people["school"].organisation_id
    )
    results.publish(by=world.people["body"], now=world.now, batch_id=confirmed.pk)
    results.receive(
        by=world.people["candidate"],
        now=world.now,
        batch_id=world.made["batch"].pk,
        **dict.fromkeys(("name", "contact", "text"), "示例"),
    )
    law, draft = values.law(world.today), world.made["draft"]
    opened = next(each for each in clocks.opened(None, world.today, law) if each.record == draft)
    change = CalendarChange.objects.create(
        day=world.exam, is_workday=False, name="示例", by_name="示例", at=world.now, moved=1
    )
    moves = [Move(opened, draft.deadline_on, draft.deadline_on - timedelta(days=1))]
    calendar.redate(by=SYSTEM, now=world.now, changes=[change], organisation_id=own.pk, moves=moves)
    told: dict[str, str] = defaultdict(str)
    for each in Outgoing.objects.filter(channel="notice"):
        told[re.split("[:-]", each.key)[0]] += each.body
    for kind in ("request", "published", "objection", "redated"):
        assert re.search(r"\d{4}-\d\d-\d\d", told[kind]), told
        assert (SAID in told[kind]) is provisional


@pytest.mark.django_db
def test_a_refusal_says_so(world: World, provisional: bool) -> None:
    """The last day that was missed and the first day that can still be had."""
    late = datetime.combine(world.last("ticket_lead_wd") + timedelta(days=1), world.now.timetz())
    TicketException.objects.all().delete()
    for ask in (
        lambda: sittings.issue_tickets(by=world.people["body"], now=late, plan_id=world.made["plan"].pk),
        lambda: plans.submit(by=world.people["body"], now=late, plan_id=world.made["draft"].pk),
        lambda: results.report(by=world.people["body"], now=world.now, batch_id=world.made["batch"].pk),
    ):
        with pytest.raises(Refusal) as refused:
            ask()
        assert (SAID in refused.value.sentence()) is provisional, refused.value.code


@pytest.mark.django_db
def test_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    for day, provisional in (("2027-01-09", True), ("2026-07-04", False)):
        main.main(["workday", "before", day, "10"])
        assert (SAID in capsys.readouterr().out) is provisional


# Columns and results that hold such a day. Outside rules, models and the queries that reckon with them they are shown only
# through ``…_counted`` or ``.counted``, which carry whether the day is provisional.
