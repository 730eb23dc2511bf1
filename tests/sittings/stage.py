"""Brings a plan to any point of its examination through the actions, with invented people."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from jiangheng.applications.models import Application
from jiangheng.exam_day import actions as exam_day
from jiangheng.fees.models import Allocation, Charge, Payment
from jiangheng.files.exports import workbook
from jiangheng.papers import actions as papers
from jiangheng.papers.models import PaperRequest
from jiangheng.papers.set_workbook import HEADINGS
from jiangheng.people.models import Account
from jiangheng.plans.models import Plan
from jiangheng.rules.given import PaperRequestGiven
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings import actions, queries
from jiangheng.sittings.models import Seat, Sitting, Ticket
from tests import factories

ARRANGED_AT = factories.moment("2026-06-15 10:00")
STARTS = factories.moment("2026-07-04 09:00")
SKILL_STARTS = factories.moment("2026-07-04 14:00")
MEETING = factories.moment("2026-07-03 15:00")
COLLECTORS = [{"name": "领卷甲", "phone": "13800000001"}, {"name": "领卷乙", "phone": "13800000002"}]


def minute(count: float, start: datetime = STARTS) -> datetime:
    """``count`` minutes after the start."""
    return start + timedelta(minutes=count)


def make_plan(body: Person, **given: Any) -> Plan:
    """An accepted plan of the body's on 2026-07-04."""
    from jiangheng.bodies.models import Organisation

    return factories.make_plan(Organisation.objects.get(pk=body.organisation_id), **given)


def make_applications(plan: Plan, count: int, paid: bool = True, **given: Any) -> list[Application]:
    """Accepted applications of a plan's row, their fees settled."""
    row = plan.rows.get()
    made = []
    for _ in range(count):
        identity = factories.make_identity()
        application = Application.objects.create(
            identity=identity,
            plan=plan,
            body_id=plan.body_id,
            **{
                "number": f"BM{identity.pk:08d}",
                "source": "person",
                "name": f"考生{identity.pk}",
                "occupation_code": row.occupation_code,
                "occupation_name": row.occupation_name,
                "level": row.level,
                "subjects": ["theory", "skill"],
                "state": "accepted",
                "created_at": ARRANGED_AT,
                **given,
            },
        )
        if paid:
            settle(application)
        made.append(application)
    return made


def settle(application: Application) -> None:
    """A charge and the payment that covers it."""
    charge = Charge.objects.create(
        application=application,
        plan=application.plan,
        body_id=application.body_id,
        item="theory",
        document="示例收费文件",
        payee="body",
        amount_fen=4000,
        created_at=ARRANGED_AT,
    )
    payment = Payment.objects.create(
        body_id=application.body_id,
        plan=application.plan,
        payer_name=application.name,
        method="transfer",
        reference=f"T{application.pk}",
        amount_fen=4000,
        paid_on=ARRANGED_AT.date(),
        created_at=ARRANGED_AT,
    )
    Allocation.objects.create(payment=payment, charge=charge, amount_fen=4000, created_at=ARRANGED_AT)


def request_papers(body: Person, plan: Plan, subject: str = "theory", **given: Any) -> PaperRequest:
    """A draft request for one subject."""
    return papers.draft_request(
        by=body,
        now=ARRANGED_AT,
        plan_id=plan.pk,
        row_id=plan.rows.get().pk,
        subject=subject,
        given=paper_request_given(**given),
    )


def paper_request_given(**given: Any) -> PaperRequestGiven:
    """附件8 for four candidates."""
    usual = {
        "candidates": 4,
        "sets_wanted": 2,
        "spare_copies": 2,
        "collectors": COLLECTORS,
        "custody_room": "保密室",
    }
    return PaperRequestGiven(**{**usual, **given})


def issue_papers(body: Person, centre: Person, plan: Plan, subject: str = "theory", **given: Any) -> PaperRequest:
    """Papers of one subject asked for, drawn, sealed and handed over."""
    papers.load_items(by=centre, now=ARRANGED_AT)
    request = request_papers(body, plan, subject, **given)
    papers.submit(by=body, now=ARRANGED_AT, request_id=request.pk)
    papers.draw(by=centre, now=ARRANGED_AT, request_id=request.pk, second_person="另一人", seed="种子")
    seals = {
        letter: f"封{request.pk}{letter}"
        for letter in request.sets.filter(chosen=True).values_list("letter", flat=True)
    }
    papers.seal(by=centre, now=ARRANGED_AT, request_id=request.pk, seals=seals, second_person="另一人")
    return papers.issue(
        by=centre, now=ARRANGED_AT, request_id=request.pk, second_person="另一人", received_by=["领卷甲", "领卷乙"]
    )


