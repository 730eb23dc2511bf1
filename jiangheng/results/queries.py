"""Which result batches, results, objections and amendments a person may see, and what stands in a step's way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jiangheng.journal import queries as journal
from jiangheng.plans.models import Plan
from jiangheng.results.models import Amendment, MarkHistory, Objection, Result, ResultBatch
from jiangheng.rules import flows
from jiangheng.rules.roles import Person, Role

SHOWN = flows.states("result_batch", "shown")
OPEN = flows.FLOWS["objection"].live
SUBJECTS = ("theory", "skill", "review")


def visible_to(person: Person) -> QuerySet[ResultBatch]:
    """The centre sees every batch, a body its own, sponsors and candidates those shown that concern them.

    The public sees a batch only while it is being published.
    """
    rows = ResultBatch.objects.select_related("plan", "body", "entered_by", "confirmed_by")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY:
        return rows.filter(body_id=person.organisation_id)
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        theirs = Result.objects.filter(
            batch_id=OuterRef("pk"),
            application__plan_id=OuterRef("plan_id"),
            application__sponsor_id=person.organisation_id,
        )
        return rows.filter(Exists(theirs), state__in=SHOWN)
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        own = Result.objects.filter(batch_id=OuterRef("pk"), application__identity_id=person.identity_id)
        return rows.filter(Q(state="published") | Q(Exists(own), state__in=SHOWN))
    return rows.filter(state="published")


def get(person: Person, batch_id: int) -> ResultBatch:
    """One batch; Refusal ``record.none`` (404)."""
    return journal.one(visible_to(person), pk=batch_id)


def plan_for(person: Person, plan_id: int) -> Plan:
    """A plan whose results this person deals with: the centre any but a draft, a body its own; 404 otherwise."""
    rows = Plan.objects.select_related("body", "request")
    if person.role is Role.BODY and person.organisation_id is not None:
        rows = rows.filter(body_id=person.organisation_id)
    elif person.role in (Role.CENTRE, Role.SYSTEM):
        rows = rows.exclude(state="draft")
    else:
        rows = rows.none()
    return journal.one(rows, pk=plan_id)


def uncollected(person: Person) -> QuerySet[Plan]:
    """The body's accepted plans whose sittings are all recorded and whose results are not collected yet."""
    return (
        Plan.objects.filter(body_id=person.organisation_id, state__in=flows.FLOWS["plan"].live, result_batch=None)
        .annotate(
            held=Count("sittings", filter=Q(sittings__state="recorded")),
            waiting=Count("sittings", filter=~Q(sittings__state__in=flows.states("sitting", "done"))),
        )
        .filter(held__gt=0, waiting=0)
        .order_by("-exam_on", "-id")
    )


def in_publicity(today: date) -> QuerySet[ResultBatch]:
    """The batches on public notice on ``today``: 四（八）."""
    return ResultBatch.objects.filter(
        state="published", published_on__lte=today, publicity_ends_on__gte=today
    ).select_related("plan", "body")


def results_visible_to(person: Person) -> QuerySet[Result]:
    """The centre sees every result, a body its own, a sponsor those of its people, a candidate their own."""
    rows = Result.objects.select_related("application__identity", "application__ticket", "batch__plan", "batch__body")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY:
        return rows.filter(batch__body_id=person.organisation_id)
    if person.role in (Role.SCHOOL, Role.EMPLOYER):
        return rows.filter(application__sponsor_id=person.organisation_id, batch__state__in=SHOWN)
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return rows.filter(application__identity_id=person.identity_id, batch__state__in=SHOWN)
    return rows.none()


def result(person: Person, result_id: int) -> Result:
    """One result; Refusal ``record.none`` (404)."""
    return journal.one(results_visible_to(person), pk=result_id)


def ever_published(batch_id: int) -> ResultBatch:
    """A batch that was on public notice at any time, for an objection that may come late; 404 otherwise."""
    rows = ResultBatch.objects.filter(published_on__isnull=False).select_related("plan", "body")
    return journal.one(rows, pk=batch_id)


