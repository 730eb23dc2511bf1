"""The meeting before the examination: called, attended, reminded of, held or called off (四（七）)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from jiangheng.journal.actions import action, move, move_many, record, send, stale
from jiangheng.journal.models import Outgoing
from jiangheng.plans.models import Plan
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import meeting as rules
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import attending, queries
from jiangheng.sittings.actions.staffing import _all_staffed
from jiangheng.sittings.models import Attendance, Meeting, Sitting
from jiangheng.sittings.queries import meetings
from jiangheng.values import queries as values

MANNERS: dict[str, str] = {"scan": N_("扫码"), "code": N_("输入签到码"), "hand": N_("机构登记")}
CLAUSE = rules.CLAUSE
REASON_LONGEST = 200


@action("meeting.call")
def call_meeting(
    *, by: Person, now: datetime, plan_id: int, starts_at: datetime, place: str, agenda: Sequence[str]
) -> Meeting:
    """Call the meeting of a plan: time, place and agenda; everybody posted is told (四（七）).

    Refusals: ``meeting.nothing`` (409: no sitting waits for one), ``meeting.stands`` (409: one is called already),
    ``meeting.facts``, ``meeting.time`` (422).
    """
    plan = queries.own_plan(by, plan_id)
    place, items = _checked(plan, starts_at, place, agenda, now)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                plan=plan, starts_at=starts_at, place=place, agenda=items, moved_at=now, created_at=now
            )
    except IntegrityError:
        raise _stands() from None
    record(meeting, after={"starts_at": starts_at, "place": place, "agenda": items})
    _tell(meeting, N_("考务会议通知"))
    return meeting


@action("meeting.amend")
def amend_meeting(
    *,
    by: Person,
    now: datetime,
    meeting_id: int,
    starts_at: datetime,
    place: str,
    agenda: Sequence[str],
    seen: int | None = None,
) -> Meeting:
    """Change a meeting that has not been held; everybody posted is told of another time or place (四（七）).

    Refusals: ``meeting.over`` (409), ``record.stale`` (409), and those of ``call_meeting``.
    """
    meeting = _called(by, meeting_id)
    before = {"starts_at": meeting.starts_at, "place": meeting.place, "agenda": meeting.agenda}
    place, items = _checked(meeting.plan, starts_at, place, agenda, now)
    version = meeting.version if seen is None else seen
    changed = Meeting.objects.filter(pk=meeting.pk, state="called", version=version).update(
        starts_at=starts_at, place=place, agenda=items, version=F("version") + 1
    )
    if changed == 0:
        raise stale()
    meeting.refresh_from_db()
    after = {"starts_at": starts_at, "place": place, "agenda": items}
    record(meeting, before=before, after=after)
    if (before["starts_at"], before["place"]) != (starts_at, place):
        _tell(meeting, N_("考务会议时间地点变更"))
    return meeting


@action("meeting.cancel")
def cancel_meeting(*, by: Person, now: datetime, meeting_id: int, note: str = "", seen: int | None = None) -> Meeting:
    """Call a meeting off with the reason; everybody posted is told (四（七）)."""
    meeting = move(_owned(by, meeting_id), "cancel", note=note, seen=seen)
    _tell(meeting, N_("考务会议取消"), note)
    return meeting


@action("meeting.attend")
def attend(*, by: Person, now: datetime, token: str = "", code: str = "") -> Attendance:
    """Sign in at the meeting by the scanned token or the typed code; a second time changes nothing (四（七）).

    Refusals: ``meeting.token`` (422: not made here), ``meeting.code`` (422: no such code now), ``meeting.expired``
    (409: an old token), ``meeting.not_expected`` (403), ``meeting.over``, ``meeting.too_early``, ``meeting.too_late`` (409).
    """
    law = values.law(local_day(now))
    meeting, turn = _named(by, token) if token else _typed(by, code, now, law)
    found = meetings.attended(meeting, by.account_id)
    if found is not None:
        return found
    _still_called(meeting)
    if turn is not None and turn not in rules.accepted(now, law):
        raise refuse(
            "meeting.expired",
            N_("二维码已经更换。"),
            N_("请重新扫描会场屏幕上的二维码，或输入屏幕上的签到码。"),
            clause=CLAUSE,
        )
    rules.require_sign_in(now, meeting.starts_at, law)
    return _keep(meeting, by.account_id or 0, "scan" if token else "code", by=by, now=now)


@action("meeting.attend_by_hand")
def attend_by_hand(*, by: Person, now: datetime, meeting_id: int, account_id: int, reason: str) -> Attendance:
    """The body notes that somebody posted came but could not sign in, with the reason (四（七）).

    Refusals: ``meeting.over`` (409), ``meeting.too_early`` (409), ``meeting.reason`` (422), ``meeting.not_posted`` (422).
    """
    meeting = _called(by, meeting_id)
    law = values.law(local_day(now))
    rules.require_sign_in(min(now, rules.sign_in_ends(meeting.starts_at, law)), meeting.starts_at, law)
    if not reason.strip() or len(reason.strip()) > REASON_LONGEST:
        raise refuse(
            "meeting.reason",
            N_("代为登记参会须写明原因。"),
            N_("请写明本人未能扫码的原因，如“手机没电，当面核对身份证”。"),
            clause=CLAUSE,
            status=422,
        )
    if not meetings.is_posted(account_id, meeting.plan_id):
        raise refuse(
            "meeting.not_posted",
            N_("此人没有被安排在本计划的岗位，不能登记为考务人员参会。"),
            N_("没有岗位的参会人员，请在登记会议时填入“其他参会人员”。"),
            clause=CLAUSE,
            status=422,
        )
    return _keep(meeting, account_id, "hand", by=by, now=now, reason=reason.strip())


@action("meeting.withdraw_attendance")
def withdraw_attendance(*, by: Person, now: datetime, meeting_id: int, account_id: int) -> None:
    """The body takes back an attendance it noted by mistake, before the meeting is closed (四（七）).

    Refusals: ``meeting.over`` (409), ``meeting.not_by_hand`` (409: who signed in themselves stays signed in).
    """
    meeting = _called(by, meeting_id)
    found = meetings.attended(meeting, account_id)
    if found is None or found.manner != "hand":
        raise refuse(
            "meeting.not_by_hand",
            N_("只能撤销由机构登记的参会；本人扫码签到的不能撤销。"),
            N_("请刷新页面核对。"),
            clause=CLAUSE,
        )
    before = {"account": account_id, "manner": found.manner, "at": found.at, "reason": found.reason}
    found.delete()
    record(meeting, before=before)


@action("meeting.remind")
def remind(*, by: Person, now: datetime, meeting_id: int) -> int:
    """Remind everybody who has not acknowledged; once a day each; returns how many are told now (四（七）)."""
    meeting = _owned(by, meeting_id)
    day = local_day(now)
    keys = {
        f"meeting:{meeting.plan_id}:remind:{each.account_id}:{day.isoformat()}": each.account_id
        for each in meetings.expected(meeting)
        if each.waiting
    }
    told = set(Outgoing.objects.filter(key__in=keys).values_list("key", flat=True))
    for key, account_id in keys.items():
        if key not in told:
            send(
                key=key,
                channel="notice",
                subject=N_("请确认考务任务"),
                body=meetings.words(meeting),
                to_account=account_id,
                record=meeting,
            )
    fresh = sorted(account_id for key, account_id in keys.items() if key not in told)
    if fresh:
        record(meeting, after={"reminded": fresh})
    return len(fresh)


@action("meeting.hold")
def hold_meeting(
    *,
    by: Person,
    now: datetime,
    meeting_id: int,
    held_at: datetime,
    minutes: str,
    guests: Sequence[str] = (),
    seen: int | None = None,
) -> Meeting:
    """End the meeting with its minutes; the plan's ticketed sittings count as briefed (四（七）).

    ``guests`` are names of those who came without a post. Refusals: ``meeting.none`` (409: nothing ticketed),
    ``meeting.unstaffed`` (409: a sitting without lawful staff), ``meeting.facts`` (422: no minutes, nobody came, or
    held after the first start or later than now).
    """
    meeting = _owned(by, meeting_id)
    sittings = _waiting(by, meeting.plan)
    names = _names(guests)
    came = Attendance.objects.filter(meeting=meeting).count()
    _require_facts(sittings, held_at, meeting.place, minutes, came + len(names), now)
    _all_staffed(meeting.plan, sittings, now)
    updates = {"held_at": held_at, "minutes": minutes.strip(), "attendees": names}
    held = move(meeting, "hold", seen=seen, updates=updates)
    move_many(sittings, "brief")
    return held


@action("sitting.brief")
def brief(
    *,
    by: Person,
    now: datetime,
    plan_id: int,
    held_at: datetime,
    place: str,
    minutes: str,
    attendees: Sequence[str],
) -> Meeting:
    """Record a meeting that was held without having been called here; its ticketed sittings count as briefed (四（七）).

    Of ``attendees`` (names) those given as often as posted people bear them are kept as their attendance. Refusals:
    ``meeting.none`` (409: nothing ticketed), ``meeting.stands`` (409: one is called, which is to be closed),
    ``meeting.unstaffed`` (409: a sitting without lawful staff), ``meeting.minutes`` (422: empty minutes, no attendees,
    or held after the first start).
    """
    plan = queries.own_plan(by, plan_id)
    sittings = _waiting(by, plan)
    if meetings.called(by, plan.pk):
        raise _stands()
    names = _names(attendees)
    _require_facts(sittings, held_at, place, minutes, len(names), now)
    _all_staffed(plan, sittings, now)
    meeting = Meeting.objects.create(
        plan=plan,
        starts_at=held_at,
        held_at=held_at,
        place=place.strip(),
        minutes=minutes.strip(),
        state="held",
        moved_at=now,
        created_at=now,
    )
    posted: dict[str, list[int]] = {}
    for each in meetings.expected(meeting):
        posted.setdefault(each.name, []).append(each.account_id)
    given = Counter(names)
    known = [account for name, accounts in posted.items() if given[name] == len(accounts) for account in accounts]
    guests = [name for name in names if given[name] != len(posted.get(name, ()))]
    Attendance.objects.bulk_create(
        [
            Attendance(meeting=meeting, account_id=account, manner="hand", noted_by_id=by.account_id, at=held_at)
            for account in known
        ]
    )
    Meeting.objects.filter(pk=meeting.pk).update(attendees=guests)
    meeting.refresh_from_db()
    move_many(sittings, "brief")
    record(meeting, after={"held_at": held_at, "place": place.strip(), "attendees": names})
    return meeting


def _owned(by: Person, meeting_id: int) -> Meeting:
    """A meeting of the person's own body; Refusal ``record.none`` (404) otherwise."""
    meeting = meetings.get(by, meeting_id)
    queries.own_plan(by, meeting.plan_id)
    return meeting


