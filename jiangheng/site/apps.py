"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Settings, root urls, menu by role, home pages, sign-in, public portal."""

    name = "jiangheng.site"
    label = "portal"
    verbose_name = "站点"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the journal where each kind of record lives and which jobs the worker can do."""
        from jiangheng.journal import delivery
        from jiangheng.screens import record_kinds
        from jiangheng.site.jobs import JOBS
        from jiangheng.site.record_kinds import RECORD_KINDS

        record_kinds.register(*RECORD_KINDS)
        delivery.register(JOBS)
