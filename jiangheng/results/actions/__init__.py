"""What is done with results: collected, entered, confirmed, published, objected to, amended, reported, reviewed."""

from jiangheng.results import guards as guards
from jiangheng.results.actions.batches import (
    approve,
    collect,
    confirm,
    enter,
    publish,
    reopen,
    report,
    return_,
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
    "request_amendment",
    "return_",
    "take_up",
    "uphold",
    "withdraw",
]
