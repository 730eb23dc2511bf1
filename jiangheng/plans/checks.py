"""What a plan must satisfy before it is handed in, in the order it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from jiangheng.bodies import queries as bodies
from jiangheng.bodies.models import Venue
from jiangheng.catalog import queries as catalog
from jiangheng.plans import measuring, queries
from jiangheng.plans.models import Plan, PlanRow, Request, VenueReviewItem
from jiangheng.rules.bodies import scopes
from jiangheng.rules.conditions import plans as rules
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.deadlines import Deadline
from jiangheng.rules.days.local_time import LIUZHOU, local_day, local_moment
from jiangheng.rules.days.workdays import WorkCalendar
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import Refusal, refuse, tried
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

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


def default_subjects(
    occupation_code: str, level: int, exam_on: date, body_id: int | None = None
) -> list[dict[str, Any]]:
    """The subjects the body's standard sets for a level, at the usual hours of ``exam_on``."""
    return [
        {
            "subject": row.subject,
            "method": row.method,
            "starts_at": datetime.combine(exam_on, STARTS[row.subject], LIUZHOU).isoformat(),
            "minutes": row.minutes,
        }
        for row in catalog.subjects_for(occupation_code, level, exam_on, body_id)
    ]


def of_plan(
    plan: Plan, *, day: date, calendar: WorkCalendar, law: Law, rows: Sequence[PlanRow] | None = None
) -> list[Check]:
    """Every condition of handing ``plan`` in on ``day`` with what stands in its way (三（三）).

    ``rows`` are those of a plan as it would become; by default those it has.
    """
    rows = queries.rows_of(plan.pk) if rows is None else rows
    found = [row_facts(row) for row in rows]
    wanted = {
        (row.occupation_code, row.level): [
            each.subject for each in catalog.subjects_for(row.occupation_code, row.level, plan.exam_on, plan.body_id)
        ]
        for row in found
    }
    rooms = [rules.Room(each.kind, each.capacity) for each in bodies.venue_with_rooms(plan.venue_id).rooms.all()]
    deadline = plan_deadline(plan.body.kind, plan.exam_on, calendar, law)
    serves = bodies.serves(plan.body_id, plan.exam_on)
    checks = [
        Check(N_("计划明细"), rules.rows(found)),
        Check(FILING_DEADLINE, tried(lambda: deadlines.check_in_time(deadline, day, calendar))),
        Check(N_("备案范围"), tried(lambda: require_scopes(plan, rows, day))),
        Check(
            N_("认定对象"),
            rules.service(plan.body.name, serves, plan.candidate_source, open_to_public=plan.open_to_public),
        ),
        Check(N_("考核科目与方式"), rules.subjects(found, wanted, plan.exam_on)),
        Check(N_("考场容量"), rules.capacity(rooms, found, int(law.value("rounds_per_day")))),
        Check(N_("考核场地"), venue(plan, plan.venue)),
        Check(N_("报名截止时间"), rules.registration(plan.registration_ends_at, plan.exam_on)),
    ]
    if plan.request is not None:
        checks.append(Check(N_("安排申请"), rules.request(_wanted(plan.request), plan.body_id, found)))
    return checks


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
    return row_facts(row).days()


def row_facts(row: PlanRow) -> rules.Row:
    """A row as the rules of plans read it."""
    return rules.Row(
        occupation_code=row.occupation_code,
        occupation_name=row.occupation_name,
        job=row.job,
        level=row.level,
        headcount=row.headcount,
        subjects=tuple(
            rules.Subject(
                str(each.get("subject")),
                str(each.get("method") or ""),
                datetime.fromisoformat(each["starts_at"]) if each.get("starts_at") else None,
                int(each.get("minutes") or 0),
            )
            for each in row.subjects
        ),
    )


def venue(plan: Plan, place: Venue) -> Refusal | None:
    """What stands in the way of examining at ``place`` (三（五）), or None; codes of ``rules.conditions.plans.venue``."""
    sponsor = plan.request.organisation_id if plan.request else None
    approved = False
    missing: tuple[str, ...] = ()
    if plan.request is not None and not place.fixed and place.organisation_id == sponsor:
        approved = queries.approved_reviews(plan.request, place.pk, plan.body_id, plan.exam_on).exists()
        # What was approved must still suffice on the day: nothing taken away, no verification run out meanwhile.
        lines = measuring.measured(plan.request, place.pk, plan.exam_on) if approved else ()
        missing = tuple(f"{line.name}{line.short}" for line in lines if line.short)
    facts = rules.Place(place.name, place.organisation_id, place.fixed, approved, missing)
    return rules.venue(facts, plan.body_id, sponsor, plan.exam_on)


def require_venue(plan: Plan, place: Venue) -> None:
    """Refuse a plan at a place it may not be held at; codes of ``venue``."""
    found = venue(plan, place)
    if found is not None:
        raise found


def _wanted(request: Request) -> rules.Wanted:
    return rules.Wanted(
        request.number, request.state, request.body_id, request.occupation_code, request.job, request.level
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
