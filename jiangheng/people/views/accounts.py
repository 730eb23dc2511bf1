"""The accounts an organisation keeps, their roles, and its keys to the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.people import actions, queries
from jiangheng.people.forms import AccountForm, MembershipForm, NewPasswordForm, ReasonForm, TokenForm
from jiangheng.people.models import Account
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import LABELS, Person, Role
from jiangheng.screens.request import Request

KEEPERS = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)
GIVEN_BY_CENTRE = tuple(role for role in Role if role not in (Role.SYSTEM, Role.PUBLIC))


def roles_given_by(person: Person) -> tuple[Role, ...]:
    """The roles somebody may give."""
    if person.role is Role.CENTRE:
        return GIVEN_BY_CENTRE
    if person.role is Role.BODY:
        return (Role.BODY, Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR)
    return (person.role,)


def _crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    return ((_("账号与人员"), reverse("people:accounts")), *more)


def _page(account: Account) -> str:
    return reverse("people:account", args=[account.pk])


def _roles(account: Account) -> str:
    names = [_(LABELS[Role(row.role)]) for row in account.memberships.all() if row.active]
    return "、".join(dict.fromkeys(names)) or _("（无有效身份）")


def _organisations(account: Account) -> str:
    names = [row.organisation.name for row in account.memberships.all() if row.active and row.organisation]
    return "、".join(dict.fromkeys(names))


@screens.signed_in(*KEEPERS)
@require_safe
def accounts(request: Request) -> HttpResponse:
    """The accounts one keeps."""
    person = request.person
    links = [(_("证卡名册"), reverse("people:cards")), (_("接口令牌"), reverse("people:tokens"))]
    if person.role is Role.CENTRE:
        links.append((_("证件归并"), reverse("people:merges")))
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        links = links[1:]
    return screens.listing(
        request,
        queries.visible_to(person).prefetch_related("memberships__organisation"),
        title=_("账号与人员"),
        columns=[
            screens.Column("name", _("姓名"), sort="name", link=_page),
            screens.Column("username", _("登录账号"), sort="username"),
            screens.Column("roles", _("身份"), value=_roles),
            screens.Column("organisations", _("所属单位"), value=_organisations),
            screens.Column("state", _("状态"), value=lambda row: _("正常") if row.is_active else _("已停用")),
            screens.Column("created_at", _("开立时间"), kind="date", value=lambda row: local_day(row.created_at)),
        ],
        search=("name", "username"),
        filters=[
            screens.Filter("role", _("身份"), [(role.value, _(LABELS[role])) for role in GIVEN_BY_CENTRE], _by_role),
            screens.Filter("active", _("状态"), [("1", _("正常")), ("0", _("已停用"))], _by_active),
        ],
        create=(_("开立账号"), reverse("people:account_open")),
        links=links,
        empty=_("还没有账号。请为办理业务的工作人员开立账号，每人一个，不要共用。"),
        export=_("账号"),
    )


def _by_role(rows: Any, value: str) -> Any:
    return rows.filter(memberships__role=value, memberships__active=True).distinct()


def _by_active(rows: Any, value: str) -> Any:
    return rows.filter(is_active=value == "1")


@screens.may("account.open")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def account_open(request: Request) -> HttpResponse:
    """Open an account with its first role."""
    person = request.person
    given: dict[str, Any] = {"roles": roles_given_by(person), "organisations": queries.organisations(person)}
    form = AccountForm(request.POST or None, **given)

    def take() -> Account:
        typed = form.cleaned_data
        return actions.open_account(
            by=person,
            now=request.now,
            once=screens.once(request),
            username=typed["username"],
            name=typed["name"],
            password=typed["password"],
            role=typed["role"],
            organisation_id=typed["organisation"],
            phone=typed["phone"],
            email=typed["email"],
        )

    return _form(
        request,
        form,
        take,
        title=_("开立账号"),
        submit=_("开立"),
        sentence=_("账号已开立。请当面告知本人初始密码，并提醒其登录后修改。"),
        lead=_("每人一个账号，不要共用。"),
        back=None,
    )


def _form(
    request: Request,
    form: forms.Form,
    take: Callable[[], Account | None],
    *,
    title: Any,
    submit: Any,
    sentence: Any,
    lead: Any = "",
    back: Account | None,
) -> HttpResponse:
    """Show ``form``; take the deed when it is filled in, and go to the account's page."""
    crumbs = _crumbs((back.name, _page(back)), (title, None)) if back else _crumbs((title, None))

    def page_of(made: Account | None) -> str:
        account = made or back
        return _page(account) if account else reverse("people:accounts")

    return screens.act(
        request,
        form,
        lambda _typed: take(),
        back=page_of,
        said=sentence,
        title=title,
        submit=submit,
        breadcrumb=crumbs,
        lead=lead,
    )


