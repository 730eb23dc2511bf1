"""What the shell around every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from jiangheng.journal import queries as journal
from jiangheng.rules.roles import LABELS, PUBLIC, Person, Role
from jiangheng.screens.request import Request
from jiangheng.site import menu


def shell(request: Request) -> dict[str, Any]:
    """The person and their memberships, the menu of their role, how many notices are unread, which shell fits."""
    person: Person = getattr(request, "person", PUBLIC)
    memberships = getattr(request, "memberships", [])
    current = next(
        (row for row in memberships if row.role == person.role and row.organisation_id == person.organisation_id),
        None,
    )
    return {
        "person": person,
        "is_signed_in": person.account_id is not None,
        "role_label": LABELS[person.role],
        "organisation": current.organisation if current else None,
        "membership": current,
        "memberships": [{"row": row, "label": LABELS[Role(row.role)], "here": row is current} for row in memberships],
        "menu": menu.drawn(person.role, request.path),
        "bottom": menu.bottom(person.role, request.path),
        "public_menu": menu.public(request.path),
        "unread": _unread(request, person),
        "shell": shell_for(person),
        "demonstration": settings.DEMONSTRATION,
        "languages": settings.LANGUAGES,
    }


def _unread(request: Request, person: Person) -> int:
    """Counted once a request, however many templates it renders."""
    if not hasattr(request, "unread"):
        request.unread = journal.unread(person) if person.account_id else 0
    return request.unread


def shell_for(person: Person) -> str:
    """The page frame: public, phone-first for candidates, with a side menu for everybody else."""
    if person.account_id is None:
        return "shell/public.html"
    return "shell/candidate.html" if person.role is Role.CANDIDATE else "shell/page.html"
