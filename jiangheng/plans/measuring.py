"""What a standard asks of a place for so many people, and what the place has on the day (三（五）)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Equipment
from jiangheng.catalog import queries as catalog
from jiangheng.plans.models import Request
from jiangheng.rules.conditions.standards import Requirement


@dataclass(frozen=True, slots=True)
class Measured:
    """One requirement: pieces asked for, in the place, whole and within their verification, and out of it.

    ``verified_until`` is the earliest last day of verification among the pieces that count.
    """

    name: str
    needed: int
    quantity: int
    available: int
    expired: int
    verified_until: date | None

    @property
    def short(self) -> int:
        """How many are missing."""
        return max(self.needed - self.available, 0)


def measured(wanted: Request, venue_id: int, on: date) -> list[Measured]:
    """Every requirement of the standard for the request's people against the venue's equipment on ``on``.

    A piece whose verification ends before ``on`` does not count as available.
    """
    needs: dict[str, int] = {}
    for subject in catalog.subjects_for(wanted.occupation_code, wanted.level, on):
        for each in subject.required_equipment:
            needed = Requirement(each["name"], each["quantity"], each["per"]).needed(wanted.headcount)
            needs[each["name"]] = max(needs.get(each["name"], 0), needed)
    pieces: dict[str, list[Equipment]] = {}
    for piece in bodies.equipment_named(venue_id, needs):
        pieces.setdefault(piece.name, []).append(piece)
    return [_line(name, needed, pieces.get(name, []), on) for name, needed in needs.items()]


def _line(name: str, needed: int, pieces: list[Equipment], on: date) -> Measured:
    valid = [piece for piece in pieces if piece.verified_until is None or piece.verified_until >= on]
    ends = [piece.verified_until for piece in valid if piece.verified_until is not None]
    return Measured(
        name=name,
        needed=needed,
        quantity=sum(piece.quantity for piece in pieces),
        available=sum(piece.usable for piece in valid),
        expired=sum(piece.usable for piece in pieces if piece not in valid),
        verified_until=min(ends, default=None),
    )
