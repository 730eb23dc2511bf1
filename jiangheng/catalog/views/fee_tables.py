"""A fee table from a workbook (三（七）): template, preview with every fault, confirmation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.catalog import actions, queries
from jiangheng.catalog.fee_workbook import HEADINGS
from jiangheng.catalog.forms import FeeUploadForm
from jiangheng.files import actions as files
from jiangheng.files import queries as stored
from jiangheng.files.exports import workbook
from jiangheng.rules import codes
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Role
from jiangheng.screens import display
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.lists import XLSX
from jiangheng.screens.request import Request

MOST_SHOWN = 500


@screens.signed_in(Role.CENTRE)
@require_safe
def template(request: Request) -> HttpResponse:  # noqa: ARG001 - a view is given its request
    """The empty workbook: no amounts in it."""
    return handed_out(workbook(_("收费标准"), list(HEADINGS), []), _("收费标准模板") + ".xlsx", XLSX)


@screens.signed_in(Role.CENTRE)
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Hand a workbook in; nothing is entered yet."""
    form = FeeUploadForm(request.POST or None, request.FILES or None)

    def preview_of(kept: Any) -> str:
        query = urlencode({name: value for name, value in form.chosen().items() if value})
        return f"{reverse('catalog:fee_preview', args=[kept.pk])}?{query}"

    return screens.act(
        request,
        form,
        lambda typed: files.store(by=request.person, now=request.now, upload=typed["file"], purpose="workbook"),
        back=preview_of,
        title=_("导入收费标准"),
        submit=_("上传并检查"),
        multipart=True,
        lead=_("先下载模板，按收费文件填写。有一处错误就整份不导入；没有错误时先预览，确认后才生效。"),
        aside=("catalog/_fee_template.html", {}),
        breadcrumb=((_("收费标准"), reverse("catalog:fees")), (_("导入收费标准"), None)),
        once=False,
    )


@screens.may("fee_table.import")
@require_http_methods(["GET", "POST"])
def preview(request: Request, file_id: int) -> HttpResponse:
    """What the workbook would enter, or every fault; POST enters it."""
    person, now = request.person, request.now
    file = stored.get(person, file_id)
    data = stored.content(file)
    form = FeeUploadForm(request.POST if request.method == "POST" else request.GET, stored=True)
    if not form.is_valid():
        return redirect("catalog:fee_import")
    given = form.cleaned_data

    def show(refusal: Refusal | None) -> HttpResponse:
        lines, faults = queries.read_fee_workbook(data, now)
        standing = {
            (row.occupation_code, row.level, row.item, row.payee): row.amount_fen
            for row in queries.fee_lines_on(given["valid_from"])
        }
        return render(
            request,
            "catalog/fee_preview.html",
            {
                "title": _("收费标准检查结果"),
                "file": file,
                "given": form.chosen(),
                "document": given["document"],
                "past": given["valid_from"] < local_day(now),
                "refusal": refusal,
                "count": len(lines),
                "faults": [
                    {"row": each.row, "column": each.column, "sentence": display.word(each.message)} for each in faults
                ],
                "lines": [
                    {
                        **each,
                        "item": display.word(codes.label("fee_item", each["item"])),
                        "payee": display.word(codes.label("fee_payee", each["payee"])),
                        "before": standing.get((each["occupation_code"], each["level"], each["item"], each["payee"])),
                    }
                    for each in lines[:MOST_SHOWN]
                ],
                "once": screens.token(request),
                "breadcrumb": (
                    (_("收费标准"), reverse("catalog:fees")),
                    (_("导入收费标准"), reverse("catalog:fee_import")),
                    (file.original_name, None),
                ),
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        form,
        lambda typed: actions.import_fee_table(
            by=person,
            now=now,
            once=screens.once(request),
            data=data,
            document=typed["document"],
            valid_from=typed["valid_from"],
            valid_to=typed["valid_to"],
            replace=typed["replace"],
        ),
        back=reverse("catalog:fees"),
        said=lambda made: _("已录入%(count)s行收费标准。") % {"count": len(made)},
        show=show,
    )
