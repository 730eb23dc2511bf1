"""The packs of papers somebody had made (四（六）)."""

from __future__ import annotations

from django.db.models import QuerySet

from jiangheng.journal.queries import one
from jiangheng.rules.roles import Person, Role
from jiangheng.sittings.models import Pack


def visible_to(person: Person) -> QuerySet[Pack]:
    """The centre and the worker see every pack, a body those of its own plans."""
    rows = Pack.objects.select_related("plan", "plan__body", "file", "asked_by")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(plan__body_id=person.organisation_id)
    return rows.none()


def get(person: Person, pack_id: int) -> Pack:
    """One pack; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(visible_to(person), pk=pack_id)
