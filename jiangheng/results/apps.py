"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Marking, scores, 公示, objections, reporting."""

    name = "jiangheng.results"
    label = "results"
    verbose_name = "成绩"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.results.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
