"""Drafting, publishing and withdrawing standard versions (三（一）): what was law on a day stays law on that day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiangheng.catalog import actions, queries
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.journal.models import Entry
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import PUBLIC, SYSTEM, Person, Role
from tests.catalog.versions import CODE, NOW, changed, copied, lines
from tests.factories import make_person, moment

pytestmark = pytest.mark.django_db
SOURCE = {"document": "桂人社发〔2026〕示例号", "clause": "第二条"}


@pytest.fixture
def electrician(db: None) -> Occupation:
    actions.load_catalogue(by=SYSTEM, now=NOW)
    return Occupation.objects.get(code=CODE)


@pytest.fixture
def second(centre: Person) -> Person:
    from jiangheng.bodies.models import Organisation

    return make_person(Role.CENTRE, Organisation.objects.get(pk=centre.organisation_id))


def published(centre: Person, second: Person, occupation: Occupation, valid_from: str = "2026-07-01") -> Any:
    draft = changed(centre, copied(centre, occupation, valid_from))
    actions.submit(by=centre, now=NOW, standard_id=draft.pk)
    return actions.publish(by=second, now=NOW, standard_id=draft.pk)


def refused(code: str, status: int, call: Any, /, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(**given)
    assert (caught.value.code, caught.value.status) == (code, status)
    return caught.value


def test_a_draft_is_seen_by_the_centre_alone_and_is_law_for_nobody(
    centre: Person, body: Person, electrician: Occupation
) -> None:
    current = queries.standard_on(CODE, date(2026, 7, 2))
    draft = copied(centre, electrician)
    assert queries.standard_on(CODE, date(2026, 7, 2)) == current
    assert draft not in queries.standards(electrician.pk)
    assert [row.pk for row in queries.versions_visible_to(centre) if row.state == "draft"] == [draft.pk]
    for stranger in (body, PUBLIC):
        refused("record.none", 404, queries.version, person=stranger, standard_id=draft.pk)


def test_the_second_person_publishes_and_the_last_version_ends_the_day_before(
    centre: Person, second: Person, electrician: Occupation
) -> None:
    before = queries.standard_on(CODE, date(2026, 6, 1))
    assert before is not None
    draft = changed(centre, copied(centre, electrician))
    refused("flow.state", 409, actions.publish, by=second, now=NOW, standard_id=draft.pk)
    actions.submit(by=centre, now=NOW, standard_id=draft.pk)
    refused("standard.same_person", 403, actions.publish, by=centre, now=NOW, standard_id=draft.pk)
    actions.publish(by=second, now=NOW, standard_id=draft.pk, valid_from=date(2026, 8, 1))
    before.refresh_from_db()
    assert (before.state, before.valid_to) == ("superseded", date(2026, 7, 31))
    assert queries.standard_on(CODE, date(2026, 7, 31)) == before
    assert queries.standard_on(CODE, date(2026, 8, 1)) == draft
    assert queries.standard_on(CODE, date(2020, 1, 1)).ruleset == "R2018"
    told = Entry.objects.filter(record_kind="standard", record_id=draft.pk).values_list("verb", flat=True)
    assert list(told) == ["standard.draft", "standard.change", "submit", "publish"]


def test_a_published_version_never_changes(centre: Person, second: Person, electrician: Occupation) -> None:
    version = published(centre, second, electrician)
    for call, given in (
        (actions.remove_route, {"route_id": "2023-4-1", **SOURCE}),
        (actions.restore_route, {"route_id": "2023-4-1"}),
        (actions.set_route, {"route": {"level": 4, "text": "示例", "cum": 4}, **SOURCE}),
    ):
        refused("standard.fixed", 409, call, by=centre, now=NOW, standard_id=version.pk, seen=None, **given)
    with pytest.raises(Refusal, match="只有草稿可以修改"):
        changed(centre, version)
    refused("flow.state", 409, actions.submit, by=centre, now=NOW, standard_id=version.pk)


def test_two_versions_never_hold_on_one_day(centre: Person, second: Person, electrician: Occupation) -> None:
    published(centre, second, electrician, "2026-07-01")
    draft = changed(centre, copied(centre, electrician, "2026-06-20"))
    refused("standard.overlap", 409, actions.submit, by=centre, now=NOW, standard_id=draft.pk)
    draft.refresh_from_db()
    assert draft.state == "draft"
    bounded = changed(centre, draft, valid_to=date(2026, 6, 30))
    actions.submit(by=centre, now=NOW, standard_id=bounded.pk)
    actions.publish(by=second, now=NOW, standard_id=bounded.pk)
    periods = [(row.valid_from, row.valid_to) for row in queries.published(CODE)]
    ends = [end for _start, end in periods]
    starts = [start for start, _end in periods]
    assert ends[-1] is None
    assert all(end < start for end, start in zip(ends[:-1], starts[1:], strict=True) if end is not None)


def test_what_held_on_a_day_already_passed_is_not_changed(
    centre: Person, second: Person, electrician: Occupation
) -> None:
    for day in ("2026-06-01", "2025-01-01"):
        draft = changed(centre, copied(centre, electrician, day))
        refused("standard.past", 422, actions.submit, by=centre, now=NOW, standard_id=draft.pk)
        actions.withdraw(by=centre, now=NOW, standard_id=draft.pk, note="日期有误")
    draft = changed(centre, copied(centre, electrician, "2026-07-01"))
    actions.submit(by=centre, now=NOW, standard_id=draft.pk)
    late = moment("2026-07-02 09:00")
    refused("standard.past", 422, actions.publish, by=second, now=late, standard_id=draft.pk)
    actions.publish(by=second, now=late, standard_id=draft.pk, valid_from=date(2026, 7, 3))


def test_withdrawn_before_its_day_the_last_version_holds_again(
    centre: Person, second: Person, electrician: Occupation
) -> None:
    before = queries.standard_on(CODE, date(2026, 6, 1))
    version = published(centre, second, electrician)
    refused("flow.reason", 422, actions.withdraw, by=centre, now=NOW, standard_id=version.pk, note=" ")
    actions.withdraw(by=centre, now=NOW, standard_id=version.pk, note="公告撤销")
    assert queries.standard_on(CODE, date(2026, 7, 2)) == before
    before.refresh_from_db()
    assert (before.state, before.valid_to) == ("published", None)


def test_once_in_force_a_version_is_not_withdrawn(centre: Person, second: Person, electrician: Occupation) -> None:
    version = published(centre, second, electrician)
    later = moment("2026-07-01 09:00")
    refused("standard.in_force", 409, actions.withdraw, by=centre, now=later, standard_id=version.pk, note="更正")


def test_a_version_without_a_successor_ends_on_a_day_that_is_not_past(
    centre: Person, second: Person, body: Person, electrician: Occupation
) -> None:
    version = published(centre, second, electrician)
    later = moment("2026-09-01 09:00")
    given = {"by": centre, "now": later, "standard_id": version.pk, "note": "该职业由新规定另行管理"}
    refused("standard.end", 422, actions.end, last_day=date(2026, 6, 30), **given)
    refused("standard.end_past", 422, actions.end, last_day=date(2026, 8, 31), **given)
    refused("flow.reason", 422, actions.end, last_day=date(2026, 9, 30), **{**given, "note": " "})
    refused("deed.role", 403, actions.end, last_day=date(2026, 9, 30), **{**given, "by": body})
    ended = actions.end(last_day=date(2026, 9, 30), **given)
    assert (ended.state, ended.valid_to) == ("ended", date(2026, 9, 30))
    assert queries.standard_on(CODE, date(2026, 9, 30)) == version
    assert queries.standard_on(CODE, date(2026, 10, 1)) is None
    refused("standard.none", 409, queries.standard_or_refuse, occupation_code=CODE, on=date(2026, 10, 1))
    refused("flow.state", 409, actions.end, last_day=date(2026, 10, 9), **given)


@pytest.mark.parametrize(("start", "state"), [("2026-12-01", "ended"), ("2026-09-15", "superseded")])
def test_a_version_that_ends_may_still_be_followed(
    centre: Person, second: Person, electrician: Occupation, start: str, state: str
) -> None:
    version = published(centre, second, electrician)
    actions.end(by=centre, now=NOW, standard_id=version.pk, last_day=date(2026, 9, 30), note="另行规定")
    following = published(centre, second, electrician, start)
    version.refresh_from_db()
    assert version.state == state
    assert queries.standard_on(CODE, date.fromisoformat(start)) == following
    actions.withdraw(by=centre, now=NOW, standard_id=following.pk, note="更正")
    assert queries.standard_on(CODE, date(2026, 9, 30)) == version
    assert queries.standard_on(CODE, date(2026, 12, 1)) is None


def test_one_draft_at_a_time_and_a_stale_page_changes_nothing(
    centre: Person, second: Person, electrician: Occupation
) -> None:
    draft = copied(centre, electrician)
    refused(
        "standard.drafted",
        409,
        actions.draft,
        by=second,
        now=NOW,
        occupation_id=electrician.pk,
        valid_from=date(2027, 1, 1),
        ruleset="R2023",
    )
    changed(centre, draft)
    with pytest.raises(Refusal) as caught:
        changed(second, draft, document="另一名称")
    assert caught.value.code == "record.stale"
    draft.refresh_from_db()
    assert draft.document == "电工国家职业标准（2026年修订，示例）"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"document": " "}, "standard.document"),
        ({"valid_to": date(2026, 6, 30)}, "standard.period"),
        ({"ruleset": "R1999"}, "ruleset.unknown"),
        ({"subjects": [{"level": 9, "subject": "theory", "method": "machine", "minutes": 90}]}, "subject.level"),
        ({"subjects": [{"level": 4, "subject": "song", "method": "machine", "minutes": 90}]}, "subject.unknown"),
        ({"subjects": [{"level": 4, "subject": "theory", "method": "x", "minutes": 90}]}, "subject.unknown"),
        ({"subjects": [{"level": 4, "subject": "theory", "method": "machine", "minutes": 0}]}, "subject.minutes"),
        (
            {"subjects": [{"level": 4, "subject": "skill", "method": "on_site", "minutes": 9, "ratio": 0}]},
            "subject.ratio",
        ),
        ({"subjects": [{"level": 4, "subject": "theory", "method": "machine", "minutes": 90}] * 2}, "subject.twice"),
    ],
)
def test_a_draft_is_not_written_with_what_cannot_be(
    centre: Person, electrician: Occupation, given: dict[str, Any], code: str
) -> None:
    draft = copied(centre, electrician)
    before = lines(draft)
    with pytest.raises(Refusal) as caught:
        changed(centre, draft, **given)
    assert (caught.value.code, caught.value.status) == (code, 422)
    draft.refresh_from_db()
    assert lines(draft) == before


def test_a_version_lacking_something_is_not_handed_in(centre: Person, electrician: Occupation) -> None:
    draft = changed(centre, copied(centre, electrician), subjects=[])
    refused("standard.no_subject", 422, actions.submit, by=centre, now=NOW, standard_id=draft.pk)
    source = queries.standard_on(CODE, date(2026, 6, 1))
    assert source is not None
    whole = lines(source)
    draft = changed(centre, draft, subjects=[row for row in whole if (row["level"], row["subject"]) != (1, "review")])
    refused("standard.review", 422, actions.submit, by=centre, now=NOW, standard_id=draft.pk)
    draft = changed(centre, draft, subjects=whole)
    for route in queries.routes_of(draft).for_level(5):
        draft = actions.remove_route(
            by=centre, now=NOW, standard_id=draft.pk, seen=draft.version, route_id=route.id, **SOURCE
        )
    refused("standard.no_route", 422, actions.submit, by=centre, now=NOW, standard_id=draft.pk)


def test_only_the_centre_writes_standards(
    body: Person, school: Person, candidate: Person, centre: Person, electrician: Occupation
) -> None:
    draft = copied(centre, electrician)
    for stranger in (body, school, candidate, PUBLIC):
        refused("deed.role", 403, actions.submit, by=stranger, now=NOW, standard_id=draft.pk)
        refused(
            "deed.role",
            403,
            actions.remove_route,
            by=stranger,
            now=NOW,
            standard_id=draft.pk,
            seen=None,
            route_id="2023-4-1",
        )


def test_routes_are_changed_added_removed_and_restored_as_data(centre: Person, electrician: Occupation) -> None:
    draft = copied(centre, electrician)

    def route(**given: Any) -> StandardVersion:
        version = StandardVersion.objects.get(pk=draft.pk).version
        return actions.set_route(by=centre, now=NOW, standard_id=draft.pk, seen=version, route=given, **SOURCE)

    row = route(
        id="2023-4-2", level=4, text="取得五级证书后，累计工作满2年。", evidence=["certificate"], cert=5, after=2
    )
    assert row.route_overrides == [
        {
            "change": "2023-4-2",
            "set": {"text": "取得五级证书后，累计工作满2年。", "evidence": ["certificate"], "after": 2},
            **SOURCE,
        }
    ]
    row = route(
        level=3, text="本科毕业且持四级证书满1年。", evidence=["education"], cert=4, cert_held=1, edu=["bachelor"]
    )
    assert queries.routes_of(row).for_level(3)[-1].id == "local-3-1"
    row = actions.remove_route(
        by=centre, now=NOW, standard_id=draft.pk, seen=row.version, route_id="2023-3-6", **SOURCE
    )
    ids = [each.id for each in queries.routes_of(row).for_level(3)]
    assert "2023-3-6" not in ids
    assert queries.routes_of(row).route("2023-4-2").after == 2
    row = actions.restore_route(by=centre, now=NOW, standard_id=draft.pk, seen=row.version, route_id="2023-4-2")
    assert queries.routes_of(row).route("2023-4-2").after == 3
    refused(
        "override.source",
        422,
        actions.remove_route,
        by=centre,
        now=NOW,
        standard_id=draft.pk,
        seen=row.version,
        route_id="2023-4-1",
    )
    refused(
        "route.none",
        404,
        actions.restore_route,
        by=centre,
        now=NOW,
        standard_id=draft.pk,
        seen=row.version,
        route_id="2023-4-1",
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"level": 4, "text": " ", "cum": 4}, "route.text"),
        ({"level": 4, "text": "人人可报"}, "route.nothing"),
        ({"level": 4, "text": "满三年", "after": 3}, "route.needs_cert"),
        ({"level": 4, "text": "满三年", "after_title": 3}, "route.needs_title"),
        ({"level": 4, "text": "在校生", "enrolled": True}, "route.needs_education"),
        ({"level": 3, "text": "高于申报等级", "cert": 2}, "route.cert_above"),
        ({"level": 4, "text": "年限过长", "cum": 99}, "route.years"),
        ({"level": 4, "text": "年龄过小", "min_age": 3}, "route.age"),
        ({"level": 4, "text": "未知项目", "luck": 3}, "route.shape"),
        ({"level": 9, "text": "没有这一级", "cum": 3}, "subject.level"),
    ],
)
def test_a_route_that_cannot_be_judged_is_refused(
    centre: Person, electrician: Occupation, given: dict[str, Any], code: str
) -> None:
    draft = copied(centre, electrician)
    refused(code, 422, actions.set_route, by=centre, now=NOW, standard_id=draft.pk, seen=None, route=given, **SOURCE)
    draft.refresh_from_db()
    assert draft.route_overrides == []


def test_another_template_is_taken_only_when_its_overrides_fit(centre: Person, electrician: Occupation) -> None:
    draft = copied(centre, electrician)
    row = actions.remove_route(
        by=centre, now=NOW, standard_id=draft.pk, seen=draft.version, route_id="2023-4-1", **SOURCE
    )
    with pytest.raises(Refusal) as caught:
        changed(centre, row, ruleset="R2018")
    assert caught.value.code == "override.unknown"


def test_an_occupation_renumbered_keeps_its_old_code_and_its_certificates(
    centre: Person, electrician: Occupation
) -> None:
    given: dict[str, Any] = {
        "by": centre,
        "now": NOW,
        "code": "6-31-01-09",
        "edition": "2028",
        "name": "电气工",
        "jobs": ["维修电工"],
        "levels": "345",
        "source": "示例公告",
        "replaces_id": electrician.pk,
    }
    row = actions.add_occupation(**given)
    assert row.levels == "543"
    assert [each.code for each in queries.lineage(row)] == [CODE]
    refused("occupation.twice", 409, actions.add_occupation, **given)
    for wrong, code in (
        ({"code": "电工"}, "occupation.code"),
        ({"name": ""}, "occupation.name"),
        ({"levels": ""}, "occupation.levels"),
        ({"source": ""}, "occupation.source"),
    ):
        refused(code, 422, actions.add_occupation, **{**given, **wrong})
    amend: dict[str, Any] = {
        "by": centre,
        "now": NOW,
        "occupation_id": electrician.pk,
        "name": "电工",
        "jobs": [],
        "levels": "54321",
        "source": "示例公告",
    }
    refused("occupation.circle", 422, actions.amend_occupation, **amend, replaces_id=row.pk)
    refused("occupation.level_kept", 422, actions.amend_occupation, **{**amend, "levels": "543"})
