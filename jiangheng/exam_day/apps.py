"""Registers the room with Django."""

from collections.abc import Mapping, Sequence

from django.apps import AppConfig

from jiangheng.sittings import day


class Room(AppConfig):
    """The examination itself: desk, theory room, practical marks, room records."""

    name = "jiangheng.exam_day"
    label = "exam_day"
    verbose_name = "考试日"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the sittings how to read what was recorded on the day."""
        day.read_by(_day_facts)


def _day_facts(sitting_ids: Sequence[int]) -> Mapping[int, day.DayFacts]:
    # The queries are read when somebody asks: most commands never do.
    from jiangheng.exam_day import queries

    return queries.day_facts(sitting_ids)
