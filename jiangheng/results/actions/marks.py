"""Marks typed by hand, and changes of marks: asked for by one person, decided by another, the old value kept."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from jiangheng.journal.actions import action, record, stale
from jiangheng.results import queries
from jiangheng.results.actions.batches import own
from jiangheng.results.models import Amendment, MarkHistory, Objection, Result, ResultBatch
from jiangheng.rules import flows
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import scoring
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

REASON_LONGEST = 200


@action("results.enter_mark")
def enter_mark(
    *,
    by: Person,
    now: datetime,
    result_id: int,
    subject: str,
    mark: str | Decimal | None,
    absent: bool = False,
    reason: str = "",
    seen: int | None = None,
) -> Result:
    """Type a mark of a review or correct one while the batch is collected; every value stays in the history: 四（八）.

    ``mark`` None with ``absent`` records an absence. Refusals: ``mark.invalid``, ``mark.subject``, ``mark.reason``
    (422), ``mark.closed``, ``record.stale`` (409).
    """
    result = queries.result(by, result_id)
    own(result.batch, by)
    if result.batch.state not in flows.states("result_batch", "collecting"):
        raise refuse(
            "mark.closed",
            N_("这批成绩已提交复核，不能再直接登记。"),
            N_("复核前可退回重新汇总；公示期内请按异议程序申请更正。"),
            clause="四（八）",
        )
    if seen is not None and seen != result.version:
        raise stale()
    law = values.law(result.batch.plan.exam_on)
    _sits(result, subject)
    value = None if absent else scoring.check_mark("" if mark is None else mark, law)
    old = getattr(result, subject)
    touched = old is not None or subject in result.absent or subject in result.voided
    if touched and not reason.strip():
        raise refuse(
            "mark.reason",
            N_("更改已有的成绩须写明理由。"),
            N_("请写明更正依据，例如评分表编号。"),
            clause="四（八）",
            status=422,
        )
    if subject in result.voided:
        raise refuse(
            "mark.voided",
            N_("该科目因违纪作废，不能登记成绩。"),
            N_("如处理有误，请先更正考场情况登记。"),
            clause="四（八）",
        )
    before = {subject: old, "absent": list(result.absent)}
    _set(result, subject, value, absent=absent)
    _keep(result, subject, value, "entered", reason, by=by, now=now)
    record(
        result.batch,
        note=reason[:REASON_LONGEST],
        before={"result": result.pk, **before},
        after={"result": result.pk, subject: value, "absent": result.absent},
    )
    return result


def _sits(result: Result, subject: str) -> None:
    if subject not in queries.required(result):
        raise refuse(
            "mark.subject",
            N_("该考生没有申报这个科目。"),
            N_("请核对考生申报的考核科目。"),
            clause="四（八）",
            status=422,
        )


def _set(result: Result, subject: str, value: Decimal | None, *, absent: bool) -> None:
    """Put the standing mark by compare-and-set; the outcome follows from it."""
    law = values.law(result.batch.plan.exam_on)
    version = result.version
    setattr(result, subject, value)
    result.absent = [each for each in result.absent if each != subject] + ([subject] if absent else [])
    result.passed = scoring.outcome(queries.standing_marks(result), queries.required(result), law).passed
    changed = Result.objects.filter(pk=result.pk, version=version).update(
        **{subject: value}, absent=result.absent, passed=result.passed, version=F("version") + 1
    )
    if changed == 0:
        raise stale()
    result.version = version + 1


def _keep(
    result: Result, subject: str, value: Decimal | None, source: str, reason: str, *, by: Person, now: datetime
) -> None:
    MarkHistory.objects.create(
        result=result,
        subject=subject,
        mark=value,
        source=source,
        reason=reason.strip()[:REASON_LONGEST],
        by_account_id=by.account_id,
        at=now,
    )


@action("amendment.request")
def request_amendment(
    *,
    by: Person,
    now: datetime,
    result_id: int,
    subject: str,
    mark: str | Decimal,
    reason: str,
    objection_id: int | None = None,
) -> Amendment:
    """Ask for a mark to be changed; nothing changes until a second person agrees: 四（八）.

    Refusals: ``amendment.state``, ``amendment.certificate``, ``amendment.waiting``, ``amendment.same`` (409),
    ``amendment.reason``, ``mark.invalid``, ``mark.subject`` (422).
    """
    result = queries.result(by, result_id)
    if by.role is Role.BODY:
        own(result.batch, by)
    objection = queries.objection(by, objection_id) if objection_id is not None else None
    _changeable(result)
    _sits(result, subject)
    value = scoring.check_mark(mark, values.law(result.batch.plan.exam_on))
    old = getattr(result, subject)
    if not reason.strip():
        raise refuse(
            "amendment.reason",
            N_("申请更正成绩须写明理由。"),
            N_("请写明核查结果和更正依据。"),
            clause="四（八）",
            status=422,
        )
    if value == old:
        raise refuse("amendment.same", N_("更正后的成绩与现有成绩相同。"), N_("请核对后重新填写。"), clause="四（八）")
    try:
        with transaction.atomic():
            amendment = Amendment.objects.create(
                result=result,
                objection=objection,
                subject=subject,
                old_mark=old,
                new_mark=value,
                reason=reason.strip()[:REASON_LONGEST],
                requested_by_id=by.account_id or 0,
                requested_at=now,
            )
    except IntegrityError:
        raise refuse(
            "amendment.waiting",
            N_("该科目已有一项更正等待决定。"),
            N_("请先由第二人对前一项更正作出决定。"),
            clause="四（八）",
        ) from None
    record(amendment, note=amendment.reason, before={subject: old}, after={"result": result.pk, subject: value})
    _on_batch(amendment, amendment.reason)
    return amendment


def _changeable(result: Result) -> None:
    """A mark may change by request during publicity, or after approval while no certificate stands."""
    if result.batch.state not in flows.states("result_batch", "amendable"):
        raise refuse(
            "amendment.state",
            N_("当前状态不能申请更正成绩。"),
            N_("汇总阶段请直接登记并由第二人复核；已上报的请市鉴定中心先退回。"),
            clause="四（八）",
        )
    if result.application.certificates.filter(state__in=flows.FLOWS["certificate"].live).exists():
        raise refuse(
            "amendment.certificate",
            N_("该考生的证书已经赋号，成绩不能直接更正。"),
            N_("请市鉴定中心先撤销证书，更正成绩后再重新核发。"),
            clause="四（八）",
        )


@action("amendment.approve")
def approve_amendment(*, by: Person, now: datetime, amendment_id: int, note: str = "") -> Amendment:
    """A second person agrees: the mark changes, the old one stays in the history, publicity starts anew: 四（八）.

    Refusals: ``amendment.two_persons``, ``amendment.centre_only`` (403), ``amendment.decided``, ``record.stale`` (409).
    """
    amendment = _decide(amendment_id, "approved", note, by=by, now=now)
    result = amendment.result
    _changeable(result)
    if getattr(result, amendment.subject) != amendment.old_mark:
        raise stale()
    _set(result, amendment.subject, amendment.new_mark, absent=False)
    _keep(result, amendment.subject, amendment.new_mark, "amended", amendment.reason, by=by, now=now)
    _on_batch(amendment, note)
    if result.batch.state == "published":
        _publish_anew(result.batch, now=now)
    return amendment


def _publish_anew(batch: ResultBatch, *, now: datetime) -> None:
    """A changed result has to be public for the full period as well, so the batch's last day moves out."""
    today = local_day(now)
    ends_on = deadlines.publicity(today, values.calendar(), values.law(today)).last_day
    if batch.publicity_ends_on is not None and ends_on <= batch.publicity_ends_on:
        return
    ResultBatch.objects.filter(pk=batch.pk, state="published").update(
        publicity_ends_on=ends_on, version=F("version") + 1
    )
    record(batch, before={"publicity_ends_on": batch.publicity_ends_on}, after={"publicity_ends_on": ends_on})


