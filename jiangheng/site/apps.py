"""Registers the room with Django."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


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

        post_migrate.connect(_cache_table, sender=self, dispatch_uid="jiangheng.cache_table")


def _cache_table(*, using: str, **_given: Any) -> None:
    """The table of the shared cache, wherever the other tables are made."""
    from django.core.management import call_command

    call_command("createcachetable", database=using, verbosity=0)
