"""The packs of papers somebody had made (四（六）)."""

from __future__ import annotations

from django.db.models import QuerySet

from jiangheng.journal.queries import one
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Pack
from jiangheng.sittings.queries.visible import of_own_plans


def visible_to(person: Person) -> QuerySet[Pack]:
    """The centre and the worker see every pack, a body those of its own plans."""
    return of_own_plans(person, Pack.objects.select_related("plan", "plan__body", "file", "asked_by"))


def get(person: Person, pack_id: int) -> Pack:
    """One pack; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(visible_to(person), pk=pack_id)
