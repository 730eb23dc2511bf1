"""What is owed, what was paid, by whom; every figure is a sum of rows that are only ever added (三（七）)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from jiangheng.applications.models import Application
from jiangheng.fees.models import Allocation, Charge, Payment, Refund
from jiangheng.journal.queries import one
from jiangheng.people import queries as people
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Balance:
    """Fen charged (less what fell away) and fen paid on it (payments less refunds)."""

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
    return rows.filter(_concerning(person))


def _concerning(person: Person) -> Q:
    """What an organisation received as body or owes as payer; nothing for anybody else."""
    if person.organisation_id is None or person.role not in (Role.BODY, Role.SCHOOL, Role.EMPLOYER):
        return Q(pk__in=[])
    paying = Q(payer_organisation_id=person.organisation_id)
    return paying | Q(body_id=person.organisation_id) if person.role is Role.BODY else paying


def payments_visible_to(person: Person) -> QuerySet[Payment]:
    """The centre sees every payment, a body those it received, an organisation those it made, a candidate what
    settled their own charges.
    """
    rows = Payment.objects.select_related("plan", "body", "payer_organisation", "order")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return rows.filter(people.own(person), payer_organisation=None)
    return rows.filter(_concerning(person))


def payment(person: Person, payment_id: int) -> Payment:
    """One payment; Refusal ``record.none`` (404)."""
    return one(payments_visible_to(person), pk=payment_id)


def own_plan(person: Person, plan_id: int) -> Plan:
    """A plan of the person's own body; Refusal ``record.none`` (404) otherwise."""
    return one(Plan.objects.select_related("body").filter(body_id=person.organisation_id or 0), pk=plan_id)


def plans_with_fees(person: Person) -> QuerySet[Plan]:
    """Plans a person has to do with in money: their own body's, or those with charges they see; with fen charged."""
    rows = Plan.objects.select_related("body")
    charges = visible_to(person)
    if person.role is Role.BODY:
        rows = rows.filter(body_id=person.organisation_id or 0).exclude(state__in=flows.states("plan", "unfiled"))
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
        charged=Coalesce(Subquery(mine.filter(reversal=None).annotate(t=Sum("amount_fen")).values("t")), 0),
        people=Coalesce(
            Subquery(mine.filter(reversal=None).annotate(t=Count("application_id", distinct=True)).values("t")), 0
        ),
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
            .annotate(total=Coalesce(Sum("amount_fen", filter=Q(reversal=None)), 0))
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
    """Which of these applications have a charge that stands and owe nothing (三（七）)."""
    return {pk for pk, balance in balances(application_ids).items() if balance.charged > 0 and balance.owed <= 0}


def outstanding(charges: QuerySet[Charge]) -> list[tuple[Charge, int]]:
    """The charges not yet fully paid with the fen still owed on each, oldest first."""
    rows = (
        with_balance(charges.filter(reversal=None)).select_related("application", "payer_organisation").order_by("id")
    )
    return [(row, row.amount_fen - row.paid) for row in rows if row.amount_fen > row.paid]  # type: ignore[attr-defined]  # annotated by with_balance


def arrears(person: Person, plan_id: int | None = None) -> QuerySet[Application]:
    """Accepted applications whose charges a person sees and that still owe, with ``charged``, ``paid`` and ``owed``."""
    charges = visible_to(person)
    if plan_id is not None:
        charges = charges.filter(plan_id=plan_id)
    charged = Charge.objects.filter(application_id=OuterRef("pk"), reversal=None).order_by().values("application_id")
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
    """Fen of a payment not given back."""
    given = Payment.objects.filter(pk=payment_id).values_list("amount_fen", flat=True)[0]
    back = Refund.objects.filter(payment_id=payment_id).aggregate(total=Sum("amount_fen"))["total"] or 0
    return int(given - back)


def credit_of(payment_id: int) -> int:
    """Fen of a payment that settle nothing and were not given back."""
    return left_of(payment_id) - _total(Allocation.objects.filter(payment_id=payment_id))


def held_by(payment_id: int) -> list[tuple[int, int]]:
    """What a payment settles now, per charge, newest first."""
    rows = Allocation.objects.filter(payment_id=payment_id).order_by().values_list("charge_id")
    return [(pk, fen) for pk, fen in rows.annotate(fen=Sum("amount_fen")).order_by("-charge_id") if fen > 0]


def held(charge_ids: Iterable[int]) -> list[tuple[int, int, int]]:
    """(charge, payment, fen) of what settles these charges now."""
    found: list[tuple[int, int, int]] = []
    for chunk in _chunks(sorted(set(charge_ids))):
        rows = Allocation.objects.filter(charge_id__in=chunk).order_by().values_list("charge_id", "payment_id")
        found += [each for each in rows.annotate(fen=Sum("amount_fen")) if each[2] > 0]
    return found


def released_of(payment_id: int, application_id: int) -> int:
    """Fen of a payment that once settled the charges of an application and do so no more, less what was refunded."""
    rows = Allocation.objects.filter(payment_id=payment_id, charge__application_id=application_id)
    return -_total(rows.filter(amount_fen__lt=0, refund=None))


def payments_of_application(application_id: int) -> list[Payment]:
    """The payments that ever settled charges of an application, oldest first."""
    rows = Allocation.objects.filter(charge__application_id=application_id).order_by().values("payment_id")
    return list(Payment.objects.filter(pk__in=rows).order_by("id"))


