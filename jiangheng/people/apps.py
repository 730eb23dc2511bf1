"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Accounts, roles, identity, and the rosters of examiners, invigilators and supervisors."""

    name = "jiangheng.people"
    label = "people"
    verbose_name = "人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.people.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
