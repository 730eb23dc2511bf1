"""The pre-exam meeting by the clock: when people sign in, which code counts (四（七）)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from jiangheng.rules.days.local_time import local_moment
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_

CLAUSE = "四（七）"
MOST_ITEMS, ITEM_LONGEST = 30, 200


def sign_in_opens(starts_at: datetime, law: Law) -> datetime:
    """The first moment people may sign in."""
    return starts_at - timedelta(minutes=int(law.value("meeting_early_min")))


def sign_in_ends(starts_at: datetime, law: Law) -> datetime:
    """The last moment people may sign in themselves, unless the meeting is closed before."""
    return starts_at + timedelta(minutes=int(law.value("meeting_late_min")))


def turn(now: datetime, law: Law) -> int:
    """The number of the code shown now; it grows by one every ``meeting_code_seconds``."""
    return int(now.timestamp()) // int(law.value("meeting_code_seconds"))


def accepted(now: datetime, law: Law) -> tuple[int, int]:
    """The codes that count now: the one shown, and the one before it for who was slow to scan."""
    current = turn(now, law)
    return current, current - 1


def require_sign_in(now: datetime, starts_at: datetime, law: Law) -> None:
    """Refusal ``meeting.too_early`` or ``meeting.too_late`` (409) outside the time of signing in."""
    opens, ends = sign_in_opens(starts_at, law), sign_in_ends(starts_at, law)
    if now < opens:
        raise refuse(
            "meeting.too_early",
            N_("会议签到%(opens)s开始，现在还不能签到。"),
            N_("请到会场后按时签到。"),
            clause=CLAUSE,
            opens=_clock(opens),
        )
    if now > ends:
        raise refuse(
            "meeting.too_late",
            N_("会议签到%(ends)s已经截止。"),
            N_("已到会而没有签到的，请认定机构写明原因代为登记。"),
            clause=CLAUSE,
            ends=_clock(ends),
        )


def require_time(starts_at: datetime, first: datetime, now: datetime) -> None:
    """Refusal ``meeting.time`` (422) for a meeting that is over already or not before the first sitting."""
    if now < starts_at < first:
        return
    raise refuse(
        "meeting.time",
        N_("会议时间须晚于现在，并早于首场开考（%(first)s）。"),
        N_("请重新填写会议时间。会议已经召开的，请直接登记。"),
        clause=CLAUSE,
        status=422,
        first=local_moment(first).strftime("%Y-%m-%d %H:%M"),
    )


def facts(place: str, agenda: Sequence[str]) -> tuple[str, list[str]]:
    """Place and agenda as kept, blank lines dropped; Refusal ``meeting.facts`` (422) where one is missing or too long."""
    items = [line.strip() for line in agenda if line.strip()]
    if place.strip() and items and len(items) <= MOST_ITEMS and all(len(each) <= ITEM_LONGEST for each in items):
        return place.strip(), items
    raise refuse(
        "meeting.facts",
        N_("请写明会议地点和议程；议程不超过%(items)s项，每项不超过%(longest)s字。"),
        N_("请补全后提交。"),
        clause=CLAUSE,
        status=422,
        items=MOST_ITEMS,
        longest=ITEM_LONGEST,
    )


def _clock(moment: datetime) -> str:
    return local_moment(moment).strftime("%m-%d %H:%M")
