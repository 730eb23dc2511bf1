"""Signing in and registering as a browser sends it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests import factories

PASSWORD = "correct-horse-battery"


SIGN_IN = "/people/sign-in/"


def enter(client: Client, name: str, password: str = PASSWORD, address: str = "10.0.0.1", **more: Any) -> Any:
    return client.post(SIGN_IN, {"username": name, "password": password, **more}, REMOTE_ADDR=address)


def registration(**changes: str) -> dict[str, str]:
    return {
        "name": "阿依古丽·买买提",
        "kind": "居民身份证",
        "number": factories.identity_number(77, born="20010203", sex="女"),
        "phone": "13800138000",
        "password": "liuzhou-2026-welder",
        "again": "liuzhou-2026-welder",
        "agreed": "on",
        **changes,
    }
