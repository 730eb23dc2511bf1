"""Opening accounts, giving and taking roles, passwords, the second step of signing in, keys to the API."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from jiangheng.journal.actions import action, record
from jiangheng.journal.queries import one
from jiangheng.people import queries
from jiangheng.people.actions.identities import Claim, identity_for
from jiangheng.people.models import Account, ApiToken, Membership
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import names, phones
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import LABELS, Person, Role
from jiangheng.rules.words import gettext_noop as N_

ROLE_OF_KIND: Mapping[str, Role] = {
    "centre": Role.CENTRE,
    "technical_school": Role.BODY,
    "social_body": Role.BODY,
    "employer_body": Role.BODY,
    "training_school": Role.SCHOOL,
    "employer": Role.EMPLOYER,
}
STAFF_ROLES = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR)
BODY_STAFF_ROLES = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR)
USERNAME = re.compile(r"[\w.@+-]{3,60}")
TOKEN_DAYS = 365
PHONE_LONGEST = 20


@action("account.open")
def open_account(
    *,
    by: Person,
    now: datetime,
    username: str,
    name: str,
    password: str,
    role: str,
    organisation_id: int | None = None,
    phone: str = "",
    email: str = "",
    identity_id: int | None = None,
) -> Account:
    """Open an account with its first role: the centre for anybody, an organisation for its own staff.

    Refusals: ``account.username`` and ``account.password`` (422), ``account.taken`` (409), those of
    :func:`add_membership`.
    """
    _may_give(by, Role(role), organisation_id)
    account = _create(username, name, password, phone=phone, email=email, identity_id=identity_id, now=now)
    membership = _join(account, Role(role), organisation_id, now=now)
    record(account, after={"username": account.username, "name": account.name, **_facts(membership)})
    return account


@action("account.register")
def register(*, by: Person, now: datetime, claim: Claim, phone: str, password: str) -> Account:
    """A candidate registers with name, document and phone (三（二）); the phone is the username.

    One identical refusal ``register.impossible`` (409) answers a taken phone, a document that already has an
    account and a name that does not fit the document, so that nobody can learn who is registered.
    """
    phone = phones.read(phone).taken()
    _password_is_good(password, Account(username=phone, name=claim.name))
    try:
        identity = identity_for(
            by=by, now=now, kind=claim.kind, number=claim.number, name=claim.name, sex=claim.sex, born=claim.born
        )
    except Refusal as refusal:
        raise _impossible() if refusal.code == "identity.name_differs" else refusal from None
    if Account.objects.filter(identity_id=identity.pk).exists():
        raise _impossible()
    try:
        account = _create(phone, identity.name, password, phone=phone, identity_id=identity.pk, now=now)
    except Refusal as refusal:
        raise _impossible() if refusal.code == "account.taken" else refusal from None
    membership = _join(account, Role.CANDIDATE, None, now=now)
    record(account, after={"name": account.name, "identity": identity.pk, **_facts(membership)})
    return account


def _impossible() -> Refusal:
    return refuse(
        "register.impossible",
        N_("无法用所填信息注册。"),
        N_("请核对姓名、证件号码和手机号；如已注册过，请直接登录，忘记密码请携带身份证件联系市鉴定中心。"),
        clause="三（二）",
    )


def _create(
    username: str,
    name: str,
    password: str,
    *,
    now: datetime,
    phone: str = "",
    email: str = "",
    identity_id: int | None = None,
) -> Account:
    kept = username.strip().lower()
    if not USERNAME.fullmatch(kept):
        raise refuse(
            "account.username",
            N_("登录账号应为3至60位字母、数字、汉字或 . @ + - _。"),
            N_("请换一个账号名，不要含空格。"),
            status=422,
        )
    account = Account(
        username=kept,
        name=names.check_name(name),
        phone=phones.tidy(phone)[:PHONE_LONGEST],
        email=email,
        identity_id=identity_id,
        created_at=now,
    )
    _password_is_good(password, account)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise refuse(
            "account.taken",
            N_("登录账号“%(username)s”已被使用。"),
            N_("请换一个账号名；如是同一人，请在其账号上增加身份。"),
            username=kept,
        ) from None
    return account


def _password_is_good(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise refuse(
            "account.password",
            N_("密码不符合要求：%(faults)s"),
            N_("请用至少10位、不常见、与姓名和账号无关的密码。"),
            status=422,
            faults=" ".join(error.messages),
        ) from None


@action("account.change")
def change_account(
    *, by: Person, now: datetime, account_id: int, phone: str = "", email: str = "", language: str = ""
) -> Account:
    """Change contact details and language: of oneself, or of an account one keeps."""
    account = queries.get(by, account_id)
    if account.pk != by.account_id:
        _keeps(by, account)
    given = {"phone": phones.tidy(phone)[:PHONE_LONGEST], "email": email.strip(), "language": language}
    before = {name: getattr(account, name) for name in given}
    Account.objects.filter(pk=account.pk).update(**given)
    account.refresh_from_db()
    record(account, before=before, after=given)
    return account


@action("account.set_password")
def set_password(*, by: Person, now: datetime, account_id: int, password: str, current: str | None = None) -> Account:
    """Set a password: one's own with the ``current`` one, or that of an account one keeps.

    Refusals: ``account.current`` (422), ``account.password`` (422), ``account.not_kept`` (403).
    """
    account = queries.get(by, account_id)
    if account.pk == by.account_id:
        if current is None or not account.check_password(current):
            raise _wrong_current()
    else:
        _keeps(by, account)
    _password_is_good(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    record(account)
    return account


@action("account.close")
def close_account(*, by: Person, now: datetime, account_id: int, note: str = "") -> Account:
    """Shut an account: its next request is refused, and so are its keys to the API."""
    return _set_active(by, account_id, active=False, note=note)


@action("account.reopen")
def reopen_account(*, by: Person, now: datetime, account_id: int, note: str = "") -> Account:
    """Open a shut account again."""
    return _set_active(by, account_id, active=True, note=note)


def _set_active(by: Person, account_id: int, *, active: bool, note: str) -> Account:
    account = queries.get(by, account_id)
    _keeps(by, account)
    if account.pk == by.account_id:
        raise refuse("account.own", N_("不能停用自己正在使用的账号。"), N_("请由其他同事办理。"))
    Account.objects.filter(pk=account.pk).update(is_active=active)
    record(account, note=note, before={"active": account.is_active}, after={"active": active})
    account.refresh_from_db()
    return account


def _keeps(by: Person, account: Account) -> None:
    """Refuse unless ``by`` is in charge of the whole account: a role elsewhere puts it beyond an organisation."""
    if by.role in (Role.CENTRE, Role.SYSTEM):
        return
    standing = Membership.objects.filter(account=account, active=True).values_list("organisation_id", flat=True)
    if account.identity_id is not None or any(each != by.organisation_id for each in standing):
        raise refuse(
            "account.not_kept",
            N_("该账号还有其他单位或考生身份，本单位不能代为修改。"),
            N_("请本人自行修改，或联系市鉴定中心办理。"),
            status=403,
        )


@action("membership.add")
def add_membership(
    *, by: Person, now: datetime, account_id: int, role: str, organisation_id: int | None = None
) -> Membership:
    """Give an account a role, in an organisation where the role has one.

    Refusals: ``membership.role`` (403) for a role the giver may not give, ``membership.kind`` (422) for a role
    that does not fit the organisation, ``record.none`` (404).
    """
    account = queries.get(by, account_id)
    _may_give(by, Role(role), organisation_id)
    membership = _join(account, Role(role), organisation_id, now=now)
    record(account, after=_facts(membership))
    return membership


def _may_give(by: Person, role: Role, organisation_id: int | None) -> None:
    if by.role in (Role.CENTRE, Role.SYSTEM):
        return
    own = organisation_id == by.organisation_id and role == by.role
    staff = by.role is Role.BODY and role in BODY_STAFF_ROLES and organisation_id in (None, by.organisation_id)
    if not (own or staff):
        raise refuse(
            "membership.role",
            N_("您不能授予“%(role)s”身份。"),
            N_("单位只能为本单位人员开通本单位身份；其他身份请联系市鉴定中心。"),
            status=403,
            role=LABELS[role],
        )


def _join(account: Account, role: Role, organisation_id: int | None, *, now: datetime) -> Membership:
    standing = Membership.objects.filter(account=account, role=role)
    found = next((each for each in standing if each.organisation_id == organisation_id), None)
    membership = found or Membership(account=account, role=role, organisation_id=organisation_id, created_at=now)
    _fits(membership, role)
    if found is not None:
        Membership.objects.filter(pk=found.pk).update(active=True)
        found.active = True
    else:
        membership.save()
    return membership


def _facts(membership: Membership) -> dict[str, object]:
    return {
        "membership": membership.pk,
        "role": membership.role,
        "organisation": membership.organisation_id,
    }


def _fits(membership: Membership, role: Role) -> None:
    wanted = role in ROLE_OF_KIND.values()
    organisation = membership.organisation if membership.organisation_id is not None else None
    if organisation is None and not wanted:
        return
    if organisation is not None and (role in STAFF_ROLES or ROLE_OF_KIND.get(organisation.kind) == role):
        return
    raise refuse(
        "membership.kind",
        N_("“%(role)s”身份与所选单位类型不符。"),
        N_("请核对单位；中心、认定机构、培训学校、用人单位身份须选择对应类型的单位，考生身份不选单位。"),
        status=422,
        role=LABELS[role],
    )


@action("membership.end")
def end_membership(*, by: Person, now: datetime, membership_id: int, note: str = "") -> Membership:
    """Take a role back: the holder's next request in it is refused.

    Refusals: ``membership.last`` (409) for the centre's last one, ``membership.not_kept`` (403).
    """
    membership = one(queries.memberships_visible_to(by), pk=membership_id)
    if by.role not in (Role.CENTRE, Role.SYSTEM) and membership.organisation_id != by.organisation_id:
        raise refuse(
            "membership.not_kept",
            N_("该身份不属于本单位，不能收回。"),
            N_("请联系授予该身份的单位或市鉴定中心。"),
            status=403,
        )
    others = Membership.objects.filter(role=Role.CENTRE, active=True, account__is_active=True).exclude(pk=membership.pk)
    if membership.role == Role.CENTRE and not others.exists():
        raise refuse(
            "membership.last",
            N_("这是市鉴定中心最后一个有效身份，不能收回。"),
            N_("请先为另一位工作人员开通市鉴定中心身份。"),
        )
    Membership.objects.filter(pk=membership.pk).update(active=False)
    record(membership.account, note=note, before=_facts(membership))
    membership.active = False
    return membership


@action("account.sign_in")
def sign_in(*, by: Person, now: datetime, account_id: int) -> Account:
    """Note that somebody signed in; the password and the second step were checked before."""
    account = one(Account.objects.filter(is_active=True), pk=account_id)
    record(account)
    return account


@action("membership.switch")
def switch(*, by: Person, now: datetime, membership_id: int, account_id: int) -> Membership:
    """Act in another of one's own roles; Refusal ``record.none`` (404) for somebody else's or an ended one."""
    membership = one(
        Membership.objects.filter(account_id=account_id, active=True).select_related("account", "organisation"),
        pk=membership_id,
    )
    record(membership.account, after={"role": membership.role, "membership": membership.pk})
    return membership


@action("account.enrol_second_step")
def enrol_second_step(*, by: Person, now: datetime) -> TOTPDevice:
    """A fresh key for one's authenticator program, without effect until confirmed; an unconfirmed one is replaced."""
    account = one(Account.objects.filter(is_active=True), pk=by.account_id)
    TOTPDevice.objects.filter(user=account, confirmed=False).delete()
    device: TOTPDevice = TOTPDevice.objects.create(user=account, name="totp", confirmed=False)
    record(account)
    return device


