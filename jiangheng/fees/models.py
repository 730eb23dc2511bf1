"""Charges, payments, allocations, receipts and refunds; rows are only ever added."""

from django.db import models


class Charge(models.Model):
    """What one applicant owes for one subject under a fee table line (三（七）); fen."""

    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="charges")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="charges")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="charges")
    payer_organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    item = models.CharField(max_length=20)
    document = models.CharField(max_length=120)
    label = models.CharField(max_length=60, blank=True)
    payee = models.CharField(max_length=20)
    amount_fen = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "item"], name="charge_once")]


class Payment(models.Model):
    """Money received, confirmed by a clerk of the body; ``reference`` is the bank's or till's own number."""

    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="payments")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="payments")
    payer_organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    payer_name = models.CharField(max_length=120)
    method = models.CharField(max_length=20)
    reference = models.CharField(max_length=60)
    amount_fen = models.PositiveIntegerField()
    paid_on = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["body", "reference"], name="payment_once")]


class Allocation(models.Model):
    """How much of a payment settles a charge; a negative row takes it back for a refund."""

    payment = models.ForeignKey("fees.Payment", models.PROTECT, related_name="allocations")
    charge = models.ForeignKey("fees.Charge", models.PROTECT, related_name="allocations")
    refund = models.ForeignKey("fees.Refund", models.PROTECT, null=True, related_name="allocations")
    amount_fen = models.IntegerField()
    created_at = models.DateTimeField()


class Series(models.Model):
    """The last receipt number given in a year, taken under the row's lock."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)


class Receipt(models.Model):
    """A numbered receipt for a payment."""

    payment = models.OneToOneField("fees.Payment", models.PROTECT, related_name="receipt")
    number = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField()


class Refund(models.Model):
    """Money given back out of a payment, with its reason."""

    payment = models.ForeignKey("fees.Payment", models.PROTECT, related_name="refunds")
    amount_fen = models.PositiveIntegerField()
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField()
