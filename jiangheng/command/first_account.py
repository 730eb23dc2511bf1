"""The first account of a new installation: the centre itself, and somebody to open everybody else's account."""

from __future__ import annotations

import secrets

from django.utils import timezone

from jiangheng.bodies import actions as bodies
from jiangheng.bodies import queries as body_queries
from jiangheng.people import actions as people
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import SYSTEM, Role
from jiangheng.rules.words import gettext_noop as N_


def open_centre(username: str, name: str) -> str:
    """Open the first account of the centre already registered; returns the sentence with its one-time password.

    Refusal ``centre.none`` (409) when no centre is registered yet.
    """
    centre = body_queries.centre()
    if centre is None:
        raise refuse(
            "centre.none",
            N_("还没有登记市鉴定中心。"),
            N_("请先运行 jiangheng centre 名称 统一社会信用代码。"),
            clause="一",
        )
    password = secrets.token_urlsafe(12)
    people.open_account(
        by=SYSTEM,
        now=timezone.now(),
        username=username,
        name=name,
        password=password,
        role=Role.CENTRE.value,
        organisation_id=centre.pk,
    )
    return f"已开立账号 {username}，首次登录口令：{password}（登录后请立即修改）"


def register_centre(name: str, credit_code: str) -> str:
    """Enter the centre itself in the register; returns what was done."""
    centre = bodies.register(by=SYSTEM, now=timezone.now(), name=name, kind="centre", credit_code=credit_code)
    return f"已登记 {centre.name}"
