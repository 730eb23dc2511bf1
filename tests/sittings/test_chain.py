"""One sitting from arrangement to the signed record, through the actions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jiangheng.exam_day import actions as exam_day
from jiangheng.exam_day import queries as exam_day_queries
from jiangheng.exam_day.models import Answer, RoomRecord
from jiangheng.papers import queries as papers
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination.answers import Given
from jiangheng.rules.roles import PUBLIC, Person
from jiangheng.sittings.models import Seat, Sitting
from jiangheng.values import queries as values
from tests.sittings import stage

pytestmark = pytest.mark.django_db


def test_a_theory_sitting_runs_from_opening_to_the_signed_record_and_is_marked_by_machine(
    body: Person, centre: Person
) -> None:
    sitting, people = stage.opened(body, centre, count=3, absent=1)
    first, second, _gone = stage.tickets(sitting)
    seat = stage.enter(sitting, first)
    content = papers.contents([seat.paper_set_id])[seat.paper_set_id]
    right = [Given(number, row["answer"], 0, f"k{number}") for number, row in enumerate(content, start=1)]
    exam_day.start_paper(by=PUBLIC, now=stage.minute(1), seat_id=seat.pk, lease=seat.lease)
    saved = exam_day.save_answers(by=PUBLIC, now=stage.minute(5), seat_id=seat.pk, lease=seat.lease, answers=right[:70])
    assert {each.status for each in saved} == {"saved"}
    exam_day.hand_in(by=PUBLIC, now=stage.minute(31), seat_id=seat.pk, lease=seat.lease)
    other = stage.enter(sitting, second, now=stage.minute(2))
    exam_day.save_answers(by=PUBLIC, now=stage.minute(3), seat_id=other.pk, lease=other.lease, answers=[])
    exam_day.close(by=people[0], now=stage.minute(91), sitting_id=sitting.pk)
    exam_day.sign_first(by=people[0], now=stage.minute(95), sitting_id=sitting.pk, papers_received=3, papers_returned=3)
    exam_day.sign(by=people[1], now=stage.minute(96), sitting_id=sitting.pk)
    record = RoomRecord.objects.get(sitting=sitting)
    assert (record.expected, record.present, len(record.absent_tickets)) == (3, 2, 1)
    assert Sitting.objects.get(pk=sitting.pk).state == "recorded"
    law = values.law(local_day(stage.STARTS))
    marks = exam_day_queries.theory_marks(sitting.plan, law)
    assert sorted((each.absent, each.mark) for each in marks.values() if not each.absent) == [
        (False, Decimal(0)),
        (False, Decimal(70)),
    ]
    assert [each.mark for each in marks.values() if each.absent] == [None]
    assert Answer.objects.filter(seat=seat).count() == 70


def test_a_practical_is_the_mean_of_three_examiners_once_all_are_in(body: Person, centre: Person) -> None:
    sitting, people = stage.opened(body, centre, count=2, subject="skill")
    seat = Seat.objects.get(sitting=sitting, number=1)
    now = stage.minute(60, stage.SKILL_STARTS)
    law = values.law(local_day(now))
    for person, mark in zip(people, ("70", "75.5", "81"), strict=True):
        exam_day.enter_mark(by=person, now=now, seat_id=seat.pk, mark=mark)
    exam_day.close(by=people[0], now=now, sitting_id=sitting.pk)
    marks = exam_day_queries.practical_marks(sitting.plan, law)
    assert marks[seat.application_id].mark == Decimal("75.5")
    other = Seat.objects.get(sitting=sitting, number=2)
    exam_day.enter_mark(by=people[0], now=now, seat_id=other.pk, mark="60")
    assert exam_day_queries.practical_marks(sitting.plan, law)[other.application_id].mark is None
