"""Which requests, sets and items a person may see; never the questions of a set before its sitting opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, QuerySet

from jiangheng.journal.queries import one
from jiangheng.papers.models import Item, Movement, PaperRequest, PaperSet
from jiangheng.plans.models import Plan, PlanRow
from jiangheng.rules import flows
from jiangheng.rules.examination.papers import Balance, balance
from jiangheng.rules.roles import Person, Role

COUNTED = flows.states("paper_request", "counted")


def visible_to(person: Person) -> QuerySet[PaperRequest]:
    """The centre sees every request but drafts, a body its own, nobody else any (四（三）)."""
    rows = PaperRequest.objects.select_related("plan", "plan__body", "row")
    if person.role is Role.SYSTEM:
        return rows
    if person.role is Role.CENTRE:
        return rows.exclude(state="draft")
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(plan__body_id=person.organisation_id)
    return rows.none()


def get(person: Person, request_id: int) -> PaperRequest:
    """One request; Refusal ``record.none`` (404) for absent and forbidden alike."""
    return one(visible_to(person), pk=request_id)


def sets_visible_to(person: Person) -> QuerySet[PaperSet]:
    """The covers of the sets of visible requests: letter, code, seal, source; the questions stay behind."""
    return (
        PaperSet.objects.filter(request__in=visible_to(person).order_by().values("pk"))
        .defer("content")
        .select_related("request")
    )


def own_sets(request: PaperRequest) -> QuerySet[PaperSet]:
    """The sets the body wrote for a request (四（二）), without their questions."""
    return PaperSet.objects.filter(request=request, source="own").defer("content").order_by("letter")


def chosen_sets(request: PaperRequest) -> QuerySet[PaperSet]:
    """The sets that were drawn for a request, without their questions."""
    return PaperSet.objects.filter(request=request, chosen=True).defer("content").order_by("letter")


def sets_for(row: PlanRow, subject: str) -> list[PaperSet]:
    """The sets drawn for one subject of a plan row, by letter, without their questions; empty before the draw."""
    return list(
        PaperSet.objects.filter(request__row=row, request__subject=subject, request__state__in=COUNTED, chosen=True)
        .defer("content")
        .select_related("request")
        .order_by("letter")
    )


def sets_expected(row: PlanRow, subject: str) -> int:
    """How many sets one subject of a plan row will have: those drawn, before that those asked for, else 0."""
    drawn = len(sets_for(row, subject))
    if drawn:
        return drawn
    asked = PaperRequest.objects.filter(
        row=row, subject=subject, state__in=flows.states("paper_request", "coming")
    ).order_by("-pk")
    return asked.values_list("sets_wanted", flat=True).first() or 0


def issued(row: PlanRow, subject: str) -> bool:
    """Whether the papers of one subject of a plan row have left the centre's custody."""
    return PaperRequest.objects.filter(
        row=row, subject=subject, state__in=flows.states("paper_request", "handed_out")
    ).exists()


def contents(set_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The questions of sets by id: only for a sitting that is open or over, never for a page of this room."""
    return dict(PaperSet.objects.filter(pk__in=list(set_ids)).values_list("pk", "content"))


def movements(request: PaperRequest) -> QuerySet[Movement]:
    """The lines of a request's ledger, oldest first (四（五）)."""
    return Movement.objects.filter(request=request).select_related("paper_set").defer("paper_set__content")


def balance_of(request: PaperRequest) -> Balance:
    """Copies issued, used, spare and void of a request."""
    return balance(Movement.objects.filter(request=request).values_list("kind", "copies"))


def balances(request: PaperRequest) -> list[tuple[PaperSet, Balance]]:
    """The balance of each set of a request, by letter."""
    lines: dict[int | None, list[tuple[str, int]]] = {}
    for set_id, kind, copies in Movement.objects.filter(request=request).values_list("paper_set_id", "kind", "copies"):
        lines.setdefault(set_id, []).append((kind, copies))
    return [(each, balance(lines.get(each.pk, []))) for each in chosen_sets(request)]


def unbalanced(plan_id: int) -> QuerySet[PaperRequest]:
    """The requests of a plan whose ledger is not balanced yet: they stand in the way of results (四（五）)."""
    return PaperRequest.objects.filter(plan_id=plan_id).exclude(state="balanced").select_related("row", "plan")


def for_plan(person: Person, plan_id: int) -> QuerySet[PaperRequest]:
    """The visible requests of one plan."""
    return visible_to(person).filter(plan_id=plan_id)


def items_visible_to(person: Person) -> QuerySet[Item]:
    """The bank, for the centre that keeps it; each item with how often and when it was last used."""
    rows = Item.objects.annotate(times=Count("uses"), last_used=Max("uses__at"))
    return rows if person.role in (Role.CENTRE, Role.SYSTEM) else rows.none()


def stock(occupation_code: str, level: int, subject: str) -> dict[str, list[int]]:
    """The ids of usable items of one occupation, level and subject, by kind."""
    shelf: dict[str, list[int]] = {}
    rows = Item.objects.filter(
        occupation_code=occupation_code, level=level, subject=subject, active=True, source="bank"
    ).order_by("id")
    for kind, item_id in rows.values_list("kind", "pk"):
        shelf.setdefault(kind, []).append(item_id)
    return shelf


def used_before(digests: Iterable[str], request: PaperRequest) -> list[PaperSet]:
    """Sets of other requests with the same questions that were drawn before: they must not be used again."""
    return list(
        PaperSet.objects.filter(sha256__in=list(digests), chosen=True)
        .exclude(request=request)
        .defer("content")
        .select_related("request")
    )


def plans_for_request(person: Person) -> QuerySet[Plan]:
    """The body's own plans that papers may be asked for, with their rows (四（三）)."""
    rows = Plan.objects.filter(body_id=person.organisation_id or 0, state__in=flows.states("plan", "ahead"))
    return rows.prefetch_related("rows")


def own_plan(person: Person, plan_id: int) -> Plan:
    """A plan of the person's own body; Refusal ``record.none`` (404) otherwise."""
    return one(Plan.objects.select_related("body").filter(body_id=person.organisation_id or 0), pk=plan_id)


def question_count(set_id: int) -> int:
    """How many questions a set has."""
    return PaperSet.objects.filter(pk=set_id).values_list("questions", flat=True).first() or 0
