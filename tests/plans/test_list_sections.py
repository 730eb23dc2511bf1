"""附件7 beside the standard's equipment: premises, tools, consumables, people (三（五）)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jiangheng.bodies.models import Equipment, Organisation, Venue
from jiangheng.journal.models import Entry
from jiangheng.plans import actions, queries
from jiangheng.plans.models import VenueReview, VenueReviewItem
from jiangheng.rules.roles import Person
from jiangheng.values import queries as values
from tests import factories
from tests.asking import refused
from tests.factories import moment
from tests.plans.made import LIST, taken_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")
Browser = Callable[..., Client]
CALIPER = {"section": "tools", "requirement": "游标卡尺", "needed": 10, "available": 8, "detail": "0-150mm"}
WIRE = {"section": "consumables", "requirement": "BV导线", "needed": 60, "available": 80, "detail": "2.5mm²，米"}


@pytest.fixture
def venue(school: Person) -> Venue:
    made = factories.make_venue(Organisation.objects.get(pk=school.organisation_id), fixed=False)
    for name, count in LIST:
        Equipment.objects.create(venue=made, name=name, quantity=count, usable=count)
    return made


@pytest.fixture
def review(school: Person, centre: Person, body: Person, venue: Venue) -> VenueReview:
    request = taken_request(school, centre, body, place="off_site", venue_id=venue.pk)
    return actions.draft_review(by=school, now=NOW, request_id=request.pk)


def fill(by: Person, review: VenueReview, *rows: dict[str, Any]) -> VenueReview:
    return actions.fill_list(by=by, now=NOW, review_id=review.pk, rows=rows)


def named(review: VenueReview, name: str) -> VenueReviewItem:
    return review.items.get(requirement=name)


def judge_all(body: Person, review: VenueReview, **verdicts: str) -> None:
    given = {item.pk: (verdicts.get(item.requirement, "met"), "") for item in queries.items_of(review.pk)}
    actions.judge_review(by=body, now=NOW, review_id=review.pk, verdicts=given)


def test_a_list_begins_with_labelled_premises_and_people_and_the_standards_equipment(review: VenueReview) -> None:
    law = values.law(NOW.date())
    for section in ("premises", "management"):
        rule = law.rule(f"venue_{section}_items")
        assert (rule.clause, rule.instrument) == ("三（五）", "practice")
        assert "附件7原文未附" in rule.label
        assert list(review.items.filter(section=section).values_list("requirement", flat=True)) == list(rule.value)
    found = queries.items_of(review.pk)
    assert [item.section for item in found] == sorted(
        (item.section for item in found), key=["premises", "equipment", "tools", "consumables", "management"].index
    )
    assert review.items.filter(section="equipment", own=False).count() == len(LIST)


def test_the_applicant_adds_changes_and_drops_lines_and_the_shortfall_is_computed(
    school: Person, body: Person, review: VenueReview
) -> None:
    fill(
        school,
        review,
        CALIPER,
        WIRE,
        {"section": "management", "requirement": "电气安全员", "needed": 5, "available": 1},
    )
    caliper = named(review, "游标卡尺")
    assert (caliper.own, caliper.needed, caliper.available, caliper.detail) == (True, 10, 8, "0-150mm")
    assert (named(review, "电气安全员").needed, named(review, "电气安全员").available) == (0, 0), (
        "people are not counted"
    )
    fill(
        school,
        review,
        {**CALIPER, "item_id": caliper.pk, "available": 9},
        {"item_id": named(review, "BV导线").pk, "drop": True},
        {"item_id": named(review, "设备管理员").pk, "detail": "莫示例"},
    )
    assert named(review, "游标卡尺").available == 9
    assert not review.items.filter(requirement="BV导线").exists()
    assert named(review, "设备管理员").detail == "莫示例"
    assert Entry.objects.filter(verb="venue_review.fill").count() == 2
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    assert named(review, "游标卡尺").own, "measuring anew leaves them alone"
    found = refused("review.short", lambda: judge_all(body, review))
    assert found.params["missing"] == "游标卡尺缺1"
    judge_all(body, review, 游标卡尺="rectify")
    refused("review.short", lambda: actions.approve_review(by=body, now=NOW, review_id=review.pk))
    actions.rectify_review(by=body, now=NOW, review_id=review.pk, note="补足卡尺")
    fill(school, review, {**CALIPER, "item_id": named(review, "游标卡尺").pk, "available": 10})
    assert named(review, "游标卡尺").verdict == "", "a changed line is judged again"
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    judge_all(body, review)
    assert actions.approve_review(by=body, now=NOW, review_id=review.pk).state == "approved"


def test_the_body_adds_lines_while_it_reviews_and_changes_none(
    school: Person, body: Person, other_body: Person, centre: Person, review: VenueReview
) -> None:
    refused("record.none", lambda: fill(body, review, CALIPER))
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    refused("review.sent", lambda: fill(school, review, CALIPER))
    refused("record.none", lambda: fill(other_body, review, CALIPER))
    refused("deed.role", lambda: fill(centre, review, CALIPER))
    fill(body, review, CALIPER, {"item_id": named(review, "设备管理员").pk, "detail": "改写"})
    assert named(review, "游标卡尺").needed == 10
    assert named(review, "设备管理员").detail == ""
    refused("review.unjudged", lambda: _approve_without(body, review, "游标卡尺"))


def _approve_without(body: Person, review: VenueReview, name: str) -> None:
    VenueReviewItem.objects.filter(review=review, requirement=name).update(available=10)
    judge_all(body, review, **{name: ""})
    actions.approve_review(by=body, now=NOW, review_id=review.pk)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"section": "x"}, "review.row"),
        ({"section": ""}, "review.row"),
        ({"requirement": "  "}, "review.row"),
        ({"needed": -1}, "review.row"),
        ({"available": 100_001}, "review.row"),
        ({"item_id": 10**9}, "record.none"),
    ],
)
def test_wrong_lines_leave_the_list_as_it_was(
    school: Person, review: VenueReview, wrong: dict[str, Any], code: str
) -> None:
    before = review.items.count()
    refused(code, lambda: fill(school, review, WIRE, {**CALIPER, **wrong}))
    assert review.items.count() == before


def test_measured_equipment_is_not_typed_and_no_line_stands_twice(school: Person, review: VenueReview) -> None:
    measured = named(review, "万用表")
    refused("record.none", lambda: fill(school, review, {"item_id": measured.pk, "available": 99, "detail": "改写"}))
    refused("record.none", lambda: fill(school, review, {"item_id": measured.pk, "drop": True}))
    refused("review.row_twice", lambda: fill(school, review, CALIPER, CALIPER))
    fill(school, review, {"item_id": named(review, "设备管理员").pk, "drop": True, "detail": "甲"})
    assert named(review, "设备管理员").detail == "甲", "what the list begins with stays"
    many = [{**CALIPER, "requirement": f"量具{place}"} for place in range(201)]
    refused("review.rows", lambda: fill(school, review, *many))


def test_the_pages(school: Person, body: Person, centre: Person, review: VenueReview, client_for: Browser) -> None:
    browser, address = client_for(school, NOW), f"/plans/reviews/{review.pk}/rows/"
    page = browser.get(address).text
    for words in ("设备管理员", "监控录像", "工量具", "新项目 4"):
        assert words in page
    assert "万用表" not in page
    first = review.items.filter(section="premises").order_by("id").first()
    assert first is not None
    count = review.items.exclude(section="equipment").count()
    given = {
        "rows-TOTAL_FORMS": str(count + 4),
        "rows-INITIAL_FORMS": str(count),
        "rows-0-item_id": str(first.pk),
        "rows-0-detail": "自有",
        f"rows-{count}-section": "tools",
        f"rows-{count}-requirement": "游标卡尺",
        f"rows-{count}-needed": "10",
        f"rows-{count}-available": "8",
    }
    assert browser.post(address, {**given, f"rows-{count}-needed": "-1"}).status_code == 422
    assert browser.post(address, {**given, f"rows-{count}-requirement": "灭火器" * 60}).status_code == 422
    assert browser.post(address, {"rows-TOTAL_FORMS": "x"}).status_code == 422
    assert browser.post(address, given).status_code == 302
    first.refresh_from_db()
    assert first.detail == "自有"
    page = browser.get(f"/plans/reviews/{review.pk}/").text
    for words in ("场地条件", "工量具", "游标卡尺", "管理人员", "自有", "有 1 项未达到"):
        assert words in page
    assert page.index("场地条件") < page.index("万用表") < page.index("游标卡尺") < page.index("检修人员")
    assert client_for(centre, NOW).get(address).status_code == 403
    assert client_for(body, NOW).get(address).status_code == 404
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    assert browser.post(address, given).status_code == 409
    assert "增加清单项目" in client_for(body, NOW).get(f"/plans/reviews/{review.pk}/").text
    page = client_for(body, NOW).get(address).text
    assert "已列项目" not in page
    assert "新项目 1" in page
