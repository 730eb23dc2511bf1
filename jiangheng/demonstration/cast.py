"""Registers the fictional bodies and opens the accounts of the cast, through the actions anybody would use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from jiangheng.bodies import actions as bodies
from jiangheng.demonstration import invented
from jiangheng.demonstration.stage import (
    ACCOUNTS,
    EXAMINERS_PER_ROOM,
    INVIGILATORS_PER_ROOM,
    OCCUPATION,
    ORGANISATIONS,
    PASSWORD,
    Stage,
)
from jiangheng.people import actions as people
from jiangheng.rules.roles import SYSTEM, Role

EXAMINER_NAMES = ["银岚", "甘霖", "区明", "凌志", "麦田", "温良", "符瑞", "邱实", "钟鸣", "潘越", "苏杭", "方正"]
INVIGILATOR_NAMES = ["施敏", "龚正", "崔颖", "姚远", "邓肯", "任重", "滕飞", "柏林", "童真", "尹航", "佟阳", "费昕"]


def register_bodies(now: datetime) -> None:
    """Enter every organisation of the cast in the register."""
    for serial, (key, values) in enumerate(ORGANISATIONS.items(), start=1):
        bodies.register(
            by=SYSTEM,
            now=now,
            credit_code=invented.credit_code(serial),
            district_code="450203",
            address="示例市鱼峰区示例路1号",
            contact_name="示例联系人",
            contact_phone="0772-0000000",
            is_fictional=True,
            licence_number="示例办学许可第0001号" if key == "school" else "",
            **values,
        )


def open_accounts(stage: Stage, now: datetime) -> int:
    """Open the accounts of the cast and of as many staff as the rooms need; returns how many."""
    everybody = [*ACCOUNTS, *_staff(stage)]
    for username, name, role, key in everybody:
        people.open_account(
            by=SYSTEM,
            now=now,
            username=username,
            name=name,
            password=PASSWORD,
            role=role,
            organisation_id=stage.organisation(key).pk if key else None,
        )
    return len(everybody)


def issue_cards(stage: Stage, now: datetime) -> int:
    """Issue the cards of examiners, invigilators and supervisors, valid from well before to well after; returns how many."""
    first = stage.days.filed - timedelta(days=200)
    cards = [("external_supervisor", person) for person in stage.crew("outer")]
    cards += [("internal_supervisor", person) for person in stage.crew("inner")]
    cards += [("examiner", person) for person in stage.crew("examiner")]
    cards += [("invigilator", person) for person in stage.crew("invigilator")]
    for serial, (kind, person) in enumerate(cards, start=1):
        people.issue_card(
            by=stage.person("centre1"),
            now=now,
            account_id=person.account_id or 0,
            kind=kind,
            number=f"示例证{serial:05d}",
            valid_from=first,
            valid_to=date(first.year + 3, first.month, min(first.day, 28)),
            occupation_code=OCCUPATION if kind == "examiner" else "",
            holder=people.Claim("居民身份证", _document(serial), person.name),
        )
    return len(cards)


def _document(serial: int) -> str:
    """The valid-format number of an invented member of staff: born before any candidate of the cast."""
    return invented.identity_number(serial, date(1962, 3, 1), "女")


def _staff(stage: Stage) -> Iterator[tuple[str, str, str, str]]:
    for serial in range(stage.skill_rooms * EXAMINERS_PER_ROOM):
        yield f"examiner{serial + 1}", _named(EXAMINER_NAMES, serial), Role.EXAMINER.value, ""
    for serial in range(stage.machine_rooms * INVIGILATORS_PER_ROOM):
        yield f"invigilator{serial + 1}", _named(INVIGILATOR_NAMES, serial), Role.INVIGILATOR.value, ""


def _named(names: list[str], serial: int) -> str:
    name = names[serial % len(names)]
    return name if serial < len(names) else f"{name}{'甲乙丙丁戊己庚辛壬癸'[serial // len(names) % 10]}"
