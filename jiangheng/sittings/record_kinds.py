"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "sitting",
        N_("考试场次"),
        "jiangheng.sittings.queries.visible_to",
        "sittings:detail",
        owners=("plan.body_id",),
    ),
    RecordKind(
        "meeting",
        N_("考务会议"),
        "jiangheng.sittings.queries.meetings_visible_to",
        "sittings:meeting",
        owners=("plan.body_id",),
    ),
    RecordKind(
        "seat",
        N_("考生座位"),
        "jiangheng.sittings.queries.seats_visible_to",
        owners=("sitting.plan.body_id",),
        holders=("application.identity_id",),
    ),
    RecordKind(
        "ticket",
        N_("准考证"),
        "jiangheng.sittings.queries.tickets_visible_to",
        owners=("plan.body_id",),
        holders=("application.identity_id",),
    ),
)
