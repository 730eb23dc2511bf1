"""Running numbers of applications, taken in blocks."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from jiangheng.applications.models import Series
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.numbers import running_number
from jiangheng.values import queries as values


def take(count: int, now: datetime) -> list[str]:
    """The next ``count`` numbers of the year; the row stays locked until the deed ends: none is given twice."""
    today = local_day(now)
    law = values.law(today)
    Series.objects.get_or_create(year=today.year)
    Series.objects.filter(year=today.year).update(last=F("last") + count)
    last = Series.objects.get(year=today.year).last
    return [
        running_number("application_number_rule", today.year, serial, law)
        for serial in range(last - count + 1, last + 1)
    ]
