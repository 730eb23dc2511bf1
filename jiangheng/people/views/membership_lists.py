"""Own students and own staff (二): the list, its template, taking it in, one person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.files import exports, workbooks
from jiangheng.people import actions, queries
from jiangheng.people.actions.membership_lists import keeper
from jiangheng.people.forms import RollForm, StaffEntryForm, StudentEntryForm
from jiangheng.people.models import Affiliation
from jiangheng.rules import codes
from jiangheng.rules.bodies.annexes import Fault
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Role
from jiangheng.screens import Column, Filter, display
from jiangheng.screens.attachments import handed_out
from jiangheng.screens.request import Request

KEEPERS = (Role.BODY, Role.EMPLOYER)
SHOWN_AT_MOST = 500


def _title(kind: str) -> str:
    return _("本校学生") if kind == "student" else _("本单位员工")


def _relation(row: Affiliation) -> str:
    return _("学生") if row.relation == "student" else display.word(codes.label("staff_relation", row.relation))


@screens.signed_in(*KEEPERS)
@require_safe
def membership_list(request: Request) -> HttpResponse:
    """The organisation's own students or staff."""
    person = request.person
    _organisation, which = keeper(person)
    today = local_day(request.now)

    def by_standing(rows: Any, value: str) -> Any:
        gone = Q(until__lt=today) | Q(graduates_on__lt=today)
        return rows.filter(gone) if value == "left" else rows.exclude(gone)

    def standing(row: Affiliation) -> str:
        gone = (row.until and row.until < today) or (row.graduates_on and row.graduates_on < today)
        return _("已离开") if gone else _("在册")

    name = Column(
        "name",
        _("姓名"),
        "identity.name",
        sort="identity__name",
        link=lambda row: reverse("people:membership_list_entry", args=[row.pk]),
    )
    number = Column("number", _("证件号码"), "identity.number_masked")
    columns: tuple[Column, ...]
    if which.id == "student":
        columns = (
            name,
            number,
            Column("class_name", _("班级"), sort="class_name"),
            Column("programme", _("专业"), sort="programme"),
            Column("graduates_on", _("预计毕业日期"), kind="date", sort="graduates_on"),
            Column("standing", _("状态"), standing),
        )
        filters: tuple[Filter, ...] = ()
    else:
        columns = (
            name,
            number,
            Column("relation", _("与本单位关系"), _relation, sort="relation"),
            Column("department", _("部门"), sort="department"),
            Column("post", _("岗位")),
            Column("until", _("终止日期"), kind="date", sort="until"),
            Column("standing", _("状态"), standing),
        )
        relations = [(code, display.word(label)) for code, label in codes.choices("staff_relation")]
        filters = (Filter("relation", _("与本单位关系"), relations),)
    return screens.listing(
        request,
        queries.affiliations_visible_to(person),
        title=_title(which.id),
        columns=columns,
        search=("identity__name", "class_name", "programme", "department"),
        filters=(*filters, Filter("standing", _("状态"), [("current", _("在册")), ("left", _("已离开"))], by_standing)),
        order="-id",
        create=(_("登记一人"), reverse("people:membership_list_new")),
        links=((_("导入名单"), reverse("people:membership_list_import")),),
        lead=_("建立名单后，报名时以名单为准：不在名单、考核当天已离开的不能报名。"),
        export=_title(which.id),
        empty=_("还没有名单。导入后，报名时按名单核对认定对象。"),
        breadcrumb=((_title(which.id), None),),
    )


@screens.signed_in(*KEEPERS)
@require_safe
def membership_list_template(request: Request) -> HttpResponse:
    """The empty list as a workbook."""
    _organisation, which = keeper(request.person)
    return handed_out(exports.workbook(which.title, which.columns, []), f"{which.title}.xlsx", workbooks.XLSX)


@screens.may("membership_list.import")
@require_http_methods(["GET", "POST"])
def membership_list_import(request: Request) -> HttpResponse:
    """Hand a list in; the answer names every row and column at fault."""
    person = request.person
    _organisation, which = keeper(person)
    posted = request.method == "POST"
    form = RollForm(request.POST if posted else None, request.FILES if posted else None)
    return screens.act(
        request,
        form,
        lambda typed: actions.import_membership_list(by=person, now=request.now, upload=typed["file"]),
        back=reverse("people:membership_list"),
        said=lambda done: (
            _("已导入：新增%(new)s人，变更%(changed)s人，未变%(unchanged)s人。")
            % {"new": done.new, "changed": done.changed, "unchanged": done.unchanged}
        ),
        title=_("导入名单"),
        submit=_("上传并导入"),
        lead=_("逐行检查全部内容；有一处错误就不导入任何人。名单中没有列出的人保持不变。"),
        multipart=True,
        once=False,
        breadcrumb=((_title(which.id), reverse("people:membership_list")), (_("导入名单"), None)),
        template="people/membership_list_import.html",
        context=lambda refusal: {
            "which": which,
            "faults": [_shown(fault) for fault in getattr(refusal, "faults", [])[:SHOWN_AT_MOST]],
        },
    )


def _shown(fault: Fault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "letter": fault.letter,
        "column": fault.column,
        "sentence": fault.sentence(display.word),
        "advice": fault.advice(display.word),
    }


@screens.signed_in(*KEEPERS)
@require_http_methods(["GET", "POST"])
def membership_list_new(request: Request) -> HttpResponse:
    """Enter one person."""
    return _form(request, None)


@screens.signed_in(*KEEPERS)
@require_http_methods(["GET", "POST"])
def membership_list_entry(request: Request, affiliation_id: int) -> HttpResponse:
    """Change what the list says of one person."""
    keeper(request.person)
    return _form(request, queries.affiliation(request.person, affiliation_id))


def _form(request: Request, found: Affiliation | None) -> HttpResponse:
    person = request.person
    _organisation, which = keeper(person)
    kind = StudentEntryForm if which.id == "student" else StaffEntryForm
    initial = {name: getattr(found, name) for name in kind.base_fields if hasattr(found, name)} if found else None
    form = kind(request.POST if request.method == "POST" else None, initial=initial)
    if found is not None:
        for name in ("kind", "number", "name"):
            del form.fields[name]

    def save(typed: dict[str, Any]) -> None:
        given = dict(typed)
        if found is None:
            claim = actions.Claim(given.pop("kind"), given.pop("number"), given.pop("name"))
            actions.enter(by=person, now=request.now, claim=claim, once=screens.once(request), **given)
        else:
            actions.change_entry(by=person, now=request.now, affiliation_id=found.pk, **given)

    return screens.act(
        request,
        form,
        save,
        back=reverse("people:membership_list"),
        said=_("名单已保存。"),
        title=found.identity.name if found else _("登记一人"),
        submit=_("保存"),
        lead=found.identity.number_masked if found else "",
        breadcrumb=(
            (_title(which.id), reverse("people:membership_list")),
            (found.identity.name if found else _("登记一人"), None),
        ),
    )
