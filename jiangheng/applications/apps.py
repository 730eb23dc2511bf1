"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """A candidate's application (附件4), proofs, rosters, acceptance."""

    name = "jiangheng.applications"
    label = "applications"
    verbose_name = "报名"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which kinds of record live here, and go along when two documents become one person."""
        from jiangheng.applications.actions.merged import follow
        from jiangheng.applications.record_kinds import RECORD_KINDS
        from jiangheng.people.actions.merging import FOLLOWERS
        from jiangheng.screens import record_kinds

        record_kinds.register(*RECORD_KINDS)
        if follow not in FOLLOWERS:
            FOLLOWERS.append(follow)
