"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """The law and the calendar in force, as every other room reads them."""

    name = "jiangheng.values"
    label = "values"
    verbose_name = "参数"
    default_auto_field = "django.db.models.BigAutoField"