@action("account.confirm_second_step")
def confirm_second_step(*, by: Person, now: datetime, code: str) -> TOTPDevice:
    """Turn the second step on by the first code; Refusal ``totp.code`` (422) for a wrong one."""
    device = TOTPDevice.objects.filter(user_id=by.account_id, confirmed=False).first()
    if device is None or not device.verify_token(code.strip()):
        raise wrong_code()
    TOTPDevice.objects.filter(user_id=by.account_id, confirmed=True).delete()
    device.confirmed = True
    device.save()
    record(device.user)
    return device


@action("account.drop_second_step")
def drop_second_step(*, by: Person, now: datetime, account_id: int, password: str = "") -> Account:
    """Turn the second step off: one's own with the password, or (a lost phone) by the centre."""
    account = queries.get(by, account_id)
    if account.pk == by.account_id:
        if not account.check_password(password):
            raise _wrong_current()
    elif by.role is not Role.CENTRE:
        raise refuse(
            "totp.not_kept",
            N_("只有市鉴定中心可以为他人停用两步登录。"),
            N_("请本人携带证件联系市鉴定中心。"),
            status=403,
        )
    TOTPDevice.objects.filter(user=account).delete()
    record(account)
    return account


def wrong_code() -> Refusal:
    """The refusal for a code that does not fit."""
    return refuse(
        "totp.code",
        N_("动态口令不正确或已过期。"),
        N_("请输入身份验证器当前显示的6位数字；如一直不对，请校准手机时间。"),
        status=422,
    )


