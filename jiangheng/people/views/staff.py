"""The register of cards: examiners, invigilators, supervisors (四（七）)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.people import actions, queries
from jiangheng.people.forms import CardForm, HolderForm, IssueCardForm, ReasonForm
from jiangheng.people.models import StaffCard
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.readers import identity as documents
from jiangheng.rules.roles import Role
from jiangheng.screens.request import Request
from jiangheng.values import queries as values


def _crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    return ((_("账号与人员"), reverse("people:accounts")), (_("证卡名册"), reverse("people:cards")), *more)


def _employer(card: StaffCard) -> str:
    return card.employer.name if card.employer else card.employer_name


def standing(card: StaffCard, today: date) -> str:
    """Whether a card is good today: good, soon (about to expire), expired or early."""
    if card.valid_to < today:
        return "expired"
    if card.valid_from > today:
        return "early"
    days = int(values.law(today).value("expiry_notice_days"))
    return "soon" if card.valid_to < today + timedelta(days=days) else "good"


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_safe
def cards(request: Request) -> HttpResponse:
    """The register, with what is about to expire."""
    person = request.person
    today = local_day(request.now)
    words = {"good": _("有效"), "soon": _("即将到期"), "expired": _("已过期"), "early": _("未生效")}

    def by_standing(rows: Any, value: str) -> Any:
        soon = today + timedelta(days=int(values.law(today).value("expiry_notice_days")))
        if value == "expired":
            return rows.filter(valid_to__lt=today)
        if value == "early":
            return rows.filter(valid_from__gt=today)
        rows = rows.filter(valid_from__lte=today)
        return (
            rows.filter(valid_to__gte=today, valid_to__lt=soon) if value == "soon" else rows.filter(valid_to__gte=soon)
        )

    return screens.listing(
        request,
        queries.cards_visible_to(person),
        title=_("证卡名册"),
        columns=[
            screens.Column(
                "holder",
                _("姓名"),
                value="account.name",
                sort="account__name",
                link=lambda row: reverse("people:card", args=[row.pk]),
            ),
            screens.Column("kind", _("类别"), value=lambda row: _(actions.CARD_KINDS[row.kind]), sort="kind"),
            screens.Column("number", _("证卡编号"), sort="number"),
            screens.Column("occupation_code", _("职业编码"), sort="occupation_code"),
            screens.Column("employer", _("工作单位"), value=_employer),
            screens.Column("valid_from", _("有效期起"), kind="date", sort="valid_from"),
            screens.Column("valid_to", _("有效期止"), kind="date", sort="valid_to"),
            screens.Column("standing", _("状态"), value=lambda row: words[standing(row, today)]),
        ],
        search=("account__name", "number", "occupation_code"),
        filters=[
            screens.Filter("kind", _("类别"), [(key, _(label)) for key, label in actions.CARD_KINDS.items()]),
            screens.Filter("standing", _("状态"), list(words.items()), by_standing),
        ],
        order="valid_to",
        create=(_("登记证卡"), reverse("people:card_issue")),
        empty=_("还没有登记证卡。考评员、监考人员和督导员须登记证卡后才能派考。"),
        export=_("证卡名册"),
        breadcrumb=_crumbs()[:1],
    )


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_safe
def card(request: Request, card_id: int) -> HttpResponse:
    """One card, with its story."""
    person = request.person
    found = queries.card(person, card_id)
    kept = queries.cards_kept_by(person).filter(pk=found.pk).exists()
    links = [] if found.identity else [(_("核验持卡人证件"), reverse("people:card_verify", args=[found.pk]))]
    links += [
        (_("可承担考务的时间"), reverse("people:card_availability", args=[found.pk])),
        (_("变更或续期"), reverse("people:card_change", args=[found.pk])),
        (_("注销证卡"), reverse("people:card_end", args=[found.pk])),
    ]
    return screens.detail(
        request,
        found,
        title=f"{found.account.name} {_(actions.CARD_KINDS[found.kind])}",
        facts=[
            (_("证卡编号"), found.number),
            (_("职业编码"), found.occupation_code),
            (_("工作单位"), _employer(found)),
            (_("持卡人证件"), _holder(found, kept=kept)),
            (_("有效期起"), found.valid_from, "date"),
            (_("有效期止"), found.valid_to, "date"),
        ],
        threads=[("staffcard", found.pk)] if kept else (),
        breadcrumb=_crumbs((found.number, None)),
        actions=links if kept else (),
    )


def _holder(card: StaffCard, *, kept: bool) -> str:
    if card.identity is None:
        return _("尚未核验，不能安排考务")
    return f"{card.identity.kind} {card.identity.number_masked}" if kept else _("已核验")


@screens.may("card.verify")
@require_http_methods(["GET", "POST"])
def card_verify(request: Request, card_id: int) -> HttpResponse:
    """Record whose card it is."""
    person = request.person
    found = queries.kept_card(person, card_id)
    form = HolderForm(request.POST or None, initial={"name": found.account.name})
    crumbs = _crumbs((found.number, reverse("people:card", args=[found.pk])), (_("核验证件"), None))

    def save(typed: dict[str, Any]) -> None:
        holder = actions.Claim(**typed)
        actions.verify_holder(by=person, now=request.now, card_id=found.pk, holder=holder)

    return screens.act(
        request,
        form,
        save,
        back=reverse("people:card", args=[found.pk]),
        said=_("持卡人证件已核验。"),
        title=_("核验持卡人证件"),
        submit=_("核验无误，登记"),
        breadcrumb=crumbs,
        once=False,
        lead=_("对照本人证件原件填写。核验后系统才能核对其与考生的关系，才能安排考务。"),
    )


@screens.may("card.issue")
@require_http_methods(["GET", "POST"])
def card_issue(request: Request) -> HttpResponse:
    """Enter a card in the register."""
    person = request.person
    initial = {"username": request.GET.get("username", "")[:60]}
    form = IssueCardForm(request.POST or None, initial=initial)

    def save(typed: dict[str, Any]) -> Any:
        typed = dict(typed)
        account = queries.by_username(person, typed.pop("username"))
        document, number = typed.pop("document_kind"), typed.pop("document_number")
        return actions.issue_card(
            by=person,
            now=request.now,
            once=screens.once(request),
            account_id=account.pk,
            holder=actions.Claim(document or documents.RESIDENT, number, account.name) if number else None,
            **typed,
        )

    return screens.act(
        request,
        form,
        save,
        back=lambda made: reverse("people:card", args=[made.pk]),
        said=_("证卡已登记。"),
        title=_("登记证卡"),
        submit=_("登记"),
        breadcrumb=_crumbs((_("登记证卡"), None)),
    )


@screens.may("card.change")
@require_http_methods(["GET", "POST"])
def card_change(request: Request, card_id: int) -> HttpResponse:
    """Correct or renew a card."""
    person = request.person
    found = queries.kept_card(person, card_id)
    form = CardForm(request.POST or None, card=found)
    crumbs = _crumbs((found.number, reverse("people:card", args=[found.pk])), (_("变更"), None))
    return screens.act(
        request,
        form,
        lambda typed: actions.change_card(by=person, now=request.now, card_id=found.pk, **typed),
        back=reverse("people:card", args=[found.pk]),
        said=_("证卡已变更。"),
        title=_("变更或续期"),
        submit=_("保存"),
        breadcrumb=crumbs,
        once=False,
    )


@screens.may("card.end")
@require_http_methods(["GET", "POST"])
def card_end(request: Request, card_id: int) -> HttpResponse:
    """End a card, with the reason."""
    person = request.person
    found = queries.kept_card(person, card_id)
    form = ReasonForm(request.POST or None)
    crumbs = _crumbs((found.number, reverse("people:card", args=[found.pk])), (_("注销"), None))
    return screens.act(
        request,
        form,
        lambda typed: actions.end_card(by=person, now=request.now, card_id=found.pk, note=typed["note"]),
        back=reverse("people:card", args=[found.pk]),
        said=_("证卡已注销。"),
        title=_("注销证卡"),
        submit=_("确认注销"),
        breadcrumb=crumbs,
        once=False,
        lead=_("注销后不能再派考；此前的考评记录保留。"),
    )
