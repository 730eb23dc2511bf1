"""What a plan must satisfy before it is handed in, in the order it is checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Room, Venue
from jiangheng.catalog import queries as catalog
from jiangheng.journal.guards import guard
from jiangheng.plans import measuring, queries
from jiangheng.plans.models import Plan, PlanRow, Request, VenueReview, VenueReviewItem
from jiangheng.rules import codes
from jiangheng.rules.bodies import scopes
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.deadlines import Deadline
from jiangheng.rules.days.local_time import LIUZHOU, local_day, local_moment
from jiangheng.rules.days.workdays import WorkCalendar
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

ROOMS_FOR = {
    "machine": ("machine",),
    "paper": ("theory", "machine"),
    "on_site": ("skill",),
    "work": ("skill", "theory"),
    "oral": ("theory", "machine", "skill"),
    "defence": ("theory", "machine", "skill"),
    "thesis": ("theory", "machine", "skill"),
}
FILING_DEADLINE = N_("报送期限")
STARTS = {"theory": time(9, 0), "skill": time(14, 0), "review": time(14, 0)}


@dataclass(frozen=True, slots=True)
class Check:
    """One condition, in words, with the refusal where it is not met."""

    label: str
    refusal: Refusal | None


def filed_on(now: datetime, calendar: WorkCalendar, law: Law) -> date:
    """The day a submission at ``now`` counts on: after the cut-off or on a day off, the next working day."""
    return calendar.effective(local_moment(now), time.fromisoformat(law.value("filing_cutoff")))


def plan_deadline(body_kind: str, exam_on: date, calendar: WorkCalendar, law: Law) -> Deadline:
    """The last day to hand a plan in: 三（三） for schools and social bodies, 四（六） for a filed employer."""
    if body_kind in law.value("plan_lead_kinds"):
        return deadlines.plan_filing(exam_on, calendar, law)
    return deadlines.ticket_issue(exam_on, calendar, law)


def default_subjects(occupation_code: str, level: int, exam_on: date) -> list[dict[str, Any]]:
    """The subjects the standard sets for a level, at the usual hours of ``exam_on``."""
    return [
        {
            "subject": row.subject,
            "method": row.method,
            "starts_at": datetime.combine(exam_on, STARTS[row.subject], LIUZHOU).isoformat(),
            "minutes": row.minutes,
        }
        for row in catalog.subjects_for(occupation_code, level, exam_on)
    ]


def of_plan(
    plan: Plan, *, day: date, calendar: WorkCalendar, law: Law, rows: Sequence[PlanRow] | None = None
) -> list[Check]:
    """Every condition of handing ``plan`` in on ``day`` with what stands in its way (三（三）).

    ``rows`` are those of a plan as it would become; by default those it has.
    """
    rows = queries.rows_of(plan.pk) if rows is None else rows
    venue = bodies.venue_with_rooms(plan.venue_id)
    deadline = plan_deadline(plan.body.kind, plan.exam_on, calendar, law)
    steps: list[tuple[str, Callable[[], object]]] = [
        (N_("计划明细"), lambda: require_rows(rows)),
        (FILING_DEADLINE, lambda: deadlines.check_in_time(deadline, day, calendar)),
        (N_("备案范围"), lambda: require_scopes(plan, rows, day)),
        (N_("认定对象"), lambda: require_service(plan)),
        (N_("考核科目与方式"), lambda: require_subjects(plan, rows)),
        (N_("考场容量"), lambda: require_capacity(list(venue.rooms.all()), rows, law)),
        (N_("考核场地"), lambda: require_venue(plan, venue)),
        (N_("报名截止时间"), lambda: require_registration(plan)),
    ]
    if plan.request_id is not None:
        steps.append((N_("安排申请"), lambda: require_request(plan, rows)))
    return [Check(label, _tried(step)) for label, step in steps]


def _tried(step: Callable[[], object]) -> Refusal | None:
    try:
        step()
    except Refusal as refusal:
        return refusal
    return None


def require_rows(rows: Sequence[PlanRow]) -> None:
    """At least one occupation and level. Refusal ``plan.no_rows`` (422)."""
    if not rows:
        raise refuse(
            "plan.no_rows",
            N_("计划没有填写职业和等级。"),
            N_("请至少填写一行职业、等级和人数。"),
            clause="三（三）",
            status=422,
        )


def require_scopes(plan: Plan, rows: Sequence[PlanRow], acting_on: date) -> None:
    """Every row within the body's filed scope on each of its days of examination (一), the work not stopped on
    ``acting_on``. Refusals: those of ``rules.scopes.require``.
    """
    for day in sorted({plan.exam_on, *(day for row in rows for day in days_of(row))}):
        asked = [
            (row.occupation_code, row.job, row.level) for row in rows if day == plan.exam_on or day in days_of(row)
        ]
        bodies.require_scopes(plan.body_id, asked, day, acting_on=acting_on)


def require_filed(
    plan: Plan,
    now: datetime,
    *,
    row: PlanRow | None = None,
    day: date | None = None,
    stopping: frozenset[str] = scopes.BEGINNING,
) -> None:
    """For every later step of a plan (一): its rows, or the one ``row``, are filed on their days of examination, or on
    ``day``, and nothing stops the body's work on the day of the step. Refusals: those of ``rules.scopes.require``.
    """
    rows = [row] if row is not None else list(plan.rows.all())
    days = {day} if day is not None else {plan.exam_on, *(each for row in rows for each in days_of(row))}
    asked = [(each.occupation_code, each.job, each.level) for each in rows]
    for each in sorted(days):
        bodies.require_scopes(plan.body_id, asked, each, acting_on=local_day(now), stopping=stopping)


def require_request_filed(request: Request, now: datetime) -> None:
    """The body a request is assigned to, where there is one, is filed for it on its day and not stopped today (一)."""
    if request.body_id is not None:
        bodies.require_scope(
            request.body_id,
            request.occupation_code,
            request.job,
            request.level,
            request.exam_on,
            acting_on=local_day(now),
        )


def days_of(row: PlanRow) -> set[date]:
    """The days on which a row's subjects are examined."""
    return {local_day(datetime.fromisoformat(each["starts_at"])) for each in row.subjects if each.get("starts_at")}


