"""Numbers, all of them from one table: counted up under a row's lock that the deed keeps, so that none is lost."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from jiangheng.journal.actions.locking import limited
from jiangheng.journal.models import Series
from jiangheng.rules import numbers
from jiangheng.rules.days.local_time import local_day
from jiangheng.values import queries as values


def take(series: str, now: datetime, *, body: int | None = None) -> str:
    """The next number of a series of ``rules.number_rules.SERIES`` in the year of ``now``; as :func:`take_many`."""
    return take_many(series, now, 1, body=body)[0]


def take_many(series: str, now: datetime, count: int, *, body: int | None = None) -> list[str]:
    """The next ``count`` numbers of a series, by its rule in the law of that day; counted up in one statement.

    ``body`` is the organisation whose series it is, where ``SERIES`` counts per body. Raises as
    :func:`serials` does; ValueError for a body where the series has none, or none where it has.
    """
    today = local_day(now)
    law = values.law(today)
    unit = numbers.unit_of(series, body)
    found = serials(series, today.year, count, unit=unit)
    return [numbers.running_number(f"{series}_number_rule", today.year, serial, law, body=body) for serial in found]


def serials(series: str, year: int, count: int, *, unit: str = "") -> range:
    """The next ``count`` serials of a series in a year and a unit of its own, such as a certificate's prefix and level.

    No gap and no twin: the row stays locked until the transaction ends, and a deed that fails gives back what it took.
    The price is that deeds of one series end one after the other; hence the units (``rules.number_rules.SERIES``).
    Raises as ``locking.hold`` does.
    """
    row = Series.objects.filter(name=series, year=year, unit=unit)
    with limited():
        # Counted up first and read afterwards: reading first would let two deeds read the same.
        if not row.update(last=F("last") + count):
            # The first of the year. Whoever makes the row at the same time waits here for the other to end.
            Series.objects.bulk_create([Series(name=series, year=year, unit=unit)], ignore_conflicts=True)
            row.update(last=F("last") + count)
        last = row.values_list("last", flat=True).get()
    return range(last - count + 1, last + 1)
