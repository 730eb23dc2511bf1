"""In the room: two people at the seal, the server's clock, answers never lost or overwritten (四（五）, 四（七）)."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiangheng.exam_day import actions as exam_day
from jiangheng.exam_day import queries as exam_day_queries
from jiangheng.exam_day.models import Answer, AnswerEvent, PracticalMark
from jiangheng.journal.models import Entry
from jiangheng.papers.models import PaperSet
from jiangheng.rules.examination.answers import Given, Saved
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import PUBLIC, Person
from jiangheng.sittings import actions
from jiangheng.sittings.models import Seat, Sitting
from tests import factories
from tests.asking import refusal
from tests.sittings import stage


def save(seat: Seat, *answers: tuple[int, str, int, str], at: float = 5) -> list[Saved]:
    given_ = [Given(*each) for each in answers]
    return exam_day.save_answers(by=PUBLIC, now=stage.minute(at), seat_id=seat.pk, lease=seat.lease, answers=given_)


def sit_down(body: Person, centre: Person, **given: Any) -> tuple[Seat, Sitting, list[Person]]:
    sitting, people = stage.opened(body, centre, **given)
    return stage.enter(sitting, stage.tickets(sitting)[0]), sitting, people


@pytest.mark.django_db
def test_opening_takes_two_posted_people_who_acknowledged_and_the_appointed_time(body: Person, centre: Person) -> None:
    sitting, (first, second) = stage.briefed(body, centre)
    stranger = factories.make_staff("invigilator")

    def unseal(who: Person, at: float) -> Any:
        return exam_day.unseal(by=who, now=stage.minute(at), sitting_id=sitting.pk)

    def open_(who: Person, at: float) -> Any:
        return exam_day.open_sitting(by=who, now=stage.minute(at), sitting_id=sitting.pk)

    assert refusal(lambda: unseal(stranger, -10)).status == 404
    assert refusal(lambda: unseal(first, -21)).code == "sitting.too_early"
    assert refusal(lambda: open_(second, 0)).code == "sitting.one_person"
    unseal(first, -10)
    assert refusal(lambda: open_(first, 0)).code == "sitting.one_person"
    assert refusal(lambda: open_(second, -1)).code == "sitting.not_time"
    assert refusal(lambda: open_(second, 90)).code == "sitting.not_time"
    assert refusal(lambda: open_(body, 0)).status == 403
    assert open_(second, 0).state == "open"
    code = Sitting.objects.get(pk=sitting.pk).room_code
    assert len(code) == 6
    assert code not in json.dumps(list(Entry.objects.values_list("after", flat=True)), ensure_ascii=False)


@pytest.mark.django_db
def test_a_sitting_without_issued_papers_does_not_open(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 1)
    (sitting,) = stage.arrange(body, plan)
    people = stage.staff(body, sitting)
    actions.issue_tickets(by=body, now=stage.ARRANGED_AT, plan_id=plan.pk)
    actions.brief(
        by=body, now=stage.MEETING, plan_id=plan.pk, held_at=stage.MEETING, place="室", minutes="分工", attendees=["甲"]
    )
    exam_day.unseal(by=people[0], now=stage.minute(-1), sitting_id=sitting.pk)
    error = refusal(lambda: exam_day.open_sitting(by=people[1], now=stage.STARTS, sitting_id=sitting.pk))
    assert (error.code, error.clause) == ("sitting.no_papers", "四（三）")


@pytest.mark.django_db
def test_entry_needs_sign_in_ticket_tail_and_code_and_says_the_same_whatever_is_wrong(
    body: Person, centre: Person
) -> None:
    sitting, _people = stage.opened(body, centre, count=2, absent=1)
    here, gone = stage.tickets(sitting)
    code = Sitting.objects.get(pk=sitting.pk).room_code
    tail = Seat.objects.get(sitting=sitting, application__ticket__number=here).application.identity.number_tail

    def enter(number: str, tail: str, code: str) -> Any:
        return exam_day.enter_room(by=PUBLIC, now=stage.STARTS, ticket_number=number, tail=tail, code=code)

    wrong = [
        enter_error(lambda: enter(here, "0000" if tail != "0000" else "1111", code)),
        enter_error(lambda: enter(here, tail, "x")),
        enter_error(lambda: enter("nobody", tail, code)),
        enter_error(lambda: enter(here, tail, "")),
    ]
    assert len(set(wrong)) == 1
    assert wrong[0][0] == "room.wrong"
    assert refusal(lambda: stage.enter(sitting, gone)).code == "room.not_signed_in"
    assert enter(here, tail.lower(), code).lease


def enter_error(call: Callable[[], Any]) -> tuple[str, int, str]:
    error = refusal(call)
    return error.code, error.status, error.sentence()


@pytest.mark.django_db
def test_a_guesser_is_slowed_down_without_shutting_out_the_rest_of_the_room(body: Person, centre: Person) -> None:
    sitting, _people = stage.opened(body, centre, count=2)
    one, other = stage.tickets(sitting)
    for _ in range(10):
        exam_day.fail_entry(by=PUBLIC, now=stage.STARTS, address="10.0.0.9", ticket_number=one)
    assert refusal(lambda: stage.enter(sitting, one, address="10.0.0.9")).status == 429
    assert stage.enter(sitting, one, address="10.0.0.1").lease
    assert stage.enter(sitting, other, address="10.0.0.9").lease
    assert stage.enter(sitting, one, now=stage.minute(2), address="10.0.0.9").lease


@pytest.mark.django_db
def test_an_account_enters_only_its_own_seat(body: Person, centre: Person) -> None:
    sitting, _people = stage.opened(body, centre, count=2)
    code = Sitting.objects.get(pk=sitting.pk).room_code
    mine, other = stage.tickets(sitting)
    person = stage.candidate_of(Seat.objects.get(sitting=sitting, application__ticket__number=mine).application)
    tail = Seat.objects.get(sitting=sitting, application__ticket__number=other).application.identity.number_tail

    def enter(number: str) -> Any:
        return exam_day.enter_room(by=person, now=stage.STARTS, ticket_number=number, tail=tail, code=code)

    assert enter(mine).lease
    assert refusal(lambda: enter(other)).code == "room.wrong"


@pytest.mark.django_db
def test_the_deadline_is_the_servers_to_the_second(body: Person, centre: Person) -> None:
    seat, _sitting, _people = sit_down(body, centre)
    ends = 90
    assert save(seat, (1, "A", 0, "a"), at=ends - 1 / 60)[0].status == "saved"
    assert save(seat, (1, "B", 1, "b"), at=ends)[0].status == "saved"
    error = refusal(lambda: save(seat, (1, "C", 2, "c"), at=ends + 1 / 60))
    assert error.code == "room.late"
    assert Answer.objects.get(seat=seat).value == "B"
    assert not AnswerEvent.objects.filter(key="c").exists()


@pytest.mark.django_db
def test_a_room_opened_late_keeps_its_length_and_extra_minutes_are_for_one(body: Person, centre: Person) -> None:
    sitting, people = stage.briefed(body, centre, count=2)
    exam_day.unseal(by=people[0], now=stage.minute(-5), sitting_id=sitting.pk)
    numbers = stage.tickets(sitting)
    for number in numbers:
        exam_day.sign_in(by=people[0], now=stage.STARTS, sitting_id=sitting.pk, ticket_number=number)
    exam_day.open_sitting(by=people[1], now=stage.minute(20), sitting_id=sitting.pk)
    one, other = (stage.enter(sitting, number, now=stage.minute(21)) for number in numbers)
    given_ = {"by": people[0], "now": stage.minute(30), "sitting_id": sitting.pk, "ticket_number": numbers[0]}
    assert refusal(lambda: exam_day.allow_minutes(**given_, minutes=5, reason=" ")).code == "sitting.extra"
    exam_day.allow_minutes(**given_, minutes=5, reason="断电")
    assert save(one, (1, "A", 0, "a"), at=115)[0].status == "saved"
    assert save(other, (1, "A", 0, "a"), at=110)[0].status == "saved"
    assert refusal(lambda: save(other, (1, "B", 1, "b"), at=110.1)).code == "room.late"


@pytest.mark.django_db
def test_a_stale_write_is_refused_and_its_text_is_kept(body: Person, centre: Person) -> None:
    seat, _sitting, _people = sit_down(body, centre)
    save(seat, (1, "A", 0, "tab one"))
    (late,) = save(seat, (1, "B", 0, "tab two"))
    assert (late.status, late.value, late.yours, late.revision) == ("stale", "A", "B", 1)
    assert AnswerEvent.objects.get(key="tab two").value == "B"
    assert Answer.objects.get(seat=seat).value == "A"
    assert save(seat, (1, "B", 1, "on purpose"))[0].status == "saved"


@pytest.mark.django_db
def test_a_replayed_save_changes_nothing_and_is_answered_again(body: Person, centre: Person) -> None:
    seat, _sitting, _people = sit_down(body, centre)
    batch = ((1, "A", 0, "k1"), (1, "B", 1, "k2"), (2, "C", 0, "k3"))
    assert [each.status for each in save(seat, *batch)] == ["saved"] * 3
    assert [each.status for each in save(seat, *batch)] == ["repeated"] * 3
    assert dict(Answer.objects.values_list("question", "value")) == {1: "B", 2: "C"}
    assert AnswerEvent.objects.count() == 3


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.lists(st.tuples(st.sampled_from((1, 2, 3)), st.sampled_from("ABCD")), min_size=1, max_size=8),
    sendings=st.lists(st.tuples(st.integers(0, 7), st.integers(1, 4)), max_size=6),
)
def test_lost_and_repeated_batches_end_as_if_sent_once(
    body: Person, centre: Person, chosen: list[tuple[int, str]], sendings: list[tuple[int, int]]
) -> None:
    with transaction.atomic():
        seat, _sitting, _people = sit_down(body, centre, count=1)
        bases: Counter[int] = Counter()
        writes = []
        for place, (question, value) in enumerate(chosen):
            writes.append((question, value, bases[question], f"k{place}"))
            bases[question] += 1
        arrived = 0
        for start, size in sendings:
            # A browser never skips what it has no answer for: it sends again from somewhere it was not sure of.
            first = min(start, arrived)
            save(seat, *writes[first : first + size])
            arrived = max(arrived, min(first + size, len(writes)))
        save(seat, *writes)
        expected = {question: value for question, value, _base, _key in writes}
        assert dict(Answer.objects.filter(seat=seat).values_list("question", "value")) == expected
        assert AnswerEvent.objects.filter(seat=seat, accepted=True).count() == len(writes)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_entering_again_resumes_the_same_paper_and_shuts_out_the_old_browser(body: Person, centre: Person) -> None:
    seat, sitting, _people = sit_down(body, centre)
    save(seat, (1, "A", 0, "a"))
    again = stage.enter(sitting, stage.tickets(sitting)[0], now=stage.minute(6))
    assert (again.pk, again.paper_set_id) == (seat.pk, seat.paper_set_id)
    assert exam_day_queries.standing_answers(again) == {1: ("A", 1)}
    assert refusal(lambda: save(seat, (2, "B", 0, "old"), at=7)).code == "room.replaced"
    assert save(again, (2, "B", 0, "new"), at=7)[0].status == "saved"
    assert (
        refusal(lambda: exam_day.start_paper(by=PUBLIC, now=stage.minute(7), seat_id=seat.pk, lease=seat.lease)).code
        == "room.replaced"
    )


@pytest.mark.django_db
def test_handing_in_is_final_and_not_before_its_time(body: Person, centre: Person) -> None:
    seat, sitting, _people = sit_down(body, centre)
    save(seat, (1, "A", 0, "a"))

    def hand_in(at: float) -> Any:
        return exam_day.hand_in(by=PUBLIC, now=stage.minute(at), seat_id=seat.pk, lease=seat.lease)

    assert refusal(lambda: hand_in(29)).code == "room.too_soon"
    assert hand_in(30).handed_in_at == stage.minute(30)
    assert refusal(lambda: save(seat, (1, "B", 1, "b"), at=31)).code == "room.replaced"
    assert (
        refusal(lambda: stage.enter(sitting, stage.tickets(sitting)[0], now=stage.minute(31))).code == "room.handed_in"
    )
    assert Answer.objects.get(seat=seat).value == "A"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer",
    [
        (0, "A", 0, "k"),
        (101, "A", 0, "k"),
        (1, "A" * 21, 0, "k"),
        (1, "A", -1, "k"),
        (1, "A", 0, ""),
        (1, "\x00", 0, "k"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_whole(
    body: Person, centre: Person, answer: tuple[int, str, int, str]
) -> None:
    seat, _sitting, _people = sit_down(body, centre, count=1)
    assert refusal(lambda: save(seat, (1, "A", 0, "good"), answer)).code == "room.answer"
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_a_sitting_closes_when_nobody_has_time_left_and_takes_everything_in(body: Person, centre: Person) -> None:
    seat, sitting, people = sit_down(body, centre, count=2, absent=1)
    save(seat, (1, "A", 0, "a"))
    error = refusal(lambda: exam_day.close(by=people[0], now=stage.minute(60), sitting_id=sitting.pk))
    assert (error.code, error.params["count"]) == ("sitting.not_over", 1)
    exam_day.close(by=people[0], now=stage.minute(91), sitting_id=sitting.pk)
    seat.refresh_from_db()
    assert (seat.handed_in_at, seat.lease) == (stage.minute(91), "")
    assert Seat.objects.get(sitting=sitting, signed_in_at=None).absent
    assert Sitting.objects.get(pk=sitting.pk).room_code == ""


@pytest.mark.django_db
def test_sign_in_by_number_within_its_time_and_absence_can_be_put_right(body: Person, centre: Person) -> None:
    sitting, (chief, _other) = stage.briefed(body, centre, count=2)
    number = stage.tickets(sitting)[0]

    def deed(take: Any, at: float, number: str = number, by: Person = chief) -> Any:
        return take(by=by, now=stage.minute(at), sitting_id=sitting.pk, ticket_number=number)

    assert refusal(lambda: deed(exam_day.sign_in, -21)).code == "sitting.too_early"
    assert refusal(lambda: deed(exam_day.sign_in, 31)).code == "sitting.too_late"
    assert refusal(lambda: deed(exam_day.sign_in, 0, "not here")).status == 404
    assert refusal(lambda: deed(exam_day.sign_in, 0, by=centre)).status == 403
    assert deed(exam_day.mark_absent, 0).absent
    assert not deed(exam_day.clear_absent, 0).absent
    entries = Entry.objects.count()
    assert deed(exam_day.sign_in, 30).signed_in_at == stage.minute(30)
    assert deed(exam_day.sign_in, 30).signed_in_at == stage.minute(30)
    assert Entry.objects.count() == entries + 1
    assert refusal(lambda: deed(exam_day.mark_absent, 30)).code == "sitting.present"


@pytest.mark.django_db
def test_examiners_do_not_see_each_others_marks_until_all_are_in(body: Person, centre: Person) -> None:
    sitting, people = stage.opened(body, centre, count=1, subject="skill")
    seat, now = Seat.objects.get(sitting=sitting), stage.minute(30, stage.SKILL_STARTS)
    for person in people[:2]:
        exam_day.enter_mark(by=person, now=now, seat_id=seat.pk, mark="80")
    (card,) = exam_day_queries.mark_cards(people[2], sitting)
    assert (card.given, card.posted, card.others, card.own) == (2, 3, (), None)
    exam_day.enter_mark(by=people[2], now=now, seat_id=seat.pk, mark="90")
    (card,) = exam_day_queries.mark_cards(people[2], sitting)
    assert [each.mark for each in card.others] == [80, 80]
    assert "80" not in json.dumps(list(Entry.objects.filter(verb="sittings.enter_mark").values_list("after", "note")))


@pytest.mark.django_db
def test_a_correction_is_a_new_row_with_its_reason(body: Person, centre: Person) -> None:
    sitting, people = stage.opened(body, centre, count=1, subject="skill")
    seat, now = Seat.objects.get(sitting=sitting), stage.minute(30, stage.SKILL_STARTS)

    def mark(value: str, revision: int = 0, reason: str = "", by: Person = people[0]) -> Any:
        return exam_day.enter_mark(by=by, now=now, seat_id=seat.pk, mark=value, revision=revision, reason=reason)

    mark("80")
    assert refusal(lambda: mark("81")).code == "mark.stale"
    assert refusal(lambda: mark("81", 1)).code == "mark.correction_reason"
    mark("81", 1, "加总错误")
    assert list(PracticalMark.objects.values_list("revision", "mark")) == [(1, 80), (2, 81)]
    for value in ("101", "-1", "80.3", "八十", "NaN", ""):
        assert refusal(lambda value=value: mark(value, by=people[1])).code == "mark.invalid"
    assert refusal(lambda: mark("80", by=factories.make_staff())).status == 404
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE sittings_practicalmark SET mark = 100")


@pytest.mark.django_db
def test_the_record_is_signed_by_two_and_incidents_stay(body: Person, centre: Person) -> None:
    seat, sitting, (first, second) = sit_down(body, centre, count=1)
    note = {"by": first, "now": stage.minute(10), "sitting_id": sitting.pk}
    assert refusal(lambda: exam_day.note_incident(**note, text=" ")).code == "incident.facts"
    assert (
        refusal(lambda: exam_day.note_incident(**note, text="夹带", kind="discipline", tier="A")).code
        == "incident.facts"
    )
    exam_day.note_incident(**note, text="夹带", kind="discipline", tier="A", seat_id=seat.pk)
    counts = {"papers_received": 3, "papers_returned": 3}
    at = {"now": stage.minute(95), "sitting_id": sitting.pk}
    assert refusal(lambda: exam_day.sign_first(by=first, **at, **counts)).code == "record.not_closed"
    exam_day.close(by=first, **at)
    assert refusal(lambda: exam_day.sign(by=second, **at)).code == "record.unsigned"
    assert (
        refusal(lambda: exam_day.sign_first(by=first, **at, papers_received=-1, papers_returned=0)).code
        == "record.counts"
    )
    exam_day.sign_first(by=first, **at, **counts)
    assert refusal(lambda: exam_day.sign_first(by=second, **at, **counts)).code == "record.signed"
    assert refusal(lambda: exam_day.sign(by=first, **at)).code == "record.same_signer"
    assert exam_day.sign(by=second, **at).state == "recorded"
    assert refusal(lambda: exam_day.note_incident(**{**note, "text": "补"})).code == "incident.shut"


def race(work: Callable[[int], str], many: int) -> list[str]:
    gate, answers = threading.Barrier(many), [""] * many

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = work(place)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_eight_writers_upon_one_revision_one_stands_and_every_text_is_kept(body: Person, centre: Person) -> None:
    seat, _sitting, _people = sit_down(body, centre, count=1)
    answers = race(lambda place: save(seat, (1, "ABCD"[place % 4], 0, f"k{place}"))[0].status, 8)
    assert sorted(answers) == ["saved"] + ["stale"] * 7
    assert AnswerEvent.objects.count() == 8
    assert Answer.objects.get(seat=seat).revision == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_who_arrange_at_once_one_does_and_every_seat_is_given_once(body: Person) -> None:
    plan = stage.make_plan(body)
    stage.make_applications(plan, 10)

    def work(_place: int) -> str:
        try:
            stage.arrange(body, plan)
        except Refusal as error:
            return error.code
        return "done"

    answers = race(work, 4)
    assert sorted(answers) == ["done", "sitting.arranged", "sitting.arranged", "sitting.arranged"]
    assert Seat.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_one_invigilator_asked_by_two_bodies_at_once_goes_to_one(body: Person, other_body: Person) -> None:
    sittings = []
    for owner in (body, other_body):
        plan = stage.make_plan(owner)
        stage.make_applications(plan, 1)
        sittings += stage.arrange(owner, plan)
    people = [factories.make_staff("invigilator") for _ in range(2)]
    posts = [
        {"account_id": each.account_id, "post": name}
        for each, name in zip(people, ("chief", "invigilator"), strict=True)
    ]

    def work(place: int) -> str:
        try:
            actions.assign_staff(
                by=(body, other_body)[place], now=stage.ARRANGED_AT, sitting_id=sittings[place].pk, posts=posts
            )
        except Refusal as error:
            return error.code
        return "done"

    assert sorted(race(work, 2)) == ["done", "sitting.staff"]


@pytest.mark.django_db
def test_the_answers_and_the_paper_stay_out_of_the_journal(body: Person, centre: Person) -> None:
    seat, _sitting, _people = sit_down(body, centre, count=1)
    entries = Entry.objects.count()
    save(seat, (1, "A", 0, "a"))
    assert Entry.objects.count() == entries
    told = json.dumps(list(Entry.objects.values_list("before", "after", "note")), ensure_ascii=False)
    assert not [row for row in PaperSet.objects.get(pk=seat.paper_set_id).content if row["stem"] in told]
