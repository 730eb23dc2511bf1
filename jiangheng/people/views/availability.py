"""When somebody cannot serve as staff and how much they take on: one's own, or of those whose card one keeps (四（七）)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiangheng import screens
from jiangheng.people import actions, queries
from jiangheng.people.forms import AbsenceForm, WorkloadForm
from jiangheng.people.models import Account
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens.request import Request

STAFF = (Role.EXAMINER, Role.INVIGILATOR, Role.INTERNAL_SUPERVISOR, Role.EXTERNAL_SUPERVISOR)


@screens.signed_in(*STAFF, Role.BODY)
@require_http_methods(["GET", "POST"])
def own(request: Request) -> HttpResponse:
    """One's own times and limit."""
    person = request.person
    crumbs = ((_("个人信息"), reverse("people:profile")), (_("可承担考务的时间"), None))
    return _page(request, queries.get(person, person.account_id or 0), reverse("people:availability"), crumbs)


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_http_methods(["GET", "POST"])
def of_card(request: Request, card_id: int) -> HttpResponse:
    """Times and limit of somebody whose card one keeps."""
    card = queries.kept_card(request.person, card_id)
    crumbs = (
        (_("证卡名册"), reverse("people:cards")),
        (card.number, reverse("people:card", args=[card.pk])),
        (_("可承担考务的时间"), None),
    )
    return _page(request, card.account, reverse("people:card_availability", args=[card.pk]), crumbs)


def _page(request: Request, account: Account, here: str, crumbs: Any) -> HttpResponse:
    person, now = request.person, request.now
    limiting = request.POST.get("what") == "workload"
    absence = AbsenceForm(None if limiting else request.POST or None)
    workload = WorkloadForm(request.POST if limiting else None, initial={"most": account.most_sittings})
    sent = workload if limiting else absence
    deed = actions.set_workload if limiting else actions.declare_absence

    def show(refusal: Refusal | None) -> HttpResponse:
        broken = sent.is_bound and bool(sent.errors)
        absences = queries.absences_visible_to(person).filter(account=account, ends_at__gt=now)
        return render(
            request,
            "people/availability.html",
            {
                "title": _("可承担考务的时间"),
                "lead": account.name,
                "breadcrumb": crumbs,
                "absences": absences,
                "form": sent,
                "absence_groups": screens.grouped(absence, None),
                "workload_groups": screens.grouped(workload, None),
                "refusal": refusal,
                "back": here,
            },
            status=refusal.status if refusal else 422 if broken else 200,
        )

    return screens.act(
        request,
        sent,
        lambda typed: deed(by=person, now=now, account_id=account.pk, **typed),
        back=here,
        said=_("已保存，安排考务人员时将按此办理。"),
        show=show,
    )


@screens.may("absence.withdraw")
@require_POST
def withdraw(request: Request, absence_id: int) -> HttpResponse:
    """Take back a time."""
    person = request.person
    account_id = actions.withdraw_absence(by=person, now=request.now, absence_id=absence_id)
    screens.done(request, _("已撤销，这段时间可以安排考务。"))
    card = (
        None if account_id == person.account_id else queries.cards_kept_by(person).filter(account_id=account_id).first()
    )
    return redirect("people:card_availability", card.pk) if card else redirect("people:availability")
