"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """The centre, recognised bodies, schools and employers; filed scopes (附件1-3); venues and equipment."""

    name = "jiangheng.bodies"
    label = "bodies"
    verbose_name = "机构"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.bodies.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
