"""Staff of a whole plan proposed by the solver, checked by the independent checker, and adopted at once (四（七）)."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from jiangheng.journal.actions import action, record
from jiangheng.journal.actions.locking import hold
from jiangheng.people.models import Account
from jiangheng.plans.models import Plan
from jiangheng.rules.arrangement import checking, collisions, explaining, reading, solving
from jiangheng.rules.arrangement.families import recusals, turns, unfit, unfit_to_supervise
from jiangheng.rules.arrangement.instance import PARAMETERS, Instance
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import staffing
from jiangheng.rules.law import Law
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.sittings import queries
from jiangheng.sittings.actions.staffing import StaffRefused, keep_posts
from jiangheng.sittings.models import Sitting, StaffProposal
from jiangheng.sittings.queries import proposals, situation
from jiangheng.sittings.queries.situation import Situation, Wishes
from jiangheng.values import queries as values

# Guards only: the search is limited by work done, so that the same wishes get the same answer (decision 0040).
SECONDS, SECONDS_FOR_COLLISIONS = 30.0, 20.0
# Who sits where is settled before anybody is posted.
SEATED = frozenset({"capacity", "once", "workstations", "neighbours", "accessible", "extra_time"})
MOST_PEOPLE, MOST_SUPERVISORS = 500, 3


@action("sittings.propose_staff")
def propose_staff(*, by: Person, now: datetime, plan_id: int, wishes: Wishes) -> StaffProposal:
    """Ask for staff of every sitting of a plan that has not begun, changing as little as may be of what stands (四（七）).

    The answer is kept with its reasons; nobody is posted before it is adopted. Refusals: ``proposal.nothing`` (409: no
    sitting to staff), ``proposal.people`` (422: nobody, or somebody who holds no card for these days).
    """
    plan = queries.own_plan(by, plan_id)
    sittings = situation.movable(by, plan)
    if not sittings:
        raise refuse(
            "proposal.nothing",
            N_("没有可以安排人员的场次。"),
            N_("请先编排考场；已开考的场次不再调整人员。"),
            clause="四（七）",
        )
    offered = set(situation.pool(by, sittings).values_list("account_id", flat=True))
    if not wishes.people or len(wishes.people) > MOST_PEOPLE or not set(wishes.people) <= offered:
        raise refuse(
            "proposal.people",
            N_("请从名单中选择可以安排的人员，至少1人，至多%(most)s人。"),
            N_("只有证卡在考试当日有效的人员可以安排；请在“证卡名册”中核对。"),
            clause="四（七）",
            status=422,
            most=MOST_PEOPLE,
        )
    if not 0 <= wishes.supervisors <= MOST_SUPERVISORS:
        raise refuse(
            "proposal.supervisors",
            N_("每场内部质量督导员为0至%(most)s人。"),
            N_("请重新填写。"),
            clause="四（七）",
            status=422,
            most=MOST_SUPERVISORS,
        )
    seed = wishes.seed.strip()[:80] or secrets.token_hex(8)
    found = situation.situation(
        by, plan, Wishes(wishes.people, wishes.keep, wishes.chief, wishes.supervisors, seed), now
    )
    law = values.law(local_day(now))
    answer = _answer(found, law)
    proposal = StaffProposal.objects.create(
        plan=plan,
        asked_by_id=by.account_id or 0,
        asked_at=now,
        status=answer["status"],
        basis={str(each.pk): each.version for each in found.sittings},
        instance=found.instance,
        answer=answer,
        bars={
            ":".join(map(str, place)): [[each.message, each.params] for each in why]
            for place, why in found.bars.items()
        },
    )
    record(proposal, after={"plan": plan.pk, "status": answer["status"], "seed": seed, "people": len(found.staff)})
    return proposal


def _answer(found: Situation, law: Law) -> dict[str, Any]:
    """The solver's answer, which the checker must find lawful."""
    read = reading.read(found.instance)
    found.instance["locks"] += _kept_away(found, read, law)
    instance = reading.read(found.instance)
    solution = solving.solve(instance, law, seconds=SECONDS)
    why = None
    if solution.status == solving.INFEASIBLE:
        why = collisions.collisions(instance, law, seconds=SECONDS_FOR_COLLISIONS, fixed=SEATED)
    answer = explaining.document(instance, solution, law, str, why)
    if solution.status == solving.ARRANGED:
        broken = checking.violations(found.instance, answer, {key: law.value(key) for key in PARAMETERS})
        if broken:
            raise AssertionError(f"the solver and the checker disagree: {broken[0]}")
    return answer