def require_service(plan: Plan) -> None:
    """A school examines its students, an employer its staff, a social body anyone (二). Refusal ``plan.service``."""
    serves = bodies.serves(plan.body_id, plan.exam_on)
    open_wrongly = plan.open_to_public and "public" not in serves
    if "public" in serves or (plan.candidate_source in serves and not open_wrongly):
        return
    raise refuse(
        "plan.service",
        N_("%(body)s的服务对象为“%(serves)s”，不能面向“%(source)s”开展认定。"),
        N_("企业面向本单位员工，技工院校面向本校学生；面向社会的认定由社会培训评价组织开展。"),
        clause="二",
        body=plan.body.name,
        serves="、".join(codes.label("service_object", each) for each in sorted(serves)) or N_("无"),
        source=codes.label("candidate_group", "public" if open_wrongly else plan.candidate_source),
    )


def require_subjects(plan: Plan, rows: Sequence[PlanRow]) -> None:
    """Every subject of the level with method and time, the first on the plan's day. Refusal ``plan.subjects`` (422)."""
    for row in rows:
        given = {str(each.get("subject")): each for each in row.subjects}
        wanted = [each.subject for each in catalog.subjects_for(row.occupation_code, row.level, plan.exam_on)]
        for subject in wanted or ["theory", "skill"]:
            each = given.get(subject)
            if each and each.get("method") and each.get("starts_at") and each.get("minutes"):
                continue
            raise refuse(
                "plan.subjects",
                N_("“%(occupation)s”%(level)s缺少“%(subject)s”的方式或时间。"),
                N_("请为每个科目填写考核方式、开始时间和时长。"),
                clause="三（三）",
                status=422,
                occupation=row.occupation_name,
                level=codes.level_name(row.level),
                subject=codes.label("subject", subject),
            )
    days = [local_day(datetime.fromisoformat(each["starts_at"])) for row in rows for each in row.subjects]
    if days and min(days) != plan.exam_on:
        raise refuse(
            "plan.first_day",
            N_("最早一科在%(first)s，与计划的考核日期%(day)s不一致。"),
            N_("考核日期应为第一科开考的日期，请修改其中之一。"),
            clause="三（三）",
            status=422,
            first=min(days).isoformat(),
            day=plan.exam_on.isoformat(),
        )


def require_capacity(rooms: Sequence[Room], rows: Sequence[PlanRow], law: Law) -> None:
    """Enough seats or workstations within the rounds of one day. Refusal ``plan.capacity`` (409)."""
    rounds = int(law.value("rounds_per_day"))
    wanted: dict[tuple[str, str], int] = {}
    for row in rows:
        for each in row.subjects:
            day = str(each.get("starts_at", ""))[:10]
            key = (str(each.get("method")), day)
            wanted[key] = wanted.get(key, 0) + row.headcount
    for (method, day), people in wanted.items():
        kinds = ROOMS_FOR.get(method, ("theory", "machine", "skill"))
        seats = sum(room.capacity for room in rooms if room.kind in kinds)
        if seats * rounds >= people:
            continue
        raise refuse(
            "plan.capacity",
            N_("%(day)s“%(method)s”共%(people)s人，场地合计%(seats)s个座位（工位），分%(rounds)s轮也容纳不下。"),
            N_("请减少人数、分日安排，或选择考场更多的场地。"),
            clause="三（三）",
            day=day,
            method=codes.label("method", method),
            people=people,
            seats=seats,
            rounds=rounds,
        )


