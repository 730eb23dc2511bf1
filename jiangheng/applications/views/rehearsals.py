"""The dry run of a standard version: start it, follow it, read and export what it would change (三（一）)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiangheng import screens
from jiangheng.applications import actions
from jiangheng.applications.models import Rehearsal, RehearsalChange
from jiangheng.applications.queries import rehearsals as queries
from jiangheng.applications.views import wording
from jiangheng.catalog import queries as catalog
from jiangheng.rules import flows
from jiangheng.rules.refusal import Refusal
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.display import LEVELS
from jiangheng.screens.request import Request


@screens.signed_in(Role.CENTRE)
@require_http_methods(["GET", "POST"])
def index(request: Request, standard_id: int) -> HttpResponse:
    """The dry runs of a version, and the button that starts one."""
    person: Person = request.person
    standard = catalog.version(person, standard_id)

    def show(refusal: Refusal | None) -> HttpResponse:
        runs = list(queries.of_standard(person, standard.pk)[:20])
        return render(
            request,
            "applications/rehearsals.html",
            {
                "title": _("试算以往申请"),
                "lead": _("用这个未发布的版本重新判断本职业以往的全部申请，看有多少审核结论会改变。不会改动任何申请。"),
                "standard": standard,
                "before": catalog.before(standard),
                "total": queries.decided(standard).count(),
                "runs": [_run(each) for each in runs],
                "refusal": refusal,
                "once": screens.token(request),
                "open": standard.state in flows.states("standard", "unpublished"),
                "breadcrumb": _crumbs(standard, (_("试算"), None)),
            },
            status=refusal.status if refusal else 200,
        )

    return screens.act(
        request,
        None,
        lambda _typed: actions.start_rehearsal(
            by=person, now=request.now, once=screens.once(request), standard_id=standard.pk
        ),
        back=lambda made: reverse("applications:rehearsal", args=[made.pk]),
        show=show,
    )


def _crumbs(standard: Any, *more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    return (
        (_("职业标准"), reverse("catalog:standards")),
        (standard.title, reverse("catalog:standard", args=[standard.pk])),
        *more,
    )


def _run(row: Rehearsal) -> dict[str, Any]:
    return {
        "row": row,
        "stale": row.standard_version != row.standard.version,
        "share": 100 if row.finished_at else row.done * 100 // row.total if row.total else 0,
    }


@screens.signed_in(Role.CENTRE)
@require_safe
def rehearsal(request: Request, rehearsal_id: int) -> HttpResponse:
    """What one dry run would change: old verdict, new verdict, why."""
    person: Person = request.person
    row = queries.get(person, rehearsal_id)
    verdicts = [(name, _(word)) for name, word in wording.VERDICTS.items()]
    told = _run(row)
    running = row.finished_at is None
    tally = [
        {"before": wording.verdict(before), "after": wording.verdict(after), "count": count, "same": before == after}
        for pair, count in sorted(row.tally.items())
        for before, after in (pair.split(">"),)
    ]
    return screens.listing(
        request,
        queries.changes(row),
        title=_("试算结果"),
        lead=_(
            "与当时保存的审核结论比较；按申请当时的日期和表内信息判断，申请材料的真伪不在试算范围内；所选条件在新版本中没有的，按该等级的全部条件判断。"
        ),
        columns=(
            Column(
                "number",
                _("申请编号"),
                "application.number",
                sort="application__number",
                link=lambda each: reverse("applications:detail", args=[each.application_id]),
            ),
            Column("name", _("姓名"), "application.name"),
            Column("level", _("等级"), "application.level", kind="level", sort="application__level"),
            Column("as_of", _("判断日期"), "application.as_of_counted", kind="date", sort="application__as_of"),
            Column(
                "before", _("原结论"), lambda each: _(wording.VERDICTS.get(each.before, each.before)), sort="before"
            ),
            Column("before_route", _("原依据条款")),
            Column("after", _("试算结论"), lambda each: _(wording.VERDICTS.get(each.after, each.after)), sort="after"),
            Column("after_route", _("试算依据条款")),
            Column("why", _("原因"), why),
        ),
        search=("application__number", "application__name"),
        filters=(
            Filter("before", _("原结论"), verdicts),
            Filter("after", _("试算结论"), verdicts),
            Filter("level", _("等级"), list(LEVELS.items()), "application__level"),
        ),
        order="id",
        export=_("试算结果"),
        empty=_("试算还没有完成。") if running else _("没有审核结论会改变。"),
        breadcrumb=_crumbs(
            row.standard, (_("试算"), reverse("applications:rehearsals", args=[row.standard_id])), (str(row.pk), None)
        ),
        template="applications/rehearsal.html",
        context={"run": told, "tally": tally, "running": running},
    )


def why(change: RehearsalChange) -> str:
    """Why a verdict would be another one, in words."""
    given = change.why
    if given.get("level_gone"):
        return _("该版本没有这一等级的申报条件。")
    if given.get("other_route"):
        return _("所选条件不满足，但符合“%(route)s”，须由审核人员核对。") % {"route": given["other_route"]}
    if change.after == "met":
        return _("符合“%(route)s”：%(text)s") % {"route": change.after_route, "text": given.get("text", "")}
    parts = []
    for each in given.get("missing", ()):
        told = wording.condition({"route": "", **each})
        state = _(wording.STATES[each["state"]])
        parts.append(f"{told['label']}：{state}" + (f"（{told['detail']}）" if told["detail"] else ""))
    if not parts:
        return str(given.get("text", ""))
    return _("最接近“%(route)s”，%(missing)s") % {"route": given.get("nearest", ""), "missing": _("；").join(parts)}
