"""The register of 考评员, 监考 and 督导员 cards, and the relations that call for recusal (四（七）)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from jiangheng.journal.actions import action, record
from jiangheng.journal.queries import one
from jiangheng.people import queries
from jiangheng.people.actions.identities import Claim, identity_for
from jiangheng.people.models import Account, Identity, Membership, Relation, StaffCard
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.values import queries as values

CARD_KINDS = {each.code: each.label for each in codes.table("card_kind")}
N_("高级考评员")
ROLE_OF_CARD: dict[str, Role] = {
    "examiner": Role.EXAMINER,
    "senior_examiner": Role.EXAMINER,
    "invigilator": Role.INVIGILATOR,
    "internal_supervisor": Role.INTERNAL_SUPERVISOR,
    "external_supervisor": Role.EXTERNAL_SUPERVISOR,
}
RELATION_KINDS: dict[str, str] = {
    "kin": N_("近亲属"),
    "teacher": N_("任课教师"),
    "master": N_("师徒"),
    "colleague": N_("同事"),
    "interest": N_("其他利害关系"),
}
WITH_OCCUPATION = ("examiner", "senior_examiner")
YEARS_KEY = {
    "examiner": "examiner_card_years",
    "senior_examiner": "examiner_card_years",
    "internal_supervisor": "supervisor_term_years",
    "external_supervisor": "supervisor_term_years",
}


@action("card.issue")
def issue_card(
    *,
    by: Person,
    now: datetime,
    account_id: int,
    kind: str,
    number: str,
    valid_from: date,
    valid_to: date,
    occupation_code: str = "",
    employer_id: int | None = None,
    employer_name: str = "",
    holder: Claim | None = None,
) -> StaffCard:
    """Enter a card in the register; its holder, whose document was seen, can then act in the card's role.

    Refusals: those of ``identity_for``, ``card.holder``, ``card.kind``, ``card.occupation``, ``card.dates``, ``card.period`` (422),
    ``card.holder_differs``, ``card.taken`` (409), ``card.not_kept`` (403), ``record.none`` (404).
    """
    account = queries.get(by, account_id)
    if by.role is Role.BODY:
        employer_id = by.organisation_id
        if kind == "external_supervisor":
            raise _not_kept()
    _card_is_sound(kind, number, occupation_code, valid_from, valid_to, now)
    card = StaffCard(
        account=account,
        kind=kind,
        number=number.strip(),
        occupation_code=occupation_code if kind in WITH_OCCUPATION else "",
        employer_id=employer_id,
        employer_name=employer_name.strip(),
        identity=_seen(account, holder, by=by, now=now) if holder else _known_holder(account),
        valid_from=valid_from,
        valid_to=valid_to,
        created_at=now,
    )
    try:
        with transaction.atomic():
            card.save(force_insert=True)
    except IntegrityError:
        raise _taken(card.number) from None
    record(card, after=_facts(card))
    role = ROLE_OF_CARD[kind]
    if not Membership.objects.filter(account=account, role=role, active=True).exists():
        Membership.objects.update_or_create(
            account=account,
            role=role,
            organisation=None,
            defaults={"active": True},
            create_defaults={"created_at": now},
        )
        record(account, after={"role": role, "card": card.pk})
    return card


@action("card.verify")
def verify_holder(*, by: Person, now: datetime, card_id: int, holder: Claim) -> StaffCard:
    """Record whose card it is, their document having been seen; it holds for every card of the account (四（七）).

    Refusals: those of ``identity_for``, ``card.holder`` (422), ``card.holder_differs`` (409), ``card.not_kept`` (403).
    """
    card = _kept(by, card_id)
    identity = _seen(card.account, holder, by=by, now=now)
    StaffCard.objects.filter(account=card.account, identity=None).update(identity=identity)
    card.refresh_from_db()
    record(card, after={"identity": identity.pk})
    return card


def _known_holder(account: Account) -> Identity | None:
    card = StaffCard.objects.filter(account=account, identity__isnull=False).select_related("identity").first()
    return card.identity if card else account.identity


def _seen(account: Account, holder: Claim, *, by: Person, now: datetime) -> Identity:
    """The identity of a document seen: of that account's holder, and of no other account's."""
    identity = identity_for(
        by=by, now=now, kind=holder.kind, number=holder.number, name=holder.name, sex=holder.sex, born=holder.born
    )
    if identity.name != account.name:
        raise refuse(
            "card.holder",
            N_("证件姓名与账号姓名“%(name)s”不一致。"),
            N_("请核对证件和持卡人账号。"),
            clause="四（七）",
            status=422,
            name=account.name,
        )
    known = _known_holder(account)
    taken = StaffCard.objects.filter(identity=identity).exclude(account=account).exists()
    if taken or (known is not None and known.pk != identity.pk):
        raise refuse(
            "card.holder_differs",
            N_("该证件与此账号已有的登记不符，或已登记在其他账号的证卡上。"),
            N_("同一人只用一个账号；请联系市鉴定中心核对。"),
            clause="四（七）",
        )
    return identity


@action("card.change")
def change_card(
    *,
    by: Person,
    now: datetime,
    card_id: int,
    number: str,
    valid_from: date,
    valid_to: date,
    occupation_code: str = "",
    employer_name: str = "",
) -> StaffCard:
    """Correct or renew a card; who holds it, its kind and its employer stay."""
    card = _kept(by, card_id)
    _card_is_sound(card.kind, number, occupation_code, valid_from, valid_to, now)
    before = _facts(card)
    card.number, card.valid_from, card.valid_to = number.strip(), valid_from, valid_to
    card.occupation_code = occupation_code if card.kind in WITH_OCCUPATION else ""
    card.employer_name = employer_name.strip()
    try:
        with transaction.atomic():
            card.save(force_update=True)
    except IntegrityError:
        raise _taken(card.number) from None
    record(card, before=before, after=_facts(card))
    return card


@action("card.end")
def end_card(*, by: Person, now: datetime, card_id: int, note: str) -> StaffCard:
    """End a card from today, with the reason; it stays in the register for what was done under it."""
    card = _kept(by, card_id)
    if not note.strip():
        raise refuse("card.reason", N_("注销证卡须填写理由。"), N_("请写明注销原因。"), clause="四（七）", status=422)
    yesterday = date.fromordinal(local_day(now).toordinal() - 1)
    before = _facts(card)
    StaffCard.objects.filter(pk=card.pk).update(valid_to=min(card.valid_to, yesterday))
    card.refresh_from_db()
    record(card, note=note, before=before, after=_facts(card))
    return card


def _kept(by: Person, card_id: int) -> StaffCard:
    card = one(queries.cards_visible_to(by), pk=card_id)
    if not queries.cards_kept_by(by).filter(pk=card.pk).exists():
        raise _not_kept()
    return card


def _card_is_sound(
    kind: str, number: str, occupation_code: str, valid_from: date, valid_to: date, now: datetime
) -> None:
    if kind not in CARD_KINDS or not number.strip() or len(number.strip()) > 40:
        raise refuse(
            "card.kind", N_("证卡类别或编号不正确。"), N_("请选择类别并填写证卡编号。"), clause="四（七）", status=422
        )
    if kind in WITH_OCCUPATION and not occupation_code:
        raise refuse(
            "card.occupation",
            N_("考评员证卡须注明职业。"),
            N_("请按证卡所载填写职业编码；考评员只能在证卡载明的职业内考评。"),
            clause="四（七）",
            status=422,
        )
    if valid_to < valid_from:
        raise refuse(
            "card.dates", N_("证卡截止日期早于起始日期。"), N_("请对照证卡核对有效期。"), clause="四（七）", status=422
        )
    key = YEARS_KEY.get(kind)
    years = int(values.law(local_day(now)).value(key)) if key else 0
    if years and valid_to > _years_after(valid_from, years):
        raise refuse(
            "card.period",
            N_("“%(kind)s”证卡有效期不超过%(years)s年。"),
            N_("请对照证卡核对起止日期；期满续聘后再延长。"),
            clause="四（七）",
            status=422,
            kind=CARD_KINDS[kind],
            years=years,
        )


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _facts(card: StaffCard) -> dict[str, object]:
    return {
        "kind": card.kind,
        "number": card.number,
        "occupation": card.occupation_code,
        "employer": card.employer_id,
        "valid_from": card.valid_from,
        "valid_to": card.valid_to,
    }


def _taken(number: str) -> Refusal:
    return refuse(
        "card.taken",
        N_("证卡编号“%(number)s”已在册。"),
        N_("请核对编号；如是续期，请在原证卡上变更有效期。"),
        clause="四（七）",
        number=number,
    )


def _not_kept() -> Refusal:
    return refuse(
        "card.not_kept",
        N_("该证卡不由本单位管理。"),
        N_("请联系证卡所属单位或市鉴定中心办理。"),
        clause="四（七）",
        status=403,
    )


@action("relation.declare")
def declare_relation(
    *,
    by: Person,
    now: datetime,
    kind: str,
    claim: Claim | None = None,
    organisation_id: int | None = None,
    note: str = "",
    account_id: int | None = None,
) -> Relation:
    """Declare a relation to a candidate (``claim``) or an organisation: one's own, or by the centre for anybody.

    Refusals: ``relation.kind`` (422), ``relation.known`` (409), those of ``identity_for``.
    """
    holder_id = by.account_id if account_id is None or by.role is not Role.CENTRE else account_id
    account = one(Account.objects.all(), pk=holder_id)
    if kind not in RELATION_KINDS or (claim is None) == (organisation_id is None):
        raise refuse(
            "relation.kind",
            N_("请选择关系类别，并填写一名考生或一个单位。"),
            N_("考生填写姓名和证件号码；单位从列表中选择。"),
            clause="四（七）",
            status=422,
        )
    identity = None
    if claim is not None:
        identity = identity_for(
            by=by, now=now, kind=claim.kind, number=claim.number, name=claim.name, sex=claim.sex, born=claim.born
        )
    same = Relation.objects.filter(account=account, kind=kind, identity=identity)
    if any(each.organisation_id == organisation_id for each in same):
        raise refuse("relation.known", N_("这项关系已经申报过。"), N_("不需要重复申报。"), clause="四（七）")
    relation = Relation.objects.create(
        account=account,
        identity=identity,
        organisation_id=organisation_id,
        kind=kind,
        note=note.strip()[:200],
        created_at=now,
    )
    record(
        relation,
        after={
            "account": account.pk,
            "kind": kind,
            "identity": identity and identity.pk,
            "organisation": organisation_id,
        },
    )
    return relation


@action("relation.withdraw")
def withdraw_relation(*, by: Person, now: datetime, relation_id: int, note: str) -> None:
    """Withdraw a declaration, with the reason: one's own, or by the centre."""
    relation = one(queries.relations_visible_to(by), pk=relation_id)
    if by.role is not Role.CENTRE and relation.account_id != by.account_id:
        raise refuse("relation.not_own", N_("只能撤回本人的申报。"), N_("请本人办理。"), clause="四（七）", status=403)
    if not note.strip():
        raise refuse(
            "relation.reason", N_("撤回回避申报须填写理由。"), N_("请写明原因。"), clause="四（七）", status=422
        )
    record(
        relation,
        note=note,
        before={
            "account": relation.account_id,
            "kind": relation.kind,
            "identity": relation.identity_id,
            "organisation": relation.organisation_id,
        },
    )
    relation.delete()
