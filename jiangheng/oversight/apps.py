"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """双随机 draws, inspections, feedback."""

    name = "jiangheng.oversight"
    label = "oversight"
    verbose_name = "督导"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.oversight.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
