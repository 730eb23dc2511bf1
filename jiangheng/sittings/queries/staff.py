"""What the staffing rules need to know about people and sittings (四（七）)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from jiangheng.bodies.models import Organisation
from jiangheng.catalog.models import Subject
from jiangheng.people import queries as people
from jiangheng.people.models import Account, StaffCard
from jiangheng.rules import staffing as rules
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment
from jiangheng.sittings.queries.seating import STANDING, sharing

EMPLOYER_FIELDS = ("所在单位", "工作单位")


def shown_staff(sitting: Sitting) -> QuerySet[StaffAssignment]:
    """Who is posted in a sitting."""
    return StaffAssignment.objects.filter(sitting=sitting).select_related("account", "card").order_by("post", "id")


def assignment(person: Person, sitting: Sitting) -> StaffAssignment | None:
    """The person's own post in a sitting, or None."""
    if person.account_id is None:
        return None
    return StaffAssignment.objects.filter(sitting=sitting, account_id=person.account_id).first()


def candidates_for_staff(person: Person, sitting: Sitting) -> QuerySet[StaffCard]:
    """The cards of people who might be posted in a sitting: right kind, valid that day."""
    on = sitting.starts_at.date()
    kinds = ["invigilator", "internal_supervisor"]
    if sitting.subject != "theory":
        kinds += ["examiner", "senior_examiner"]
    return (
        people.cards_visible_to(person)
        .filter(kind__in=kinds, valid_from__lte=on, valid_to__gte=on, account__is_active=True)
        .select_related("account", "employer")
        .order_by("kind", "number")
    )


def invigilated(sitting: Sitting) -> bool:
    """Whether a sitting is watched by invigilators rather than judged by examiners."""
    return sitting.subject == "theory" or sitting.method == "machine"


def facts(sitting: Sitting) -> rules.SittingFacts:
    """A sitting with its candidates as the rules see it; invigilators answer for everybody in a room that is shared."""
    watched = [sitting.pk]
    if invigilated(sitting):
        watched += sharing(sitting).values_list("pk", flat=True)
    rows = Seat.objects.filter(sitting__in=watched).values_list(
        "application__identity_id",
        "application__form",
        "application__sponsor_id",
        "application__request__organisation_id",
    )
    ratio = (
        Subject.objects.filter(
            standard__occupation__code=sitting.row.occupation_code, level=sitting.row.level, subject=sitting.subject
        )
        .order_by("-standard__valid_from")
        .values_list("candidates_per_examiner", flat=True)
        .first()
    )
    return rules.SittingFacts(
        id=sitting.pk,
        subject=sitting.subject,
        occupation_code=sitting.row.occupation_code,
        level=sitting.row.level,
        starts_at=sitting.starts_at,
        ends_at=sitting.busy_until or sitting.ends_at,
        candidates=tuple(
            rules.CandidateFacts(
                identity=identity,
                employer_name=next((str(form[name]).strip() for name in EMPLOYER_FIELDS if form.get(name)), ""),
                organisations=frozenset(each for each in (sponsor, school) if each is not None),
            )
            for identity, form, sponsor, school in rows
        ),
        candidates_per_examiner=ratio,
        by_machine=sitting.method == "machine",
    )


def people_for(account_ids: Sequence[int], sitting: Sitting, consecutive: int) -> list[rules.StaffFacts]:
    """People with cards, employer, declared relations and consecutive turns at the body of the sitting.

    ``consecutive`` is how many turns back to look.
    """
    accounts = Account.objects.filter(pk__in=account_ids).order_by("pk")
    cards: dict[int, list[StaffCard]] = defaultdict(list)
    for card in StaffCard.objects.filter(account_id__in=account_ids).select_related("employer"):
        cards[card.account_id].append(card)
    kin: dict[int, set[int]] = defaultdict(set)
    taught: dict[int, set[int]] = defaultdict(set)
    for relation in people.relations_of(account_ids):
        if relation.identity_id is not None:
            kin[relation.account_id].add(relation.identity_id)
        if relation.organisation_id is not None:
            taught[relation.account_id].add(relation.organisation_id)
    turns = _turns(account_ids, sitting, consecutive)
    return [
        rules.StaffFacts(
            id=account.pk,
            name=account.name,
            cards=tuple(
                rules.Card(card.kind, card.occupation_code, card.valid_from, card.valid_to)
                for card in cards[account.pk]
            ),
            employer=next((card.employer_id for card in cards[account.pk] if card.employer_id), None),
            employer_name=next((name for card in cards[account.pk] if (name := _employer(card))), ""),
            kin=frozenset(kin[account.pk]),
            taught=frozenset(taught[account.pk]),
            consecutive_at_body=turns.get(account.pk, 0),
        )
        for account in accounts
    ]


def _employer(card: StaffCard) -> str:
    employer: Organisation | None = card.employer
    return card.employer_name or (employer.name if employer else "")


def _turns(account_ids: Iterable[int], sitting: Sitting, back: int) -> dict[int, int]:
    """How many of the body's latest plans before this one each person examined without a break."""
    plans = list(
        Sitting.objects.filter(
            plan__body_id=sitting.plan.body_id,
            state__in=STANDING,
            subject=sitting.subject,
            starts_at__lt=sitting.starts_at,
        )
        .exclude(plan_id=sitting.plan_id)
        .order_by("-plan__exam_on", "-plan_id")
        .values_list("plan_id", flat=True)
        .distinct()[: back + 1]
    )
    posted: dict[int, set[int]] = defaultdict(set)
    rows = StaffAssignment.objects.filter(
        account_id__in=list(account_ids),
        sitting__plan_id__in=plans,
        sitting__state__in=STANDING,
        post__in=rules.EXAMINER_POSTS,
    )
    for account_id, plan_id in rows.values_list("account_id", "sitting__plan_id"):
        posted[account_id].add(plan_id)
    turns = {}
    for account_id, served in posted.items():
        count = 0
        for plan_id in plans:
            if plan_id not in served:
                break
            count += 1
        turns[account_id] = count
    return turns
