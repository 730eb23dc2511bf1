"""What bodies, staff and candidates do with sittings."""

from jiangheng.sittings import guards as guards
from jiangheng.sittings.actions.arranging import arrange, cancel, rearrange
from jiangheng.sittings.actions.drawing import draw_rooms
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
    "amend_meeting",
    "arrange",
    "assign_staff",
    "attend",
    "attend_by_hand",
    "brief",
    "call_meeting",
    "cancel",
    "cancel_meeting",
    "draw_rooms",
    "grant_exception",
    "hold_meeting",
    "issue_tickets",
    "pack",
    "print_full",
    "print_tickets",
    "propose_staff",
    "rearrange",
    "remind",
    "withdraw_attendance",
]
