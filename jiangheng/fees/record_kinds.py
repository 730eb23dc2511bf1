"""This room's kinds of record: who may see one, its page, whose it is and so who reads its story."""

from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.record_kinds import RecordKind

RECORD_KINDS = (
    RecordKind(
        "charge",
        N_("收费"),
        "jiangheng.fees.queries.visible_to",
        waiting="jiangheng.fees.queries.waiting",
        owners=("body_id", "plan.body_id"),
        holders=("application.identity_id",),
    ),
    RecordKind(
        "bill",
        N_("团体账单"),
        "jiangheng.fees.queries.bills_visible_to",
        "fees:bill",
        owners=("body_id", "plan.body_id"),
    ),
    RecordKind(
        "payment_order",
        N_("缴费单"),
        "jiangheng.fees.queries.orders_visible_to",
        "fees:order",
        owners=("body_id", "plan.body_id"),
        holders=("identity_id",),
    ),
    RecordKind(
        "payment",
        N_("缴费"),
        "jiangheng.fees.queries.payments_visible_to",
        "fees:payment",
        owners=("body_id", "plan.body_id"),
        holders=("identity_id",),
    ),
    RecordKind(
        "refund_request",
        N_("退费申请"),
        "jiangheng.fees.queries.refund_requests_visible_to",
        "fees:refund_detail",
        owners=("plan.body_id",),
    ),
    RecordKind(
        "statement",
        N_("对账单"),
        "jiangheng.fees.queries.statements_visible_to",
        "fees:statement",
        owners=("body_id",),
    ),
    RecordKind(
        "statement_match",
        N_("对账认领"),
        "jiangheng.fees.queries.matches_visible_to",
        owners=("plan.body_id",),
        holders=("application.identity_id",),
    ),
    RecordKind(
        "receipt",
        N_("收据"),
        "jiangheng.fees.queries.receipts_visible_to",
    ),
)
