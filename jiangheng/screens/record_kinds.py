"""Where each kind of record lives: who may see it and its page; each room adds its own (<room>/record_kinds.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from jiangheng.journal import queries
from jiangheng.journal.actions import kind_of
from jiangheng.rules.roles import Person, Role


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: its word, the dotted name of its ``visible_to``, the name of its page ("" for none).

    ``grown_from`` is the dotted name of the query that names every record its whole story is told by; ``waiting`` that of
    the query of those in some states, where asking ``visible_to`` and then for the states would be slow. ``owners`` are the ways from a record to the
    organisations and ``holders`` those to the identities that read its story beside the centre.
    """

    kind: str
    label: str
    visible_to: str
    page: str = ""
    grown_from: str = ""
    waiting: str = ""
    owners: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()

    def records(self, record: Any) -> list[Any]:
        """The (kind, id) of everything whose entries make the record's whole story: itself, or what it grew from."""
        if not self.grown_from:
            return [(self.kind, record.pk)]
        return list(import_string(self.grown_from)(record))

    def name(self, record: Any) -> str:
        """The record as a heading calls it: its word and its number, title or name."""
        given = next((value for key in NAMED_BY if (value := getattr(record, key, ""))), record.pk)
        return f"{gettext(self.label)} {given}"


NAMED_BY = ("number", "title", "name", "class_name", "occupation_name")
RECORD_KINDS: dict[str, RecordKind] = {}


def register(*kinds: RecordKind) -> None:
    """Add kinds to the table."""
    RECORD_KINDS.update({each.kind: each for each in kinds})


def get(person: Person, kind: str, record_id: int) -> Any:
    """The record itself when ``person`` may read its story; Refusal ``record.none`` (404) otherwise."""
    found = RECORD_KINDS.get(kind)
    if found is None:
        raise queries.absent()
    rows: Callable[[Person], QuerySet[Any]] = import_string(found.visible_to)
    record = queries.one(rows(person), pk=record_id)
    if not may_read_story(person, record):
        raise queries.absent()
    return record


def may_read_story(person: Person, record: Any) -> bool:
    """Who reads a record's story: the centre, external supervisors, the organisation and the person it is about.

    Seeing a record is not enough: a public plan is for everybody, what was said about it on the way is not.
    """
    if person.role in (Role.CENTRE, Role.EXTERNAL_SUPERVISOR, Role.SYSTEM):
        return True
    kind = RECORD_KINDS.get(kind_of(record))
    if kind is None:
        return False
    if person.organisation_id is not None:
        return person.organisation_id in [_reached(record, path) for path in kind.owners]
    if person.identity_id is not None:
        return person.identity_id in [_reached(record, path) for path in kind.holders]
    return False


def _reached(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name, None)
    return record


def address(kind: str, record_id: int | None) -> str | None:
    """The page of a record, or None where it has none."""
    found = RECORD_KINDS.get(kind)
    if found is None or not found.page or record_id is None:
        return None
    try:
        return reverse(found.page, args=[record_id])
    except NoReverseMatch:
        return None
