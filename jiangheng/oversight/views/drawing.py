"""Draws for the centre, and the check of a draw for everyone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiangheng import screens
from jiangheng.oversight import actions, queries
from jiangheng.oversight.forms import DrawForm, FreezeForm
from jiangheng.oversight.models import Draw
from jiangheng.rules.days.local_time import local_day
from jiangheng.rules.refusal import refuse
from jiangheng.rules.roles import Role
from jiangheng.rules.words import gettext_noop as N_
from jiangheng.screens import Column
from jiangheng.screens.display import tag
from jiangheng.screens.request import Request
from jiangheng.values import queries as values

STAFF = (Role.CENTRE, Role.EXTERNAL_SUPERVISOR)


def _crumbs(*more: tuple[Any, str | None]) -> tuple[tuple[Any, str | None], ...]:
    return ((_("双随机抽取"), reverse("oversight:draws")), *more)


def _standing(row: Draw) -> Any:
    return tag(_("已抽取"), "good") if row.drawn_at else tag(_("名单已冻结，待抽取"), "waiting")


@screens.signed_in(*STAFF)
@require_GET
def draws(request: Request) -> HttpResponse:
    """Every draw."""
    centre = request.person.role is Role.CENTRE
    return screens.listing(
        request,
        queries.draws_visible_to(request.person),
        title=_("双随机抽取"),
        lead=_("先冻结名单并公布哈希，再用之后公开产生的种子抽取，任何人都能复算结果。"),
        breadcrumb=((_("双随机抽取"), None),),
        columns=(
            Column(
                "number", _("编号"), sort="number", link=lambda row: reverse("oversight:draw_detail", args=[row.pk])
            ),
            Column("title", _("抽查名称")),
            Column("frozen_at", _("名单冻结时间"), kind="moment", sort="frozen_at"),
            Column("drawn_at", _("抽取时间"), kind="moment", sort="drawn_at"),
            Column("drawn_bodies", _("抽中机构"), kind="number"),
            Column("standing", _("状态"), value=_standing),
        ),
        search=("number", "title"),
        create=(_("冻结名单"), reverse("oversight:freeze")) if centre else None,
        empty=_("冻结一次名单后，抽查会出现在这里。"),
    )


@screens.may("draw.freeze")
@require_http_methods(["GET", "POST"])
def freeze(request: Request) -> HttpResponse:
    """Freeze the rosters of a new draw."""
    person, now = request.person, request.now
    today = local_day(now)
    form = FreezeForm(request.POST or None, initial={"basis": _("柳人社发〔2020〕101号 四（九）")})
    times = int(values.law(today).value("inspection_times_per_year"))
    bodies = queries.body_roster(person, today, {})
    inspectors = queries.inspector_roster(person, today, bodies, {})

    def save(typed: dict[str, Any]) -> Any:
        given = dict(typed)
        out_bodies, out_people = _excluded(given.pop("excluded"), bodies, inspectors)
        return actions.freeze(
            by=person,
            now=now,
            excluded_bodies=out_bodies,
            excluded_inspectors=out_people,
            once=screens.once(request),
            **given,
        )

    return screens.act(
        request,
        form,
        save,
        back=lambda made: reverse("oversight:draw_detail", args=[made.pk]),
        said=_("名单已冻结，哈希已公布。种子公开后即可抽取。"),
        title=_("冻结抽查名单"),
        submit=_("冻结名单"),
        breadcrumb=_crumbs((_("冻结名单"), None)),
        aside=("oversight/_rosters.html", {"bodies": _owed(bodies, today), "inspectors": inspectors, "times": times}),
    )


def _owed(bodies: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """The bodies with how often each was inspected this year, those inspected least first (四（九）)."""
    done = queries.inspected_in(today.year)
    rows = [{**row, "inspected": done.get(row["id"], 0)} for row in bodies]
    return sorted(rows, key=lambda row: row["inspected"])


def _excluded(
    given: dict[str, str], bodies: list[dict[str, Any]], inspectors: list[dict[str, Any]]
) -> tuple[dict[int, str], dict[int, str]]:
    """Names typed, as ids with their reasons; Refusal ``draw.name`` (422) for a name on neither roster."""
    by_body = {row["name"]: int(row["id"]) for row in bodies}
    by_person = {row["name"]: int(row["id"]) for row in inspectors}
    out_bodies = {by_body[name]: reason for name, reason in given.items() if name in by_body}
    out_people = {by_person[name]: reason for name, reason in given.items() if name in by_person}
    unknown = [name for name in given if name not in by_body and name not in by_person]
    if unknown:
        raise refuse(
            "draw.name",
            N_("名单中没有“%(name)s”。"),
            N_("请按名单中的全称填写，并用冒号隔开理由。"),
            clause="四（九）",
            status=422,
            name=unknown[0][:40],
        )
    return out_bodies, out_people


@require_GET
def draw(request: Request, draw_id: int) -> HttpResponse:
    """One draw: its hash always, rosters and outcome once nobody can be warned any more."""
    person = request.person
    one = queries.draw(person, draw_id)
    open_now = queries.disclosed(person, one)
    bodies = {row["id"]: row["name"] for row in one.bodies_roster}
    inspectors = {row["id"]: row["name"] for row in one.inspectors_roster}
    return render(
        request,
        "oversight/draw.html",
        {
            "title": one.title,
            "breadcrumb": (
                _crumbs((one.number, None))
                if person.role in STAFF
                else ((_("质量督导公开"), reverse("oversight:public")), (one.number, None))
            ),
            "draw": one,
            "disclosed": open_now,
            "holds": bool(open_now and one.drawn_at) and queries.holds(one, _law(one)),
            "bodies": one.bodies_roster if open_now else [],
            "inspectors": one.inspectors_roster if open_now else [],
            "eligible": len(queries.eligible(one.bodies_roster)) if open_now else None,
            "outcome": [
                {"body": bodies[pair["body"]], "inspectors": [inspectors[each] for each in pair["inspectors"]]}
                for pair in (one.outcome if open_now else [])
            ],
            "may_draw": person.role is Role.CENTRE and one.drawn_at is None,
        },
    )


def _law(one: Draw) -> Any:
    return values.law(local_day(one.frozen_at))


@screens.may("draw.draw")
@require_http_methods(["GET", "POST"])
def take_draw(request: Request, draw_id: int) -> HttpResponse:
    """Draw by the published seed."""
    person, now = request.person, request.now
    one = queries.draw(person, draw_id)
    form = DrawForm(request.POST or None)
    back = reverse("oversight:draw_detail", args=[one.pk])
    return screens.act(
        request,
        form,
        lambda typed: actions.draw(by=person, now=now, draw_id=one.pk, **typed),
        back=back,
        said=_("抽取完成，已通知抽中的督导员。"),
        title=_("抽取"),
        submit=_("抽取"),
        once=False,
        lead=_("种子来源：%(source)s。抽取只能进行一次，结果不能更改。") % {"source": one.seed_source},
        breadcrumb=_crumbs((one.number, back)),
    )


@require_GET
def check(request: Request, draw_id: int) -> JsonResponse:
    """Everything needed to repeat a draw with one's own program, once it is disclosed: 四（九）."""
    person = request.person
    one = queries.draw(person, draw_id)
    if not queries.disclosed(person, one) or one.drawn_at is None:
        raise refuse(
            "draw.closed",
            N_("抽取或检查尚未开始，名单和结果暂不公开，仅公布哈希。"),
            N_("检查全部开始后可在此下载并复算。"),
            clause="四（九）",
            status=403,
        )
    return JsonResponse(
        {
            "number": one.number,
            "algorithm": one.algorithm,
            "rosters": {"bodies": one.bodies_roster, "inspectors": one.inspectors_roster},
            "snapshot_hash": one.snapshot_hash,
            "hash_rule": "sha256(json(rosters, sorted keys, no spaces, UTF-8))",
            "seed_source": one.seed_source,
            "seed": one.seed,
            "bodies_wanted": one.bodies_wanted,
            "inspectors_per_body": one.inspectors_per_body,
            "outcome": one.outcome,
            "recomputed": queries.drawn(one, one.seed, _law(one)),
            "holds": queries.holds(one, _law(one)),
        },
        json_dumps_params={"ensure_ascii": False},
    )
