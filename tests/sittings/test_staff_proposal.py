"""Staff of a whole plan: proposed by the solver, lawful by the room's own rules, adopted at once (四（七）)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from jiangheng.bodies.models import Organisation
from jiangheng.journal.models import Entry, Outgoing
from jiangheng.people.models import Account, Relation, StaffCard
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.arrangement import checking
from jiangheng.rules.arrangement.instance import PARAMETERS
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person
from jiangheng.sittings import actions, queries
from jiangheng.sittings.actions.staffing import StaffRefused
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment
from jiangheng.values import queries as values
from tests import factories
from tests.sittings import stage
from tests.sittings.proposals import adopt, plan, propose, team
from tests.sittings.stage import ARRANGED_AT, SKILL_STARTS, STARTS

__all__ = ["plan", "team"]


pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code


def asked_by(school: Organisation) -> Request:
    return Request.objects.create(
        number="AP0001",
        organisation=school,
        class_name="一班",
        occupation_code="6-31-01-03",
        occupation_name="电工",
        level=4,
        headcount=10,
        exam_on=date(2026, 7, 4),
        place="own",
        created_at=ARRANGED_AT,
    )


def posted(plan: Plan) -> dict[tuple[str, int], str]:
    rows = StaffAssignment.objects.filter(sitting__plan=plan)
    return {(each.sitting.subject, each.account_id): each.post for each in rows}


def test_a_proposal_is_lawful_and_posts_nobody_before_it_is_adopted(body: Person, plan: Plan, team: list[int]) -> None:
    proposal = propose(body, plan, team, chief=True, supervisors=1)
    assert proposal.status == "arranged"
    assert not StaffAssignment.objects.exists()
    law = values.law(date(2026, 6, 15))
    assert checking.violations(proposal.instance, proposal.answer, {key: law.value(key) for key in PARAMETERS}) == []
    assert len(adopt(body, proposal)) == 2
    posts = sorted((subject, post) for (subject, _account), post in posted(plan).items())
    assert posts == [
        ("skill", "examiner"),
        ("skill", "examiner"),
        ("skill", "examiner"),
        ("skill", "examiner"),
        ("skill", "examiner_lead"),
        ("skill", "internal_supervisor"),
        ("theory", "chief"),
        ("theory", "internal_supervisor"),
        ("theory", "invigilator"),
    ]
    told = Outgoing.objects.filter(recipient_account_id__in=team, channel="notice").count()
    assert told == StaffAssignment.objects.count()
    assert Entry.objects.filter(action="sittings.adopt_staff", record_kind="staffproposal").count() == 1


def test_the_same_wishes_get_the_same_answer(body: Person, plan: Plan, team: list[int]) -> None:
    assert propose(body, plan, team).answer == propose(body, plan, team).answer


def test_when_one_drops_out_one_is_replaced_and_the_others_stay(body: Person, plan: Plan, team: list[int]) -> None:
    adopt(body, propose(body, plan, team))
    before = posted(plan)
    gone = next(account for (subject, account), post in before.items() if subject == "skill" and post == "examiner")
    proposal = propose(body, plan, [each for each in team if each != gone])
    assert proposal.answer["changes"]["proved_least"]
    assert [row["person"] for row in proposal.answer["changes"]["removed"]] == [str(gone)]
    assert len(proposal.answer["changes"]["added"]) == 1
    changed = adopt(body, proposal)
    assert [each.subject for each in changed] == ["skill"]
    kept = {place: post for place, post in before.items() if place[1] != gone}
    assert kept.items() <= posted(plan).items()


def test_who_is_kept_stays_even_where_another_would_do(body: Person, plan: Plan, team: list[int]) -> None:
    adopt(body, propose(body, plan, team))
    theory = Sitting.objects.get(plan=plan, subject="theory")
    stays = StaffAssignment.objects.filter(sitting=theory).first()
    assert stays is not None
    proposal = propose(body, plan, team, keep=frozenset({(theory.pk, stays.account_id)}))
    assert {"sitting": str(theory.pk), "person": str(stays.account_id), "post": "team"} in proposal.instance["locks"]
    assert str(stays.account_id) in {
        row["person"] for row in proposal.answer["staff"] if row["sitting"] == str(theory.pk)
    }


def test_every_exclusion_is_explained_in_the_room_s_own_words(body: Person, plan: Plan, team: list[int]) -> None:
    kin, expired, taught, employed, away = team[3:8]
    seat = Seat.objects.filter(sitting__subject="skill").first()
    assert seat is not None
    Relation.objects.create(account_id=kin, identity=seat.application.identity, kind="kin", created_at=ARRANGED_AT)
    StaffCard.objects.filter(account_id=expired).update(valid_from=date(2026, 7, 5))
    StaffCard.objects.create(
        account_id=expired,
        kind="invigilator",
        number="另一证",
        valid_from=date(2024, 1, 1),
        valid_to=date(2028, 1, 1),
        created_at=ARRANGED_AT,
    )
    school = factories.make_organisation("training_school")
    seat.application.sponsor = school
    seat.application.form = {"所在单位": "柳州示例机械厂"}
    seat.application.save()
    Relation.objects.create(account_id=taught, organisation=school, kind="teacher", created_at=ARRANGED_AT)
    StaffCard.objects.filter(account_id=employed).update(employer_name="柳州示例机械厂")
    account = Account.objects.get(pk=away)
    account.absences.create(
        begins_at=SKILL_STARTS, ends_at=SKILL_STARTS + HOUR, declared_by=account, created_at=ARRANGED_AT
    )
    more = [int(factories.make_staff("examiner").account_id or 0) for _ in range(5)]
    proposal = propose(body, plan, [*team, *more])
    assert proposal.status == "arranged"
    skill = str(Sitting.objects.get(plan=plan, subject="skill").pk)
    why = {row["person"]: row["rules"] for row in proposal.answer["excluded"] if row["sitting"] == skill}
    assert why[str(kin)] == ["kin"]
    assert why[str(expired)] == ["card_valid"]
    assert why[str(taught)] == ["taught"]
    assert why[str(employed)] == ["same_employer"]
    assert why[str(away)] == ["away"]
    assert proposal.bars[f"{skill}:{kin}:examiner"][0][0].startswith("%(name)s已申报")


def test_what_the_instance_cannot_say_still_bars(body: Person, plan: Plan, team: list[int]) -> None:
    """Somebody employed by a school known under another name, and a candidate sent by two organisations."""
    school, sponsor = factories.make_organisation("training_school"), factories.make_organisation("employer")
    StaffCard.objects.filter(account_id=team[3]).update(employer=school, employer_name="该校旧称")
    StaffCard.objects.filter(account_id=team[4]).update(employer=sponsor)
    seat = Seat.objects.filter(sitting__subject="skill").first()
    assert seat is not None
    seat.application.request, seat.application.sponsor = asked_by(school), sponsor
    seat.application.save()
    more = [int(factories.make_staff("examiner").account_id or 0) for _ in range(3)]
    proposal = propose(body, plan, [*team, *more])
    skill = str(Sitting.objects.get(plan=plan, subject="skill").pk)
    why = {row["person"]: row["rules"] for row in proposal.answer["excluded"] if row["sitting"] == skill}
    assert why[str(team[3])] == why[str(team[4])] == ["locks"]
    assert {"%(name)s是送考单位的人员，须回避。"} == {
        proposal.bars[f"{skill}:{each}:examiner"][0][0] for each in team[3:5]
    }
    adopt(body, proposal)


def test_rules_that_collide_are_named_with_their_clause(body: Person, plan: Plan, team: list[int]) -> None:
    proposal = propose(body, plan, team[:7])
    assert proposal.status == "infeasible"
    found = proposal.answer["collisions"]
    assert {row["rule"] for row in found["rules"]} == {"card", "examiners", "odd"}
    assert {row["clause"] for row in found["rules"]} == {"四（七）"}
    skill = Sitting.objects.get(plan=plan, subject="skill")
    assert found["sittings"] == [str(skill.pk)]
    assert code(lambda: adopt(body, proposal)) == "proposal.unsolved"


def test_a_proposal_grows_stale_and_is_adopted_once(body: Person, plan: Plan, team: list[int]) -> None:
    first, second = propose(body, plan, team), propose(body, plan, team)
    adopt(body, first)
    assert code(lambda: adopt(body, first)) == "proposal.adopted"
    assert code(lambda: adopt(body, second)) == "proposal.stale"


def test_an_absence_declared_since_is_seen_when_adopting(body: Person, plan: Plan, team: list[int]) -> None:
    proposal = propose(body, plan, team)
    someone = next(int(row["person"]) for row in proposal.answer["staff"])
    account = Account.objects.get(pk=someone)
    account.absences.create(
        begins_at=STARTS - HOUR, ends_at=SKILL_STARTS + 8 * HOUR, declared_by=account, created_at=ARRANGED_AT
    )
    with pytest.raises(StaffRefused) as caught:
        adopt(body, proposal)
    assert {each.code for each in caught.value.faults} == {"staff.away"}
    assert not StaffAssignment.objects.exists()


def test_who_serves_elsewhere_at_that_time_or_enough_already_is_not_posted(
    body: Person, other_body: Person, centre: Person, plan: Plan, team: list[int]
) -> None:
    theirs = stage.make_plan(other_body)
    stage.make_applications(theirs, 4)
    (room,) = stage.arrange(other_body, theirs, "theory")
    actions.assign_staff(
        by=other_body,
        now=ARRANGED_AT,
        sitting_id=room.pk,
        posts=[{"account_id": each, "post": "invigilator"} for each in team[:2]],
    )
    Account.objects.filter(pk=team[9]).update(most_sittings=1)
    more = [int(factories.make_staff("invigilator").account_id or 0)]
    proposal = propose(body, plan, [*team, *more], supervisors=1)
    assert proposal.status == "infeasible"
    assert {row["rule"] for row in proposal.answer["collisions"]["rules"]} >= {"supervisors", "workload"}
    second = propose(body, plan, [*team, *more])
    assert not {str(each) for each in team[:2]} & {row["person"] for row in second.answer["staff"]}


def test_what_cannot_be_asked_is_refused(
    body: Person, other_body: Person, school: Person, centre: Person, plan: Plan, team: list[int]
) -> None:
    assert code(lambda: propose(body, plan, [])) == "proposal.people"
    assert code(lambda: propose(body, plan, [*team, 10**6])) == "proposal.people"
    assert code(lambda: propose(body, plan, team, supervisors=9)) == "proposal.supervisors"
    assert code(lambda: propose(other_body, plan, team)) == "record.none"
    assert code(lambda: propose(centre, plan, team)) == "deed.role"
    assert code(lambda: propose(body, stage.make_plan(body), team)) == "proposal.nothing"
    proposal = propose(body, plan, team)
    assert code(lambda: adopt(other_body, proposal)) == "record.none"
    assert queries.proposals.visible_to(school).count() == 0
    assert queries.proposals.visible_to(centre).get() == proposal


def test_a_person_never_examines_themselves(body: Person, plan: Plan, team: list[int]) -> None:
    seat = Seat.objects.filter(sitting__subject="skill").first()
    assert seat is not None
    Account.objects.filter(pk=team[3]).update(identity=seat.application.identity)
    proposal = propose(body, plan, team)
    assert str(team[3]) not in {row["person"] for row in proposal.answer["staff"]}


def test_teams_rotate_by_the_share_at_the_meeting(body: Person, team: list[int]) -> None:
    last = stage.make_plan(body, exam_on="2026-07-03")
    stage.make_applications(last, 3)
    (before,) = stage.arrange(body, last, "skill")
    posts = [{"account_id": each, "post": "examiner"} for each in team[3:6]]
    actions.assign_staff(by=body, now=ARRANGED_AT, sitting_id=before.pk, posts=posts)
    made = stage.make_plan(body)
    stage.make_applications(made, 3)
    (sitting,) = stage.arrange(body, made, "skill")
    actions.assign_staff(by=body, now=ARRANGED_AT, sitting_id=sitting.pk, posts=posts)
    actions.issue_tickets(by=body, now=ARRANGED_AT, plan_id=made.pk)
    meeting = {"held_at": stage.MEETING, "place": "会议室", "minutes": "分工", "attendees": ["甲"]}
    assert code(lambda: actions.brief(by=body, now=stage.MEETING, plan_id=made.pk, **meeting)) == "meeting.rotation"
    proposal = propose(body, made, team)
    assert len({row["person"] for row in proposal.answer["staff"]} - {str(each) for each in team[3:6]}) >= 1
    adopt(body, proposal)
    actions.brief(by=body, now=stage.MEETING, plan_id=made.pk, **meeting)


def test_the_number_of_queries_does_not_grow_with_the_candidates(
    body: Person, centre: Person, team: list[int], django_assert_max_num_queries: Any
) -> None:
    counts = []
    for heads in (4, 12):
        made = stage.make_plan(body)
        stage.make_applications(made, heads)
        stage.arrange(body, made, "skill", sessions=[STARTS + HOUR * len(counts) * 6])
        with django_assert_max_num_queries(60) as counted:
            propose(body, made, team)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_staff_stay_until_the_last_candidate_with_more_time(body: Person, plan: Plan, team: list[int]) -> None:
    theory, skill = Sitting.objects.filter(plan=plan).order_by("starts_at")
    Sitting.objects.filter(pk=theory.pk).update(busy_until=skill.starts_at + HOUR)
    StaffCard.objects.filter(account_id__in=team).delete()
    both = [int(factories.make_staff("invigilator").account_id or 0) for _ in range(5)]
    for account in both:
        StaffCard.objects.create(
            account_id=account,
            kind="examiner",
            number=f"考{account}",
            occupation_code="6-31-01-03",
            valid_from=date(2024, 1, 1),
            valid_to=date(2028, 1, 1),
            created_at=ARRANGED_AT,
        )
    assert propose(body, plan, both).status == "infeasible"
    posts = [{"account_id": each, "post": "invigilator"} for each in both[:2]]
    actions.assign_staff(by=body, now=ARRANGED_AT, sitting_id=theory.pk, posts=posts)
    with pytest.raises(StaffRefused) as caught:
        actions.assign_staff(
            by=body,
            now=ARRANGED_AT,
            sitting_id=skill.pk,
            posts=[{"account_id": each, "post": "examiner"} for each in both],
        )
    assert {each.code for each in caught.value.faults} == {"staff.two_places"}
    Sitting.objects.filter(pk=theory.pk).update(busy_until=None)
    assert propose(body, plan, both).status == "arranged"


def test_a_room_nobody_sits_in_is_not_staffed(body: Person, plan: Plan, team: list[int]) -> None:
    theory = Sitting.objects.get(plan=plan, subject="theory")
    Seat.objects.filter(sitting=theory).delete()
    proposal = propose(body, plan, team)
    assert {row["id"] for row in proposal.instance["sittings"]} == {
        str(pk) for pk in Sitting.objects.exclude(pk=theory.pk).values_list("pk", flat=True)
    }
    adopt(body, proposal)
    assert not StaffAssignment.objects.filter(sitting=theory).exists()
