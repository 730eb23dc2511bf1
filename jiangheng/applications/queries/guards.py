"""What stands in the way of a step of an application, a need or a candidate report beyond its state and one's role."""

from __future__ import annotations

from datetime import datetime

from django.db.models import PROTECT

from jiangheng.applications import queries
from jiangheng.applications.models import AccessArrangement, Application, CandidateReport
from jiangheng.applications.queries import access_arrangements, candidate_reports, desk
from jiangheng.journal.guards import guard
from jiangheng.rules.applications import candidate_report as rules
from jiangheng.rules.applications import review
from jiangheng.rules.conditions.eligibility import NOT_MET
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values


@guard("application.second")
def _second(person: Person, application: Application, _now: datetime) -> Refusal | None:
    """What the first reviewer passed is another person's to decide."""
    if application.state != "reviewed":
        return None
    return review.not_second(application.first_reviewed_by_id, person.account_id)


@guard("application.take_back")
def _first(person: Person, application: Application, _now: datetime) -> Refusal | None:
    return review.not_first(application.first_reviewed_by_id, person.account_id)


@guard("application.accept")
def _accepting(person: Person, application: Application, now: datetime) -> Refusal | None:
    return _second(person, application, now) or _passing(person, application, now)


@guard("application.pass")
def _passing(_person: Person, application: Application, now: datetime) -> Refusal | None:
    return makeup(application, now) or (not_met(application) if application.verdict == NOT_MET else None)


def makeup(application: Application, now: datetime) -> Refusal | None:
    """Why a make-up may not be accepted, or None: as often as the law of the day allows (四（八）)."""
    if application.exam_type != "makeup":
        return None
    return review.makeup_refusal(queries.sat_before(application), values.law(local_day(now)))


def not_met(application: Application) -> Refusal:
    """Why an application whose conditions are not met goes no further (三（一）)."""
    return refuse(
        "application.not_met",
        N_("不满足申报条件，不能受理：%(condition)s"),
        N_("不具备报考条件的不予受理；如考生另有符合的申报条件或材料，请退回补正。"),
        clause="三（一）",
        condition=application.judgement.get("clause", ""),
    )


@guard("application.undo")
def _undoing(person: Person, application: Application, now: datetime) -> Refusal | None:
    decided = desk.last_decision(application)
    if decided is None or decided.actor_id != person.account_id:
        return refuse(
            "review.not_decider",
            N_("只有作出决定的审核人员本人可以撤销。"),
            N_("请由作出决定的审核人员办理，或联系该考生补正。"),
            clause="三（一）",
            status=403,
        )
    law = values.law(local_day(now))
    if now > review.undo_until(decided.at, law) or desk.touched_since(application, decided):
        return refuse(
            "review.undo_late",
            N_("这个决定已过可撤销的 %(minutes)s 分钟，或考生已据此办理。"),
            N_("已受理的如信息有误，请办理更正；已退回或不予受理的，请联系考生重新提交。"),
            clause="三（一）",
            minutes=law.value("review_undo_minutes"),
        )
    if _built_upon(application):
        return refuse(
            "review.in_use",
            N_("这份申请已用于收费、编排或上报，不能撤销受理。"),
            N_("信息有误的请在考生信息汇总中更正，更正会保留原值。"),
            clause="三（一）",
        )
    return None


def _built_upon(application: Application) -> bool:
    """Whether any room keeps something that must not lose this application, such as a charge or a ticket."""
    return any(
        each.related_model._base_manager.filter(**{each.field.name: application.pk}).exists()
        for each in application._meta.related_objects
        if each.on_delete is PROTECT
    )


@guard("access_arrangement.ticketed")
def _before_tickets(_person: Person, need: AccessArrangement, _now: datetime) -> Refusal | None:
    return access_arrangements.too_late() if access_arrangements.ticketed(need.application_id) else None


@guard("candidate_report.report")
def _reporting(_person: Person, candidate_report: CandidateReport, _now: datetime) -> Refusal | None:
    found, checked = candidate_reports.before_report(candidate_report)
    if candidate_report.state == "received" and not any(
        candidate_reports.changed(candidate_report, [row.key for row in found])
    ):
        return refuse(
            "candidate_report.nothing_new",
            N_("上次上报后没有新受理的考生，无需补充上报。"),
            N_("考生信息有误的，请办理更正。"),
            clause="四（四）",
        )
    try:
        rules.require(checked, "…")
    except Refusal as refusal:
        return refusal
    return None
