"""Fixtures every room's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.sqlite3.base import DatabaseOperations as SQLite
from django.test import Client
from ninja.throttling import SimpleRateThrottle

from jiangheng.rules.roles import Person, Role
from tests import engines, factories, templates
from tools import messages


def pytest_configure() -> None:
    """Messages are compiled from their catalogues, which alone are kept; the folder of static files may be empty."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # a missing one is a warning, and warnings are errors
    for room in messages.rooms():
        po = messages.po_of(room)
        mo = po.with_suffix(".mo")
        if po.exists() and (not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime):
            messages.compiled(room)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages are told from what both engines must do alike."""
    engines.sort_out(items)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is there already: a copy of the migrated template."""
    return True


@pytest.fixture(scope="session")
def django_db_createdb() -> bool:
    """Never migrated anew; whatever the template may lack is still migrated over it."""
    return False


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    """Each worker gets a fresh copy."""
    with django_db_blocker.unblock():
        templates.stand_up()


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> None:
    """Uploads of a test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True, scope="session")
def emptied_between_tests() -> Iterator[None]:
    """Tests with real transactions empty every table afterwards; SQLite's append-only triggers stand aside for that."""
    flush = SQLite.execute_sql_flush

    def execute_sql_flush(operations: Any, statements: list[str]) -> None:
        with operations.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%append-only%'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        flush(operations, statements)
        with operations.connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)

    SQLite.execute_sql_flush = execute_sql_flush
    yield
    SQLite.execute_sql_flush = flush


@pytest.fixture
def now() -> datetime:
    """Monday 2026-06-01, 10:00 in Liuzhou."""
    return factories.moment("2026-06-01 10:00")


@pytest.fixture
def centre(db: None) -> Person:
    """A clerk of the centre."""
    return factories.make_person(Role.CENTRE, factories.make_organisation("centre"))


@pytest.fixture
def body(db: None) -> Person:
    """A clerk of a social body filed for 电工 五级-三级."""
    organisation = factories.make_organisation("social_body")
    factories.make_filing(organisation)
    return factories.make_person(Role.BODY, organisation)


@pytest.fixture
def other_body(db: None) -> Person:
    """A clerk of another social body with the same scope."""
    organisation = factories.make_organisation("social_body")
    factories.make_filing(organisation)
    return factories.make_person(Role.BODY, organisation)


@pytest.fixture
def school(db: None) -> Person:
    """A clerk of a training school."""
    return factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))


@pytest.fixture
def candidate(db: None) -> Person:
    """A candidate with an account bound to an identity."""
    return factories.make_candidate()


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """``client_for(person, now=None)``: a browser signed in as ``person``, at ``now`` where given."""

    def sign_in(person: Person, now: datetime | None = None) -> Client:
        client = Client(**({"jiangheng.now": now} if now else {}))
        factories.sign_in(client, person)
        return client

    return sign_in


@pytest.fixture
def within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of requests see one moment, however slow the machine is at sending them."""
    monkeypatch.setattr(SimpleRateThrottle, "timer", staticmethod(lambda: 1_000.0))
