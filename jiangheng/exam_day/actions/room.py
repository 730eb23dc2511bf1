"""In the room: seals, opening, sign-in, absence, closing (四（五）, 四（七）)."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db.models import F

from jiangheng.exam_day.guards import KEEPERS
from jiangheng.journal.actions import action, move, record
from jiangheng.papers import queries as papers
from jiangheng.rules import flows
from jiangheng.rules.days import sitting_time
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import seating
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries as sittings
from jiangheng.sittings.actions.staffing import on_duty
from jiangheng.sittings.models import Seat, Sitting
from jiangheng.values import queries as values

CODE_DIGITS = 6


@action("sittings.unseal")
def unseal(*, by: Person, now: datetime, sitting_id: int) -> Sitting:
    """The first of two people looks at the seal in the room and finds it whole (四（五）).

    Refusals: ``sitting.not_posted`` (403), ``sitting.not_acknowledged``, ``sitting.too_early``,
    ``sitting.not_briefed`` (409).
    """
    sitting = sittings.get(by, sitting_id)
    on_duty(by, sitting, KEEPERS)
    if sitting.state != "briefed":
        raise _not_briefed()
    sitting_time.require_entry(now, sitting.starts_at, _law(now))
    changed = Sitting.objects.filter(pk=sitting.pk, unsealed_by=None).update(
        unsealed_by_id=by.account_id, unsealed_at=now
    )
    if changed:
        record(sitting, after={"unsealed_by": by.account_id})
    sitting.refresh_from_db()
    return sitting


@action("sitting.open")
def open_sitting(*, by: Person, now: datetime, sitting_id: int, note: str = "", seen: int | None = None) -> Sitting:
    """A second person opens the sitting within its time; the papers are unsealed and the room code drawn (四（七）).

    Refusals: those of ``unseal``; ``sitting.not_time``, ``sitting.one_person``, ``sitting.no_papers`` (409).
    """
    sitting = sittings.get(by, sitting_id)
    opened = move(sitting, "open", note=note, seen=seen, updates={"opened_at": now})
    _hand_out_sets(opened)
    # The code stays out of the journal: it lets people in.
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    Sitting.objects.filter(pk=sitting.pk).update(room_code=code)
    opened.refresh_from_db()
    return opened


def _hand_out_sets(sitting: Sitting) -> None:
    """Seats without a set get one, side by side never the same. Refusal ``sitting.no_papers`` (409)."""
    bare = list(Seat.objects.filter(sitting=sitting, paper_set=None).order_by("number"))
    sets = papers.sets_for(sitting.row, sitting.subject)
    needs = sitting.subject == "theory" or bool(sets)
    if needs and (not sets or not papers.issued(sitting.row, sitting.subject)):
        raise refuse(
            "sitting.no_papers",
            N_("本场试卷尚未组卷、封装或发放，不能开考。"),
            N_("请联系认定机构和市鉴定中心核对用卷申请的办理情况。"),
            clause="四（三）",
        )
    if not bare or not sets:
        return
    for seat in bare:
        seat.paper_set = sets[seating.set_at(seat.number, sitting.per_row, len(sets))]
    Seat.objects.bulk_update(bare, ["paper_set"], batch_size=500)


@action("sittings.sign_in")
def sign_in(
    *, by: Person, now: datetime, sitting_id: int, ticket_number: str, noted_at: datetime | None = None
) -> Seat:
    """Admit one candidate after looking at face, ID and ticket (四（七）); a second time changes nothing.

    ``noted_at`` is when a desk without a network noted it; it counts for the time of admission, also after the
    sitting has closed. The journal holds both moments. Refusals: ``record.none`` (404: no such number here),
    ``sitting.not_posted`` (403), ``sitting.too_early``, ``sitting.too_late``, ``sitting.noted_late``,
    ``sitting.not_admitting`` (409).
    """
    law = _law(now)
    came = sitting_time.came_at(noted_at, now, law)
    sitting = _working(by, sitting_id, came)
    sitting_time.require_entry(came, sitting.starts_at, law)
    seat = sittings.seat_by_number(sitting, ticket_number)
    if seat.signed_in_at is None:
        changed = Seat.objects.filter(pk=seat.pk, signed_in_at=None).update(signed_in_at=came, absent=False)
        seat.signed_in_at, seat.absent = came, False
        if changed:
            noted = {"noted_at": came.isoformat()} if came != now else {}
            record(sitting, after={"seat": seat.number, **noted})
    return seat


@action("sittings.mark_absent")
def mark_absent(*, by: Person, now: datetime, sitting_id: int, ticket_number: str) -> Seat:
    """Note that a candidate did not come (四（七）). Refusal ``sitting.present`` (409) for one who signed in."""
    sitting = _working(by, sitting_id)
    seat = sittings.seat_by_number(sitting, ticket_number)
    if seat.signed_in_at is not None:
        raise refuse(
            "sitting.present",
            N_("%(name)s已经签到，不能登记缺考。"),
            N_("如签到有误，请在考场情况中说明。"),
            clause="四（七）",
            name=seat.application.name,
        )
    if Seat.objects.filter(pk=seat.pk, absent=False, signed_in_at=None).update(absent=True):
        record(sitting, after={"seat": seat.number})
    seat.absent = True
    return seat


@action("sittings.clear_absent")
def clear_absent(*, by: Person, now: datetime, sitting_id: int, ticket_number: str) -> Seat:
    """Take back an absence noted by mistake (四（七）)."""
    sitting = _working(by, sitting_id)
    seat = sittings.seat_by_number(sitting, ticket_number)
    if Seat.objects.filter(pk=seat.pk, absent=True).update(absent=False):
        record(sitting, after={"seat": seat.number})
    seat.absent = False
    return seat


@action("sittings.allow_minutes")
def allow_minutes(*, by: Person, now: datetime, sitting_id: int, ticket_number: str, minutes: int, reason: str) -> Seat:
    """Give one candidate more time for a fault that was not theirs, with the reason (四（七）).

    Refusals: ``sitting.extra`` (422: not 1-120 minutes or no reason), ``sitting.not_admitting`` (409).
    """
    sitting = _working(by, sitting_id)
    if not 1 <= minutes <= int((sitting.ends_at - sitting.starts_at).total_seconds() // 60) or not reason.strip():
        raise refuse(
            "sitting.extra",
            N_("补时须为1分钟以上、不超过本场时长，并写明原因。"),
            N_("请填写补时分钟数和设备故障等原因。"),
            clause="四（七）",
            status=422,
        )
    seat = sittings.seat_by_number(sitting, ticket_number)
    Seat.objects.filter(pk=seat.pk).update(extra_minutes=F("extra_minutes") + minutes)
    record(sitting, note=reason.strip(), after={"seat": seat.number, "minutes": minutes})
    seat.refresh_from_db(fields=["extra_minutes"])
    return seat


@action("sitting.close")
def close(*, by: Person, now: datetime, sitting_id: int, note: str = "", seen: int | None = None) -> Sitting:
    """End the sitting: everything not handed in is handed in as it stands, whoever did not come is absent (四（七）).

    Refusal ``sitting.not_over`` (409) while somebody still has time left.
    """
    sitting = sittings.get(by, sitting_id)
    closed = move(sitting, "close", note=note, seen=seen, updates={"closed_at": now})
    seats = Seat.objects.filter(sitting=sitting)
    forced = seats.filter(started_at__isnull=False, handed_in_at=None).update(handed_in_at=now, lease="")
    absent = seats.filter(signed_in_at=None).update(absent=True)
    seats.exclude(lease="").update(lease="")
    Sitting.objects.filter(pk=sitting.pk).update(room_code="")
    record(sitting, after={"handed_in_at_close": forced, "absent": absent})
    closed.refresh_from_db()
    return closed


def _working(by: Person, sitting_id: int, came: datetime | None = None) -> Sitting:
    """A sitting that admits people now, or did when one came, by somebody on duty there."""
    sitting = sittings.get(by, sitting_id)
    on_duty(by, sitting, KEEPERS)
    sent_late = sitting.state == "closed" and came and sitting.closed_at and came < sitting.closed_at
    if sitting.state not in flows.states("sitting", "signing_in") and not sent_late:
        raise refuse(
            "sitting.not_admitting",
            N_("当前不是签到时间，不能办理。"),
            N_("考务会议之后、考试结束之前可以办理。"),
            clause="四（七）",
        )
    return sitting


def _law(now: datetime) -> Law:
    return values.law(local_day(now))


def _not_briefed() -> Refusal:
    return refuse(
        "sitting.not_briefed",
        N_("考务会议尚未召开或考试已经开始，不能查验封条。"),
        N_("请由认定机构先召开并登记考务会议。"),
        clause="四（七）",
    )