def published_results(batch: ResultBatch) -> QuerySet[Result]:
    """The rows of a public notice; the page shows names and masked numbers only."""
    return batch.results.select_related("application__identity", "application__ticket").order_by(
        "application__ticket__number", "id"
    )


def objections_visible_to(person: Person) -> QuerySet[Objection]:
    """The centre sees every objection, a body those to its batches, a candidate those they raised."""
    rows = Objection.objects.select_related("batch__plan", "batch__body", "result__application")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY:
        return rows.filter(batch__body_id=person.organisation_id)
    return rows.filter(raised_by_id=person.account_id) if person.account_id else rows.none()


def objection(person: Person, objection_id: int) -> Objection:
    """One objection; Refusal ``record.none`` (404)."""
    return journal.one(objections_visible_to(person), pk=objection_id)


def amendments_visible_to(person: Person) -> QuerySet[Amendment]:
    """The centre sees every change of a mark, a body those of its own batches."""
    rows = Amendment.objects.select_related("result__application", "result__batch__plan", "requested_by", "decided_by")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY:
        return rows.filter(result__batch__body_id=person.organisation_id)
    return rows.none()


def amendment(person: Person, amendment_id: int) -> Amendment:
    """One change of a mark; Refusal ``record.none`` (404)."""
    return journal.one(amendments_visible_to(person), pk=amendment_id)


def open_objections(batch: ResultBatch) -> int:
    """How many objections of the batch are not settled."""
    return batch.objections.filter(state__in=OPEN).count()


def waiting_amendments(batch: ResultBatch) -> int:
    """How many changes of marks wait for the second person."""
    return Amendment.objects.filter(result__batch=batch, decision="waiting").count()


def hands_on(batch: ResultBatch) -> set[int]:
    """The accounts that entered or corrected any mark of the batch by hand, or handed it in for confirmation."""
    authors: set[int | None] = set(
        MarkHistory.objects.filter(result__batch=batch, source="entered")
        .exclude(by_account_id=None)
        .values_list("by_account_id", flat=True)
        .distinct()
    )
    return {each for each in (*authors, batch.entered_by_id) if each is not None}


def missing_marks(results: Iterable[Result]) -> list[tuple[Result, str]]:
    """Every result and subject with neither a mark nor an absence nor a voiding."""
    return [
        (each, subject)
        for each in results
        for subject in required(each)
        if getattr(each, subject) is None and subject not in each.absent and subject not in each.voided
    ]


def required(each: Result) -> list[str]:
    """The subjects this candidate sits: those of the application, in the order of the notice."""
    return [subject for subject in SUBJECTS if subject in each.application.subjects]


def standing_marks(each: Result) -> dict[str, Decimal | None]:
    """The marks that count: a voided or missed subject counts as none."""
    return {
        subject: None if subject in each.voided or subject in each.absent else getattr(each, subject)
        for subject in required(each)
    }


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a batch for its page: no judgement, only figures."""

    candidates: int
    passed: int
    absent: int
    at_pass_mark: int

    @property
    def failed(self) -> int:
        """Those who sat and did not pass."""
        return self.candidates - self.passed - self.absent

    @property
    def rate(self) -> Decimal | None:
        """Passed per hundred of those who sat; None where nobody did."""
        sat = self.candidates - self.absent
        return (Decimal(100 * self.passed) / sat).quantize(Decimal("0.1")) if sat else None


def figures(batch: ResultBatch, pass_mark: Decimal) -> Figures:
    """The counts of a batch in one statement."""
    row = batch.results.aggregate(
        candidates=Count("pk"),
        passed=Count("pk", filter=Q(passed=True)),
        absent=Count("pk", filter=Q(theory=None, skill=None, review=None)),
        at_pass_mark=Count("pk", filter=Q(theory=pass_mark) | Q(skill=pass_mark) | Q(review=pass_mark)),
    )
    return Figures(**row)


def complained_of(objection: Objection, person: Person) -> bool:
    """Whether the person is the one complained of: named in the objection, or the one who typed the mark."""
    if person.name and person.name in objection.against:
        return True
    return person.account_id in hands_on(objection.batch)
