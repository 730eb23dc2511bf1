"""Another day, place, hour or number of people for an accepted plan (三（三）): asked by its body, agreed by the centre."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.bodies import queries as bodies
from jiangheng.journal.actions import action, move, record
from jiangheng.plans import checks, guards, queries
from jiangheng.plans.actions.numbers_and_notices import changed, own, tell, tell_centre
from jiangheng.plans.actions.parties import call_off, tell_parties, tell_people
from jiangheng.plans.models import Plan, PlanChange, PlanRow
from jiangheng.rules import codes
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day, local_moment
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import SYSTEM, Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

MOST_PEOPLE = 10_000
LATE = N_("已过申请期限。确因停电等情况不能如期考核的，请书面报市鉴定中心，由中心取消计划后另行报送。")
WORDS = {"postpone": "改期", "change": "变更"}


@action("plan_change.propose")
def propose_change(
    *,
    by: Person,
    now: datetime,
    plan_id: int,
    reason: str,
    exam_on: date,
    registration_ends_at: datetime,
    venue_id: int,
    rows: Mapping[int, Mapping[str, Any]] | None = None,
    seen: int | None = None,
) -> PlanChange:
    """Ask for another day, place, hours or numbers: ``rows`` is ``{row_id: {"headcount", "subjects"}}``.

    A row left out keeps its numbers, its hours moving with the day. Refusals: ``plan_change.state``, ``.waiting``,
    ``plan_change.day_reached`` (409), ``plan_change.same``, ``.reason``, ``.headcount`` (422), ``deadline.late`` (422) by the clock
    of the change or of the new day, and those of ``checks.of_plan`` for the plan as it would become.
    """
    plan = queries.get(by, plan_id)
    own(by, plan.body_id, "三（三）")
    if refusal := guards.not_open(plan, now):
        raise refusal
    if plan.changes.filter(state="submitted").exists():
        raise _waiting()
    if seen is not None and seen != plan.version:
        changed(plan, seen, {})
    venue = bodies.venue(by, venue_id)
    standing = queries.rows_of(plan.pk)
    before = _facts(plan, standing)
    after = {
        "exam_on": exam_on.isoformat(),
        "registration_ends_at": local_moment(registration_ends_at).isoformat(),
        "venue_id": venue.pk,
        "venue": venue.name,
        "rows": _rows(standing, rows or {}, exam_on - plan.exam_on),
    }
    if after == before:
        raise refuse(
            "plan_change.same",
            N_("没有改动任何内容。"),
            N_("请修改日期、场地、时间或人数后再提交。"),
            clause="三（三）",
            status=422,
        )
    if not reason.strip():
        raise refuse(
            "plan_change.reason",
            N_("请填写改期或变更的理由。"),
            N_("理由会告知市鉴定中心和相关考生。"),
            clause="三（三）",
            status=422,
        )
    kind = "postpone" if exam_on != plan.exam_on else "change"
    calendar, law = values.calendar(), values.law(local_day(now))
    day = checks.filed_on(now, calendar, law)
    clock = deadlines.plan_postponed if kind == "postpone" else deadlines.plan_changed
    deadlines.check_in_time(clock(plan.exam_on, calendar, law), day, calendar, remedy=LATE)
    _require_lawful(plan, after, day, new_day=kind == "postpone")
    try:
        with transaction.atomic():
            made = PlanChange.objects.create(
                plan=plan,
                kind=kind,
                values=after,
                before=before,
                reason=reason.strip()[:1000],
                filed_on=day,
                created_at=now,
            )
    except IntegrityError:
        raise _waiting() from None
    record(made, note=made.reason, before=before, after=after)
    subject = f"{plan.body.name}申请{WORDS[kind]}认定计划{plan.number}"
    tell_centre(made, subject, made.reason)
    if plan.request_id is not None:
        tell(made, queries.sponsor_of(plan.request_id), subject, made.reason)
    return made


@action("plan_change.approve")
def approve_plan_change(
    *, by: Person, now: datetime, change_id: int, note: str = "", seen: int | None = None
) -> PlanChange:
    """Agree: the plan takes the new values, sittings arranged for the old ones are cancelled, everybody is told.

    Refusals: ``plan_change.state``, ``plan_change.day_reached`` (409), those of ``checks.of_plan`` that turned up meanwhile.
    """
    change = queries.change(by, change_id)
    plan = change.plan
    change = move(change, "approve", note=note, seen=seen)
    day = local_day(now)
    proposed, rows = _require_lawful(plan, change.values, day, new_day=False)
    calendar, law = values.calendar(), values.law(day)
    facts = {
        "exam_on": proposed.exam_on,
        "registration_ends_at": proposed.registration_ends_at,
        "venue_id": proposed.venue_id,
        "deadline_on": checks.plan_deadline(plan.body.kind, proposed.exam_on, calendar, law).last_day,
        "filed_on": change.filed_on,
        "notice_workdays": calendar.between(change.filed_on, proposed.exam_on),
    }
    moved = _moves_rooms(change)
    changed(plan, None, facts)
    PlanRow.objects.bulk_update(rows, ["headcount", "subjects"])
    words = WORDS[change.kind]
    record(plan, note=change.reason, before=change.before, after={**change.values, "filed_on": change.filed_on})
    plan = queries.get(by, plan.pk)
    cancelled = call_off(plan, f"认定计划{plan.number}{words}：{change.reason}") if moved else 0
    PlanChange.objects.filter(pk=change.pk).update(sittings_cancelled=cancelled)
    change.refresh_from_db()
    body = summary(change)
    if cancelled:
        body += f"已编排的{cancelled}个场次取消，座位和考场以重新编排后的准考证为准。"
    tell_parties(plan, f"认定计划{plan.number}{words}已同意", body)
    tell_people(plan, f"{plan.title}{words}", body)
    return change


@action("plan_change.refuse")
def refuse_plan_change(*, by: Person, now: datetime, change_id: int, note: str, seen: int | None = None) -> PlanChange:
    """Do not agree, with the reason; the plan stands as it was (三（三）)."""
    change = move(queries.change(by, change_id), "refuse", note=note, seen=seen)
    subject = f"认定计划{change.plan.number}{WORDS[change.kind]}未获同意"
    tell(change, change.plan.body_id, subject, note)
    if change.plan.request_id is not None:
        tell(change, queries.sponsor_of(change.plan.request_id), subject, note)
    return change


@action("plan_change.withdraw")
def withdraw_plan_change(
    *, by: Person, now: datetime, change_id: int, note: str = "", seen: int | None = None
) -> PlanChange:
    """Take the request back before the centre decides (三（三）)."""
    change = queries.change(by, change_id)
    change = move(change, "withdraw", note=note, seen=seen)
    tell_centre(change, f"{change.plan.body.name}撤回了计划{WORDS[change.kind]}申请", note)
    return change


def drop_waiting(plan: Plan) -> None:
    """A plan given up needs no decision on its change any more."""
    for change in plan.changes.filter(state="submitted"):
        move(change, "withdraw", by=SYSTEM, note="计划已取消")


def summary(change: PlanChange) -> str:
    """What is and what was, in one sentence per matter, for notices."""
    before, after = change.before, change.values
    lines = []
    if before["exam_on"] != after["exam_on"]:
        lines.append(f"考核日期由{before['exam_on']}改为{after['exam_on']}。")
    if before["venue_id"] != after["venue_id"]:
        lines.append(f"考核场地由{before['venue']}改为{after['venue']}。")
    elif _hours(before) != _hours(after) and before["exam_on"] == after["exam_on"]:
        lines.append("考核时间有调整。")
    return "".join(lines) + f"理由：{change.reason}。"


def _waiting() -> Refusal:
    return refuse(
        "plan_change.waiting",
        N_("这项计划已有一件改期或变更申请等待同意。"),
        N_("请等待市鉴定中心办理，或先撤回原申请。"),
        clause="三（三）",
    )


def _facts(plan: Plan, rows: list[PlanRow]) -> dict[str, Any]:
    return {
        "exam_on": plan.exam_on.isoformat(),
        "registration_ends_at": local_moment(plan.registration_ends_at).isoformat(),
        "venue_id": plan.venue_id,
        "venue": plan.venue.name,
        "rows": {str(row.pk): {"headcount": row.headcount, "subjects": list(row.subjects)} for row in rows},
    }


def _rows(
    standing: list[PlanRow], given: Mapping[int, Mapping[str, Any]], shift: timedelta
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in standing:
        typed = given.get(row.pk, {})
        headcount = int(typed.get("headcount", row.headcount))
        accepted = row.plan.applications.filter(
            state="accepted", occupation_code=row.occupation_code, level=row.level, job=row.job
        ).count()
        if not 0 < headcount <= MOST_PEOPLE or headcount < accepted:
            raise refuse(
                "plan_change.headcount",
                N_("“%(occupation)s”%(level)s已受理%(accepted)s人，计划人数不能改为%(headcount)s。"),
                N_("计划人数不能少于已受理的考生，且不超过10000。"),
                clause="三（三）",
                status=422,
                occupation=row.occupation_name,
                level=codes.level_name(row.level),
                accepted=accepted,
                headcount=headcount,
            )
        subjects = typed.get("subjects") or [
            {**each, "starts_at": (datetime.fromisoformat(each["starts_at"]) + shift).isoformat()}
            for each in row.subjects
        ]
        found[str(row.pk)] = {"headcount": headcount, "subjects": subjects}
    return found


def _require_lawful(plan: Plan, facts: Mapping[str, Any], day: date, *, new_day: bool) -> tuple[Plan, list[PlanRow]]:
    """The plan and rows as they would become, when nothing stands in the way; the filing clock only for a new day."""
    proposed = copy.copy(plan)
    proposed.exam_on = date.fromisoformat(facts["exam_on"])
    proposed.registration_ends_at = datetime.fromisoformat(facts["registration_ends_at"])
    proposed.venue_id = facts["venue_id"]
    rows = queries.rows_of(plan.pk)
    for row in rows:
        asked = facts["rows"].get(str(row.pk), {})
        row.headcount, row.subjects = asked.get("headcount", row.headcount), asked.get("subjects", row.subjects)
    calendar, law = values.calendar(), values.law(day)
    for check in checks.of_plan(proposed, day=day, calendar=calendar, law=law, rows=rows):
        if check.refusal is not None and (new_day or check.label != checks.FILING_DEADLINE):
            raise check.refusal
    return proposed, rows


def _hours(facts: Mapping[str, Any]) -> list[Any]:
    return [row["subjects"] for _key, row in sorted(facts["rows"].items())]


def _moves_rooms(change: PlanChange) -> bool:
    """True where seats arranged so far no longer hold: another day, place or hour."""
    before, after = change.before, change.values
    return before["venue_id"] != after["venue_id"] or _hours(before) != _hours(after)
