"""What stands in the way of a step of a standard beyond its state and one's role."""

from __future__ import annotations

from datetime import date, datetime

from jiangheng.bodies import queries as bodies
from jiangheng.catalog import queries
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.journal.guards import guard
from jiangheng.rules.conditions import overrides, standard_versions
from jiangheng.rules.conditions.standard_versions import Period
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse, tried
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


def filed_levels(occupation: Occupation, owner_id: int, day: date) -> str:
    """The levels an employer has filed its own 企业评价规范 for; Refusal ``standard.not_filed`` (409) where it has none (一)."""
    found = bodies.own_standard_levels(owner_id, occupation.code, day)
    if not found:
        raise refuse(
            "standard.not_filed",
            N_("该单位在%(day)s没有备案“%(occupation)s”的企业评价规范。"),
            N_("请由用人单位在机构备案中填写该职业并勾选“企业评价规范”，备案生效后再登记；施行日期须在备案有效期内。"),
            clause="一",
            occupation=occupation.name,
            day=day.isoformat(),
        )
    return found


def place(found: StandardVersion, start: date, today: date) -> StandardVersion | None:
    """The version this one takes over from; refuses what may not be published."""
    standard_versions.require_document(found.document)
    overrides.check(found.ruleset, found.route_overrides)
    levels = (
        found.occupation.levels if found.owner_id is None else filed_levels(found.occupation, found.owner_id, start)
    )
    standard_versions.check_complete(levels, queries.snapshot(found))
    others = [each for each in queries.published(found.occupation.code, found.owner_id) if each.pk != found.pk]
    periods = {Period(each.valid_from, each.valid_to, each.document): each for each in others}
    replaced = standard_versions.place(Period(start, found.valid_to, found.document), list(periods), today)
    return periods[replaced] if replaced else None


@guard("standard.submit")
def _handing_in(_person: Person, found: StandardVersion, now: datetime) -> Refusal | None:
    return tried(lambda: place(found, found.valid_from, local_day(now)))


@guard("standard.withdraw")
def _taking_back(_person: Person, found: StandardVersion, now: datetime) -> Refusal | None:
    """A published version whose day has come has been decided by (三（一）)."""
    if found.state != "published" or found.valid_from > local_day(now):
        return None
    return refuse(
        "standard.in_force",
        N_("这个版本自%(day)s起已经施行，不能撤回：已按它作出审核决定。"),
        N_("请以它为底稿另起新版本，更正后自以后的日期施行。"),
        clause="三（一）",
        day=found.valid_from.isoformat(),
    )


@guard("standard.publish")
def _publishing(person: Person, found: StandardVersion, _now: datetime) -> Refusal | None:
    """Why somebody may not publish what they wrote or handed in themselves, or None (三（一）)."""
    if person.account_id not in (found.drafted_by_id, found.submitted_by_id):
        return None
    return refuse(
        "standard.same_person",
        N_("发布职业标准须由起草、提交以外的另一人办理。"),
        N_("请市鉴定中心另一名工作人员核对差异和试算结果后发布。"),
        clause="三（一）",
        status=403,
    )
