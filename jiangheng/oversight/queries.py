"""Which draws and inspections a person may see, the rosters of a draw, and its check by anyone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jiangheng.bodies import queries as bodies
from jiangheng.journal import queries as journal
from jiangheng.oversight.models import Draw, Inspection, Inspector
from jiangheng.people import queries as people
from jiangheng.plans.models import Plan
from jiangheng.rules.days.local_time import LIUZHOU
from jiangheng.rules.examination import draws
from jiangheng.rules.flows import states
from jiangheng.rules.law import Law
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

BODY_KINDS = ("technical_school", "social_body", "employer_body")
EMPLOYED = N_("与检查对象同一单位")
RELATED = N_("已申报回避关系")


def draws_visible_to(_person: Person) -> QuerySet[Draw]:
    """Draws are public (双随机、一公开): 四（九）; what is told of one before its inspections is for the page."""
    return Draw.objects.annotate(drawn_bodies=Count("inspections"))


def draw(person: Person, draw_id: int) -> Draw:
    """One draw; Refusal ``record.none`` (404)."""
    return journal.one(draws_visible_to(person), pk=draw_id)


def disclosed(person: Person, one: Draw) -> bool:
    """Whether rosters and outcome may be told: to the centre always, to others once every inspection has begun.

    Earlier the hash alone is public, so that nobody learns beforehand that they will be inspected.
    """
    if person.is_centre or person.role is Role.SYSTEM:
        return True
    return one.drawn_at is not None and not one.inspections.filter(state="drawn").exists()


def visible_to(person: Person) -> QuerySet[Inspection]:
    """The centre sees every inspection, an inspector their own, a body its own once begun, everyone the published."""
    rows = Inspection.objects.select_related("body", "plan", "draw")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.EXTERNAL_SUPERVISOR and person.account_id is not None:
        mine = Inspector.objects.filter(inspection_id=OuterRef("pk"), account_id=person.account_id)
        return rows.filter(Q(Exists(mine)) | Q(state="published"))
    if person.role in (Role.BODY, Role.INTERNAL_SUPERVISOR) and person.organisation_id is not None:
        return rows.filter(Q(body_id=person.organisation_id) & ~Q(state="drawn") | Q(state="published"))
    return rows.filter(state="published")


def get(person: Person, inspection_id: int) -> Inspection:
    """One inspection; Refusal ``record.none`` (404)."""
    return journal.one(visible_to(person), pk=inspection_id)


def of_own_body(person: Person, inspection_id: int) -> Inspection:
    """An inspection of the person's own body; Refusal ``record.none`` (404)."""
    return journal.one(visible_to(person).filter(body_id=person.organisation_id or 0), pk=inspection_id)


def inspects(person: Person, inspection: Inspection) -> bool:
    """Whether the person was drawn for the inspection."""
    return person.account_id is not None and inspection.inspectors.filter(account_id=person.account_id).exists()


def body_roster(person: Person, today: date, excluded: Mapping[int, str]) -> list[dict[str, Any]]:
    """The bodies filed and in force on ``today``, those left out with their reason, in order of id."""
    rows = (
        bodies.visible_to(person)
        .filter(
            kind__in=BODY_KINDS,
            filings__state="active",
            filings__valid_from__lte=today,
            filings__valid_to__gte=today,
        )
        .order_by("pk")
        .distinct()
        .values_list("pk", "name")
    )
    return [
        {"id": str(pk), "name": name, "excluded": pk in excluded, "reason": excluded.get(pk, "")} for pk, name in rows
    ]


def inspected_in(year: int) -> dict[str, int]:
    """How often each body was drawn for an inspection in a year, by its id as the rosters write it."""
    begins, ends = (datetime(each, 1, 1, tzinfo=LIUZHOU) for each in (year, year + 1))
    rows = Inspection.objects.filter(created_at__gte=begins, created_at__lt=ends)
    return {str(body): times for body, times in rows.order_by().values_list("body_id").annotate(times=Count("pk"))}


def inspector_roster(
    person: Person, today: date, body_rows: Sequence[Mapping[str, Any]], excluded: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The external supervisors whose cards are valid, with the bodies each is recused from and why."""
    cards = list(
        people.cards_visible_to(person)
        .filter(kind="external_supervisor", valid_from__lte=today, valid_to__gte=today, account__is_active=True)
        .order_by("account_id", "pk")
    )
    recused = _recusals(person, {card.account_id for card in cards}, body_rows)
    for card in cards:
        for row in body_rows:
            if str(card.employer_id or "") == row["id"] or (card.employer_name and card.employer_name == row["name"]):
                recused[card.account_id].setdefault(row["id"], EMPLOYED)
    found: dict[int, dict[str, Any]] = {}
    for card in cards:
        pk = card.account_id
        found.setdefault(
            pk,
            {
                "id": str(pk),
                "name": card.account.name,
                "card": card.number,
                "excluded": pk in excluded,
                "reason": excluded.get(pk, ""),
                "recused": [{"body": body, "reason": reason} for body, reason in sorted(recused[pk].items())],
            },
        )
    return list(found.values())


def _recusals(person: Person, accounts: set[int], body_rows: Sequence[Mapping[str, Any]]) -> dict[int, dict[str, str]]:
    """``account -> body -> reason``: a role in the body, a declared relation to it."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    wanted = [int(row["id"]) for row in body_rows]
    memberships = people.memberships_visible_to(person).filter(account_id__in=accounts, organisation_id__in=wanted)
    for account_id, body_id in memberships.values_list("account_id", "organisation_id"):
        found[account_id][str(body_id)] = EMPLOYED
    for relation in people.relations_of(accounts):
        if relation.organisation_id in wanted:
            found[relation.account_id].setdefault(str(relation.organisation_id), RELATED)
    return found


def eligible(roster: Sequence[Mapping[str, Any]]) -> list[str]:
    """The identifiers of a frozen roster that may be drawn."""
    return [str(row["id"]) for row in roster if not row["excluded"]]


def recused(one: Draw) -> dict[str, frozenset[str]]:
    """``body -> inspectors`` who may not inspect it, from the frozen roster."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in one.inspectors_roster:
        for each in row.get("recused", ()):
            found[each["body"]].add(str(row["id"]))
    return {body: frozenset(inspectors) for body, inspectors in found.items()}


def drawn(one: Draw, seed: str, law: Law) -> list[dict[str, Any]]:
    """What the frozen rosters and the seed give: ``[{"body", "inspectors"}]``; anyone gets the same."""
    pairings = draws.draw(
        seed=seed,
        bodies=eligible(one.bodies_roster),
        inspectors=eligible(one.inspectors_roster),
        bodies_wanted=one.bodies_wanted,
        inspectors_per_body=one.inspectors_per_body,
        recused=recused(one),
        law=law,
    )
    return [{"body": each.body, "inspectors": list(each.inspectors)} for each in pairings]


def snapshot(one: Draw) -> str:
    """The hash of the rosters as they stand in the row now."""
    return draws.snapshot_hash({"bodies": one.bodies_roster, "inspectors": one.inspectors_roster})


def holds(one: Draw, law: Law) -> bool:
    """Whether rosters, hash, seed and outcome still agree."""
    return snapshot(one) == one.snapshot_hash and drawn(one, one.seed, law) == one.outcome


def plans_of(inspection: Inspection) -> list[Plan]:
    """The plans of the body that an inspection may look at, the newest fifty."""
    return list(inspection.body.plans.filter(state__in=states("plan", "standing"))[:50])
