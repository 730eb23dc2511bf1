"""What the staffing rules need to know about people and sittings (四（七）)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet

from jiangheng.bodies.models import Organisation
from jiangheng.catalog.models import Subject
from jiangheng.people import queries as people
from jiangheng.people.models import Account, StaffCard
from jiangheng.rules.examination import staffing as rules
from jiangheng.rules.law import Law
from jiangheng.rules.roles import Person
from jiangheng.sittings.models import Seat, Sitting, StaffAssignment
from jiangheng.sittings.queries.seating import STANDING

EMPLOYER_FIELDS = ("所在单位", "工作单位")


def shown_staff(sitting: Sitting) -> QuerySet[StaffAssignment]:
    """Who is posted in a sitting."""
    return StaffAssignment.objects.filter(sitting=sitting).select_related("account", "card").order_by("post", "id")


def staff_by_sitting(sittings: Sequence[Sitting]) -> dict[int, list[StaffAssignment]]:
    """Who is posted in each of many sittings, in one statement."""
    found: dict[int, list[StaffAssignment]] = {each.pk: [] for each in sittings}
    rows = StaffAssignment.objects.filter(sitting__in=list(found)).select_related("account", "card")
    for each in rows.order_by("post", "id"):
        found[each.sitting_id].append(each)
    return found


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
    return facts_of([sitting])[sitting.pk]


def facts_of(sittings: Sequence[Sitting]) -> dict[int, rules.SittingFacts]:
    """The facts of many sittings by key, in as many statements however many there are."""
    watched = {each.pk: [each.pk] for each in sittings}
    beside: dict[str, list[int]] = defaultdict(list)
    for other in Sitting.objects.filter(plan_id__in={each.plan_id for each in sittings}, state__in=STANDING):
        beside[place_of(other)].append(other.pk)
    for each in sittings:
        if invigilated(each):
            watched[each.pk] += [pk for pk in beside[place_of(each)] if pk != each.pk]
    heads: dict[int, list[rules.CandidateFacts]] = defaultdict(list)
    rows = Seat.objects.filter(sitting__in={pk for pks in watched.values() for pk in pks}).values_list(
        "sitting_id",
        "application__identity_id",
        "application__form",
        "application__sponsor_id",
        "application__request__organisation_id",
    )
    for sitting_id, identity, form, sponsor, school in rows:
        heads[sitting_id].append(
            rules.CandidateFacts(
                identity=identity,
                employer_name=next((str(form[name]).strip() for name in EMPLOYER_FIELDS if form.get(name)), ""),
                organisations=frozenset(each for each in (sponsor, school) if each is not None),
            )
        )
    ratios = _ratios(sittings)
    return {
        each.pk: rules.SittingFacts(
            id=each.pk,
            subject=each.subject,
            occupation_code=each.row.occupation_code,
            level=each.row.level,
            starts_at=each.starts_at,
            ends_at=each.over_at,
            candidates=tuple(head for pk in watched[each.pk] for head in heads[pk]),
            candidates_per_examiner=ratios.get((each.row.occupation_code, each.row.level, each.subject)),
            by_machine=each.method == "machine",
            plan=each.plan_id,
            place=place_of(each),
        )
        for each in sittings
    }


def _ratios(sittings: Sequence[Sitting]) -> dict[tuple[str, int, str], int | None]:
    """Candidates to an examiner by the newest version of each standard."""
    rows = Subject.objects.filter(
        standard__occupation__code__in={each.row.occupation_code for each in sittings},
        level__in={each.row.level for each in sittings},
    ).order_by("standard__valid_from")
    found = rows.values_list("standard__occupation__code", "level", "subject", "candidates_per_examiner")
    return {(code, level, subject): ratio for code, level, subject, ratio in found}


def place_of(sitting: Sitting) -> str:
    """The room at that time: rows arranged together in one room are one place for those who watch it."""
    return f"{sitting.plan_id}:{sitting.room_id}:{sitting.subject}:{sitting.starts_at.timestamp():.0f}"


def people_for(
    account_ids: Sequence[int], sitting: Sitting, consecutive: int, until: datetime | None = None
) -> list[rules.StaffFacts]:
    """People with cards, employer, declared relations, absences and consecutive turns at the body of the sitting.

    ``consecutive`` is how many turns back to look; absences are those up to ``until`` (the sitting's end).
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
    verified = set()
    for account in accounts:
        # Whoever sits the examination is nearest of kin to themselves.
        seen = {account.identity_id, *(card.identity_id for card in cards[account.pk])}
        own = {identity for identity in seen if identity is not None}
        kin[account.pk] |= own
        if own:
            verified.add(account.pk)
    away: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for absence in people.absences_of(account_ids, sitting.starts_at, until or sitting.over_at):
        away[absence.account_id].append((absence.begins_at, absence.ends_at))
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
            away=tuple(away[account.pk]),
            most=account.most_sittings,
            verified=account.pk in verified,
        )
        for account in accounts
    ]


