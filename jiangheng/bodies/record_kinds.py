"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "organisation",
        N_("机构"),
        "jiangheng.bodies.queries.visible_to",
        "bodies:detail",
        owners=("pk",),
    ),
    RecordKind(
        "filing",
        N_("机构备案"),
        "jiangheng.bodies.queries.filings_visible_to",
        "bodies:filing_detail",
        owners=("organisation_id",),
    ),
    RecordKind(
        "body_change",
        N_("机构变更申请"),
        "jiangheng.bodies.queries.changes_visible_to",
        "bodies:change",
        owners=("organisation_id",),
    ),
    RecordKind(
        "annex_import",
        N_("备案目录导入"),
        "jiangheng.bodies.queries.annexes_visible_to",
    ),
    RecordKind(
        "venue",
        N_("考核场地"),
        "jiangheng.bodies.queries.venues_visible_to",
        owners=("organisation_id",),
    ),
    RecordKind(
        "room",
        N_("考场"),
        "jiangheng.bodies.queries.rooms_visible_to",
    ),
    RecordKind(
        "equipment",
        N_("设备"),
        "jiangheng.bodies.queries.equipment_visible_to",
    ),
)
