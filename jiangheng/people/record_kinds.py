"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "identity_merge",
        N_("证件归并"),
        "jiangheng.people.queries.merges_visible_to",
        "people:merge",
    ),
    RecordKind(
        "account",
        N_("账号"),
        "jiangheng.people.queries.visible_to",
        "people:account",
        holders=("identity_id",),
    ),
    RecordKind(
        "staffcard",
        N_("证卡"),
        "jiangheng.people.queries.cards_visible_to",
        "people:card",
        holders=("identity_id",),
    ),
    RecordKind(
        "affiliation",
        N_("本校学生、本单位员工"),
        "jiangheng.people.queries.affiliations_visible_to",
        "people:membership_list_entry",
        owners=("organisation_id",),
        holders=("identity_id",),
    ),
)
