"""The clocks that run now: every open record with its last day, as a person sees them or all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiangheng.applications import queries as applications
from jiangheng.applications.models import CandidateReport
from jiangheng.applications.queries import candidate_reports
from jiangheng.fees import queries as fees
from jiangheng.oversight import queries as oversight
from jiangheng.oversight.models import Inspection
from jiangheng.plans import queries as plans
from jiangheng.plans.models import Plan, Request
from jiangheng.results import queries as results
from jiangheng.results.models import Objection, Result, ResultBatch
from jiangheng.rules import flows
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days import clocks as rules
from jiangheng.rules.days import workdays
from jiangheng.rules.days.clocks import CLOCKS, Clock
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.days.workdays import WorkCalendar
from jiangheng.rules.law import Law
from jiangheng.rules.roles import SYSTEM, Person, Role
from jiangheng.screens import record_kinds
from jiangheng.sittings.models import Sitting
from jiangheng.values import queries as values

SEEN_BY = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE)
SPONSORS = (Role.SCHOOL, Role.EMPLOYER)
UNTICKETED, TICKETED = flows.states("sitting", "unticketed"), flows.states("sitting", "told")


@dataclass(frozen=True, slots=True)
class Open:
    """An open record with a clock: the day counted from, the day kept with it, and who must act."""

    clock: Clock
    record: Any
    title: str
    event: date
    owner_id: int | None
    owner: str
    kept: date | None = None
    value: str = ""
    href: str = ""
    exam_on: date | None = None

    @property
    def address(self) -> str:
        """The page of the record."""
        return self.href or record_kinds.address(self.clock.kind, self.record.pk) or ""

    def clause(self, law: Law) -> str:
        """The clause the number of days stands in, or an empty string where the law counts none."""
        value = self.value or self.clock.value
        return law.rule(value).clause if value else ""

    def last_day(self, calendar: WorkCalendar, law: Law) -> date:
        """The last day by ``calendar``; the event itself where the law counts no working days."""
        if not (self.value or self.clock.value):
            return self.event
        return rules.deadline(self.clock, self.event, calendar, law, value=self.value, exam_on=self.exam_on).last_day

    def counted(self, last_day: date) -> CountedDay:
        """A last day of this clock as it is shown."""
        if self.clock.by_hand:
            return CountedDay(last_day, provisional=False)
        return workdays.counted(last_day, self.exam_on or self.event)


@dataclass(frozen=True, slots=True)
class Running:
    """A clock as a page shows it: its last day, the working days left and its light."""

    open: Open
    last_day: date
    left: int
    light: str
    mine: bool
    clause: str

    @property
    def counted(self) -> CountedDay:
        """The last day as it is shown."""
        return self.open.counted(self.last_day)

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return {rules.GREEN: "good", rules.AMBER: "waiting", rules.RED: "bad"}[self.light]

    @property
    def words(self) -> str:
        """How long there still is, in words."""
        if self.open.clock.period and self.left < 0:
            return _("已期满，待办理下一步")
        if self.left < 0:
            return ngettext("已过 %(days)s 个工作日", "已过 %(days)s 个工作日", -self.left) % {"days": -self.left}
        if self.left == 0:
            return _("今天截止") if self.light != rules.GREEN else _("今天期满")
        return ngettext("还有 %(days)s 个工作日", "还有 %(days)s 个工作日", self.left) % {"days": self.left}


def running(person: Person, now: datetime) -> list[Running]:
    """Every clock the person sees, the nearest last day first; the number of queries does not grow with them."""
    today = local_day(now)
    calendar, law = values.calendar(), values.law(today)
    found = []
    for each in opened(person, today, law):
        last_day = each.kept or each.last_day(calendar, law)
        left = rules.workdays_left(today, last_day, calendar)
        light = rules.light(each.clock, today, last_day, left, law)
        found.append(Running(each, last_day, left, light, person.role in each.clock.doers, each.clause(law)))
    return sorted(found, key=lambda each: (each.last_day, each.open.clock.key, each.open.record.pk))


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose clocks are read, on which day, by which law."""

    person: Person | None
    today: date
    law: Law

    def rows(self, every: QuerySet[Any], seen: Callable[[Person], QuerySet[Any]]) -> QuerySet[Any]:
        """What the person sees of ``every``."""
        return every if self.person is None else seen(self.person)


