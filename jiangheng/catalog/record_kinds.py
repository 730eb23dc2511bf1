"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "standard",
        N_("职业标准版本"),
        "jiangheng.catalog.queries.versions_visible_to",
        "catalog:standard",
    ),
)
