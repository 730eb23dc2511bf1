"""A candidate in the room: entering, writing, handing in; all by the server's clock (四（五）)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F

from jiangheng.exam_day import queries
from jiangheng.exam_day.models import Answer, AnswerEvent, EntryAttempt
from jiangheng.journal.actions import action, record
from jiangheng.journal.actions.locking import hold
from jiangheng.papers import queries as papers
from jiangheng.rules.days import sitting_time
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import answers as rules
from jiangheng.rules.examination.answers import Given, Saved
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings.models import Seat
from jiangheng.values import queries as values

MINUTE = timedelta(minutes=1)
TRIES_OF_AN_ADDRESS = 6  # a room shares one address: as many times the allowance of one ticket


def attempt_keys(address: str, ticket_number: str) -> tuple[str, str]:
    """The digests failed entries are counted by: of address and ticket together, and of the address."""
    both = hashlib.sha256(f"{address}\x1f{ticket_number.strip()}".encode()).hexdigest()
    return both, hashlib.sha256(f"{address}\x1f".encode()).hexdigest()


@action("sittings.fail_entry")
def fail_entry(*, by: Person, now: datetime, address: str, ticket_number: str) -> None:
    """Count a failed entry (四（五）); kept out of the journal, which a guesser must not be able to fill."""
    EntryAttempt.objects.filter(at__lt=now - 60 * MINUTE).delete()
    EntryAttempt.objects.bulk_create([EntryAttempt(key=key, at=now) for key in attempt_keys(address, ticket_number)])


@action("sittings.enter_room")
def enter_room(*, by: Person, now: datetime, ticket_number: str, tail: str, code: str, address: str = "") -> Seat:
    """Bind one browser to a seat: ticket number, last four of the document (or one's own account), room code.

    An earlier browser of the same seat is shut out, so a crashed machine can be replaced. Refusals:
    ``room.wrong`` (403: the same answer whatever was wrong), ``room.slow_down`` (429), ``room.not_signed_in``,
    ``room.over`` (409).
    """
    _allowed(now, address, ticket_number)
    rows = Seat.objects.select_related("sitting", "application", "application__identity")
    seat = rows.filter(
        application__ticket__number=ticket_number.strip(), sitting__state="open", sitting__room_code=code.strip() or "-"
    ).first()
    if seat is None or not _is_theirs(by, seat, tail):
        raise refuse(
            "room.wrong",
            N_("准考证号、证件号码后四位或考场口令不正确，或本场尚未开考。"),
            N_("请核对后重新输入；考场口令由监考人员在开考后公布。"),
            clause="四（五）",
            status=403,
        )
    if seat.signed_in_at is None:
        raise refuse(
            "room.not_signed_in",
            N_("您还没有签到，不能进入考试。"),
            N_("请举手示意，由监考人员核验证件并签到。"),
            clause="四（七）",
        )
    if seat.handed_in_at is not None:
        raise _handed_in()
    _within_time(seat, now)
    lease = secrets.token_urlsafe(24)
    Seat.objects.filter(pk=seat.pk).update(lease=lease)
    replaced = bool(seat.lease)
    record(seat.sitting, after={"seat": seat.number, "replaced": replaced})
    seat.lease = lease
    return seat


def _is_theirs(by: Person, seat: Seat, tail: str) -> bool:
    identity = seat.application.identity
    if by.role is Role.CANDIDATE and by.identity_id is not None:
        return identity.pk == by.identity_id
    return secrets.compare_digest(identity.number_tail.upper().encode(), tail.strip().upper().encode())


def _allowed(now: datetime, address: str, ticket_number: str) -> None:
    if not address:
        return
    most = int(values.law(local_day(now)).value("verify_per_minute"))
    both, alone = attempt_keys(address, ticket_number)
    for key, limit in ((both, most), (alone, most * TRIES_OF_AN_ADDRESS)):
        if EntryAttempt.objects.filter(key=key, at__gt=now - MINUTE).count() >= limit:
            raise refuse(
                "room.slow_down",
                N_("输入错误次数过多，请稍候再试。"),
                N_("请等一分钟，或请监考人员协助核对准考证号和考场口令。"),
                clause="四（五）",
                status=429,
            )


@action("sittings.start_paper")
def start_paper(*, by: Person, now: datetime, seat_id: int, lease: str) -> Seat:
    """The first look at the paper; later looks change nothing (四（五）). Refusals: those of ``save_answers``."""
    seat = _seat(seat_id, lease)
    _open_for_writing(seat, now)
    if seat.started_at is None:
        Seat.objects.filter(pk=seat.pk, started_at=None).update(started_at=now)
        seat.refresh_from_db(fields=["started_at"])
    return seat


@action("sittings.save_answers")
def save_answers(*, by: Person, now: datetime, seat_id: int, lease: str, answers: Sequence[Given]) -> list[Saved]:
    """Keep answers in the order sent; each says what became of it, a stale one without harming the newer (四（五）).

    Refusals: ``room.replaced`` (409: another browser took over), ``room.handed_in``, ``room.not_open``,
    ``room.late`` (409: the time was over when it arrived), ``room.answer`` (422: no such question or too long).
    """
    seat = _seat(seat_id, lease)
    _open_for_writing(seat, now)
    rules.require_well_formed(answers, papers.question_count(seat.paper_set_id) if seat.paper_set_id else 0)
    # Held until the end: two browsers of one seat write one after the other, never across each other.
    [seat] = hold(Seat.objects.filter(pk=seat.pk).select_related("sitting"))
    if seat.lease != lease:
        raise _replaced()
    if seat.handed_in_at is not None:
        raise _handed_in()
    rows = {
        each.question: each for each in Answer.objects.filter(seat=seat, question__in={a.question for a in answers})
    }
    heard = AnswerEvent.objects.filter(seat=seat, key__in=[each.key for each in answers])
    found = rules.reconcile(
        answers,
        {question: rules.Standing(row.value, row.revision) for question, row in rows.items()},
        {each.key: (each.accepted, each.value) for each in heard},
    )
    made: list[Answer] = []
    changed: list[Answer] = []
    for question, stands in found.standing.items():
        row = rows.get(question) or Answer(seat=seat, question=question)
        row.value, row.revision, row.saved_at = stands.value, stands.revision, now
        (changed if row.pk else made).append(row)
    Answer.objects.bulk_create(made)
    Answer.objects.bulk_update(changed, ["value", "revision", "saved_at"])
    AnswerEvent.objects.bulk_create(
        AnswerEvent(
            seat=seat,
            question=each.given.question,
            value=each.given.value,
            base=each.given.base,
            revision=each.revision,
            key=each.given.key,
            accepted=each.accepted,
            at=now,
        )
        for each in found.events
    )
    if found.standing:
        Seat.objects.filter(pk=seat.pk).update(answers_version=F("answers_version") + 1)
        Seat.objects.filter(pk=seat.pk, started_at=None).update(started_at=now)
    return list(found.results)


@action("sittings.hand_in")
def hand_in(*, by: Person, now: datetime, seat_id: int, lease: str) -> Seat:
    """Hand in for good; after that nothing changes any more (四（五）); a second time changes nothing.

    Refusals: those of ``save_answers``; ``room.too_soon`` (409) before people may leave.
    """
    seat = _seat(seat_id, lease)
    if seat.handed_in_at is not None:
        return seat
    sitting = seat.sitting
    if sitting.state != "open" or sitting.opened_at is None:
        raise _not_open()
    opens = sitting_time.hand_in_opens(sitting.opened_at, sitting.starts_at, values.law(local_day(now)))
    if now < opens:
        raise refuse(
            "room.too_soon",
            N_("还没有到可以交卷的时间，%(opens)s以后可以交卷。"),
            N_("请检查答案，到时间后再交卷。"),
            clause="四（五）",
            opens=opens.astimezone(sitting.starts_at.tzinfo).strftime("%H:%M"),
        )
    if Seat.objects.filter(pk=seat.pk, handed_in_at=None).update(handed_in_at=now, lease=""):
        answered = Answer.objects.filter(seat=seat).exclude(value="").count()
        record(sitting, after={"seat": seat.number, "answered": answered})
    seat.handed_in_at = now
    return seat


def _seat(seat_id: int, lease: str) -> Seat:
    seat = queries.seat_by_lease(seat_id, lease)
    if seat is None:
        raise _replaced()
    return seat


def _open_for_writing(seat: Seat, now: datetime) -> None:
    if seat.handed_in_at is not None:
        raise _handed_in()
    if seat.sitting.state != "open" or seat.sitting.opened_at is None or now < seat.sitting.opened_at:
        raise _not_open()
    _within_time(seat, now)


def _within_time(seat: Seat, now: datetime) -> None:
    sitting = seat.sitting
    assert sitting.opened_at is not None
    ends = sitting_time.writing_ends(sitting.opened_at, sitting.starts_at, sitting.ends_at, seat.extra_minutes)
    if now > ends:
        raise refuse(
            "room.late",
            N_("考试时间已于%(ends)s结束，此后的作答不再保存。"),
            N_("此前已保存的答案全部有效，请听从监考人员安排离场。"),
            clause="四（五）",
            ends=ends.astimezone(sitting.starts_at.tzinfo).strftime("%H:%M:%S"),
        )


def _replaced() -> Refusal:
    return refuse(
        "room.replaced",
        N_("这个座位已在另一台设备上继续考试，或您尚未进入考场；本设备上的改动没有保存。"),
        N_("如需在本设备继续，请重新输入准考证号和考场口令进入。"),
        clause="四（五）",
    )


def _handed_in() -> Refusal:
    return refuse(
        "room.handed_in", N_("您已经交卷，答案不能再更改。"), N_("请听从监考人员安排离场。"), clause="四（五）"
    )


def _not_open() -> Refusal:
    return refuse("room.not_open", N_("本场考试没有开考或已经结束。"), N_("请等候监考人员通知。"), clause="四（五）")
