"""Certificate numbers and certificates."""

from django.db import models
from django.db.models import Q

from jiangheng.journal.models import Moving
from jiangheng.rules import flows


class Certificate(Moving):
    """A certificate: everything printed on it is kept here as it was on the day it was numbered."""

    KIND = "certificate"

    number = models.CharField(max_length=22, unique=True)
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="certificates")
    identity = models.ForeignKey("people.Identity", models.PROTECT, related_name="certificates")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="certificates")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="certificates")
    sponsor = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+", db_index=False)
    body_name = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    identity_kind = models.CharField(max_length=20)
    identity_masked = models.CharField(max_length=24)
    occupation_code = models.CharField(max_length=20)
    occupation_name = models.CharField(max_length=60)
    job = models.CharField(max_length=60, blank=True)
    level = models.PositiveSmallIntegerField()
    issued_on = models.DateField()
    signature = models.CharField(max_length=120, blank=True)
    provincial_reported_on = models.DateField(null=True)
    national_visible_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["name", "identity"], name="certificate_holder"),
            models.Index(fields=["body", "state", "number"], name="certificate_body_state"),
            models.Index(fields=["body", "number"], name="certificate_body"),
            models.Index(fields=["sponsor", "number"], name="certificate_sponsor"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=list(flows.FLOWS["certificate"].live)),
                name="certificate_once",
            ),
        ]


class Copy(models.Model):
    """A PDF that was ever issued for a certificate; none is ever replaced."""

    certificate = models.ForeignKey("certificates.Certificate", models.PROTECT, related_name="copies")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class QualificationNumber(models.Model):
    """The number of a 职业资格 certificate somebody else issued, written down by hand; the newest of a person holds."""

    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="qualification_numbers")
    number = models.CharField(max_length=40)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
