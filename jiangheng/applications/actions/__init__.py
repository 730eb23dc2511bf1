"""Everything that may be done to applications and rosters."""

from jiangheng.applications.actions.bulk import Bulk, Left, Outcome, accept_clean, bind_to_plan, judge_all
from jiangheng.applications.actions.candidates import (
    Incomplete,
    apply_draft,
    attach,
    detach,
    save,
    submit,
    withdraw,
)
from jiangheng.applications.actions.rehearsing import go_on as go_on_rehearsing
from jiangheng.applications.actions.rehearsing import start as start_rehearsal
from jiangheng.applications.actions.review import (
    accept,
    not_met,
    pass_first,
    refuse,
    return_,
    send_back,
    set_levels,
    take_back,
    undo,
    undo_refusal,
)
from jiangheng.applications.actions.rosters import enter_roster, import_roster

__all__ = [
    "Bulk", "Incomplete", "Left", "Outcome", "accept", "accept_clean", "apply_draft", "attach", "bind_to_plan",
    "detach", "enter_roster", "go_on_rehearsing", "import_roster", "judge_all", "not_met", "pass_first", "refuse", "return_", "save",
    "send_back", "set_levels", "start_rehearsal", "submit", "take_back", "undo", "undo_refusal", "withdraw",
]  # fmt: skip
