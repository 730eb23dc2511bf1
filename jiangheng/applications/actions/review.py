"""The body's review (三（一）): judged in bulk, accepted, returned for correction or not accepted with the clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from jiangheng.applications import queries
from jiangheng.applications.actions.judging import COLUMNS, Bench
from jiangheng.applications.models import Application
from jiangheng.journal.actions import action, move, move_many, record, send
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.eligibility import MET, NOT_MET
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bulk judgement did: how many accepted, not accepted, and left for a person to look at."""

    accepted: int
    not_accepted: int
    by_hand: int


def _reviewed(by: Person, application_id: int) -> Application:
    """The application, where ``by``'s body is the one that decides on it; ``application.not_yours`` (403)."""
    application = queries.get(by, application_id)
    body_id = application.body_id or (application.request.body_id if application.request else None)
    if by.organisation_id is None or body_id != by.organisation_id:
        raise Refusal(
            N_("这份申请不由您的机构审核。"),
            code="application.not_yours",
            clause="三（一）",
            remedy=N_("请由承办该计划的认定机构审核。"),
            status=403,
        )
    return application


@action("application.return")
def return_(
    *, by: Person, now: datetime, application_id: int, note: str, reasons: Sequence[str] = (), seen: int | None = None
) -> Application:
    """Send the form back for correction, with reasons from the list and words (三（一））."""
    application = _reviewed(by, application_id)
    moved = move(application, "return", by=by, now=now, note=_with(reasons, note), seen=seen)
    _tell(moved, by, now, N_("您的申请被退回补正"), _with(reasons, note))
    return moved


@action("application.accept")
def accept(*, by: Person, now: datetime, application_id: int, note: str = "", seen: int | None = None) -> Application:
    """Accept (三（一）). Not met is refused; an open question is accepted only with words saying what was looked at.

    Refusals: ``application.not_met`` (409), ``application.by_hand`` (422), ``application.not_yours`` (403).
    """
    application = _reviewed(by, application_id)
    updates = _rejudged(application, now) if application.state == "submitted" else {}
    if application.state == "submitted" and application.verdict == NOT_MET:
        raise not_met(application)
    if application.state == "submitted" and application.verdict != MET and not note.strip():
        raise Refusal(
            N_("该申请有条件尚无证据，须人工核对后受理，请写明核对了什么材料。"),
            code="application.by_hand",
            clause="三（一）",
            remedy=N_("例如：“已核对社保缴费记录，累计年限满5年”。证据不足的请退回补正。"),
            status=422,
        )
    moved = move(application, "accept", by=by, now=now, note=note, seen=seen, updates=updates)
    _tell(moved, by, now, N_("您的申请已受理"), note)
    return moved


def not_met(application: Application) -> Refusal:
    """Why an application whose conditions are not met cannot be accepted."""
    return Refusal(
        N_("不满足申报条件，不能受理：%(condition)s"),
        code="application.not_met",
        clause="三（一）",
        remedy=N_("不具备报考条件的不予受理；如考生另有符合的申报条件或材料，请退回补正。"),
        condition=application.judgement.get("clause", ""),
    )


@action("application.refuse")
def refuse(
    *, by: Person, now: datetime, application_id: int, note: str, reasons: Sequence[str] = (), seen: int | None = None
) -> Application:
    """Do not accept, with the reason and the condition that is not met (三（一））."""
    application = _reviewed(by, application_id)
    words = _with(reasons, note)
    moved = move(application, "refuse", by=by, now=now, note=words, seen=seen)
    _tell(moved, by, now, N_("您的申请不予受理"), words)
    return moved


def _with(reasons: Iterable[str], note: str) -> str:
    return "；".join([*(reason for reason in reasons if reason), *([note.strip()] if note.strip() else [])])


def _rejudged(application: Application, now: datetime) -> dict[str, Any]:
    before = application.judgement
    Bench(now).judge(application)
    return {} if application.judgement == before else {name: getattr(application, name) for name in COLUMNS}


def _tell(application: Application, by: Person, now: datetime, subject: str, words: str) -> None:
    """A notice to the candidate's account, where there is one, and to the organisation that entered them."""
    account = getattr(application.identity, "account", None)
    key = f"application:{application.pk}:{application.version}"
    body = f"{application.number} {application.occupation_name}　{words}".strip()
    if account is not None:
        send(
            key=f"{key}:person",
            channel="notice",
            now=now,
            subject=subject,
            body=body,
            to_account=account.pk,
            record=application,
        )
    if application.sponsor_id is not None and application.sponsor_id != by.organisation_id:
        send(key=f"{key}:sponsor", channel="notice", now=now, subject=subject,
             body=f"{application.name}　{body}", to_organisation=application.sponsor_id,
             record=application)  # fmt: skip


