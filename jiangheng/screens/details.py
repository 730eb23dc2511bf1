"""The page of one thing: where it stands, what may be done next and why not, its facts, its story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng.journal import queries
from jiangheng.journal.actions import kind_of
from jiangheng.journal.models import Entry, Moving
from jiangheng.rules import flows
from jiangheng.rules.roles import LABELS, Person, Role
from jiangheng.screens import display, steps
from jiangheng.screens import record_kinds as table
from jiangheng.screens.lists import Links
from jiangheng.screens.request import Request

TAKEN_BACK = ("withdraw", "cancel")
STORY_SHORT = 30


def detail(
    request: Request,
    record: Model,
    *,
    title: Any,
    facts: Sequence[tuple[Any, ...]] = (),
    sections: Sequence[tuple[Any, str, dict[str, Any]]] = (),
    threads: Sequence[tuple[str, int] | tuple[str, int, int]] = (),
    breadcrumb: Links = (),
    actions: Links = (),
    lead: Any = "",
    template: str = "screens/detail.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of ``record`` (already got through ``queries.get``).

    ``facts`` are (label, value) or (label, value, kind) with the kinds of a list's columns; ``sections`` are
    (heading, template, context); ``threads`` are the (kind, id) whose journal entries make the story. What may be done
    next is read from the table (``steps.offered``).
    """
    kind = kind_of(record)
    known = kind in flows.FLOWS
    person: Person = request.person
    return render(
        request,
        template,
        {
            "title": title,
            "lead": lead,
            "breadcrumb": breadcrumb,
            "record": record,
            "kind": kind,
            "actions": actions,
            "line": status_line(kind, record.state) if isinstance(record, Moving) else [],
            "steps": next_steps(record, person, request.now) if known else None,
            "facts": [
                {"label": label, "shown": display.shown(value, (rest or ["text"])[0], kind)}
                for label, value, *rest in facts
            ],
            "sections": [{"heading": heading, "template": name, "context": given} for heading, name, given in sections],
            "story": _short_story(threads) if threads and table.may_read_story(person, record) else None,
            "story_url": story_url(*threads[0][:2]) if threads and threads[0][0] in table.RECORD_KINDS else "",
            **(context or {}),
        },
    )


def story_url(kind: str, record_id: int) -> str:
    """The page that tells the whole story of a record."""
    return reverse("journal:story", args=[kind, record_id])


def status_line(kind: str, state: str) -> list[dict[str, str]]:
    """The states on the way, each with its label, tone and place (done, here, ahead), for the line of steps."""
    found = flows.FLOWS[kind]
    path = _main_path(found)
    if state not in path:
        sources = {source for each in found.transitions if each.target == state for source in each.sources}
        after = max((place for place, name in enumerate(path) if name in sources), default=len(path) - 1)
        goes_on = any(state in each.sources for each in found.transitions)
        path = [*path[: after + 1], state, *(path[after + 1 :] if goes_on else [])]
    here = path.index(state)
    return [
        {
            "label": display.word(found.state(name).label),
            "tone": found.state(name).tone,
            "place": "done" if place < here else "here" if place == here else "ahead",
        }
        for place, name in enumerate(path)
    ]


def _main_path(found: flows.Flow) -> list[str]:
    """From the first state along the first step each time that asks no reason and ends well."""
    path = [found.states[0].name]
    sources = {name for each in found.transitions for name in each.sources}
    while True:
        ahead = (
            each.target
            for each in found.transitions
            if path[-1] in each.sources
            and not each.asks_reason
            and each.target not in path
            and found.state(each.target).tone != "bad"
            and (each.target in sources or found.state(each.target).tone == "good")
        )
        target = next(ahead, None)
        if target is None:
            return path
        path.append(target)


def next_steps(record: Model, person: Person, now: datetime) -> dict[str, Any]:
    """What ``person`` may do now (``open``) and what not yet, with the reason (``shut``).

    ``telling`` is True where a reason says more than that the time for a step is past or to come.
    """
    found: dict[str, Any] = {"open": [], "shut": [], "telling": False}
    for each in steps.offered(record, person, now):
        transition, refusal = each.transition, each.refusal
        address = steps.address(record, transition.verb)
        if address is None:
            continue
        found["telling"] |= refusal is not None and refusal.code != "flow.state"
        found["shut" if refusal else "open"].append(
            {
                "label": display.word(transition.label),
                "verb": transition.verb,
                "clause": transition.clause,
                "href": address,
                "second_person": transition.second_person,
                "grave": transition.asks_reason
                or transition.verb in TAKEN_BACK
                or flows.FLOWS[kind_of(record)].state(transition.target).tone == "bad",
                "refusal": refusal,
            }
        )
    return found


def _short_story(threads: Sequence[tuple[str, int] | tuple[str, int, int]]) -> dict[str, Any]:
    latest = list(queries.story(threads).order_by("-id")[: 2 * STORY_SHORT])
    # What one deed wrote down beside its step is on the page of the whole story; here the step speaks for both.
    stepped = {(each.action, each.record_id, each.at) for each in latest if each.to_state}
    short = [each for each in latest if each.to_state or (each.action, each.record_id, each.at) not in stepped]
    return {"entries": [told(entry) for entry in short[:STORY_SHORT]], "more": len(latest) > len(short[:STORY_SHORT])}


def told(entry: Entry) -> dict[str, Any]:
    """One journal entry as a page tells it."""
    found = flows.FLOWS.get(entry.record_kind)
    return {
        "entry": entry,
        "at": entry.at,
        "what": _deed_word(entry),
        "who": entry.actor_name,
        "role": _role_word(entry.role),
        "clause": entry.clause,
        "note": entry.note,
        "from_state": display.state(entry.record_kind, entry.from_state) if found and entry.from_state else "",
        "to_state": display.state(entry.record_kind, entry.to_state) if found and entry.to_state else "",
        "kind": _kind_word(entry.record_kind),
        "href": table.address(entry.record_kind, entry.record_id),
    }


def _deed_word(entry: Entry) -> str:
    try:
        return display.word(flows.named(f"{entry.record_kind}.{entry.verb}" if entry.to_state else entry.verb).label)
    except KeyError:  # a deed no table has any more
        return entry.verb


def _role_word(role: str) -> str:
    try:
        return display.word(LABELS[Role(role)])
    except ValueError:
        return role


def _kind_word(kind: str) -> str:
    if kind in table.RECORD_KINDS:
        return display.word(table.RECORD_KINDS[kind].label)
    return display.word(flows.FLOWS[kind].label) if kind in flows.FLOWS else _("记录")
