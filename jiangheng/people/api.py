"""Who one is at the API, and the register of cards (四（七）)."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router, Schema

from jiangheng.people import queries
from jiangheng.people.models import StaffCard
from jiangheng.screens import operations
from jiangheng.screens.outputs import Cursor, out, page
from jiangheng.screens.request import Request

router = Router(tags=["people"])


class Me(Schema):
    """The person, role and organisation a token acts as."""

    name: str
    role: str
    organisation_id: int | None


class Card(Schema):
    """A card of the register; dates are days in Liuzhou."""

    id: int
    holder: str
    kind: str
    number: str
    occupation_code: str
    employer: str
    valid_from: date
    valid_to: date


def _card(row: StaffCard) -> Card:
    return out(
        Card,
        row,
        holder=row.account.name,
        employer=row.employer.name if row.employer else row.employer_name,
    )


@router.get("/me", response=Me)
def me(request: Request) -> Me:
    """Who the caller acts as."""
    person = request.person
    return Me(name=person.name, role=person.role.value, organisation_id=person.organisation_id)


@router.get("/cards", response=list[Card])
def cards(request: Request, cursor: Query[Cursor]) -> list[Card]:
    """Cards the caller may see, by id."""
    return page(request, queries.cards_visible_to(request.person), cursor, _card)


@router.get("/cards/{card_id}", response=Card)
def card(request: Request, card_id: int) -> Card:
    """One card; 404 where the caller may not see it."""
    return _card(queries.card(request.person, card_id))


operations.mount(router, "identity_merge", "/merges")
