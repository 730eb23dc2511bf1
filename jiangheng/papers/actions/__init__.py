"""What people do with items, paper requests, sets and the custody ledger."""

from jiangheng.papers import guards as guards
from jiangheng.papers.actions.bank import load_items
from jiangheng.papers.actions.custody import balance, issue, record_movement, seal, take_back
from jiangheng.papers.actions.requests import change_request, draft_request, draw, return_request, submit
from jiangheng.papers.actions.sets import drop_set, upload_set

__all__ = [
    "balance",
    "change_request",
    "draft_request",
    "draw",
    "drop_set",
    "issue",
    "load_items",
    "record_movement",
    "return_request",
    "seal",
    "submit",
    "take_back",
    "upload_set",
]
