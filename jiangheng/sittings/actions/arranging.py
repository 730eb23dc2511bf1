"""Arranging sittings: rooms, times, and seats by lottery (四（六）)."""

from __future__ import annotations

import itertools
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from jiangheng.applications.queries import access_arrangements as needs_of
from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Room
from jiangheng.fees import queries as fees
from jiangheng.journal.actions import action, move, move_many, record, stale
from jiangheng.journal.actions.locking import hold
from jiangheng.papers import queries as papers
from jiangheng.papers.models import PaperSet
from jiangheng.people.models import Identity
from jiangheng.plans import checks
from jiangheng.plans.models import Plan, PlanRow
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import access_arrangements, seating
from jiangheng.rules.examination.access_arrangements import ACCESS, EXTRA
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import guards, queries
from jiangheng.sittings.models import Seat, Sitting
from jiangheng.values import queries as values

CHUNK = 500
NAMES_SHOWN = 10


@action("sitting.arrange")
def arrange(
    *,
    by: Person,
    now: datetime,
    plan_id: int,
    row_id: int,
    subject: str,
    room_ids: Sequence[int],
    sessions: Sequence[datetime] = (),
    minutes: int | None = None,
    leave_out_unpaid: bool = False,
    seed: str = "",
    with_rows: Sequence[int] = (),
) -> list[Sitting]:
    """Seat every accepted candidate of one subject of a plan row over rooms and sessions (四（六）).

    ``with_rows`` are further rows of the plan (occupations, levels) that share the rooms: one lottery, different seats,
    a sitting of its own for each row in a room, with its own papers, staff and record.

    ``sessions`` are aware start times (default: the plan's own); rooms fill session by session in the order given.
    Seats fall by a lottery whose ``seed`` is recorded; neighbours never hold the same paper set, confirmed needs are met.
    Refusals: those of ``checks.require_venue`` (三（五）) and ``seating.seat`` (409); ``sitting.plan_state``,
    ``sitting.arranged``, ``sitting.nobody``, ``sitting.unpaid``, ``sitting.needs_open``, ``sitting.extra_time``,
    ``sitting.room_busy``, ``sitting.room_taken``, ``sitting.person_busy`` (409); ``sitting.rows_differ``, ``sitting.subject``,
    ``sitting.rooms``, ``sitting.times`` (422).
    """
    plan = queries.own_plan(by, plan_id)
    taken_together = [_row(plan, each, subject) for each in dict.fromkeys([row_id, *with_rows])]
    rows, appointed = [row for row, _appointed in taken_together], taken_together[0][1]
    _alike([each for _row, each in taken_together], minutes)
    if plan.state not in flows.FLOWS["plan"].live:
        raise refuse(
            "sitting.plan_state",
            N_("认定计划尚未受理，不能编排。"),
            N_("请待市鉴定中心受理计划后再编排。"),
            clause="四（六）",
        )
    checks.require_venue(plan, plan.venue)
    times = _times(plan, appointed, sessions, minutes)
    for day in sorted({local_day(starts) for starts, _ends in times}):
        for row in rows:
            checks.require_filed(plan, now, row=row, day=day)
    # Held until the end: two arrangements never give away the same room, plan or person at once.
    hold(plan)
    halls = {room.pk: room for room in queries.rooms_of(plan, subject)}
    chosen = list(dict.fromkeys(room_ids))
    if not chosen or not set(chosen) <= set(halls):
        raise refuse(
            "sitting.rooms",
            N_("请选择本计划考点中适合该科目的考场。"),
            N_("理论考试用理论考场或机房，技能考核用实操场地。"),
            clause="四（六）",
            status=422,
        )
    hold(Room.objects.filter(pk__in=chosen).only("pk"))
    for row in rows:
        _drop_drafts(row, subject)
        _first_time(row, subject)
    takers = [queries.eligible(row, subject) for row in rows]
    exam_of = {each[0]: exam for exam, found in enumerate(takers) for each in found}
    people = _payable(plan, [each for found in takers for each in found], leave_out_unpaid)
    granted = _decided(people)
    longer = {each[0] for each in people if EXTRA in granted.get(each[0], ())}
    extra = access_arrangements.extra_minutes(_length(times), values.law(plan.exam_on)) if longer else 0
    _apart(times, extra)
    _free_rooms(chosen, times, extra)
    sets = [papers.sets_for(row, subject) for row in rows]
    seed = seed.strip() or secrets.token_hex(8)
    slots = [(room_id, starts, ends) for starts, ends in times for room_id in chosen]
    seekers = [
        seating.Seeker(pk, exam_of[pk], rows[exam_of[pk]].occupation_code, ACCESS in granted.get(pk, ()))
        for pk, _name, _identity in people
    ]
    expected = [papers.sets_expected(row, subject) for row in rows]
    seats = _drawn(seekers, subject, slots, halls, seed, expected)
    _hold_people(people)
    _once_each(people)
    _not_elsewhere([each for each in people if each[0] not in longer], times, 0)
    _not_elsewhere([each for each in people if each[0] in longer], times, extra)
    used = sorted({(seat.room, exam_of[seat.candidate]) for seat in seats})
    late = {(seat.room, exam_of[seat.candidate]) for seat in seats if seat.candidate in longer}
    wanted = [(rows[exam], *slots[place], (place, exam) in late) for place, exam in used]
    sittings = _create(plan, subject, str(appointed.get("method", "")), wanted, halls, seed, extra, now)
    of_seat = dict(zip(used, sittings, strict=True))
    Seat.objects.bulk_create(
        [
            Seat(
                sitting=of_seat[seat.room, exam_of[seat.candidate]],
                application_id=seat.candidate,
                number=seat.seat,
                paper_set_id=_set_of(seat, sets[exam_of[seat.candidate]]),
                extra_minutes=extra if seat.candidate in longer else 0,
            )
            for seat in seats
        ],
        batch_size=CHUNK,
    )
    move_many(sittings, "arrange")
    taken = Counter((seat.room, exam_of[seat.candidate]) for seat in seats)
    for key, sitting in of_seat.items():
        after = {"seed": seed, "room": sitting.room_name, "starts_at": sitting.starts_at, "seats": taken[key]}
        if len(rows) > 1:
            after["rows"] = [row.pk for row in rows]
        record(sitting, after=after)
    return sittings