@screens.signed_in(*KEEPERS)
@require_safe
def account(request: Request, account_id: int) -> HttpResponse:
    """One account: its roles, its cards, what may be done to it."""
    person = request.person
    found = queries.get(person, account_id)
    device = queries.second_step(found)
    links: list[tuple[Any, str | None]] = [
        (_("增加身份"), reverse("people:membership_add", args=[found.pk])),
        (_("重设密码"), reverse("people:password_reset", args=[found.pk])),
    ]
    if person.role is Role.CENTRE and device is not None:
        links.append((_("停用其两步登录"), reverse("people:account_drop", args=[found.pk])))
    if found.is_active:
        links.append((_("停用账号"), reverse("people:account_close", args=[found.pk])))
    else:
        links.append((_("恢复账号"), reverse("people:account_reopen", args=[found.pk])))
    memberships = queries.memberships_visible_to(person).filter(account_id=found.pk)
    return screens.detail(
        request,
        found,
        title=found.name,
        facts=[
            (_("登录账号"), found.username),
            (_("状态"), _("正常") if found.is_active else _("已停用")),
            (_("手机号码"), found.phone),
            (_("电子邮箱"), found.email),
            (_("两步登录"), _("已启用") if device else _("未启用")),
            (_("最近登录"), found.last_login, "moment"),
        ],
        sections=[
            (_("身份"), "people/_memberships.html", {"memberships": _shown(memberships, person), "own": person}),
            (
                _("证卡"),
                "people/_cards.html",
                {
                    "cards": queries.cards_of(found.pk),
                    "card_kinds": actions.CARD_KINDS,
                    "today": local_day(request.now),
                },
            ),
        ],
        threads=[("account", found.pk)],
        breadcrumb=_crumbs((found.name, None)),
        actions=links,
        template="people/detail.html",
    )


def _shown(memberships: Any, person: Person) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "label": LABELS[Role(row.role)],
            "mine": person.role is Role.CENTRE or row.organisation_id == person.organisation_id,
        }
        for row in memberships
    ]


@screens.may("membership.add")
@require_http_methods(["GET", "POST"])
def membership_add(request: Request, account_id: int) -> HttpResponse:
    """Give an account another role."""
    person = request.person
    found = queries.get(person, account_id)
    given: dict[str, Any] = {"roles": roles_given_by(person), "organisations": queries.organisations(person)}
    form = MembershipForm(request.POST or None, **given)

    def take() -> None:
        actions.add_membership(
            by=person,
            now=request.now,
            once=screens.once(request),
            account_id=found.pk,
            role=form.cleaned_data["role"],
            organisation_id=form.cleaned_data["organisation"],
        )

    return _form(request, form, take, title=_("增加身份"), submit=_("增加"), sentence=_("身份已增加。"), back=found)


@screens.may("membership.end")
@require_http_methods(["GET", "POST"])
def membership_end(request: Request, membership_id: int) -> HttpResponse:
    """Take a role back, with the reason."""
    person = request.person
    membership = queries.membership(person, membership_id)
    form = ReasonForm(request.POST or None)

    def take() -> None:
        actions.end_membership(
            by=person,
            now=request.now,
            membership_id=membership.pk,
            note=form.cleaned_data["note"],
        )

    return _form(
        request,
        form,
        take,
        title=_("收回身份"),
        submit=_("确认收回"),
        sentence=_("身份已收回，立即生效。"),
        lead=_("收回后，该人员下一次操作即被拒绝；已办理的记录保留。"),
        back=membership.account,
    )


