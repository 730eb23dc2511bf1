"""Registers the room with Django."""

from django.apps import AppConfig


class Room(AppConfig):
    """The examination itself: desk, theory room, practical marks, room records."""

    name = "jiangheng.exam_day"
    label = "exam_day"
    verbose_name = "考试日"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the sittings how to read what was recorded on the day."""
        from jiangheng.exam_day.queries import day_facts
        from jiangheng.sittings.queries import day

        day.read_by(day_facts)