@action("sitting.rearrange")
def rearrange(*, by: Person, now: datetime, sitting_id: int, note: str = "", seen: int | None = None) -> list[Sitting]:
    """Open the arrangement of a subject again, before tickets: every sitting drawn together with it (四（六）)."""
    sitting = queries.get(by, sitting_id)
    if seen is not None and seen != sitting.version:
        raise stale()
    together = queries.drawn_together(sitting)
    move_many(together, "rearrange", note=note)
    return together


@action("sitting.cancel")
def cancel(*, by: Person, now: datetime, sitting_id: int, note: str, seen: int | None = None) -> Sitting:
    """Call a sitting off with a reason, before it opens (四（六）)."""
    return move(queries.get(by, sitting_id), "cancel", note=note, seen=seen)


def _own(by: Person, sitting_id: int) -> Sitting:
    sitting = queries.get(by, sitting_id)
    if refusal := guards.not_yours(by, sitting):
        raise refusal
    return sitting


def _row(plan: Plan, row_id: int, subject: str) -> tuple[PlanRow, dict[str, object]]:
    row = plan.rows.filter(pk=row_id).first()
    appointed = next((each for each in row.subjects if each.get("subject") == subject), None) if row else None
    if row is None or appointed is None:
        raise refuse(
            "sitting.subject",
            N_("所选计划中没有这个职业、等级或科目。"),
            N_("请从计划中选择要编排的科目。"),
            clause="四（六）",
            status=422,
        )
    return row, appointed


def _times(
    plan: Plan, appointed: dict[str, object], sessions: Sequence[datetime], minutes: int | None
) -> list[tuple[datetime, datetime]]:
    length = minutes if minutes is not None else int(str(appointed.get("minutes") or 0))
    starts = sorted(set(sessions)) or [datetime.fromisoformat(str(appointed["starts_at"]))]
    times = [(each, each + timedelta(minutes=length)) for each in starts]
    early = any(local_day(each) < plan.exam_on for each in starts)
    crossing = any(later[0] < earlier[1] for earlier, later in itertools.pairwise(times))
    if length < 1 or early or crossing:
        raise refuse(
            "sitting.times",
            N_("考试时间不正确：时长须大于0，不早于计划的考试日期%(day)s，场次之间不能重叠。"),
            N_("请核对场次时间后重新填写。"),
            clause="四（六）",
            status=422,
            day=plan.exam_on.isoformat(),
        )
    return times


