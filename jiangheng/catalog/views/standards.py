"""Standard versions: the list, one version, two compared, and which rules apply on a day (三（一）)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiangheng import screens
from jiangheng.catalog import queries
from jiangheng.catalog.models import StandardVersion
from jiangheng.catalog.standard_forms import WhichForm
from jiangheng.catalog.views import route_wording
from jiangheng.rules import flows
from jiangheng.rules.conditions import generations
from jiangheng.rules.conditions.routes import route_sets
from jiangheng.rules.conditions.standard_versions import Snapshot, differences, route_differences
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.roles import Person, Role
from jiangheng.screens import Column, Filter
from jiangheng.screens.request import Request


def crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    """The way to a version's page."""
    return ((_("职业标准"), reverse("catalog:standards")), *more)


def rulesets() -> list[tuple[str, str]]:
    """The templates of conditions, newest generation first."""
    names = sorted(route_sets(), key=lambda name: generations.ORDER.index(name) if name in generations.ORDER else 9)
    return [(name, route_wording.ruleset_name(name)) for name in reversed(names)]


@require_safe
def standards(request: Request) -> HttpResponse:
    """Every version of every occupation's standard; drafts for the centre only."""
    person: Person = request.person
    centre = person.role is Role.CENTRE
    return screens.listing(
        request,
        queries.versions_visible_to(person),
        title=_("职业标准"),
        lead=_("申报条件、考核科目和有效期以职业标准版本为准；某一天适用哪个版本，可按日期查询。"),
        kind="standard" if centre else None,
        columns=(
            Column("occupation", _("职业"), "occupation.name", sort="occupation__name"),
            Column("code", _("职业编码"), "occupation.code", sort="occupation__code"),
            Column("edition", _("大典版次"), "occupation.edition"),
            Column(
                "document",
                _("标准名称和文号"),
                lambda row: row.document or _("（未填写）"),
                sort="document",
                link=lambda row: reverse("catalog:standard", args=[row.pk]),
            ),
            Column("ruleset", _("申报条件模板"), lambda row: route_wording.ruleset_name(row.ruleset)),
            Column("overrides", _("调整条数"), lambda row: len(row.route_overrides), kind="number"),
            Column("valid_from", _("施行日期"), kind="date", sort="valid_from"),
            Column("valid_to", _("终止日期"), kind="date"),
            *((Column("state", _("状态"), kind="state", sort="state"),) if centre else ()),
            Column("owner", _("只对该单位有效"), lambda row: row.owner.name if row.owner else ""),
            Column("label", _("说明"), lambda row: _(row.label) if row.label else ""),
        ),
        search=("document", "occupation__name", "occupation__code"),
        filters=(
            Filter("occupation", _("职业"), queries.occupation_choices, "occupation__code"),
            Filter("ruleset", _("申报条件模板"), rulesets),
        ),
        order=("occupation__code", "-valid_from", "-id"),
        links=((_("某日适用规则"), reverse("catalog:which")),),
        export=_("职业标准"),
        empty=_("登记的职业标准会列在这里。起草新版本请从职业目录打开该职业。"),
    )


@require_safe
def standard(request: Request, standard_id: int) -> HttpResponse:
    """One version: its period, subjects and conditions level by level, and what may be done next."""
    person: Person = request.person
    found = queries.version(person, standard_id)
    centre = person.role is Role.CENTRE
    source = route_wording.instrument(found.ruleset, found)
    facts = [
        (_("职业"), f"{found.occupation.code} {found.occupation.name}"),
        (_("大典版次"), found.occupation.edition),
        (_("标准名称和文号"), found.document or _("（未填写）")),
        (_("申报条件模板"), source.title if source else found.ruleset),
        (_("施行日期"), found.valid_from, "day"),
        (_("终止日期"), found.valid_to, "day") if found.valid_to else (_("终止日期"), _("至今")),
        (_("相关职业"), found.related_occupations),
        (_("本专业和相关专业"), found.related_majors),
    ]
    earlier = queries.lineage(found.occupation)
    if earlier:
        words = _("、").join(f"{each.code} {each.name}（{each.edition}）" for each in earlier)
        facts.append((_("由旧编码改编"), words))
    if found.owner is not None:
        facts.append((_("企业评价规范"), _("“%(owner)s”备案，只对该单位有效") % {"owner": found.owner.name}))
    if found.label:
        facts.append((_("说明"), _(found.label)))
    before = queries.before(found)
    return screens.detail(
        request,
        found,
        title=found.title,
        lead=_("已发布的版本内容不再修改，更正须另起新版本。")
        if found.state in queries.LAW_STATES
        else _("尚未发布，只有市鉴定中心可以看到；发布后自施行日期起作为申报条件执行。"),
        facts=facts,
        sections=(
            (
                _("各等级考核科目和申报条件"),
                "catalog/_levels.html",
                {"levels": route_wording.levels(found), "instrument": source},
            ),
        ),
        threads=[("standard", found.pk)],
        breadcrumb=crumbs((found.occupation.name, reverse("catalog:occupation", args=[found.occupation_id]))),
        actions=_actions(found, before, centre),
    )


