"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Item bank, three sets, paper requests (附件8), sealed packages, custody ledger."""

    name = "jiangheng.papers"
    label = "papers"
    verbose_name = "试卷"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here."""
        from jiangheng.papers.record_kinds import RECORD_KINDS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