@screens.signed_in(*KEEPERS)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_reset(request: Request, account_id: int) -> HttpResponse:
    """Set a new password for somebody whose account one keeps."""
    person = request.person
    found = queries.get(person, account_id)
    if found.pk == person.account_id:
        return redirect("people:password")
    form = NewPasswordForm(request.POST or None)

    def take() -> None:
        actions.set_password(
            by=person,
            now=request.now,
            account_id=found.pk,
            password=form.cleaned_data["password"],
        )

    return _form(
        request,
        form,
        take,
        title=_("重设密码"),
        submit=_("重设"),
        sentence=_("密码已重设，原有登录已失效。请当面告知本人并提醒其修改。"),
        lead=_("请先核实本人身份。"),
        back=found,
    )


def _with_reason(deed: Callable[..., Any], title: Any, submit: Any, sentence: Any) -> Callable[..., HttpResponseBase]:
    """A page that asks why and then does ``deed`` to an account."""

    @screens.signed_in(*KEEPERS)
    @require_http_methods(["GET", "POST"])
    def view(request: Request, account_id: int) -> HttpResponse:
        person = request.person
        found = queries.get(person, account_id)
        form = ReasonForm(request.POST or None)

        def take() -> None:
            deed(by=person, now=request.now, account_id=found.pk, note=form.cleaned_data["note"])

        return _form(request, form, take, title=title, submit=submit, sentence=sentence, back=found)

    return view


account_close = _with_reason(
    actions.close_account, gettext_lazy("停用账号"), gettext_lazy("确认停用"), gettext_lazy("账号已停用，立即生效。")
)
account_reopen = _with_reason(
    actions.reopen_account, gettext_lazy("恢复账号"), gettext_lazy("确认恢复"), gettext_lazy("账号已恢复。")
)


@screens.signed_in(Role.CENTRE)
@require_http_methods(["GET", "POST"])
def account_drop(request: Request, account_id: int) -> HttpResponse:
    """Turn off the second step of somebody who lost their phone."""
    person = request.person
    found = queries.get(person, account_id)
    if found.pk == person.account_id:
        return redirect("people:second_step_drop")
    form = forms.Form(request.POST if request.method == "POST" else None)

    def take() -> None:
        actions.drop_second_step(by=person, now=request.now, account_id=found.pk)

    return _form(
        request,
        form,
        take,
        title=_("停用其两步登录"),
        submit=_("确认停用"),
        sentence=_("两步登录已停用，本人可重新启用。"),
        lead=_("仅在本人遗失手机并核实身份后办理。"),
        back=found,
    )


@screens.may("token.create")
@require_http_methods(["GET", "POST"])
def tokens(request: Request) -> HttpResponse:
    """The organisation's keys to the API; a new one's secret is shown once."""
    person = request.person
    form = TokenForm(request.POST or None)
    refusal, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = actions.create_token(by=person, now=request.now, **form.cleaned_data)
        except Refusal as error:
            refusal = error
        else:
            form = TokenForm()
    answer = screens.form_page(
        request,
        form,
        title=_("接口令牌"),
        submit=_("建立令牌"),
        breadcrumb=_crumbs((_("接口令牌"), None)),
        lead=_("供本单位业务系统调用数据接口。令牌等同密码，只在建立时显示一次。"),
        refusal=refusal,
        once=False,
        template="people/tokens.html",
        context={
            "secret": secret,
            "tokens": queries.tokens_visible_to(person).order_by("-id")[:100],
            "today": local_day(request.now),
        },
    )
    answer["Cache-Control"] = "no-store"
    return answer


@screens.may("token.revoke")
@require_http_methods(["POST"])
def token_revoke(request: Request, token_id: int) -> HttpResponse:
    """End a key at once."""
    actions.revoke_token(by=request.person, now=request.now, token_id=token_id)
    screens.done(request, _("令牌已吊销，立即失效。"))
    return redirect("people:tokens")
