"""Answers and their history, failed entries, practical marks, room records and incidents of a sitting (四（七）)."""

from django.db import models


class Answer(models.Model):
    """The answer standing for one question of one seat; ``revision`` refuses a stale write."""

    seat = models.ForeignKey("sittings.Seat", models.CASCADE, related_name="answers")
    question = models.PositiveIntegerField()
    value = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["seat_id", "question"]
        constraints = [models.UniqueConstraint(fields=["seat", "question"], name="answer_once")]


class AnswerEvent(models.Model):
    """Every save that arrived, only ever added: ``key`` makes a replay harmless, a refused text is kept.

    ``base`` is the revision the writer saw, ``revision`` the one standing after it; ``accepted`` is False for a
    write that came too late to stand beside a newer one.
    """

    seat = models.ForeignKey("sittings.Seat", models.PROTECT, related_name="events")
    question = models.PositiveIntegerField()
    value = models.CharField(max_length=200)
    base = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    key = models.CharField(max_length=60)
    accepted = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["seat", "key"], name="answer_event_once")]


class EntryAttempt(models.Model):
    """A failed try to enter a room; ``key`` is a digest of address and ticket number, or of address alone."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="entry_attempt_key")]


class PracticalMark(models.Model):
    """One examiner's independent mark; only ever added: a correction is a new row with its reason."""

    seat = models.ForeignKey("sittings.Seat", models.PROTECT, related_name="practical_marks")
    examiner = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    mark = models.DecimalField(max_digits=5, decimal_places=1)
    revision = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["seat", "examiner", "revision"], name="mark_revision_once")]


class RoomRecord(models.Model):
    """考场记录单: counts and incidents of a sitting, signed by two people."""

    sitting = models.OneToOneField("sittings.Sitting", models.PROTECT, related_name="record")
    expected = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    absent_tickets = models.JSONField(default=list)
    papers_received = models.PositiveIntegerField(default=0)
    papers_returned = models.PositiveIntegerField(default=0)
    remarks = models.TextField(blank=True)
    first_signer = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    first_signed_at = models.DateTimeField()
    second_signer = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    second_signed_at = models.DateTimeField(null=True)


class Incident(models.Model):
    """What happened during a sitting: its kind, and for an irregularity the candidate and the tier (A-D)."""

    sitting = models.ForeignKey("sittings.Sitting", models.PROTECT, related_name="incidents")
    seat = models.ForeignKey("sittings.Seat", models.PROTECT, null=True, related_name="incidents")
    kind = models.CharField(max_length=20, default="other")
    tier = models.CharField(max_length=1, blank=True)
    text = models.TextField()
    reporter = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class IncidentEvidence(models.Model):
    """A picture or document kept as evidence of an incident; only ever added."""

    incident = models.ForeignKey("exam_day.Incident", models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
