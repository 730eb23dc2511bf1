"""Rosters (四（四））: whole or not at all, every fault at once, the same file twice changes nothing (11, 21, 22)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiangheng.applications import actions, queries
from jiangheng.applications.models import Application, Roster
from jiangheng.bodies.models import Organisation
from jiangheng.journal.models import Entry
from jiangheng.people.models import Identity
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()


def taken_in(by: Person, now: datetime, upload: object | None = None, **given: object) -> Roster:
    return actions.import_roster(by=by, now=now, upload=upload or cases.upload(), **given)


def test_the_clean_roster_of_sixty_comes_in_whole(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    roster = taken_in(school, now, request_id=request.pk)
    assert (roster.rows, roster.imported, roster.faults) == (60, 60, [])
    rows = Application.objects.filter(request=request)
    assert Counter(rows.values_list("state", flat=True)) == {"submitted": 60}
    assert Counter(rows.values_list("verdict", flat=True)) == {"met": 57, "not_evidenced": 2, "not_met": 1}
    assert set(rows.values_list("sponsor_id", "roster_id")) == {(school.organisation_id, roster.pk)}
    assert len(set(rows.values_list("number", flat=True))) == 60
    assert Identity.objects.filter(name__in=["韦𬭎𬱖", "阿依古丽·买买提", "覃㛃"]).count() == 3


def test_no_identity_number_reaches_the_form_or_the_journal(school: Person, now: datetime) -> None:
    taken_in(school, now, request_id=cases.request_of(school).pk)
    told = json.dumps(list(Entry.objects.values("note", "before", "after")), ensure_ascii=False)
    forms = json.dumps(list(Application.objects.values_list("form", "judgement")), ensure_ascii=False)
    assert "450224199204116571" not in told + forms


def test_the_faulty_roster_tells_every_keyed_fault_and_enters_nobody(school: Person, now: datetime) -> None:
    key = json.loads(cases.KEY.read_text())
    roster = taken_in(school, now, cases.upload(cases.FAULTY), request_id=cases.request_of(school).pk)
    told = {(fault["row"], fault["column"]) for fault in roster.faults}
    wanted = {(each["row"], each["column"]) for each in key}
    # Row 23 says 否 and has neither level nor number, like every honest row of its route: there is no fault in it.
    assert wanted - told == {(23, "证书编号")}
    sheet = cases.load_workbook(cases.FAULTY).active
    assert [cell.value for cell in sheet[23]][10:13] == ["否", None, None]
    warnings = {(f["row"], f["column"]) for f in roster.faults if f["severity"] == "warning"}
    assert (13, "手机号码") in warnings
    assert roster.imported == 0
    assert (Application.objects.count(), Identity.objects.count()) == (0, 0)


@pytest.mark.parametrize("mode", ["add", "cover", "skip"])
def test_the_same_file_again_changes_nothing(school: Person, now: datetime, mode: str) -> None:
    request = cases.request_of(school)
    taken_in(school, now, request_id=request.pk)
    before = list(Application.objects.order_by("pk").values())
    again = taken_in(school, now, request_id=request.pk, mode=mode)
    assert again.faults == []
    assert again.summary["new"] == again.summary["covered"] == 0
    assert list(Application.objects.order_by("pk").values()) == before


def test_a_changed_row_is_told_covered_or_passed_over_by_mode(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    taken_in(school, now, request_id=request.pk)
    other = {(2, "手机号码"): "13900000009"}
    added = taken_in(school, now, cases.changed(other), request_id=request.pk)
    assert [fault["code"] for fault in added.faults] == ["application.differs"]
    assert added.imported == 0
    skipped = taken_in(school, now, cases.changed(other), request_id=request.pk, mode="skip")
    assert skipped.summary["skipped"] == 60
    assert not Application.objects.filter(phone="13900000009").exists()
    covered = taken_in(school, now, cases.changed(other), request_id=request.pk, mode="cover")
    assert (covered.summary["covered"], covered.summary["same"]) == (1, 59)
    assert Application.objects.filter(phone="13900000009").count() == 1
    assert Application.objects.count() == 60


def test_an_accepted_person_is_not_overwritten(school: Person, body: Person, now: datetime) -> None:
    request = cases.request_of(school, body)
    taken_in(school, now, request_id=request.pk)
    actions.judge_all(by=body, now=now, request_id=request.pk)
    roster = taken_in(school, now, cases.changed({(2, "手机号码"): "13900000009"}), request_id=request.pk, mode="cover")
    assert [fault["code"] for fault in roster.faults if fault["severity"] == "error"] == ["application.accepted"]


def test_both_forms_of_a_number_are_one_person_in_a_file(school: Person, now: datetime) -> None:
    first = "450224199204116571"
    upload = cases.changed(
        {(3, "证件号码"): first[:6] + first[8:17], (3, "出生日期"): None, (3, "性别"): None, (3, "姓名"): "赵东晓"},
        rows=2,
    )
    roster = taken_in(school, now, upload, request_id=cases.request_of(school).pk)
    assert "identity.duplicate" in {fault["code"] for fault in roster.faults}
    assert Application.objects.count() == 0


def test_a_number_known_under_another_name_stops_the_import(school: Person, now: datetime) -> None:
    factories.make_identity("450224199204116571", name="赵某")
    roster = taken_in(school, now, request_id=cases.request_of(school).pk)
    assert [(f["row"], f["code"]) for f in roster.faults] == [(2, "identity.name_differs")]
    assert (Application.objects.count(), Identity.objects.count()) == (0, 1)


def test_another_batch_is_named_by_its_public_plan_only(
    school: Person, body: Person, other_body: Person, now: datetime
) -> None:
    plan = cases.plan_of(other_body, title="别家的计划")
    taken_in(other_body, now, cases.changed({}, rows=1), plan_id=plan.pk)
    roster = taken_in(school, now, request_id=cases.request_of(school, body).pk)
    assert [(f["row"], f["severity"], f["code"], f["params"]) for f in roster.faults] == [
        (2, "warning", "application.elsewhere", {"plan": plan.number})
    ]
    assert "别家的计划" not in json.dumps(roster.faults, ensure_ascii=False)
    assert roster.imported == 60
    outcome = actions.judge_all(by=body, now=now, request_id=roster.request_id)
    assert (outcome.accepted, outcome.not_accepted, outcome.by_hand) == (56, 1, 3)


@pytest.mark.parametrize(
    ("kind", "role", "code"),
    [("technical_school", Role.BODY, "service.students"), ("employer_body", Role.BODY, "service.staff")],
)
def test_schools_send_only_their_students_and_employers_only_their_staff(
    now: datetime, kind: str, role: Role, code: str
) -> None:
    organisation = factories.make_organisation(kind, name="示例单位甲")
    factories.make_filing(organisation, service_objects="own_students" if kind == "technical_school" else "own_staff")
    by = factories.make_person(role, organisation)
    plan = cases.plan_of(by)
    roster = taken_in(by, now, plan_id=plan.pk)
    assert {fault["code"] for fault in roster.faults} == {code}
    assert len(roster.faults) == 60
    assert Application.objects.count() == 0
    source = {"technical_school": "学校(在校生)", "employer_body": "企业"}[kind]
    edits = {(row, "所在单位"): "示例单位甲" for row in range(2, 62)} | {
        (row, "考生来源"): source for row in range(2, 62)
    }
    assert taken_in(by, now, cases.changed(edits), plan_id=plan.pk).imported == 60


def test_an_unfiled_employer_sends_only_its_own_staff(now: datetime) -> None:
    by = factories.make_person(Role.EMPLOYER, factories.make_organisation("employer", name="示例单位乙"))
    roster = taken_in(by, now, request_id=cases.request_of(by).pk)
    assert {fault["code"] for fault in roster.faults} == {"service.staff"}


def test_wrong_role_organisation_state_and_time_are_refused(
    school: Person, body: Person, other_body: Person, candidate: Person, centre: Person, now: datetime
) -> None:
    request = cases.request_of(school)
    stranger = factories.make_person(Role.SCHOOL, factories.make_organisation("training_school"))
    plan = cases.plan_of(body)

    def refused(by: Person, **given: object) -> tuple[str, int]:
        with pytest.raises(Refusal) as caught:
            taken_in(by, now, **given)
        return caught.value.code, caught.value.status

    assert refused(candidate, request_id=request.pk) == ("deed.role", 403)
    assert refused(centre, plan_id=plan.pk) == ("deed.role", 403)
    assert refused(stranger, request_id=request.pk) == ("record.none", 404)
    assert refused(other_body, plan_id=plan.pk) == ("record.none", 404)
    assert refused(school, request_id=request.pk, mode="wipe") == ("roster.mode", 422)
    request.state = "cancelled"
    request.save()
    assert refused(school, request_id=request.pk) == ("request.over", 409)
    with pytest.raises(Refusal) as caught:
        taken_in(body, factories.moment("2026-06-15 18:01"), plan_id=plan.pk)
    assert caught.value.code == "application.closed"


def test_a_wrong_template_an_empty_sheet_and_a_broken_file_are_refused(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    uploads = {
        "roster.template": cases.written([["姓名", "电话"], ["韦", "1"]]),
        "roster.empty": cases.written([list(_heading())]),
        "workbook.broken": cases.SimpleUploadedFile("a.xlsx", b"PK\x03\x04nothing"),
        "upload.kind": cases.photo(),
    }
    for code, upload in uploads.items():
        with pytest.raises(Refusal) as caught:
            taken_in(school, now, upload, request_id=request.pk)
        assert caught.value.code == code
        assert 400 <= caught.value.status < 500
    assert Roster.objects.count() == 0


def _heading() -> tuple[str, ...]:
    from jiangheng.rules.roster import templates

    return templates()[0].columns


def test_the_number_of_statements_does_not_grow_with_the_rows(school: Person, now: datetime) -> None:
    def statements(count: int, first: int) -> int:
        request = cases.request_of(school)
        upload = cases.many(count, first)
        with CaptureQueriesContext(connection) as caught:
            assert taken_in(school, now, upload, request_id=request.pk).imported == count
        return len(caught)

    statements(3, 0)
    assert statements(9, 10) == statements(3, 50)


def test_a_school_imports_into_a_request_that_already_has_its_plan(school: Person, body: Person, now: datetime) -> None:
    request = cases.request_of(school, body)
    plan = cases.plan_of(body, request=request)
    taken_in(school, now, request_id=request.pk)
    assert queries.of_plan(plan.pk, ("submitted",)).count() == 60
    assert set(Application.objects.values_list("body_id", flat=True)) == {body.organisation_id}
    assert Organisation.objects.get(pk=body.organisation_id).applications.count() == 60
