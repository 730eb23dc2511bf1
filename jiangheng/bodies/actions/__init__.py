"""Everything that may be done to organisations, their filings, venues and equipment."""

from jiangheng.bodies import guards as guards
from jiangheng.bodies.actions.annexes import check_annex, confirm_annex
from jiangheng.bodies.actions.changes import approve_change, propose_change, refuse_change, withdraw_change
from jiangheng.bodies.actions.filings import change_filing, draft_filing, file, remind, return_filing, submit
from jiangheng.bodies.actions.organisations import amend, register
from jiangheng.bodies.actions.premises import (
    add_equipment,
    add_room,
    add_venue,
    amend_equipment,
    amend_room,
    amend_venue,
    lay_out_room,
)
from jiangheng.bodies.actions.standing import rectify, replace, report, resume, revoke, suspend

__all__ = [
    "add_equipment",
    "add_room",
    "add_venue",
    "amend",
    "amend_equipment",
    "amend_room",
    "amend_venue",
    "approve_change",
    "change_filing",
    "check_annex",
    "confirm_annex",
    "draft_filing",
    "file",
    "lay_out_room",
    "propose_change",
    "rectify",
    "refuse_change",
    "register",
    "remind",
    "replace",
    "report",
    "resume",
    "return_filing",
    "revoke",
    "submit",
    "suspend",
    "withdraw_change",
]
