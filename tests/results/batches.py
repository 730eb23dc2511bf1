"""Result batches in every state the tests need, made without walking the whole chain."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation
from jiangheng.exam_day.models import PracticalMark
from jiangheng.people.models import StaffCard
from jiangheng.plans.models import Plan
from jiangheng.results.models import Result, ResultBatch
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment, Ticket
from tests import factories

_serial = itertools.count(1)
PUBLISHED_ON, ENDS_ON = date(2026, 5, 29), date(2026, 6, 5)


def make_application(plan: Plan, **given: Any) -> Application:
    """An accepted application of an invented person, with a ticket."""
    serial = next(_serial)
    identity = given.pop("identity", None) or factories.make_identity(name=f"考生{'甲乙丙丁戊己庚辛'[serial % 8]}")
    application = Application.objects.create(
        plan=plan,
        body=plan.body,
        identity=identity,
        **{
            "number": f"BM{serial:08d}",
            "name": identity.name,
            "source": "social",
            "occupation_code": "6-31-01-03",
            "occupation_name": "电工",
            "level": 4,
            "subjects": ["theory", "skill"],
            "state": "accepted",
            "created_at": factories.LONG_AGO,
            **given,
        },
    )
    Ticket.objects.create(
        application=application, plan=plan, number=f"264500010010{serial:08d}", issued_at=factories.LONG_AGO
    )
    return application


def make_batch(
    plan: Plan,
    state: str = "published",
    marks: Sequence[tuple[Any, Any]] = ((80, 75), (59, 90), (None, None)),
    **given: Any,
) -> ResultBatch:
    """A batch with one candidate per pair of marks; both None is an absence."""
    clerk = given.pop("entered_by", None)
    batch = ResultBatch.objects.create(
        plan=plan,
        body=plan.body,
        state=state,
        entered_by=clerk,
        created_at=factories.LONG_AGO,
        **{
            **(
                {"published_on": PUBLISHED_ON, "publicity_ends_on": ENDS_ON}
                if state not in ("collecting", "entered", "confirmed")
                else {}
            ),
            **({"reported_on": date(2026, 6, 8)} if state in ("reported", "approved") else {}),
            **({"approved_on": date(2026, 6, 10)} if state == "approved" else {}),
            **given,
        },
    )
    for theory, skill in marks:
        Result.objects.create(
            batch=batch,
            application=make_application(plan),
            theory=theory,
            skill=skill,
            absent=["theory", "skill"] if theory is None and skill is None else [],
            passed=bool(theory and skill and theory >= 60 and skill >= 60),
        )
    return batch


def second_clerk(body: Person) -> Person:
    """Another clerk of the same body."""
    return factories.make_person(
        Role.BODY, Organisation.objects.get(pk=body.organisation_id), factories.make_account("王示例")
    )


def hold_sittings(
    plan: Plan, applications: Sequence[Application], marks: Sequence[Sequence[Any]], state: str = "recorded"
) -> Sitting:
    """A recorded skill sitting with three examiners' marks per candidate; None is an absence."""
    room = plan.venue.rooms.get(kind="skill")
    sitting = Sitting.objects.create(
        plan=plan,
        row=plan.rows.get(),
        subject="skill",
        method="on_site",
        room=room,
        room_name=room.name,
        starts_at=factories.moment("2026-05-23 14:00"),
        ends_at=factories.moment("2026-05-23 16:00"),
        state=state,
        created_at=factories.LONG_AGO,
    )
    examiners = [factories.make_staff("examiner") for _ in range(3)]
    for person in examiners:
        card = StaffCard.objects.get(account_id=person.account_id)
        StaffAssignment.objects.create(
            sitting=sitting, account_id=person.account_id, card=card, post="examiner", created_at=factories.LONG_AGO
        )
    for number, (application, given) in enumerate(zip(applications, marks, strict=True), start=1):
        seat = Seat.objects.create(sitting=sitting, application=application, number=number, absent=given is None)
        for person, mark in zip(examiners, given or (), strict=False):
            PracticalMark.objects.create(
                seat=seat, examiner_id=person.account_id, mark=mark, at=factories.moment("2026-05-23 15:00")
            )
    return sitting


def moment(day: str, clock: str = "10:00") -> datetime:
    """``day`` at ``clock`` in Liuzhou."""
    return factories.moment(f"{day} {clock}")


@pytest.fixture
def plan(body: Person) -> Any:
    return factories.make_plan(Organisation.objects.get(pk=body.organisation_id), "2026-05-23")
