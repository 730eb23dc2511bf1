"""Certificates as the tests number them."""

from __future__ import annotations

from typing import Any

import pytest

from jiangheng.certificates import actions
from jiangheng.certificates.models import Certificate
from jiangheng.rules.roles import Person
from tests.results.batches import make_batch


@pytest.fixture
def numbered(plan: Any, centre: Person, now: Any) -> Certificate:
    make_batch(plan, "approved", [(80, 80)])
    return actions.number_batch(by=centre, now=now, plan_id=plan.pk)[0]
