"""The centre's own values and its local rows of the working-day calendar; written by the deeds of ``catalog``."""

from __future__ import annotations

from typing import Any

from django.db import models

from jiangheng.values.remembering import forget


class Rows(models.QuerySet[Any]):
    """Rows the law or the calendar is read from: whoever writes them forgets what was read before."""

    def update(self, **changes: Any) -> int:
        """As Django's, and forget."""
        forget()
        return super().update(**changes)

    def bulk_create(self, *given: Any, **how: Any) -> list[Any]:
        """As Django's, and forget."""
        forget()
        return super().bulk_create(*given, **how)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's, and forget."""
        forget()
        return super().delete()


class Remembered(models.Model):
    """A row that is read once in a request or deed."""

    objects = Rows.as_manager()

    class Meta:
        abstract = True

    def save(self, *given: Any, **how: Any) -> None:
        """As Django's, and forget."""
        forget()
        super().save(*given, **how)

    def delete(self, *given: Any, **how: Any) -> tuple[int, dict[str, int]]:
        """As Django's, and forget."""
        forget()
        return super().delete(*given, **how)


class Parameter(Remembered):
    """The centre's own value for a labelled default, from a day on."""

    key = models.CharField(max_length=60)
    value = models.JSONField()
    valid_from = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["key", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="parameter_once")]


class CalendarDay(Remembered):
    """A local row of the working-day calendar, such as 广西三月三; it outranks the national calendar.

    ``workday`` is None where the centre took a shipped row back: the national calendar holds, and the row stays away.
    """

    day = models.DateField(unique=True)
    workday = models.BooleanField(null=True)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["day"]


class CalendarChange(models.Model):
    """One change of a day from worked to not worked or back, and how far the open deadlines were counted anew.

    ``was_workday`` and ``is_workday`` are None where no local row stood: the national calendar held. ``national``, for
    another national calendar in the program, is ``{day: [worked before, worked now]}`` from ``day`` on. Never changed but
    for ``moved`` and ``finished_at``.
    """

    KIND = "calendar_change"

    day = models.DateField()
    national = models.JSONField(default=dict)
    was_workday = models.BooleanField(null=True)
    was_name = models.CharField(max_length=60, blank=True)
    is_workday = models.BooleanField(null=True)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    moved = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["-id"]


class NationalCalendar(models.Model):
    """A national calendar this installation has counted by; the newest row is the one known to the worker."""

    until = models.DateField()
    days = models.JSONField(default=dict)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
