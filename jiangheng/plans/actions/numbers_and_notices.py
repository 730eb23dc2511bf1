"""Changes that notice a faster colleague, and notices to those a record concerns."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import F

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Organisation
from jiangheng.journal.actions import send, stale
from jiangheng.journal.models import Moving
from jiangheng.plans import guards
from jiangheng.rules.roles import Person

M = TypeVar("M", bound=Moving)


def changed(record: M, seen: int | None, values: dict[str, Any]) -> dict[str, Any]:
    """Set ``values`` where the record is still as seen; returns what they were. Refusal ``record.stale`` (409)."""
    state, version = record.state, record.version
    before = {field: getattr(record, field) for field in values}
    rows = type(record)._base_manager.filter(pk=record.pk, state=state, version=version if seen is None else seen)
    if rows.update(version=F("version") + 1, **values) == 0:
        raise stale()
    record.refresh_from_db()
    return before


def own(by: Person, organisation_id: int, clause: str) -> None:
    """Only the organisation itself may do this. Refusal ``record.not_yours`` (403)."""
    if refusal := guards.not_yours(by, organisation_id, clause):
        raise refusal


def tell(record: Moving, organisation_id: int | None, subject: str, body: str) -> None:
    """Queue a notice about ``record`` to an organisation."""
    if organisation_id is None:
        return
    send(
        key=f"{record.KIND}-{record.pk}-{record.version}-{organisation_id}",
        channel="notice",
        subject=subject,
        body=body,
        to_organisation=organisation_id,
        record=record,
    )


def tell_centre(record: Moving, subject: str, body: str) -> None:
    """Queue a notice about ``record`` to the centre."""
    office: Organisation | None = bodies.centre()
    tell(record, office.pk if office else None, subject, body)