@action("amendment.refuse")
def refuse_amendment(*, by: Person, now: datetime, amendment_id: int, note: str = "") -> Amendment:
    """A second person does not agree, with a reason; the mark stays as it was: 四（八）."""
    if not note.strip():
        raise refuse(
            "amendment.refusal_reason",
            N_("不同意更正须写明理由。"),
            N_("请写明不予更正的依据。"),
            clause="四（八）",
            status=422,
        )
    amendment = _decide(amendment_id, "refused", note, by=by, now=now)
    _on_batch(amendment, note)
    return amendment


def _decide(amendment_id: int, decision: str, note: str, *, by: Person, now: datetime) -> Amendment:
    amendment = queries.amendment(by, amendment_id)
    batch = amendment.result.batch
    if by.role is Role.BODY:
        own(batch, by)
        if batch.state == "approved":
            raise refuse(
                "amendment.centre_only",
                N_("成绩已审核通过，更正须由市鉴定中心决定。"),
                N_("请等待市鉴定中心工作人员决定。"),
                clause="四（八）",
                status=403,
            )
    objection: Objection | None = amendment.objection
    if by.account_id == amendment.requested_by_id or (objection is not None and queries.complained_of(objection, by)):
        raise refuse(
            "amendment.two_persons",
            N_("申请人或被投诉人不能决定这项成绩更正。"),
            N_("请由另一名工作人员登录后决定。"),
            clause="四（八）",
            status=403,
        )
    changed = Amendment.objects.filter(pk=amendment.pk, decision="waiting").update(
        decision=decision, decision_reason=note.strip()[:REASON_LONGEST], decided_by_id=by.account_id, decided_at=now
    )
    if changed == 0:
        raise refuse(
            "amendment.decided", N_("这项成绩更正已经作出决定。"), N_("请刷新页面查看决定。"), clause="四（八）"
        )
    amendment.decision, amendment.decision_reason = decision, note.strip()[:REASON_LONGEST]
    amendment.decided_by_id, amendment.decided_at = by.account_id, now
    record(amendment, note=note, before={"decision": "waiting"}, after={"decision": decision})
    return amendment


def _on_batch(amendment: Amendment, note: str) -> None:
    record(
        amendment.result.batch,
        note=note[:REASON_LONGEST],
        before={"result": amendment.result_id, amendment.subject: amendment.old_mark},
        after={"amendment": amendment.pk, amendment.subject: amendment.new_mark},
    )
