"""Who may see a page, and how a lawful "no" or a replayed form is answered."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from jiangheng.journal.actions import AlreadyDone, roles_of
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display, problems, record_kinds
from jiangheng.screens.request import Request

View = Callable[..., HttpResponseBase]


def signed_in(*roles: Role) -> Callable[[View], View]:
    """A view only for people signed in, and only in ``roles`` where any are named.

    Anonymous: redirect to sign-in and back. Refusals: ``screen.role`` and ``screen.membership`` (403).
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = request.person
            if person.account_id is None:
                if request.user.is_authenticated and request.memberships:
                    # The role in use was taken back meanwhile; another one has to be chosen, never assumed.
                    return HttpResponseRedirect(resolve_url("people:switch"))
                if request.user.is_authenticated:
                    raise _no_membership()
                return _to_sign_in(request)
            if roles and person.role not in roles:
                raise _wrong_role()
            return view(request, *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]  # read by the guard of who sees what
        return guarded

    return decorate


def may(name: str) -> Callable[[View], View]:
    """A view only for those who may do ``name``, such as ``"plan.draft"``: the roles of the table, said nowhere else."""
    return signed_in(*roles_of(name))


def _to_sign_in(request: Request) -> HttpResponse:
    target = _page_asked_from(request) or settings.LOGIN_REDIRECT_URL
    return led_on(request, f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}")


def led_on(request: HttpRequest, address: str) -> HttpResponse:
    """Go to ``address`` next; a fragment's request says so in a header, or the page would land inside its own."""
    if getattr(request, "htmx", False):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = address
        return answer
    return HttpResponseRedirect(address)


def _no_membership() -> Refusal:
    return refuse(
        "screen.membership",
        N_("您的账号目前没有可用的身份。"),
        N_("请联系所在单位或市鉴定中心开通或恢复身份。"),
        status=403,
    )


def _wrong_role() -> Refusal:
    return refuse(
        "screen.role",
        N_("您当前的身份不能使用这个页面。"),
        N_("如您有多个身份，请在页面上方切换身份后再试。"),
        status=403,
    )


def safe_next(request: Request, default: str) -> str:
    """The ``next`` address when it stays on this site, else ``default``."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if allowed else default


def wants_json(request: HttpRequest) -> bool:
    """True for the API and for callers that ask for JSON rather than a page."""
    if problems.of_api(request):
        return True
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    """Answer a refusal with its 4xx status: a page, an htmx fragment, a problem document to callers of the API.

    A script of a page that asks for JSON is told ``{code, message, clause, remedy}``.
    """
    if problems.of_api(request):
        return problems.refusal(error)
    if wants_json(request):
        return JsonResponse(
            {
                "code": error.code,
                "message": display.sentence(error),
                "clause": error.clause,
                "remedy": display.advice(error),
            },
            status=error.status,
            json_dumps_params={"ensure_ascii": False},
        )
    context = {"refusal": error, "back": _back(request)}
    if getattr(request, "htmx", False):
        answer = render(request, "screens/_refusal.html", context, status=error.status)
        answer["HX-Retarget"] = "#messages"
        answer["HX-Reswap"] = "innerHTML"
        answer["HX-Reselect"] = ".refusal"
        return answer
    return render(request, "screens/refused.html", context, status=error.status)


def _page_asked_from(request: Request) -> str:
    """The page to come back to after signing in: the one asked for, or the one whose form or fragment asked."""
    if getattr(request, "htmx", False):
        return request.htmx.current_url_abs_path or ""
    if request.method == "GET":
        return request.get_full_path()
    parts = urlsplit(_came_from(request))
    return urlunsplit(("", "", parts.path, parts.query, ""))


def _came_from(request: HttpRequest) -> str:
    """The page of this site that sent the request, empty where it was none."""
    came_from = request.headers.get("Referer", "")
    if not came_from:
        return ""
    here = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return came_from if here else ""


def _back(request: HttpRequest) -> str:
    """The page before; a form that sent itself to its own address is such a page, a page asked for again is not."""
    came_from = _came_from(request)
    if came_from and request.method == "GET" and came_from == request.build_absolute_uri():
        return ""
    return came_from


def already_done(request: HttpRequest, error: AlreadyDone) -> HttpResponse:
    """Answer a replayed form: go to what the first call made; nothing is done twice."""
    address = record_kinds.address(error.record_kind, error.record_id)
    if problems.of_api(request):
        made: dict[str, Any] = {"kind": error.record_kind, "id": error.record_id}
        return problems.problem("once.done", _("这份表单已经提交过，没有重复办理。"), 409, **made)
    if wants_json(request):
        return JsonResponse(
            {
                "code": "once.done",
                "message": _("这份表单已经提交过，没有重复办理。"),
                "clause": "",
                "remedy": "",
                "kind": error.record_kind,
                "id": error.record_id,
            },
            status=409,
            json_dumps_params={"ensure_ascii": False},
        )
    messages.info(request, _("这份表单已经提交过，没有重复办理。以下是上次提交的结果。"))
    return HttpResponseRedirect(address or resolve_url(settings.LOGIN_REDIRECT_URL))
