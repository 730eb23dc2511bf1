"""Everything that may be done to arrangement requests, venue reviews and plans."""

from jiangheng.plans import guards as guards
from jiangheng.plans.actions.changes import (
    approve_plan_change,
    propose_change,
    refuse_plan_change,
    withdraw_plan_change,
)
from jiangheng.plans.actions.plans import (
    accept,
    cancel,
    change,
    complete,
    copy,
    draft,
    return_plan,
    submit,
)
from jiangheng.plans.actions.redating import redate_plan, redate_request
from jiangheng.plans.actions.requests import (
    assign,
    cancel_request,
    change_request,
    decline,
    draft_request,
    reassign,
    return_request,
    submit_request,
    take,
)
from jiangheng.plans.actions.venue_reviews import (
    approve_review,
    attach_photo,
    detach_photo,
    draft_review,
    fill_list,
    judge_review,
    rectify_review,
    refuse_review,
    submit_review,
)

__all__ = [
    "accept",
    "approve_plan_change",
    "approve_review",
    "assign",
    "attach_photo",
    "cancel",
    "cancel_request",
    "change",
    "change_request",
    "complete",
    "copy",
    "decline",
    "detach_photo",
    "draft",
    "draft_request",
    "draft_review",
    "fill_list",
    "judge_review",
    "propose_change",
    "reassign",
    "rectify_review",
    "redate_plan",
    "redate_request",
    "refuse_plan_change",
    "refuse_review",
    "return_plan",
    "return_request",
    "submit",
    "submit_request",
    "submit_review",
    "take",
    "withdraw_plan_change",
]
