"""How often one address may ask: the API library's own throttle, used by the public pages too."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle

from jiangheng.rules.refusal import refuse
from jiangheng.rules.words import gettext_noop as N_


class AddressThrottle(SimpleRateThrottle):
    """Counts by caller's address within one ``scope``."""

    def __init__(self, scope: str, rate: str) -> None:
        self.scope = scope
        super().__init__(rate)

    def get_cache_key(self, request: HttpRequest) -> str:
        """One counter per scope and address."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def limit(request: HttpRequest, scope: str, rate: str) -> None:
    """Count one request of ``scope`` at ``rate`` such as ``"10/m"``; Refusal ``request.too_many`` (429) beyond it."""
    throttle = AddressThrottle(scope, rate)
    if throttle.allow_request(request):
        return
    raise refuse(
        "request.too_many",
        N_("查询或提交过于频繁，请稍后再试。"),
        N_("请等待约%(seconds)s秒后重试。"),
        status=429,
        seconds=int(throttle.wait() or 1) + 1,
    )
