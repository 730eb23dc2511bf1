"""Keys to the API and a client that uses them."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from jiangheng.people.models import ApiToken, Membership
from jiangheng.rules.roles import Person


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


def key_of(person: Person, now: Any, **given: Any) -> dict[str, str]:
    """Headers with a fresh key of the person's membership."""
    secret = f"key-{person.account_id}-{ApiToken.objects.count()}"
    ApiToken.objects.create(
        membership=Membership.objects.get(account_id=person.account_id, role=person.role),
        name="接口",
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        created_at=now,
        **{"expires_on": date(2026, 12, 31), **given},
    )
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def api(now: Any) -> Client:
    return Client(**{"jiangheng.now": now})
