"""What every editable value of days, staffing, examination and oversight changes where people can see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from jiangheng.exam_day import actions as exam_day
from jiangheng.oversight import actions as oversight
from jiangheng.people import actions as people
from jiangheng.people import queries as people_queries
from jiangheng.plans import actions as plans
from jiangheng.plans.queries import desk
from jiangheng.rules.roles import PUBLIC, Person
from jiangheng.sittings import actions as sittings
from jiangheng.sittings.models import Sitting, StaffAssignment, Ticket
from tests import factories
from tests.factories import moment
from tests.plans import made
from tests.sittings import stage
from tests.values.world import DAY, EXAM, NOW, World, clock, outcome, page

Look = Callable[[World], Any]


def of_clock(key: str, who: str = "centre") -> Look:
    """The last day and light of a clock."""
    return lambda world: clock(getattr(world, who), key)


# Plans and requests


def request_page(world: World) -> str:
    """The request that waits for an answer, as its body reads it."""
    from jiangheng.plans.models import Request

    return page(world.body, reverse("plans:request_detail", args=[Request.objects.get(number="AP2").pk]))


def plan_moved(given: dict[str, Any], now: str) -> Look:
    """Asking another day or place of the accepted plan."""

    def look(world: World) -> Any:
        plan = world.plan
        facts = {
            "reason": "设备检修",
            "exam_on": plan.exam_on,
            "registration_ends_at": plan.registration_ends_at,
            "venue_id": plan.venue_id,
            **given,
        }
        found = outcome(lambda: plans.propose_change(by=world.body, now=moment(now), plan_id=plan.pk, **facts))
        return found if isinstance(found, tuple) else found.kind

    return look


def postponed(world: World) -> Any:
    """Asking a later day eight working days ahead."""
    later = world.plan.exam_on + timedelta(days=28)
    return plan_moved({"exam_on": later}, "2026-06-23 10:00")(world)


def elsewhere(world: World) -> Any:
    """Asking another place eight working days ahead."""
    other = factories.make_venue(world.own).pk
    return plan_moved({"venue_id": other}, "2026-06-23 10:00")(world)


def cancelled(world: World) -> Any:
    """Giving the accepted plan up eight working days ahead."""
    found = outcome(
        lambda: plans.cancel(by=world.body, now=moment("2026-06-23 10:00"), plan_id=world.plan.pk, note="停电")
    )
    return found if isinstance(found, tuple) else found.state


def handed_in(world: World) -> Any:
    """The day a request handed in at ten counts on, and its number."""
    request = made.request_of(world.school, now=NOW, place="body")
    number = request.number
    return number, plans.submit_request(by=world.school, now=NOW, request_id=request.pk).submitted_on


def drafted_plan(world: World) -> Any:
    """A plan's number, and whether its room holds so many in a day."""
    plan = made.plan_of(world.body, now=NOW, registration_ends_at=moment("2026-09-25 18:00"))
    return plan.number, page(world.body, reverse("plans:detail", args=[plan.pk]))


def ranked(world: World) -> Any:
    """The bodies as proposed for the request that waits: one has less to do, the other had fewer turns."""
    from jiangheng.plans.models import Request

    other = factories.make_organisation("social_body")
    factories.make_filing(other)
    request = Request.objects.get(number="AP1")
    return [(each.body.pk, each.reasons) for each in desk.choices_for(request, DAY)]


def venue_list(world: World) -> Any:
    """A venue's list as drafted, handed in and approved."""
    from jiangheng.bodies.models import Organisation
    from jiangheng.plans.models import Request

    school = Organisation.objects.get(pk=world.school.organisation_id)
    request = Request.objects.get(number="AP2")
    venue = factories.make_venue(school, fixed=False)
    Request.objects.filter(pk=request.pk).update(place="off_site", venue=venue, state="taken")
    review = plans.draft_review(by=world.school, now=NOW, request_id=request.pk)
    lines = list(review.items.values_list("section", "requirement"))
    sent = outcome(lambda: plans.submit_review(by=world.school, now=NOW, review_id=review.pk).state)
    if isinstance(sent, tuple):
        return lines, sent
    review.items.update(verdict="met")
    return lines, outcome(
        lambda: plans.approve_review(by=world.body, now=NOW, review_id=review.pk, note="合格").valid_until
    )


def completed_plan(world: World) -> str:
    """The page of a plan that was held."""
    held = factories.make_plan(world.own, "2026-06-06", state="completed")
    return page(world.centre, reverse("plans:detail", args=[held.pk]))


# Staff


