"""Applications (附件4), their proofs, and the rosters they came in."""

from django.db import models
from django.db.models import Q


class Roster(models.Model):
    """A workbook of candidates handed in by an organisation for a request or a plan; imported whole or not at all."""

    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="rosters")
    request = models.ForeignKey("plans.Request", models.PROTECT, null=True, related_name="rosters")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, null=True, related_name="rosters")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    template = models.CharField(max_length=40)
    rows = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    mode = models.CharField(max_length=10, default="add")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class Series(models.Model):
    """The last running number given in a year, taken in blocks under the row's lock."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)


class Application(models.Model):
    """附件4: one person applies for one occupation and level.

    ``form`` holds the fields of the form by their Chinese column names; ``judgement`` is the answer of the
    eligibility engine with its inputs and law version, so the same question gives the same answer for ever.
    """

    KIND = "application"

    number = models.CharField(max_length=40, unique=True)
    identity = models.ForeignKey("people.Identity", models.PROTECT, related_name="applications")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, null=True, related_name="applications")
    request = models.ForeignKey("plans.Request", models.PROTECT, null=True, related_name="applications")
    roster = models.ForeignKey("applications.Roster", models.PROTECT, null=True, related_name="applications")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="applications")
    sponsor = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="sponsored_applications")
    source = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    occupation_code = models.CharField(max_length=20)
    occupation_name = models.CharField(max_length=60)
    job = models.CharField(max_length=60, blank=True)
    level = models.PositiveSmallIntegerField()
    route = models.CharField(max_length=20, blank=True)
    exam_type = models.CharField(max_length=10, default="new")
    subjects = models.JSONField(default=list)
    form = models.JSONField(default=dict)
    photo = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    as_of = models.DateField(null=True)
    judgement = models.JSONField(default=dict)
    verdict = models.CharField(max_length=20, blank=True, db_index=True)
    law_version = models.CharField(max_length=64, blank=True)
    committed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, default="draft", db_index=True)
    version = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["plan", "state"], name="application_plan_state"),
            models.Index(fields=["body", "state", "id"], name="application_body_state"),
            models.Index(fields=["sponsor", "id"], name="application_sponsor"),
            models.Index(fields=["sponsor", "state"], name="application_sponsor_state"),
            models.Index(fields=["sponsor", "plan"], name="application_sponsor_plan"),
            models.Index(fields=["request", "plan", "state"], name="application_request_plan"),
            # A search by part of a name reads every row; these columns alone are a tenth of the table.
            models.Index(fields=["name", "number", "state"], name="application_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "plan", "occupation_code", "level"],
                condition=Q(state__in=["draft", "submitted", "returned", "accepted"], plan__isnull=False),
                name="application_once_per_plan",
            ),
            models.UniqueConstraint(
                fields=["identity", "request", "occupation_code", "level"],
                condition=Q(state__in=["draft", "submitted", "returned", "accepted"], request__isnull=False),
                name="application_once_per_request",
            ),
        ]


class Proof(models.Model):
    """A proof handed in with an application: identity, education, work years, certificate, title, commitment."""

    application = models.ForeignKey("applications.Application", models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=20)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
