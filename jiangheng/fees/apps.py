"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Charges, payments, receipts and refunds; append-only."""

    name = "jiangheng.fees"
    label = "fees"
    verbose_name = "收费"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.fees.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
