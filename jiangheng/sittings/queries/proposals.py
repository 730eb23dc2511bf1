"""The proposals of staff a plan has been given (四（七）)."""

from __future__ import annotations

from django.db.models import QuerySet

from jiangheng.journal.queries import one
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import StaffProposal
from jiangheng.sittings.queries.visible import of_own_plans


def visible_to(person: Person) -> QuerySet[StaffProposal]:
    """The centre sees every proposal, a body those of its own plans."""
    return of_own_plans(person, StaffProposal.objects.select_related("plan", "plan__body", "asked_by"))


def get(person: Person, proposal_id: int) -> StaffProposal:
    """One proposal; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(visible_to(person), pk=proposal_id)
