"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Occupations, standard versions, application routes, fee tables; the deeds on calendar rows and editable defaults."""

    name = "jiangheng.catalog"
    label = "catalog"
    verbose_name = "目录"
    default_auto_field = "django.db.models.BigAutoField"
