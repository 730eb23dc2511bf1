"""Who is asking, and which people they may see."""

from __future__ import annotations

from django.http import HttpRequest

from jiangheng.people.models import Membership
from jiangheng.rules.roles import PUBLIC, Person, Role


def person_of(membership: Membership) -> Person:
    """The person acting in a membership."""
    account = membership.account
    return Person(
        account_id=account.pk,
        name=account.name,
        role=Role(membership.role),
        organisation_id=membership.organisation_id,
        identity_id=account.identity_id if membership.role == Role.CANDIDATE else None,
    )


def acting(request: HttpRequest) -> tuple[Person, list[Membership]]:
    """The person of this request and the memberships they may switch between; read anew every time."""
    account = request.user
    if not account.is_authenticated:
        return PUBLIC, []
    memberships = list(
        Membership.objects.filter(account_id=account.pk, active=True).select_related("account", "organisation")
    )
    if not memberships:
        return PUBLIC, []
    chosen = request.session.get("membership")
    current = next((row for row in memberships if row.pk == chosen), memberships[0])
    return person_of(current), memberships
