"""Dry runs of unpublished standard versions over past applications; the centre's only (三（一）)."""

from __future__ import annotations

from django.db.models import QuerySet

from jiangheng.applications.models import Application, Rehearsal, RehearsalChange
from jiangheng.catalog import queries as catalog
from jiangheng.catalog.models import StandardVersion
from jiangheng.journal.queries import one
from jiangheng.rules.roles import Person, Role


def visible_to(person: Person) -> QuerySet[Rehearsal]:
    """The centre's and the worker's."""
    rows = Rehearsal.objects.select_related("standard__occupation")
    return rows if person.role in (Role.CENTRE, Role.SYSTEM) else rows.none()


def get(person: Person, rehearsal_id: int) -> Rehearsal:
    """One dry run; Refusal ``record.none`` (404)."""
    return one(visible_to(person), pk=rehearsal_id)


def of_standard(person: Person, standard_id: int) -> QuerySet[Rehearsal]:
    """The dry runs of a version, newest first."""
    return visible_to(person).filter(standard_id=standard_id).order_by("-id")


def decided(standard: StandardVersion) -> QuerySet[Application]:
    """Every application of the version's occupation, or of an earlier code of it, that was judged; of an employer's own, that employer's."""
    occupation = standard.occupation
    codes = [occupation.code, *(each.code for each in catalog.lineage(occupation))]
    rows = Application.objects.filter(occupation_code__in=codes, as_of__isnull=False)
    if standard.owner_id is not None:
        rows = rows.filter(body_id=standard.owner_id)
    return rows.exclude(verdict="").exclude(state="draft").order_by("id")


def changes(rehearsal: Rehearsal) -> QuerySet[RehearsalChange]:
    """The decisions a dry run would change."""
    return RehearsalChange.objects.select_related("application__request").filter(rehearsal=rehearsal)
