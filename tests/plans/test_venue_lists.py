"""附件7: measured on the day, verified pieces only, pictures, each line judged, an approval used again (三（五）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiangheng.bodies.models import Equipment, Organisation, Venue
from jiangheng.catalog import actions as catalog
from jiangheng.plans import actions, measuring, queries
from jiangheng.plans.models import Request, VenuePhoto, VenueReview
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions as sittings
from tests import factories
from tests.factories import moment
from tests.plans.made import EXAM, LIST, picture, plan_of, taken_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
NOW = moment("2026-09-02 10:00")
Browser = Callable[..., Client]


def refused(code: str, call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    assert caught.value.code == code
    assert 400 <= caught.value.status < 500
    return caught.value


@pytest.fixture
def venue(school: Person) -> Venue:
    """A place off the school's premises with all the standard asks of it for sixty people."""
    made = factories.make_venue(Organisation.objects.get(pk=school.organisation_id), fixed=False)
    for name, count in LIST:
        Equipment.objects.create(venue=made, name=name, quantity=count, usable=count)
    return made


def wanted(school: Person, centre: Person, body: Person, venue: Venue, **given: object) -> Request:
    return taken_request(school, centre, body, place="off_site", venue_id=venue.pk, **given)


def handed_in(school: Person, request: Request) -> VenueReview:
    review = actions.draft_review(by=school, now=NOW, request_id=request.pk)
    return actions.submit_review(by=school, now=NOW, review_id=review.pk)


def approved(school: Person, body: Person, request: Request) -> VenueReview:
    review = handed_in(school, request)
    verdicts = {item.pk: ("met", "") for item in queries.items_of(review.pk)}
    actions.judge_review(by=body, now=NOW, review_id=review.pk, verdicts=verdicts)
    return actions.approve_review(by=body, now=NOW, review_id=review.pk)


def test_a_piece_out_of_verification_on_the_day_does_not_count(
    school: Person, centre: Person, body: Person, venue: Venue
) -> None:
    meters = Equipment.objects.filter(venue=venue, name="万用表")
    meters.update(verified_until=date(2026, 10, 16))
    review = handed_in(school, wanted(school, centre, body, venue))
    item = review.items.get(requirement="万用表")
    assert (item.needed, item.quantity, item.available, item.expired) == (15, 15, 0, 15)
    meters.update(verified_until=EXAM)
    line = next(each for each in measuring.measured(review.request, venue.pk, EXAM) if each.name == "万用表")
    assert (line.available, line.short, line.verified_until) == (15, 0, EXAM)


def test_without_an_approval_that_still_holds_nothing_is_filed_or_arranged(
    school: Person, centre: Person, body: Person, venue: Venue
) -> None:
    request = wanted(school, centre, body, venue)
    plan = plan_of(body, request_id=request.pk, venue_id=venue.pk)
    found = refused("plan.venue_review", lambda: actions.submit(by=body, now=NOW, plan_id=plan.pk))
    assert found.clause == "三（五）"
    review = approved(school, body, request)
    assert review.valid_until == date(2027, 9, 2)
    plan = actions.submit(by=body, now=NOW, plan_id=plan.pk)
    plan = actions.accept(by=centre, now=NOW, plan_id=plan.pk)
    row, rooms = plan.rows.get(), [room.pk for room in venue.rooms.filter(kind="machine")]

    def arrange() -> object:
        return sittings.arrange(by=body, now=NOW, plan_id=plan.pk, row_id=row.pk, subject="theory", room_ids=rooms)

    Equipment.objects.filter(venue=venue, name="灭火器").update(usable=3)
    found = refused("plan.venue_short", arrange)
    assert "灭火器1" in found.sentence()
    Equipment.objects.filter(venue=venue, name="灭火器").update(usable=4)
    VenueReview.objects.filter(pk=review.pk).update(state="refused")
    refused("plan.venue_review", arrange)
    VenueReview.objects.filter(pk=review.pk).update(state="approved")
    refused("sitting.nobody", arrange)


def test_an_approval_serves_later_requests_of_the_same_work_while_it_is_valid(
    school: Person, centre: Person, body: Person, other_body: Person, venue: Venue, client_for: Browser
) -> None:
    approved(school, body, wanted(school, centre, body, venue))
    again = wanted(school, centre, body, venue)
    plan = plan_of(body, request_id=again.pk, venue_id=venue.pk)
    page = client_for(school, NOW).get(f"/plans/requests/{again.pk}/").content.decode()
    assert "有效期至 2027年9月2日" in page
    assert "填写场地设施设备清单" not in page
    assert actions.submit(by=body, now=NOW, plan_id=plan.pk).state == "submitted"
    VenueReview.objects.update(valid_until=date(2026, 10, 16))
    third = wanted(school, centre, body, venue)
    plan = plan_of(body, request_id=third.pk, venue_id=venue.pk)
    refused("plan.venue_review", lambda: actions.submit(by=body, now=NOW, plan_id=plan.pk))
    VenueReview.objects.update(valid_until=EXAM, body_id=other_body.organisation_id)
    refused("plan.venue_review", lambda: actions.submit(by=body, now=NOW, plan_id=plan.pk))
    VenueReview.objects.update(body_id=body.organisation_id)
    assert actions.submit(by=body, now=NOW, plan_id=plan.pk).state == "submitted"


