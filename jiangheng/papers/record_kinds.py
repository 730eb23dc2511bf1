"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "paper_request",
        N_("用卷申请"),
        "jiangheng.papers.queries.visible_to",
        "papers:detail",
        owners=("plan.body_id",),
    ),
    RecordKind(
        "paperset",
        N_("试卷套"),
        "jiangheng.papers.queries.sets_visible_to",
        owners=("body_id",),
    ),
    RecordKind(
        "item",
        N_("试题"),
        "jiangheng.papers.queries.items_visible_to",
    ),
)