def opened(person: Person | None, today: date, law: Law) -> Iterator[Open]:
    """Every open record with a clock that ``person`` sees; with None all there are."""
    if person is not None and person.role not in SEEN_BY:
        return
    asked = Asked(person, today, law)
    for source, hidden_from in SOURCES:
        if person is None or person.role not in hidden_from:
            yield from source(asked)


def _requests(asked: Asked) -> Iterator[Open]:
    rows = asked.rows(Request.objects.select_related("organisation", "body"), plans.requests_visible_to)
    own, taken = CLOCKS["request"], CLOCKS["plan_of_request"]
    for each in rows.filter(state__in=own.states):
        yield Open(
            own,
            each,
            f"{each.number} {each.class_name}",
            each.exam_on,
            each.organisation_id,
            each.organisation.name,
            each.deadline_on,
        )
    assignment, answer, unanswered = CLOCKS["assignment"], CLOCKS["answer"], CLOCKS["unanswered"]
    for each in rows.filter(state__in=assignment.states, submitted_on__isnull=False):
        yield Open(
            assignment,
            each,
            f"{each.number} {each.class_name}",
            plans.waiting_since(each),
            None,
            "",
            exam_on=each.exam_on,
        )
    for each in rows.filter(state__in=answer.states, body__isnull=False, assigned_on__isnull=False):
        title = f"{each.number} {each.class_name}"
        yield Open(
            answer, each, title, each.assigned_on, each.body_id, each.body.name, each.answer_by, exam_on=each.exam_on
        )
        if (asked.person is None or asked.person.role is Role.CENTRE) and each.answer_by < asked.today:
            yield Open(unanswered, each, title, each.answer_by, None, "", exam_on=each.exam_on)
    for each in rows.filter(state__in=taken.states, plan=None):
        if each.body is not None:
            yield Open(
                taken,
                each,
                f"{each.number} {each.class_name}",
                each.exam_on,
                each.body_id,
                each.body.name,
                value=_plan_value(each.body.kind, asked.law),
            )


def _plans(asked: Asked) -> Iterator[Open]:
    rows = asked.rows(Plan.objects.select_related("body"), plans.visible_to)
    own, ticket = CLOCKS["plan"], CLOCKS["ticket"]
    for each in rows.filter(state__in=own.states):
        yield Open(
            own,
            each,
            f"{each.number} {each.title}",
            each.exam_on,
            each.body_id,
            each.body.name,
            each.deadline_on,
            _plan_value(each.body.kind, asked.law),
        )
    acceptance = CLOCKS["acceptance"]
    for each in rows.filter(state__in=acceptance.states, filed_on__isnull=False):
        yield Open(acceptance, each, f"{each.number} {each.title}", each.filed_on, None, "")
    sittings = Sitting.objects.filter(plan_id=OuterRef("pk")).order_by()
    first = sittings.filter(state__in=UNTICKETED).values("plan_id").annotate(first=Min("starts_at")).values("first")
    waiting = rows.filter(state__in=ticket.states, exam_on__gte=asked.today).annotate(first=Subquery(first))
    for each in waiting.exclude(Exists(sittings.filter(state__in=TICKETED)), first=None):
        event = local_day(each.first) if each.first else each.exam_on
        yield Open(ticket, each, f"{each.number} {each.title}", event, each.body_id, each.body.name)


def _plan_value(body_kind: str, law: Law) -> str:
    return "plan_lead_wd" if body_kind in law.value("plan_lead_kinds") else "ticket_lead_wd"


def _candidate_reports(asked: Asked) -> Iterator[Open]:
    rows = asked.rows(CandidateReport.objects.select_related("plan", "body"), candidate_reports.visible_to)
    clock = CLOCKS["candidate_report"]
    for each in rows.filter(state__in=clock.states):
        yield Open(
            clock,
            each,
            f"{each.number} {each.plan.title}",
            each.plan.exam_on,
            each.body_id,
            each.body.name,
            each.due_on,
        )