def _drop_drafts(row: PlanRow, subject: str) -> None:
    """Sittings opened for rearranging give way to the new ones; their seats are free again."""
    drafts = list(Sitting.objects.filter(row=row, subject=subject, state="draft"))
    if not drafts:
        return
    Seat.objects.filter(sitting__in=[each.pk for each in drafts]).delete()
    move_many(drafts, "cancel", note=N_("重新编排"))


def _first_time(row: PlanRow, subject: str) -> None:
    if (
        Sitting.objects.filter(row=row, subject=subject)
        .exclude(state__in=flows.states("sitting", "unarranged"))
        .exists()
    ):
        raise refuse(
            "sitting.arranged",
            N_("该科目已编排过。"),
            N_("如需改动，请先在场次中选择“重新编排”；已核发准考证的不能再改。"),
            clause="四（六）",
        )


def _free_rooms(room_ids: Sequence[int], times: Sequence[tuple[datetime, datetime]], extra: int) -> None:
    for starts, ends in times:
        clash = queries.room_clashes(room_ids, starts, ends + timedelta(minutes=extra)).first()
        if clash is not None:
            raise refuse(
                "sitting.room_busy",
                N_("%(room)s在这个时间已有其他考试。"),
                N_("请更换考场或时间；有考生延长考试时间的，须留足延长后的时间。"),
                clause="四（六）",
                room=clash.room_name,
            )


