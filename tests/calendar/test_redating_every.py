"""Adding a public holiday today moves every open deadline there is, and tells those affected."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from jiangheng.applications.models import CandidateReport
from jiangheng.bodies.models import Organisation
from jiangheng.calendar.models import RedatedDeadline
from jiangheng.calendar.queries import clocks
from jiangheng.catalog import actions as calendar
from jiangheng.fees.models import Bill, Charge
from jiangheng.journal import delivery
from jiangheng.journal.models import Outgoing
from jiangheng.oversight.models import Inspection
from jiangheng.plans.models import Request
from jiangheng.results.models import Objection, ResultBatch
from jiangheng.rules.days import clocks as rules
from jiangheng.rules.days.clocks import CLOCKS
from jiangheng.rules.roles import Person
from jiangheng.values import queries as values
from tests import factories
from tests.factories import moment
from tests.results.batches import make_application

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
# Days counted back from EXAM and on from BEGUN alike pass over the day entered, Wednesday the tenth.
EXAM, BEGUN, FLOOD = date(2026, 6, 13), date(2026, 6, 8), date(2026, 6, 10)
# Set by hand, an event already past, or counted for the person who looks only: nothing is kept or told.
NOT_COUNTED = {"registration", "unanswered", "fee"}


def last_day(key: str) -> date:
    """The day kept before the change."""
    event = EXAM if CLOCKS[key].back else BEGUN
    return rules.deadline(CLOCKS[key], event, values.calendar(), values.law(NOW.date())).last_day


def request_of(school: Person, state: str, exam_on: date = EXAM, **given: object) -> Request:
    return Request.objects.create(
        number=f"AP{state}",
        organisation_id=school.organisation_id or 0,
        class_name="班",
        occupation_code="6-31-01-03",
        occupation_name="电工",
        level=4,
        headcount=1,
        exam_on=exam_on,
        place="own",
        state=state,
        created_at=NOW,
        **given,
    )


def everything_open(school: Person, body: Person) -> None:
    """A record for every clock that is counted in working days."""
    ours = Organisation.objects.get(pk=body.organisation_id)
    on = EXAM.isoformat()
    request_of(school, "draft", deadline_on=last_day("request"))
    request_of(school, "taken", body=ours)
    # Far enough ahead for the plan's own last day to bring neither forward.
    request_of(school, "submitted", date(2026, 7, 18), submitted_on=FLOOD - timedelta(days=1))
    request_of(school, "assigned", date(2026, 7, 18), body=ours, assigned_on=BEGUN, answer_by=last_day("answer"))
    factories.make_plan(ours, on, state="draft", deadline_on=last_day("plan"))
    factories.make_plan(ours, on, state="submitted", filed_on=BEGUN)
    plan = factories.make_plan(ours, on)
    CandidateReport.objects.create(
        number="HZ1", plan=plan, body=ours, template="A33", due_on=last_day("candidate_report"), created_at=NOW
    )
    bill = Bill.objects.create(
        number="ZD1", plan=plan, body=ours, payer_organisation_id=school.organisation_id or 0, created_at=NOW
    )
    Charge.objects.create(
        application=make_application(plan, sponsor_id=school.organisation_id),
        plan=plan,
        body=ours,
        bill=bill,
        payer_organisation_id=school.organisation_id,
        item="theory",
        document="示范收费表",
        payee="body",
        amount_fen=100,
        created_at=NOW,
    )
    done = [factories.make_plan(ours, "2026-05-23", state="completed") for _each in range(3)]
    published, *_others = (
        ResultBatch.objects.create(plan=each, body=ours, created_at=NOW, **given)
        for each, given in zip(
            done,
            (
                {"state": "published", "published_on": BEGUN, "publicity_ends_on": last_day("publicity")},
                {"state": "reported", "reported_on": BEGUN},
                {"state": "returned", "moved_at": moment(f"{BEGUN} 10:00")},
            ),
            strict=True,
        )
    )
    Objection.objects.create(
        batch=published,
        name="示例",
        contact="0772",
        text="示例",
        received_at=moment(f"{BEGUN} 10:00"),
        due_on=last_day("objection"),
    )
    Inspection.objects.create(body=ours, inspected_on=BEGUN, state="concluded", created_at=NOW)


def test_a_holiday_entered_today_moves_every_clock_there_is(school: Person, body: Person, centre: Person) -> None:
    everything_open(school, body)
    before = {
        each.open.clock.key: each.last_day for person in (school, body, centre) for each in clocks.running(person, NOW)
    }
    assert set(before) == set(CLOCKS) - NOT_COUNTED, "a clock without a record here is not shown to move"
    calendar.set_day(by=centre, now=NOW, day=FLOOD, workday=False, name="防汛停工", source="示例文件")
    delivery.run_once(NOW)
    moved = {row.clock: (row.old_day, row.new_day) for row in RedatedDeadline.objects.all()}
    assert set(moved) == set(CLOCKS) - NOT_COUNTED
    for person in (school, body, centre):
        for each in clocks.running(person, NOW):
            key = each.open.clock.key
            assert moved[key] == (before[key], each.last_day), key
            assert each.last_day < before[key] if each.open.clock.back else each.last_day > before[key], key
    told = Counter(Outgoing.objects.filter(channel="notice").values_list("recipient_organisation_id", flat=True))
    assert told[body.organisation_id] == told[centre.organisation_id] == 1
    assert told[school.organisation_id] >= 1
    theirs = Outgoing.objects.filter(recipient_organisation_id=school.organisation_id).values_list("body", flat=True)
    assert any("提交安排申请" in words and "缴清团体账单" in words for words in theirs)
