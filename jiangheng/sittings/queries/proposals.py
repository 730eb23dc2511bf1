"""The proposals of staff a plan has been given (四（七）)."""

from __future__ import annotations

from django.db.models import QuerySet

from jiangheng.journal.queries import one
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings.models import StaffProposal


def visible_to(person: Person) -> QuerySet[StaffProposal]:
    """The centre sees every proposal, a body those of its own plans."""
    rows = StaffProposal.objects.select_related("plan", "plan__body", "asked_by")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(plan__body_id=person.organisation_id)
    return rows.none()


def get(person: Person, proposal_id: int) -> StaffProposal:
    """One proposal; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(visible_to(person), pk=proposal_id)
