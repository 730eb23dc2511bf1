"""附件7: the list of an off-site venue, measured against the standard and reviewed by the assigned body (三（五）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jiangheng.bodies import queries as bodies
from jiangheng.files import actions as files
from jiangheng.journal.actions import action, move, record
from jiangheng.journal.queries import one
from jiangheng.plans import checks, measuring, queries
from jiangheng.plans.actions.numbers_and_notices import own, tell
from jiangheng.plans.models import Request, VenuePhoto, VenueReview, VenueReviewItem
from jiangheng.rules import flows
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.days.months import add_months
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

VERDICTS = ("met", "not_met", "rectify")
MOST_PHOTOS, MOST_LINES, MOST_PIECES = 20, 200, 100_000
REVIEW_TOO = flows.states("venue_review", "standing")


@action("venue_review.draft")
def draft_review(*, by: Person, now: datetime, request_id: int, venue_id: int | None = None) -> VenueReview:
    """Begin 附件7 for the request's venue (or another of the applicant's); the lines come from the standard (三（五）).

    Refusals: ``review.not_assigned``, ``review.not_needed``, ``review.twice`` (409); ``record.not_yours`` (403).
    """
    request = queries.request(by, request_id)
    own(by, request.organisation_id, "三（五）")
    if request.state not in queries.ASSIGNED or request.body_id is None:
        raise refuse(
            "review.not_assigned",
            N_("市鉴定中心尚未指派认定机构，场地清单还没有提交对象。"),
            N_("请在指派认定机构后提交场地设施设备清单。"),
            clause="三（五）",
        )
    venue = bodies.venue(by, venue_id or request.venue_id or 0)
    if venue.fixed or venue.organisation_id != request.organisation_id:
        raise refuse(
            "review.not_needed",
            N_("“%(venue)s”不是本单位固定场地外的考核场所，无需提交清单。"),
            N_("只有固定场地外的考核场所须提交附件7。"),
            clause="三（五）",
            venue=venue.name,
        )
    if VenueReview.objects.filter(request=request, venue=venue, body_id=request.body_id, state__in=REVIEW_TOO).exists():
        raise refuse(
            "review.twice",
            N_("这个场地的清单已经填写。"),
            N_("请在安排申请页打开已有清单继续办理。"),
            clause="三（五）",
        )
    review = VenueReview.objects.create(request=request, venue=venue, body_id=request.body_id, created_at=now)
    law = values.law(local_day(now))
    VenueReviewItem.objects.bulk_create(
        VenueReviewItem(review=review, section=section, requirement=str(name)[:120], needed=0, available=0)
        for section in ("premises", "management")
        for name in law.value(f"venue_{section}_items")
    )
    lines = _measure(review)
    record(review, after={"venue": venue.pk, "lines": lines})
    return review


def _measure(review: VenueReview) -> list[list[object]]:
    """Compare what the venue has with what the standard asks for on the day; verdicts on unchanged lines stay."""
    request: Request = review.request
    lines = measuring.measured(request, review.venue_id, request.exam_on)
    measured = VenueReviewItem.objects.filter(review=review, section="equipment", own=False)
    known = {item.requirement: item for item in measured}
    measured.delete()
    VenueReviewItem.objects.bulk_create(
        VenueReviewItem(
            review=review,
            requirement=line.name,
            needed=line.needed,
            quantity=line.quantity,
            available=line.available,
            expired=line.expired,
            verified_until=line.verified_until,
            verdict=known[line.name].verdict
            if line.name in known and known[line.name].available == line.available
            else "",
            remark=known[line.name].remark if line.name in known else "",
        )
        for line in lines
    )
    return [[line.name, line.needed, line.available] for line in lines]


@action("venue_review.fill")
def fill_list(*, by: Person, now: datetime, review_id: int, rows: Sequence[Mapping[str, Any]]) -> VenueReview:
    """What the standard does not list: premises, tools, consumables, people, further equipment (三（五）).

    Each row is ``{"item_id", "section", "requirement", "needed", "available", "detail", "drop"}``; without ``item_id``
    it is added. The applicant fills the list while it is with them, the body adds lines while it reviews. Of a line the
    system began with only ``detail`` is kept; measured equipment is none of these. Refusals: ``review.sent`` (409);
    ``review.row``, ``review.row_twice``, ``review.rows`` (422); ``record.none`` (404).
    """
    review = queries.review(by, review_id)
    if review.state == "submitted" and by.organisation_id == review.body_id:
        rows = [{**row, "item_id": None} for row in rows if not row.get("item_id")]
    else:
        review = _open_list(by, review_id)
    standing = {item.pk: item for item in queries.items_of(review.pk)}
    after: list[list[object]] = []
    for row in rows:
        item = standing.get(row["item_id"]) if row.get("item_id") else VenueReviewItem(review=review, own=True)
        if item is None or (item.section == "equipment" and not item.own):
            item = one(VenueReviewItem.objects.none(), pk=0)
        if row.get("drop") and item.own:
            if item.pk:
                standing.pop(item.pk)
                VenueReviewItem.objects.filter(pk=item.pk).delete()
                after.append([item.section, item.requirement, "dropped"])
            continue
        _fill(item, row)
        item.save()
        standing[item.pk] = item
        after.append([item.section, item.requirement, item.needed, item.available, item.detail])
    if len(standing) > MOST_LINES:
        raise refuse(
            "review.rows",
            N_("清单最多%(most)s项。"),
            N_("请合并同类项目。"),
            clause="三（五）",
            status=422,
            most=MOST_LINES,
        )
    names = [(item.section, item.requirement) for item in standing.values()]
    twice = next((name for section, name in names if names.count((section, name)) > 1), None)
    if twice is not None:
        raise refuse(
            "review.row_twice",
            N_("清单中“%(name)s”出现了两次。"),
            N_("同名项目请合并为一行。"),
            clause="三（五）",
            status=422,
            name=twice,
        )
    record(review, after={"lines": after})
    return review


def _fill(item: VenueReviewItem, row: Mapping[str, Any]) -> None:
    item.detail = str(row.get("detail") or "").strip()[:200]
    if not item.own:
        return
    section, name = str(row.get("section") or ""), str(row.get("requirement") or "").strip()
    needed, available = int(row.get("needed") or 0), int(row.get("available") or 0)
    if (
        section not in queries.SECTIONS
        or not name
        or not 0 <= needed <= MOST_PIECES
        or not 0 <= available <= MOST_PIECES
    ):
        raise refuse(
            "review.row",
            N_("补充的项目须选择类别、填写名称，数量为0至100000。"),
            N_("不需要的行请留空。"),
            clause="三（五）",
            status=422,
        )
    if section not in queries.COUNTED:
        needed = available = 0
    if (item.section, item.requirement, item.needed, item.available) != (section, name[:120], needed, available):
        item.verdict = ""
    item.section, item.requirement, item.needed, item.available = section, name[:120], needed, available
    item.quantity = available


@action("venue_review.attach")
def attach_photo(*, by: Person, now: datetime, review_id: int, upload: Any, caption: str = "") -> VenuePhoto:
    """Add a picture (or PDF) of the venue while the list is with the applicant (三（五）).

    Refusals: ``review.sent``, ``review.photos`` (409), those of ``files.actions.store``.
    """
    review = _open_list(by, review_id)
    if review.photos.count() >= MOST_PHOTOS:
        raise refuse(
            "review.photos",
            N_("场地照片最多%(most)s张。"),
            N_("请先移除不需要的照片。"),
            clause="三（五）",
            most=MOST_PHOTOS,
        )
    file = files.store(
        by=by,
        now=now,
        upload=upload,
        purpose="venue",
        organisation_id=review.request.organisation_id,
        shared_with_organisation_id=review.body_id,
    )
    photo = VenuePhoto.objects.create(review=review, file=file, caption=caption.strip()[:80])
    record(review, after={"file": file.pk, "caption": photo.caption})
    return photo


@action("venue_review.detach")
def detach_photo(*, by: Person, now: datetime, review_id: int, photo_id: int) -> VenueReview:
    """Take a picture off the list again (三（五）). Refusals: ``review.sent`` (409); ``record.none`` (404)."""
    review = _open_list(by, review_id)
    photo = one(VenuePhoto.objects.filter(review=review), pk=photo_id)
    before = {"file": photo.file_id, "caption": photo.caption}
    VenuePhoto.objects.filter(pk=photo.pk).delete()
    record(review, before=before)
    return review


def _open_list(by: Person, review_id: int) -> VenueReview:
    review = queries.review(by, review_id)
    own(by, review.request.organisation_id, "三（五）")
    if review.state in flows.states("venue_review", "editable"):
        return review
    raise refuse(
        "review.sent", N_("清单已提交，不能再改动。"), N_("需要补充的，请审核机构要求整改后再上传。"), clause="三（五）"
    )


@action("venue_review.submit")
def submit_review(*, by: Person, now: datetime, review_id: int, note: str = "", seen: int | None = None) -> VenueReview:
    """Hand the list in, measured anew from the venue's equipment (三（五）). Refusal ``review.photos_few`` (422)."""
    review = queries.review(by, review_id)
    review = move(review, "submit", note=note, seen=seen)
    lines = _measure(review)
    record(review, after={"lines": lines})
    tell(review, review.body_id, f"{review.request.organisation.name}提交了场地设施设备清单", review.venue.name)
    return review