def _length(times: Sequence[tuple[datetime, datetime]]) -> int:
    starts, ends = times[0]
    return int((ends - starts).total_seconds() // 60)


def _apart(times: Sequence[tuple[datetime, datetime]], extra: int) -> None:
    """Sessions one after another in a room leave the time that somebody has more."""
    gaps = [int((later[0] - earlier[1]).total_seconds() // 60) for earlier, later in itertools.pairwise(times)]
    if gaps and min(gaps) < extra:
        raise refuse(
            "sitting.extra_time",
            N_("有考生延长考试时间%(extra)s分钟，前后场次之间只隔%(gap)s分钟。"),
            N_("请把后一场推迟到延长的时间结束之后。"),
            clause="四（六）",
            extra=extra,
            gap=min(gaps),
        )


def _decided(people: Sequence[tuple[int, str, int]]) -> dict[int, frozenset[str]]:
    """The needs confirmed of those to be seated; none may be left undecided."""
    asked = needs_of.undecided(application for application, _name, _identity in people)
    names = [name for application, name, _identity in people if application in asked]
    if names:
        raise refuse(
            "sitting.needs_open",
            N_("有%(count)s名考生的特殊需要尚未核实：%(names)s。"),
            N_("请先在“个人申请—特殊需要”中核实，再编排。"),
            clause="四（六）",
            count=len(names),
            names="、".join(names[:NAMES_SHOWN]),
        )
    return needs_of.granted(application for application, _name, _identity in people)


def _set_of(place: seating.Place, sets: Sequence[PaperSet]) -> int | None:
    """The set lying on a seat; None while the sets are not drawn, they are handed out when the room opens."""
    return sets[place.paper_set].pk if sets and place.paper_set is not None else None


def _alike(appointed: Sequence[Mapping[str, object]], minutes: int | None) -> None:
    """Rows that share rooms are examined the same way for the same time."""
    ways = {(str(each.get("method", "")), minutes or int(str(each.get("minutes") or 0))) for each in appointed}
    if len(ways) > 1:
        raise refuse(
            "sitting.rows_differ",
            N_("合用考场的职业、等级，考试方式和时长须相同。"),
            N_("请分别编排，或在认定计划中统一考试方式和时长。"),
            clause="四（六）",
            status=422,
        )


def _once_each(people: Sequence[tuple[int, str, int]]) -> None:
    """Somebody who applied for two of the rows cannot sit both at once."""
    often = Counter(identity for _application, _name, identity in people)
    twice = sorted({name for _application, name, identity in people if often[identity] > 1})
    if twice:
        raise _busy(twice)


def _busy(names: Sequence[str]) -> Refusal:
    return refuse(
        "sitting.person_busy",
        N_("有考生在同一时间已安排了其他考试：%(names)s。"),
        N_("请调整场次时间。"),
        clause="四（六）",
        names="、".join(names[:NAMES_SHOWN]),
    )


def _drawn(
    seekers: Sequence[seating.Seeker],
    subject: str,
    slots: Sequence[tuple[int, datetime, datetime]],
    rooms: Mapping[int, Room],
    seed: str,
    sets: Sequence[int],
) -> tuple[seating.Place, ...]:
    plans = [seating.RoomPlan(place, bodies.seat_plan(rooms[room_id])) for place, (room_id, *_) in enumerate(slots)]
    # At workstations everybody may work the same task: with a single set only a written examination keeps apart.
    offered = {exam: 0 if many == 1 and subject != "theory" else many for exam, many in enumerate(sets)}
    try:
        return seating.seat(seekers, plans, seed, offered)
    except Refusal as refusal:
        chosen = {room_id for room_id, *_ in slots}
        others = [room.name for key, room in rooms.items() if key not in chosen and room.accessible]
        if refusal.code != "seating.access" or not others:
            raise
        raise refusal.advising(N_("请加选有无障碍座位的考场：%(rooms)s。"), rooms="、".join(others)) from None


def _payable(plan: Plan, people: list[tuple[int, str, int]], leave_out_unpaid: bool) -> list[tuple[int, str, int]]:
    """Those whose fees are settled; the others are named and refused, or left out when asked for."""
    asked = [application for application, _name, _identity in people]
    settled = fees.settled(asked)
    if plan.body.kind == "employer_body":
        # An enterprise that recognises its own staff need not charge them (三（六）); a charge made is still owed.
        settled |= set(asked) - set(fees.balances(asked))
    unpaid = [name for application, name, _identity in people if application not in settled]
    if unpaid and not leave_out_unpaid:
        raise refuse(
            "sitting.unpaid",
            N_("有%(count)s名考生费用未结清，没有编排：%(names)s。"),
            N_("请先办理缴费，或明确选择“不编排未缴费考生”。"),
            clause="三（七）",
            count=len(unpaid),
            names="、".join(unpaid[:NAMES_SHOWN]) + ("……" if len(unpaid) > NAMES_SHOWN else ""),
        )
    paid = [each for each in people if each[0] in settled]
    if not paid:
        raise refuse(
            "sitting.nobody", N_("没有可编排的考生。"), N_("只有已受理且费用结清的考生可以编排。"), clause="四（六）"
        )
    return paid


def _hold_people(people: Sequence[tuple[int, str, int]]) -> None:
    identities = sorted(identity for _application, _name, identity in people)
    for start in range(0, len(identities), CHUNK):
        hold(Identity.objects.filter(pk__in=identities[start : start + CHUNK]).only("pk"))


def _not_elsewhere(
    people: Sequence[tuple[int, str, int]], times: Sequence[tuple[datetime, datetime]], extra: int
) -> None:
    identities = [identity for _application, _name, identity in people]
    for starts, ends in times:
        busy = queries.already_seated(identities, starts, ends + timedelta(minutes=extra))
        if busy:
            raise _busy(busy)


def _create(
    plan: Plan,
    subject: str,
    method: str,
    wanted: Sequence[tuple[PlanRow, int, datetime, datetime, bool]],
    rooms: Mapping[int, Room],
    seed: str,
    extra: int,
    now: datetime,
) -> list[Sitting]:
    """A sitting for each row in each room and session; the last flag: somebody there has more time."""
    try:
        with transaction.atomic():
            return Sitting.objects.bulk_create(
                [
                    Sitting(
                        plan=plan,
                        row=row,
                        subject=subject,
                        method=method,
                        room_id=room_id,
                        room_name=rooms[room_id].name,
                        per_row=rooms[room_id].per_row,
                        starts_at=starts,
                        ends_at=ends,
                        busy_until=ends + timedelta(minutes=extra) if longer else None,
                        seed=seed,
                        created_at=now,
                    )
                    for row, room_id, starts, ends, longer in wanted
                ],
                batch_size=CHUNK,
            )
    except IntegrityError:
        raise refuse(
            "sitting.room_taken",
            N_("考场刚刚被其他考试占用，没有编排。"),
            N_("请刷新页面后更换考场或时间。"),
            clause="四（六）",
        ) from None
