"""Occupations of the catalogue: entering one, and what an edition renumbered (一)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.catalog import queries
from jiangheng.catalog.models import Occupation
from jiangheng.journal.actions import action, record
from jiangheng.journal.actions.locking import hold
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

LEVELS = "".join(codes.keys("level"))


@action("occupation.add")
def add_occupation(
    *,
    by: Person,
    now: datetime,
    code: str,
    edition: str,
    name: str,
    jobs: Sequence[str],
    levels: str,
    source: str,
    label: str = "",
    replaces_id: int | None = None,
) -> Occupation:
    """Enter an occupation of an edition of the national catalogue (一); ``replaces_id`` names what was renumbered.

    Refusals (422): ``occupation.code``, ``occupation.name``, ``occupation.levels``, ``occupation.source``;
    ``occupation.twice`` (409).
    """
    code = code.strip()
    pattern = str(values.law(local_day(now)).value("occupation_code_pattern"))
    if not re.fullmatch(pattern, code):
        raise refuse(
            "occupation.code",
            N_("“%(occupation)s”不是大典职业编码的写法。"),
            N_("应如 6-31-01-03。"),
            clause="一",
            status=422,
            occupation=code,
        )
    if not name.strip() or not edition.strip():
        raise _unnamed()
    _check(levels, source)
    row = Occupation(
        code=code,
        edition=edition.strip()[:10],
        name=name.strip()[:60],
        jobs=_jobs(jobs),
        levels=_ordered(levels),
        source=source.strip()[:200],
        label=label.strip()[:60],
        replaces=queries.occupation_by_id(replaces_id) if replaces_id else None,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise refuse(
            "occupation.twice",
            N_("%(edition)s版大典的职业%(occupation)s已经登记。"),
            N_("请在职业目录中打开该职业修改。"),
            clause="一",
            edition=row.edition,
            occupation=code,
        ) from None
    record(row, note=row.source, after=_facts(row))
    return row


@action("occupation.amend")
def amend_occupation(
    *,
    by: Person,
    now: datetime,
    occupation_id: int,
    name: str,
    jobs: Sequence[str],
    levels: str,
    source: str,
    label: str = "",
    replaces_id: int | None = None,
) -> Occupation:
    """Correct an occupation's name, 工种, levels, source and what it was renumbered from; code and edition stay (一).

    A level once offered stays. Refusals (422): ``occupation.name``, ``occupation.levels``, ``occupation.source``,
    ``occupation.level_kept``, ``occupation.circle``.
    """
    [row] = hold(queries.occupation_by_id(occupation_id))
    if not name.strip():
        raise _unnamed()
    _check(levels, source)
    if not set(row.levels) <= set(levels):
        raise refuse(
            "occupation.level_kept",
            N_("已设的等级不能取消：已有备案、计划和申请使用它。"),
            N_("不再认定的等级，请在新的标准版本和机构备案范围中处理。"),
            clause="一",
            status=422,
        )
    replaces = queries.occupation_by_id(replaces_id) if replaces_id else None
    if replaces is not None and row.pk in {replaces.pk, *(each.pk for each in queries.lineage(replaces))}:
        raise refuse(
            "occupation.circle",
            N_("“%(name)s”由本职业改编而来，不能又是本职业的前身。"),
            N_("请核对新旧编码的先后。"),
            clause="一",
            status=422,
            name=replaces.name,
        )
    before = _facts(row)
    row.name, row.jobs, row.levels = name.strip()[:60], _jobs(jobs), _ordered(levels)
    row.source, row.label, row.replaces = source.strip()[:200], label.strip()[:60], replaces
    row.save()
    record(row, note=row.source, before=before, after=_facts(row))
    return row


def _check(levels: str, source: str) -> None:
    if not levels or not set(levels) <= set(LEVELS):
        raise refuse(
            "occupation.levels", N_("请至少选择一个等级。"), N_("照职业标准所设等级选择。"), clause="一", status=422
        )
    if not source.strip():
        raise refuse(
            "occupation.source",
            N_("请填写依据。"),
            N_("例如职业分类大典的版次、公告的名称和文号。"),
            clause="一",
            status=422,
        )


def _jobs(jobs: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(each.strip()[:60] for each in jobs if each.strip()))


def _ordered(levels: str) -> str:
    return "".join(each for each in LEVELS if each in levels)


def _facts(row: Occupation) -> dict[str, Any]:
    return {
        "code": row.code,
        "edition": row.edition,
        "name": row.name,
        "jobs": row.jobs,
        "levels": row.levels,
        "label": row.label,
        "replaces": row.replaces_id,
    }


def _unnamed() -> Refusal:
    return refuse(
        "occupation.name", N_("请填写职业名称和大典版次。"), N_("照职业分类大典填写。"), clause="一", status=422
    )
