"""附件4 on paper and the way there: Word and PDF, checklist, marks, photo; bad input, other people, twice applied."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdfium2 import PdfDocument

from jiangheng.applications import actions, printing, readiness
from jiangheng.applications.models import Application
from jiangheng.applications.views import wording
from jiangheng.catalog import queries as catalog
from jiangheng.certificates.models import Certificate
from jiangheng.journal.models import Entry
from jiangheng.people.models import Identity
from jiangheng.results.models import Result, ResultBatch
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from tests import factories
from tests.applications import cases

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()


@pytest.fixture
def draft(candidate: Person, body: Person, now: datetime) -> Application:
    """A fresh application of the candidate's."""
    return actions.apply_draft(by=candidate, now=now, plan_row_id=cases.plan_of(body).rows.get().pk)


def keep(by: Person, now: datetime, application: Application, **columns: str) -> Application:
    return actions.save(by=by, now=now, application_id=application.pk, values=columns)


def certificate_of(application: Application, state: str) -> Certificate:
    return Certificate.objects.create(
        number="S000045000018264000018",
        application=application,
        identity=application.identity,
        plan=application.plan,
        body=application.body,
        body_name="示例",
        name=application.name,
        identity_kind="居民身份证",
        identity_masked="4502**",
        occupation_code=application.occupation_code,
        occupation_name=application.occupation_name,
        level=application.level,
        issued_on=date(2026, 5, 1),
        state=state,
        created_at=factories.LONG_AGO,
    )


def words_of(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    return "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_the_word_form_has_every_field_the_photo_and_three_opinions(
    candidate: Person, now: datetime, draft: Application
) -> None:
    Identity.objects.filter(pk=draft.identity_id).update(name="买买提·𠮷示例")
    Application.objects.filter(pk=draft.pk).update(name="买买提·𠮷示例")
    actions.attach(by=candidate, now=now, application_id=draft.pk, kind="photo", upload=cases.photo())
    keep(
        candidate, now, draft, 简要经历="2015-07至今 示例厂 电工 证明人：韦示例", 学校="示例中学", 通讯地址="路\x0b1号"
    )
    draft = Application.objects.select_related("identity", "photo").get(pk=draft.pk)
    data = printing.docx(draft, "450202199001011234")
    words = words_of(data)
    for wanted in (
        "买买提·𠮷示例",
        "450202199001011234",
        "2015-07至今",
        "韦示例",
        "示例中学",
        "培训机构意见",
        "认定机构意见",
        "市鉴定中心意见",
        "申报人声明",
        "单位证明",
        "原证书编号",
        "户口性质",
        "学习经历",
        "领证方式",
    ):
        assert wanted in words
    document = Document(io.BytesIO(data))
    assert len(document.inline_shapes) == 1
    assert "草稿" in document.sections[0].header._element.xml


