"""A request as every view gets it: with its moment and the person acting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model
from django.http import HttpRequest

from jiangheng.rules.roles import Person


class Request(HttpRequest):
    """What the middleware makes of a request.

    ``now`` is the aware moment it came in; ``person`` who acts, nobody's where nobody is signed in; ``memberships``
    what they may switch between; ``unread`` their notices, once a template asked. Django makes the object itself, so
    this class only tells what has been set on it.
    """

    person: Person
    now: datetime
    memberships: Sequence[Model]
    unread: int
