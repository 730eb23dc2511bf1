"""One page and one address for every step of every flow; a room says only what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, re_path, reverse

from jiangheng.journal import queries, steps
from jiangheng.journal.actions import kind_of
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role
from jiangheng.screens.answers import signed_in
from jiangheng.screens.forms import step_page
from jiangheng.screens.lists import Links
from jiangheng.screens.request import Request

Words = Callable[[Request, Any], Any]


@dataclass(frozen=True, slots=True)
class Asks:
    """What one step asks and says beyond a note.

    ``form`` makes its form (bound on POST) of the request and the record, or None where nothing more is asked of this
    record; ``given`` reads out of it what the action takes (its ``cleaned_data`` unless told otherwise). ``lead`` is the
    sentence above, ``back`` the address afterwards, ``message`` what is said there, ``trail`` the way to the record
    where it is another than usual. ``page`` names a page made by hand that takes this step instead, ``to`` makes its
    arguments of the record (its id).
    """

    form: Callable[[Request, Any], forms.BaseForm | None] | None = None
    given: Callable[[Any], Mapping[str, Any]] = lambda form: form.cleaned_data
    lead: Words | None = None
    back: Callable[[Any], str] | None = None
    message: Any = ""
    trail: Callable[[Any], Links] | None = None
    page: str = ""
    to: Callable[[Any], list[Any]] = lambda record: [record.pk]


@dataclass(frozen=True, slots=True)
class Steps:
    """Where the steps of one kind are taken.

    ``at`` is the name of their address (``"plans:step"``), ``path`` what stands before the record's id in it, ``get``
    the record for whoever may see it, ``home`` its page, ``trail`` the way to it. ``concerns`` leaves out, beside the
    table's roles, whom a step is no business of. ``readers`` are the roles that learn whether there is such a record
    (404) before they learn that the step is not theirs (403): all roles of the flow unless given, none but the step's
    own when empty. Steps ``within`` another deed are taken by it alone: they have no page and no operation.
    """

    kind: str
    at: str
    path: str
    get: Callable[[Person, int], Any]
    home: Callable[[Any], str]
    trail: Callable[[Any], Links] | None = None
    lead: Words | None = None
    asks: Mapping[str, Asks] = field(default_factory=lambda: MappingProxyType({}))
    concerns: Callable[[Person, Any, str, datetime], bool] | None = None
    readers: tuple[Role, ...] | None = None
    within: tuple[str, ...] = ()


REGISTER: dict[str, Steps] = {}


def register(*kinds: Steps) -> tuple[Steps, ...]:
    """Add the steps of some kinds to the register."""
    REGISTER.update({each.kind: each for each in kinds})
    return kinds


def addresses(*kinds: Steps) -> list[URLPattern]:
    """The addresses of the steps of some kinds, ``<path><id>/<verb>/``; they stand last among a room's."""
    return [
        re_path(
            rf"^{each.path}(?P<{flows.FLOWS[each.kind].named_by}>\d{{1,18}})/(?P<verb>[a-z][a-z_]{{0,39}})/$",
            step,
            {"kind": each.kind},
            name=each.at.rpartition(":")[2],
        )
        for each in kinds
    ]


def posted(request: Request) -> Any:
    """What was sent, for a form of the page; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def offered(record: Any, person: Person, now: datetime) -> list[steps.Offer]:
    """Every step that is ``person``'s business for ``record``, each with what stands in its way now.

    The same list is a page's buttons and the API's answer.
    """
    found = REGISTER.get(kind_of(record))
    return [
        each
        for each in steps.offered(record, person, now)
        if found is None or _concerns(found, person, record, each.transition.verb, now)
    ]


def _concerns(found: Steps, person: Person, record: Any, verb: str, now: datetime) -> bool:
    if verb in found.within:
        return False
    return found.concerns is None or found.concerns(person, record, verb, now)


def address(record: Any, verb: str) -> str | None:
    """Where a step of ``record`` is taken on a page; None where there is no page for it."""
    found = REGISTER.get(kind_of(record))
    if found is None:
        return None
    asks = found.asks.get(verb)
    if asks and asks.page:
        return reverse(asks.page, args=asks.to(record))
    if steps.plain(found.kind, verb) or (asks and asks.form):
        return reverse(found.at, args=[record.pk, verb])
    return None


def step(request: Request, kind: str, verb: str, **named: str) -> HttpResponse:
    """Confirm and take one step of one record of any kind."""
    found = REGISTER[kind]
    readers = flows.FLOWS[kind].roles if found.readers is None else found.readers
    if not readers and verb in flows.FLOWS[kind].verbs:
        readers = flows.FLOWS[kind].transition(verb).roles
    return signed_in(*readers)(_step)(request, found, verb, int(named[flows.FLOWS[kind].named_by]))


def _step(request: Request, found: Steps, verb: str, record_id: int) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    person, now = request.person, request.now
    record = found.get(person, record_id)
    transition = steps.transition_of(found.kind, verb)
    asks = found.asks.get(verb) or Asks()
    if asks.page or verb in found.within or not (asks.form or steps.plain(found.kind, verb)):
        raise queries.absent()
    form = asks.form(request, record) if asks.form else None
    lead, trail = asks.lead or found.lead, asks.trail or found.trail
    home = found.home(record)

    def take(note: str, seen: int | None) -> Any:
        given = asks.given(form) if form is not None else {}
        return steps.take(found.kind, verb, record.pk, by=person, now=now, note=note, seen=seen, given=given)

    return step_page(
        request,
        record,
        transition.verb,
        take,
        back=asks.back(record) if asks.back else home,
        form=form,
        lead=lead(request, record) if lead else "",
        breadcrumb=trail(record) if trail else ((record, home),),
        message=asks.message,
    )
