"""A draw of who is inspected by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jiangheng.bodies.models import Organisation
from jiangheng.oversight import actions
from jiangheng.oversight.models import Draw, Inspection
from jiangheng.people.models import Account
from jiangheng.rules.roles import Person, Role
from tests import factories

SAID = {"title": "2026年上半年抽查", "basis": "柳人社发〔2020〕101号 四（九）", "seed_source": "次日公布的开奖号码"}


def make_bodies(count: int) -> list[Organisation]:
    made = [factories.make_organisation("social_body") for _ in range(count)]
    for each in made:
        factories.make_filing(each)
    return made


@pytest.fixture
def supervisors(db: None) -> list[Person]:
    return [factories.make_staff("external_supervisor") for _ in range(4)]


@pytest.fixture
def frozen(centre: Person, supervisors: list[Person], now: Any) -> Draw:
    make_bodies(5)
    return actions.freeze(by=centre, now=now, **SAID, bodies_wanted=2)


def drawn(frozen: Draw, centre: Person, now: Any) -> Draw:
    return actions.draw(by=centre, now=now + timedelta(days=1), draw_id=frozen.pk, seed="0312345", witnesses="韦见证")


def inspector_of(inspection: Inspection) -> Person:
    account = Account.objects.get(pk=inspection.inspectors.order_by("id").first().account_id)
    return Person(account.pk, account.name, Role.EXTERNAL_SUPERVISOR)


@pytest.fixture
def inspection(frozen: Draw, centre: Person, now: Any) -> Inspection:
    drawn(frozen, centre, now)
    return Inspection.objects.order_by("id").first()
