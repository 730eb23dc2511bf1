"""Pages of money: charges, bills, orders, payments, refunds, statements, the ledger."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiangheng.plans.models import Plan
from jiangheng.rules import codes
from jiangheng.rules.roles import Person, Role
from jiangheng.screens.display import word
from jiangheng.screens.request import Request

PAYERS = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)


def who(request: Request) -> Person:
    """The person asking."""
    return request.person


def coded(table: str, code: str) -> str:
    """A code's word in the page's language; the code itself where the table does not know it."""
    return word(codes.label(table, code)) if code in {each.code for each in codes.table(table)} else code


def own(request: Request, body_id: int) -> bool:
    """Whether the person works for this body."""
    person = who(request)
    return person.role is Role.BODY and person.organisation_id == body_id


def payer_name(row: Any) -> str:
    """Who pays a charge: an organisation, or the applicant."""
    return row.payer_organisation.name if row.payer_organisation else _("本人")


def basis(row: Any) -> str:
    """The document a charge rests on, with its label where it is a demonstration one."""
    return f"{row.document}（{row.label}）" if row.label else str(row.document)


def item(row: Any) -> str:
    """What a charge is for, and that it has fallen away."""
    name = coded("fee_item", row.item)
    return _("%(item)s（已冲销）") % {"item": name} if hasattr(row, "reversal") else name


def crumbs(found: Plan, here: str) -> tuple[tuple[str, str | None], ...]:
    """Fees, the plan, this page."""
    return (
        (_("收费"), reverse("fees:list")),
        (found.number, reverse("fees:plan", args=[found.pk])),
        (here, None),
    )
