"""Charges, orders, payments, allocations, receipts, refunds, statements; rows of money are only ever added."""

from django.db import models
from django.db.models import Q

from jiangheng.journal.models import Moving


class Bill(Moving):
    """One sponsor's bill for one plan; its sum is that of the charges that name it."""

    KIND = "bill"

    number = models.CharField(max_length=40, unique=True)
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="bills")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="+")
    payer_organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="bills")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "payer_organisation"], condition=~Q(state="void"), name="bill_once_per_plan"
            )
        ]


class Charge(models.Model):
    """What one applicant owes for one item to one payee under a fee table line (三（七）); fen."""

    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="charges")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="charges")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="charges")
    payer_organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    bill = models.ForeignKey("fees.Bill", models.PROTECT, null=True, related_name="charges")
    fee_line = models.ForeignKey("catalog.FeeLine", models.PROTECT, null=True, related_name="charges")
    item = models.CharField(max_length=20)
    document = models.CharField(max_length=120)
    label = models.CharField(max_length=60, blank=True)
    payee = models.CharField(max_length=20)
    amount_fen = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "item", "payee"], name="charge_once")]


class Reversal(models.Model):
    """A charge that falls away, with its reason: the application or plan is off, or the fee was given back."""

    charge = models.OneToOneField("fees.Charge", models.PROTECT, related_name="reversal")
    reason = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()


class Order(Moving):
    """What one payer sets out to pay: a sum of named charges, by hand or through a provider."""

    KIND = "payment_order"

    number = models.CharField(max_length=40, unique=True)
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="orders")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="+")
    payer_organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    identity = models.ForeignKey("people.Identity", models.PROTECT, null=True, related_name="+")
    payer_name = models.CharField(max_length=120)
    provider = models.CharField(max_length=20, blank=True)
    trade = models.CharField(max_length=60, blank=True)
    pay_address = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=20, blank=True)
    voucher = models.CharField(max_length=60, blank=True)
    paid_on = models.DateField(null=True)
    amount_fen = models.PositiveIntegerField()
    noted_by = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class OrderLine(models.Model):
    """How much of an order is for a charge."""

    order = models.ForeignKey("fees.Order", models.PROTECT, related_name="lines")
    charge = models.ForeignKey("fees.Charge", models.PROTECT, related_name="order_lines")
    amount_fen = models.PositiveIntegerField()


class Callback(models.Model):
    """What a provider told, once per event, and what came of it."""

    provider = models.CharField(max_length=20)
    event = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["provider", "event"], name="callback_once")]


class Payment(models.Model):
    """Money received; ``reference`` is the bank's, the till's or the provider's own number.

    What of it settles no charge is the payer's credit: it is given back or settles a later charge.
    """

    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="payments")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="payments")
    order = models.OneToOneField("fees.Order", models.PROTECT, null=True, related_name="payment")
    payer_organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    identity = models.ForeignKey("people.Identity", models.PROTECT, null=True, related_name="+")
    payer_name = models.CharField(max_length=120)
    provider = models.CharField(max_length=20, blank=True)
    method = models.CharField(max_length=20)
    reference = models.CharField(max_length=60)
    amount_fen = models.PositiveIntegerField()
    paid_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["body", "reference"], name="payment_once")]


class Allocation(models.Model):
    """How much of a payment settles a charge; a negative row takes it back for a refund, a reversal or a transfer."""

    payment = models.ForeignKey("fees.Payment", models.PROTECT, related_name="allocations")
    charge = models.ForeignKey("fees.Charge", models.PROTECT, related_name="allocations")
    refund = models.ForeignKey("fees.Refund", models.PROTECT, null=True, related_name="allocations")
    amount_fen = models.IntegerField()
    created_at = models.DateTimeField()


