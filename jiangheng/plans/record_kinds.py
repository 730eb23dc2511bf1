"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "request",
        N_("安排申请"),
        "jiangheng.plans.queries.requests_visible_to",
        "plans:request_detail",
        owners=("organisation_id", "body_id", "plan.body_id"),
    ),
    RecordKind(
        "venue_review",
        N_("异地场地审核"),
        "jiangheng.plans.queries.reviews_visible_to",
        "plans:review_detail",
        owners=("body_id", "request.organisation_id"),
    ),
    RecordKind(
        "plan_change",
        N_("计划改期和变更"),
        "jiangheng.plans.queries.changes_visible_to",
        "plans:plan_change",
        owners=("plan.body_id",),
    ),
    RecordKind(
        "plan",
        N_("认定计划"),
        "jiangheng.plans.queries.visible_to",
        "plans:detail",
        owners=("body_id",),
    ),
)
