"""Marks taken in the rooms, seats by their lease, records and incidents of a day."""

from jiangheng.exam_day.queries.marks import MarkCard, SubjectMark, mark_cards, practical_marks, theory_marks
from jiangheng.exam_day.queries.records import day_facts, evidence, incidents_of, on_day, record_of
from jiangheng.exam_day.queries.seats import extra_minutes_of_writing, seat_by_lease, standing_answers

__all__ = [
    "MarkCard",
    "SubjectMark",
    "day_facts",
    "evidence",
    "extra_minutes_of_writing",
    "incidents_of",
    "mark_cards",
    "on_day",
    "practical_marks",
    "record_of",
    "seat_by_lease",
    "standing_answers",
    "theory_marks",
]
