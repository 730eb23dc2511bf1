"""What is owed, what was paid, by whom; every figure is a sum of rows that are only ever added (三（七）)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from jiangheng.applications.models import Application
from jiangheng.fees.models import Allocation, Charge, Payment, Receipt
from jiangheng.journal.queries import one
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person, Role

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Balance:
    """Fen charged and fen paid (payments less refunds)."""

    charged: int = 0
    paid: int = 0

    @property
    def owed(self) -> int:
        """Fen still owed."""
        return self.charged - self.paid


def visible_to(person: Person) -> QuerySet[Charge]:
    """The centre sees every charge, a body its own plans', an organisation those it pays, a candidate their own."""
    rows = Charge.objects.select_related("application", "plan", "body", "payer_organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return rows.filter(application__identity_id=person.identity_id)
    if person.organisation_id is None:
        return rows.none()
    if person.role is Role.BODY:
        return rows.filter(Q(body_id=person.organisation_id) | Q(payer_organisation_id=person.organisation_id))
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        return rows.filter(payer_organisation_id=person.organisation_id)
    return rows.none()


def payments_visible_to(person: Person) -> QuerySet[Payment]:
    """The centre sees every payment, a body those it received, an organisation those it made, a candidate what
    settled their own charges.
    """
    rows = Payment.objects.select_related("plan", "body", "payer_organisation", "receipt")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        mine = Allocation.objects.filter(charge__application__identity_id=person.identity_id)
        return rows.filter(payer_organisation=None, pk__in=mine.values("payment_id"))
    if person.organisation_id is None:
        return rows.none()
    if person.role is Role.BODY:
        return rows.filter(Q(body_id=person.organisation_id) | Q(payer_organisation_id=person.organisation_id))
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        return rows.filter(payer_organisation_id=person.organisation_id)
    return rows.none()


def payment(person: Person, payment_id: int) -> Payment:
    """One payment; Refusal ``record.none`` (404)."""
    return one(payments_visible_to(person), pk=payment_id)


def receipts_visible_to(person: Person) -> QuerySet[Receipt]:
    """The receipts of the payments a person sees."""
    rows = Receipt.objects.select_related("payment__plan", "payment__body", "payment__payer_organisation")
    return rows.filter(payment__in=payments_visible_to(person).order_by().values("pk"))


def own_plan(person: Person, plan_id: int) -> Plan:
    """A plan of the person's own body; Refusal ``record.none`` (404) otherwise."""
    return one(Plan.objects.select_related("body").filter(body_id=person.organisation_id or 0), pk=plan_id)


def plans_with_fees(person: Person) -> QuerySet[Plan]:
    """Plans a person has to do with in money: their own body's, or those with charges they see; with fen charged."""
    rows = Plan.objects.select_related("body")
    charges = visible_to(person)
    if person.role is Role.BODY:
        rows = rows.filter(body_id=person.organisation_id or 0).exclude(state__in=("draft", "cancelled"))
        charges = charges.filter(body_id=person.organisation_id or 0)
    else:
        rows = rows.filter(pk__in=charges.order_by().values("plan_id"))
    mine = charges.filter(plan_id=OuterRef("pk")).order_by().values("plan_id")
    allocated = (
        Allocation.objects.filter(charge__in=charges.filter(plan_id=OuterRef(OuterRef("pk"))).order_by().values("pk"))
        .order_by()
        .annotate(one=F("charge__plan_id"))
        .values("one")
    )
    return rows.annotate(
        charged=Coalesce(Subquery(mine.annotate(t=Sum("amount_fen")).values("t")), 0),
        people=Coalesce(Subquery(mine.annotate(t=Count("application_id", distinct=True)).values("t")), 0),
        paid=Coalesce(Subquery(allocated.annotate(t=Sum("amount_fen")).values("t")), 0),
    ).annotate(owed=F("charged") - F("paid"))


def with_balance(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    """Charges with ``paid``: the sum of what was allocated to each."""
    paid = Allocation.objects.filter(charge_id=OuterRef("pk")).order_by().values("charge_id")
    return charges.annotate(
        paid=Coalesce(Subquery(paid.annotate(t=Sum("amount_fen")).values("t"), output_field=IntegerField()), 0)
    )


def balances(application_ids: Iterable[int]) -> dict[int, Balance]:
    """Charged and paid per application; applications without a charge are not in it."""
    found: dict[int, Balance] = {}
    for chunk in _chunks(sorted(set(application_ids))):
        charged = dict(
            Charge.objects.filter(application_id__in=chunk)
            .order_by()
            .values_list("application_id")
            .annotate(total=Sum("amount_fen"))
        )
        paid = dict(
            Allocation.objects.filter(charge__application_id__in=chunk)
            .order_by()
            .values_list("charge__application_id")
            .annotate(total=Sum("amount_fen"))
        )
        found.update((pk, Balance(total, paid.get(pk, 0))) for pk, total in charged.items())
    return found


def settled(application_ids: Iterable[int]) -> set[int]:
    """Which of these applications have been charged and owe nothing (三（七）)."""
    return {pk for pk, balance in balances(application_ids).items() if balance.owed <= 0}


def balance_of_organisation(organisation_id: int, plan_id: int | None = None) -> Balance:
    """What an organisation was charged and paid, in one plan or in all."""
    charges = Charge.objects.filter(payer_organisation_id=organisation_id)
    allocations = Allocation.objects.filter(charge__payer_organisation_id=organisation_id)
    if plan_id is not None:
        charges, allocations = charges.filter(plan_id=plan_id), allocations.filter(charge__plan_id=plan_id)
    return Balance(_total(charges), _total(allocations))


def balance_of_plan(plan_id: int) -> Balance:
    """What a plan charged and received."""
    return Balance(
        _total(Charge.objects.filter(plan_id=plan_id)), _total(Allocation.objects.filter(charge__plan_id=plan_id))
    )


def outstanding(charges: QuerySet[Charge]) -> list[tuple[Charge, int]]:
    """The charges not yet fully paid with the fen still owed on each, oldest first."""
    rows = with_balance(charges).order_by("id")
    return [(row, row.amount_fen - row.paid) for row in rows if row.amount_fen > row.paid]  # type: ignore[attr-defined]


def arrears(person: Person, plan_id: int | None = None) -> QuerySet[Application]:
    """Accepted applications whose charges a person sees and that still owe, with ``charged``, ``paid`` and ``owed``."""
    charges = visible_to(person)
    if plan_id is not None:
        charges = charges.filter(plan_id=plan_id)
    charged = Charge.objects.filter(application_id=OuterRef("pk")).order_by().values("application_id")
    paid = Allocation.objects.filter(charge__application_id=OuterRef("pk")).order_by().values("charge__application_id")
    return (
        Application.objects.select_related("plan", "sponsor", "identity")
        .filter(pk__in=charges.order_by().values("application_id"), state="accepted")
        .annotate(
            charged=Coalesce(Subquery(charged.annotate(t=Sum("amount_fen")).values("t")), 0),
            paid=Coalesce(Subquery(paid.annotate(t=Sum("amount_fen")).values("t")), 0),
        )
        .annotate(owed=F("charged") - F("paid"))
        .filter(owed__gt=0)
    )


def left_of(payment_id: int) -> int:
    """Fen of a payment not yet given back."""
    return _total(Allocation.objects.filter(payment_id=payment_id))


def _total(rows: QuerySet[Charge] | QuerySet[Allocation]) -> int:
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def allocations_of(payment_id: int) -> QuerySet[Allocation]:
    """What a payment settled, without what was given back later: the receipt shows what was received."""
    return Allocation.objects.select_related("charge").filter(payment_id=payment_id, refund=None).order_by("id")


def payers(plan_id: int) -> tuple[list[tuple[int, str, int]], list[tuple[int, str, int]]]:
    """Who still owes in a plan: organisations and single applicants, each with id, name and fen owed."""
    units: dict[int, tuple[str, int]] = {}
    people: dict[int, tuple[str, int]] = {}
    charges = Charge.objects.select_related("application", "payer_organisation").filter(plan_id=plan_id)
    for charge, fen in outstanding(charges):
        unit = charge.payer_organisation
        if unit is not None:
            units[unit.pk] = (unit.name, units.get(unit.pk, ("", 0))[1] + fen)
        else:
            key = charge.application_id
            people[key] = (f"{charge.application.name} {charge.application.number}", people.get(key, ("", 0))[1] + fen)
    return (
        [(key, name, fen) for key, (name, fen) in units.items()],
        [(key, name, fen) for key, (name, fen) in people.items()],
    )


def receipt(person: Person, receipt_id: int) -> Receipt:
    """One receipt; Refusal ``record.none`` (404)."""
    return one(receipts_visible_to(person), pk=receipt_id)


def uncharged(plan_id: int) -> int:
    """How many accepted applications of a plan have no charge yet."""
    charged = Charge.objects.filter(plan_id=plan_id).order_by().values("application_id")
    return Application.objects.filter(plan_id=plan_id, state="accepted").exclude(pk__in=charged).count()
