"""Pages of paper requests, their ledger, own sets and the bank."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiangheng import screens
from jiangheng.papers import actions, forms, queries
from jiangheng.papers.models import PaperRequest
from jiangheng.papers.set_workbook import SetFaults, template
from jiangheng.rules import flows
from jiangheng.rules.examination import papers as rules
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter, display
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUBJECTS = tuple((name, display.SUBJECTS[name]) for name in ("theory", "skill", "review"))
ITEM_KINDS = {
    "single": gettext_lazy("单选"),
    "multi": gettext_lazy("多选"),
    "judge": gettext_lazy("判断"),
    "task": gettext_lazy("操作"),
}
SOURCES = {"bank": gettext_lazy("题库抽取"), "own": gettext_lazy("机构命制")}


def address(request: PaperRequest) -> str:
    """The page of a request."""
    return reverse("papers:detail", args=[request.pk])


def crumbs(request: PaperRequest | None = None, last: str = "") -> tuple[tuple[Any, str | None], ...]:
    """The way to a request and to what is done with it."""
    way: list[tuple[Any, str | None]] = [(_("试卷"), reverse("papers:list"))]
    if request is not None:
        way.append((request.number, address(request) if last else None))
    if last:
        way.append((last, None))
    return tuple(way)


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_safe
def requests(request: Request) -> HttpResponse:
    """Requests for papers."""
    person = request.person
    links: list[tuple[Any, str]] = []
    if person.role is Role.CENTRE:
        links = [(_("题库"), reverse("papers:items"))]
    return screens.listing(
        request,
        queries.visible_to(person),
        title=_("用卷申请"),
        kind="paper_request",
        columns=(
            Column("number", _("申请编号"), sort="number", link=address),
            Column("plan", _("认定计划"), "plan.number", sort="plan__number"),
            Column("body", _("认定机构"), "plan.body.name"),
            Column("occupation", _("职业"), "row.occupation_name"),
            Column("level", _("等级"), "row.level", kind="level"),
            Column("subject", _("科目"), kind="subject"),
            Column("candidates", _("考生人数"), kind="number"),
            Column("state", _("状态"), kind="state"),
        ),
        search=("number", "plan__number", "plan__body__name", "row__occupation_name"),
        filters=(Filter("subject", _("科目"), SUBJECTS, "subject"),),
        create=(_("填写用卷申请"), reverse("papers:create")) if person.role is Role.BODY else None,
        links=links,
        empty=_("认定机构报送计划后，可按科目申请用卷。"),
        export=_("用卷申请"),
        breadcrumb=crumbs(),
    )


@screens.signed_in(Role.CENTRE, Role.BODY)
@require_safe
def detail(request: Request, request_id: int) -> HttpResponse:
    """One request: its covers, its ledger and balance; never a question."""
    person = request.person
    record = queries.get(person, request_id)
    sets = list(queries.chosen_sets(record))
    own = list(queries.own_sets(record))
    lines = list(queries.movements(record))
    sections: list[tuple[Any, str, dict[str, Any]]] = []
    if sets:
        sections.append((_("套卷与封签"), "papers/_sets.html", {"sets": _shown(sets)}))
    if own and not sets:
        sections.append((_("机构命制的试题"), "papers/_sets.html", {"sets": _shown(own)}))
    if lines:
        sections.append(
            (
                _("试卷台账"),
                "papers/_ledger.html",
                {
                    "lines": [(line, display.word(rules.KINDS[line.kind])) for line in lines],
                    "balances": [(each.letter, state) for each, state in queries.balances(record)],
                    "whole": queries.balance_of(record),
                },
            )
        )
    links: list[tuple[Any, str]] = []
    if person.role is Role.BODY and record.state in flows.states("paper_request", "editable"):
        links.append((_("修改申请"), reverse("papers:change", args=[record.pk])))
    if person.role is Role.BODY and record.state in flows.states("paper_request", "before_drawing"):
        links.append((_("上传命制试题"), reverse("papers:sets", args=[record.pk])))
    if person.role is Role.CENTRE and record.state == "drawn":
        links.append((_("封装登记"), reverse("papers:seal", args=[record.pk])))
    if person.role is Role.CENTRE and record.state == "taken_back":
        links.append((_("补记台账"), reverse("papers:movement", args=[record.pk])))
    return screens.detail(
        request,
        record,
        title=_("用卷申请 %(number)s") % {"number": record.number},
        facts=(
            (_("认定计划"), f"{record.plan.number} {record.plan.title}"),
            (_("认定机构"), record.plan.body.name),
            (_("职业与等级"), f"{record.row.occupation_name} {display.level(record.row.level)}"),
            (_("科目"), record.subject, "subject"),
            (_("考试日期"), record.plan.exam_on, "day"),
            (_("卷型"), str(dict(forms.MEDIA).get(record.medium, record.medium))),
            (_("考生人数"), record.candidates, "number"),
            (_("申请套数"), record.sets_wanted, "number"),
            (_("备用份数"), record.spare_copies, "number"),
            (_("保密室"), record.custody_room),
            (_("领卷人"), [each["name"] for each in record.collectors]),
        ),
        sections=sections,
        threads=(("paper_request", record.pk),),
        breadcrumb=crumbs(record),
        actions=links,
    )


def _shown(sets: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "letter": each.letter,
            "code": each.code,
            "source": SOURCES[each.source],
            "questions": each.questions,
            "seal": each.seal_number or display.NOTHING,
        }
        for each in sets
    ]


@screens.may("papers.draft_request")
@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """附件8."""
    person = request.person
    form = forms.RequestForm(request.POST or None, plans=queries.plans_for_request(person))
    return screens.act(
        request,
        form,
        lambda _typed: actions.draft_request(
            by=person, now=request.now, once=screens.once(request), **form.place(), **form.values()
        ),
        back=address,
        said=_("用卷申请已保存为草稿，请核对后提交。"),
        title=_("填写用卷申请"),
        submit=_("保存草稿"),
        breadcrumb=crumbs(last=_("填写用卷申请")),
        lead=_("附件8：每个计划的每个科目申请一次，提交后由市鉴定中心抽题组卷。"),
        sections=forms.RequestForm.SECTIONS,
    )


@screens.may("papers.change_request")
@require_http_methods(["GET", "POST"])
def change(request: Request, request_id: int) -> HttpResponse:
    """Change a draft or returned request."""
    record = queries.get(request.person, request_id)
    form = forms.RequestForm(request.POST or None, request=record)
    return screens.act(
        request,
        form,
        lambda _typed: actions.change_request(
            by=request.person, now=request.now, request_id=record.pk, seen=screens.seen(request), **form.values()
        ),
        back=address(record),
        said=_("用卷申请已修改。"),
        title=_("修改用卷申请"),
        submit=_("保存"),
        breadcrumb=crumbs(record, _("修改")),
        sections=forms.RequestForm.SECTIONS,
        version=record.version,
        once=False,
    )


@screens.may("papers.seal")
@require_http_methods(["GET", "POST"])
def seal(request: Request, request_id: int) -> HttpResponse:
    """Numbered seals on every set."""
    record = queries.get(request.person, request_id)
    form = forms.SealForm(request.POST or None, sets=list(queries.chosen_sets(record)))
    return screens.act(
        request,
        form,
        lambda typed: actions.seal(
            by=request.person,
            now=request.now,
            request_id=record.pk,
            seals=form.seals(),
            second_person=typed["second_person"],
        ),
        back=address(record),
        said=_("已登记封装。"),
        title=_("封装登记"),
        submit=_("登记封签"),
        breadcrumb=crumbs(record, _("封装登记")),
        lead=_("每套试卷一个封签号，由两人当场封装。"),
        once=False,
    )


@screens.may("paper_request.issue")
@require_http_methods(["GET", "POST"])
def movement(request: Request, request_id: int) -> HttpResponse:
    """A line found when counting again."""
    record = queries.get(request.person, request_id)
    form = forms.MovementForm(request.POST or None, sets=list(queries.chosen_sets(record)))
    return screens.act(
        request,
        form,
        lambda typed: actions.record_movement(
            by=request.person,
            now=request.now,
            once=screens.once(request),
            request_id=record.pk,
            **typed,
        ),
        back=address(record),
        said=_("已补记一笔。"),
        title=_("补记台账"),
        submit=_("补记"),
        breadcrumb=crumbs(record, _("补记台账")),
        lead=_("台账只增不改：清点后发现的份数在此补记，并写明原因。"),
    )


@screens.may("papers.upload_set")
@require_http_methods(["GET", "POST"])
def sets(request: Request, request_id: int) -> HttpResponse:
    """The sets a body writes itself (四（二）)."""
    person = request.person
    record = queries.get(person, request_id)
    form = forms.SetForm(request.POST or None, request.FILES or None)
    return screens.act(
        request,
        form,
        lambda typed: actions.upload_set(
            by=person,
            now=request.now,
            request_id=record.pk,
            source=typed["book"],
            once=screens.once(request),
        ),
        back=reverse("papers:sets", args=[record.pk]),
        said=lambda made: (
            _("第%(letter)s套试题已保存，共%(count)s题。") % {"letter": made.letter, "count": made.questions}
        ),
        title=_("上传命制试题"),
        submit=_("上传一套"),
        breadcrumb=crumbs(record, _("上传命制试题")),
        lead=_("题库中没有相应职业、等级试题的，按规范命制三套试题上传。上传后内容不再显示，原表请妥善保密。"),
        multipart=True,
        template="papers/sets.html",
        context=lambda refusal: {
            "faults": refusal.faults if isinstance(refusal, SetFaults) else (),
            "own": list(queries.own_sets(record)),
            "drop": reverse("papers:drop", args=[record.pk]),
        },
    )


@screens.may("papers.drop_set")
@require_POST
def drop(request: Request, request_id: int) -> HttpResponse:
    """Take back one own set."""
    letter = request.POST.get("letter", "")[:2]
    actions.drop_set(by=request.person, now=request.now, request_id=request_id, letter=letter)
    screens.done(request, _("已撤下第%(letter)s套试题。") % {"letter": letter})
    return HttpResponseRedirect(reverse("papers:sets", args=[request_id]))


@screens.signed_in(Role.BODY)
@require_safe
def set_template(_request: Request) -> HttpResponse:
    """The workbook to fill in."""
    return handed_out(template(), "试题模板.xlsx", XLSX)


@screens.signed_in(Role.CENTRE)
@require_safe
def items(request: Request) -> HttpResponse:
    """The bank: what is in it and when each item was last used; never the answers."""
    return screens.listing(
        request,
        queries.items_visible_to(request.person),
        title=_("题库"),
        columns=(
            Column("id", _("序号"), "pk", sort="id"),
            Column("occupation_code", _("职业编码"), sort="occupation_code"),
            Column("level", _("等级"), kind="level", sort="level"),
            Column("kind", _("题型"), lambda row: str(ITEM_KINDS.get(row.kind, row.kind))),
            Column("point", _("鉴定点"), sort="point"),
            Column("stem", _("题干"), lambda row: row.stem[:40]),
            Column("times", _("使用次数"), kind="number", sort="times"),
            Column("last_used", _("最近使用"), kind="moment", sort="last_used"),
            Column("label", _("标注")),
        ),
        search=("stem", "point"),
        filters=(
            Filter("kind", _("题型"), tuple(ITEM_KINDS.items()), "kind"),
            Filter("used", _("使用情况"), (("yes", _("用过")), ("no", _("未用过"))), _by_use),
        ),
        order="id",
        empty=_("题库为空。"),
        breadcrumb=(*crumbs(), (_("题库"), None)),
        lead=_("答案不在页面显示。"),
        template="papers/items.html",
    )


def _by_use(rows: Any, value: str) -> Any:
    return rows.filter(times__gt=0) if value == "yes" else rows.filter(times=0)


@screens.may("papers.load_items")
@require_POST
def load_items(request: Request) -> HttpResponse:
    """Load the labelled demonstration items."""
    count = actions.load_items(by=request.person, now=request.now)
    screens.done(request, _("新载入%(count)s道示范题。") % {"count": count} if count else _("示范题已在题库中。"))
    return HttpResponseRedirect(reverse("papers:items"))
