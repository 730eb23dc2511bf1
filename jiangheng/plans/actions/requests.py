"""附件6: asking the centre to arrange a recognition, and the centre's assignment (三（四）, 三（六）)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Organisation
from jiangheng.catalog import queries as catalog
from jiangheng.journal.actions import action, move, numbering, record
from jiangheng.journal.queries import one
from jiangheng.plans import checks, queries
from jiangheng.plans.actions.numbers_and_notices import changed, own, tell, tell_centre
from jiangheng.plans.models import Request
from jiangheng.plans.queries import desk
from jiangheng.rules import codes, flows
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.given import RequestGiven
from jiangheng.rules.readers import phones
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

MOST_PEOPLE = 10_000
SPONSOR_KINDS = ("training_school", "employer")


@action("request.draft")
def draft_request(*, by: Person, now: datetime, given: RequestGiven) -> Request:
    """Draft 附件6 (三（四）, 三（五）).

    Refusals (422): ``request.class``, ``.headcount``, ``.dates``, ``.place``, ``.venue``, ``.sponsor``; those of
    ``catalog.queries.require_occupation``; ``record.none`` (404) for a venue not visible.
    """
    facts = _clean(by, given)
    day = local_day(now)
    law = values.law(day)
    facts["deadline_on"] = deadlines.arrangement_request(given.exam_on, values.calendar(), law).last_day
    request = Request.objects.create(
        number=numbering.take("request", now),
        organisation_id=by.organisation_id or 0,
        created_at=now,
        **facts,
    )
    record(request, after={"number": request.number, **facts})
    return request


@action("request.change")
def change_request(
    *, by: Person, now: datetime, request_id: int, given: RequestGiven, seen: int | None = None
) -> Request:
    """Change a draft or returned request (三（四）). Refusals: as ``draft_request``; ``request.fixed`` (409)."""
    request = queries.request(by, request_id)
    own(by, request.organisation_id, "三（四）")
    if request.state not in flows.states("request", "editable"):
        raise refuse(
            "request.fixed",
            N_("申请提交后不能修改。"),
            N_("需要修改的，请先撤回后重新填写，或请市鉴定中心退回。"),
            clause="三（四）",
        )
    facts = _clean(by, given)
    law = values.law(local_day(now))
    facts["deadline_on"] = deadlines.arrangement_request(given.exam_on, values.calendar(), law).last_day
    before = changed(request, seen, facts)
    record(request, before=before, after=facts)
    return request


def _clean(by: Person, given: RequestGiven) -> dict[str, Any]:
    sponsor = bodies.get(by, by.organisation_id or 0)
    if sponsor.kind not in SPONSOR_KINDS:
        raise refuse(
            "request.sponsor",
            N_("只有培训学校和未备案的用人单位需要申请安排。"),
            N_("已备案机构请直接报送认定计划。"),
            clause="三（四）",
            status=422,
        )
    if not given.class_name.strip():
        raise refuse(
            "request.class",
            N_("请填写培训班名称。"),
            N_("用人单位可填写“单位名称＋职业”。"),
            clause="三（四）",
            status=422,
        )
    if not 0 < given.headcount <= MOST_PEOPLE:
        raise refuse(
            "request.headcount", N_("人数须为1至10000。"), N_("请按学员花名册填写。"), clause="三（四）", status=422
        )
    if given.alternative_on and given.alternative_on < given.exam_on:
        raise refuse(
            "request.dates",
            N_("备选日期不能早于首选日期。"),
            N_("备选日期须同样满足提前申请的期限。"),
            clause="三（四）",
            status=422,
        )
    if given.training_from and given.training_to and given.training_to < given.training_from:
        raise refuse(
            "request.training_dates",
            N_("结业日期早于开班日期。"),
            N_("请核对培训起止日期。"),
            clause="三（四）",
            status=422,
        )
    if given.training_hours is not None and not 0 <= given.training_hours <= MOST_PEOPLE:
        raise refuse("request.hours", N_("培训学时填写不对。"), N_("请填写整数学时。"), clause="三（四）", status=422)
    occupation = catalog.require_occupation(given.occupation_code, given.job, given.level)
    return {
        "class_name": given.class_name.strip()[:80],
        "class_number": given.class_number.strip()[:40],
        "training_from": given.training_from,
        "training_to": given.training_to,
        "training_hours": given.training_hours,
        "occupation_code": occupation.code,
        "occupation_name": occupation.name,
        "job": given.job,
        "level": given.level,
        "headcount": given.headcount,
        "exam_on": given.exam_on,
        "alternative_on": given.alternative_on,
        "place": given.place,
        "venue_id": _venue(by, sponsor, given.place, given.venue_id),
        "trainer_id": _trainer(given.trainer_id),
        "contact_name": given.contact_name.strip()[:60] or sponsor.contact_name,
        "contact_phone": phones.tidy(given.contact_phone)[:30] or sponsor.contact_phone,
    }


def _trainer(organisation_id: int | None) -> int | None:
    if organisation_id is None or Organisation.objects.filter(pk=organisation_id, kind="social_body").exists():
        return organisation_id
    raise refuse(
        "request.trainer",
        N_("请从列表选择参与培训的认定机构。"),
        N_("没有认定机构参与的，请留空。"),
        clause="三（四）",
        status=422,
    )


def _venue(by: Person, sponsor: Organisation, place: str, venue_id: int | None) -> int | None:
    if codes.find("place", place) is None:
        raise refuse(
            "request.place",
            N_("请选择考核地点。"),
            N_("本机构固定场地、固定场地外或认定机构场地。"),
            clause="三（四）",
            status=422,
        )
    if place == "body":
        return None
    if venue_id is None:
        raise refuse(
            "request.venue",
            N_("请选择本单位登记的场地。"),
            N_("没有登记的，请先登记场地。"),
            clause="三（四）",
            status=422,
        )
    venue = bodies.venue(by, venue_id)
    if venue.organisation_id != sponsor.pk:
        raise refuse(
            "request.venue_owner",
            N_("所选场地不是本单位的场地。"),
            N_("请选择本单位登记的场地。"),
            clause="三（四）",
            status=422,
        )
    if venue.fixed != (place == "own"):
        raise refuse(
            "request.venue_kind",
            N_("“%(venue)s”登记为%(registered)s，与所选考核地点不一致。"),
            N_("固定场地外的考核须提交附件7；请改选场地或考核地点。"),
            clause="三（五）",
            status=422,
            venue=venue.name,
            registered=N_("固定场地") if venue.fixed else N_("固定场地外"),
        )
    return venue.pk


@action("request.submit")
def submit_request(*, by: Person, now: datetime, request_id: int, note: str = "", seen: int | None = None) -> Request:
    """Hand 附件6 in at least fifteen working days ahead (三（四）). Refusal ``deadline.late`` (422) counts the days.

    A submission after the cut-off or on a day off counts on the next working day.
    """
    request = queries.request(by, request_id)
    calendar = values.calendar()
    law = values.law(local_day(now))
    day = checks.filed_on(now, calendar, law)
    deadline = deadlines.arrangement_request(request.exam_on, calendar, law)
    request = move(
        request, "submit", note=note, seen=seen, updates={"submitted_on": day, "deadline_on": deadline.last_day}
    )
    tell_centre(request, f"{request.organisation.name}提交了安排申请{request.number}", "")
    return request


@action("request.return")
def return_request(*, by: Person, now: datetime, request_id: int, note: str, seen: int | None = None) -> Request:
    """Give a request back with a reason (三（四）)."""
    request = move(queries.request(by, request_id), "return", note=note, seen=seen)
    tell(request, request.organisation_id, f"安排申请{request.number}已退回", note)
    return request


@action("request.assign")
def assign(
    *,
    by: Person,
    now: datetime,
    request_id: int,
    body_id: int,
    reason: str = "",
    note: str = "",
    seen: int | None = None,
) -> Request:
    """Assign a body filed for the occupation, serving the public and not in conflict (三（四）).

    Refusals: those of ``require_scope`` (一) and of ``desk.against``; ``request.reason`` (422) where the body is not
    the one proposed and nobody says why.
    """
    request = queries.request(by, request_id)
    return _assigned(request, "assign", now, body_id, reason or note, seen)


@action("request.reassign")
def reassign(
    *,
    by: Person,
    now: datetime,
    request_id: int,
    body_id: int,
    reason: str = "",
    note: str = "",
    seen: int | None = None,
) -> Request:
    """Give an assigned request to another body before it is planned (三（四）), with the reason.

    Refusals: as ``assign``; ``request.planned``, ``request.same_body`` (409).
    """
    request = queries.request(by, request_id)
    if request.body_id == body_id:
        raise desk.same_body()
    before = request.body_id
    request = _assigned(request, "reassign", now, body_id, reason or note, seen)
    tell(request, before, f"安排申请{request.number}已改派其他机构", request.assignment_reason)
    return request


def _assigned(request: Request, verb: str, now: datetime, body_id: int, reason: str, seen: int | None) -> Request:
    body = one(Organisation.objects.all(), pk=body_id)
    found = desk.conflict(body, request.organisation)
    if found is not None:
        raise found
    _require_scope(request, body.pk, now)
    desk.require_free(body, request)
    today = local_day(now)
    proposal = desk.proposal_of(desk.choices_for(request, today))
    if body.pk != proposal.get("body_id") and not reason.strip():
        raise refuse(
            "request.reason",
            N_("指派的机构不是建议的%(proposed)s，请写明理由。"),
            N_("可按建议指派，或写明统筹安排的考虑后再指派。"),
            clause="三（四）",
            status=422,
            proposed=proposal.get("name", ""),
        )
    request = move(
        request,
        verb,
        note=reason,
        seen=seen,
        updates={
            "body_id": body.pk,
            "assignment_reason": reason.strip(),
            "proposal": proposal,
            "assigned_on": today,
            "answer_by": deadlines.assignment_answer(
                today, request.exam_on, values.calendar(), values.law(today)
            ).last_day,
        },
    )
    summary = (
        f"{request.occupation_name}{codes.level_name(request.level)}，{request.headcount}人，拟于{request.exam_on}考核"
    )
    asked = f"{summary}。请于{request.answer_by_counted}前接受或说明不能承接。"
    tell(request, body.pk, f"市鉴定中心指派本机构承接安排申请{request.number}", asked)
    tell(request, request.organisation_id, f"安排申请{request.number}已指派{body.name}", summary)
    return request


def _require_scope(request: Request, body_id: int, now: datetime) -> None:
    """The body is filed on the day asked for, and its work not stopped today (一)."""
    bodies.require_scope(
        body_id,
        request.occupation_code,
        request.job,
        request.level,
        request.exam_on,
        acting_on=local_day(now),
    )


@action("request.take")
def take(*, by: Person, now: datetime, request_id: int, note: str = "", seen: int | None = None) -> Request:
    """Take an assignment on (三（四）). Refusals: those of ``require_scope`` where the filing was stopped meanwhile."""
    request = queries.request(by, request_id)
    request = move(request, "take", note=note, seen=seen)
    tell(request, request.organisation_id, f"{by_name(request)}已接受安排申请{request.number}", note)
    tell_centre(request, f"{by_name(request)}已接受安排申请{request.number}", note)
    return request


@action("request.decline")
def decline(*, by: Person, now: datetime, request_id: int, note: str, seen: int | None = None) -> Request:
    """Say why an assignment cannot be taken; the centre assigns another body (三（四）)."""
    request = queries.request(by, request_id)
    name = by_name(request)
    request = move(
        request,
        "decline",
        note=note,
        seen=seen,
        updates={"body_id": None, "answer_by": None, "declined_by": sorted({*request.declined_by, request.body_id})},
    )
    tell_centre(request, f"{name}说明不能承接安排申请{request.number}", note)
    return request


def by_name(request: Request) -> str:
    """The name of the body a request is assigned to."""
    return request.body.name if request.body else ""


@action("request.cancel")
def cancel_request(*, by: Person, now: datetime, request_id: int, note: str = "", seen: int | None = None) -> Request:
    """Take a request back before a body is assigned (三（四）)."""
    request = queries.request(by, request_id)
    waiting = request.state == "submitted"
    request = move(request, "cancel", note=note, seen=seen)
    if waiting:
        tell_centre(request, f"{request.organisation.name}撤回了安排申请{request.number}", note)
    return request
