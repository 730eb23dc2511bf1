"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "inspection",
        N_("督导检查"),
        "jiangheng.oversight.queries.visible_to",
        "oversight:inspection_detail",
        owners=("body_id", "plan.body_id"),
    ),
    RecordKind(
        "draw",
        N_("双随机抽取"),
        "jiangheng.oversight.queries.draws_visible_to",
        "oversight:draw_detail",
    ),
)
