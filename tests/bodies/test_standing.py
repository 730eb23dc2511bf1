"""四（九）, 一: what becomes of a filing with its days, renewal and change, requests decided by another, reminders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies import actions, queries
from jiangheng.bodies.models import Filing, Organisation, Standing
from jiangheng.journal.models import Outgoing
from jiangheng.rules.given import FilingGiven
from jiangheng.rules.roles import SYSTEM, Person, Role
from jiangheng.site import jobs
from tests import factories
from tests.asking import refused
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
ROW = {"occupation_code": "6-31-01-03", "levels": "543"}
ASKED = ("6-31-01-03", "", 4)


def own(body: Person) -> int:
    return body.organisation_id or 0


def covered(body: Person, day: str) -> bool:
    return queries.scope_on(own(body), *ASKED, date.fromisoformat(day)) is not None


def test_every_step_has_its_day_and_its_document(centre: Person, body: Person) -> None:
    filing = Filing.objects.get(organisation_id=own(body))
    given = {"by": centre, "now": NOW, "filing_id": filing.pk, "note": "督导发现问题"}
    refused("filing.on", lambda: actions.suspend(**given, on=date(2019, 1, 1)))
    actions.suspend(**given, on=date(2026, 6, 10), document="柳认停〔2026〕1号")
    assert (covered(body, "2026-06-09"), covered(body, "2026-06-10")) == (True, False)
    refused("filing.due", lambda: actions.rectify(**given, on=date(2026, 6, 20), due=date(2026, 6, 19)))
    actions.rectify(**given, on=date(2026, 6, 20), due=date(2026, 7, 20), document="柳认整〔2026〕2号")
    rows = list(Standing.objects.values_list("kind", "since", "until", "due", "document"))
    assert rows == [
        ("suspended", date(2026, 6, 10), date(2026, 6, 19), None, "柳认停〔2026〕1号"),
        ("rectifying", date(2026, 6, 20), None, date(2026, 7, 20), "柳认整〔2026〕2号"),
    ]
    refused("filing.lifted_early", lambda: actions.resume(**given, on=date(2026, 6, 19)))
    actions.report(by=body, now=NOW, filing_id=filing.pk, note="已更换监控并重新培训")
    assert covered(body, "2026-07-01") is False, "reporting lifts nothing"
    actions.resume(**given, on=date(2026, 7, 10))
    assert (covered(body, "2026-07-09"), covered(body, "2026-07-10")) == (False, True)
    assert queries.rectifications() == []
    actions.revoke(**given, on=date(2026, 9, 1), document="柳认销〔2026〕3号")
    assert (covered(body, "2026-08-31"), covered(body, "2026-09-01")) == (True, False)
    refused("flow.state", lambda: actions.resume(**given))


def test_only_the_body_reports_and_only_its_own(centre: Person, body: Person, other_body: Person) -> None:
    filing = Filing.objects.get(organisation_id=own(body))
    actions.rectify(by=centre, now=NOW, filing_id=filing.pk, note="整改", due=date(2026, 7, 1))
    refused("deed.role", lambda: actions.report(by=centre, now=NOW, filing_id=filing.pk, note="好了"))
    refused("record.none", lambda: actions.report(by=other_body, now=NOW, filing_id=filing.pk, note="好了"))
    refused("flow.reason", lambda: actions.report(by=body, now=NOW, filing_id=filing.pk, note=""))
    refused("deed.role", lambda: actions.resume(by=body, now=NOW, filing_id=filing.pk, note="好了"))


def successor(body: Person, old: Filing, purpose: str, first: date, last: date, **given: Any) -> Filing:
    made = actions.draft_filing(
        by=body,
        now=NOW,
        organisation_id=own(body),
        given=FilingGiven(**{"valid_from": first, "valid_to": last, "scopes": [ROW], **given}),
        purpose=purpose,
        succeeds_id=old.pk,
    )
    return actions.submit(by=body, now=NOW, filing_id=made.pk)


def test_a_change_of_scope_takes_over_on_its_first_day(centre: Person, body: Person) -> None:
    old = Filing.objects.get(organisation_id=own(body))
    new = successor(body, old, "change", date(2026, 8, 1), date(2029, 12, 31), scopes=[{**ROW, "levels": "5"}])
    refused("filing.succeeded", lambda: successor(body, old, "renewal", date(2030, 1, 1), date(2032, 12, 31)))
    actions.file(by=centre, now=NOW, filing_id=new.pk, number="柳备2号")
    old.refresh_from_db()
    assert old.state == "replaced"
    assert (covered(body, "2026-07-31"), covered(body, "2026-08-01")) == (True, False)
    assert queries.require_scope(own(body), "6-31-01-03", "", 5, date(2026, 8, 1)).filing == "柳备2号"
    refused("filing.succeeded", lambda: successor(body, old, "change", date(2027, 1, 1), date(2028, 1, 1)))


def test_a_renewal_after_the_last_day_leaves_the_old_one_to_run_out(centre: Person, body: Person) -> None:
    old = Filing.objects.get(organisation_id=own(body))
    new = successor(body, old, "renewal", date(2030, 1, 1), date(2032, 12, 31))
    actions.file(by=centre, now=NOW, filing_id=new.pk, number="柳备2号")
    old.refresh_from_db()
    assert old.state == "active"
    assert covered(body, "2029-12-31")
    assert covered(body, "2030-01-01")
    assert not covered(body, "2033-01-01")


def test_no_filing_slips_past_a_suspension(centre: Person, body: Person) -> None:
    old = Filing.objects.get(organisation_id=own(body))
    new = successor(body, old, "change", date(2026, 6, 2), date(2029, 12, 31))
    actions.suspend(by=centre, now=NOW, filing_id=old.pk, note="考务混乱")
    refused("filing.halted", lambda: actions.file(by=centre, now=NOW, filing_id=new.pk, number="柳备2号"))
    new.refresh_from_db()
    assert new.state == "submitted"


def test_a_filing_that_is_neither_first_nor_names_its_predecessor_is_refused(body: Person, other_body: Person) -> None:
    old = Filing.objects.get(organisation_id=own(body))
    foreign = Filing.objects.get(organisation_id=own(other_body))
    ask = partial(actions.draft_filing, by=body, now=NOW, organisation_id=own(body))
    later = FilingGiven(valid_from=date(2026, 7, 1), valid_to=date(2030, 1, 1), scopes=[ROW])
    refused("filing.purpose", lambda: ask(given=later, purpose="renewal"))
    refused("filing.purpose", lambda: ask(given=later, succeeds_id=old.pk))
    refused("record.none", lambda: ask(given=later, purpose="change", succeeds_id=foreign.pk))
    same = replace(later, valid_from=old.valid_from)
    refused("filing.renewal_start", lambda: ask(given=same, purpose="change", succeeds_id=old.pk))


def asked(by: Person, body: Person, **given: Any) -> Any:
    return actions.propose_change(
        by=by,
        now=NOW,
        organisation_id=own(body),
        **{"kind": "name", "name": "示例新名评价中心", "reason": "更名", "effective_on": date(2026, 6, 1), **given},
    )


def test_a_change_of_name_is_decided_by_somebody_else(centre: Person, body: Person, other_body: Person) -> None:
    before = Organisation.objects.get(pk=own(body)).name
    change = asked(body, body, document="准予变更登记通知书")
    refused("change.waiting", lambda: asked(body, body))
    refused("record.none", lambda: actions.withdraw_change(by=other_body, now=NOW, change_id=change.pk))
    refused("deed.role", lambda: actions.approve_change(by=body, now=NOW, change_id=change.pk))
    actions.approve_change(by=centre, now=NOW, change_id=change.pk)
    assert Organisation.objects.get(pk=own(body)).name == "示例新名评价中心"
    assert queries.former_names(own(body)) == [(before, date(2026, 6, 1))]
    refused("flow.state", lambda: actions.approve_change(by=centre, now=NOW, change_id=change.pk))


def test_the_clerk_who_asked_does_not_agree(centre: Person, body: Person) -> None:
    change = asked(centre, body)
    assert refused("change.own", lambda: actions.approve_change(by=centre, now=NOW, change_id=change.pk)).status == 403
    second = factories.make_person(Role.CENTRE, Organisation.objects.get(pk=centre.organisation_id))
    refused("change.not_yours", lambda: actions.withdraw_change(by=second, now=NOW, change_id=change.pk))
    refused("flow.reason", lambda: actions.refuse_change(by=second, now=NOW, change_id=change.pk, note=""))
    assert actions.refuse_change(by=second, now=NOW, change_id=change.pk, note="材料不全").state == "refused"


def test_a_change_that_is_wrong_or_early_or_taken(centre: Person, body: Person, other_body: Person) -> None:
    for code, given in (
        ("change.kind", {"kind": "colour"}),
        ("change.reason", {"reason": " "}),
        ("change.name", {"name": ""}),
        ("change.address", {"kind": "site"}),
        ("record.none", {"kind": "end", "filing_id": 0}),
        ("change.same", {"name": Organisation.objects.get(pk=own(body)).name}),
    ):
        refused(code, lambda given=given: asked(body, body, **given))
    early = asked(body, body, effective_on=date(2026, 6, 2))
    refused("change.early", lambda: actions.approve_change(by=centre, now=NOW, change_id=early.pk))
    taken = asked(body, body, name=Organisation.objects.get(pk=own(other_body)).name)
    refused("organisation.taken", lambda: actions.approve_change(by=centre, now=NOW, change_id=taken.pk))
    taken.refresh_from_db()
    assert taken.state == "submitted"


def test_a_site_moves_and_a_filing_is_given_up(centre: Person, body: Person) -> None:
    new = asked(body, body, kind="site", name="新考点", address="示例路9号")
    actions.approve_change(by=centre, now=NOW, change_id=new.pk)
    venue = Organisation.objects.get(pk=own(body)).venues.get()
    moved = asked(body, body, kind="site", venue_id=venue.pk, name="新考点", address="示例路10号")
    actions.approve_change(by=centre, now=NOW, change_id=moved.pk)
    venue.refresh_from_db()
    assert venue.address == "示例路10号"
    filing = Filing.objects.get(organisation_id=own(body))
    end = asked(body, body, kind="end", name="", filing_id=filing.pk, effective_on=date(2026, 7, 1))
    actions.approve_change(by=centre, now=NOW, change_id=end.pk)
    assert (covered(body, "2026-06-30"), covered(body, "2026-07-01")) == (True, False)


def test_reminders_are_sent_once_to_body_and_centre(centre: Person, body: Person, other_body: Person) -> None:
    Filing.objects.filter(organisation_id=own(body)).update(valid_to=date(2026, 8, 30))
    soon = Filing.objects.get(organisation_id=own(body))
    jobs.daily(moment("2026-05-31 23:00"))
    assert Outgoing.objects.filter(key__startswith="filing-expiry").count() == 0, "91 days before"
    jobs.daily(NOW)
    jobs.daily(moment("2026-06-02 08:00"))
    rows = Outgoing.objects.filter(key__startswith=f"filing-expiry-{soon.pk}").order_by("id")
    assert [row.recipient_organisation_id for row in rows] == [body.organisation_id, centre.organisation_id]
    assert Outgoing.objects.filter(key__startswith="filing-expiry").count() == 2
    assert actions.remind(by=SYSTEM, now=NOW, days=90) == 0
    refused("deed.role", lambda: actions.remind(by=body, now=NOW, days=90))


def test_who_has_renewed_is_not_reminded(centre: Person, body: Person) -> None:
    Filing.objects.filter(organisation_id=own(body)).update(valid_to=date(2026, 8, 1))
    successor(body, Filing.objects.get(organisation_id=own(body)), "renewal", date(2026, 8, 2), date(2029, 8, 1))
    assert actions.remind(by=SYSTEM, now=NOW, days=90) == 0


def test_pages_of_change_and_expiry(centre: Person, body: Person, client_for: Callable[..., Client]) -> None:
    browser, office = client_for(body, NOW), client_for(centre, NOW)
    filing = Filing.objects.get(organisation_id=own(body))
    page = browser.get(f"/bodies/{own(body)}/filings/new/?purpose=renewal&succeeds={filing.pk}").content.decode()
    assert "2030-01-01" in page
    form = {"kind": "name", "name": "示例新名", "reason": "更名", "effective_on": "2026-06-01", "_once": "c1"}
    answer = browser.post(f"/bodies/{own(body)}/changes/new/", form)
    assert answer.status_code == 302
    assert browser.post(f"/bodies/{own(body)}/changes/new/", {**form, "_once": "c2"}).status_code == 409
    address = answer.headers["Location"]
    assert office.post(f"{address}approve/", {"_seen": "0"}).status_code == 302
    assert "曾用名" in browser.get(f"/bodies/{own(body)}/").content.decode()
    answer = office.post(
        f"/bodies/filings/{filing.pk}/rectify/", {"note": "限期整改", "on": "2026-06-01", "due": "2026-05-01"}
    )
    assert answer.status_code == 422
    given = {"note": "限期整改", "on": "2026-05-01", "due": "2026-05-20", "document": "柳认整1号"}
    assert office.post(f"/bodies/filings/{filing.pk}/rectify/", given).status_code == 302
    assert "已逾期" in office.get("/bodies/expiring/").content.decode()
    assert browser.get("/bodies/expiring/").status_code == 403
    with CaptureQueriesContext(connection) as once:
        office.get("/bodies/expiring/?days=365")
    for _ in range(2):
        factories.make_filing(factories.make_organisation("social_body"), valid_to=date(2026, 9, 1))
    with CaptureQueriesContext(connection) as thrice:
        office.get("/bodies/expiring/?days=365")
    assert len(once) == len(thrice)


def test_the_directory_shows_what_stopped_and_finds_what_counts_today(centre: Person, body: Person) -> None:
    filing = Filing.objects.get(organisation_id=own(body))
    visitor = Client(**{"jiangheng.now": NOW})
    address = "/bodies/directory/?occupation=6-31-01-03&level=4&district=450203&kind=social_body"
    assert "共 1 家机构" in visitor.get(f"{address}&valid=1").content.decode()
    actions.suspend(by=centre, now=NOW, filing_id=filing.pk, note="督导", on=date(2026, 6, 1))
    assert "共 1 家机构" in visitor.get(address).content.decode()
    assert "自 2026-06-01 起不开展认定" in visitor.get(f"/bodies/directory/{own(body)}/").content.decode()
    assert "没有符合条件的机构" in visitor.get(f"{address}&valid=1").content.decode()
    rows = visitor.get("/api/v1/bodies/directory?occupation=6-31-01-03&level=4").json()
    assert rows[0]["filings"][0]["standings"] == [
        {"kind": "suspended", "since": "2026-06-01", "until": None, "due": None}
    ]
    assert visitor.get("/api/v1/bodies/directory?on=2026-06-01").json() == []
    assert len(visitor.get("/api/v1/bodies/directory?on=2026-05-31").json()) == 1
    Filing.objects.filter(pk=filing.pk).update(valid_to=date(2026, 5, 1))
    assert "已过有效期" in visitor.get(address).content.decode()