def staffing_desk(world: World) -> str:
    """How many of each post the plan wants, as its staffing desk says."""
    return page(world.body, reverse("sittings:staffing", args=[world.plan.pk]))


def posted(people: list[Person], sitting: Sitting, world: World) -> Any:
    """Posting examiners to a sitting, the first in the lead."""
    posts = [
        {"account_id": each.account_id, "post": "examiner" if place else "examiner_lead"}
        for place, each in enumerate(people)
    ]
    found = outcome(
        lambda: sittings.assign_staff(by=world.body, now=stage.ARRANGED_AT, sitting_id=sitting.pk, posts=posts)
    )
    return found if isinstance(found, tuple) else "posted"


def high_level(world: World) -> Any:
    """Five examiners at level two."""
    world.plan.rows.update(level=2)
    return posted(world.examiners[:5], Sitting.objects.get(pk=world.skill.pk), world)


def _last_time(world: World) -> None:
    """Four of the examiners examined for the body in June."""
    before = factories.make_plan(world.own, "2026-06-06", state="completed")
    sat = Sitting.objects.create(
        plan=before,
        row=before.rows.get(),
        subject="skill",
        method="on_site",
        room=world.skill.room,
        room_name="实操",
        starts_at=moment("2026-06-06 14:00"),
        ends_at=moment("2026-06-06 16:00"),
        state="recorded",
        created_at=NOW,
    )
    for each in world.examiners[:4]:
        StaffAssignment.objects.create(sitting=sat, account_id=each.account_id, post="examiner", created_at=NOW)


def same_team(world: World) -> Any:
    """Four of five who examined for the body last time."""
    _last_time(world)
    return posted(world.examiners[:5], world.skill, world)


def held_meeting(world: World) -> Any:
    """Holding the pre-exam meeting with one new examiner in five."""
    _last_time(world)
    people = _ready(world, "ticketed")[:2]
    for place, each in enumerate(world.examiners[:5]):
        StaffAssignment.objects.create(
            sitting=world.skill,
            account_id=each.account_id,
            post="examiner" if place else "examiner_lead",
            acknowledged_at=NOW,
            created_at=NOW,
        )
    Sitting.objects.filter(pk=world.skill.pk).update(state="ticketed")
    Sitting.objects.filter(pk=world.review.pk).update(state="cancelled")
    found = outcome(
        lambda: sittings.brief(
            by=world.body,
            now=stage.MEETING,
            plan_id=world.plan.pk,
            held_at=stage.MEETING,
            place="会议室",
            minutes="明确分工",
            attendees=[each.name for each in (*people, *world.examiners[:5])],
        )
    )
    return found if isinstance(found, tuple) else "held"


def unverified(world: World) -> Any:
    """Five examiners, one of whose document nobody has seen."""
    from jiangheng.people.models import StaffCard

    StaffCard.objects.filter(account_id=world.examiners[0].account_id).update(identity=None)
    return posted(world.examiners[:5], world.skill, world)


def card_for(kind: str) -> Look:
    """Entering a card of two and a half years."""

    def look(world: World) -> Any:
        account = factories.make_account("蒙示例")
        found = outcome(
            lambda: people.issue_card(
                by=world.centre,
                now=NOW,
                account_id=account.pk,
                kind=kind,
                number="证X1",
                valid_from=DAY,
                valid_to=date(2028, 12, 1),
                occupation_code="6-31-01-03",
            )
        )
        return found if isinstance(found, tuple) else "issued"

    return look


def second_step(world: World) -> Any:
    """Whether a clerk must enrol a second step on the way in."""
    from jiangheng.people.models import Account

    return people_queries.must_enrol(Account.objects.get(pk=world.body.account_id), now=NOW)


def card_page(world: World) -> str:
    """The register of cards with those that end soon."""
    return page(world.centre, reverse("people:cards"))


# The day of the examination


def ticketed(world: World) -> Any:
    """The first ticket's number."""
    found = outcome(lambda: sittings.issue_tickets(by=world.body, now=stage.ARRANGED_AT, plan_id=world.plan.pk))
    return found if isinstance(found, tuple) else Ticket.objects.order_by("number").values_list("number", flat=True)[0]


def _ready(world: World, state: str = "briefed") -> list[Person]:
    posts = ("chief", "invigilator")
    for each, post in zip(world.invigilators, posts, strict=False):
        StaffAssignment.objects.create(
            sitting=world.theory, account_id=each.account_id, post=post, acknowledged_at=NOW, created_at=NOW
        )
    for number, seat in enumerate(world.theory.seats.order_by("number"), start=1):
        Ticket.objects.create(
            application=seat.application, plan=world.plan, number=f"26450001{number:010d}", issued_at=NOW
        )
    Sitting.objects.filter(pk=world.theory.pk).update(state=state, unsealed_by_id=world.invigilators[0].account_id)
    return world.invigilators


