"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "result_batch",
        N_("成绩批次"),
        "jiangheng.results.queries.visible_to",
        "results:detail",
        owners=("body_id", "plan.body_id"),
    ),
    RecordKind(
        "objection",
        N_("公示异议"),
        "jiangheng.results.queries.objections_visible_to",
        "results:objection_detail",
        owners=("batch.body_id",),
        holders=("result.application.identity_id",),
    ),
    RecordKind(
        "result",
        N_("成绩"),
        "jiangheng.results.queries.results_visible_to",
        owners=("batch.body_id",),
        holders=("application.identity_id",),
    ),
)
