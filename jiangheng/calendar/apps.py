"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Clocks of open deadlines, agenda, feeds, the re-dating of what a changed day moves."""

    name = "jiangheng.calendar"
    label = "calendar"
    verbose_name = "日程"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.calendar.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