def admitted(minutes: float, noted: float | None = None) -> Look:
    """Admitting a candidate so many minutes after the start."""

    def look(world: World) -> Any:
        staff = _ready(world)
        number = stage.tickets(world.theory)[0]
        given = {} if noted is None else {"noted_at": stage.minute(noted)}
        found = outcome(
            lambda: exam_day.sign_in(
                by=staff[0], now=stage.minute(minutes), sitting_id=world.theory.pk, ticket_number=number, **given
            )
        )
        return found if isinstance(found, tuple) else "admitted"

    return look


def handed_in_early(world: World) -> Any:
    """Handing a paper in twenty minutes after the start."""
    from jiangheng.sittings.models import Seat

    _ready(world, "open")
    Sitting.objects.filter(pk=world.theory.pk).update(opened_at=EXAM)
    seat = world.theory.seats.order_by("number").first()
    assert seat is not None
    Seat.objects.filter(pk=seat.pk).update(lease="L", started_at=EXAM, signed_in_at=EXAM)
    return outcome(lambda: bool(exam_day.hand_in(by=PUBLIC, now=stage.minute(20), seat_id=seat.pk, lease="L")))


def drawn_rooms(world: World) -> Any:
    """Drawing the invigilators to their rooms forty minutes ahead."""
    return outcome(lambda: sittings.draw_rooms(by=world.body, now=stage.minute(-40), sitting_id=world.theory.pk))


def own_prints(world: World) -> str:
    """An invigilator's page of their sitting, a week ahead."""
    staff = _ready(world)
    return page(staff[0], reverse("exam_day:duty", args=[world.theory.pk]), moment("2026-06-27 10:00"))


def meeting_page(at: str) -> Look:
    """The pre-exam meeting's page as the body has it on its screen."""

    def look(world: World) -> Any:
        _ready(world, "ticketed")
        meeting = sittings.call_meeting(
            by=world.body, now=NOW, plan_id=world.plan.pk, starts_at=stage.MEETING, place="会议室", agenda=["分工"]
        )
        return page(world.body, reverse("sittings:meeting", args=[meeting.pk]), moment(at))

    return look


def marked(mark: str) -> Look:
    """An examiner's mark for a candidate."""

    def look(world: World) -> Any:
        examiner = world.examiners[1]
        StaffAssignment.objects.create(
            sitting=world.skill, account_id=examiner.account_id, post="examiner", acknowledged_at=NOW, created_at=NOW
        )
        Sitting.objects.filter(pk=world.skill.pk).update(state="open", opened_at=stage.SKILL_STARTS)
        seat = world.skill.seats.order_by("number").first()
        assert seat is not None
        type(seat).objects.filter(pk=seat.pk).update(signed_in_at=stage.SKILL_STARTS)
        return outcome(
            lambda: exam_day.enter_mark(by=examiner, now=stage.SKILL_STARTS, seat_id=seat.pk, mark=mark).mark
        )

    return look


# Oversight


def frozen(world: World) -> Any:
    """A draw as frozen."""
    for _each in range(3):
        factories.make_staff("external_supervisor")
    for _each in range(3):
        factories.make_filing(factories.make_organisation("social_body"))
    said = {"title": "抽查", "basis": "四（九）", "seed_source": "次日公布的开奖号码"}
    draw = outcome(lambda: oversight.freeze(by=world.centre, now=NOW, **said))
    if isinstance(draw, tuple):
        return draw
    return draw.number, draw.bodies_wanted, draw.inspectors_per_body


def freeze_page(world: World) -> str:
    """The page on which a draw is prepared."""
    return page(world.centre, reverse("oversight:freeze"))


def expiring(world: World) -> str:
    """Filings that end soon."""
    factories.make_filing(factories.make_organisation("social_body"), valid_to=date(2026, 7, 1))
    return page(world.centre, reverse("bodies:expiring"))


def new_filing(world: World) -> str:
    """The form of a first filing."""
    return page(world.centre, reverse("bodies:filing_new", args=[world.body.organisation_id]))


def workday_after(world: World) -> Any:
    """The last day of a public notice posted that day."""
    return clock(world.centre, "publicity")


