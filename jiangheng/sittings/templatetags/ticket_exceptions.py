"""What the public page of a plan shows of this room: the exceptions from the last day of the tickets (四（六）)."""

from __future__ import annotations

from typing import Any

from django import template

from jiangheng.plans.models import Plan
from jiangheng.sittings.queries import exceptions

register = template.Library()


@register.inclusion_tag("sittings/_published.html")
def ticket_exceptions(plan: Plan) -> dict[str, Any]:
    """The exceptions of a plan, newest first, or nothing."""
    return {"exceptions": exceptions.of_plan(plan.pk)}
