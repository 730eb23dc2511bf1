"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Private uploads: proofs, photos, scans; checked by content, hashed, served with an access check."""

    name = "jiangheng.files"
    label = "files"
    verbose_name = "文件"
    default_auto_field = "django.db.models.BigAutoField"
