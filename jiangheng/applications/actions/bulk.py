"""Many applications at once (三（一）): judged, the clean ones accepted, a request's joined to its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from jiangheng.applications import queries
from jiangheng.applications.actions.clientele import outside_service
from jiangheng.applications.actions.flags import held, look, missing
from jiangheng.applications.actions.judging import COLUMNS, Bench
from jiangheng.applications.models import Application
from jiangheng.applications.queries import desk, guards
from jiangheng.journal.actions import action, move_many, record, send
from jiangheng.plans import checks
from jiangheng.plans.models import Plan, Request
from jiangheng.rules import flows
from jiangheng.rules.applications import review
from jiangheng.rules.conditions.eligibility import NOT_MET
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

CHUNK = 500
LISTED = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bulk judgement did: how many accepted (or passed to the second review), not accepted, left for a look."""

    accepted: int
    not_accepted: int
    by_hand: int
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """An application a bulk acceptance did not take, and why."""

    number: str
    name: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What a bulk acceptance did: the numbers accepted, those passed to the second review, and those left with why."""

    accepted: tuple[str, ...]
    passed: tuple[str, ...]
    left: tuple[Left, ...]


OUTSIDE = N_("考核当天不在本校学生、本单位员工名单中")
TOO_OFTEN = N_("补考次数已满，须按新考报名")
OWN_FIRST = N_("由您初审，须另一人复核")


@action("application.judge")
def judge_all(*, by: Person, now: datetime, plan_id: int | None = None, request_id: int | None = None) -> Outcome:
    """Judge everything waiting in the body's own plan or assigned request: met → accepted, not met → not accepted with
    its clause, an open question or a mark → left for a look by hand (三（一））.

    Refusals: ``record.none`` (404), ``standard.none`` (409), ``record.stale`` (409).
    """
    batch, rows = _batch(by, now, plan_id, request_id)
    waiting = list(rows.filter(state="submitted").order_by("id"))
    _judge(waiting, by, now)
    outside = outside_service(waiting, now)
    good = [each for each in waiting if each.standing == review.CLEAN and each.pk not in outside]
    good = [each for each in good if guards.makeup(each, now) is None]
    bad = [each for each in waiting if each.verdict == NOT_MET]
    verb = _through(good, by, now)
    for text in sorted({each.judgement.get("clause", "") for each in bad}):
        those = [each for each in bad if each.judgement.get("clause", "") == text]
        move_many(those, "refuse", note=f"不满足申报条件：{text}")
    accepted = len(good) if verb == "accept" else 0
    outcome = Outcome(accepted, len(bad), len(waiting) - len(good) - len(bad), len(good) - accepted)
    if waiting:
        figures = {
            "accepted": outcome.accepted,
            "not_accepted": outcome.not_accepted,
            "by_hand": outcome.by_hand,
            "passed": outcome.passed,
        }
        record(batch, after=figures)
        _tell_sponsors(waiting, batch, by, now)
    return outcome


@action("application.accept_clean")
def accept_clean(
    *,
    by: Person,
    now: datetime,
    plan_id: int | None = None,
    request_id: int | None = None,
    ids: Sequence[int] | None = None,
) -> Bulk:
    """Accept the clean ones among those waiting, all of them or those named; the rest are listed with why (三（一）).

    Clean is what ``rules.review.standing`` says. At two levels the first review passes them on and another
    person's acceptance ends it. Refusals: ``record.none`` (404), ``standard.none``, ``record.stale`` (409).
    """
    batch, rows = _batch(by, now, plan_id, request_id)
    waiting = list(rows.filter(state__in=flows.states("application", "waiting")).order_by("id"))
    if ids is not None:
        wanted = set(ids)
        waiting = [each for each in waiting if each.pk in wanted]
    _judge(waiting, by, now)
    lacking, outside = _missing(waiting), outside_service(waiting, now)
    left, fresh, second = [], [], []
    for each in waiting:
        found = review.standing(each.verdict, each.flags, lacking[each.pk])
        if found.name != review.CLEAN:
            left.append(Left(each.number, each.name, found.why))
        elif each.pk in outside:
            left.append(Left(each.number, each.name, (OUTSIDE,)))
        elif guards.makeup(each, now) is not None:
            left.append(Left(each.number, each.name, (TOO_OFTEN,)))
        elif each.state == "submitted":
            fresh.append(each)
        elif each.first_reviewed_by_id == by.account_id:
            left.append(Left(each.number, each.name, (OWN_FIRST,)))
        else:
            second.append(each)
    verb = _through(fresh, by, now)
    move_many(second, "accept")
    accepted = tuple(each.number for each in (*(fresh if verb == "accept" else ()), *second))
    passed = tuple(each.number for each in (fresh if verb == "pass" else ()))
    if waiting:
        record(
            batch,
            after={
                "accepted": len(accepted),
                "passed": len(passed),
                "numbers": [*accepted, *passed][:LISTED],
                "left": [[each.number, list(each.why)] for each in left[:LISTED]],
                "left_count": len(left),
            },
        )
    if accepted:
        _tell_sponsors([*fresh, *second], batch, by, now)
    return Bulk(accepted, passed, tuple(left))


def _through(rows: Sequence[Application], by: Person, now: datetime) -> str:
    """Accept, or pass to the second review where the body reviews at two levels; returns which."""
    if desk.levels(by.organisation_id, local_day(now)) == 1:
        move_many(rows, "accept")
        return "accept"
    move_many(rows, "pass")
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), CHUNK):
        Application.objects.filter(pk__in=keys[start : start + CHUNK]).update(first_reviewed_by_id=by.account_id)
    return "pass"


def _missing(rows: Sequence[Application]) -> dict[int, list[str]]:
    kinds = held([row.pk for row in rows])
    return {row.pk: missing(row, kinds.get(row.pk, ())) for row in rows}


def _batch(
    by: Person, now: datetime, plan_id: int | None, request_id: int | None
) -> tuple[Plan | Request, QuerySet[Application]]:
    rows = Application.objects.select_related("plan", "request", "body", "sponsor")
    if plan_id is not None:
        plan = queries.own_plan(by, plan_id)
        checks.require_filed(plan, now)
        if plan.request_id is not None:
            _bind(plan)
        return plan, rows.filter(plan_id=plan.pk)
    request = queries.assigned_request(by, request_id or 0)
    checks.require_request_filed(request, now)
    plan_made = queries.plan_of(request)
    if plan_made is not None and plan_made.body_id == by.organisation_id:
        _bind(plan_made)
    return request, rows.filter(request_id=request.pk)


def _judge(rows: Sequence[Application], by: Person, now: datetime) -> None:
    """Judge again with the law of the day; only what changed is written and noted."""
    bench, changed = Bench(now), []
    for row in rows:
        before, was = row.judgement, row.verdict
        bench.judge(row)
        if row.judgement != before:
            changed.append(row)
            record(
                row,
                verb="application.judge",
                before={"verdict": was},
                after={"verdict": row.verdict, "law_version": row.law_version},
            )
    Application.objects.bulk_update(changed, COLUMNS, batch_size=CHUNK)
    look(by=by, now=now, ids=[row.pk for row in rows])
    fresh = desk.standings([row.pk for row in rows])
    for row in rows:
        row.flags, row.standing = fresh[row.pk]


def _tell_sponsors(rows: Sequence[Application], batch: Plan | Request, by: Person, now: datetime) -> None:
    for sponsor in sorted({row.sponsor_id for row in rows if row.sponsor_id} - {by.organisation_id}):
        those = [row for row in rows if row.sponsor_id == sponsor]
        accepted = sum(row.state == "accepted" for row in those)
        refused = sum(row.state == "not_accepted" for row in those)
        left = len(those) - accepted - refused
        send(
            key=f"judged:{batch._meta.model_name}:{batch.pk}:{sponsor}:{now.isoformat()}",
            channel="notice",
            subject=N_("报名审核结果"),
            body=f"{batch.number}：受理 {accepted} 人，不予受理 {refused} 人，待人工核对 {left} 人。",
            to_organisation=sponsor,
            record=batch,
        )


@action("application.bind")
def bind_to_plan(*, by: Person, now: datetime, request_id: int, plan_id: int) -> int:
    """Attach a request's applications to the plan its assigned body made (三（四）, 三（三）); returns how many.

    Refusals: ``record.none`` (404), ``application.other_plan`` (409), ``application.duplicate`` (409).
    """
    plan = queries.own_plan(by, plan_id)
    if plan.request_id != request_id:
        raise refuse(
            "application.other_plan",
            N_("该计划不是为这份安排申请制定的，不能并入。"),
            N_("请先在计划中选定对应的安排申请。"),
            clause="三（四）",
        )
    return _bind(plan)


def _bind(plan: Plan) -> int:
    rows = list(queries.of_request(plan.request_id or 0).filter(plan=None))
    if not rows:
        return 0
    try:
        with transaction.atomic():
            for start in range(0, len(rows), CHUNK):
                chunk = [row.pk for row in rows[start : start + CHUNK]]
                Application.objects.filter(pk__in=chunk, plan=None).update(
                    plan=plan, body_id=plan.body_id, version=F("version") + 1
                )
    except IntegrityError:
        raise refuse(
            "application.applied_alone",
            N_("安排申请中有考生已单独报名同一计划的相同职业和等级，未并入。"),
            N_("请先处理该计划中重复的个人申请，再并入。"),
            clause="三（一）",
        ) from None
    for row in rows:
        row.plan, row.body_id = plan, plan.body_id
        record(row, verb="application.bind", before={"plan": None}, after={"plan": plan.number})
    return len(rows)
