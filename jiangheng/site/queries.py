"""Announcements."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from jiangheng.journal import queries as journal
from jiangheng.rules.roles import Person
from jiangheng.site.models import Announcement


def visible_to(person: Person) -> QuerySet[Announcement]:  # noqa: ARG001 - every room asks for whom
    """Announcements are for everybody."""
    return Announcement.objects.order_by("-published_on", "-id")


def published(person: Person, today: date) -> QuerySet[Announcement]:
    """Announcements whose day has come."""
    return visible_to(person).filter(published_on__lte=today)


def get(person: Person, announcement_id: int, today: date) -> Announcement:
    """One published announcement; Refusal ``record.none`` (404) otherwise."""
    return journal.one(published(person, today), pk=announcement_id)
