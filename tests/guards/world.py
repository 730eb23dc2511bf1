"""A small world played to its end: every kind of record, and somebody in every role to look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client

from jiangheng.applications import actions as applying
from jiangheng.applications.models import AccessArrangement, Application, CandidateReport, Proof, Roster
from jiangheng.bodies.models import AnnexImport, BodyChange, Equipment, Filing, Organisation, Room, Venue
from jiangheng.calendar.models import RedatedDeadline
from jiangheng.catalog import actions as catalog
from jiangheng.catalog.models import Occupation, StandardVersion
from jiangheng.certificates.models import Certificate
from jiangheng.demonstration import play
from jiangheng.demonstration.stage import ORGANISATIONS
from jiangheng.demonstration.timeline import at
from jiangheng.exam_day.models import Incident, IncidentEvidence
from jiangheng.fees.models import Bill, Match, Order, Payment, Receipt, RefundRequest, Statement
from jiangheng.files.models import StoredFile
from jiangheng.journal.models import Outgoing
from jiangheng.oversight.models import Draw, Inspection
from jiangheng.papers.models import PaperRequest
from jiangheng.people.models import (
    Absence,
    Account,
    Affiliation,
    ApiToken,
    Identity,
    IdentityMerge,
    Membership,
    Relation,
    StaffCard,
)
from jiangheng.plans.models import Plan, PlanChange, Request, VenueReview
from jiangheng.results.models import Amendment, Objection, Result, ResultBatch
from jiangheng.rules.roles import Person, Role
from jiangheng.site.models import Announcement
from jiangheng.sittings.models import Meeting, Pack, Sitting, StaffProposal
from jiangheng.values.models import CalendarChange
from tests import factories

TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 10, 0, tzinfo=factories.LIUZHOU)
SIZE = 24
ROLES = (
    "public", "centre", "own body", "other body", "own school", "other employer", "own candidate", "other candidate",
    "own examiner", "own invigilator", "inner supervisor", "own supervisor", "other supervisor",
)  # read as a table  # fmt: skip


@dataclass
class World:
    """The record each URL is tried with, and a signed-in browser per role."""

    records: dict[str, Any]
    browsers: dict[str, Client]


def make() -> World:
    """Play the demonstration with a few people, and add what its happy ending lacks."""
    play.whole_batch(today=TODAY, say=lambda _line: None, candidates=SIZE)
    plan = Plan.objects.exclude(request=None).order_by("id")[0]
    application = Application.objects.filter(plan=plan, certificates__isnull=False).order_by("id")[0]
    own = factories.make_account(application.name, identity=application.identity)
    Membership.objects.create(account=own, role=Role.CANDIDATE, active=True, created_at=factories.LONG_AGO)
    body1 = Account.objects.get(username="body1")
    result = Result.objects.get(application=application)
    token = ApiToken.objects.create(
        membership=body1.memberships.get(), name="示例", digest="0" * 64, created_at=NOW, expires_on=date(2027, 1, 1)
    )
    amendment = Amendment.objects.create(
        result=result,
        subject="theory",
        old_mark=result.theory,
        new_mark=60,
        reason="示例",
        requested_by=body1,
        requested_at=NOW,
    )
    relation = Relation.objects.create(
        account=Account.objects.get(username="examiner1"),
        identity=application.identity,
        kind="kin",
        created_at=NOW,
    )
    inspection = Inspection.objects.order_by("id")[0]
    inspectors = list(inspection.inspectors.values_list("account__username", flat=True))
    outsiders = [name for name in ("outer1", "outer2", "outer3") if name not in inspectors]
    theory = Sitting.objects.filter(plan=plan, subject="theory").order_by("id")[0]
    skill = Sitting.objects.filter(plan=plan, subject="skill").order_by("id")[0]
    electrician = Occupation.objects.get(code="6-31-01-03", edition="2022")
    office = Account.objects.get(username="centre1")
    centre = Person(office.pk, office.name, Role.CENTRE, office.memberships.get().organisation_id)
    standard = StandardVersion.objects.filter(occupation=electrician, state="published").order_by("-valid_from")[0]
    draft = catalog.draft(
        by=centre, now=NOW, occupation_id=electrician.pk, valid_from=date(2027, 1, 1), copied_from_id=standard.pk
    )
    calendar_change = CalendarChange.objects.create(
        day=date(2026, 12, 30), is_workday=False, name="示例停工", by_name=office.name, at=NOW, finished_at=NOW, moved=1
    )
    RedatedDeadline.objects.create(
        change=calendar_change,
        clock="ticket",
        record_kind="plan",
        record_id=plan.pk,
        title=plan.title,
        organisation_id=plan.body_id,
        event=plan.exam_on,
        old_day=TODAY,
        new_day=TODAY,
        at=NOW,
    )
    records = {
        "calendar_change": calendar_change,
        "standard": standard,
        "draft_standard": draft,
        "absence": Absence.objects.create(
            account=Account.objects.get(username="examiner1"),
            begins_at=NOW,
            ends_at=NOW + timedelta(days=1),
            declared_by=body1,
            created_at=NOW,
        ),
        "proposal": StaffProposal.objects.create(
            plan=plan,
            asked_by=body1,
            asked_at=NOW,
            status="arranged",
            instance={"on": "2026-06-01", "people": [], "sittings": [], "locks": []},
            answer={"seed": "0", "changes": None, "staff": [], "excluded": [], "parameters": {}, "collisions": None},
        ),
        "meeting": Meeting.objects.create(plan=plan, starts_at=NOW, place="会议室", created_at=NOW),
        "pack": Pack.objects.create(plan=plan, what="all", asked_by=body1, asked_at=NOW, total=1),
        "rehearsal": applying.start_rehearsal(by=centre, now=NOW, standard_id=draft.pk),
        "announcement": Announcement.objects.all()[0],
        "outgoing": Outgoing.objects.order_by("id")[0],
        "file": StoredFile.objects.filter(purpose="roster").first() or StoredFile.objects.order_by("id")[0],
        "organisation": Organisation.objects.get(name=ORGANISATIONS["social"]["name"]),
        "filing": Filing.objects.get(organisation__name=ORGANISATIONS["social"]["name"]),
        "import": AnnexImport.objects.create(
            annex="1",
            file=StoredFile.objects.order_by("id")[0],
            created_at=NOW,
            confirmed_at=NOW,
            summary={"new": 0, "changed": 0, "unchanged": 0},
        ),
        "affiliation": Affiliation.objects.create(
            organisation=Organisation.objects.get(name=ORGANISATIONS["technical"]["name"]),
            relation="student",
            identity=application.identity,
            graduates_on=date(2027, 7, 1),
            created_at=NOW,
        ),
        "merge": IdentityMerge.objects.create(
            kept=application.identity,
            other=Identity.objects.exclude(pk=application.identity_id).order_by("id")[0],
            reason="示例",
            proof=StoredFile.objects.order_by("id")[0],
            created_at=NOW,
        ),
        "change": BodyChange.objects.create(
            organisation=Organisation.objects.get(name=ORGANISATIONS["social"]["name"]),
            kind="site",
            values={"venue_id": None, "name": "示例考点", "address": "示例路1号"},
            reason="示例",
            effective_on=TODAY,
            created_at=NOW,
        ),
        "venue": Venue.objects.get(organisation__name=ORGANISATIONS["social"]["name"]),
        "room": Room.objects.filter(venue__organisation__name=ORGANISATIONS["social"]["name"])[0],
        "equipment": Equipment.objects.filter(venue__organisation__name=ORGANISATIONS["social"]["name"])[0],
        "relation": relation,
        "account": body1,
        "membership": body1.memberships.get(),
        "token": token,
        "card": StaffCard.objects.filter(account__username="examiner1")[0],
        "occupation": Occupation.objects.get(code="6-31-01-03", edition="2022"),
        "plan": plan,
        "plan_change": PlanChange.objects.create(
            plan=plan,
            kind="postpone",
            values=plan_facts(plan),
            before=plan_facts(plan),
            reason="示例",
            filed_on=TODAY,
            created_at=NOW,
        ),
        "row": plan.rows.get(),
        "request": Request.objects.order_by("id")[0],
        "review": VenueReview.objects.all()[0],
        "roster": Roster.objects.all()[0],
        "candidate_report": CandidateReport.objects.get(plan=plan),
        "application": application,
        "access_arrangement": AccessArrangement.objects.create(
            application=application, kind="access", reason="示例", file=Proof.objects.all()[0].file, created_at=NOW
        ),
        "proof": Proof.objects.order_by("id")[0],
        "photographed": Proof.objects.order_by("id")[0].application,
        "paper_request": PaperRequest.objects.all()[0],
        "theory": theory,
        "skill": skill,
        "evidence": IncidentEvidence.objects.create(
            incident=Incident.objects.create(sitting=theory, text="示例", reporter=body1, at=NOW),
            file=StoredFile.objects.order_by("id")[0],
        ),
        "batch": ResultBatch.objects.all()[0],
        "result": result,
        "objection": Objection.objects.all()[0],
        "amendment": amendment,
        "bill": Bill.objects.get(plan=plan),
        "order": Order.objects.get(plan=plan),
        "payment": Payment.objects.exclude(order=None).get(plan=plan),
        "receipt": Receipt.objects.get(payment__plan=plan),
        "refund": RefundRequest.objects.get(plan=plan),
        "statement": Statement.objects.get(),
        "line": Statement.objects.get().lines.get(matches=None, note="用途不明"),
        "match": Match.objects.get(),
        "certificate": Certificate.objects.get(application=application),
        "draw": Draw.objects.all()[0],
        "inspection": inspection,
    }
    usernames = {
        "centre": "centre1",
        "own body": "body1",
        "other body": "technical1",
        "own school": "school1",
        "other employer": "employer1",
        "own candidate": own.username,
        "other candidate": "13900000010",
        "own examiner": skill.staff.order_by("id")[0].account.username,
        "own invigilator": theory.staff.order_by("id")[0].account.username,
        "inner supervisor": "inner1",
        "own supervisor": inspectors[0],
        "other supervisor": outsiders[0],
    }
    return World(records, {role: _browser(usernames.get(role)) for role in ROLES})


def plan_facts(plan: Plan) -> dict[str, object]:
    """What a change of ``plan`` would hold where nothing changed."""
    return {
        "exam_on": plan.exam_on.isoformat(),
        "registration_ends_at": plan.registration_ends_at.isoformat(),
        "venue_id": plan.venue_id,
        "venue": plan.venue.name,
        "rows": {str(row.pk): {"headcount": row.headcount, "subjects": list(row.subjects)} for row in plan.rows.all()},
    }


def _browser(username: str | None) -> Client:
    client = Client(raise_request_exception=False, **{"jiangheng.now": at(TODAY, "10:00")})
    if username:
        account = Account.objects.get(username=username)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["membership"] = account.memberships.order_by("id")[0].pk
        session.save()
    return client
