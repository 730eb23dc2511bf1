"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """The one way in: actions, moves, records; append-only evidence and outgoing notices."""

    name = "jiangheng.journal"
    label = "journal"
    verbose_name = "台账"
    default_auto_field = "django.db.models.BigAutoField"
