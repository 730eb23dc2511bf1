"""Result batches, scores with their history, and objections."""

from django.db import models
from django.db.models import Q

from jiangheng.journal.models import Moving
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days.workdays import counted


class ResultBatch(Moving):
    """All results of one plan: entered by one, confirmed by another, published, reported, reviewed (四（八）)."""

    KIND = "result_batch"

    plan = models.OneToOneField("plans.Plan", models.PROTECT, related_name="result_batch")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="result_batches")
    entered_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    published_on = models.DateField(null=True)
    publicity_ends_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    approved_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    @property
    def publicity_ends_on_counted(self) -> CountedDay | None:
        """``publicity_ends_on`` as it is shown."""
        return counted(self.publicity_ends_on) if self.publicity_ends_on else None


class Result(models.Model):
    """One candidate's standing result: marks per subject, and passed or not."""

    batch = models.ForeignKey("results.ResultBatch", models.PROTECT, related_name="results")
    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="result")
    theory = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    skill = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    review = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    absent = models.JSONField(default=list)
    voided = models.JSONField(default=list)
    passed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "passed"], name="result_batch_passed")]


class MarkHistory(models.Model):
    """Every value a mark ever had, with who gave it and why; a database trigger refuses UPDATE and DELETE."""

    result = models.ForeignKey("results.Result", models.PROTECT, related_name="history")
    subject = models.CharField(max_length=10)
    mark = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    source = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    by_account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Objection(Moving):
    """An objection raised during 公示, with its own clock; ``against`` names the persons complained of, if any."""

    KIND = "objection"

    batch = models.ForeignKey("results.ResultBatch", models.PROTECT, related_name="objections")
    result = models.ForeignKey("results.Result", models.PROTECT, null=True, related_name="objections")
    raised_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=60)
    text = models.TextField()
    against = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    @property
    def due_on_counted(self) -> CountedDay:
        """``due_on`` as it is shown."""
        return counted(self.due_on)


class Amendment(models.Model):
    """A change of one mark: asked for by one person, decided by another, the old value kept for ever."""

    result = models.ForeignKey("results.Result", models.PROTECT, related_name="amendments")
    objection = models.ForeignKey("results.Objection", models.PROTECT, null=True, related_name="amendments")
    subject = models.CharField(max_length=10)
    old_mark = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    new_mark = models.DecimalField(max_digits=5, decimal_places=1)
    reason = models.CharField(max_length=200)
    requested_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=10, default="waiting")
    decision_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "subject"], condition=Q(decision="waiting"), name="amendment_one_waiting"
            ),
        ]
