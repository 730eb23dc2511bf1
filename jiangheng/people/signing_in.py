"""Who somebody is, shown by account, password and second step: the sign-in page and the command ask the same."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from django.contrib import auth
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from jiangheng.people import queries
from jiangheng.people.actions.accounts import wrong_code
from jiangheng.people.models import Account
from jiangheng.rules.days.local_time import local_moment
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_


def checked(request: HttpRequest, typed: str, password: str) -> Account:
    """The account of that name (username, mobile or document number) and password.

    Refusals: ``sign_in.wrong`` (422), alike whether or not the account exists; ``sign_in.locked`` (429).
    """
    account = auth.authenticate(request, username=queries.username_of(typed), password=password)
    if isinstance(account, Account):
        return account
    if getattr(request, "axes_locked_out", False):
        raise locked(request)
    raise refuse(
        "sign_in.wrong",
        N_("账号或密码不正确。"),
        N_("请检查输入法和大小写；连续输错5次，本网络将暂停尝试该账号15分钟。忘记密码请联系所在单位或市鉴定中心。"),
        status=422,
    )


def locked(request: HttpRequest) -> Refusal:
    """Too many wrong passwords for one account from one address: when to try again, and whom to ask."""
    wait: Any = get_cool_off(request)
    again = local_moment(timezone.now() + wait) if wait else None
    return refuse(
        "sign_in.locked",
        N_("这个账号在本网络连续输错密码过多，已暂停尝试。"),
        N_(
            "请在 %(time)s 之后再试，此前输入正确密码也不会被接受；从其他网络登录不受影响。"
            "忘记密码请联系所在单位或市鉴定中心。"
        ),
        status=429,
        time=again.strftime("%H:%M") if again else "",
    )


def verify(device: TOTPDevice, code: str) -> None:
    """Check the code of a second step; Refusals ``totp.throttled`` (429), ``totp.wrong`` (422)."""
    allowed, why = device.verify_is_allowed()
    if not allowed:
        until = (why or {}).get("locked_until")
        raise refuse(
            "totp.throttled",
            N_("动态口令连续输错，请在%(seconds)s秒后再试。"),
            N_("请等待后输入身份验证器显示的新口令。"),
            status=429,
            seconds=max(1, round((until - timezone.now()).total_seconds())) if until else 1,
        )
    if not device.verify_token(code):
        raise wrong_code()
