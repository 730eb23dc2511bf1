"""Changes of name or site and giving a filing up: asked by the body, decided by the centre (一)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies import actions, queries
from jiangheng.bodies.forms import ChangeForm
from jiangheng.bodies.models import BodyChange
from jiangheng.bodies.views.register import crumbs
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.request import Request


def kind_word(kind: str) -> str:
    """What is to be changed, in words."""
    return {"name": _("变更名称"), "site": _("变更考核场地")}.get(kind, _("申请注销备案"))


def wanted_words(change: BodyChange) -> str:
    """What it would be afterwards, in one line."""
    values = change.values
    return str(values.get("number", "")) or "，".join(filter(None, (values.get("name", ""), values.get("address", ""))))


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_safe
def changes(request: Request) -> HttpResponse:
    """The requests for a change a person sees."""
    person = request.person
    create = (
        (_("申请变更或注销"), reverse("bodies:change_new", args=[person.organisation_id]))
        if person.role is Role.BODY
        else None
    )
    return screens.listing(
        request,
        queries.changes_visible_to(person),
        title=_("变更申请"),
        kind="body_change",
        columns=(
            Column(
                "kind",
                _("变更事项"),
                lambda row: kind_word(row.kind),
                link=lambda row: reverse("bodies:change", args=[row.pk]),
            ),
            Column("organisation", _("机构"), "organisation.name", sort="organisation__name"),
            Column("wanted", _("变更为"), wanted_words),
            Column("effective_on", _("生效日期"), kind="date", sort="effective_on"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("organisation__name",),
        filters=(Filter("kind", _("变更事项"), [(kind, kind_word(kind)) for kind in ("name", "site", "end")]),),
        create=create,
        breadcrumb=crumbs((_("变更申请"), None)),
        empty=_("变更名称、考核场地和注销备案的申请会列在这里；变更职业范围请在备案页面办理。"),
    )


@screens.may("body_change.propose")
@require_http_methods(["GET", "POST"])
def change_new(request: Request, organisation_id: int) -> HttpResponse:
    """Ask for a change."""
    person = request.person
    organisation = queries.get(person, organisation_id)
    filings = queries.filings_visible_to(person).filter(organisation=organisation, state__in=queries.PUBLIC_STATES)
    form = ChangeForm(
        request.POST or None,
        venues=[(row.pk, f"{row.name}（{row.address}）") for row in queries.venues_of(organisation_id)],
        filings=[(row.pk, row.number) for row in filings],
        initial={"effective_on": local_day(request.now), "kind": request.GET.get("kind", "name")},
    )
    return screens.act(
        request,
        form,
        lambda typed: actions.propose_change(
            by=person,
            now=request.now,
            organisation_id=organisation_id,
            once=screens.once(request),
            **typed,
        ),
        back=lambda made: reverse("bodies:change", args=[made.pk]),
        said=_("变更申请已提交，等待市鉴定中心审核。"),
        title=_("申请变更或注销"),
        submit=_("提交申请"),
        lead=organisation.name,
        breadcrumb=crumbs((organisation.name, reverse("bodies:detail", args=[organisation_id]))),
    )


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_safe
def change(request: Request, change_id: int) -> HttpResponse:
    """One request for a change: what was, what would be, who decides."""
    found = queries.change(request.person, change_id)
    before = found.before
    facts: tuple[tuple[Any, ...], ...] = (
        (_("机构"), found.organisation.name),
        (_("变更事项"), kind_word(found.kind)),
        (_("变更前"), "，".join(str(before[key]) for key in ("name", "address") if before.get(key))),
        (_("变更为"), wanted_words(found)),
        (_("生效日期"), found.effective_on, "date"),
        (_("证明文件"), found.document),
        (_("变更理由"), found.reason),
    )
    return screens.detail(
        request,
        found,
        title=_("%(name)s：%(kind)s") % {"name": found.organisation.name, "kind": kind_word(found.kind)},
        facts=facts,
        threads=(("body_change", found.pk),),
        breadcrumb=crumbs((_("变更申请"), reverse("bodies:changes"))),
    )
