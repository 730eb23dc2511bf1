"""A roster checked, shown, confirmed or given up (四（四）): nobody is entered before the confirmation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiangheng.applications import actions
from jiangheng.applications.actions import roster_steps
from jiangheng.applications.models import Application, Roster
from jiangheng.journal import delivery
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people.models import Identity, Membership
from jiangheng.plans.models import Request
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.site import jobs
from jiangheng.values.models import Parameter
from tests import factories
from tests.applications import cases

SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    cases.catalogue()


def url(name: str, *args: object) -> str:
    return reverse(f"applications:{name}", args=args)


def checked(by: Person, now: datetime, upload: Any | None = None, **given: Any) -> Roster:
    return actions.check_roster(by=by, now=now, upload=upload or cases.upload(), **given)


def test_a_check_tells_what_importing_would_do_and_enters_nobody(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    roster = checked(school, now, request_id=request.pk)
    assert (roster.state, roster.rows, roster.imported) == ("checked", 60, 0)
    assert roster.summary == {"new": 60, "covered": 0, "same": 0, "skipped": 0}
    assert (Application.objects.count(), Identity.objects.count()) == (0, 0)
    done = actions.confirm_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version)
    assert (done.state, done.imported, Application.objects.count()) == ("imported", 60, 60)
    assert [entry.verb for entry in Entry.objects.filter(record_kind="roster").order_by("id") if entry.to_state] == [
        "pass",
        "confirm",
        "take",
    ]


def test_the_counts_follow_the_mode(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    actions.import_roster(by=school, now=now, upload=cases.changed({}, rows=5), request_id=request.pk)
    upload = {(2, "手机号码"): "13900000009"}

    def told(mode: str) -> tuple[str, dict[str, int]]:
        roster = checked(school, now, cases.changed(upload), request_id=request.pk, mode=mode)
        return roster.state, roster.summary

    assert told("cover") == ("checked", {"new": 55, "covered": 1, "same": 4, "skipped": 0})
    assert told("skip") == ("checked", {"new": 55, "covered": 0, "same": 0, "skipped": 5})
    assert told("add") == ("faulty", {})
    assert not Application.objects.filter(phone="13900000009").exists()


def test_with_an_error_there_is_nothing_to_confirm(school: Person, now: datetime) -> None:
    roster = checked(school, now, cases.upload(cases.FAULTY), request_id=cases.request_of(school).pk)
    assert roster.state == "faulty"
    assert roster.counts["errors"] == sum(fault["severity"] == "error" for fault in roster.faults) > 0
    with pytest.raises(Refusal) as refused:
        actions.confirm_roster(by=school, now=now, roster_id=roster.pk)
    assert refused.value.status == 409
    assert Application.objects.count() == 0


def test_what_changed_since_the_check_is_found_at_the_confirmation(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    roster = checked(school, now, request_id=request.pk)
    upload = cases.changed({(2, "手机号码"): "13900000009"}, rows=1)
    actions.import_roster(by=school, now=now, upload=upload, request_id=request.pk)
    done = actions.confirm_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version)
    assert (done.state, done.imported, [each["code"] for each in done.faults]) == ("faulty", 0, ["application.differs"])
    assert Application.objects.count() == 1


def test_a_cancelled_roster_enters_nobody_and_cannot_be_confirmed(school: Person, now: datetime) -> None:
    roster = checked(school, now, request_id=cases.request_of(school).pk)
    assert actions.cancel_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version).state == "cancelled"
    for step in (actions.confirm_roster, actions.cancel_roster):
        with pytest.raises(Refusal) as refused:
            step(by=school, now=now, roster_id=roster.pk)
        assert refused.value.status == 409
    assert Application.objects.count() == 0


def test_only_the_sender_confirms_or_cancels_and_only_what_it_saw(
    school: Person, body: Person, centre: Person, now: datetime
) -> None:
    roster = checked(school, now, request_id=cases.request_of(school, body).pk)
    stranger = factories.make_person(school.role, factories.make_organisation("training_school"))
    for by, status in ((stranger, 404), (body, 404), (centre, 403)):
        for step in (actions.confirm_roster, actions.cancel_roster):
            with pytest.raises(Refusal) as refused:
                step(by=by, now=now, roster_id=roster.pk)
            assert refused.value.status == status
    with pytest.raises(Refusal) as stale:
        actions.confirm_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version - 1)
    assert stale.value.code == "record.stale"
    roster.refresh_from_db()
    assert roster.state == "checked"


def test_after_the_request_is_closed_nothing_is_confirmed(school: Person, now: datetime) -> None:
    request = cases.request_of(school)
    roster = checked(school, now, request_id=request.pk)
    Request.objects.filter(pk=request.pk).update(state="cancelled")
    with pytest.raises(Refusal) as refused:
        actions.confirm_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version)
    assert refused.value.code == "request.over"
    assert Application.objects.count() == 0


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every workbook is one for the worker."""
    delivery.register(jobs.JOBS)
    Parameter.objects.create(key="roster_at_once_kb", value=1, valid_from=date(2020, 1, 1))


def worked(now: datetime) -> None:
    assert delivery.run_once(now) > 0
    assert not Outgoing.objects.filter(channel="job", done_at=None).exists()


@pytest.mark.usefixtures("large")
def test_a_large_one_is_checked_and_entered_by_the_worker(school: Person, now: datetime) -> None:
    roster = checked(school, now, request_id=cases.request_of(school).pk)
    assert (roster.state, roster.total) == ("waiting", 0)
    worked(now)
    roster.refresh_from_db()
    assert (roster.state, roster.total, roster.summary["new"]) == ("checked", 61, 60)
    confirmed = actions.confirm_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version)
    assert (confirmed.state, Application.objects.count()) == ("entering", 0)
    worked(now)
    roster.refresh_from_db()
    assert (roster.state, roster.imported, Application.objects.count()) == ("imported", 60, 60)
    Outgoing.objects.filter(channel="job").update(done_at=None, claimed_at=None)
    worked(now)
    assert Application.objects.count() == 60