def _actions(found: StandardVersion, before: StandardVersion | None, centre: bool) -> list[tuple[Any, str]]:
    links: list[tuple[Any, str]] = []
    if centre and found.state == "draft":
        links.append((_("编辑科目和名单"), reverse("catalog:standard_edit", args=[found.pk])))
        links.append((_("编辑申报条件"), reverse("catalog:routes", args=[found.pk])))
    if before is not None:
        links.append((_("与前一版本比较"), f"{reverse('catalog:standard_diff', args=[found.pk])}?with={before.pk}"))
    if centre and found.state in flows.states("standard", "unpublished"):
        links.append((_("试算以往申请"), reverse("applications:rehearsals", args=[found.pk])))
    if centre and found.state in queries.LAW_STATES:
        new = reverse("catalog:standard_new", args=[found.occupation_id])
        links.append((_("起草新版本"), f"{new}?owner={found.owner_id}" if found.owner_id else new))
    return links


@require_safe
def diff(request: Request, standard_id: int) -> HttpResponse:
    """Two versions side by side: what was added, removed and changed, with the clause it stands in."""
    person: Person = request.person
    found = queries.version(person, standard_id)
    asked = request.GET.get("with", "")
    others = list(
        queries.versions_visible_to(person)
        .filter(occupation__code=found.occupation.code)
        .exclude(pk=found.pk)
        .order_by("-valid_from", "-id")
    )
    before = next((each for each in others if str(each.pk) == asked), None) or queries.before(found)
    rows = differences(queries.snapshot(before), queries.snapshot(found)) if before is not None else ()
    return render(
        request,
        "catalog/diff.html",
        {
            "title": _("版本比较"),
            "lead": found.title,
            "found": found,
            "before": before,
            "others": others,
            "sections": route_wording.sections(rows),
            "count": len(rows),
            "breadcrumb": crumbs((found.title, reverse("catalog:standard", args=[found.pk])), (_("版本比较"), None)),
        },
    )


@require_safe
def which(request: Request) -> HttpResponse:
    """Which rules apply to an occupation and level on a day, where each stands, and what the last generation had."""
    today = local_day(request.now)
    asked = bool(request.GET)
    form = WhichForm(
        {"on": today, **request.GET.dict()} if asked else None,
        initial={"on": today, "level": 4},
        occupations=queries.occupation_choices(),
    )
    context: dict[str, Any] = {"asked": asked and form.is_valid()}
    if context["asked"]:
        own = request.person.organisation_id if request.person.role is Role.BODY else None
        context |= _answer(**form.cleaned_data, body_id=own)
    return render(
        request,
        "catalog/which.html",
        {
            "title": _("某日适用规则"),
            "lead": _("选择职业、等级和日期，查看当天适用的职业标准、申报条件和考核科目，每条都注明依据。"),
            "form": form,
            "breadcrumb": crumbs((_("某日适用规则"), None)),
            **context,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _answer(*, occupation: str, level: int, on: Any, body_id: int | None) -> dict[str, Any]:
    found = queries.standard_on(occupation, on, body_id, level)
    timeline = queries.published(occupation, found.owner_id if found else None)
    if found is None or str(level) not in found.occupation.levels:
        return {"found": None, "timeline": timeline, "level": level, "on": on, "row": queries.occupation(occupation)}
    routes = queries.routes_of(found)
    now = queries.snapshot(found)
    before = queries.before(found)
    earlier = generations.previous(found.ruleset)
    older: Snapshot | None = None
    if before is not None and before.ruleset != found.ruleset:
        older = queries.snapshot(before)
    elif earlier is not None:
        older = Snapshot("", earlier, found.valid_from, None, (), (), (), route_sets()[earlier], {})
    return {
        "found": found,
        "row": found.occupation,
        "level": level,
        "on": on,
        "timeline": timeline,
        "instrument": route_wording.instrument(found.ruleset, found),
        "routes": [route_wording.route(each, found) for each in routes.for_level(level)],
        "removed": route_wording.taken_out(found, level),
        "subjects": route_wording.subjects(found, level),
        "lineage": queries.lineage(found.occupation),
        "words": generations.changed(older.ruleset, found.ruleset, level) if older else None,
        "older_name": route_wording.ruleset_name(older.ruleset) if older else "",
        "changes": [route_wording.difference(each) for each in route_differences(older, now, (level,))]
        if older
        else [],
    }