@action("token.create")
def create_token(*, by: Person, now: datetime, name: str, days: int = TOKEN_DAYS) -> tuple[ApiToken, str]:
    """A key to the API for one's own organisation and role; the secret is returned this once and kept nowhere."""
    rows = Membership.objects.filter(account=by.account_id, role=by.role, organisation=by.organisation_id, active=True)
    membership = one(rows)
    if not name.strip() or not 1 <= days <= TOKEN_DAYS:
        raise refuse(
            "token.shape",
            N_("接口令牌须有名称，有效期为1至%(most)s天。"),
            N_("请写明用在哪个系统。"),
            status=422,
            most=TOKEN_DAYS,
        )
    secret = "jh_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=membership,
        name=name.strip()[:60],
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        created_at=now,
        expires_on=local_day(now) + timedelta(days=days),
    )
    record(token, after={"name": token.name, "expires_on": token.expires_on})
    return token, secret


@action("token.revoke")
def revoke_token(*, by: Person, now: datetime, token_id: int) -> ApiToken:
    """End a key to the API at once."""
    token = one(queries.tokens_visible_to(by), pk=token_id)
    if token.revoked_at is None:
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=now)
        token.revoked_at = now
        record(token, after={"revoked_at": now})
    return token


def _wrong_current() -> Refusal:
    return refuse("account.current", N_("当前密码不正确。"), N_("请重新输入当前密码。"), status=422)
