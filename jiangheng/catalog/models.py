"""Occupations, standard versions, fee tables, local calendar rows and the centre's own defaults."""

from django.db import models


class Occupation(models.Model):
    """An occupation of the national catalogue: code, edition (大典), name and its 工种."""

    code = models.CharField(max_length=20)
    edition = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    jobs = models.JSONField(default=list)
    levels = models.CharField(max_length=5)
    source = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code", "edition"], name="occupation_once")]

    def __str__(self) -> str:
        return self.name


class StandardVersion(models.Model):
    """A standard of an occupation: its document, validity, route set and related occupations and majors."""

    occupation = models.ForeignKey("catalog.Occupation", models.PROTECT, related_name="standards")
    document = models.CharField(max_length=120)
    ruleset = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    related_occupations = models.JSONField(default=list)
    related_majors = models.JSONField(default=list)
    label = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["occupation_id", "-valid_from"]


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


class CalendarDay(models.Model):
    """A local row of the working-day calendar, such as 广西三月三; it outranks the national calendar."""

    day = models.DateField(unique=True)
    workday = models.BooleanField()
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["day"]


class Parameter(models.Model):
    """The centre's own value for a labelled default, from a day on."""

    key = models.CharField(max_length=60)
    value = models.JSONField()
    valid_from = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["key", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="parameter_once")]