@action("venue_review.judge")
def judge_review(*, by: Person, now: datetime, review_id: int, verdicts: Mapping[int, tuple[str, str]]) -> VenueReview:
    """Give each line its verdict and remark: ``{item_id: ("met" | "not_met" | "rectify", remark)}`` (三（五）).

    Refusals: ``review.short`` (422) for "met" where pieces are missing; ``review.closed`` (409).
    """
    review = queries.review(by, review_id)
    own(by, review.body_id, "三（五）")
    if review.state != "submitted":
        raise refuse(
            "review.closed", N_("清单不在审核中，不能填写逐项意见。"), N_("请刷新页面查看最新状态。"), clause="三（五）"
        )
    items = {item.pk: item for item in queries.items_of(review.pk)}
    after: list[list[object]] = []
    for item_id, (verdict, remark) in verdicts.items():
        item = items.get(item_id)
        if item is None or verdict not in (*VERDICTS, ""):
            continue
        if verdict == "met" and item.available < item.needed:
            raise checks.short_of([item])
        item.verdict, item.remark = verdict, remark.strip()[:200]
        after.append([item.requirement, verdict, item.remark])
    VenueReviewItem.objects.bulk_update(items.values(), ["verdict", "remark"])
    record(review, after={"lines": after})
    return review


