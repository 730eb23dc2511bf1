"""Everything that may be done to applications and rosters."""

from jiangheng.applications.actions.access_arrangements import (
    ask_access_arrangement,
    grant_access_arrangement,
    refuse_access_arrangement,
    withdraw_access_arrangement,
)
from jiangheng.applications.actions.bulk import Bulk, Left, Outcome, accept_clean, bind_to_plan, judge_all
from jiangheng.applications.actions.candidate_reports import CORRECTABLE, open_candidate_report, return_candidate_report
from jiangheng.applications.actions.candidate_reports import correct as correct_candidate_report
from jiangheng.applications.actions.candidate_reports import export as export_candidate_report
from jiangheng.applications.actions.candidate_reports import receive as receive_candidate_report
from jiangheng.applications.actions.candidate_reports import report as report_candidate_report
from jiangheng.applications.actions.candidates import (
    Incomplete,
    apply_draft,
    attach,
    detach,
    save,
    submit,
    withdraw,
)
from jiangheng.applications.actions.flags import look
from jiangheng.applications.actions.photos import receive as receive_photos
from jiangheng.applications.actions.redating import redate_candidate_report
from jiangheng.applications.actions.rehearsing import go_on as go_on_rehearsing
from jiangheng.applications.actions.rehearsing import start as start_rehearsal
from jiangheng.applications.actions.review import (
    accept,
    pass_first,
    refuse_application,
    return_,
    send_back,
    set_levels,
    take_back,
    undo,
)
from jiangheng.applications.actions.roster_steps import cancel as cancel_roster
from jiangheng.applications.actions.roster_steps import check as check_roster
from jiangheng.applications.actions.roster_steps import confirm as confirm_roster
from jiangheng.applications.actions.roster_steps import import_roster
from jiangheng.applications.actions.rosters import enter_roster
from jiangheng.applications.queries import guards as guards

__all__ = [
    "CORRECTABLE",
    "Bulk",
    "Incomplete",
    "Left",
    "Outcome",
    "accept",
    "accept_clean",
    "apply_draft",
    "ask_access_arrangement",
    "attach",
    "bind_to_plan",
    "cancel_roster",
    "check_roster",
    "confirm_roster",
    "correct_candidate_report",
    "detach",
    "enter_roster",
    "export_candidate_report",
    "go_on_rehearsing",
    "grant_access_arrangement",
    "import_roster",
    "judge_all",
    "look",
    "open_candidate_report",
    "pass_first",
    "receive_candidate_report",
    "receive_photos",
    "redate_candidate_report",
    "refuse_access_arrangement",
    "refuse_application",
    "report_candidate_report",
    "return_",
    "return_candidate_report",
    "save",
    "send_back",
    "set_levels",
    "start_rehearsal",
    "submit",
    "take_back",
    "undo",
    "withdraw",
    "withdraw_access_arrangement",
]