@pytest.mark.usefixtures("large")
def test_the_worker_leaves_a_cancelled_one_alone(school: Person, now: datetime) -> None:
    roster = checked(school, now, request_id=cases.request_of(school).pk)
    actions.cancel_roster(by=school, now=now, roster_id=roster.pk, seen=roster.version)
    worked(now)
    roster.refresh_from_db()
    assert (roster.state, roster.faults, Application.objects.count()) == ("cancelled", [], 0)


@pytest.mark.usefixtures("large")
def test_the_worker_stops_where_it_is_cancelled_meanwhile(
    school: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = checked(school, now, request_id=cases.request_of(school).pk)
    note = roster_steps.progress

    def cancelled_first(**given: Any) -> None:
        Roster.objects.filter(pk=roster.pk, state="waiting").update(state="cancelled", version=9)
        note(**given)

    monkeypatch.setattr(roster_steps, "progress", cancelled_first)
    worked(now)
    roster.refresh_from_db()
    assert (roster.state, roster.rows) == ("cancelled", 0)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("broken", ["template", "account", "closed"])
def test_what_the_worker_cannot_go_on_with_is_told(school: Person, now: datetime, broken: str) -> None:
    request = cases.request_of(school)
    upload = cases.written([["姓名"], ["韦"]]) if broken == "template" else None
    roster = checked(school, now, upload, request_id=request.pk)
    if broken == "account":
        Membership.objects.filter(account_id=school.account_id).update(active=False)
    if broken == "closed":
        Request.objects.filter(pk=request.pk).update(state="cancelled")
    worked(now)
    roster.refresh_from_db()
    code = {"template": "roster.template", "account": "roster.nobody", "closed": "request.over"}[broken]
    assert (roster.state, [each["code"] for each in roster.faults]) == ("faulty", [code])


def test_more_faults_than_are_kept_are_counted_errors_first(school: Person, now: datetime) -> None:
    Parameter.objects.create(key="roster_faults_kept", value=10, valid_from=date(2020, 1, 1))
    edits: dict[tuple[int, str], Any] = {(row, "通讯地址"): " 柳州 " for row in range(2, 32)}
    edits |= {(row, "姓名"): None for row in range(40, 44)}
    roster = checked(school, now, cases.changed(edits), request_id=cases.request_of(school).pk)
    assert roster.counts == {"errors": 4, "warnings": 30, "bad_rows": 4}
    assert [each["severity"] for each in roster.faults].count("error") == 4
    assert len(roster.faults) == 10


def test_a_school_sees_confirms_and_finds_its_people(school: Person, now: datetime, client_for: SignIn) -> None:
    request = cases.request_of(school)
    browser = client_for(school, now)
    sent = {"target": f"request-{request.pk}", "mode": "add", "file": cases.upload(), "_once": "u1"}
    page = browser.post(url("roster_upload"), sent, follow=True).content.decode()
    roster = Roster.objects.get()
    assert "确认导入" in page
    assert "将新录入" in page
    assert "确认前还没有录入任何人" in page
    answer = browser.post(url("roster_step", roster.pk, "confirm"), {"_seen": roster.version}, follow=True)
    assert "已导入60人。" in answer.content.decode()
    again = browser.post(url("roster_step", roster.pk, "confirm"), {"_seen": roster.version})
    assert again.status_code == 409
    assert browser.get(url("roster_step", roster.pk, "confirm")).status_code == 405
    assert browser.post(url("roster_step", roster.pk, "burn")).status_code == 404


def test_faults_are_grouped_filtered_and_paged(school: Person, now: datetime, client_for: SignIn) -> None:
    edits: dict[tuple[int, str], Any] = {(row, "通讯地址"): " 柳州 " for row in range(2, 62)}
    edits[3, "姓名"] = None
    roster = checked(school, now, cases.changed(edits), request_id=cases.request_of(school).pk)
    browser = client_for(school, now)

    def listed(query: str) -> tuple[int, str]:
        page = browser.get(url("roster", roster.pk) + query).content.decode()
        return page.count('<td data-label="说明">'), page

    count, page = listed("")
    assert count == 50
    assert "必填项未填" in page
    assert "首尾空格" in page
    assert "1 / 2" in page
    assert listed("?page=2")[0] == 11
    assert listed("?severity=error")[0] == 1
    assert listed("?code=text.spaces&page=2")[0] == 10
    assert "code=text.spaces&amp;page=1" in listed("?code=text.spaces&page=2")[1]
    assert listed("?row=3")[0] == 2
    assert listed("?row=3&column=姓名")[0] == 1
    assert listed("?row=7&severity=error")[0] == 0
    assert listed("?row=abc&page=x")[0] == 50
    assert "下载检查结果" in page


@pytest.mark.usefixtures("large")
def test_a_page_under_way_shows_how_far_and_can_be_cancelled(school: Person, now: datetime, client_for: SignIn) -> None:
    roster = checked(school, now, request_id=cases.request_of(school).pk)
    Roster.objects.filter(pk=roster.pk).update(done=500, total=2000)
    browser = client_for(school, now + timedelta(seconds=5))
    page = browser.get(url("roster", roster.pk)).content.decode()
    assert 'http-equiv="refresh"' in page
    assert "25%" in page
    assert "确认导入" not in page
    answer = browser.post(url("roster_step", roster.pk, "cancel"), {"_seen": roster.version}, follow=True)
    assert "已取消，没有导入任何人。" in answer.content.decode()
