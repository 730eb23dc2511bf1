"""Requests and plans made through the actions, for the tests of this room."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jiangheng.bodies.models import Organisation
from jiangheng.plans import actions
from jiangheng.plans.models import Plan, Request
from jiangheng.rules.given import PlanGiven, PlanRowGiven, RequestGiven
from jiangheng.rules.roles import Person
from tests import factories
from tests.factories import moment

# Saturday 2026-10-17 of the worked table: plan by 2026-09-29, request by 2026-09-21, tickets by 2026-10-12.
EXAM = date(2026, 10, 17)
PLAN_BY, REQUEST_BY = "2026-09-29", "2026-09-21"


def request_of(school: Person, **given: Any) -> Request:
    """A draft request of ``school`` for 60 electricians on EXAM, on its own premises."""
    if given.get("place", "own") != "body" and "venue_id" not in given:
        given["venue_id"] = factories.make_venue(Organisation.objects.get(pk=school.organisation_id)).pk
    return actions.draft_request(
        by=school,
        now=given.pop("now", moment("2026-09-01 10:00")),
        **({"once": given.pop("once")} if "once" in given else {}),
        given=request_given(**given),
    )


def request_given(**given: Any) -> RequestGiven:
    """附件6 for 60 electricians on EXAM."""
    return RequestGiven(
        **{
            "class_name": "电工中级班",
            "occupation_code": "6-31-01-03",
            "level": 4,
            "headcount": 60,
            "exam_on": EXAM,
            "place": "own",
            **given,
        }
    )


def taken_request(school: Person, centre: Person, body: Person, **given: Any) -> Request:
    """A request handed in, assigned to ``body`` and taken."""
    request = request_of(school, **given)
    now = moment("2026-09-02 10:00")
    actions.submit_request(by=school, now=now, request_id=request.pk)
    actions.assign(by=centre, now=now, request_id=request.pk, body_id=body.organisation_id or 0, reason="负荷最低")
    return actions.take(by=body, now=now, request_id=request.pk)


def plan_of(body: Person, **given: Any) -> Plan:
    """A draft plan of ``body`` for 60 electricians on EXAM."""
    if "venue_id" not in given:
        given["venue_id"] = factories.make_venue(Organisation.objects.get(pk=body.organisation_id)).pk
    return actions.draft(
        by=body,
        now=given.pop("now", moment("2026-09-01 10:00")),
        **{name: given.pop(name) for name in ("request_id", "once") if name in given},
        given=plan_given(**given),
    )


def plan_given(**given: Any) -> PlanGiven:
    """附件5 for 60 electricians on EXAM; ``rows`` as plain data."""
    rows = given.pop("rows", [{"occupation_code": "6-31-01-03", "level": 4, "headcount": 60}])
    return PlanGiven(
        **{
            "exam_on": EXAM,
            "registration_ends_at": moment("2026-09-25 18:00"),
            "candidate_source": "public",
            "paper_source": "bank",
            "rows": [PlanRowGiven(**row) for row in rows],
            **given,
        }
    )


def plan_form(venue: int, **given: Any) -> dict[str, Any]:
    return {
        "title": "",
        "exam_on": "2026-10-17",
        "registration_ends_on": "2026-09-25",
        "venue_id": venue,
        "candidate_source": "public",
        "paper_source": "bank",
        "open_to_public": "on",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "0",
        "rows-0-occupation_code": "6-31-01-03",
        "rows-0-level": "4",
        "rows-0-headcount": "60",
        "rows-0-theory_at": "09:00",
        "rows-0-theory_method": "machine",
        "rows-0-skill_at": "14:00",
        **given,
    }


LIST = (
    ("考试用计算机", 30),
    ("不间断电源", 1),
    ("电工技能实训考核台", 15),
    ("万用表", 15),
    ("三相异步电动机", 15),
    ("兆欧表", 6),
    ("灭火器", 4),
)


def picture(name: str = "机房.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (600, 400), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
