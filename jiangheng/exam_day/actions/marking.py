"""Practical marks: each examiner alone, every correction a new row with its reason (四（七）)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from jiangheng.exam_day.models import PracticalMark
from jiangheng.journal.actions import action, record
from jiangheng.journal.queries import one
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import scoring
from jiangheng.rules.examination.staffing import EXAMINER_POSTS
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries as sittings
from jiangheng.sittings.actions.staffing import on_duty
from jiangheng.values import queries as values


@action("sittings.enter_mark")
def enter_mark(
    *, by: Person, now: datetime, seat_id: int, mark: str | Decimal, revision: int = 0, reason: str = ""
) -> PracticalMark:
    """Give one's own mark for one candidate, or correct it with a reason (四（七）).

    ``revision`` is the examiner's own revision the page showed (0 for none). Refusals: ``mark.invalid``,
    ``mark.correction_reason`` (422); ``mark.not_practical``, ``mark.shut``, ``mark.absent``, ``mark.stale`` (409);
    ``sitting.not_posted`` (403).
    """
    seat = one(sittings.seats_visible_to(by), pk=seat_id)
    sitting = seat.sitting
    mine = on_duty(by, sitting, EXAMINER_POSTS)
    if sitting.subject == "theory":
        raise refuse(
            "mark.not_practical",
            N_("理论知识考试由系统按标准答案评分，不登记考评员评分。"),
            N_("请核对场次状态和签到情况。"),
            clause="四（七）",
        )
    if sitting.state not in flows.states("sitting", "running"):
        raise refuse(
            "mark.shut",
            N_("现在不能评分：考试尚未开始，或考场记录已签署。"),
            N_("请核对场次状态和签到情况。"),
            clause="四（七）",
        )
    if seat.signed_in_at is None:
        raise refuse("mark.absent", N_("考生没有签到，不能评分。"), N_("请核对场次状态和签到情况。"), clause="四（七）")
    given = scoring.check_mark(mark, values.law(local_day(now)))
    standing = (
        PracticalMark.objects.filter(seat=seat, examiner_id=by.account_id)
        .order_by("-revision")
        .values_list("revision", flat=True)
        .first()
        or 0
    )
    if standing != revision:
        raise _stale()
    if revision and not reason.strip():
        raise refuse(
            "mark.correction_reason",
            N_("更正评分须写明理由。"),
            N_("请写明更正的原因，原评分会保留。"),
            clause="四（七）",
            status=422,
        )
    try:
        with transaction.atomic():
            row = PracticalMark.objects.create(
                seat=seat,
                examiner_id=mine.account_id,
                mark=given,
                revision=revision + 1,
                reason=reason.strip()[:200],
                at=now,
            )
    except IntegrityError:
        raise _stale() from None
    # The mark itself stays out of the journal: the other examiners read it too.
    record(sitting, note=reason.strip(), after={"seat": seat.number, "revision": row.revision})
    return row


def _stale() -> Refusal:
    return refuse(
        "mark.stale",
        N_("您对这名考生的评分已在别处更新，本次没有保存。"),
        N_("请刷新页面，核对当前评分后再更正。"),
        clause="四（七）",
    )