def _registrations(asked: Asked) -> Iterator[Open]:
    """Counted by plan: a school may be entering hundreds of people for one day."""
    person = asked.person
    if person is None:
        return
    clock = CLOCKS["registration"]
    rows = applications.waiting(person, clock.states).filter(
        plan__state__in=flows.FLOWS["plan"].live, plan__registration_ends_at__isnull=False
    )
    counts = dict(rows.order_by().values_list("plan_id").annotate(people=Count("id")))
    page = "applications:mine" if person.role is Role.CANDIDATE else "applications:list"
    for each in Plan.objects.filter(pk__in=counts).select_related("body"):
        people = counts[each.pk]
        title = (
            each.title
            if person.role is Role.CANDIDATE
            else _("%(plan)s（%(people)s人）")
            % {
                "plan": each.title,
                "people": people,
            }
        )
        yield Open(
            clock, each, title, local_day(each.registration_ends_at), person.organisation_id, "", href=reverse(page)
        )


def _bills(asked: Asked) -> Iterator[Open]:
    """What a payer still owes; an order to pay has no day of its own, it is asked for to pay what these name."""
    clock, person = CLOCKS["bill"], asked.person
    for each in fees.bills_owed(person or SYSTEM):
        yield Open(
            clock,
            each,
            f"{each.number} {each.plan.title}",
            each.plan.exam_on,
            each.payer_organisation_id,
            each.payer_organisation.name,
        )
    if person is not None and person.role is Role.CANDIDATE:
        for own in fees.arrears(person).filter(sponsor=None, plan__state__in=flows.FLOWS["plan"].live):
            plan: Any = own.plan
            yield Open(CLOCKS["fee"], own, plan.title, plan.exam_on, None, "", href=reverse("fees:list"))


def _batches(asked: Asked) -> Iterator[Open]:
    person = asked.person
    rows = asked.rows(ResultBatch.objects.select_related("plan", "body"), results.visible_to)
    if person is not None and person.role is Role.CANDIDATE:
        own = Result.objects.filter(batch_id=OuterRef("pk"), application__identity_id=person.identity_id or 0)
        rows = rows.filter(Exists(own))
    for each in rows.filter(state__in=flows.states("result_batch", "published")):
        title = f"{each.plan.number} {each.plan.title}"
        if each.state == "published" and each.published_on:
            yield Open(
                CLOCKS["publicity"],
                each,
                title,
                each.published_on,
                each.body_id,
                each.body.name,
                each.publicity_ends_on,
                href=reverse("results:notice", args=[each.pk]) if person and person.role is Role.CANDIDATE else "",
            )
        elif each.state == "reported" and each.reported_on:
            yield Open(CLOCKS["review"], each, title, each.reported_on, None, "")
        elif each.state == "returned" and each.moved_at:
            yield Open(CLOCKS["correction"], each, title, local_day(each.moved_at), each.body_id, each.body.name)


def _objections(asked: Asked) -> Iterator[Open]:
    rows = asked.rows(Objection.objects.select_related("batch__plan", "batch__body"), results.objections_visible_to)
    look, settle = CLOCKS["objection_look"], CLOCKS["objection"]
    for each in rows.filter(state__in=settle.states):
        body, day = each.batch.body, local_day(each.received_at)
        title = _("%(plan)s 的异议") % {"plan": each.batch.plan.title}
        if each.state in look.states:
            yield Open(look, each, title, day, body.pk, body.name)
        yield Open(settle, each, title, day, body.pk, body.name, each.due_on)


def _inspections(asked: Asked) -> Iterator[Open]:
    rows = asked.rows(Inspection.objects.select_related("body"), oversight.visible_to)
    clock = CLOCKS["inspection"]
    for each in rows.filter(state__in=clock.states, inspected_on__isnull=False):
        yield Open(clock, each, each.body.name, each.inspected_on, None, "")


SOURCES: tuple[tuple[Callable[[Asked], Iterable[Open]], tuple[Role, ...]], ...] = (
    (_requests, (Role.CANDIDATE,)),
    (_plans, (Role.CANDIDATE,)),
    (_candidate_reports, (Role.CANDIDATE, *SPONSORS)),
    (_registrations, (Role.CENTRE, Role.BODY)),
    (_bills, ()),
    (_batches, ()),
    (_objections, SPONSORS),
    (_inspections, (Role.CANDIDATE, *SPONSORS, Role.BODY)),
)
