"""What every request carries: the moment, the person acting; and how a refusal is answered."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone

from jiangheng import screens
from jiangheng.journal.actions import AlreadyDone
from jiangheng.journal.actions.locking import busy
from jiangheng.people import queries as people
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens.request import Request
from jiangheng.values.remembering import remembered

Handler = Callable[[HttpRequest], HttpResponse]

TEXTS = ("text/html", "text/plain", "text/csv", "text/calendar", "application/json", "application/problem+json")
WORTH_BYTES = 1024
UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")
ESCAPED = re.compile(rb"\\u(0000|[dD][89a-fA-F])")

log = logging.getLogger(__name__)


class TextGZip(GZipMiddleware):
    """Compresses pages and data of a kilobyte and more.

    Files go out as they are: they are compressed already and keep their length. Against BREACH Django pads the
    answer by a random length and masks the CSRF token anew in every page.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leave alone what is short, streamed or no text."""
        kind = response.get("Content-Type", "").partition(";")[0]
        if not isinstance(response, HttpResponse) or kind not in TEXTS or len(response.content) < WORTH_BYTES:
            return response
        return super().process_response(request, response)


def head_as_get(get_response: Handler) -> Handler:
    """HEAD asks for what GET would answer (RFC 9110 9.3.2); the server leaves the body out."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"
        return get_response(request)

    return answer


class PersonMiddleware:
    """Sets ``request.now`` (aware datetime) and ``request.person`` (rules.roles.Person).

    The moment is the server's clock; a host program that replays past days (the demonstration, the
    tests) hands it in through the WSGI environment, which no client can reach. The membership is read
    anew on every request, so a role withdrawn is a role gone; the law and the calendar are read once in it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on with its moment and person."""
        given = request.META.get("jiangheng.now")
        asked = cast(Request, request)
        asked.now = given if isinstance(given, datetime) else timezone.now()
        with remembered():
            asked.person, asked.memberships = people.acting(request)
            answer = self.get_response(request)
        if asked.memberships and not answer.has_header("Cache-Control"):
            # What a person signed in saw stays on no shared computer and comes up on no Back after signing out.
            answer["Cache-Control"] = "private, no-store"
        return answer


class RefusalMiddleware:
    """Turns a lawful "no", a busy database, unreadable text and a replayed form into a 4xx page or JSON."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse unreadable text before anybody reads it."""
        if any(UNPRINTABLE.search(text) for text in _texts(request)):
            return screens.refused(request, _unreadable())
        answer = self.get_response(request)
        if answer.status_code == 405 and not answer.content:
            allowed = answer["Allow"]
            answer = screens.refused(request, _wrong_method())
            answer["Allow"] = allowed
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what is a refusal; let everything else rise."""
        if isinstance(error, AlreadyDone):
            return screens.already_done(request, error)
        refusal = _as_refusal(error)
        return screens.refused(request, refusal) if refusal else None


def _texts(request: HttpRequest) -> Iterator[str]:
    """Every text the client sent that a database may refuse; files are judged by their own room."""
    yield request.path
    for given in (request.GET, request.POST):
        for name, values in given.lists():
            yield name
            yield from values
    if request.content_type == "application/json" and ESCAPED.search(request.body):
        try:
            yield from _strings(json.loads(request.body))
        except ValueError:
            return


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _as_refusal(error: Exception) -> Refusal | None:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, OperationalError) and (refusal := busy(error)):
        return refusal
    if isinstance(error, Http404):
        return refuse("request.not_found", N_("没有找到您要的内容。"), N_("请核对网址，或从首页进入。"), status=404)
    if isinstance(error, PermissionDenied):
        return forbidden()
    if isinstance(error, DataError | UnicodeEncodeError):
        log.warning("input refused by the database: %s", type(error).__name__)
        return refuse(
            "request.out_of_range",
            N_("填写的内容超出系统能保存的范围，没有保存。"),
            N_("请检查过长的文字、过大的数字或异常字符后重新提交。"),
            status=422,
        )
    return None


def _unreadable() -> Refusal:
    return refuse(
        "request.unreadable",
        N_("提交的内容含有不能识别的字符，没有保存。"),
        N_("请删除不可见字符或残缺字符后重新填写。"),
        status=400,
    )


def _wrong_method() -> Refusal:
    return refuse("request.method", N_("这个地址不能直接打开。"), N_("请回到原页面，用页面上的按钮办理。"), status=405)


def forbidden() -> Refusal:
    """What the framework itself forbids; ``request.forbidden`` (403)."""
    return refuse(
        "request.forbidden", N_("您没有权限访问这个页面。"), N_("请确认登录的账号和身份是否正确。"), status=403
    )
