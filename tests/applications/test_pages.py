"""The pages by role: what is shown, what is kept after a refusal, constant queries, no way across (12, 13, 14)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from jiangheng.applications import actions
from jiangheng.applications.models import Application, Roster
from jiangheng.catalog.models import StandardVersion
from jiangheng.journal.models import Entry
from jiangheng.rules.conditions.routes import EVIDENCE_KINDS
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.flows import FLOWS
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()


def url(name: str, *args: object) -> str:
    return reverse(f"applications:{name}", args=args)


def test_a_candidate_walks_from_the_list_of_plans_to_a_submitted_application(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    plan = cases.plan_of(body)
    browser = client_for(candidate, now)
    assert plan.body.name in browser.get(url("apply")).content.decode()
    answer = browser.post(url("start", plan.rows.get().pk), {"_once": "a1"})
    application = Application.objects.get()
    assert answer.url == url("part", application.pk, "person")
    assert browser.post(url("start", plan.rows.get().pk), {"_once": "a1"}).status_code in (302, 303)
    assert Application.objects.count() == 1
    pages = {
        "person": {"phone": "13800000001", "ethnicity": "壮", "province": "广西壮族自治区", "source": "社会"},
        "study": {"education": "高中"},
        "work": {"years": "8", "began_on": "2010-01-01"},
        "held": {"held": "否"},
        "route": {"route": "2023-4-1", "recognition": "初次"},
    }
    for name, typed in pages.items():
        application.refresh_from_db()
        assert browser.get(url("part", application.pk, name)).status_code == 200
        answer = browser.post(url("part", application.pk, name), {**typed, "_seen": application.version})
        assert answer.status_code == 302
    application.refresh_from_db()
    overview = browser.get(url("edit", application.pk)).content.decode()
    assert "电子版照片" in overview
    assert "工作年限证明" in overview
    answer = browser.post(url("edit", application.pk), {"committed": "on", "_seen": application.version})
    assert answer.status_code == 422
    assert "电子版照片" in answer.content.decode()
    assert application.form["手机号码"] == "13800000001"
    for kind, upload in (("photo", cases.photo()), ("identity", cases.scan()), ("work_years", cases.scan())):
        assert browser.post(url("attach", application.pk), {"kind": kind, "file": upload}).status_code == 302
    application.refresh_from_db()
    assert browser.post(url("edit", application.pk), {"_seen": application.version}).status_code == 422
    answer = browser.post(url("edit", application.pk), {"committed": "on", "_seen": application.version})
    assert answer.status_code == 302
    application.refresh_from_db()
    assert (application.state, application.verdict) == ("submitted", "met")
    assert "待审核" in browser.get(url("mine")).content.decode()


def test_the_autosave_keeps_what_is_good_and_refuses_a_stale_page(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    application = actions.apply_draft(by=candidate, now=now, plan_row_id=cases.plan_of(body).rows.get().pk)
    browser = client_for(candidate, now)
    json = {"Accept": "application/json"}
    typed = {"years": "7", "began_on": "never", "job1_from": "2015-07", "job1_unit": "示例厂", "job1_post": "电工",
             "state": "accepted", "phone": "138", "_seen": "0"}  # read as a table  # fmt: skip
    told = browser.post(url("autosave", application.pk, "work"), typed, headers=json)
    assert (told.json()["version"], told.json()["saved"]) == (1, "10:00")
    application.refresh_from_db()
    assert application.form["简要经历"] == "2015-07至今 示例厂 电工"
    assert (application.form["专业年限"], application.state) == ("7", "draft")
    assert "手机号码" not in application.form
    stale = browser.post(url("autosave", application.pk, "person"), {"phone": "1", "_seen": "0"}, headers=json)
    assert (stale.status_code, stale.json()["code"]) == (409, "record.stale")
    number = {"held": "是", "held_number": "0845020001400123", "_seen": "1"}
    told = browser.post(url("autosave", application.pk, "held"), number, headers=json)
    assert "四级/中级工" in told.json()["told"]
    assert browser.post(url("autosave", application.pk, "soul"), {}, headers=json).status_code == 404


def test_every_proof_a_route_may_ask_for_can_be_handed_in(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    standard = StandardVersion.objects.get()
    standard.route_overrides = [
        {"change": "2023-4-1", "set": {"evidence": list(EVIDENCE_KINDS)}, "document": "示例文件", "clause": "一"}
    ]
    standard.save()
    application = cases.drafted(candidate, cases.plan_of(body), now)
    for kind in EVIDENCE_KINDS:
        actions.attach(by=candidate, now=now, application_id=application.pk, kind=kind, upload=cases.scan())
    page = client_for(candidate, now).get(url("part", application.pk, "proofs"))
    assert page.status_code == 200
    assert "培训结业证书" in page.content.decode()
    assert "学徒期满证明" in page.content.decode()
    assert actions.submit(by=candidate, now=now, application_id=application.pk, committed=True).state == "submitted"


def test_a_refused_upload_says_why_and_nothing_is_attached(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    application = actions.apply_draft(by=candidate, now=now, plan_row_id=cases.plan_of(body).rows.get().pk)
    browser = client_for(candidate, now)
    bad = cases.SimpleUploadedFile("photo.jpg", b"<svg onload=alert(1)>")
    assert browser.post(url("attach", application.pk), {"kind": "photo", "file": bad}).status_code == 415
    assert browser.post(url("attach", application.pk), {"kind": "photo"}).status_code == 422
    assert browser.post(url("attach", application.pk), {"kind": "soul", "file": cases.scan()}).status_code == 422
    application.refresh_from_db()
    assert application.photo is None


def test_the_body_reviews_with_form_and_proofs_side_by_side(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    browser = client_for(body, now)
    page = browser.get(url("detail", application.pk)).content.decode()
    assert "累计从事本职业或相关职业工作满5年" in page
    assert "工作年限证明" in page
    assert "13800000001" in page
    proof = application.proofs.first()
    assert proof is not None
    served = browser.get(url("proof", application.pk, proof.pk))
    assert served["X-Content-Type-Options"] == "nosniff"
    assert browser.get(url("photo", application.pk)).status_code == 200
    refused = browser.post(url("step", application.pk, "return"), {"note": "", "_seen": application.version})
    assert refused.status_code == 422
    done = browser.post(
        url("step", application.pk, "return"),
        {"note": "请补盖章", "reasons": ["photo"], "_seen": application.version},
    )
    assert done.status_code == 302
    mine = client_for(candidate, now).get(url("mine")).content.decode()
    assert "照片不符合要求（三（二））：请上传近半年内白底免冠彩色证件照原图\n请补盖章" in mine


def test_the_full_number_is_shown_for_a_reason_and_journalled(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    browser = client_for(body, now)
    assert browser.post(url("reveal", application.pk), {"reason": ""}).status_code == 422
    page = browser.post(url("reveal", application.pk), {"reason": "核对身份证原件"})
    assert application.identity.number_tail in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert Entry.objects.filter(action="identity.reveal", note="核对身份证原件").count() == 1


@pytest.mark.parametrize("levels", [1, 2])
def test_every_step_a_page_offers_can_be_taken(
    levels: int, candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    actions.set_levels(by=body, now=now, levels=levels, valid_from=local_day(now))
    application = cases.submitted(candidate, cases.plan_of(body), now)
    browser, detail = client_for(body, now), url("detail", application.pk)
    seen = set()
    for verb in ("", "pass", "take_back") if levels == 2 else ("", "accept", "undo"):
        if verb:
            assert browser.post(url("step", application.pk, verb)).status_code == 302
            application.refresh_from_db()
        offered = re.findall(rf"href=\"{detail}([a-z_]+)/\"", browser.get(detail).content.decode())
        steps = [each for each in offered if each in {step.verb for step in FLOWS["application"].transitions}]
        seen.update(steps)
        for step in steps:
            assert browser.get(url("step", application.pk, step)).status_code == 200, (application.state, step)
    assert seen == (
        {"return", "pass", "refuse", "take_back"} if levels == 2 else {"return", "accept", "refuse", "undo"}
    )


def test_a_batch_is_judged_accepted_and_bound_by_buttons(
    school: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    request = cases.request_of(school, body)
    actions.import_roster(by=school, now=now, upload=cases.upload(), request_id=request.pk)
    browser = client_for(body, now)
    assert request.number in browser.get(url("batches")).content.decode()
    here = url("batch_request", request.pk)
    assert browser.post(here, {"do": "accept"}).status_code == 302
    assert "已受理 57 人。3 人没有办理，请逐份核对。" in browser.get(here).content.decode()
    assert browser.post(here, {"do": "judge"}).status_code == 302
    assert browser.post(here, {"do": "burn"}).status_code == 422
    assert browser.get(here).content.decode().count("待核实材料") == 2
    plan = cases.plan_of(body, request=request)
    there = url("batch_plan", plan.pk)
    assert browser.post(there, {"do": "bind"}).status_code == 302
    assert Application.objects.filter(plan=plan, state="accepted").count() == 57


def test_a_school_uploads_sees_its_faults_and_gets_a_coloured_copy(
    school: Person, now: datetime, client_for: SignIn
) -> None:
    request = cases.request_of(school)
    browser = client_for(school, now)
    template = load_workbook(io.BytesIO(browser.get(url("roster_template", "A33")).content)).active
    assert [cell.value for cell in template[1]][:2] == ["序号", "职业工种名称"]
    sent = {"target": f"request-{request.pk}", "mode": "add", "file": cases.upload(cases.FAULTY), "_once": "u1"}
    answer = browser.post(url("roster_upload"), sent)
    roster = Roster.objects.get()
    assert answer.url == url("roster", roster.pk)
    page = browser.get(answer.url).content.decode()
    assert "有错误，未导入" in page
    assert "证件号码校验位不对" in page
    copy = load_workbook(io.BytesIO(browser.get(url("roster_copy", roster.pk)).content)).active
    heading = [cell.value for cell in copy[1]]
    assert heading[-1] == "错误说明"
    assert copy.cell(3, heading.index("证件号码") + 1).fill.fgColor.rgb == "FFF8CBAD"
    assert "证件号码" in copy.cell(3, len(heading)).value
    assert all(cell.data_type != "f" for line in copy.iter_rows() for cell in line)
    wrong = {**sent, "file": cases.written([["姓名"], ["韦"]]), "_once": "u2"}
    refused = browser.post(url("roster_upload"), wrong)
    assert refused.status_code == 422
    assert "找不到花名册的表头" in refused.content.decode()


def test_a_clerk_enters_one_person(school: Person, now: datetime, client_for: SignIn) -> None:
    request = cases.request_of(school)
    browser = client_for(school, now)
    claim = cases.claim()
    wrong, target = claim.number[:-1] + "A", f"request-{request.pk}"
    typed = {"kind": claim.kind, "number": wrong, "name": claim.name, "target": target}
    refused = browser.post(url("enter"), typed)
    assert refused.status_code == 422
    assert claim.name in refused.content.decode()
    assert browser.post(url("enter"), {**typed, "number": claim.number}).status_code == 302
    assert browser.post(url("enter"), {**typed, "number": claim.number}).status_code == 409


def test_no_way_across_people_and_organisations(
    candidate: Person, body: Person, other_body: Person, school: Person, now: datetime, client_for: SignIn
) -> None:
    application = cases.submitted(candidate, cases.plan_of(body), now)
    proof = application.proofs.first()
    assert proof is not None
    request = cases.request_of(school)
    roster = actions.import_roster(by=school, now=now, upload=cases.upload(), request_id=request.pk)
    forms = [url("form_pdf", application.pk), url("form_docx", application.pk), url("part", application.pk, "work")]
    pages = [url("detail", application.pk), url("proof", application.pk, proof.pk), url("photo", application.pk)]
    for stranger in (other_body, school, factories.make_candidate()):
        browser = client_for(stranger, now)
        assert {browser.get(page).status_code for page in (*pages, *forms)} == {404}
        assert browser.post(url("step", application.pk, "withdraw"), {"note": "x"}).status_code == 404
        assert browser.post(url("autosave", application.pk, "person"), {"phone": "1"}).status_code in (404,)
    for stranger in (other_body, factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))):
        browser = client_for(stranger, now)
        assert browser.get(url("roster", roster.pk)).status_code == 404
        assert browser.get(url("roster_copy", roster.pk)).status_code == 404
    assert client_for(other_body, now).get(url("batch_request", request.pk)).status_code == 404


@pytest.mark.parametrize("page", ["list", "rosters", "batches"])
def test_each_list_asks_as_much_at_three_rows_as_at_one(
    page: str, school: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    browser = client_for(body, now)

    def add(first: int) -> None:
        request = cases.request_of(school, body)
        actions.import_roster(by=school, now=now, upload=cases.many(1, first), request_id=request.pk)

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(url(page)).status_code == 200
        return len(caught)

    add(0)
    browser.get(url(page))
    one = statements()
    add(1)
    add(2)
    assert statements() == one


def test_a_candidates_list_asks_as_much_at_three_as_at_one(
    candidate: Person, body: Person, now: datetime, client_for: SignIn
) -> None:
    browser = client_for(candidate, now)

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(url("mine")).status_code == 200
            assert browser.get(url("apply")).status_code == 200
        return len(caught)

    cases.submitted(candidate, cases.plan_of(body), now)
    statements()
    one = statements()
    for _turn in range(2):
        cases.submitted(candidate, cases.plan_of(body), now)
    assert statements() == one
