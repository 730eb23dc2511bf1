"""The lock under which money of a plan is counted (三（七）)."""

from __future__ import annotations

from jiangheng.fees import queries
from jiangheng.journal.actions.locking import hold
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person

CHUNK = 500


def own_plan_locked(by: Person, plan_id: int) -> Plan:
    """The body's own plan, its row locked: two clerks take money one after the other."""
    plan = queries.own_plan(by, plan_id)
    lock(plan.pk)
    return plan


def lock(plan_id: int) -> Plan:
    """The plan, its row locked."""
    [plan] = hold(Plan.objects.filter(pk=plan_id))
    return plan
