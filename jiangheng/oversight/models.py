"""双随机 draws and the inspections that follow (四（九）)."""

from django.db import models

from jiangheng.journal.models import Moving


class Draw(models.Model):
    """One 双随机 draw: frozen rosters and their hash, the published seed, and what came out; re-verifiable by anyone.

    ``bodies_roster`` and ``inspectors_roster`` are the frozen rosters ``[{"id", "name", "excluded", "reason"}]``.
    """

    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    basis = models.CharField(max_length=200)
    bodies_roster = models.JSONField(default=list)
    inspectors_roster = models.JSONField(default=list)
    snapshot_hash = models.CharField(max_length=64)
    bodies_wanted = models.PositiveIntegerField()
    inspectors_per_body = models.PositiveIntegerField()
    seed = models.CharField(max_length=120, blank=True)
    seed_source = models.CharField(max_length=200, blank=True)
    algorithm = models.CharField(max_length=40)
    outcome = models.JSONField(default=list)
    witnesses = models.CharField(max_length=120, blank=True)
    frozen_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class Inspection(Moving):
    """One inspection of one body by at least two inspectors, from the draw to its published result."""

    KIND = "inspection"

    draw = models.ForeignKey("oversight.Draw", models.PROTECT, null=True, related_name="inspections")
    body = models.ForeignKey("bodies.Organisation", models.PROTECT, related_name="inspections")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, null=True, related_name="inspections")
    inspected_on = models.DateField(null=True)
    findings = models.JSONField(default=list)
    conclusion = models.CharField(max_length=40, blank=True)
    summary = models.TextField(blank=True)
    rectification = models.TextField(blank=True)
    rectify_by = models.DateField(null=True)
    published_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class Inspector(models.Model):
    """A supervisor drawn for an inspection."""

    inspection = models.ForeignKey("oversight.Inspection", models.CASCADE, related_name="inspectors")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "account"], name="inspector_once")]