def questions_book(stems: Sequence[str], points: float = 0, kind: str = "单选") -> bytes:
    """A workbook of questions on the template; points share a hundred evenly unless given."""
    each = points or 100 / len(stems)
    rows = [(kind, stem, "甲", "乙", "丙", "丁", None, None, "A", each) for stem in stems]
    if kind == "操作":
        rows = [(kind, stem, None, None, None, None, None, None, None, each) for stem in stems]
    return workbook("试题", HEADINGS, rows)


def arrange(body: Person, plan: Plan, subject: str = "theory", **given: Any) -> list[Sitting]:
    """The sittings of one subject in every suitable room."""
    rooms = [room.pk for room in queries.rooms_of(plan, subject)]
    values = {"room_ids": rooms, "seed": "抽签", **given}
    return actions.arrange(
        by=body, now=ARRANGED_AT, plan_id=plan.pk, row_id=plan.rows.get().pk, subject=subject, **values
    )


def staff(body: Person, sitting: Sitting) -> list[Person]:
    """Lawful staff for a sitting, posted: two invigilators, or three examiners."""
    if sitting.subject == "theory":
        people = [factories.make_staff("invigilator"), factories.make_staff("invigilator")]
        posts = ["chief", "invigilator"]
    else:
        people = [factories.make_staff("examiner") for _ in range(3)]
        posts = ["examiner_lead", "examiner", "examiner"]
    actions.assign_staff(
        by=body,
        now=ARRANGED_AT,
        sitting_id=sitting.pk,
        posts=[{"account_id": each.account_id, "post": post} for each, post in zip(people, posts, strict=True)],
    )
    for each in people:
        actions.acknowledge(by=each, now=ARRANGED_AT, sitting_id=sitting.pk)
    return people


def briefed(body: Person, centre: Person, count: int = 4, subject: str = "theory") -> tuple[Sitting, list[Person]]:
    """One sitting ready for its day, with its staff."""
    plan = make_plan(body)
    make_applications(plan, count)
    if subject == "theory":
        issue_papers(body, centre, plan, candidates=count)
    (sitting,) = arrange(body, plan, subject)
    people = staff(body, sitting)
    actions.issue_tickets(by=body, now=ARRANGED_AT, plan_id=plan.pk)
    actions.brief(
        by=body,
        now=MEETING,
        plan_id=plan.pk,
        held_at=MEETING,
        place="会议室",
        minutes="明确分工和工作要求",
        attendees=[each.name for each in people],
    )
    return Sitting.objects.get(pk=sitting.pk), people


def opened(
    body: Person, centre: Person, count: int = 4, subject: str = "theory", absent: int = 0
) -> tuple[Sitting, list[Person]]:
    """One sitting open, everybody but the last ``absent`` signed in."""
    sitting, people = briefed(body, centre, count, subject)
    starts = sitting.starts_at
    exam_day.unseal(by=people[0], now=minute(-10, starts), sitting_id=sitting.pk)
    for number in tickets(sitting)[: count - absent]:
        exam_day.sign_in(by=people[0], now=minute(-5, starts), sitting_id=sitting.pk, ticket_number=number)
    return exam_day.open_sitting(by=people[1], now=starts, sitting_id=sitting.pk), people


def tickets(sitting: Sitting) -> list[str]:
    """Ticket numbers by seat."""
    return list(
        Ticket.objects.filter(application__seats__sitting=sitting)
        .order_by("application__seats__number")
        .values_list("number", flat=True)
    )


def enter(sitting: Sitting, number: str, now: datetime = STARTS, address: str = "") -> Seat:
    """A roster candidate without an account sits down at a machine."""
    from jiangheng.rules.roles import PUBLIC

    tail = Seat.objects.get(sitting=sitting, application__ticket__number=number).application.identity.number_tail
    code = Sitting.objects.get(pk=sitting.pk).room_code
    return exam_day.enter_room(by=PUBLIC, now=now, ticket_number=number, tail=tail, code=code, address=address)


def candidate_of(application: Application) -> Person:
    """The candidate's own account."""
    account = Account.objects.filter(identity=application.identity).first() or factories.make_account(
        application.name, identity=application.identity
    )
    return factories.make_person(Role.CANDIDATE, account=account)


def as_upload(data: bytes, name: str = "试题.xlsx") -> io.BytesIO:
    """Bytes as a browser would send them."""
    stream = io.BytesIO(data)
    stream.name = name
    return stream
