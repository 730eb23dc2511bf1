"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "certificate",
        N_("证书"),
        "jiangheng.certificates.queries.visible_to",
        "certificates:detail",
        grown_from="jiangheng.certificates.queries.threads",
        owners=("body_id", "sponsor_id", "plan.body_id"),
        holders=("identity_id", "application.identity_id"),
    ),
)