def standing_keys(plan_id: int) -> set[tuple[int, str, int, str, str]]:
    """Whom a plan has charged for which occupation, level, item and payee, where the charge stands."""
    rows = Charge.objects.filter(plan_id=plan_id, reversal=None)
    return set(
        rows.values_list(
            "application__identity_id", "application__occupation_code", "application__level", "item", "payee"
        )
    )


def payable(person: Person) -> QuerySet[Charge]:
    """The charges a person may pay or take money for: one's own, one's organisation's, one's own body's plans'."""
    rows = visible_to(person)
    if person.role is Role.CANDIDATE:
        return rows.filter(payer_organisation=None)
    return rows


def first_of(charges: QuerySet[Charge]) -> Charge:
    """The first of these charges; Refusal ``record.none`` (404) where there are none."""
    return one(charges.order_by("id"))


def charges_by_id(ids: Iterable[int]) -> QuerySet[Charge]:
    """Charges by their keys."""
    return Charge.objects.filter(pk__in=list(ids))


def _total(rows: QuerySet[Charge] | QuerySet[Allocation]) -> int:
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def allocations_of(payment_id: int) -> QuerySet[Allocation]:
    """What a payment settled when it came in: the receipt shows that, whatever moved later."""
    rows = Allocation.objects.select_related("charge").filter(payment_id=payment_id, amount_fen__gt=0)
    return rows.filter(created_at=F("payment__created_at")).order_by("id")


def payers(plan_id: int) -> tuple[list[tuple[int, str, int]], list[tuple[int, str, int]]]:
    """Who still owes in a plan: organisations and people (by identity), each with id, name and fen owed."""
    units: dict[int, tuple[str, int]] = {}
    people: dict[int, tuple[str, int]] = {}
    charges = Charge.objects.select_related("application", "payer_organisation").filter(plan_id=plan_id)
    for charge, fen in outstanding(charges):
        unit = charge.payer_organisation
        if unit is not None:
            units[unit.pk] = (unit.name, units.get(unit.pk, ("", 0))[1] + fen)
        else:
            key = charge.application.identity_id
            people[key] = (f"{charge.application.name} {charge.application.number}", people.get(key, ("", 0))[1] + fen)
    return (
        [(key, name, fen) for key, (name, fen) in units.items()],
        [(key, name, fen) for key, (name, fen) in people.items()],
    )


def uncharged(plan_id: int) -> int:
    """How many accepted applications of a plan have no charge yet."""
    charged = Charge.objects.filter(plan_id=plan_id).order_by().values("application_id")
    return Application.objects.filter(plan_id=plan_id, state="accepted").exclude(pk__in=charged).count()


def is_own_plan(person: Person, plan_id: int) -> bool:
    """Whether the plan is that of the person's own body."""
    if person.role is not Role.BODY or person.organisation_id is None:
        return False
    return Plan.objects.filter(pk=plan_id, body_id=person.organisation_id).exists()


def payable_by(person: Person) -> QuerySet[Charge]:
    """The charges a person owes themselves: a candidate's own, an organisation's as payer."""
    rows = payable(person)
    if person.role is Role.CANDIDATE:
        return rows
    return rows.filter(payer_organisation_id=person.organisation_id or 0)


def waiting(person: Person, states: tuple[str, ...]) -> QuerySet[Charge]:  # noqa: ARG001 - a charge has no state
    """The charges a person or their organisation has to pay that stand and are not fully paid."""
    return with_balance(payable_by(person).filter(reversal=None)).filter(paid__lt=F("amount_fen"))  # type: ignore[misc]  # annotated by with_balance


def owes(person: Person, plan_id: int) -> bool:
    """Whether the person or their organisation owes something in a plan."""
    return bool(outstanding(payable_by(person).filter(plan_id=plan_id)))


def owing_plans(person: Person) -> list[tuple[int, str, int]]:
    """The plans a person still owes in: id, number and title, fen."""
    found: dict[int, tuple[str, int]] = {}
    for charge, fen in outstanding(payable_by(person)):
        name = f"{charge.plan.number} {charge.plan.title}"
        found[charge.plan_id] = (name, found.get(charge.plan_id, ("", 0))[1] + fen)
    return [(pk, name, fen) for pk, (name, fen) in found.items()]


def fallen(plan: Plan) -> QuerySet[Charge]:
    """The charges of a plan that no longer stand and are not yet reversed."""
    rows = Charge.objects.filter(plan=plan, reversal=None)
    return rows if plan.state == "cancelled" else rows.exclude(application__state="accepted")


def ledger_plans(person: Person) -> list[tuple[int, str]]:
    """The newest plans with money a person sees, for a choice."""
    rows = plans_with_fees(person).order_by("-id").values_list("pk", "number", "title")[:CHUNK]
    return [(pk, f"{number} {title}") for pk, number, title in rows]


def applications_of(plan_id: int, identity_id: int) -> list[int]:
    """The applications of a person in a plan that they pay for themselves."""
    rows = Charge.objects.filter(plan_id=plan_id, payer_organisation=None, application__identity_id=identity_id)
    return list(rows.order_by().values_list("application_id", flat=True).distinct())


def places_for(application: Application) -> list[tuple[int, str]]:
    """The same person's other charged applications with the same body."""
    rows = Application.objects.filter(
        identity_id=application.identity_id, plan__body_id=application.plan.body_id if application.plan else 0
    ).exclude(pk=application.pk)
    return [
        (row.pk, f"{row.number} {row.occupation_name}")
        for row in rows.filter(charges__isnull=False).distinct().order_by("-id")[:20]
    ]
