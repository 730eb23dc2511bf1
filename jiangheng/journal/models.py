"""Tables of the journal: entries that are only ever added, deeds done once, outgoing notices; what every moving record has."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from jiangheng.rules.flows import FLOWS


class StateField(models.CharField):  # type: ignore[type-arg]  # Django itself takes no type here at run time
    """The state of a record, beginning with the first of its flow."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Take the first state of the class's flow for the default."""
        if not cls._meta.abstract and self.default is models.NOT_PROVIDED:
            self.default = FLOWS[cls.KIND].states[0].name  # type: ignore[attr-defined]  # only a Moving has such a field
        super().contribute_to_class(cls, name, private_only)

    def deconstruct(self) -> Any:
        """Stand in migrations as the plain field it is in the database."""
        name, _path, arguments, given = super().deconstruct()
        return name, "django.db.models.CharField", arguments, given


class Moving(models.Model):
    """A record that a flow moves from state to state: ``KIND`` names the flow, ``version`` counts every change.

    Only ``journal.actions.move`` and ``move_many`` set ``state`` and ``moved_at``.
    """

    KIND: ClassVar[str]

    state = StateField(max_length=20, db_index=True)
    version = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Entry(models.Model):
    """One deed, chained to the one before it by SHA-256; a database trigger refuses UPDATE and DELETE."""

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=80)
    verb = models.CharField(max_length=40, blank=True)
    record_kind = models.CharField(max_length=40)
    record_id = models.BigIntegerField(null=True)
    batch_kind = models.CharField(max_length=40, blank=True)
    batch_id = models.BigIntegerField(null=True)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    role = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField(null=True)
    clause = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["record_kind", "record_id"], name="entry_record"),
            models.Index(fields=["batch_kind", "batch_id"], name="entry_batch"),
            models.Index(fields=["actor_id", "at"], name="entry_actor"),
        ]


class Head(models.Model):
    """The single row that holds the end of the chain; locked while entries are added."""

    entries = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class Series(models.Model):
    """The last number given of a series in a year (and in a unit that counts for itself); locked while one is taken."""

    name = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "year", "unit"], name="series_once")]


class Once(models.Model):
    """A one-time token of a form or API call, so a replayed POST does nothing twice."""

    key = models.CharField(max_length=120, unique=True)
    action = models.CharField(max_length=80)
    at = models.DateTimeField()
    record_kind = models.CharField(max_length=40, blank=True)
    record_id = models.BigIntegerField(null=True)


class Outgoing(models.Model):
    """A notice or batch job waiting for the worker; ``key`` makes it idempotent."""

    key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=20)
    recipient = models.CharField(max_length=120, blank=True)
    recipient_organisation_id = models.BigIntegerField(null=True)
    recipient_account_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    payload = models.JSONField(default=dict)
    record_kind = models.CharField(max_length=40, blank=True)
    record_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, db_index=True)
    failed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient_account_id", "id"], name="outgoing_account"),
            models.Index(fields=["recipient_organisation_id", "id"], name="outgoing_organisation"),
            models.Index(
                fields=["recipient_account_id"], condition=models.Q(read_at=None), name="outgoing_account_unread"
            ),
            models.Index(
                fields=["recipient_organisation_id"],
                condition=models.Q(read_at=None),
                name="outgoing_organisation_unread",
            ),
        ]
