"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Review, numbers, e-certificates, public verification."""

    name = "jiangheng.certificates"
    label = "certificates"
    verbose_name = "证书"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.certificates.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
