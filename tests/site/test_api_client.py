"""A client generated from the OpenAPI document calls every operation; each answers as the document says."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from ninja import Schema

from jiangheng.rules.roles import Person
from jiangheng.site.api import api as site_api
from tests.certificates.numbering import numbered
from tests.results.batches import make_batch, plan
from tests.site import api_client
from tests.site.keys import api, fresh_counters, key_of

__all__ = ["api", "fresh_counters", "numbered", "plan"]

METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = {"type", "title", "status", "detail", "code", "clause", "remedy"}


@pytest.fixture
def document(api: Client, db: None) -> dict[str, Any]:
    return api.get("/api/v1/openapi.json").json()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: {**operation, "path": path, "method": method}
        for path, found in document["paths"].items()
        for method, operation in found.items()
    }


def test_every_operation_has_an_ascii_name_of_its_own(document: dict[str, Any]) -> None:
    names = Counter(each["operationId"] for found in document["paths"].values() for each in found.values())
    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
    assert {path.split("/")[1:3][0] + "/" + path.split("/")[2] for path in document["paths"]} == {"api/v1"}


def test_every_list_has_the_one_cursor(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        ok = operation["responses"].get("200", {})
        schema = ok.get("content", {}).get("application/json", {}).get("schema", {})
        asked = {each["name"] for each in operation.get("parameters", ())}
        assert not asked & {"offset", "page"}, name
        if operation["method"] == "get" and schema.get("type") == "array" and name != "catalog_fees":
            assert {"after", "limit"} <= asked, name
            assert "Link" in ok["headers"], name


@pytest.mark.parametrize("role", ["body", "centre", "nobody"])
def test_a_generated_client_calls_every_operation(
    role: str, document: dict[str, Any], api: Client, numbered: Any, body: Person, centre: Person, now: Any
) -> None:
    headers = {"body": lambda: key_of(body, now), "centre": lambda: key_of(centre, now), "nobody": dict}[role]()
    answers: dict[str, Any] = {}
    known = operations(document)

    def send(method: str, path: str, query: dict[str, Any], sent: Any, kind: str) -> Any:
        asked = {name: value for name, value in query.items() if value is not None}
        if kind == "multipart/form-data":
            form = {
                name: SimpleUploadedFile("x.jpg", b"x") if value == "file" else value
                for name, value in (sent or {}).items()
            }
            return (
                api.generic(method, path, headers=headers)
                if method != "POST"
                else api.post(path, form, headers=headers)
            )
        return api.generic(
            method,
            path,
            json.dumps(sent) if sent is not None else "",
            content_type="application/json",
            headers=headers,
            query_params=asked,
        )

    client = api_client.load(document, send)
    for name, operation in known.items():
        given = {
            each["name"]: api_client.sample(document, each["schema"])
            for each in operation.get("parameters", ())
            if each["in"] in ("path", "query") and (each["in"] == "path" or each.get("required"))
        }
        if "certificate_id" in given:
            given["certificate_id"] = numbered.pk
        if "plan_id" in given:
            given["plan_id"] = numbered.plan_id
        content = operation.get("requestBody", {}).get("content", {})
        for kind, media in content.items():
            found = api_client.sample(document, media["schema"])
            files = [
                field for field, each in media["schema"].get("properties", {}).items() if each.get("format") == "binary"
            ]
            given["body"] = {**found, **dict.fromkeys(files, "file")} if kind == "multipart/form-data" else found
        answers[name] = getattr(client, name)(**given)
    assert set(answers) == set(known)
    for name, answer in answers.items():
        said = known[name]["responses"]
        assert str(answer.status_code) in said, (name, answer.status_code, answer.content[:300])
        kind = answer["Content-Type"].partition(";")[0] if answer.content else ""
        if answer.status_code >= 400:
            assert kind == "application/problem+json", (name, kind)
            body_of = answer.json()
            assert set(body_of) >= PROBLEM, (name, body_of)
            assert body_of["status"] == answer.status_code
            assert body_of["type"] == f"urn:jiangheng:problem:{body_of['code']}"
            if answer.status_code == 422:
                assert isinstance(body_of["fields"], list), name
        elif answer.content:
            schema = said[str(answer.status_code)].get("content", {}).get("application/json", {}).get("schema", {})
            assert api_client.faults(document, schema, answer.json()) == [], name
    good = {name for name, answer in answers.items() if answer.status_code < 300}
    lists = {name for name, each in known.items() if each["method"] == "get" and "{" not in each["path"]}
    wanted = {name for name in lists if not any(p.get("required") for p in known[name].get("parameters", ()))}
    assert role == "nobody" or wanted <= good, sorted(wanted - good)
    assert role != "nobody" or all(answers[name].status_code in (200, 401) for name in wanted)


def test_a_list_is_walked_by_its_links_and_misses_nothing(api: Client, plan: Any, body: Person, now: Any) -> None:
    batch = make_batch(plan, "entered", [(80, 80)] * 5)
    headers = key_of(body, now)
    address, seen, steps = f"/api/v1/results/batches/{batch.pk}/results?limit=2", [], 0
    while address:
        answer = api.get(address, headers=headers)
        seen += [row["id"] for row in answer.json()]
        link = answer.headers.get("Link", "")
        address = link.partition(">")[0].lstrip("<")
        assert not address or parse_qs(urlsplit(address).query)["limit"] == ["2"]
        steps += 1
    assert (seen, steps) == (sorted(batch.results.values_list("pk", flat=True)), 3)
    assert api.get(f"/api/v1/results/batches/{batch.pk}/results?limit=0", headers=headers).status_code == 422


def test_an_address_without_its_version_says_where_to_go(api: Client, db: None) -> None:
    answer = api.get("/api/plans/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert (answer.json()["code"], "/api/v1/plans/" in answer.json()["remedy"]) == ("api.version", True)


def test_a_problem_carries_clause_and_remedy(api: Client, plan: Any, body: Person, now: Any) -> None:
    batch = make_batch(plan, "entered", entered_by_id=body.account_id)
    answer = api.post(
        f"/api/v1/results/batches/{batch.pk}/confirm", {}, content_type="application/json", headers=key_of(body, now)
    )
    said = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert (said["code"], said["clause"], bool(said["remedy"])) == ("results.two_persons", "四（八）", True)
    wrong = api.get("/api/v1/results/batches?after=x", headers=key_of(body, now))
    assert (wrong.status_code, [each["field"] for each in wrong.json()["fields"]]) == (422, ["after"])


def test_a_schema_name_means_one_shape() -> None:
    """Two classes of one name would be one schema of the document, and one of them a lie."""
    found: dict[str, set[str]] = {}
    for operations_of in (
        view.operations for _, router in site_api._routers for view in router.path_operations.values()
    ):
        for operation in operations_of:
            for response in operation.response_models.values():
                if hasattr(response, "model_fields"):
                    for field in response.model_fields.values():
                        for each in (field.annotation, *get_args(field.annotation)):
                            if isinstance(each, type) and issubclass(each, Schema):
                                found.setdefault(each.__name__, set()).add(each.__module__)
    assert len(found) > 10
    assert {name: rooms for name, rooms in found.items() if len(rooms) > 1} == {}
