"""附件4 as PDF and Word, to whoever sees the application (三（二）); every full identity number shown is journalled."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.applications import printing, queries
from jiangheng.applications.models import Application
from jiangheng.files import cells
from jiangheng.people import actions as people
from jiangheng.rules.roles import Role
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request

READERS = (Role.CENTRE, Role.BODY, Role.SCHOOL, Role.EMPLOYER, Role.CANDIDATE)
WHY = "打印个人申请表（附件4）"


@screens.signed_in(*READERS)
@require_safe
def pdf(request: Request, application_id: int) -> HttpResponse:
    """The form as PDF; a watermark until it is handed in."""
    application, number = _whose(request, application_id)
    made = printing.pdf(application, number, request.now)
    return handed_out(made, printing.name_of(application, ".pdf"), "application/pdf")


@screens.signed_in(*READERS)
@require_safe
def docx(request: Request, application_id: int) -> HttpResponse:
    """The form as a Word document."""
    application, number = _whose(request, application_id)
    return handed_out(printing.docx(application, number), printing.name_of(application, ".docx"), cells.WORD_TYPE)


def _whose(request: Request, application_id: int) -> tuple[Application, str]:
    person = request.person
    application = queries.get(person, application_id)
    number = people.reveal(
        by=person,
        now=request.now,
        identity_id=application.identity_id,
        reason=WHY,
        through=("application", application_id),
    )
    return application, number