PROBES: dict[str, tuple[object, Look]] = {
    "publicity_counts_first_day": (True, workday_after),
    "assign_wd": (5, of_clock("assignment")),
    "assignment_answer_wd": (9, request_page),
    "plan_accept_wd": (9, of_clock("acceptance")),
    "complaint_first_look_wd": (9, of_clock("objection_look")),
    "complaint_finish_wd": (12, lambda world: _objection(world)),
    "centre_review_wd": (9, of_clock("review")),
    "body_fix_wd": (9, of_clock("correction")),
    "publish_inspection_wd": (9, of_clock("inspection")),
    "candidate_report_lead_wd": (12, lambda world: _report(world)),
    "fee_lead_wd": (12, of_clock("bill", "school")),
    "light_red_wd": (50, of_clock("acceptance")),
    "light_amber_wd": (50, of_clock("inspection")),
    "change_notice_wd": (15, elsewhere),
    "postpone_notice_wd": (15, postponed),
    "cancel_notice_wd": (15, cancelled),
    "filing_cutoff": ("09:00", handed_in),
    "request_number_rule": ("SQ{year}{serial:04d}", handed_in),
    "plan_number_rule": ("JHX{year}{serial:05d}", drafted_plan),
    "rounds_per_day": (1, drafted_plan),
    "assignment_order": (["fairness", "load", "distance", "people"], ranked),
    "venue_premises_items": (["场地条件甲"], venue_list),
    "venue_management_items": (["管理人员甲"], venue_list),
    "venue_photos_min": (3, venue_list),
    "venue_review_months": (3, venue_list),
    "keep_paper_years": (7, completed_plan),
    "keep_electronic_years": (9, completed_plan),
    "invigilator_ratio": (5, staffing_desk),
    "min_per_room": (3, staffing_desk),
    "skill_examiner_ratio": (2, staffing_desk),
    "skill_examiner_min": (7, staffing_desk),
    "skill_examiner_odd": (False, staffing_desk),
    "review_committee_min": (5, staffing_desk),
    "review_committee_odd": (False, lambda world: _committee(world)),
    "examiner_max_level": (2, high_level),
    "max_consecutive_at_body": (1, same_team),
    "min_rotation_share": ("1/5", held_meeting),
    "staff_identity_required": (False, unverified),
    "examiner_card_years": (2, card_for("examiner")),
    "supervisor_term_years": (2, card_for("external_supervisor")),
    "staff_totp_required": (True, second_step),
    "expiry_notice_days": (10, card_page),
    "ticket_number_rule": ("X{year:02d}{district}{site:04d}{batch:03d}{subjects:03d}{room:03d}{seat:03d}", ticketed),
    "ticket_district": ("99", ticketed),
    "early_entry_min": (5, admitted(-10)),
    "late_limit_min": (5, admitted(10)),
    "sign_in_queue_min": (5, admitted(20, noted=0)),
    "min_submit_min": (10, handed_in_early),
    "room_draw_min": (60, drawn_rooms),
    "staff_prints_days": (10, own_prints),
    "meeting_code_seconds": (60, meeting_page("2026-07-03 15:01")),
    "meeting_early_min": (5, meeting_page("2026-07-03 14:45")),
    "meeting_late_min": (30, meeting_page("2026-07-03 16:00")),
    "full_mark": (50, marked("80")),
    "mark_step": ("2", marked("80.5")),
    "draw_number_rule": ("CQX{year}{serial:04d}", frozen),
    "inspectors_min": (3, frozen),
    "inspection_min_rate": ("60%", frozen),
    "inspection_times_per_year": (4, freeze_page),
    "filing_expiry_notice_days": (10, expiring),
    "filing_years": (2, new_filing),
}


def _objection(world: World) -> Any:
    """The day by which an objection raised now is to be settled."""
    from jiangheng.results import actions as results
    from jiangheng.results.models import ResultBatch

    batch = ResultBatch.objects.get(state="published")
    ResultBatch.objects.filter(pk=batch.pk).update(publicity_ends_on=date(2026, 6, 5))
    return results.receive(by=PUBLIC, now=NOW, batch_id=batch.pk, name="甲", contact="1", text="核分").due_on


def _report(world: World) -> Any:
    """The day by which the candidates of another plan are to be reported."""
    from jiangheng.applications import actions as applications

    other = stage.make_plan(world.body)
    stage.make_applications(other, 1, paid=False)
    return applications.open_candidate_report(by=world.body, now=NOW, plan_id=other.pk).due_on


def _committee(world: World) -> str:
    """A committee of an even least number."""
    from tests.values.world import set_value

    set_value(world, "review_committee_min", 4)
    return staffing_desk(world)
