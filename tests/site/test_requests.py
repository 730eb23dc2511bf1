"""Requests nobody should make: unreadable, too big, forged, replayed; each a sentence and a 4xx, never a 500."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from jiangheng import screens
from jiangheng.rules.roles import Person
from jiangheng.site.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here
from jiangheng.site.urls import urlpatterns as site_urls
from tests.screens.pages import urlpatterns as try_urls

pytestmark = pytest.mark.django_db


def raises(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    *site_urls,
    try_urls[-1],
    path("raise/busy/", raises(OperationalError("database is locked"))),
    path("raise/deadlock/", raises(OperationalError("deadlock detected"))),
    path("raise/gone/", raises(OperationalError("no such table: x"))),
    path("raise/range/", raises(DataError("integer out of range"))),
    path("raise/bad/", raises(BadRequest("x"))),
    path("echo/", lambda request: HttpResponse(json.dumps(sorted(request.POST)))),
]
here = pytest.mark.urls("tests.site.test_requests")


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/home", "/notices/999999999999999999999999/", "/notices/0/", "/try/%ff/"]
)
def test_an_unknown_address_is_a_chinese_404_or_leads_to_the_right_one(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in (301, 404)
    if answer.status_code == 404:
        assert "下一步：" in answer.text


def test_a_404_in_json_has_the_four_fields(client: Client) -> None:
    answer = client.get("/nowhere/", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "message", "clause", "remedy"}


@here
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/raise/busy/", 423, "系统正忙"),
        ("/raise/deadlock/", 423, "系统正忙"),
        ("/raise/range/", 422, "超出系统能保存的范围"),
        ("/raise/bad/", 400, "无法识别"),
    ],
)
def test_what_the_framework_raises_is_said_in_chinese(client: Client, address: str, status: int, words: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert words in answer.text


@here
def test_our_own_fault_is_a_500_that_says_nothing_of_the_inside(
    centre: Person, client_for: Callable[..., Client]
) -> None:
    browser = client_for(centre)
    browser.raise_request_exception = False
    answer = browser.get("/try/broken/")
    assert answer.status_code == 500
    assert "系统出现故障" in answer.text
    assert "RuntimeError" not in answer.text
    assert browser.get("/raise/gone/", headers={"Accept": "application/json"}).json()["code"] == "server.failed"


@here
@pytest.mark.parametrize("address", ["/try/plans/?q=%00", "/notices/%00/", "/echo/?%00=1"])
def test_nul_in_an_address_is_refused(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "不能识别的字符" in answer.text


@here
@pytest.mark.parametrize("typed", [{"name": "甲\x00乙"}, {"na\x00me": "甲"}])
def test_nul_in_a_form_is_refused(client: Client, typed: dict[str, str]) -> None:
    assert client.post("/echo/", typed).status_code == 400


@here
@pytest.mark.parametrize(
    "body",
    [b'{"name": "\\u0000"}', b'{"a": ["\\ud800"]}', b'{"a": {"\\udfff": 1}}'],
)
def test_nul_and_lone_surrogates_in_json_are_refused(client: Client, body: bytes) -> None:
    answer = client.post("/echo/", body, content_type="application/json")
    assert answer.status_code == 400


@here
@pytest.mark.parametrize("body", [b'{"name": "\\ud842\\udfb7"}', b"{broken \\ud800", b'{"name": "\xf0\xa0\xae\xb7"}'])
def test_whole_pairs_pass_and_broken_json_is_for_its_reader(client: Client, body: bytes) -> None:
    assert client.post("/echo/", body, content_type="application/json").status_code == 200


@here
def test_a_form_larger_than_allowed_is_413(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/echo/", "a=" + "x" * 2000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "提交的内容过大" in answer.text


@here
def test_a_form_of_too_many_fields_is_413(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    assert client.post("/echo/", {f"f{number}": "1" for number in range(9)}).status_code == 413


@here
def test_a_broken_multipart_body_is_a_4xx(client: Client) -> None:
    answer = client.post("/echo/", b"--x\r\nbroken", content_type="multipart/form-data; boundary=")
    assert answer.status_code == 400


def test_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_a_form_without_its_token_is_refused_in_chinese(centre: Person, client_for: Callable[..., Client]) -> None:
    browser = client_for(centre)
    browser.handler.enforce_csrf_checks = True
    answer = browser.post("/announcements/new/", {"title": "x"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_an_address_for_posting_says_so_when_opened(centre: Person, client_for: Callable[..., Client]) -> None:
    answer = client_for(centre).get("/journal/notices/read/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "不能直接打开" in answer.text


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)", "http:///x"],
)
def test_switching_the_language_never_leads_away(client: Client, target: str) -> None:
    answer = client.post("/i18n/setlang/", {"language": "en", "next": target})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_switching_the_language_keeps_the_page_and_the_choice(client: Client) -> None:
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/notices/"}, follow=True)
    assert 'lang="en"' in answer.text
    assert client.cookies["django_language"]["httponly"]
    assert client.cookies["django_language"]["samesite"] == "Lax"
    assert 'lang="zh-Hans"' in client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/"}, follow=True).text


def test_cookies_are_closed_to_scripts_and_other_sites(
    settings: Any, centre: Person, client_for: Callable[..., Client]
) -> None:
    browser = client_for(centre)
    browser.get("/home/")
    assert browser.cookies["csrftoken"]["httponly"]
    assert browser.cookies["csrftoken"]["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_every_page_carries_the_guarding_headers(client: Client) -> None:
    answer = client.get("/")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", answer.text)
    assert not re.search(r"\son\w+=", answer.text)


def test_the_moment_cannot_be_set_by_a_client() -> None:
    request = RequestFactory().get("/", headers={"jiangheng.now": "2020-01-01", "Jiangheng-Now": "2020-01-01"})
    assert "jiangheng.now" not in request.META


@pytest.mark.parametrize(
    ("given", "led"),
    [
        ("/notices/?page=2", "/notices/?page=2"),
        ("https://elsewhere.example/", "/home/"),
        ("//elsewhere.example", "/home/"),
        ("\\\\elsewhere.example", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("", "/home/"),
    ],
)
def test_next_never_leads_away(given: str, led: str) -> None:
    request = RequestFactory().get("/", {"next": given})
    assert screens.safe_next(request, "/home/") == led
