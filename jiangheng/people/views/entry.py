"""Signing in and out, the second step, registering, changing the role one acts in."""

from __future__ import annotations

import base64
from typing import Any

import segno
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import auth
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from jiangheng import screens
from jiangheng.people import actions, queries, signing_in
from jiangheng.people.forms import CodeForm, RegisterForm, SignInForm
from jiangheng.people.models import Account
from jiangheng.rules.readers import identity as documents
from jiangheng.rules.readers.text import TIDIED
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import PUBLIC
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import typed
from jiangheng.screens.request import Request

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING, PENDING_SECONDS = "second_step", 300
GUESSES, GUESSES_SECONDS = 20, 3600


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask for account and password; a wrong one is answered alike whether or not the account exists."""
    home = resolve_url(settings.LOGIN_REDIRECT_URL)
    target = screens.safe_next(request, home)
    if request.user.is_authenticated:
        return redirect(target if request.person.account_id else "people:switch")
    form = SignInForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            account = signing_in.checked(request, form.cleaned_data["username"], form.cleaned_data["password"])
        except Refusal as error:
            refusal = error
        else:
            return _first_step_taken(request, account, target)
    return _entry(request, form, "people/sign_in.html", _("登录"), refusal, next=target if target != home else "")


def _first_step_taken(request: Request, account: Account, target: str) -> HttpResponse:
    now = request.now
    if queries.second_step(account) is None and not queries.must_enrol(account, now=now):
        return _let_in(request, account, target)
    request.session.cycle_key()
    request.session[PENDING] = {"account": account.pk, "at": now.timestamp(), "next": target}
    return redirect("people:second_step")


@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: Request) -> HttpResponse:
    """Ask for the code after the password; where the centre demands a second step, enrol on the way in."""
    pending = request.session.get(PENDING)
    now = request.now
    if not pending or not 0 <= now.timestamp() - pending["at"] <= PENDING_SECONDS:
        request.session.pop(PENDING, None)
        return redirect("people:sign_in")
    account = queries.active(pending["account"])
    if account is None:
        return redirect("people:sign_in")
    device = queries.second_step(account)
    person = queries.first_person(account)
    enrolling = device is None
    if device is None:
        device = queries.unconfirmed_second_step(account) or actions.enrol_second_step(by=person, now=now)
    form = CodeForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            if enrolling:
                device = actions.confirm_second_step(by=person, now=now, code=form.cleaned_data["code"])
            else:
                signing_in.verify(device, form.cleaned_data["code"])
        except Refusal as error:
            refusal = error
        else:
            answer = _let_in(request, account, pending["next"])
            otp_login(request, device)
            return answer
    return _entry(
        request,
        form,
        "people/second_step.html",
        _("两步登录"),
        refusal,
        enrolling=enrolling,
        picture=picture_of(device) if enrolling else "",
        key=key_of(device) if enrolling else "",
    )


def picture_of(device: TOTPDevice) -> str:
    """The QR code of a second step's key, as an image address."""
    return str(segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=2))


def key_of(device: TOTPDevice) -> str:
    """The key in groups of four, for typing where the picture cannot be scanned."""
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _let_in(request: Request, account: Account, target: str) -> HttpResponse:
    """Note the sign-in, then rotate the session: nothing of the anonymous one is worth anything afterwards."""
    membership = queries.first_membership(account)
    person = queries.person_of(membership) if membership else PUBLIC
    actions.sign_in(by=person, now=request.now, account_id=account.pk)
    request.session.pop(PENDING, None)
    auth.login(request, account, backend=BACKEND)
    if membership:
        request.session["membership"] = membership.pk
    answer = redirect(target)
    if account.language:
        speak(answer, account.language)
    return answer


def speak(answer: HttpResponse, language: str) -> None:
    """Remember the language in the browser."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86_400,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """Forget the session."""
    auth.logout(request)
    screens.done(request, _("您已退出登录。"))
    return redirect("people:sign_in")


@never_cache
@require_http_methods(["GET", "POST"])
def switch(request: Request) -> HttpResponse:
    """Act in another of one's roles; the session is rotated."""
    if not request.user.is_authenticated:
        return redirect("people:sign_in")
    if request.method == "GET":
        return render(request, "people/switch.html", {"title": _("切换身份")})
    chosen = request.POST.get("membership", "")
    membership = actions.switch(
        by=request.person,
        now=request.now,
        membership_id=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else 0,
        account_id=request.user.pk,
    )
    request.session.cycle_key()
    request.session["membership"] = membership.pk
    return redirect(settings.LOGIN_REDIRECT_URL)


@never_cache
@sensitive_post_parameters("password", "again", "number")
@require_http_methods(["GET", "POST"])
def register(request: Request) -> HttpResponse:
    """A candidate opens their own account."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = RegisterForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _few_enough(request)
            account = actions.register(
                by=PUBLIC,
                now=request.now,
                claim=actions.Claim(given["kind"], given["number"], given["name"]),
                phone=given["phone"],
                password=given["password"],
                once=screens.once(request),
            )
        except Refusal as error:
            refusal = error
            if error.code == "register.impossible":
                _count_guess(request)
        else:
            answer = _let_in(request, account, resolve_url(settings.LOGIN_REDIRECT_URL))
            _say_tidied(request, form)
            return answer
    return _entry(request, form, "people/register.html", _("考生注册"), refusal, once=screens.token(request))


def _say_tidied(request: Request, form: RegisterForm) -> None:
    """Say in what form name, document and mobile were entered where it is not the one typed."""
    typed.tell(request, form)
    found = documents.read(form.cleaned_data["kind"], form.cleaned_data["number"])
    if found.value is not None and set(found.tidied) - set(typed.SILENT):
        said = _("，").join(_(TIDIED[code]) for code in found.tidied if code not in typed.SILENT)
        screens.done(
            request,
            _("证件按“%(kind)s”%(number)s登记（%(what)s）。")
            % {"kind": _(found.value.kind), "number": documents.mask(found.value.number), "what": said},
        )


def _guesses(request: Request) -> str:
    return f"register:{request.META.get('REMOTE_ADDR', '')}"


def _few_enough(request: Request) -> None:
    """Only refused registrations count: a classroom may register at once, nobody may find out who is registered."""
    if cache.get(_guesses(request), 0) >= GUESSES:
        raise refuse(
            "register.often",
            N_("这个网络地址一小时内注册失败过多。"),
            N_("请一小时后再试；集体报名请由所在学校或单位统一导入。"),
            status=429,
        )


def _count_guess(request: Request) -> None:
    cache.add(_guesses(request), 0, GUESSES_SECONDS)
    cache.incr(_guesses(request))


def _entry(
    request: Request, form: Any, template: str, title: str, refusal: Refusal | None, **context: Any
) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.is_bound and form.errors else 200
    given = {"title": title, "form": form, "groups": screens.grouped(form, None), "refusal": refusal, **context}
    return render(request, template, given, status=status)


def locked_out(request: Request, *_given: Any, **_named: Any) -> HttpResponse:
    """Too many wrong passwords for one account from one address: when to try again, and whom to ask."""
    wait = get_cool_off(request)
    refusal = signing_in.locked(request)
    answer = render(request, "people/locked_out.html", {"title": _("请稍后再试"), "refusal": refusal}, status=429)
    answer["Retry-After"] = str(int(wait.total_seconds())) if wait else "900"
    return answer
