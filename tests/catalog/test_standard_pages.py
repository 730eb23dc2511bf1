"""The pages and JSON of standard versions (三（一）): editor, differences, which rules apply on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.catalog import actions, queries
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.rules.roles import SYSTEM, Person
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
CODE = "6-31-01-03"
SOURCE = {"document": "桂人社发〔2026〕示例号", "clause": "第二条"}
Browser = Callable[..., Client]


@pytest.fixture
def draft(centre: Person) -> StandardVersion:
    actions.load_catalogue(by=SYSTEM, now=NOW)
    source = queries.standard_on(CODE, date(2026, 6, 1))
    assert source is not None
    return actions.draft(
        by=centre, now=NOW, occupation_id=source.occupation_id, copied_from_id=source.pk, valid_from=date(2026, 7, 1)
    )


def test_which_rules_apply_says_document_routes_and_what_the_last_generation_had(draft: StandardVersion) -> None:
    asked = {"occupation": CODE, "level": "4", "on": "2026-06-01"}
    page = Client().get("/catalog/standards/which/", asked).content.decode()
    assert "电工国家职业标准（按2023年版编制规程）" in page
    assert "2023-4-1" in page
    assert "累计工作年限由6年减为5年。" in page
    assert "与上一代申报条件相比" in page
    older = Client().get("/catalog/standards/which/", {**asked, "on": "2020-01-01"}).content.decode()
    assert "人社厅发〔2018〕145号" in older
    assert "2018-4-1" in older
    none = Client().get("/catalog/standards/which/", {**asked, "on": "2001-01-01"})
    assert none.status_code == 200
    assert "不能判断申报条件" in none.content.decode()
    for wrong in ({"occupation": "x"}, {"level": "9"}, {"on": "昨天"}):
        assert Client().get("/catalog/standards/which/", {**asked, **wrong}).status_code == 422


def test_a_draft_is_nowhere_to_be_read_by_others(draft: StandardVersion, body: Person, client_for: Browser) -> None:
    for browser in (Client(), client_for(body, NOW)):
        assert browser.get(f"/catalog/standards/{draft.pk}/").status_code == 404
        assert browser.get(f"/catalog/standards/{draft.pk}/diff/").status_code == 404
        assert browser.get(f"/api/v1/catalog/standards/{draft.pk}").status_code == 404
        listed = browser.get("/api/v1/catalog/standards", {"occupation_code": CODE}).json()
        assert draft.pk not in [row["id"] for row in listed]
        assert len(listed) == 2
    rules = Client().get("/api/v1/catalog/rules", {"occupation_code": CODE, "level": 4, "on": "2026-08-01"}).json()
    assert rules["id"] == draft.copied_from_id
    assert {row["id"] for row in rules["routes"]} == {"2023-4-1", "2023-4-2", "2023-4-3"}
    assert (
        Client().get("/api/v1/catalog/rules", {"occupation_code": CODE, "level": 4, "on": "2001-01-01"}).status_code
        == 404
    )


def test_the_editor_writes_subjects_and_routes_and_the_differences_read_as_words(
    draft: StandardVersion, centre: Person, client_for: Browser
) -> None:
    browser = client_for(centre, NOW)
    address = f"/catalog/standards/{draft.pk}/"
    page = browser.get(f"{address}edit/")
    form, rows = page.context["form"], page.context["rows"]
    data = {name: value for name, value in form.initial.items() if value is not None}
    data |= {"document": "电工国家职业标准（示例修订）", "_seen": str(draft.version)}
    data |= {"subjects-TOTAL_FORMS": str(len(rows.forms)), "subjects-INITIAL_FORMS": str(len(rows.forms))}
    for place, row in enumerate(rows.forms):
        data |= {f"subjects-{place}-{name}": value for name, value in row.initial.items() if value is not None}
    data |= {"subjects-1-ratio": "5", "subjects-0-minutes": "100"}
    wrong = browser.post(f"{address}edit/", {**data, "subjects-0-equipment": "万用表，很多"})
    assert wrong.status_code == 422
    assert "设备请每行写一件" in wrong.content.decode()
    assert browser.post(f"{address}edit/", data).status_code == 302
    assert browser.post(f"{address}edit/", data).status_code == 409
    draft.refresh_from_db()
    route = {"text": "累计从事本职业或相关职业工作满6年。", "cum": "6", "evidence": "work_years", **SOURCE}
    route["_seen"] = str(draft.version)
    assert browser.post(f"{address}routes/2023-4-1/", {**route, "document": ""}).status_code == 422
    assert browser.post(f"{address}routes/2023-4-1/", route).status_code == 302
    assert browser.post(f"{address}routes/2023-4-1/", route).status_code == 409
    draft.refresh_from_db()
    gone = {"_seen": str(draft.version), **SOURCE}
    assert browser.post(f"{address}routes/2023-4-2/remove/", gone).status_code == 302
    assert browser.get(f"{address}routes/2023-4-2/").status_code == 404
    told = browser.get(f"{address}diff/").content.decode()
    for words in ("100 分钟", "5 人", "满 6 年", "满 5 年", "删去", "第二条", "电工国家职业标准（示例修订）"):
        assert words in told
    assert "{&#x27;" not in told
    draft.refresh_from_db()
    restored = browser.post(f"{address}routes/2023-4-2/restore/", {"_seen": str(draft.version)})
    assert restored.status_code == 302


def test_the_second_person_publishes_on_the_pages(
    draft: StandardVersion, centre: Person, client_for: Browser, body: Person
) -> None:
    browser = client_for(centre, NOW)
    address = f"/catalog/standards/{draft.pk}/"
    assert browser.post(f"{address}submit/", {"_seen": str(draft.version)}).status_code == 302
    draft.refresh_from_db()
    own = browser.post(f"{address}publish/", {"_seen": str(draft.version), "valid_from": "2026-07-01"})
    assert own.status_code == 403
    assert "另一人" in own.content.decode()
    assert client_for(body, NOW).get(f"{address}publish/").status_code == 403
    assert browser.get(f"{address}nonsense/").status_code == 404


def test_a_version_is_drafted_from_the_occupations_page(centre: Person, client_for: Browser) -> None:
    actions.load_catalogue(by=SYSTEM, now=NOW)
    occupation = Occupation.objects.get(code=CODE)
    browser = client_for(centre, NOW)
    address = f"/catalog/occupations/{occupation.pk}/standards/new/"
    page = browser.get(address)
    base = page.context["form"].fields["base"].choices[0][0]
    answer = browser.post(address, {"base": base, "valid_from": "2026-09-01", "_once": "draft-once"})
    assert answer.status_code == 302
    again = browser.post(address, {"base": base, "valid_from": "2026-09-01", "_once": "another"})
    assert again.status_code == 409
    assert browser.post(address, {"base": "v999999", "valid_from": "2026-09-01"}).status_code == 422


def test_the_list_asks_as_much_for_one_as_for_many() -> None:
    actions.load_catalogue(by=SYSTEM, now=NOW)
    counts = []
    for search in ({"q": "电工"}, {"q": "标准"}):
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get("/catalog/standards/", search)
        assert answer.status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Client().get("/catalog/standards/", {"export": "1"}).headers["Content-Type"].endswith("sheet")
