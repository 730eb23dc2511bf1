"""Charging, receiving, receipting, giving back, reconciling (三（七）); rows of money are only added."""

from jiangheng.fees import guards as guards
from jiangheng.fees.actions.callbacks import hear
from jiangheng.fees.actions.charging import (
    agree,
    answer,
    charge_all,
    question,
    remind,
    reverse,
    supplement,
    void_bill,
)
from jiangheng.fees.actions.receipts import note_print, receipt
from jiangheng.fees.actions.receipts import void as void_receipt
from jiangheng.fees.actions.receiving import (
    close,
    confirm,
    note,
    note_payment,
    nothing_owed,
    open_order,
    refresh,
    reject,
    settle_order,
)
from jiangheng.fees.actions.reconciling import (
    StatementFaults,
    confirm_match,
    import_statement,
    propose_match,
    refuse_match,
)
from jiangheng.fees.actions.refunding import approve, pay_out, refuse_refund, request_refund, transfer, withdraw
from jiangheng.fees.actions.sandbox import sandbox_pay

__all__ = [
    "StatementFaults",
    "agree",
    "answer",
    "approve",
    "charge_all",
    "close",
    "confirm",
    "confirm_match",
    "hear",
    "import_statement",
    "note",
    "note_payment",
    "note_print",
    "nothing_owed",
    "open_order",
    "pay_out",
    "propose_match",
    "question",
    "receipt",
    "refresh",
    "refuse_match",
    "refuse_refund",
    "reject",
    "remind",
    "request_refund",
    "reverse",
    "sandbox_pay",
    "settle_order",
    "supplement",
    "transfer",
    "void_bill",
    "void_receipt",
    "withdraw",
]
