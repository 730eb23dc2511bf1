"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """Item bank, three sets, paper requests (附件8), sealed packages, custody ledger."""

    name = "jiangheng.papers"
    label = "papers"
    verbose_name = "试卷"
    default_auto_field = "django.db.models.BigAutoField"