def test_the_pdf_is_a4_with_a_draft_mark_only_until_it_is_handed_in(
    candidate: Person, body: Person, now: datetime
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    made = printing.pdf(application, "450202199001011234", now)
    with closing(PdfDocument(made)) as opened:
        assert [round(side) for side in opened[0].get_size()] == [595, 842]
        text = "".join(page.get_textpage().get_text_bounded() for page in opened)
    for wanted in ("450202199001011234", "2023-4-1", "培训机构意见", "认定机构意见", "市鉴定中心意见", "申报人声明"):
        assert wanted in text.replace("\r\n", "")
    assert made == printing.pdf(application, "450202199001011234", now)
    assert "草稿" not in Document(io.BytesIO(printing.docx(application, "x"))).sections[0].header._element.xml
    application.state = "returned"
    assert printing.pdf(application, "450202199001011234", now) != made


def test_printing_shows_the_number_to_those_concerned_and_says_so_in_the_journal(
    candidate: Person, body: Person, other_body: Person, now: datetime, client_for: SignIn
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    for name in ("form_pdf", "form_docx"):
        address = reverse(f"applications:{name}", args=[application.pk])
        answer = client_for(candidate, now).get(address)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-store"
        assert client_for(other_body, now).get(address).status_code == 404
        assert client_for(factories.make_candidate(), now).get(address).status_code == 404
        assert client_for(candidate, now).post(address).status_code == 405
    shown_to = Entry.objects.filter(record_kind="identity", record_id=application.identity_id, note__contains="附件4")
    assert list(shown_to.values_list("action", "actor_id")) == [("identity.reveal", candidate.account_id)] * 2


def test_the_checklist_follows_the_route_and_what_is_missing_says_where(
    candidate: Person, now: datetime, draft: Application, client_for: SignIn
) -> None:
    standard = catalog.standard_on(draft.occupation_code, date(2026, 6, 1))
    assert standard is not None

    def needed() -> list[str]:
        row = Application.objects.get(pk=draft.pk)
        return [each.kind for each in readiness.checklist(row, standard) if each.needed]

    assert needed() == ["identity", "photo"]
    keep(candidate, now, draft, 申报条件="2023-4-2")
    assert needed() == ["identity", "certificate", "work_years", "photo"]
    keep(candidate, now, draft, 申报条件="2023-4-3")
    assert needed() == ["identity", "education", "photo"]
    page = client_for(candidate, now).get(reverse("applications:edit", args=[draft.pk])).content.decode()
    assert reverse("applications:part", args=[draft.pk, "proofs"]) in page
    assert "学历证明" in page


@pytest.mark.parametrize(
    ("number", "said"),
    [("S000045000101234000015", "2023年核发"), ("0845020001400123", "四级/中级工"), ("桂字88号", "人工核对")],
)
def test_a_typed_number_is_said_back_and_never_stops_the_draft(
    candidate: Person, now: datetime, draft: Application, client_for: SignIn, number: str, said: str
) -> None:
    browser = client_for(candidate, now)
    address = reverse("applications:part", args=[draft.pk, "held"])
    answer = browser.post(address, {"held": "是", "held_number": number, "_seen": draft.version})
    assert answer.status_code == 302
    assert said in browser.get(address).content.decode()


def test_the_same_batch_twice_is_refused_with_the_number_that_stands(
    candidate: Person, now: datetime, draft: Application
) -> None:
    with pytest.raises(Refusal) as refused:
        actions.apply_draft(by=candidate, now=now, plan_row_id=draft.plan.rows.get().pk)
    assert (refused.value.code, refused.value.status) == ("application.duplicate", 409)
    assert draft.number in refused.value.sentence()


def test_another_batch_is_told_to_the_person_by_number_and_to_the_body_only_by_its_plan(
    candidate: Person, body: Person, now: datetime
) -> None:
    first = cases.submitted(candidate, cases.plan_of(body), now)
    second = cases.submitted(candidate, cases.plan_of(body, number="JH202699999"), now)
    assert [(each.kind, each.number) for each in readiness.twice(second, now)] == [("elsewhere", first.number)]
    told = "".join(said + often for said, often in wording.flags(Application.objects.get(pk=second.pk).flags))
    assert "另一批次" in told
    assert first.number not in told


def test_who_holds_the_certificate_already_is_told_so_and_the_body_sees_it(
    candidate: Person, body: Person, now: datetime
) -> None:
    earlier = cases.submitted(candidate, cases.plan_of(body), now)
    Application.objects.filter(pk=earlier.pk).update(state="accepted")
    held = certificate_of(earlier, "numbered")
    second = cases.submitted(candidate, cases.plan_of(body, number="JH202699999"), now)
    assert [(each.kind, each.number) for each in readiness.twice(second, now)] == [("certified", held.number)]
    assert "certified" in {each["kind"] for each in Application.objects.get(pk=second.pk).flags}
    for state, told in (("issued", ["certified"]), ("revoked", [])):
        Certificate.objects.update(state=state)
        assert [each.kind for each in readiness.twice(second, now)] == told


@pytest.mark.parametrize(
    ("theory", "skill", "on", "told"),
    [
        (80, 59, date(2026, 6, 1), ["makeup"]),
        (80, None, date(2026, 6, 1), ["makeup"]),
        (80, 59, date(2029, 6, 1), []),
        (59, 59, date(2026, 6, 1), []),
    ],
)
def test_an_open_make_up_is_told_with_its_last_day(
    candidate: Person, body: Person, now: datetime, theory: int, skill: int | None, on: date, told: list[str]
) -> None:
    first = cases.submitted(candidate, cases.plan_of(body), now)
    Application.objects.filter(pk=first.pk).update(state="accepted")
    batch = ResultBatch.objects.create(plan=first.plan, body=first.body, state="approved", created_at=now)
    Result.objects.create(batch=batch, application=first, theory=theory, skill=skill, passed=False)
    second = actions.apply_draft(
        by=candidate, now=now, plan_row_id=cases.plan_of(body, number="JH202699999").rows.get().pk
    )
    found = readiness.twice(second, datetime.combine(on, now.timetz()))
    assert [each.kind for each in found] == told
    assert first.plan is not None
    assert all(each.until is not None and each.until > first.plan.exam_on for each in found)


@pytest.mark.parametrize(
    "crop",
    [
        {},
        {"crop_left": "x"},
        {"crop_left": "nan", "crop_top": "0", "crop_width": "1", "crop_height": "1"},
        {"crop_left": "0.1", "crop_top": "0.1", "crop_width": "0.75", "crop_height": "0.75"},
    ],
)
def test_a_photo_comes_in_with_or_without_a_frame(
    candidate: Person, now: datetime, draft: Application, client_for: SignIn, crop: dict[str, Any]
) -> None:
    given = {"kind": "photo", "file": cases.photo(), **crop}
    assert client_for(candidate, now).post(reverse("applications:attach", args=[draft.pk]), given).status_code == 302
    draft.refresh_from_db()
    assert draft.photo is not None
    assert draft.photo.sizes.count() == 4
    page = client_for(candidate, now).get(reverse("applications:part", args=[draft.pk, "proofs"])).content.decode()
    assert "照片背景看起来不是白色" in page


@pytest.mark.parametrize(
    ("part", "typed"),
    [
        ("work", {"job1_unit": "示例厂"}),
        ("work", {"job1_from": "2015-13", "job1_unit": "示例厂"}),
        ("work", {"job1_from": "2015-07", "job1_to": "2014-01"}),
        ("study", {"graduated_on": "昨天"}),
        ("person", {"ethnicity": "火星"}),
    ],
)
def test_bad_input_on_a_page_is_said_at_the_field_and_nothing_is_written(
    candidate: Person, now: datetime, draft: Application, client_for: SignIn, part: str, typed: dict[str, str]
) -> None:
    address = reverse("applications:part", args=[draft.pk, part])
    answer = client_for(candidate, now).post(address, {**typed, "_seen": draft.version})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.version == 0


def test_a_page_that_is_none_and_a_form_handed_in_are_no_way_in(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    browser = client_for(candidate, now)
    assert browser.get(reverse("applications:part", args=[application.pk, "soul"])).status_code == 404
    assert browser.get(reverse("applications:part", args=[application.pk, "work"])).status_code == 302
    before = Application.objects.get(pk=application.pk).form
    assert (
        browser.post(reverse("applications:autosave", args=[application.pk, "work"]), {"years": "40"}).status_code
        == 409
    )
    assert Application.objects.get(pk=application.pk).form == before