def _employer(card: StaffCard) -> str:
    employer: Organisation | None = card.employer
    return card.employer_name or (employer.name if employer else "")


def faults_in(wanted: Mapping[Sitting, Sequence[tuple[int, str]]], law: Law) -> list[rules.StaffFault]:
    """``faults_of`` for sittings of one plan and body, by time, whose people are looked up here."""
    accounts = sorted({account for posts in wanted.values() for account, _post in posts})
    back = int(law.value("max_consecutive_at_body"))
    known = people_for(accounts, next(iter(wanted)), back, max(each.over_at for each in wanted))
    return faults_of(wanted, known, law)


def share_fault(sitting: Sitting, examiners: Iterable[int], law: Law) -> rules.StaffFault | None:
    """Whether too few of the examiners of the sitting's plan are new since the body's last examination."""
    last = teams(sitting, 1)
    return rules.too_little_rotated(set(examiners), last[0][1] if last else (), law)


def faults_of(
    wanted: Mapping[Sitting, Sequence[tuple[int, str]]], known: Sequence[rules.StaffFacts], law: Law
) -> list[rules.StaffFault]:
    """Every rule these postings break together, beside what stands elsewhere at the same time and in the same plan."""
    mine = {sitting.pk for sitting in wanted}
    accounts = {account for posts in wanted.values() for account, _post in posts}
    begins = min(sitting.starts_at for sitting in wanted)
    ends = max(sitting.over_at for sitting in wanted)
    elsewhere = list(
        StaffAssignment.objects.filter(
            Q(sitting__plan_id__in={sitting.plan_id for sitting in wanted})
            | Q(sitting__starts_at__lt=ends) & (Q(sitting__ends_at__gt=begins) | Q(sitting__busy_until__gt=begins)),
            account_id__in=accounts,
            sitting__state__in=STANDING,
        )
        .exclude(sitting__in=mine)
        .select_related("sitting", "sitting__row")
    )
    others = {each.sitting_id: each.sitting for each in elsewhere}
    rows = [*facts_of(list(wanted)).values()] + [
        rules.SittingFacts(
            each.pk,
            each.subject,
            each.row.occupation_code,
            each.row.level,
            each.starts_at,
            each.over_at,
            (),
            plan=each.plan_id,
            place=place_of(each),
        )
        for each in others.values()
    ]
    posts = [rules.Post(sitting.pk, account, post) for sitting, theirs in wanted.items() for account, post in theirs]
    posts += [rules.Post(each.sitting_id, each.account_id, each.post) for each in elsewhere]
    found = rules.staff_faults(posts, known, rows, law)
    return [each for each in found if each.sitting in mine or each.code == "staff.two_places"]


def teams(sitting: Sitting, back: int) -> list[tuple[date, frozenset[int]]]:
    """Who examined at the body's last plans before this one, newest first: up to ``back`` plans with examiners."""
    rows = (
        StaffAssignment.objects.filter(
            sitting__plan__body_id=sitting.plan.body_id,
            sitting__state__in=STANDING,
            sitting__starts_at__lt=sitting.starts_at,
            post__in=rules.EXAMINER_POSTS,
        )
        .exclude(sitting__plan_id=sitting.plan_id)
        .order_by()
    )
    latest = rows.values_list("sitting__plan_id", "sitting__plan__exam_on").distinct()
    plans = sorted(latest, key=lambda each: (each[1], each[0]), reverse=True)[:back]
    served: dict[int, set[int]] = defaultdict(set)
    for account_id, plan_id in rows.filter(sitting__plan_id__in=[pk for pk, _on in plans]).values_list(
        "account_id", "sitting__plan_id"
    ):
        served[plan_id].add(account_id)
    return [(on, frozenset(served[pk])) for pk, on in plans]


def _turns(account_ids: Iterable[int], sitting: Sitting, back: int) -> dict[int, int]:
    """How many of the body's latest plans before this one each person examined without a break."""
    found = dict.fromkeys(account_ids, 0)
    running = set(found)
    for _on, team in teams(sitting, back):
        running &= team
        for account in running:
            found[account] += 1
    return found
