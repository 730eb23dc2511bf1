"""The API: every room's router under one token, one error shape, one OpenAPI document."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from django.conf import settings
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.security import HttpBearer
from ninja.throttling import AnonRateThrottle, AuthRateThrottle

from jiangheng import screens
from jiangheng.journal.actions import AlreadyDone
from jiangheng.people import queries as people
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import operations, problems
from jiangheng.screens.problems import TITLES, problem
from jiangheng.screens.request import Request

ROOMS = (
    "bodies", "people", "catalog", "plans", "applications", "fees", "papers", "sittings", "results", "certificates",
    "oversight", "journal",
)  # read as a table  # fmt: skip

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "clause", "remedy"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "urn:jiangheng:problem:CODE"},
        "title": {"type": "string", "description": "状态的含义 / what the status means"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "原因 / why"},
        "code": {"type": "string", "description": "固定的英文代码，见 docs/refusals.md / stable identifier"},
        "clause": {"type": "string", "description": "依据条款 / clause"},
        "remedy": {"type": "string", "description": "怎么办 / what to do next"},
        "fields": {
            "type": "array",
            "description": "422 时逐项的问题 / what is wrong, field by field",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "row": {"type": ["integer", "null"]},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


class Token(HttpBearer):
    """``Authorization: Bearer <key>``: an organisation's key, acting as the membership it was made for."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """The person; None answers 401."""
        asked = cast(Request, request)
        person = people.person_by_token(token, now=asked.now)
        if person is not None:
            asked.person = person
        return person


class Api(NinjaAPI):
    """Declares the shared refusals on every operation."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The document with ``Problem`` as the answer of every 4xx."""
        schema = super().get_openapi_schema(**given)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        schema["paths"] |= operations.described(reverse("api:api-root").rstrip("/"))
        answer = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        link = {"description": "下一页 / next page (RFC 8288)", "schema": {"type": "string"}}
        for path in schema["paths"].values():
            for operation in path.values():
                for status, words in TITLES.items():
                    operation["responses"].setdefault(status, {"description": words, "content": answer})
                if any(each["name"] == "after" for each in operation.get("parameters", ())):
                    operation["responses"][200]["headers"] = {"Link": link}
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """``room_function``: plain ASCII, and no two operations share one."""
        room = operation.view_func.__module__.split(".")[-2]
        return f"{room}_{operation.view_func.__name__}"

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        """The answer, with the address of the next page where a list goes on."""
        answer = super().create_response(request, data, status=status, temporal_response=temporal_response)
        if "jiangheng.link" in request.META:
            answer["Link"] = request.META["jiangheng.link"]
        return answer


api = Api(
    title="匠衡 Jiangheng",
    version="1",
    description=(
        "职业技能等级认定平台接口。与网页使用同样的查询与办理规则；每个请求带 `Authorization: Bearer 令牌`。"
        "不予办理时返回 application/problem+json：`type`、`title`、`status`、`detail`、`code`、`clause`、`remedy`。"
        "列表按 id 排列，用 `after` 翻页；下一页的地址在 `Link` 头中。"
    ),
    auth=Token(),
    throttle=[AuthRateThrottle(settings.API_RATE), AnonRateThrottle(settings.API_RATE)],
    urls_namespace="api",
)


@api.exception_handler(Refusal)
def refused(request: Request, error: Refusal) -> HttpResponse:
    """A lawful "no"."""
    return screens.refused(request, error)


@api.exception_handler(AlreadyDone)
def already_done(request: Request, error: AlreadyDone) -> HttpResponse:
    """A replayed request names what the first one made."""
    return screens.already_done(request, error)


@api.exception_handler(ValidationError)
def invalid(_request: Request, error: ValidationError) -> HttpResponse:
    """A request of the wrong shape, field by field."""
    return problems.refusal(problems.invalid(), fields=problems.fields(error.errors))


@api.exception_handler(IntegrityError)
def conflicting(request: Request, _error: IntegrityError) -> HttpResponse:
    """What the database would not take: a row referred to is not there, or one like it already is."""
    return screens.refused(request, problems.conflict())


@api.exception_handler(AuthenticationError)
@api.exception_handler(AuthorizationError)
def unauthorised(_request: Request, _error: HttpError) -> HttpResponse:
    """No key, or one that is unknown, expired or revoked."""
    answer = problem(
        "token.invalid", _("没有提供有效的接口令牌。"), 401, _("请在请求头中填写 Authorization: Bearer 令牌。")
    )
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(Throttled)
def throttled(_request: Request, error: Throttled) -> HttpResponse:
    """Too many requests."""
    answer = problem("request.too_many", _("请求过于频繁，请稍后再试。"), 429, _("请按 Retry-After 等待后重试。"))
    answer["Retry-After"] = str(int(error.wait or 1) + 1)
    return answer


@api.exception_handler(Http404)
def absent(_request: Request, _error: Http404) -> HttpResponse:
    """Nothing at this address."""
    return problem("record.none", _("没有找到这条记录，或您无权查看。"), 404)


@api.exception_handler(HttpError)
def other(_request: Request, error: HttpError) -> HttpResponse:
    """What the library itself refuses, such as a body that is not JSON."""
    return problem("request.unreadable", _("请求无法识别。"), error.status_code, _("请求正文应为 JSON。"))


def unversioned(_request: Request, rest: str) -> HttpResponse:
    """Addresses of the API name their version: anything else below ``/api/`` is refused with the address to use."""
    raise refuse(
        "api.version",
        N_("接口地址须写明版本。"),
        N_("请改用 /api/v1/%(rest)s。"),
        status=404,
        rest=rest[:80],
    )


for room in ROOMS:
    if find_spec(f"jiangheng.{room}.api"):
        api.add_router(f"/{room}", import_module(f"jiangheng.{room}.api").router)
