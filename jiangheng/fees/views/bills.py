"""Sponsors' bills."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.fees import printing, queries
from jiangheng.fees.views import PAYERS, own, who
from jiangheng.rules.counted_day import CountedDay
from jiangheng.rules.days import deadlines
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import Column
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

SPONSORS = (Role.BODY, Role.SCHOOL, Role.EMPLOYER)


@screens.signed_in(*PAYERS)
@require_safe
def bills(request: Request) -> HttpResponse:
    """Bills of sponsors, one per sponsor and plan."""
    return screens.listing(
        request,
        queries.bills_visible_to(who(request)),
        title=_("团体账单"),
        kind="bill",
        columns=(
            Column("number", _("账单编号"), link=lambda row: reverse("fees:bill", args=[row.pk])),
            Column("payer", _("缴费单位"), "payer_organisation.name"),
            Column("plan", _("计划"), "plan.number"),
            Column("people", _("人数"), kind="number"),
            Column("charged", _("应收"), kind="money"),
            Column("owed", _("欠费"), kind="money"),
            Column("state", _("状态"), kind="state"),
        ),
        search=("number", "payer_organisation__name", "plan__number"),
        empty=_("核算认定费后，每个送考单位每个计划一张账单。"),
        export=_("团体账单"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("团体账单"), None)),
    )


@screens.signed_in(*PAYERS)
@require_safe
def bill(request: Request, bill_id: int) -> HttpResponse:
    """One bill: sums, people, what may be done."""
    person = who(request)
    found: Any = queries.bill(person, bill_id)
    pays = person.organisation_id == found.payer_organisation_id and person.role in SPONSORS
    mine = own(request, found.body_id)
    links: list[tuple[str, str | None]] = []
    if (pays or mine) and found.owed > 0:
        links.append((_("缴费") if pays else _("登记到账"), reverse("fees:pay", args=[found.plan_id])))
    links.append((_("下载付款通知单"), reverse("fees:bill_paper", args=[bill_id])))
    return screens.detail(
        request,
        found,
        title=_("团体账单 %(number)s") % {"number": found.number},
        facts=(
            (_("缴费单位"), found.payer_organisation.name),
            (_("认定机构"), found.body.name),
            (_("计划"), f"{found.plan.number} {found.plan.title}"),
            (_("人数"), found.people, "number"),
            (_("应收"), found.charged, "money"),
            (_("实收"), found.paid, "money"),
            (_("欠费"), found.owed, "money"),
            (_("开单时间"), found.created_at, "moment"),
            *(((_("缴费期限（默认值）"), _pay_by(request, found), "day"),) if found.owed > 0 else ()),
        ),
        sections=((_("人员明细"), "fees/_people.html", {"people": queries.people_of_bill(bill_id)}),),
        threads=(("bill", found.pk),),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("团体账单"), reverse("fees:bills")), (found.number, None)),
        actions=links,
    )


def _pay_by(request: Request, found: Any) -> CountedDay:
    law = values.law(local_day(request.now))
    return deadlines.fees_paid(found.plan.exam_on, values.calendar(), law).counted


@screens.signed_in(*PAYERS)
@require_safe
def paper(request: Request, bill_id: int) -> HttpResponse:
    """The bill as PDF, with the sums as they stand."""
    found = queries.bill(who(request), bill_id)
    made = printing.bill_pdf(found, request.now)
    return handed_out(made, printing.bill_name(found.number), "application/pdf")
