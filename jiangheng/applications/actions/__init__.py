"""Everything that may be done to applications and rosters."""

from jiangheng.applications.actions.candidates import (
    Incomplete,
    apply_draft,
    attach,
    detach,
    save,
    submit,
    withdraw,
)
from jiangheng.applications.actions.review import (
    Outcome,
    accept,
    accept_clean,
    bind_to_plan,
    judge_all,
    not_met,
    refuse,
    return_,
)
from jiangheng.applications.actions.rosters import enter_roster, import_roster

__all__ = [
    "Incomplete", "Outcome", "accept", "accept_clean", "apply_draft", "attach", "bind_to_plan", "detach",
    "enter_roster", "import_roster", "judge_all", "not_met", "refuse", "return_", "save", "submit", "withdraw",
]  # fmt: skip