@action("venue_review.approve")
def approve_review(
    *, by: Person, now: datetime, review_id: int, note: str = "", seen: int | None = None
) -> VenueReview:
    """Agree to the venue; Refusal ``review.short`` (422) while anything the standard asks for is missing (三（五）)."""
    review = queries.review(by, review_id)
    return _conclude(review, "approve", now, note, seen, "场地设施设备清单审核同意")


@action("venue_review.rectify")
def rectify_review(*, by: Person, now: datetime, review_id: int, note: str, seen: int | None = None) -> VenueReview:
    """Ask for the shortfall to be made good (三（五）)."""
    return _conclude(queries.review(by, review_id), "rectify", now, note, seen, "场地设施设备需要整改")


@action("venue_review.refuse")
def refuse_review(*, by: Person, now: datetime, review_id: int, note: str, seen: int | None = None) -> VenueReview:
    """Refuse the venue (三（五）)."""
    return _conclude(queries.review(by, review_id), "refuse", now, note, seen, "场地设施设备清单审核不同意")


def _conclude(review: VenueReview, verb: str, now: datetime, note: str, seen: int | None, subject: str) -> VenueReview:
    today = local_day(now)
    updates: dict[str, Any] = {"conclusion": note, "reviewed_on": today}
    if verb == "approve":
        updates["valid_until"] = add_months(today, int(values.law(today).value("venue_review_months")))
    review = move(review, verb, note=note, seen=seen, updates=updates)
    tell(review, review.request.organisation_id, f"{subject}：{review.venue.name}", note)
    return review
