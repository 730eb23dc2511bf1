"""The register of organisations."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies import actions, queries
from jiangheng.bodies.forms import ContactForm, OrganisationForm, table
from jiangheng.bodies.models import Organisation
from jiangheng.rules import codes
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.request import Request

ORGANISED = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER)
SECTIONS = (
    (gettext_lazy("登记事项"), ("name", "kind", "credit_code", "licence_number", "legal_person", "owner_group")),
    (gettext_lazy("证书"), ("certificate_prefix",)),
    (gettext_lazy("联系方式"), ("district_code", "address", "contact_name", "contact_phone", "email", "is_fictional")),
)


ROLL_WORDS = {
    "technical_school": gettext_lazy("本校学生"),
    "employer_body": gettext_lazy("本单位员工"),
    "employer": gettext_lazy("本单位员工"),
}


def kind_word(organisation: Organisation) -> str:
    """The word of an organisation's kind."""
    return _(codes.label("organisation_kind", organisation.kind))


def district_word(code: str) -> str:
    """The word of a district, or nothing."""
    return _(codes.label("district", code)) if code else ""


def former_names(organisation: Organisation) -> str:
    """The names an organisation had before, each with the day it ended."""
    return "；".join(
        _("%(name)s（至%(day)s）") % {"name": name, "day": day.isoformat()}
        for name, day in queries.former_names(organisation.pk)
    )


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way to a page about an organisation."""
    return ((_("机构备案"), reverse("bodies:list")), *more)


@screens.signed_in(Role.CENTRE)
@require_safe
def organisations(request: Request) -> HttpResponse:
    """Every organisation of the register."""
    return screens.listing(
        request,
        queries.visible_to(request.person),
        title=_("机构名录"),
        columns=(
            Column("name", _("名称"), sort="name", link=lambda row: reverse("bodies:detail", args=[row.pk])),
            Column("kind", _("类别"), kind_word),
            Column("credit_code", _("统一社会信用代码")),
            Column("district_code", _("县区"), lambda row: district_word(row.district_code)),
            Column("contact_name", _("联系人")),
            Column("contact_phone", _("联系电话")),
        ),
        search=("name", "credit_code"),
        filters=(
            Filter("kind", _("类别"), lambda: table("organisation_kind")),
            Filter("district", _("县区"), lambda: table("district"), "district_code"),
        ),
        order="name",
        create=(_("登记机构"), reverse("bodies:register")),
        export=_("机构名录"),
        breadcrumb=crumbs((_("机构名录"), None)),
        empty=_("登记后的机构会列在这里。"),
    )


@screens.may("organisation.register")
@require_http_methods(["GET", "POST"])
def register(request: Request) -> HttpResponse:
    """Enter an organisation."""
    form = OrganisationForm(request.POST or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.register(
            by=request.person,
            now=request.now,
            once=screens.once(request),
            **typed,
        ),
        back=lambda made: reverse("bodies:detail", args=[made.pk]),
        said=lambda made: _("已登记%(name)s。") % {"name": made.name},
        title=_("登记机构"),
        submit=_("登记"),
        sections=SECTIONS,
        breadcrumb=crumbs((_("机构名录"), reverse("bodies:organisations"))),
    )


@screens.may("organisation.amend")
@require_http_methods(["GET", "POST"])
def amend(request: Request, organisation_id: int) -> HttpResponse:
    """Change an organisation's particulars: the centre everything, itself only how it is reached."""
    person = request.person
    organisation = queries.get(person, organisation_id)
    kind = OrganisationForm if person.role is Role.CENTRE else ContactForm
    initial = {name: getattr(organisation, name) for name in kind.base_fields}
    form = kind(request.POST or None, initial=initial)
    return screens.act(
        request,
        form,
        lambda typed: actions.amend(
            by=person,
            now=request.now,
            organisation_id=organisation_id,
            **typed,
        ),
        back=reverse("bodies:detail", args=[organisation_id]),
        said=_("机构信息已保存。"),
        title=_("变更机构信息"),
        submit=_("保存"),
        lead=organisation.name,
        sections=SECTIONS if kind is OrganisationForm else None,
        once=False,
        breadcrumb=crumbs((organisation.name, reverse("bodies:detail", args=[organisation_id]))),
    )


@screens.signed_in(*ORGANISED)
@require_safe
def detail(request: Request, organisation_id: int) -> HttpResponse:
    """One organisation: particulars, filings, places of examination, story."""
    person = request.person
    organisation = queries.get(person, organisation_id)
    files = organisation.kind in queries.BODY_KINDS and person.role in (Role.CENTRE, Role.BODY)
    filings = queries.filings_visible_to(person).filter(organisation_id=organisation_id).prefetch_related("scopes")
    venues = queries.venues_of(organisation_id)
    sections = []
    if files:
        sections.append((_("备案"), "bodies/_filings.html", {"filings": list(filings), "organisation": organisation}))
    if organisation.kind != "centre":
        sections.append((_("考核场地"), "bodies/_venues.html", {"venues": list(venues), "organisation": organisation}))
    buttons: list[tuple[Any, str | None]] = [(_("变更信息"), reverse("bodies:amend", args=[organisation_id]))]
    if files:
        buttons.append((_("填写备案"), reverse("bodies:filing_new", args=[organisation_id])))
        buttons.append((_("申请变更或注销"), reverse("bodies:change_new", args=[organisation_id])))
    if organisation.kind in ROLL_WORDS and organisation.pk == person.organisation_id:
        buttons.append((ROLL_WORDS[organisation.kind], reverse("people:membership_list")))
    return screens.detail(
        request,
        organisation,
        title=organisation.name,
        lead=_("虚构机构，仅供演示") if organisation.is_fictional else "",
        facts=(
            (_("类别"), kind_word(organisation)),
            (_("曾用名"), former_names(organisation)),
            (_("统一社会信用代码"), organisation.credit_code),
            (_("办学许可证号"), organisation.licence_number),
            (_("法定代表人"), organisation.legal_person),
            (_("举办者"), organisation.owner_group),
            (_("证书编号前缀"), organisation.certificate_prefix),
            (_("所在县区"), district_word(organisation.district_code)),
            (_("地址"), organisation.address),
            (_("联系人"), organisation.contact_name),
            (_("联系电话"), organisation.contact_phone),
            (_("电子邮箱"), organisation.email),
        ),
        sections=sections,
        threads=(("organisation", organisation.pk),),
        actions=buttons,
        breadcrumb=crumbs((organisation.name, None)),
    )
