"""Statements of banks and providers, and what they say beside the books (三（七）)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from jiangheng.fees.models import Match, Payment, Statement, StatementLine
from jiangheng.fees.queries.charges import CHUNK, outstanding, visible_to
from jiangheng.journal.queries import one
from jiangheng.rules.fees import reconciling
from jiangheng.rules.roles import Person, Role


def statements_visible_to(person: Person) -> QuerySet[Statement]:
    """The centre sees every statement, a body its own; no one else any."""
    rows = Statement.objects.select_related("body")
    return rows if person.role in (Role.CENTRE, Role.SYSTEM) else _bodys_own(rows, person)


def _bodys_own(rows: QuerySet[Any], person: Person) -> Any:
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(body_id=person.organisation_id)
    return rows.none()


def statement(person: Person, statement_id: int) -> Statement:
    """One statement; Refusal ``record.none`` (404)."""
    return one(statements_visible_to(person), pk=statement_id)


def statement_line(person: Person, line_id: int) -> StatementLine:
    """One line of the person's own body's statements; Refusal ``record.none`` (404)."""
    found: StatementLine = one(_bodys_own(StatementLine.objects.select_related("statement"), person), pk=line_id)
    return found


def matches_visible_to(person: Person) -> QuerySet[Match]:
    """The centre sees every match, a body its own."""
    rows = Match.objects.select_related("line", "plan", "payer_organisation", "application", "payment")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(line__body_id=person.organisation_id)
    return rows.none()


def match(person: Person, match_id: int) -> Match:
    """One match; Refusal ``record.none`` (404)."""
    return one(matches_visible_to(person), pk=match_id)


def findings(statement: Statement) -> list[reconciling.Finding]:
    """What the comparison with the books says of a statement: its lines in order, then payments it lacks."""
    claimed = {
        line_id: "explained" if payment_reference == reference and made_before else "claimed"
        for line_id, reference, payment_reference, made_before in Match.objects.filter(
            line__statement=statement, state="confirmed"
        ).values_list("line_id", "line__reference", "payment__reference", "payment__order_id")
    }
    lines = [
        reconciling.Line(row.pk, row.reference, row.day, row.amount_fen, row.occurrence, claimed.get(row.pk, ""))
        for row in StatementLine.objects.filter(statement=statement).order_by("row")
    ]
    books = Payment.objects.filter(body_id=statement.body_id)
    if statement.source == "bank":
        books = books.filter(method="transfer")
    else:
        books = books.filter(provider=statement.source)
    near = Q(paid_on__range=(statement.first_on, statement.last_on))
    near |= Q(reference__in=StatementLine.objects.filter(statement=statement).values("reference"))
    same = StatementLine.objects.filter(body_id=statement.body_id, source=statement.source)
    others = same.exclude(statement=statement).values("reference")
    booked = [
        reconciling.Booked(row.pk, row.reference, row.paid_on, row.amount_fen)
        for row in books.filter(near).exclude(reference__in=others).order_by("id")
    ]
    return reconciling.compare(lines, booked, statement.first_on, statement.last_on)


def booked_under(line: StatementLine) -> bool:
    """Whether the books hold a payment of the line's reference."""
    return Payment.objects.filter(body_id=line.body_id, reference=line.reference).exists()


def waiting_matches(statement_id: int) -> dict[int, int]:
    """The claims of a statement that wait for a second person, by line."""
    rows = Match.objects.filter(line__statement_id=statement_id, state="proposed")
    return dict(rows.values_list("line_id", "pk"))


def application_numbered(person: Person, number: str) -> tuple[int, int] | None:
    """(plan, application) of a charged application of a body's own plans by its number, paid or not."""
    rows = visible_to(person).filter(body_id=person.organisation_id or 0, payer_organisation=None)
    return rows.filter(application__number=number).values_list("plan_id", "application_id").first()


def claimable(
    person: Person,
) -> tuple[list[tuple[int, str, int, str, int]], list[tuple[int, str, int, str, int]]]:
    """Whose money it may be in a body's own plans: every unit charged, and the applications that owe; each with plan,
    its number, id, name and fen owed.
    """
    people: dict[tuple[int, int], tuple[str, str, int]] = {}
    own = visible_to(person).filter(body_id=person.organisation_id or 0)
    charged = own.exclude(payer_organisation=None).order_by("-plan_id", "payer_organisation_id")
    units: dict[tuple[int, int], tuple[str, str, int]] = {
        (plan, unit): (number, name, 0)
        for plan, number, unit, name in charged.values_list(
            "plan_id", "plan__number", "payer_organisation_id", "payer_organisation__name"
        ).distinct()[:CHUNK]
    }
    for charge, fen in outstanding(own):
        unit = charge.payer_organisation
        store, key, name = (
            (units, unit.pk, unit.name) if unit else (people, charge.application_id, charge.application.name)
        )
        before = store.get((charge.plan_id, key), ("", "", 0))[2]
        store[charge.plan_id, key] = (charge.plan.number, name, before + fen)
    return (
        [(plan, number, key, name, fen) for (plan, key), (number, name, fen) in units.items()],
        [(plan, number, key, name, fen) for (plan, key), (number, name, fen) in people.items()],
    )
