"""Who is asking, and which accounts, cards, relations and identities they may see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_totp.models import TOTPDevice

from jiangheng.journal.guards import guard
from jiangheng.journal.queries import one
from jiangheng.people import sealing
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
from jiangheng.rules import codes
from jiangheng.rules.bodies.clientele import Belonging
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import identity as documents
from jiangheng.rules.readers import phones
from jiangheng.rules.readers.text import narrow, undress
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import PUBLIC, Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

CHUNK = 500
USERNAME_LONGEST = 60
ORGANISED = (Role.BODY, Role.SCHOOL, Role.EMPLOYER)


def person_of(membership: Membership) -> Person:
    """The person acting in a membership."""
    account = membership.account
    return Person(
        account_id=account.pk,
        name=account.name,
        role=Role(membership.role),
        organisation_id=membership.organisation_id,
        identity_id=account.identity_id if membership.role == Role.CANDIDATE else None,
    )


def acting_as(account_id: int | None, role: str, organisation_id: int) -> Person | None:
    """The person of an account acting for an organisation, for work gone on with later; None once that has ended."""
    rows = Membership.objects.select_related("account").filter(
        account_id=account_id or 0, role=role, organisation_id=organisation_id, active=True, account__is_active=True
    )
    found = rows.first()
    return person_of(found) if found else None


def acting(request: HttpRequest) -> tuple[Person, list[Membership]]:
    """The person of this request and the memberships they may switch between; read anew every time.

    A membership that ended while it was in use leaves nobody acting until another one is chosen: a click
    meant for one organisation never lands in another.
    """
    account = request.user
    if not account.is_authenticated:
        return PUBLIC, []
    memberships = list(Membership.objects.filter(account_id=account.pk, active=True).select_related("organisation"))
    for each in memberships:
        each.account = account  # read already, for the session
    if not memberships:
        return PUBLIC, []
    chosen = request.session.get("membership")
    if chosen is None:
        return person_of(memberships[0]), memberships
    current = next((row for row in memberships if row.pk == chosen), None)
    return (person_of(current) if current else PUBLIC), memberships


def visible_to(person: Person) -> QuerySet[Account]:
    """The centre sees every account, an organisation those with a role in it, others their own."""
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return Account.objects.all()
    if person.role in ORGANISED and person.organisation_id is not None:
        theirs = Membership.objects.filter(account_id=OuterRef("pk"), organisation_id=person.organisation_id)
        employed = StaffCard.objects.filter(account_id=OuterRef("pk"), employer_id=person.organisation_id)
        return Account.objects.filter(Exists(theirs) | Exists(employed) | Q(pk=person.account_id))
    return Account.objects.filter(pk=person.account_id) if person.account_id else Account.objects.none()


def get(person: Person, account_id: int) -> Account:
    """One account; Refusal ``record.none`` (404)."""
    return one(visible_to(person), pk=account_id)


def by_username(person: Person, username: str) -> Account:
    """One visible account by its username; Refusal ``record.none`` (404)."""
    return one(visible_to(person), username=username.strip().lower())


def membership(person: Person, membership_id: int) -> Membership:
    """One membership; Refusal ``record.none`` (404)."""
    return one(memberships_visible_to(person), pk=membership_id)


def memberships_visible_to(person: Person) -> QuerySet[Membership]:
    """The centre sees every membership, an organisation its own, others theirs."""
    rows = Membership.objects.select_related("account", "organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role in ORGANISED and person.organisation_id is not None:
        return rows.filter(Q(organisation_id=person.organisation_id) | Q(account_id=person.account_id))
    return rows.filter(account_id=person.account_id) if person.account_id else rows.none()


def identities_visible_to(person: Person) -> QuerySet[Identity]:
    """The centre sees every identity, a candidate their own; organisations reach people through their records."""
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return Identity.objects.all()
    if person.role is Role.CANDIDATE and person.identity_id is not None:
        return Identity.objects.filter(Q(pk=person.identity_id) | Q(person_id=person.identity_id))
    return Identity.objects.none()


def cards_visible_to(person: Person) -> QuerySet[StaffCard]:
    """The centre and the supervisors see every card; bodies see all who may be appointed; others their own."""
    rows = StaffCard.objects.select_related("account", "employer", "identity")
    if person.role in (Role.CENTRE, Role.SYSTEM, Role.BODY, Role.EXTERNAL_SUPERVISOR):
        return rows
    return rows.filter(account_id=person.account_id) if person.account_id else rows.none()


def cards_kept_by(person: Person) -> QuerySet[StaffCard]:
    """The cards a person may change: the centre all, a body those of its own staff."""
    rows = StaffCard.objects.select_related("account", "employer", "identity")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role is Role.BODY and person.organisation_id is not None:
        return rows.filter(employer_id=person.organisation_id)
    return rows.none()


def kept_card(person: Person, card_id: int) -> StaffCard:
    """One card the person may change; Refusal ``record.none`` (404)."""
    return one(cards_kept_by(person), pk=card_id)


def merges_visible_to(person: Person) -> QuerySet[IdentityMerge]:
    """The centre sees every proposal that two documents are one person's, nobody else any."""
    rows = IdentityMerge.objects.select_related("kept", "other", "proof")
    return rows if person.role in (Role.CENTRE, Role.SYSTEM) else rows.none()


