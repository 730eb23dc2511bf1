"""Bills, orders, receipts and refund requests: whose they are, and what they hold (三（七）)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from jiangheng.applications.models import Application
from jiangheng.fees.models import (
    Allocation,
    Bill,
    Charge,
    Order,
    OrderLine,
    Payment,
    Receipt,
    RefundLine,
    RefundRequest,
)
from jiangheng.fees.queries.charges import held_by, payments_visible_to, visible_to
from jiangheng.journal.queries import one
from jiangheng.people import queries as people
from jiangheng.people.models import Account
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role


def receipts_visible_to(person: Person) -> QuerySet[Receipt]:
    """The receipts of the payments a person sees."""
    rows = Receipt.objects.select_related("payment__plan", "payment__body", "payment__payer_organisation")
    return rows.filter(payment__in=payments_visible_to(person).order_by().values("pk"))


def pending_lines(payment_id: int) -> list[tuple[int | None, int]]:
    """(charge or None, fen) of the refund requests under way for a payment."""
    rows = RefundLine.objects.filter(
        request__payment_id=payment_id, request__state__in=flows.FLOWS["refund_request"].live
    )
    return list(rows.values_list("charge_id", "amount_fen"))


def orders_visible_to(person: Person) -> QuerySet[Order]:
    """The centre sees every order, a body its own plans', a payer their own."""
    rows = Order.objects.select_related("plan", "body", "payer_organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return rows.filter(people.own(person))
    found: QuerySet[Order] = _by_organisation(rows, person)
    return found


def _by_organisation(
    rows: QuerySet[Any], person: Person, body: str = "body_id", payer: str = "payer_organisation_id"
) -> Any:
    if person.organisation_id is None:
        return rows.none()
    if person.role is Role.BODY:
        return rows.filter(Q(**{body: person.organisation_id}) | Q(**{payer: person.organisation_id}))
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        return rows.filter(**{payer: person.organisation_id})
    return rows.none()


def order(person: Person, order_id: int) -> Order:
    """One order; Refusal ``record.none`` (404)."""
    return one(orders_visible_to(person), pk=order_id)


def own_order_numbered(person: Person, number: str) -> Order:
    """An order the person themselves pays, by number; Refusal ``record.none`` (404)."""
    rows = orders_visible_to(person)
    if person.role is not Role.CANDIDATE:
        rows = rows.filter(payer_organisation_id=person.organisation_id or 0)
    return one(rows, number=number)


def order_numbered(number: str, provider: str) -> Order | None:
    """The order a provider speaks of, or None."""
    return Order.objects.filter(number=number, provider=provider).first()


def orders_over(charge_ids: Iterable[int]) -> list[Order]:
    """The orders open or noted over any of these charges."""
    rows = Order.objects.filter(state__in=flows.FLOWS["payment_order"].live, lines__charge_id__in=list(charge_ids))
    return list(rows.distinct().order_by("id"))


def bills_visible_to(person: Person) -> QuerySet[Bill]:
    """The centre sees every bill, a body its own plans', a sponsor its own; with fen charged, paid and owed."""
    rows = Bill.objects.select_related("plan", "body", "payer_organisation")
    if person.role not in (Role.CENTRE, Role.SYSTEM):
        rows = _by_organisation(rows, person)
    mine = Charge.objects.filter(bill_id=OuterRef("pk")).order_by().values("bill_id")
    paid = Allocation.objects.filter(charge__bill_id=OuterRef("pk")).order_by().values("charge__bill_id")
    return rows.annotate(
        charged=Coalesce(Subquery(mine.filter(reversal=None).annotate(t=Sum("amount_fen")).values("t")), 0),
        people=Coalesce(
            Subquery(mine.filter(reversal=None).annotate(t=Count("application_id", distinct=True)).values("t")), 0
        ),
        paid=Coalesce(Subquery(paid.annotate(t=Sum("amount_fen")).values("t")), 0),
    ).annotate(owed=F("charged") - F("paid"))


def bills_owed(person: Person) -> Any:
    """The bills a person sees that stand for accepted plans and are not paid."""
    rows = bills_visible_to(person).exclude(state="void").filter(plan__state__in=flows.FLOWS["plan"].live)
    # Named again in the condition, so that no engine adds up a bill before it has looked at the bill's plan.
    still = Case(When(plan__state__in=flows.FLOWS["plan"].live, then=F("owed")), default=0)
    return rows.alias(still=still).filter(still__gt=0)


def bill(person: Person, bill_id: int) -> Bill:
    """One bill; Refusal ``record.none`` (404)."""
    return one(bills_visible_to(person), pk=bill_id)


def refund_requests_visible_to(person: Person) -> QuerySet[RefundRequest]:
    """The requests about payments a person sees."""
    rows = RefundRequest.objects.select_related("payment__body", "payment__order", "plan")
    return rows.filter(payment__in=payments_visible_to(person).order_by().values("pk"))


def refund_request(person: Person, request_id: int) -> RefundRequest:
    """One request; Refusal ``record.none`` (404)."""
    return one(refund_requests_visible_to(person), pk=request_id)


def charged_application(person: Person, application_id: int) -> Application:
    """An application of a plan of the person's own body; Refusal ``record.none`` (404)."""
    rows = Application.objects.select_related("plan").filter(plan__body_id=person.organisation_id or 0)
    return one(rows, pk=application_id)


def last_receipt(payment_id: int) -> Receipt | None:
    """The newest receipt of a payment, voided or not."""
    return Receipt.objects.select_related("voided").filter(payment_id=payment_id).order_by("-id").first()


def accounts_of(identity_ids: Iterable[int]) -> dict[int, int]:
    """The accounts of these people, where they have one."""
    rows = Account.objects.filter(identity_id__in=list(identity_ids), is_active=True)
    return {identity: account for identity, account in rows.values_list("identity_id", "pk") if identity is not None}


def receipt(person: Person, receipt_id: int) -> Receipt:
    """One receipt; Refusal ``record.none`` (404)."""
    return one(receipts_visible_to(person), pk=receipt_id)


def with_receipt(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Payments with ``receipt_number`` and ``receipt_id`` of the receipt that is good."""
    good = Receipt.objects.filter(payment_id=OuterRef("pk"), voided=None).order_by("-id")
    return payments.annotate(
        receipt_number=Subquery(good.values("number")[:1]), receipt_id=Subquery(good.values("pk")[:1])
    )


def receipts_of(payment_id: int) -> list[Receipt]:
    """Every receipt of a payment with how often it was printed, oldest first."""
    rows = Receipt.objects.select_related("voided").filter(payment_id=payment_id).annotate(printed=Count("prints"))
    return list(rows.order_by("id"))


def people_of_bill(bill_id: int) -> list[dict[str, Any]]:
    """The people on a bill with the sum of each; 0 for whom nothing stands any more."""
    rows = Charge.objects.filter(bill_id=bill_id).order_by().values("application__number", "application__name")
    sums = rows.annotate(fen=Coalesce(Sum("amount_fen", filter=Q(reversal=None)), 0)).order_by("application_id")
    return [dict(each) for each in sums]


def lines_of_bill(bill_id: int) -> list[dict[str, Any]]:
    """What stands on a bill by occupation, level, item, payee, document and price, with ``people`` and ``fen``."""
    rows = (
        Charge.objects.filter(bill_id=bill_id, reversal=None)
        .order_by()
        .values(
            "application__occupation_name", "application__level", "item", "payee", "document", "label", "amount_fen"
        )
        .annotate(people=Count("application_id", distinct=True), fen=Sum("amount_fen"))
    )
    return sorted(
        map(dict, rows),
        key=lambda each: (
            each["application__occupation_name"],
            -each["application__level"],
            each["item"],
            each["payee"],
            each["document"],
            each["amount_fen"],
        ),
    )


def stands(bill_id: int) -> bool:
    """Whether something on a bill still stands."""
    return Charge.objects.filter(bill_id=bill_id, reversal=None).exists()


def payment_of_order(order_id: int) -> Payment | None:
    """The payment an order ended in."""
    return Payment.objects.filter(order_id=order_id).first()


def lines_of_order(order_id: int) -> QuerySet[OrderLine]:
    """What an order is for."""
    return OrderLine.objects.select_related("charge__application").filter(order_id=order_id).order_by("id")[:2000]


def lines_of_refund(request_id: int) -> QuerySet[RefundLine]:
    """What a refund takes back."""
    return RefundLine.objects.select_related("charge__application").filter(request_id=request_id).order_by("id")[:2000]


def refundable(person: Person, payment_id: int) -> list[tuple[int, str, str, str, int]]:
    """What of a payment may be asked back: charge, name, number, item, fen; not what is asked back already.

    Ordered by application, so that a person's charges stand together.
    """
    pending = {charge_id for charge_id, _fen in pending_lines(payment_id)}
    holding = {pk: fen for pk, fen in held_by(payment_id) if pk not in pending}
    rows = visible_to(person).filter(pk__in=holding).order_by("application_id", "id")
    return [(row.pk, row.application.name, row.application.number, row.item, holding[row.pk]) for row in rows]
