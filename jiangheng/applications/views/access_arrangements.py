"""Needs in the examination: asked on the application, listed and decided by the body (四（六）)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.applications import actions, queries
from jiangheng.applications.forms import AccessArrangementForm
from jiangheng.applications.models import AccessArrangement, Application
from jiangheng.applications.queries import access_arrangements, desk
from jiangheng.journal.queries import absent
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.examination.access_arrangements import KINDS
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import Column, Filter, display
from jiangheng.screens.attachments import attachment
from jiangheng.screens.request import Request
from jiangheng.values import queries as values


def section(request: Request, application: Application) -> list[tuple[Any, str, dict[str, Any]]]:
    """The section of an application's page for those who may see it."""
    person: Person = request.person
    found = access_arrangements.shown(person, application)
    if found is None:
        return []
    context = {
        "needs": [{"need": each, "label": display.word(KINDS[each.kind]), "steps": screens.next_steps(each, person, request.now)["open"]} for each in found],
        "ask": reverse("applications:access_arrangement_ask", args=[application.pk]) if access_arrangements.may_ask(person, application) else "",
        "ticketed": access_arrangements.ticketed(application.pk),
    }  # read as a table  # fmt: skip
    return [(_("特殊需要"), "applications/_access_arrangements.html", context)]


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_safe
def index(request: Request) -> HttpResponse:
    """What candidates asked for, those to be decided first."""
    return screens.listing(
        request,
        access_arrangements.visible_to(request.person),
        title=_("特殊需要"),
        kind="access_arrangement",
        columns=(
            Column("number", _("报名序号"), "application.number", link=_home),
            Column("name", _("姓名"), "application.name"),
            Column("plan", _("计划"), "application.plan.number"),
            Column("kind", _("需要的安排"), lambda row: display.word(KINDS[row.kind])),
            Column("created_at", _("提出时间"), kind="moment", sort="created_at"),
            Column("state", _("状态"), kind="state", sort="state"),
        ),
        search=("application__name", "application__number", "application__plan__number"),
        filters=(
            Filter("kind", _("需要的安排"), [(kind, display.word(label)) for kind, label in KINDS.items()], "kind"),
        ),
        order="-id",
        lead=_("经核实确认的，编排时安排无障碍座位、延长考试时间；准考证核发后不再改动。"),
        empty=_("考生或本机构提出后在这里核实。"),
        breadcrumb=((_("个人申请"), reverse("applications:list")), (_("特殊需要"), None)),
    )


def _home(row: AccessArrangement) -> str:
    return reverse("applications:detail", args=[row.application_id])


@screens.may("access_arrangement.ask")
@require_http_methods(["GET", "POST"])
def ask(request: Request, application_id: int) -> HttpResponse:
    """Ask for a seat that can be reached or more time."""
    person, now = request.person, request.now
    application = queries.get(person, application_id)
    if person.role is Role.BODY and not desk.decides(person, application):
        raise absent()
    form = AccessArrangementForm(request.POST or None, request.FILES or None)
    back = reverse("applications:detail", args=[application_id])
    percent = values.law(local_day(now)).value("extra_time_percent")
    return screens.act(
        request,
        form,
        lambda typed: actions.ask_access_arrangement(
            by=person,
            now=now,
            application_id=application_id,
            kinds=typed["kinds"],
            reason=typed["reason"],
            upload=typed["file"],
        ),
        back=back,
        said=_("已提出，由认定机构核实。"),
        title=_("提出特殊需要"),
        submit=_("提出"),
        lead=_(
            "在准考证核发前提出，经认定机构核实后安排。延长的时间为考试时长的%(percent)s%%（默认值，由市鉴定中心确定）。"
        )
        % {"percent": percent},
        multipart=True,
        once=False,
        breadcrumb=((application.number, back),),
    )


@screens.signed_in(Role.CENTRE, Role.BODY, Role.CANDIDATE)
@require_safe
def proof(request: Request, arrangement_id: int) -> FileResponse:
    """The proof of a need, to whoever sees the need."""
    need = access_arrangements.get(request.person, arrangement_id)
    if need.file is None:
        raise absent()
    return attachment(need.file)
