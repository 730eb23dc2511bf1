"""附件1-3 as workbooks: templates, export, upload with faults or a preview, confirmation (一)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.bodies import actions, queries
from jiangheng.bodies.forms import AnnexForm
from jiangheng.bodies.models import AnnexImport
from jiangheng.bodies.views.register import crumbs
from jiangheng.files import exports, workbooks
from jiangheng.rules import codes
from jiangheng.rules.bodies import annexes as rules
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens import display
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request

PAGE = 100


@screens.may("annex.check")
@require_http_methods(["GET", "POST"])
def annexes(request: Request) -> HttpResponse:
    """Hand an annex in; the templates, what stands now, and earlier imports beside it."""
    form = AnnexForm(
        request.POST or None,
        request.FILES or None,
        annexes=[(each.id, _(each.title)) for each in rules.annexes()],
        initial={"annex": "1"},
    )
    earlier = queries.annexes_visible_to(request.person)[:10]
    return screens.act(
        request,
        form,
        lambda typed: actions.check_annex(
            by=request.person,
            now=request.now,
            annex=typed["annex"],
            upload=typed["file"],
            once=screens.once(request),
        ),
        back=lambda made: reverse("bodies:annex", args=[made.pk]),
        title=_("导入导出附件1—3"),
        submit=_("上传并检查"),
        lead=_("先检查全部行，没有错误时给出预览，确认后才写入；同一份目录重复导入不会改变任何内容。"),
        multipart=True,
        aside=("bodies/_annexes.html", {"annexes": rules.annexes(), "earlier": list(earlier)}),
        breadcrumb=crumbs((_("导入导出附件1—3"), None)),
    )


@screens.signed_in(Role.CENTRE)
@require_safe
def annex(request: Request, import_id: int) -> HttpResponse:
    """What an upload would do row by row, or every fault."""
    return _shown(request, queries.annex_import(request.person, import_id))


@screens.may("annex.confirm")
@require_http_methods(["POST"])
def annex_confirm(request: Request, import_id: int) -> HttpResponse:
    """Write what the preview showed."""
    try:
        found = actions.confirm_annex(by=request.person, now=request.now, import_id=import_id)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _shown(request, queries.annex_import(request.person, import_id), refusal)
    screens.done(request, _("已导入：新增%(new)s行，变更%(changed)s行，未变%(unchanged)s行。") % found.summary)
    return redirect("bodies:annex", import_id)


def _shown(request: Request, found: AnnexImport, refusal: Refusal | None = None) -> HttpResponse:
    kept = request.GET.get("status", "")
    lines = [each for each in found.preview if not kept or each["status"] == kept]
    page = Paginator(found.faults or lines, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "bodies/annex.html",
        {
            "title": _("目录检查结果"),
            "found": found,
            "annex": rules.annex(found.annex),
            "page": page,
            "faults": [_fault(each) for each in page.object_list] if found.faults else [],
            "bad_rows": len({each["row"] for each in found.faults}),
            "kept": kept,
            "refusal": refusal,
            "breadcrumb": crumbs((_("导入导出附件1—3"), reverse("bodies:annexes")), (found.file.original_name, None)),
        },
        status=refusal.status if refusal else 200,
    )


def _fault(kept: dict[str, Any]) -> dict[str, Any]:
    fault = rules.Fault(**kept)
    return {**kept, "sentence": fault.sentence(display.word), "advice": fault.advice(display.word)}


@screens.signed_in(Role.CENTRE)
@require_safe
def annex_template(_request: Request, annex_id: str) -> HttpResponse:
    """The empty annex."""
    which = rules.annex(annex_id)
    return _workbook(which, [], _("（模板）"))


@screens.signed_in(Role.CENTRE)
@require_safe
def annex_export(_request: Request, annex_id: str) -> HttpResponse:
    """The annex as the register holds it; importing it again changes nothing."""
    which = rules.annex(annex_id)
    return _workbook(which, rows_of(which), "")


def rows_of(which: rules.Annex) -> Iterator[list[object]]:
    """The rows of an annex in its own columns, every site of a body on rows of its own filing."""
    number = 0
    for filing in queries.annex_filings(which.kind):
        body = filing.organisation
        sites = [venue for venue in body.venues.all() if venue.fixed]
        scopes = list(filing.scopes.all())
        # The last row stands again for every further site.
        for scope, site in zip_longest(scopes, sites, fillvalue=None):
            if not scopes:
                break
            number += 1
            scope = scope or scopes[-1]
            yield [
                number,
                body.name,
                body.credit_code,
                codes.label("district", body.district_code),
                body.address,
                body.contact_name,
                body.contact_phone,
                filing.number,
                filing.batch,
                filing.valid_from,
                filing.valid_to,
                codes.label("service_object", filing.service_objects),
                scope.occupation_name,
                scope.occupation_code,
                scope.job or "—",
                "、".join(scope.levels),
                scope.standard,
                scope.valid_from if scope.valid_from != filing.valid_from else None,
                scope.valid_to if scope.valid_to != filing.valid_to else None,
                site.name if site else "",
                site.address if site else "",
                filing.fee_basis,
                body.certificate_prefix,
            ]


def _workbook(which: rules.Annex, rows: Any, more: str) -> HttpResponse:
    return handed_out(exports.workbook(which.title, which.columns, rows), f"{which.title}{more}.xlsx", workbooks.XLSX)
