"""Plays the whole batch, step by step, once: a step already played is passed over."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from jiangheng.demonstration import closing, examination, opening, sitting
from jiangheng.demonstration.stage import Stage
from jiangheng.demonstration.timeline import Timeline, at, before
from jiangheng.journal import queries as journal
from jiangheng.rules.roles import SYSTEM
from jiangheng.site import actions
from jiangheng.values import queries as values

SAY = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One step of the notice: number, title, clause, who takes it, the day, and what plays it (returns its result)."""

    number: int
    title: str
    clause: str
    who: str
    day: Callable[[Timeline], date]
    run: Callable[[Stage], str]
    whole: bool = True


STEPS = (
    Step(1, "机构备案与认定范围", "一", "市鉴定中心", lambda days: days.filed, opening.file_bodies),
    Step(2, "培训学校申请安排并报送花名册", "三（四）", "职业培训学校", lambda days: days.requested, opening.ask),
    Step(3, "指派认定机构（回避关联机构）", "三（四）", "市鉴定中心", lambda days: days.assigned, opening.assign),
    Step(4, "异地场地清单审核", "三（五）", "认定机构", lambda days: days.taken, opening.review_venue),
    Step(5, "按申报条件审核申请", "三（一）", "认定机构", lambda days: days.judged, opening.judge),
    Step(
        6,
        "报送认定计划，迟报不予受理",
        "三（三）",
        "认定机构、市鉴定中心",
        lambda days: days.planned,
        opening.file_plan,
    ),
    Step(7, "核费、收款、开收据、对账、退费", "三（七）", "认定机构", lambda days: days.charged, examination.charge),
    Step(
        8,
        "用卷申请、抽题组卷、发放",
        "四（三）",
        "认定机构、市鉴定中心",
        lambda days: days.paper_requested,
        examination.papers_,
    ),
    Step(9, "编排、派员、核发准考证", "四（六）", "认定机构", lambda days: days.ticketed, examination.arrange),
    Step(10, "理论机考与技能考核", "四（五）", "考生、监考、考评员", lambda days: days.exam, sitting.sit, whole=False),
    Step(11, "汇总、复核、公示、处理异议", "四（八）", "认定机构", lambda days: days.published, closing.publish),
    Step(12, "上报、审核、赋号、制证", "四（八）", "市鉴定中心、认定机构", lambda days: days.approved, closing.certify),
    Step(13, "公众查验证书", "四（八）", "社会公众", lambda days: days.verified, closing.verify),
    Step(14, "双随机抽查与督导记录", "四（九）", "市鉴定中心、督导员", lambda days: days.drawn, closing.inspect),
    Step(15, "全过程记录", "四（一）", "市鉴定中心", lambda days: days.concluded, closing.tell),
    Step(
        16,
        "另备一批进行中的计划",
        "三（三）",
        "认定机构、市鉴定中心",
        lambda days: days.concluded,
        closing.open_another,
    ),
)


def whole_batch(*, today: date, say: SAY, candidates: int | None = None, until: int = len(STEPS)) -> dict[str, Any]:
    """Play every step up to ``until`` and return the summary.

    ``candidates`` None plays the shipped roster of sixty; a number plays that many invented people.
    The summary holds counts, certificate numbers, the day of every statutory step, seconds per step.
    """
    law = values.law(today)
    days = before(today, values.calendar(), law.value("publicity_wd"))
    stage = Stage.at(days, today, candidates)
    report = []
    for step in STEPS[:until]:
        began, worked = time.perf_counter(), time.process_time()
        result = _play(step, stage)
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        on = step.day(stage.days)
        say(
            f"[{step.number:>2}/{len(STEPS)}] {on} {step.title}｜依据 {step.clause}｜{step.who}｜{result}（{seconds:.1f} 秒）"
        )
        report.append(
            {
                "step": step.number,
                "title": step.title,
                "clause": step.clause,
                "who": step.who,
                "on": on.isoformat(),
                "result": result,
                "seconds": round(seconds, 3),
                "cpu_seconds": round(cpu, 3),
            }
        )
    return {"today": today.isoformat(), "steps": report, **closing.summary(stage)}


def _play(step: Step, stage: Stage) -> str:
    key = f"demonstration:{step.number}"
    if journal.was_done(key):
        return "已演示过，未重复办理"
    now = at(step.day(stage.days), "18:00")
    if not step.whole:
        result = step.run(stage)
        actions.mark_step(by=SYSTEM, now=now, once=key, step=step.number)
        return result
    with transaction.atomic():
        result = step.run(stage)
        actions.mark_step(by=SYSTEM, now=now, once=key, step=step.number)
    return result
