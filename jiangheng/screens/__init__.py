"""Screen shapes every room shares: lists, details with their next steps, forms, steps, refusals."""

from jiangheng.screens.answers import already_done, may, refused, safe_next, signed_in, wants_json
from jiangheng.screens.details import detail, next_steps, status_line, story_url
from jiangheng.screens.forms import form_page, grouped, step_page
from jiangheng.screens.lists import Column, Filter, listing
from jiangheng.screens.tokens import done, once, seen, token

__all__ = [
    "Column", "Filter", "already_done", "detail", "done", "form_page", "grouped", "listing", "may", "next_steps", "once",
    "refused", "safe_next", "seen", "signed_in", "status_line", "step_page", "story_url", "token", "wants_json",
]  # fmt: skip
