"""What stands in the way of a step of a request for papers beyond its state and one's role."""

from __future__ import annotations

from datetime import datetime

from jiangheng.journal.guards import guard
from jiangheng.papers import queries
from jiangheng.papers.models import PaperRequest
from jiangheng.plans import checks
from jiangheng.rules.examination import papers as rules
from jiangheng.rules.refusal import Refusal, refuse, tried
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


def not_yours(person: Person, body_id: int) -> Refusal | None:
    """Refusal ``papers.not_yours`` (403) for anybody but the body of the plan (四（三）)."""
    if person.organisation_id == body_id:
        return None
    return refuse(
        "papers.not_yours",
        N_("这不是本机构的计划，不能代为办理。"),
        N_("请由该计划的认定机构办理。"),
        clause="四（三）",
        status=403,
    )


def _unfiled(request: PaperRequest, now: datetime) -> Refusal | None:
    return tried(lambda: checks.require_filed(request.plan, now, row=request.row))


@guard("paper_request.submit")
def _asking(person: Person, request: PaperRequest, now: datetime) -> Refusal | None:
    return not_yours(person, request.plan.body_id) or _unfiled(request, now)


@guard("paper_request.draw")
def _drawing(_person: Person, request: PaperRequest, now: datetime) -> Refusal | None:
    return _unfiled(request, now)


@guard("paper_request.issue")
def _issuing(_person: Person, request: PaperRequest, now: datetime) -> Refusal | None:
    sets = list(queries.chosen_sets(request))
    if refusal := _unfiled(request, now):
        return refusal
    if sets and all(each.seal_number for each in sets):
        return None
    return refuse(
        "papers.not_sealed", N_("试卷尚未封装，不能发放。"), N_("请先由两人封装并登记封签号。"), clause="四（五）"
    )


@guard("paper_request.balance")
def _balancing(_person: Person, request: PaperRequest, _now: datetime) -> Refusal | None:
    """Every copy accounted for, of the whole and of every set (四（五）)."""
    if refusal := tried(lambda: rules.require_balance(queries.balance_of(request))):
        return refusal
    short = [(each.letter, state.gap) for each, state in queries.balances(request) if state.gap]
    if not short:
        return None
    return refuse(
        "papers.set_gap",
        N_("总数相符，但分套不符：%(sets)s。"),
        N_("请逐套清点后补记更正。"),
        clause="四（五）",
        sets="、".join(f"{letter} {gap:+d}" for letter, gap in short),
    )
