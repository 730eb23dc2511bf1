"""What staff and candidates do on the exam day."""

from jiangheng.exam_day import guards as guards
from jiangheng.exam_day.actions.answering import enter_room, fail_entry, hand_in, save_answers, start_paper
from jiangheng.exam_day.actions.marking import enter_mark
from jiangheng.exam_day.actions.records import note_incident, sign, sign_first
from jiangheng.exam_day.actions.room import (
    allow_minutes,
    clear_absent,
    close,
    mark_absent,
    open_sitting,
    sign_in,
    unseal,
)

__all__ = [
    "allow_minutes",
    "clear_absent",
    "close",
    "enter_mark",
    "enter_room",
    "fail_entry",
    "hand_in",
    "mark_absent",
    "note_incident",
    "open_sitting",
    "save_answers",
    "sign",
    "sign_first",
    "sign_in",
    "start_paper",
    "unseal",
]
