"""What every request carries: the moment, the person acting; and how a refusal is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jiangheng.journal import screens
from jiangheng.journal.actions import AlreadyDone
from jiangheng.people import queries as people
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.words import gettext_noop as N_

Handler = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    """Sets ``request.now`` (aware datetime) and ``request.person`` (rules.roles.Person).

    The moment is the server's clock; a host program that replays past days (the demonstration, the
    tests) hands it in through the WSGI environment, which no client can reach. The membership is read
    anew on every request, so a role withdrawn is a role gone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("jiangheng.now")
        request.now = given if isinstance(given, datetime) else timezone.now()  # type: ignore[attr-defined]
        request.person, request.memberships = people.acting(request)  # type: ignore[attr-defined]
        return self.get_response(request)


class RefusalMiddleware:
    """Turns a lawful "no", a busy database and a replayed form into a page or JSON with a 4xx status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what is a refusal; let everything else rise."""
        if isinstance(error, AlreadyDone):
            return screens.already_done(request, error)
        if isinstance(error, OperationalError) and "lock" in str(error).lower():
            error = Refusal(
                N_("系统正忙，本次操作没有保存。"),
                code="database.busy",
                remedy=N_("请稍等几秒后重新提交，已填写的内容不会重复入库。"),
                status=423,
            )
        if isinstance(error, Refusal):
            return screens.refused(request, error)
        return None