def _kept_away(found: Situation, instance: Instance, law: Law) -> list[dict[str, Any]]:
    """What the room's own rules bar and the instance cannot say, as choices already made."""
    values, in_a_row = solving.parameters(instance, law), turns(instance)
    backs = recusals(instance.people.values(), instance.candidates.values())
    stand_back: dict[str, set[str]] = defaultdict(set)
    for lock in instance.locks:
        if lock.candidate:
            stand_back[lock.sitting] |= frozenset().union(*backs[lock.candidate].values())
    locks = []
    for sitting, account, post in sorted(found.bars):
        person, place = instance.people[str(account)], instance.sittings[str(sitting)]
        supervises = post == "internal_supervisor"
        why = (
            unfit_to_supervise(person, place)
            if supervises
            else unfit(person, place, values, in_a_row.get(person.id, 0))
        )
        if not why and person.id not in stand_back[place.id]:
            duty = "internal_supervisor" if supervises else "team"
            locks.append({"sitting": place.id, "person": person.id, "post": duty, "never": True})
    return locks


@action("sittings.adopt_staff")
def adopt_staff(*, by: Person, now: datetime, proposal_id: int) -> list[Sitting]:
    """Post everybody a proposal names, in all its sittings or in none; who is new is told (四（七）).

    Refusals: ``proposal.unsolved``, ``proposal.adopted``, ``proposal.stale`` (409: a sitting or its staff has changed
    since), ``sitting.staff`` (422: a rule is broken by now, such as an absence declared since).
    """
    proposal = proposals.get(by, proposal_id)
    plan = queries.own_plan(by, proposal.plan_id)
    [proposal] = hold(proposal)
    _adoptable(proposal)
    wanted = _wanted(by, plan, proposal)
    accounts = sorted({account for posts in wanted.values() for account, _post in posts})
    hold(Account.objects.filter(pk__in=accounts).only("pk"))
    law = values.law(local_day(now))
    faults = queries.faults_in(wanted, law)
    examiners = {account for posts in wanted.values() for account, post in posts if post in staffing.EXAMINER_POSTS}
    share = queries.share_fault(next(iter(wanted)), examiners, law)
    if faults or share:
        raise StaffRefused([*faults, *([share] if share else [])])
    changed = []
    for sitting, posts in wanted.items():
        standing = {(each.account_id, each.post) for each in queries.shown_staff(sitting)}
        if standing != set(posts):
            keep_posts(sitting, posts, by=by, now=now, note=N_("采用系统方案"))
            changed.append(sitting)
    Sitting.objects.filter(pk__in=[each.pk for each in changed]).update(version=F("version") + 1)
    StaffProposal.objects.filter(pk=proposal.pk).update(adopted_at=now)
    record(proposal, after={"sittings": len(changed)})
    return changed


def _adoptable(proposal: StaffProposal) -> None:
    if proposal.status != solving.ARRANGED:
        raise refuse(
            "proposal.unsolved",
            N_("这份方案没有排成，不能采用。"),
            N_("请按页面所列原因调整后重新生成。"),
            clause="四（七）",
        )
    if proposal.adopted_at is not None:
        raise refuse(
            "proposal.adopted", N_("这份方案已经采用过。"), N_("如需调整，请重新生成方案。"), clause="四（七）"
        )


def _wanted(by: Person, plan: Plan, proposal: StaffProposal) -> Mapping[Sitting, list[tuple[int, str]]]:
    """The postings by sitting, by time; the sittings are held and must be as they were."""
    hold(Sitting.objects.filter(plan=plan))
    standing = {str(each.pk): each for each in situation.movable(by, plan)}
    if not standing or {name: each.version for name, each in standing.items()} != proposal.basis:
        raise refuse(
            "proposal.stale",
            N_("方案生成后，场次或人员已有变化。"),
            N_("请重新生成方案；已保留的人员不会变动。"),
            clause="四（七）",
        )
    rooms = {str(room[0].pk): room for room in situation.together(list(standing.values()))}
    wanted: dict[Sitting, list[tuple[int, str]]] = {each: [] for each in standing.values()}
    for row in proposal.answer["staff"]:
        for each in rooms[row["sitting"]]:
            wanted[each].append((int(row["person"]), row["post"]))
    return wanted
