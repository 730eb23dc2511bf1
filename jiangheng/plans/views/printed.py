"""附件5, 附件6 and 附件7 as PDF, Word and Excel, to whoever sees the record (三（三）-（五）)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiangheng.files import cells
from jiangheng.files.views import handed_out
from jiangheng.journal import screens
from jiangheng.plans import forms_on_paper, printing, queries
from jiangheng.plans.views.plans import READERS
from jiangheng.plans.views.requests import ORGANISED

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screens.signed_in(*READERS)
@require_safe
def on_paper(request: HttpRequest, plan_id: int, suffix: str) -> HttpResponse:
    """The plan's form in the kind of file asked for."""
    plan = queries.get(request.person, int(plan_id))  # type: ignore[attr-defined]
    name = printing.name_of(plan, suffix)
    if suffix == "pdf":
        return handed_out(printing.pdf(plan, request.now), name, "application/pdf")  # type: ignore[attr-defined]
    if suffix == "docx":
        return handed_out(printing.docx(plan), name, cells.WORD_TYPE)
    return handed_out(printing.xlsx(plan), name, SHEET_TYPE)


@screens.signed_in(*ORGANISED)
@require_safe
def request_on_paper(request: HttpRequest, request_id: int, suffix: str) -> HttpResponse:
    """The request's form in the kind of file asked for."""
    found = queries.request(request.person, int(request_id))  # type: ignore[attr-defined]
    name = f"申请安排表-{found.number}.{suffix}"
    if suffix == "pdf":
        return handed_out(forms_on_paper.request_pdf(found, request.now), name, "application/pdf")  # type: ignore[attr-defined]
    if suffix == "docx":
        return handed_out(forms_on_paper.request_docx(found), name, cells.WORD_TYPE)
    return handed_out(forms_on_paper.request_xlsx(found), name, SHEET_TYPE)


@screens.signed_in(*ORGANISED)
@require_safe
def list_on_paper(request: HttpRequest, review_id: int, suffix: str) -> HttpResponse:
    """The venue's list with verdicts and conclusion in the kind of file asked for."""
    found = queries.review(request.person, int(review_id))  # type: ignore[attr-defined]
    name = f"场地设施设备清单-{found.request.number}.{suffix}"
    if suffix == "pdf":
        return handed_out(forms_on_paper.list_pdf(found, request.now), name, "application/pdf")  # type: ignore[attr-defined]
    if suffix == "docx":
        return handed_out(forms_on_paper.list_docx(found), name, cells.WORD_TYPE)
    return handed_out(forms_on_paper.list_xlsx(found), name, SHEET_TYPE)
