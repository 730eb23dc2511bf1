"""Steps 1 to 6: filing, request, assignment, venue, applications, plan."""

from __future__ import annotations

from datetime import date, timedelta

from jiangheng.bodies import actions as bodies
from jiangheng.catalog import actions as catalog
from jiangheng.papers import actions as papers
from jiangheng.rules.roles import SYSTEM
from jiangheng.site import actions as portal
from jiangheng.site.demonstration import cast
from jiangheng.site.demonstration.stage import (
    LEVEL,
    OCCUPATION,
    OCCUPATION_NAME,
    SEATS_PER_MACHINE_ROOM,
    SEATS_PER_SKILL_ROOM,
    Stage,
)
from jiangheng.site.demonstration.timeline import at

SCOPE_YEARS = 3


def file_bodies(stage: Stage) -> str:
    """1. The centre loads the catalogue, registers the bodies and files their scopes (一)."""
    now = at(stage.days.filed)
    cast.register_bodies(now)
    accounts = cast.open_accounts(stage, now)
    centre = stage.person("centre1")
    catalog.load_catalogue(by=centre, now=now)
    papers.load_items(by=centre, now=now)
    cards = cast.issue_cards(stage, now)
    portal.publish(
        by=centre,
        now=now,
        title="全面开展职业技能等级认定工作的通知（示例）",
        text="自通知下发之日起，全面开展职业技能等级认定工作，受理认定申请。本平台中的机构和人员均为虚构。",
        published_on=stage.days.filed,
    )
    first = stage.days.filed
    last = date(first.year + SCOPE_YEARS, first.month, min(first.day, 28)) - timedelta(days=1)
    for key in ("technical", "social", "sister", "factory"):
        filing = bodies.draft_filing(
            by=centre,
            now=now,
            organisation_id=stage.organisation(key).pk,
            number=f"示例备〔{first.year}〕{key[:2].upper()}号",
            batch="第一批",
            valid_from=first,
            valid_to=last,
            scopes=[
                {"occupation_code": OCCUPATION, "job": "", "levels": "543", "valid_from": first, "valid_to": last}
            ],
        )
        filing = bodies.submit(by=centre, now=now, filing_id=filing.pk)
        bodies.file(by=centre, now=now, filing_id=filing.pk, number=filing.number)
    _premises(stage)
    return f"备案 4 家机构电工五级至三级，开立账号 {accounts} 个，登记证卡 {cards} 张"


def _premises(stage: Stage) -> None:
    now = at(stage.days.filed, "11:00")
    for username, key, fixed in (("body1", "social", True), ("technical1", "technical", True), ("school1", "school", False)):
        person = stage.person(username)
        venue = bodies.add_venue(
            by=person,
            now=now,
            organisation_id=stage.organisation(key).pk,
            name="租用实训基地（异地）" if not fixed else "本部考点",
            address="示例市柳南区示例工业园2号" if not fixed else "示例市鱼峰区示例路1号",
            district_code="450204" if not fixed else "450203",
            fixed=fixed,
            tenure="租用" if not fixed else "自有",
            area_m2=1200,
        )
        for number in range(stage.machine_rooms if not fixed else 2):
            bodies.add_room(
                by=person, now=now, venue_id=venue.pk, name=f"机考{number + 1}室", kind="machine",
                capacity=SEATS_PER_MACHINE_ROOM, spare=2, cctv=True,
            )  # fmt: skip
        for number in range(stage.skill_rooms if not fixed else 2):
            bodies.add_room(
                by=person, now=now, venue_id=venue.pk, name=f"实操{number + 1}室", kind="skill",
                capacity=SEATS_PER_SKILL_ROOM, spare=1, cctv=True,
            )  # fmt: skip


__all__ = ["LEVEL", "OCCUPATION_NAME", "SYSTEM", "file_bodies"]
