"""What stands in the way of a step of money beyond its state and one's role: two persons, and what still stands."""

from __future__ import annotations

from datetime import datetime

from jiangheng.fees import queries
from jiangheng.fees.models import Bill, Match, Order, RefundRequest
from jiangheng.journal.guards import guard
from jiangheng.rules.refusal import Refusal, refuse
from jiangheng.rules.roles import Person
from jiangheng.rules.words import gettext_noop as N_


@guard("bill.void")
def _voiding(_person: Person, bill: Bill, _now: datetime) -> Refusal | None:
    if not queries.stands(bill.pk):
        return None
    return refuse(
        "bill.stands",
        N_("账单上还有未冲销的应收，不能作废。"),
        N_("计划取消或考生不参加的，先冲销应收，再作废账单。"),
        clause="三（七）",
    )


@guard("payment_order.confirm")
def _confirming(person: Person, order: Order, _now: datetime) -> Refusal | None:
    if order.noted_by == person.account_id:
        return refuse(
            "payment.same_person",
            N_("到账由两人办理：登记人不能复核自己登记的款项。"),
            N_("请由本机构另一名人员复核入账。"),
            clause="三（七）",
            status=403,
        )
    return None


@guard("refund_request.approve")
def _approving(person: Person, found: RefundRequest, _now: datetime) -> Refusal | None:
    if found.requested_by == person.account_id:
        return refuse(
            "refund.same_person",
            N_("退费由两人办理：申请人不能审批自己的申请。"),
            N_("请由本机构另一名人员审批。"),
            clause="三（七）",
            status=403,
        )
    return None


@guard("refund_request.withdraw")
def _withdrawing(person: Person, found: RefundRequest, _now: datetime) -> Refusal | None:
    if found.requested_by != person.account_id:
        return refuse(
            "refund.requester",
            N_("只有申请人可以撤回。"),
            N_("认定机构可以写明理由后不同意退费。"),
            clause="三（七）",
            status=403,
        )
    return None


@guard("statement_match.confirm")
def _claiming(person: Person, match: Match, _now: datetime) -> Refusal | None:
    if match.proposed_by == person.account_id:
        return refuse(
            "match.same_person",
            N_("认领由两人办理：认领人不能复核自己的认领。"),
            N_("请由本机构另一名人员复核。"),
            clause="三（七）",
            status=403,
        )
    return None
