"""The day-book and the accounts (三（七）), read from the rows themselves: every entry debits and credits the same sum.

Accounts: ``owing`` what payers owe, ``due`` what is due to the payees, ``money`` what is in hand, ``credit`` what payers
have standing, ``elsewhere`` what settled charges of another plan (zero over all plans). Each event touches two of them,
so that the sum of all accounts is zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncDate

from jiangheng.fees.models import Allocation, Charge, Payment, Refund, Reversal
from jiangheng.fees.queries.charges import payments_visible_to, visible_to
from jiangheng.rules.days.local_time import LIUZHOU
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_

EVENTS: dict[str, tuple[str, str, str]] = {
    "charge": (N_("应收"), "owing", "due"),
    "reversal": (N_("冲销"), "due", "owing"),
    "payment": (N_("收款"), "money", "credit"),
    "moved_in": (N_("转入"), "elsewhere", "credit"),
    "moved_out": (N_("转出"), "credit", "elsewhere"),
    "settlement": (N_("结清"), "credit", "owing"),
    "refund": (N_("退款"), "credit", "money"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One day's sum of one kind of event of a plan, to one payee where it has one."""

    day: date
    plan: str
    body: str
    event: str
    payee: str
    amount_fen: int

    @property
    def debit(self) -> str:
        """The account that grows."""
        return EVENTS[self.event][1]

    @property
    def credit(self) -> str:
        """The account that shrinks."""
        return EVENTS[self.event][2]


@dataclass(slots=True)
class Payee:
    """What one payee was promised and got."""

    charged: int = 0
    reduced: int = 0
    settled: int = 0

    @property
    def owing(self) -> int:
        """Fen payers still owe."""
        return self.charged - self.reduced - self.settled


@dataclass(slots=True)
class Totals:
    """The sums of a ledger: charged − reduced + credit = received − refunded + moved + owing."""

    payees: dict[str, Payee] = field(default_factory=dict)
    received: int = 0
    refunded: int = 0
    moved: int = 0

    @property
    def charged(self) -> int:
        """Fen charged."""
        return sum(each.charged for each in self.payees.values())

    @property
    def reduced(self) -> int:
        """Fen that fell away."""
        return sum(each.reduced for each in self.payees.values())

    @property
    def settled(self) -> int:
        """Fen settled."""
        return sum(each.settled for each in self.payees.values())

    @property
    def owing(self) -> int:
        """Fen still owed."""
        return sum(each.owing for each in self.payees.values())

    @property
    def credit(self) -> int:
        """Fen received that settle nothing and were not given back."""
        return self.received - self.refunded + self.moved - self.settled


def entries(
    person: Person,
    *,
    plan_id: int | None = None,
    body_id: int | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Entry]:
    """The day-book of what a person may see, newest day first: seven statements, whatever the number of rows."""
    charges, payments = visible_to(person).order_by(), payments_visible_to(person).order_by()
    seen = Allocation.objects.filter(charge__in=charges.values("pk"), payment__in=payments.values("pk"))
    if plan_id is not None:
        charges, payments = charges.filter(plan_id=plan_id), payments.filter(plan_id=plan_id)
    if body_id is not None:
        charges, payments = charges.filter(body_id=body_id), payments.filter(body_id=body_id)
    mine, theirs = charges.values("pk"), payments.values("pk")
    moved = seen.exclude(charge__plan=F("payment__plan"))
    sources: tuple[tuple[str, QuerySet[Any], str, str], ...] = (
        ("charge", Charge.objects.filter(pk__in=mine), "", "payee"),
        ("reversal", Reversal.objects.filter(charge__in=mine), "charge__", "charge__payee"),
        ("payment", Payment.objects.filter(pk__in=theirs), "", ""),
        ("moved_in", moved.filter(charge__in=mine), "charge__", ""),
        ("moved_out", moved.filter(payment__in=theirs), "payment__", ""),
        ("settlement", seen.filter(charge__in=mine), "charge__", "charge__payee"),
        ("refund", Refund.objects.filter(payment__in=theirs), "payment__", ""),
    )
    found: list[Entry] = []
    for event, rows, way, payee in sources:
        amount = "charge__amount_fen" if event == "reversal" else "amount_fen"
        grouped = (
            rows.order_by()
            .annotate(
                day=TruncDate("created_at", tzinfo=LIUZHOU),
                at_plan=F(f"{way}plan__number"),
                at_body=F(f"{way}body__name"),
                **({"to": F(payee)} if payee else {}),
            )
            .values_list("day", "at_plan", "at_body", *(("to",) if payee else ()))
            .annotate(fen=Sum(amount))
        )
        for day, plan, body, *to, fen in grouped:
            found.append(Entry(day, plan, body, event, to[0] if to else "", fen))
    order = list(EVENTS)
    found.sort(key=lambda each: (each.plan, order.index(each.event), each.payee))
    found.sort(key=lambda each: each.day, reverse=True)
    return [each for each in found if (first is None or each.day >= first) and (last is None or each.day <= last)]


def totals(book: Iterable[Entry]) -> Totals:
    """The sums of a day-book, by payee."""
    sums = Totals()
    for each in book:
        if each.event == "payment":
            sums.received += each.amount_fen
        elif each.event == "refund":
            sums.refunded += each.amount_fen
        elif each.event in ("moved_in", "moved_out"):
            sums.moved += each.amount_fen if each.event == "moved_in" else -each.amount_fen
        else:
            payee = sums.payees.setdefault(each.payee, Payee())
            name = {"charge": "charged", "reversal": "reduced", "settlement": "settled"}[each.event]
            setattr(payee, name, getattr(payee, name) + each.amount_fen)
    return sums


def accounts(book: Iterable[Entry]) -> dict[str, int]:
    """The balance of every account; together they are zero."""
    balance: dict[str, int] = defaultdict(int)
    for each in book:
        balance[each.debit] += each.amount_fen
        balance[each.credit] -= each.amount_fen
    return dict(balance)
