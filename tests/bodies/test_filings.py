"""Filing a scope (一), whom it serves (二), what it lets a body do on a day, and what becomes of it (四（九）)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiangheng.bodies import actions, queries
from jiangheng.bodies.models import Filing, Organisation
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.rules.given import FilingGiven
from jiangheng.rules.roles import PUBLIC, Person, Role
from tests import factories
from tests.asking import refused
from tests.factories import moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-06-01 10:00")
DAY = date(2026, 6, 1)
ROW = {"occupation_code": "6-31-01-03", "levels": "543"}


def registered(centre: Person, **given: Any) -> Organisation:
    return actions.register(
        by=centre,
        now=NOW,
        **{"name": "示例评价中心", "kind": "social_body", "credit_code": factories.credit_code(9001), **given},
    )


def drafted(by: Person, organisation_id: int, **given: Any) -> Filing:
    return actions.draft_filing(
        by=by,
        now=NOW,
        organisation_id=organisation_id,
        given=FilingGiven(**{"valid_from": date(2026, 1, 1), "valid_to": date(2028, 12, 31), "scopes": [ROW], **given}),
    )


def test_register_checks_every_particular(centre: Person) -> None:
    made = registered(centre, certificate_prefix="S000045000018", is_fictional=True)
    assert made.certificate_prefix == "S000045000018"
    for code, wrong in (
        ("organisation.credit_code", {"credit_code": "52450200MJ0000001X"}),
        ("organisation.prefix", {"certificate_prefix": "X000045000018"}),
        ("organisation.kind", {"kind": "bank"}),
        ("organisation.name", {"name": " "}),
        ("organisation.district", {"district_code": "110101"}),
        ("organisation.taken", {"name": "示例评价中心"}),
    ):
        given = {"name": "另一机构", "credit_code": factories.credit_code(9002), **wrong}
        refused(code, lambda given=given: registered(centre, **given))
    assert Organisation.objects.filter(name="另一机构").count() == 0
    assert Entry.objects.filter(action="organisation.register").count() == 1


def test_a_body_registers_nobody_and_changes_only_how_it_is_reached(body: Person, centre: Person) -> None:
    refused("deed.role", lambda: registered(body))
    own = body.organisation_id or 0
    changed = actions.amend(by=body, now=NOW, organisation_id=own, contact_phone="0772-1234567")
    assert changed.contact_phone == "0772-1234567"
    refused(
        "organisation.not_yours",
        lambda: actions.amend(by=body, now=NOW, organisation_id=own, certificate_prefix="S000045999999"),
    )
    refused("record.none", lambda: actions.amend(by=body, now=NOW, organisation_id=centre.organisation_id or 0))
    entry = Entry.objects.get(action="organisation.amend")
    assert (entry.before, entry.after) == ({"contact_phone": ""}, {"contact_phone": "0772-1234567"})


def test_from_draft_to_force(centre: Person) -> None:
    organisation = registered(centre)
    clerk = factories.make_person(Role.BODY, organisation)
    filing = drafted(clerk, organisation.pk)
    assert filing.service_objects == "public"
    assert not queries.filings_visible_to(centre).exists(), "a body's draft is its own"
    actions.submit(by=clerk, now=NOW, filing_id=filing.pk)
    assert queries.scope_on(organisation.pk, "6-31-01-03", "", 4, DAY) is None
    refused("filing.number", lambda: actions.file(by=centre, now=NOW, filing_id=filing.pk))
    refused("deed.role", lambda: actions.file(by=clerk, now=NOW, filing_id=filing.pk, number="柳备1号"))
    actions.file(by=centre, now=NOW, filing_id=filing.pk, number="柳备1号")
    assert queries.scope_on(organisation.pk, "6-31-01-03", "", 4, DAY) is not None
    assert queries.scope_on(organisation.pk, "6-31-01-03", "", 2, DAY) is None
    assert queries.scope_on(organisation.pk, "6-31-01-03", "", 4, date(2029, 1, 1)) is None
    assert [row.pk for row in queries.bodies_for("6-31-01-03", 4, DAY)] == [organisation.pk]
    assert Outgoing.objects.filter(recipient_organisation_id=organisation.pk, subject__contains="柳备1号").exists()


def test_a_filing_with_wrong_rows_is_refused_whole(centre: Person) -> None:
    organisation = registered(centre)
    for code, wrong in (
        ("filing.rows", {"scopes": []}),
        ("filing.occupation", {"scopes": [{"occupation_code": "9-99-99-99", "levels": "5"}]}),
        ("filing.job", {"scopes": [{**ROW, "job": "网商"}]}),
        ("filing.levels", {"scopes": [{"occupation_code": "4-14-02-02", "levels": "54"}]}),
        ("filing.twice", {"scopes": [ROW, ROW]}),
        ("filing.period", {"valid_to": date(2025, 1, 1)}),
        ("filing.service", {"service_objects": "own_staff"}),
    ):
        refused(code, lambda wrong=wrong: drafted(centre, organisation.pk, **wrong))
    training = registered(
        centre, name="示例培训学校甲", kind="training_school", credit_code=factories.credit_code(9005)
    )
    refused("filing.not_body", lambda: drafted(centre, training.pk))
    assert not Filing.objects.exists()


def test_a_row_without_job_covers_every_job(centre: Person) -> None:
    organisation = registered(centre)
    filing = drafted(
        centre, organisation.pk, scopes=[{"occupation_code": "6-18-01-01", "levels": "5", "job": "数控车床"}]
    )
    actions.submit(by=centre, now=NOW, filing_id=filing.pk)
    actions.file(by=centre, now=NOW, filing_id=filing.pk, number="柳备2号")
    assert queries.scope_on(organisation.pk, "6-18-01-01", "数控车床", 5, DAY) is not None
    assert queries.scope_on(organisation.pk, "6-18-01-01", "", 5, DAY) is None


def test_suspension_bites_the_same_minute(centre: Person, body: Person) -> None:
    own = body.organisation_id or 0
    assert queries.require_scope(own, "6-31-01-03", "", 4, DAY).levels == "543"
    filing = Filing.objects.get(organisation_id=own)
    refused("flow.reason", lambda: actions.suspend(by=centre, now=NOW, filing_id=filing.pk, note=""))
    actions.suspend(by=centre, now=NOW, filing_id=filing.pk, note="考务混乱")
    found = refused("scope.suspended", lambda: queries.require_scope(own, "6-31-01-03", "", 4, DAY))
    assert "暂停" in found.sentence()
    assert queries.bodies_for("6-31-01-03", 4, DAY) == []
    actions.rectify(by=centre, now=NOW, filing_id=filing.pk, note="一个月内整改")
    assert (
        "整改中" in refused("scope.suspended", lambda: queries.require_scope(own, "6-31-01-03", "", 4, DAY)).sentence()
    )
    actions.resume(by=centre, now=NOW, filing_id=filing.pk, note="整改合格")
    assert queries.scope_on(own, "6-31-01-03", "", 4, DAY) is not None
    actions.revoke(by=centre, now=NOW, filing_id=filing.pk, note="主动注销")
    found = refused("scope.ended", lambda: queries.require_scope(own, "6-31-01-03", "", 4, DAY))
    assert "已注销" in found.sentence()


def test_stale_state_and_other_organisations(centre: Person, body: Person, other_body: Person) -> None:
    own = body.organisation_id or 0
    filing = drafted(body, own)
    refused("record.none", lambda: actions.submit(by=other_body, now=NOW, filing_id=filing.pk))
    refused("record.none", lambda: drafted(other_body, own))
    refused("record.stale", lambda: actions.submit(by=body, now=NOW, filing_id=filing.pk, seen=3))
    given = FilingGiven(valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1), scopes=[{**ROW, "levels": "5"}])
    actions.change_filing(by=body, now=NOW, filing_id=filing.pk, seen=0, given=given)
    refused("record.stale", lambda: actions.change_filing(by=body, now=NOW, filing_id=filing.pk, seen=0, given=given))
    actions.submit(by=body, now=NOW, filing_id=filing.pk, seen=1)
    refused("filing.fixed", lambda: actions.change_filing(by=body, now=NOW, filing_id=filing.pk, given=given))
    assert [row.levels for row in queries.scopes_of(filing.pk)] == ["5"]


def test_premises_belong_to_their_organisation(body: Person, other_body: Person, school: Person) -> None:
    own = body.organisation_id or 0
    venue = actions.add_venue(by=body, now=NOW, organisation_id=own, name="实训楼", address="示例路1号")
    refused("venue.taken", lambda: actions.add_venue(by=body, now=NOW, organisation_id=own, name="实训楼", address="x"))
    room = actions.add_room(by=body, now=NOW, venue_id=venue.pk, name="机房一", kind="machine", capacity=40, spare=2)
    actions.add_equipment(by=body, now=NOW, venue_id=venue.pk, name="万用表", quantity=10, usable=9)
    assert queries.usable_equipment(venue.pk) == {"万用表": 9}
    room_two = {"now": NOW, "name": "二", "kind": "skill", "capacity": 9}
    refused("room.capacity", lambda: actions.add_room(by=body, venue_id=venue.pk, **{**room_two, "capacity": 0}))
    refused("record.none", lambda: actions.add_room(by=other_body, venue_id=venue.pk, **room_two))
    refused("record.none", lambda: actions.amend_room(by=other_body, room_id=room.pk, **room_two))
    schools = factories.make_venue(Organisation.objects.get(pk=school.organisation_id))
    refused("venue.not_yours", lambda: actions.add_room(by=body, venue_id=schools.pk, **room_two))
    refused("record.none", lambda: actions.add_room(by=school, venue_id=venue.pk, **room_two))
    refused(
        "equipment.quantity",
        lambda: actions.add_equipment(by=body, now=NOW, venue_id=venue.pk, name="表", quantity=1, usable=2),
    )


def test_the_directory_is_public_and_searched(centre: Person, body: Person) -> None:
    Organisation.objects.filter(pk=body.organisation_id).update(district_code="450203")
    drafted(centre, registered(centre).pk)
    assert [row.pk for row in queries.directory()] == [body.organisation_id], "a draft is not public"
    for asked, count in (
        ({"occupation": "电工"}, 1),
        ({"occupation": "6-31-01-03", "level": "4"}, 1),
        ({"level": "1"}, 0),
        ({"district": "450203", "kind": "social_body"}, 1),
        ({"kind": "technical_school"}, 0),
        ({"q": "评价"}, 1),
    ):
        assert len(queries.directory(**asked)) == count, asked
    assert not queries.visible_to(PUBLIC).exists()
