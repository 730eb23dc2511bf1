"""The marks results reads: theory by machine from the sets, practical from the examiners (四（五）, 四（七）)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from jiangheng.exam_day.models import Answer, Incident, PracticalMark
from jiangheng.papers import queries as papers
from jiangheng.plans.models import Plan
from jiangheng.rules import flows
from jiangheng.rules.examination import scoring
from jiangheng.rules.examination.staffing import EXAMINER_POSTS
from jiangheng.rules.law import Law
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment
from jiangheng.sittings.queries.seating import seats_of

OVER = flows.states("sitting", "over")
WORST_FIRST = "DCBA"


@dataclass(frozen=True, slots=True)
class SubjectMark:
    """One candidate's mark in one subject; None where there is none yet or the candidate was absent.

    ``tier`` is the gravest irregularity noted (A-D, "" for none); ``seat`` is where it was earned.
    """

    mark: Decimal | None
    absent: bool
    tier: str
    seat: int


def theory_marks(plan: Plan, law: Law) -> dict[int, SubjectMark]:
    """Theory marks by application id, of sittings that are over; each set is read once, answers in one pass."""
    seats = list(
        Seat.objects.filter(sitting__plan=plan, sitting__subject="theory", sitting__state__in=OVER).values_list(
            "pk", "application_id", "absent", "paper_set_id"
        )
    )
    contents = papers.contents({set_id for *_rest, set_id in seats if set_id is not None})
    given: dict[int, dict[int, str]] = defaultdict(dict)
    answers = Answer.objects.filter(
        seat__sitting__plan=plan, seat__sitting__subject="theory", seat__sitting__state__in=OVER
    ).order_by()
    for seat_id, question, value in answers.values_list("seat_id", "question", "value").iterator(chunk_size=5000):
        given[seat_id][question] = value
    tiers = _tiers(plan, "theory")
    return {
        application: SubjectMark(
            mark=None
            if absent or set_id not in contents
            else scoring.theory_mark(given.get(seat, {}), contents[set_id], law),
            absent=absent,
            tier=tiers.get(seat, ""),
            seat=seat,
        )
        for seat, application, absent, set_id in seats
    }


def practical_marks(plan: Plan, law: Law, subject: str = "skill") -> dict[int, SubjectMark]:
    """Practical marks by application id: the mean of the examiners' standing marks once all of them are in."""
    seats = list(
        Seat.objects.filter(sitting__plan=plan, sitting__subject=subject, sitting__state__in=OVER).values_list(
            "pk", "application_id", "absent", "sitting_id"
        )
    )
    standing: dict[int, dict[int, Decimal]] = defaultdict(dict)
    marks = PracticalMark.objects.filter(seat__sitting__plan=plan, seat__sitting__subject=subject).order_by("revision")
    for seat_id, examiner_id, mark in marks.values_list("seat_id", "examiner_id", "mark"):
        standing[seat_id][examiner_id] = mark
    tiers = _tiers(plan, subject)
    posted: Counter[int] = Counter(
        StaffAssignment.objects.filter(
            sitting__plan=plan, sitting__subject=subject, post__in=EXAMINER_POSTS
        ).values_list("sitting_id", flat=True)
    )
    return {
        application: SubjectMark(
            mark=None
            if absent or not standing[seat] or len(standing[seat]) < posted[sitting]
            else scoring.examiners_mark(list(standing[seat].values()), law),
            absent=absent,
            tier=tiers.get(seat, ""),
            seat=seat,
        )
        for seat, application, absent, sitting in seats
    }


def _tiers(plan: Plan, subject: str) -> dict[int, str]:
    found: dict[int, str] = {}
    rows = Incident.objects.filter(sitting__plan=plan, sitting__subject=subject, seat__isnull=False).exclude(tier="")
    for seat_id, tier in rows.values_list("seat_id", "tier"):
        if seat_id not in found or WORST_FIRST.index(tier) < WORST_FIRST.index(found[seat_id]):
            found[seat_id] = tier
    return found


@dataclass(frozen=True, slots=True)
class MarkCard:
    """A candidate as one examiner sees them: own standing mark, how many are in, the others' once all are."""

    seat: Seat
    own: PracticalMark | None
    given: int
    posted: int
    others: tuple[PracticalMark, ...]

    @property
    def complete(self) -> bool:
        """Whether every posted examiner has given a mark."""
        return self.posted > 0 and self.given >= self.posted


def mark_cards(person: Person, sitting: Sitting) -> list[MarkCard]:
    """The candidates with the examiner's own marks; the others' stay hidden until all are in (四（七）)."""
    standing: dict[int, dict[int, PracticalMark]] = defaultdict(dict)
    rows = PracticalMark.objects.filter(seat__sitting=sitting).select_related("examiner").order_by("revision")
    for row in rows:
        standing[row.seat_id][row.examiner_id] = row
    posted = StaffAssignment.objects.filter(sitting=sitting, post__in=EXAMINER_POSTS).count()
    cards = []
    for seat in seats_of(sitting):
        marks = standing[seat.pk]
        complete = posted > 0 and len(marks) >= posted
        others = tuple(row for examiner, row in marks.items() if examiner != person.account_id) if complete else ()
        cards.append(MarkCard(seat, marks.get(person.account_id or 0), len(marks), posted, others))
    return cards