class Receipt(models.Model):
    """A numbered receipt for a payment; a voided one keeps its number and is replaced by the next."""

    payment = models.ForeignKey("fees.Payment", models.PROTECT, related_name="receipts")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    number = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["payment"], condition=Q(replaces=None), name="receipt_first_once")
        ]


class ReceiptVoid(models.Model):
    """A receipt that is no longer good, with its reason."""

    receipt = models.OneToOneField("fees.Receipt", models.PROTECT, related_name="voided")
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField()


class ReceiptPrint(models.Model):
    """Each time a receipt was printed; every print after the first says 补打."""

    receipt = models.ForeignKey("fees.Receipt", models.PROTECT, related_name="prints")
    created_at = models.DateTimeField()


class RefundRequest(Moving):
    """Money asked back out of a payment: requested by one person, approved by a second, then paid out."""

    KIND = "refund_request"

    number = models.CharField(max_length=40, unique=True)
    payment = models.ForeignKey("fees.Payment", models.PROTECT, related_name="refund_requests")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="+")
    amount_fen = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)
    note = models.CharField(max_length=200)
    requested_by = models.BigIntegerField(null=True)
    approved_by = models.BigIntegerField(null=True)
    voucher = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class RefundLine(models.Model):
    """How much of a refund comes from a charge; without a charge, from the payer's credit."""

    request = models.ForeignKey("fees.RefundRequest", models.PROTECT, related_name="lines")
    charge = models.ForeignKey("fees.Charge", models.PROTECT, null=True, related_name="+")
    amount_fen = models.PositiveIntegerField()


class Refund(models.Model):
    """Money given back out of a payment, with its reason."""

    payment = models.ForeignKey("fees.Payment", models.PROTECT, related_name="refunds")
    request = models.OneToOneField("fees.RefundRequest", models.PROTECT, null=True, related_name="refund")
    voucher = models.CharField(max_length=60, blank=True)
    amount_fen = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField()


class Statement(models.Model):
    """A statement of a bank or provider that a body took in; the same lines again add nothing."""

    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    first_on = models.DateField()
    last_on = models.DateField()
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class StatementLine(models.Model):
    """One line of a statement; ``occurrence`` counts the same reference within the source, from 1."""

    statement = models.ForeignKey("fees.Statement", models.PROTECT, related_name="lines")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="+")
    source = models.CharField(max_length=20)
    row = models.PositiveIntegerField()
    reference = models.CharField(max_length=60)
    occurrence = models.PositiveSmallIntegerField(default=1)
    day = models.DateField()
    amount_fen = models.PositiveIntegerField()
    payer = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "source", "reference", "occurrence"], name="statement_line_once")
        ]


class Match(Moving):
    """A line claimed for a payer, or a difference explained, by two people."""

    KIND = "statement_match"

    line = models.ForeignKey("fees.StatementLine", models.PROTECT, related_name="matches")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, null=True, related_name="+")
    payer_organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey("applications.Application", models.PROTECT, null=True, related_name="+")
    payment = models.ForeignKey("fees.Payment", models.PROTECT, null=True, related_name="matches")
    note = models.CharField(max_length=200)
    proposed_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=~Q(state="refused"), name="match_once_per_line")
        ]


class Transfer(models.Model):
    """Money of a person moved from an application that is off to the one that took its place."""

    payment = models.ForeignKey("fees.Payment", models.PROTECT, related_name="transfers")
    from_application = models.ForeignKey("applications.Application", models.PROTECT, related_name="+")
    to_application = models.ForeignKey("applications.Application", models.PROTECT, related_name="+")
    amount_fen = models.PositiveIntegerField()
    created_at = models.DateTimeField()


class SandboxTrade(models.Model):
    """What the sandbox provider remembers of an order; demonstration only, no money is behind it."""

    number = models.CharField(max_length=40, unique=True)
    trade = models.CharField(max_length=60, unique=True)
    amount_fen = models.PositiveIntegerField()
    refunded_fen = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=20, default="open")
    told = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