def test_every_line_is_judged_before_the_conclusion(school: Person, centre: Person, body: Person, venue: Venue) -> None:
    review = handed_in(school, wanted(school, centre, body, venue))
    refused("review.unjudged", lambda: actions.approve_review(by=body, now=NOW, review_id=review.pk))
    verdicts = {item.pk: ("met", "") for item in queries.items_of(review.pk)}
    verdicts[next(iter(verdicts))] = ("rectify", "机房无监控")
    actions.judge_review(by=body, now=NOW, review_id=review.pk, verdicts=verdicts)
    refused("review.unmet", lambda: actions.approve_review(by=body, now=NOW, review_id=review.pk))
    refused("flow.reason", lambda: actions.rectify_review(by=body, now=NOW, review_id=review.pk, note=""))
    assert actions.rectify_review(by=body, now=NOW, review_id=review.pk, note="补装监控").state == "rectifying"


def test_pictures_go_with_the_list(
    school: Person, centre: Person, body: Person, other_body: Person, venue: Venue, client_for: Browser
) -> None:
    review = actions.draft_review(by=school, now=NOW, request_id=wanted(school, centre, body, venue).pk)
    address = f"/plans/reviews/{review.pk}/photos/"
    at_school = client_for(school, NOW)
    for wrong in (SimpleUploadedFile("a.jpg", b"not a picture", "image/jpeg"), SimpleUploadedFile("a.exe", b"MZ" * 40)):
        assert at_school.post(address, {"file": wrong, "caption": ""}).status_code == 415
    assert at_school.post(address, {"caption": "无"}).status_code == 422
    assert at_school.post(address, {"file": picture(), "caption": "机房全景", "_once": "p1"}).status_code == 302
    at_school.post(address, {"file": picture(), "caption": "机房全景", "_once": "p1"})
    photo = VenuePhoto.objects.get()
    assert client_for(body, NOW).get(f"/files/{photo.file_id}/").status_code == 200
    assert client_for(other_body, NOW).get(f"/files/{photo.file_id}/").status_code == 404
    assert client_for(other_body, NOW).post(address, {"file": picture()}).status_code == 403
    actions.submit_review(by=school, now=NOW, review_id=review.pk)
    assert "机房全景" in client_for(body, NOW).get(f"/plans/reviews/{review.pk}/").content.decode()
    assert at_school.post(address, {"file": picture()}).status_code == 409
    assert at_school.post(f"{address}{photo.pk}/remove/").status_code == 409
    actions.rectify_review(by=body, now=NOW, review_id=review.pk, note="补拍")
    assert at_school.post(f"{address}{photo.pk}/remove/").status_code == 302
    assert at_school.post(f"{address}{photo.pk}/remove/").status_code == 404
    assert not VenuePhoto.objects.exists()


def test_how_many_pictures_is_the_centres_setting(school: Person, centre: Person, body: Person, venue: Venue) -> None:
    catalog.set_parameter(
        by=centre, now=NOW, key="venue_photos_min", value=1, valid_from=date(2026, 9, 3), reason="要求附照片"
    )
    review = actions.draft_review(by=school, now=NOW, request_id=wanted(school, centre, body, venue).pk)
    later = moment("2026-09-03 10:00")
    found = refused("review.photos_few", lambda: actions.submit_review(by=school, now=later, review_id=review.pk))
    assert (found.params["least"], found.clause) == (1, "三（五）")
    actions.attach_photo(by=school, now=later, review_id=review.pk, upload=picture())
    assert actions.submit_review(by=school, now=later, review_id=review.pk).state == "submitted"


def test_the_list_of_reviewed_venues_asks_as_often_for_three_as_for_one(
    school: Person, centre: Person, body: Person, venue: Venue, client_for: Browser
) -> None:
    browser = client_for(body, NOW)

    def asked() -> int:
        browser.get("/plans/reviews/")
        with CaptureQueriesContext(connection) as seen:
            page = browser.get("/plans/reviews/").content.decode()
        assert venue.name in page
        return len(seen)

    approved(school, body, wanted(school, centre, body, venue))
    once = asked()
    for _each in range(2):
        handed_in(school, wanted(school, centre, body, venue))
    assert asked() == once