def _called(by: Person, meeting_id: int) -> Meeting:
    meeting = _owned(by, meeting_id)
    _still_called(meeting)
    return meeting


def _still_called(meeting: Meeting) -> None:
    if meeting.state != "called":
        raise refuse(
            "meeting.over",
            N_("这次考务会议已经结束或取消，不能办理。"),
            N_("如有疑问，请联系认定机构核对会议登记。"),
            clause=CLAUSE,
        )


def _checked(
    plan: Plan, starts_at: datetime, place: str, agenda: Sequence[str], now: datetime
) -> tuple[str, list[str]]:
    first = meetings.first_start(plan.pk)
    if first is None:
        raise refuse(
            "meeting.nothing",
            N_("没有等待召开考务会议的场次。"),
            N_("请先完成编排。已登记会议的场次不需要再次召开。"),
            clause=CLAUSE,
        )
    kept = rules.facts(place, agenda)
    rules.require_time(starts_at, first, now)
    return kept


def _named(by: Person, token: str) -> tuple[Meeting, int]:
    """The meeting and turn of a token, to somebody posted there."""
    found = attending.read(token)
    meeting = Meeting.objects.select_related("plan").filter(pk=found[0]).first() if found else None
    if found is None or meeting is None:
        raise refuse(
            "meeting.token",
            N_("这个二维码不是考务会议的签到码。"),
            N_("请扫描会场屏幕上的二维码。"),
            clause=CLAUSE,
            status=422,
        )
    if not meetings.is_posted(by.account_id, meeting.plan_id):
        raise refuse(
            "meeting.not_expected",
            N_("您没有被安排在这个认定计划的岗位，不能在这次会议签到。"),
            N_("请联系认定机构核对考务安排。"),
            clause=CLAUSE,
            status=403,
        )
    return meeting, found[1]


