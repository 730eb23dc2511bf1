"""Makes the things tests start from, straight into the tables: invented people, fictional bodies."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

from django.test import Client
from stdnum.cn import uscc

from jiangheng.bodies.models import Filing, Organisation, Room, Scope, Venue
from jiangheng.people.models import Account, Identity, Membership, StaffCard
from jiangheng.people.sealing import blind_index, seal
from jiangheng.plans.models import Plan, PlanRow
from jiangheng.rules.days.local_time import LIUZHOU
from jiangheng.rules.roles import Person, Role

LONG_AGO = datetime(2020, 1, 2, 9, 0, tzinfo=LIUZHOU)
_serial = itertools.count(1)

KIND_NAMES = {
    "centre": "示例市鉴定中心",
    "technical_school": "示例技工学校",
    "social_body": "示例评价机构",
    "employer_body": "示例制造企业",
    "training_school": "示例培训学校",
    "employer": "示例用工单位",
}


def moment(text: str) -> datetime:
    """``"2026-06-01 10:00"`` in Liuzhou as an aware datetime."""
    return datetime.fromisoformat(text).replace(tzinfo=LIUZHOU)


def credit_code(serial: int) -> str:
    """A valid-format unified social credit code for a fictional body."""
    body = f"52450200MJ{serial:07d}"
    return body + uscc.calc_check_digit(body)


def identity_number(serial: int, born: str = "19900101", sex: str = "男", place: str = "450203") -> str:
    """A valid-format number of an invented person: ``serial`` 0-499, odd third digit for men."""
    order = (serial % 499) * 2 + (1 if sex == "男" else 0)
    head = f"{place}{born}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return head + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(head, weights, strict=True)) % 11]


def make_organisation(kind: str, **given: Any) -> Organisation:
    """An organisation of ``kind``; bodies get a certificate prefix."""
    serial = next(_serial)
    values: dict[str, Any] = {
        "name": f"{KIND_NAMES[kind]}{serial}",
        "credit_code": credit_code(serial),
        "certificate_prefix": f"S000045{serial:06d}" if kind.endswith("body") or kind == "technical_school" else "",
        "is_fictional": True,
        "district_code": "450203",
        "created_at": LONG_AGO,
    }
    return Organisation.objects.create(kind=kind, **{**values, **given})


def make_filing(organisation: Organisation, levels: str = "543", **given: Any) -> Filing:
    """An active filing covering 电工 6-31-01-03 at ``levels``."""
    filing = Filing.objects.create(
        organisation=organisation,
        **{
            "number": f"备{organisation.pk}",
            "service_objects": "public",
            "valid_from": date(2020, 1, 1),
            "valid_to": date(2029, 12, 31),
            "state": "active",
            "created_at": LONG_AGO,
            **given,
        },
    )
    Scope.objects.create(
        filing=filing,
        occupation_code="6-31-01-03",
        occupation_name="电工",
        levels=levels,
        valid_from=filing.valid_from,
        valid_to=filing.valid_to,
    )
    return filing


def make_account(name: str = "李示例", **given: Any) -> Account:
    """An account whose password is ``correct-horse-battery``."""
    account = Account(username=f"user{next(_serial)}", name=name, created_at=LONG_AGO, **given)
    account.set_password("correct-horse-battery")
    account.save()
    return account


def make_person(role: Role, organisation: Organisation | None = None, account: Account | None = None) -> Person:
    """An account with one membership, as the person acting in it."""
    account = account or make_account()
    Membership.objects.create(account=account, organisation=organisation, role=role, active=True, created_at=LONG_AGO)
    return Person(
        account_id=account.pk,
        name=account.name,
        role=role,
        organisation_id=organisation.pk if organisation else None,
        identity_id=account.identity_id if role is Role.CANDIDATE else None,
    )


def make_identity(number: str | None = None, name: str = "韦示例", **given: Any) -> Identity:
    """An identity with a valid-format number; the kind is 居民身份证."""
    number = number or identity_number(next(_serial), born=f"19{70 + next(_serial) % 29}0101")
    return Identity.objects.create(
        kind="居民身份证",
        number_sealed=seal(number),
        number_index=blind_index("居民身份证", number),
        number_tail=number[-4:],
        number_masked=number[:6] + "********" + number[-4:],
        name=name,
        **{"sex": "男", "born": date(1990, 1, 1), "created_at": LONG_AGO, **given},
    )


def make_candidate(**given: Any) -> Person:
    """A candidate with an account bound to an identity."""
    identity = make_identity(**given)
    return make_person(Role.CANDIDATE, account=make_account(identity.name, identity=identity))


def make_staff(kind: str = "examiner", employer: Organisation | None = None, **given: Any) -> Person:
    """Somebody with a valid card of ``kind`` for 电工, as the person acting in that role."""
    role = Role.EXAMINER if kind == "senior_examiner" else Role(kind)
    person = make_person(role)
    StaffCard.objects.create(
        account_id=person.account_id,
        kind=kind,
        number=f"证{next(_serial):06d}",
        employer=employer,
        **{
            "identity": make_identity(name=person.name),
            "occupation_code": "6-31-01-03" if "examiner" in kind else "",
            "valid_from": date(2024, 1, 1),
            "valid_to": date(2028, 12, 31),
            "created_at": LONG_AGO,
            **given,
        },
    )
    return person


def make_venue(organisation: Organisation, theory: int = 40, skill: int = 20, **given: Any) -> Venue:
    """A venue with one machine room and one skill room."""
    venue = Venue.objects.create(
        organisation=organisation,
        **{"name": f"考点{next(_serial)}", "address": "示例路1号", "created_at": LONG_AGO, **given},
    )
    Room.objects.create(venue=venue, name="机房一", kind="machine", capacity=theory)
    Room.objects.create(venue=venue, name="实操一", kind="skill", capacity=skill)
    return venue


def make_plan(organisation: Organisation, exam_on: str = "2026-07-04", **given: Any) -> Plan:
    """An accepted plan of ``organisation`` for 电工 四级, theory and skill on ``exam_on``."""
    venue = given.pop("venue", None) or organisation.venues.first() or make_venue(organisation)
    plan = Plan.objects.create(
        body=organisation,
        venue=venue,
        exam_on=date.fromisoformat(exam_on),
        **{
            "number": f"JH{next(_serial):06d}",
            "title": "电工四级认定",
            "registration_ends_at": moment(f"{exam_on} 00:00"),
            "candidate_source": "public",
            "paper_source": "bank",
            "contact_name": "示例",
            "contact_phone": "0772-0000000",
            "open_to_public": True,
            "state": "accepted",
            "created_at": LONG_AGO,
            **given,
        },
    )
    PlanRow.objects.create(
        plan=plan,
        occupation_code="6-31-01-03",
        occupation_name="电工",
        level=4,
        headcount=60,
        subjects=[
            {
                "subject": "theory",
                "method": "machine",
                "starts_at": moment(f"{exam_on} 09:00").isoformat(),
                "minutes": 90,
            },
            {
                "subject": "skill",
                "method": "on_site",
                "starts_at": moment(f"{exam_on} 14:00").isoformat(),
                "minutes": 120,
            },
        ],
    )
    return plan


def sign_in(client: Client, person: Person) -> None:
    """Sign ``client`` in as ``person``'s account, acting in ``person``'s role."""
    account = Account.objects.get(pk=person.account_id)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    membership = account.memberships.get(role=person.role, organisation_id=person.organisation_id)
    session = client.session
    session["membership"] = membership.pk
    session.save()
