"""Screen shapes every room shares: lists, details with their next steps, forms, steps, refusals."""

from jiangheng.screens.answers import already_done, may, refused, safe_next, signed_in, wants_json
from jiangheng.screens.details import detail, next_steps, status_line, story_url
from jiangheng.screens.forms import act, form_page, grouped, step_page
from jiangheng.screens.lists import Column, Filter, Links, listing
from jiangheng.screens.steps import Asks, Steps, addresses, posted, register
from jiangheng.screens.tokens import done, once, seen, token

__all__ = [
    "Asks",
    "Column",
    "Filter",
    "Links",
    "Steps",
    "act",
    "addresses",
    "already_done",
    "detail",
    "done",
    "form_page",
    "grouped",
    "listing",
    "may",
    "next_steps",
    "once",
    "posted",
    "refused",
    "register",
    "safe_next",
    "seen",
    "signed_in",
    "status_line",
    "step_page",
    "story_url",
    "token",
    "wants_json",
]
