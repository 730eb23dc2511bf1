"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Settings, root urls, menu by role, home pages, sign-in, public portal."""

    name = "jiangheng.site"
    label = "portal"
    verbose_name = "站点"
    default_auto_field = "django.db.models.BigAutoField"
