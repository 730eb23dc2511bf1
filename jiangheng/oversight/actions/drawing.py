"""双随机: rosters frozen and their hash published, then drawn by a seed formed afterwards, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from jiangheng.journal.actions import action, record, send
from jiangheng.journal.actions.numbering import take
from jiangheng.oversight import queries
from jiangheng.oversight.models import Draw, Inspection, Inspector
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import draws
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

CHUNK = 500


@action("draw.freeze")
def freeze(
    *,
    by: Person,
    now: datetime,
    title: str,
    basis: str,
    seed_source: str,
    bodies_wanted: int | None = None,
    inspectors_per_body: int | None = None,
    excluded_bodies: Mapping[int, str] | None = None,
    excluded_inspectors: Mapping[int, str] | None = None,
) -> Draw:
    """Freeze both rosters with exclusions and recusals, and publish their hash before any seed exists: 四（九）.

    ``seed_source`` says where the seed will come from, such as a lottery draw of a later day; the numbers
    default to the least the rules allow. Refusals (422): ``draw.title``, ``draw.exclusion``, ``draw.empty``,
    ``draw.rate``, ``draw.inspectors``.
    """
    if not (title.strip() and basis.strip() and seed_source.strip()):
        raise refuse(
            "draw.title",
            N_("请填写抽查名称、依据和种子来源。"),
            N_("种子来源须是名单冻结之后才公开产生的数字，例如次日公布的开奖号码。"),
            clause="四（九）",
            status=422,
        )
    out = {**(excluded_bodies or {}), **(excluded_inspectors or {})}
    if any(not reason.strip() for reason in out.values()):
        raise refuse(
            "draw.exclusion",
            N_("列入排除的对象或人员须写明理由。"),
            N_("请逐一写明排除理由，理由随名单公开。"),
            clause="四（九）",
            status=422,
        )
    today = local_day(now)
    law = values.law(today)
    body_rows = queries.body_roster(by, today, excluded_bodies or {})
    inspector_rows = queries.inspector_roster(by, today, body_rows, excluded_inspectors or {})
    available = len(queries.eligible(body_rows))
    if not available or not queries.eligible(inspector_rows):
        raise refuse(
            "draw.empty",
            N_("没有可抽取的认定机构或督导员，不能冻结名单。"),
            N_("请核对机构备案和外部质量督导员证卡的有效期。"),
            clause="四（九）",
            status=422,
        )
    one = Draw(
        number=take("draw", now),
        title=title.strip()[:120],
        basis=basis.strip()[:200],
        seed_source=seed_source.strip()[:200],
        bodies_roster=body_rows,
        inspectors_roster=inspector_rows,
        bodies_wanted=bodies_wanted if bodies_wanted is not None else draws.least_bodies(available, law),
        inspectors_per_body=max(inspectors_per_body or 0, int(law.value("inspectors_min"))),
        algorithm=draws.ALGORITHM,
        frozen_at=now,
    )
    one.snapshot_hash = queries.snapshot(one)
    queries.drawn(one, "rehearsal", law)
    one.save(force_insert=True)
    record(
        one,
        after={
            "number": one.number,
            "snapshot_hash": one.snapshot_hash,
            "bodies": available,
            "bodies_wanted": one.bodies_wanted,
            "seed_source": one.seed_source,
        },
    )
    return one


@action("draw.draw")
def draw(*, by: Person, now: datetime, draw_id: int, seed: str, witnesses: str) -> Draw:
    """Draw once from the frozen rosters by the published seed; inspections are made and inspectors told: 四（九）.

    Refusals: ``draw.witnesses``, ``draw.seed``, ``draw.rate``, ``draw.inspectors`` (422), ``draw.early``,
    ``draw.done``, ``draw.changed`` (409).
    """
    one = queries.draw(by, draw_id)
    if not witnesses.strip():
        raise refuse(
            "draw.witnesses", N_("抽取须有见证人。"), N_("请填写现场见证人姓名。"), clause="四（九）", status=422
        )
    if now <= one.frozen_at:
        raise refuse(
            "draw.early",
            N_("种子须在名单冻结之后产生，现在还不能抽取。"),
            N_("请在种子公开后再抽取。"),
            clause="四（九）",
        )
    if one.drawn_at is not None:
        raise _done()
    if queries.snapshot(one) != one.snapshot_hash:
        raise refuse(
            "draw.changed",
            N_("名单与冻结时公布的哈希不一致，不能抽取。"),
            N_("请停止使用这份名单，查明原因后重新冻结。"),
            clause="四（九）",
        )
    outcome = queries.drawn(one, seed.strip(), values.law(local_day(one.frozen_at)))
    changed = Draw.objects.filter(pk=one.pk, drawn_at=None).update(
        seed=seed.strip()[:120], witnesses=witnesses.strip()[:120], outcome=outcome, drawn_at=now
    )
    if changed == 0:
        raise _done()
    one.seed, one.witnesses, one.outcome, one.drawn_at = seed.strip()[:120], witnesses.strip()[:120], outcome, now
    record(one, after={"seed": one.seed, "witnesses": one.witnesses, "outcome": outcome})
    _inspections(one, now=now)
    return one


def _done() -> Refusal:
    return refuse(
        "draw.done",
        N_("这份名单已经抽取过，结果不能更改。"),
        N_("确需补抽的，请写明原因另行冻结名单。"),
        clause="四（九）",
    )


def _inspections(one: Draw, *, now: datetime) -> None:
    made = [Inspection(draw=one, body_id=int(pair["body"]), created_at=now) for pair in one.outcome]
    Inspection.objects.bulk_create(made, batch_size=CHUNK)
    Inspector.objects.bulk_create(
        [
            Inspector(inspection=inspection, account_id=int(account_id))
            for inspection, pair in zip(made, one.outcome, strict=True)
            for account_id in pair["inspectors"]
        ],
        batch_size=CHUNK,
    )
    for inspection, pair in zip(made, one.outcome, strict=True):
        record(inspection, after={"draw": one.number, **pair})
        for account_id in pair["inspectors"]:
            send(
                key=f"inspection:{inspection.pk}:{account_id}",
                channel="notice",
                subject="您被抽取参加督导检查",
                body=f"抽查{one.number}：{one.title}。检查前请勿通知被检查单位。",
                to_account=int(account_id),
                record=inspection,
            )
