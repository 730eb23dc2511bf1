"""Numbers from one table: taken by many at once none is missing and none is there twice; what fails gives them back."""

from __future__ import annotations

import random
import threading
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from jiangheng.journal.actions import numbering
from jiangheng.journal.models import Series
from jiangheng.rules import number_rules
from tests import counts
from tests.factories import moment

NOW = moment("2026-09-02 10:00")
THREADS = 16
BODY = 12
SMALL, LARGE = 80, 10_000


def number(series: str, now: datetime = NOW, count: int = 1) -> list[str]:
    """The next numbers of a series; of certificates their serials, written out."""
    if series == "certificate":
        return [f"{serial:06d}" for serial in numbering.serials(series, now.year, count, unit="S0000450000184")]
    body = BODY if "body" in number_rules.SERIES[series] else None
    return numbering.take_many(series, now, count, body=body)


def taken_at_once(series: str, wanted: int) -> list[str]:
    """What sixteen hands took, who also took blocks, and gave some back by failing."""
    kept: list[str] = []
    lock, share = threading.Lock(), wanted // THREADS

    def one(place: int) -> None:
        chance, mine = random.Random(f"{counts.SEED} {series} {place}"), 0
        try:
            while mine < share:
                count = min(chance.choice((1, 1, 1, 3, 7)), share - mine)
                failing = chance.random() < 0.2
                with transaction.atomic():
                    found = number(series, count=count)
                    if failing:
                        transaction.set_rollback(True)
                if not failing:
                    mine += count
                    with lock:
                        kept.extend(found)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("series", [*number_rules.SERIES, "certificate"])
def test_taken_by_sixteen_at_once_none_is_missing_and_none_is_there_twice(series: str) -> None:
    count = LARGE if counts.WHOLE else SMALL
    kept = taken_at_once(series, count)
    assert len(set(kept)) == len(kept) == count
    with transaction.atomic():
        Series.objects.all().delete()
        assert sorted(kept) == sorted(number(series, count=count))


@pytest.mark.django_db
@pytest.mark.parametrize("series", [*number_rules.SERIES, "certificate"])
def test_what_is_not_done_gives_its_number_back(series: str) -> None:
    first = number(series)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = number(series, count=3)
        raise ZeroDivisionError
    assert number(series, count=3) == lost
    assert first[0] not in lost


@pytest.mark.django_db
def test_a_block_costs_as_much_as_one() -> None:
    number("application")
    with CaptureQueriesContext(connection) as one:
        number("application")
    with CaptureQueriesContext(connection) as many:
        assert len(number("application", count=1000)) == 1000
    assert len(one) == len(many)
    assert sum("UPDATE" in each["sql"] for each in many.captured_queries) == 1


@pytest.mark.django_db
def test_each_body_counts_for_itself_and_says_so_in_the_number() -> None:
    found = [numbering.take("application", NOW, body=body) for body in (1, 2, 1, 12)]
    assert found == ["BM20260001-000001", "BM20260002-000001", "BM20260001-000002", "BM20260012-000001"]
    for series, given in (("application", {}), ("plan", {"body": 1})):
        with pytest.raises(ValueError, match=series):
            numbering.take(series, NOW, **given)


@pytest.mark.django_db
def test_a_year_begins_at_midnight_here_and_counts_from_one() -> None:
    found = [numbering.take("plan", moment(when)) for when in ("2026-12-31 23:59", "2027-01-01 00:01")]
    assert found == ["JH202600001", "JH202700001"]


@pytest.mark.django_db(transaction=True)
def test_no_number_is_taken_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        numbering.take("plan", NOW)
    assert not Series.objects.exists()
