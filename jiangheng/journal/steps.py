"""The steps of every flow as pages, the API and commands take them: what is asked, what is offered, how it is done."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from jiangheng.journal import guards, queries
from jiangheng.journal.actions import ACTIONS, kind_of
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person

ALWAYS = ("by", "now", "note", "seen")


@dataclass(frozen=True, slots=True)
class Offer:
    """A step somebody's role may ever take of a record, with the refusal that stands in its way now, or None."""

    transition: flows.Transition
    refusal: Refusal | None


@lru_cache(maxsize=512)
def _inputs(perform: Callable[..., Any], record_id: str) -> dict[str, inspect.Parameter] | None:
    given = dict(inspect.signature(inspect.unwrap(perform)).parameters)
    if record_id not in given:
        return None
    return {name: each for name, each in given.items() if name not in (*ALWAYS, record_id)}


def named_by(kind: str, verb: str) -> str:
    """The id by which the action of a step is told its record; where it moves many at once, that of what they belong to.

    "" where it is told none: such a step is part of another deed.
    """
    perform, own = ACTIONS.get(f"{kind}.{verb}"), flows.FLOWS[kind].named_by
    if perform is None:
        return ""
    asked = inspect.signature(inspect.unwrap(perform)).parameters
    return own if own in asked else next((name for name in asked if name.endswith("_id")), "")


def inputs(kind: str, verb: str) -> dict[str, inspect.Parameter] | None:
    """What the action of a step asks beside the record, a note and the version; None when it is no deed of one record."""
    return inputs_beside(kind, verb, flows.FLOWS[kind].named_by)


def inputs_beside(kind: str, verb: str, record_id: str) -> dict[str, inspect.Parameter] | None:
    """The same of an action that is told ``record_id``; None where it asks no such thing."""
    perform = ACTIONS.get(f"{kind}.{verb}")
    return _inputs(perform, record_id) if perform else None


def plain(kind: str, verb: str) -> bool:
    """Whether a step wants nothing but the record, a note and the version."""
    asked = inputs(kind, verb)
    return asked is not None and all(each.default is not each.empty for each in asked.values())


def takes_note(kind: str, verb: str) -> bool:
    """Whether the action of a step keeps a note."""
    perform = ACTIONS.get(f"{kind}.{verb}")
    return perform is None or "note" in inspect.signature(inspect.unwrap(perform)).parameters


def offered(record: Any, person: Person, now: datetime) -> list[Offer]:
    """Every step ``person``'s role may ever take of ``record``, each with what stands in its way now."""
    kind = kind_of(record)
    found = []
    for transition, refusal in flows.steps_for(kind, record.state, person.role):
        found.append(Offer(transition, refusal or guards.hindrance(person, kind, record, transition, now)))
    return found


def open_to(record: Any, person: Person, now: datetime) -> frozenset[str]:
    """The verbs ``person`` may take of ``record`` now."""
    return frozenset(each.transition.verb for each in offered(record, person, now) if each.refusal is None)


def transition_of(kind: str, verb: str) -> flows.Transition:
    """The step of that verb; Refusal ``record.none`` (404) when the table has none."""
    try:
        return flows.FLOWS[kind].transition(verb)
    except KeyError:
        raise queries.absent() from None


def take(
    kind: str,
    verb: str,
    record_id: int,
    *,
    by: Person,
    now: datetime,
    note: str = "",
    seen: int | None = None,
    given: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> Any:
    """Take a step through its action; ``given`` is what it asks beside the record (``named_by``), a note and the version."""
    perform = ACTIONS[f"{kind}.{verb}"]
    known = inspect.signature(inspect.unwrap(perform)).parameters
    words = {name: value for name, value in (("note", note), ("seen", seen)) if name in known}
    return perform(by=by, now=now, once=once, **{named_by(kind, verb): record_id}, **{**words, **(given or {})})
