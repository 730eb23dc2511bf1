"""One world in which the effect of every editable value can be seen, and how pages, refusals and dates are looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.test import Client

from jiangheng.applications.models import CandidateReport
from jiangheng.bodies.models import Organisation
from jiangheng.calendar.queries import clocks
from jiangheng.catalog import actions as catalog
from jiangheng.fees.models import Bill, Charge
from jiangheng.oversight.models import Inspection
from jiangheng.people.models import StaffCard
from jiangheng.plans.models import Plan, Request
from jiangheng.results.models import Objection, ResultBatch
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings.models import Seat, Sitting
from tests import factories
from tests.applications import cases
from tests.factories import moment
from tests.sittings import stage

NOW = moment("2026-06-01 10:00")
DAY = date(2026, 6, 1)
MEETING, EXAM = stage.MEETING, stage.STARTS


@dataclass
class World:
    """Who acts, and the records they act on."""

    centre: Person
    body: Person
    clerk: Person
    school: Person
    candidate: Person
    plan: Plan
    theory: Sitting
    skill: Sitting
    review: Sitting
    examiners: list[Person]
    invigilators: list[Person]

    @property
    def own(self) -> Organisation:
        """The body as an organisation."""
        return Organisation.objects.get(pk=self.body.organisation_id)


def outcome(call: Callable[[], Any]) -> Any:
    """What a call gives, or the refusal it meets."""
    try:
        return call()
    except Refusal as refusal:
        return refusal.code, refusal.sentence(), refusal.advice()


def page(person: Person | None, address: str, now: datetime = NOW) -> str:
    """The visible words of a page, and what stands in its fields."""
    client = Client(**{"jiangheng.now": now})
    if person is not None:
        factories.sign_in(client, person)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    text = re.sub(
        r'<input[^>]*type="hidden"[^>]*>|<(script|style|svg).*?</\1>', "", answer.content.decode(), flags=re.S
    )
    typed = re.findall(r'<input[^>]*value="([^"]*)"', text)
    return " ".join([*re.sub(r"<[^>]*>", " ", text).split(), *typed])


def clock(person: Person, key: str, now: datetime = NOW) -> Any:
    """The last day and the light of the first clock of that kind the person sees."""
    cache.clear()
    return [(each.last_day, each.light) for each in clocks.running(person, now) if each.open.clock.key == key]


def make() -> World:
    """Build it: an arranged plan of eighteen, and an open record for every clock."""
    centre = factories.make_person(Role.CENTRE, factories.make_organisation("centre"))
    organisation = factories.make_organisation("social_body")
    factories.make_filing(organisation, levels="5432")
    body = factories.make_person(Role.BODY, organisation)
    clerk = factories.make_person(Role.BODY, organisation, factories.make_account("王示例"))
    school = factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))
    cases.catalogue()
    cases.fee_table()
    plan = stage.make_plan(body)
    stage.make_applications(plan, 18)
    (theory,) = stage.arrange(body, plan, "theory")
    (skill,) = stage.arrange(body, plan, "skill")
    review = Sitting.objects.create(
        plan=plan,
        row=plan.rows.get(),
        subject="review",
        method="defence",
        room=skill.room,
        room_name="评审室",
        starts_at=moment("2026-07-04 17:00"),
        ends_at=moment("2026-07-04 19:00"),
        state="arranged",
        created_at=NOW,
    )
    for number, seat in enumerate(skill.seats.order_by("number")[:2], start=1):
        Seat.objects.create(sitting=review, application=seat.application, number=number)
    world = World(
        centre,
        body,
        clerk,
        school,
        factories.make_candidate(),
        plan,
        theory,
        skill,
        review,
        [factories.make_staff("examiner") for _ in range(6)],
        [factories.make_staff("invigilator") for _ in range(3)],
    )
    _clocks(world)
    return world


def _clocks(world: World) -> None:
    ours, sponsor = world.own, world.school.organisation_id or 0
    common = {
        "organisation_id": sponsor,
        "class_name": "班",
        "occupation_code": "6-31-01-03",
        "occupation_name": "电工",
        "level": 4,
        "headcount": 1,
        "exam_on": date(2026, 8, 29),
        "place": "body",
        "created_at": NOW,
    }
    Request.objects.create(number="AP1", state="submitted", submitted_on=DAY, **common)
    Request.objects.create(
        number="AP2", state="assigned", body=ours, assigned_on=DAY, answer_by=date(2026, 6, 4), **common
    )
    factories.make_plan(ours, "2026-07-25", state="submitted", filed_on=DAY)
    held = [factories.make_plan(ours, "2026-05-23", state="completed") for _each in range(3)]
    kept: dict[str, Any] = {"body": ours, "created_at": NOW}
    published = ResultBatch.objects.create(plan=held[0], state="published", published_on=DAY, **kept)
    ResultBatch.objects.create(plan=held[1], state="reported", reported_on=DAY, **kept)
    ResultBatch.objects.create(plan=held[2], state="returned", moved_at=NOW, **kept)
    Objection.objects.create(
        batch=published, name="示例", contact="0772", text="示例", received_at=NOW, due_on=date(2026, 6, 10)
    )
    Inspection.objects.create(body=ours, inspected_on=DAY, state="concluded", created_at=NOW)
    CandidateReport.objects.create(
        number="HZ1", plan=world.plan, body=ours, template="A33", due_on=date(2026, 6, 24), created_at=NOW
    )
    bill = Bill.objects.create(number="ZD1", plan=world.plan, body=ours, payer_organisation_id=sponsor, created_at=NOW)
    Charge.objects.create(
        application=stage.make_applications(world.plan, 1, paid=False, sponsor_id=sponsor)[0],
        plan=world.plan,
        body=ours,
        bill=bill,
        payer_organisation_id=sponsor,
        item="theory",
        document="示范收费表",
        payee="body",
        amount_fen=100,
        created_at=NOW,
    )
    StaffCard.objects.filter(account_id=world.examiners[0].account_id).update(valid_to=date(2026, 7, 15))


def set_value(world: World, key: str, value: object) -> None:
    """The centre sets a value from today on, as its page does."""
    catalog.set_parameter(by=world.centre, now=NOW, key=key, value=value, valid_from=DAY, reason="会议决定")