def merge(person: Person, merge_id: int) -> IdentityMerge:
    """One proposal; Refusal ``record.none`` (404)."""
    return one(merges_visible_to(person), pk=merge_id)


def own(person: Person, through: str = "identity") -> Q:
    """Records of the acting person under any of their documents; ``through`` is the way to the identity."""
    return Q(**{f"{through}_id": person.identity_id}) | Q(**{f"{through}__person_id": person.identity_id})


def relations_visible_to(person: Person) -> QuerySet[Relation]:
    """The centre sees every declared relation, a body those of its own staff, others their own."""
    rows = Relation.objects.select_related("account", "identity", "organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    mine = Q(account_id=person.account_id) if person.account_id else Q(pk__in=[])
    if person.role is Role.BODY and person.organisation_id is not None:
        employed = StaffCard.objects.filter(account_id=OuterRef("account_id"), employer_id=person.organisation_id)
        return rows.filter(mine | Q(Exists(employed)))
    return rows.filter(mine)


def relation(person: Person, relation_id: int) -> Relation:
    """One declared relation; Refusal ``record.none`` (404)."""
    return one(relations_visible_to(person), pk=relation_id)


def cards_of(account_id: int) -> QuerySet[StaffCard]:
    """Every card of one account."""
    return StaffCard.objects.filter(account_id=account_id).select_related("employer")


def card(person: Person, card_id: int) -> StaffCard:
    """One card; Refusal ``record.none`` (404)."""
    return one(cards_visible_to(person), pk=card_id)


def relations_of(account_ids: Iterable[int]) -> QuerySet[Relation]:
    """Every relation these people declared, for judging recusal; shown to nobody as such."""
    return Relation.objects.filter(account_id__in=list(account_ids))


def absences_visible_to(person: Person) -> QuerySet[Absence]:
    """The centre sees every time somebody cannot come, a body those of its own staff, others their own."""
    rows = Absence.objects.select_related("account", "declared_by")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    mine = Q(account_id=person.account_id) if person.account_id else Q(pk__in=[])
    if person.role is Role.BODY and person.organisation_id is not None:
        employed = StaffCard.objects.filter(account_id=OuterRef("account_id"), employer_id=person.organisation_id)
        return rows.filter(mine | Q(Exists(employed)))
    return rows.filter(mine)


def absences_of(account_ids: Iterable[int], begins: datetime, ends: datetime) -> QuerySet[Absence]:
    """When these people cannot come between two moments, for posting staff; the reason is shown to nobody there."""
    return Absence.objects.filter(account_id__in=list(account_ids), begins_at__lt=ends, ends_at__gt=begins).defer(
        "note"
    )


def tokens_visible_to(person: Person) -> QuerySet[ApiToken]:
    """The keys to the API: the centre sees all, an organisation its own."""
    rows = ApiToken.objects.select_related("membership__account", "membership__organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role in ORGANISED and person.organisation_id is not None:
        return rows.filter(membership__organisation_id=person.organisation_id)
    return rows.none()


def person_by_token(secret: str, *, now: datetime) -> Person | None:
    """The person a key of the API acts as; None for an unknown, expired or revoked key or an ended membership."""
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    token = (
        ApiToken.objects.filter(
            digest=digest,
            revoked_at=None,
            expires_on__gte=local_day(now),
            membership__active=True,
            membership__account__is_active=True,
        )
        .select_related("membership__account")
        .first()
    )
    return person_of(token.membership) if token else None


def username_of(typed: str) -> str:
    """The username behind what was typed at sign-in: a username, a mobile or a document number, however written.

    One answer for every way of writing the same account, so that a wrong password counts against one account once.
    """
    phone = phones.read(typed)
    if phone.value is not None:
        return phone.value
    name = narrow(undress(typed)[0])[0].strip().lower()[:USERNAME_LONGEST]
    indexes = indexes_of(typed)
    if not indexes or Account.objects.filter(username=name).exists():
        return name
    under = Q(identity__number_index__in=indexes) | Q(identity__documents__number_index__in=indexes)
    found = Account.objects.filter(under).values_list("username", flat=True).distinct()[:2]
    return found[0] if len(found) == 1 else name


def second_step(account: Account) -> TOTPDevice | None:
    """The confirmed second step of an account, or None."""
    return TOTPDevice.objects.filter(user=account, confirmed=True).first()


def unconfirmed_second_step(account: Account) -> TOTPDevice | None:
    """The second step an account has begun to enrol, or None."""
    return TOTPDevice.objects.filter(user=account, confirmed=False).first()


def active(account_id: int) -> Account | None:
    """The account when it is not shut, for the steps of signing in."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def own_phone(person: Person) -> str:
    """The telephone of whoever is acting, "" where there is none."""
    return Account.objects.filter(pk=person.account_id or 0).values_list("phone", flat=True).first() or ""


def first_membership(account: Account) -> Membership | None:
    """The membership an account acts in after signing in."""
    return Membership.objects.filter(account=account, active=True).select_related("account", "organisation").first()


def persons(account: Account) -> list[Person]:
    """Everybody an account may act as."""
    rows = Membership.objects.filter(account=account, active=True).select_related("account", "organisation")
    return [person_of(each) for each in rows]


def first_person(account: Account) -> Person:
    """The person an account acts as after signing in; the public where it has no role left."""
    membership = first_membership(account)
    return person_of(membership) if membership else PUBLIC


def affiliations_visible_to(person: Person) -> QuerySet[Affiliation]:
    """An organisation sees its own students or staff, the centre everybody's (二)."""
    rows = Affiliation.objects.select_related("identity", "organisation")
    if person.role in (Role.CENTRE, Role.SYSTEM):
        return rows
    if person.role in (Role.BODY, Role.EMPLOYER) and person.organisation_id is not None:
        return rows.filter(organisation_id=person.organisation_id)
    return rows.none()


def affiliation(person: Person, affiliation_id: int) -> Affiliation:
    """One entry of a list; Refusal ``record.none`` (404)."""
    return one(affiliations_visible_to(person), pk=affiliation_id)


def index_of(kind: str, number: str, country: str = "") -> str:
    """The blind index of a checked document."""
    return sealing.blind_index(kind, number, country)


def indexes_of(number: str) -> list[str]:
    """Under which blind indexes a person with that document number may be kept, its kind not being known."""
    found = []
    for kind, _label in codes.choices("document_kind"):
        try:
            document = documents.check_identity(kind, number)
        except Refusal:
            continue
        found.append(sealing.blind_index(document.kind, document.number, document.country))
    return list(dict.fromkeys(found))


def keeps_membership_list(organisation_id: int) -> bool:
    """Whether an organisation keeps a list of its students or staff at all."""
    return Affiliation.objects.filter(organisation_id=organisation_id).exists()


def belongings(organisation_id: int, documents_of: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Belonging]:
    """What an organisation's list says of people by (kind, number) of their documents, in a few statements (二)."""
    wanted = {sealing.blind_index(kind, number): (kind, number) for kind, number in documents_of}
    indexes = list(wanted)
    found: dict[tuple[str, str], Belonging] = {}
    for start in range(0, len(indexes), CHUNK):
        rows = Affiliation.objects.filter(
            organisation_id=organisation_id, identity__number_index__in=indexes[start : start + CHUNK]
        )
        for row in rows.select_related("identity"):
            found[wanted[row.identity.number_index]] = belonging_of(row)
    return found


def belongings_of(organisation_id: int, identity_ids: Iterable[int]) -> dict[int, Belonging]:
    """What an organisation's list says of people by their identity, in a few statements (二)."""
    wanted = sorted(set(identity_ids))
    found: dict[int, Belonging] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Affiliation.objects.filter(
            organisation_id=organisation_id, identity_id__in=wanted[start : start + CHUNK]
        )
        found.update((row.identity_id, belonging_of(row)) for row in rows)
    return found


def belonging(organisation_id: int, identity_id: int) -> Belonging | None:
    """What an organisation's list says of one person."""
    row = Affiliation.objects.filter(organisation_id=organisation_id, identity_id=identity_id).first()
    return belonging_of(row) if row else None


def belonging_of(row: Affiliation) -> Belonging:
    """A row as the rule reads it."""
    return Belonging(row.relation, row.since, row.until, row.graduates_on)


def organisations(person: Person) -> list[tuple[int, str]]:
    """Organisations to choose from (key, name): the centre all, an organisation itself."""
    rows = Membership.organisation.field.related_model._default_manager.order_by("name")
    if person.role not in (Role.CENTRE, Role.SYSTEM):
        rows = rows.filter(pk=person.organisation_id)
    return list(rows.values_list("pk", "name"))


def every_organisation() -> list[tuple[int, str]]:
    """All organisations (key, name); their names are public in the directory."""
    return list(Membership.organisation.field.related_model._default_manager.order_by("name").values_list("pk", "name"))


def must_enrol(account: Account, *, now: datetime) -> bool:
    """Whether the default ``staff_totp_required`` asks this account for a second step it does not have yet."""
    if not values.law(local_day(now)).value("staff_totp_required"):
        return False
    staff = Membership.objects.filter(account=account, active=True).exclude(role=Role.CANDIDATE)
    return staff.exists() and second_step(account) is None


@guard("identity_merge.confirm")
def _confirming(person: Person, row: IdentityMerge, _now: datetime) -> Refusal | None:
    """Whoever proposed it does not confirm it (三（二）)."""
    if row.proposed_by is not None and row.proposed_by == person.account_id:
        return refuse(
            "merge.own",
            N_("证件归并须由提出人以外的工作人员复核。"),
            N_("请由另一名工作人员对照证明材料复核。"),
            clause="三（二）",
            status=403,
        )
    return None


@guard("identity_merge.withdraw")
def _taking_back(person: Person, row: IdentityMerge, _now: datetime) -> Refusal | None:
    """Only whoever proposed it takes it back."""
    if row.proposed_by == person.account_id:
        return None
    return refuse(
        "merge.not_yours",
        N_("只能撤回本人提出的归并申请。"),
        N_("不同意归并的，请办理“不同意归并”并写明理由。"),
        clause="三（二）",
        status=403,
    )
