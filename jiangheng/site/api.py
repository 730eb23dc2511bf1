"""The API: every room's router under one token, one error shape, one OpenAPI document."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer
from ninja.throttling import AnonRateThrottle, AuthRateThrottle

from jiangheng import screens
from jiangheng.journal.actions import AlreadyDone
from jiangheng.people import queries as people
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import operations

ROOMS = (
    "bodies", "people", "catalog", "plans", "applications", "fees", "papers", "sittings", "results", "certificates",
    "oversight", "journal",
)  # fmt: skip

PROBLEM = {
    "type": "object",
    "required": ["code", "message", "clause", "remedy"],
    "properties": {
        "code": {"type": "string", "description": "固定的英文代码 / stable identifier"},
        "message": {"type": "string", "description": "原因 / why"},
        "clause": {"type": "string", "description": "依据条款 / clause"},
        "remedy": {"type": "string", "description": "怎么办 / what to do next"},
    },
}
PROBLEMS = {
    400: "请求无法识别",
    401: "没有令牌或令牌无效",
    403: "身份无权办理",
    404: "没有找到，或无权查看",
    409: "当前状态不能办理，或刚刚被他人办理",
    422: "内容不符合要求",
    423: "数据库正忙，请重试",
    429: "请求过于频繁",
}


class Token(HttpBearer):
    """``Authorization: Bearer <key>``: an organisation's key, acting as the membership it was made for."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """The person; None answers 401."""
        person = people.person_by_token(token, now=request.now)  # type: ignore[attr-defined]
        if person is not None:
            request.person = person  # type: ignore[attr-defined]
        return person


class Api(NinjaAPI):
    """Declares the shared refusals on every operation."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The document with ``Problem`` as the answer of every 4xx."""
        schema = super().get_openapi_schema(**given)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        schema["paths"] |= operations.described(reverse("api:api-root").rstrip("/"))
        answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for path in schema["paths"].values():
            for operation in path.values():
                for status, words in PROBLEMS.items():
                    operation["responses"].setdefault(status, {"description": words, "content": answer})
        return schema


api = Api(
    title="匠衡 Jiangheng",
    version="1",
    description=(
        "职业技能等级认定平台接口。与网页使用同样的查询与办理规则；每个请求带 `Authorization: Bearer 令牌`。"
        "不予办理时返回 `{code, message, clause, remedy}`。"
    ),
    auth=Token(),
    throttle=[AuthRateThrottle(settings.API_RATE), AnonRateThrottle(settings.API_RATE)],
    urls_namespace="api",
)


def _problem(code: str, message: str, status: int, remedy: str = "", **more: Any) -> JsonResponse:
    body = {"code": code, "message": message, "clause": "", "remedy": remedy, **more}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    """A lawful "no"."""
    return screens.refused(request, error)


@api.exception_handler(AlreadyDone)
def already_done(request: HttpRequest, error: AlreadyDone) -> HttpResponse:
    """A replayed request names what the first one made."""
    return screens.already_done(request, error)


@api.exception_handler(ValidationError)
def invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A request of the wrong shape, field by field."""
    fields = [
        {"field": ".".join(str(part) for part in row.get("loc", ())[1:]), "message": str(row.get("msg", ""))}
        for row in error.errors
    ]
    return _problem(
        "request.invalid", _("请求内容的格式不符合要求。"), 422, _("请按接口文档检查所列字段。"), errors=fields
    )


@api.exception_handler(IntegrityError)
def conflicting(request: HttpRequest, _error: IntegrityError) -> HttpResponse:
    """What the database would not take: a row referred to is not there, or one like it already is."""
    return screens.refused(
        request,
        refuse(
            "record.conflict",
            N_("提交的内容与已有记录冲突，或引用的记录不存在，没有保存。"),
            N_("请核对引用的编号，刷新后重试。"),
        ),
    )


@api.exception_handler(AuthenticationError)
@api.exception_handler(AuthorizationError)
def unauthorised(_request: HttpRequest, _error: HttpError) -> HttpResponse:
    """No key, or one that is unknown, expired or revoked."""
    answer = _problem(
        "token.invalid", _("没有提供有效的接口令牌。"), 401, _("请在请求头中填写 Authorization: Bearer 令牌。")
    )
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Throttled)
def throttled(_request: HttpRequest, error: Throttled) -> HttpResponse:
    """Too many requests."""
    answer = _problem("request.too_many", _("请求过于频繁，请稍后再试。"), 429, _("请按 Retry-After 等待后重试。"))
    answer["Retry-After"] = str(int(error.wait or 1) + 1)
    return answer


@api.exception_handler(Http404)
def absent(_request: HttpRequest, _error: Http404) -> HttpResponse:
    """Nothing at this address."""
    return _problem("record.none", _("没有找到这条记录，或您无权查看。"), 404)


@api.exception_handler(HttpError)
def other(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library itself refuses, such as a body that is not JSON."""
    return _problem("request.unreadable", _("请求无法识别。"), error.status_code, _("请求正文应为 JSON。"))


for room in ROOMS:
    if find_spec(f"jiangheng.{room}.api"):
        api.add_router(f"/{room}", import_module(f"jiangheng.{room}.api").router)
