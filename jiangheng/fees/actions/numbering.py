"""Numbers without gaps, and the lock under which money of a plan is counted (三（七）)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from jiangheng.fees import queries
from jiangheng.fees.models import Series
from jiangheng.plans.models import Plan
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.numbers import running_number
from jiangheng.rules.roles import Person
from jiangheng.values import queries as values

CHUNK = 500


def next_number(kind: str, now: datetime) -> str:
    """The next number of ``kind`` (receipt, bill, payment_order, refund) in the year of ``now``."""
    today = local_day(now)
    Series.objects.get_or_create(kind=kind, year=today.year)
    Series.objects.filter(kind=kind, year=today.year).update(last=F("last") + 1)
    serial = Series.objects.get(kind=kind, year=today.year).last
    return running_number(f"{kind}_number_rule", today.year, serial, values.law(today))


def own_plan_locked(by: Person, plan_id: int) -> Plan:
    """The body's own plan, its row locked: two clerks take money one after the other."""
    plan = queries.own_plan(by, plan_id)
    lock(plan.pk)
    return plan


def lock(plan_id: int) -> Plan:
    """The plan, its row locked."""
    return Plan.objects.select_for_update().get(pk=plan_id)
