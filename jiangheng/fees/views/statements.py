"""Statements of banks and providers against the books."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.fees import actions, forms, queries
from jiangheng.fees.statements import HEADINGS
from jiangheng.fees.views import own, who
from jiangheng.files.exports import workbook
from jiangheng.rules.fees.reconciling import KINDS, Finding
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import Column, display
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.lists import XLSX
from jiangheng.screens.request import Request

READERS = (Role.BODY, Role.CENTRE)


@screens.signed_in(*READERS)
@require_safe
def statements(request: Request) -> HttpResponse:
    """Statements taken in."""
    body = who(request).role is Role.BODY
    return screens.listing(
        request,
        queries.statements_visible_to(who(request)),
        title=_("对账"),
        columns=(
            Column("file_name", _("对账单"), link=lambda row: reverse("fees:statement", args=[row.pk])),
            Column("source", _("来源"), lambda row: dict(forms.SOURCES).get(row.source, row.source)),
            Column("body", _("认定机构"), "body.name"),
            Column("first_on", _("起"), kind="date", sort="first_on"),
            Column("last_on", _("止"), kind="date", sort="last_on"),
            Column("rows", _("行数"), kind="number"),
            Column("added", _("新增"), kind="number"),
            Column("created_at", _("导入时间"), kind="moment", sort="created_at"),
        ),
        search=("file_name",),
        create=(_("导入对账单"), reverse("fees:statement_upload")) if body else None,
        links=((_("下载模板"), reverse("fees:statement_template")),) if body else (),
        empty=_("导入银行或支付机构的对账单，逐笔与账面核对。"),
        breadcrumb=((_("收费"), reverse("fees:list")), (_("对账"), None)),
    )


@screens.signed_in(Role.BODY)
@require_safe
def template(request: Request) -> HttpResponse:  # noqa: ARG001 - a view is given its request
    """The workbook a statement may be typed into."""
    return handed_out(workbook(_("对账单"), list(HEADINGS), []), _("对账单模板") + ".xlsx", XLSX)


@screens.may("fee.import_statement")
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Take in a statement."""
    form = forms.StatementForm(request.POST or None, request.FILES or None)

    def save(typed: dict[str, Any]) -> Any:
        file = typed["file"]
        return actions.import_statement(
            by=who(request),
            now=request.now,
            once=screens.once(request),
            source=typed["source"],
            file_name=file.name,
            data=file.read(forms.MOST_BYTES + 1),
        )

    return screens.act(
        request,
        form,
        save,
        back=lambda made: reverse("fees:statement", args=[made.pk]),
        said=lambda made: _("已导入 %(rows)s 行，其中新增 %(added)s 行。") % {"rows": made.rows, "added": made.added},
        title=_("导入对账单"),
        submit=_("导入并核对"),
        multipart=True,
        lead=_("支持 xlsx、xls、csv；识别流水号、日期、金额三列。有一处错误就整份不导入；同一流水再次导入不会重复。"),
        breadcrumb=((_("对账"), reverse("fees:statements")), (_("导入对账单"), None)),
        template="fees/statement_upload.html",
        context=lambda refusal: {"faults": _told(refusal)},
    )


def _told(refusal: Refusal | None) -> list[tuple[int, str, str]]:
    if not isinstance(refusal, actions.StatementFaults):
        return []
    return [(each.row, each.column, each.sentence(display.word)) for each in refusal.faults]


