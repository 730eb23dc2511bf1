"""The clock of a sitting: when people come in, when it opens, when writing ends; by the server's time (四（七）)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from jiangheng.rules.days.local_time import local_moment
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_


def _clock(moment: datetime) -> str:
    return local_moment(moment).strftime("%H:%M")


def entry_opens(starts_at: datetime, law: Law) -> datetime:
    """The first moment candidates may be admitted and seals looked at."""
    return starts_at - timedelta(minutes=int(law.value("early_entry_min")))


def entry_ends(starts_at: datetime, law: Law) -> datetime:
    """The last moment a late candidate is admitted."""
    return starts_at + timedelta(minutes=int(law.value("late_limit_min")))


def writing_ends(opened_at: datetime, starts_at: datetime, ends_at: datetime, extra_minutes: int = 0) -> datetime:
    """The end of one candidate's time: a room opened late keeps its full length; being late oneself does not."""
    return opened_at + (ends_at - starts_at) + timedelta(minutes=extra_minutes)


def hand_in_opens(opened_at: datetime, starts_at: datetime, law: Law) -> datetime:
    """The first moment a finished candidate may leave a machine room."""
    return max(opened_at, starts_at) + timedelta(minutes=int(law.value("min_submit_min")))


def require_entry(now: datetime, starts_at: datetime, law: Law) -> None:
    """Refusal ``sitting.too_early`` or ``sitting.too_late`` (409) outside the time of admission."""
    opens, ends = entry_opens(starts_at, law), entry_ends(starts_at, law)
    if now < opens:
        raise refuse(
            "sitting.too_early",
            N_("未到入场时间，%(opens)s起可以办理。"),
            N_("请按时间到场办理。"),
            clause="四（七）",
            opens=_clock(opens),
        )
    if now > ends:
        raise refuse(
            "sitting.too_late",
            N_("已过迟到入场时限（开考后%(limit)s分钟），不能入场。"),
            N_("请登记缺考；考生可申请参加补考。"),
            clause="四（七）",
            limit=law.value("late_limit_min"),
        )


def draw_opens(starts_at: datetime, law: Law) -> datetime:
    """The first moment invigilators may be drawn to their rooms: late, so that nobody knows the room before."""
    return starts_at - timedelta(minutes=int(law.value("room_draw_min")))


def require_draw(now: datetime, starts_at: datetime, law: Law) -> None:
    """Refusal ``sitting.draw_time`` (409) before the draw opens or from the start on."""
    opens = draw_opens(starts_at, law)
    if opens <= now < starts_at:
        return
    raise refuse(
        "sitting.draw_time",
        N_("监考随机分派在%(opens)s至%(starts)s之间办理。"),
        N_("请在该时间内办理；已开考的，如需调换请在考场记录中说明。"),
        clause="四（七）",
        opens=_clock(opens),
        starts=_clock(starts_at),
    )


def staff_prints_open(exam_on: date, law: Law) -> date:
    """The first day on which somebody posted in a sitting may print its papers."""
    return exam_on - timedelta(days=int(law.value("staff_prints_days")))


def require_staff_prints(today: date, exam_on: date, state: str, law: Law) -> None:
    """Refusal ``documents.early`` (409) before that day, ``documents.over`` (409) once the room record is signed."""
    opens = staff_prints_open(exam_on, law)
    if today < opens:
        raise refuse(
            "documents.early",
            N_("本场资料%(opens)s起可以打印。"),
            N_("需要提前准备的，请联系认定机构打印。"),
            clause="四（七）",
            opens=opens.isoformat(),
        )
    if state == "recorded":
        raise refuse(
            "documents.over",
            N_("考场记录已经签署，本场资料由认定机构归档。"),
            N_("确需查阅的，请联系认定机构。"),
            clause="四（七）",
        )


def came_at(noted_at: datetime | None, now: datetime, law: Law) -> datetime:
    """When a candidate was seen at the door: now, or the moment a desk without a network noted it.

    Refusal ``sitting.noted_late`` (409) where it was noted longer ago than the time allowed for sending it in.
    """
    if noted_at is None or noted_at >= now:
        return now
    allowed = int(law.value("sign_in_queue_min"))
    if now - noted_at > timedelta(minutes=allowed):
        raise refuse(
            "sitting.noted_late",
            N_("这条签到记于%(noted)s，超过补传时限（%(allowed)s分钟），不能办理。"),
            N_("请在考场记录单中写明情况，由两名考务人员签署。"),
            clause="四（七）",
            noted=_clock(noted_at),
            allowed=allowed,
        )
    return noted_at


def require_opening(now: datetime, starts_at: datetime, ends_at: datetime) -> None:
    """Refusal ``sitting.not_time`` (409) before the appointed start or after the appointed end."""
    if starts_at <= now < ends_at:
        return
    raise refuse(
        "sitting.not_time",
        N_("开考时间为%(starts)s，现在不能开考。"),
        N_("请在开考时间到达后办理；如需改期，请由认定机构重新编排并告知考生。"),
        clause="四（七）",
        starts=_clock(starts_at),
    )
