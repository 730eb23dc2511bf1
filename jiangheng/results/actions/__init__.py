"""What is done with results: collected, entered, confirmed, published, objected to, amended, reported, reviewed."""

from jiangheng.results.actions.batches import (
    approve,
    collect,
    confirm,
    enter,
    publish,
    reopen,
    report,
    reportable,
    return_,
    two_persons,
)
from jiangheng.results.actions.marks import (
    approve_amendment,
    enter_mark,
    refuse_amendment,
    request_amendment,
)
from jiangheng.results.actions.objections import dismiss, receive, take_up, uphold, withdraw
from jiangheng.results.actions.redating import redate_objection, redate_result_batch

__all__ = [
    "approve",
    "approve_amendment",
    "collect",
    "confirm",
    "dismiss",
    "enter",
    "enter_mark",
    "publish",
    "receive",
    "redate_objection",
    "redate_result_batch",
    "refuse_amendment",
    "reopen",
    "report",
    "reportable",
    "request_amendment",
    "return_",
    "take_up",
    "two_persons",
    "uphold",
    "withdraw",
]  # fmt: skip
