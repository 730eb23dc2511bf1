"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Occupations, standard versions, application routes, fee tables; the deeds on calendar rows and editable defaults."""

    name = "jiangheng.catalog"
    label = "catalog"
    verbose_name = "目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.catalog.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
