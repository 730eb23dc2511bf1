"""Where the steps of requests, venue reviews, plans and their changes are taken, and what differs among them."""

from __future__ import annotations

from django.urls import reverse

from jiangheng import screens
from jiangheng.plans import queries
from jiangheng.plans.models import Plan, PlanChange, Request, VenueReview
from jiangheng.plans.views.changes import kind_word
from jiangheng.plans.views.plans import READERS, crumbs
from jiangheng.plans.views.requests import crumbs as request_crumbs
from jiangheng.screens import Asks, Links, Steps


def _plan(plan: Plan) -> str:
    return reverse("plans:detail", args=[plan.pk])


def _change(change: PlanChange) -> str:
    return reverse("plans:plan_change", args=[change.pk])


def _request(request: Request) -> str:
    return reverse("plans:request_detail", args=[request.pk])


def _review(review: VenueReview) -> str:
    return reverse("plans:review_detail", args=[review.pk])


def _review_trail(review: VenueReview) -> Links:
    return request_crumbs((review.request.number, None), (review.venue.name, _review(review)))


def _change_trail(change: PlanChange) -> Links:
    return crumbs((change.plan.number, None), (kind_word(change.kind), _change(change)))


ASSIGN = Asks(page="plans:assign")
STEPS = screens.register(
    Steps("plan", "plans:step", "", queries.get, _plan, lambda one: crumbs((one.number, _plan(one))), readers=READERS),
    Steps(
        "request",
        "plans:request_step",
        "requests/",
        queries.request,
        _request,
        lambda one: request_crumbs((one.number, _request(one))),
        asks={
            "assign": ASSIGN,
            "reassign": ASSIGN,
            # A body that declines no longer sees the request, so it goes back to its list.
            "decline": Asks(back=lambda _one: reverse("plans:request_list")),
        },
    ),
    Steps("venue_review", "plans:review_step", "reviews/", queries.review, _review, _review_trail),
    Steps("plan_change", "plans:change_step", "changes/", queries.change, _change, _change_trail, readers=READERS),
)
