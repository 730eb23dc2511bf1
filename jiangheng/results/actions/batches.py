"""A batch of results on its way: collected, entered, confirmed by a second person, published, reported, reviewed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.exam_day import queries as exam_day_queries
from jiangheng.journal.actions import action, move, record, send
from jiangheng.results import guards, queries
from jiangheng.results.models import MarkHistory, Result, ResultBatch
from jiangheng.rules import flows
from jiangheng.rules.conditions.evidence import canonical_json
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import scoring
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

CHUNK = 500
VOID_ALL = ("C", "D")


def own(batch: ResultBatch, by: Person) -> ResultBatch:
    """The batch where it belongs to the person's body; Refusal ``results.owner`` (403)."""
    if refusal := guards.not_owner(by, batch):
        raise refusal
    return batch


@action("results.collect")
def collect(*, by: Person, now: datetime, plan_id: int) -> ResultBatch:
    """Gather every candidate's marks of a plan once all its sittings are recorded: 四（八）.

    Refusals (409): ``results.plan_state``, ``results.collected``, ``results.no_sittings``,
    ``results.sittings_open``, ``results.no_candidates``; those of the marks themselves.
    """
    plan = queries.plan_for(by, plan_id)
    _collectable(plan, by)
    try:
        with transaction.atomic():
            batch = ResultBatch.objects.create(plan=plan, body_id=plan.body_id, created_at=now)
    except IntegrityError:
        raise _collected() from None
    law = values.law(plan.exam_on)
    applications = list(plan.applications.filter(state="accepted").order_by("id"))
    if not applications:
        raise refuse(
            "results.no_candidates",
            N_("这个计划没有已受理的考生，不能汇总成绩。"),
            N_("请核对报名受理情况；计划不再实施的，请取消计划。"),
            clause="四（八）",
        )
    marks = {
        "theory": exam_day_queries.theory_marks(plan, law),
        "skill": exam_day_queries.practical_marks(plan, law),
        "review": exam_day_queries.practical_marks(plan, law, "review"),
    }
    rows = [_result(batch, each, marks, law) for each in applications]
    Result.objects.bulk_create(rows, batch_size=CHUNK)
    history = [
        MarkHistory(
            result=row,
            subject=subject,
            mark=getattr(row, subject),
            at=now,
            source="absent" if subject in row.absent else "voided" if subject in row.voided else "collected",
        )
        for row in rows
        for subject in queries.required(row)
        if getattr(row, subject) is not None or subject in row.absent or subject in row.voided
    ]
    MarkHistory.objects.bulk_create(history, batch_size=CHUNK)
    record(
        batch, after={"candidates": len(rows), "passed": sum(row.passed for row in rows), "marks_digest": _digest(rows)}
    )
    return batch


def _collectable(plan: Any, by: Person) -> None:
    if plan.body_id != by.organisation_id:
        raise refuse(
            "results.plan_owner",
            N_("这个计划不由您所在的认定机构实施，不能汇总成绩。"),
            N_("请由组织实施的认定机构办理。"),
            clause="四（八）",
            status=403,
        )
    if ResultBatch.objects.filter(plan=plan).exists():
        raise _collected()
    if plan.state not in flows.FLOWS["plan"].live:
        raise refuse(
            "results.plan_state",
            N_("认定计划尚未受理或已经取消，不能汇总成绩。"),
            N_("请核对计划状态。"),
            clause="四（八）",
        )
    states = list(plan.sittings.exclude(state="cancelled").values_list("state", flat=True))
    if not states:
        raise refuse(
            "results.no_sittings",
            N_("这个计划还没有考试场次，不能汇总成绩。"),
            N_("请先完成考务编排并组织考试。"),
            clause="四（八）",
        )
    waiting = sum(state != "recorded" for state in states)
    if waiting:
        raise refuse(
            "results.sittings_open",
            N_("还有%(waiting)s个场次没有签署考场记录，不能汇总成绩。"),
            N_("请监考人员或考评员结束考试并由两人签署考场记录后再汇总。"),
            clause="四（八）",
            waiting=waiting,
        )


def _collected() -> Refusal:
    return refuse(
        "results.collected", N_("这个计划的成绩已经汇总过。"), N_("请打开已有的成绩批次继续办理。"), clause="四（八）"
    )


def _result(
    batch: ResultBatch, application: Any, marks: dict[str, dict[int, exam_day_queries.SubjectMark]], law: Law
) -> Result:
    """A candidate's marks as they came from the rooms; irregularities of tiers C and D void every subject."""
    row = Result(batch=batch, application=application)
    given = {subject: marks[subject].get(application.pk) for subject in queries.required(row)}
    all_void = any(each is not None and each.tier in VOID_ALL for each in given.values())
    for subject, each in given.items():
        if each is not None:
            setattr(row, subject, each.mark)
            if each.absent:
                row.absent.append(subject)
        if all_void or (each is not None and each.tier):
            row.voided.append(subject)
    row.passed = scoring.outcome(queries.standing_marks(row), queries.required(row), law).passed
    return row


