"""What stands in the way of a step of a request, a venue review, a plan or its change beyond state and role."""

from __future__ import annotations

from datetime import datetime

from jiangheng.journal.guards import guard
from jiangheng.plans import checks, queries
from jiangheng.plans.models import Plan, PlanChange, Request, VenueReview
from jiangheng.rules import flows
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse, tried
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

BEGUN = flows.states("sitting", "begun")
IN_WRITING = N_("确需取消的，请书面说明情况，由市鉴定中心办理。")


def not_yours(person: Person, organisation_id: int | None, clause: str) -> Refusal | None:
    """Refusal ``record.not_yours`` (403) for anybody but the organisation itself; the system acts for it."""
    if person.role is Role.SYSTEM or person.organisation_id == organisation_id:
        return None
    return refuse(
        "record.not_yours",
        N_("这条记录由其他单位办理，您只能查看。"),
        N_("请由办理单位操作，或切换到该单位的身份。"),
        clause=clause,
        status=403,
    )


def begun(plan: Plan) -> Refusal | None:
    """Refusal ``plan.begun`` (409) once a room of the plan has opened."""
    if not plan.sittings.filter(state__in=BEGUN).exists():
        return None
    return refuse(
        "plan.begun",
        N_("已有考场开考，计划不能再改期、变更或取消。"),
        N_("考试中的情况请登记在考场记录中，由市鉴定中心处理。"),
        clause="三（三）",
    )


def not_open(plan: Plan, now: datetime) -> Refusal | None:
    """Why a plan can take no other day, place or number: ``plan_change.state``, ``.day_reached``, ``plan.begun`` (409)."""
    if plan.state not in flows.FLOWS["plan"].live:
        return refuse(
            "plan_change.state",
            N_("只有已受理、尚未考核的计划可以改期或变更。"),
            N_("草稿和被退回的计划可以直接修改；已报送的请市鉴定中心退回。"),
            clause="三（三）",
        )
    if local_day(now) >= plan.exam_on:
        return refuse(
            "plan_change.day_reached",
            N_("考核日期%(day)s已到，不能再改期或变更。"),
            N_("请书面说明情况，由市鉴定中心办理。"),
            clause="三（三）",
            day=plan.exam_on.isoformat(),
        )
    return begun(plan)


@guard("plan.cancel")
def _cancelling(person: Person, plan: Plan, now: datetime) -> Refusal | None:
    """Its own body while there is time before the examination, the centre until a room has opened (三（三）)."""
    live = plan.state in flows.FLOWS["plan"].live
    if person.role is Role.BODY:
        refusal = not_yours(person, plan.body_id, "三（三）") or (_too_late(plan, now) if live else None)
        if refusal:
            return refusal
    return begun(plan) if live else None


def _too_late(plan: Plan, now: datetime) -> Refusal | None:
    if local_day(now) >= plan.exam_on:
        return refuse("plan.day_reached", N_("考核日期已到，机构不能再取消计划。"), IN_WRITING, clause="三（三）")
    calendar, law = values.calendar(), values.law(local_day(now))
    deadline, day = deadlines.plan_cancelled(plan.exam_on, calendar, law), checks.filed_on(now, calendar, law)
    return tried(lambda: deadlines.check_in_time(deadline, day, calendar, remedy=IN_WRITING))


@guard("plan_change.approve")
def _changing(_person: Person, change: PlanChange, now: datetime) -> Refusal | None:
    return not_open(change.plan, now)


@guard("plan_change.withdraw")
def _taking_back(person: Person, change: PlanChange, _now: datetime) -> Refusal | None:
    return not_yours(person, change.plan.body_id, "三（三）")


@guard("request.reassign")
def _reassigning(_person: Person, request: Request, _now: datetime) -> Refusal | None:
    if queries.plan_of_request(request.pk) is None:
        return None
    return refuse(
        "request.planned",
        N_("承接机构已按这份申请编制认定计划，不能改派。"),
        N_("请先由机构或市鉴定中心取消该计划，再改派。"),
        clause="三（四）",
    )


@guard("request.decline")
def _declining(person: Person, request: Request, _now: datetime) -> Refusal | None:
    return not_yours(person, request.body_id, "三（四）")


@guard("request.cancel")
def _calling_back(person: Person, request: Request, _now: datetime) -> Refusal | None:
    return not_yours(person, request.organisation_id, "三（四）")


@guard("plan.submit")
def _filing(person: Person, plan: Plan, now: datetime) -> Refusal | None:
    return not_yours(person, plan.body_id, "三（三）") or next(
        (check.refusal for check in checks.before_filing(plan, now) if check.refusal), None
    )


@guard("plan.accept")
def _accepting(_person: Person, plan: Plan, now: datetime) -> Refusal | None:
    return tried(lambda: checks.require_scopes(plan, queries.rows_of(plan.pk), local_day(now)))


@guard("plan.complete")
def _completing(_person: Person, plan: Plan, now: datetime) -> Refusal | None:
    if local_day(now) >= plan.exam_on:
        return None
    return refuse(
        "plan.not_held",
        N_("考核日期%(day)s未到，计划不能办结。"),
        N_("请在成绩审核、证书核发后办结。"),
        clause="四（八）",
        day=plan.exam_on.isoformat(),
    )


@guard("request.submit")
def _asking(person: Person, request: Request, now: datetime) -> Refusal | None:
    if refusal := not_yours(person, request.organisation_id, "三（四）"):
        return refusal
    calendar, law = values.calendar(), values.law(local_day(now))
    deadline = deadlines.arrangement_request(request.exam_on, calendar, law)
    return tried(lambda: deadlines.check_in_time(deadline, checks.filed_on(now, calendar, law), calendar))


@guard("request.take")
def _taking(person: Person, request: Request, now: datetime) -> Refusal | None:
    return not_yours(person, request.body_id, "三（四）") or tried(lambda: checks.require_request_filed(request, now))


@guard("venue_review.submit")
def _handing_in(person: Person, review: VenueReview, now: datetime) -> Refusal | None:
    if refusal := not_yours(person, review.request.organisation_id, "三（五）"):
        return refusal
    least = int(values.law(local_day(now)).value("venue_photos_min"))
    if review.photos.count() >= least:
        return None
    return refuse(
        "review.photos_few",
        N_("提交清单须附至少%(least)s张场地照片。"),
        N_("请在清单页上传考场、工位和主要设备的照片。"),
        clause="三（五）",
        status=422,
        least=least,
    )


@guard("venue_review.decide")
def _deciding(person: Person, review: VenueReview, _now: datetime) -> Refusal | None:
    return not_yours(person, review.body_id, "三（五）")


@guard("venue_review.approve")
def _agreeing(person: Person, review: VenueReview, _now: datetime) -> Refusal | None:
    if refusal := not_yours(person, review.body_id, "三（五）"):
        return refusal
    items = queries.items_of(review.pk)
    missing = [item for item in items if item.available < item.needed]
    if missing:
        return checks.short_of(missing)
    blank = [item.requirement for item in items if not item.verdict]
    if blank:
        return refuse(
            "review.unjudged",
            N_("还有项目没有填写意见：%(items)s。"),
            N_("请逐项填写满足、不满足或整改后再作结论。"),
            clause="三（五）",
            status=422,
            items="、".join(blank),
        )
    unmet = [item.requirement for item in items if item.verdict in ("not_met", "rectify")]
    if unmet:
        return refuse(
            "review.unmet",
            N_("逐项意见中仍有不满足的项目：%(items)s。"),
            N_("请先更正逐项意见，或要求整改。"),
            clause="三（五）",
            status=422,
            items="、".join(unmet),
        )
    return None
