"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "application",
        N_("个人申请"),
        "jiangheng.applications.queries.visible_to",
        "applications:detail",
        waiting="jiangheng.applications.queries.waiting",
        owners=("body_id", "sponsor_id", "plan.body_id"),
        holders=("identity_id",),
    ),
    RecordKind(
        "access_arrangement",
        N_("特殊需要"),
        "jiangheng.applications.queries.access_arrangements.visible_to",
        holders=("application.identity_id",),
    ),
    RecordKind(
        "candidate_report",
        N_("考生信息汇总"),
        "jiangheng.applications.queries.candidate_reports.visible_to",
        "applications:candidate_report",
        owners=("body_id", "plan.body_id"),
    ),
    RecordKind(
        "roster",
        N_("花名册"),
        "jiangheng.applications.queries.rosters_visible_to",
        "applications:roster",
        owners=("organisation_id", "plan.body_id"),
    ),
)
