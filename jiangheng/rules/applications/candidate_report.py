"""The candidate report of 四（四）: counts by occupation and level, checks of every row, the digest of what was reported."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.conditions.evidence import canonical_json
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roster import Template
from jiangheng.rules.words import gettext_noop as N_

ERROR, WARNING = "error", "warning"
SHOWN = 20
DOCUMENT = "证件号码"

SENTENCES: Mapping[str, tuple[str, str]] = {
    "complete": (N_("必填信息齐全"), N_("%(n)s 人缺少必填信息")),
    "identity": (N_("性别、出生日期与证件一致"), N_("%(n)s 人的性别或出生日期与证件不一致")),
    "photo": (N_("照片齐全"), N_("%(n)s 人没有照片")),
    "scope": (N_("职业和等级在备案范围和计划之内"), N_("%(n)s 人的职业或等级不在考试日的备案范围或计划之内")),
    "people": (N_("有已受理的考生"), N_("还没有已受理的考生")),
    "undecided": (N_("报名均已审核完毕"), N_("还有 %(n)s 人未审核或待补正，不会上报")),
    "headcount": (N_("人数不超过计划人数"), N_("%(n)s 个职业等级的人数超过计划人数")),
}
"""Each check: what is said when it holds, and when it does not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One accepted candidate: the columns of the template but the document number, and what is known beside them."""

    key: int
    number: str
    occupation_code: str
    occupation: str
    job: str
    level: int
    route: str
    source: str
    exam_type: str
    sex: str
    born: date | None
    photo: bool
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the whole: held, or an error or warning with the application numbers it is about."""

    code: str
    held: bool
    severity: str
    count: int = 0
    details: tuple[str, ...] = ()


def counts(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """People by occupation × level: accepted, men and women, new and make-up, by route and by source."""
    groups: dict[tuple[str, str, str, int], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.occupation_code, row.occupation, row.job, row.level].append(row)
    return [
        {
            "code": code,
            "occupation": occupation,
            "job": job,
            "level": level,
            "people": len(those),
            "men": sum(row.sex == "男" for row in those),
            "women": sum(row.sex == "女" for row in those),
            "new": sum(row.exam_type != "makeup" for row in those),
            "makeup": sum(row.exam_type == "makeup" for row in those),
            "routes": dict(sorted(Counter(row.route for row in those).items())),
            "sources": dict(sorted(Counter(str(row.values.get("考生来源") or "") for row in those).items())),
        }
        for (code, occupation, job, level), those in sorted(groups.items(), key=lambda item: (item[0][:3], -item[0][3]))
    ]


def checks(
    rows: Sequence[Row],
    template: Template,
    law: Law,
    *,
    in_scope: frozenset[tuple[str, str, int]],
    headcounts: Mapping[tuple[str, str, int], int],
    undecided: int,
) -> list[Check]:
    """Everything looked at before reporting (四（四）); an error stops it, a warning asks for words.

    ``in_scope`` and ``headcounts`` are by occupation code, job and level.
    """
    required = [column for column in template.required if column != DOCUMENT]
    lacking = {
        row.number: [column for column in required if str(row.values.get(column) or "").strip() == ""] for row in rows
    }
    incomplete = [f"{number}：{'、'.join(columns)}" for number, columns in lacking.items() if columns]
    differing = [row.number for row in rows if not _agrees(row)]
    faceless = [row.number for row in rows if not row.photo]
    outside = [row.number for row in rows if (row.occupation_code, row.job, row.level) not in in_scope]
    sizes = Counter((row.occupation_code, row.job, row.level) for row in rows)
    over = [
        f"{code} {codes.level_name(level)}：{size}/{headcounts.get((code, job, level), 0)}"
        for (code, job, level), size in sorted(sizes.items())
        if size > headcounts.get((code, job, level), 0)
    ]
    photo = ERROR if law.value("candidate_report_photo_required") else WARNING
    return [
        Check("people", bool(rows), ERROR),
        _check("complete", ERROR, incomplete),
        _check("identity", ERROR, differing),
        _check("photo", photo, faceless),
        _check("scope", ERROR, outside),
        _check("headcount", WARNING, over),
        Check("undecided", undecided == 0, WARNING, undecided),
    ]


def _check(code: str, severity: str, found: Sequence[str]) -> Check:
    return Check(code, not found, severity, len(found), tuple(found[:SHOWN]))


def _agrees(row: Row) -> bool:
    """Whether the form's sex and birthday are those of the document; a blank one says nothing."""
    sex, born = str(row.values.get("性别") or ""), str(row.values.get("出生日期") or "")
    return sex in ("", row.sex) and (row.born is None or born in ("", row.born.isoformat()))


def require(found: Sequence[Check], note: str) -> None:
    """Refusals (422): ``candidate_report.faults`` when a check that must hold does not; ``candidate_report.words`` when a warning stands
    and nothing is said about it.
    """
    broken = [each for each in found if not each.held]
    if any(each.severity == ERROR for each in broken):
        raise refuse(
            "candidate_report.faults",
            N_("考生信息还不能上报：有必须更正的问题。"),
            N_("请按核对结果逐项更正后再上报。"),
            clause="四（四）",
            status=422,
        )
    if broken and not note.strip():
        raise refuse(
            "candidate_report.words",
            N_("核对结果有需要说明的情况，请写明后上报。"),
            N_("例如：“尚有2人待补正，补正后补充上报”。"),
            clause="四（四）",
            status=422,
        )


def digest(rows: Iterable[Row]) -> str:
    """SHA-256 over the rows in their order, so that what was reported can be shown to be unchanged."""
    hashed = hashlib.sha256()
    for row in rows:
        hashed.update(canonical_json([row.number, row.level, row.occupation_code, dict(row.values)]))
        hashed.update(b"\n")
    return hashed.hexdigest()


def undone(values: Mapping[str, Any], corrections: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The values before later corrections: (column, old value), the latest first."""
    return {**values, **dict(corrections)}


def in_template(template: Template, order: int, row: Row, number: str) -> list[Any]:
    """One line of the template, whose column order is data; a column the form calls otherwise is found by that name."""
    given = {**row.values, DOCUMENT: number, "序号": order}
    return [given.get(template.same_as.get(column, column), "") for column in template.columns]
