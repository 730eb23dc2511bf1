"""One's own page: contact details, language, password, second step, relations to be recused for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from jiangheng import screens
from jiangheng.people import actions, queries
from jiangheng.people.forms import (
    CodeForm,
    ContactForm,
    CurrentPasswordForm,
    OwnPasswordForm,
    ReasonForm,
    RelationForm,
)
from jiangheng.people.views.entry import key_of, picture_of, speak
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import identity as documents
from jiangheng.rules.roles import Role
from jiangheng.screens.request import Request


def _crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    return ((_("个人信息"), reverse("people:profile")), *more)


@screens.signed_in()
@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    """Who I am here, and how I am reached."""
    person = request.person
    account = queries.get(person, person.account_id or 0)
    initial = {"phone": account.phone, "email": account.email, "language": account.language}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        actions.change_account(by=person, now=request.now, account_id=account.pk, **typed)
        screens.done(request, _("个人信息已保存。"))
        answer = redirect("people:profile")
        if typed["language"]:
            speak(answer, typed["language"])
        return answer
    context = {
        "title": _("个人信息"),
        "account": account,
        "identity": account.identity,
        "form": form,
        "groups": screens.grouped(form, None),
        "cards": queries.cards_of(account.pk),
        "relations": queries.relations_visible_to(person).filter(account_id=account.pk),
        "declares": person.role is not Role.CANDIDATE,
        "second_step": queries.second_step(account),
        "today": local_day(request.now),
        "card_kinds": actions.CARD_KINDS,
        "relation_kinds": actions.RELATION_KINDS,
    }
    return render(request, "people/profile.html", context, status=422 if form.is_bound and form.errors else 200)


@screens.signed_in()
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    """Change one's own password; other sessions of the account end."""
    person = request.person
    form = OwnPasswordForm(request.POST or None)

    def save(typed: dict[str, Any]) -> None:
        account = actions.set_password(
            by=person,
            now=request.now,
            account_id=person.account_id,
            password=typed["password"],
            current=typed["current"],
        )
        update_session_auth_hash(request, account)

    return screens.act(
        request,
        form,
        save,
        back=reverse("people:profile"),
        said=_("密码已修改，其他设备上的登录已失效。"),
        title=_("修改密码"),
        submit=_("修改密码"),
        breadcrumb=_crumbs((_("修改密码"), None)),
        once=False,
    )


@screens.signed_in()
@require_http_methods(["GET", "POST"])
def enrol(request: Request) -> HttpResponse:
    """Turn on the second step: scan the picture, then type the first code."""
    person = request.person
    now = request.now
    account = queries.get(person, person.account_id or 0)
    if queries.second_step(account) is not None:
        return redirect("people:profile")
    form = CodeForm(request.POST or None)
    device = queries.unconfirmed_second_step(account) or actions.enrol_second_step(by=person, now=now)

    def save(typed: dict[str, Any]) -> None:
        actions.confirm_second_step(by=person, now=now, code=typed["code"])
        request.session.cycle_key()

    return screens.act(
        request,
        form,
        save,
        back=reverse("people:profile"),
        said=_("两步登录已启用。下次登录时，输入密码后还需输入动态口令。"),
        title=_("启用两步登录"),
        submit=_("确认启用"),
        breadcrumb=_crumbs((_("两步登录"), None)),
        lead=_("用手机上的身份验证器应用扫描二维码，再输入它显示的6位数字。"),
        once=False,
        template="people/form.html",
        aside=("people/_enrol.html", {"picture": picture_of(device), "key": key_of(device)}),
    )


@screens.signed_in()
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def drop(request: Request) -> HttpResponse:
    """Turn off one's own second step with the password."""
    person = request.person
    form = CurrentPasswordForm(request.POST or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.drop_second_step(
            by=person,
            now=request.now,
            account_id=person.account_id,
            password=typed["current"],
        ),
        back=reverse("people:profile"),
        said=_("两步登录已停用。"),
        title=_("停用两步登录"),
        submit=_("确认停用"),
        breadcrumb=_crumbs((_("两步登录"), None)),
        lead=_("停用后，登录只需要密码。"),
        once=False,
    )


@screens.signed_in()
@require_http_methods(["GET", "POST"])
def declare(request: Request) -> HttpResponse:
    """Declare a relation to be recused for."""
    person = request.person
    form = RelationForm(request.POST or None, organisations=queries.every_organisation())

    def save(typed: dict[str, Any]) -> None:
        claim = None
        if typed["number"] or typed["name"]:
            claim = actions.Claim(documents.RESIDENT, typed["number"], typed["name"])
        actions.declare_relation(
            by=person,
            now=request.now,
            kind=typed["kind"],
            claim=claim,
            organisation_id=int(typed["organisation"]) if typed["organisation"] else None,
            note=typed["note"],
            once=screens.once(request),
        )

    return screens.act(
        request,
        form,
        save,
        back=reverse("people:profile"),
        said=_("回避关系已申报。派考时系统会自动回避。"),
        title=_("申报回避关系"),
        submit=_("提交申报"),
        breadcrumb=_crumbs((_("申报回避关系"), None)),
        lead=_("与考生有近亲属、师生、师徒等关系的，应当申报并回避。填写一名考生，或选择一个单位。"),
    )


@screens.signed_in()
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, relation_id: int) -> HttpResponse:
    """Withdraw a declaration, with the reason."""
    person = request.person
    form = ReasonForm(request.POST or None)
    queries.relation(person, relation_id)
    return screens.act(
        request,
        form,
        lambda typed: actions.withdraw_relation(
            by=person,
            now=request.now,
            relation_id=relation_id,
            note=typed["note"],
        ),
        back=reverse("people:profile"),
        said=_("回避申报已撤回。"),
        title=_("撤回回避申报"),
        submit=_("确认撤回"),
        breadcrumb=_crumbs((_("撤回申报"), None)),
    )
