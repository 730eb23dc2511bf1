"""What bodies, staff and candidates do with sittings."""

from jiangheng.exam_day.actions.answering import enter_room, fail_entry, hand_in, save_answers, start_paper
from jiangheng.exam_day.actions.drawing import draw_rooms
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
from jiangheng.sittings.actions.arranging import arrange, cancel, rearrange
from jiangheng.sittings.actions.exceptions import grant_exception
from jiangheng.sittings.actions.meetings import (
    amend_meeting,
    attend,
    attend_by_hand,
    brief,
    call_meeting,
    cancel_meeting,
    hold_meeting,
    remind,
    withdraw_attendance,
)
from jiangheng.sittings.actions.packing import pack, print_full
from jiangheng.sittings.actions.proposing import adopt_staff, propose_staff
from jiangheng.sittings.actions.staffing import acknowledge, assign_staff
from jiangheng.sittings.actions.tickets import issue_tickets, print_tickets

__all__ = [
    "acknowledge",
    "adopt_staff",
    "allow_minutes",
    "amend_meeting",
    "arrange",
    "assign_staff",
    "attend",
    "attend_by_hand",
    "brief",
    "call_meeting",
    "cancel",
    "cancel_meeting",
    "clear_absent",
    "close",
    "draw_rooms",
    "enter_mark",
    "enter_room",
    "fail_entry",
    "grant_exception",
    "hand_in",
    "hold_meeting",
    "issue_tickets",
    "mark_absent",
    "note_incident",
    "open_sitting",
    "pack",
    "print_full",
    "print_tickets",
    "propose_staff",
    "rearrange",
    "remind",
    "save_answers",
    "sign",
    "sign_first",
    "sign_in",
    "start_paper",
    "unseal",
    "withdraw_attendance",
]
