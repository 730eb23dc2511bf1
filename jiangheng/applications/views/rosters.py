"""Rosters of schools, employers and bodies: template, upload, results by row, coloured copy; one person by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiangheng import screens
from jiangheng.applications import actions, forms, queries, return_copy
from jiangheng.applications.models import Roster
from jiangheng.applications.views import wording
from jiangheng.files import limits, workbooks, worksheets
from jiangheng.files import queries as stored
from jiangheng.journal import steps
from jiangheng.journal.queries import absent, one
from jiangheng.people.actions import Claim
from jiangheng.rules import flows
from jiangheng.rules import roster as rules
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import display
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request

SENDERS = (Role.BODY, Role.SCHOOL, Role.EMPLOYER)
FAULTS_A_PAGE = 50


def _targets(request: Request) -> list[tuple[str, str]]:
    requests, plans = queries.roster_targets(request.person, request.now)
    return [
        *((f"request-{each.pk}", f"{each.number} {each.class_name}（{each.occupation_name}）") for each in requests),
        *((f"plan-{each.pk}", f"{each.number} {each.title}") for each in plans),
    ]


def _named(target: str) -> dict[str, int]:
    kind, _dash, number = target.partition("-")
    return {f"{kind}_id": int(number)}


@screens.signed_in(*SENDERS)
def upload(request: Request) -> HttpResponse:
    """Hand a roster in; the answer names every row and column at fault."""
    targets = _targets(request)
    asked = request.GET.get("for", "")
    form = forms.RosterForm(
        request.POST or None, request.FILES or None, targets=targets, initial={"target": asked, "mode": "add"}
    )
    return screens.act(
        request,
        form,
        lambda typed: actions.check_roster(
            by=request.person,
            now=request.now,
            upload=typed["file"],
            photos=typed["photos"],
            mode=typed["mode"],
            once=screens.once(request),
            **_named(typed["target"]),
        ),
        back=lambda made: reverse("applications:roster", args=[made.pk]),
        title=_("导入花名册"),
        submit=_("上传并检查"),
        lead=_("先逐行检查全部内容，确认后才导入；有一处错误就不导入任何人，改好后整份重新上传即可。"),
        multipart=True,
        breadcrumb=((_("个人申请"), reverse("applications:list")), (_("导入花名册"), None)),
        aside=("applications/_templates.html", {"templates": rules.templates(), "none": not targets}),
        template="applications/form.html",
    )


@screens.signed_in(*SENDERS)
@require_safe
def template(_request: Request, template_id: str) -> HttpResponse:
    """The empty template as a workbook."""
    found = next((each for each in rules.templates() if each.id == template_id), None)
    if found is None:
        raise absent()
    return _workbook(return_copy.template_workbook(found), found.name)


@screens.signed_in(*SENDERS, Role.CENTRE)
@require_safe
def index(request: Request) -> HttpResponse:
    """The rosters a person sees."""
    return screens.listing(
        request,
        queries.rosters_visible_to(request.person),
        title=_("花名册记录"),
        columns=(
            screens.Column("file", _("文件"), "file.original_name", link=_link),
            screens.Column("from", _("报名单位"), "organisation.name"),
            screens.Column("batch", _("批次"), lambda row: (row.plan or row.request).number),
            screens.Column("rows", _("行数"), kind="number"),
            screens.Column("imported", _("导入"), kind="number"),
            screens.Column("state", _("状态"), kind="state"),
            screens.Column("created_at", _("时间"), kind="moment", sort="created_at"),
        ),
        kind="roster",
        search=("organisation__name", "file__original_name"),
        create=(_("导入花名册"), reverse("applications:roster_upload"))
        if request.person.role is not Role.CENTRE
        else None,
        empty=_("还没有导入过花名册。"),
        breadcrumb=((_("个人申请"), reverse("applications:list")), (_("花名册记录"), None)),
    )


def _link(row: Roster) -> str:
    return reverse("applications:roster", args=[row.pk])


@screens.signed_in(*SENDERS, Role.CENTRE)
@require_safe
def result(request: Request, roster_id: int) -> HttpResponse:
    """What a roster brought: taken in, or every fault by row and column."""
    person = request.person
    found = queries.roster(person, roster_id)
    batch = found.plan or found.request
    mine = _own(person, found)
    archives = [
        (each, [(fault["name"], wording.photo_fault(fault)) for fault in each.report.get("faults", ())])
        for each in found.archives.select_related("file")
    ]
    return render(
        request,
        "applications/roster.html",
        {
            "title": _("花名册检查结果"),
            "roster": found,
            "batch": batch,
            "running": found.state in flows.states("roster", "under_way"),
            "archives": archives,
            "looking": any(each.checked_at is None for each, _faults in archives)
            and found.state in flows.states("roster", "checked"),
            "share": found.done * 100 // found.total if found.total else 0,
            "mode": dict(forms.ROSTER_MODES)[found.mode],
            "own": mine,
            "may": {
                "confirm": mine and found.state == "checked",
                "cancel": mine and found.state in flows.states("roster", "cancellable"),
                "photos": mine and found.state in flows.states("roster", "checked"),
                "again": mine and found.state in flows.states("roster", "finished"),
            },
            "target": f"plan-{found.plan_id}" if found.request_id is None else f"request-{found.request_id}",
            "breadcrumb": (
                (_("个人申请"), reverse("applications:list")),
                (_("花名册记录"), reverse("applications:rosters")),
                (found.file.original_name, None),
            ),
            **_listed(request, found),
        },
    )


def _listed(request: Request, found: Roster) -> dict[str, object]:
    """The faults by kind, and those asked for (?severity=, ?code=, ?column=, ?row=) by pages."""
    form = forms.FaultFilter(request.GET, faults=found.faults)
    asked = form.cleaned_data if form.is_valid() else {}
    wanted = {name: value for name, value in asked.items() if value not in ("", None)}
    chosen = [each for each in found.faults if all(each[name] == value for name, value in wanted.items())]
    page = Paginator(chosen, FAULTS_A_PAGE).get_page(request.GET.get("page"))
    counted = Counter((each["severity"], each["code"]) for each in found.faults)
    groups = [
        {"code": code, "severity": severity, "title": wording.fault_kind(code), "count": count}
        for (severity, code), count in sorted(counted.items(), key=lambda row: (row[0][0], -row[1]))
    ]
    return {
        "form": form,
        "groups": groups,
        "narrowed": bool(wanted),
        "chosen": len(chosen),
        "left_out": sum(found.counts.get(name, 0) for name in ("errors", "warnings")) - len(found.faults),
        "page": page,
        "page_query": "".join(f"{urlencode({name: value})}&" for name, value in wanted.items()),
        "faults": [(each, wording.fault(each)) for each in page],
    }


@screens.signed_in(*SENDERS)
def photos(request: Request, roster_id: int) -> HttpResponse:
    """Hand photos in for the batch of a roster."""
    person: Person = request.person
    found = queries.own_roster(person, roster_id)
    form = forms.PhotosForm(request.POST or None, request.FILES or None)
    here = reverse("applications:roster", args=[found.pk])
    return screens.act(
        request,
        form,
        lambda typed: actions.receive_photos(
            by=person,
            now=request.now,
            roster_id=found.pk,
            upload=typed["file"],
            once=screens.once(request),
        ),
        back=f"{here}#photos",
        title=_("上传考生照片"),
        submit=_("上传并核对"),
        lead=_("按证件号码对应本批次的考生；合格的附上，不合格的逐张说明，改好后再上传这几张即可。"),
        multipart=True,
        breadcrumb=(
            (_("花名册记录"), reverse("applications:rosters")),
            (found.file.original_name, here),
            (_("上传考生照片"), None),
        ),
        template="applications/form.html",
    )


@screens.signed_in(*SENDERS)
@require_POST
def step(request: Request, roster_id: int, verb: str) -> HttpResponse:
    """Confirm a checked roster, or give it up."""
    if not steps.plain("roster", verb):
        raise absent()
    made = steps.take("roster", verb, roster_id, by=request.person, now=request.now, seen=screens.seen(request))
    if made.state == "imported":
        screens.done(request, _("已导入%(count)s人。") % {"count": made.imported})
    elif made.state == "cancelled":
        screens.done(request, _("已取消，没有导入任何人。"))
    return HttpResponseRedirect(reverse("applications:roster", args=[made.pk]))


def _own(person: Person, found: Roster) -> bool:
    return found.organisation_id == person.organisation_id


@screens.signed_in(*SENDERS)
@require_safe
def copy(request: Request, roster_id: int) -> HttpResponse:
    """The sender's own workbook with the cells at fault coloured and a column 错误说明; only to the sender."""
    person = request.person
    found = one(queries.rosters_visible_to(person).filter(organisation_id=person.organisation_id or 0), pk=roster_id)
    data = stored.content(found.file)
    rows, sheet = worksheets.roster_sheet(data, limits.at(request.now), checked=True)
    name = _("%(file)s（检查结果）") % {"file": found.file.original_name.rpartition(".")[0]}
    return _workbook(return_copy.returned(data, rows, found.faults, wording.fault, sheet), name)


