"""Where the steps of applications, needs and candidate reports are taken, and what differs among them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng import screens
from jiangheng.applications import forms, queries
from jiangheng.applications.models import AccessArrangement, Application, CandidateReport
from jiangheng.applications.queries import access_arrangements, candidate_reports, desk
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination.access_arrangements import KINDS
from jiangheng.rules.flows import FLOWS
from jiangheng.rules.roles import Person
from jiangheng.screens import Asks, Links, Steps, display
from jiangheng.screens.request import Request


def _application(application: Application) -> str:
    return reverse("applications:detail", args=[application.pk])


def _of_application(need: AccessArrangement) -> str:
    return _application(need.application)


def _candidate_report(candidate_report: CandidateReport) -> str:
    return reverse("applications:candidate_report", args=[candidate_report.pk])


def _candidate_report_trail(candidate_report: CandidateReport) -> Links:
    return (
        (_("考生信息汇总"), reverse("applications:candidate_reports")),
        (candidate_report.number, _candidate_report(candidate_report)),
    )


def _who(_request: Request, application: Application) -> str:
    return f"{application.name} · {application.occupation_name} {display.level(application.level)}"


def _whose(_request: Request, need: AccessArrangement) -> str:
    return f"{need.application.name} · {display.word(KINDS[need.kind])}"


def _way(person: Person, application: Application, verb: str, now: datetime) -> bool:
    """What the body's way of reviewing leaves out is no step at all."""
    state = application.state
    if verb == "accept" and state == "submitted":
        return desk.levels(person.organisation_id, local_day(now)) == 1
    if verb == "pass":
        return state == "submitted" and desk.levels(person.organisation_id, local_day(now)) > 1
    if verb in ("take_back", "send_back"):
        return bool(state == "reviewed")
    if verb in ("undo", "submit"):
        return state in FLOWS["application"].transition(verb).sources
    return True


def _reasons(kind: str) -> Asks:
    """Reasons from the list beside words."""

    def form(request: Request, _application: Any) -> forms.ReasonsForm:
        return forms.ReasonsForm(screens.posted(request), kind=kind)

    return Asks(form)


# The page of a roster has its own buttons; what they do is an operation like any other.
screens.register(
    Steps(
        "roster",
        "applications:roster_step",
        "rosters/",
        queries.own_roster,
        lambda one: reverse("applications:roster", args=[one.pk]),
    )
)
STEPS = screens.register(
    Steps(
        "application",
        "applications:step",
        "",
        queries.get,
        _application,
        lambda one: ((one.number, _application(one)),),
        _who,
        {"submit": Asks(page="applications:edit"), "return": _reasons("return"), "refuse": _reasons("refuse")},
        _way,
    ),
    Steps(
        "access_arrangement",
        "applications:access_arrangement_step",
        "needs/",
        access_arrangements.get,
        _of_application,
        lambda one: ((one.application.number, _of_application(one)),),
        _whose,
    ),
    Steps(
        "candidate_report",
        "applications:candidate_report_step",
        "rollups/",
        candidate_reports.get,
        _candidate_report,
        _candidate_report_trail,
        lambda _request, one: f"{one.plan.number} {one.plan.title}",
    ),
)
