"""Deadlines a calendar change moved, and calendar feeds."""

from django.db import models

from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days.workdays import counted


class RedatedDeadline(models.Model):
    """A deadline a change of the calendar moved: whose, counted from which event, from which day to which. Never changed."""

    change = models.ForeignKey("values.CalendarChange", models.PROTECT, related_name="redated")
    clock = models.CharField(max_length=20)
    record_kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey("bodies.Organisation", models.PROTECT, null=True, related_name="+")
    event = models.DateField()
    old_day = models.DateField()
    new_day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["organisation_id", "new_day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "clock", "record_id"], name="redated_once"),
        ]

    @property
    def old_day_counted(self) -> CountedDay:
        """``old_day`` as it is shown."""
        return counted(self.old_day, self.event)

    @property
    def new_day_counted(self) -> CountedDay:
        """``new_day`` as it is shown."""
        return counted(self.new_day, self.event)


class Feed(models.Model):
    """The calendar feed of one membership; only the SHA-256 of its secret address is kept."""

    membership = models.OneToOneField("people.Membership", models.CASCADE, related_name="feed")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
