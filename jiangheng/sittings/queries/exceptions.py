"""Exceptions from the five working days of the tickets, public as they stand (四（六）)."""

from __future__ import annotations

from jiangheng.plans.models import Plan
from jiangheng.sittings.models import TicketException


def of_plan(plan_id: int) -> list[TicketException]:
    """Every exception of a plan, newest first; anybody may read them where the plan itself is public."""
    return list(TicketException.objects.filter(plan_id=plan_id).select_related("granted_by", "plan"))


def standing(plan: Plan) -> TicketException | None:
    """The exception that counts: the newest, or None."""
    return TicketException.objects.filter(plan=plan).order_by("-pk").first()
