"""The hidden fields of a form: the one-time token and the version the page showed; and the sentence after a deed."""

from __future__ import annotations

import secrets

from django.contrib import messages

from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.request import Request

ONCE, SEEN = "_once", "_seen"


def token(request: Request) -> str:
    """The token for a form about to be shown: the posted one when the form comes back, else a fresh one."""
    return once(request) or secrets.token_urlsafe(18)


def once(request: Request) -> str | None:
    """The one-time token of a posted form, to pass as ``once=`` to an action; None where there is none."""
    return request.POST.get(ONCE, "")[:120] or None


def seen(request: Request) -> int | None:
    """The version the posting page showed, to pass as ``seen=``; Refusal ``form.version`` (400) when not a number."""
    value = request.POST.get(SEEN, "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise refuse(
            "form.version",
            N_("页面内容不完整，无法确认您看到的是否为最新状态。"),
            N_("请刷新页面后重新办理。"),
            status=400,
        )
    return int(value)


def done(request: Request, sentence: str) -> None:
    """Say what was done on the next page."""
    messages.success(request, sentence)
