"""四（四）: rolled up, reported with a receipt, received or returned, corrected with the old value kept, exported."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from jiangheng.applications import actions
from jiangheng.applications.models import Application, CandidateReport, CandidateReportRevision, Correction
from jiangheng.applications.queries import candidate_reports
from jiangheng.journal.models import Entry
from jiangheng.plans.models import Plan
from jiangheng.rules import roster
from jiangheng.rules.applications import candidate_report as rules
from jiangheng.rules.roles import Person
from tests import factories
from tests.applications import cases
from tests.asking import refusal

PHOTOS = "照片由报名单位统一采集"


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()


def accepted(school: Person, body: Person, now: datetime, people: int = 5) -> Plan:
    """A plan with ``people`` accepted applications entered by the school."""
    request = cases.request_of(school, body)
    plan = cases.plan_of(body, request=request)
    actions.import_roster(by=school, now=now, upload=cases.many(people), request_id=request.pk)
    actions.judge_all(by=body, now=now, plan_id=plan.pk)
    return plan


@pytest.fixture
def plan(school: Person, body: Person, now: datetime) -> Plan:
    return accepted(school, body, now)


@pytest.fixture
def opened(plan: Plan, body: Person, now: datetime) -> CandidateReport:
    return actions.open_candidate_report(by=body, now=now, plan_id=plan.pk)


@pytest.fixture
def reported(opened: CandidateReport, body: Person, now: datetime) -> CandidateReport:
    return actions.report_candidate_report(by=body, now=now, candidate_report_id=opened.pk, note=PHOTOS)


def someone(candidate_report: CandidateReport) -> Application:
    found = Application.objects.filter(plan_id=candidate_report.plan_id, state="accepted").order_by("id").first()
    assert found is not None
    return found


def fix(candidate_report: CandidateReport, body: Person, now: datetime, **values: str) -> CandidateReport:
    return actions.correct_candidate_report(
        by=body,
        now=now,
        candidate_report_id=candidate_report.pk,
        application_id=someone(candidate_report).pk,
        values=values,
        note="与户口簿核对",
    )


def test_a_plan_has_one_roll_up_with_a_day_to_report_by(opened: CandidateReport, body: Person, now: datetime) -> None:
    assert actions.open_candidate_report(by=body, now=now, plan_id=opened.plan_id).pk == opened.pk
    assert opened.number == f"HZ{opened.plan.number}"
    assert opened.due_on.isoformat() == "2026-06-25"


def test_only_the_plans_own_body_rolls_up_an_accepted_plan(
    plan: Plan, body: Person, other_body: Person, school: Person, now: datetime
) -> None:
    assert refusal(actions.open_candidate_report, by=other_body, now=now, plan_id=plan.pk).status == 404
    assert refusal(actions.open_candidate_report, by=school, now=now, plan_id=plan.pk).status == 403
    Plan.objects.filter(pk=plan.pk).update(state="submitted")
    assert refusal(actions.open_candidate_report, by=body, now=now, plan_id=plan.pk).code == "candidate_report.plan"


def test_a_report_is_numbered_counted_and_kept(reported: CandidateReport) -> None:
    kept = CandidateReportRevision.objects.get(candidate_report=reported)
    assert (reported.state, reported.revision, reported.people, kept.people) == ("reported", 1, 5, 5)
    assert kept.counts[0]["people"] == 5
    assert kept.counts[0]["men"] == 5
    assert kept.late is False
    assert kept.digest == rules.digest(row for row, _key in candidate_reports.reported(reported, 1))
    assert Entry.objects.filter(record_kind="candidate_report", verb="report", clause="四（四）").count() == 1


def test_what_the_checks_ask_must_be_answered(opened: CandidateReport, body: Person, now: datetime) -> None:
    assert (
        refusal(actions.report_candidate_report, by=body, now=now, candidate_report_id=opened.pk).code
        == "candidate_report.words"
    )
    row = someone(opened)
    Application.objects.filter(pk=row.pk).update(form={**row.form, "民族": ""})
    found = refusal(actions.report_candidate_report, by=body, now=now, candidate_report_id=opened.pk, note=PHOTOS)
    assert (found.code, found.clause, found.status) == ("candidate_report.faults", "四（四）", 422)
    assert CandidateReport.objects.get(pk=opened.pk).state == "draft"


def test_a_late_report_says_so(opened: CandidateReport, body: Person) -> None:
    late = factories.moment("2026-06-26 09:00")
    actions.report_candidate_report(by=body, now=late, candidate_report_id=opened.pk, note=PHOTOS)
    assert CandidateReportRevision.objects.get(candidate_report=opened).late is True


def test_the_centre_receives_or_returns_with_reasons(
    reported: CandidateReport, centre: Person, body: Person, now: datetime
) -> None:
    assert refusal(actions.receive_candidate_report, by=body, now=now, candidate_report_id=reported.pk).status == 403
    found = refusal(actions.return_candidate_report, by=centre, now=now, candidate_report_id=reported.pk, note=" ")
    assert found.code == "flow.reason"
    assert (
        actions.return_candidate_report(by=centre, now=now, candidate_report_id=reported.pk, note="请核对补考").state
        == "returned"
    )
    again = actions.report_candidate_report(by=body, now=now, candidate_report_id=reported.pk, note=PHOTOS)
    stale = refusal(
        actions.receive_candidate_report, by=centre, now=now, candidate_report_id=reported.pk, seen=again.version - 1
    )
    assert (stale.code, stale.status) == ("record.stale", 409)
    received = actions.receive_candidate_report(by=centre, now=now, candidate_report_id=reported.pk, seen=again.version)
    assert (received.state, received.revision) == ("received", 2)
    assert (
        refusal(actions.receive_candidate_report, by=centre, now=now, candidate_report_id=reported.pk).code
        == "flow.state"
    )


def test_a_correction_keeps_the_old_value_and_bumps_the_revision(
    reported: CandidateReport, body: Person, centre: Person, now: datetime
) -> None:
    before = someone(reported)
    digest = CandidateReportRevision.objects.get(candidate_report=reported, number=1).digest
    corrected = fix(reported, body, now, 民族="汉", 手机号码="13900000099")
    assert (corrected.state, corrected.revision) == ("corrected", 2)
    rows = {each.column: each for each in Correction.objects.filter(candidate_report=reported)}
    assert (rows["民族"].old, rows["民族"].new) == (before.form["民族"], "汉")
    assert (rows["民族"].reason, rows["民族"].clause, rows["民族"].by_name) == ("与户口簿核对", "四（四）", body.name)
    after = someone(reported)
    assert (after.form["民族"], after.phone, after.version) == ("汉", "13900000099", before.version + 1)
    assert rules.digest(row for row, _key in candidate_reports.reported(corrected, 1)) == digest
    assert CandidateReportRevision.objects.get(candidate_report=reported, number=2).digest != digest
    assert actions.receive_candidate_report(by=centre, now=now, candidate_report_id=reported.pk).state == "received"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"姓名": "别人"}, "correction.column"),
        ({"证件号码": "1"}, "correction.column"),
        ({"民族": "火星"}, "correction.invalid"),
        ({"手机号码": "12"}, "correction.invalid"),
        ({}, "correction.same"),
    ],
)
def test_a_bad_correction_changes_nothing(
    reported: CandidateReport, body: Person, now: datetime, values: dict[str, str], code: str
) -> None:
    before = Application.objects.values().get(pk=someone(reported).pk)
    found = refusal(fix, candidate_report=reported, body=body, now=now, **values)
    assert (found.code, found.clause) == (code, "四（四）")
    assert Application.objects.values().get(pk=before["id"]) == before
    assert CandidateReport.objects.get(pk=reported.pk).revision == 1


def test_a_correction_asks_why_and_is_the_bodys_own(
    reported: CandidateReport, body: Person, other_body: Person, centre: Person, now: datetime
) -> None:
    given = {
        "now": now,
        "candidate_report_id": reported.pk,
        "application_id": someone(reported).pk,
        "values": {"民族": "汉"},
    }
    assert refusal(actions.correct_candidate_report, by=body, note=" ", **given).code == "flow.reason"
    assert refusal(actions.correct_candidate_report, by=other_body, note="改", **given).status == 404
    assert refusal(actions.correct_candidate_report, by=centre, note="改", **given).status == 403


def test_before_a_report_there_is_nothing_to_correct(opened: CandidateReport, body: Person, now: datetime) -> None:
    assert refusal(fix, candidate_report=opened, body=body, now=now, 民族="汉").status == 404


def test_what_was_kept_is_never_changed_in_the_database(reported: CandidateReport, body: Person, now: datetime) -> None:
    fix(reported, body, now, 民族="汉")
    for model in (Correction, CandidateReportRevision):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(by_name="别人")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.all().delete()


def test_an_acceptance_that_was_reported_is_not_undone(reported: CandidateReport, body: Person, now: datetime) -> None:
    assert refusal(actions.undo, by=body, now=now, application_id=someone(reported).pk).code == "review.in_use"


def test_those_accepted_later_are_reported_again(
    reported: CandidateReport, school: Person, body: Person, centre: Person, now: datetime
) -> None:
    actions.receive_candidate_report(by=centre, now=now, candidate_report_id=reported.pk)
    found = refusal(actions.report_candidate_report, by=body, now=now, candidate_report_id=reported.pk, note=PHOTOS)
    assert found.code == "candidate_report.nothing_new"
    more = cases.many(2, first=10)
    actions.import_roster(by=school, now=now, upload=more, request_id=reported.plan.request_id)
    actions.judge_all(by=body, now=now, plan_id=reported.plan_id)
    again = actions.report_candidate_report(by=body, now=now, candidate_report_id=reported.pk, note=PHOTOS)
    assert (again.revision, again.people) == (2, 7)
    assert len(candidate_reports.reported(again, 1)) == 5
    assert len(candidate_reports.reported(again, 2)) == 7


def test_the_workbook_is_in_the_template_whole_and_safe(
    reported: CandidateReport, body: Person, centre: Person, now: datetime
) -> None:
    row = someone(reported)
    Application.objects.filter(pk=row.pk).update(form={**row.form, "所在单位": "=1+1"})
    name, data = actions.export_candidate_report(by=centre, now=now, candidate_report_id=reported.pk, revision=1)
    assert name.endswith(".xlsx")
    lines = list(load_workbook(io.BytesIO(data)).active.iter_rows())
    template = next(each for each in roster.templates() if each.id == "A33")
    assert tuple(cell.value for cell in lines[0]) == template.columns
    number, unit = template.columns.index("证件号码"), template.columns.index("所在单位")
    assert [cell.value for cell in (line[0] for line in lines[1:])] == [1, 2, 3, 4, 5]
    assert all(len(str(line[number].value)) == 18 for line in lines[1:])
    assert lines[1][unit].value == "=1+1"
    assert lines[1][unit].data_type == "s"
    entry = Entry.objects.get(record_kind="candidate_report", verb="candidate_report.export")
    assert entry.after == {"revision": 1, "people": 5, "as_reported": False}
    assert Entry.objects.filter(action="candidate_report.export", record_kind="identity").count() == 5


def test_the_pages_of_a_roll_up_and_its_receipt(
    reported: CandidateReport,
    body: Person,
    centre: Person,
    other_body: Person,
    now: datetime,
    client_for: Callable[..., Client],
) -> None:
    page = reverse("applications:candidate_report", args=[reported.pk])
    for person in (body, centre):
        assert client_for(person, now).get(page).status_code == 200
    assert client_for(other_body, now).get(page).status_code == 404
    answer = client_for(centre, now).get(reverse("applications:candidate_report_receipt", args=[reported.pk, 1]))
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1


def test_a_correction_by_the_page(
    reported: CandidateReport, body: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    row = someone(reported)
    browser = client_for(body, now)
    page = reverse("applications:candidate_report_correct", args=[reported.pk, row.pk])
    form = browser.get(page).context["form"]
    given = {name: form[name].value() or "" for name in form.column_names}
    names = {column: name for name, column in form.columns.items()}
    given |= {names["专业"]: "电气自动化", "reason": "毕业证核对", "_seen": reported.version}
    assert browser.post(page, given).status_code == 302
    assert [each.column for each in Correction.objects.all()] == ["专业"]
    assert browser.post(page, {**given, names["专业"]: "机电"}).status_code == 409
    seen = browser.get(reverse("applications:candidate_report", args=[reported.pk])).content.decode()
    assert "毕业证核对" in seen
    assert "电气自动化" in seen


def test_the_list_asks_as_often_for_three_as_for_one(
    school: Person, body: Person, centre: Person, now: datetime, client_for: Callable[..., Client]
) -> None:
    asked = []
    browser = client_for(centre, now)
    for rounds in (1, 2):
        for _ in range(rounds):
            made = cases.plan_of(body)
            cases.submitted(factories.make_candidate(), made, now, 手机号码=f"138{made.pk:08d}")
            actions.judge_all(by=body, now=now, plan_id=made.pk)
            for each in Application.objects.filter(plan=made, state="submitted"):
                actions.accept(by=body, now=now, application_id=each.pk, note="已核对")
            opened = actions.open_candidate_report(by=body, now=now, plan_id=made.pk)
            actions.report_candidate_report(by=body, now=now, candidate_report_id=opened.pk, note=PHOTOS)
        browser.get(reverse("applications:candidate_reports"))
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse("applications:candidate_reports")).status_code == 200
        asked.append(len(captured))
    assert asked[0] == asked[1]
