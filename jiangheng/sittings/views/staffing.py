"""The staffing desk of a plan: who may come, a proposal with its reasons, and posting everybody at once (四（七）)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.people import queries as people
from jiangheng.people.actions import CARD_KINDS
from jiangheng.people.models import StaffCard
from jiangheng.plans.models import Plan
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination import staffing as rules
from jiangheng.rules.examination.staffing import POSTS
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import display
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request
from jiangheng.sittings import actions, queries
from jiangheng.sittings.actions.proposing import MOST_SUPERVISORS
from jiangheng.sittings.actions.staffing import StaffRefused
from jiangheng.sittings.models import Sitting, StaffProposal
from jiangheng.sittings.queries import proposals, situation
from jiangheng.sittings.queries.situation import Wishes
from jiangheng.sittings.views.body import name_of
from jiangheng.sittings.views.proposed import shown
from jiangheng.values import queries as values

MOST_NUMBERS = 2000


def _crumbs(plan: Plan, *more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    return (
        (_("考试场次"), reverse("sittings:list")),
        (plan.number, reverse("sittings:plan", args=[plan.pk])),
        *more,
    )


@screens.may("sittings.propose_staff")
@require_http_methods(["GET", "POST"])
def desk(request: Request, plan_id: int) -> HttpResponse:
    """Everybody who may come, what stands, and the wishes for a proposal."""
    person = request.person
    plan = queries.own_plan(person, plan_id)
    wishes = _typed(request) if request.method == "POST" else None

    def show(refusal: Refusal | None) -> HttpResponse:
        sittings = situation.movable(person, plan)
        return render(
            request,
            "sittings/staffing.html",
            {
                "title": _("考务人员安排"),
                "lead": f"{plan.number} {plan.title}",
                "breadcrumb": _crumbs(plan, (_("考务人员安排"), None)),
                "plan": plan,
                "refusal": refusal,
                "most_supervisors": MOST_SUPERVISORS,
                **(_desk(request, person, sittings, wishes or _earlier(request, person, plan)) if sittings else {}),
                "earlier": proposals.visible_to(person).filter(plan=plan).defer("instance", "answer", "bars")[:5],
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        None,
        lambda _given: actions.propose_staff(by=person, now=request.now, plan_id=plan.pk, wishes=wishes),
        back=lambda made: reverse("sittings:proposal", args=[made.pk]),
        show=show,
    )


def _typed(request: Request) -> Wishes:
    keep = (each.partition(":") for each in request.POST.getlist("keep")[:MOST_NUMBERS])
    supervisors = request.POST.get("supervisors", "0")
    return Wishes(
        tuple(_numbers(request.POST.getlist("people")[:MOST_NUMBERS])),
        frozenset(
            (int(sitting), int(account)) for sitting, _colon, account in keep if _number(sitting) and _number(account)
        ),
        request.POST.get("chief") == "1",
        int(supervisors) if _number(supervisors) else 0,
        request.POST.get("seed", "")[:80],
    )


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12


def _numbers(texts: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(int(each) for each in texts if _number(each)))


def _earlier(request: Request, person: Person, plan: Plan) -> Wishes | None:
    """What an earlier proposal of this plan was asked, when the desk is opened from it."""
    given = request.GET.get("from", "")
    row = proposals.visible_to(person).filter(plan=plan, pk=int(given)).first() if _number(given) else None
    if row is None:
        return None
    return Wishes(
        tuple(int(each["id"]) for each in row.instance["people"]),
        frozenset(
            (int(each["sitting"]), int(each["person"]))
            for each in row.instance["locks"]
            if "person" in each and not each.get("never")
        ),
        any(each["chief"] for each in row.instance["sittings"]),
        max((each["supervisors"] for each in row.instance["sittings"]), default=0),
    )


def _desk(request: Request, person: Person, sittings: list[Sitting], wishes: Wishes | None) -> dict[str, Any]:
    law = values.law(local_day(request.now))
    posted = queries.staff_by_sitting(sittings)
    serving = {each.account_id for rows in posted.values() for each in rows}
    rooms = [room[0] for room in situation.together(sittings)]
    facts = queries.facts_of(rooms)
    people_rows = _pool(person, sittings, serving, wishes)
    supervisors = sum("internal_supervisor" in row["kinds"] for row in people_rows if row["chosen"])
    at_once = max(sum(one.starts_at <= each.starts_at < one.over_at for one in rooms) for each in rooms)
    kept = wishes.keep if wishes else frozenset()
    return {
        "sittings": [
            {
                "row": each,
                "name": name_of(each),
                "heads": len(facts[each.pk].candidates),
                "needed": rules.needed(facts[each.pk], law),
                "invigilated": queries.invigilated(each),
                "staff": [
                    {"row": one, "post": display.word(POSTS[one.post]), "kept": (each.pk, one.account_id) in kept}
                    for one in posted[each.pk]
                ],
            }
            for each in rooms
        ],
        "faults": _faults(sittings, posted, law),
        "own": [row for row in people_rows if row["own"] or row["chosen"]],
        "others": [row for row in people_rows if not row["own"] and not row["chosen"]],
        "chief": wishes.chief if wishes else False,
        "supervisors": wishes.supervisors if wishes else int(supervisors >= at_once),
        "seed": wishes.seed if wishes else "",
        "serving": bool(serving),
    }


def _faults(sittings: list[Sitting], posted: dict[int, list[Any]], law: Any) -> list[str]:
    """What is wrong with the posts that stand, such as somebody who can no longer come; empty rooms are not told."""
    wanted = {each: [(one.account_id, one.post) for one in posted[each.pk]] for each in sittings if posted[each.pk]}
    if not wanted:
        return []
    names = {each.pk: name_of(each) for each in sittings}
    return [
        f"{names[each.sitting]}：{display.word(each.message) % each.params}"
        for each in queries.faults_in(wanted, law)
        if each.sitting in names
    ]


def _pool(person: Person, sittings: list[Sitting], serving: set[int], wishes: Wishes | None) -> list[dict[str, Any]]:
    cards: dict[int, list[StaffCard]] = defaultdict(list)
    for card in situation.pool(person, sittings):
        cards[card.account_id].append(card)
    away: dict[int, list[str]] = defaultdict(list)
    for each in people.absences_of(cards, sittings[0].starts_at, max(one.over_at for one in sittings)):
        away[each.account_id].append(f"{display.moment(each.begins_at)} – {display.moment(each.ends_at)}")
    rows = []
    for account_id, mine in cards.items():
        own = any(card.employer_id == person.organisation_id for card in mine)
        rows.append(
            {
                "id": account_id,
                "name": mine[0].account.name,
                "unit": next((card.employer.name if card.employer else card.employer_name for card in mine), ""),
                "kinds": {card.kind for card in mine},
                "cards": [
                    _(CARD_KINDS[card.kind]) + (f" {card.occupation_code}" if card.occupation_code else "")
                    for card in mine
                ],
                "away": away[account_id],
                "most": mine[0].account.most_sittings,
                "own": own,
                "chosen": account_id in wishes.people if wishes else own or account_id in serving,
            }
        )
    return rows


@screens.signed_in(Role.BODY, Role.CENTRE)
@require_safe
def proposal(request: Request, proposal_id: int) -> HttpResponse:
    """A proposal with its reasons, or the rules that collide."""
    return _proposal(request, proposals.get(request.person, proposal_id), None)


def _proposal(request: Request, row: StaffProposal, refusal: Refusal | None) -> HttpResponse:
    person = request.person
    sittings = {str(each.pk): each for each in queries.for_plan(person, row.plan_id)}
    mine = person.role is Role.BODY
    current = {str(each.pk): each.version for each in situation.movable(person, row.plan)}
    return render(
        request,
        "sittings/proposal.html",
        {
            "title": _("考务人员方案"),
            "lead": f"{row.plan.number} {row.plan.title}",
            "breadcrumb": _crumbs(
                row.plan, (_("考务人员安排"), reverse("sittings:staffing", args=[row.plan_id])), (_("方案"), None)
            )
            if mine
            else ((_("考试场次"), reverse("sittings:list")), (_("方案"), None)),
            "row": row,
            "mine": mine,
            "stale": row.adopted_at is None and current != row.basis,
            "refusal": refusal,
            "faults": [display.word(each.message) % each.params for each in refusal.faults]
            if isinstance(refusal, StaffRefused)
            else [],
            **shown(row, {name: name_of(each) for name, each in sittings.items()}),
        },
        status=refusal.status if refusal else 200,
    )


@screens.may("sittings.adopt_staff")
@require_POST
def adopt(request: Request, proposal_id: int) -> HttpResponse:
    """Post everybody the proposal names."""
    person = request.person
    row = proposals.get(person, proposal_id)
    try:
        changed = actions.adopt_staff(by=person, now=request.now, proposal_id=row.pk)
    except Refusal as error:
        return _proposal(request, row, error)
    screens.done(request, _("已按方案安排 %(n)s 个场次的考务人员，并已通知新安排的人员确认。") % {"n": len(changed)})
    return HttpResponseRedirect(reverse("sittings:plan", args=[row.plan_id]))


@screens.signed_in(Role.BODY, Role.CENTRE)
@require_safe
def proposal_file(request: Request, proposal_id: int, name: str) -> HttpResponse:
    """The instance or the answer as a file for ``jiangheng arrange`` (docs/formats.md)."""
    row = proposals.get(request.person, proposal_id)
    if name not in ("instance", "solution"):
        raise Http404
    text = json.dumps(row.instance if name == "instance" else row.answer, ensure_ascii=False, indent=1)
    return handed_out(text.encode(), f"{row.plan.number}-{row.pk}-{name}.json", "application/json")