def _workbook(content: bytes, name: str) -> HttpResponse:
    return handed_out(content, f"{name}.xlsx", workbooks.XLSX)


@screens.signed_in(*SENDERS)
def enter(request: Request) -> HttpResponse:
    """Enter one person by hand; the form of 附件4 follows."""
    lines = _lines(request)
    form = forms.ClaimForm(request.POST or None, targets=[(key, label) for key, label in lines])

    def save(given: dict[str, Any]) -> Any:
        kind, _dash, number = given["target"].partition("-")
        return actions.apply_draft(
            by=request.person,
            now=request.now,
            claim=Claim(given["kind"], given["number"], given["name"]),
            once=screens.once(request),
            **({"request_id": int(number)} if kind == "request" else {"plan_row_id": int(number)}),
        )

    return screens.act(
        request,
        form,
        save,
        back=lambda made: reverse("applications:edit", args=[made.pk]),
        title=_("录入一人"),
        submit=_("下一步：填写申请表"),
        breadcrumb=((_("个人申请"), reverse("applications:list")), (_("录入一人"), None)),
    )


def _lines(request: Request) -> list[tuple[str, str]]:
    requests, plans = queries.roster_targets(request.person, request.now)
    rows = queries.rows_of([plan.pk for plan in plans])
    return [
        *((f"request-{each.pk}", f"{each.number} {each.class_name}（{each.occupation_name}）") for each in requests),
        *(
            (f"row-{row.pk}", f"{row.plan.number} {row.job or row.occupation_name} {display.level(row.level)}")
            for row in rows
        ),
    ]
