"""The register of organisations (一)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from jiangheng.bodies import queries
from jiangheng.bodies.models import Organisation
from jiangheng.journal.actions import action, record
from jiangheng.rules import codes
from jiangheng.rules.readers import credit_codes, phones
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Person, Role
from jiangheng.rules.words import gettext_noop as N_

PREFIX = re.compile(r"[YS]\d{12}")
CONTACT = ("address", "contact_name", "contact_phone", "email")
REGISTERED = (
    "name",
    "kind",
    "credit_code",
    "licence_number",
    "legal_person",
    "district_code",
    "certificate_prefix",
    "owner_group",
    "is_fictional",
)


@action("organisation.register")
def register(
    *,
    by: Person,
    now: datetime,
    name: str,
    kind: str,
    credit_code: str,
    licence_number: str = "",
    legal_person: str = "",
    district_code: str = "",
    address: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    email: str = "",
    certificate_prefix: str = "",
    owner_group: str = "",
    is_fictional: bool = False,
) -> Organisation:
    """Enter an organisation in the register (一).

    ``certificate_prefix`` is the 13 characters the province assigned (人社鉴发〔2019〕2号), "" until it does.
    Refusals (422): ``organisation.name``, ``.kind``, ``.credit_code``, ``.district``, ``.prefix``; ``.taken`` (409).
    """
    values = {
        "name": name,
        "kind": kind,
        "credit_code": credit_code,
        "licence_number": licence_number,
        "legal_person": legal_person,
        "district_code": district_code,
        "address": address,
        "contact_name": contact_name,
        "contact_phone": contact_phone,
        "email": email,
        "certificate_prefix": certificate_prefix,
        "owner_group": owner_group,
        "is_fictional": is_fictional,
    }
    clean = _clean(values)
    organisation = Organisation(**clean, created_at=now)
    _saved(organisation)
    record(organisation, after=clean)
    return organisation


@action("organisation.amend")
def amend(*, by: Person, now: datetime, organisation_id: int, note: str = "", **changes: Any) -> Organisation:
    """Change an organisation's particulars (一): the centre everything, an organisation its own contact details only.

    Refusals: those of ``register``; ``organisation.not_yours`` (403) for a column the person may not change;
    ``organisation.prefix_used`` (409) where certificates may already carry the old prefix.
    """
    organisation = queries.get(by, organisation_id)
    allowed = CONTACT if by.role is not Role.CENTRE else (*CONTACT, *REGISTERED)
    foreign = sorted(set(changes) - set(allowed))
    if foreign:
        raise refuse(
            "organisation.not_yours",
            N_("登记事项由市鉴定中心变更，机构只能修改地址和联系方式。"),
            N_("请联系市鉴定中心，并提交变更证明材料。"),
            clause="一",
            status=403,
        )
    standing = {field: getattr(organisation, field) for field in (*CONTACT, *REGISTERED)}
    clean = _clean({**standing, **changes})
    changed = {field: value for field, value in clean.items() if value != standing[field]}
    if not changed:
        return organisation
    for field, value in changed.items():
        setattr(organisation, field, value)
    _saved(organisation)
    record(organisation, note=note, before={field: standing[field] for field in changed}, after=changed)
    return organisation


def _saved(organisation: Organisation) -> None:
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        raise refuse(
            "organisation.taken",
            N_("名称“%(name)s”或统一社会信用代码已经登记过。"),
            N_("请在机构列表中查找已有登记，在原登记上变更。"),
            clause="一",
            name=organisation.name,
        ) from None


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {
        field: value.strip() if isinstance(value, str) else value for field, value in values.items()
    }
    if not clean["name"] or len(clean["name"]) > 120:
        raise refuse(
            "organisation.name",
            N_("请填写机构全称（不超过120字）。"),
            N_("名称须与登记证书一致。"),
            clause="一",
            status=422,
        )
    if clean["kind"] not in dict(Organisation.KINDS):
        raise refuse("organisation.kind", N_("请选择机构类别。"), N_("类别见附件1至附件3。"), clause="一", status=422)
    code = credit_codes.read(clean["credit_code"])
    if code.refusal is not None:
        raise refuse(
            "organisation.credit_code",
            N_("统一社会信用代码不正确（18位，末位为校验码）。"),
            N_("请照登记证书逐位核对，注意不使用字母I、O、Z、S、V。"),
            clause="一",
            status=422,
        )
    clean["credit_code"] = code.taken()
    clean["contact_phone"] = phones.tidy(clean["contact_phone"])
    if clean["district_code"] and codes.find("district", clean["district_code"]) is None:
        raise refuse(
            "organisation.district", N_("请从列表中选择所在县区。"), N_("列表为柳州市各县区。"), clause="一", status=422
        )
    if clean["certificate_prefix"] and not PREFIX.fullmatch(clean["certificate_prefix"]):
        raise refuse(
            "organisation.prefix",
            N_("证书编号前缀应为1位字母（Y或S）加12位数字。"),
            N_("前缀由自治区人社部门编制下发，请照文件录入；尚未下发的留空。"),
            clause="一",
            status=422,
        )
    for field, longest in (
        ("licence_number", 40),
        ("legal_person", 60),
        ("address", 200),
        ("contact_name", 60),
        ("contact_phone", 30),
        ("email", 254),
        ("owner_group", 60),
    ):
        clean[field] = clean[field][:longest]
    return clean
