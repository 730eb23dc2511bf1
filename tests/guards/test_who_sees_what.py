"""Every URL × role has an expected answer: a URL without a row fails, and so does a row without a URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from jiangheng.journal.models import Entry
from tests.guards.addresses import PAGES, address_of, table
from tests.guards.deed_tables import at_odds
from tests.guards.world import ROLES, World, make

pytestmark = pytest.mark.xdist_group("world")  # played once, not once a worker


@pytest.fixture
def private_files() -> None:
    """The world keeps its files for the whole of this module."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Played once for this file, and taken back when it ends."""
    folder = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("world"))
    with folder, django_db_blocker.unblock(), transaction.atomic():
        yield make()
        transaction.set_rollback(True)


def test_every_entry_of_a_played_batch_says_what_its_table_says(world: World, db: None) -> None:
    entries = list(Entry.objects.order_by("id"))
    assert len({(each.record_kind, each.verb) for each in entries}) > 60
    odd = {(at_odds(each), each.action, each.record_kind, each.verb, each.clause) for each in entries if at_odds(each)}
    assert odd == set()


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    assert set(table()) == set(PAGES)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_answers_each_role_as_expected(name: str, world: World, db: None) -> None:
    address = address_of(name, world)
    got = [str(world.browsers[role].get(address).status_code) for role in ROLES]
    assert got == table().get(name, []), f"expected row: {name} {' '.join(got)}"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_who_may_not_see_a_page_may_not_post_to_it_either(name: str, world: World, db: None) -> None:
    address = address_of(name, world)
    for role in ROLES:
        browser = world.browsers[role]
        seen = browser.get(address).status_code
        with transaction.atomic():
            answer = browser.post(address, {})
            transaction.set_rollback(True)
        assert answer.status_code < 500, f"{name} {role}: {answer.status_code}"
        if seen in (403, 404):
            assert 400 <= answer.status_code < 500, f"{name} {role}: GET {seen}, POST {answer.status_code}"
        if seen == 302 and role == "public":
            assert answer.status_code == 302 or 400 <= answer.status_code < 500, f"{name}: POST {answer.status_code}"