@screens.signed_in(*READERS)
@require_safe
def statement(request: Request, statement_id: int) -> HttpResponse:
    """What the comparison says, line by line, and what to do."""
    found = queries.statement(who(request), statement_id)
    findings = queries.findings(found)
    mine = own(request, found.body_id)
    counts = {kind: sum(each.kind == kind for each in findings) for kind in KINDS}
    waiting = queries.waiting_matches(statement_id)

    def claim(row: Finding) -> str | None:
        if row.line is None or not mine or row.kind not in ("unknown", "amount_differs", "duplicate"):
            return reverse("fees:payment", args=[row.booked.id]) if row.booked else None
        if row.line.id in waiting:
            return reverse("fees:match_step", args=[waiting[row.line.id], "confirm"])
        return reverse("fees:claim", args=[row.line.id])

    def reference(row: Finding) -> str:
        stands = row.line or row.booked
        return stands.reference if stands else ""

    def what(row: Finding) -> str:
        if row.line is not None and row.line.id in waiting:
            return _("已提出认领，请由另一名人员点流水号复核。")
        return display.word(KINDS[row.kind][2])

    return screens.listing(
        request,
        findings,
        title=_("对账结果"),
        lead="，".join(f"{display.word(KINDS[kind][0])} {count}" for kind, count in counts.items() if count)
        or _("这份对账单没有新增流水，以前导入的流水不重复核对。"),
        columns=(
            Column("reference", _("流水号"), reference, link=claim),
            Column("kind", _("结果"), lambda row: display.tag(display.word(KINDS[row.kind][0]), KINDS[row.kind][1])),
            Column("line", _("对账单金额"), lambda row: row.line.amount_fen if row.line else None, kind="money"),
            Column("booked", _("账面金额"), lambda row: row.booked.amount_fen if row.booked else None, kind="money"),
            Column("day", _("日期"), lambda row: (row.line or row.booked).day, kind="date"),
            Column("what", _("怎么办"), what),
        ),
        search=(),
        export=_("对账结果"),
        empty=_("这份对账单没有新增流水。"),
        breadcrumb=(
            (_("收费"), reverse("fees:list")),
            (_("对账"), reverse("fees:statements")),
            (found.file_name, None),
        ),
    )


@screens.may("fee.propose_match")
@require_http_methods(["GET", "POST"])
def claim(request: Request, line_id: int) -> HttpResponse:
    """Say whose money a line is, or explain it."""
    person = who(request)
    line = queries.statement_line(person, line_id)
    explained = queries.booked_under(line) or line.occurrence > 1
    form = forms.ClaimForm(request.POST or None, payers=[] if explained else _payers(person))
    if explained:
        del form.fields["payer"], form.fields["number"]

    def save(typed: dict[str, Any]) -> None:
        given: dict[str, Any] = {}
        if not explained:
            given = _whose(person, typed)
        actions.propose_match(
            by=person,
            now=request.now,
            once=screens.once(request),
            line_id=line_id,
            note=typed["note"],
            **given,
        )

    return screens.act(
        request,
        form,
        save,
        back=reverse("fees:statement", args=[line.statement_id]),
        said=_("已提出，请由本机构另一名人员复核。"),
        title=_("核实流水 %(reference)s") % {"reference": line.reference},
        submit=_("提出，待复核"),
        lead=_("%(day)s 到账 %(amount)s，付款人：%(payer)s。%(note)s")
        % {
            "day": display.day(line.day),
            "amount": display.money(line.amount_fen),
            "payer": line.payer or "—",
            "note": line.note,
        },
        breadcrumb=(
            (_("对账结果"), reverse("fees:statement", args=[line.statement_id])),
            (_("核实流水"), None),
        ),
    )


def _whose(person: Person, typed: dict[str, Any]) -> dict[str, int]:
    """The plan and payer chosen, or those of the application's number; nothing where neither fits."""
    if typed["payer"]:
        plan, kind, key = typed["payer"].split("-")
        return {"plan_id": int(plan), ("payer_organisation_id" if kind == "unit" else "application_id"): int(key)}
    found = queries.application_numbered(person, typed["number"].strip())
    return {"plan_id": found[0], "application_id": found[1]} if found else {}


def _payers(person: Any) -> list[tuple[str, str]]:
    units, people = queries.claimable(person)
    return [
        *((f"{plan}-unit-{key}", f"{number} {name}（{display.money(fen)}）") for plan, number, key, name, fen in units),
        *(
            (f"{plan}-person-{key}", f"{number} {name}（{display.money(fen)}）")
            for plan, number, key, name, fen in people
        ),
    ]
