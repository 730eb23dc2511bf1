"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "calendar_change",
        N_("日历变更"),
        "jiangheng.calendar.queries.changes_visible_to",
        "calendar:redated",
    ),
)
