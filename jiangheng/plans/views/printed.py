"""附件5, 附件6 and 附件7 as PDF, Word and Excel, to whoever sees the record (三（三）-（五）)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.files import cells
from jiangheng.plans import forms_on_paper, printing, queries
from jiangheng.plans.views.plans import READERS
from jiangheng.plans.views.requests import ORGANISED
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _handed(suffix: str, name: str, made: Mapping[str, Callable[[], bytes]]) -> HttpResponse:
    kinds = {"pdf": "application/pdf", "docx": cells.WORD_TYPE, "xlsx": SHEET_TYPE}
    return handed_out(made[suffix](), name, kinds[suffix])


@screens.signed_in(*READERS)
@require_safe
def on_paper(request: Request, plan_id: int, suffix: str) -> HttpResponse:
    """The plan's form in the kind of file asked for."""
    plan = queries.get(request.person, int(plan_id))
    return _handed(
        suffix,
        printing.name_of(plan, suffix),
        {
            "pdf": lambda: printing.pdf(plan, request.now),
            "docx": lambda: printing.docx(plan),
            "xlsx": lambda: printing.xlsx(plan),
        },
    )


@screens.signed_in(*ORGANISED)
@require_safe
def request_on_paper(request: Request, request_id: int, suffix: str) -> HttpResponse:
    """The request's form in the kind of file asked for."""
    found = queries.request(request.person, int(request_id))
    return _handed(
        suffix,
        f"申请安排表-{found.number}.{suffix}",
        {
            "pdf": lambda: forms_on_paper.request_pdf(found, request.now),
            "docx": lambda: forms_on_paper.request_docx(found),
            "xlsx": lambda: forms_on_paper.request_xlsx(found),
        },
    )


@screens.signed_in(*ORGANISED)
@require_safe
def list_on_paper(request: Request, review_id: int, suffix: str) -> HttpResponse:
    """The venue's list with verdicts and conclusion in the kind of file asked for."""
    found = queries.review(request.person, int(review_id))
    return _handed(
        suffix,
        f"场地设施设备清单-{found.request.number}.{suffix}",
        {
            "pdf": lambda: forms_on_paper.list_pdf(found, request.now),
            "docx": lambda: forms_on_paper.list_docx(found),
            "xlsx": lambda: forms_on_paper.list_xlsx(found),
        },
    )
