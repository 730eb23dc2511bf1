"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "announcement",
        N_("通知公告"),
        "jiangheng.site.queries.visible_to",
        "portal:notice",
    ),
)