@action("application.judge")
def judge_all(*, by: Person, now: datetime, plan_id: int | None = None, request_id: int | None = None) -> Outcome:
    """Judge everything waiting in the body's own plan or assigned request: met → accepted, not met → not accepted with
    its clause, an open question or a mark → left for a look by hand (三（一））.

    Refusals: ``record.none`` (404), ``standard.none`` (409), ``record.stale`` (409).
    """
    batch, rows = _batch(by, now, plan_id, request_id)
    waiting = list(rows.filter(state="submitted").order_by("id"))
    _judge(waiting, by, now)
    good = [each for each in waiting if each.verdict == MET and not each.review]
    bad = [each for each in waiting if each.verdict == NOT_MET]
    move_many(good, "accept", by=by, now=now, note="")
    for text in sorted({each.judgement.get("clause", "") for each in bad}):
        those = [each for each in bad if each.judgement.get("clause", "") == text]
        move_many(those, "refuse", by=by, now=now, note=f"不满足申报条件：{text}")
    outcome = Outcome(len(good), len(bad), len(waiting) - len(good) - len(bad))
    if waiting:
        figures = {"accepted": outcome.accepted, "not_accepted": outcome.not_accepted, "by_hand": outcome.by_hand}
        record(batch, by=by, now=now, verb="application.judge", clause="三（一）", after=figures)
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
) -> int:
    """Accept those whose conditions are all met and that nothing marks, all of them or those named (三（一））."""
    batch, rows = _batch(by, now, plan_id, request_id)
    waiting = list(rows.filter(state="submitted").order_by("id"))
    if ids is not None:
        wanted = set(ids)
        waiting = [each for each in waiting if each.pk in wanted]
    _judge(waiting, by, now)
    good = [each for each in waiting if each.verdict == MET and not each.review]
    moved = move_many(good, "accept", by=by, now=now)
    if moved:
        record(batch, by=by, now=now, verb="application.accept_clean", clause="三（一）", after={"accepted": moved})
        _tell_sponsors(good, batch, by, now)
    return moved


def _batch(
    by: Person, now: datetime, plan_id: int | None, request_id: int | None
) -> tuple[Plan | Request, QuerySet[Application]]:
    rows = Application.objects.select_related("plan", "request")
    if plan_id is not None:
        plan = queries.own_plan(by, plan_id)
        if plan.request_id is not None:
            _bind(plan, by, now)
        return plan, rows.filter(plan_id=plan.pk)
    request = queries.assigned_request(by, request_id or 0)
    plan_made = queries.plan_of(request)
    if plan_made is not None and plan_made.body_id == by.organisation_id:
        _bind(plan_made, by, now)
    return request, rows.filter(request_id=request.pk)


def _judge(rows: Sequence[Application], by: Person, now: datetime) -> None:
    """Judge again with the law of the day; only what changed is written and noted."""
    bench, changed = Bench(now), []
    for row in rows:
        before, was = row.judgement, row.verdict
        bench.judge(row)
        if row.judgement != before:
            changed.append(row)
            record(row, by=by, now=now, verb="application.judge", clause="三（一）",
                   before={"verdict": was}, after={"verdict": row.verdict, "law_version": row.law_version})  # fmt: skip
    Application.objects.bulk_update(changed, COLUMNS, batch_size=CHUNK)


def _tell_sponsors(rows: Sequence[Application], batch: Plan | Request, by: Person, now: datetime) -> None:
    for sponsor in sorted({row.sponsor_id for row in rows if row.sponsor_id} - {by.organisation_id}):
        those = [row for row in rows if row.sponsor_id == sponsor]
        accepted = sum(row.state == "accepted" for row in those)
        refused = sum(row.state == "not_accepted" for row in those)
        left = len(those) - accepted - refused
        send(
            key=f"judged:{batch._meta.model_name}:{batch.pk}:{sponsor}:{now.isoformat()}",
            channel="notice",
            now=now,
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
        raise Refusal(
            N_("该计划不是为这份安排申请制定的，不能并入。"),
            code="application.other_plan",
            clause="三（四）",
            remedy=N_("请先在计划中选定对应的安排申请。"),
        )
    return _bind(plan, by, now)


def _bind(plan: Plan, by: Person, now: datetime) -> int:
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
        raise Refusal(
            N_("安排申请中有考生已单独报名同一计划的相同职业和等级，未并入。"),
            code="application.duplicate",
            clause="三（一）",
            remedy=N_("请先处理该计划中重复的个人申请，再并入。"),
        ) from None
    for row in rows:
        row.plan, row.body_id = plan, plan.body_id
        record(row, by=by, now=now, verb="application.bind", clause="三（四）",
               before={"plan": None}, after={"plan": plan.number})  # fmt: skip
    return len(rows)
