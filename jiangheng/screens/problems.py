"""A "no" of the API as a problem document (RFC 9457), with its clause and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import display

API = "/api/"

TITLES = {
    400: "请求无法识别",
    401: "没有令牌或令牌无效",
    403: "身份无权办理",
    404: "没有找到，或无权查看",
    405: "不支持这种请求方法",
    409: "当前状态不能办理，或刚刚被他人办理",
    413: "内容超出大小限制",
    415: "文件种类不符",
    422: "内容不符合要求",
    423: "数据库正忙，请重试",
    429: "请求过于频繁",
}


def of_api(request: HttpRequest) -> bool:
    """True for an address of the API, whose every "no" is a problem document."""
    return request.path.startswith(API)


def problem(code: str, detail: str, status: int, remedy: str = "", clause: str = "", **more: Any) -> JsonResponse:
    """A problem document: ``type`` is the code as a URN, ``detail`` the sentence, ``remedy`` what would help."""
    body = {
        "type": f"urn:jiangheng:problem:{code}",
        "title": TITLES.get(status, detail),
        "status": status,
        "detail": detail,
        "code": code,
        "clause": clause,
        "remedy": remedy,
        **more,
    }
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def invalid() -> Refusal:
    """Something sent in the wrong shape; ``fields`` says what."""
    return refuse("request.invalid", N_("请求内容的格式不符合要求。"), N_("请按接口文档检查所列字段。"), status=422)


def fields(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What is wrong with it, field by field."""
    return [
        {"field": ".".join(str(part) for part in row.get("loc", ())[1:]), "message": str(row.get("msg", ""))}
        for row in errors
    ]


def conflict() -> Refusal:
    """What the database would not take: a row referred to is not there, or one like it already is."""
    return refuse(
        "record.conflict",
        N_("提交的内容与已有记录冲突，或引用的记录不存在，没有保存。"),
        N_("请核对引用的编号，刷新后重试。"),
    )


def refusal(error: Refusal, **more: Any) -> JsonResponse:
    """A lawful "no" as a problem document; its faults, row by row, in ``fields`` where it carries them."""
    if error.status == 422:
        more = {"fields": _faults(error), **more}
    return problem(
        error.code, str(display.sentence(error)), error.status, str(display.advice(error)), error.clause, **more
    )


def _faults(error: Refusal) -> list[dict[str, Any]]:
    found = []
    for each in getattr(error, "faults", ()):
        words = getattr(each, "message", None)
        if words is None:
            continue
        sentence = str(_(words)) % getattr(each, "params", {}) if getattr(each, "params", None) else str(_(words))
        where = getattr(each, "column", "") or getattr(each, "field", "")
        found.append({"field": str(where), "row": getattr(each, "row", None), "message": sentence})
    return found
