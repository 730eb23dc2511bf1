"""Occupations, standard versions, application routes and fee tables."""

from django.db import models

from jiangheng.journal.models import Moving


class Occupation(models.Model):
    """An occupation of the national catalogue: code, edition (大典), name and its 工种."""

    code = models.CharField(max_length=20)
    edition = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    jobs = models.JSONField(default=list)
    levels = models.CharField(max_length=5)
    source = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=60, blank=True)
    # The occupation of an earlier edition this one was renumbered or merged from: its certificates still count.
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code", "edition"], name="occupation_once")]

    def __str__(self) -> str:
        return self.name


class StandardVersion(Moving):
    """A standard of an occupation: its document, validity, route set and related occupations and majors.

    Only published and superseded versions are law on their days; a published one never changes but for its end.
    ``owner`` is the employer whose filed 企业评价规范 it is, valid for that employer only; null for a national standard.
    ``route_overrides`` is read by ``rules.routes.effective``.
    """

    KIND = "standard"

    occupation = models.ForeignKey("catalog.Occupation", models.PROTECT, related_name="standards")
    owner = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="own_standards")
    document = models.CharField(max_length=120)
    ruleset = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    related_occupations = models.JSONField(default=list)
    related_majors = models.JSONField(default=list)
    label = models.CharField(max_length=60, blank=True)
    route_overrides = models.JSONField(default=list)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="copies")
    # The accounts that wrote and handed in the version: a second person publishes it.
    drafted_by_id = models.BigIntegerField(null=True)
    submitted_by_id = models.BigIntegerField(null=True)
    # The version this one took over from when published, and when that one was to end before.
    took_over = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken_over_by")
    took_over_end = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["occupation_id", "-valid_from"]

    @property
    def title(self) -> str:
        """What its page and story call it."""
        name = self.occupation.name
        return self.document if name in self.document else f"{name} {self.document}".strip()


class Subject(models.Model):
    """What is examined at a level of a standard: subject (theory, skill, review), method, minutes, examiners."""

    standard = models.ForeignKey("catalog.StandardVersion", models.CASCADE, related_name="subjects")
    level = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=10)
    method = models.CharField(max_length=20)
    minutes = models.PositiveIntegerField()
    candidates_per_examiner = models.PositiveIntegerField(null=True)
    required_equipment = models.JSONField(default=list)

    class Meta:
        ordering = ["level", "subject"]
        constraints = [models.UniqueConstraint(fields=["standard", "level", "subject"], name="subject_once")]


class FeeLine(models.Model):
    """One line of a dated fee table; amounts in fen. A demonstration line says so in ``label``."""

    document = models.CharField(max_length=120)
    occupation_code = models.CharField(max_length=20, db_index=True)
    level = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=20)
    payee = models.CharField(max_length=20, default="body")
    amount_fen = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    label = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["occupation_code", "-level", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["occupation_code", "level", "item", "payee", "valid_from"], name="fee_line_once"
            )
        ]


class RuleSnapshot(models.Model):
    """The routes some decisions were judged by, as they were then; written once under its digest, never changed."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
