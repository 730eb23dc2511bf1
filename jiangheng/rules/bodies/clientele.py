"""Whom a body may assess (二): a school its own students, an employer its own staff, a social body anyone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jiangheng.rules import codes
from jiangheng.rules.conditions.claims import STUDENT_SOURCES
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_

STUDENT = "student"
SCHOOLS = ("technical_school",)
EMPLOYERS = ("employer_body", "employer")


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a list says of a person: ``relation`` student or one of the table staff_relation; the days it holds."""

    relation: str
    since: date | None = None
    until: date | None = None
    graduates_on: date | None = None


def refusal(
    body_kind: str,
    body_name: str,
    values: Mapping[str, Any],
    *,
    day: date,
    law: Law,
    kept: bool = False,
    belonging: Belonging | None = None,
) -> Refusal | None:
    """Why a body may not take this person on ``day``, the day of examination, or None (二).

    Where the body keeps a list (``kept``), or the law asks for one, the list decides; else the columns 所在单位 and
    考生来源 do. Codes: ``service.students``, ``.staff``, ``.not_listed``, ``.left``, ``.graduated``, ``.relation``.
    """
    if body_kind not in (*SCHOOLS, *EMPLOYERS):
        return None
    if belonging is not None:
        return _listed(body_kind, belonging, day, law)
    if kept or law.value("own_membership_list_required"):
        return refuse(
            "service.not_listed",
            N_("%(kind)s面向%(people)s开展认定，此人不在%(people)s名单中。"),
            N_("请先在“本校学生”或“本单位员工”名单中登记；社会人员请向社会培训评价组织申请。"),
            clause="二",
            kind=N_("技工院校") if body_kind in SCHOOLS else N_("用人单位"),
            people=N_("本校学生") if body_kind in SCHOOLS else N_("本单位员工"),
        )
    unit = _plain(values.get("所在单位"))
    if body_kind in SCHOOLS:
        source = codes.find("candidate_source", str(values.get("考生来源") or ""))
        if unit == _plain(body_name) and source is not None and source.code in STUDENT_SOURCES:
            return None
        return refuse(
            "service.students",
            N_("技工院校面向本校学生开展认定，此人的考生来源或所在单位不是本校学生。"),
            N_("请核对“所在单位”和“考生来源”；社会人员请向社会培训评价组织申请。"),
            clause="二",
        )
    return (
        None
        if unit == _plain(body_name)
        else refuse(
            "service.staff",
            N_("用人单位面向本单位员工开展认定，此人的所在单位不是本单位。"),
            N_("请核对“所在单位”和“考生来源”；社会人员请向社会培训评价组织申请。"),
            clause="二",
        )
    )


def _listed(body_kind: str, found: Belonging, day: date, law: Law) -> Refusal | None:
    if (found.since and day < found.since) or (found.until and day > found.until):
        return refuse(
            "service.left",
            N_("考核当天%(day)s此人不在册：名单所记起止为%(since)s至%(until)s。"),
            N_("请核对名单中的起止日期；已离开的，请由其现单位或社会培训评价组织办理。"),
            clause="二",
            day=day.isoformat(),
            since=found.since.isoformat() if found.since else "—",
            until=found.until.isoformat() if found.until else "—",
        )
    if body_kind in SCHOOLS:
        if found.graduates_on is None:
            return None
        last = found.graduates_on + timedelta(days=int(law.value("student_after_graduation_days")))
        if day <= last:
            return None
        return refuse(
            "service.graduated",
            N_("考核当天%(day)s此人已过预计毕业日期%(graduates)s，不再是本校学生。"),
            N_("请安排在毕业前考核；延期毕业的请先更正名单；已毕业的请向社会培训评价组织申请。"),
            clause="二",
            day=day.isoformat(),
            graduates=found.graduates_on.isoformat(),
        )
    if found.relation in law.value("staff_relations"):
        return None
    return refuse(
        "service.relation",
        N_("与本单位的关系“%(relation)s”不计为本单位员工。"),
        N_("请核对名单中的人员关系；计入的关系见“依据与参数”。"),
        clause="二",
        relation=codes.label("staff_relation", found.relation),
    )


def open_to_individuals(body_kind: str) -> None:
    """Refuse an individual's own application to any but a social body (二, 三（二）); ``service.individuals`` (409)."""
    if body_kind != "social_body":
        raise refuse(
            "service.individuals",
            N_("该机构只面向本校学生或本单位员工开展认定，不受理个人申请。"),
            N_("请核对“所在单位”和“考生来源”；社会人员请向社会培训评价组织申请。"),
            clause="二",
        )


def _plain(text: Any) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text or "")))
