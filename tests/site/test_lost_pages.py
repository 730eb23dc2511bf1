"""A page that went stale, a sign-in that ran out, an address asked for without its body: nobody loses their way or their text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.rules.roles import Person

pytestmark = pytest.mark.django_db


def test_a_form_gone_stale_says_so_and_leads_back_to_it(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    address = "http://testserver/people/sign-in/?next=/fees/"
    answer = client.post("/people/sign-in/?next=/fees/", {"username": "x"}, headers={"referer": address})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "页面已过期</h1>" in page
    assert "无权办理" not in page
    assert f'href="{address}"' in page
    elsewhere = client.post("/people/sign-in/", {}, headers={"referer": "https://elsewhere.example/"}).content.decode()
    assert "elsewhere" not in elsewhere


@pytest.mark.parametrize(
    ("headers", "target"),
    [
        ({"referer": "http://testserver/fees/?page=2"}, "%2Ffees%2F%3Fpage%3D2"),
        ({"referer": "https://elsewhere.example/fees/"}, "%2Fhome%2F"),
        ({}, "%2Fhome%2F"),
        ({"HX-Request": "true", "HX-Current-URL": "http://testserver/fees/7/"}, "%2Ffees%2F7%2F"),
    ],
    ids=["form", "elsewhere", "nowhere", "fragment"],
)
def test_a_sign_in_that_ran_out_leads_back_to_the_form(client: Client, headers: dict[str, str], target: str) -> None:
    answer = client.post(reverse("fees:statement_upload"), {"source": "bank"}, headers=headers)
    assert (answer.headers.get("Location") or answer.headers["HX-Redirect"]).endswith(f"?next={target}")


@pytest.mark.parametrize("path", ["/", "/certificates/verify/", "/people/sign-in/", "/people/register/", "/health/"])
def test_a_public_page_can_be_asked_for_its_head_only(client: Client, path: str) -> None:
    answer = client.head(path)
    assert answer.status_code == client.get(path).status_code == 200


def test_what_a_person_saw_is_stored_nowhere_and_what_everybody_sees_may_be(
    body: Person, client: Client, client_for: Callable[..., Client]
) -> None:
    for path in ("/home/", "/"):
        assert client_for(body).get(path).headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")
