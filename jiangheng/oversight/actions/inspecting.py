"""An inspection: recorded by the inspectors drawn, put right by the body, concluded and published by the centre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F

from jiangheng.journal.actions import action, move, record, send, stale
from jiangheng.oversight import checklist, queries
from jiangheng.oversight.models import Inspection
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

CONCLUSIONS = {
    "none": N_("未发现问题"),
    "rectified": N_("发现问题已责令整改"),
    "uncooperative": N_("不配合检查情节严重"),
    "unreachable": N_("通过登记场所无法联系"),
}
SUMMARY_LONGEST = 2000


def _mine(inspection: Inspection, by: Person) -> None:
    if not queries.inspects(by, inspection):
        raise refuse(
            "inspection.inspector",
            N_("您不是这次检查抽取的督导员。"),
            N_("请由抽取的督导员办理。"),
            clause="四（九）",
            status=403,
        )


@action("inspection.start")
def start(
    *,
    by: Person,
    now: datetime,
    inspection_id: int,
    plan_id: int | None = None,
    note: str = "",
    seen: int | None = None,
) -> Inspection:
    """An inspector drawn for it begins an inspection, of one plan of the body where named: 四（九）."""
    inspection = queries.get(by, inspection_id)
    _mine(inspection, by)
    updates: dict[str, Any] = {"inspected_on": local_day(now)}
    if plan_id is not None:
        plan = inspection.body.plans.filter(pk=plan_id, state__in=flows.states("plan", "standing")).first()
        if plan is None:
            raise refuse(
                "inspection.plan",
                N_("被检查的认定机构没有这个已受理的计划。"),
                N_("请重新选择计划，或不指定计划检查机构整体情况。"),
                clause="四（九）",
                status=422,
            )
        updates["plan_id"] = plan.pk
    return move(inspection, "start", note=note, seen=seen, updates=updates)


@action("inspection.save")
def save(
    *,
    by: Person,
    now: datetime,
    inspection_id: int,
    findings: Sequence[Mapping[str, Any]],
    summary: str = "",
    seen: int | None = None,
) -> Inspection:
    """Keep a draft of the record while the inspection goes on: 四（九）. Refusal ``record.stale`` (409)."""
    inspection = queries.get(by, inspection_id)
    _mine(inspection, by)
    if inspection.state != "ongoing":
        raise refuse(
            "inspection.state",
            N_("检查没有在进行中，不能保存记录。"),
            N_("请先开始检查；已提交的记录不能再改。"),
            clause="四（九）",
        )
    if seen is not None and seen != inspection.version:
        raise _stale()
    kept = checklist.checked(findings, whole=False)
    changed = Inspection.objects.filter(pk=inspection.pk, version=inspection.version, state="ongoing").update(
        findings=kept, summary=summary.strip()[:SUMMARY_LONGEST], version=F("version") + 1
    )
    if changed == 0:
        raise _stale()
    inspection.refresh_from_db()
    record(inspection, after={"answered": len(kept)})
    return inspection


def _stale() -> Refusal:
    return stale(N_("请先复制您填写的内容，刷新页面后补填。"))


@action("inspection.record")
def submit(
    *,
    by: Person,
    now: datetime,
    inspection_id: int,
    findings: Sequence[Mapping[str, Any]],
    summary: str = "",
    note: str = "",
    seen: int | None = None,
) -> Inspection:
    """Hand in the record, every question answered and every "no" explained: 四（九）.

    Refusals (422): ``inspection.unanswered``, ``inspection.remark``, ``inspection.item``.
    """
    inspection = queries.get(by, inspection_id)
    _mine(inspection, by)
    updates = {
        "findings": checklist.checked(findings, whole=True),
        "summary": summary.strip()[:SUMMARY_LONGEST],
    }
    return move(inspection, "record", note=note, seen=seen, updates=updates)


@action("inspection.rectify")
def rectify(
    *, by: Person, now: datetime, inspection_id: int, rectify_by: date, note: str = "", seen: int | None = None
) -> Inspection:
    """The centre orders the body to put things right by a day, and tells it why: 四（九）.

    Refusal ``inspection.day`` (422).
    """
    inspection = queries.get(by, inspection_id)
    if rectify_by <= local_day(now):
        raise refuse(
            "inspection.day", N_("整改期限须晚于今天。"), N_("请重新填写整改期限。"), clause="四（九）", status=422
        )
    inspection = move(inspection, "rectify", note=note, seen=seen, updates={"rectify_by": rectify_by})
    _tell_body(inspection, "rectify", "督导检查责令整改", f"{note}（整改期限：{rectify_by}）")
    return inspection


@action("inspection.answer")
def answer(*, by: Person, now: datetime, inspection_id: int, text: str, seen: int | None = None) -> Inspection:
    """The body reports how it put things right: 四（九）.

    Refusals: ``inspection.owner`` (403), ``inspection.text`` (422), ``inspection.not_mending`` (409).
    """
    inspection = queries.get(by, inspection_id)
    if inspection.body_id != by.organisation_id:
        raise refuse(
            "inspection.owner",
            N_("这次检查的对象不是您所在的认定机构。"),
            N_("请由被检查的认定机构办理。"),
            clause="四（九）",
            status=403,
        )
    if not text.strip():
        raise refuse(
            "inspection.text",
            N_("请写明整改情况。"),
            N_("逐项说明已采取的措施和完成日期。"),
            clause="四（九）",
            status=422,
        )
    changed = Inspection.objects.filter(
        pk=inspection.pk, state="rectifying", version=inspection.version if seen is None else seen
    ).update(rectification=text.strip()[:SUMMARY_LONGEST], version=F("version") + 1)
    if changed == 0:
        raise refuse(
            "inspection.not_mending",
            N_("检查不在整改中，或记录刚刚被他人更新，本次没有保存。"),
            N_("请刷新页面查看最新状态。"),
            clause="四（九）",
        )
    before = inspection.rectification
    inspection.refresh_from_db()
    record(inspection, before={"rectification": before}, after={"rectification": inspection.rectification})
    return inspection


@action("inspection.conclude")
def conclude(
    *,
    by: Person,
    now: datetime,
    inspection_id: int,
    conclusion: str,
    summary: str = "",
    note: str = "",
    seen: int | None = None,
) -> Inspection:
    """The centre concludes an inspection and feeds the result back to the body: 四（九）.

    ``conclusion``: none, rectified, uncooperative, unreachable. Refusals (422): ``inspection.conclusion``,
    ``inspection.contradiction``; ``inspection.unanswered_order`` (409).
    """
    inspection = queries.get(by, inspection_id)
    if conclusion not in CONCLUSIONS:
        raise refuse(
            "inspection.conclusion",
            N_("请选择检查结论。"),
            N_("请从所列结论中选择一项。"),
            clause="四（九）",
            status=422,
        )
    found = any(row["ok"] is False for row in inspection.findings)
    if conclusion == "none" and found:
        raise refuse(
            "inspection.contradiction",
            N_("检查记录中有不符合项，结论不能为“未发现问题”。"),
            N_("请改选结论，或先责令整改。"),
            clause="四（九）",
            status=422,
        )
    if conclusion == "rectified" and inspection.state == "rectifying" and not inspection.rectification:
        raise refuse(
            "inspection.unanswered_order",
            N_("认定机构尚未提交整改情况，不能以整改办结。"),
            N_("请等待整改情况，或按不配合检查作出结论。"),
            clause="四（九）",
        )
    updates: dict[str, Any] = {"conclusion": conclusion}
    if summary.strip():
        updates["summary"] = summary.strip()[:SUMMARY_LONGEST]
    inspection = move(inspection, "conclude", note=note, seen=seen, updates=updates)
    _tell_body(inspection, "conclude", "督导检查结果反馈", f"结论：{CONCLUSIONS[conclusion]}。{inspection.summary}")
    return inspection


@action("inspection.publish")
def publish(*, by: Person, now: datetime, inspection_id: int, note: str = "", seen: int | None = None) -> Inspection:
    """The centre makes the result public: 四（九）."""
    inspection = queries.get(by, inspection_id)
    return move(inspection, "publish", note=note, seen=seen, updates={"published_on": local_day(now)})


def _tell_body(inspection: Inspection, step: str, subject: str, text: str) -> None:
    send(
        key=f"inspection:{inspection.pk}:{step}:{inspection.version}",
        channel="notice",
        subject=subject,
        body=text,
        to_organisation=inspection.body_id,
        record=inspection,
    )
