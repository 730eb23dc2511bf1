"""Everything that may be done to organisations, their filings, venues and equipment."""

from jiangheng.bodies.actions.filings import (
    change_filing,
    draft_filing,
    file,
    rectify,
    resume,
    return_filing,
    revoke,
    submit,
    suspend,
)
from jiangheng.bodies.actions.organisations import amend, register
from jiangheng.bodies.actions.premises import (
    add_equipment,
    add_room,
    add_venue,
    amend_equipment,
    amend_room,
    amend_venue,
)

__all__ = [
    "add_equipment", "add_room", "add_venue", "amend", "amend_equipment", "amend_room", "amend_venue",
    "change_filing", "draft_filing", "file", "rectify", "register", "resume", "return_filing", "revoke", "submit",
    "suspend",
]  # fmt: skip
