"""附件5 as PDF, Word and Excel, to whoever sees the plan (三（三）)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiangheng.files import cells
from jiangheng.files.views import handed_out
from jiangheng.journal import screens
from jiangheng.plans import printing, queries
from jiangheng.plans.views.plans import READERS

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
