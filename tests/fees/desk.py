"""A body's desk with two clerks, and a plan whose applicants owe money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from jiangheng.applications import actions as applications
from jiangheng.applications.models import Application
from jiangheng.bodies.models import Organisation
from jiangheng.fees import actions, queries
from jiangheng.fees.models import Payment, Refund
from jiangheng.files.exports import workbook
from jiangheng.plans.models import Plan
from jiangheng.rules.roles import Person, Role
from tests import factories
from tests.applications import cases

FEN = 43000


def batch(school: Person, body: Person, now: datetime, people: int = 5) -> Plan:
    """A plan with ``people`` accepted applications entered by the school."""
    request = cases.request_of(school, body)
    plan = cases.plan_of(body, request=request)
    roster = applications.import_roster(by=school, now=now, upload=cases.many(people), request_id=request.pk)
    assert roster.imported == people
    applications.judge_all(by=body, now=now, plan_id=plan.pk)
    return plan


def colleague(person: Person) -> Person:
    """Another account of the same organisation in the same role."""
    return factories.make_person(person.role, Organisation.objects.get(pk=person.organisation_id))


def alone(plan: Plan, person: Person, now: datetime, **given: Any) -> Application:
    """An accepted application of a candidate who pays for themselves."""
    return Application.objects.create(
        identity_id=person.identity_id,
        plan=plan,
        body_id=plan.body_id,
        name=person.name,
        **{
            "number": f"BMX{Application.objects.count():06d}",
            "source": "person",
            "occupation_code": "6-31-01-03",
            "occupation_name": "电工",
            "level": 4,
            "subjects": ["theory", "skill"],
            "state": "accepted",
            "created_at": now,
            **given,
        },
    )


def paid(
    body: Person,
    second: Person,
    plan: Plan,
    now: datetime,
    voucher: str = "R1",
    *,
    unit: int | None = None,
    people: tuple[int, ...] = (),
    method: str = "transfer",
) -> Payment:
    """Money by hand: one clerk notes, the other confirms."""
    order = actions.open_order(by=body, now=now, plan_id=plan.pk, payer_organisation_id=unit, application_ids=people)
    actions.note(by=body, now=now, order_id=order.pk, method=method, voucher=voucher)
    actions.confirm(by=second, now=now, order_id=order.pk)
    return Payment.objects.get(order=order)


def balance(plan_id: int) -> queries.Balance:
    """What a plan charged and received, over its applications."""
    each = queries.balances(Application.objects.filter(plan_id=plan_id).values_list("pk", flat=True)).values()
    return queries.Balance(sum(one.charged for one in each), sum(one.paid for one in each))


def given_back(
    body: Person, second: Person, payment: Payment, now: datetime, charges: list[int], reason: str = "withdrawn"
) -> Refund:
    """Money back by hand: one clerk asks, the other approves and pays out."""
    request = actions.request_refund(
        by=body, now=now, payment_id=payment.pk, reason=reason, note="因病", charge_ids=charges
    )
    actions.approve(by=second, now=now, request_id=request.pk)
    actions.pay_out(by=second, now=now, request_id=request.pk, voucher=f"T{request.pk}")
    return Refund.objects.get(request=request)


def candidate_of(plan: Plan, now: datetime) -> tuple[Person, Application]:
    """A candidate with an account and their accepted application."""
    person = factories.make_candidate()
    assert person.role is Role.CANDIDATE
    return person, alone(plan, person, now)


HEADINGS = ("流水号", "日期", "金额（元）", "付款人", "摘要")


def sheet(*rows: Sequence[Any]) -> bytes:
    return workbook("对账单", HEADINGS, rows)
