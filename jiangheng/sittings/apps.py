"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Seating, tickets, staffing, pre-exam meeting, theory room, practical marks, room records."""

    name = "jiangheng.sittings"
    label = "sittings"
    verbose_name = "考务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.screens import record_kinds
        from jiangheng.sittings.record_kinds import RECORD_KINDS

        record_kinds.register(*RECORD_KINDS)