def require_venue(plan: Plan, venue: Venue) -> None:
    """The body's own place, or the sponsor's; one off its premises only when reviewed and approved (三（五）).

    Refusals: ``plan.venue_foreign``, ``plan.venue_review``, ``plan.venue_short`` (409).
    """
    sponsor = plan.request.organisation_id if plan.request else None
    if venue.organisation_id not in (plan.body_id, sponsor):
        raise refuse(
            "plan.venue_foreign",
            N_("“%(venue)s”既不是本机构的场地，也不是申请单位的场地。"),
            N_("请选择本机构或申请单位登记的场地。"),
            clause="三（五）",
            venue=venue.name,
        )
    if venue.organisation_id == plan.body_id or venue.fixed:
        return
    if (
        plan.request is not None
        and queries.approved_reviews(plan.request, venue.pk, plan.body_id, plan.exam_on).exists()
    ):
        _require_equipment(plan, venue)
        return
    raise refuse(
        "plan.venue_review",
        N_("“%(venue)s”在申请单位固定场地外，没有审核同意且在%(day)s有效的场地设施设备清单。"),
        N_("请先由申请单位提交附件7，审核同意后再报送计划。"),
        clause="三（五）",
        venue=venue.name,
        day=plan.exam_on.isoformat(),
    )


def _require_equipment(plan: Plan, venue: Venue) -> None:
    """What was approved still suffices on the day: nothing taken away, no verification run out meanwhile (三（五）)."""
    assert plan.request is not None
    missing = [line for line in measuring.measured(plan.request, venue.pk, plan.exam_on) if line.short]
    if missing:
        raise refuse(
            "plan.venue_short",
            N_("“%(venue)s”审核同意后设备有变动或检定到期，考核日缺：%(missing)s。"),
            N_("请由申请单位补足设备或更新检定日期，并重新提交附件7审核。"),
            clause="三（五）",
            venue=venue.name,
            missing="；".join(f"{line.name}{line.short}" for line in missing),
        )


def require_registration(plan: Plan) -> None:
    """Registration ends before the day of examination. Refusal ``plan.registration`` (422)."""
    if local_day(plan.registration_ends_at - timedelta(seconds=1)) >= plan.exam_on:
        raise refuse(
            "plan.registration",
            N_("报名截止时间须早于考核日期%(day)s。"),
            N_("请留出审核、编排和核发准考证的时间。"),
            clause="三（三）",
            status=422,
            day=plan.exam_on.isoformat(),
        )


def require_request(plan: Plan, rows: Sequence[PlanRow]) -> None:
    """The request is taken by this body and the plan examines what it asks for (三（四）). Refusal ``plan.request_differs``."""
    wanted = plan.request
    assert wanted is not None
    fits = any(
        (row.occupation_code, row.job, row.level) == (wanted.occupation_code, wanted.job, wanted.level) for row in rows
    )
    if wanted.state == "taken" and wanted.body_id == plan.body_id and fits:
        return
    raise refuse(
        "plan.request_differs",
        N_("计划与安排申请%(number)s不一致，或该申请不是由本机构承接。"),
        N_("请按申请的职业、工种和等级填写计划，并确认已接受指派。"),
        clause="三（四）",
        number=wanted.number,
    )


def before_filing(plan: Plan, now: datetime) -> list[Check]:
    """Every condition of handing ``plan`` in at ``now``.

    Asked once per plan in hand: its page shows the list and offers the step, and both are one answer.
    """
    known: tuple[datetime, list[Check]] | None = vars(plan).get("_before_filing")
    if known is None or known[0] != now:
        calendar, law = values.calendar(), values.law(local_day(now))
        known = (now, of_plan(plan, day=filed_on(now, calendar, law), calendar=calendar, law=law))
        vars(plan)["_before_filing"] = known
    return known[1]


@guard("plan.submit")
def _filing(_person: Person, plan: Plan, now: datetime) -> Refusal | None:
    return next((check.refusal for check in before_filing(plan, now) if check.refusal), None)


@guard("plan.accept")
def _accepting(_person: Person, plan: Plan, now: datetime) -> Refusal | None:
    return _tried(lambda: require_scopes(plan, queries.rows_of(plan.pk), local_day(now)))


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
def _asking(_person: Person, request: Request, now: datetime) -> Refusal | None:
    calendar, law = values.calendar(), values.law(local_day(now))
    deadline = deadlines.arrangement_request(request.exam_on, calendar, law)
    return _tried(lambda: deadlines.check_in_time(deadline, filed_on(now, calendar, law), calendar))


@guard("request.take")
def _taking(_person: Person, request: Request, now: datetime) -> Refusal | None:
    return _tried(lambda: require_request_filed(request, now))


@guard("venue_review.submit")
def _handing_in(_person: Person, review: VenueReview, now: datetime) -> Refusal | None:
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


@guard("venue_review.approve")
def _agreeing(_person: Person, review: VenueReview, _now: datetime) -> Refusal | None:
    items = queries.items_of(review.pk)
    missing = [item for item in items if item.available < item.needed]
    if missing:
        return short_of(missing)
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


def short_of(items: list[VenueReviewItem]) -> Refusal:
    """What of the standard's equipment a venue still lacks."""
    missing = "；".join(f"{item.requirement}缺{item.needed - item.available}" for item in items)
    return refuse(
        "review.short",
        N_("场地尚有不满足标准要求的设备：%(missing)s。"),
        N_("请要求整改，补足并重新提交清单后再审核。"),
        clause="三（五）",
        status=422,
        missing=missing,
    )