def _typed(by: Person, code: str, now: datetime, law: Law) -> tuple[Meeting, None]:
    """The meeting of the person's own whose code was typed."""
    typed = "".join(code.split())
    for meeting in meetings.concerning(by):
        if attending.is_code(meeting.pk, rules.accepted(now, law), typed):
            return meeting, None
    raise refuse(
        "meeting.code",
        N_("签到码不正确或已经更换，或者不是您参加的会议。"),
        N_("请输入会场屏幕上现在显示的六位签到码。"),
        clause=CLAUSE,
        status=422,
    )


def _keep(meeting: Meeting, account_id: int, manner: str, *, by: Person, now: datetime, reason: str = "") -> Attendance:
    noted = {"noted_by_id": by.account_id} if manner == "hand" else {}
    found, made = Attendance.objects.get_or_create(
        meeting=meeting, account_id=account_id, defaults={"manner": manner, "reason": reason, "at": now, **noted}
    )
    if made:
        after: dict[str, Any] = {"account": account_id, "manner": manner}
        record(meeting, note=reason, after=after)
    return found


def _waiting(by: Person, plan: Plan) -> list[Sitting]:
    """The ticketed sittings of a plan; Refusal ``meeting.none`` (409) where there is none."""
    sittings = list(queries.for_plan(by, plan.pk).filter(state="ticketed").order_by("starts_at", "pk"))
    if sittings:
        return sittings
    raise refuse(
        "meeting.none", N_("没有已核发准考证、等待开会的场次。"), N_("请先完成编排并核发准考证。"), clause=CLAUSE
    )


