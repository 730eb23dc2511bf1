"""Two documents of one person: proposed by one member of the centre, confirmed by another (三（二）1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.people import actions, queries
from jiangheng.people.forms import MergeForm
from jiangheng.people.models import Identity
from jiangheng.rules.roles import Role
from jiangheng.screens import Column
from jiangheng.screens.request import Request


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way to a proposal's page."""
    return (
        (_("账号与人员"), reverse("people:accounts")),
        (_("证件归并"), reverse("people:merges")),
        *more,
    )


def _shown(document: Identity) -> str:
    return f"{document.name}，{_(document.kind)} {document.number_masked}"


@screens.signed_in(Role.CENTRE)
@require_safe
def merges(request: Request) -> HttpResponse:
    """Every proposal, the waiting ones first to look at."""
    return screens.listing(
        request,
        queries.merges_visible_to(request.person),
        title=_("证件归并"),
        kind="identity_merge",
        columns=(
            Column(
                "kept",
                _("保留的证件"),
                lambda row: _shown(row.kept),
                link=lambda row: reverse("people:merge", args=[row.pk]),
            ),
            Column("other", _("归并的证件"), lambda row: _shown(row.other)),
            Column("created_at", _("提出时间"), kind="date", sort="created_at"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("kept__name", "other__name"),
        create=(_("提出归并"), reverse("people:merge_new")),
        breadcrumb=((_("账号与人员"), reverse("people:accounts")), (_("证件归并"), None)),
        lead=_("同一人先后使用的证件（如通行证与居住证、旧版与新版永久居留身份证、更正前后的号码）归并为一人。"),
        empty=_("没有归并申请。同一人用过两个证件时，在这里提出，由另一名工作人员复核。"),
    )


@screens.may("identity_merge.propose")
@require_http_methods(["GET", "POST"])
def merge_new(request: Request) -> HttpResponse:
    """Propose that two documents are one person's."""
    posted = request.method == "POST"
    form = MergeForm(request.POST if posted else None, request.FILES if posted else None)
    return screens.act(
        request,
        form,
        lambda typed: actions.propose_merge(
            by=request.person,
            now=request.now,
            kept=actions.Claim(typed["kind"], typed["number"], typed["name"]),
            other=actions.Claim(typed["other_kind"], typed["other_number"], typed["other_name"] or typed["name"]),
            reason=typed["reason"],
            proof=typed["proof"],
            once=screens.once(request),
        ),
        back=lambda made: reverse("people:merge", args=[made.pk]),
        said=_("归并申请已提交，等待另一名工作人员复核。"),
        title=_("提出证件归并"),
        submit=_("提交复核"),
        lead=_("复核后，以后用任一证件办理的都算同一人；已核发的证书仍印原来的号码。"),
        sections=(
            (_("保留的证件"), ("kind", "number", "name")),
            (_("归并的证件"), ("other_kind", "other_number", "other_name")),
            (_("依据"), ("reason", "proof")),
        ),
        multipart=True,
        breadcrumb=crumbs((_("提出归并"), None)),
    )


@screens.signed_in(Role.CENTRE)
@require_safe
def merge(request: Request, merge_id: int) -> HttpResponse:
    """One proposal: both documents, the proof, who decides."""
    found = queries.merge(request.person, merge_id)
    facts: tuple[tuple[Any, ...], ...] = (
        (_("保留的证件"), _shown(found.kept)),
        (_("归并的证件"), _shown(found.other)),
        (_("理由"), found.reason),
        (_("证明材料"), found.proof.original_name),
    )
    return screens.detail(
        request,
        found,
        title=_("证件归并：%(name)s") % {"name": found.kept.name},
        facts=facts,
        threads=(("identity_merge", found.pk),),
        actions=((_("打开证明材料"), reverse("files:download", args=[found.proof_id])),),
        breadcrumb=crumbs((found.kept.name, None)),
    )
