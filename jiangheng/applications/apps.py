"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """A candidate's application (附件4), proofs, rosters, acceptance."""

    name = "jiangheng.applications"
    label = "applications"
    verbose_name = "报名"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Go along when two documents become one person."""
        from jiangheng.applications.actions.merged import follow
        from jiangheng.people.actions.merging import FOLLOWERS

        if follow not in FOLLOWERS:
            FOLLOWERS.append(follow)
