"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Plans (附件5), arrangement requests and assignment (附件6), off-site venue review (附件7)."""

    name = "jiangheng.plans"
    label = "plans"
    verbose_name = "计划"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.plans.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
