"""Whom a changed or given up plan concerns: its parties, the people registered, those on duty, the rooms arranged."""

from __future__ import annotations

from jiangheng.journal.actions import move_many, send
from jiangheng.plans import queries
from jiangheng.plans.actions.numbers_and_notices import tell
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.flows import FLOWS
from jiangheng.rules.roles import SYSTEM

STANDING = flows.states("application", "handed_in")
NOT_BEGUN = FLOWS["sitting"].transition("cancel").sources


def call_off(plan: Plan, note: str) -> int:
    """Cancel the sittings arranged so far and their meeting, and tell those on duty; returns how many sittings."""
    sittings = list(plan.sittings.filter(state__in=NOT_BEGUN).order_by("pk"))
    on_duty = set(
        plan.sittings.filter(pk__in=[each.pk for each in sittings]).values_list("staff__account_id", flat=True)
    )
    moved = move_many(sittings, "cancel", by=SYSTEM, note=note)
    move_many(plan.meetings.filter(state="called"), "cancel", by=SYSTEM, note=note)
    for account_id in sorted(on_duty - {None}):
        send(
            key=f"plan-{plan.pk}-{plan.version}-duty-{account_id}",
            channel="notice",
            subject=f"{plan.title}的考务安排已取消",
            body=note,
            to_account=account_id,
            record=plan,
        )
    return moved


def tell_parties(plan: Plan, subject: str, body: str, *, request_id: int | None = None) -> None:
    """Tell the plan's body and the organisation that asked for it."""
    tell(plan, plan.body_id, subject, body or plan.title)
    wanted = request_id or plan.request_id
    if wanted is not None:
        tell(plan, queries.sponsor_of(wanted), subject, body or plan.title)


def tell_people(plan: Plan, subject: str, body: str) -> int:
    """Tell everyone whose application stands, and the organisations that entered them; returns how many people."""
    people = plan.applications.filter(state__in=STANDING)
    accounts = people.exclude(identity__account=None).values_list("identity__account", flat=True)
    told = sorted(set(accounts))
    for account_id in told:
        send(
            key=f"plan-{plan.pk}-{plan.version}-person-{account_id}",
            channel="notice",
            subject=subject,
            body=body,
            to_account=account_id,
            record=plan,
        )
    sponsors = people.exclude(sponsor=None).values_list("sponsor", flat=True)
    for organisation_id in sorted(set(sponsors)):
        tell(plan, organisation_id, subject, body)
    return len(told)
