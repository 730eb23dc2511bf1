"""Rows are held in one order, no longer than the limit, and inside a transaction only."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Organisation
from jiangheng.journal.actions import locking
from jiangheng.journal.actions.locking import hold
from jiangheng.people.models import Account
from jiangheng.rules.refusal import Refusal
from tests import factories


def two_of_each() -> list[Any]:
    return [factories.make_account(f"账号{n}") for n in range(2)] + [
        factories.make_organisation("social_body") for _ in range(2)
    ]


@pytest.mark.django_db
def test_rows_are_held_by_table_and_key_whatever_order_they_are_given_in() -> None:
    rows = two_of_each()
    wanted = [(type(each), each.pk) for each in sorted(rows, key=lambda row: (row._meta.label_lower, row.pk))]
    for _ in range(10):
        random.Random(1).shuffle(rows)
        with CaptureQueriesContext(connection) as said:
            assert [(type(each), each.pk) for each in hold(*rows)] == wanted
        locks = [each["sql"] for each in said.captured_queries if each["sql"].startswith('SELECT "')]
        if connection.vendor == "postgresql":
            assert len(locks) == 2
            assert all(sql.endswith("FOR UPDATE OF " + sql.split()[sql.split().index("FROM") + 1]) for sql in locks)
    organisations = Organisation.objects.order_by("-pk")
    assert hold(organisations, *rows) == hold(*rows)
    assert hold(organisations.filter(pk=organisations[0].pk), organisations.filter(pk=0)) == hold(
        organisations.filter(pk=organisations[0].pk)
    )


@pytest.mark.django_db
def test_what_is_held_is_read_as_it_stands_now() -> None:
    stale = factories.make_organisation("social_body")
    Organisation.objects.filter(pk=stale.pk).update(name="新名称")
    [found] = hold(stale)
    assert (found.name, stale.name == "新名称") == ("新名称", False)
    assert hold(Organisation.objects.filter(pk=0)) == []
    assert hold() == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        hold(Organisation.objects.all())


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_to_try_again(settings: Any) -> None:
    settings.LOCK_SECONDS = 1
    row = factories.make_organisation("social_body")
    holding, done = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                hold(row)
                holding.set()
                done.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert holding.wait(30)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 1000")
    try:
        with pytest.raises((Refusal, OperationalError)) as caught, transaction.atomic():
            hold(row)
    finally:
        done.set()
        thread.join()
        connection.close()
    told = caught.value if isinstance(caught.value, Refusal) else locking.busy(caught.value)
    assert told is not None
    assert (told.code, told.status) == ("database.busy", 423)
    assert "重新提交" in told.advice()
    with transaction.atomic():
        assert [each.pk for each in hold(row)] == [row.pk]


def test_other_failures_of_the_database_are_not_called_busy() -> None:
    assert locking.busy(OperationalError("no such table: x")) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_name_the_same_rows_the_other_way_round_never_cross() -> None:
    rows = two_of_each()
    faults: list[BaseException] = []

    def often(given: list[Any]) -> None:
        try:
            for _ in range(25):
                with transaction.atomic():
                    hold(*given)
                    for each in given:
                        type(each)._base_manager.filter(pk=each.pk).update(name=f"{each.pk}")
        except BaseException as fault:  # noqa: BLE001 - told by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=often, args=(given,)) for given in (rows, rows[::-1]) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Account.objects.filter(name="").count() == 0
