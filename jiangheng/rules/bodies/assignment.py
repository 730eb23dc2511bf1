"""Which body is proposed for a request, and why, in words (三（四）); the centre decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jiangheng.rules.words import gettext_noop as N_

Words = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Claim:
    """A body that may take a request: plans and people near the day, assignments this year, the same district or not."""

    body_id: int
    name: str
    plans_near: int
    people_near: int
    assigned: int
    same_district: bool


CRITERIA: dict[str, Callable[[Claim], int]] = {
    "load": lambda claim: claim.plans_near,
    "people": lambda claim: claim.people_near,
    "fairness": lambda claim: claim.assigned,
    "distance": lambda claim: 0 if claim.same_district else 1,
}
LEAST = {
    "load": N_("考核日前后一周有%(own)s项安排，可承接机构中最少"),
    "people": N_("考核日前后一周有%(own)s名考生，可承接机构中最少"),
    "fairness": N_("今年已承接%(own)s项指派，可承接机构中最少"),
    "distance": N_("与考核地点在同一县区"),
}
NOT_LEAST = {
    "load": N_("考核日前后一周有%(own)s项安排（最少的为%(least)s项）"),
    "people": N_("考核日前后一周有%(own)s名考生（最少的为%(least)s名）"),
    "fairness": N_("今年已承接%(own)s项指派（最少的为%(least)s项）"),
    "distance": N_("与考核地点不在同一县区"),
}


def ranked(claims: Iterable[Claim], order: Sequence[str]) -> list[Claim]:
    """The bodies, the first the one proposed; ``order`` names the criteria, the name decides between equals."""
    return sorted(claims, key=lambda claim: (*(CRITERIA[each](claim) for each in order), claim.name, claim.body_id))


def reasons(claim: Claim, among: Sequence[Claim], order: Sequence[str]) -> list[Words]:
    """What speaks for and against ``claim`` by each criterion: a message with its parameters."""
    if len(among) == 1:
        return [(N_("可承接的机构只有这一家"), {})]
    found: list[Words] = []
    for each in order:
        own, least = CRITERIA[each](claim), min(CRITERIA[each](other) for other in among)
        # A place nobody shares is no reason for anybody.
        words = NOT_LEAST if own > least or (each == "distance" and own) else LEAST
        found.append((words[each], {"own": own, "least": least}))
    return found
