"""What stands in a step's way beyond state and role: asked by the deed itself, by pages and by the API alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from jiangheng.journal.models import Entry
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person

Guard = Callable[[Person, Any, datetime], Refusal | None]
G = TypeVar("G", bound=Guard)

Many = Callable[[Person, Sequence[Any], datetime], Refusal | None]

GUARDS: dict[str, Guard] = {}
MANY: dict[str, Many] = {}


def guard(*names: str) -> Callable[[G], G]:
    """Register ``(person, record, now) -> Refusal | None`` under the names the table calls it by.

    It is asked once state and role allow the step, and takes it for granted that a reason will be given.
    """

    def keep(function: G) -> G:
        GUARDS.update(dict.fromkeys(names, function))
        return function

    return keep


def guard_of_many(name: str) -> Callable[[Many], Many]:
    """Register the same question asked of many records in as many statements as of one."""

    def keep(function: Many) -> Many:
        MANY[name] = function
        return function

    return keep


def hindrance(person: Person, kind: str, record: Any, transition: flows.Transition, now: datetime) -> Refusal | None:
    """Why ``person`` may not take ``transition`` of ``record`` now though its state and their role allow it; or None.

    The row's guard speaks first; Refusal ``flow.second_person`` (403) after it.
    """
    refusal = GUARDS[transition.guard](person, record, now) if transition.guard else None
    if refusal is not None or not transition.second_person:
        return refusal
    first = first_half(kind, record, transition.verb)
    return flows.second_person(transition, (first.actor_id, first.actor_name), person.account_id) if first else None


def hindrance_of_many(
    person: Person, kind: str, records: Sequence[Any], transition: flows.Transition, now: datetime
) -> Refusal | None:
    """The first reason why not all of ``records`` may take ``transition`` now; None when they may."""
    if transition.guard in MANY and not transition.second_person:
        return MANY[transition.guard](person, records, now)
    if not (transition.guard or transition.second_person):
        return None
    found = (hindrance(person, kind, record, transition, now) for record in records)
    return next((refusal for refusal in found if refusal), None)


def first_half(kind: str, record: Any, verb: str) -> Entry | None:
    """The entry of the step that brought ``record`` where it stands; None where nothing did."""
    # A step from a state to itself would find its own last taking; the earlier half is what came before it.
    return (
        Entry.objects.filter(record_kind=kind, record_id=record.pk, to_state=record.state)
        .exclude(verb=verb)
        .order_by("-id")
        .first()
    )