def _require_facts(
    sittings: Sequence[Sitting], held_at: datetime, place: str, minutes: str, came: int, now: datetime
) -> None:
    if minutes.strip() and place.strip() and came and held_at < sittings[0].starts_at and held_at <= now:
        return
    raise refuse(
        "meeting.minutes",
        N_("考务会议须写明地点、内容和参会人员，并在第一场开考之前召开后登记。"),
        N_("请补全会议记录。"),
        clause=CLAUSE,
        status=422,
    )


def _names(given: Sequence[str]) -> list[str]:
    return sorted(name.strip() for name in given if name.strip())


def _tell(meeting: Meeting, subject: str, note: str = "") -> None:
    """One notice to everybody posted in the plan."""
    for account_id in {each.account_id for each in meetings.expected(meeting)}:
        send(
            key=f"meeting:{meeting.pk}:{meeting.state}:{meeting.version}:{account_id}",
            channel="notice",
            subject=subject,
            body=f"{meetings.words(meeting)} {note}".strip(),
            to_account=account_id,
            record=meeting,
        )


def _stands() -> Refusal:
    return refuse(
        "meeting.stands",
        N_("本计划已通知召开考务会议，尚未结束。"),
        N_("请在会议页面变更、取消，或结束会议并登记。"),
        clause=CLAUSE,
    )