def _digest(rows: list[Result]) -> str:
    """One hash over every mark, so that the journal fixes them without telling them."""
    marks = [[row.application_id, *(getattr(row, subject) for subject in queries.SUBJECTS)] for row in rows]
    return hashlib.sha256(canonical_json(marks)).hexdigest()


@action("result_batch.enter")
def enter(*, by: Person, now: datetime, batch_id: int, note: str = "", seen: int | None = None) -> ResultBatch:
    """Hand the collected results in for a second person's confirmation: 四（八）.

    Refusal ``results.missing`` (409) while a mark is neither given nor missed nor voided.
    """
    batch = queries.get(by, batch_id)
    return move(batch, "enter", note=note, seen=seen, updates={"entered_by_id": by.account_id, "confirmed_by_id": None})


@action("result_batch.reopen")
def reopen(*, by: Person, now: datetime, batch_id: int, note: str = "", seen: int | None = None) -> ResultBatch:
    """Send entered results back to be collected again, with a reason: 四（八）."""
    batch = queries.get(by, batch_id)
    return move(batch, "reopen", note=note, seen=seen)


@action("result_batch.confirm")
def confirm(*, by: Person, now: datetime, batch_id: int, note: str = "", seen: int | None = None) -> ResultBatch:
    """A second person confirms what another entered: 四（八）. Refusal ``results.two_persons`` (403)."""
    batch = queries.get(by, batch_id)
    return move(batch, "confirm", note=note, seen=seen, updates={"confirmed_by_id": by.account_id})


@action("result_batch.publish")
def publish(*, by: Person, now: datetime, batch_id: int, note: str = "", seen: int | None = None) -> ResultBatch:
    """Put the results on public notice for five working days: 四（八）."""
    batch = queries.get(by, batch_id)
    today = local_day(now)
    ends = deadlines.publicity(today, values.calendar(), values.law(today)).counted
    batch = move(batch, "publish", note=note, seen=seen, updates={"published_on": today, "publicity_ends_on": ends.day})
    _tell(batch, today, ends)
    return batch


def _tell(batch: ResultBatch, today: date, ends: CountedDay) -> None:
    """A notice to every candidate with an account and every organisation that sent candidates."""
    subject = f"{batch.plan.title}成绩公示"
    body = f"成绩自{today}起公示至{ends}，如有异议请在公示期内提出。"
    accounts = batch.results.exclude(application__identity__account=None).values_list(
        "application__identity__account", flat=True
    )
    sponsors = batch.results.exclude(application__sponsor=None).values_list("application__sponsor_id", flat=True)
    for account_id in accounts:
        send(
            key=f"published:{batch.pk}:{today}:account:{account_id}",
            channel="notice",
            subject=subject,
            body=body,
            to_account=account_id,
            record=batch,
        )
    for organisation_id in sponsors.distinct().order_by():
        send(
            key=f"published:{batch.pk}:{today}:organisation:{organisation_id}",
            channel="notice",
            subject=subject,
            body=body,
            to_organisation=organisation_id,
            record=batch,
        )


@action("result_batch.report")
def report(*, by: Person, now: datetime, batch_id: int, note: str = "", seen: int | None = None) -> ResultBatch:
    """Report the results to the centre once publicity is over and no objection is open: 四（八）.

    Refusals (409): ``results.publicity_open``, ``results.objections_open``, ``results.amendments_open``.
    """
    batch = queries.get(by, batch_id)
    today = local_day(now)
    return move(batch, "report", note=note, seen=seen, updates={"reported_on": today})


@action("result_batch.return")
def return_(*, by: Person, now: datetime, batch_id: int, note: str = "", seen: int | None = None) -> ResultBatch:
    """The centre sends reported results back with a reason: 四（八）."""
    batch = queries.get(by, batch_id)
    batch = move(batch, "return", note=note, seen=seen)
    send(
        key=f"returned:{batch.pk}:{batch.version}",
        channel="notice",
        subject=f"{batch.plan.title}成绩被退回",
        body=note,
        to_organisation=batch.body_id,
        record=batch,
    )
    return batch


@action("result_batch.approve")
def approve(*, by: Person, now: datetime, batch_id: int, note: str = "", seen: int | None = None) -> ResultBatch:
    """The centre approves reported results, after which numbers may be given: 四（八）."""
    batch = queries.get(by, batch_id)
    batch = move(batch, "approve", note=note, seen=seen, updates={"approved_on": local_day(now)})
    send(
        key=f"approved:{batch.pk}:{batch.version}",
        channel="notice",
        subject=f"{batch.plan.title}成绩审核通过",
        body="市鉴定中心将生成证书号。",
        to_organisation=batch.body_id,
        record=batch,
    )
    return batch
